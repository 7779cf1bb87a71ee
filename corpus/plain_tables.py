"""Tables of a plain text: lines whose cells tabs or wide gaps set apart.

The spaces of layout are dropped when lines are read, and figures of two cells would run together.
So a bar is put into each gap, in place of one of its spaces: every other character stays where the
file has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, groupby

CELLS_PART = "|"
"""What is put between the cells of a row: a space alone would be lost, and figures run together."""

PARAGRAPH_CHARS = 60
"""Characters of a line that no column has: such a line is a whole paragraph, or none is."""

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_TAB = re.compile(r"(?<!\|)\t")
_NO_TAB = " \u3000\xa0"  # at the ends of a line; a tab there is that of an empty cell
_TABS = re.compile(r"(?<![|\t])\t+")
_GAP = re.compile(r"(?<![| \t\u3000\xa0])(?:[ \t\u3000\xa0]{2,}|\t)")
_WIDE = re.compile(r"(?<![| \t\u3000\xa0])\u3000[ \t\u3000\xa0]*")
_SPACE = re.compile(r"(?<![| \t\u3000\xa0])[ \t\u3000\xa0]+")
_FIGURE = re.compile(r"[-+−]?\d[\d.,，:：]*[%％‰]?(?:元|万元|亿元|人|户|个|℃|点|分|站|公里)?")
_DIGIT = re.compile(r"\d")
_SENTENCE_ENDS = re.compile(r"[。！？；]")
_PARAGRAPH_ENDS = re.compile(
    r"[。！？!?：:；…][”’」』）)]*(?:[（(][^（()）]{1,20}[）)])?$|(?:电话|热线|邮箱|网址)[^，。]{0,30}$"
)
_PROSE = re.compile("[，。；]")
_ROLE = re.compile("作者|编辑|责编|责任|审核|校对|摄影|撰文|记者|通讯员|来源|本报")
_CELL_CHARS = 40  # no cell of a row that is set by gaps is longer
_SET_CHARS = 16  # and none that spaces set apart: those of running text in columns are
_LONG_CHARS, _SHORT_CHARS = 28, 8  # unless each row has a short one
_FEWEST_EDGED = 3  # cells of a row whose first may be empty; a tab before two is an indent
_FEWEST_SET = 3  # cells a row that spaces set apart; two are a signature, or a heading's
_FEWEST_ROWS = 3  # that single spaces part
_LONG_LINE = 24  # characters; of a column most lines are as long and end inside a sentence

Row = tuple[int, list[tuple[int, int]]]
"""Where a line begins in the text, and its gaps, counted from there."""


def with_bars(text: str) -> str:
    r"""Return a text, of the same length, with a bar in each gap between the cells of a table.

    A table has two lines or more, one below the other, with as many cells: of tabs, empty ones at
    the ends among them, or of gaps two spaces wide where there are three cells and, but for the
    first line, one is a figure. In three lines with two columns of figures a single space will do,
    if it is a wide one, or each line of the text is a whole paragraph, or all columns but the
    first are of figures alone.

    >>> with_bars("值班表\n日期\t姓名\n1日\t李明\n")
    '值班表\n日期|姓名\n1日|李明\n'
    >>> with_bars("日期\t姓名\t电话\n1日\t李明\t\n2日\t\t5521202")
    '日期|姓名|电话\n1日|李明|\n2日||5521202'
    >>> with_bars("1日  李明  5521201\n2日  王芳  5521202")
    '1日| 李明| 5521201\n2日| 王芳| 5521202'
    """
    if not _SPACE.search(text):
        return text
    chars: list[str] | None = None
    for start, gaps in _rows(text):
        chars = chars or list(text)
        for first, _ in gaps:
            chars[start + first] = CELLS_PART
    return "".join(chars) if chars else text


def _rows(text: str) -> Iterator[Row]:
    """Yield the rows of the tables in a text."""
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text)]
    taken: set[int] = set()
    whole = are_paragraphs([line.strip() for _, line in lines])
    last = _is_of_figures if whole else _is_all_figures
    for gap, edge, is_table in (
        (_TAB, _NO_TAB, _is_edged),
        (_TAB, None, _is_tabbed),
        (_TABS, None, _is_tabbed),
        (_GAP, None, _is_set),
        (_WIDE, None, _is_of_figures),
        (_SPACE, None, last),
    ):
        found = [(n, *_parted(line, gap, edge=edge)) for n, (_, line) in enumerate(lines)]
        free = [row for row in found if row[0] not in taken and any(row[2])]
        for (n_gaps, _), block in groupby(enumerate(free), key=_beside):
            rows = [row for _, row in block]
            if edge:  # a title over the first column, the others empty, is no row
                rows = list(dropwhile(lambda row: sum(map(bool, row[2])) == 1, rows))
            if n_gaps and len(rows) > 1 and is_table([cells for _, _, cells in rows]):
                taken.update(n for n, _, _ in rows)
                yield from ((lines[n][0], gaps) for n, gaps, _ in rows)


def _beside(numbered: tuple[int, tuple[int, list[tuple[int, int]], list[str]]]) -> tuple[int, int]:
    """Return what lines with as many gaps, one below the other, have in common."""
    place, (line, gaps, _) = numbered
    return len(gaps), line - place


def _parted(
    line: str, gap: re.Pattern[str], *, edge: str | None
) -> tuple[list[tuple[int, int]], list[str]]:
    """Return the gaps inside a line, and its cells.

    Args:
        line: The line.
        gap: What parts its cells.
        edge: The white space that is none of it at its ends, None for all.
    """
    lead = len(line) - len(line.lstrip(edge))
    body = line.strip(edge)
    gaps = [(lead + match.start(), lead + match.end()) for match in gap.finditer(body)]
    return gaps, [cell.strip() for cell in gap.split(body)]


def _is_edged(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows are of a table, a tab before or behind one being that of an empty cell."""
    whole = any(row[0] and row[-1] for row in rows)
    indented = len(rows[0]) < _FEWEST_EDGED and not all(row[0] for row in rows)
    return whole and not indented and _is_tabbed(rows)


