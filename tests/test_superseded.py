"""What a later issue tells of the same, and does not say that it has changed."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from tests.conftest import issue_of


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """Return what answers from four issues of a county's paper."""
    issues = [
        issue_of(
            "游泳馆每天10时至21时开放，成人票25元。",
            "县博物馆门票20元，学生半价。借书证押金100元，可借图书5册。",
            "芦溪大桥开工，预计2024年10月建成通车。",
            "清明假期接待游客9.4万人次。",
            "暖心食堂位于梧桐路18号，午餐每份12元。",
            name="2023-01-13.txt",
        ),
        issue_of(
            "县博物馆实行免费开放，观众凭身份证入馆。借书证免押金，可借图书10册。",
            "12月，全县PM2.5平均浓度51微克，优良率74.2%。",
            "因东塘路改造，1月17日9时至17时，东塘路停水。",
            name="2024-01-12.txt",
        ),
        issue_of(
            "受汛期影响，芦溪大桥通车时间推迟至2025年5月。",
            "上半年，全县实现地区生产总值169.7亿元，同比增长5.2%。",
            "暖心食堂午餐价格由每份12元调整为每份13元，晚餐价格不变。",
            "游泳馆每天9时至22时开放，成人票30元，65岁以上老人免费。",
            name="2024-07-19.txt",
        ),
        issue_of(
            "2024年全县实现地区生产总值356.3亿元，同比增长5.4%。",
            "12月，全县PM2.5平均浓度43微克，优良率83.9%。",
            name="2025-01-10.txt",
        ),
        issue_of(
            "7月30日，芦溪大桥建成通车。",
            "7月，全县PM2.5平均浓度19微克，优良率96.8%。",
            "因莲湖路施工，8月12日8时至15时，莲湖路停水。",
            name="2025-08-08.txt",
        ),
    ]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("游泳馆几点关门？", ["9时至22时", "10时至21时"]),
        ("博物馆门票多少钱？", ["免费开放", "20元"]),
        ("借书证押金多少？", ["免押金", "100元"]),
        ("How much is the deposit for a library card?", ["免押金", "100元"]),
        ("暖心食堂在哪里？", ["梧桐路18号"]),
        ("芦溪大桥什么时候通车？", ["7月30日"]),
        ("When did Luxi Bridge open to traffic?", ["7月30日"]),
        ("游泳馆成人票多少钱？", ["30元", "25元"]),
        ("2024年GDP是多少亿？", ["356.3亿元"]),
        ("最近一次停水是什么时候？", ["8月12日8时至15时"]),
    ],
)
def test_the_newest_is_told_first(question: str, marked: list[str], answerer: Answerer) -> None:
    told = answerer.answer(question).citations
    first = [one.quote[slice(*one.marks[0])] for one in told if one.marks]
    assert first[: len(marked)] == marked
    assert first[0] == marked[0]


def test_the_months_value_is_no_definition(answerer: Answerer) -> None:
    answer = answerer.answer("What was the PM2.5 last month?")
    assert answer.status == "answered"
    assert "19微克" in answer.citations[0].quote


def test_one_feast_is_not_another(answerer: Answerer) -> None:
    assert answerer.answer("清明假期接待游客多少？").status == "answered"
    assert answerer.answer("五一假期接待游客多少？").status == "no_answer"
