"""Which Chinese words an English word turns into, learnt from texts that mean the same.

A dictionary lists translations; it does not say which of them people use, and it has no entry for
much that only its longer glosses show ("British" is 英国 in every second name of a British thing).
Both directions are learnt by expectation maximisation: each word of one text was made by one word
of the other. A translation is as good as the geometric mean of the two probabilities, so a common
word that stands beside everything is worth little.

Source: model 1 of Brown, Della Pietra, Della Pietra and Mercer, Computational Linguistics 19:2
(1993); the mean of both directions as in Och and Ney, Computational Linguistics 29:1 (2003).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ITERATIONS = 8
_BY_NOTHING = 0.1  # how readily a word stands there on its own account
_RUN = re.compile(r"[\u4e00-\u9fff]+")
MAX_TERM = 7


@dataclass(frozen=True, slots=True)
class Links:
    """Every pair of words that stand in two texts of the same meaning, pair of texts by pair.

    Attributes:
        english: Shape (links,): the number of the English word.
        chinese: Shape (links,): the number of the Chinese word.
        texts: Shape (links,): the number of the pair of texts.
    """

    english: NDArray[np.int64]
    chinese: NDArray[np.int64]
    texts: NDArray[np.int64]


class Translations:
    """What English words turn into. Get one with `learn`."""

    def __init__(
        self,
        numbers: dict[str, int],
        terms: Sequence[str],
        pairs: NDArray[np.int64],
        worth: NDArray[np.float64],
    ) -> None:
        """Keep the pairs, shape (pairs, 2), ordered by English word, and what each is worth."""
        self._numbers = numbers
        self._terms = terms
        self._pairs = pairs
        self._worth = worth

    def words(self) -> Iterable[str]:
        """Return the English words that turn into anything."""
        return self._numbers

    def of(self, word: str, *, k: int) -> list[tuple[str, float]]:
        """Return the k best Chinese terms of a word with their worth, over 0 to 1, best first."""
        number = self._numbers.get(word)
        if number is None:
            return []
        first, last = np.searchsorted(self._pairs[:, 0], [number, number + 1])
        order = np.argsort(-self._worth[first:last], kind="stable")[:k] + first
        return [
            (self._terms[self._pairs[at, 1]], float(self._worth[at]))
            for at in order
            if self._worth[at] > 0
        ]


def learn(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Translations:
    """Return what English words turn into, from pairs of (English words, Chinese terms)."""
    english: dict[str, int] = {}
    chinese: dict[str, int] = {}
    links = _links(pairs, english, chinese)
    forward = _model(links.english, links.chinese, links.texts, n_made=len(chinese))
    backward = _model(links.chinese, links.english, links.texts, n_made=len(english))
    size = np.int64(len(chinese))
    keys, first = np.unique(links.english * size + links.chinese, return_index=True)
    worth = np.sqrt(forward[first] * backward[first])
    return Translations(
        english, list(chinese), np.stack([keys // size, keys % size], axis=1), worth
    )


def terms_in(text: str, words: Collection[str]) -> list[str]:
    """Return all known words in the Chinese of a text, overlapping ones too, and its characters.

    >>> terms_in("英军来了", {"英军", "来了", "军"})
    ['英', '军', '来', '了', '英军', '来了']
    """
    return [term for run in _RUN.findall(text) for term in _parts(run, words)]


def _parts(run: str, words: Collection[str]) -> Iterator[str]:
    yield from run
    for size in range(2, min(MAX_TERM, len(run)) + 1):
        for at in range(len(run) - size + 1):
            if run[at : at + size] in words:
                yield run[at : at + size]


def _links(
    pairs: Iterable[tuple[Sequence[str], Sequence[str]]],
    english: dict[str, int],
    chinese: dict[str, int],
) -> Links:
    """Return the links, numbering the words in the order they come."""
    columns: tuple[list[NDArray[np.int64]], ...] = ([], [], [])
    for number, (left, right) in enumerate(pairs):
        ours = np.array([english.setdefault(w, len(english)) for w in dict.fromkeys(left)])
        theirs = np.array([chinese.setdefault(w, len(chinese)) for w in dict.fromkeys(right)])
        if len(ours) and len(theirs):
            columns[0].append(np.repeat(ours, len(theirs)))
            columns[1].append(np.tile(theirs, len(ours)))
            columns[2].append(np.full(len(ours) * len(theirs), number))
    return Links(*(np.concatenate(column).astype(np.int64) for column in columns))


def _model(
    makers: NDArray[np.int64], made: NDArray[np.int64], texts: NDArray[np.int64], *, n_made: int
) -> NDArray[np.float64]:
    """Return for every link how probably its maker turns into what is made, by model 1."""
    pair_keys, pair_of = np.unique(makers * n_made + made, return_inverse=True)
    place_keys, place_of = np.unique(texts * n_made + made, return_inverse=True)
    maker_of_pair, word_of_place = pair_keys // n_made, place_keys % n_made
    alone = np.bincount(word_of_place, minlength=n_made) / len(place_keys)
    probable = np.ones(len(pair_keys))
    by_nothing = np.zeros(len(place_keys))
    for _ in range(_ITERATIONS):
        share = probable[pair_of]
        whole = np.bincount(place_of, weights=share) + by_nothing
        counts = np.bincount(pair_of, weights=share / whole[place_of])
        probable = counts / np.bincount(maker_of_pair, weights=counts)[maker_of_pair]
        by_nothing = _BY_NOTHING * alone[word_of_place]
    found: NDArray[np.float64] = probable[pair_of]
    return found
