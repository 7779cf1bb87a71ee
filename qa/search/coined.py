"""The coined term that a question means without its quotation marks, in a gloss, or in pinyin.

什么是三个一批 asks for what is printed as “三个一批”, and so do "What are the three batches?" and
"What is san ge yi pi?": in English such terms are known by their numbers and by what each of their
characters says, or by their sound.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from corpus.text import fold
from qa.search.lexicon import phrase_key, shipped_lexicon
from qa.search.names import Holding
from qa.search.sounds import Sounds
from qa.search.terms import Terms

_PRINTED = re.compile("[“\"「『‘']([\u4e00-\u9fff]{2,12})[”\"」』’'](?=(.{0,4}))")
_NUMBERS = {
    "one": "一", "two": "二两双", "double": "双", "dual": "双", "three": "三", "four": "四",
    "five": "五", "six": "六", "seven": "七", "eight": "八", "nine": "九", "ten": "十",
    "hundred": "百", "thousand": "千", "ten thousand": "万",
}  # fmt: skip
_NOT = {"no": "不无零", "not": "不无", "non": "非不", "without": "无不", "zero": "零无"}
_SAYS_NOTHING = frozenset(
    (
        *("the", "a", "an", "of", "in", "for", "and", "to", "s", "our", "its", "their"),
        *("is", "are", "was", "were", "called", "so", "new"),
    )
)
_WORD = re.compile("ten thousand|[a-z]+")
_COUNTS = frozenset("个大项条一")
"""What stands behind a number, or for one of each, and is in no gloss."""

_LIKELY = 0.1  # the least weight of a term that a word of a gloss may stand for
_N_TERMS = 12  # and how many of them
_PAIR = 2  # characters of a word that one of them may stand for: 企 for 企业
_BEFORE = 4  # characters before the term, and behind it, that may say what kind of thing it is
TEXTS = 200
"""Passages that are looked through for a gloss."""


def printed(term: str, texts: Iterable[str]) -> bool:
    """Tell whether some text has a term in quotation marks."""
    inside = re.compile(f"[“\"「『‘']{re.escape(term)}[”\"」』’']")
    return any(inside.search(text) for text in texts)


def in_pinyin(words: Sequence[str], *, sounds: Sounds, holding: Holding) -> str:
    """Return the printed term that words in pinyin begin with, the longest; else an empty string.

    Args:
        words: Lower case: san xian liang dai plan.
        sounds: How characters sound.
        holding: As of `names.find_names`.
    """
    for end in range(len(words), 0, -1):
        for syllables in sounds.as_words(words[:end]):
            texts = holding([("-".join(pair), 1.0) for pair in pairwise(syllables)])
            for term in sounds.read_in(texts, syllables):
                if printed(term, texts):
                    return term
    return ""


def glossed(gloss: str, search: Callable[[Terms], Sequence[str]]) -> str:
    """Return the printed term that an English gloss with a number renders; else an empty string.

    Args:
        gloss: Lower case: two centenary goals, ten thousand people help ten thousand enterprises.
        search: Returns the folded texts of the passages that share most with some terms.
    """
    words = [word for word in _WORD.findall(gloss) if word not in _SAYS_NOTHING]
    numbers = [word for word in words if word in _NUMBERS]
    digits = {char for number in numbers for char in _NUMBERS[number]}
    says = [
        [term for term in _says(word) if digits.isdisjoint(term)]
        for word in words
        if word not in _NUMBERS
    ]
    if not numbers or not says or not all(says):
        return ""
    chars = "".join(_NUMBERS[word] for word in numbers) + "".join("".join(one) for one in says)
    found: Counter[str] = Counter()
    for text in search(Terms(words=(), pairs=(), chars=tuple(dict.fromkeys(chars)))):
        for match in _PRINTED.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            if _renders(numbers, says, match[1], beside=(before, match[2])):
                found[match[1]] += 1
    return max(found, key=lambda term: (found[term], -len(term), term), default="")


def _says(word: str) -> list[str]:
    """Return what an English word may be in Chinese, the likeliest first."""
    if word in _NOT:
        return list(_NOT[word])
    terms = shipped_lexicon().terms(phrase_key([word]))
    return [term for term, weight in terms[:_N_TERMS] if weight >= _LIKELY]


def _renders(
    numbers: Sequence[str], says: Sequence[Sequence[str]], term: str, *, beside: tuple[str, str]
) -> bool:
    """Tell whether a term has a gloss's numbers in their order, and its other words, and no more.

    A word may stand beside it instead, as what kind of thing it is does: 奋斗目标.
    """
    left, n_inside = term, 0
    for terms in says:
        whole = next((one for one in terms if one in left), "")
        short = (one for one in terms if len(one) == _PAIR)
        part = whole or next((char for one in short for char in one if char in left), "")
        if part:
            left = left.replace(part, " ", 1)
            n_inside += 1
        elif not any(one in text for one in terms for text in beside):
            return False
    at = 0
    for number in numbers:
        places = [left.find(char, at) for char in _NUMBERS[number]]
        at = min((place for place in places if place >= 0), default=-1) + 1
        if not at:
            return False
        left = f"{left[: at - 1]} {left[at:]}"
    unsaid = len([char for char in left if char != " " and char not in _COUNTS])
    return n_inside > 0 and unsaid <= int(len(says) > 1)


def is_gloss(gloss: str) -> bool:
    """Tell whether an English phrase has a number as such terms do.

    >>> is_gloss("two centenary goals"), is_gloss("party congress")
    (True, False)
    """
    return any(word in _NUMBERS for word in _WORD.findall(fold(gloss)))
