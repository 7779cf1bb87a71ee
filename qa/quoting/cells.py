"""The cell of a table's row that is asked for, told by the name of its column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpus.plain_tables import CELLS_PART
from corpus.text import fold, has_term
from corpus.types import Range
from qa.offices import HEAD
from qa.quoting.kinds import IS_NAME
from qa.quoting.slot import Kind
from qa.search.coverage import Coverage, Weighed

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPEAKS = 0.5  # from here on a text speaks of a word: has it, or a translation of it
_HEADED = 0.6  # and a headline, whose 菜价 has half of 白菜
_LEAST = 0.3  # the share of all that the row has not that the column speaks of
_NAMED = 0.5  # the share of a column's name that the question has
_MONEY = re.compile("钱|how much")
_A_FIGURE = re.compile(r"\s*\d+(?:[.,:：]\d+)*\s*")
_NTH = re.compile(r"第(\d+)")
_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
_TELLS: dict[Kind, re.Pattern[str]] = {
    "who": re.compile("姓名|负责人|联系人"),
    "when": re.compile("时间|日期"),
    "where": re.compile("地址|地点|位置"),
}
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
_MOST_ZH = re.compile(
    r"最(?:(?P<most>[多高大长重贵快晚远强])|(?P<least>[少低小短轻慢早]|便宜))(?=[的是有?,]|$)"
)
_MOST_EN = re.compile(
    r"^\W*(?:which|what) [a-z ]{2,40}? (?:has|had|have|got|saw) the "
    r"(?:(?P<most>most|(?:larg|great|bigg|high|long|heavi)est)"
    r"|(?P<least>least|fewest|smallest|lowest|shortest)) "
    r"(?P<of>[a-z' -]{2,40})"
)
_DEAREST_EN = re.compile(
    r"^\W*(?:(?:which|what) [a-z ]{2,40}? (?:is|are|was) )?(?:the )?"
    r"(?:(?P<most>most expensive|dearest|priciest)|(?P<least>cheapest|least expensive))\b"
)
_WHICH_THING = re.compile("哪(?!一?[年月天日周]|个(?:月|季度|星期))")
_PRICED, _PRICE = re.compile("贵|便宜|expensive|dear|pric|cheap"), re.compile("价|费|钱|元")
_BESIDE = 8  # characters before 最多 in which what is the most of is named
_OF_PERSONS = re.compile(
    f"领导|人$|人员|{HEAD}|医[生师]|教师|老师|教练|专家|嘉宾|选手|主[讲持]|干部|代表|志愿者|值班|接待|带班|职工"
)
_HOW_MANY = re.compile(r"多少|几(?![乎率])")
_NUMBER = re.compile(
    r"\s*(?P<number>[-+−]?\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>[%％‰]|[\u4e00-\u9fff]{1,3}|)\s*"
)
_CLOCK = re.compile(r"\s*(\d{1,2})[:：](\d\d)\s*")
_FREE = "免费"
_IN_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")  # 产值（亿元）


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


def row_with_most(
    words: Sequence[Weighed],
    coverage: Coverage,
    *,
    asked: str,
    names: str,
    rows: Sequence[str],
) -> tuple[int, Cell] | None:
    """Return which row of a table has the most, or the least, and its cell that is asked for.

    That is the one that names the row, or where a figure is asked for that figure (出院多少人次, of
    床位最多的科室). None where the most of no column of numbers is asked for, where a row is named,
    where the question does not speak of what the rows are of, where two rows have as much, and
    where the cell is empty.

    Args:
        words: The question's, weighed.
        coverage: Tells which of them a text speaks of.
        asked: The question, folded.
        names: The row that names the columns, as printed.
        rows: The table's other rows, as printed.
    """
    match = _MOST_ZH.search(asked) or _MOST_EN.match(asked) or _DEAREST_EN.match(asked)
    if not match:
        return None
    cells = [row.split(CELLS_PART) for row in rows if not is_total(row)]
    places = [n for n, row in enumerate(rows) if not is_total(row)]
    if len(cells) < 2 or any(has_term(fold(row[0]), asked) for row in cells):
        return None
    columns = names.split(CELLS_PART)
    beside = match["of"] if match.re is _MOST_EN else asked[: match.start()][-_BESIDE:]
    if any(len(row) != len(columns) for row in cells):
        return None
    of_columns = coverage.of_texts(words, [fold(name) for name in columns])
    numbers = list(zip(*(_numbers(column) for column in zip(*cells, strict=False)), strict=True))
    countable = [all(row[at] is not None for row in numbers) for at in range(len(columns))]
    speaks = _spoken_of(words, of_columns, columns, beside)
    if _PRICED.search(match.group()):
        speaks = [_PRICE.search(name) is not None for name in columns]
    counted = [at for at in range(1, len(columns)) if countable[at]]
    named_in_full = [at for at in counted if _share_in(asked, columns[at]) == 1]
    best = _only(named_in_full) or _only([at for at in counted if speaks[at]])
    of_rows = (of_columns[0] >= _SPEAKS).any() or _share_in(asked, columns[0]) >= _NAMED
    if best is not None and _share_in(asked, columns[best]) == 1:  # 哪趟公交末班最晚, of 线路|末班
        of_rows |= _WHICH_THING.search(asked) is not None
    if best is None or not of_rows:
        return None
    amounts = [row[best] or 0.0 for row in numbers]
    wanted = max(amounts) if match["most"] else min(amounts)
    if amounts.count(wanted) > 1:
        return None
    row = cells[amounts.index(wanted)]
    at = 0
    if _HOW_MANY.search(asked):
        behind = asked[match.end() :]
        spoken = _spoken_of(words, of_columns, columns, behind)
        others = range(1, len(columns))
        named = [n for n in others if _share_in(behind, _bare(columns[n])) >= _NAMED]
        named = named or [n for n in others if spoken[n]]
        at = best if not named else -1 if len(named) > 1 else named[0]
    if at < 0 or not row[at].strip():
        return None
    start = sum(len(cell) + len(CELLS_PART) for cell in row[:at])
    told = _bare(columns[at]) + row[at]
    return places[amounts.index(wanted)], Cell((start, start + len(row[at])), told, is_most=True)


def _spoken_of(
    words: Sequence[Weighed], of_columns: NDArray[np.float64], columns: Sequence[str], said: str
) -> list[bool]:
    """Return of which columns a part of a question speaks: by their names, or by its words."""
    inside = [word.word in said for word in words]
    return [
        _share_in(said, _bare(name)) >= _NAMED or bool((told[inside] >= _SPEAKS).any())
        for name, told in zip(columns, of_columns, strict=True)
    ]


def _bare(column: str) -> str:
    """Return the name of a column without what stands in brackets, its unit mostly."""
    return _IN_BRACKETS.sub("", column)


def _only(found: Sequence[int]) -> int | None:
    return found[0] if len(found) == 1 else None


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
    question has and the row has not, or else in the one that tells who, when or where; never one
    that the question names itself.

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
    told = coverage.of_texts(words, [fold(text) for text in (*columns, *cells, headline)])
    of_columns, of_cells, of_headline = np.split(told, [len(columns), -1])
    weights = np.array([word.weight for word in words])
    figures = np.array([word.word[0].isdigit() for word in words], dtype=np.bool_)
    parted = [word.word in _FIGURES.findall(fold(row)) for word in words]  # 20 is none of 6:20
    here = in_range | ((of_cells.max(axis=0) >= _SPEAKS) & (~figures | parted))
    of_all = asks_for_all(asked, words, names=names, row=row)
    if of_all:
        here |= [word.word in ("总", *_OF_ALL.findall(asked)) for word in words]
    weights[said | here] = 0  # it says which row is meant
    speaks = of_columns >= _SPEAKS
    unsaid = (weights > 0) & (of_headline[0] < _HEADED)
    named = np.array([_share_in(asked, _IN_BRACKETS.sub("", name)) for name in columns])
    share = of_columns @ weights / (weights.sum() or 1.0)
    likely = (named >= _NAMED) | ((share > _LEAST) & speaks[:, weights > 0].any(axis=1))
    if not likely.any() and kind:
        likely = _by_kind(kind, asked, columns, cells)
        share = share + likely
    for then, in_chinese in _PERIODS:
        if then.search(asked):
            of_then = np.array([in_chinese.search(name) is not None for name in columns])
            likely &= of_then | (not of_then.any())
    is_named = np.array([bool(cell) and has_term(fold(cell), asked) for cell in cells])
    of_first = _FIGURES.findall(fold(cells[0]))  # line 12, of 12路
    is_named[0] |= any(word.word in of_first for word in words)
    likely &= ~is_named
    likely[0] &= not of_all  # which names the row
    nowhere = unsaid & ~speaks.any(axis=0)
    is_this_row = is_total(row) if of_all else bool(here.any() or is_named.any())
    is_told = (
        (is_this_row or not of_all)
        and all(one in of_first or f"第{one}" in fold(row) for one in _NTH.findall(asked))
        and not (nowhere & (figures | (not is_this_row))).any()
        and (not unsaid.any() or bool(speaks[:, unsaid].any() or likely.any()))
    )
    worth = np.where(likely, named + share, 0.0)
    best = int(worth.argmax())
    if worth[best] <= np.delete(worth, best).max(initial=0):
        return Cell(is_told=is_told)
    if not cells[best].strip():
        return Cell(is_told=False)
    start = sum(len(cell) + len(CELLS_PART) for cell in cells[:best])
    units = _IN_BRACKETS.findall(columns[best]) or _IN_BRACKETS.findall(row)
    told_with = _IN_BRACKETS.sub("", columns[best]) + cells[best] + "".join(units[:1])
    return Cell((start, start + len(cells[best])), told_with, is_told)


def _by_kind(
    kind: Kind, asked: str, columns: Sequence[str], cells: Sequence[str]
) -> NDArray[np.bool_]:
    """Return which columns tell a thing of the kind that is asked for, shape (columns,)."""
    if kind in _TELLS:
        told = np.array([_TELLS[kind].search(name) is not None for name in columns])
        persons = [
            _OF_PERSONS.search(name) is not None and IS_NAME.fullmatch(cell.strip()) is not None
            for name, cell in zip(columns, cells, strict=True)
        ]
        return told if told.any() or kind != "who" or sum(persons) > 1 else np.array(persons)
    if kind == "how many" and _MONEY.search(asked):
        return np.array(["元" in name for name in columns])
    of_figures = np.array([_A_FIGURE.fullmatch(cell) is not None for cell in cells])
    return of_figures & (kind == "how many" and of_figures.sum() == 1)


def _share_in(asked: str, name: str) -> float:
    """Return what share of the pairs of characters of a column's name a question has."""
    folded = fold(name)
    pairs = [a + b for a, b in pairwise(folded)] or [folded]
    return sum(bool(pair) and pair in asked for pair in pairs) / len(pairs)
