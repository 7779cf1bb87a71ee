"""Of a place of the world that the bulletin nowhere names it says nothing."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from tests.conftest import issue_of

TEXTS = (
    "地铁1号线末班车为22时40分，票价起步2元。",
    "全县人口42.6万人，其中常住县城的18万人。",
    "杭州来的三位木匠在古镇住了下来。",
    "县长苏望川到会讲话。",
)


@pytest.fixture(scope="module")
def town() -> Answerer:
    return Answerer(Finder.open(Archive.in_memory([issue_of("\n\n".join(TEXTS))])))


@pytest.mark.parametrize(
    "question",
    [
        "北京地铁末班车几点？",
        "日本的人口是多少？",
        "What is the population of Japan?",
        "what time is the last metro in Beijing",
    ],
)
def test_a_place_that_is_nowhere_named_is_not_answered_of(question: str, town: Answerer) -> None:
    assert town.answer(question).status == "no_answer"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("地铁末班车几点？", "22时40分"),
        ("全县人口是多少？", "42.6万"),
        ("杭州来了几位木匠？", "三位"),
        ("How many carpenters came from Hangzhou?", "三位"),
    ],
)
def test_what_is_printed_is_told(question: str, told: str, town: Answerer) -> None:
    answer = town.answer(question)
    assert answer.status == "answered"
    assert told in answer.citations[0].quote
