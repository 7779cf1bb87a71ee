"""Poems of a text page: their lines end without marks, as headlines do, and are none.

A title that says so tells a poem (荷花（诗）, 雨后（外一首）, 七律·秋思), and so does who wrote it,
on a line between the title and nothing but short lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.parting import STANZA_CHARS, titles_verse
from corpus.signatures import NAME_ALONE
from corpus.units import Part, Unit


def with_verse(units: Sequence[Unit]) -> list[Unit]:
    """Return the units, the lines of a poem as its text and the name above them as its byline.

    A poem goes to where the layout parts the next article, or to a blank line.
    """
    settled = list(units)
    blocks = any(unit.block for unit in units)
    starts = [
        n
        for n, unit in enumerate(units)
        if unit.part is Part.FURNITURE or (unit.block if blocks else unit.blanks > 0)
    ]
    for start, end in pairwise([*starts, len(units)]):
        head = units[start]
        if head.part is not Part.HEAD or head.told or head.size:
            continue
        signed, held = _signed(units[start + 1 : end])
        if _is_verse(head, held, signed=signed is not None):
            if signed:
                settled[start + 1] = signed
            for n in range(end - len(held), end):
                if units[n].part is Part.HEAD:
                    settled[n] = replace(units[n], part=Part.BODY)
    return settled


def _signed(below: Sequence[Unit]) -> tuple[Unit | None, Sequence[Unit]]:
    """Return who wrote it, if right below a title, and what stands below that."""
    if len(below) > 1:
        name, *lines = below
        if name.part is Part.BYLINE:
            return name, lines
        others = any(NAME_ALONE.fullmatch(unit.text) for unit in lines)  # a list of names
        if name.part is Part.HEAD and NAME_ALONE.fullmatch(name.text) and not others:
            return replace(name, part=Part.BYLINE), lines
    return None, below


def _is_verse(head: Unit, held: Sequence[Unit], *, signed: bool) -> bool:
    """Tell whether what stands below a title, and below who wrote it, are the lines of a poem."""
    if any(unit.told or unit.opener for unit in held):
        return False
    if titles_verse(head.text):
        return bool(held)
    lines = [unit for unit in held if unit.part in (Part.HEAD, Part.BODY)]
    bare = [unit for unit in lines if unit.part is Part.HEAD]
    short = all(len(unit.text) <= STANZA_CHARS for unit in lines)
    return signed and bool(bare) and (len(bare) == len(held) or (short and len(lines) > 2))
