"""Printed lines to units: paragraphs, headline lines, bylines, credits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus import cues
from corpus.corrections import Corrections, told_to_go_on
from corpus.flow import flows_on
from corpus.furniture import Page
from corpus.layout import Setting, find_setting, page_tells
from corpus.parting import INDENT
from corpus.settling import settled
from corpus.sidecar import Correction
from corpus.signatures import is_signature
from corpus.sources import Line, part_of
from corpus.types import Printed
from corpus.units import Part, Unit, is_row, unit_of

_NOTHING_TOLD: Corrections = {}
_MARKED_CHARS = 32  # a headline behind a sign is no longer


def split_units(
    lines: Sequence[Line], *, source: str, page: Page, corrections: Corrections = _NOTHING_TOLD
) -> list[Unit]:
    """Return the units of the lines in order, furniture included."""
    setting = find_setting(lines, page)
    marks = (_head_marks(lines, setting) | _numbered_heads(lines)) - page.furniture
    alone = marks | page.furniture
    units: list[Unit] = []
    start = 0
    for index in range(len(lines)):
        apart = index in alone or index + 1 in alone or index + 1 == len(lines)
        n_head = setting.blocks.get(start, 0)
        apart = apart or index + 1 in setting.blocks or index + 1 - start == n_head
        after_open = bool(units) and units[-1].part is Part.BODY and not units[-1].closed
        told = told_to_go_on(corrections, index)
        if told is not None:
            flows = told and index not in page.furniture  # else it is joined further on
        elif apart:
            flows = None
        elif index + 1 - start < n_head:
            flows = True
        else:
            flows = page_tells(lines[index], lines[index + 1])
        if flows is None and not apart and not setting.whole_lines:
            flows = flows_on(lines, start, index, setting=setting, after_open=after_open)
        if flows:
            continue
        held = lines[start : index + 1]
        column = setting.columns[start][0]
        unit = unit_of(held, start, source=source, page=page, column=column)
        if n_head and unit.part is Part.BODY and not is_row(held[0]):  # it may ask or exclaim
            unit = replace(unit, part=Part.HEAD)
        unit = replace(unit, block=start in setting.blocks)
        if index in marks:
            unit = replace(unit, part=Part.HEAD, printed=_unmarked(unit.printed), marked=True)
        units.append(unit)
        start = index + 1
    return [_as_told(unit, corrections.get(unit.first)) for unit in settled(units)]


def _as_told(unit: Unit, told: Correction | None) -> Unit:
    if told is None:
        return unit
    part = unit.part
    if told.role and told.role != "furniture":
        part = Part.BODY if told.role == "text" else Part.HEAD
    return replace(unit, part=part, told=told)


def _head_marks(lines: Sequence[Line], setting: Setting) -> set[int]:
    """Return the lines that a headline's sign opens, in a paper that sets one before headlines.

    Such a paper has at least three lines that open with a sign and do not end as a sentence; in
    a list of items most do.
    """
    opened = [index for index, line in enumerate(lines) if cues.MARKED_HEAD.match(line.text)]
    heads = [
        index
        for index in opened
        if not cues.is_closed(lines[index].text)
        and len(lines[index].text) <= _MARKED_CHARS
        and not is_signature(lines[index].text)
        and not _runs_on(lines, index, setting)
    ]
    return set(heads) if len(heads) >= 3 and len(heads) >= 0.6 * len(opened) else set()


def _numbered_heads(lines: Sequence[Line]) -> set[int]:
    """Return the lines that a digest numbers as its headlines: 1 and so on, over stories."""
    found: list[int] = []
    for index, line in enumerate(lines):
        told = cues.NUMBERED_HEAD.match(line.text)
        if told and int(told["number"]) == len(found) + 1 and cues.may_head(line.text):
            found.append(index)
    over = sum(
        any(cues.OPENER.match(one.text) or is_signature(one.text) for one in lines[n + 1 : n + 4])
        for n in found
    )
    return set(found) if len(found) >= 3 and over >= len(found) / 3 else set()


def _runs_on(lines: Sequence[Line], index: int, setting: Setting) -> bool:
    """Tell whether a line and the next both fill the column: running text, no headline."""
    if setting.indented:
        return lines[index].indent >= INDENT
    return (
        index + 1 < len(lines)
        and not lines[index + 1].blanks
        and min(setting.columns[index][1], setting.columns[index + 1][0]) > 0
    )


def _unmarked(printed: Printed) -> Printed:
    text = printed.text
    match = cues.MARKED_HEAD.match(text) or cues.NUMBERED_HEAD.match(text)
    end = len(text) - (text[0] == "【")
    return part_of(printed, start=match.end() if match else 0, end=end)
