"""The cell of a table's row that is asked for, told by the name of its column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from corpus.plain_tables import CELLS_PART
from corpus.text import fold, has_term
from corpus.types import Range
from qa.quoting.columns import (
    IN_BRACKETS,
    OF_A_KIND,
    OF_MONEY,
    OF_RANKS,
    SHARES,
    bare,
    by_kind,
    counts_people,
    is_another,
    prices,
    share_in,
    tells_also,
)
from qa.quoting.slot import Kind
from qa.search.coverage import Coverage, Weighed

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPEAKS = 0.5
"""From here on a text speaks of a word: has it, or a translation of it."""

_HEADED = 0.6  # and a headline, whose 菜价 has half of 白菜
_LEAST = 0.3  # the share of all that the row has not that the column speaks of
_NAMED = 0.5  # the share of a column's name that the question has
_NEARLY, _BY_FAR = 0.4, 0.1  # how well one of several prices' columns has a word, and by how much
_NTH = re.compile(r"第(\d+)")
_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
_PERIODS = tuple(
    (re.compile(rf"\b{then} (?:week|month|year|term|quarter|season)\b"), re.compile(in_chinese))
    for then, in_chinese in (("this", "[本今这]"), ("(?:last|previous)", "[上去前]"))
)
"""An English word for a time seen from now, and how the name of a column tells it."""

_OF_ALL = re.compile(
    r"总.?|合计|一共|共[有计]|全部|\b(?:total|altogether|overall|in all|combined)\b"
)
_TOTAL = re.compile(
    r"\s*(?:总\s*)?(?:合\s*计|总\s*计|共\s*计|总\s*[数和]|全[区市县省国镇乡村校院厂])\s*"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row of a table has to what is asked.

    Attributes:
        place: Where the cell that is asked for stands in the row; None where that is not sure.
        told: It, behind the name of its column and before its unit; empty where there is none.
        is_told: False where something is asked of which neither the row speaks, nor any column,
            nor the headline; of another row, as far as can be told; or of an empty cell.
        is_most: Whether it names the row that has the most, or the least, as was asked.
    """

    place: Range | None = None
    told: str = ""
    is_told: bool = True
    is_most: bool = False


def asks_for_all(asked: str, words: Sequence[Weighed], *, names: str, row: str) -> bool:
    """Tell whether a question asks for what a table's rows come to together, not for a row.

    Args:
        asked: The question, folded.
        words: Its words, weighed.
        names: The row that names the columns, as printed.
        row: A row, as printed.

    >>> asks_for_all("总人口多少?", (), names="街道|人口", row="白鹭街道|3")
    True
    >>> asks_for_all("白鹭总人口?", (), names="街道|人口", row="白鹭街道|3")
    False
    """
    columns, label = fold(names), fold(row.split(CELLS_PART)[0])
    if all(said in columns for said in _OF_ALL.findall(asked)):  # 总产值 may be a column
        return False
    label = label.replace(columns.split(CELLS_PART)[0], "") or label
    terms = (term for word in words for term, _ in word.terms)
    return not label or not (has_term(label, asked) or any(one in label for one in terms))


