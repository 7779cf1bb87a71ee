"""What is asked of one year, age or amount is not answered with what is told of another."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.conditions import contradicted, tells_of_another
from qa.rank import Finder
from tests.conftest import issue_of

PARKS = "去年全区新建公园8座，总面积30公顷。2019年新建公园4座。"
DOSES = "截至1月底，全区18周岁以上居民疫苗接种率达98%，提前完成任务。"
PLAN = "到二〇三五年，全区基本实现现代化；2025年人均收入超过5万元。"
MONEY = "总投资1.5亿元的污水处理厂扩建工程在城北开工，工期两年。"
LINE = "地铁7号线二期将于9月通车，设车站6座。今年新增停车场27个。"
ELSE = "小学生参观了科技馆，听讲解员介绍机器人。"


@pytest.fixture(scope="module")
def finder() -> Finder:
    issues = [
        issue_of(text, name=f"2022-0{n}.txt")
        for n, text in enumerate((PARKS, DOSES, MONEY, ELSE, PLAN, LINE), start=1)
    ]
    return Finder.open(Archive.in_memory(issues))


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("2019年新建公园多少座？", "answered"),
        ("2016年新建公园多少座？", "no_answer"),
        ("2021年新建公园多少座？", "answered"),  # 去年, in an issue of 2022
        ("How many parks were built in 2019?", "answered"),
        ("How many parks were built in 2016?", "no_answer"),
        ("18周岁以上居民疫苗接种率是多少？", "answered"),
        ("60周岁以上居民疫苗接种率是多少？", "no_answer"),
        ("12至17岁居民疫苗接种率是多少？", "no_answer"),
        ("2022年18岁以上居民疫苗接种率是多少？", "answered"),  # the year of the issue
        ("2035年全区基本实现什么？", "answered"),
        ("2050年全区基本实现什么？", "no_answer"),
        ("总投资15000万元的污水处理厂在哪里开工？", "answered"),  # 1.5亿
        ("总投资9亿元的污水处理厂在哪里开工？", "no_answer"),
        ("地铁7号线二期什么时候通车？", "answered"),
        ("地铁8号线二期什么时候通车？", "no_answer"),
        ("地铁7号线三期什么时候通车？", "no_answer"),
        ("When will phase II of metro line 7 open?", "answered"),
        ("When will phase II of metro line 8 open?", "no_answer"),
        ("今年新增停车场多少个？", "answered"),
        ("去年新增停车场多少个？", "no_answer"),
        ("去年新建公园多少座？", "answered"),
    ],
)
def test_a_condition_that_is_not_met_is_not_passed_over(
    question: str, status: str, finder: Finder
) -> None:
    assert Answerer(finder).answer(question).status == status
    chosen = Answerer(finder, min_confidence=0.01).answer(question)
    assert chosen.status == status, "whatever confidence is chosen"


def test_lengths_of_time_and_questions_without_figures_are_no_conditions(finder: Finder) -> None:
    (place,) = finder.places(["2022-01/a01/p01"])
    for question in ("3年新建公园多少座？", "新建公园多少座？", "How many parks were built?"):
        assert not contradicted(parse(question), place)


def test_an_issue_without_a_date_is_of_no_year() -> None:
    archive = Archive.in_memory([issue_of("全区新建公园8座。", name="spring.txt")])
    (place,) = Finder.open(archive).places(["spring/a01/p01"])
    assert not contradicted(parse("2016年新建公园多少座？"), place)


def test_a_line_may_be_a_bus_route() -> None:
    archive = Archive.in_memory([issue_of("12路末班车21点30分发车，票价2元。", name="2022-01.txt")])
    (place,) = Finder.open(archive).places(["2022-01/a01/p01"])
    assert not contradicted(parse("When does the last bus of line 12 leave?"), place)
    assert contradicted(parse("When does the last bus of line 15 leave?"), place)


STEEL = {
    "2025-03-07": "2月份，集团产钢41.2万吨，实现利润1.2亿元。",
    "2025-04-04": "3月份，集团产钢44.3万吨，实现利润1.5亿元。",
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2025年2月集团产钢多少？", "41.2万吨"),
        ("2月集团产钢多少？", "41.2万吨"),
        ("3月集团产钢多少？", "44.3万吨"),
        ("4月集团产钢多少？", ""),
        ("How much steel did the group make in February 2025?", "41.2万吨"),
    ],
)
def test_the_month_of_an_issue_is_not_the_month_that_it_reports_on(
    question: str, told: str
) -> None:
    issues = [issue_of("生产简讯", text, name=f"{name}.txt") for name, text in STEEL.items()]
    found = Answerer(Finder.open(Archive.in_memory(issues))).answer(question)
    assert [one.quote[slice(*mark)] for one in found.citations for mark in one.marks] == (
        [told] if told else []
    )


@pytest.mark.parametrize(
    ("headline", "text", "question"),
    [
        ("4月房价", "本市新房均价每平方米8600元，3月为8500元。", "4月新房均价是多少？"),
        ("4月门诊量创新高", "全院门诊量为55072人次，比3月增长5%。", "4月门诊量是多少人次？"),
        ("泊位", "1、2号泊位将于10月8日启用。", "1号泊位什么时候启用？"),
        ("机组", "1至3号机组将于10月8日启用。", "2号机组什么时候启用？"),
        ("培训", "培训于15号至18号下午举行，地点在三楼。", "15号下午的培训在哪里举行？"),
    ],
)
def test_a_month_compared_with_or_a_number_of_several_is_no_other(
    headline: str, text: str, question: str
) -> None:
    issue = issue_of(headline, text, name="2024-04-30.txt")
    finder = Finder.open(Archive.in_memory([issue]))
    (place,) = finder.places(["2024-04-30/a01/p01"])
    assert not contradicted(parse(question), place)


def test_number_two_is_not_number_three() -> None:
    text = "三号高炉检修工程将于5月10日启动，投资2.8亿元。"
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of("检修", text)])))
    assert answerer.answer("三号高炉检修什么时候启动？").status == "answered"
    assert answerer.answer("二号高炉检修什么时候启动？").status == "no_answer"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("7月图书馆每周开放多少小时？", "5月1日至10月31日，图书馆每周开放60小时。"),
        ("1月图书馆每周开放多少小时？", "11月至次年3月，图书馆每周开放60小时。"),
        ("5月护理补贴是每人多少元？", "自3月1日起，护理补贴提高到每人每月800元。"),
        ("8月龄婴儿接种每剂多少元？", "12月1日，6月龄以上婴儿接种每剂80元。"),
        ("How much is the subsidy for May Day?", "3月，护理补贴提高到每人每月800元。"),
    ],
)
def test_a_month_between_two_or_after_one_is_not_another(question: str, text: str) -> None:
    finder = Finder.open(Archive.in_memory([issue_of("新闻", text, name="2023-04.txt")]))
    (place,) = finder.places(["2023-04/a01/p01"])
    assert not contradicted(parse(question), place)


VISITS = {month: f"{month}月份，全院门诊量{50000 + month}人次。" for month in (3, 4, 5)}


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("4月门诊量是多少？", "answered"),
        ("6月门诊量是多少？", "no_answer"),
        ("How many outpatient visits in April?", "answered"),
        ("How many outpatient visits in June?", "no_answer"),
        ("门诊量是多少？", "answered"),
    ],
)
def test_what_is_asked_of_a_month_is_not_told_by_another(question: str, status: str) -> None:
    issues = [
        issue_of("运行数据", text, name=f"2024-0{month}.txt") for month, text in VISITS.items()
    ]
    told = Answerer(Finder.open(Archive.in_memory(issues))).answer(question)
    assert told.status == status
    if status == "answered" and question != "门诊量是多少？":
        assert "50004" in told.citations[0].quote


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("16路有多少站？", "15路从城东开往石桥，共设19站。", True),
        ("16路有多少站？", "15路、16路各设19站。", False),
        ("16路有多少站？", "车从经8路上过，共设19站。", False),
        ("16路有多少站？", "分3路开展整治。", False),
        ("How many stops has bus 16?", "15路从城东开往石桥，共设19站。", True),
        ("How many stops has the No. 16 bus?", "16路从城东开往石桥，共设19站。", False),
        ("Where are the 12 bus stops?", "15路从城东开往石桥。", False),
        ("3号楼住了多少人？", "2号楼住着90人。", True),
        ("7号楼什么时候停电？", "6至9号楼6月26日停电。", False),
        ("5号楼什么时候停电？", "6至9号楼6月26日停电。", True),
        ("二期何时完工？", "一期工程6月完工。", True),
        ("二期何时完工？", "一期、二期工程6月完工。", False),
        ("男子100米冠军是谁？", "邢大柱获得男子5000米冠军。", True),
        ("男子100米冠军是谁？", "邢大柱获得男子5000米冠军，男子100米冠军是李明。", False),
        ("男子100米跑了多久？", "男子5000米冠军是李明。", False),
    ],
)
def test_a_sentence_on_another_line_or_building_is_told(
    question: str, text: str, another: bool
) -> None:
    assert tells_of_another(parse(question), text) is another


BUSES = "公交高新5路发车间隔缩短为10分钟；途经12路、27路的乘客请换乘。"
SUBWAY = "从东坪站到火车站全程38分钟，地铁票价6元。"
RACE = "环湖半程马拉松女子冠军由刘雨桐夺得，成绩1小时17分。"
RACE_BEFORE = "环湖半程马拉松去年女子冠军是方晴，成绩1小时19分。"


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("地铁票价是多少？", "answered"),
        ("高新8路票价是多少？", "no_answer"),
        ("How much is the ticket for bus 8?", "no_answer"),
        ("高新5路发车间隔是多少分钟？", "answered"),
        ("27路的乘客怎么办？", "answered"),
    ],
)
def test_a_bus_that_an_article_never_names_is_not_what_it_tells_of(
    question: str, status: str
) -> None:
    issues = [issue_of(one, name=f"2024-0{n}.txt") for n, one in enumerate((BUSES, SUBWAY), 5)]
    assert Answerer(Finder.open(Archive.in_memory(issues))).answer(question).status == status


def test_last_year_is_told_by_what_speaks_of_it() -> None:
    asked = "去年环湖半程马拉松女子冠军是谁？"
    now = Answerer(Finder.open(Archive.in_memory([issue_of(RACE, name="2024-05.txt")])))
    assert now.answer(asked).status == "no_answer"
    assert now.answer("环湖半程马拉松女子冠军是谁？").status == "answered"
    both = [issue_of(RACE, name="2024-05.txt"), issue_of(RACE_BEFORE, name="2024-06.txt")]
    told = Answerer(Finder.open(Archive.in_memory(both))).answer(asked)
    assert "方晴" in told.citations[0].quote


def test_one_road_is_not_another() -> None:
    issues = [
        issue_of("因管道更换，3月8日8时至15时，莲湖路、文化路停水。", name="2024-03.txt"),
        issue_of("因水厂检修，5月6日8时至15时，北门街停水。", name="2024-05.txt"),
    ]
    answerer = Answerer(Finder.open(Archive.in_memory(issues)))
    assert answerer.answer("建设路哪天停水？").status == "no_answer"
    told = answerer.answer("我住在文化路，哪天停水？").citations[0]
    assert told.quote[slice(*told.marks[0])] == "3月8日8时至15时"
    assert answerer.answer("北门街哪天停水？").status == "answered"
