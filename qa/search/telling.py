"""Which terms candidates are looked for by, and what they count: the same whatever engine looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.search.candidates import TermStatistics
    from qa.search.lexicon import Expansion
    from qa.search.terms import Terms

FIELDS = ("words", "pairs", "chars")
"""The fields of `qa.search.terms.Terms`."""
SOUNDS = "sounds"
"""The field of the sounds of neighbouring characters."""
BOOSTS = {"words": 1.0, "pairs": 1.0, "chars": 0.25}
"""What a term of a field counts."""
FLATTER = 0.4
"""The likelier of two spellings is not that much likelier to be the right one."""
DIGITS = 3
"""Of a score; what is summed in another order differs in the fifth or sixth."""
ALIKE = 2e-3
"""Two scores that differ by less may be one."""

_MANY = 50_000
"""Passages beyond which what costs most and tells least is left out, as docs/scale.md has measured:
characters that many passages have, and the less likely Chinese terms of an English phrase."""

_COMMON = 0.1  # the share of passages with a character that tells little
_MAX_CHOICES, _LIKELY_CHOICES = 30, 12  # terms of a phrase, in a small archive and in a large one


def is_large(n_passages: int) -> bool:
    """Tell whether so many passages are searched by less than all terms."""
    return n_passages > _MANY


def telling(terms: Terms, statistics: TermStatistics) -> list[tuple[str, str]]:
    """Return the terms that are searched, each once, with their fields."""
    once = [(field, term) for field in FIELDS for term in dict.fromkeys(getattr(terms, field))]
    if not statistics.is_large or not terms.pairs:
        return once
    most = _COMMON * len(statistics)
    return [part for part in once if part[0] != "chars" or statistics.n_with(*part) <= most]


def likely(expansion: Expansion, statistics: TermStatistics) -> tuple[tuple[str, float], ...]:
    """Return the terms that a phrase is searched by, each with its weight."""
    return expansion.terms[: _LIKELY_CHOICES if statistics.is_large else _MAX_CHOICES]


def fields_of(word: str, statistics: TermStatistics) -> tuple[str, ...]:
    """Return the fields that a Chinese word is searched in."""
    return ("words", "pairs") if len(word) == 2 and not statistics.is_large else ("words",)
