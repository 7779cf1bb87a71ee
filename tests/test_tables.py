"""Tables: the names of the columns are told with a row that is quoted."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from corpus.tables import columns_over
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
    assert columns_over(above, row) == names