def is_total(row: str) -> bool:
    """Tell whether a row is of what the others come to.

    >>> is_total("合 计|13.1"), is_total("总装车间|13.1")
    (True, False)
    """
    return _TOTAL.fullmatch(row.split(CELLS_PART)[0]) is not None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table, held against a question.

    Attributes:
        asked: The question, folded.
        kind: What its gap asks for, if anything.
        words: Its words.
        columns: The names of the columns.
        cells: The row's cells.
        label: The column that names the rows: the first, or what stands behind their ranks.
        of_columns: How well each column's name has each word, shape (columns, words).
        of_label: Which words the row's name says, and not the name of its column, shape (words,).
        weights: What the words weigh that do not say which row is meant, shape (words,).
        unsaid: Which of them the headline does not say either, shape (words,).
        figures: Which words are figures, shape (words,).
        is_named: Which cells the question names, shape (columns,).
        is_this: Whether the question says that this row is meant.
        prices: The columns of prices, where one is asked for.
        of_all: Whether what all rows come to is asked for.
    """

    asked: str
    kind: Kind | None
    words: Sequence[Weighed]
    columns: Sequence[str]
    cells: Sequence[str]
    label: int
    of_columns: NDArray[np.float64]
    of_label: NDArray[np.bool_]
    weights: NDArray[np.float64]
    unsaid: NDArray[np.bool_]
    figures: NDArray[np.bool_]
    is_named: NDArray[np.bool_]
    is_this: bool
    prices: Sequence[int]
    of_all: bool

    @property
    def speaks(self) -> NDArray[np.bool_]:
        """Which columns speak of which words, shape (columns, words)."""
        return self.of_columns >= SPEAKS

    @property
    def nowhere(self) -> NDArray[np.bool_]:
        """Which words neither the row says, nor any column, nor the headline."""
        told: NDArray[np.bool_] = self.unsaid & ~self.speaks.any(axis=0)
        return told

    def worth(self) -> NDArray[np.float64]:
        """Return how much speaks for each column, 0 where nothing does, shape (columns,)."""
        columns, asked = self.columns, self.asked
        named = np.array([share_in(asked, bare(name)) for name in columns])
        also = np.array([tells_also(self.kind, asked, bare(name)) for name in columns])
        share = also + self.of_columns @ self.weights / (self.weights.sum() or 1.0)
        spoken = self.speaks[:, self.weights > 0].any(axis=1)
        likely = (named >= _NAMED) | ((share > _LEAST) & spoken) | also
        of_row = bool(likely[self.label] and self.of_label.any() and not also[self.label])
        likely[self.label] &= not of_row  # 营业厅, of 城关厅
        of_shares = np.array([SHARES.search(name) is not None for name in columns])
        if likely[~of_shares].any() and not SHARES.search(asked):
            likely &= ~of_shares  # 得票数, and not 得票率
        counts = self.kind == "how many"  # 面积多大 is no other figure
        if self.kind in ("who", "when", "where") and likely.sum() == likely[self.label]:
            likely[self.label] = False  # 奖项, of 金奖
        if not likely.any() and self.kind and not (of_row and counts) and not self.prices:
            likely = by_kind(self.kind, asked, columns, self.cells)
            share = share + likely
        if not likely.any() and len(self.prices) == 1:
            likely[self.prices] = True
            share = share + likely
        for then, in_chinese in _PERIODS:
            if then.search(asked):
                of_then = np.array([in_chinese.search(name) is not None for name in columns])
                likely &= of_then | (not of_then.any())
        likely &= ~self.is_named
        likely[self.label] &= not self.of_all  # which names the row
        return np.where(likely, named + share, 0.0)

    def one_of_prices(self) -> Sequence[int]:
        """Return the column of several prices that a word tells by far; else all of them."""
        near = (self.of_columns * (self.weights > 0)).max(axis=1, initial=0)[self.prices]
        first = int(near.argmax())
        by_far = near[first] >= np.delete(near, first).max(initial=0) + _BY_FAR
        return [self.prices[first]] if by_far and near[first] >= _NEARLY else self.prices

    def is_told(self, *, is_likely: bool) -> bool:
        """Tell whether nothing is asked that nothing here speaks of, nor another row is meant.

        Args:
            is_likely: Whether a column is found that may tell it.
        """
        of_first = _FIGURES.findall(fold(self.cells[0]))
        row = fold(CELLS_PART.join(self.cells))
        unsaid = self.unsaid
        return (
            (self.is_this or not self.of_all)
            and all(one in of_first or f"第{one}" in row for one in _NTH.findall(self.asked))
            and not (self.nowhere & (self.figures | (not self.is_this))).any()
            and (not unsaid.any() or is_likely or bool(self.speaks[:, unsaid].any()))
        )


def cell_asked(
    words: Sequence[Weighed],
    coverage: Coverage,
    *,
    asked: str,
    kind: Kind | None,
    said: NDArray[np.bool_],
    in_range: NDArray[np.bool_],
    names: str,
    row: str,
    headline: str,
) -> Cell:
    """Return the cell that is asked for.

    It is in the column of whose name the question has most, and that speaks most of what the
    question has and the row has not, or else in the one that tells who, when or where, or a price;
    never one that the question names itself. Where several prices are told, none is marked.

    Args:
        words: The question's, weighed.
        coverage: Tells which of them a text speaks of.
        asked: The question, folded.
        kind: What its gap asks for, if anything.
        said: Which of the words the issue's date says, shape (words,).
        in_range: Which are figures that fall in a range of the row, shape (words,).
        names: The row that names the columns, as printed.
        row: The row, with as many cells.
        headline: Of the article.
    """
    columns, cells = names.split(CELLS_PART), row.split(CELLS_PART)
    label = int(len(columns) > 1 and OF_RANKS.search(columns[0]) is not None)
    told = coverage.of_texts(words, [fold(text) for text in (*columns, *cells, headline)])
    of_columns, of_cells, of_headline = np.split(told, [len(columns), -1])
    of_columns[[not counts_people(asked, name) for name in columns]] = 0
    figures = np.array([word.word[0].isdigit() for word in words], dtype=np.bool_)
    parted = [word.word in _FIGURES.findall(fold(row)) for word in words]  # 20 is none of 6:20
    here = in_range | ((of_cells.max(axis=0) >= SPEAKS) & (~figures | parted))
    of_all = asks_for_all(asked, words, names=names, row=row)
    if of_all:
        here |= [word.word in ("总", *_OF_ALL.findall(asked)) for word in words]
    priced = prices(kind, asked, columns, cells, headline=headline)
    if priced:
        said = said | np.array([OF_MONEY.fullmatch(word.word) is not None for word in words])
    ends = "".join(OF_A_KIND.findall(fold(cells[label])))
    of_kind = (of_columns[label] >= SPEAKS) | [word.word in ends for word in words]
    of_label = (of_cells[label] >= SPEAKS) & ~of_kind & ~figures & (kind not in ("who", "which"))
    weights = np.array([word.weight for word in words])
    weights[said | here | (of_kind & of_label.any())] = 0  # it says which row is meant
    is_named = np.array([bool(cell) and has_term(fold(cell), asked) for cell in cells])
    of_first = _FIGURES.findall(fold(cells[0]))  # line 12, of 12路
    is_named[0] |= any(word.word in of_first for word in words)
    found = _Row(
        asked=asked,
        kind=kind,
        words=words,
        columns=columns,
        cells=cells,
        label=label,
        of_columns=of_columns,
        of_label=of_label,
        weights=weights,
        unsaid=(weights > 0) & (of_headline[0] < _HEADED),
        figures=figures,
        is_named=is_named,
        is_this=is_total(row)
        if of_all
        else bool((here & ~said & ~of_kind).any() or is_named.any()),
        prices=priced,
        of_all=of_all,
    )
    another = is_another(asked, bare(fold(cells[label])), fold(columns[label]))
    return _cell(found, is_another=another and not in_range.any())


def _cell(found: _Row, *, is_another: bool) -> Cell:
    """Return the cell of a row that is asked for; of no use where another row is meant."""
    worth = found.worth()
    is_told = found.is_told(is_likely=bool(worth.any() or found.prices)) and not is_another
    alike = [at for at, one in enumerate(worth) if one and one == worth.max()]
    if found.prices and not alike:
        alike = list(found.one_of_prices())
        if len({found.cells[at] for at in alike}) > 1:
            told = (f"{bare(found.columns[at])}{found.cells[at]}元" for at in alike)
            return Cell(told=" ".join(told) if is_told else "", is_told=is_told)
    if len({found.cells[at] for at in alike}) != 1:
        return Cell(is_told=is_told and not _is_of_another(found, alike))
    best, cell = alike[0], found.cells[alike[0]]
    if not cell.strip():
        return Cell(is_told=False)
    units = IN_BRACKETS.findall(found.columns[best]) or IN_BRACKETS.findall("".join(found.cells))
    units = units or (["元"] if best in found.prices and cell[-1].isdigit() else [])
    told_with = bare(found.columns[best]) + cell + "".join(units[:1])
    return Cell(place_of(found.cells, best), told_with, is_told)


def place_of(cells: Sequence[str], at: int) -> Range:
    """Return where a cell stands in its row."""
    start = sum(len(cell) + len(CELLS_PART) for cell in cells[:at])
    return start, start + len(cells[at])


def _is_of_another(row: _Row, alike: Sequence[int]) -> bool:
    """Tell whether of columns that end alike another is asked for: 物理平均分, of 数学平均分."""
    ends = [fold(bare(row.columns[at]))[::-1] for at in alike]
    end = "".join(
        signs[0] for signs in takewhile(lambda one: len({*one}) == 1, zip(*ends, strict=False))
    )[::-1]
    before = row.asked[: row.asked.find(end)] if end and end in row.asked else ""
    return any(
        before.endswith(word.word)
        for word, is_nowhere in zip(row.words, row.nowhere, strict=True)
        if is_nowhere
    )
