"""What in a quote is marked: the stretch that answers, or the items of a list.

None where that is not sure: no mark is better than a wrong one.
"""

from __future__ import annotations

import re

from corpus.text import fold, fold_with_places, split_sentences
from corpus.types import Range
from qa.query import Query
from qa.quoting.alignment import MOST_TEXT, Text, spoken_of
from qa.quoting.corrected import corrections
from qa.quoting.hours import told_then
from qa.quoting.kinds import OFFICE, is_behind_office
from qa.quoting.named_so import CLAUSE, named_so
from qa.quoting.numbered import asks_for_items, numbered_lists
from qa.quoting.persons import has_no_holder, holder, office_beside
from qa.quoting.quantities import limit_asked
from qa.quoting.slot import Slot, slot_of
from qa.quoting.spans import MIN_SURE, likeliest_span
from qa.quoting.stretches import BYLINE, is_balanced
from qa.search.coverage import Weighed

_QUOTES = frozenset('“"「『')
_SEVERAL = re.compile("[两二三四五六七八九十几\\d][大个项条点件种步方类].{0,12}(?:什么|哪|如何|怎)")
_BESIDE_A_NAME = re.compile(rf"(?:{OFFICE})(?=[\u4e00-\u9fff])")
_CALLS_CAUSE = re.compile("(?:因为?|由于|是|为|于)$")
_LIMIT_BEHIND = re.compile("(?:以[上下内]|之内|左右)?")
_LAST_ITEM = re.compile("(?:[^\\W了着过被为是在有等作做]{1,6}(?=[,。;:!?、()]|$))?")
_MOST_OF_IT = 0.5  # of the question's weight, that a clause must have to tell whether it is so
_WHETHER = re.compile("不|未|无|没|禁|须|可|能|免|取消|停|仍|已|有|允许|准|需")


def marks_in(query: Query, words: tuple[Weighed, ...], text: str) -> tuple[Range, ...]:
    """Return what in a printed text answers: a stretch, or the items of a list; none if not sure.

    Args:
        query: The question.
        words: Its words, as `Coverage.weigh` returns them.
        text: A sentence or a few, as printed.
    """
    slot = slot_of(query)
    if asks_for_items(query) or (slot and (slot.kind == "how" or _SEVERAL.search(slot.text))):
        items = [item for found in numbered_lists(text) for item in found.items]
        if items:
            return tuple(items)
    folded, places = fold_with_places(text)
    put_right = [right for _, right in corrections(folded)]
    folded = _as_corrected(folded)
    found = _found(query, slot, words, folded)
    if found and found[0] in put_right:
        found = found[0], 1.0
    if (not found or found[1] < MIN_SURE) and slot and slot.kind == "who":
        found = _only_official(folded)
    if not found or found[1] < MIN_SURE or (slot and _is_echo(slot, folded[slice(*found[0])])):
        return ()
    first, last = found[0]
    if slot and slot.kind in ("why", "how"):
        first, last = _in_clauses(folded, (first, last))
    elif slot and slot.kind == "how many":
        last = _LIMIT_BEHIND.match(folded, last).end()  # type: ignore[union-attr]  # or nothing
    elif slot and slot.kind == "which" and "、" in folded[first:last]:
        last += len(_LAST_ITEM.findall(folded[last:])[0])
    if last - first == 1 and slot and slot.kind in ("who", "where"):
        return ()  # 区 is no place
    start, end = places[first][0], places[last - 1][1]
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    end -= len(stretch) - len(stretch.rstrip())
    return ((start, end),) if start < end else ()


def _as_corrected(folded: str) -> str:
    """Return a folded text without what it says was printed wrong, each character in its place.

    A figure that is right counts, though in quotation marks, as coined terms are not.
    """
    chars = list(folded)
    for (start, end), (first, last) in corrections(folded):
        chars[start - 1 : end + 1] = "," * (end - start + 2)
        if re.search(r"\d", folded[first:last]) and folded[first - 1] in _QUOTES:
            chars[first - 1] = chars[last] = ","
    return "".join(chars)


