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
from itertools import takewhile

from corpus import cues
from corpus.corrections import Corrections, told_to_go_on
from corpus.furniture import Page
from corpus.layout import (
    LOST_INDENT,
    NEAR,
    Setting,
    carries_over,
    find_setting,
    goes_on_folded,
    has_room,
    page_tells,
)
from corpus.parting import INDENT
from corpus.sidecar import Correction
from corpus.sources import Line, first_space, merge, part_of
from corpus.types import Printed, SetLine

NOTHING_TOLD: Corrections = {}
_HEAD_CHARS = 64
_LABELLED_CHARS = 32  # a line that gives one of a row of things is no longer
_VERSE_CHARS = 12  # a line in two halves (青山不老。绿水长流); more with a full stop inside is text
_MOST_SIGN = 4  # lines of who issued a notice together, each body on its own
_FEWEST_CELLS, _FEWEST_ROWS = 3, 3  # of a list whose rows have cells
_RIGHT_ALIGNED = 10  # an indent this wide sets a signature to the right
_LONG_CLAUSE = 24
_MIN_COLUMN = 18
_RECENT = 40  # lines of a paragraph looked back at
_OPEN_CHARS = 400  # brackets open for longer are misprints


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
        size: The size of a headline's type, points; 0 where it was not told by its size.
        caption: Whether the page shows it to be of a picture's caption.
        told: How a sidecar says that its first line is to be read, or None.
        right: Whether its first line is set to the right, right below the one before.
        block: Whether an article may begin with it, in a text whose layout parts its articles.
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
    size: float = 0.0
    caption: bool = False
    told: Correction | None = None
    right: bool = False
    block: bool = False

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
        latin = text and _is_latin(text[-1]) and _is_latin(line.text[0])
        space = first_space(source, ranges[-1][1], line.ranges[0][0]) if latin else None
        if space:
            ranges.append(space)
            text += " "
        text += line.text
        ranges.extend(line.ranges)
    return Printed(text, merge(ranges))


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def split_units(
    lines: Sequence[Line], *, source: str, page: Page, corrections: Corrections = NOTHING_TOLD
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
            flows = _flows(lines, start, index, setting=setting, after_open=after_open)
        if flows:
            continue
        held = lines[start : index + 1]
        column = setting.columns[start][0]
        unit = _unit(held, start, source=source, page=page, column=column)
        if n_head and unit.part is Part.BODY and not _is_row(held[0]):  # it may ask or exclaim
            unit = replace(unit, part=Part.HEAD)
        unit = replace(unit, block=start in setting.blocks)
        if index in marks:
            unit = replace(unit, part=Part.HEAD, printed=_unmarked(unit.printed), marked=True)
        units.append(unit)
        start = index + 1
    settled = _with_first_briefs([_settle(units, place) for place in range(len(units))])
    settled = _with_signatures(settled)
    return [_as_told(unit, corrections.get(unit.first)) for unit in settled]


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
        and len(lines[index].text) <= _HEAD_CHARS // 2
        and not cues.is_signature(lines[index].text)
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
        any(
            cues.OPENER.match(one.text) or cues.is_signature(one.text)
            for one in lines[n + 1 : n + 4]
        )
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


def _flows(
    lines: Sequence[Line], start: int, index: int, *, setting: Setting, after_open: bool
) -> bool:
    """Tell whether the line after `index` goes on with the paragraph that begins at `start`."""
    line, following = lines[index], lines[index + 1]
    column = setting.columns[index][index == start]
    text = "".join(part.text for part in lines[max(start, index - _RECENT) : index + 1])
    if _ends_unit(line, text, following, first=index == start) or _begins(following):
        return False
    if _breaks_off(lines, start, index, setting=setting, closed=cues.is_closed(text)):
        return True
    whole = index - start <= _RECENT and len(text) < _OPEN_CHARS
    if whole and cues.balance(text) and not (index == start and not column):
        return True
    after_open = after_open or bool(cues.CAME_FROM.match(lines[start].text))
    told = _indent_tells(lines, start, index, setting=setting, after_open=after_open)
    if told is not None:
        return told
    if line.spaced and index != start:
        return True
    if setting.indented and index == start and line.indent < INDENT and not after_open:
        return False
    fills = column > 0 and (following.width <= column + 2 * NEAR or following.spaced)
    fills = fills or _fits(line, following)
    fills = fills or _carries_over(lines, start, index, setting=setting)
    if index == start and has_room(line, following, column=following.width, indent=LOST_INDENT):
        fills = False
    if cues.is_closed(text):
        return fills and not _begins_anew(lines, start, index, setting=setting)
    if index == start and _isolated(line, following) and (not column or setting.blanks_part):
        return False
    open_end = "，、；" if index != start else "，、" if line.width >= 2 * _MIN_COLUMN else ""
    return fills or line.text[-1] in open_end or _is_clause(line, following)


def _breaks_off(
    lines: Sequence[Line], start: int, index: int, *, setting: Setting, closed: bool
) -> bool:
    """Tell whether a line surely goes on with the next: it is full, or breaks off in a text."""
    line, following = lines[index], lines[index + 1]
    if following.text[0] in cues.OPEN_NO_LINE:
        return True
    if goes_on_folded(line, following, setting=setting, first=index == start):
        return True
    is_full = setting.chars and line.n_chars >= setting.chars and not setting.folded
    return bool((is_full or _is_of_text(lines, start, index)) and not closed)


def _is_of_text(lines: Sequence[Line], start: int, index: int) -> bool:
    """Tell whether a paragraph opens as a text does, so that only a sentence's end ends it.

    It has the words that a story or a correction opens with, or stands apart below the headline of
    a notice, close to what follows, and has a comma.
    """
    first, following = lines[start], lines[index + 1]
    if index == start and cues.OPENER.match(first.text):
        return True
    if following.blanks or cues.STARTS_PARAGRAPH.match(following.text):
        return False
    above = lines[start - 1].text if start else ""
    below_notice = first.blanks and cues.may_head(above) and cues.NOTICE.search(above)
    return bool(cues.CORRECTS.match(first.text) or (below_notice and "，" in first.text))


def _carries_over(lines: Sequence[Line], start: int, index: int, *, setting: Setting) -> bool:
    """Tell whether a line of an open paragraph is short as the next begins with a number.

    A first line is one of a paragraph, and no headline, if it has a comma.
    """
    line, following = lines[index], lines[index + 1]
    columns = setting.columns[start][1], setting.columns[index + 1][0]
    column = columns[index == start]
    is_text = index > start or "，" in line.text
    is_open = column > 0 and not cues.is_closed(line.text)
    return is_text and is_open and carries_over(line, following, column=column)


def _ends_unit(line: Line, text: str, following: Line, *, first: bool) -> bool:
    if first and (_stands_alone(line) or cues.NAME_ALONE.fullmatch(following.text)):
        return True
    if cues.FIELD.match(text) and cues.FIELD.match(following.text):
        return True
    if first and (_are_labelled(line, following) or _are_signatures(line, following)):
        return True
    return bool(cues.goes_on(text))


def _are_labelled(line: Line, following: Line) -> bool:
    """Tell whether two lines each give one of a row of things: 金奖（1名）：…, 银奖（2名）：…."""
    return line.indent == following.indent and all(
        cues.LABELLED.match(one.text)
        and len(one.text) <= _LABELLED_CHARS
        and not cues.is_closed(one.text)
        for one in (line, following)
    )


def _are_signatures(line: Line, following: Line) -> bool:
    return all(cues.SIGN_OFF.fullmatch(one.text) for one in (line, following))


def _indent_tells(
    lines: Sequence[Line], start: int, index: int, *, setting: Setting, after_open: bool
) -> bool | None:
    """Tell from indents and blank lines whether the next line goes on, None where they do not."""
    line, following = lines[index], lines[index + 1]
    columns = setting.columns[index][index == start], setting.columns[index + 1][0]
    if setting.indented and following.indent >= INDENT:
        if not (line.text[-1] in "，、" and columns[0]):
            return False
    elif setting.indented and (lines[start].indent >= INDENT or after_open):
        tail = "".join(line.text for line in lines[max(start, index - 2) : index + 1])
        if not cues.is_closed(tail):
            return True
        if min(columns) > 0:
            return not _ended_early(lines, start, index, setting=setting)
    return False if setting.blanks_part and following.blanks else None


def _ended_early(lines: Sequence[Line], start: int, index: int, *, setting: Setting) -> bool:
    """Tell whether an indented paragraph ends with a line that ends a sentence.

    It does if that line had room for more. It does too if the line after it breaks off, with
    room for more or before another paragraph: that is no running text then.
    """
    held = lines[max(start, index - _RECENT) : index + 1]
    column = max(line.width + min(line.indent, LOST_INDENT) for line in held)
    column = setting.columns[index][1] if index == start else column
    following = lines[index + 1]
    if index > start and has_room(held[-1], following, column=column):
        return True
    if (
        index + 2 == len(lines)
        or cues.is_closed(following.text)
        or following.text[-1] in "，、；："
    ):
        return False
    after = lines[index + 2]
    return after.indent >= INDENT or has_room(following, after, column=column)


def _begins_anew(lines: Sequence[Line], start: int, index: int, *, setting: Setting) -> bool:
    """Tell whether the line after a finished sentence begins another paragraph.

    It does after a blank line, behind a sign that opens paragraphs, where it would have fitted
    behind the sentence, and where only an indent that was lost explains why the line after it
    does not stand in it already.
    """
    following = lines[index + 1]
    if following.blanks or cues.STARTS_PARAGRAPH.match(following.text):
        return True
    held = [line.width for line in lines[max(start, index - _RECENT) : index + 1]]
    column = max(held) if index > start else setting.columns[index][1]
    if index > start and has_room(lines[index], following, column=column):
        return True
    if index + 2 >= len(lines) or cues.is_closed(following.text):
        return False
    after = lines[index + 2]
    if has_room(following, after, column=column, indent=LOST_INDENT):
        return following.text[-1] not in "，、；："
    return setting.loses_indent and has_room(following, after, column=column)


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
        and (abs(gap) <= NEAR or abs(gap - LOST_INDENT) <= 1)
    )


