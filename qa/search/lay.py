"""A Chinese question in the words that newspapers print: 头一回 is 首次, 外地孩子 随迁子女.

The table (`lay.tsv`, by hand) is made for putting one word in the place of another: both are the
same part of speech.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

LAY = Path(__file__).parent / "lay.tsv"
"""`lay word<TAB>printed word printed word …`, the likeliest printed word first."""


def in_print(question: str, seen_in: Callable[[str], int]) -> str:
    """Return a question with its lay words as an archive prints them; empty where it has none.

    Args:
        question: The question.
        seen_in: In how many passages a term stands.

    >>> in_print("头一回办展的是谁？", lambda term: term == "首次")
    '首次办展的是谁？'
    """
    return _put(question, seen_in, is_meant=lambda word: True)


def spelt_out(question: str, seen_in: Callable[[str], int]) -> str:
    """Return a question with what it abbreviates in Latin letters, unprinted so, as it is printed.

    Empty where nothing is; otherwise as `in_print`.

    >>> spelt_out("去年GDP多少？", lambda term: term == "地区生产总值")
    '去年地区生产总值多少？'
    """
    return _put(question, seen_in, lambda word: word.isascii() and not seen_in(word.lower()))


def _put(question: str, seen_in: Callable[[str], int], is_meant: Callable[[str], bool]) -> str:
    printed, pattern = _table()

    def as_printed(match: re.Match[str]) -> str:
        told = printed[match.group()] if is_meant(match.group()) else ()
        return next(filter(seen_in, told), match.group())

    told = pattern.sub(as_printed, question)
    return told if told != question else ""


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """Return what each lay word is in print, and a pattern of all of them, the longest first."""
    rows = (line.split("\t") for line in LAY.read_text("utf-8").splitlines() if "\t" in line)
    printed = {lay: tuple(words.split()) for lay, words in rows}
    longest_first = sorted(printed, key=len, reverse=True)
    return printed, re.compile("|".join(map(re.escape, longest_first)))