def _found(
    query: Query, slot: Slot | None, words: tuple[Weighed, ...], folded: str
) -> tuple[Range, float] | None:
    """Return the stretch of a folded text that answers, named so or likeliest, and how surely."""
    office = office_beside(query)
    if office and (named := office.search(folded)):
        return named.span("office"), 1.0
    if office and slot and slot.kind == "who":
        return None
    if held := holder(query, folded):
        return held, 1.0
    if not slot:
        then = told_then(query, folded) or _told_whether(query, words, folded)
        return (then, 1.0) if then else None
    if has_no_holder(query, folded):
        return None
    told_so = named_so(slot, words, folded)
    return (told_so, 1.0) if told_so else _likeliest_of_two(slot, words, folded)


def _likeliest_of_two(
    slot: Slot, words: tuple[Weighed, ...], folded: str
) -> tuple[Range, float] | None:
    """Return what `likeliest_span` does, of two sentences in the first where that is sure."""
    sentences, limit = split_sentences(folded), limit_asked(slot.text)
    goes_on = len(sentences) == 2 and sentences[1].text.startswith("其中")
    if len(sentences) == 2 and not goes_on and not (limit and limit.search(folded)):
        first = likeliest_span(slot, words, sentences[0].text)
        if first and first[1] >= MIN_SURE:
            return first
    return likeliest_span(slot, words, folded)


def _told_whether(query: Query, words: tuple[Weighed, ...], folded: str) -> Range | None:
    """Return the clause that tells whether it is so: the one that has most of what is asked.

    In Chinese it has the last word, which is what is asked of the others.
    """
    text = Text.of(folded[:MOST_TEXT])
    clauses = [one.span() for one in CLAUSE.finditer(text.folded)]
    spoken = spoken_of(words, text)
    worth = [
        sum(
            word.weight * max((s for a, _, s in found if start <= a < end), default=0.0)
            for word, found in zip(words, spoken, strict=True)
        )
        for start, end in clauses
    ]
    total = sum(word.weight for word in words)
    best = max(range(len(clauses)), key=lambda n: worth[n], default=None)
    if best is None or worth[best] <= _MOST_OF_IT * total or worth.count(worth[best]) > 1:
        return None
    start, end = clauses[best]
    asked = fold(query.text)
    last = max(range(len(words)), key=lambda n: asked.rfind(words[n].word))
    if query.lang == "zh" and not any(start <= at < end for at, _, _ in spoken[last]):
        return None
    return (start, end) if _WHETHER.search(folded, start, end) else None


def _only_official(folded: str) -> tuple[Range, float] | None:
    """Return where a folded text names a person behind an office, if it names no other."""
    wrote = [match.span() for match in BYLINE.finditer(folded)]
    named = [
        one
        for one in Text.of(folded).in_lists
        if one.sort == "person" and not any(a <= one.start < b for a, b in wrote)
    ]
    offices = [
        one
        for one in _BESIDE_A_NAME.finditer(folded)
        if not any(a <= one.start() < b for a, b in wrote)
    ]
    if len(named) == len(offices) == 1 and is_behind_office(folded, named[0].start):
        return (named[0].start, named[0].end), MIN_SURE
    return None


def _is_echo(slot: Slot, stretch: str) -> bool:
    """Tell whether a stretch of several characters but joining words says what the question did."""
    bare = stretch.strip("的了是在和与及、")
    return len(stretch) > len(bare) > 0 and bare in slot.text


def _in_clauses(folded: str, stretch: Range) -> Range:
    """Return a stretch as the clauses of which it has most, whole, but for what calls the cause.

    >>> text = "不会上网的家长,可直接到门卫室领取纸质报名表。"
    >>> start, end = _in_clauses(text, (text.index("的家长"), text.index("报名表")))
    >>> text[start:end]
    '可直接到门卫室领取纸质报名表'
    """
    first, last = stretch
    kept = []
    for clause in CLAUSE.finditer(folded):
        start, end = clause.span()
        if start < first and _CALLS_CAUSE.search(folded, start, first):
            start = first
        if (min(end, last) - max(start, first)) * 2 >= end - start:
            kept.append((start, end))
    if not kept or not is_balanced(folded[kept[0][0] : kept[-1][1]]):
        return stretch
    return kept[0][0], kept[-1][1]
