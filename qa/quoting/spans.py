"""The stretch of a quote that likeliest fills the gap of the question, and how surely it does.

Of the many stretches that overlap, the one is taken that shares most with all the likely ones:
`stretches` tells which may answer, `traits` scores them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from corpus.types import Range
from qa.quoting.alignment import MOST_TEXT, Alignment, Text
from qa.quoting.own_figures import (
    in_fuller_clause,
    in_own_item,
    of_these,
    part_asked_about,
    respectively,
)
from qa.quoting.quantities import (
    ASKS_FROM_TO,
    ASKS_RANK,
    AT_FIRST,
    CHANGES_TO,
    FROM_TO,
    HAS_CHANGED,
)
from qa.quoting.ranges import behind_its_range, in_ranges, is_of_another, own_figures
from qa.quoting.slot import Kind, Slot
from qa.quoting.stretches import CLOSELY, N_KEPT, OF_LATE, may_answer
from qa.quoting.traits import scores
from qa.search.coverage import Weighed

MIN_SURE = 0.35
"""The least expected overlap with the right stretch, 0 to 1, of what is marked."""

_N_LIKELY = 120
_HARDLY = 0.3  # how surely 近日 tells when, of what it is otherwise
_LEADS = frozenset("由向")
_OF_THE_PART = 1.0  # what it is worth to stand in that part of a row which is asked about
_LINKED = re.compile("[为是:车的在约共达至有]+$")
_PAIRED = (
    ("[首头]班", "末班"),
    ("开[门馆园]", "[关闭][门馆园]"),
    ("男[生子性]", "女[生子性]"),
    ("教师", "学生"),
    ("酒驾", "醉驾"),
)
_LABELS: dict[Kind, re.Pattern[str]] = {
    "when": re.compile(f"(?:{'|'.join(one for pair in _PAIRED[:2] for one in pair)})$"),
    "how many": re.compile(f"(?:{'|'.join(one for pair in _PAIRED[2:] for one in pair)})$"),
}
_WAS = re.compile("(?:[由从自]|原[定本来先]?(?:计划)?[于在为]?)(?:每[\u4e00-\u9fff]{1,2})?$")
_JOINED = re.compile("(?:[了过出成到达有共]|一共|总共)+$")
_DOES = 2.0
_IN_THE_PAST = re.compile("(?:以前|过去|原来|原先|从前|以往)[^,。;]{0,12}$")
_NOWADAYS = re.compile("[,;。](?:而|但)?(?:现在|如今|目前|眼下)[^,。;\\d]{0,6}")
_IS_NOW = re.compile(rf"{CHANGES_TO}[于在]?(?:每[\u4e00-\u9fff]{{1,2}})?$")


@lru_cache(maxsize=N_KEPT)
def likeliest_span(
    slot: Slot, words: tuple[Weighed, ...], folded: str
) -> tuple[Range, float] | None:
    """Return the stretch of a folded text that best fills the gap, and how surely, 0 to 1.

    How surely is how much of it and of the right stretch are expected to be the same, as an F1
    over characters; that nothing in the text is right counts 0. None where there is no candidate.
    """
    folded = folded[:MOST_TEXT]
    spans = may_answer(slot, folded)
    if not spans:
        return None
    text = Text.of(folded)
    owns = own_figures(slot.text)
    near = _in_its_clause(slot, words)
    words = in_ranges(owns, words, folded)
    if len(spans) == 1 and ASKS_RANK.search(slot.text):
        return spans[0], 1.0
    found = scores(slot, Alignment(slot, words, text), text, spans=spans)
    if slot.kind not in ("why", "how") and (part := part_asked_about(near, folded)):
        found += [_OF_THE_PART * (part[0] <= start < part[1]) for start, _ in spans]
    likely = np.argsort(-found, kind="stable")[:_N_LIKELY]
    top = max(float(found.max()), 0.0)
    chance = np.exp(found - top)
    chance /= chance.sum() + np.exp(-top)  # that nothing answers scores 0
    starts, ends = np.array(spans)[likely].T
    shared = np.minimum(ends[:, None], ends) - np.maximum(starts[:, None], starts)
    sizes = (ends - starts)[:, None] + (ends - starts)
    expected = (2 * np.maximum(shared, 0) / sizes) @ chance[likely]
    best = int(expected.argmax())
    labels = [_label_before(slot, folded, int(start)) for start in starts]
    asked_of = next((label for label in labels if label and label in slot.text), "")
    if asked_of and labels[best] != asked_of and _has_other(asked_of, labels):
        best = max(
            (n for n, label in enumerate(labels) if label == asked_of),
            key=lambda n: float(expected[n]),
        )
        return spans[likely[best]], max(float(expected[best]), MIN_SURE)
    chosen, sure = spans[likely[best]], float(expected[best])
    if slot.kind == "how many" and ASKS_FROM_TO.search(slot.text):
        both = (
            one.span() for one in FROM_TO.finditer(folded) if one.start() <= chosen[0] < one.end()
        )
        return next(both, chosen), max(sure, MIN_SURE)
    if slot.kind == "when" and OF_LATE.fullmatch(folded, *chosen):
        return chosen, sure * _HARDLY
    if slot.kind in ("how many", "when"):
        return _of_the_asker(slot, near, folded, spans, best=(chosen, sure))
    if slot.kind in ("who", "where", "which"):
        led = [end for start, end in text.cuts if folded[start:end] in _LEADS]
        first = max((end for end in led if chosen[0] < end < chosen[1]), default=chosen[0])
        chosen = first, chosen[1]  # 项目由中安公司 is led to by 由
    return chosen, sure


def _of_the_asker(
    slot: Slot,
    near: Sequence[Weighed],
    folded: str,
    spans: Sequence[Range],
    *,
    best: tuple[Range, float],
) -> tuple[Range, float]:
    """Return the figure or time of the range, or the item, that is asked about; else the best.

    Not surely at all where it is told of another range than the asker's own figure falls in.
    """
    (chosen, sure), owns = best, own_figures(slot.text)
    alike = [one for one in spans if folded[one[1] - 1] == folded[chosen[1] - 1]]
    told = behind_its_range(owns, folded, alike) or respectively(slot.text, folded, alike)
    if told:
        return changed_to(slot, folded, told, spans), max(sure, MIN_SURE)
    if is_of_another(owns, folded, chosen):
        return chosen, 0.0
    own = in_own_item(near, folded, spans, best=chosen)
    own = in_fuller_clause(near, folded, alike, best=own) if slot.kind == "how many" else own
    own = of_these(near, folded, alike, best=own)
    own = changed_to(slot, folded, own, spans)
    return (own, max(sure, MIN_SURE)) if own != chosen else best


def changed_to(slot: Slot, folded: str, span: Range, spans: Sequence[Range]) -> Range:
    """Return what a figure or a time has changed to, where that is told and not what was is asked.

    由12元调整为13元 has come to 13元, 由周三改为周五 to 周五, 原定3月开园,推迟到5月 to 5月; so has
    以前要12个人,现在4个人 to 4个人.
    """
    if ASKS_FROM_TO.search(slot.text):
        return span
    was = AT_FIRST.search(slot.text)
    for change in FROM_TO.finditer(folded):
        if slot.kind == "when" and not HAS_CHANGED.search(change.group()):
            continue  # 从7月22日到11月20日 is how long
        inside = [one for one in spans if change.start() <= one[0] < change.end()]
        if span in inside:
            return min(inside) if was else max(inside)
    if was:
        return span
    stop = folded.find("。", span[1])
    if _IN_THE_PAST.search(folded, 0, span[0]):  # 以前要12个人,现在4个人就够了
        last = folded[span[1] - 1]
        for at in (one.end() for one in _NOWADAYS.finditer(folded, span[1])):
            then = (one for one in sorted(spans) if at <= one[0] <= at + CLOSELY)
            return next((one for one in then if folded[one[1] - 1] == last), span)
    if not _WAS.search(folded, max(0, span[0] - CLOSELY), span[0]):
        return span
    now = (
        one
        for one in sorted(spans)
        if span[1] <= one[0] < (stop if stop >= 0 else len(folded))
        and _IS_NOW.search(folded, max(span[1], one[0] - CLOSELY), one[0])
    )
    return next(now, span)


def _in_its_clause(slot: Slot, words: Sequence[Weighed]) -> list[Weighed]:
    """Return the words of the question that stand in one clause with its gap.

    What is done to what is counted counts more: 解决 of 企业的问题解决了多少个.
    """
    start = max(slot.text.rfind(sign, 0, slot.start) for sign in ",;。?!") + 1
    end = re.search("[,;。?!]", slot.text[slot.end :])
    clause = slot.text[start : slot.end + end.start() if end else len(slot.text)]
    before = _JOINED.sub("", slot.text[start : slot.start])
    return [
        replace(word, weight=word.weight * _DOES) if before.endswith(word.word) else word
        for word in words
        if word.word in clause
    ]


def _label_before(slot: Slot, folded: str, start: int) -> str:
    """Return which of two stands before a figure or a time, 末班 of 末班21:40; or nothing."""
    if slot.kind not in _LABELS:
        return ""
    before = _LINKED.sub("", folded[max(0, start - CLOSELY) : start])
    label = _LABELS[slot.kind].search(before)
    return label.group() if label else ""


def _has_other(label: str, labels: Sequence[str]) -> bool:
    """Tell whether the other of two that a label is one of is among some labels."""
    pair = next(pair for pair in _PAIRED if re.fullmatch("|".join(pair), label))
    mine = next(one for one in pair if re.fullmatch(one, label))
    return any(re.fullmatch("|".join(set(pair) - {mine}), one) for one in labels if one)
