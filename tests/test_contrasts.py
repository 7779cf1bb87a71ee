"""What is asked of one of two things is not answered with what is told of the other."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.query import parse
from qa.quoting.conditions import contradicted
from tests.conftest import issue_of


@pytest.mark.parametrize(
    ("question", "text", "is_other"),
    [
        ("亚军得了多少奖金？", "比赛落幕，冠军得奖金2万元。", True),
        ("亚军得了多少奖金？", "比赛落幕，冠军得奖金2万元，亚军得1万元。", False),
        ("亚军得了多少奖金？", "比赛落幕，奖金共3万元。", False),
        ("How much did the runner-up win?", "比赛落幕，冠军得奖金2万元。", True),
        ("How much did the champion win?", "比赛落幕，冠军得奖金2万元。", False),
        ("早餐多少钱？", "食堂午餐12元，晚餐10元。", True),
        ("早餐多少钱？", "食堂供应早、午餐，一份8元。", False),
        ("What does breakfast cost?", "食堂午餐12元。", True),
        ("老馆面积多大？", "新馆面积2万平方米。", True),
        ("老馆面积多大？", "新馆面积2万平方米，旧馆6000平方米。", False),
        ("How large is the old library?", "新馆面积2万平方米。", True),
        ("半决赛几点开始？", "决赛晚上7点开始。", True),
        ("决赛几点开始？", "半决赛晚上7点开始。", True),
        ("决赛几点开始？", "决赛晚上7点开始。", False),
        ("When do the semi-finals begin?", "决赛晚上7点开始。", True),
        ("When do the finals begin?", "决赛晚上7点开始。", False),
        ("女队拿了第几名？", "男队获得第二名。", True),
        ("女队拿了第几名？", "男女两队都获得第二名。", False),
        ("女子双打冠军是谁？", "女子单打冠军是江小蕾。", True),
        ("Who won the mixed doubles?", "男子双打冠军是江一帆和卢征。", True),
        ("女子双打冠军是谁？", "单打冠军是江小蕾，双打冠军是卢珍和纪南。", False),
        ("五一路几点封闭？", "国庆期间，人民路封闭。", False),
        ("末班车几点？", "首班车6点发车。", True),
        ("末班车几点？", "首末班车为6点和21点。", False),
        ("南校区有多少学生？", "北校区有学生3000人。", True),
        ("什么时候正式开馆？", "博物馆7月1日起试开放。", True),
        ("产业园二期什么时候开工？", "5月6日，产业园开工。", True),
        ("产业园一期什么时候开工？", "5月6日，产业园开工。", False),
        ("When will the second phase begin?", "5月6日，产业园开工。", True),
        ("When will the second phase begin?", "5月6日，产业园二期开工。", False),
        ("地铁3号线有多少站？", "3路公交有12站。", True),
        ("第三阶梯水价是多少？", "第一阶梯1.9元，第二阶梯2.9元。", True),
        ("第三阶梯水价是多少？", "第一阶梯1.9元，第三阶梯3.9元。", False),
        ("第三食堂座位有多少？", "第三食堂有座位900个。", False),
    ],
)
def test_the_other_of_two_things_is_no_answer(question: str, text: str, is_other: bool) -> None:
    issue = issue_of(text, name="2024-05-06.txt")
    (place,) = Archive.in_memory([issue]).places([issue.articles[0].passages[0].id])
    assert contradicted(parse(question), place) is is_other
