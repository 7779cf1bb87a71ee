from __future__ import annotations

from pathlib import Path

import pytest

from corpus.archive import Archive
from corpus.errors import ModelError
from qa.names import SHIPPED_READINGS, names_in, read_readings, shipped_readings, spelled
from qa.rank import Finder
from tests.conftest import issue_of

TEXTS = (
    "柏鹿街道新建公园3座。",
    "焦明达到砥江沿岸调研。",
    "长安路改造完成，投资2亿元。",
    "学校操场改造完成。",
)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder.open(Archive.in_memory([issue_of(*TEXTS)]))


def terms(finder: Finder, question: str, phrase: str) -> set[str]:
    found = {one.phrase: one.terms for one in finder.read(question).expansions}
    return {term for term, _ in found.get(phrase, ())}


@pytest.mark.parametrize(
    ("question", "phrase", "term"),
    [
        ("How many parks were built in Bailu?", "bailu", "柏鹿"),
        ("how many parks does bailu have", "bailu", "柏鹿"),
        ("What are Bailu's new parks?", "bailu", "柏鹿"),
        ("Where did Jiao Mingda go?", "mingda", "明达"),
        ("Who went to the Di River?", "di", "砥江"),
        ("What did Chang'an Road cost?", "chang'an", "长安"),
        ("What did Changan Road cost?", "changan", "长安"),
    ],
)
def test_a_name_in_pinyin_is_what_the_archive_prints_for_it(
    finder: Finder, question: str, phrase: str, term: str
) -> None:
    assert term in terms(finder, question, phrase)


def test_an_english_word_that_could_be_pinyin_is_no_name(finder: Finder) -> None:
    assert terms(finder, "Changes were made", "changes").isdisjoint({"长安"})
    assert "柏鹿" not in terms(finder, "Many parks were built", "many")


def test_a_question_in_chinese_spells_no_name(finder: Finder) -> None:
    assert finder.read("柏鹿街道在哪？").expansions == ()


def test_the_passage_with_the_name_comes_first(finder: Finder) -> None:
    query = finder.read("What was done in Bailu?")
    assert finder.search(query, k=1)[0].passage_id == "2020-01/a01/p01"


def test_every_way_to_cut_a_word_is_tried_and_a_word_that_does_not_fit_has_none() -> None:
    readings = shipped_readings()
    assert ("fang", "an") in spelled("fangan", readings)
    assert ("fan", "gan") in spelled("fangan", readings)
    assert spelled("street", readings) == []
    assert spelled("lüshun", readings)[0] == ("lv", "shun")
    assert spelled("a" * 200, readings) == []


def test_odd_questions_are_read_in_peace(finder: Finder) -> None:
    for text in ("Bailu" * 100, "It's '' ’s A", "I", "Xi'an'an'an", "An" * 300, "a'" * 300):
        finder.read(text)
    assert (
        names_in("Di", known=lambda _: (), seen_in=lambda _: 1, readings=shipped_readings()) == []
    )


def test_a_damaged_table_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="readings"):
        read_readings(tmp_path / "none.tsv")
    (tmp_path / "bad.tsv").write_text("no tab\n", encoding="utf-8")
    with pytest.raises(ModelError, match="readings"):
        read_readings(tmp_path / "bad.tsv")
    assert SHIPPED_READINGS.stat().st_size < 60_000
