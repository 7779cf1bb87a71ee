"""Which row of a table, or which of a row's cells, has the most or the least of what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.plain_tables import CELLS_PART
from corpus.text import fold, has_term
from qa.quoting.cells import SPEAKS, Cell, is_total, place_of
from qa.quoting.columns import OF_PLACES, OF_RANKS, PRICE, bare, share_in, tells_also
from qa.quoting.kinds import IS_NAME
from qa.search.coverage import Coverage, Weighed

_NAMED = 0.5  # the share of a column's name that the question has
_MOST_ZH = re.compile(
    r"最(?:(?P<most>[多高大长重贵快晚远强好])|(?P<least>[少低小短轻慢早差]|便宜))(?=[的是有?,]|$)"
)
_MOST_EN = re.compile(
    r"^\W*(?:which|what) [a-z ]{2,40}? (?:has|had|have|got|saw) the "
    r"(?:(?P<most>most|(?:larg|great|bigg|high|long|heavi)est)"
    r"|(?P<least>least|fewest|smallest|lowest|shortest)) "
    r"(?P<of>[a-z' -]{2,40})"
)
_DEAREST_EN = re.compile(
    r"^\W*(?:(?:which|what) [a-z ]{2,40}? (?:is|are|was|has|have|sells) )?(?:the )?"
    r"(?:(?P<most>most expensive|dearest|priciest)|(?P<least>cheapest|least expensive))\b"
)
_WHICH_THING = re.compile("哪(?!一?[年月天日周]|个(?:月|季度|星期))|什么(?![时样])|谁")
_WHICH = re.compile(
    "哪一?[个家种所处座]?(?P<zh>[\u4e00-\u9fff]{1,2})|(?:which|what) (?P<en>[a-z]+)"
)
_WHERE = re.compile("哪[里儿]|哪个?地方|\\bwhere\\b")
_WHEN, _OF_DAYS = re.compile("哪一?[天周月]|星期几|周几"), re.compile("[日周月天]|星期")
_WHO = re.compile("谁|\\bwho\\b")
_PRICED = re.compile("贵|便宜|expensive|dear|pric|cheap")
_BESIDE = 8  # characters before 最多 in which what is the most of is named
_HOW_MANY = re.compile(r"多少|几(?![乎率])")
_NUMBER = re.compile(
    r"\s*(?P<number>[-+−]?\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>[%％‰]|[\u4e00-\u9fff]{1,3}|)\s*"
)
_CLOCK = re.compile(r"\s*(\d{1,2})[:：](\d\d)\s*")
_FREE = "免费"
_SURELY = 0.7  # a word of another language is a row's name


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of a table of which something is the most.

    Attributes:
        text: The question, folded.
        beside: The part of it that says what is the most.
        behind: What stands behind that.
        is_most: Whether it is the most that is asked for, and not the least.
        is_priced: Whether that is a price.
        words: Its words, weighed.
        coverage: Tells which of them a text speaks of.
    """

    text: str
    beside: str
    behind: str
    is_most: bool
    is_priced: bool
    words: Sequence[Weighed]
    coverage: Coverage

    def speaks_of(self, texts: Sequence[str], said: str) -> list[bool]:
        """Return of which names a part of the question speaks: by their own words, or by its."""
        of_names = self.coverage.of_texts(self.words, [fold(name) for name in texts])
        inside = [word.word in said for word in self.words]
        return [
            share_in(said, bare(name)) >= _NAMED
            or bool((told[inside] >= SPEAKS).any())
            or any(_has_signs(fold(name), word.word) for word in self.words if word.word in said)
            for name, told in zip(texts, of_names, strict=True)
        ]

    def is_named(self, label: str) -> bool:
        """Tell whether the question names a row; in English, whether a word is surely its name."""
        if has_term(fold(label), self.text):
            return True
        if not self.text.isascii():
            return False
        told = self.coverage.of_texts(self.words, [fold(label)])[0]
        return bool((told >= _SURELY).any())

    def best(self, amounts: Sequence[float | None]) -> int | None:
        """Return the place of the most or the least of some amounts; None where two are it."""
        known = [one for one in amounts if one is not None]
        wanted = (max if self.is_most else min)(known, default=None)
        return amounts.index(wanted) if known.count(wanted or 0.0) == 1 else None


