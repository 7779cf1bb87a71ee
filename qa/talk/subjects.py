"""What an answered question was about: its subject, persons, day and place, to be carried over.

The subject is what the question and the headline of the cited article have in common, in the
question's words: an English one is compared by what its words may be in Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.rows import Place
from corpus.text import HAN, fold, fold_with_places
from qa.dates import MONTH_EN
from qa.native import Answer
from qa.offices import HEAD
from qa.query import Lang, Query, is_empty
from qa.quoting.alignment import tokens
from qa.quoting.kinds import days, persons
from qa.quoting.persons import person_asked
from qa.quoting.slot import JOINING, gap_of

_MAX_QUESTION = 200  # characters that are compared with the article
_DATE = re.compile(rf"\b(?:{MONTH_EN}|(?:19|20)\d\d)\b")
_LONG = 4  # characters that a question must share with a headline
_GAP = 2  # characters that may stand inside a subject though the headline lacks them
_MIN_WEIGHT = 0.25  # of a translation that is taken to be what the headline says
_MAX_ZH, _MAX_EN = 20, 60  # characters of a subject
_EDGES = re.compile(
    r"^[一-鿿]{1,2}了(?=..)|"
    r"^[\s的地得在是了对从到把将有多少、,.:;，。：；—-]+|[\s的地得在是了对从到把将有、,.:;，。：；—-]+$"
)
_EN_EDGES = re.compile(
    r"^[一-鿿]{1,2}了(?=..)|"
    r"^(?:(?:a|of|in|on|at|for|to|by|from|with|and|is|are|was|were|did|does|do|will|has|have|be|how|what|which|when)\b\s*)+"
    r"|(?:\s*\b(?:a|an|the|of|in|on|at|for|to|by|from|with|and|is|are|was|were|did|does|do|will|has|have|be))+$",
    re.IGNORECASE,
)
_VERB_EN = re.compile(
    r"(?<=\w)\s+(?:open|close|start|begin|end|happen|take place|cost|work)(?:s|ed)?[\s?.]*$"
)
_PREDICATE_EN = re.compile(  # community workers | will be hired
    r"(?<=\w)\s+(?:(?:will|would|has|have|had|can|could|should|must) |(?:is|are|was|were) (?=\w+(?:ed|ing)\b)).*$",
    re.IGNORECASE,
)
_OF_WHAT_EN = re.compile(  # what something is asked of, where the article shares no word with it
    r"^(?:what|how|who|when|where)\b.* (?:of|for) (?P<what>(?:the |an? )?[\w'’-]+(?: [\w'’-]+){0,3})\W*$",
    re.IGNORECASE,
)
_LAST_WORDS_EN = re.compile(r"((?: [a-z'-]+){1,2})\W*", re.IGNORECASE)
_IS_EN = re.compile(
    r"\W*(?:(?:how (?:much|many|long|big|large)|what|where|who|when) )?(?:is|are|was|were)\b",
    re.IGNORECASE,
)
_DOES_EN = re.compile(  # how much does | the new mining truck | cost
    r"\b(?:does|do|did) (?P<what>(?:[\w'-]+ ){0,5}?[\w'-]+) (?!(?:of|in|at|on|for|to|by|and)\b)[a-z]+"
    r"(?: (?:in|at|on|for|to|by|from|per|with|as|up) .*|\W*)$",
    re.IGNORECASE,
)
_NOUNS_EN = re.compile(
    r"\bthe\s+(?:(?!(?:of|in|at|on|for|to|by|and|is|are|was|were|did|does|do|will|has|have|be|from|with)\b)"
    r"[\w'-]+\s+){1,2}$",
    re.IGNORECASE,
)
_OFFICE = f"{HEAD}|教授|工程师|负责人|代表|主人|老师|教师|医生|居民|工人|研究生|调研员"
_MEASURED = re.compile(
    r"[总年月日均净]*(?P<of>[一-鿿]{2,4}?)(?:[人户次件]数|[率量额数])(?:是|为|达到?|有|约)*"
)
_AGAIN = re.compile(
    r"(?:什么时候|何时|几[月日点号]|哪[天年月里儿]|谁|怎么|如何|为什么|为何)(?P<verb>[一-鿿]{1,2}?)(?:来|出|到)?的\W*$"
)
_MAX_VERB, _LEAST = 2, 2  # characters of a verb with what ends it: 发来; of what is left
_SPEAKS = "说|表示|指出|强调|介绍|主持|要求|认为|回忆|坦言|告诉|建议|分析|通报|在|到|出席|先后|率|带队|为|对|莅临"
_NO_NAME = "正在|已经|将要|还在|都在|们|等"  # 工程师正在为…做校准
_TITLED = re.compile(
    rf"(?:{_OFFICE})(?P<name>(?!{_SPEAKS}|{_NO_NAME})[一-鿿]{{2,3}}?)(?=[,、。;“「]|{_SPEAKS}|今年|$)"
)
_QUOTES = (
    ("“", "”"),
    ("「", "」"),
    ("『", "』"),
    ("‘", "’"),
    ("《", "》"),
    ("(", ")"),
    ("（", "）"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answered question was about; empty strings where there is nothing of the sort.

    Attributes:
        words: Its subject in the question's own words.
        zh: The same as the article prints it.
        headline: The headline of the cited article.
        person: The person it named or that answered it, in the question's words.
        person_zh: The same as the article prints it.
        day: The day it named or that answered it, or that the article is dated.
        place: The place that answered it.
    """

    words: str
    zh: str
    headline: str
    person: str
    person_zh: str
    day: str
    place: str

    def said_in(self, lang: Lang | None, *, asked_in: Lang) -> str:
        """Return the subject for a question in a language, as well as it can be said in it."""
        headline = f"《{self.headline}》" if self.headline else ""
        return (self.words if lang == asked_in else self.zh) or headline


