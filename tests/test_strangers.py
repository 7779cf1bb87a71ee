"""Of a person whom the bulletin nowhere names it says nothing."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from tests.conftest import issue_of

TEXTS = (
    "年龄最大的是白渡镇的毛阿彩老人，今年108岁。",
    "毛阿彩每天早上喝一碗小米粥，爱听越剧。",
    "2月27日，区人民代表大会补选罗映秋为区长。",
    "杜建国照顾岳母十九年，从无怨言。",
    "林默说，窗口要少跑腿。林默，今年45岁。",
)


@pytest.fixture(scope="module")
def town() -> Answerer:
    return Answerer(Finder.open(Archive.in_memory([issue_of("\n\n".join(TEXTS))])))


@pytest.mark.parametrize(
    "question",
    [
        "秦大明今年多少岁？",
        "王小丽照顾岳母多少年？",
        "陈大明什么时候当选区长？",
        "How old is Qian Daming?",
    ],
)
def test_who_is_nowhere_named_is_not_answered_with_another(question: str, town: Answerer) -> None:
    assert town.answer(question).status == "no_answer"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("毛阿彩今年多少岁？", "108岁"),
        ("杜建国照顾岳母多少年？", "十九年"),
        ("林默说了什么？", "少跑腿"),
        ("林默今年多少岁？", "45岁"),
        ("全区有哪些补选的区长？", "罗映秋"),
        ("How old is Mao Acai?", "108岁"),
    ],
)
def test_who_is_named_is_answered(question: str, told: str, town: Answerer) -> None:
    answer = town.answer(question)
    assert answer.status == "answered"
    assert told in answer.citations[0].quote


def test_a_name_typed_by_its_sound_is_the_printed_one(town: Answerer) -> None:
    answer = town.answer("杜见国照顾岳母多少年？")
    assert answer.reading is not None
    assert answer.reading.question == "杜建国照顾岳母多少年？"
