"""The forward index: passage to the words of each of its sentences, as rows of the shipped model.

The inverted and the vector index say which passages may answer; to compare a question with a
candidate word by word, its words must be at hand. A text is cut once, when it is indexed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.archive import Archive
from corpus.derived import Change, Recipe
from corpus.errors import IndexFormatError, NotInArchiveError
from corpus.generation import Generation
from corpus.opening import opened
from corpus.segments import (
    IDS,
    Filled,
    Part,
    Writers,
    batches,
    change_parts,
    encoded,
    find_rows,
    living,
    mapped,
    parts_of,
)
from corpus.text import sentence_texts
from embeddings.encoder import StaticEncoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "3"
"""Changes whenever the same text may be cut into other segments or stored in another way."""

_NOTHING = 0  # the model's row of zeros; each segment begins with it, so that none is empty
_WORDS, _SEGMENTS, _PASSAGES = "words.npy", "segments.npy", "passages.npy"


@lru_cache(maxsize=512)
def segments(searched: str) -> tuple[str, ...]:
    r"""Return the parts of a searched text that are compared: what heads it, then its sentences.

    The first is the headline with what stands beside it, or an empty text.

    >>> segments("路通了\n新路今天通车。全长3公里。")
    ('路通了', '新路今天通车。', '全长3公里。')
    """
    head, _, body = searched.rpartition("\n")
    return (head, *sentence_texts(body))


@dataclass(frozen=True, slots=True)
class Near:
    """How near the words of some passages are to some vectors.

    Attributes:
        cosines: Of the nearest word in each segment, 0 where none is nearer, shape (segments, n).
        firsts: The row of each passage's first segment, shape (passages,).
        lengths: Words of each passage, over the archive's mean, shape (passages,).
        used: As `cosines`, of how words are used; None where that was not asked.
    """

    cosines: NDArray[np.float32]
    firsts: NDArray[np.int64]
    lengths: NDArray[np.float32]
    used: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some passages.

    Attributes:
        ids: Passage ids, ascending, as `corpus.segments` encodes them.
        words: Rows of the model, one a word, all segments one after another.
        starts: Shape (segments + 1,): where each segment begins in `words`.
        firsts: Shape (passages + 1,): the first segment of each passage.
        lives: Which passages are looked up, shape (passages,); None is all.
    """

    ids: NDArray[np.bytes_]
    words: NDArray[np.int32]
    starts: NDArray[np.int64]
    firsts: NDArray[np.int64]
    lives: NDArray[np.bool_] | None = None

    def size(self) -> tuple[int, int]:
        """Return how many passages live, and how many words they have."""
        if self.lives is None:
            return len(self.ids), len(self.words)
        dead = np.flatnonzero(~self.lives)
        n_dead = self.starts[self.firsts[dead + 1]] - self.starts[self.firsts[dead]]
        return len(self.ids) - len(dead), len(self.words) - int(n_dead.sum())


class ForwardIndex:
    """The words of an archive's passages. Get one with `ForwardIndex.open`."""

    def __init__(self, parts: Sequence[Words], *, encoder: StaticEncoder) -> None:
        """Keep the parts; no passage lives in two of them.

        Args:
            parts: What is looked up, as one.
            encoder: The model the words are of.
        """
        self._parts = parts
        self._encoder = encoder
        sizes = [part.size() for part in parts]
        self._n = sum(n for n, _ in sizes)
        self._mean = max(1.0, sum(n for _, n in sizes) / max(1, self._n))

    @classmethod
    def open(
        cls, archive: Archive, encoder: StaticEncoder, *, progress: Iterable[None] | None = None
    ) -> ForwardIndex:
        """Return the index of an archive, read from its folder and brought up to date first.

        Args:
            archive: What to index.
            encoder: The model the words are of.
            progress: Advanced once for each batch of passages that is cut.
        """
        ticks = iter(progress or ())
        parts = opened(
            archive,
            recipe=lambda: recipe(archive, encoder, ticks),
            read=_read,
            make=lambda: [_cut(archive.iter_passages(), encoder, ticks)],
        )
        return cls(parts, encoder=encoder)

    def __len__(self) -> int:
        """Return how many passages are indexed."""
        return self._n

    def near(
        self,
        passage_ids: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        uses: NDArray[np.float32] | None = None,
    ) -> Near:
        """Return how near the words of passages are to vectors.

        Args:
            passage_ids: The passages, at least one.
            vectors: Shape (n, dim), rows of unit length or zeros.
            uses: How n words are used, shape (n, usage_dim), likewise.

        Raises:
            NotInArchiveError: If a passage is not indexed.
        """
        places = self._find(passage_ids)
        spans = [(part, int(part.firsts[row]), int(part.firsts[row + 1])) for part, row in places]
        found = [part.words[part.starts[a] : part.starts[b]] for part, a, b in spans]
        rows, of_word = _distinct(np.concatenate(found))
        near = np.maximum(self._encoder.unit_products(rows, vectors), 0)
        sizes = np.concatenate(
            [part.starts[a + 1 : b + 1] - part.starts[a:b] for part, a, b in spans]
        )
        begins = np.cumsum(sizes) - sizes
        counts = np.array([b - a for _, a, b in spans])
        used = None
        if uses is not None:
            known = uses.any(axis=1)
            alike = np.maximum(self._encoder.usage_products(rows, uses[known]), 0)
            used = np.zeros((len(begins), len(uses)), dtype=np.float32)
            used[:, known] = np.maximum.reduceat(alike[of_word], begins, axis=0)
        return Near(
            cosines=np.maximum.reduceat(near[of_word], begins, axis=0),
            firsts=np.cumsum(counts) - counts,
            lengths=np.array([len(words) / self._mean for words in found], dtype=np.float32),
            used=used,
        )

    def _find(self, passage_ids: Sequence[str]) -> list[tuple[Words, int]]:
        """Return the part and the row of each passage."""
        found: dict[str, tuple[Words, int]] = {}
        for part in self._parts:
            for passage_id, row in zip(passage_ids, find_rows(part.ids, passage_ids), strict=True):
                if row >= 0 and (part.lives is None or part.lives[row]):
                    found[passage_id] = part, int(row)
        missing = next((wanted for wanted in passage_ids if wanted not in found), None)
        if missing is not None:
            raise NotInArchiveError(missing)
        return [found[passage_id] for passage_id in passage_ids]


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


