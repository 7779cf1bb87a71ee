"""Inner products of sparse vectors are the scores of the lexical index."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.archive import Archive
from qa.engine.sparse import Lengths, Sparse, dimension, passage_vector, product, rarity
from qa.search.lexical import LexicalIndex
from qa.search.telling import BOOSTS, FIELDS, SOUNDS
from qa.search.terms import cut
from tests.conftest import issue_of

SENTENCE = "全区新增公交线路12条，优化调整31条；示范区实现“25311”远景目标。"
TEXTS = ["公交线路延长。", *(SENTENCE * n for n in (1, 2, 3, 5, 8, 13, 21)), "Wi-Fi 5G 覆盖。", "※"]
QUERIES = ("公交线路有多少条？", "25311目标", "wi-fi 5g", "会议", "")


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    with Archive.in_memory([issue_of(*TEXTS)]) as kept:
        yield kept


@pytest.fixture(scope="module")
def index(archive: Archive) -> LexicalIndex:
    return LexicalIndex.open(archive)


@pytest.fixture(scope="module")
def vectors(archive: Archive) -> dict[str, Sparse]:
    texts = {passage_id: searched for passage_id, _, searched in archive.iter_passages()}
    lengths = Lengths.of(texts.values())
    return {passage_id: passage_vector(text, lengths) for passage_id, text in texts.items()}


@pytest.mark.parametrize("text", QUERIES)
def test_products_are_the_scores_of_tantivy(
    text: str, index: LexicalIndex, vectors: dict[str, Sparse]
) -> None:
    terms = cut(text)
    query = {
        dimension(field, term): BOOSTS[field] * rarity(len(index), index.n_with(field, term))
        for field in FIELDS
        for term in getattr(terms, field)
    }
    scores = {one: product(query, vector) for one, vector in vectors.items()}
    expected = {hit.passage_id: hit.score for hit in index.search(terms, k=100)}
    found = {passage_id: score for passage_id, score in scores.items() if score}
    assert found == pytest.approx(expected, rel=1e-5)


def test_sounds_have_the_order_of_tantivy(index: LexicalIndex, vectors: dict[str, Sparse]) -> None:
    query = {dimension(SOUNDS, "xian-lu"): rarity(len(index), index.n_with(SOUNDS, "xian-lu"))}
    scores = {one: product(query, vector) for one, vector in vectors.items()}
    ranked = sorted((one for one in scores if scores[one]), key=lambda one: (-scores[one], one))
    assert ranked == index.sounding([("xian-lu", 1.0)], k=100)


def test_a_text_without_a_term_has_a_vector_that_no_question_meets() -> None:
    assert passage_vector("※", Lengths(1, 1, 1, 1)) == {0: 1.0}


def test_no_term_has_the_first_or_the_last_dimension() -> None:
    found = {dimension("words", str(n)) for n in range(50_000)}
    assert min(found) > 0
    assert max(found) < 2**32 - 1
    assert len(found) > 49_990
