"""Lists whose items are a passage each, behind what leads to them or below a headline alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from corpus.cues import DAY, SIGN_OFF
from corpus.numbers import NUMERALS, number_of
from corpus.plain_tables import CELLS_PART
from corpus.types import Passage

_LEADS = re.compile(
    r"(?:[:：]|(?:如下|以下|下列|下述|下面)[^，。；,;]{0,10}。?|\bfollowing\b[^,.;]{0,30}\.?)\s*$"
)
_SURELY_LEADS = re.compile("如下|以下|下列|下述|下面|following|as follows")
_NUMBER = re.compile(
    rf"\s*(?:[(（]?(?P<told>\d{{1,2}}|[{NUMERALS}]{{1,3}})(?:[、．)）]|[.](?!\d))"
    rf"|第(?P<nth>[{NUMERALS}]{{1,3}})[，,、：:条]|(?P<ringed>[①-⑳])"
    rf"|(?P<needed>[{NUMERALS}])(?=[是要]))\s*"
)
_FEWEST = 2
_FEWEST_UNLED = 3  # that stand below the headline alone, and have no numbers
_ITEM_CHARS = 120  # of an item without a number, at most
_GOES_ON = re.compile("[；;，,、]\\s*$")
_SENTENCE = re.compile("[。！？!?]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in an article.

    Attributes:
        lead: The place of the passage whose last sentence leads to it, counted from 0; None where
            the headline does.
        first: That of the first item.
        past: One past that of the last.
    """

    lead: int | None
    first: int
    past: int


def list_around(passages: Sequence[Passage], at: int) -> Listed | None:
    """Return the list that a passage of an article leads to, or is an item of; None of no other.

    Its items are numbered from 1 on; or they are short and end alike, with ； say, behind what
    surely leads to a list; or are all that the article has, and no sentences.

    >>> texts = ["请带下列材料：", "身份证；", "照片两张。", "电话：110。"]
    >>> list_around([Passage(f"p{n}", text, ()) for n, text in enumerate(texts)], 2)
    Listed(lead=0, first=1, past=3)
    """
    return next((one for one in lists_in(passages) if _opens(one) <= at < one.past), None)


def number_length(text: str) -> int:
    """Return how many characters of an item its number takes, with what stands behind it.

    >>> number_length("1. 身份证；"), number_length("一要快；"), number_length("身份证；")
    (3, 0, 0)
    """
    found = _NUMBER.match(text)
    return found.end() if found and not found["needed"] else 0


def _opens(one: Listed) -> int:
    return one.first if one.lead is None else one.lead


def lists_in(passages: Sequence[Passage]) -> Iterator[Listed]:
    """Yield the lists of an article in order; `list_around` says what is one."""
    texts = [passage.text for passage in passages]
    first = 0
    while first < len(texts):
        lead = first - 1 if first and _LEADS.search(texts[first - 1]) else None
        past = first + _n_items(texts, first, lead=lead)
        if past > first:
            yield Listed(lead, first, past)
        first = max(past, first + 1)


def _n_items(texts: Sequence[str], first: int, *, lead: int | None) -> int:
    """Return how many items of a list stand from a place on; 0 where there is none."""
    below = texts[first:]
    n = sum(1 for _ in takewhile(lambda pair: _told(pair[1]) == pair[0], enumerate(below, 1)))
    if n >= _FEWEST:
        return n
    n = _n_alike(below)
    if lead is not None and _SURELY_LEADS.search(texts[lead][-_ITEM_CHARS:]):
        return n if n >= _FEWEST else 0
    goes_on = lead is not None and _GOES_ON.search(below[0])
    whole = first == 0 and all(map(_is_signature, below[n:]))
    whole = whole and not _SENTENCE.search(below[0])
    return n if n >= _FEWEST_UNLED and (goes_on or whole) else 0


def _told(text: str) -> int:
    """Return the number that an item begins with; 0 where it has none."""
    match = _NUMBER.match(text)
    if not match:
        return 0
    ringed = match["ringed"]
    return (
        ord(ringed) - ord("①") + 1
        if ringed
        else number_of(match["told"] or match["nth"] or match["needed"])
    )


def _n_alike(below: Sequence[str]) -> int:
    """Return how many short passages, from the first on, end as items do that have no numbers.

    They end all with a sign that more follows, but for the last; or all as a sentence; or without
    a sign.
    """
    items = list(takewhile(_may_be_item, below))
    if not items:
        return 0
    if _GOES_ON.search(items[0]):
        n = sum(1 for _ in takewhile(_GOES_ON.search, items))
        return min(n + 1, len(items))
    ends = _SENTENCE.search(items[0]) is not None
    alike = takewhile(
        lambda text: (_SENTENCE.search(text) is not None) == ends and not _GOES_ON.search(text),
        items,
    )
    return sum(1 for _ in alike)


def _may_be_item(text: str) -> bool:
    """Tell whether a passage is short, one sentence at most, and no row, signature or lead."""
    return (
        len(text) <= _ITEM_CHARS
        and CELLS_PART not in text
        and not _is_signature(text)
        and not _LEADS.search(text)
        and not _SENTENCE.search(text.rstrip()[:-1])
    )


def _is_signature(text: str) -> bool:
    return any(one.fullmatch(text.strip()) for one in (SIGN_OFF, DAY))
