"""Printed lines to units: paragraphs, headline lines, bylines, credits.

A narrow column breaks lines inside words and leaves a blank line where it ends, so neither a
line end nor a blank line tells where a paragraph ends. What tells: whether the line fills its
column, whether it ends as a sentence does, what is still open in brackets and quotation marks,
and how the next line begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from corpus import cues
from corpus.furniture import Page
from corpus.sources import Line, merge, part_of
from corpus.types import Printed

_NEAR = 3  # columns by which a justified line may miss its column's width
_WINDOW = 6  # lines looked at on each side to learn the column's width
_HEAD_CHARS = 64
_INDENT = 2
_LOST_INDENT = 4
_RIGHT_ALIGNED = 10  # an indent this wide sets a signature to the right
_LONG_CLAUSE = 24
_MIN_COLUMN = 18


class Part(Enum):
    """What a unit is on the page."""

    BODY = "body"
    HEAD = "head"
    BYLINE = "byline"
    CREDIT = "credit"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines that belong together.

    Attributes:
        part: What they are.
        printed: Their text and places, joined.
        opener: Whether they open a news story.
        blanks: Blank lines before the first.
        first: Index of the first line.
        widths: Width of each line, in columns.
        column: Width of the column it stands in, 0 where unknown.
        section: The section a page marker opens here.
        page: The number of the page that a page marker opens here.
        marked: Whether a sign that this paper sets before headlines stands before it.
    """

    part: Part
    printed: Printed
    opener: bool
    blanks: int
    first: int
    widths: tuple[int, ...]
    column: int
    section: str | None = None
    page: int | None = None
    marked: bool = False

    @property
    def text(self) -> str:
        """The joined text."""
        return self.printed.text

    @property
    def closed(self) -> bool:
        """Whether it ends as a sentence does."""
        return cues.is_closed(self.text)


def join(lines: Sequence[Line], source: str) -> Printed:
    """Return lines as one text: no space inside a Chinese line break, one between Latin words."""
    text = ""
    ranges: list[tuple[int, int]] = []
    for line in lines:
        if text and _is_latin(text[-1]) and _is_latin(line.text[0]):
            ranges.append((ranges[-1][1], line.ranges[0][0]))
            text += " "
        text += line.text
        ranges.extend(line.ranges)
    return Printed(text, merge(ranges))


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def split_units(lines: Sequence[Line], *, source: str, page: Page) -> list[Unit]:
    """Return the units of the lines in order, furniture included."""
    indented = _uses_indent(lines, page)
    columns = _columns(lines, page, lost_indent=0 if indented else _LOST_INDENT)
    blanks_part = _blanks_part(lines, page)
    marks = _head_marks(lines) - page.furniture
    units: list[Unit] = []
    start = 0
    for index in range(len(lines)):
        held = lines[start : index + 1]
        last = index + 1 == len(lines)
        marked = index in marks or index + 1 in marks
        if (
            not last
            and not marked
            and _flows(
                held,
                lines[index + 1],
                furniture=index in page.furniture or index + 1 in page.furniture,
                columns=(columns[index][index == start], columns[index + 1][0]),
                indented=indented,
                blanks_part=blanks_part,
                after_open=bool(units) and units[-1].part is Part.BODY and not units[-1].closed,
            )
        ):
            continue
        unit = _unit(held, start, source=source, page=page, column=columns[start][0])
        if index in marks:
            unit = replace(unit, part=Part.HEAD, printed=_unmarked(unit.printed), marked=True)
        units.append(unit)
        start = index + 1
    return [_settle(units, place) for place in range(len(units))]


def _head_marks(lines: Sequence[Line]) -> set[int]:
    """Return the lines that a headline's sign opens, in a paper that sets one before headlines.

    Such a paper has at least three lines that open with a sign and do not end as a sentence; in
    a list of items most do.
    """
    opened = [index for index, line in enumerate(lines) if cues.MARKED_HEAD.match(line.text)]
    heads = [
        index
        for index in opened
        if not cues.is_closed(lines[index].text)
        and len(lines[index].text) <= _HEAD_CHARS // 2
        and not cues.is_signature(lines[index].text)
    ]
    return set(heads) if len(heads) >= 3 and len(heads) >= 0.6 * len(opened) else set()


