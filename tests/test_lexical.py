from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from corpus.archive import Archive
from qa.rank import Finder
from qa.search.lexical import LexicalIndex, built_beside
from qa.search.terms import cut
from tests.conftest import issue_of

TEXTS = (
    "全区新增公交线路12条，优化调整31条。",
    "示范区实现“25311”远景目标。",
    "接种率达100.18%，总投资67.6亿元，建设5G基站。",
    "公交公司招聘司机，公交线路延长。",
)


@pytest.fixture
def archive() -> Archive:
    return Archive.in_memory([issue_of(*TEXTS)])


def bm25(field: str, query: str, *, k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Score each text by one field, written from the formula of Robertson and Zaragoza (2009)."""
    documents = [Counter(getattr(cut(text), field)) for text in TEXTS]
    mean = sum(sum(document.values()) for document in documents) / len(documents)
    scores = []
    for document in documents:
        norm = k1 * (1 - b + b * sum(document.values()) / mean)
        score = 0.0
        for term in dict.fromkeys(getattr(cut(query), field)):
            seen = sum(term in other for other in documents)
            idf = math.log(1 + (len(documents) - seen + 0.5) / (seen + 0.5))
            score += idf * document[term] * (k1 + 1) / (document[term] + norm)
        scores.append(score)
    return scores


def test_scores_agree_with_bm25_from_the_formula(archive: Archive) -> None:
    query = "公交线路有多少条"
    hits = LexicalIndex.open(archive).search(cut(query), k=10)
    expected = [
        words + pairs + 0.25 * chars
        for words, pairs, chars in zip(
            bm25("words", query), bm25("pairs", query), bm25("chars", query), strict=True
        )
    ]
    found = {hit.passage_id: hit.score for hit in hits}
    for n, score in enumerate(expected, start=1):
        assert found.get(f"2020-01/a01/p{n:02d}", 0.0) == pytest.approx(score, rel=0.02)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("25311", "2020-01/a01/p02"),
        ("２５３１１目标", "2020-01/a01/p02"),
        ("100.18%", "2020-01/a01/p03"),
        ("5g", "2020-01/a01/p03"),
        ("67.6億元", "2020-01/a01/p03"),
        ("示範區遠景", "2020-01/a01/p02"),
    ],
)
def test_codes_numbers_full_width_and_traditional_forms_are_found(
    archive: Archive, query: str, first: str
) -> None:
    assert LexicalIndex.open(archive).search(cut(query), k=1)[0].passage_id == first


@pytest.mark.parametrize("query", ["", "   ", "，。！", "\U0001f600"])
def test_a_query_without_a_term_finds_nothing(archive: Archive, query: str) -> None:
    assert LexicalIndex.open(archive).search(cut(query), k=5) == []


def test_a_query_in_the_engines_own_syntax_is_only_words(archive: Archive) -> None:
    hits = LexicalIndex.open(archive).search(cut('words:* AND (id:"x" OR 公交^9) -线路'), k=5)
    assert {hit.passage_id for hit in hits} == {"2020-01/a01/p01", "2020-01/a01/p04"}


def test_k_below_one_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="k is 0"):
        LexicalIndex.open(archive).search(cut("公交"), k=0)


def test_equal_scores_are_ordered_by_passage_id() -> None:
    archive = Archive.in_memory([issue_of("公交线路开通。", "公交线路开通。", "公交线路开通。")])
    hits = LexicalIndex.open(archive).search(cut("公交"), k=3)
    assert [hit.passage_id[-3:] for hit in hits] == ["p01", "p02", "p03"]


def test_a_rarer_word_is_more_telling_and_an_unknown_one_most(archive: Archive) -> None:
    index = LexicalIndex.open(archive)
    assert index.rarity("公交") < index.rarity("示范区") < index.rarity("地铁")


def test_the_stored_index_gives_the_same_hits(tmp_path: Path) -> None:
    kept = Archive.open(tmp_path / "kept", create=True)
    kept.add(issue_of(*TEXTS))
    built = LexicalIndex.open(kept).search(cut("公交线路"), k=4)
    assert LexicalIndex.open(kept).search(cut("公交线路"), k=4) == built


def test_an_altered_index_is_rebuilt(tmp_path: Path) -> None:
    kept = Archive.open(tmp_path / "kept", create=True)
    kept.add(issue_of(*TEXTS))
    built = LexicalIndex.open(kept).search(cut("公交线路"), k=4)
    (meta,) = (tmp_path / "kept" / "index").glob("lexical-*/meta.json")
    meta.write_text("{}")
    assert LexicalIndex.open(kept).search(cut("公交线路"), k=4) == built


def test_in_a_large_archive_common_characters_are_not_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qa.search.telling._MANY", 5)
    texts = [f"市里第{n}次会议" for n in range(10)] + ["市花是桂花"]
    index = LexicalIndex.open(Archive.in_memory([issue_of(*texts)]))
    assert index.is_large
    assert [hit.passage_id[-3:] for hit in index.search(cut("市花"), k=20)] == ["p11"]
    assert len(index.search(cut("市"), k=20)) == 11


def test_a_long_build_is_done_in_another_process_as_in_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.search.lexical.STEP", 3)
    with Archive.open(tmp_path, create=True) as kept:
        kept.add(issue_of(*TEXTS))
        assert Finder.pending(kept) == 1  # of the vectors alone, which are made in this one
        with built_beside(kept):
            pass
        (folder,) = (tmp_path / "index").glob("lexical-*")
        written_ns = (folder / "manifest").stat().st_mtime_ns
        beside = LexicalIndex.open(kept)
        assert (folder / "manifest").stat().st_mtime_ns == written_ns  # nothing was left to do
        with Archive.in_memory([kept.issue(row.id) for row in kept.issues()]) as fresh:
            for query in ("公交", "线路", "会议"):
                here = LexicalIndex.open(fresh).search(cut(query), k=5)
                assert beside.search(cut(query), k=5) == here
