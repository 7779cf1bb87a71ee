"""A question that names an issue is answered from that issue alone."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.filters import Filters
from qa.answer import Answerer
from qa.rank import Finder
from qa.talk.from_issue import asked_of_issue
from tests.conftest import issue_of

MARCH = ("砚川大桥总投资3亿元，计划6月通车。", "新学期有招生计划。")
JULY = ("砚川大桥总投资由3亿元调整为4亿元，推迟到9月通车。", "第3期培训班招收20人。")
NOV = ("砚川大桥通车，总投资最后是5亿元。", "今冬供热开始。")


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    issues = [
        issue_of(
            f"砚川时讯\n2023年{month}月8日 星期三 第{number}期\n",
            *texts,
            name=f"2023-{month:02}.txt",
        )
        for month, number, texts in ((3, 31, MARCH), (7, 35, JULY), (11, 39, NOV))
    ]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("question", "issue"),
    [
        ("3月那期说大桥总投资多少？", "2023-03"),
        ("2023年7月号上，大桥总投资多少？", "2023-07"),
        ("最新一期报纸说大桥总投资多少？", "2023-11"),
        ("上一期里大桥总投资是多少？", "2023-07"),
        ("第31期上大桥总投资是多少？", "2023-03"),
        ("In the March issue, what is the total investment of the bridge?", "2023-03"),
        ("According to the latest issue, what is the total investment of the bridge?", "2023-11"),
        ("What was the total investment of the bridge in issue 35?", "2023-07"),
        ("What does the July paper say about the bridge?", "2023-07"),
    ],
)
def test_only_the_issue_that_is_named_is_looked_at(
    answerer: Answerer, question: str, issue: str
) -> None:
    answer = answerer.answer(question)
    assert answer.status == "answered"
    assert {one.location.passage_id.split("/")[0] for one in answer.citations} == {issue}


@pytest.mark.parametrize(
    "question",
    [
        "5月那期说大桥总投资多少？",  # no such issue
        "11月那期说培训班招多少人？",  # in another
        "In the May issue, what is the total investment of the bridge?",
    ],
)
def test_what_that_issue_does_not_say_is_declined(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status == "no_answer"


def test_other_filters_hold_as_well(answerer: Answerer) -> None:
    question, filters = "3月那期说大桥总投资多少？", Filters(issues=("2023-07",))
    assert answerer.answer(question, filters=filters).status == "no_answer"


@pytest.mark.parametrize("question", ["二期工程什么时候完工？", "When did phase 2 in July end?"])
def test_a_phase_or_a_month_is_no_issue(question: str) -> None:
    assert asked_of_issue(question) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("第3期培训班招多少人？", "20人"),  # a course, in issue 35
        ("7月那期大桥总投资多少？", "调整为4亿元"),
        ("第31期大桥总投资多少？", "总投资3亿元"),
    ],
)
def test_what_may_be_an_issue_is_taken_for_one_where_nothing_is_called_so(
    answerer: Answerer, question: str, told: str
) -> None:
    assert told in answerer.answer(question).citations[0].quote


def test_of_a_month_in_several_years_the_newest_that_answers_is_meant() -> None:
    older = issue_of("石桥集市停车不收钱，逢五开集。", name="2022-07.txt")
    newer = issue_of("砚川大桥总投资4亿元。", name="2023-07.txt")
    answerer = Answerer(Finder.open(Archive.in_memory([older, newer])))
    told = answerer.answer("7月那期说石桥集市停车收钱吗？")
    assert told.citations[0].location.passage_id.startswith("2022-07/")
