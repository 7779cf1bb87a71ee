"""What is asked of one meeting, dose or rank is not answered with what is told of another."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.ordinals import is_another, ordinals_asked
from qa.rank import Finder
from tests.conftest import issue_of

MEETING = "3月5日上午，镇党委书记贺明舒主持召开2022年第7次镇长办公会议，研究春耕工作。"
CONGRESS = "6月8日，县第九次妇代会开幕，县妇联主席柳如眉作工作报告。"
DOSES = "截至5月底，全镇第二剂疫苗接种8600人，接种率居全县第一位。"
BATCH = "首批公租房共120套，4月1日开始申请。"


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    issues = [
        issue_of(text, name=f"2022-0{n}.txt")
        for n, text in enumerate((MEETING, CONGRESS, DOSES, BATCH), start=1)
    ]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("第7次镇长办公会议是谁主持的？", "answered"),
        ("第七次镇长办公会议是谁主持的？", "answered"),
        ("第6次镇长办公会议是谁主持的？", "no_answer"),
        ("县第九次妇代会的报告是谁作的？", "answered"),
        ("县第八次妇代会的报告是谁作的？", "no_answer"),
        ("全镇第二剂疫苗接种了多少人？", "answered"),
        ("全镇第一剂疫苗接种了多少人？", "no_answer"),
        ("疫苗接种率居全县第三位的是哪里？", "no_answer"),
        ("首批公租房有多少套？", "answered"),
        ("第一批公租房有多少套？", "answered"),
        ("第二批公租房有多少套？", "no_answer"),
        ("How many people had the first dose of the vaccine?", "no_answer"),
    ],
)
def test_another_of_a_row_answers_nothing(question: str, status: str, answerer: Answerer) -> None:
    assert answerer.answer(question).status == status


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("第八届运动会在哪里开？", "第3次会议由镇长主持。", False),  # of another row
        ("第八届运动会在哪里开？", "运动会在城东体育场开。", False),
        ("第八届运动会在哪里开？", "第八届运动会开幕，第七届的冠军到场。", False),
        ("第八届运动会在哪里开？", "第七届运动会在城东体育场开。", True),
        ("Which town came second?", "石桥镇名列第一名。", True),
        ("Which town came second?", "石桥镇名列第二名。", False),
        ("Who spoke in the second half?", "第一次会议由他主持。", False),
        ("What happened on the 11th of May?", "第十二次会议召开。", False),
    ],
)
def test_only_numbers_of_the_same_row_are_compared(question: str, text: str, another: bool) -> None:
    assert is_another(ordinals_asked(parse(question)), text) is another
