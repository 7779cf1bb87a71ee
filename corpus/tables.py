"""Tables as they are kept: a row is a passage, its cells parted by a bar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

CELLS_PART = "|"
"""What is put between the cells of a row: a space alone would be lost, and figures run together."""

_FIGURE = re.compile(r"[\d.,，%％+−-]*\d[\d.,，%％+−-]*")
_YEAR = re.compile(r"(?:19|20)\d\d")


def columns_over(texts: Sequence[str], row: str) -> str | None:
    """Return the row of a table that names its columns, over another row of it, or None.

    It is the first of the rows with as many cells that stand one below the other; but not where
    it holds a figure over a figure, for a table without names has data in its first row. A year
    may be a name.

    Args:
        texts: The paragraphs above the row, in order.
        row: The row.

    >>> columns_over(["共三年。", "年份|家数", "2020|31"], "2021|35")
    '年份|家数'
    """
    cells = row.split(CELLS_PART)
    if len(cells) == 1:
        return None
    above = list(takewhile(lambda one: one.count(CELLS_PART) == len(cells) - 1, reversed(texts)))
    names = above[-1].split(CELLS_PART) if above else cells
    if any(map(_is_figure_over_figure, names, cells)):
        return None
    return CELLS_PART.join(names) if above else None


def _is_figure_over_figure(name: str, cell: str) -> bool:
    figures = _FIGURE.fullmatch(name.strip()) and _FIGURE.fullmatch(cell.strip())
    return bool(figures) and not _YEAR.fullmatch(name.strip())
