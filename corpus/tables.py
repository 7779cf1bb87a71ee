"""Tables as they are kept: a row is a passage, its cells parted by a bar."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.types import Passage

CELLS_PART = "|"
"""What is put between the cells of a row: a space alone would be lost, and figures run together."""

_FIGURE = re.compile(r"[\d.,，%％+−-]*\d[\d.,，%％+−-]*")
_YEAR = re.compile(r"(?:19|20)\d\d")


def columns_in(passages: Sequence[Passage]) -> dict[str, str]:
    """Return for each row of a table, by its passage id, the row that names its columns.

    It is the first of the rows with as many cells that stand one below the other; but not where
    it holds a figure over a figure, for a table without names has data in its first row. A year
    may be a name.

    Args:
        passages: Those of an article, in order.

    >>> texts = ["共三年。", "年份|家数", "2020|31", "2021|35"]
    >>> columns_in([Passage(f"p{n}", text, ()) for n, text in enumerate(texts)])
    {'p2': '年份|家数', 'p3': '年份|家数'}
    """
    found: dict[str, str] = {}
    names: list[str] = []
    for passage in passages:
        cells = passage.text.split(CELLS_PART)
        if len(cells) != len(names):
            names = cells
        elif len(cells) > 1 and not any(map(_is_figure_over_figure, names, cells)):
            found[passage.id] = CELLS_PART.join(names)
    return found


def _is_figure_over_figure(name: str, cell: str) -> bool:
    figures = _FIGURE.fullmatch(name.strip()) and _FIGURE.fullmatch(cell.strip())
    return bool(figures) and not _YEAR.fullmatch(name.strip())
