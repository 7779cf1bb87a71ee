"""Lines that belong together, and what their own words and type show them to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from corpus import cues
from corpus.furniture import Page
from corpus.sidecar import Correction
from corpus.signatures import is_credit, is_signature
from corpus.sources import Line, first_space, merge
from corpus.types import Printed, SetLine

RIGHT_ALIGNED = 10
"""An indent this wide sets a signature to the right."""

_HEAD_CHARS = 64
_VERSE_CHARS = 12  # a line in two halves (青山不老。绿水长流); more with a full stop inside is text


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


def is_row(line: Line) -> bool:
    """Tell whether a line is the row of a table."""
    return line.is_row or cues.is_table_row(line.text)


def unit_of(held: Sequence[Line], first: int, *, source: str, page: Page, column: int) -> Unit:
    """Return lines as one unit; `first` is the index of the first, `column` its column's width."""
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
        right=held[0].indent >= RIGHT_ALIGNED and not held[0].blanks,
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
    if len(held) <= 2 and is_credit(text):
        return Part.CREDIT
    if len(held) <= 2 and is_signature(text):
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
        and not any(map(is_row, held))
        and not cues.goes_on(text)
        and not cues.CAME_FROM.match(text)
        and re.search(r"[\u3400-\u9fff]", text)
    ):
        return Part.HEAD
    return Part.BODY
