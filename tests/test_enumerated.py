"""What is listed is marked whole, and only what is of the kind that is asked for."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.alignment import tokens
from qa.quoting.enumerated import asks_for_several, enumerations
from qa.quoting.slot import slot_of
from qa.rank import Finder
from tests.conftest import issue_of
from tests.test_spans import marked


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("涉及先进制造、重大基础设施、社会民生等领域", ["先进制造、重大基础设施、社会民生"]),
        ("镇长先后到石桥村、柳河湾小区,", ["石桥村、柳河湾小区"]),
        ("要抓好清淤、护堤、绿化3项工作", ["清淤、护堤、绿化"]),
        ("认真学习《河道管理办法》《防汛预案》", ["《河道管理办法》《防汛预案》"]),
        ("他说、、,", []),
        ("没有列举", []),
    ],
)
def test_lists_begin_and_end_where_their_things_do(text: str, listed: list[str]) -> None:
    found = enumerations(text, tokens(text))
    assert [text[start:end] for start, end in found] == listed


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("治理了哪些河？", True),
        ("治理了哪条河？", False),
        ("哪三个村受灾？", True),
        ("Which rivers are to be cleaned?", True),
        ("Which river is to be cleaned?", False),
        ("What makes the river flood?", False),
        ("Which company produces pumps?", False),
        ("Name the villages that were flooded.", True),
        ("What is the name of the river?", False),
    ],
)
def test_whether_several_are_asked_for(question: str, several: bool) -> None:
    slot = slot_of(parse(question))
    assert slot
    assert asks_for_several(slot) is several


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "街道添置了哪些东西？",
            "街道用结余的钱添置了轮椅、老花镜和两台血压计。",
            "轮椅、老花镜和两台血压计",
        ),
        ("县里治理了哪几条河？", "县里今年治理了新河、山门河、柳河等河道。", "新河、山门河、柳河"),
        (
            "哪些镇领导出席了会议？",
            "镇长李明主持会议，镇领导刘春明、冯利民、许海玲、侯建华出席会议。",
            "刘春明、冯利民、许海玲、侯建华",
        ),
        (
            "获得一等奖的是哪些人？",
            "一等奖：罗大壮（供电所）、佟小禾（卫生院）、卞小龙（中学）",
            "罗大壮（供电所）、佟小禾（卫生院）、卞小龙（中学）",
        ),
    ],
)
def test_a_list_is_marked_whole(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == [answer]


def test_what_the_question_said_is_not_marked() -> None:
    assert marked("公司反映了什么问题？", "工作组研究解决了公司反映的问题。") == []


TOWN = (
    "6月3日，柳河县三个项目开工。其中，科创园项目由河南中原建设集团有限公司投资建设。",
    "全县第二剂疫苗累计接种147262剂次，接种率达98.18%，居全市第一位。",
    "苏家作乡石桥村是红色教育基地，明年修缮。",
    "县里今年加快新河、山门河、柳河3条河道排水防涝建设，消除易涝点。",
    "会议强调，要抓好交通、消防、食品药品等重点领域安全监管，切实增强责任感和使命感。",
)


@pytest.fixture(scope="module")
def town() -> Answerer:
    return Answerer(Finder.open(Archive.in_memory([issue_of(*TOWN)])))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What vaccination rate did the county reach?", "98.18%"),
        ("What place does the county's vaccination rate take in the city?", "第一位"),
        ("In which township is the red education village?", "苏家作乡"),
        ("Which rivers are to get faster drainage works?", "新河、山门河、柳河"),
        ("Which key fields need safety supervision?", "交通、消防、食品药品"),
        ("科创园项目由哪家公司投资建设？", "河南中原建设集团有限公司"),
    ],
)
def test_what_is_asked_for_is_known_by_its_kind(question: str, answer: str, town: Answerer) -> None:
    told = town.answer(question)
    assert told.status == "answered"
    first = told.citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [answer]


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("科创园项目的司机叫什么名字？", "no_answer"),
        ("What is the name of the driver of the park project?", "no_answer"),
    ],
)
def test_a_name_that_is_asked_for_must_be_told(question: str, status: str, town: Answerer) -> None:
    assert town.answer(question).status == status