def subject_of(query: Query, answer: Answer, place: Place) -> Subject:
    """Return what a question was about.

    Args:
        query: The question, resolved.
        answer: Its answer, with at least one citation.
        place: The passage that it cites first.
    """
    headline = place.article.title or ""
    words, printed = (_shared if query.lang == "zh" else _translated)(
        query, headline, place.passage.text
    )
    slot = gap_of(query)
    mark = _marked(answer)
    known = titled(place.article.text)
    named = person_asked(query)  # 李明是谁
    asks_who = slot is not None and slot.kind == "who"
    person, person_zh = (
        (named if query.lang == "zh" else words or named, named)
        if named
        else _person(query, mark if asks_who else "", known, answer)
    )
    return Subject(
        words=words,
        zh=printed,
        headline=headline,
        person=person,
        person_zh=person_zh,
        day=_day(query, mark if slot and slot.kind == "when" else "", place),
        place=mark if slot and slot.kind == "where" else "",
    )


def person_named(query: Query) -> Subject | None:
    """Return whom a Chinese question names, where nothing was found for it; None where nobody."""
    folded = fold(query.text)
    if query.lang != "zh" or len(folded) != len(query.text):
        return None
    named = [folded[one.start : one.end] for one in persons(folded, tokens(folded))]
    named = [name for name in named if len(name) > 2]
    if not named:
        return None
    return Subject(named[0], named[0], "", named[0], named[0], "", "")


def titled(text: str) -> list[str]:
    """Return the persons that a text names with an office or as speaking, in order, each once.

    >>> titled("管委会主任李明华主持会议，馆长温以宁说，政局长期不稳。")
    ['李明华', '温以宁']
    """
    return list(dict.fromkeys(match["name"] for match in _TITLED.finditer(fold(text))))


def _marked(answer: Answer) -> str:
    citation = answer.citations[0]
    return citation.quote[slice(*citation.marks[0])] if len(citation.marks) == 1 else ""


def _shared(query: Query, headline: str, passage: str) -> tuple[str, str]:
    """Return what a Chinese question shares with an article, in its words and in the article's.

    What it shares with the headline, where that is more than a word, else with the passage.
    """
    text = query.text[:_MAX_QUESTION]
    runs = [run for run in _runs(query, text, headline) if run[1] - run[0] >= _LONG]
    runs = runs or _runs(query, text, f"{headline}\n{passage}")
    if not runs:
        return "", ""
    start, end = max(runs, key=lambda run: run[1] - run[0])
    gap = gap_of(query)
    for run in (*runs, *reversed(runs)):
        first, last = min(start, run[0]), max(end, run[1])
        asks = gap is not None and first < gap.end and gap.start < last
        apart = max(run[0] - end, start - run[1])
        if 0 <= apart <= _GAP and last - first <= _MAX_ZH and not asks:
            start, end = first, last
    found = _balanced(_EDGES.sub("", _without_verb(_whole_words(text, start, end))))
    return found, found


def with_measured(subject: str, before: str) -> str:
    """Return a subject with the word behind it that a rate or an amount is of.

    Args:
        subject: As it was cut: without the figure that is asked of it.
        before: The question up to its gap.

    >>> with_measured("白鹭街道疫苗", "白鹭街道疫苗接种率是")
    '白鹭街道疫苗接种'
    >>> with_measured("湿地公园", "湿地公园总投资")
    '湿地公园'
    """
    at = before.find(subject)
    match = _MEASURED.fullmatch(before, at + len(subject)) if at >= 0 else None
    return subject + match["of"] if match else subject


