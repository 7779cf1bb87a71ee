from __future__ import annotations

import numpy as np
import pytest

from corpus.archive import Archive
from qa.query import parse
from qa.questions import ask_all, load_questions, per_question
from qa.rank import Finder
from qa.search.ranker import SCORES
from tests.conftest import DATA, issue_of

TEXTS = (
    "全区新增公交线路12条，优化调整31条。",
    "医院新增床位300张，引进医生48名。",
    "学校操场改造完成，铺设塑胶跑道。",
)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder.open(Archive.in_memory([issue_of(*TEXTS)]))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("新增了多少公交线路？", 1),
        ("How many doctors did the hospital hire?", 2),
        ("學校操場改造", 3),
        ("school playground", 3),
        ("300", 2),
    ],
)
def test_the_passage_that_is_asked_about_comes_first(
    finder: Finder, question: str, first: int
) -> None:
    assert finder.search(parse(question), k=1)[0].passage_id == f"2020-01/a01/p{first:02d}"


def test_hits_are_ordered_and_say_what_their_score_is_made_of(finder: Finder) -> None:
    hits = finder.search(parse("新增了多少公交线路？"), k=10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert set(hits[0].features) == {*SCORES, "covered"}


def test_asking_for_more_than_there_is_gives_all(finder: Finder) -> None:
    assert len(finder.search(parse("公交"), k=100)) == 3


def test_k_below_one_is_refused(finder: Finder) -> None:
    with pytest.raises(ValueError, match="k is 0"):
        finder.search(parse("公交"), k=0)


@pytest.mark.parametrize("question", ["", "！？", "\U0001f600", "zxqvw"])
def test_a_question_without_a_known_word_has_no_hits(finder: Finder, question: str) -> None:
    assert finder.search(parse(question), k=5) == []


def test_the_same_archive_and_question_give_the_same_ranking(finder: Finder) -> None:
    again = Finder.open(Archive.in_memory([issue_of(*TEXTS)]))
    query = parse("新增了多少床位？")
    assert finder.search(query, k=3) == again.search(query, k=3)


def test_coverage_counts_each_word_by_its_weight(finder: Finder) -> None:
    coverage = finder.coverage
    words = coverage.weigh(parse("医院床位"))
    assert coverage.score(words, "医院新增床位") == pytest.approx(1.0)
    part = next(word.weight for word in words if word.word == "医院")
    only = coverage.matches(words, "医院")[[word.word for word in words].index("医院")]
    assert only == 1.0
    assert part / sum(word.weight for word in words) <= coverage.score(words, "医院") < 1.0
    assert coverage.score([], "医院") == 0.0


def test_a_word_of_near_meaning_counts_in_part(finder: Finder) -> None:
    coverage = finder.coverage
    words = coverage.weigh(parse("doctor"))
    near, far = coverage.score(words, "引进医生48名"), coverage.score(words, "铺设塑胶跑道")
    assert 0.3 < near < 1.0
    assert far < 0.5 * near
    assert all(np.isfinite(word.weight) for word in words)


def test_questions_in_the_readers_own_words_are_found_where_keywords_fail(
    invented_finder: Finder,
) -> None:
    questions = load_questions(DATA / "own_words.jsonl")
    share = {}
    for system in ("full", "lexical"):
        found = per_question(ask_all(questions, invented_finder, system=system))["evidence@3"]
        share[system] = sum(found.values()) / len(questions)
    assert share["lexical"] < 0.3
    assert share["full"] >= 0.7


@pytest.mark.parametrize(
    ("question", "parted"),
    [
        ("我想看中医，哪天去？", ["看", "中医"]),
        ("何长贵的女儿做什么工作？", ["长贵", "的"]),
        ("看中的房子在哪里？", ["看中", "的"]),
    ],
)
def test_a_question_is_parted_by_the_words_that_the_archive_has(
    question: str, parted: list[str]
) -> None:
    text = "中医科由刘敏医生坐诊。何长贵的女儿是老师。"
    finder = Finder.open(Archive.in_memory([issue_of(text)]))
    words = finder.resolve(parse(question)).terms.words
    at = words.index(parted[0])
    assert list(words[at : at + 2]) == parted
    finder.archive.close()
