"""Headline lines to kicker, headline and subtitle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus import cues
from corpus.phrases import are_two_phrases
from corpus.sources import concatenated, first_space, merge, printed_lines
from corpus.text import HAN_CLASS
from corpus.types import Printed
from corpus.units import Unit

_WHOLE_HEADLINE = 11  # characters from which one line can be a whole headline
_SAME_SIZE = 0.95  # times the largest line, from which on a line is set as large
_PHRASE_CHARS = 64  # by which it is told whether one is complete
_MOST_LINES = 12  # no headline has more
_PARTED = re.compile(r"[\u4e00-\u9fff”》！？] [\u4e00-\u9fff“《]")  # two phrases parted by a space
_PARTED_BELOW = re.compile(r"[\u4e00-\u9fff”》！？] [\u4e00-\u9fff“《\d]")
_FEWEST = 6  # characters of a headline below a kicker
_ENDS_PHRASE = re.compile(rf"[{HAN_CLASS}\d%％）”》！？℃]")
_BEGINS_PHRASE = re.compile(rf"[{HAN_CLASS}\dA-Za-z“《]")
_PHRASE = 4  # characters of the shortest phrase of a headline
_FIGURE, _APART = re.compile(rf"[{HAN_CLASS}]\d"), re.compile(rf"[{HAN_CLASS}][ \u3000]\d")
_FEW = 3  # spaces before figures that headlines alone may have
_LAYOUT = 0.1  # share of the figures that a space stands before where layout put it there
_COLUMN_CHARS = 4  # of a column's name that may have got into a headline
_SIGNS = re.compile(r"[^\d，；：]{0,12}[／/|｜ ][^\d，；：]{2,4}")  # as who wrote may
DASH = re.compile(r"^(?:——|--|—)")
"""How a subtitle may open."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over or under an article.

    Attributes:
        kicker: The line above the headline, or None.
        headline: The headline, its lines joined, or None.
        subtitle: The line below it, or None.
    """

    kicker: Printed | None = None
    headline: Printed | None = None
    subtitle: Printed | None = None


def split_head(units: Sequence[Unit], *, source: str) -> Head:
    """Return the kicker, headline and subtitle of headline units in printed order.

    Their lines go on without a space, but where one is complete in itself.

    Args:
        units: The units.
        source: The text that their places count in.
    """
    if not _sets_figures_apart(source):
        units = [replace(unit, printed=_as_printed(unit.printed, source)) for unit in units]
    head = _split(units)
    parts = (head.kicker, head.headline, head.subtitle)
    kicker, headline, subtitle = (part and _spaced(part, source) for part in parts)
    return Head(kicker=kicker, headline=headline, subtitle=subtitle)


def may_be_two(head: Head, source: str) -> bool:
    """Tell whether a headline may hold what is none of it: a column's name over it, who wrote.

    A headline that was broken for lack of width has no first line as short as a column's name.
    """
    lines = printed_lines(head.headline, source) if head.headline else []
    if len(lines) < 2:
        return False
    first, second, last = lines[0].text, lines[1].text, lines[-1].text
    is_column = len(first) <= _COLUMN_CHARS and 2 * len(first) <= len(second)
    return is_column or _SIGNS.fullmatch(last) is not None


@lru_cache(maxsize=4)
def _sets_figures_apart(source: str) -> bool:
    """Tell whether a text has spaces around its figures, which part no phrases then."""
    apart = len(_APART.findall(source))
    return apart > _FEW and apart > _LAYOUT * len(_FIGURE.findall(source))


def _as_printed(printed: Printed, source: str) -> Printed:
    """Return a line of a headline with the spaces between two phrases that were read as layout."""
    places = [place for start, end in printed.ranges for place in range(start, end)]
    if len(places) != len(printed.text):
        return printed
    text, ranges, since = "", list[tuple[int, int]](), 0
    for n, (char, place) in enumerate(zip(printed.text, places, strict=True)):
        gap = source[places[n - 1] + 1 : place] if n else ""
        if (
            gap
            and gap.isspace()
            and not {*"\n\r"} & {*gap}
            and min(n - since, len(places) - n) >= _PHRASE
            and _ENDS_PHRASE.match(text[-1])
            and _BEGINS_PHRASE.match(char)
        ):
            ranges.append((places[n - 1] + 1, places[n - 1] + 2))
            text, since = f"{text} ", n
        text += char
        ranges.append((place, place + 1))
    return Printed(text, merge(ranges))


def _spaced(printed: Printed, source: str) -> Printed:
    """Return a headline, a space in place of each line's end that parts two phrases."""
    first, *others = printed_lines(printed, source)
    parts, ranges, phrase = [first.text], list(first.ranges), first.text
    for line in others:
        space = first_space(source, ranges[-1][1], line.ranges[0][0])
        if space and are_two_phrases(phrase, line.text):
            parts.append(" ")
            ranges.append(space)
            phrase = ""
        parts.append(line.text)
        ranges += line.ranges
        phrase = (phrase + line.text)[-_PHRASE_CHARS:]
    return Printed("".join(parts), merge(ranges))


