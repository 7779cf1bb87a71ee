"""Words and what they are made of.

A trained vector belongs to a *base*: a Chinese word, a Chinese character or the stem of English
words. A token is the weighted sum of its bases: a Chinese word of itself, its characters and the
dictionary words inside it; an English word of its stem. So a rare word starts from what its
characters mean, and since a text is the sum of its tokens, the sum can be taken once, when the
model is written, and costs nothing afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embeddings.vocabulary import LATIN_MARK, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SUFFIXES = ("s", "es", "d", "ed", "ing", "ly")
"""Endings an English word may carry after an entry of the dictionary; they weigh nothing."""


@dataclass(frozen=True, slots=True)
class Bags:
    """Many lists of numbers, end to end.

    Attributes:
        values: All lists one after the other.
        starts: Where each list starts, and the end of the last; shape (lists + 1,).
    """

    values: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> Bags:
        """Return the lists laid end to end."""
        lengths = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
        values = np.fromiter(
            (value for found in lists for value in found), dtype=np.int64, count=int(lengths.sum())
        )
        return cls(values=values, starts=np.concatenate([[0], np.cumsum(lengths)]))

    def __len__(self) -> int:
        """Return the number of lists."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each list."""
        return np.diff(self.starts)

    def take(self, which: NDArray[np.int64]) -> Bags:
        """Return the chosen lists, in the order given."""
        lengths = self.lengths[which]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        shift = np.repeat(self.starts[which] - starts[:-1], lengths)
        return Bags(values=self.values[np.arange(starts[-1]) + shift], starts=starts)

    def through(self, inner: Bags) -> Bags:
        """Return each list with every number replaced by the inner list of that number."""
        spread = inner.take(self.values)
        return Bags(values=spread.values, starts=spread.starts[self.starts])


def bases_of_tokens(tokens: Sequence[str], stem: Callable[[str], str]) -> tuple[Bags, int]:
    """Return the bases of every token and the number of bases.

    A Chinese token's own base has the token's number; stems come after all tokens.
    """
    number = {token: at for at, token in enumerate(tokens)}
    stems: dict[str, int] = {}
    lists: list[list[int]] = []
    for at, token in enumerate(tokens):
        if token in (UNKNOWN, LATIN_MARK) or token in SUFFIXES:
            lists.append([])
        elif token.startswith(LATIN_MARK):
            word = stem(token.removeprefix(LATIN_MARK))
            lists.append([stems.setdefault(word, len(tokens) + len(stems))])
        elif token.isascii():
            lists.append([at])
        else:
            lists.append(_parts_of(token, number))
    return Bags.of(lists), len(tokens) + len(stems)


def _parts_of(word: str, number: Mapping[str, int]) -> list[int]:
    """Return a Chinese word, its characters and the dictionary words inside it, as numbers."""
    size = len(word)
    if size == 1:
        return [number[word]]
    inner = (word[at : at + length] for length in range(2, size) for at in range(size - length + 1))
    return [
        number[word],
        *(number[char] for char in word),
        *(number[part] for part in inner if part in number),
    ]


def sum_bases(bases: Bags, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return one row a token: the sum of the vectors of its bases, shape (tokens, dim)."""
    rows = np.zeros((len(bases), vectors.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(bases.lengths)
    rows[filled] = np.add.reduceat(vectors[bases.values], bases.starts[filled], axis=0)
    return rows


def needed_surfaces(words: Sequence[str], stem: Callable[[str], str]) -> list[str]:
    """Return the English words that must be entries so that all of `words` get their stem.

    The others are an entry plus `SUFFIXES` under longest match ("meetings" = "meeting" +
    "s"), which also covers regular forms that are not in the list.
    """
    entries: set[str] = set()
    missing = sorted(words, key=lambda word: (len(word), word))
    while missing:
        for word in missing:
            if not _is_covered(word, entries, stem):
                entries.add(word)
        # A later, longer entry can spoil a split that was right when it was made.
        missing = [word for word in words if not _is_covered(word, entries, stem)]
    return [word for word in words if word in entries]


def _is_covered(word: str, entries: set[str], stem: Callable[[str], str]) -> bool:
    """Tell whether longest match over the entries leads from the word to its stem."""
    for end in range(len(word), 0, -1):
        if word[:end] in entries:
            return _is_endings(word[end:]) and stem(word[:end]) == stem(word)
    return False


def _is_endings(rest: str) -> bool:
    """Tell whether longest match cuts the rest of a word into `SUFFIXES` only."""
    while rest:
        fitting = [suffix for suffix in SUFFIXES if rest.startswith(suffix)]
        if not fitting:
            return False
        rest = rest[len(max(fitting, key=len)) :]
    return True
