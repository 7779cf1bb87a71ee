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

from corpus.text import has_term
from embeddings.encoder import StaticEncoder
from qa.query import Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FLOOR = 0.35  # a cosine below this says nothing
_NEAR_WORTH = 0.9  # what a word of the same meaning counts, where the same word counts 1
_UNKNOWN = 1.5  # the weight of a word the model does not know, mostly a name
_CACHED = 256


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word of the question.

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

    def __init__(self, encoder: StaticEncoder, rarity: Callable[[str], float]) -> None:
        """Keep the shipped model and the archive's word rarity."""
        self._encoder = encoder
        self._rarity = rarity
        self._vectors = lru_cache(maxsize=_CACHED)(self._unit_vectors)

    def weigh(self, query: Query) -> list[Weighed]:
        """Return the question's words with their weights, in the order they were asked.

        A word weighs what the model learnt that it tells, and in a Chinese question, whose words
        can be counted in the archive, also by how rare it is there.
        """
        known = {expansion.phrase: expansion.terms for expansion in query.expansions}
        spoken = {word for phrase in known for word in phrase.split()}
        words = [*known, *(word for word in query.content if word not in spoken)]
        weighed = []
        for word, vector in zip(words, self._encoder.encode_queries(words), strict=True):
            told = float(np.linalg.norm(self._encoder.token_vectors(word)[1].sum(axis=0)))
            weight = told or _UNKNOWN
            if query.lang == "zh":
                weight *= self._rarity(word)
            weighed.append(Weighed(word, weight, vector, known.get(word, ())))
        return weighed

    def matches(self, words: Sequence[Weighed], text: str) -> list[float]:
        """Return for each word how well a folded text has it, 0 to 1."""
        near = self._vectors(text)
        return [_match(word, text, near) for word in words]

    def score(self, words: Sequence[Weighed], text: str) -> float:
        """Return the share of the words' weight that a folded text covers; 0 for no words."""
        total = sum(word.weight for word in words)
        if not total:
            return 0.0
        found = self.matches(words, text)
        return sum(word.weight * part for word, part in zip(words, found, strict=True)) / total

    def _unit_vectors(self, text: str) -> NDArray[np.float32]:
        _, rows = self._encoder.token_vectors(text)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
        return unit


def _match(word: Weighed, folded: str, near: NDArray[np.float32]) -> float:
    told = 1.0 if has_term(word.word, folded) else _NEAR_WORTH * _told(word, folded)
    return max(told, _likeness(word, near))


def _told(word: Weighed, folded: str) -> float:
    """Return 1 if a folded text has the word, else the weight of its best translation there."""
    if has_term(word.word, folded):
        return 1.0
    return max((weight for term, weight in word.terms if term in folded), default=0.0)


def _likeness(word: Weighed, near: NDArray[np.float32]) -> float:
    if not len(near) or not word.vector.any() or word.word[0].isdigit():
        return 0.0
    cosine = float((near @ word.vector).max())
    return _NEAR_WORTH * max(0.0, (cosine - _FLOOR) / (1 - _FLOOR))
