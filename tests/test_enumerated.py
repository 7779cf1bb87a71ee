"""What is listed is marked whole, and only what is of the kind that is asked for."""

from __future__ import annotations

import pytest

from qa.query import parse
from qa.quoting.alignment import tokens
from qa.quoting.enumerated import asks_for_several, enumerations
from qa.quoting.slot import slot_of
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
