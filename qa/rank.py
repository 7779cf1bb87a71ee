"""Candidates from both indexes to one ranking: a mix of named features, each standardised.

Scores of different engines are never added raw: over the candidates each feature is brought to
mean 0 and deviation 1, then weighted. Shared terms decide where the archive answers in the
question's own words; where it does not, meaning does. What an English question shares with
Chinese text is meaning, names and numbers, so its weights differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corpus.archive import Archive, Place
from corpus.text import has_term
from embeddings.encoder import Encoder, load_encoder, shipped_encoder
from embeddings.index import DenseHit, VectorIndex
from qa.coverage import Coverage
from qa.lexical import LexicalIndex
from qa.names import N_READ, find_names
from qa.query import Lang, Query
from qa.sounds import shipped_sounds
from qa.translated import score as score_translated

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_CANDIDATES = 100
_N_COVERED = 60  # candidates whose words are compared one by one
_N_LITERAL = 40  # candidates that tell how literally the archive answers

MEANING: dict[Lang, dict[str, float]] = {
    "zh": {"lexical": -0.3, "passage": 0.9, "sentence": 0.2, "coverage": 0.8, "dated": 0.5},
    "en": {
        "lexical": 0.0,
        "passage": 0.9,
        "sentence": 0.25,
        "coverage": 0.75,
        "translated": -0.1,
        "dated": 0.5,
    },
}
"""The weights of the features for a question in words of the reader's own."""

LITERAL: dict[Lang, dict[str, float]] = {
    "zh": {"lexical": 2.2, "passage": -1.0, "sentence": 0.1, "coverage": 0.0, "dated": 0.0},
    "en": {
        "lexical": 0.7,
        "passage": -0.6,
        "sentence": -0.1,
        "coverage": -0.1,
        "translated": 1.7,
        "dated": 0.0,
    },
}
"""What is added to them the more literally a candidate has the question's words, from 0 to 1.

Both fitted by a softmax over the candidates, on one half of the development questions and of the
own-words questions, then rounded; of several roundings the one best on all sets was kept. Against
one set of weights the own-words evidence in the first three rises from 53 to 72 % (Chinese) and
63 to 67 % (English), while nDCG@10 of the Chinese sets stays within 0.001.
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        passage_id: The passage.
        score: The mix of the features; higher is better, comparable within one question only.
        features: What the mix was made of: `lexical` is BM25, `passage` and `sentence` cosines,
            `coverage` the share of the question's words that the passage speaks of,
            `dated` whether its issue is of a month or year that is named,
            `required` how many of its codes and quoted terms the passage has, which comes first,
            `translated` BM25 of what an English question's phrases may be in Chinese.
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
        encoder = load_encoder(model) if model else shipped_encoder()
        lexical = LexicalIndex.open(archive)
        return cls(
            archive,
            encoder=encoder,
            vectors=VectorIndex.open(archive, encoder, progress=progress),
            lexical=lexical,
            coverage=Coverage(shipped_encoder(), lexical.rarity),
        )

    def search(self, query: Query, *, k: int) -> list[Hit]:
        """Return the k best passages, best first, ties by passage id.

        A passage that shares nothing with the question is no hit.

        Raises:
            ValueError: If k is below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        query = self.resolve(query)
        vector = self.encoder.encode_queries([query.text])[0]
        dense = self._candidates(query, vector)
        return self._mix(query, dense)[:k] if dense else []

    def resolve(self, query: Query) -> Query:
        """Return a query with what its words and names are in this archive's Chinese.

        Names are looked up by their sound, and terms that stand nowhere are dropped. `search`
        does this too.
        """

        def holding(pairs: Sequence[tuple[str, float]]) -> list[str]:
            return self.archive.searched(self.lexical.sounding(pairs, k=N_READ))

        found = query.expansions
        if query.names:
            found = find_names(query.names, found, sounds=shipped_sounds(), holding=holding)
        kept = (
            replace(one, terms=tuple(told for told in one.terms if self.lexical.seen_in(told[0])))
            for one in found
        )
        return replace(query, names=(), expansions=tuple(kept))

    def _candidates(
        self, query: Query, vector: NDArray[np.float32]
    ) -> dict[str, tuple[float, DenseHit]]:
        """Return passage id → (BM25, cosines) of all that either index finds."""
        lexical = {
            hit.passage_id: hit.score for hit in self.lexical.search(query.terms, k=N_CANDIDATES)
        }
        translated = self.lexical.search_expanded(query.expansions, k=N_CANDIDATES)
        translated += self.lexical.holding(query.required, k=N_CANDIDATES)
        dense = {hit.passage_id: hit for hit in self.vectors.search(vector, k=N_CANDIDATES)}
        others = sorted({*lexical, *translated} - set(dense))
        dense |= {hit.passage_id: hit for hit in self.vectors.score(vector, others)}
        return {
            passage_id: (lexical.get(passage_id, 0.0), hit)
            for passage_id, hit in dense.items()
            if vector.any() or passage_id in others
        }

    def _mix(self, query: Query, found: dict[str, tuple[float, DenseHit]]) -> list[Hit]:
        """Return the candidates with their mixed score, best first."""
        ids = sorted(found)
        texts = self.archive.searched(ids)
        features = {
            "lexical": np.array([found[passage_id][0] for passage_id in ids]),
            "passage": np.array([found[passage_id][1].passage for passage_id in ids]),
            "sentence": np.array([found[passage_id][1].sentence for passage_id in ids]),
        }
        if query.expansions:
            features["translated"] = score_translated(
                query.expansions,
                texts,
                seen_in=self.lexical.seen_in,
                n_passages=len(self.lexical),
            )
        if query.months:
            features["dated"] = np.array(
                [float(any(passage_id.startswith(m) for m in query.months)) for passage_id in ids]
            )
        words = self.coverage.weigh(query)
        first = sum((_standard(row) for row in features.values()), np.zeros(len(ids)))
        order = sorted(range(len(ids)), key=lambda at: (-first[at], ids[at]))[:_N_COVERED]
        features["coverage"] = np.zeros(len(ids))
        for at in order:
            features["coverage"][at] = self.coverage.score(words, texts[at])
        literal = max(self.coverage.literal(words, texts[at]) for at in order[:_N_LITERAL])
        scores = _weighted(query.lang, features, literal=literal)
        if query.required:  # what does not have the code or quoted term is about something else
            features["required"] = np.array(
                [sum(has_term(term, text) for term in query.required) for text in texts],
                dtype=float,
            )
            scores += features["required"] * (np.ptp(scores) + 1)
        hits = [
            Hit(
                passage_id=passage_id,
                score=round(float(scores[at]), 6),
                features={name: round(float(row[at]), 4) for name, row in features.items()},
            )
            for at, passage_id in enumerate(ids)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))

    def places(self, passage_ids: Sequence[str]) -> list[Place]:
        """Return the passages with their articles and issues."""
        return self.archive.places(passage_ids)


def _weighted(
    lang: Lang, features: dict[str, NDArray[np.float64]], *, literal: float
) -> NDArray[np.float64]:
    """Return the mix of the standardised features; `literal` is from 0 to 1."""
    total = np.zeros(len(features["lexical"]))
    for name, row in features.items():
        total += (MEANING[lang][name] + literal * LITERAL[lang][name]) * _standard(row)
    return total


def _standard(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values with mean 0 and deviation 1, or zeros where all are alike."""
    spread = column.std()
    return (column - column.mean()) / spread if spread > 1e-9 else np.zeros_like(column)
