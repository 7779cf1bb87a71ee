"""Candidates from both indexes to one ranking: a mix of named features, each standardised.

Scores of different engines are never added raw: over the candidates each feature is brought to
mean 0 and deviation 1, then weighted. What an English question shares with Chinese text is
meaning, names and numbers, so its weights differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.archive import Archive, Place
from embeddings.encoder import Encoder, StaticEncoder, load_encoder
from embeddings.index import VectorIndex
from qa.coverage import Coverage
from qa.lexical import LexicalIndex
from qa.query import Lang, Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_CANDIDATES = 100
_N_COVERED = 30  # candidates whose words are compared one by one

WEIGHTS: dict[Lang, dict[str, float]] = {
    "zh": {"lexical": 1.0, "passage": 0.1, "sentence": 0.1, "coverage": 0.3},
    "en": {"lexical": 0.5, "passage": 0.5, "sentence": 0.7, "coverage": 1.0},
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        passage_id: The passage.
        score: The mix of the features; higher is better, comparable within one question only.
        features: What the mix was made of: `lexical` is BM25, `passage` and `sentence` cosines,
            `coverage` the share of the question's words that the passage speaks of.
    """

    passage_id: str
    score: float
    features: dict[str, float]


class Finder:
    """Finds the passages of an archive that a question is about. Get one with `Finder.open`."""

    def __init__(
        self,
        archive: Archive,
        *,
        encoder: Encoder,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        coverage: Coverage,
    ) -> None:
        """Keep the parts."""
        self.archive = archive
        self.encoder = encoder
        self.vectors = vectors
        self.lexical = lexical
        self.coverage = coverage

    @classmethod
    def open(
        cls,
        archive: Archive,
        *,
        model: str | None = None,
        progress: Iterable[None] | None = None,
    ) -> Finder:
        """Return a finder over an archive, its derived indexes opened or built.

        Args:
            archive: Where to look.
            model: A sentence-transformers model or folder; None is the shipped one.
            progress: Advanced once for each batch of passages that is encoded.
        """
        encoder = load_encoder(model)
        shipped = encoder if isinstance(encoder, StaticEncoder) else StaticEncoder.load()
        lexical = LexicalIndex.open(archive)
        return cls(
            archive,
            encoder=encoder,
            vectors=VectorIndex.open(archive, encoder, progress=progress),
            lexical=lexical,
            coverage=Coverage(shipped, lexical.rarity),
        )

    def search(self, query: Query, *, k: int) -> list[Hit]:
        """Return the k best passages, best first, ties by passage id.

        A passage that shares nothing with the question is no hit.

        Raises:
            ValueError: If k is below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        lexical = {
            hit.passage_id: hit.score for hit in self.lexical.search(query.terms, k=N_CANDIDATES)
        }
        vector = self.encoder.encode_queries([query.text])[0]
        dense = self.vectors.search(vector, k=N_CANDIDATES)
        known = {hit.passage_id for hit in dense}
        dense += self.vectors.score(vector, sorted(set(lexical) - known))
        rows = [
            {
                "passage_id": hit.passage_id,
                "lexical": lexical.get(hit.passage_id, 0.0),
                "passage": hit.passage,
                "sentence": hit.sentence,
            }
            for hit in dense
        ]
        return self._mix(query, rows)[:k]

    def _mix(self, query: Query, rows: Sequence[dict[str, Any]]) -> list[Hit]:
        if not rows:
            return []
        weights = WEIGHTS[query.lang]
        ids = [row["passage_id"] for row in rows]
        table = {
            name: np.array([row[name] for row in rows])
            for name in ("lexical", "passage", "sentence")
        }
        first = sum(weights[name] * _standard(column) for name, column in table.items())
        order = sorted(range(len(ids)), key=lambda at: (-first[at], ids[at]))
        covered = np.zeros(len(ids))
        words = self.coverage.weigh(query)
        for at, place in zip(
            order, self.places([ids[at] for at in order[:_N_COVERED]]), strict=False
        ):
            covered[at] = self.coverage.score(words, place.searched)
        total = first + weights["coverage"] * _standard(covered)
        hits = [
            Hit(
                passage_id=ids[at],
                score=round(float(total[at]), 6),
                features={
                    **{name: round(float(col[at]), 4) for name, col in table.items()},
                    "coverage": round(float(covered[at]), 4),
                },
            )
            for at in range(len(ids))
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))

    def places(self, passage_ids: Sequence[str]) -> list[Place]:
        """Return the passages with their articles and issues."""
        return self.archive.places(passage_ids)


def _standard(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values with mean 0 and deviation 1, or zeros where all are alike."""
    spread = column.std()
    return (column - column.mean()) / spread if spread > 1e-9 else np.zeros_like(column)
