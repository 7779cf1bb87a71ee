"""How much of a question's subject a text speaks of, word by word, each word by its rarity.

A word counts in full where the text has it, and in part where the text has a word of near meaning,
in either language: the vectors of the shipped model tell how near (MaxSim over static vectors).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.rows import Place
from embeddings.encoder import StaticEncoder
from qa.query import Query
from qa.search.forward import ForwardIndex, segments
from qa.search.occurrences import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FLOOR = 0.35  # a cosine below this says nothing
_NEAR_WORTH = 0.9  # what a word of the same meaning counts, where the same word counts 1
_FLATTER = 0.35  # the likelier of two translations is not that much likelier to be the one printed
_UNKNOWN = 1.5  # the weight of a word the model does not know, mostly a name
_CACHED = 16


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """A word of the question, equal to itself only.

    Attributes:
        word: The word, folded.
        weight: Its rarity in the archive, at least 0.
        vector: Its unit vector, or zeros where the model does not know it.
        terms: What it may be in Chinese, each with a weight over 0 to 1.
    """

    word: str
    weight: float
    vector: NDArray[np.float32]
    terms: tuple[tuple[str, float], ...] = ()


class Coverage:
    """Scores texts for one archive."""

    def __init__(
        self, encoder: StaticEncoder, rarity: Callable[[str], float], forward: ForwardIndex
    ) -> None:
        """Keep the shipped model, the archive's word rarity and the words of its passages."""
        self._encoder = encoder
        self._rarity = rarity
        self._forward = forward
        self._weighed = lru_cache(maxsize=_CACHED)(self._weigh)
        self._tables = lru_cache(maxsize=_CACHED)(_no_tables)

    def weigh(self, query: Query) -> tuple[Weighed, ...]:
        """Return the question's words with their weights, in the order they were asked.

        A word weighs what the model learnt that it tells, and in a Chinese question, whose words
        can be counted in the archive, also by how rare it is there.
        """
        return self._weighed(query)

    def _weigh(self, query: Query) -> tuple[Weighed, ...]:
        known = {expansion.phrase: expansion.terms for expansion in query.expansions}
        spoken = {word for phrase in known for word in phrase.split()}
        words = [*known, *(word for word in query.content if word not in spoken)]
        vectors, told = self._encoder.weighted(words)
        weights = [weight or _UNKNOWN for weight in told.tolist()]
        if query.lang == "zh":
            weights = [
                weight * self._rarity(word) for word, weight in zip(words, weights, strict=True)
            ]
        return tuple(
            Weighed(word, weight, vector, known.get(word, ()))
            for word, weight, vector in zip(words, weights, vectors, strict=True)
        )

    def of_places(
        self, words: Sequence[Weighed], places: Sequence[Place]
    ) -> list[NDArray[np.float64]]:
        """Return how well each segment of passages has each word, 0 to 1.

        Shape (segments, words) for each passage; the segments are those of `qa.search.forward`.
        """
        if not places or not words:
            return [np.zeros((len(segments(place.searched)), len(words))) for place in places]
        known = self._tables(tuple(words))
        new = [one for one in places if (one.passage.id, one.searched) not in known]
        if new:
            near = self._forward.near([place.passage.id for place in new], _vectors(words))
            texts = [text for place in new for text in segments(place.searched)]
            found = np.split(_met(words, texts, near.cosines), near.firsts[1:])
            for place, table in zip(new, found, strict=True):
                known[place.passage.id, place.searched] = table
        return [known[place.passage.id, place.searched].copy() for place in places]

    def of_texts(self, words: Sequence[Weighed], texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how well each folded text has each word, 0 to 1, shape (texts, words)."""
        found = self._encoder.word_rows(texts)
        near = np.zeros((len(texts), len(words)), dtype=np.float32)
        for row, rows in zip(near, found, strict=True):
            if len(rows) and words:
                row[:] = (self._encoder.unit_rows(rows) @ _vectors(words).T).max(axis=0)
        return _met(words, texts, near)

    def matches(self, words: Sequence[Weighed], text: str) -> list[float]:
        """Return for each word how well a folded text has it, 0 to 1."""
        found: list[float] = self.of_texts(words, [text])[0].tolist()
        return found

    def score(self, words: Sequence[Weighed], text: str) -> float:
        """Return the share of the words' weight that a folded text covers; 0 for no words."""
        total = sum(word.weight for word in words)
        if not total:
            return 0.0
        found = self.matches(words, text)
        return sum(word.weight * part for word, part in zip(words, found, strict=True)) / total


def _no_tables(_words: tuple[Weighed, ...]) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return where what passages have of some words is kept, by their ids and texts."""
    return {}


def _vectors(words: Sequence[Weighed]) -> NDArray[np.float32]:
    return np.stack([word.vector for word in words])


def _met(
    words: Sequence[Weighed], texts: Sequence[str], near: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return how well texts have words: literally, in translation, or by how near others are."""
    told = np.clip((near.astype(np.float64) - _FLOOR) / (1 - _FLOOR), 0, None) * _NEAR_WORTH
    told[:, [word.word[0].isdigit() for word in words]] = 0.0  # no number is near another
    patterns = [word.word for word in words]
    owners = list(range(len(words)))
    worth = [1.0] * len(words)
    for number, word in enumerate(words):
        patterns += [term for term, _ in word.terms]
        worth += [_NEAR_WORTH * weight**_FLATTER for _, weight in word.terms]
        owners += [number] * len(word.terms)
    looked = Texts(texts)
    found = looked.find(patterns)
    found = found.only(looked.whole(found, patterns, of=found.pattern < len(words)))
    np.maximum.at(
        told,
        (found.text, np.array(owners, dtype=np.int64)[found.pattern]),
        np.array(worth)[found.pattern],
    )
    return told
