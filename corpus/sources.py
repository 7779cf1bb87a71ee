"""Bytes of a file to its text and its printed lines, each with its place."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.encodings import as_text, encoding_of, is_binary
from corpus.errors import FORMATS, SourceError
from corpus.plain_tables import CELLS_PART
from corpus.text import APART, HAN, text_at, width
from corpus.types import Box, Printed, Ranges, SetLine, Source

MAX_BYTES = 64 * 1024 * 1024
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_APART = re.compile(f"[{APART}]")
_BLANK = "".join(map(chr, [*range(0x01, 0x21), 0x7F, 0x85, 0xA0, 0x3000, 0x200B, 0xFEFF]))


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line that is not blank.

    Attributes:
        text: The line with layout spaces dropped.
        ranges: Where `text` stands in the source.
        width: Width of `text` in columns: layout spaces count nothing.
        set_width: Width with them, as the line is set.
        indent: Width of the white space before it.
        blanks: Blank lines between it and the line before.
        number: Line number in the file, from 1.
        spaced: Whether its characters are set apart by spaces to fill the line.
        is_row: Whether it has cells, and a line above or below has as many.
        told: What its page tells of it, None where there is but text.
        size: The size of its type, points, where a document sets it as a headline; else 0.
        n_lead: Characters of white space before it.
    """

    text: str
    ranges: Ranges
    width: int
    set_width: int
    indent: int
    blanks: int
    number: int
    spaced: bool = False
    is_row: bool = False
    told: SetLine | None = None
    size: float = 0.0
    n_lead: int = 0

    @property
    def n_chars(self) -> int:
        """How many characters it has in the source, to the last that is printed."""
        return self.n_lead + self.ranges[-1][1] - self.ranges[0][0]

    @property
    def printed(self) -> Printed:
        """Its text with its place."""
        return Printed(self.text, self.ranges)


