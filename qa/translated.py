"""BM25 for an English question over Chinese text: what a phrase may be shares one frequency.

Scoring each synonym as a term of its own would let a rare wrong one decide; so the terms of a
phrase count together, each by its weight, as if they were one word.

Source: the structured queries of Pirkola, SIGIR 1998, with weights as in Darwish and Oard, 2003.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.lexicon import Expansion

_K1, _B = 1.2, 0.75


def score(
    expansions: Sequence[Expansion],
    texts: Sequence[str],
    *,
    seen_in: Callable[[str], int],
    n_passages: int,
) -> NDArray[np.float64]:
    """Return the score of each text, shape (texts,), higher is better, 0 for nothing shared.

    Args:
        expansions: The question's phrases with their Chinese terms.
        texts: Folded texts of the candidates.
        seen_in: In how many passages of the archive a term stands.
        n_passages: How many passages the archive has.
    """
    total = np.zeros(len(texts))
    if not texts:
        return total
    lengths = np.array([len(text) for text in texts], dtype=np.float64)
    norm = _K1 * (1 - _B + _B * lengths / max(1.0, float(lengths.mean())))
    codes, ends = _codes("\n".join(texts)), np.cumsum(lengths + 1)
    for expansion in expansions:
        terms = [(t, weight, seen) for t, weight in expansion.terms if (seen := seen_in(t))]
        if not terms:
            continue
        frequency = np.zeros(len(texts))
        for term, weight, _ in terms:
            places = np.searchsorted(ends, _places(term, codes), side="right")
            frequency += weight * np.bincount(places, minlength=len(texts))
        likely = min(n_passages, sum(weight * seen_in_all for _, weight, seen_in_all in terms))
        idf = math.log(1 + (n_passages - likely + 0.5) / (likely + 0.5))
        total += expansion.share * idf * frequency * (_K1 + 1) / (frequency + norm)
    return total


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _places(term: str, codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return where a term stands among the code points of a text, not as the end of a number."""
    first, *rest = _codes(term)
    places: NDArray[np.int64] = np.flatnonzero(codes == first)
    places = places[places + len(rest) < len(codes)]
    for behind, code in enumerate(rest, start=1):
        places = places[codes[places + behind] == code]
    if term[0].isdigit():
        before = codes[np.maximum(places - 1, 0)]
        is_digit = (before >= ord("0")) & (before <= ord("9")) & (places > 0)
        places = places[~is_digit]
    return places
