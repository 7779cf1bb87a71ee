"""Glyphs of a page to runs: stretches of one printed line that nothing parts.

On a page whose lines run downwards from right to left everything is turned, so that what follows
sees lines that run to the right, one below the other, whatever the page's direction.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from corpus.glyphs import Glyph, Sheet

GUTTER = 0.9  # em; characters further apart stand in two runs
_ASCENT = 0.88  # em above the baseline that a character takes
_SAME_LINE = 0.4  # em that baselines of one line may differ by
_OVERLAP = 0.8  # em that a character may reach back over the one before it
_MARKS_APART = 1.1  # em of white between a closing and an opening mark of one line
_OPENING, _CLOSING = "（《〈「『【〔“‘", "，。、；：！？）》〉」』】〕”’"
_WORD_GAP = 0.18  # em that parts Latin words
_PHRASE_GAP = 0.7  # em that parts Chinese phrases
_SPACE_GAP = 0.15  # em more than usual on its line that parts Chinese words


@dataclass(frozen=True, slots=True)
class Cell:
    """One character in the turned page: the place it takes, not its ink.

    Attributes:
        glyph: The character.
        left: Points along its line.
        right: Where the next character may stand.
        base: The baseline, points down.
    """

    glyph: Glyph
    left: float
    right: float
    base: float


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Characters of one line that nothing parts.

    Attributes:
        cells: In the order of reading, at least one.
        size: The size of most of them, points.
        order: Where its first character stands in the file's stream.
        left: Points from the turned page's left edge.
        right: Likewise.
        top: Points from its top edge.
        bottom: Likewise.
    """

    cells: tuple[Cell, ...]
    size: float
    order: int
    left: float = field(init=False)
    right: float = field(init=False)
    top: float = field(init=False)
    bottom: float = field(init=False)

    def __post_init__(self) -> None:
        """Work out the box around the cells."""
        base = Counter(cell.base for cell in self.cells).most_common(1)[0][0]
        object.__setattr__(self, "left", _ink_left(self.cells[0]))
        object.__setattr__(self, "right", max(_ink_right(cell) for cell in self.cells))
        object.__setattr__(self, "top", base - _ASCENT * self.size)
        object.__setattr__(self, "bottom", base + (1 - _ASCENT) * self.size)

    @property
    def bold(self) -> bool:
        """Whether most characters are bold."""
        return 2 * sum(cell.glyph.bold for cell in self.cells) > len(self.cells)


def find_runs(sheet: Sheet) -> tuple[list[Run], bool]:
    """Return the runs of a page in the order of its stream, and whether its lines run down."""
    down = _runs_down(sheet.glyphs)
    stretches: list[list[Cell]] = []
    for cell in _cells(sheet, down=down):
        last = stretches[-1][-1] if stretches else None
        if last and _goes_on(last, cell):
            stretches[-1].append(cell)
        else:
            stretches.append([cell])
    order = 0
    runs = []
    for stretch in stretches:
        runs.append(_run(stretch, order))
        order += len(stretch)
    return _joined(runs), down


def text_of(cells: Sequence[Cell]) -> str:
    """Return the text of a line, a space where one parts words or phrases."""
    usual = _usual_gap(cells)
    text = cells[0].glyph.char
    for before, cell in pairwise(cells):
        gap = _gap(before, cell)
        if before.glyph.char.isascii() and cell.glyph.char.isascii():
            text += " " if cell.glyph.spaced or gap > _WORD_GAP else ""
        elif gap > _PHRASE_GAP or (cell.glyph.spaced and gap > _PHRASE_GAP / 2):
            text += "\u3000"
        elif gap > usual + _SPACE_GAP and _are_words(before, cell):
            text += " "
        text += cell.glyph.char
    return text


def _gap(before: Cell, cell: Cell) -> float:
    """Return the white between two cells of a line, em."""
    return (cell.left - before.right) / max(before.glyph.em, cell.glyph.em)


def _usual_gap(cells: Sequence[Cell]) -> float:
    """Return the median white between the Chinese characters of a line, em."""
    gaps = [_gap(before, cell) for before, cell in pairwise(cells) if _are_words(before, cell)]
    return median(gaps) if gaps else 0.0