def read_file(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        SourceError: If it is missing, no file, or too large.
    """
    shown = as_text(str(path))
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "no regular file"
            raise SourceError(shown, f"is {kind}, expected a file")
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SourceError(shown, f"is larger than {MAX_BYTES // 2**20} MiB")
        return data
    except OSError as exc:
        raise SourceError(shown, (exc.strerror or str(exc)).lower()) from exc


def source_of(data: bytes, *, name: str, path: str | None = None, reader: str = "") -> Source:
    """Return bytes that are at hand as a source.

    Args:
        data: The bytes.
        name: The file's name; its ending tells Markdown and HTML, all else is told by the bytes.
        path: What messages call it, None for its name.
        reader: What reads web pages: empty for our own, `trafilatura`; or the `encoding` of a
            source that was read before and shall be read the same way.

    Raises:
        SourceError: If they are empty, binary, in no encoding that is read, or hold no text.
        MissingExtraError: If what shall read them is not installed.
    """
    from corpus import formats

    shown = path or name
    if not data.strip():
        raise SourceError(shown, "is empty")
    extract = formats.extractor(data, name=name, reader=reader)
    return extract(data, name=name, path=shown) if extract else _plain(data, name, shown)


def is_blank(text: str) -> bool:
    """Tell whether a text prints nothing."""
    return not text.strip(_BLANK)


def _plain(data: bytes, name: str, shown: str) -> Source:
    """Return the bytes of a text file as a source."""
    encoding = encoding_of(data)
    text = data.decode(encoding) if encoding else ""
    if b"\x00" in data and not (encoding or "").startswith("utf-16"):
        raise SourceError(shown, "is binary, expected text", FORMATS)
    if encoding is None:
        marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if marked:
            raise SourceError(shown, "is damaged UTF-16")
        raise SourceError(shown, "is in none of UTF-8, GB18030, Big5", FORMATS)
    if is_binary(text):
        raise SourceError(shown, "is binary, expected text", FORMATS)
    if is_blank(text):
        raise SourceError(shown, "is empty")
    return Source(name=name, data=data, encoding=encoding)


def lines_of(source: Source) -> list[Line]:
    """Return the lines of a source that print something, with what its pages tell of them."""
    lines = split_lines(source.text)
    if source.sizes:
        sizes = zip(lines, source.sizes, strict=True)
        return [replace(line, size=size) for line, size in sizes]
    told = iter(source.lines)
    return [replace(line, told=next(told)) for line in lines] if source.lines else lines


def boxes_of(ranges: Ranges, lines: Sequence[SetLine]) -> tuple[Box, ...]:
    """Return where a text stands on the pages: one box for each column that it runs through."""
    boxes: dict[int, Box] = {}
    for start, end in ranges:
        first = bisect_right(lines, start, key=lambda line: line.start) - 1
        last = bisect_left(lines, end, key=lambda line: line.start)
        for line in lines[max(first, 0) : last]:
            if line.end > start:
                boxes[line.block] = _around(boxes.get(line.block, line.box), line.box)
    return tuple(boxes.values())


def _around(box: Box, other: Box) -> Box:
    return Box(
        box.page,
        min(box.left, other.left),
        min(box.top, other.top),
        max(box.right, other.right),
        max(box.bottom, other.bottom),
    )


def split_lines(text: str) -> list[Line]:
    """Return the lines that print something, in order, layout spaces dropped."""
    lines: list[Line] = []
    start = blanks = 0
    ends = [*((m.start(), m.end()) for m in _LINE_END.finditer(text)), (len(text), 0)]
    for number, (end, after) in enumerate(ends, start=1):
        raw = text[start:end]
        body = raw.strip(_BLANK)
        if body:
            first = start + len(raw) - len(raw.lstrip(_BLANK))
            lead = raw[: first - start].replace("\ufeff", "")
            indent = width(lead.replace("\t", "  "))
            spaced = is_spaced(body)
            printed = _without_layout(text, first, first + len(body), spaced=spaced)
            lines.append(
                Line(
                    text=printed.text,
                    ranges=printed.ranges,
                    width=width(printed.text),
                    set_width=width(body),
                    indent=indent,
                    blanks=blanks,
                    number=number,
                    spaced=spaced,
                    n_lead=len(lead),
                )
            )
            blanks = 0
        else:
            blanks += 1
        start = after
    bars = [line.text.count(CELLS_PART) for line in lines]
    return [
        replace(line, is_row=True) if n and n in (before, after) else line
        for line, before, n, after in zip(lines, [0, *bars], bars, [*bars[1:], 0], strict=False)
    ]


def is_spaced(body: str) -> bool:
    """Tell whether a line is letter-spaced: nearly each character stands alone.

    >>> is_spaced("春 风 又 绿 、 江 南 两 岸"), is_spaced("李明 王芳"), is_spaced("5 月 6 日")
    (True, False, False)
    >>> is_spaced("更　正")
    True
    """
    parts = body.split()
    alone = sum(len(part) == 1 for part in parts)
    if len(parts) in (2, 3):
        return alone == len(parts) and all(map(HAN.match, parts))
    return (
        len(parts) >= 4
        and alone >= 0.8 * len(parts)
        and sum(bool(HAN.match(part)) for part in parts) >= 0.6 * len(parts)
    )


def _without_layout(source: str, start: int, end: int, *, spaced: bool) -> Printed:
    """Return a line's text without the spaces that only the layout put there.

    A single space stays between two words or numbers of a script that parts them, and between two
    Chinese characters or beside a closing quotation mark, where it parts phrases; all else goes.
    """
    ranges: list[tuple[int, int]] = []
    text: list[str] = []
    place = start
    while place < end:
        if source[place] in _BLANK:
            stop = place
            while source[stop] in _BLANK:
                stop += 1
            space = first_space(source, place, stop)
            if space and not spaced and _parts_words(source[place - 1], source[stop]):
                text.append(" ")
                ranges.append(space)
            place = stop
            continue
        text.append(source[place])
        ranges.append((place, place + 1))
        place += 1
    return Printed("".join(text), merge(ranges))


def first_space(source: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the place of the first white space, None where only marks of no width stand."""
    place = next((place for place in range(start, end) if source[place].isspace()), None)
    return None if place is None else (place, place + 1)


def _parts_words(before: str, after: str) -> bool:
    """Tell whether a space between two characters is part of the text.

    >>> _parts_words("G", "n"), _parts_words("月", "7"), _parts_words("势", "奋")
    (True, False, True)
    """
    if CELLS_PART in (before, after):
        return False
    apart = bool(_APART.match(before) and _APART.match(after))
    return apart or ((bool(HAN.match(before)) or before in "”’》") and bool(HAN.match(after)))


def merge(ranges: list[tuple[int, int]]) -> Ranges:
    """Return the same ranges in the same order, neighbours that touch joined."""
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def concatenated(parts: Sequence[Printed]) -> Printed:
    """Return pieces as one, nothing between them."""
    places = [place for part in parts for place in part.ranges]
    return Printed("".join(part.text for part in parts), merge(places))


def printed_lines(printed: Printed, source: str) -> list[Printed]:
    """Return a printed text as the lines of the source that it stands in, in order."""
    lines: list[list[tuple[int, int]]] = []
    end = 0
    for place in printed.ranges:
        if not lines or _LINE_END.search(source, end, max(end, place[0])):
            lines.append([])
        lines[-1].append(place)
        end = place[1]
    return [Printed(text_at(source, tuple(places)), tuple(places)) for places in lines]


def part_of(printed: Printed, *, start: int, end: int) -> Printed:
    """Return part of a printed text with its places; `start` and `end` count its characters.

    Only for texts with no collapsed white space: each character stands for one of the source.
    """
    text = printed.text[start:end].strip()
    lead = len(printed.text[start:end]) - len(printed.text[start:end].lstrip())
    places = [place for first, last in printed.ranges for place in range(first, last)]
    kept = places[start + lead : start + lead + len(text)]
    ranges: list[tuple[int, int]] = []
    for place in kept:
        if ranges and ranges[-1][1] == place:
            ranges[-1] = (ranges[-1][0], place + 1)
        else:
            ranges.append((place, place + 1))
    return Printed(text, tuple(ranges))
