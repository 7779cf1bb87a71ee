"""Passages by the dense vectors that an engine holds; their inner products are cosines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.filters import Within
from embeddings.vectors import DenseHit
from qa.engine.milvus import MOST, one_of
from qa.engine.view import Row, View, condition_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SENTENCES = 8  # of a passage that are looked for at first
_AT_ONCE = 200  # passages whose vectors are asked for in one query


class RemoteVectors:
    """Finds passages by the vectors that an engine holds."""

    def __init__(self, view: View, *, n_passages: int) -> None:
        """Keep the view, and how many passages it has."""
        self._view = view
        self._n = n_passages

    def __len__(self) -> int:
        """Return how many passages are looked at."""
        return self._n

    def search(
        self, query: NDArray[np.float32], *, k: int, within: Within | None = None
    ) -> list[DenseHit]:
        """Return the k passages nearest by passage or by best sentence, best first, ties by id.

        Raises:
            ValueError: If k is below 1.
            EngineError: If the engine cannot be reached.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        if not query.any():
            return []
        view, told = self._view, condition_of(within)
        near = view.search("passages", query, over="vector", k=k, told=told)
        parts = view.search(
            "sentences", query, over="vector", k=2 * k, told=told, fields=["passage"]
        )
        passages = {row.passage_id: row.score for row in near}
        found = self._hits(query, passages, _first_of_each(parts))
        return sorted(found, key=lambda hit: (-(hit.passage + hit.sentence), hit.passage_id))[:k]

    def score(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> list[DenseHit]:
        """Return the cosines of given passages, in the order given; unknown ids are left out.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        hits: dict[str, DenseHit] = {}
        for at in range(0, len(passage_ids), _AT_ONCE):
            passages = self._passages(query, passage_ids[at : at + _AT_ONCE])
            hits |= {hit.passage_id: hit for hit in self._hits(query, passages, {})}
        return [hits[passage_id] for passage_id in passage_ids if passage_id in hits]

    def _hits(
        self, query: NDArray[np.float32], passages: dict[str, float], sentences: dict[str, float]
    ) -> list[DenseHit]:
        """Return hits of all passages of which one of the two cosines is known.

        Args:
            query: The vector.
            passages: Passage id to its cosine.
            sentences: Passage id to that of its best sentence.
        """
        passages |= self._passages(query, sorted(sentences.keys() - passages.keys()))
        sentences |= self._sentences(query, sorted(passages.keys() - sentences.keys()))
        return [DenseHit(one, passages[one], sentences.get(one, 0.0)) for one in passages]

    def _passages(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> dict[str, float]:
        """Return the cosines of passages; what the engine does not find is computed here.

        An index that is searched approximately may miss rows, even where it is to look at a few.
        """
        ids = self._view.row_ids(passage_ids)
        if not ids:
            return {}
        found = {
            row.passage_id: row.score
            for row in self._view.search(
                "passages", query, over="vector", k=len(ids), told=one_of("id", list(ids))
            )
        }
        if missed := [row for row, passage_id in ids.items() if passage_id not in found]:
            rows = self._view.query("passages", one_of("id", missed), ["vector"])
            for row, cosine in zip(rows, _cosines(rows, query), strict=True):
                found[ids[row["id"]]] = float(cosine)
        return found

    def _sentences(
        self, query: NDArray[np.float32], passage_ids: Sequence[str]
    ) -> dict[str, float]:
        """Return the cosine of each passage's best sentence, as `_passages` does."""
        ids = self._view.row_ids(passage_ids)
        if not ids:
            return {}
        rows = self._view.search(
            "sentences",
            query,
            over="vector",
            k=min(_SENTENCES * len(ids), MOST),
            told=one_of("passage", list(ids)),
            fields=["passage"],
        )
        found = _first_of_each(rows)
        if missed := [row for row, passage_id in ids.items() if passage_id not in found]:
            parts = self._view.query("sentences", one_of("passage", missed), ["passage", "vector"])
            for part, cosine in zip(parts, _cosines(parts, query).tolist(), strict=True):
                one = ids[part["passage"]]
                found[one] = max(cosine, found.get(one, cosine))
        return found


def _first_of_each(rows: Sequence[Row]) -> dict[str, float]:
    """Return passage id to the score of its first row, which is its best."""
    return {row.passage_id: row.score for row in reversed(rows)}


def _cosines(rows: Sequence[dict[str, Any]], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inner products of the rows' vectors, shape (rows,)."""
    vectors = np.array([row["vector"] for row in rows], dtype=np.float32).reshape(-1, len(query))
    found: NDArray[np.float32] = np.vecdot(vectors, query[None])
    return found