def row_with_most(
    words: Sequence[Weighed],
    coverage: Coverage,
    *,
    asked: str,
    names: str,
    rows: Sequence[str],
    headline: str,
) -> tuple[int, Cell] | None:
    """Return which row of a table has the most, or the least, and its cell that is asked for.

    That is the one that names the row, or where a figure is asked for that figure (出院多少人次, of
    床位最多的科室); or of a row that is named the most of its cells, where what the columns are
    is asked for (哪个市场的青菜最便宜). None where the most of no column of numbers is asked for,
    where the question does not speak of what the rows are of, where two have as much, and where the
    cell is empty.

    Args:
        words: The question's, weighed.
        coverage: Tells which of them a text speaks of.
        asked: The question, folded.
        names: The row that names the columns, as printed.
        rows: The table's other rows, as printed.
        headline: Of the article.
    """
    match = _MOST_ZH.search(asked) or _MOST_EN.match(asked) or _DEAREST_EN.match(asked)
    cells = [row.split(CELLS_PART) for row in rows if not is_total(row)]
    places = [n for n, row in enumerate(rows) if not is_total(row)]
    columns = names.split(CELLS_PART)
    if not match or len(cells) < 2 or any(len(row) != len(columns) for row in cells):
        return None
    question = _Asked(
        text=asked,
        beside=match["of"] if match.re is _MOST_EN else asked[: match.start()][-_BESIDE:],
        behind=asked[match.end() :],
        is_most=bool(match["most"]),
        is_priced=_PRICED.search(match.group()) is not None,
        words=words,
        coverage=coverage,
    )
    numbers = list(zip(*(_numbers(column) for column in zip(*cells, strict=False)), strict=True))
    countable = [all(row[at] is not None for row in numbers) for at in range(len(columns))]
    label = _label_at(asked, columns, countable)
    named = [n for n, row in enumerate(cells) if question.is_named(row[label])]
    if named and (len(named) == 1 or not asked.isascii()):
        cell = _most_in(question, columns, cells[named[0]]) if len(named) == 1 else None
        return (places[named[0]], cell) if cell else None
    counted = [at for at in range(len(columns)) if countable[at] and at != label]
    counted = _counted(question, columns, counted, headline=headline)
    if not counted or not _is_of_rows(
        question, columns, cells, label=label, counted=counted, headline=headline
    ):
        return None
    found = {question.best([row[at] for row in numbers]) for at in counted}
    row = found.pop()
    if row is None or found:
        return None
    at = _cell_at(question, columns, best=counted[0], label=label)
    if at is None or not cells[row][at].strip():
        return None
    told = bare(columns[at]) + cells[row][at]
    return places[row], Cell(place_of(cells[row], at), told, is_most=True)


def _label_at(asked: str, columns: Sequence[str], countable: Sequence[bool]) -> int:
    """Return the column that names the rows: the first, or what stands behind their ranks."""
    texts = [at for at, is_countable in enumerate(countable) if not is_countable]
    if not OF_RANKS.search(columns[0]) or not texts:
        return 0
    return next((at for at in texts if share_in(asked, bare(columns[at])) >= _NAMED), texts[0])


def _counted(
    question: _Asked, columns: Sequence[str], counted: Sequence[int], *, headline: str
) -> list[int]:
    """Return the columns of numbers of which the most may be asked for, of those that count."""
    in_full = [at for at in counted if share_in(question.text, bare(columns[at])) == 1]
    if len(in_full) == 1:
        return in_full
    if question.is_priced:
        priced = [at for at in counted if PRICE.search(columns[at])]
        return priced or (list(counted) if PRICE.search(headline) else [])
    speaks = question.speaks_of(columns, question.beside)
    also = [tells_also(None, question.beside, bare(name)) for name in columns]
    return [at for at in counted if speaks[at] or also[at]]


