"""An archive of two publications: a question that names one is answered from its issues alone."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.reader import read_bytes
from corpus.types import Issue
from qa.answer import Answerer
from qa.rank import Finder
from qa.talk.papers import asked_of_paper

WEEKLY, MORNING = "清河周报", "石桥晨报"
TICKETS = "高铁二等座票价为{n}元，车程四十分钟。"
BEDS = "县医院新增床位{n}张，分布在内科和外科。"


def issue(paper: str, day: int, tickets: int, *more: tuple[str, str]) -> Issue:
    """Return an issue of a paper of two articles and more."""
    stories = [
        ("高铁票价公布", TICKETS.format(n=tickets)),
        ("县医院扩建", BEDS.format(n=10 * tickets)),
        *more,
    ]
    text = "\n\n\n".join(f"{head}\n\n　　本报讯（记者李明）{body}" for head, body in stories)
    page = f"{paper}　2026年5月{day}日　第{day}期\n\n{text}\n"
    return read_bytes(page.encode(), name=f"2026-05-{day:02}.txt")


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    library = ("图书馆延长开放", "县图书馆开放时间延长至21时，周一闭馆。")
    issues = [issue(WEEKLY, 7, 61, library), issue(MORNING, 8, 58)]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("清河周报说高铁票价多少？", "61元"),
        ("石桥晨报说高铁票价多少？", "58元"),
        ("据《清河周报》报道，高铁二等座票价是多少？", "61元"),
        ("石桥晨报上说高铁票价多少", "58元"),
        ("石桥晨报5月8日那期说高铁票价多少", "58元"),
        ("清河周报最新一期说高铁票价多少？", "61元"),
        ("清河周报高铁票价多少？", "61元"),
        ("According to the latest issue of 清河周报, how much is a rail ticket?", "61元"),
        ("What does 清河周报 say about the price of high-speed rail tickets?", "61元"),
        ("According to 石桥晨报, how much is a high-speed rail ticket?", "58元"),
    ],
)
def test_only_the_paper_that_is_named_is_looked_at(
    answerer: Answerer, question: str, figure: str
) -> None:
    answer = answerer.answer(question)
    assert answer.status == "answered"
    assert figure in answer.text
    paper = WEEKLY if figure == "61元" else MORNING
    assert {source.publication for source in answer.sources} == {paper}


def test_what_that_paper_does_not_say_is_declined(answerer: Answerer) -> None:
    assert answerer.answer("县图书馆开放到几点？").status == "answered"
    assert answerer.answer("清河周报说县图书馆开放到几点？").status == "answered"
    assert answerer.answer("石桥晨报说县图书馆开放到几点？").status == "no_answer"


def test_other_filters_hold_as_well(answerer: Answerer) -> None:
    question, filters = "清河周报说高铁票价多少？", Filters(issues=("2026-05-08",))
    assert answerer.answer(question, filters=filters).status == "no_answer"


@pytest.mark.parametrize(
    ("question", "paper", "day"),
    [
        ("清河周报最新一期有哪些文章？", WEEKLY, 7),
        ("石桥晨报有哪些文章？", MORNING, 8),
        ("清河周报头条是什么？", WEEKLY, 7),
        ("最新一期有哪些文章？", MORNING, 8),
    ],
)
def test_the_contents_of_an_issue_tell_its_paper(
    answerer: Answerer, question: str, paper: str, day: int
) -> None:
    answer = answerer.answer(question)
    assert answer.text.startswith(f"{paper} 2026-05-{day:02}")
    assert {source.publication for source in answer.sources} == {paper}


def test_where_papers_differ_each_line_tells_its_paper(answerer: Answerer) -> None:
    answer = answerer.answer("高铁二等座票价多少？")
    assert answer.conflicts
    assert "石桥晨报 2026-05-08：" in answer.text
    assert "清河周报 2026-05-07：" in answer.text


def test_of_one_paper_the_lines_tell_the_day_alone() -> None:
    issues = [issue(WEEKLY, 7, 61), issue(WEEKLY, 14, 58)]
    answerer = Answerer(Finder.open(Archive.in_memory(issues)))
    text = answerer.answer("高铁二等座票价多少？").text
    assert "2026-05-14：" in text
    assert WEEKLY not in text
    assert answerer.answer("清河周报说高铁票价多少？").status == "answered"
    assert answerer.answer("最新一期有哪些文章？").text.startswith("2026-05-14")


@pytest.mark.parametrize(
    "question",
    ["清河周报社在哪里", "清河周报和石桥晨报哪家早", "县政府说了什么", "清河周报", "周报说了什么"],
)
def test_a_firm_two_papers_or_a_bare_name_are_no_source(question: str) -> None:
    assert asked_of_paper(question, [WEEKLY, MORNING]) is None


def test_a_body_that_publishes_a_page_is_no_paper() -> None:
    assert asked_of_paper("清河县政府说票价多少", ["清河县政府"]) is None
