"""Several questions in one message: 谁主持？在哪天开的？ are answered one after another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.query import parse
from qa.quoting.quotes import Quote
from qa.quoting.slot import asks

_MOST_PARTS = 3
_ENDS = re.compile(r"[?？;；\n]+")
_COMMAS = re.compile(r"[,，]|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
_WHETHER = re.compile("有没有|是不是|是否|[吗么]$")
_AND = re.compile(
    r"(?:,? and |[,;] )(?=(?:(?:in|on|at|for|by|to|from) )?"
    r"(?:who|when|where|how|what|which|why)\b)",
    re.IGNORECASE,
)

_JOINS = re.compile("[和与跟及、]")
_BEGINS = re.compile(r"(?:and|also|另外|还有)[,，]? *(?=\S)", re.IGNORECASE)


def parts_of(question: str) -> tuple[str, ...]:
    """Return the questions in a message, two or three; else the message itself.

    >>> parts_of("会议谁主持的？在哪天开的？"), parts_of("面试有多少人参加，是哪天举行的")
    (('会议谁主持的', '在哪天开的'), ('面试有多少人参加', '是哪天举行的'))
    >>> parts_of("Who chaired the meeting and when was it held?"), parts_of("谁说，路通了？")
    (('Who chaired the meeting', 'when was it held?'), ('谁说，路通了？',))
    >>> parts_of("区长是谁？副区长呢？")
    ('区长是谁', '副区长呢')
    """
    for sign in (_ENDS, _COMMAS, _AND):
        parts = tuple(_alone(part) for part in sign.split(question) if part.strip())
        asked = [_asks(part) or (sign is _ENDS and part.endswith("呢")) for part in parts]
        if 1 < len(parts) <= _MOST_PARTS and all(asked) and parse(parts[0]).content:
            return parts
    return (question,)


def _alone(part: str) -> str:
    return _BEGINS.sub("", part.strip())


def _asks(part: str) -> bool:
    return asks(part) or _WHETHER.search(part) is not None


def halves(question: str, labels: Sequence[str]) -> tuple[str, ...]:
    """Return a question about two rows of a table as one about each, or nothing.

    >>> halves("豆腐和青椒多少钱？", ["青椒", "豆腐", "大米"])
    ('豆腐多少钱？', '青椒多少钱？')
    """
    for sign in _JOINS.finditer(question):
        before, after = question[: sign.start()], question[sign.end() :]
        first = _longest((before[-n:] for n in range(len(before), 1, -1)), labels)
        second = _longest((after[:n] for n in range(len(after), 1, -1)), labels)
        if first and second and not any(first in one and second in one for one in labels):
            return before + after[len(second) :], before[: -len(first)] + after
    return ()


def _longest(texts: Iterable[str], labels: Sequence[str]) -> str:
    return next((one for one in texts if any(one in label for label in labels)), "")


def together(parts: Sequence[Sequence[Quote]]) -> list[Quote]:
    """Return the quotes that answer the parts of a message, each once, with all that is marked."""
    found: dict[tuple[str, int, int], Quote] = {}
    for quote in (quote for quotes in parts for quote in quotes):
        key = (quote.place.passage.id, quote.start, quote.end)
        marks = found[key].marks if key in found else ()
        found[key] = replace(quote, marks=tuple(sorted({*marks, *quote.marks})))
    return list(found.values())
