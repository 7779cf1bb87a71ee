"""Passages by the sparse vectors that an engine holds; their inner products are BM25."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.filters import Within
from qa.engine import sparse
from qa.engine.sparse import Sparse, dimension
from qa.engine.view import Row, View, condition_of
from qa.search.candidates import TermStatistics
from qa.search.lexical import LexicalHit
from qa.search.telling import BOOSTS, DIGITS, FLATTER, SOUNDS, fields_of, likely, telling
from qa.search.terms import cut_into

if TYPE_CHECKING:
    from qa.search.lexicon import Expansion
    from qa.search.terms import Terms

Part = tuple[str, str]
"""A field of `qa.search.telling` and a term in it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way in which a passage may hold what a phrase is in Chinese.

    Attributes:
        weight: What it counts.
        parts: All of what the passage must have then.
    """

    weight: float
    parts: tuple[Part, ...]


class RemoteTerms:
    """Finds passages by the sparse vectors that an engine holds.

    How rare a term is comes from the lexical index beside the archive, which is not searched:
    looking up a term takes as long in a large index as in a small one.
    """

    def __init__(self, view: View, statistics: TermStatistics) -> None:
        """Keep both."""
        self._view = view
        self._statistics = statistics
        self.is_large = statistics.is_large
        self.n_with = statistics.n_with
        self.seen_in = statistics.seen_in
        self.rarity = statistics.rarity

    def __len__(self) -> int:
        """Return how many passages the archive has."""
        return len(self._statistics)

    def search(self, terms: Terms, *, k: int, within: Within | None = None) -> list[LexicalHit]:
        """Return the k passages that share most with the terms, best first, ties by id.

        Raises:
            ValueError: If k is below 1.
            EngineError: If the engine cannot be reached.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        wanted: Sparse = {}
        for part in telling(terms, self):
            self._want(wanted, part, BOOSTS[part[0]])
        rows = (
            self._view.search("passages", wanted, over="terms", k=k, told=condition_of(within))
            if wanted
            else []
        )
        return _best([(row.score, row.passage_id) for row in rows], k)

    def search_expanded(
        self, expansions: Sequence[Expansion], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of the k passages that hold most of what phrases may be, best first.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        groups = [(one.share, self._choices_of(one)) for one in expansions]
        wanted: Sparse = {}
        for share, choices in groups:
            for part, weight in _largest_weights(choices).items():
                self._want(wanted, part, share * weight)

        def score(row: Row) -> float:
            terms = row.entity["terms"]
            return sum(share * self._best_choice(choices, terms) for share, choices in groups)

        return self._again(wanted, score, k=k, within=within)

    def _choices_of(self, expansion: Expansion) -> list[Choice]:
        return [
            Choice(weight * choice.weight, choice.parts)
            for term, weight in likely(expansion, self)
            for choice in self._choices(term)
        ]

    def _choices(self, term: str) -> list[Choice]:
        """Return the ways passages hold a Chinese term: as a word, else as all it is cut into."""
        if self.n_with("words", term):
            return [Choice(1.0, ((field, term),)) for field in fields_of(term, self)]
        parts = tuple(cut_into(term))
        return [Choice(1 / len(parts), parts)] if parts and len(term) > 1 else []

    def _best_choice(self, choices: Sequence[Choice], terms: Sparse) -> float:
        return max(
            (choice.weight * self._sum(choice.parts, terms) for choice in choices), default=0
        )

    def _sum(self, parts: Sequence[Part], terms: Sparse) -> float:
        """Return the BM25 of a passage that has all parts; 0 of any other."""
        found = [terms.get(dimension(*part), 0.0) for part in parts]
        if not all(found):
            return 0.0
        return sum(one * self._rarity(part) for one, part in zip(found, parts, strict=True))

    def holding(
        self, required: Sequence[str], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of up to k passages that have all words and pairs of the terms.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        parts = [part for term in required for part in cut_into(term)]
        wanted: Sparse = {}
        for part in parts:
            self._want(wanted, part, 1.0)
        if len(wanted) < len({dimension(*part) for part in parts}):
            return []  # one of them stands nowhere
        return self._again(
            wanted, lambda row: self._sum(parts, row.entity["terms"]), k=k, within=within
        )

    def sounding(self, pairs: Sequence[tuple[str, float]], *, k: int) -> list[str]:
        """Return the ids of the k passages that hold the most of pairs of sounds, best first.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        wanted: Sparse = {}
        for pair, probable in pairs:
            self._want(wanted, (SOUNDS, pair), probable**FLATTER)
        if not wanted:
            return []
        rows = self._view.search("passages", wanted, over="terms", k=k, told="")
        return [hit.passage_id for hit in _best([(row.score, row.passage_id) for row in rows], k)]

    def _want(self, wanted: Sparse, part: Part, weight: float) -> None:
        if weight > 0 and self.n_with(*part):
            at = dimension(*part)
            wanted[at] = wanted.get(at, 0.0) + weight * self._rarity(part)

    def _rarity(self, part: Part) -> float:
        return sparse.rarity(len(self), self.n_with(*part))

    def _again(
        self, wanted: Sparse, score: Callable[[Row], float], *, k: int, within: Within | None
    ) -> list[str]:
        """Return the ids of the k passages with the best scores, of the 2k with the best products.

        A product adds up what a score has to choose from, so that it is never below it. More are
        not looked at: whole rows of terms take long to send and to read.
        """
        if not wanted:
            return []
        rows = self._view.search(
            "passages", wanted, over="terms", k=2 * k, told=condition_of(within), fields=["terms"]
        )
        hits = _best([(scored, r.passage_id) for r in rows[: 2 * k] if (scored := score(r)) > 0], k)
        return [hit.passage_id for hit in hits]


def _best(scored: Sequence[tuple[float, str]], k: int) -> list[LexicalHit]:
    """Return the k best, best first, ties by id, as `qa.search.lexical` does."""
    hits = [LexicalHit(passage_id, score) for score, passage_id in scored]
    return sorted(hits, key=lambda hit: (-round(hit.score, DIGITS), hit.passage_id))[:k]


def _largest_weights(choices: Sequence[Choice]) -> dict[Part, float]:
    found: dict[Part, float] = {}
    for choice in choices:
        for part in choice.parts:
            found[part] = max(choice.weight, found.get(part, 0.0))
    return found
