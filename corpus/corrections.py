"""The corrections of a sidecar, brought to the lines they speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.furniture import Page
from corpus.sidecar import Correction
from corpus.sources import Line
from corpus.text import squeeze

Corrections = Mapping[int, Correction]
"""For the index of a line, how it is to be read."""

_SHOWN = 24


def placed(
    corrections: Sequence[Correction], lines: Sequence[Line]
) -> tuple[Corrections, list[str]]:
    """Return the corrections by the index of their line, and what is wrong with the others.

    One whose line is not there, or does not begin with the words it quotes, is not followed.
    """
    found: dict[int, Correction] = {}
    problems: list[str] = []
    by_number = {line.number: index for index, line in enumerate(lines)}
    for one in corrections:
        index = by_number.get(one.number)
        if index is not None and _begins(lines[index], one):
            found[index] = one
        else:
            there = repr(lines[index].text[:_SHOWN]) if index is not None else "nothing"
            told = f"line {one.number} is {there}, not {one.text[:_SHOWN]!r}"
            others = [str(line.number) for line in lines if _begins(line, one)]
            told += f", which begins line {' and '.join(others[:3])}" if others else ""
            problems.append(told)
    return found, problems


def _begins(line: Line, one: Correction) -> bool:
    return squeeze(line.text).startswith(squeeze(one.text))


def corrected(page: Page, corrections: Corrections) -> Page:
    """Return what is furniture, as far as the corrections say otherwise."""
    told = {index for index, one in corrections.items() if one.role}
    furniture = {index for index, one in corrections.items() if one.role == "furniture"}
    return replace(page, furniture=(page.furniture - told) | furniture)


def told_to_go_on(corrections: Corrections, index: int) -> bool | None:
    """Tell whether the line after an index goes on with the one at it, None where nothing tells."""
    here, following = corrections.get(index), corrections.get(index + 1)
    if following and following.starts:
        return following.starts == "nothing"
    apart = any(one and one.role and one.role != "text" for one in (here, following))
    return False if apart else None
