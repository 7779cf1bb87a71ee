"""How the text of a web page is set, and which of its lines are headlines by that.

Where no tag says what a headline is, its look does: its size, that it is bold, or the name of its
class. One look that several short lines share, each over running text, is that of headlines if
enough of the parts below them open as stories do; else they are crossheads of one story.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus import cues
from corpus.marked import Look, Piece, one_line
from corpus.signatures import is_signature

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_PLAIN = Look()
_SIZE = re.compile(r"font-size\s*:\s*(\d{1,3}(?:\.\d{1,3})?)\s*(px|pt|r?em)", re.IGNORECASE)
_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0}
_WEIGHT = re.compile(r"font-weight\s*:\s*(?:(bold|[6-9]00)|\w+)", re.IGNORECASE)
_FEWEST = 3  # headlines by which a look is believed
_MOST = 0.8  # share of them that stand over running text, and of the text that is below them
_TOLD = 1 / 3  # share of the parts that open as a story does
_MOST_LOOKS = 12  # that are tried, those of most pieces first
_LEAD = 3  # pieces in which it does
_RUNNING, _LONG = 20, 60  # characters from which on a finished piece, or any, is running text
_ASKS = "？！?!"


class Looks:
    """The looks of a page's elements, each what stands around it has where it says nothing."""

    def __init__(self) -> None:
        self._known: dict[int, Look] = {}

    def of(self, node: LexborNode) -> Look:
        """Return the look of an element."""
        chain: list[LexborNode] = []
        above: LexborNode | None = node
        while above is not None and above.mem_id not in self._known:
            chain.append(above)
            above = above.parent
        look = self._known[above.mem_id] if above is not None else _PLAIN
        for inner in reversed(chain):
            look = self._known[inner.mem_id] = _own(inner, look)
        return look


def _own(node: LexborNode, outer: Look) -> Look:
    given = node.attributes if node.is_element_node else {}
    style = given.get("style") or ""
    size, weight = _SIZE.search(style), _WEIGHT.search(style)
    named = given.get("class") if node.tag != "span" else ""
    return Look(
        size=float(size[1]) * _POINTS[size[2].lower()] if size else outer.size,
        bold=bool(weight[1]) if weight else outer.bold,
        named=named or outer.named,
    )


def with_heads(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, those that are headlines by their look as headings.

    Nothing is changed where tags tell headings, or where no look is that of headlines.
    """
    if any(piece.level for piece in pieces):
        return list(pieces)
    usual = _usual(pieces)
    ways: tuple[Callable[[Look], tuple[float, bool] | str], ...] = (
        lambda look: (look.size, look.bold),
        lambda look: look.named,
    )
    for way in ways:
        found = _alike(pieces, way)
        found.pop(way(usual), None)
        tried = nlargest(_MOST_LOOKS, found.values(), key=len)
        likely = [places for places in tried if _are_heads(pieces, places, usual)]
        if likely:
            heads = max(likely, key=lambda places: (_rank(pieces[places[0]]), len(places)))
            told = frozenset(heads)
            return [
                replace(piece, level=2) if n in told and _may_head(piece) else piece
                for n, piece in enumerate(pieces)
            ]
    return list(pieces)


def _usual(pieces: Sequence[Piece]) -> Look:
    """Return the look that most of the text has."""
    chars = Counter[Look]()
    for piece in pieces:
        chars[piece.look or _PLAIN] += len(piece.text)
    return max(chars, key=lambda look: chars[look], default=_PLAIN)


def _alike(
    pieces: Sequence[Piece], way: Callable[[Look], tuple[float, bool] | str]
) -> dict[tuple[float, bool] | str, list[int]]:
    found: dict[tuple[float, bool] | str, list[int]] = {}
    for n, piece in enumerate(pieces):
        if piece.look and piece.role == "text":
            found.setdefault(way(piece.look), []).append(n)
    return found


def _rank(piece: Piece) -> tuple[float, bool]:
    return (piece.look.size, piece.look.bold) if piece.look else (0.0, False)


def _are_heads(pieces: Sequence[Piece], places: Sequence[int], usual: Look) -> bool:
    """Tell whether pieces of one look are headlines: short, none set smaller, each over a text."""
    rank = _rank(pieces[places[0]])
    heads = [n for n in places if _may_head(pieces[n])]
    if len(heads) < _FEWEST or len(heads) < _MOST * len(places) or rank < (usual.size, usual.bold):
        return False
    parts = [pieces[n + 1 : end] for n, end in pairwise([*heads, len(pieces)]) if end > n + 1]
    over = sum(any(map(_is_running, part)) for part in parts)
    told = sum(any(map(_opens, part[:_LEAD])) for part in parts)
    whole = sum(len(piece.text) for piece in pieces)
    below = sum(len(piece.text) for piece in pieces[heads[0] :])
    return (
        len(parts) >= _FEWEST
        and over >= _MOST * len(parts)
        and told >= _TOLD * len(parts)
        and below >= _MOST * whole
    )


def _may_head(piece: Piece) -> bool:
    line = one_line(piece.text)
    return cues.may_head(line.rstrip(_ASKS)) and not is_signature(line)


def _is_running(piece: Piece) -> bool:
    line = one_line(piece.text)
    return len(line) >= _LONG or (len(line) >= _RUNNING and cues.is_closed(line))


def _opens(piece: Piece) -> bool:
    line = one_line(piece.text)
    return piece.role == "byline" or bool(cues.OPENER.match(line)) or is_signature(line)
