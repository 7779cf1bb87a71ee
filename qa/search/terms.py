"""A text cut into the terms that it is searched by.

It is cut at three granularities: dictionary words (those of the shipped model, so that one
vocabulary serves both indexes), pairs of neighbouring characters, single characters. Latin words,
numbers and codes are terms as a whole: 4321, 12.5, 5g, 99.8%.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import add

from corpus.text import fold
from embeddings.encoder import shipped_encoder

ANALYSER = "8"
"""Changes whenever the same text may be cut into other terms."""

_PARTS = re.compile(
    r"(?P<han>[\u3400-\u9fff\U00020000-\U0003ffff]+)"
    r"|(?P<code>[a-z0-9]+(?:(?!'s\b)[.,:'+&-][a-z0-9]+)*[%+]?)(?:(?<=\d)[年月日]|'s\b)?"
    r"|(?P<other>[^\W_a-z0-9]+)"
)
_HAN_ONLY = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """A text cut for search; repeated terms stay repeated.

    Attributes:
        words: Dictionary words, then codes and numbers.
        pairs: Neighbouring characters.
        chars: Single characters.
    """

    words: tuple[str, ...]
    pairs: tuple[str, ...]
    chars: tuple[str, ...]


def cut(text: str) -> Terms:
    """Return the terms of a text.

    >>> cut("远景“4321”目标").words
    ('远景', '目标', '4321')
    >>> cut("远景目标").pairs
    ('远景', '景目', '目标')
    """
    return next(cut_each([fold(text)]))


def cut_each(folded: Sequence[str]) -> Iterator[Terms]:
    """Yield the terms of folded texts, whose words are cut all at once."""
    split = [_parts(text) for text in folded]
    words = shipped_encoder().words([" ".join(runs) for runs, _ in split])
    for (runs, codes), found in zip(split, words, strict=True):
        yield Terms(
            words=(*_with_rare(runs, found), *codes),
            pairs=tuple(chain.from_iterable(map(add, run, run[1:]) for run in runs)),
            chars=tuple("".join(runs)),
        )


def _with_rare(runs: Sequence[str], words: Sequence[str]) -> Sequence[str]:
    """Return the words of runs of characters, with the characters that no dictionary has.

    >>> _with_rare(["张𬱖是谁"], ["张", "是", "谁"])
    ['张', '𬱖', '是', '谁']
    """
    if sum(map(len, words)) == sum(map(len, runs)):
        return words
    found: list[str] = []
    left = list(words)
    for run in runs:
        at = 0
        while at < len(run):
            known = bool(left) and run.startswith(left[0], at)
            found.append(left.pop(0) if known else run[at])
            at += len(found[-1])
    return found


def _parts(folded: str) -> tuple[list[str], list[str]]:
    """Return the runs of Chinese characters in a text, and its codes and other words."""
    runs: list[str] = []
    codes: list[str] = []
    for match in _PARTS.finditer(folded):
        # the 年 of 2019年 is no part of the word behind it
        kind = match.lastgroup or "other"
        (runs if kind == "han" else codes).append(match[kind])
    return runs, codes


def cut_into(term: str) -> list[tuple[str, str]]:
    """Return what a passage that has a term has in the index: pairs and codes, else characters.

    >>> cut_into("花园"), cut_into("花"), cut_into("150万")
    ([('pairs', '花园')], [('chars', '花')], [('words', '150')])
    """
    if _HAN_ONLY.fullmatch(term):
        if len(term) == 2:  # as most
            return [("pairs", term)]
        pairs = [("pairs", term[at : at + 2]) for at in range(len(term) - 1)]
        return pairs or [("chars", term)]
    terms = cut(term)
    parts = [("words", word) for word in terms.words if word.isascii()]
    parts += [("pairs", pair) for pair in terms.pairs]
    return parts or [("chars", char) for char in terms.chars]
