"""Issues of several years that tell the same beats: what is of another time is no answer."""

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
            "教育工作会议召开",
            "教育局局长贺兰舟表示，今年计划新建学校6所，新增学位3200个。",
            "6月空气质量",
            "6月，全县空气质量优良天数27天，优良率90%。",
            name="2023-02-10.txt",
        ),
        issue_of(
            "教育工作总结",
            "教育局局长贺兰舟介绍，去年全县实际完成新建学校7所，新增学位3540个。今年计划再建学校4所。",
            "就业稳中向好",
            "2023年，城镇新增就业6120人。",
            name="2024-01-12.txt",
        ),
        issue_of(
            "上半年经济运行",
            "上半年，全县实现地区生产总值169.7亿元，同比增长5.2%。",
            "停水通知",
            "因管道更换，7月23日8时至18时，北门街停水。",
            name="2024-07-19.txt",
        ),
        issue_of(
            "前三季度经济运行",
            "前三季度，全县实现地区生产总值268.5亿元，同比增长5.8%。",
            "口袋公园建设",
            "住建局局长任海潮介绍，今年全县实际建成口袋公园14个。明年计划建设口袋公园10个。",
            name="2025-12-26.txt",
        ),
    ]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    "question",
    [
        "上个月的停水通知",
        "2024年前三季度地区生产总值是多少？",
        "2025年全年地区生产总值是多少？",
        "今年城镇新增就业多少人？",
        "去年6月优良天数多少？",
        "2024年实际建成多少所学校？",
        "How many schools were actually built in 2024?",
    ],
)
def test_what_is_told_of_other_times_alone_is_declined(question: str, answerer: Answerer) -> None:
    assert answerer.answer(question).status == "no_answer"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("去年7月哪里停水？", "北门街"),
        ("去年上半年地区生产总值是多少？", "169.7亿元"),
        ("2025年前三季度地区生产总值是多少？", "268.5亿元"),
        ("6月优良天数多少？", "27天"),
        ("2023年城镇新增就业多少人？", "6120人"),
    ],
)
def test_what_is_of_the_time_answers(question: str, told: str, answerer: Answerer) -> None:
    assert told in answerer.answer(question).citations[0].quote


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2023年计划新建几所学校？", "6所"),
        ("2023年实际建了几所学校？", "7所"),
        ("2023年新增了多少学位？", "3540个"),
        ("明年计划建多少个口袋公园？", "10个"),
        ("今年实际建成多少个口袋公园？", "14个"),
        ("How many schools were planned in 2023?", "6所"),
        ("How many schools were actually built in 2023?", "7所"),
    ],
)
def test_a_plan_and_what_came_of_it_are_told_apart(
    question: str, told: str, answerer: Answerer
) -> None:
    first = answerer.answer(question).citations[0]
    assert [first.quote[slice(*one)] for one in first.marks] == [told]


def test_an_age_is_of_today_whenever_it_was_printed() -> None:
    told = "退休教师殷素梅今年66岁，2023年起义务授课。"
    issues = [
        issue_of(told, name="2023-03-01.txt"),
        issue_of("河西村新修水渠9公里。", name="2025-05-01.txt"),
    ]
    answer = Answerer(Finder.open(Archive.in_memory(issues))).answer("殷素梅今年多大？")
    assert [one.quote for one in answer.citations] == [told]


def test_a_season_in_a_name_is_no_time() -> None:
    issue = issue_of(
        "关于执行冬季作息的通知",
        "自12月1日起执行冬季作息，由各处室执行至来年：",
        "机关：8:30—12:00，13:00—17:00。",
        "冬季作息执行至2023年3月31日。",
        name="2022-11-30.txt",
    )
    later = issue_of("春耕", "各乡镇检修农机，备足种子。", name="2025-03-20.txt")
    answerer = Answerer(Finder.open(Archive.in_memory([issue, later])))
    answer = answerer.answer("冬季作息执行至何时？")
    assert "3月31日" in answer.citations[0].quote
