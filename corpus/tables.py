"""Tables as they are kept: a row is a passage, its cells parted by a bar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from corpus.plain_tables import CELLS_PART
from corpus.types import Passage

_N_KEPT = 32
_FIGURE = re.compile(r"[\d.,，%％+−-]*\d[\d.,，%％+−-]*")
_DIGIT = re.compile(r"\d")
_NUMBERS = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def columns_in(passages: Sequence[Passage]) -> Mapping[str, str]:
    """Return for each row of a table, by its passage id, the row that names its columns.

    It is the first of the rows with as many cells that stand one below the other; but not where
    it holds a figure over a figure, or 票价2元 over 票价3元, for a table without names has data in
    its first row. A year may be a name. Of two columns the second has figures, for else the first
    may be the names: of who arranges something, and of the place.

    Args:
        passages: Those of an article, in order.

    >>> texts = ["共三年。", "年份|家数", "2020|31", "2021|35"]
    >>> columns_in([Passage(f"p{n}", text, ()) for n, text in enumerate(texts)])
    {'p2': '年份|家数', 'p3': '年份|家数'}
    """
    return _columns_in(_Same(tuple(passages)))


class _Same:
    """The passages of an article, equal to the same object alone; to compare texts takes long."""

    def __init__(self, passages: tuple[Passage, ...]) -> None:
        self.passages = passages

    def __hash__(self) -> int:
        return id(self.passages)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.passages is other.passages


@lru_cache(maxsize=_N_KEPT)
def _columns_in(same: _Same) -> dict[str, str]:
    """Return what `columns_in` does; a question asks it of one article again and again."""
    found: dict[str, str] = {}
    passages = same.passages
    rows = [(passage.id, passage.text.split(CELLS_PART)) for passage in passages]
    for n_cells, table in groupby(rows, key=lambda row: len(row[1])):
        (_, names), *below = table
        if n_cells == 1 or (n_cells == 2 and not all(map(_has_figure, below))):
            continue
        for passage_id, cells in below:
            if not any(map(_is_figure_over_figure, names, cells)):
                found[passage_id] = CELLS_PART.join(names)
    return found


def _has_figure(row: tuple[str, Sequence[str]]) -> bool:
    return _DIGIT.search(row[1][-1]) is not None


def _is_figure_over_figure(name: str, cell: str) -> bool:
    """Tell whether one cell is a figure below a figure, or says the same of another: 票价2元."""
    name, cell = name.strip(), cell.strip()
    figures = _FIGURE.fullmatch(name) and _FIGURE.fullmatch(cell)
    alike = _DIGIT.search(name) and _NUMBERS.sub("0", name) == _NUMBERS.sub("0", cell)
    return bool(figures or alike) and not _YEAR.fullmatch(name)
