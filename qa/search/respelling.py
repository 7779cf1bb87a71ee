"""What is typed by its sound as the archive has it: a wrong character, a name in pinyin.

Who types by sound takes 接踵率 for 接种率, 防讯 for 防汛. A pair of characters that the archive has
nowhere, but one of it that sounds the same, is taken for that one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.text import HAN
from embeddings.encoder import shipped_encoder
from qa.query import is_empty, is_known
from qa.search.sounds import Sounds
from qa.search.telling import SOUNDS

_ANYWHERE = frozenset(  # what stands beside any word
    "的了吗呢吧啊呀么是在有和与及或被把对从向到于为以将就都也还又很最更这那其之些它他她我你请问"
    "什多少哪谁几怎样如何时候否不没别"
)

_LATIN = re.compile("[a-z]{2,12}")
_MOST_WORDS = 3  # of a name in pinyin
_LONGEST = 80  # characters of a question in which a slip is looked for
_WHO_IS = re.compile(rf"^(?:who(?: is| was|'?s) )?{HAN.pattern}+\W*$")
_BETWEEN = re.compile(f"(?<={HAN.pattern}) +(?={HAN.pattern})")

Pairs = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Respelling:
    """A question with one pair of characters as the archive has it.

    Attributes:
        text: The question.
        pair: The pair that was put into it.
    """

    text: str
    pair: str


def respelt(
    folded: str,
    *,
    sounds: Sounds,
    n_with: Callable[[str, str], int],
    sounding: Callable[[Pairs], Sequence[str]],
) -> Respelling | None:
    """Return a folded question with one pair of characters put right, or None.

    What is put in shares a character with what it stands for. The other one is no part of a longer
    word, and forms a pair that the archive has with the character beside it, or that one does with
    the next.

    Args:
        folded: The question.
        sounds: How characters sound.
        n_with: Returns how many passages have a term in a field.
        sounding: Returns the texts of the passages that hold the most of weighted pairs of sounds.
    """

    def is_there(pair: str) -> bool:
        return len(pair) > 1 and n_with("pairs", pair) > 0

    def fits(char: str, beside: str, *, before: bool) -> bool:
        near = beside[-1:] if before else beside[:1]
        pair = near + char if before else char + near
        return not near or not _tells(near) or is_there(pair) or is_there(beside)

    words = list(_longer_words(folded))
    for at in range(len(folded) - 1 if len(folded) <= _LONGEST else 0):
        typed = folded[at : at + 2]
        if not all(map(_tells, typed)) or is_there(typed):
            continue
        if (at, at + 2) in words and len(set(sounds.of_pairs([typed]))) > 1:
            continue  # 市长 is a word, and its 长 not that of 市场
        before, behind = folded[max(0, at - 2) : at], folded[at + 2 : at + 4]
        free = [
            not any(start <= n < end and (start, end) != (at, at + 2) for start, end in words)
            for n in (at, at + 1)
        ]
        fitting = [
            pair
            for pair in _alike(typed, sounds, n_with=n_with, sounding=sounding)
            if ((at, at + 2) not in words or _is_word(pair))  # 妇科 is a word, and 肤科 none
            and (pair[0] == typed[0] or (free[0] and fits(pair[0], before, before=True)))
            and (pair[1] == typed[1] or (free[1] and fits(pair[1], behind, before=False)))
        ]
        if fitting:
            best = max(fitting, key=lambda pair: (n_with("pairs", pair), pair))
            return Respelling(folded[:at] + best + folded[at + 2 :], best)
    return None


def _longer_words(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the dictionary words of several characters in a text."""
    at = 0
    for word in shipped_encoder().cut(folded)[0]:
        start = folded.find(word, at)
        if len(word) > 1 and start >= 0:
            at = start + len(word)
            yield start, at


def _is_word(text: str) -> bool:
    return text in shipped_encoder().cut(text)[0]


def _tells(char: str) -> bool:
    return HAN.match(char) is not None and char not in _ANYWHERE


def _alike(
    typed: str,
    sounds: Sounds,
    *,
    n_with: Callable[[str, str], int],
    sounding: Callable[[Pairs], Sequence[str]],
) -> Iterator[str]:
    """Yield the pairs of the archive that sound as one does and share a character with it."""
    for sound in sounds.of_pairs([typed]):
        if n_with(SOUNDS, sound):
            found = sounds.read_in(sounding([(sound, 1.0)]), sound.split("-"))
            yield from (one for one in found if one[0] == typed[0] or one[1] == typed[1])


def with_names(
    folded: str,
    *,
    sounds: Sounds,
    sounding: Callable[[Pairs], Sequence[str]],
    is_name: Callable[[str], object],
) -> Respelling | None:
    """Return a folded question with a name in pinyin as the archive has it, or None: lv min.

    Args:
        folded: The question.
        sounds: How characters sound.
        sounding: Returns the texts of the passages that hold the most of weighted pairs of sounds.
        is_name: Tells whether Chinese characters may be somebody's name.
    """
    words = list(_LATIN.finditer(folded)) if len(folded) <= _LONGEST else []
    for size in range(min(_MOST_WORDS, len(words)), 0, -1):
        for run in zip(*(words[at:] for at in range(size)), strict=False):
            letters = [one.group() for one in run]
            if any(map(is_empty, letters)) or (size == 1 and is_known(letters[0])):
                continue  # like is a word, and 李克
            for syllables in sounds.in_pinyin("".join(letters)):
                texts = sounding([("-".join(pair), 1.0) for pair in pairwise(syllables)])
                found = [one for one in sounds.read_in(texts, syllables) if is_name(one)]
                if not found:
                    continue
                best = max(found, key=lambda one: (sum(one in text for text in texts), one))
                told = f"{folded[: run[0].start()]}{best}{folded[run[-1].end() :]}"
                if HAN.search(folded):
                    return Respelling(_BETWEEN.sub("", told), best)
                if _WHO_IS.search(told):  # all else is asked of what he did, in English words
                    return Respelling(f"{best}是谁", best)
    return None
