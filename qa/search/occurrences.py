"""Where many patterns stand in many texts, all looked for in one pass over their code points.

A question has some hundred words and translations and some hundred candidates; to look for each in
each takes longer than everything else that is done to rank them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.text import stands_alone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Row = NDArray[np.int64]

_LOW = 0xFFFF  # characters are told apart at first by their lower 16 bits


@dataclass(frozen=True, slots=True)
class Found:
    """The places where patterns stand, in the order of the texts, overlapping ones too.

    Attributes:
        pattern: The number of the pattern, shape (places,).
        text: The number of the text, shape (places,).
        start: Its first character, counted over all texts with one character between them.
    """

    pattern: Row
    text: Row
    start: Row

    def only(self, kept: NDArray[np.bool_]) -> Found:
        """Return the places for which the mask is true."""
        return Found(self.pattern[kept], self.text[kept], self.start[kept])


class Texts:
    """Texts in which patterns are looked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Keep the texts, joined by line feeds."""
        self._joined = "\n".join(texts)
        self._codes = codes_of(self._joined)
        self._low = (self._codes & _LOW).astype(np.uint16)
        self._ends = np.cumsum([len(text) + 1 for text in texts])

    def find(self, patterns: Sequence[str]) -> Found:
        """Return where the patterns stand.

        Args:
            patterns: Not empty, and without line feeds.

        >>> found = Texts(["路通了通", "了"]).find(["通", "了"])
        >>> found.pattern.tolist(), found.text.tolist()
        ([0, 1, 0, 1], [0, 0, 0, 1])
        """
        if not patterns:
            nothing = np.empty(0, dtype=np.int64)
            return Found(nothing, nothing, nothing)
        sizes = np.array([len(pattern) for pattern in patterns])
        most = int(sizes.max())
        wanted = codes_of("".join(pattern.ljust(most, "\0") for pattern in patterns))
        wanted = wanted.reshape(len(patterns), most)
        starts, numbers = self._beginning(wanted[:, 0])
        for at in range(1, most):
            more = sizes[numbers] > at
            if not more.any():
                break
            behind = self._codes[np.minimum(starts + at, len(self._codes) - 1)]
            kept = ~more | ((behind == wanted[numbers, at]) & (starts + at < len(self._codes)))
            starts, numbers = starts[kept], numbers[kept]
        return Found(numbers, np.searchsorted(self._ends, starts, side="right"), starts)

    def _beginning(self, firsts: NDArray[np.uint32]) -> tuple[Row, Row]:
        """Return where the first characters of patterns stand, and the patterns' numbers."""
        low = (firsts & _LOW).astype(np.uint16)
        order = low.argsort(kind="stable")
        ranked = low[order]
        few = len(low) <= np.iinfo(np.int16).max
        n_of, first_of = np.zeros((2, _LOW + 1), dtype=np.int16 if few else np.int32)
        first_of[ranked[::-1]] = np.arange(len(low) - 1, -1, -1)  # the first of equals is last
        np.add.at(n_of, ranked, 1)
        places = np.flatnonzero(n_of.astype(np.bool_).take(self._low))
        here = self._low[places]
        counts = n_of.take(here)
        begin = counts.cumsum() - counts
        numbers = order[np.arange(counts.sum()) + (first_of.take(here) - begin).repeat(counts)]
        starts = places.repeat(counts)
        same = self._codes[starts] == firsts[numbers]
        return starts[same], numbers[same]

    def behind_a_digit(self, found: Found) -> NDArray[np.bool_]:
        """Return before which of the places a digit stands."""
        before = self._codes[np.maximum(found.start - 1, 0)]
        return (before >= ord("0")) & (before <= ord("9")) & (found.start > 0)

    def whole(
        self, found: Found, patterns: Sequence[str], *, of: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return which of the places are no part of a longer code or word; see `has_term`.

        Args:
            found: What `find` returned for the patterns.
            patterns: They.
            of: For which of the places that matters; the others are taken to be none.
        """
        told = np.ones(len(of), dtype=np.bool_)
        places = zip(found.pattern[of].tolist(), found.start[of].tolist(), strict=True)
        told[of] = [
            stands_alone(self._joined, start, start + len(patterns[number]))
            for number, start in places
        ]
        return told


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