def recipe(archive: Archive, encoder: StaticEncoder, ticks: Iterator[None] | None = None) -> Recipe:
    """Return how the words of an archive are made; `ticks` is advanced for each batch."""
    going = ticks or iter(())

    def add(folder: Path, issue_ids: Sequence[str]) -> Filled:
        return _write(folder, _cut(archive.iter_passages(issue_ids), encoder, going))

    def join(folder: Path, parts: Sequence[tuple[Path, Part]]) -> Filled:
        return _write(folder, _joined([_load(*one) for one in parts]))

    def build(change: Change) -> dict[str, Any]:
        return change_parts(change, Writers(add, join))

    return Recipe(
        kind="forward",
        made_from={"format": FORMAT, "words": encoder.fingerprint},
        issues=archive.versions(),
        stamp=archive.stamp,
        n_passages=archive.n_passages_of,
        build=build,
    )


def _cut(
    passages: Iterable[tuple[str, str, str]], encoder: StaticEncoder, ticks: Iterator[None]
) -> Words:
    """Return the words of passages, given with their ids, ascending, texts and searched texts."""
    ids: list[str] = []
    words: list[NDArray[np.int32]] = []
    firsts = [0]
    nothing = np.array([_NOTHING], dtype=np.int32)
    for batch in batches(passages):
        split = [segments(searched) for _, _, searched in batch]
        ids += [passage_id for passage_id, _, _ in batch]
        firsts += [firsts[-1] + n for n in np.cumsum([len(parts) for parts in split])]
        flat = [part for parts in split for part in parts]
        words += [np.concatenate([nothing, rows]) for rows in encoder.word_rows(flat)]
        next(ticks, None)
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in words])]).astype(np.int64)
    joined = np.concatenate(words) if words else nothing[:0]
    return Words(encoded(ids), joined, starts, np.array(firsts, dtype=np.int64))


def _joined(parts: Sequence[Words]) -> Words:
    """Return what lives in some parts as one."""
    living_rows = [
        np.arange(len(part.ids)) if part.lives is None else np.flatnonzero(part.lives)
        for part in parts
    ]
    ids = np.concatenate([part.ids[rows] for part, rows in zip(parts, living_rows, strict=True)])
    places = [(part, row) for part, rows in zip(parts, living_rows, strict=True) for row in rows]
    order = np.argsort(ids, kind="stable")
    words, sizes, counts = [], [], []
    for part, row in (places[at] for at in order):
        first, past = part.firsts[row], part.firsts[row + 1]
        words.append(part.words[part.starts[first] : part.starts[past]])
        sizes.append(np.diff(part.starts[first : past + 1]))
        counts.append(past - first)
    return Words(
        ids[order],
        np.concatenate(words),
        np.concatenate([[0], np.cumsum(np.concatenate(sizes))]),
        np.concatenate([[0], np.cumsum(counts)]),
    )


def _write(folder: Path, words: Words) -> Filled:
    """Write a part."""
    np.save(folder / _WORDS, words.words)
    np.save(folder / _SEGMENTS, words.starts)
    np.save(folder / _PASSAGES, words.firsts)
    np.save(folder / IDS, words.ids)
    return Filled(len(words.ids))


def _read(found: Generation) -> list[Words]:
    return [_load(found.folder / part.name, part) for part in parts_of(found.told)]


def _load(folder: Path, part: Part) -> Words:
    """Return a part of a checked folder, mapped."""
    try:
        words, starts = mapped(folder / _WORDS), mapped(folder / _SEGMENTS)
        firsts, ids = mapped(folder / _PASSAGES), mapped(folder / IDS)
    except (OSError, ValueError) as exc:
        raise IndexFormatError(str(folder), str(exc)) from exc
    fits = len(firsts) == len(ids) + 1 and starts[-1] == len(words)
    if not fits or firsts[-1] + 1 != len(starts):
        raise IndexFormatError(str(folder), "its files do not belong together")
    return Words(ids, words, starts, firsts, living(ids, part.dead) if part.dead else None)
