"""What units are as those around them tell: a headline may be a list's row, or end in ！ or ？."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from corpus import cues
from corpus.signatures import NAME_ALONE, is_name, post_and_names
from corpus.units import Part, Unit

_LETTER_UNITS = 6  # paragraphs of a letter to the editor
_MOST_SIGN = 4  # lines of who issued a notice together, each body on its own
_FEWEST_CELLS, _FEWEST_ROWS = 3, 3  # of a list whose rows have cells
_ASKING_CHARS = 30  # a headline that asks or exclaims is no longer


def settled(units: Sequence[Unit]) -> list[Unit]:
    """Return units with their parts settled by their neighbours."""
    found = [_settle(units, place) for place in range(len(units))]
    return _with_signatures(_with_first_briefs(found))


def _settle(units: Sequence[Unit], place: int) -> Unit:
    """Return a unit with its part settled by those around it, of which none is settled yet."""
    unit = units[place]
    before = units[place - 1] if place else None
    following = units[place + 1] if place + 1 < len(units) else None
    if unit.part is Part.HEAD and _is_name_under_head(unit, before, following):
        return replace(unit, part=Part.BYLINE)
    if unit.part is Part.HEAD and (
        _is_day_under_head(unit, before) or _signs_letter(units, place, unit)
    ):
        return replace(unit, part=Part.BODY)
    if unit.part is Part.HEAD and (
        _is_of_text(unit, before, following)
        or (_n_cells(unit) >= _FEWEST_CELLS and _in_rows(units, place))
    ):
        return replace(unit, part=Part.BODY)
    if unit.part is Part.BODY and _asks_over_story(unit, following):
        return replace(unit, part=Part.HEAD)
    return unit


def _is_name_under_head(unit: Unit, before: Unit | None, following: Unit | None) -> bool:
    if before is None or before.part is not Part.HEAD:
        return False
    set_apart = before.size > unit.size and is_name(unit.text)
    return bool(
        (NAME_ALONE.fullmatch(unit.text) or post_and_names(unit.text) or set_apart)
        and following is not None
        and following.part is Part.BODY
    )


def _is_day_under_head(unit: Unit, before: Unit | None) -> bool:
    """Tell whether a line is the day of a speech, right below its headline."""
    above = before is not None and before.part is Part.HEAD and not unit.blanks
    return above and bool(cues.DAY_BELOW_HEAD.fullmatch(unit.text))


def _signs_letter(units: Sequence[Unit], place: int, unit: Unit) -> bool:
    """Tell whether a line says who wrote the letter to the editor above it, and from where."""
    above = units[max(0, place - _LETTER_UNITS) : place]
    is_below = bool(above) and above[-1].part is Part.BODY and above[-1].closed
    return (
        is_below
        and bool(post_and_names(unit.text))
        and any(cues.opens_letter(one.text) for one in above)
    )


def _is_of_text(unit: Unit, before: Unit | None, following: Unit | None) -> bool:
    """Tell whether a line is one of a text, and heads nothing, by the line before or after it."""
    if cues.IN_BRACKETS.fullmatch(unit.text) and (
        following is None or following.part is not Part.BODY
    ):
        return True  # （散文）, under its last line
    if cues.LABELLED.match(unit.text):
        beside = [one for one in (before, following) if one and one.part is not Part.FURNITURE]
        if any(cues.is_labelled(one.text) for one in beside):
            return True
    if before is not None and _signs_off(unit, before, following):
        return True
    return following is not None and bool(cues.DAY.fullmatch(following.text))


def _asks_over_story(unit: Unit, following: Unit | None) -> bool:
    """Tell whether a line that asks or exclaims stands over a story, as its headline."""
    return bool(
        re.search(r"[！？!?]$", unit.text)
        and len(unit.widths) == 1
        and len(unit.text) <= _ASKING_CHARS
        and not unit.column
        and "。" not in unit.text
        and not cues.ASKED.match(unit.text)
        and following is not None
        and (
            following.opener
            or cues.opens_letter(following.text)
            or following.part is Part.BYLINE
            or (unit.blanks and following.blanks)
        )
    )


def _signs_off(unit: Unit, before: Unit, following: Unit | None) -> bool:
    """Tell whether a line says who issued the notice, or wrote the letter, that it stands below.

    That is a body's name, or 读者 and a name, set to the right, with the day behind it, or close to
    the text and apart from what follows.
    """
    told = cues.SIGN_OFF.fullmatch(unit.text)
    ends = following is None or following.blanks > 0 or following.part is Part.FURNITURE
    close = ends and not unit.blanks
    return bool(
        told and (unit.right or told["day"] or close) and before.part is Part.BODY and before.closed
    )


def _n_cells(unit: Unit) -> int:
    """Return into how many cells spaces part a line, those of layout that were dropped too."""
    return unit.text.count(" ") + len(unit.printed.ranges) if len(unit.widths) == 1 else 0


def _in_rows(units: Sequence[Unit], place: int) -> bool:
    """Tell whether a line stands among others with as many cells, as of a list of winners."""
    n_rows = 1
    for others in (
        reversed(units[max(0, place - _FEWEST_ROWS) : place]),
        units[place + 1 : place + 1 + _FEWEST_ROWS],
    ):
        n_rows += sum(
            1 for _ in takewhile(lambda one: _n_cells(one) == _n_cells(units[place]), others)
        )
    return n_rows >= _FEWEST_ROWS


def _with_first_briefs(units: list[Unit]) -> list[Unit]:
    """Return the units; below the headline of short news what the first is about is text.

    What opens it begins no other article then.
    """
    for place, (head, unit, following) in enumerate(zip(units, units[1:], units[2:], strict=False)):
        heads = head.part is unit.part is Part.HEAD and following.part is Part.BODY
        if heads and cues.BRIEFS.fullmatch(head.text):
            units[place + 1] = replace(unit, part=Part.BODY)
            units[place + 2] = replace(following, opener=False)
    return units


def _with_signatures(units: list[Unit]) -> list[Unit]:
    """Return the units; who issued a notice, each body on its line over the day, is its text.

    Else the first of them would head the next article.
    """
    for place, unit in enumerate(units):
        signed = cues.SIGN_OFF.fullmatch(unit.text)
        dated = cues.DAY.fullmatch(unit.text) or (signed and signed["day"])
        if unit.part is Part.FURNITURE or not dated:
            continue
        above = reversed(units[max(0, place - _MOST_SIGN) : place])
        n = sum(1 for _ in takewhile(_may_issue, above))
        if place - n and units[place - n - 1].part is Part.BODY:
            for at in range(place - n, place + 1):
                units[at] = replace(units[at], part=Part.BODY)
    return units


def _may_issue(unit: Unit) -> bool:
    return unit.part in (Part.HEAD, Part.BODY) and bool(cues.SIGN_OFF.fullmatch(unit.text))
