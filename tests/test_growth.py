"""An archive that grew gives what one made in one go gives, whatever was added and removed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import segments
from corpus.archive import Archive
from corpus.filters import Within
from corpus.generation import read_manifest, verify
from corpus.types import Issue
from embeddings.encoder import shipped_encoder
from embeddings.index import VectorIndex
from qa.rank import Finder
from qa.search.forward import ForwardIndex
from qa.search.lexical import LexicalIndex
from qa.search.terms import cut
from tests.conftest import HashingEncoder, issue_of

IDS = ("2020-01", "2020-01-b", "2020-02", "x", "期", "z.1")
SENTENCES = (
    "新增公交线路12条。",
    "公交线路延长。",
    "医院新增床位300张。",
    "示范区实现“25311”远景目标。",
    "司机招聘。",
    "会议召开。",
    "春天花开了。",
)
QUERIES = ("公交线路", "医院床位300张", "25311", "春天会议", "司机")

passages = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map("".join),
    min_size=1,
    max_size=4,
)
change = st.tuples(st.sampled_from(IDS), st.one_of(st.none(), passages))


def issue(issue_id: str, texts: list[str]) -> Issue:
    return issue_of(*texts, name=f"{issue_id}.txt", issue_id=issue_id)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "_LEVELS", (5, 12))
    monkeypatch.setattr(segments, "_MANY", 3)


def compare_lexical(grown: LexicalIndex, fresh: LexicalIndex) -> None:
    assert len(grown) == len(fresh)
    for text in QUERIES:
        terms = cut(text)
        for k in (1, 3, 50):
            one, other = grown.search(terms, k=k), fresh.search(terms, k=k)
            assert [hit.passage_id for hit in one] == [hit.passage_id for hit in other]
            assert [h.score for h in one] == pytest.approx([h.score for h in other], rel=1e-5)
        for word in terms.words:
            assert grown.rarity(word) == fresh.rarity(word)
            assert grown.seen_in(word) == fresh.seen_in(word)


def compare_vectors(grown: VectorIndex, fresh: VectorIndex, ids: list[str]) -> None:
    assert len(grown) == len(fresh)
    encoder = HashingEncoder()
    for query in encoder.encode_queries([*SENTENCES[:3], "另外"]):
        for k in (1, 3, 50):
            assert grown.search(query, k=k) == fresh.search(query, k=k)
        within = Within(issues=("2020-01",), articles=("期/a01",))
        assert grown.search(query, k=2, within=within) == fresh.search(query, k=2, within=within)
        assert grown.score(query, ids) == fresh.score(query, ids)


def compare_forward(grown: ForwardIndex, fresh: ForwardIndex, ids: list[str]) -> None:
    assert len(grown) == len(fresh)
    if ids:
        vectors = shipped_encoder().encode_queries(list(QUERIES))
        one, other = grown.near(ids, vectors), fresh.near(ids, vectors)
        assert np.array_equal(one.cosines, other.cosines)
        assert np.array_equal(one.firsts, other.firsts)
        assert np.array_equal(one.lengths, other.lengths)


def compare(kept: Archive) -> None:
    hashing, shipped = HashingEncoder(), shipped_encoder()
    with Archive.in_memory([kept.issue(row.id) for row in kept.issues()]) as fresh:
        ids = [passage_id for passage_id, *_ in fresh.iter_passages()]
        compare_lexical(LexicalIndex.open(kept), LexicalIndex.open(fresh))
        compare_vectors(VectorIndex.open(kept, hashing), VectorIndex.open(fresh, hashing), ids)
        compare_forward(ForwardIndex.open(kept, shipped), ForwardIndex.open(fresh, shipped), ids)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(st.tuples(change, st.booleans()), min_size=2, max_size=12))
def test_a_grown_archive_answers_as_one_made_in_one_go(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[tuple[str, list[str] | None], bool]],
) -> None:
    folder = tmp_path_factory.mktemp("grown")
    with Archive.open(folder, create=True) as kept:
        for (issue_id, texts), index_now in changes:
            if texts is not None:
                kept.add(issue(issue_id, texts), replace=True)
            elif any(row.id == issue_id for row in kept.issues()):
                kept.remove(issue_id)
            if index_now:
                VectorIndex.open(kept, HashingEncoder())
                LexicalIndex.open(kept)
                ForwardIndex.open(kept, shipped_encoder())
        compare(kept)
    assert verify(folder / "index") == []


def test_many_issues_are_joined_into_few_parts(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as kept:
        for n in range(30):
            kept.add(issue(f"{2000 + n}", [SENTENCES[n % 7], SENTENCES[n % 5]]))
            VectorIndex.open(kept, HashingEncoder())
        compare(kept)
        (_, newest) = sorted(
            (tmp_path / "index").glob("vectors-*"), key=lambda one: read_manifest(one)["number"]
        )
        assert len([path for path in newest.iterdir() if path.is_dir()]) <= 7


def test_a_removed_issue_leaves_no_hit(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as kept:
        kept.add(issue("a", ["公交线路延长。", "医院新增床位300张。"]))
        kept.add(issue("b", ["春天花开了。"]))
        Finder.open(kept)
        kept.remove("a")
        finder = Finder.open(kept)
        assert finder.lexical.seen_in("公交") == 0
        assert [hit.passage_id for hit in finder.search(finder.read("公交线路延长"), k=9)] in (
            [],
            ["b/a01/p01"],
        )
        compare(kept)
