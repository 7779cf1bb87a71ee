"""Quotes that answer a question equally well: which say the same, and where issues disagree.

Compared are figures, and names where the question is who someone is, and only where nothing but a
linking word stands between them and what they are of, and both sentences speak of the same
period: a quarter and a half year, all and the new ones, are different things and no disagreement.
A question that one issue answers in two ways is too wide to tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from corpus.numbers import amount
from corpus.text import fold, fold_with_places, split_sentences
from corpus.types import Range
from qa.dates import PART_OF_YEAR
from qa.query import Query
from qa.quoting.alignment import Text, clause_share, spoken_of
from qa.quoting.corrected import corrections, may_correct
from qa.quoting.kinds import days, figures
from qa.quoting.lacking import asks_hour
from qa.quoting.marks import marks_in
from qa.quoting.passing import is_passing
from qa.quoting.quantities import families
from qa.quoting.quotes import EQUALLY, SAME, Quote
from qa.quoting.slot import Kind, Slot, slot_of
from qa.search.coverage import Coverage, Weighed

_LEADS_TO = re.compile(
    r"(?:[为是有约近达至共已的:]|达到|现有|累计|合计|总计|超过|目前|分别"
    r"|(?:[由从].{1,16}?)?(?:增加|提高|上升|增长|下降|减少|降低|扩大|调整|变更|修改|[增降升改])[到至为])*"
)
LATEST = re.compile(
    r"最新|最近|眼下|目前|现在|如今|当前|下一?次"
    r"|\b(?:latest|newest|most recent|up[- ]to[- ]date|now|currently)\b"
    r"|\bnext (?!to\b|door|day|week|month|quarter|year|\d)",
    re.IGNORECASE,
)
"""What asks for what holds now."""

_QUALIFIED = re.compile(
    r"新(?=[增建开设引认签投升入落注培购装])|增加|减少|取消|关停|计划|规划|拟|将|预计|力争|争取|目标|其中|首批"
    r"|累计|日均|年均|平均|人均|每"
)
_CLAUSE_END = re.compile("[,;。!?:]")
_FRAME = re.compile('^(?:近|约|逾|超过|大约|不足)|[“”《》「」『』"]')
_WHO_IS = re.compile(r"是谁|谁是|叫什么|\bwho (?:is|was)\b")
_DAY_OF_MONTH = re.compile(r"\d{1,2}月(?:\d{1,2}日|[上中下]旬|[初中底])?")
_HOUR = re.compile(r"(\d{1,2})[:时点](\d\d)?")
_A_PLACE = re.compile(
    r"[路街巷道号楼室厅馆园场站店院校部区县市镇乡村里口旁侧处所]$|中心|公司|广场|大[厦学]|[东西南北内外]|\d"
)
_AT = re.compile("^(?:[设位建]?[在于]|设|位)")
_COUNTED = re.compile("的?")
_BODY = re.compile(  # whose office it is: two schools have two heads
    "[\u4e00-\u9fff]{1,6}(?:大学|学[校院]|[小中]学|公司|集团|医院|[局馆厂场镇乡村县市]|街道|社区|中心|银行)$"
)
_AS_OF = re.compile(r"截[至止](?:目前|[^,。]{0,12}?(?:日|月底|月末|年底|年末|月))")
_PERIOD = re.compile(
    rf"\d{{4}}年{PART_OF_YEAR}?|{PART_OF_YEAR}"
    r"|全年|[去前明]年|前(?:\d{1,2}|[一二三四五六七八九十]+)个?月|\d{1,2}[至~-]\d{1,2}月|\d{1,2}月份?(?!\d{0,2}日)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """The quotes that answer, and how they stand to each other.

    Attributes:
        quotes: What in them answers is marked; newest issue first.
        differ: Whether they answer differently.
        by_issue: Whether each tells of a time of its own, of which the question names none.
    """

    quotes: tuple[Quote, ...]
    differ: bool
    by_issue: bool = False


@dataclass(frozen=True, slots=True)
class _Fact:
    """What a quote tells. Two are of the same thing if all but the value and the share agree."""

    value: float | str
    units: frozenset[str]
    period: str
    qualified: frozenset[str]
    share: float  # of the question's weight that its clause speaks of

    def is_like(self, other: _Fact) -> bool:
        """Tell whether this is of the same thing at the same time, and says no less of it."""
        return self.period == other.period and self.is_of_same(other)

    def is_of_same(self, other: _Fact) -> bool:
        """Tell whether this is of the same thing, whenever, and says no less of it."""
        return (self.units, self.qualified) == (
            other.units,
            other.qualified,
        ) and self.share >= other.share - SAME


_Facts = tuple[_Fact, list[tuple[Quote, _Fact]]]
"""What the best quote tells, and of the others those that tell what can be compared."""


def compare(query: Query, quotes: Sequence[Quote], *, coverage: Coverage, limit: int) -> Told:
    """Return the best quote with those that say the same, or that say otherwise in another issue.

    Where each issue tells of a month, say, of its own and the question names none, they are told
    issue by issue; where the latest is asked for, the newest alone.

    Args:
        query: The question. One that names a year or a month says which issue is meant.
        quotes: Best first, at least one.
        coverage: Tells which of the question's words a text speaks of.
        limit: How many to return at most.
    """
    words = coverage.weigh(query)
    best = mark(query, words, quotes[0])
    others = [quote for quote in quotes[1:] if quote.score >= best.score - EQUALLY]
    folded = fold(best.text)
    alike = [folded in quote.place.searched and fold(quote.text) == folded for quote in others]
    same = [
        mark(query, words, quote) for quote, is_same in zip(others, alike, strict=True) if is_same
    ]
    equal = []
    if others and len(best.marks) == 1:  # else there is nothing to compare
        tables = coverage.of_places(words, [quote.place for quote in (best, *others)])
        told, *rest = (table.max(axis=0) for table in tables)
        equal = [
            mark(query, words, quote)
            for quote, here in zip(others, rest, strict=True)
            if np.all(here >= told - SAME)
            and is_passing(query, fold(quote.text)) <= is_passing(query, folded)
        ]
    same += [
        quote
        for quote in equal
        if quote not in same and value_marked(quote) == value_marked(best) != ""
    ]
    differing, others = [], []
    if equal:
        facts = _facts(query, words, best, equal)
        differing = _differing([best, *same], facts)
        if not differing:
            others = _of_other_times(query, [best, *same], facts) or _of_other_days(
                query, [best, *same], equal
            )
    kept = [best, *same]
    if differing or others:
        kept = _one_an_issue([*kept, *differing, *others])
    shown = sorted(kept, key=_when, reverse=True)[:limit]
    if (differing or others) and LATEST.search(query.text):
        return Told(tuple(shown[:1]), differ=False)
    is_several = len({value_marked(quote) for quote in shown}) > 1
    return Told(
        tuple(shown),
        differ=bool(differing) and is_several,
        by_issue=bool(others) and is_several,
    )


def with_correction(shown: Sequence[Quote], read: Sequence[Quote]) -> list[Quote]:
    """Return quotes, the sentence that corrects what the first says before them, if any does.

    Else what corrects another stands before that one.

    Args:
        shown: What answers, at least one, what answers in it marked.
        read: All that was read, the likelier first.

    Returns:
        The quotes as they are where nothing is corrected; else what was wrong is not marked.
    """
    best = next((one for one in shown if not corrections(one.text)), None)
    if best is None:
        return list(shown)
    for quote in read:
        if _when(quote) < _when(best) or not (found := _correcting(quote, best)):
            continue
        others = [one for one in shown if one.place.passage.id != quote.place.passage.id]
        return [found, *(replace(one, marks=()) for one in others)]
    told: list[Quote] = []
    for one in shown:
        later = (quote for quote in read if _when(quote) >= _when(one))
        right = next(filter(None, (_correcting(quote, one) for quote in later)), None)
        if right and all(quote.place.passage.id != right.place.passage.id for quote in shown):
            told.append(right)
        told.append(replace(one, marks=()) if right else one)
    return told


def _correcting(quote: Quote, best: Quote) -> Quote | None:
    """Return the sentence of a passage that corrects what another marks, what is right marked."""
    passage = quote.place.passage
    if passage.id == best.place.passage.id or not may_correct(passage.text):
        return None
    for sentence in split_sentences(passage.text):
        text = passage.text[sentence.start : sentence.end]
        for wrong, right in corrections(text):
            if _is_in_marks(text[slice(*wrong)], best):
                return Quote(quote.place, sentence.start, sentence.end, quote.score, marks=(right,))
    return None


def _is_in_marks(wrong: str, quote: Quote) -> bool:
    """Tell whether words stand in a quote, and where something is marked in it, there."""
    folded, places = fold_with_places(quote.text)
    sought = fold(wrong)
    at = folded.find(sought)
    if at < 0:
        return False
    start, end = places[at][0], places[at + len(sought) - 1][1]
    return not quote.marks or any(first < end and start < last for first, last in quote.marks)


def _when(quote: Quote) -> tuple[str, str]:
    return quote.place.issued, quote.place.issue_id


def mark(query: Query, words: tuple[Weighed, ...], quote: Quote) -> Quote:
    """Return a quote with what in it answers marked."""
    if quote.cell:
        return replace(quote, marks=(quote.cell.place,) if quote.cell.place else ())
    return replace(quote, marks=marks_in(query, words, quote.text))


def value_marked(quote: Quote) -> str:
    """Return what a quote answers, to be compared; empty where it marks nothing, or a list."""
    if len(quote.marks) != 1:
        return ""
    return _FRAME.sub("", fold(quote.text[slice(*quote.marks[0])]))


def _one_an_issue(quotes: Sequence[Quote]) -> list[Quote]:
    first: dict[str, Quote] = {}
    for quote in quotes:
        first.setdefault(quote.place.issue_id, quote)
    return list(first.values())


def _facts(
    query: Query, words: tuple[Weighed, ...], best: Quote, equal: Sequence[Quote]
) -> _Facts | None:
    """Return what the best quote tells and what those that answer equally well do.

    None where the best tells nothing that can be compared, or the question names a month.
    """
    slot = slot_of(query)
    fact = _fact(slot, words, best) if slot and not query.months else None
    if not slot or not fact:
        return None
    told = ((quote, _fact(slot, words, quote)) for quote in equal)
    return fact, [(quote, other) for quote, other in told if other]


def _differing(same: Sequence[Quote], facts: _Facts | None) -> list[Quote]:
    """Return the quotes of other issues that tell the same fact otherwise."""
    if not facts:
        return []
    fact, others = facts
    found = [(quote, other) for quote, other in others if other.is_like(fact)]
    told: dict[str, set[float | str]] = {quote.place.issue_id: {fact.value} for quote in same}
    for quote, other in found:
        told.setdefault(quote.place.issue_id, set()).add(other.value)
    if any(len(values) > 1 for values in told.values()):
        return []
    return [quote for quote, other in found if other.value != fact.value]


def _of_other_times(query: Query, same: Sequence[Quote], facts: _Facts | None) -> list[Quote]:
    """Return the quotes of other issues that tell the same of another month, quarter or year.

    None where the question names a time, or where an issue tells of several.
    """
    if not facts or _PERIOD.search(fold(query.text)):
        return []
    fact, others = facts
    found = [
        (quote, other.period)
        for quote, other in others
        if other.period != fact.period and other.is_of_same(fact)
    ]
    issues = [quote.place.issue_id for quote, _ in found]
    periods = {fact.period, *(period for _, period in found)}
    alone = len(set(issues)) == len(issues) and same[0].place.issue_id not in issues
    return [quote for quote, _ in found] if alone and len(periods) == len(found) + 1 else []


def _of_other_days(query: Query, same: Sequence[Quote], equal: Sequence[Quote]) -> list[Quote]:
    """Return the quotes of other issues that tell another day, hour or place, as is asked for.

    A plan may have changed, or it may be of another year: which holds, their issues tell.
    """
    slot = slot_of(query)
    if not slot or slot.kind not in ("when", "where") or query.months or not value_marked(same[0]):
        return []
    kind: Literal["hour", Kind] = "hour" if asks_hour(query) else slot.kind
    issues = {quote.place.issue_id for quote in same}
    value = _told_of(kind, same[0])
    return [
        quote
        for quote in equal
        if quote.place.issue_id not in issues
        and (other := _told_of(kind, quote))
        and value
        and not (value in other or other in value)
    ]


def tells_place(quote: Quote) -> bool:
    """Tell whether a quote marks a place alone."""
    return bool(_told_of("where", quote))


def _told_of(kind: Literal["hour", Kind], quote: Quote) -> str:
    """Return the day of a month, hours or the place that a quote marks, to be compared."""
    value = value_marked(quote)
    if kind == "hour":
        return ",".join(f"{hour}:{past or 0}" for hour, past in _HOUR.findall(value))
    if kind == "when":
        found = _DAY_OF_MONTH.search(value)
        return found.group() if found else ""
    bare = _AT.sub("", value).replace("层", "楼")
    if next(days(bare), None) or not _A_PLACE.search(bare):
        return ""
    return "" if any("money" in families(one.unit) for one in figures(bare)) else bare


def _fact(slot: Slot, words: tuple[Weighed, ...], quote: Quote) -> _Fact | None:
    """Return what a quote marks beside a word of the question, or None if it is not comparable."""
    if len(quote.marks) != 1:
        return None
    folded, places = fold_with_places(quote.text)
    inside = [at for at, place in enumerate(places) if _within(place, quote.marks[0])]
    start, end = inside[0], inside[-1] + 1
    text = Text.of(folded)
    counted = _counted(words, text, start=start, end=end)
    figure = next(figures(folded[start:end]), None) if slot.kind == "how many" else None
    value: float | str | None = amount(figure.value) if figure else None
    body = ""
    if slot.kind == "who" and _WHO_IS.search(slot.text):
        value = folded[start:end]
        found = _BODY.search(folded[:counted]) if counted is not None else None
        body = found.group() if found else ""
    if counted is None or value is None:
        return None
    periods = _PERIOD.findall(_AS_OF.sub("", folded[:counted]))
    clause = _CLAUSE_END.split(folded[:counted])[-1]
    return _Fact(
        value=value,
        units=families(figure.unit) if figure else frozenset(),
        period=periods[-1] if periods else "",
        qualified=frozenset([*_QUALIFIED.findall(clause), *([body] if body else [])]),
        share=clause_share(words, text, start),
    )


def _within(place: Range, mark: Range) -> bool:
    return mark[0] <= place[0] and place[1] <= mark[1]


def _counted(words: tuple[Weighed, ...], text: Text, *, start: int, end: int) -> int | None:
    """Return where the word of the question begins that a stretch is of, or None if none is.

    Only linking words may stand between the two.
    """
    for found in spoken_of(words, text):
        for first, last, _ in found:
            if last <= start and _LEADS_TO.fullmatch(text.folded, last, start):
                return first
            if first >= end and _COUNTED.fullmatch(text.folded, end, first):
                return start
    return None