def _split(units: Sequence[Unit]) -> Head:
    """Return what `split_head` does, no space between lines.

    A subtitle opens with a dash, or is a longer line that is a clause of its own (it holds a
    comma or a figure with its unit). A kicker is a first line set apart from a longer headline
    by its own punctuation or by a space that parts two phrases, or it names a series.
    """
    if not units:
        return Head()
    if any(unit.told and unit.told.role in ("kicker", "subtitle") for unit in units):
        return _split_as_told(units)
    if len(units) > 1 and cues.LETTERS.fullmatch(units[0].text):
        return replace(_split(units[1:]), kicker=units[0].printed)
    if any(unit.size for unit in units):
        return _split_by_size(units)
    marked = next((n for n, unit in enumerate(units) if unit.marked), 0)
    above = concatenated([unit.printed for unit in units[:marked]]) if marked else None
    lines = [unit.printed for unit in units[marked:]]
    if len(lines) >= 2 and not above and cues.COLUMN_NAME.fullmatch(lines[0].text):
        above, lines = lines[0], lines[1:]
    tried = range(1, min(len(lines), _MOST_LINES))
    below = next((n for n in tried if _is_subtitle(lines[n], lines[:n])), None)
    subtitle = concatenated(lines[below:]) if below is not None else None
    lines = lines[:below]
    kicker = above
    if not kicker and len(lines) >= 2 and _is_kicker(lines[0], lines[1]):
        kicker, lines = lines[0], lines[1:]
    return Head(kicker=kicker, headline=concatenated(lines), subtitle=subtitle)


def _split_as_told(units: Sequence[Unit]) -> Head:
    """Return the lines as a sidecar says; one that it does not speak of is of the headline."""
    parts: dict[str, list[Printed]] = {"kicker": [], "headline": [], "subtitle": []}
    for unit in units:
        role = unit.told.role if unit.told and unit.told.role else "headline"
        parts[role if role in parts else "headline"].append(unit.printed)
    return Head(**{name: concatenated(lines) for name, lines in parts.items() if lines})


def _split_by_size(units: Sequence[Unit]) -> Head:
    """Return what stands over and under the line that is set largest, and that line."""
    largest = max(unit.size for unit in units)
    main = [n for n, unit in enumerate(units) if unit.size > _SAME_SIZE * largest]
    parts = units[: main[0]], units[main[0] : main[-1] + 1], units[main[-1] + 1 :]
    above, head, below = ([unit.printed for unit in part] for part in parts)
    return Head(
        kicker=concatenated(above) if above else None,
        headline=concatenated(head),
        subtitle=concatenated(below) if below else None,
    )


def _is_subtitle(line: Printed, above: Sequence[Printed]) -> bool:
    if DASH.match(line.text):
        return True
    longest = max(len(part.text) for part in above)
    if re.search(r"[，；]", line.text) and "，" not in above[-1].text:
        return len(line.text) >= 0.9 * longest
    figure = re.search(r"(?<=.)\d", line.text) and not re.match(r"\d", line.text)
    whole = longest >= _WHOLE_HEADLINE or bool(_PARTED.search(above[-1].text))
    return bool(figure) and whole and len(line.text) >= longest


def _is_kicker(first: Printed, second: Printed) -> bool:
    """Tell whether the first line stands over a headline that is whole without it."""
    parted = _PARTED.search(first.text) or re.search(r"[：:，]$", first.text)
    below = _PARTED if parted else _PARTED_BELOW
    return bool(parted) != bool(below.search(second.text)) and len(second.text) >= _FEWEST