def without_verb_of(text: str, subject: str) -> str:
    """Return a subject without the verb at its edge that a question about it has again.

    >>> without_verb_of("什么时候发的？", "江滨小学发来")
    '江滨小学'
    """
    match = _AGAIN.search(text)
    folded = fold(subject)
    cuts = tokens(folded) if len(folded) == len(subject) else []
    if not match or len(cuts) < 2:
        return subject
    verb = match["verb"]
    found = [start for start, end in cuts if folded[start] == verb[0]]
    if not found:
        return subject
    before, behind = subject[: found[-1]], subject[found[-1] :]
    if len(behind) <= _MAX_VERB and len(before) >= _LEAST:
        return before
    end = next((end for start, end in cuts if end >= _MAX_VERB), 0)
    return subject[end:] if found[0] == 0 and len(subject) - end >= _LEAST else subject


def _without_verb(text: str) -> str:
    """Return a stretch without the joining words at its end: 成立于."""
    folded = fold(text)
    end = len(text)
    for first, last in reversed(tokens(folded) if len(folded) == end else []):
        word = folded[first:last]
        if last != end or word not in JOINING or (len(word) == 1 and word not in "于为在是有了"):
            break
        end = first
    return text[:end]


def _runs(query: Query, text: str, printed: str) -> list[tuple[int, int]]:
    """Return the stretches of a question that a text prints, without what they ask."""
    folded = fold(printed)
    runs = []
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and text[end].strip() and fold(text[at : end + 1]) in folded:
            end += 1
        if end - at >= 2:
            runs.append((at, end))
        at = max(end, at + 1)
    parts = [part for run in runs for part in _outside(query, text, run)]
    return [(s, e) for s, e in parts if e - s >= 2 and _names(text[s:e])]


def _whole_words(text: str, start: int, end: int) -> str:
    """Return a stretch, words that it cuts at its edges left out or completed."""
    cuts = tokens(fold(text)) if len(fold(text)) == len(text) else []
    for first, last in cuts:
        if first < start < last:
            start = first
        if first < end < last:
            end = last
    return text[start:end]


