"""Letters to the editor: who wrote one, and what is said to it, where that is what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.letters import Letter, letters
from corpus.rows import Place, searched_text
from corpus.text import fold
from qa.query import Query
from qa.quoting.compare import mark
from qa.quoting.quotes import LONGEST, Quote
from qa.quoting.slot import slot_of
from qa.search.coverage import Coverage, Weighed

_READERS = (
    "读者|市民|居民|村民|职工|员工|患者|家属|病人|业主|学生|同学|老师|网友|群众|乘客|旅客"
    "|[来写]信[人者]"
)
_READERS_EN = "reader|resident|patient|passenger|student|worker|employee|villager|citizen"
_WRITES = "写(?:来)?了?信|来信|致信|投书|去信|投诉|反映|抱怨|反应|吐槽"
_WRITES_EN = "(?:wrote|sent|signed)(?: in| (?:the|a|that) letter)?|complained|reported"
_WISHES = "希望|盼望?|建议|要求|请求|呼吁|提出|提议|感谢|表扬|说|问|想要?|点赞"
_WISHES_EN = "asked|wants|wanted|hopes|hoped|thanked|wished|suggested"
_WROTE = (
    re.compile(
        rf"^(?:请问)?(?:是)?(?:谁|哪[位个名一]*(?P<reader>{_READERS})?)(?:曾|还|也|在)?(?:(?P<writes>(?:{_WRITES})"
        rf"(?:给[^,，。]{{0,6}})?)(?:{_WRITES}|{_WISHES}|了|过|说)*|(?:{_WISHES})了?)"
        r"(?P<about>[^,，。?？]{2,}?)的?(?:问题|事情?)?$"
    ),
    re.compile(
        r"^(?P<about>[^,，。?？]{2,}?)的?[这那]?封?(?:读者)?(?P<writes>来?信)"
        r"是(?:谁|哪位(?:读者)?)写的?$"
    ),
    re.compile(
        rf"^(?:who|which (?P<reader>{_READERS_EN})) (?:(?P<writes>{_WRITES_EN})|{_WISHES_EN})"
        r"(?: (?:about|on|of|for|that|asking for|complaining about|to))* (?P<about>.{3,})$"
    ),
)
_AFTERWARDS = re.compile(  # what is asked of what a letter led to
    "怎么回事|解决|处理|回复|答复|回应|恢复|整改|改进|改善|办法|怎么办|结果|后来|现在|将|会|能|才|新增|增设|更换|开工|完工|启用|开业"
    "|[开设建停放搬移改划][在到]"
    r"|\b(?:will|resume|reply|replied|respond|response|solved?|fix(?:ed)?|done|be)\b"
)
_CHANGED = re.compile("(?:延长|提前|推迟|调整|增加|提高|降低?|缩短|改)[为至到成]")
_ENDS = re.compile(r"[\s?？!！。.]+$")
_SAYS_ENOUGH = 0.6  # of what is asked, that a letter must say
_LESS = 0.5  # how much less of the question its reply may speak of, to be quoted before it
_WHOLE_CHARS = 200  # of a reply that are quoted whole


@dataclass(frozen=True, slots=True)
class LetterAsked:
    """A question who wrote a letter.

    Attributes:
        about: What the letter is about.
        surely: Whether nothing but a letter can be meant: 写信, 哪位读者; not 谁希望.
    """

    about: str
    surely: bool


def letter_asked(question: str) -> LetterAsked | None:
    """Return what the letter is about whose writer a question asks for, or None.

    >>> letter_asked("谁写信反映路灯不亮？")
    LetterAsked(about='路灯不亮', surely=True)
    >>> letter_asked("谁主持会议？") is None
    True
    """
    folded = _ENDS.sub("", fold(question))
    match = next(filter(None, (one.match(folded) for one in _WROTE)), None)
    if not match:
        return None
    told = match.groupdict()
    return LetterAsked(match["about"], surely=bool(told["writes"] or told.get("reader")))


def writer(words: Sequence[Weighed], places: Sequence[Place], *, coverage: Coverage) -> list[Quote]:
    """Return who signs the letter that says what is asked, and the letter's first words behind it.

    Args:
        words: What the letter is about, weighed.
        places: Passages found for that, best first.
        coverage: Tells which of the words a text speaks of.
    """
    best: tuple[float, Place, Letter] | None = None
    for place in {place.article.id: place for place in places}.values():
        passages = place.article.passages
        for letter in letters(passages):
            said = [place.article.title or "", *(one.text for one in passages[slice(*letter.body)])]
            share = coverage.score(words, fold("\n".join(said)))
            if share >= _SAYS_ENOUGH and (best is None or share > best[0]):
                best = share, place, letter
    if not best:
        return []
    _, place, letter = best
    signed = _quote(place, letter.signed)
    if letter.signed < letter.body[1]:
        return [replace(signed, marks=(letter.name,))]
    mark_start, mark_end = (at - signed.start for at in letter.name)
    signed = replace(signed, marks=((mark_start, mark_end),))
    return [signed, _quote(place, letter.body[1] - 1)]


def replied(query: Query, words: tuple[Weighed, ...], quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes, before a letter the reply to it where that is what tells what is asked.

    That is why, and what is done about it; when, where and how much where the reply tells it, and
    the letter does not, what comes afterwards is asked, or the reply tells what has changed.
    """
    slot, afterwards = slot_of(query), _AFTERWARDS.search(fold(query.text)) is not None
    if not quotes or not (afterwards or (slot and slot.kind not in ("who", "which"))):
        return quotes
    best = quotes[0]
    reply = _reply(best, quotes)
    if reply is None or reply.score < best.score - _LESS:
        return quotes
    others = [one for one in quotes if one.place.passage.id != reply.place.passage.id]
    if slot and slot.kind in ("when", "where", "how many"):
        tells = bool(mark(query, words, reply).marks)
        holds_now = afterwards or _CHANGED.search(fold(reply.text))
        if not tells or (not holds_now and mark(query, words, best).marks):
            return quotes
    return [reply, *others]


def _reply(best: Quote, quotes: Sequence[Quote]) -> Quote | None:
    """Return of some quotes the one of the reply to the letter that the best is of, or None.

    It is quoted from its start, for what it says belongs together.
    """
    passages = best.place.article.passages
    at = next(n for n, one in enumerate(passages) if one.id == best.place.passage.id)
    letter = next((one for one in letters(passages) if one.body[0] <= at <= one.signed), None)
    if letter is None:
        return None
    ids = {one.id for one in passages[slice(*letter.replies)]}
    reply = next((one for one in quotes if one.place.passage.id in ids), None)
    if reply and len(reply.place.passage.text) <= _WHOLE_CHARS:
        return replace(reply, start=0, end=len(reply.place.passage.text.rstrip()))
    return reply


def _quote(place: Place, at: int) -> Quote:
    """Return a passage of the article of another, as a quote."""
    passage = place.article.passages[at]
    searched = fold(searched_text(passage, place.article))
    text = passage.text[:LONGEST]
    there = replace(place, passage=passage, searched=searched)
    return Quote(there, len(text) - len(text.lstrip()), len(text.rstrip()), score=1.0)
