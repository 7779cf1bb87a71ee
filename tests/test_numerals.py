from __future__ import annotations

import pytest

from corpus.numbers import in_characters
from qa.query import parse
from qa.search.numerals import numerals


@pytest.mark.parametrize(
    ("text", "phrase", "terms"),
    [
        ("1.5 million people", "1.5 million", {"150万", "1500000"}),
        ("3 billion yuan", "3 billion", {"30亿", "三十亿", "300000万", "3000000000"}),
        ("five million", "five million", {"500万", "5000000"}),
        ("ten thousand", "ten thousand", {"1万", "一万", "10000"}),
        ("two hundred", "two hundred", {"200"}),
        ("52 percent", "52 percent", {"52%", "百分之五十二"}),
        ("3.5 per cent", "3.5 per cent", {"3.5%"}),
        ("the 10th", "10th", {"第10", "第十"}),
        ("the 19th century", "19th century", {"19世纪", "十九世纪"}),
        ("in the 1970s", "1970s", {"1970年代", "70年代", "七十年代"}),
        ("the 1900's", "1900's", {"1900年代"}),
        ("on august 23, 2022", "august 23", {"8月23日", "8月", "八月"}),
        ("10 december", "10 december", {"12月10日", "12月", "十二月"}),
        ("by may", "may", {"5月", "五月"}),
        ("may 2022", "may", {"5月", "五月"}),
        ("1,234,567 mu", "1,234,567", {"1234567"}),
    ],
)
def test_a_number_or_date_is_written_as_in_chinese(text: str, phrase: str, terms: set[str]) -> None:
    (found,) = numerals(text)
    assert found.phrase == phrase
    assert {term for term, _ in found.terms} == terms


@pytest.mark.parametrize("text", ["", "it may be", "they march on", "42", "0th", "a 5g line"])
def test_what_is_no_number_or_stands_alike_in_both_languages_is_left(text: str) -> None:
    assert numerals(text) == []


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_numbers_in_characters(number: int, written: str) -> None:
    assert in_characters(number) == written


def test_the_words_of_a_number_are_no_phrases_of_their_own() -> None:
    phrases = [e.phrase for e in parse("How did 1.5 million visitors come?").expansions]
    assert "1.5 million" in phrases
    assert "million" not in phrases
