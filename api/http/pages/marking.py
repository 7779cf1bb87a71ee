"""Printed words cut into runs, some of them marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpus.types import Range

_MARK = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_MAX_MARKS = 50


class Run(NamedTuple):
    """A stretch of text; `marked` tells whether it is highlighted."""

    text: str
    marked: bool


def marks_from(told: str) -> list[Range]:
    """Return the stretches that `?mark=` names, in order, none touching; the rest is ignored.

    >>> marks_from("7-9,0-4,3-5,x,9-1")
    [(0, 5), (7, 9)]
    """
    found = [_MARK.fullmatch(part) for part in told.split(",")[:_MAX_MARKS]]
    return joined((int(match[1]), int(match[2])) for match in found if match)


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Return ranges in order, those that touch made one and empty ones left out."""
    kept: list[Range] = []
    for start, end in sorted(pair for pair in ranges if pair[0] < pair[1]):
        if kept and start <= kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((start, end))
    return kept


def runs(text: str, marks: Sequence[Range]) -> list[Run]:
    """Return a text in runs that joined give it again.

    Args:
        text: The text.
        marks: In order, none touching; what lies outside the text is ignored.

    >>> runs("共有75名干部", [(2, 4)])
    [Run(text='共有', marked=False), Run(text='75', marked=True), Run(text='名干部', marked=False)]
    """
    found, done = [], 0
    for start, end in marks:
        start, end = max(start, 0), min(end, len(text))
        if start >= end:
            continue
        found += [Run(text[done:start], marked=False), Run(text[start:end], marked=True)]
        done = end
    found.append(Run(text[done:], marked=False))
    return [run for run in found if run.text]
