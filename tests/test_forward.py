from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.archive import Archive
from corpus.errors import IndexFormatError, NotInArchiveError
from corpus.generation import Generation, read_manifest
from corpus.segments import encoded
from embeddings.encoder import shipped_encoder
from qa.search.forward import ForwardIndex, segments
from tests.conftest import issue_of

TEXTS = ("新增公交线路12条。优化31条！", "医院新增床位300张。", "12345。")


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.in_memory([issue_of(*TEXTS)])


@pytest.fixture(scope="module")
def forward(archive: Archive) -> ForwardIndex:
    return ForwardIndex.open(archive, shipped_encoder())


def ids(*numbers: int) -> list[str]:
    return [f"2020-01/a01/p{number:02d}" for number in numbers]


def test_a_segment_holds_the_word_that_stands_in_it(forward: ForwardIndex) -> None:
    vectors = shipped_encoder().encode_queries(["公交", "床位"])
    near = forward.near(ids(1, 2), vectors)
    of_passage = np.maximum.reduceat(near.cosines, near.firsts, axis=0)
    assert of_passage[0, 0] == pytest.approx(1.0, abs=1e-5)
    assert of_passage[1, 1] == pytest.approx(1.0, abs=1e-5)
    assert of_passage[0, 1] < 0.9
    assert of_passage[1, 0] < 0.9


def test_segments_and_vectors_are_counted_alike(archive: Archive, forward: ForwardIndex) -> None:
    near = forward.near(ids(1, 2, 3), shipped_encoder().encode_queries(["公交"]))
    parts = [segments(text) for text in archive.searched(ids(1, 2, 3))]
    assert near.cosines.shape == (sum(map(len, parts)), 1)
    assert list(near.firsts) == [0, len(parts[0]), len(parts[0]) + len(parts[1])]
    assert near.lengths.shape == (3,)
    assert (near.cosines >= 0).all()


def test_a_segment_without_words_is_near_nothing(forward: ForwardIndex) -> None:
    near = forward.near(ids(3), shipped_encoder().encode_queries(["公交"]))
    assert not near.cosines[1:].any()


def test_a_passage_that_is_not_indexed_is_refused(forward: ForwardIndex) -> None:
    with pytest.raises(NotInArchiveError):
        forward.near(["2020-01/a09/p01"], shipped_encoder().encode_queries(["公交"]))


def test_the_kept_index_gives_what_the_fresh_one_gives(
    tmp_path: Path, forward: ForwardIndex
) -> None:
    vectors = shipped_encoder().encode_queries(["公交", "医生"])
    with Archive.open(tmp_path, create=True) as kept:
        kept.add(issue_of(*TEXTS))
        for _ in range(2):
            again = ForwardIndex.open(kept, shipped_encoder())
            assert np.array_equal(
                again.near(ids(1, 2), vectors).cosines, forward.near(ids(1, 2), vectors).cosines
            )


def test_an_empty_archive_has_an_empty_index() -> None:
    assert len(ForwardIndex.open(Archive.in_memory([]), shipped_encoder())) == 0


def test_files_that_do_not_belong_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(tmp_path, create=True) as kept:
        kept.add(issue_of(*TEXTS))
        ForwardIndex.open(kept, shipped_encoder())
        (file,) = (tmp_path / "index").glob("forward-*/1/ids.npy")
        np.save(file, encoded(["2020-01/a01/p01"]))
        (folder,) = (tmp_path / "index").glob("forward-*")
        told = read_manifest(folder)
        found = Generation(folder, told)
        monkeypatch.setattr("corpus.opening.open_or_build", lambda *args: found)
        with pytest.raises(IndexFormatError, match="do not belong together"):
            ForwardIndex.open(kept, shipped_encoder())