def _outside(query: Query, text: str, run: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the parts of a run that neither ask nor are what is asked of the subject."""
    slot = gap_of(query)
    out = [(slot.start, slot.end)] if slot and len(slot.text) == len(query.text) else []
    for word in query.asked:
        at = text.find(word, *run)
        if at > run[0] or (at == run[0] and at + len(word) < run[1]):
            out.append((at, at + len(word)))
    if out and slot and slot.kind == "how many" and all(len(word) == 1 for word in query.asked):
        out.append((_counted(text[: slot.start]), slot.start))
    parts = [run]
    for start, end in out:
        parts = [
            piece
            for s, e in parts
            for piece in ((s, min(e, start)), (max(s, end), e))
            if piece[1] > piece[0]
        ]
    return list(dict.fromkeys(parts))


def _counted(before: str) -> int:
    """Return where the word begins that a figure is asked of; it stands right before the gap."""
    folded = fold(before)
    words = tokens(folded) if len(folded) == len(before) else []
    at = len(before)
    for start, end in reversed(words):
        at = start
        if end - start > 1:
            break
    single = [start for start, end in words if end == at and before[start:end] in "总年月日均净"]
    at = single[0] if single else at  # 总 of 总投资
    return at if at >= 2 else len(before)


def _names(text: str) -> bool:
    """Tell whether a stretch names anything."""
    folded = fold(text)
    return any(
        folded[s:e] not in JOINING and not is_empty(folded[s:e]) and HAN.search(folded[s:e])
        for s, e in tokens(folded)
    )


def _translated(query: Query, headline: str, passage: str) -> tuple[str, str]:
    """Return what an English question shares with an article, in its words and in the article's.

    What it shares with the headline, and the names that it shares with the passage.
    """
    asked, asked_at = fold_with_places(query.text[:_MAX_QUESTION])
    both = f"{headline}\n{passage}"
    folded, printed_at = fold_with_places(both)
    named = _met(query, asked, folded)
    found = [
        one
        for one in named
        if one[2] in fold(headline) or query.text[asked_at[one[0]][0]].isupper()
    ]
    found = found or named
    if not found:
        behind = _OF_WHAT_EN.search(query.text[:_MAX_QUESTION])
        return behind["what"] if behind else "", ""
    start, end = found[0][0], max(one[1] for one in found)
    if end - start > _MAX_EN:
        start, end = max(((s, e) for s, e, _ in found), key=lambda span: span[1] - span[0])
    past = _noun_end(query.text, asked_at[end - 1][1])
    does = _DOES_EN.search(query.text, 0, _MAX_QUESTION)
    first_at = asked_at[start][0]
    if does and does.start("what") <= first_at < does.end("what"):
        words = does["what"]
    else:
        words = _widened(query.text, first_at, past)
    words = _EN_EDGES.sub("", _VERB_EN.sub("", _PREDICATE_EN.sub("", words))).strip(" ?,.")
    first = min(folded.find(term) for _, _, term in found)
    last = max(folded.find(term) + len(term) for _, _, term in found)
    if last - first <= _MAX_ZH:
        return words, _balanced(both[printed_at[first][0] : printed_at[last - 1][1]])
    return words, max((term for _, _, term in found), key=len)


def _noun_end(text: str, end: int) -> int:
    """Return where a noun ends that the end of a question completes: shot, of how much is a flu shot.

    Behind other questions than those for what something is, a verb may stand there.
    """
    rest = _LAST_WORDS_EN.fullmatch(text, end)
    completes = rest and _IS_EN.match(text) and not any(map(is_empty, rest[1].lower().split()))
    return rest.end(1) if rest and completes else end


def _met(query: Query, asked: str, folded: str) -> list[tuple[int, int, str]]:
    """Return the phrases that a text has: where each stands in the question, and what it is there.

    Both texts are folded.
    """
    known = [(one.phrase, one.terms) for one in query.expansions if not _DATE.search(one.phrase)]
    known += [
        (word, ((word, 1.0),))
        for word in query.content
        if HAN.search(word) or any(char.isdigit() for char in word)
    ]
    skipped = {*_asked_words(asked), *query.asked}
    found = []
    for phrase, told in known:
        at = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", asked)
        term = next(
            (
                t
                for t, w in told
                if w >= _MIN_WEIGHT and (len(t) > 1 or t.isdigit()) and t in folded
            ),
            "",
        )
        if at and term and not set(phrase.split()) & skipped:
            found.append((*at.span(), term))
    return sorted(found)


def _asked_words(asked: str) -> tuple[str, ...]:
    """Return the words that say what is counted or done: how many X, who designed, be closed."""
    counted = re.match(r"(?:how many|how much|what|which) (\w+)", asked)
    done = re.search(
        r"^who (\w+)|\b(?:be|is|are|was|were|been|get|gets|got) (\w+(?:ed|ing))\b", asked
    )
    told = (*(counted.groups() if counted else ()), *(done.groups() if done else ()))
    return tuple(word for word in told if word)


def _widened(text: str, start: int, end: int) -> str:
    """Return a stretch of an English text, with the words of its noun phrase before it."""
    before = re.search(
        r"(?:\b(?:the|of|first|second|third|new|phase|no\.?|number|route)\s+)+$", text[:start], re.I
    )
    before = before or _NOUNS_EN.search(text[:start])
    return text[before.start() if before else start : end]


def _balanced(text: str) -> str:
    """Return a text without quotation marks that only open or only close in it."""
    for opening, closing in _QUOTES:
        if text.count(opening) != text.count(closing):
            text = text.replace(opening, "").replace(closing, "")
    return text.strip()


def _person(query: Query, mark: str, known: list[str], answer: Answer) -> tuple[str, str]:
    """Return the person spoken of, as asked and as printed: who answers, who is named, who is quoted."""
    if mark:
        found = next((name for name in known if mark in name or name in mark), "")
        if found := found or (mark if _is_person(fold(mark)) or not HAN.search(mark) else ""):
            return found, found
    for one in reversed(query.expansions if query.lang == "en" else ()):
        printed = next((term for term, _ in one.terms if _is_person(term)), "")
        if " " in one.phrase and printed:
            at = query.text.lower().find(one.phrase)
            return query.text[at : at + len(one.phrase)] if at >= 0 else one.phrase, printed
    quote = fold(answer.citations[0].quote)
    found = next((name for text in (fold(query.text), quote) for name in known if name in text), "")
    return found, found


def _is_person(term: str) -> bool:
    return any(one.end - one.start == len(term) for one in persons(term, tokens(term)))


def _day(query: Query, mark: str, place: Place) -> str:
    if mark:
        return mark
    named = [
        query.text[one.start : one.end]
        for one in days(query.text)
        if "日" in query.text[one.start : one.end]
    ]
    if named:
        return named[0]
    day = place.article.date
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
