"""Tables: a row is found by the names of its columns, and they are told where it is quoted."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from corpus.tables import columns_in
from corpus.types import Passage
from qa.answer import Answerer
from qa.query import Lang
from qa.rank import Finder

STREETS = """# 各街道人口

| 街道 | 常住人口（万人） | 书记 |
|---|---|---|
| 青石铺街道 | 5.2 | 张国强 |
| 白鹭街道 | 3.8 | 李明华 |
"""


@pytest.mark.parametrize(
    ("lang", "before"),
    [
        ("zh", "（各栏：街道|常住人口（万人）|书记）"),
        ("en", "(columns: 街道|常住人口（万人）|书记) "),
    ],
)
def test_the_names_of_its_columns_stand_before_a_row_outside_of_the_quote(
    lang: Lang, before: str
) -> None:
    issue = read_bytes(STREETS.encode(), name="2023-01.md")
    with Archive.in_memory([issue]) as archive:
        answer = Answerer(Finder.open(archive)).answer("白鹭街道常住人口", lang=lang)
        cited = answer.citations[0]
        assert answer.text == f"{before}白鹭街道|3.8|李明华[1]"
        assert answer.text[slice(*cited.claim)] == cited.quote == "白鹭街道|3.8|李明华"
        printed = archive.source("2023-01").text
        assert "".join(printed[slice(*one)] for one in cited.location.ranges) == cited.quote


@pytest.mark.parametrize(
    ("above", "row", "names"),
    [
        (["街道|人口|书记"], "青石铺|5.2|张国强", "街道|人口|书记"),
        (["指标|2020|2021"], "产值|820|912", "指标|2020|2021"),
        (["另|表", "街道|人口|书记", "白鹭|3.8|李明华"], "青石铺|5.2|张国强", "街道|人口|书记"),
        ([], "街道|人口|书记", None),
        (["青石铺|5.2"], "白鹭|3.8", None),
        (["青石铺|5.2"], "白鹭很大。", None),
        (["共三个街道。"], "白鹭|3.8", None),
        (["街道|人口", "说明。"], "白鹭|3.8", None),
    ],
)
def test_the_first_row_names_the_columns_unless_it_holds_data(
    above: list[str], row: str, names: str | None
) -> None:
    passages = [Passage(f"p{n}", text, ()) for n, text in enumerate([*above, row])]
    assert columns_in(passages).get(passages[-1].id) == names


COUNTS = """# 高新区近三年企业数

| 年份 | 高新技术企业家数 | 产值（亿元） |
|---|---|---|
| 2020 | 31 | 120 |
| 2021 | 35 | 146 |
| 2022 | 46 | 188 |
"""


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("2021年高新技术企业有多少家？", "2021|35|146"),
        ("2022年产值是多少？", "2022|46|188"),
        ("How many high-tech enterprises were there in 2020?", "2020|31|120"),
    ],
)
def test_a_row_is_found_by_the_names_of_its_columns(question: str, row: str) -> None:
    issue = read_bytes(COUNTS.encode(), name="2023-05.md")
    with Archive.in_memory([issue]) as archive:
        answer = Answerer(Finder.open(archive)).answer(question)
        assert [cited.quote for cited in answer.citations] == [row]
