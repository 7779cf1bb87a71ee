"""Numbered lists inside a text: 一要…二要…三要…, 第一…第二…第三…."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.numbers import NUMERALS, number_of
from corpus.text import fold, split_sentences
from corpus.types import Range
from qa.query import Query, Wants

_MIN_ITEMS = 3
_ITEM = re.compile(
    rf"(?<![{NUMERALS}])([{NUMERALS}])(?:是|要|、)|第([{NUMERALS}])[步，、是]|([{NUMERALS}])(?=不)"
)
_LOOSE = " \t\n，,；;。"  # what stands between two items


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A list that is told in numbered items.

    Attributes:
        start: Where it begins, the sentence that leads to it included.
        end: One past the end of the last item's sentence.
        items: The places of the items, each from its number on, without what stands between them.
    """

    start: int
    end: int
    items: tuple[Range, ...]


NAMES_ASKED = re.compile(
    "(?:哪些|哪[几一二三四五六七八九十两]+)[个条座家所位名支]?"
    "(?:道?路|街|村|[乡镇]|社区|小区|企业|公司|学校|人|领导|单位|部门|地方|城市|[园地]?区"
    "|站|河|桥|楼|医院|银行|国家|省)"
    r"|\b(?:which|what) (?:[a-z]+ ){0,2}?(?:villages?|towns?|roads?|streets?|compan(?:y|ies)"
    r"|firms?|leaders?|people|persons?|officials?|departments?|units?|schools?|hospitals?"
    r"|places?|parks?|city|cities|countries)\b"
)
"""What asks for things that are told by their names, and not by a sentence as measures are."""


def asks_for_items(query: Query) -> bool:
    """Tell whether a question may be answered by the items of a list: what was done, required.

    >>> from qa.query import parse
    >>> asks_for_items(parse("会议提出哪些要求？")), asks_for_items(parse("堵车的是哪两条路？"))
    (True, False)
    """
    return query.wants is Wants.LIST and not NAMES_ASKED.search(fold(query.text))


def numbered_lists(text: str) -> list[NumberedList]:
    """Return the numbered lists of a text, in order.

    >>> text = "会议召开。他提出三点：一要快。二要稳。三要准。散会。"
    >>> [text[found.start : found.end] for found in numbered_lists(text)]
    ['他提出三点：一要快。二要稳。三要准。']
    >>> [text[start:end] for start, end in numbered_lists(text)[0].items]
    ['一要快', '二要稳', '三要准']
    """
    found: list[NumberedList] = []
    run: list[re.Match[str]] = []
    for match in [*_ITEM.finditer(text), None]:
        number = number_of(match[match.lastindex or 0]) if match else 0
        if match and number == len(run) + 1:
            run.append(match)
            continue
        if len(run) >= _MIN_ITEMS:
            found.append(_numbered(text, [item.start() for item in run]))
        run = [match] if match and number == 1 else []
    return found


def _numbered(text: str, starts: list[int]) -> NumberedList:
    """Return the list whose items begin there; its lead may be the sentence before it."""
    sentences = split_sentences(text)
    at = next(n for n, sentence in enumerate(sentences) if starts[0] < sentence.end)
    opens = sentences[at].start
    if at and not text[opens : starts[0]].strip():
        opens = sentences[at - 1].start
    closes = next(sentence.end for sentence in sentences if starts[-1] < sentence.end)
    ends = [*starts[1:], closes]
    items = [
        (start, start + len(text[start:end].rstrip(_LOOSE)))
        for start, end in zip(starts, ends, strict=True)
    ]
    return NumberedList(opens, closes, tuple(items))
