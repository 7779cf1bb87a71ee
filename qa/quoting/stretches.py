"""The stretches of a sentence that may fill the gap of a question.

Every stretch of words within a clause is one, with the days, figures, persons and titles among
them known as such; what cannot be who, when or how many is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from corpus.text import shared_from
from corpus.types import Range
from qa.quoting.alignment import MOST_TEXT, Text
from qa.quoting.conditions import of_series
from qa.quoting.contrasts import of_what_is_asked
from qa.quoting.enumerated import asks_for_several
from qa.quoting.kinds import SAYS, Named, days, figures
from qa.quoting.quantities import (
    ASKS_RANK,
    HAS_CHANGED,
    RANK,
    limit_asked,
    measured_by,
    measured_mostly_by,
    scale_asked,
)
from qa.quoting.slot import Slot

N_KEPT = 64
"""How many sentences are kept as read: one is, to choose it, and again to mark the answer in it."""

CLOSELY = 8
"""Characters before a figure or a time in which the word stands that says of what it is."""

_PAIRS = (("“", "”"), ("《", "》"), ("「", "」"), ("『", "』"))
_MOST_WORDS, _MOST_CHARS = 16, 30
_MOST_WORDS_OF_CLAUSE, _MOST_CHARS_OF_CLAUSE = 40, 60
BYLINE = re.compile(
    r"(?:本[报刊台])?讯?\((?:本[报刊台])?(?:特约|见习|实习)?(?:记者|通讯员)[^()]*\)"
)
_ABOUT_WRITERS = re.compile("记者|通讯员|报道|作者|写|report|wr[io]te|author")
_AN_ERA = (
    "(?:时[期代]|王朝|朝|年间|[初末中晚早]期|(?<=[纪年月代朝季战])[初末中晚早]|[初末]|纪|世|季|(?<=[年月代战期会季纪朝之式礼赛]|(?<=\\d)日)[前后]|期间|[幼童少青中壮老晚]年"
    "|[商周秦汉魏晋隋唐宋辽金元明清][代末初]|[东西南北前后][周汉晋魏宋]|[两三]代)"
)
_ERA, _ERA_ANYWHERE = re.compile(f"{_AN_ERA}$"), re.compile(_AN_ERA)
OF_LATE = re.compile("近日|日前|目前|当前|近期|近来")
"""A time that says hardly when."""

_LEARNT = re.compile(",?记者[^,。;]{0,24}?(?:获悉|了解到|得知|采访)")  # not when it happens
_NTH_OF_A_LIST = re.compile(  # 二是上下游企业已有9家; 三、公交11路改走鹿角街
    "(?P<nth>[一二三四五六七八九十])(?:是|(?:(?<=^.)|(?<=[。;\n].))、)"
)
_ASKS_WINNER = re.compile(
    "冠军|夺冠|获胜|胜出|赢|胜了|第一名|\\bwon\\b|\\bwins?\\b|\\bwinner|\\bchampion"
)
_ASKS_BEATEN = re.compile(
    "[赢胜败]了?(?:哪|谁)|输|负|亚军|\\bbeat|\\bdefeat|\\blost\\b|\\blose|\\brunner-up"
)
_BEATS = re.compile("(?:战胜|[打击]败|力克|[险完大]胜|淘汰)了?(?P<beaten>[^,。;]+)")
_CHANGES = "增[加长收产]?|上[升涨]|提[高前升]|减[少产收]?|下降|降[低]?|缩短|延[长后]|[多少高低快慢]"
_ASKS_CHANGE = re.compile(  # 比去年少招多少人, 同比增长多少
    rf"(?:(?:比(?![赛例重分])|较)[^,。;]{{1,12}}?|同比|环比)(?:{_CHANGES})[^,。;]{{0,6}}$"
)
_CHANGED_BY = re.compile(rf"(?:{_CHANGES})[了出近约达]*$")
_OF_SEVERAL = re.compile("哪一?([所家位名个项座本部支件款篇])")
_ONE_OF_TWO = re.compile("还是|[和与跟、].{1,12}(?:谁|哪)|谁更|\\bor\\b")
_ASKS_DAY = re.compile(r"哪一?[天日](?!的)|几月几?[日号]|(?<!月)几号(?![楼线院门馆])")
_A_DAY = re.compile(
    r"\d[日号]|[一二三四五六七八九十][日号]|[今昨明后前当同次翌即][日天]|周|星期|礼拜|节|除夕"
    "|初[一二三四五六七八九十]"
)
_SO_FAR = re.compile(
    "已|累计|目前|现在|至今|截[至止]|完成|[到至].{1,8}底|so far|already|complet|to date|spent"
)
_DONE_SO_FAR = re.compile("(?:累计|已经?|现已|实际)完成(?:投资|产值)?(?:额|约|近|达)?$")
_NO_STOP = "[^,。;:!?]"
_TO_WHOM = re.compile("[向给对为](?:谁|哪|什么)|\\bto whom\\b|\\bwho\\b[^?]* to\\b")
_WHO_SAYS = re.compile(rf"(?:{SAYS.pattern})[,:道了]")
_A_YEAR = re.compile(r"(?:19|20)\d\d年")
_A_NUMBER = re.compile(r"\d+")
_NO_CAUSE = re.compile("为什么|为啥|为何|怎么|[是说:]$|[^,。;]{0,12}问,")  # but what asks for one
_ONE = re.compile("一[^成半倍百千万亿]")  # 一处 of something is seldom how many


@lru_cache(maxsize=N_KEPT)
def may_answer(slot: Slot, folded: str) -> Sequence[Range]:
    """Return the stretches of a folded text's first `MOST_TEXT` characters that may answer.

    A text that has no figure, or day, is not taken apart where one is asked for.
    """
    folded = folded[:MOST_TEXT]
    named = {"how many": figures, "when": days}.get(slot.kind)
    if named and not (any(named(folded)) or (slot.kind == "when" and _ERA_ANYWHERE.search(folded))):
        return ()
    found = of_what_is_asked(slot.text, folded, candidates(slot, Text.of(folded)))
    return of_series(slot.text, folded, found) if named else found


def candidates(slot: Slot, text: Text) -> list[Range]:
    """Return the stretches that may answer, none through a figure, a day or a dotted name."""
    if slot.kind == "how many":
        ranks = ASKS_RANK.search(slot.text) and {one.span() for one in RANK.finditer(text.folded)}
        return sorted(ranks or _figures(slot, text))
    folded = text.folded
    named = text.in_lists if slot.kind == "who" else text.named
    whole = [
        one
        for one in named
        if one.sort in ("figure", "day")
        or (one.sort == "person" and not folded[one.start : one.end].isalpha())
    ]
    if slot.kind == "which" and asks_for_several(slot):
        named = [*named, *text.lists]
    found = {(one.start, one.end) for one in named}
    found.update(_runs(text, whole=whole, of_clause=slot.kind in ("why", "how")))
    found = _of_the_kind(slot, folded, found, named=named)
    if counted := _OF_SEVERAL.search(slot.text, slot.start, slot.end):  # 87所学校 is no 哪所学校
        many = [one.start for one in named if one.sort == "figure" and one.unit == counted[1]]
        found = {(a, b) for a, b in found if not any(a <= at < b for at in many)}
    if slot.suffix:
        found = {(a, b) for a, b in found if folded.endswith(slot.suffix, a, b)}
    if nth := {one.start("nth") for one in _NTH_OF_A_LIST.finditer(folded)}:
        found = {(a, b) for a, b in found if a not in nth}
    found = _balanced(folded, found)
    if not _ABOUT_WRITERS.search(slot.text):
        for wrote in BYLINE.finditer(folded):
            found = {(a, b) for a, b in found if b <= wrote.start() or wrote.end() <= a}
    return sorted(found)


def _of_the_kind(
    slot: Slot, folded: str, found: set[Range], *, named: Sequence[Named]
) -> set[Range]:
    """Return those of the stretches that may be of the kind asked for: a person, a day, a cause."""
    if slot.kind == "why":
        return {(a, b) for a, b in found if not _NO_CAUSE.search(folded, a, b)}
    if slot.kind == "who":
        return _persons(slot, folded, found, named=named)
    if slot.kind == "when":
        return _times(slot, folded, found, named=named)
    return found


def _persons(slot: Slot, folded: str, found: set[Range], *, named: Sequence[Named]) -> set[Range]:
    """Return those of the stretches that may be who is asked for: of who won none that was beaten.

    Who asks knows whom they name, unless one of two is asked for. Who gives is not whom it is given
    to. Who is quoted tells of others, if any are named.
    """
    if not _ONE_OF_TWO.search(slot.text):
        said = shared_from(folded, slot.text)
        found = {(a, b) for a, b in found if b - a > said[a]}
    if _ASKS_WINNER.search(slot.text) and not _ASKS_BEATEN.search(slot.text):
        beaten = [match.span("beaten") for match in _BEATS.finditer(folded)]
        found = {(a, b) for a, b in found if not any(x < b and a < y for x, y in beaten)}
    persons = {(one.start, one.end) for one in named if one.sort == "person"} & found
    if not _TO_WHOM.search(slot.text):
        done = slot.text[slot.end : slot.end + 2]
        far = f"|{_NO_STOP}{{2,30}}?{done}" if len(done) > 1 and done.isalpha() else ""
        given = [one.span() for one in re.finditer(f"[向给](?:{_NO_STOP}{far})", folded)]
        found = {
            (a, b) for a, b in found if not any(x < b and x <= a < y for x, y in given)
        } or found
    heard = {one for one in persons if _WHO_SAYS.match(folded, one[1])}
    if heard and persons - heard and not SAYS.search(slot.text):
        found = {(a, b) for a, b in found if not any(x < b and a < y for x, y in heard)}
    return found


def _times(slot: Slot, folded: str, found: set[Range], *, named: Sequence[Named]) -> set[Range]:
    """Return those of the stretches that are a day or an era; days alone where one is asked for."""
    every = {(one.start, one.end) for one in named if one.sort == "day"}
    days = {(a, b) for a, b in every if "记者" in slot.text or not _LEARNT.match(folded, b)}
    days = {(a, b) for a, b in days if not OF_LATE.fullmatch(folded, a, b)} or days
    days = {(a, b) for a, b in days if folded[a:b].rstrip("日号") not in slot.text} or days
    found = {
        (a, b)
        for a, b in found
        if (a, b) in days or (_ERA.search(folded[a:b]) and not HAS_CHANGED.search(folded, a, b))
    }
    if _ASKS_DAY.search(slot.text):
        found = {(a, b) for a, b in found if _A_DAY.search(folded, a, b)}
    return found


def _figures(slot: Slot, text: Text) -> set[Range]:
    """Return the figures that may answer: by how much it changed, where that is asked for.

    None of a row, 第1207期, no year, and no bare number that the question names, 12345热线.
    """
    folded = text.folded
    found = {(one.start, one.end) for one in text.figures}
    found = {(a, b) for a, b in found if not _A_YEAR.fullmatch(folded, a, b)}
    named = set(_A_NUMBER.findall(slot.text))
    found = {(a, b) for a, b in found if folded[a:b] not in named}
    found = {(a, b) for a, b in found if folded[a:b] not in slot.text} or found
    if not slot.text.endswith("第", 0, slot.start) and not ASKS_RANK.search(slot.text):
        found = {(a, b) for a, b in found if folded[a] != "第"}
    if "几" not in slot.text[slot.start : slot.end]:
        found = {(a, b) for a, b in found if not _ONE.fullmatch(folded, a, b)} or found
    found = _as_asked(slot, folded, found)
    if not _ASKS_CHANGE.search(slot.text, 0, slot.start):
        return found
    return _behind(_CHANGED_BY, folded, found) or found


def _as_asked(slot: Slot, folded: str, found: set[Range]) -> set[Range]:
    """Return those of the figures that are measured, or limited, as it is asked for."""
    if by := measured_by(slot.text):
        found = {(a, b) for a, b in found if by.search(folded[a:b])} or found
        if unit := measured_mostly_by(slot.text):
            found = {(a, b) for a, b in found if folded[b - 1] == unit} or found
    if scale := scale_asked(slot.text[slot.start : slot.end]):
        found = {(a, b) for a, b in found if scale in folded[a:b]} or found
    if limit := limit_asked(slot.text):
        found = _behind(limit, folded, found) or found
    if not _SO_FAR.search(slot.text):
        found = found - _behind(_DONE_SO_FAR, folded, found) or found
    return found


def _behind(word: re.Pattern[str], folded: str, found: set[Range]) -> set[Range]:
    """Return those of some figures that stand closely behind a word."""
    return {(a, b) for a, b in found if word.search(folded[max(0, a - CLOSELY) : a])}


def _runs(text: Text, *, whole: Sequence[Named], of_clause: bool) -> Iterator[Range]:
    """Return the stretches of words in one clause, none with an end inside what stays whole.

    Args:
        text: The text.
        whole: Figures, days and names that no stretch begins or ends in.
        of_clause: Whether a clause is looked for, which is longer and may have a comma in it.
    """
    cuts = text.bounds
    most_words = _MOST_WORDS_OF_CLAUSE if of_clause else _MOST_WORDS
    most_chars = _MOST_CHARS_OF_CLAUSE if of_clause else _MOST_CHARS
    stops = cuts.stops & ~cuts.commas if of_clause else cuts.stops
    number = np.arange(len(stops))
    next_stop = np.minimum.accumulate(np.where(stops, number, len(stops))[::-1])[::-1]
    too_long = np.searchsorted(cuts.ends, cuts.starts + most_chars, side="right")
    past = np.minimum(np.minimum(number + most_words, too_long), next_stop)
    inside = np.zeros(len(text.folded) + 1, dtype=np.bool_)
    for one in whole:
        inside[one.start + 1 : one.end] = True
    begins = cuts.words & ~inside[cuts.starts]
    sizes = np.where(begins, np.maximum(past - number, 0), 0)
    firsts = np.repeat(number, sizes)
    lasts = np.arange(len(firsts)) - np.repeat(sizes.cumsum() - sizes, sizes) + firsts
    kept = ~(cuts.lists | inside[cuts.ends])[lasts]
    return zip(cuts.starts[firsts[kept]].tolist(), cuts.ends[lasts[kept]].tolist(), strict=True)


def _balanced(folded: str, found: set[Range]) -> set[Range]:
    """Return those of the stretches that have as many signs of each pair open as close."""
    for left, right in _PAIRS:
        if left in folded or right in folded:
            worth = {left: 1, right: -1}
            depth = [0, *accumulate(worth.get(char, 0) for char in folded)]
            found = {(a, b) for a, b in found if depth[a] == depth[b]}
    return found


def is_balanced(text: str) -> bool:
    """Tell whether a text has as many signs of each pair open as close."""
    return all(text.count(left) == text.count(right) for left, right in _PAIRS)
