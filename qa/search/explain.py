"""Why hits rank as they do: the question as it was searched, and what each part of it gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.query import Query
from qa.rank import Finder, Hit
from qa.search.ranker import FEATURES, shipped_ranker


@dataclass(frozen=True, slots=True)
class SearchedWord:
    """A word of the question as it was searched.

    Attributes:
        word: The word or phrase, folded.
        weight: What it weighs in the ranking, over 0.
        terms: What it may be in Chinese, each with a weight, best first; none for a Chinese word.
    """

    word: str
    weight: float
    terms: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A search explained.

    Attributes:
        words: The question as it was searched.
        literal: The share of the question that the best candidate has literally, 0 to 1.
        given: For each hit in order, by word and by feature, what it gave to the score above what
            it gave to the candidates in the mean. None for a hit that was not compared.
    """

    words: tuple[SearchedWord, ...]
    literal: float
    given: tuple[dict[str, float] | None, ...]


def explain(finder: Finder, query: Query, hits: Sequence[Hit]) -> Explanation:
    """Return the explanation of hits that the finder returned for the query."""
    found = finder.prepare(query)
    if found is None:
        return Explanation((), 0.0, tuple(None for _ in hits))
    ranker = shipped_ranker(query.lang)
    units, literal = found.units, found.matches.literal
    weights = ranker.weigh(units, own=1 - literal)
    of_units, of_features = ranker.score(units, found.matches, found.features)
    of_units = of_units - of_units.mean(axis=0)
    of_features = of_features - of_features.mean(axis=0)
    rows = {passage_id: at for at, passage_id in enumerate(found.ids[: len(of_units)])}

    def given(passage_id: str) -> dict[str, float] | None:
        at = rows.get(passage_id)
        if at is None:
            return None
        named = [*zip(units.words, of_units[at], strict=True)]
        named += [
            (f"({name})", value) for name, value in zip(FEATURES, of_features[at], strict=True)
        ]
        return {name: round(float(value), 3) for name, value in named}

    return Explanation(
        words=tuple(
            SearchedWord(word, round(float(weight), 3), terms)
            for word, weight, terms in zip(units.words, weights, units.terms, strict=True)
        ),
        literal=round(literal, 4),
        given=tuple(given(hit.passage_id) for hit in hits),
    )
