"""A search by codes finds nearly what comparison with every vector finds, and tells how nearly."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.archive import Archive
from corpus.filters import Within
from corpus.generation import check
from corpus.segments import parts_of
from embeddings import vectors
from embeddings.encoder import StaticEncoder, shipped_encoder
from embeddings.engine import Rows, RowWriter, coded, mapped_codes, write_coded
from embeddings.index import VectorIndex
from embeddings.making import recipe
from embeddings.vectors import DenseHit
from tests.conftest import issue_of

WORDS = (
    "公交",
    "线路",
    "医院",
    "床位",
    "学校",
    "农民",
    "粮食",
    "会议",
    "代表",
    "工程",
    "桥梁",
    "天气",
)
QUESTIONS = ("公交线路有几条", "医院的床位", "农民种粮食", "哪些代表参加会议", "桥梁工程")


def texts(n: int) -> list[str]:
    rng = random.Random(7)
    return [
        "".join("".join(rng.choices(WORDS, k=rng.randint(2, 6))) + "。" for _ in range(3))
        for _ in range(n)
    ]


def kept(folder: Path, *, n: int) -> Archive:
    archive = Archive.open(folder, create=True)
    made = texts(n)
    for first in range(0, n, 100):
        archive.add(issue_of(*made[first : first + 100], name=f"{2000 + first // 100}.txt"))
    return archive


@pytest.fixture
def encoder() -> StaticEncoder:
    return shipped_encoder()


@pytest.fixture
def by_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "MANY", 500)
    monkeypatch.setattr("embeddings.making.MANY", 500)


def found(index: VectorIndex, encoder: StaticEncoder, **named: object) -> list[list[DenseHit]]:
    asked = encoder.encode_queries(QUESTIONS)
    return [index.search(vector, **{"k": 20} | named) for vector in asked]  # type: ignore[arg-type]


def shared(one: list[list[DenseHit]], other: list[list[DenseHit]]) -> float:
    pairs = [
        ({hit.passage_id for hit in a}, {hit.passage_id for hit in b})
        for a, b in zip(one, other, strict=True)
    ]
    return sum(len(a & b) for a, b in pairs) / sum(len(b) for _, b in pairs)


@pytest.mark.usefixtures("by_codes")
def test_what_is_found_by_codes_is_nearly_what_is_nearest(
    tmp_path: Path, encoder: StaticEncoder
) -> None:
    with kept(tmp_path, n=1200) as archive:
        coded = VectorIndex.open(archive, encoder)
        assert list((tmp_path / "index").glob("vectors-*/*/passages.f16"))
        with Archive.in_memory([archive.issue(row.id) for row in archive.issues()]) as fresh:
            exact = VectorIndex.open(fresh, encoder)
            assert len(coded) == len(exact) == 1200
            assert shared(found(coded, encoder), found(exact, encoder)) > 0.97
            some = Within(issues=("2003",), articles=("2011/a01",))
            filtered = found(coded, encoder, within=some)
            ids = [hit.passage_id for hits in filtered for hit in hits]
            assert all(one.startswith(tuple(some.prefixes)) for one in ids)
            assert shared(filtered, found(exact, encoder, within=some)) == 1.0
            ids = [hit.passage_id for hit in found(exact, encoder)[0]]
            vector = encoder.encode_queries(QUESTIONS)[0]
            for one, other in zip(coded.score(vector, ids), exact.score(vector, ids), strict=True):
                assert one.passage_id == other.passage_id
                assert one.passage == pytest.approx(other.passage, abs=1e-3)
                assert one.sentence == pytest.approx(other.sentence, abs=1e-3)


@pytest.mark.usefixtures("by_codes")
def test_the_manifest_tells_the_recall_that_was_measured(
    tmp_path: Path, encoder: StaticEncoder
) -> None:
    with kept(tmp_path, n=1000) as archive:
        VectorIndex.open(archive, encoder)
        (folder,) = (tmp_path / "index").glob("vectors-*")
        made = check(folder, made_from=recipe(archive, encoder).made_from)
        (part,) = parts_of(made.told)
        assert set(part.facts) == {"passages: recall@100", "sentences: recall@200"}
        assert all(0.95 <= share <= 1 for share in part.facts.values())


@pytest.mark.usefixtures("by_codes")
def test_what_is_removed_is_not_found_by_codes(tmp_path: Path, encoder: StaticEncoder) -> None:
    with kept(tmp_path, n=1000) as archive:
        VectorIndex.open(archive, encoder)
        archive.remove("2004")
        index = VectorIndex.open(archive, encoder)
        assert len(index) == 900
        ids = {hit.passage_id for hits in found(index, encoder, k=900) for hit in hits}
        assert not any(one.startswith("2004/") for one in ids)
        assert len(ids) > 800


@pytest.mark.usefixtures("by_codes")
def test_more_asked_for_than_there_is_gives_what_there_is(
    tmp_path: Path, encoder: StaticEncoder
) -> None:
    with kept(tmp_path, n=600) as archive:
        (hits, *_) = found(VectorIndex.open(archive, encoder), encoder, k=5000)
        assert 500 < len(hits) <= 600
        assert len({hit.passage_id for hit in hits}) == len(hits)


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    vectors: NDArray[np.float32] = np.random.default_rng(1).random((50, 8), dtype=np.float32)
    with RowWriter(tmp_path / "rows") as writer:
        writer.add(vectors[:20])
        writer.add(vectors[20:])
    rows = Rows(tmp_path / "rows", dim=8)
    wanted = np.array([3, 4, 5, 49, 0, 7])
    assert rows.n == 50
    np.testing.assert_allclose(rows.take(wanted), vectors[wanted], atol=1e-3)
    assert rows.take(np.array([], dtype=np.int64)).shape == (0, 8)


def written(folder: Path, *, n: int) -> Rows:
    rows = np.random.default_rng(1).normal(size=(n, 8)).astype(np.float32)
    with RowWriter(folder / "rows") as writer:
        writer.add(rows)
    found = Rows(folder / "rows", dim=8)
    write_coded(coded(found, dim=8), folder / "codes", folder / "blocks")
    return found


def test_what_is_open_is_read_and_searched_after_its_files_are_deleted(tmp_path: Path) -> None:
    rows = written(tmp_path, n=400)
    codes = mapped_codes(tmp_path / "codes", tmp_path / "blocks")
    for file in tmp_path.iterdir():
        file.unlink()
    vector = rows.take(np.array([123]))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: codes.search(vector, 10), range(8)))
    assert all(123 in rows[0] for _, rows in found)
    assert len({rows.tobytes() for _, rows in found}) == 1


def test_codes_are_searched_in_their_file_as_they_were_in_memory(tmp_path: Path) -> None:
    rows = written(tmp_path, n=413)  # the last block is not full
    mapped = mapped_codes(tmp_path / "codes", tmp_path / "blocks")
    kept = coded(rows, dim=8)
    assert f"{tmp_path}/blocks" in Path("/proc/self/maps").read_text()
    vectors = rows.take(np.array([1, 200, 412]))
    odd = np.packbits(np.arange(413) % 2 == 1, bitorder="little")
    library: Any = faiss  # its stubs do not know the Python constructors
    params = library.SearchParametersIVF(sel=library.IDSelectorBitmap(odd))
    for chosen in (None, params):
        found, expected = (one.search(vectors, 20, params=chosen) for one in (mapped, kept))
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_array_equal(found[1], expected[1])
    assert (found[1] % 2 == 1).all()


def test_codes_that_do_not_belong_together_and_damaged_ones_are_noticed(tmp_path: Path) -> None:
    written(tmp_path, n=400)
    codes, blocks = tmp_path / "codes", tmp_path / "blocks"
    blocks.write_bytes(blocks.read_bytes()[:-1])
    with pytest.raises(ValueError, match="do not belong together"):
        mapped_codes(codes, blocks)
    codes.write_bytes(codes.read_bytes()[:100])
    with pytest.raises(OSError, match="error"):
        mapped_codes(codes, blocks)
