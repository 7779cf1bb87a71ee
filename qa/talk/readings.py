"""A follow-up and what was asked before it to the complete questions that it may stand for.

Each is put together from words of the earlier question and of the new one; which of them is meant
is decided by what the archive answers (`qa.chat`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.numbers import ORDINALS_EN
from corpus.plain_tables import CELLS_PART
from corpus.text import HAN, fold
from qa.native import Answer
from qa.offices import HEAD
from qa.query import Lang, Query
from qa.quoting.slot import asks, gap_of
from qa.talk.followups import DAY, PERSON, PLACE, THING, Cue, FollowUp, follow_up
from qa.talk.inplace import (
    asks_who,
    is_name_en,
    is_person,
    is_somebody_en,
    office_asked,
    person_swapped,
    person_swapped_en,
    qualified,
    swapped,
)
from qa.talk.subjects import Subject, with_measured, without_verb_of
from qa.talk.times import SEASON, at_time, is_step, stepped

_OF_IT = re.compile(r"^(?:会议|活动|项目|公司|企业|工程|仪式|比赛)的?(?=..)")
_OF_FIGURE = re.compile(
    r"(?:[额率价费量数值资税钱速幅比]|面积|收入|利润|岗位|长度|总长|时长|规模|补贴|补助|电话|号码)$"
)
_OF_PERSON = re.compile(rf"(?:{HEAD}|负责人|记者|作者|代表|老师|司机)$")
_OF_TIME = re.compile(r"(?:时间|日期|期限|[首末]班车?)$")
_OF_PLACE = re.compile(r"(?:地址|地点|位置)$")
_WH = re.compile(
    r"^(?:and |so |but )?(?:how (?:many|much|long|old|far|big|large|high|often)|what|which|when|where|who|whose|why|how)\b",
    re.IGNORECASE,
)
_AUX = re.compile(r"^(?:is|are|was|were|did|does|do|will|has|have|had|can|could)\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?:in|for|at|on|of|by|from|during|with|about|to|as of)\b", re.IGNORECASE
)
_IS_IT = re.compile(r" (?P<is>is|was) (?:it|that|this)$", re.IGNORECASE)
_NTH_EN = re.compile(rf"\b(?:{'|'.join(ORDINALS_EN)})\b", re.IGNORECASE)
_ONES = re.compile(r"^(?:the|a|an)\s+|\s+(?:ones?|thing)$", re.IGNORECASE)
_SAID_ZH = re.compile(
    r"(?P<who>[^，。？?]{2,12}?)(?:都|还|又)?(?:[说讲]|表示|指出|强调|介绍|提出)(?:了|过)?(?:些)?(?:什么|啥|哪些)[^，。？?]{0,2}[？?]*$"
)
_IS_WHO = re.compile(r"是(?:谁|哪位)[？?]*$")
_SAID_AGAIN = {
    "why": "为什么这么说",
    "when": "什么时候这么说",
    "where": "在哪里这么说",
    "how": "怎么说",
}
_WON_ZH = re.compile(
    r"(?P<who>[^，。？?谁]{2,12}?)(?P<won>夺冠|夺魁|夺金|折桂|获奖|获胜|胜出|当选)(?:的)?[^，。？?]{1,6}是(?:谁|哪位)[？?]*$"
)
_SEASON = re.compile(f"{SEASON}|(?:[今去前明]年)?(?:开学|过年|年[初底末])")
_WHY = re.compile("^(?:是)?(?:什么)?原因$")
_STAGE = re.compile("后来|最后|最终|结果|现在|目前|如今|眼下|最新")
_AT_FIRST = re.compile(
    "(?:原来|原先|本来|当初|最初|一开始|刚开始|以前|之前|后来|现在)(?:打算|计划|说|定)?的?|原定"
)
_WITHOUT_DE = re.compile("(?<=..)(?<!目)的$")
_KINDS_ZH = {
    "when": "是什么时候",
    "where": "在哪里",
    "who": "是谁",
    "why": "是为什么",
    "how": "怎么样",
    "how many": "有多少",
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was asked before, and what the archive answered.

    Attributes:
        question: The complete question, as it was asked of the archive.
        query: The same, resolved.
        answer: Its answer.
        subject: What it was about; None where nothing was found.
        article: The article it cites first, or an empty string.
        lang: The language that the reader spoke.
        shown: Ids of all passages that were cited for it.
    """

    question: str
    query: Query
    answer: Answer
    subject: Subject | None
    article: str
    lang: Lang
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A complete question that a follow-up may stand for.

    Attributes:
        question: The question.
        adds: What the new turn adds to the old ones; the answer must speak of it.
        asked: What is searched in its place within the article; empty for the question itself.
        here: Whether only the article that was cited before may answer.
        time: The year or month that the answer must be of, such as 2022年8月; or empty.
        says: A name that the answer must have, in its words or its headline; or empty.
        settled: Whether nothing else can be meant, whatever the archive answers.
    """

    question: str
    adds: str
    asked: str = ""
    here: bool = False
    time: str = ""
    says: str = ""
    settled: bool = False


def proposals(new: FollowUp, was: Earlier) -> list[Proposal]:
    """Return the complete questions that a follow-up may stand for, the likelier first."""
    build = {
        Cue.ABOUT: _about,
        Cue.WORD: _word,
        Cue.PRONOUN: _pronoun,
        Cue.FRAGMENT: _fragment,
        Cue.TIME: _time,
        Cue.CORRECTION: _correction,
    }
    found = build[new.cue](new, was) if new.cue in build else iter(())
    return [again for one in found for again in (_in_few_words(one) if was.article else (one,))]


def asks_nothing(new: FollowUp, was: Earlier) -> bool:
    """Tell whether a question word makes no question of the one before: why, of who somebody is."""
    return (
        new.cue is Cue.WORD
        and _kind_of_word(new.text) in ("why", "how")
        and _IS_WHO.search(was.question) is not None
        and not _WON_ZH.match(was.question)
    )


def _in_few_words(proposal: Proposal) -> Iterator[Proposal]:
    """Yield a proposal; and once more with only what is new searched in the article.

    There the subject, which is what the whole article is about, would only stand in the way.
    """
    yield proposal
    if proposal.here and proposal.adds.strip() and not proposal.asked:
        yield replace(proposal, asked=proposal.adds.strip())


def _about(new: FollowUp, was: Earlier) -> Iterator[Proposal]:
    """Yield: the same of another thing where both end alike; another thing of the same subject."""
    what, old = new.text, was.question
    if new.lang == "en":
        yield from _about_en(what, was)
        return
    what = _WITHOUT_DE.sub("", what)  # 那枫林镇的呢？
    again = ""
    if was.query.lang == "zh":
        if person := person_swapped(old, what):
            named = is_person(what)
            yield Proposal(person, adds=what, says=what if named else "", settled=not named)
            return
        if _STAGE.fullmatch(what):  # 原来打算投多少？ 现在呢？
            yield Proposal(what + _AT_FIRST.sub("", old), adds="")
            return
        again = swapped(old, what)
        if _SEASON.fullmatch(what):
            yield Proposal(at_time(old, what, lang="zh")[0], adds="")
        elif again:
            yield Proposal(again, adds=what)
    yield from _of_the_subject(what, again, was)


def _of_the_subject(what: str, again: str, was: Earlier) -> Iterator[Proposal]:
    """Yield another thing of the same subject; the question carried on is `again`, if not empty."""
    old, subject = was.question, _said(was, "zh")
    if was.query.lang == "zh" and subject in old and _is_of_a_row(was):
        yield Proposal(old.replace(subject, what, 1), adds=what)  # another row of the table
    if subject:
        asked = _asked_of(what)
        if asked.endswith("呢？") and was.query.lang == "zh" and not again:
            whole = qualified(old, what)
            if whole:
                yield Proposal(whole, adds=what, here=True)
        whole = f"{subject}{asked}"
        if again:
            yield Proposal(again, adds=what, here=True, asked=whole)
            yield Proposal(again, adds=what, here=True, asked=what)
        else:
            yield Proposal(whole, adds=what, here=True)
        if was.query.lang == "zh" and subject in old:
            yield Proposal(old.replace(subject, what, 1), adds=what)


def _is_of_a_row(was: Earlier) -> bool:
    return bool(was.answer.citations) and CELLS_PART in was.answer.citations[0].quote


def _about_en(what: str, was: Earlier) -> Iterator[Proposal]:
    old = was.question.rstrip(" ?？.")
    subject = _said(was, "en")
    if _PREPOSITION.match(what):
        yield Proposal(f"{_without_phrase(old, what)} {what}?", adds=what)
        return
    bare = _ONES.sub("", what)
    asked_of = list(_NTH_EN.finditer(old))
    if _NTH_EN.fullmatch(bare) and len(asked_of) == 1:
        start, end = asked_of[0].span()
        yield Proposal(f"{old[:start]}{bare}{old[end:]}?", adds=bare)
    named = was.subject.person if was.subject else ""
    person = named if named in old or not is_name_en(subject) else subject
    if again := person_swapped_en(was.question, what, person=person):
        yield Proposal(again, adds=bare)
    elif is_name_en(what):
        of = f" in {_wrapped(subject)}" if subject else ""
        yield Proposal(f"What about {what}{of}?", adds=bare, here=bool(subject))
    elif subject:
        of = _wrapped(subject)
        yield Proposal(
            f"What is the {bare} of {of}?",
            adds=bare,
            here=True,
            asked=_apart(f"the {bare}", subject),
        )
        if subject in old:
            yield Proposal(f"{old.replace(subject, what, 1)}?", adds=bare)
    else:
        yield Proposal(f"{old}, {what}?", adds=bare)


def _word(new: FollowUp, was: Earlier) -> Iterator[Proposal]:
    """Yield the old question with the new question word in the place of its own."""
    slot, subject = gap_of(was.query), _said(was, new.lang)
    word = new.text
    if new.lang == "en":
        yield from _word_en(word, was, subject)
        return
    old = was.question
    whole = slot is not None and len(slot.text) == len(old) and was.query.lang == "zh"
    kind = _kind_of_word(word)
    word = _WHY.sub("为什么", word)
    if was.query.lang == "zh" and kind in ("why", "when", "where", "how"):
        if match := _SAID_ZH.match(old):
            said = f"{match['who']}{_SAID_AGAIN[kind]}？"
            yield Proposal(said, adds="", here=True, says=match["who"], settled=True)
            return
        if kind == "why" and (match := _WON_ZH.match(old)):
            won = f"{match['who']}为什么{match['won']}？"
            yield Proposal(won, adds="", here=True, settled=True)
            return
    if whole and slot and slot.kind != "how many" and slot.kind != kind:
        yield Proposal(f"{old[: slot.start]}{word}{old[slot.end :]}", adds="", here=True)
    if subject:
        if whole and slot and slot.kind == "how many":
            subject = with_measured(subject, old[: slot.start])
        asked = f"{subject}{_KINDS_ZH[kind]}？"
        yield Proposal(asked, adds="", here=True)
        yield Proposal(asked, adds="", says=subject)  # another article may tell
    if whole and slot and kind in ("why", "how"):
        yield Proposal(f"{old[: slot.start]}{word}{old[slot.end :]}", adds="", here=True)


def _word_en(word: str, was: Earlier, subject: str) -> Iterator[Proposal]:
    old = was.question.rstrip(" ?？.")
    match = _WH.match(old) if was.query.lang == "en" else None
    if (told := _IS_IT.search(word)) and subject and not HAN.search(subject):
        whole = f"{word[:1].upper()}{word[1 : told.start()]} {told['is']} {subject}?"
        yield Proposal(whole, adds="", here=True)
        return
    word = _IS_IT.sub("", word)
    first = word[:1].upper() + word[1:]
    if match:
        rest = old[match.end() :].strip()
        rest = rest if _AUX.match(rest) else " ".join(rest.split()[1:])
        if _AUX.match(rest):
            yield Proposal(f"{first} {rest}?", adds="", here=True)
    if subject:
        chinese = f"{subject}{_KINDS_ZH[_kind_of_word(word)]}？" if HAN.search(subject) else ""
        yield Proposal(f"{first} was {_wrapped(subject)}?", adds="", here=True, asked=chinese)


def _kind_of_word(word: str) -> str:
    folded = fold(word)
    for kind, pattern in (
        ("why", "为|因|why|how come"),
        ("when", "时候|何时|天|几号|时间|年|when|day|date|how long"),
        ("where", "哪里|哪儿|何处|地方|^在?哪$|where"),
        ("who", "谁|哪位|who"),
        ("how many", "多少|几|how (?:many|much)"),
    ):
        if re.search(pattern, folded):
            return kind
    return "how"


def _pronoun(new: FollowUp, was: Earlier) -> Iterator[Proposal]:
    """Yield the new question with its pronouns replaced by what was spoken of before."""
    subject = was.subject
    if not subject:
        return
    same = new.lang == was.query.lang
    thing = _said(was, new.lang)
    person = (subject.person if same else subject.person_zh) or _words_of(subject, same=same)
    place = (subject.place if new.lang == "zh" else "") or thing
    replaced, bare = new.text, new.text
    for pattern, name in ((PERSON, person), (DAY, subject.day), (PLACE, place), (THING, thing)):
        if name and pattern.search(replaced):
            replaced = pattern.sub(lambda match, name=name: _in_place_of(match, name), replaced)  # type: ignore[misc]
        bare = pattern.sub(" ", bare)
    asked = _named_in_chinese(bare, person) if new.lang == "en" and HAN.search(replaced) else ""
    yield Proposal(replaced, adds=bare, here=True, asked=asked)
    yield Proposal(replaced, adds=bare, here=bool(asked))


def _named_in_chinese(bare: str, name: str) -> str:
    """Return what to search for an English question about someone who is named in Chinese."""
    if re.search(r"\b(?:say|said|tell|told|state|stated|think|mention)\b", bare) and HAN.search(
        name
    ):
        return f"{name}说了什么？"
    return bare


def _in_place_of(match: re.Match[str], name: str) -> str:
    word = match.group().lower()
    if word in ("his", "its", "their", "hers"):
        return f"{name}'s"
    if word == "her" and re.match(r"\s+\w", match.string[match.end() :]):
        return f"{name}'s"
    return f"at {name}" if word == "there" else name


def _fragment(new: FollowUp, was: Earlier) -> Iterator[Proposal]:
    """Yield the new question with the old one's subject added, in the same article or of it."""
    subject = _said(was, new.lang)
    if not subject or fold(subject) in fold(new.text):
        return
    office = office_asked(new.text) if was.query.lang == "zh" else ""
    if office and asks_who(was.question) and (again := person_swapped(was.question, office)):
        yield Proposal(again, adds=office)
        return
    if new.lang == "en":
        text = new.text.rstrip(" ?.")
        whole = f"{text} for {_wrapped(subject)}?"
        yield Proposal(whole, adds=text, here=True, asked=_apart(text, subject))
        if was.subject and was.subject.zh:
            yield Proposal(whole, adds=text, says=was.subject.zh)
    else:
        text = _OF_IT.sub("", new.text)
        subject = without_verb_of(text, subject)
        yield Proposal(f"{subject}{text}", adds=text, here=True)
        yield Proposal(f"{subject}{text}", adds=text, says=subject)


