"""Many issues that tell the same of another month each: which of them answer."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from tests.conftest import issue_of

MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021, 2022) for month in range(1, 13)]


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """Return what answers from three years of a monthly that prints a figure in each issue."""
    issues = [
        issue_of(
            f"{int(month[5:])}月图书馆接待读者情况",
            f"截至{month[:4]}年{int(month[5:])}月底，全区常住人口{600 + n}千人。",
            f"全区图书馆接待读者{1000 + 7 * n}人次，借出图书{3000 + n}册。",
            "东河镇新修水渠12公里。" if n % 2 else "柳林镇新修水渠9公里。",
            name=f"{month}.txt",
        )
        for n, month in enumerate(MONTHS)
    ]
    return Answerer(Finder.open(Archive.in_memory(issues)))


def marked(answerer: Answerer, question: str) -> list[str]:
    cited = answerer.answer(question).citations
    return [one.quote[slice(*one.marks[0])] for one in cited if one.marks]


@pytest.mark.parametrize(
    "question", ["最新的图书馆接待读者是多少？", "现在图书馆接待读者多少人次？"]
)
def test_the_newest_of_many_is_told_alone(question: str, answerer: Answerer) -> None:
    assert marked(answerer, question) == [f"{1000 + 7 * (len(MONTHS) - 1)}人次"]


def test_of_many_that_differ_the_newest_are_shown(answerer: Answerer) -> None:
    told = answerer.answer("图书馆接待读者多少人次？")
    newest = [one.location.passage_id[:7] for one in told.citations]
    assert newest == MONTHS[::-1][: len(newest)]
    assert len(newest) > 1


@pytest.mark.parametrize(
    "question", ["2021年3月图书馆接待读者多少人次？", "去年3月图书馆接待读者多少人次？"]
)
def test_the_issue_of_the_month_that_is_named_answers(question: str, answerer: Answerer) -> None:
    assert marked(answerer, question)[:1] == [f"{1000 + 7 * MONTHS.index('2021-03')}人次"]


@pytest.mark.parametrize(
    "question", ["去年柳湾村产柑橘多少吨？", "2023年柳湾村产柑橘多少吨？", "上周柳湾村来了谁？"]
)
def test_an_issue_without_a_day_tells_of_no_time_but_in_full(question: str) -> None:
    told = "柳湾村去年产柑橘500吨，前年冬天受冻，上个月建成冷库，上上周来了客商张强。"
    issues = [
        issue_of(told, name="sheet.txt"),
        issue_of("河西村新修水渠9公里。", name="2024-05.txt"),
    ]
    archive = Archive.in_memory(issues)
    assert Answerer(Finder.open(archive)).answer(question).citations


def test_another_town_is_no_answer(answerer: Answerer) -> None:
    assert marked(answerer, "东河镇新修水渠多少公里？")[:1] == ["12公里"]
    assert answerer.answer("石桥镇新修水渠多少公里？").status == "no_answer"