def _is_clause(line: Line, following: Line) -> bool:
    """Tell whether a line wider than the next, directly above it, breaks off inside a sentence."""
    return bool(
        "，" in line.text
        and (not following.blanks or len(line.text) >= _LONG_CLAUSE)
        and line.width >= following.width
        and cues.is_closed(following.text)
    )


def _begins(line: Line) -> bool:
    """Tell whether a line can only be the first of its unit."""
    text = line.text
    return bool(
        cues.OPENER.match(text)
        or cues.is_signature(text)
        or cues.is_credit(text)
        or cues.LABEL.fullmatch(text)
        or cues.SALUTATION.fullmatch(text)
        or cues.DAY.fullmatch(text)
        or _is_row(line)
        or cues.CAME_FROM.match(text)
    )


def _stands_alone(line: Line) -> bool:
    return bool(
        line.indent >= _RIGHT_ALIGNED
        or cues.DAY.fullmatch(line.text)
        or cues.is_signature(line.text)
        or cues.is_credit(line.text)
        or cues.LABEL.fullmatch(line.text)
        or _is_row(line)
    )


def _is_row(line: Line) -> bool:
    return line.is_row or cues.is_table_row(line.text)


def _unit(held: Sequence[Line], first: int, *, source: str, page: Page, column: int) -> Unit:
    printed = join(held, source)
    told = held[0].told
    part = _told_part(told, held) if told else _part(held, printed.text)
    return Unit(
        part=Part.FURNITURE if first in page.furniture else part,
        printed=printed,
        opener=bool(cues.OPENER.match(printed.text)),
        blanks=held[0].blanks,
        first=first,
        widths=tuple(line.width for line in held),
        column=column,
        section=page.sections.get(first),
        page=page.numbers.get(first),
        size=(told.size if told else held[0].size) if part is Part.HEAD else 0.0,
        caption=bool(told and told.caption),
        right=held[0].indent >= _RIGHT_ALIGNED and not held[0].blanks,
    )


