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

from qa.search.occurrences import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.search.lexicon import Expansion

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
    known = [
        (expansion, [told for told in expansion.terms if seen_in(told[0])])
        for expansion in expansions
    ]
    if not texts:
        return total
    lengths = np.array([len(text) for text in texts], dtype=np.float64)
    norm = _K1 * (1 - _B + _B * lengths / max(1.0, float(lengths.mean())))
    for (expansion, terms), frequency in zip(known, _frequencies(known, texts), strict=True):
        likely = min(n_passages, sum(weight * seen_in(term) for term, weight in terms))
        idf = math.log(1 + (n_passages - likely + 0.5) / (likely + 0.5))
        total += expansion.share * idf * frequency * (_K1 + 1) / (frequency + norm)
    return total


def _frequencies(
    known: Sequence[tuple[Expansion, Sequence[tuple[str, float]]]], texts: Sequence[str]
) -> NDArray[np.float64]:
    """Return how often each phrase stands in each text, by weight, shape (phrases, texts).

    A term is none where it is the end of a number.
    """
    terms = [term for _, told in known for term, _ in told]
    weights = np.array([weight for _, told in known for _, weight in told])
    owners = np.repeat(np.arange(len(known)), [len(told) for _, told in known])
    looked = Texts(texts)
    found = looked.find(terms)
    figures = np.array([term[0].isdigit() for term in terms], dtype=np.bool_)
    found = found.only(~(figures[found.pattern] & looked.behind_a_digit(found)))
    cells = owners[found.pattern] * len(texts) + found.text
    size = len(known) * len(texts)
    summed = np.bincount(cells, weights=weights[found.pattern], minlength=size)
    return summed.astype(np.float64, copy=False).reshape(len(known), len(texts))
