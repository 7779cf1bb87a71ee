from __future__ import annotations

import pytest

from qa.query import parse
from qa.rank import N_MATCHED, Finder
from qa.search.explain import explain
from qa.search.ranker import FEATURES


def test_an_english_question_is_explained_by_what_its_words_may_be(invented_finder: Finder) -> None:
    query = invented_finder.read("How many hospital beds were added?")
    hits = invented_finder.search(query, k=3)
    told = explain(invented_finder, query, hits)
    terms = {term for word in told.words for term, _ in word.terms}
    assert "新增" in terms
    assert all(invented_finder.lexical.seen_in(term) for term in terms)
    assert all(word.weight > 0 for word in told.words)
    assert 0 <= told.literal <= 1


def test_what_is_given_adds_up_to_how_far_a_hit_is_ahead(invented_finder: Finder) -> None:
    query = parse("重点项目总投资是多少？")
    hits = invented_finder.search(query, k=2)
    told = explain(invented_finder, query, hits)
    sums = [sum(given.values()) for given in told.given if given]
    assert sums[0] - sums[1] == pytest.approx(hits[0].score - hits[1].score, abs=0.05)
    assert {f"({name})" for name in FEATURES} <= set(told.given[0] or {})


def test_a_hit_that_was_not_compared_says_so(invented_finder: Finder) -> None:
    query = parse("高新区的项目")
    hits = invented_finder.search(query, k=1000)
    told = explain(invented_finder, query, hits)
    assert [given is None for given in told.given] == [n >= N_MATCHED for n in range(len(hits))]


def test_a_question_that_finds_nothing_has_nothing_to_explain(invented_finder: Finder) -> None:
    assert explain(invented_finder, parse("zxqvw"), []).words == ()
