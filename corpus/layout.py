"""How an issue is set: its columns' widths, and what tells its paragraphs apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus import cues
from corpus.furniture import Page
from corpus.parting import INDENT, article_starts
from corpus.plain_tables import are_paragraphs
from corpus.signatures import is_credit, is_signature
from corpus.sources import Line
from corpus.text import HAN, width

NEAR = 3  # columns by which a justified line may miss its column's width
LOST_INDENT = 4
_WINDOW = 6  # lines looked at on each side to learn the column's width
_MIN_COLUMN = 18
_FEWEST_LINES, _SAME_SIZE = 20, 0.4  # of a text, and the share of them broken alike
_FEWEST_FOLDED, _FOLDED = 6, 0.9  # lines that go on, and the share of them broken alike
_FOLD_CHARS = 12  # no text that is no verse is broken after fewer
_SLACK = 2  # what a line may fall short of its column though nothing more fits in
_TOKEN = re.compile(r"[“‘（《「『【(]*(?:[\x21-\x7e]+|.)[，。、；：！？”’）》」』】%…—]*")
_UNPARTED = re.compile(r"(?=[\x21-\x7e]*[\d@.])[\x21-\x7e]{4}")


@dataclass(frozen=True, slots=True)
class Setting:
    """How an issue is set.

    Attributes:
        columns: For each line the width of the column it fills, 0 where it fills none; first for
            it as a line inside a paragraph, then as the first of one.
        indented: Whether paragraphs are indented.
        loses_indent: Whether they were, and the extraction lost it: first lines are short.
        blanks_part: Whether a blank line always parts paragraphs.
        whole_lines: Whether each line is a whole paragraph, as in a text that no column broke.
        blocks: Where the layout parts the articles, their first lines, and how many lines the
            headline has that each begins, 0 for none; empty where it does not.
        chars: The number of characters that lines were broken by, if by that; else 0.
        folded: That number, where indents and blank lines alone part paragraphs; else 0.
    """

    columns: Sequence[tuple[int, int]]
    indented: bool
    loses_indent: bool
    blanks_part: bool
    whole_lines: bool
    blocks: Mapping[int, int]
    chars: int
    folded: int


def find_setting(lines: Sequence[Line], page: Page) -> Setting:
    """Return how the lines of an issue are set."""
    indented = _uses_indent(lines)
    return Setting(
        columns=_columns(lines, page, lost_indent=0 if indented else LOST_INDENT),
        indented=indented,
        loses_indent=not indented and _loses_indent(lines),
        blanks_part=_blanks_part(lines, page),
        whole_lines=are_paragraphs([line.text for line in lines]),
        blocks=article_starts(lines, page),
        chars=_broken_by(lines),
        folded=_folded_by(lines),
    )


def page_tells(line: Line, following: Line) -> bool | None:
    """Tell from the page alone whether the following line goes on, None where it does not show."""
    told, other = line.told, following.told
    if told is None or other is None:
        return None
    if (told.kind, told.caption) != (other.kind, other.caption) or told.kind == "head":
        return False
    return None if other.begins is None else not other.begins


def has_room(line: Line, following: Line, *, column: int, indent: int = 0) -> bool:
    """Tell whether the first word of the following line would have fitted behind the line.

    Then something else than the column's width ended the line. Measured to err towards no: with
    the line's layout spaces, without those of the column, quotation marks set wide.
    """
    token = _TOKEN.match(following.text)
    needs = width(token.group()) if token else 2
    quotes = sum(line.text.count(mark) for mark in "“”‘’")
    return line.set_width + quotes + indent + needs + _SLACK <= column


def carries_over(line: Line, following: Line, *, column: int) -> bool:
    """Tell whether a line falls short of its column as what follows may not be parted.

    A number to call, a code or an address goes to the next line whole, with the mark before it.
    """
    token = _TOKEN.match(following.text)
    return bool(
        token
        and _UNPARTED.search(token.group())
        and HAN.search(line.text)
        and line.width >= column // 2
        and not following.blanks
        and not has_room(line, following, column=column)
    )


def _columns(lines: Sequence[Line], page: Page, *, lost_indent: int) -> list[tuple[int, int]]:
    """Return for each line the width of the column it fills, 0 where it fills none.

    A column's width is one that at least three lines nearby share. Two answers a line: for it as
    a line inside a paragraph, and as the first of one, whose indent the extraction may have lost.
    """
    found = []
    signs = [is_signature(line.text) or is_credit(line.text) for line in lines]
    for index, line in enumerate(lines):
        near = [
            lines[place]
            for place in range(max(0, index - _WINDOW), min(len(lines), index + _WINDOW + 1))
            if place not in page.furniture and place != index and not signs[place]
        ]
        lead = min(line.indent, LOST_INDENT) if line.indent >= INDENT else lost_indent
        # a justified line reaches its column with its layout spaces or without them
        widths = [other.width for other in near]
        set_widths = [other.set_width for other in near]
        inside = _shared(widths, line.width) or _shared(set_widths, line.set_width)
        first = _shared(widths, line.width + lead) or _shared(set_widths, line.set_width + lead)
        found.append((inside, inside or first))
    return found


def _shared(near: Sequence[int], wanted: int) -> int:
    """Return the middle of the widths close to the wanted one, 0 where fewer than two are."""
    alike = sorted(other for other in near if abs(other - wanted) <= NEAR)
    return alike[len(alike) // 2] if len(alike) >= 2 and wanted >= _MIN_COLUMN else 0


def _uses_indent(lines: Sequence[Line]) -> bool:
    """Tell whether paragraphs are indented: most lines after a finished short line are, or each."""
    begins = [
        line
        for before, line in pairwise(lines)
        if cues.is_closed(before.text) and before.width + 2 * NEAR < line.width
    ]
    close = [line for line in begins if not line.blanks]  # a headline has blank lines above it
    begins = close if len(close) >= 3 else begins
    shown = sum(line.indent >= INDENT for line in begins)
    return (len(begins) >= 3 and shown >= 0.6 * len(begins)) or _indents_each(lines)


def _indents_each(lines: Sequence[Line]) -> bool:
    """Tell whether just the lines after a finished one are indented, as where each is a paragraph.

    Of lines that are broken some end with a sentence, and the next is not indented; a headline is
    not either, but what stands below it.
    """
    begun = [
        line
        for before, line, after in zip(lines, lines[1:], [*lines[2:], None], strict=False)
        if cues.is_closed(before.text)
        and (cues.is_closed(line.text) or not after or after.indent < INDENT)
    ]
    going_on = [
        line
        for before, line in pairwise(lines)
        if not (cues.is_closed(before.text) or line.blanks) and before.width >= _MIN_COLUMN
    ]
    n_indented = sum(line.indent >= INDENT for line in lines)
    return (
        n_indented >= 2
        and len(begun) > 0
        and all(line.indent >= INDENT for line in begun)
        and not any(line.indent >= INDENT for line in going_on)
    )


def _loses_indent(lines: Sequence[Line]) -> bool:
    """Tell whether the first lines of paragraphs are mostly narrower by what an indent takes."""
    begins = lost = 0
    for (before, line), after in zip(pairwise(lines), lines[2:], strict=False):
        if (
            cues.is_closed(before.text)
            and before.width + 2 * NEAR < line.width
            and not cues.is_closed(line.text)
            and not after.blanks
        ):
            begins += 1
            lost += LOST_INDENT - 1 <= after.set_width - line.set_width <= LOST_INDENT + 1
    return begins >= 3 and lost >= 0.5 * begins


def _blanks_part(lines: Sequence[Line], page: Page) -> bool:
    """Tell whether a blank line always parts paragraphs: hardly any stands inside a sentence."""
    blank = inside = 0
    for index, (before, line) in enumerate(pairwise(lines)):
        if not line.blanks or index in page.furniture or index + 1 in page.furniture:
            continue
        blank += 1
        breaks_off = not cues.is_closed(before.text) and before.text[-1] in "，、；"
        inside += breaks_off or cues.balance(before.text) > 0
    return blank >= 6 and inside <= 0.02 * blank


def _broken_by(lines: Sequence[Line]) -> int:
    """Return after how many characters, wide or not, lines were broken: most have as many, or 0.

    Where a column broke them, rather as many are as wide.
    """
    if len(lines) < _FEWEST_LINES:
        return 0
    (size, same), *_ = Counter(line.n_chars for line in lines).most_common(1)
    _, as_wide = Counter(line.width for line in lines).most_common(1)[0]
    return size if same >= max(_SAME_SIZE * len(lines), 1.5 * as_wide) else 0


def _folded_by(lines: Sequence[Line]) -> int:
    """Return after how many characters nearly each line is broken that another follows, or 0.

    That is one below which neither a blank line nor an indent begins a paragraph.
    """
    sizes = Counter(
        line.n_chars
        for line, following in pairwise(lines)
        if line.told is None and not (following.blanks or following.indent >= INDENT)
    )
    if sizes.total() < _FEWEST_FOLDED:
        return 0
    (size, _), *_ = sizes.most_common(1)
    alike = sum(sizes[size + by] for by in (-1, 0, 1))  # a mark that may open no line is moved
    return size if size >= _FOLD_CHARS and alike >= _FOLDED * sizes.total() else 0


def goes_on_folded(line: Line, following: Line, *, setting: Setting, first: bool) -> bool:
    """Tell whether a line was broken after as many characters as all are, and so goes on.

    Where paragraphs are indented a first line that is not is a headline's, and may be as long.
    """
    return bool(
        setting.folded
        and abs(line.n_chars - setting.folded) <= 1
        and not (first and setting.indented and line.indent < INDENT)
        and not (following.blanks or following.indent >= INDENT)
    )