def _is_tabbed(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows that tabs set apart are of a table, none of whose columns is empty."""
    if all(_ROLE.match(row[0]) for row in rows):
        return False
    return all(map(any, zip(*rows, strict=True))) and all(
        _is_cell(cell, _CELL_CHARS) for row in rows for cell in row
    )


def _is_set(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows that spaces set apart are of a table, not lines of running text."""
    longest = _LONG_CHARS if all(min(map(len, row)) <= _SHORT_CHARS for row in rows) else _SET_CHARS
    return (
        len(rows[0]) >= _FEWEST_SET
        and len({row[0] for row in rows}) > 1  # two bylines, with places and days
        and all(cell and _is_cell(cell, longest) for row in rows for cell in row)
        and any(all(map(_DIGIT.search, column[1:])) for column in zip(*rows, strict=True))
    )


def _is_of_figures(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows that single spaces part are of a table: two columns are of figures."""
    figures = [all(map(_DIGIT.search, column[1:])) for column in zip(*rows, strict=True)]
    return len(rows) >= _FEWEST_ROWS and sum(figures) >= 2 and _is_set(rows)


def _is_all_figures(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether all columns but the first are of figures alone, below their names."""
    figures = (cell for row in rows[1:] for cell in row[1:])
    return _is_of_figures(rows) and all(map(_FIGURE.fullmatch, figures))


def are_paragraphs(lines: Sequence[str]) -> bool:
    """Tell whether each line of a text is a whole paragraph: the long ones end as sentences do.

    Where none is so long that no column has it, those that are longer than most headlines do. What
    has no sign of a sentence, as a row of figures, does not tell.
    """
    prose = [line for line in lines if _PROSE.search(line)]
    for least, fewest, share in ((PARAGRAPH_CHARS, 3, 0.9), (_LONG_LINE, 2, 0.75)):
        long = [line for line in prose if len(line) >= least]
        if len(long) >= fewest:
            whole = sum(bool(_PARAGRAPH_ENDS.search(line)) for line in long)
            return whole >= share * len(long)
    return False


def _is_cell(cell: str, longest: int) -> bool:
    return len(cell) <= longest and not _SENTENCE_ENDS.search(cell)
