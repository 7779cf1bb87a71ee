"""The FAISS index over passages and their sentences; the only module that knows FAISS.

Exact inner product over unit vectors. FAISS checks neither what it is given nor what it reads:
it takes any dtype, fails on a wrong dimension with an empty message, pads short results with row
-1 and does not notice an altered file. So shapes are checked here, padding is dropped here, and
files are opened only from a folder whose manifest matched.
"""

from __future__ import annotations

import json
import logging
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.archive import Archive
from corpus.derived import open_or_build
from corpus.errors import IndexFormatError
from corpus.text import split_sentences
from embeddings.encoder import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

FORMAT = "1"
BATCH = 512
"""Passages encoded at a time."""
_PASSAGES = "passages.faiss"
_SENTENCES = "sentences.faiss"
_IDS = "passages.jsonl"
_OWNERS = "owners.npy"


@dataclass(frozen=True, slots=True)
class DenseHit:
    """A passage found by its vectors.

    Attributes:
        passage_id: The passage.
        passage: Cosine of the question and the passage, -1 to 1.
        sentence: Cosine of the question and the passage's best sentence, -1 to 1.
    """

    passage_id: str
    passage: float
    sentence: float


class VectorIndex:
    """The vectors of an archive, searched exactly. Get one with `VectorIndex.open`."""

    def __init__(
        self,
        ids: Sequence[str],
        passages: Any,
        sentences: Any,
        owners: NDArray[np.int32],
    ) -> None:
        """Keep the parts.

        Args:
            ids: Passage ids, one a row of `passages`.
            passages: FAISS index of passage vectors.
            sentences: FAISS index of sentence vectors.
            owners: Shape (sentences,): the row of the passage each sentence stands in, ascending.
        """
        self.ids = ids
        self._passages = passages
        self._sentences = sentences
        self._owners = owners
        self._starts = np.searchsorted(owners, np.arange(len(ids) + 1, dtype=owners.dtype))

    @classmethod
    def open(
        cls, archive: Archive, encoder: Encoder, *, progress: Iterable[None] | None = None
    ) -> VectorIndex:
        """Return the index of an archive, read from its folder or built where that is stale.

        An archive in memory has no folder; its index is built in memory.

        Args:
            archive: What to index.
            encoder: What makes the vectors.
            progress: Advanced once for each batch of passages that is encoded.
        """
        with archive.reading():  # the stamp and the passages must be of one state
            return cls._open(archive, encoder, iter(progress or ()))

    @classmethod
    def _open(cls, archive: Archive, encoder: Encoder, ticks: Iterator[None]) -> VectorIndex:
        if archive.path is None:
            return cls(*_encode(archive, encoder, ticks))

        def build(folder: Path) -> None:
            _write(folder, *_encode(archive, encoder, ticks))

        made_from = {
            "format": FORMAT,
            "passages": archive.stamp,
            "model": encoder.name,
            "weights": encoder.fingerprint,
            "dim": str(encoder.dim),
        }
        try:
            folder = open_or_build(
                archive.path / "index", kind="vectors", made_from=made_from, build=build
            )
        except OSError as exc:
            log.warning("cannot keep the vector index, building it in memory: %s", exc)
            return cls(*_encode(archive, encoder, ticks))
        return cls(*_read(folder))

    def __len__(self) -> int:
        """Return how many passages are indexed."""
        return len(self.ids)

    def search(
        self, query: NDArray[np.float32], *, k: int, within: Sequence[str] | None = None
    ) -> list[DenseHit]:
        """Return the k passages nearest by passage or by best sentence, best first.

        The order is by the mean of the two cosines, ties by passage id.

        Args:
            query: Shape (dim,), float32, unit length; all zeros finds nothing.
            k: How many; more than there are gives fewer.
            within: What the ids of the passages may begin with; None means anything.

        Raises:
            ValueError: If k is below 1.
            IndexFormatError: If the query does not fit the index.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        vector = self._fitting(query)
        if not len(self.ids) or not vector.any():
            return []
        left = None if within is None else self._left(within)
        of_left = None if left is None else left[self._owners]
        by_sentence = self._owners[_rows(self._sentences, vector, 2 * k, left=of_left)]
        by_passage = _rows(self._passages, vector, k, left=left)
        hits = self._hits(np.union1d(by_passage, by_sentence), vector)
        return sorted(hits, key=lambda hit: (-(hit.passage + hit.sentence), hit.passage_id))[:k]

    def _left(self, prefixes: Sequence[str]) -> NDArray[np.bool_]:
        """Return which passages have ids that begin so, shape (passages,); ids are sorted."""
        left = np.zeros(len(self.ids), dtype=bool)
        for prefix in prefixes:
            past = prefix[:-1] + chr(ord(prefix[-1]) + 1)
            left[bisect_left(self.ids, prefix) : bisect_left(self.ids, past)] = True
        return left

    def score(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> list[DenseHit]:
        """Return the cosines of given passages, in the order given; unknown ids are left out."""
        vector = self._fitting(query)
        rows = (self._row(passage_id) for passage_id in passage_ids)
        return self._hits(np.array([row for row in rows if row is not None], np.int64), vector)

    def _row(self, passage_id: str) -> int | None:
        at = bisect_left(self.ids, passage_id)
        return at if at < len(self.ids) and self.ids[at] == passage_id else None

    def _hits(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> list[DenseHit]:
        """Return the cosines of the passages in these rows; 0 for one without a sentence."""
        first = self._starts[rows]
        n_sentences = self._starts[rows + 1] - first
        begin = np.cumsum(n_sentences) - n_sentences  # where each passage's begin in `wanted`
        wanted = np.arange(n_sentences.sum()) + np.repeat(first - begin, n_sentences)
        best = np.zeros(len(rows), dtype=np.float32)
        if len(wanted):
            filled = n_sentences > 0
            by_sentence = _cosines(self._sentences, wanted, vector)
            best[filled] = np.maximum.reduceat(by_sentence, begin[filled])
        by_passage = _cosines(self._passages, rows, vector)
        return [
            DenseHit(self.ids[row], float(passage), float(sentence))
            for row, passage, sentence in zip(rows, by_passage, best, strict=True)
        ]

    def _fitting(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        if query.shape != (self._passages.d,) or query.dtype != np.float32:
            raise IndexFormatError(
                "in use",
                f"expects a float32 query of shape ({self._passages.d},), "
                f"got {query.dtype} {query.shape}",
            )
        return np.ascontiguousarray(query[None, :])


def _rows(
    index: Any, vector: NDArray[np.float32], k: int, *, left: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Return the rows of the k nearest among those left, FAISS's padding dropped."""
    if not index.ntotal:
        return np.empty(0, dtype=np.int64)
    params = None
    if left is not None:
        params = _chosen(left)
    found: NDArray[np.int64] = index.search(vector, min(k, index.ntotal), params=params)[1][0]
    return found[found >= 0]


