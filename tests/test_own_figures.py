"""Of several figures, days or names in a sentence, the one of the thing that is asked about."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from tests.conftest import issue_of


def marked(question: str, *paragraphs: str) -> list[str]:
    """Return what is marked in the first quote that answers a question from one article."""
    archive = Archive.in_memory([issue_of("消息", *paragraphs, name="2024-05-06.txt")])
    answer = Answerer(Finder.open(archive)).answer(question)
    first = answer.citations[0]
    return [first.quote[slice(*mark)] for mark in first.marks]


@pytest.mark.parametrize(
    ("question", "told"),
    [("水稻每亩赔多少？", "600元"), ("玉米每亩赔多少？", "400元"), ("玉米一亩地赔多少钱", "400元")],
)
def test_each_of_several_has_its_own_figure(question: str, told: str) -> None:
    assert marked(question, "受灾农户中，水稻每亩赔付600元、玉米每亩赔付400元。") == [told]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("博士每月补贴多少？", "3000元"),
        ("硕士每月补贴多少？", "1500元"),
        ("本科毕业生每月补贴多少？", "800元"),
    ],
)
def test_figures_stand_in_the_order_of_what_they_are_of(question: str, told: str) -> None:
    text = "对新来的博士、硕士、本科毕业生，分别给予每月3000元、1500元、800元的生活补贴。"
    assert marked(question, text) == [told]


def test_of_parts_between_semicolons_the_one_that_is_asked_about_answers() -> None:
    text = (
        "高中组第一名是城东中学，312分；初中组第一名是河西中学，268分；"
        "小学组第一名是实验小学，205分。"
    )
    assert marked("小学组第一名是多少分？", text) == ["205分"]
    assert marked("初中组第一名是多少分？", text) == ["268分"]


def test_what_something_was_does_not_tell_what_it_is() -> None:
    text = "路基由8.5米加宽到12米，全线改造工程年底完工。"
    assert marked("路基加宽到几米？", text) == ["12米"]
    assert marked("路基由多少加宽到多少？", text) == ["由8.5米加宽到12米"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("举报隐患最多能拿多少奖金？", "3万元"),
        ("展会一共签了多少亿？", "57.8亿元"),
    ],
)
def test_a_figure_is_told_as_it_is_asked_for(question: str, told: str) -> None:
    first = "举报隐患有奖，已有一名职工举报隐患拿到奖金2000元。经查实的，最高可奖3万元。"
    second = "展会签约之余，代表团还走访了3家企业。会上签约11个项目，总投资57.8亿元。"
    assert marked(question, first, second) == [told]


def test_who_asks_is_not_answered_with_a_name_they_said() -> None:
    text = "吴秉义8月休假，坐诊的是吴海燕医生。"
    assert marked("吴秉义休假时谁坐诊？", text) == ["吴海燕"]


def test_a_month_is_asked_for_and_a_month_is_told() -> None:
    text = "项目总投资15亿元，计划8月动工、2026年底投产。"
    assert marked("项目几月份动工？", text) == ["8月"]


def test_what_english_counts_has_its_measure_word() -> None:
    first = "锐源总部基地开工，占地218亩，分两期建设，总投资32亿元。"
    second = "锐源总部基地全部达产后，预计带动就业2300人。"
    assert marked("how many jobs will the Ruiyuan base bring?", first, second) == ["2300人"]


def test_who_won_is_told_by_what_speaks_of_winning() -> None:
    first = "环湖半程马拉松上，年龄最大的选手是76岁的胡炳坤，半程马拉松他跑了五次。"
    second = "男子半程马拉松冠军由杨凯夺得，成绩比去年快51秒。"
    assert marked("男子半程马拉松冠军是谁？", first, second) == ["杨凯"]


def test_what_lists_as_many_as_are_asked_for_answers() -> None:
    first = "区里要求落实“一个项目、一名领导、一套专班”，对滞后的项目亮黄牌。"
    second = "齿轮工厂和生命谷三期两个项目因滞后被亮黄牌。"
    archive = Archive.in_memory([issue_of("消息", first + second, name="2024-05-06.txt")])
    answer = Answerer(Finder.open(archive)).answer("哪两个项目被亮黄牌？")
    assert "两个项目" in answer.citations[0].quote


def test_what_was_planned_gives_way_to_what_a_later_issue_tells() -> None:
    issues = [
        issue_of("安置房建设", "卢家湾安置房计划去年底交房。", name="2024-03-14.txt"),
        issue_of("上半年回顾", "卢家湾安置房6月28日交房，居民领到钥匙。", name="2024-07-18.txt"),
    ]
    answerer = Answerer(Finder.open(Archive.in_memory(issues)))
    first = answerer.answer("卢家湾安置房什么时候交的房？").citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["6月28日"]
    planned = answerer.answer("卢家湾安置房原计划什么时候交房？").citations[0]
    assert "去年底" in planned.quote


def test_where_something_goes_is_what_stands_behind_its_verb() -> None:
    text = "自11月14日起，公交27路由原终点站向南延伸至青石铺镇政府，新增站点7个。"
    assert marked("公交27路延伸到了哪里？", text) == ["青石铺镇政府"]