def _time(new: FollowUp, was: Earlier) -> Iterator[Proposal]:
    """Yield the old question with its time replaced by the new one."""
    told = fold(new.text)
    when = stepped(told, was.question, was.answer) if is_step(told) else new.text
    if when:
        question, time = at_time(was.question, when, lang=was.query.lang)
        yield Proposal(question, adds="", time=time)


def _correction(new: FollowUp, was: Earlier) -> Iterator[Proposal]:
    """Yield the old question about what was meant."""
    meant, old = new.text, was.question.rstrip(" ?？.")
    if asks(meant):
        turn = replace(new, text=meant)
        names = any(pattern.search(meant) for pattern in (PERSON, PLACE, DAY, THING))
        yield from (_pronoun if names else _fragment)(turn, was)
        if follow_up(meant).cue is Cue.ALONE:
            yield Proposal(meant, adds=meant)
        return
    if new.lang == "en":
        bare = _ONES.sub("", meant)
        if _PREPOSITION.match(meant):
            yield Proposal(f"{_without_phrase(old, meant)} {meant}?", adds=bare)
        elif (subject := _said(was, "en")) and subject in old:
            yield Proposal(f"{old.replace(subject, meant, 1)}?", adds=bare, settled=True)
        else:
            yield Proposal(f"{old}, {meant}?", adds=bare)
        return
    meant = _WITHOUT_DE.sub("", meant)
    if person := person_swapped(was.question, meant):
        yield Proposal(person, adds=meant, says=meant if is_person(meant) else "")
        return
    again = swapped(was.question, meant) or qualified(was.question, meant)
    if again:
        yield Proposal(again, adds=meant, settled=True)
    subject = _said(was, "zh")
    asked = _asked_of(meant)
    if not again and asked.endswith("呢？") and subject and subject in was.question:
        yield Proposal(was.question.replace(subject, meant, 1), adds=meant, settled=True)
    elif subject:
        yield Proposal(f"{subject}{asked}", adds=meant, here=True)


