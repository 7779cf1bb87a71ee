"""Patterns in texts: the same as looking for each in each."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import has_term
from qa.search.occurrences import Texts

LETTERS = st.text(alphabet="一二人a1😀\uffff", max_size=12)
PATTERNS = st.lists(st.text(alphabet="一二人a1😀\uffff", min_size=1, max_size=4), max_size=6)


@given(st.lists(LETTERS, max_size=4), PATTERNS)
def test_each_place_of_each_pattern_is_found_once(texts: list[str], patterns: list[str]) -> None:
    found = Texts(texts).find(patterns)
    starts = [sum(len(text) + 1 for text in texts[:n]) for n in range(len(texts))]
    expected = {
        (number, at, starts[at] + match.start())
        for number, pattern in enumerate(patterns)
        for at, text in enumerate(texts)
        for match in re.finditer(f"(?={re.escape(pattern)})", text)
    }
    told = list(zip(found.pattern.tolist(), found.text.tolist(), found.start.tolist(), strict=True))
    assert len(told) == len(expected)
    assert set(told) == expected


@given(LETTERS, st.text(alphabet="一a1", min_size=1, max_size=3))
def test_what_stands_alone_is_what_the_text_has_as_a_term(text: str, term: str) -> None:
    looked = Texts([text])
    found = looked.find([term])
    whole = looked.whole(found, [term], of=np.ones(len(found.start), dtype=np.bool_))
    assert bool(whole.any()) == has_term(term, text)