def _told_part(told: SetLine, held: Sequence[Line]) -> Part:
    """Return what a unit is where its page shows the size of its type.

    A line in the size of running text is a headline only where it is bold.
    """
    if told.kind == "head":
        return Part.HEAD
    part = Part.FURNITURE if told.kind == "matter" else _part(held, "".join(x.text for x in held))
    return Part.BODY if part is Part.HEAD and not told.bold else part


def _part(held: Sequence[Line], text: str) -> Part:
    if len(held) <= 2 and cues.is_credit(text):
        return Part.CREDIT
    if len(held) <= 2 and cues.is_signature(text):
        return Part.BYLINE
    if (
        not cues.is_closed(text)
        and not ("。" in text and len(text) > _VERSE_CHARS)
        and len(held) <= 3
        and len(text) <= _HEAD_CHARS
        and text[-1] not in "，、；："
        and not cues.OPENER.match(text)
        and not cues.CORRECTS.match(text)
        and not cues.LABEL.fullmatch(text)
        and not cues.FIELD.match(text)
        and not cues.DAY.fullmatch(text)
        and not cues.SOURCE.fullmatch(text)
        and not any(map(_is_row, held))
        and not cues.goes_on(text)
        and not cues.CAME_FROM.match(text)
        and re.search(r"[\u3400-\u9fff]", text)
    ):
        return Part.HEAD
    return Part.BODY


