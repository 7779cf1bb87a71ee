from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.archive import Archive
from corpus.errors import IndexFormatError
from corpus.text import split_sentences
from corpus.types import Issue
from embeddings.index import VectorIndex
from tests.conftest import HashingEncoder, issue_of

TEXTS = ("春天来了。花开了。", "夏天很热。", "秋天收粮食。农民很忙。", "冬天下雪。")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    kept = Archive.open(tmp_path / "kept", create=True)
    kept.add(issue_of(*TEXTS))
    return kept


def brute_force(
    archive: Archive, encoder: HashingEncoder, text: str
) -> list[tuple[str, float, float]]:
    query = encoder.encode_queries([text])[0]
    found = []
    for passage_id, words, searched in archive.iter_passages():
        whole = float(encoder.encode_passages([searched])[0] @ query)
        parts = encoder.encode_passages([s.text for s in split_sentences(words)])
        found.append((passage_id, whole, float((parts @ query).max())))
    return sorted(found, key=lambda row: (-(row[1] + row[2]), row[0]))


def test_search_agrees_with_brute_force(invented_archive: Archive, hashing: HashingEncoder) -> None:
    index = VectorIndex.open(invented_archive, hashing)
    hits = index.search(hashing.encode_queries(["问题"])[0], k=len(index))
    expected = brute_force(invented_archive, hashing, "问题")
    assert [hit.passage_id for hit in hits] == [row[0] for row in expected]
    np.testing.assert_allclose([h.passage for h in hits], [row[1] for row in expected], atol=1e-6)
    np.testing.assert_allclose([h.sentence for h in hits], [row[2] for row in expected], atol=1e-6)


def test_k_larger_than_the_index_gives_all_without_padding(
    archive: Archive, hashing: HashingEncoder
) -> None:
    index = VectorIndex.open(archive, hashing)
    hits = index.search(hashing.encode_queries(["问题"])[0], k=1000)
    assert sorted(hit.passage_id for hit in hits) == [f"2020-01/a01/p0{n}" for n in (1, 2, 3, 4)]


def test_searching_uses_the_calling_thread_alone(
    archive: Archive, hashing: HashingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = VectorIndex.open(archive, hashing)
    used: list[int] = []
    flat: Any = faiss.IndexFlat

    def counting(name: str) -> Callable[..., object]:
        real = getattr(flat, name)

        def call(*args: object, **kwargs: object) -> object:
            used.append(faiss.omp_get_max_threads())
            return real(*args, **kwargs)

        return call

    for name in ("search", "reconstruct_batch"):
        monkeypatch.setattr(flat, name, counting(name))
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    try:
        assert index.search(hashing.encode_queries(["问题"])[0], k=2)
        after = faiss.omp_get_max_threads()
    finally:
        faiss.omp_set_num_threads(before)
    assert len(used) >= 3  # both sides searched, and rows taken
    assert set(used) == {1}
    assert after == 3


def test_k_below_one_is_refused(archive: Archive, hashing: HashingEncoder) -> None:
    index = VectorIndex.open(archive, hashing)
    with pytest.raises(ValueError, match="k is 0"):
        index.search(hashing.encode_queries(["问题"])[0], k=0)


def test_a_zero_query_finds_nothing(archive: Archive, hashing: HashingEncoder) -> None:
    index = VectorIndex.open(archive, hashing)
    assert index.search(np.zeros(hashing.dim, dtype=np.float32), k=3) == []


def test_an_empty_archive_finds_nothing(hashing: HashingEncoder) -> None:
    index = VectorIndex.open(Archive.in_memory(), hashing)
    assert index.search(hashing.encode_queries(["问题"])[0], k=3) == []


@pytest.mark.parametrize("query", [np.zeros(3, np.float32), np.zeros(16, np.float64)])
def test_a_query_that_does_not_fit_is_refused_with_both_shapes(
    archive: Archive, hashing: HashingEncoder, query: np.ndarray[tuple[int], np.dtype[np.float32]]
) -> None:
    with pytest.raises(IndexFormatError, match=r"expects a float32 query of shape \(16,\)"):
        VectorIndex.open(archive, hashing).search(query, k=1)


def test_the_stored_index_gives_the_same_hits_as_the_one_just_built(
    archive: Archive, hashing: HashingEncoder
) -> None:
    query = hashing.encode_queries(["问题"])[0]
    built = VectorIndex.open(archive, hashing).search(query, k=4)
    assert VectorIndex.open(archive, hashing).search(query, k=4) == built


def test_score_gives_given_passages_in_the_order_given(
    archive: Archive, hashing: HashingEncoder
) -> None:
    index = VectorIndex.open(archive, hashing)
    query = hashing.encode_queries(["问题"])[0]
    by_id = {hit.passage_id: hit for hit in index.search(query, k=4)}
    wanted = ["2020-01/a01/p03", "nothing", "2020-01/a01/p01"]
    assert index.score(query, wanted) == [by_id[wanted[0]], by_id[wanted[2]]]


def test_another_model_or_another_passage_leads_to_another_index(archive: Archive) -> None:
    assert archive.path is not None
    folder = archive.path / "index"
    VectorIndex.open(archive, HashingEncoder(16))
    VectorIndex.open(archive, HashingEncoder(8))
    archive.add(issue_of("第二期的段落。", name="2020-02.txt"))
    index = VectorIndex.open(archive, HashingEncoder(8))
    assert len(index) == 5
    assert len(list(folder.glob("vectors-*"))) == 3


def test_an_altered_index_file_is_noticed_and_rebuilt(
    archive: Archive, hashing: HashingEncoder
) -> None:
    query = hashing.encode_queries(["问题"])[0]
    before = VectorIndex.open(archive, hashing).search(query, k=4)
    assert archive.path is not None
    (file,) = (archive.path / "index").glob("vectors-*/1/passages.faiss")
    data = bytearray(file.read_bytes())
    data[-3] ^= 0xFF
    file.write_bytes(bytes(data))
    assert VectorIndex.open(archive, hashing).search(query, k=4) == before


def test_a_folder_that_cannot_be_written_still_answers(
    tmp_path: Path, hashing: HashingEncoder
) -> None:
    kept = Archive.open(tmp_path / "kept", create=True)
    kept.add(issue_of(*TEXTS))
    (tmp_path / "kept" / "index").write_text("a file where the folder should be")
    assert len(VectorIndex.open(kept, hashing)) == 4


def test_vectors_that_are_not_of_unit_length_are_refused(sample: Issue) -> None:
    class Long(HashingEncoder):
        def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return super().encode_passages(texts) * 2

    with pytest.raises(IndexFormatError, match="unit length"):
        VectorIndex.open(Archive.in_memory([sample]), Long())
