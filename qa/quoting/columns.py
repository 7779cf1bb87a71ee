"""Which columns of a table may tell what is asked, by their names and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpus.numbers import NUMERALS
from corpus.text import HAN, fold
from qa.offices import HEAD
from qa.quoting.kinds import IS_NAME
from qa.quoting.slot import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MONEY = re.compile("钱|什么价|how much|\\bcosts?\\b")
OF_MONEY = re.compile("钱|元|块|价|一|[公市]?斤|千克|克|cost|price|much")
"""The words of a question for a price that say no more than that."""

PRICE = re.compile("价|费|钱|元")
"""What the name of a column, or the headline of a table, of prices has."""

OF_RANKS = re.compile("名次|排[名行位序]|位次|序号|编号")
"""The name of a column of ranks."""

_ALSO = (  # what a question says, and the name of the column that tells it
    (re.compile("[输败]了?|\\blos[et]"), re.compile("^[负败输]")),
    (re.compile("赢|\\bw[io]n\\b"), re.compile("^[胜赢]")),
    (re.compile("第几|排名|名次|\\brank"), OF_RANKS),
    (re.compile("冠军|第一名|\\bwon\\b|\\bwinner"), re.compile("冠军|第一名|获奖者")),
    (re.compile("哪一?天|几[月号]|\\b(?:what|which) da(?:y|te)\\b"), re.compile("日期|[月日]$")),
    (re.compile("多久一[班趟]|分钟一[班趟]|\\bhow often\\b"), re.compile("间隔")),
    (re.compile("招生|招|录取|\\benroll?"), re.compile("人数|名额")),
    (re.compile("几点|\\bwhat time\\b"), re.compile("时[间段刻]")),
    (re.compile("\\blast\\b"), re.compile("末")),
    (re.compile("\\bfirst\\b"), re.compile("首")),
)
OF_PLACES = re.compile(
    "(?:市场|超市|商[场店]|卫生[院室]|[医门]诊|医院|[学商酒饭药书分网]店|中心|[校院馆厅站店场所园区镇乡村县市路街]|街道|地[点址方]|单位)$"
)
"""A place's name, or the name of a column of such."""

OF_A_KIND = re.compile("(?:[小中大]学|幼儿园|医院|公司|社区|小区|街道)$")
"""What the names of rows end with that are of things of one kind."""

_WHERE = re.compile("哪[里儿]|哪[个些]?地方|\\bwhere\\b")
_COUNTED = re.compile("(?:多少|几)个?(?P<of>[\u4e00-\u9fff])")
SHARES = re.compile("率|比例|占比|百分|percent|\\brate\\b|\\bshare\\b")
_OF_PEOPLE = re.compile("多少人(?!次)|几个人|how many (?:people|persons)")
_NO_PEOPLE = re.compile("[人户]均|人次|元")
_PRICED = re.compile(r"\s*(?:[\d,]+(?:\.\d+)?\s*[万亿]?(?:元|块)?|免费)\s*")
_A_FIGURE = re.compile(r"\s*\d+(?:[.,:：]\d+)*\s*(?:[%％‰]|[\u4e00-\u9fff]{1,3})?\s*")
_TELLS: dict[Kind, re.Pattern[str]] = {
    "who": re.compile("姓名|负责人|联系人|作者"),
    "when": re.compile("时间|日期"),
    "where": re.compile("地址|地点|位置"),
}
_OF_PERSONS = re.compile(
    f"领导|人$|人员|冠军|得主|获[奖得]者|{HEAD}|医[生师]|教师|老师|教练|专家|嘉宾|选手|主[讲持]|干部|代表|志愿者|值班|接待|带班|职工"
)
IN_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")  # 产值（亿元）


def bare(column: str) -> str:
    """Return the name of a column without what stands in brackets, its unit mostly."""
    return IN_BRACKETS.sub("", column)


def by_kind(
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
        return np.array(
            [PRICE.search(name) is not None and at > 0 for at, name in enumerate(columns)]
        )
    of_figures = np.array([_A_FIGURE.fullmatch(cell) is not None for cell in cells])
    return of_figures & (kind == "how many" and of_figures.sum() == 1)


def counts_people(asked: str, name: str) -> bool:
    """Tell whether a column may count people, where it is asked how many: not 人均收入."""
    return not (_OF_PEOPLE.search(asked) and _NO_PEOPLE.search(name))


def share_in(asked: str, name: str) -> float:
    """Return what share of the pairs of characters of a column's name a question has."""
    folded = fold(name)
    pairs = [a + b for a, b in pairwise(folded)] or [folded]
    return sum(bool(pair) and pair in asked for pair in pairs) / len(pairs)


def prices(
    kind: Kind | None, asked: str, columns: Sequence[str], cells: Sequence[str], *, headline: str
) -> list[int]:
    """Return the columns of prices, where one is asked for: those of figures of such a table."""
    if kind != "how many" or not _MONEY.search(asked):
        return []
    found = [at for at in range(1, len(cells)) if _PRICED.fullmatch(cells[at])]
    named = [at for at in found if PRICE.search(columns[at]) or PRICE.search(cells[at])]
    return named or (found if PRICE.search(headline) or PRICE.search(cells[0]) else [])


def tells_also(kind: Kind | None, asked: str, name: str) -> bool:
    """Tell whether a column tells what a question says in other words, or counts what it counts.

    负 tells how many games were lost, 班数 how many 班.
    """
    counted = _COUNTED.findall(asked) if kind == "how many" else []
    counts = not _NO_PEOPLE.search(name)
    return any(counts and one in name and one not in "钱元次" for one in counted) or any(
        said.search(asked) and told.search(name) for said, told in _ALSO
    )


def is_another(asked: str, label: str, column: str) -> bool:
    """Tell whether a question names another thing than a row does, that has a part of its name.

    It has another numeral, or but one of the characters, beside another than the row's.

    >>> is_another("三中招多少人?", "青山二中", "学校"), is_another("二中?", "青山二中", "学校")
    (True, False)
    >>> is_another("花生油多少钱?", "菜籽油", "品名"), is_another("油多少钱?", "菜籽油", "品名")
    (True, False)
    >>> is_another("牛奶多少钱?", "牛肉", "品名"), is_another("牛肉多少钱?", "牛肉", "品名")
    (True, False)
    """
    for match in re.finditer(f"[{NUMERALS}](?P<of>[\u4e00-\u9fff])", label):
        others = re.findall(f"[{NUMERALS}]{match['of']}", asked)
        if others and match.group() not in others:
            return True
    label = OF_A_KIND.sub("", label)
    own = [sign for sign in label if HAN.match(sign) and sign not in column]
    said = [sign for sign in own if sign in asked]
    if len(said) != 1 or len(own) < 2:
        return False
    at = asked.index(said[0])
    beside = asked[at + 1 : at + 2] if said[0] == own[0] else asked[max(0, at - 1) : at]
    return HAN.match(beside) is not None
