"""The FAISS index over passages and their sentences; the only module that knows FAISS.

Exact inner product over unit vectors. FAISS checks neither what it is given nor what it reads:
it takes any dtype, fails on a wrong dimension with an empty message, pads short results with row
-1 and does not notice an altered file. So shapes are checked here, padding is dropped here, and
files are opened only from a folder whose manifest matched.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.archive import Archive
from corpus.derived import Change, Generation, Recipe, open_or_build
from corpus.errors import IndexFormatError
from corpus.filters import Within
from corpus.segments import (
    IDS,
    Part,
    Writers,
    batches,
    change_parts,
    encoded,
    find_rows,
    living,
    mapped,
    parts_of,
    rows_of,
)
from corpus.text import split_sentences
from embeddings.encoder import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

FORMAT = "2"
_PASSAGES = "passages.faiss"
_SENTENCES = "sentences.faiss"
_STARTS = "starts.npy"
_ALIKE = 1e-6  # two cosines that differ by less are one, rounded twice
_SPARE = 8  # rows looked at beyond those asked for, to see whether the last is one of several alike


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


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of some passages and of their sentences.

    Attributes:
        ids: Passage ids, ascending, one a row of `passages`; as `corpus.segments` encodes them.
        passages: FAISS index of passage vectors.
        sentences: FAISS index of sentence vectors, those of a passage one after another.
        starts: The row of each passage's first sentence, then their number, shape (passages + 1,).
        lives: Which passages are searched, shape (passages,); None is all.
    """

    ids: NDArray[np.bytes_]
    passages: Any
    sentences: Any
    starts: NDArray[np.int64]
    lives: NDArray[np.bool_] | None = None

    def owners(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of the passages that sentences stand in."""
        return np.searchsorted(self.starts, rows, side="right") - 1

    def left(self, within: Within | None) -> NDArray[np.bool_] | None:
        """Return which passages live and are of this part of the archive; None is all."""
        if within is None:
            return self.lives
        left = np.zeros(len(self.ids), dtype=np.bool_)
        for prefix in within.prefixes:
            rows = rows_of(self.ids, prefix)
            left[rows.start : rows.stop] = True
        return left if self.lives is None else left & self.lives

    def hits(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> list[DenseHit]:
        """Return the cosines of the passages in these rows; 0 for one without a sentence."""
        first = self.starts[rows]
        n_sentences = self.starts[rows + 1] - first
        begin = np.cumsum(n_sentences) - n_sentences  # where each passage's begin in `wanted`
        wanted = np.arange(n_sentences.sum()) + np.repeat(first - begin, n_sentences)
        best = np.zeros(len(rows), dtype=np.float32)
        if len(wanted):
            filled = n_sentences > 0
            by_sentence = _cosines(self.sentences, wanted, vector)
            best[filled] = np.maximum.reduceat(by_sentence, begin[filled])
        by_passage = _cosines(self.passages, rows, vector)
        return [
            DenseHit(self.ids[row].decode(), float(passage), float(sentence))
            for row, passage, sentence in zip(rows, by_passage, best, strict=True)
        ]


class VectorIndex:
    """The vectors of an archive, searched exactly. Get one with `VectorIndex.open`."""

    def __init__(self, parts: Sequence[Vectors], *, dim: int) -> None:
        """Keep the parts; no passage lives in two of them.

        Args:
            parts: What is searched, as one.
            dim: The dimension of the vectors.
        """
        self._parts = [part for part in parts if len(part.ids)]
        self._dim = dim
        self._n = sum(
            len(part.ids) if part.lives is None else int(part.lives.sum()) for part in self._parts
        )

    @classmethod
    def open(
        cls, archive: Archive, encoder: Encoder, *, progress: Iterable[None] | None = None
    ) -> VectorIndex:
        """Return the index of an archive, read from its folder and brought up to date first.

        An archive in memory has no folder; its index is built in memory.

        Args:
            archive: What to index.
            encoder: What makes the vectors.
            progress: Advanced once for each batch of passages that is encoded.
        """
        with archive.reading():  # the issues' versions and the passages must be of one state
            return cls._open(archive, encoder, iter(progress or ()))

    @classmethod
    def _open(cls, archive: Archive, encoder: Encoder, ticks: Iterator[None]) -> VectorIndex:
        if archive.path is not None:
            try:
                found = open_or_build(archive.path / "index", recipe(archive, encoder, ticks))
                return cls(_read(found), dim=encoder.dim)
            except OSError as exc:
                log.warning("cannot keep the vector index, building it in memory: %s", exc)
        return cls([_encode(archive.iter_passages(), encoder, ticks)], dim=encoder.dim)

    def __len__(self) -> int:
        """Return how many passages are indexed."""
        return self._n

    def search(
        self, query: NDArray[np.float32], *, k: int, within: Within | None = None
    ) -> list[DenseHit]:
        """Return the k passages nearest by passage or by best sentence, best first.

        The order is by the mean of the two cosines, ties by passage id.

        Args:
            query: Shape (dim,), float32, unit length; all zeros finds nothing.
            k: How many; more than there are gives fewer.
            within: The part of the archive to look at; None is all.

        Raises:
            ValueError: If k is below 1.
            IndexFormatError: If the query does not fit the index.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        vector = self._fitting(query)
        if not vector.any():
            return []
        left = [part.left(within) for part in self._parts]
        by_passage = _best_of(
            [_nearest(part.passages, vector, k, some) for part, some in self._with(left)], k
        )
        by_sentence = _best_of(
            [
                _nearest(part.sentences, vector, 2 * k, _spread(part, some))
                for part, some in self._with(left)
            ],
            2 * k,
        )
        hits: list[DenseHit] = []
        for part, rows, sentences in zip(self._parts, by_passage, by_sentence, strict=True):
            hits += part.hits(np.union1d(rows, part.owners(sentences)), vector)
        return sorted(hits, key=lambda hit: (-(hit.passage + hit.sentence), hit.passage_id))[:k]

    def _with(
        self, left: Sequence[NDArray[np.bool_] | None]
    ) -> Iterator[tuple[Vectors, NDArray[np.bool_] | None]]:
        return zip(self._parts, left, strict=True)

    def score(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> list[DenseHit]:
        """Return the cosines of given passages, in the order given; unknown ids are left out."""
        vector = self._fitting(query)
        found: dict[str, DenseHit] = {}
        for part in self._parts:
            rows = find_rows(part.ids, passage_ids)
            rows = rows[rows >= 0]
            live = rows if part.lives is None else rows[part.lives[rows]]
            found |= {hit.passage_id: hit for hit in part.hits(live, vector)}
        return [found[passage_id] for passage_id in passage_ids if passage_id in found]

    def _fitting(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        if query.shape != (self._dim,) or query.dtype != np.float32:
            raise IndexFormatError(
                "in use",
                f"expects a float32 query of shape ({self._dim},), got {query.dtype} {query.shape}",
            )
        return np.ascontiguousarray(query[None, :])


def _spread(part: Vectors, left: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    """Return which sentences stand in the passages that are left."""
    return None if left is None else np.repeat(left, np.diff(part.starts))


def _nearest(
    index: Any, vector: NDArray[np.float32], k: int, left: NDArray[np.bool_] | None
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return scores and rows of the k nearest of those left, and of all as near as the last."""
    n = min(k + _SPARE, index.ntotal)
    while n:
        scores, rows = (found[0] for found in index.search(vector, n, params=_chosen(left)))
        scores, rows = scores[rows >= 0], rows[rows >= 0]  # FAISS pads with row -1
        if len(rows) < n or n == index.ntotal or scores[-1] < scores[k - 1] - _ALIKE:
            return scores, rows
        n = min(2 * n, index.ntotal)
    return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)


def _chosen(left: NDArray[np.bool_] | None) -> Any:
    """Return FAISS's parameters for a search among the rows that are left."""
    import faiss

    if left is None:
        return None
    library: Any = faiss  # its stubs do not know the Python constructors
    return library.SearchParameters(
        sel=library.IDSelectorBitmap(np.packbits(left, bitorder="little"))
    )


def _best_of(
    found: Sequence[tuple[NDArray[np.float32], NDArray[np.int64]]], k: int
) -> list[NDArray[np.int64]]:
    """Return for each part the rows that are among the k best of all, or as near as the last."""
    scores = np.sort(np.concatenate([np.empty(0, np.float32), *(one for one, _ in found)]))
    least = scores[-k] - _ALIKE if len(scores) > k else -np.inf
    return [rows[one >= least] for one, rows in found]


def _cosines(
    index: Any, rows: NDArray[np.int64], vector: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the inner products of the rows, each summed by itself: equal rows give equal ones."""
    found: NDArray[np.float32] = np.vecdot(index.reconstruct_batch(rows), vector)
    return found


def recipe(archive: Archive, encoder: Encoder, ticks: Iterator[None] | None = None) -> Recipe:
    """Return how the vectors of an archive are made; `ticks` is advanced for each batch."""
    going = ticks or iter(())

    def add(folder: Path, issue_ids: Sequence[str]) -> int:
        return _write(folder, _encode(archive.iter_passages(issue_ids), encoder, going))

    def join(folder: Path, parts: Sequence[tuple[Path, Part]]) -> int:
        return _write(folder, _joined([_load(*one) for one in parts], encoder.dim))

    def build(change: Change) -> dict[str, Any]:
        return change_parts(change, Writers(add, join))

    return Recipe(
        kind="vectors",
        made_from={
            "format": FORMAT,
            "model": encoder.name,
            "weights": encoder.fingerprint,
            "dim": str(encoder.dim),
        },
        issues=archive.versions(),
        stamp=archive.stamp,
        n_passages=archive.n_passages_of,
        build=build,
    )


def _encode(
    passages: Iterable[tuple[str, str, str]], encoder: Encoder, ticks: Iterator[None]
) -> Vectors:
    """Return the vectors of passages, given with their ids, ascending, texts and searched texts."""
    import faiss

    ids: list[str] = []
    starts = [0]
    whole, parts = faiss.IndexFlatIP(encoder.dim), faiss.IndexFlatIP(encoder.dim)
    for batch in batches(passages):
        split: list[str] = []
        for passage_id, text, _ in batch:
            found = [sentence.text for sentence in split_sentences(text)]
            starts.append(starts[-1] + len(found))
            split += found
            ids.append(passage_id)
        texts = [searched for _, _, searched in batch]
        whole.add(_checked(encoder.encode_passages(texts), encoder))
        if split:
            parts.add(_checked(encoder.encode_passages(split), encoder))
        next(ticks, None)
    return Vectors(encoded(ids), whole, parts, np.array(starts, dtype=np.int64))


def _joined(parts: Sequence[Vectors], dim: int) -> Vectors:
    """Return what lives in some parts as one."""
    import faiss

    whole, sentences = faiss.IndexFlatIP(dim), faiss.IndexFlatIP(dim)
    rows = [_living_rows(part) for part in parts]
    ids = np.concatenate([part.ids[live] for part, live in zip(parts, rows, strict=True)])
    of_part = np.repeat(np.arange(len(parts)), [len(live) for live in rows])
    order = np.argsort(ids, kind="stable")
    counts = np.concatenate(
        [np.diff(part.starts)[live] for part, live in zip(parts, rows, strict=True)]
    )[order]
    all_rows = np.concatenate(rows)
    for run in np.split(order, 1 + np.flatnonzero(np.diff(of_part[order]))):
        part, live = parts[of_part[run[0]]], all_rows[run]
        whole.add(part.passages.reconstruct_batch(live))
        first, past = part.starts[live], part.starts[live + 1]
        told = [np.arange(a, b) for a, b in zip(first, past, strict=True)]
        if len(flat := np.concatenate(told)):
            sentences.add(part.sentences.reconstruct_batch(flat))
    return Vectors(ids[order], whole, sentences, np.concatenate([[0], np.cumsum(counts)]))


def _living_rows(part: Vectors) -> NDArray[np.int64]:
    return np.arange(len(part.ids)) if part.lives is None else np.flatnonzero(part.lives)


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


def _write(folder: Path, vectors: Vectors) -> int:
    """Write a part and return how many passages it has.

    Raises:
        OSError: If it cannot be written.
    """
    import faiss

    try:
        faiss.write_index(vectors.passages, str(folder / _PASSAGES))
        faiss.write_index(vectors.sentences, str(folder / _SENTENCES))
    except RuntimeError as exc:
        raise OSError(str(exc).splitlines()[0]) from exc
    np.save(folder / _STARTS, vectors.starts)
    np.save(folder / IDS, vectors.ids)
    return len(vectors.ids)


def _read(found: Generation) -> list[Vectors]:
    return [_load(found.folder / part.name, part) for part in parts_of(found.told)]


def _load(folder: Path, part: Part) -> Vectors:
    """Return a part of a checked folder; its files are mapped and never written to."""
    import faiss

    try:
        flags = faiss.IO_FLAG_MMAP_IFC
        passages = faiss.read_index(str(folder / _PASSAGES), flags)
        sentences = faiss.read_index(str(folder / _SENTENCES), flags)
        starts, ids = mapped(folder / _STARTS), mapped(folder / IDS)
    except (OSError, ValueError, RuntimeError) as exc:
        raise IndexFormatError(str(folder), str(exc).splitlines()[0]) from exc
    if not passages.ntotal == len(ids) == len(starts) - 1 or sentences.ntotal != starts[-1]:
        raise IndexFormatError(str(folder), "its files do not belong together")
    return Vectors(ids, passages, sentences, starts, living(ids, part.dead) if part.dead else None)
