"""The vector index of an archive, in parts that are searched as one.

While a part is small its search is exact. A large one is searched by codes, and what is found so
is put in order by the vectors themselves (`embeddings.engine`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from corpus.archive import Archive
from corpus.errors import IndexFormatError
from corpus.filters import Within
from corpus.generation import Generation
from corpus.opening import opened
from corpus.segments import find_rows, parts_of
from embeddings.encoder import Encoder
from embeddings.engine import OVER, Side, best_of
from embeddings.making import encode, recipe
from embeddings.vectors import DenseHit, Vectors, gathered, load_part

if TYPE_CHECKING:
    from numpy.typing import NDArray


class VectorIndex:
    """The vectors of an archive. Get one with `VectorIndex.open`."""

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
        ticks, dim = iter(progress or ()), encoder.dim
        parts = opened(
            archive,
            recipe=lambda: recipe(archive, encoder, ticks),
            read=lambda found: _read(found, dim),
            make=lambda: [gathered(encode(archive.iter_passages(), encoder, ticks), dim=dim)],
        )
        return cls(parts, dim=dim)

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
        by_passage = self._nearest([part.passages for part in self._parts], vector, k=k, left=left)
        by_sentence = self._nearest(
            [part.sentences for part in self._parts],
            vector,
            k=2 * k,
            left=[part.spread(some) for part, some in zip(self._parts, left, strict=True)],
        )
        rows = [
            np.union1d(rows, part.owners(sentences))
            for part, rows, sentences in zip(self._parts, by_passage, by_sentence, strict=True)
        ]
        return self._hits(rows, vector, best=k)

    def _nearest(
        self,
        sides: Sequence[Side],
        vector: NDArray[np.float32],
        *,
        k: int,
        left: Sequence[NDArray[np.bool_] | None],
    ) -> list[NDArray[np.int64]]:
        """Return for each part the rows that are among the k nearest of all."""
        n = k if all(side.rows is None for side in sides) else OVER * k
        found = [side.nearest(vector, n, some) for side, some in zip(sides, left, strict=True)]
        if n == k:
            return best_of(found, k)
        seem = best_of(found, n)
        are = [side.cosines(rows, vector) for side, rows in zip(sides, seem, strict=True)]
        return best_of(list(zip(are, seem, strict=True)), k)

    def _hits(
        self,
        rows: Sequence[NDArray[np.int64]],
        vector: NDArray[np.float32],
        *,
        best: int | None = None,
    ) -> list[DenseHit]:
        """Return the passages in some rows of each part, or the best of them, best first."""
        if not self._parts:
            return []
        ids = np.concatenate([part.ids[some] for part, some in zip(self._parts, rows, strict=True)])
        told = [part.cosines(some, vector) for part, some in zip(self._parts, rows, strict=True)]
        passage, sentence = (np.concatenate(both) for both in zip(*told, strict=True))
        if best is not None:
            order = np.lexsort((ids, -(passage.astype(np.float64) + sentence)))[:best]
            ids, passage, sentence = ids[order], passage[order], sentence[order]
        found = ([one.decode() for one in ids.tolist()], passage.tolist(), sentence.tolist())
        return list(map(DenseHit._make, zip(*found, strict=True)))

    def score(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> list[DenseHit]:
        """Return the cosines of given passages, in the order given; unknown ids are left out."""
        vector = self._fitting(query)
        rows = []
        for part in self._parts:
            there = find_rows(part.ids, passage_ids)
            there = there[there >= 0]
            rows.append(there if part.lives is None else there[part.lives[there]])
        found = {hit.passage_id: hit for hit in self._hits(rows, vector)}
        return [found[passage_id] for passage_id in passage_ids if passage_id in found]

    def _fitting(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        if query.shape != (self._dim,) or query.dtype != np.float32:
            raise IndexFormatError(
                "in use",
                f"expects a float32 query of shape ({self._dim},), got {query.dtype} {query.shape}",
            )
        return np.ascontiguousarray(query[None, :])


def _read(found: Generation, dim: int) -> list[Vectors]:
    return [load_part(found.folder / part.name, part, dim=dim) for part in parts_of(found.told)]
