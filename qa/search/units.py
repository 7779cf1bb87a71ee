"""What of a question is looked for in a passage: its words, each with what tells their worth.

Besides the dictionary words these are the names no dictionary has, which fall apart into single
characters, and neighbouring words that the archive has side by side.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpus.text import HAN, fold, has_term
from embeddings.encoder import StaticEncoder
from qa.query import Query, is_empty, question_word

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_UNITS = 40
_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?(?<!\d)(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?"
)
_FAR = 10  # characters from the question word beyond which the distance says nothing more

SIGNS = (
    "rarity",  # over that of a word which the archive does not have
    "unseen",
    "told",
    "unknown",
    "length",
    "figure",
    "latin",
    "empty",
    "joined",
    "single",
    "position",
    "distance",
    "before",
)
"""What is known of a unit before any passage is looked at, one column each."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a question, n of them.

    Attributes:
        words: Each unit as it is looked for, folded.
        terms: What each may be in Chinese, with weights; empty for a Chinese question.
        signs: Shape (n, len(SIGNS)).
        vectors: Shape (n, dim), unit length or zeros.
        uses: How each is used, shape (n, usage_dim), unit length or zeros where that is not known.
    """

    words: tuple[str, ...]
    terms: tuple[tuple[tuple[str, float], ...], ...]
    signs: NDArray[np.float32]
    vectors: NDArray[np.float32]
    uses: NDArray[np.float32]


def units_of(
    query: Query,
    *,
    encoder: StaticEncoder,
    seen_in: Callable[[str], int],
    rarity: Callable[[str], float],
    n_passages: int,
) -> Units:
    """Return the units of a question.

    Args:
        query: The question.
        encoder: The shipped model.
        seen_in: In how many passages a Chinese term stands.
        rarity: How rare a word is in the archive.
        n_passages: How many passages there are.
    """
    folded = fold(query.text)
    known = {expansion.phrase: expansion.terms for expansion in query.expansions}
    places = _phrases(query, folded) if query.lang == "en" else _words(query, folded, seen_in)
    places = places[:_MAX_UNITS]
    words = tuple(word for word, _, _ in places)
    asked = question_word(folded)
    signs = np.zeros((len(words), len(SIGNS)), dtype=np.float32)
    vectors, weights = encoder.weighted(words)
    for row, (word, at, joined), told in zip(signs, places, weights, strict=True):
        terms = known.get(word, ())
        empty = is_empty(word)
        rare = _rarity_of(terms, seen_in, n_passages) if terms else rarity(word)
        rare = 0.0 if empty else rare / _rarest(n_passages)
        gap = asked - at - len(word) if at < asked else at - asked
        row[:] = (
            rare,
            float(rare > 1 - 1e-6),
            told,
            float(told == 0),
            len(word) / 3,
            float(word[0].isdigit()),
            float(word.isascii()),
            float(empty),
            float(joined),
            float(len(word) == 1),
            at / max(1, len(folded)),
            min(_FAR, abs(gap)) / _FAR,
            float(at < asked),
        )
    return Units(
        words=words,
        terms=tuple(known.get(word, ()) for word in words),
        signs=signs,
        vectors=vectors,
        uses=encoder.uses_of(words),
    )


def _rarest(n_passages: int) -> float:
    """Return the rarity of a word that none of so many passages has."""
    return math.log(1 + (n_passages + 0.5) / 0.5)


def _rarity_of(
    terms: Sequence[tuple[str, float]], seen_in: Callable[[str], int], n_passages: int
) -> float:
    """Return the rarity of terms that count as one word, as `qa.search.translated` has it."""
    likely = min(n_passages, sum(weight * seen_in(term) for term, weight in terms))
    return math.log(1 + (n_passages - likely + 0.5) / (likely + 0.5))


def _phrases(query: Query, folded: str) -> list[tuple[str, int, bool]]:
    """Return the phrases of an English question with their places, then its other words."""
    phrases = [expansion.phrase for expansion in query.expansions]
    spoken = {word for phrase in phrases for word in phrase.split()}
    words = [*phrases, *(word for word in query.content if word not in spoken)]
    return sorted(
        {word: (word, max(0, folded.find(word)), False) for word in words}.values(),
        key=lambda place: place[1],
    )


def _words(query: Query, folded: str, seen_in: Callable[[str], int]) -> list[tuple[str, int, bool]]:
    """Return the words of a Chinese question with their places, and those that belong together."""
    at = 0
    words: list[tuple[str, int, bool]] = []
    codes = [word for word in query.terms.words if not HAN.match(word)]
    for word in (word for word in query.terms.words if HAN.match(word)):
        at = max(at, folded.find(word, at))
        words.append((word, at, False))
        at += len(word)
    words += [(code, max(0, folded.find(code)), False) for code in codes]
    words.sort(key=lambda place: place[1])
    words = _names(words, seen_in)
    dates = []
    for year, date, start, end in _dates(folded):
        if seen_in(date):  # its figures alone are those of many days
            behind = folded[end:]  # 9月10日10路: this 10 is another
            words = [one for one in words if not start <= one[1] < end or has_term(one[0], behind)]
        if year and not seen_in(year):  # said by the dates of issues alone
            words = [one for one in words if one[0] != year]
        dates.append((date, start, False))
    joined = [
        (left + right, at, True)
        for (left, at, _), (right, after, _) in pairwise(words)
        if at + len(left) == after
        and not (is_empty(left) or is_empty(right))
        and seen_in(left + right)
    ]
    return list({place[0]: place for place in reversed([*words, *dates, *joined])}.values())[::-1]


def _dates(folded: str) -> list[tuple[str, str, int, int]]:
    """Return the months and days that a question names, as they are printed, and where.

    Before each stands its year, or nothing.

    >>> _dates("2026年9月10号和10月的活动")
    [('2026', '9月10日', 5, 10), ('', '10月', 11, 14)]
    """
    return [
        (
            match["year"] or "",
            f"{match['month']}月" + (f"{match['day']}日" if match["day"] else ""),
            match.start("month"),
            match.end(),
        )
        for match in _DATE.finditer(folded)
    ]


def _names(
    words: Sequence[tuple[str, int, bool]], seen_in: Callable[[str], int]
) -> list[tuple[str, int, bool]]:
    """Return the words, neighbouring single characters that the archive has together as one."""
    found: list[tuple[str, int, bool]] = []
    open_name = False
    for word, at, _ in words:
        single = len(word) == 1 and HAN.match(word) is not None and not is_empty(word)
        if single and open_name and found[-1][1] + len(found[-1][0]) == at:
            longer = found[-1][0] + word
            if seen_in(longer):
                found[-1] = (longer, found[-1][1], False)
                continue
        found.append((word, at, False))
        open_name = single
    return found
