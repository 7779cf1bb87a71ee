"""What is asked of a time is answered by what is told of it, in years of issues."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from corpus.archive import Archive
from corpus.text import fold
from qa.answer import Answerer
from qa.quoting.days_told import Period
from qa.quoting.periods import period_of
from qa.rank import Finder
from tests.conftest import issue_of

FIRST, N_WEEKS = date(2022, 1, 6), 120
NOW = date(2024, 4, 18)
PRICES = {FIRST + timedelta(weeks=n): 20 + n / 10 for n in range(N_WEEKS)}


def _issue_texts(day: date) -> list[str]:
    texts = [f"商务局监测数据显示，本周猪肉平均零售价为每公斤{PRICES[day]:.1f}元。"]
    if day.day <= 7:
        before = day.replace(day=1) - timedelta(days=1)
        texts.append(f"上个月，中心医院门诊量达{before.year % 100}{before.month:02d}0人次。")
        texts.append(f"上个月，12345热线受理诉求{before.year % 100}{before.month:02d}5件。")
        if day.month in (1, 4, 7, 10):
            year, quarter = before.year, (before.month + 2) // 3
            told = "一二三四"[quarter - 1]
            texts.append(
                f"财政局消息，{year}年第{told}季度，财政收入完成{year % 100}.{quarter}亿元。"
            )
        if day.month == 8:
            texts.append(f"今年高考，一中本科上线{day.year - 1000}人。")
        if day.month == 6:
            texts.append(f"至此，全县公交线路达到{day.year - 2000}条。")
    return texts


@pytest.fixture(scope="module")
def weekly() -> Answerer:
    issues = [issue_of(*_issue_texts(day), name=f"{day.isoformat()}.txt") for day in PRICES]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年第四季度财政收入", "2023-10-01", "2023-12-31"),
        ("上个季度财政收入多少？", "2024-01-01", "2024-03-31"),
        ("今年前三季度", "2024-01-01", "2024-09-30"),
        ("1至3月用电量", "2024-01-01", "2024-03-31"),
        ("去年下半年", "2023-07-01", "2023-12-31"),
        ("12月接待多少人", "2023-12-01", "2023-12-31"),
        ("3月6日猪肉价格", "2024-03-06", "2024-03-06"),
        ("上周猪肉价格", "2024-04-08", "2024-04-14"),
        ("上上个月门诊量", "2024-02-01", "2024-02-29"),
        ("前年上线多少人", "2022-01-01", "2022-12-31"),
        ("去年七月门诊量", "2023-07-01", "2023-07-31"),
        ("去年夏天开到几点", "2023-06-01", "2023-08-31"),
        ("2022年冬季供暖", "2022-12-01", "2023-02-28"),
        ("prices in spring 2023", "2023-03-01", "2023-05-31"),
        ("revenue in the third quarter of 2023", "2023-07-01", "2023-09-30"),
        ("visitors last month", "2024-03-01", "2024-03-31"),
        ("on March 6, 2023", "2023-03-06", "2023-03-06"),
        ("in May", "2023-05-01", "2023-05-31"),
    ],
)
def test_times_are_days_from_and_to(text: str, first: str, last: str) -> None:
    found = period_of(fold(text), NOW, is_asked=True)
    assert found is not None
    assert found.period == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "question",
    [
        "展会为什么改到11月？",
        "3月20日以后怎么罚？",
        "2018年9月出生的能上学吗？",
        "How many people may come?",
        "What must be done by June 30?",
        "猪肉价格比去年贵吗？",
        "6-12月龄婴儿",
        "学校13月开学吗？",
    ],
)
def test_what_is_no_time_that_is_asked_of(question: str) -> None:
    assert period_of(fold(question), NOW, is_asked=True) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("猪肉价格是多少？", "31.9元"),
        ("最新的猪肉价格是多少？", "31.9元"),
        ("本周猪肉价格是多少？", "31.9元"),
        ("上周猪肉价格是多少？", "31.8元"),
        ("2023年3月9日猪肉价格是多少？", "26.1元"),
        ("2023年6月中心医院门诊量是多少？", "23060人次"),
        ("上个月中心医院门诊量是多少？", "24030人次"),
        ("2022年第四季度财政收入是多少？", "22.4亿元"),
        ("去年第三季度财政收入是多少？", "23.3亿元"),
        ("What was the fiscal revenue in the second quarter of 2023?", "23.2亿元"),
        ("去年高考本科上线多少人？", "1023人"),
        ("上个月12345热线受理了多少件诉求？", "24035件"),
        ("最新的12345热线受理了多少件诉求？", "24035件"),
        ("2023年6月12345热线受理了多少件诉求？", "23065件"),
        ("How many complaints did the 12345 hotline receive in June 2023?", "23065件"),
        ("去年七月中心医院门诊量是多少？", "23070人次"),
        ("2023年12月全县公交线路多少条？", "23条"),
    ],
)
def test_the_issue_that_tells_of_the_time_answers(
    question: str, told: str, weekly: Answerer
) -> None:
    answer = weekly.answer(question)
    assert answer.status == "answered"
    first = answer.citations[0]
    assert told in [first.quote[start:end] for start, end in first.marks]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("9月30日的安全会议谁讲话？", "王芳"),
        ("Who spoke at the safety meeting on September 30?", "王芳"),
        ("9月27日的安全会议谁讲话？", "李强"),
        ("9月28日的安全会议谁讲话？", ""),
    ],
)
def test_what_is_told_of_another_day_is_no_answer(question: str, told: str) -> None:
    issue = issue_of(
        "9月27日晚，区里召开安全会议，部署安全工作。区长李强出席安全会议并讲话。",
        "9月30日下午，区里召开会议。书记王芳出席并讲话，强调安全。",
        name="2021-10-08.txt",
    )
    answer = Answerer(Finder.open(Archive.in_memory([issue]))).answer(question)
    assert (answer.status == "answered") is bool(told)
    assert told in (answer.citations[0].quote if told else "")
