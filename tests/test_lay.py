"""Words as readers say them are asked for as they are printed, where else nothing is found."""

from __future__ import annotations

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from qa.search.lay import LAY, in_print
from tests.conftest import issue_of


def test_the_table_has_each_lay_word_once_and_never_for_itself() -> None:
    rows = [line.split("\t") for line in LAY.read_text("utf-8").splitlines()[1:]]
    words = [lay for lay, _ in rows]
    assert words == sorted(set(words))
    assert all(lay not in printed.split() for lay, printed in rows)


def test_the_first_printed_word_that_the_archive_has_is_taken() -> None:
    assert in_print("老板是谁？", lambda word: word == "总经理") == "总经理是谁？"
    assert in_print("老板是谁？", lambda word: False) == ""
    assert in_print("书记是谁？", lambda word: True) == ""


def test_a_declined_question_is_asked_in_printed_words() -> None:
    told = "全区随迁子女入学需提供居住证和社保证明，8月1日起登记。\n\n公交线路增至12条。"
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(told)])))
    answer = answerer.answer("外地孩子入学需提供什么？")
    assert answer.status == "answered"
    assert "居住证" in answer.citations[0].quote
    assert answer.reading is None or "随迁子女" in answer.reading.question