def _are_words(before: Cell, cell: Cell) -> bool:
    """Tell whether two cells are Chinese characters, not marks."""
    return all("\u4e00" <= one.glyph.char <= "\u9fff" for one in (before, cell))


def is_wide(char: str) -> bool:
    """Tell whether a character takes a whole em."""
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—·"


def _runs_down(glyphs: Sequence[Glyph]) -> bool:
    """Tell whether most characters are followed by one below, not one to the right."""
    down = right = 0
    for before, glyph in pairwise(glyphs):
        across, below = glyph.x - before.x, glyph.y - before.y
        near = 1.6 * before.em
        down += abs(across) < 0.3 * before.em and 0.4 * before.em < below < near
        right += abs(below) < 0.3 * before.em and 0.2 * before.em < across < near
    return down > right


def _cells(sheet: Sheet, *, down: bool) -> Iterator[Cell]:
    """Yield the characters' cells; those of one glyph, such as a ligature, follow each other."""
    last: Cell | None = None
    for glyph in sheet.glyphs:
        cell = _cell(glyph, sheet.width, down=down)
        if last and (last.glyph.x, last.glyph.y) == (glyph.x, glyph.y):
            cell = replace(cell, left=last.right, right=last.right + cell.right - cell.left)
        yield cell
        last = cell


def _cell(glyph: Glyph, width: float, *, down: bool) -> Cell:
    em = glyph.em
    if not down:
        takes = em if is_wide(glyph.char) else min(glyph.advance, em)
        return Cell(glyph, glyph.x, glyph.x + takes, glyph.y)
    if glyph.turned:
        start, right_edge, takes = glyph.y, glyph.x + _ASCENT * em, em / 2
    else:
        start, right_edge, takes = glyph.y - _ASCENT * em, glyph.x + em, em
    return Cell(glyph, start, start + takes, width - right_edge + _ASCENT * em)


def _repeats(last: Run, run: Run) -> bool:
    """Tell whether a run is printed over one just like it, to make it look bold."""
    return (
        abs(last.left - run.left) < 0.15 * run.size
        and abs(last.bottom - run.bottom) < 0.15 * run.size
        and [cell.glyph.char for cell in last.cells] == [cell.glyph.char for cell in run.cells]
    )


def _ink_left(cell: Cell) -> float:
    """Return where a character's ink may start: an opening mark hangs out of its column."""
    return cell.left + (cell.glyph.em / 2 if cell.glyph.char in _OPENING else 0.0)


def _ink_right(cell: Cell) -> float:
    """Return where a character's ink ends: a closing mark at a line's end hangs out likewise."""
    return cell.right - (cell.glyph.em / 2 if cell.glyph.char in _CLOSING else 0.0)


def _goes_on(last: Cell, cell: Cell) -> bool:
    em = max(last.glyph.em, cell.glyph.em)
    marks = last.glyph.char in _CLOSING and cell.glyph.char in _OPENING
    ink_gap = _ink_left(cell) - _ink_right(last)
    return (
        abs(last.base - cell.base) < _SAME_LINE * em
        and -_OVERLAP * em < cell.left - last.right
        and ink_gap < (_MARKS_APART if marks else GUTTER) * em
        and cell.left > last.left
    )


def _run(cells: Sequence[Cell], order: int) -> Run:
    size = Counter(cell.glyph.em for cell in cells).most_common(1)[0][0]
    return Run(tuple(cells), size, order)


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Return the runs, those that the stream had torn apart on one line joined."""
    kept: list[Run] = []
    for run in sorted(runs, key=lambda run: (round(run.bottom / 2), run.left)):
        if kept and _repeats(kept[-1], run):
            continue
        if (
            kept
            and abs(kept[-1].bottom - run.bottom) < 0.2 * run.size
            and abs(kept[-1].size - run.size) < 0.5 * run.size
            and _goes_on(kept[-1].cells[-1], run.cells[0])
        ):
            order = min(kept[-1].order, run.order)
            kept[-1] = _run([*kept[-1].cells, *run.cells], order)
        else:
            kept.append(run)
    return sorted(kept, key=lambda run: run.order)