def _is_of_rows(
    question: _Asked,
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    *,
    label: int,
    counted: Sequence[int],
    headline: str,
) -> bool:
    """Tell whether a question asks which of the things that the rows are of it is."""
    asked, labels = question.text, [row[label] for row in cells]
    if any(question.speaks_of([columns[label]], asked)):
        return True
    of_places = OF_PLACES.search(columns[label]) or all(map(OF_PLACES.search, labels))
    if _WHERE.search(asked) and of_places:
        return True
    if _WHO.search(asked):
        return all(IS_NAME.fullmatch(one.strip()) for one in labels)
    if question.is_priced and _WHICH_THING.search(asked):
        return any(question.speaks_of([headline], asked))  # 什么菜最便宜, of a table of 菜价
    in_full = len(counted) == 1 and share_in(asked, bare(columns[counted[0]])) == 1
    return in_full and _WHICH_THING.search(asked) is not None  # 哪趟公交末班最晚, of 线路|末班


def _cell_at(question: _Asked, columns: Sequence[str], *, best: int, label: int) -> int | None:
    """Return the column of the cell that is asked for; None where it may be one of several."""
    if not _HOW_MANY.search(question.text):
        return label
    behind = question.behind
    spoken = question.speaks_of(columns, behind)
    others = [n for n in range(len(columns)) if n != label]
    named = [n for n in others if share_in(behind, bare(columns[n])) >= _NAMED]
    named = named or [n for n in others if spoken[n]]
    return (best if not named else None) if len(named) != 1 else named[0]


def _most_in(question: _Asked, columns: Sequence[str], row: Sequence[str]) -> Cell | None:
    """Return the cell of a row that has the most, where it is asked which of the columns it is."""
    figures = [at for at in range(1, len(row)) if _NUMBER.fullmatch(row[at]) or row[at] == _FREE]
    names = [columns[at] for at in figures]
    asks = _WHICH.search(question.text)
    head = (asks["zh"] or asks["en"] or "") if asks else ""
    of_columns = (
        all(map(OF_PLACES.search, names))
        if _WHERE.search(question.text)
        else head != "" and all(head in name for name in names)
    )
    if _WHEN.search(question.text):
        of_columns = all(map(_OF_DAYS.search, names))
    if not of_columns and head.isascii() and head:
        of_columns = all(question.speaks_of(names, head))
    if len(figures) < 2 or not of_columns:
        return None
    best = question.best(_numbers([row[at] for at in figures]))
    if best is None:
        return None
    at = figures[best]
    return Cell(place_of(row, at), bare(columns[at]) + row[at], is_most=True)


def _has_signs(name: str, word: str) -> bool:
    """Tell whether a name has each character of a Chinese word: 修路, of 新修公路.

    >>> _has_signs("新修公路", "修路"), _has_signs("新修公路", "修桥"), _has_signs("路", "路")
    (True, False, False)
    """
    return len(word) > 1 and not word.isascii() and all(char in name for char in word)


def _numbers(column: Sequence[str]) -> list[float | None]:
    """Return the numbers of a column's cells; of cells in several units none.

    >>> _numbers(["126个", "58个"]), _numbers(["3元", "免费"]), _numbers(["6:30", "21:05"])
    ([126.0, 58.0], [3.0, 0.0], [390.0, 1265.0])
    >>> _numbers(["3元", "2个"])
    [None, None]
    """
    clocks = [_CLOCK.fullmatch(cell) for cell in column]
    if all(clocks):
        return [60.0 * int(one[1]) + int(one[2]) for one in clocks if one]
    matches = [_NUMBER.fullmatch(cell) for cell in column]
    if len({one["unit"] for one in matches if one}) > 1:
        return [None] * len(column)
    return [
        float(re.sub("[,，]", "", one["number"]).replace("−", "-"))
        if one
        else 0.0
        if cell.strip() == _FREE
        else None
        for cell, one in zip(column, matches, strict=True)
    ]