def _chosen(left: NDArray[np.bool_]) -> Any:
    """Return FAISS's parameters for a search among the rows that are left."""
    import faiss

    library: Any = faiss  # its stubs do not know the Python constructors
    bits = np.packbits(left, bitorder="little")
    return library.SearchParameters(sel=library.IDSelectorBitmap(bits))


def _cosines(
    index: Any, rows: NDArray[np.int64], vector: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the inner products of the rows, each summed by itself: equal rows give equal ones."""
    found: NDArray[np.float32] = np.vecdot(index.reconstruct_batch(rows), vector)
    return found


def _encode(
    archive: Archive, encoder: Encoder, ticks: Iterable[None]
) -> tuple[list[str], Any, Any, NDArray[np.int32]]:
    """Return passage ids, both indexes and the sentences' owners, for all that is kept."""
    import faiss

    ids: list[str] = []
    owners: list[int] = []
    passages, sentences = faiss.IndexFlatIP(encoder.dim), faiss.IndexFlatIP(encoder.dim)
    ticking = iter(ticks)
    for batch in _batches(archive.iter_passages()):
        split: list[str] = []
        for passage_id, text, _ in batch:
            found = [sentence.text for sentence in split_sentences(text)]
            owners += [len(ids)] * len(found)
            split += found
            ids.append(passage_id)
        texts = [searched for _, _, searched in batch]
        passages.add(_checked(encoder.encode_passages(texts), encoder))
        if split:
            sentences.add(_checked(encoder.encode_passages(split), encoder))
        next(ticking, None)
    return ids, passages, sentences, np.asarray(owners, dtype=np.int32)


def _batches(rows: Iterator[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _checked(vectors: NDArray[np.float32], encoder: Encoder) -> NDArray[np.float32]:
    """Return vectors that are float32, of the encoder's dimension, each of unit length or zero."""
    norms = np.linalg.norm(vectors, axis=1)
    if vectors.dtype != np.float32 or vectors.shape[1] != encoder.dim:
        raise IndexFormatError(
            encoder.name,
            f"expects float32 vectors of dimension {encoder.dim}, "
            f"got {vectors.dtype} of {vectors.shape[1]}",
        )
    if not np.all((np.abs(norms - 1) < 1e-3) | (norms == 0)):
        raise IndexFormatError(encoder.name, "expects vectors of unit length")
    return np.ascontiguousarray(vectors)


def _write(
    folder: Path, ids: Sequence[str], passages: Any, sentences: Any, owners: NDArray[np.int32]
) -> None:
    import faiss

    faiss.write_index(passages, str(folder / _PASSAGES))
    faiss.write_index(sentences, str(folder / _SENTENCES))
    np.save(folder / _OWNERS, owners)
    lines = "".join(json.dumps(passage_id, ensure_ascii=False) + "\n" for passage_id in ids)
    (folder / _IDS).write_text(lines, encoding="utf-8")


def _read(folder: Path) -> tuple[list[str], Any, Any, NDArray[np.int32]]:
    """Return the parts of a checked folder; the FAISS files are mapped and never written to."""
    import faiss

    try:
        flags = faiss.IO_FLAG_MMAP_IFC
        passages = faiss.read_index(str(folder / _PASSAGES), flags)
        sentences = faiss.read_index(str(folder / _SENTENCES), flags)
        owners = np.load(folder / _OWNERS, allow_pickle=False)
        ids = [json.loads(line) for line in (folder / _IDS).read_text("utf-8").splitlines()]
    except (OSError, ValueError, RuntimeError) as exc:
        raise IndexFormatError(str(folder), str(exc).splitlines()[0]) from exc
    if passages.ntotal != len(ids) or sentences.ntotal != len(owners):
        raise IndexFormatError(str(folder), "its files do not belong together")
    return ids, passages, sentences, owners
