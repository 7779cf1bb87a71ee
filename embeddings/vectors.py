"""A part of the vector index: the vectors of some passages and of their sentences, in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corpus.errors import IndexFormatError
from corpus.filters import Within
from corpus.segments import IDS, Filled, Part, encoded, living, mapped, rows_of
from embeddings.engine import (
    Rows,
    RowWriter,
    Side,
    Sink,
    coded,
    exact,
    mapped_codes,
    mapped_index,
    write,
    write_coded,
)
from embeddings.recall import recall

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY = 12_288
"""Passages of a part from which on it is searched by codes, as docs/scale.md has measured."""

K = 100
"""How many passages, and half as many as sentences, the recall is measured with."""

_KINDS = ("passages", "sentences")
_STARTS = "starts.npy"


class DenseHit(NamedTuple):
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
class Block:
    """Some passages with their vectors.

    Attributes:
        ids: Passage ids, as `corpus.segments` encodes them.
        passages: Shape (passages, dim).
        sentences: Those of a passage one after another, shape (sentences, dim).
        counts: How many sentences each passage has.
    """

    ids: NDArray[np.bytes_]
    passages: NDArray[np.float32]
    sentences: NDArray[np.float32]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of some passages and of their sentences.

    Attributes:
        ids: Passage ids, ascending, one a row of `passages`; as `corpus.segments` encodes them.
        passages: Vectors of the passages.
        sentences: Vectors of the sentences, those of a passage one after another.
        starts: The row of each passage's first sentence, then their number, shape (passages + 1,).
        lives: Which passages are searched, shape (passages,); None is all.
    """

    ids: NDArray[np.bytes_]
    passages: Side
    sentences: Side
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

    def spread(self, left: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Return which sentences stand in the passages that are left."""
        return None if left is None else np.repeat(left, np.diff(self.starts))

    def cosines(
        self, rows: NDArray[np.int64], vector: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the cosines of passages and of their best sentence, 0 where there is none."""
        n_sentences, wanted = self._sentences_of(rows)
        best = np.zeros(len(rows), dtype=np.float32)
        if len(wanted):
            filled = n_sentences > 0
            begin = np.cumsum(n_sentences) - n_sentences  # where each passage's begin in `wanted`
            by_sentence = self.sentences.cosines(wanted, vector)
            best[filled] = np.maximum.reduceat(by_sentence, begin[filled])
        return self.passages.cosines(rows, vector), best

    def _sentences_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many sentences passages have, and the rows of these."""
        first = self.starts[rows]
        n_sentences = self.starts[rows + 1] - first
        begin = np.cumsum(n_sentences) - n_sentences
        return n_sentences, np.arange(n_sentences.sum()) + np.repeat(first - begin, n_sentences)

    def block(self, rows: NDArray[np.int64]) -> Block:
        """Return passages with their vectors."""
        n_sentences, wanted = self._sentences_of(rows)
        return Block(
            self.ids[rows], self.passages.take(rows), self.sentences.take(wanted), n_sentences
        )

    def living_rows(self) -> NDArray[np.int64]:
        """Return the rows of the passages that live."""
        return np.arange(len(self.ids)) if self.lives is None else np.flatnonzero(self.lives)


def gathered(blocks: Iterable[Block], *, dim: int) -> Vectors:
    """Return passages, given in the order of their ids, as one part in memory, kept exactly."""
    whole, sentences = exact(dim), exact(dim)
    ids, starts = _fill(blocks, whole, sentences)
    return Vectors(ids, Side(whole), Side(sentences), starts)


def write_part(
    folder: Path, blocks: Iterable[Block], *, dim: int, questions: NDArray[np.float32] | None
) -> Filled:
    """Write passages, given in the order of their ids, as a part.

    Args:
        folder: The part's, empty.
        blocks: The passages.
        dim: The dimension of the vectors.
        questions: What a search by codes is measured with; None keeps the vectors exactly.

    Raises:
        OSError: If it cannot be written.
    """
    facts: dict[str, float] = {}
    if questions is None:
        part = gathered(blocks, dim=dim)
        ids, starts = part.ids, part.starts
        write(part.passages.index, folder / "passages.faiss")
        write(part.sentences.index, folder / "sentences.faiss")
    else:
        with ExitStack() as open_files:
            passages, sentences = (
                open_files.enter_context(RowWriter(folder / f"{kind}.f16")) for kind in _KINDS
            )
            ids, starts = _fill(blocks, passages, sentences)
        for kind, k in zip(_KINDS, (K, 2 * K), strict=True):
            rows = Rows(folder / f"{kind}.f16", dim=dim)
            index = coded(rows, dim=dim)
            facts[f"{kind}: recall@{k}"] = round(recall(index, rows, questions, k=k), 4)
            write_coded(index, folder / f"{kind}.faiss", folder / f"{kind}.blocks")
    np.save(folder / _STARTS, starts)
    np.save(folder / IDS, ids)
    return Filled(len(ids), facts)


def _fill(
    blocks: Iterable[Block], passages: Sink, sentences: Sink
) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
    """Put vectors where they are kept; return the ids and where each passage's sentences begin."""
    ids, counts = [encoded([])], [np.zeros(1, dtype=np.int64)]
    for block in blocks:
        passages.add(block.passages)
        if len(block.sentences):
            sentences.add(block.sentences)
        ids.append(block.ids)
        counts.append(block.counts)
    return np.concatenate(ids), np.cumsum(np.concatenate(counts))


def load_part(folder: Path, part: Part, *, dim: int) -> Vectors:
    """Return a part of a checked folder; its files are only read.

    Raises:
        IndexFormatError: If they cannot be, or do not belong together.
    """
    try:
        passages, sentences = (_side(folder, kind, dim) for kind in _KINDS)
        starts, ids = mapped(folder / _STARTS), mapped(folder / IDS)
    except (OSError, ValueError) as exc:
        raise IndexFormatError(str(folder), str(exc).splitlines()[0]) from exc
    if not passages.n == len(ids) == len(starts) - 1 or sentences.n != starts[-1]:
        raise IndexFormatError(str(folder), "its files do not belong together")
    return Vectors(ids, passages, sentences, starts, living(ids, part.dead) if part.dead else None)


def _side(folder: Path, kind: str, dim: int) -> Side:
    index, file = folder / f"{kind}.faiss", folder / f"{kind}.f16"
    if not file.exists():
        return Side(mapped_index(index))
    side = Side(mapped_codes(index, folder / f"{kind}.blocks"), Rows(file, dim=dim))
    if side.index.ntotal != side.n:
        raise ValueError("its files do not belong together")
    return side
