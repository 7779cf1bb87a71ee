"""Lists whose items are a paragraph each, or several: what leads to one, and its items.

An item opens with its number, in whatever way, or with a sign; where it has neither, the items are
told by the semicolons between them, or by the count in the words that lead to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import median_low

from corpus.cues import SALUTATION, SIGN_OFF
from corpus.numbers import NUMERALS, number_of
from corpus.text import fold
from corpus.types import Passage

_HAN_NUMBER = rf"[{NUMERALS}]{{1,3}}"
_NUMBERED = tuple(  # of a folded paragraph
    re.compile(pattern)
    for pattern in (
        rf"({_HAN_NUMBER})[、.]",
        rf"({_HAN_NUMBER})(?:是|要)",
        rf"\(({_HAN_NUMBER})\)",
        rf"第({_HAN_NUMBER})(?:[条点步项款招式]|[,、:是])",
        r"(\d{1,2})(?:\.(?!\d)|[、)])",
        r"\((\d{1,2})\)",
    )
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SIGN = re.compile("——|[●■◆▲★◎○◇□※•·–-]")
_OPENING_CHARS = 12
_LEAST = 3  # items of a list
_LEAST_SHUT = 2  # that end with a semicolon, where nothing else tells them
COUNT = re.compile(
    rf"(?<![第\d{NUMERALS}])(?P<n>\d{{1,2}}|[{NUMERALS}两]{{1,3}})(?=[大个条项件点种类步招款]|不准|不得|严禁|禁止|必须|注意)"
)
"""How many there are of what is listed: 八条, 十不准; in a folded text."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list over several passages of an article.

    Attributes:
        lead: The place of the passage that leads to it, or None where the headline does.
        items: For each item the places of its passages, from the first to one past the last.
    """

    lead: int | None
    items: tuple[tuple[int, int], ...]


def listings(passages: Sequence[Passage]) -> list[Listing]:
    """Return the lists of an article whose items are a passage each, or several, in order.

    >>> texts = ["三项措施：", "一、免票。", "二、延时。", "三、加车。", "散会。"]
    >>> listings([Passage(str(n), text, ()) for n, text in enumerate(texts)])
    [Listing(lead=0, items=((1, 2), (2, 3), (3, 4)))]
    """
    texts = [fold(passage.text) for passage in passages]
    found: list[Listing] = []
    taken: set[int] = set()
    for starts in (*_numbered(passages, texts), *_signed(texts), *_counted(texts)):
        if taken.isdisjoint(starts):
            found.append(_listing(starts, n_passages=len(texts), taken=taken))
            taken.update(starts)
    return sorted(found, key=lambda one: one.items[0])


def counts(folded: str) -> set[int]:
    """Return how many of something a folded text says there are: 八条便民举措, 十不准.

    >>> counts("推出八条便民举措"), counts("第三条是什么")
    ({8}, set())
    """
    return {number_of(match["n"]) for match in COUNT.finditer(folded)}


def _listing(starts: Sequence[int], *, n_passages: int, taken: set[int]) -> Listing:
    lead = starts[0] - 1
    usual = median_low([b - a for a, b in pairwise(starts)])
    last = starts[-1]
    ends = [*starts[1:], min(n_passages, last + usual)]
    return Listing(
        lead if lead >= 0 and lead not in taken else None,
        tuple(zip(starts, ends, strict=True)),
    )


def _numbered(passages: Sequence[Passage], texts: Sequence[str]) -> list[list[int]]:
    """Return where the items of numbered lists begin; each way of numbering has lists of its own.

    The longer ones first, for what they hold may be numbered, too.
    """
    found: list[list[int]] = []
    for way in range(len(_NUMBERED) + 1):
        run: list[int] = []
        for at, passage in enumerate(passages):
            number = _number(passage.text, texts[at], way)
            if number == len(run) + 1:
                run.append(at)
            elif number == 1:
                found.append(run)
                run = [at]
        found.append(run)
    return sorted((run for run in found if len(run) >= _LEAST), key=lambda run: run[0] - run[-1])


def _number(text: str, folded: str, way: int) -> int:
    """Return the number that a paragraph opens with, numbered in one of the ways; 0 where none."""
    if way == len(_NUMBERED):
        return _CIRCLED.find(text[0]) + 1 if text else 0
    match = _NUMBERED[way].match(folded[:_OPENING_CHARS])
    return number_of(match[1]) if match else 0


def _signed(texts: Sequence[str]) -> list[list[int]]:
    """Return where the items begin of lists of which each opens with the same sign."""
    found: list[list[int]] = []
    run: list[int] = []
    before = ""
    for at, folded in enumerate([*texts, ""]):
        match = _SIGN.match(folded)
        sign = match.group() if match else ""
        if sign != before:
            found.append(run if before else [])
            run = []
        run.append(at)
        before = sign
    return [run for run in found if len(run) >= _LEAST]


def _counted(texts: Sequence[str]) -> list[list[int]]:
    """Return where the items begin of lists without numbers, each behind what leads to it."""
    found: list[list[int]] = []
    for lead, folded in enumerate(texts):
        if not folded.endswith(":") or SALUTATION.fullmatch(folded):
            continue
        below = list(
            takewhile(lambda at: not SIGN_OFF.fullmatch(texts[at]), range(lead + 1, len(texts)))
        )
        shut = list(takewhile(lambda at: texts[at].endswith(";"), below))
        n = len(shut) + 1
        if len(shut) >= _LEAST_SHUT and len(below) >= n:
            found.append(below[:n])
            continue
        told = [count for count in counts(folded) if _LEAST <= count <= len(below)]
        if len(told) == 1 and not any(texts[at].endswith((":", "?")) for at in below[: told[0]]):
            found.append(below[: told[0]])
    return found