def _signs_off(unit: Unit, before: Unit, following: Unit | None) -> bool:
    """Tell whether a line says who issued the notice, or wrote the letter, that it stands below.

    That is a body's name, or 读者 and a name, set to the right, with the day behind it, or close to
    the text and apart from what follows.
    """
    told = cues.SIGN_OFF.fullmatch(unit.text)
    ends = following is None or following.blanks > 0 or following.part is Part.FURNITURE
    close = ends and not unit.blanks
    return bool(
        told and (unit.right or told["day"] or close) and before.part is Part.BODY and before.closed
    )


def _n_cells(unit: Unit) -> int:
    """Return into how many cells spaces part a line, those of layout that were dropped too."""
    return unit.text.count(" ") + len(unit.printed.ranges) if len(unit.widths) == 1 else 0


def _in_rows(units: Sequence[Unit], place: int) -> bool:
    """Tell whether a line stands among others with as many cells, as of a list of winners."""
    n_rows = 1
    for others in (
        reversed(units[max(0, place - _FEWEST_ROWS) : place]),
        units[place + 1 : place + 1 + _FEWEST_ROWS],
    ):
        n_rows += sum(
            1 for _ in takewhile(lambda one: _n_cells(one) == _n_cells(units[place]), others)
        )
    return n_rows >= _FEWEST_ROWS


def _with_first_briefs(units: list[Unit]) -> list[Unit]:
    """Return the units; below the headline of short news what the first is about is text.

    What opens it begins no other article then.
    """
    for place, (head, unit, following) in enumerate(zip(units, units[1:], units[2:], strict=False)):
        heads = head.part is unit.part is Part.HEAD and following.part is Part.BODY
        if heads and cues.BRIEFS.fullmatch(head.text):
            units[place + 1] = replace(unit, part=Part.BODY)
            units[place + 2] = replace(following, opener=False)
    return units


def _with_signatures(units: list[Unit]) -> list[Unit]:
    """Return the units; who issued a notice, each body on its line over the day, is its text.

    Else the first of them would head the next article.
    """
    for place, unit in enumerate(units):
        signed = cues.SIGN_OFF.fullmatch(unit.text)
        dated = cues.DAY.fullmatch(unit.text) or (signed and signed["day"])
        if unit.part is Part.FURNITURE or not dated:
            continue
        above = reversed(units[max(0, place - _MOST_SIGN) : place])
        n = sum(1 for _ in takewhile(_may_issue, above))
        if place - n and units[place - n - 1].part is Part.BODY:
            for at in range(place - n, place + 1):
                units[at] = replace(units[at], part=Part.BODY)
    return units


def _may_issue(unit: Unit) -> bool:
    return unit.part in (Part.HEAD, Part.BODY) and bool(cues.SIGN_OFF.fullmatch(unit.text))


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
    if (
        unit.part is Part.HEAD
        and cues.IN_BRACKETS.fullmatch(unit.text)
        and (following is None or following.part is not Part.BODY)
    ):
        return replace(unit, part=Part.BODY)  # （散文）, under its last line
    if unit.part is Part.HEAD and cues.LABELLED.match(unit.text):
        beside = [one for one in (before, following) if one and one.part is not Part.FURNITURE]
        if any(
            cues.LABELLED.match(one.text) and len(one.text) <= _LABELLED_CHARS for one in beside
        ):
            return replace(unit, part=Part.BODY)
    if unit.part is Part.HEAD and _n_cells(unit) >= _FEWEST_CELLS and _in_rows(units, place):
        return replace(unit, part=Part.BODY)
    if unit.part is Part.HEAD and before is not None and _signs_off(unit, before, following):
        return replace(unit, part=Part.BODY)
    if unit.part is Part.HEAD and following is not None and cues.DAY.fullmatch(following.text):
        return replace(unit, part=Part.BODY)
    if (
        unit.part is Part.BODY
        and asks
        and len(unit.widths) == 1
        and len(unit.text) <= 30
        and not unit.column
        and "。" not in unit.text
        and not cues.ASKED.match(unit.text)
        and following is not None
        and (
            following.opener or following.part is Part.BYLINE or (unit.blanks and following.blanks)
        )
    ):
        return replace(unit, part=Part.HEAD)
    return unit