def _words_of(subject: Subject, *, same: bool) -> str:
    """Return the subject, which may be somebody, unless it is known by a headline alone.

    An English one is somebody where it is a name or an office.
    """
    words = subject.words if same else subject.zh
    return words if HAN.search(words) or is_somebody_en(words) else ""


def _said(was: Earlier, lang: Lang | None) -> str:
    return was.subject.said_in(lang, asked_in=was.query.lang) if was.subject else ""


def _asked_of(what: str) -> str:
    """Return a noun with the question word that suits it.

    >>> [_asked_of(noun) for noun in ("总投资", "负责人", "负责人的电话", "投资方")]
    ['总投资是多少？', '负责人是谁？', '负责人的电话是多少？', '，投资方呢？']
    """
    for pattern, word in (
        (_OF_PERSON, "是谁"),
        (_OF_TIME, "是什么时候"),
        (_OF_PLACE, "在哪里"),
        (_OF_FIGURE, "是多少"),
    ):
        if pattern.search(what):
            return f"{what}{word}？"
    return f"，{what}呢？"


def _without_phrase(old: str, phrase: str) -> str:
    """Return a question without its last phrase that begins with the same preposition."""
    first = re.escape(phrase.split()[0])
    return re.sub(rf"\s+{first}\b(?!.*\s{first}\b).*$", "", old, flags=re.IGNORECASE)


def _wrapped(subject: str) -> str:
    return f"“{subject}”" if HAN.search(subject) and not subject.startswith("“") else subject


def _apart(text: str, subject: str) -> str:
    """Return what to search in English within the article where the subject is Chinese."""
    return text if HAN.search(subject) else ""
