"""The forward index: passage to the words of each of its sentences, as rows of the shipped model.

The inverted and the vector index say which passages may answer; to compare a question with a
candidate word by word, its words must be at hand. A text is cut once, when it is indexed.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.archive import Archive
from corpus.derived import open_or_build
from corpus.errors import IndexFormatError, NotInArchiveError
from corpus.text import sentence_texts
from embeddings.encoder import StaticEncoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

FORMAT = "1"
"""Changes whenever the same text may be cut into other segments or stored in another way."""

_BATCH = 256
_NOTHING = 0  # the model's row of zeros; each segment begins with it, so that none is empty
_WORDS, _SEGMENTS, _PASSAGES, _IDS = "words.npy", "segments.npy", "passages.npy", "ids.txt"


def segments(searched: str) -> list[str]:
    r"""Return the parts of a searched text that are compared: what heads it, then its sentences.

    The first is the headline with what stands beside it, or an empty text.

    >>> segments("路通了\n新路今天通车。全长3公里。")
    ['路通了', '新路今天通车。', '全长3公里。']
    """
    head, _, body = searched.rpartition("\n")
    return [head, *sentence_texts(body)]


@dataclass(frozen=True, slots=True)
class Near:
    """How near the words of some passages are to some vectors.

    Attributes:
        cosines: Of the nearest word in each segment, 0 where none is nearer, shape (segments, n).
        firsts: The row of each passage's first segment, shape (passages,).
        lengths: Words of each passage, over the archive's mean, shape (passages,).
    """

    cosines: NDArray[np.float32]
    firsts: NDArray[np.int64]
    lengths: NDArray[np.float32]


class ForwardIndex:
    """The words of an archive's passages. Get one with `ForwardIndex.open`."""

    def __init__(
        self,
        ids: Sequence[str],
        words: NDArray[np.int32],
        starts: NDArray[np.int64],
        firsts: NDArray[np.int64],
        *,
        encoder: StaticEncoder,
    ) -> None:
        """Keep the parts.

        Args:
            ids: Passage ids, ascending.
            words: Rows of the model, one a word, all segments one after another.
            starts: Shape (segments + 1,): where each segment begins in `words`.
            firsts: Shape (passages + 1,): the first segment of each passage.
            encoder: The model the rows are of.
        """
        self._ids = ids
        self._words = words
        self._starts = starts
        self._firsts = firsts
        self._encoder = encoder

    @classmethod
    def open(cls, archive: Archive, encoder: StaticEncoder) -> ForwardIndex:
        """Return the index of an archive, read from its folder or built where that is stale."""
        with archive.reading():  # the stamp and the passages must be of one state
            return cls._open(archive, encoder)

    @classmethod
    def _open(cls, archive: Archive, encoder: StaticEncoder) -> ForwardIndex:
        if archive.path is None:
            return cls(*_cut(archive, encoder), encoder=encoder)

        def build(folder: Path) -> None:
            ids, words, starts, firsts = _cut(archive, encoder)
            for name, array in ((_WORDS, words), (_SEGMENTS, starts), (_PASSAGES, firsts)):
                np.save(folder / name, array)
            (folder / _IDS).write_text("".join(f"{i}\n" for i in ids), encoding="utf-8")

        made_from = {
            "format": FORMAT,
            "passages": archive.stamp,
            "words": encoder.fingerprint,
        }
        try:
            folder = open_or_build(
                archive.path / "index", kind="forward", made_from=made_from, build=build
            )
        except OSError as exc:
            log.warning("cannot keep the forward index, building it in memory: %s", exc)
            return cls(*_cut(archive, encoder), encoder=encoder)
        return cls(*_read(folder), encoder=encoder)

    def __len__(self) -> int:
        """Return how many passages are indexed."""
        return len(self._ids)

    def near(self, passage_ids: Sequence[str], vectors: NDArray[np.float32]) -> Near:
        """Return how near the words of passages are to vectors.

        Args:
            passage_ids: The passages, at least one.
            vectors: Shape (n, dim), rows of unit length or zeros.

        Raises:
            NotInArchiveError: If a passage is not indexed.
        """
        spans = [self._span(passage_id) for passage_id in passage_ids]
        found = [self._words[self._starts[a] : self._starts[b]] for a, b in spans]
        rows, of_word = _distinct(np.concatenate(found))
        # one by one: a matrix product of this size would wake the threads of BLAS, and their busy
        # waiting takes longer than the work
        near = np.maximum(np.vecdot(self._encoder.unit_rows(rows)[:, None], vectors[None]), 0)
        sizes = np.concatenate([self._starts[a + 1 : b + 1] - self._starts[a:b] for a, b in spans])
        begins = np.cumsum(sizes) - sizes
        counts = np.array([b - a for a, b in spans])
        mean = max(1.0, len(self._words) / max(1, len(self._ids)))
        return Near(
            cosines=np.maximum.reduceat(near[of_word], begins, axis=0),
            firsts=np.cumsum(counts) - counts,
            lengths=np.array([len(words) / mean for words in found], dtype=np.float32),
        )

    def _span(self, passage_id: str) -> tuple[int, int]:
        at = bisect_left(self._ids, passage_id)
        if at == len(self._ids) or self._ids[at] != passage_id:
            raise NotInArchiveError(passage_id)
        return int(self._firsts[at]), int(self._firsts[at + 1])


def _distinct(numbers: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the numbers that occur, ascending, and for each number which of them it is.

    As np.unique does, but for small numbers faster than by sorting them.
    """
    occurs = np.zeros(int(numbers.max()) + 1, dtype=np.bool_)
    occurs[numbers] = True
    distinct = np.flatnonzero(occurs)
    place = np.empty(len(occurs), dtype=np.int32)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[numbers]


def _cut(
    archive: Archive, encoder: StaticEncoder
) -> tuple[list[str], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Return passage ids, rows, where segments begin and the first segment of each passage."""
    ids: list[str] = []
    words: list[NDArray[np.int32]] = []
    firsts = [0]
    nothing = np.array([_NOTHING], dtype=np.int32)
    for batch in _batches(archive.iter_passages()):
        split = [segments(searched) for _, _, searched in batch]
        ids += [passage_id for passage_id, _, _ in batch]
        firsts += [firsts[-1] + n for n in np.cumsum([len(parts) for parts in split])]
        flat = [part for parts in split for part in parts]
        words += [np.concatenate([nothing, rows]) for rows in encoder.word_rows(flat)]
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in words])]).astype(np.int64)
    joined = np.concatenate(words) if words else nothing[:0]
    return ids, joined, starts, np.array(firsts, dtype=np.int64)


def _batches(rows: Iterator[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _read(
    folder: Path,
) -> tuple[list[str], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Return the parts of a checked folder; the words are mapped."""
    try:
        words = np.asarray(np.load(folder / _WORDS, mmap_mode="r", allow_pickle=False))
        starts = np.load(folder / _SEGMENTS, allow_pickle=False)
        firsts = np.load(folder / _PASSAGES, allow_pickle=False)
        ids = (folder / _IDS).read_text("utf-8").splitlines()
    except (OSError, ValueError) as exc:
        raise IndexFormatError(str(folder), str(exc)) from exc
    fits = len(firsts) == len(ids) + 1 and starts[-1] == len(words)
    if not fits or firsts[-1] + 1 != len(starts) or any(a > b for a, b in pairwise(firsts)):
        raise IndexFormatError(str(folder), "its files do not belong together")
    return ids, words, starts, firsts
