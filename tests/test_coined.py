"""A coined term is known without its quotation marks, and in an English gloss."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.text import fold
from qa.answer import Answerer
from qa.rank import Finder
from qa.search.coined import glossed
from qa.search.terms import Terms
from tests.conftest import issue_of

NAMED = (
    "全区落实“四查两改”要求，抓好“五个一批”项目，确保“一展两赛”顺利举办。"
    "要围绕“三个百年”目标，开展“千人帮千户”活动，深化“一网七心”工程。"
)
TOLD = "“两清单”是指问题清单和责任清单。"


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(Finder.open(Archive.in_memory([issue_of(f"{NAMED}\n\n{TOLD}")])))


@pytest.mark.parametrize(
    ("gloss", "term"),
    [
        ("five batches", "五个一批"),
        ("four inspections and two reforms", "四查两改"),
        ("one exhibition two competitions", "一展两赛"),
        ("three centenary goals", "三个百年"),
        ("thousand people help thousand households campaign", "千人帮千户"),
        ("six batches", ""),
        ("two competitions", ""),
        ("five meetings", ""),
        ("centenary goals", ""),
        ("five", ""),
    ],
)
def test_a_gloss_is_known_by_its_numbers_and_its_words(gloss: str, term: str) -> None:
    def search(terms: Terms) -> list[str]:
        assert not terms.words
        assert terms.chars
        return [fold(NAMED)]

    assert glossed(gloss, search) == term


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("What are the five batches?", "What is “五个一批”?"),
        ('What does "one exhibition two competitions" mean?', "What is “一展两赛”?"),
        ("What are the five batches in the mayor's report?", "What is “五个一批”?"),
        ("What is wu ge yi pi?", "What is “五个一批”?"),
        ("what does the “si cha liang gai” reform stand for", "What is “四查两改”?"),
        ("qian ren bang qian hu", "What is “千人帮千户”?"),
        ("什么是五个一批？", "“五个一批”是什么？"),
        ("五个一批", "“五个一批”是什么？"),
        ("四查两改是什么意思？", "“四查两改”是什么？"),
    ],
)
def test_it_is_asked_for_as_it_is_printed(question: str, read: str, answerer: Answerer) -> None:
    answer = answerer.answer(question)
    assert answer.status == "partial"
    assert answer.reading is not None
    assert answer.reading.question == read


@pytest.mark.parametrize(
    "question",
    [
        "“五个一批”是哪五批？",
        "“一展两赛”是指哪一展哪两赛？",
        "“四查两改”具体是哪些？",
    ],
)
def test_which_ones_it_is_asks_what_it_is(question: str, answerer: Answerer) -> None:
    assert answerer.answer(question).status == "partial"


def test_one_that_is_explained_is_answered(answerer: Answerer) -> None:
    answer = answerer.answer("两清单是什么？")
    assert answer.status == "answered"
    assert TOLD in answer.text