def _unmarked(printed: Printed) -> Printed:
    match = cues.MARKED_HEAD.match(printed.text)
    return part_of(printed, start=match.end() if match else 0, end=len(printed.text))


def _columns(lines: Sequence[Line], page: Page, *, lost_indent: int) -> list[tuple[int, int]]:
    """Return for each line the width of the column it fills, 0 where it fills none.

    A column's width is one that at least three lines nearby share. Two answers a line: for it as
    a line inside a paragraph, and as the first of one, whose indent the extraction may have lost.
    """
    found = []
    for index, line in enumerate(lines):
        near = [
            lines[place]
            for place in range(max(0, index - _WINDOW), min(len(lines), index + _WINDOW + 1))
            if place not in page.furniture and place != index
        ]
        lead = min(line.indent, _LOST_INDENT) if line.indent >= _INDENT else lost_indent
        # a justified line reaches its column with its layout spaces or without them
        widths = [other.width for other in near]
        set_widths = [other.set_width for other in near]
        inside = _shared(widths, line.width) or _shared(set_widths, line.set_width)
        first = _shared(widths, line.width + lead) or _shared(set_widths, line.set_width + lead)
        found.append((inside, inside or first))
    return found


def _shared(near: Sequence[int], wanted: int) -> int:
    """Return the middle of the widths close to the wanted one, 0 where fewer than two are."""
    alike = sorted(other for other in near if abs(other - wanted) <= _NEAR)
    return alike[len(alike) // 2] if len(alike) >= 2 and wanted >= _MIN_COLUMN else 0


def _uses_indent(lines: Sequence[Line], page: Page) -> bool:
    """Tell whether paragraphs are indented: most lines after a finished short line are."""
    begins = indents = 0
    for before, line in zip(lines, lines[1:], strict=False):
        if cues.is_closed(before.text) and before.width + 2 * _NEAR < line.width:
            begins += 1
            indents += line.indent >= _INDENT
    return begins >= 3 and indents >= 0.6 * begins


def _blanks_part(lines: Sequence[Line], page: Page) -> bool:
    """Tell whether a blank line always parts paragraphs: hardly any stands inside a sentence."""
    blank = inside = 0
    for index, (before, line) in enumerate(zip(lines, lines[1:], strict=False)):
        if not line.blanks or index in page.furniture or index + 1 in page.furniture:
            continue
        blank += 1
        inside += (
            not cues.is_closed(before.text)
            and before.text[-1] in "，、；"
            or cues.balance(before.text) > 0
        )
    return blank >= 6 and inside <= 0.02 * blank


def _flows(
    held: Sequence[Line],
    following: Line,
    *,
    furniture: bool,
    columns: tuple[int, int],
    indented: bool,
    blanks_part: bool,
    after_open: bool,
) -> bool:
    """Tell whether the following line goes on with the paragraph that is held."""
    line, column = held[-1], columns[0]
    if furniture or _begins(following.text) or _stands_alone(held):
        return False
    after_open = after_open or bool(cues.CAME_FROM.match(held[0].text))
    first = len(held) == 1
    text = "".join(part.text for part in held)
    if cues.goes_on(text) or cues.CAME_FROM.match(following.text):
        return False
    if first and cues.OPENER.match(text) and not cues.is_closed(text):
        return True
    if cues.balance(text) and len(text) < 400 and not (first and not column):
        return True
    if indented and following.indent >= _INDENT and not (line.text[-1] in "，、" and column):
        return False
    if indented and following.indent < _INDENT and (held[0].indent >= _INDENT or after_open):
        if not cues.is_closed(line.text) or min(columns) > 0:
            return True
    if blanks_part and following.blanks:
        return False
    if line.spaced and not first:
        return True
    if indented and first and line.indent < _INDENT and not after_open:
        return False
    fills = column > 0 and (following.width <= column + 2 * _NEAR or following.spaced)
    fills = fills or _fits(line, following)
    if cues.is_closed(line.text):
        return fills and not following.blanks and not cues.STARTS_PARAGRAPH.match(following.text)
    if first and _isolated(line, following) and (not column or blanks_part):
        return False
    return fills or (line.text[-1] in "，、；" and not first) or _is_clause(line, following)


def _isolated(line: Line, following: Line) -> bool:
    """Tell whether a first line stands free like a headline: blank lines around, no comma end."""
    return bool(
        line.blanks
        and following.blanks
        and line.text[-1] not in "，、；："
        and not cues.OPENER.match(line.text)
    )


def _fits(line: Line, following: Line) -> bool:
    """Tell whether a line of running text is as wide as the next, directly below it."""
    gap = following.width - line.width
    return bool(
        (cues.is_closed(line.text) or "，" in line.text)
        and not following.blanks
        and line.width >= 2 * _MIN_COLUMN
        and (abs(gap) <= _NEAR or abs(gap - _LOST_INDENT) <= 1)
    )


def _is_clause(line: Line, following: Line) -> bool:
    """Tell whether a line wider than the next, directly above it, breaks off inside a sentence."""
    return bool(
        "，" in line.text
        and (not following.blanks or len(line.text) >= _LONG_CLAUSE)
        and line.width >= following.width
        and cues.is_closed(following.text)
    )


def _begins(text: str) -> bool:
    """Tell whether a line can only be the first of its unit."""
    return bool(
        cues.OPENER.match(text)
        or cues.is_signature(text)
        or cues.is_credit(text)
        or cues.LABEL.fullmatch(text)
        or cues.is_table_row(text)
    )


def _stands_alone(held: Sequence[Line]) -> bool:
    text = held[-1].text
    return len(held) == 1 and bool(
        held[-1].indent >= _RIGHT_ALIGNED
        or cues.DAY.fullmatch(text)
        or cues.is_signature(text)
        or cues.is_credit(text)
        or cues.LABEL.fullmatch(text)
        or cues.is_table_row(text)
    )


def _unit(held: Sequence[Line], first: int, *, source: str, page: Page, column: int) -> Unit:
    printed = join(held, source)
    return Unit(
        part=Part.FURNITURE if first in page.furniture else _part(held, printed.text),
        printed=printed,
        opener=bool(cues.OPENER.match(printed.text)),
        blanks=held[0].blanks,
        first=first,
        widths=tuple(line.width for line in held),
        column=column,
        section=page.sections.get(first),
        page=page.numbers.get(first),
    )


def _part(held: Sequence[Line], text: str) -> Part:
    if len(held) <= 2 and cues.is_credit(text):
        return Part.CREDIT
    if len(held) <= 2 and cues.is_signature(text):
        return Part.BYLINE
    if (
        not cues.is_closed(text)
        and len(held) <= 3
        and len(text) <= _HEAD_CHARS
        and text[-1] not in "，、；："
        and not cues.OPENER.match(text)
        and not cues.LABEL.fullmatch(text)
        and not cues.FIELD.match(text)
        and not cues.DAY.fullmatch(text)
        and not any(cues.is_table_row(line.text) for line in held)
        and not cues.goes_on(text)
        and not cues.CAME_FROM.match(text)
        and re.search(r"[\u3400-\u9fff]", text)
    ):
        return Part.HEAD
    return Part.BODY


def _settle(units: Sequence[Unit], place: int) -> Unit:
    """Return a unit with its part settled by its neighbours: a headline may end in ！ or ？."""
    unit = units[place]
    following = units[place + 1] if place + 1 < len(units) else None
    asks = re.search(r"[！？!?]$", unit.text)
    before = units[place - 1] if place else None
    if (
        unit.part is Part.HEAD
        and cues.NAME_ALONE.fullmatch(unit.text)
        and before is not None
        and before.part is Part.HEAD
        and following is not None
        and following.part is Part.BODY
    ):
        return replace(unit, part=Part.BYLINE)
    if unit.part is Part.HEAD and following is not None and cues.DAY.fullmatch(following.text):
        return replace(unit, part=Part.BODY)
    if (
        unit.part is Part.BODY
        and asks
        and len(unit.widths) == 1
        and len(unit.text) <= 30
        and not unit.column
        and "。" not in unit.text
        and following is not None
        and (
            following.opener or following.part is Part.BYLINE or (unit.blanks and following.blanks)
        )
    ):
        return replace(unit, part=Part.HEAD)
    return unit
