"""BM25 as an inner product: a passage's terms as one sparse vector, a question's as another.

BM25 adds up, over the terms a passage shares with a question, a factor that only the archive knows
(how rare the term is) times one that only the passage knows (how often it has the term, and how
long it is). The second factors are the passage's vector, the first the question's. So an engine
that holds sparse vectors gives the scores of `search.lexical`, whatever it thinks of Chinese words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from qa.search.sounds import shipped_sounds
from qa.search.telling import FIELDS, SOUNDS
from qa.search.terms import cut

_K1, _B = 1.2, 0.75
_EXACT = 40  # tantivy counts up to so many terms one by one, longer texts in ever larger steps
_STEPS = 8

Sparse = dict[int, float]
"""Dimension to number, all others being zero."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many terms a passage has in each field, on average: at least 1.

    Attributes:
        words: Dictionary words and codes.
        pairs: Neighbouring characters.
        chars: Characters.
        sounds: Sounds of neighbouring characters.
    """

    words: float
    pairs: float
    chars: float
    sounds: float

    @classmethod
    def of(cls, texts: Iterable[str]) -> Lengths:
        """Return the means over passages, given by what they are searched by."""
        sums = dict.fromkeys((*FIELDS, SOUNDS), 0)
        n = 0
        for text in texts:
            n += 1
            for field, terms in _fields(text).items():
                sums[field] += len(terms)
        return cls(**{field: max(1.0, total / max(1, n)) for field, total in sums.items()})


def dimension(field: str, term: str) -> int:
    """Return where a term of a field stands in the vectors: 1 to 2**32 - 2.

    Two terms may share a dimension; among 2 million terms a few hundred do.
    """
    return 1 + crc32(f"{field} {term}".encode()) % (2**32 - 2)


def passage_vector(searched: str, lengths: Lengths) -> Sparse:
    """Return the vector of a passage; its numbers are over 0, and there is at least one.

    Args:
        searched: What the passage is searched by.
        lengths: Means of the archive.

    Source: Robertson and Zaragoza (2009), with k1 1.2 and b 0.75 and lengths in steps, as tantivy.
    """
    found: Sparse = {}
    for field, terms in _fields(searched).items():
        mean: float = getattr(lengths, field)
        norm = _K1 * (1 - _B + _B * _stepped(len(terms)) / mean)
        for term, times in Counter(terms).items():
            at = dimension(field, term)
            found[at] = found.get(at, 0.0) + times * (_K1 + 1) / (times + norm)
    return found or {0: 1.0}  # an engine may refuse an empty vector; no term has dimension 0


def rarity(n_passages: int, seen_in: int) -> float:
    """Return the inverse document frequency of a term, as BM25 uses it, over 0.

    >>> round(rarity(10, 1), 3)
    1.992
    """
    return math.log(1 + (n_passages - seen_in + 0.5) / (seen_in + 0.5))


def product(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return the inner product; `one` is the shorter.

    >>> product({1: 2.0, 7: 1.0}, {1: 3.0, 5: 9.0})
    6.0
    """
    return sum(value * other.get(at, 0.0) for at, value in one.items())


def _fields(searched: str) -> dict[str, Sequence[str]]:
    terms = cut(searched)
    sounds = sorted(set(shipped_sounds().of_pairs(terms.pairs)))
    return {**{field: getattr(terms, field) for field in FIELDS}, SOUNDS: sounds}


def _stepped(length: int) -> int:
    """Return a length as tantivy keeps it, in one byte: rounded down to a step.

    >>> [_stepped(n) for n in (40, 41, 43, 57, 60, 500)]
    [40, 40, 42, 56, 60, 472]
    """
    base, step = _EXACT, 2
    while length >= base + _STEPS * step:
        base, step = base + _STEPS * step, 2 * step
    return length if length < _EXACT else base + (length - base) // step * step
