"""A Word document to text whose parts are told: headings, paragraphs, captions.

Read are the words of the body, as Word shows them with all changes accepted: no deleted or
hidden text, no headers, footers, notes or comments. A table is read row by row. Where no
paragraph has a heading's style, the text is read as plain text is, each paragraph a line; blank
lines then stand above what is set as a headline (centred, larger or bold), or where the document
has empty paragraphs. That a document was written on a day does not tell when it was published, so
that no date is taken from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol
from xml.parsers import expat

from corpus.cues import may_head
from corpus.errors import SourceError
from corpus.marked import Piece, Writer, one_line, write
from corpus.metadata import Metadata
from corpus.plain_tables import CELLS_PART
from corpus.sources import is_blank
from corpus.types import Role, Source
from corpus.zips import content, opened

ENCODING = "docx"
_MOST_ELEMENTS = 5_000_000
_DEEPEST = 256
_USUAL = 24  # half points: a size over 12 points is larger than a style's that is not told
_BODY_LEVEL = 9  # what Word calls the outline level of running text
_HEADS = 0.8  # share of the paragraphs below empty ones that may be headlines, if these part
_BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
_SKIPPED = {"Fallback", "instrText", "delText", "del", "moveFrom"}
_ROLES: dict[str, Role] = {"subtitle": "subtitle", "caption": "caption", "题注": "caption"}


def source_of_docx(data: bytes, *, name: str, path: str) -> Source:
    """Return a Word document as a source, with what its styles tell of each line.

    Raises:
        SourceError: If it is damaged, hostile, or holds no text.
    """
    styles, body, core = _Styles(), _Body(), _Core()
    with opened(data, path=path) as archive:
        names = {info.filename: info for info in archive.infolist()}
        parts = (("word/styles.xml", styles), ("word/document.xml", body))
        for part, reader in (*parts, ("docProps/core.xml", core)):
            if part in names:
                _parse(content(archive, names[part], path=path), reader, path=path)
    pieces = [_piece(paragraph, styles) for paragraph in body.paragraphs]
    writer = Writer()
    told = Metadata(title=one_line(core.title) or None)
    styled = sum(piece.level > 0 for piece in pieces)
    if styled and 2 * styled >= sum(_starts_of_heads(body.paragraphs)):
        write(pieces, writer, digest=True)
        return writer.source(data, name=name, path=path, encoding=ENCODING, told=told)
    text = _as_plain(body.paragraphs)
    if not text:
        raise SourceError(path, "holds no text")
    sizes = _head_sizes([one for one in body.paragraphs if one.prints])
    return Source(name=name, data=data, encoding=ENCODING, extracted=text, told=told, sizes=sizes)


class _Reader(Protocol):
    """Takes the elements of one part of the document, namespaces left off."""

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Take the start of an element."""
        ...

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        ...

    def text(self, text: str) -> None:
        """Take text inside the element that is open."""
        ...


def _parse(data: bytes, reader: _Reader, *, path: str) -> None:
    """Give the elements of an XML file to a reader.

    Word writes no document type, which is where entities that blow up are declared.

    Raises:
        SourceError: If it is no XML, has a document type, or nests or holds too much.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = count = 0

    def refuse(*_: object) -> None:
        raise SourceError(path, "declares a document type, which no Word document has")

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            raise SourceError(path, "nests or holds more elements than a document does")
        reader.start(_local(tag), {_local(name): value for name, value in values.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(_local(tag))

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as exc:
        raise SourceError(path, f"is a damaged Word document: {exc}") from exc


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read.

    Attributes:
        words: Its text.
        style: The id of its style.
        level: The level of heading that it says itself, 0 for nothing.
        centred: Whether its lines are centred.
        bold: Whether all of its text is bold.
        size: The largest size of its type, half points; 0 where it is its style's.
        n_filled: How many of its cells are filled, if it is a row of a table.
    """

    words: list[str] = field(default_factory=list)
    style: str = ""
    level: int = 0
    centred: bool = False
    bold: bool = True
    size: int = 0
    n_filled: int = 0

    @property
    def prints(self) -> bool:
        """Whether it prints anything."""
        return not is_blank(self.line)

    @property
    def line(self) -> str:
        """Its text as one line."""
        return one_line("".join(self.words))


@dataclass(slots=True)
class _Run:
    """A stretch of text set alike, while it is read."""

    words: list[str] = field(default_factory=list)
    bold: bool = False
    size: int = 0


class _Body:
    """The paragraphs of the body, those of text boxes where they are anchored."""

    def __init__(self) -> None:
        self.paragraphs: list[_Paragraph] = []
        self._open: list[_Paragraph] = []
        self._runs: list[_Run] = []
        self._rows: list[list[int]] = []  # of each open row: where it began, how many cells
        self._tables: list[int] = []  # where each open table began
        self._hidden = 0  # how many runs were open when one was found to be hidden
        self._skipped = 0
        self._in_text = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Take the start of an element."""
        if self._skipped or tag in _SKIPPED:
            self._skipped += 1
        elif tag == "p":
            self._open.append(_Paragraph())
        elif tag == "r":
            self._runs.append(_Run())
        elif tag == "tbl":
            self._tables.append(len(self.paragraphs))
        elif tag == "tr":
            self._rows.append([len(self.paragraphs), 0])
        elif tag == "tc" and self._rows:
            self._rows[-1][1] += 1
        elif tag in _BREAKS and self._runs:
            self._runs[-1].words.append(_BREAKS[tag])
        elif tag == "vanish" and self._runs and values.get("val") not in ("0", "false"):
            self._hidden = len(self._runs)
        elif self._open:
            self._set(tag, values.get("val", ""))
        self._in_text = tag == "t" and not self._skipped

    def _set(self, tag: str, value: str) -> None:
        if tag == "pStyle":
            self._open[-1].style = value
        elif tag == "outlineLvl":
            self._open[-1].level = _level(value)
        elif tag == "jc":
            self._open[-1].centred = value == "center"
        elif tag == "b" and self._runs:  # outside of a run it is the sign of the paragraph's end
            self._runs[-1].bold = value not in ("0", "false")
        elif tag == "sz" and self._runs and value.isascii() and value.isdigit():
            self._runs[-1].size = int(value)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self._in_text = False
        if self._skipped:
            self._skipped -= 1
        elif tag == "p" and self._open:
            self.paragraphs.append(self._open.pop())
        elif tag == "r" and self._runs:
            run = self._runs.pop()
            if self._open and len(self._runs) + 1 != self._hidden:
                self._add(run, self._open[-1])
            self._hidden = min(self._hidden, len(self._runs))
        elif tag == "tr" and self._rows:
            self._end_row(*self._rows.pop())
        elif tag == "tbl" and self._tables:
            self._end_table(self._tables.pop())

    def _add(self, run: _Run, paragraph: _Paragraph) -> None:
        paragraph.words += run.words
        if "".join(run.words).strip():
            paragraph.bold &= run.bold
            paragraph.size = max(paragraph.size, run.size)

    def _end_row(self, start: int, n_cells: int) -> None:
        """Make a row one line, unless its cells hold more than a line each.

        An empty cell keeps its place, else those behind it would stand in other columns; a row
        of empty cells prints nothing.
        """
        cells = ["".join(one.words).strip() for one in self.paragraphs[start:]]
        if 1 < len(cells) <= n_cells:
            words = [CELLS_PART.join(cells)] if any(cells) else []
            self.paragraphs[start:] = [
                _Paragraph(words, bold=False, n_filled=sum(map(bool, cells)))
            ]

    def _end_table(self, start: int) -> None:
        """Drop the empty cells of a table without a row of two that are filled: it sets a page."""
        rows = [one for one in self.paragraphs[start:] if one.n_filled]
        if all(row.n_filled == 1 for row in rows):
            for row in rows:
                row.words = ["".join(row.words).strip(CELLS_PART)]

    def text(self, text: str) -> None:
        """Take text inside the element that is open."""
        if self._in_text and self._runs:
            self._runs[-1].words.append(text)


class _Styles:
    """What the styles say: their names, those they follow, and their outline levels."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.levels: dict[str, int] = {}
        self._based: dict[str, str] = {}
        self._style = ""

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Take the start of an element."""
        value = values.get("val", "")
        if tag == "style":
            self._style = values.get("styleId", "")
        elif tag == "name":
            self.names[self._style] = value.lower()
        elif tag == "basedOn":
            self._based[self._style] = value
        elif tag == "outlineLvl":
            self.levels[self._style] = _level(value)

    def end(self, tag: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take text; styles have none."""

    def level(self, style: str) -> int:
        """Return the level of a style's headings, the title's 1, 0 where it is none of headings."""
        for _ in range(8):  # styles that follow one another
            name = self.names.get(style, style.lower())
            if name in ("title", "标题"):
                return 1
            if match := re.fullmatch(r"(?:heading|标题)\s*([1-6])", name):
                return int(match[1]) + 1
            if style in self.levels:
                return self.levels[style]
            style = self._based.get(style, "")
        return 0


class _Core:
    """The title in the properties of the document."""

    def __init__(self) -> None:
        self.title = ""
        self._tag = ""

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Take the start of an element."""
        self._tag = tag

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self._tag = ""

    def text(self, text: str) -> None:
        """Take text inside the element that is open."""
        if self._tag == "title":
            self.title += text


def _level(value: str) -> int:
    """Return the level of a heading from Word's outline level, which counts from 0."""
    level = int(value) if value.isascii() and value.isdigit() else _BODY_LEVEL
    return level + 2 if level < 6 else 0


def _as_plain(paragraphs: Sequence[_Paragraph]) -> str:
    """Return the text of a document without headings, a line for each printed paragraph.

    A blank line stands above each headline, as far as how it is set tells, else for each empty
    paragraph, or where these stand above many more headlines; where neither parts anything,
    between all.
    """
    told = [one for one in paragraphs if one.prints]
    starts = _starts_of_heads(told)
    empty = [
        not before.prints
        for before, one in pairwise([_Paragraph(["-"]), *paragraphs])
        if one.prints
    ]
    heads = sum(
        after and may_head(one.line) for one, after in zip(told[1:], empty[1:], strict=True)
    )
    if (heads > 2 * sum(starts[1:]) and heads >= _HEADS * sum(empty[1:])) or not any(starts[1:]):
        starts = empty
    parted = any(starts[1:])
    lines = (
        f"\n{one.line}" if start or not parted else one.line
        for one, start in zip(told, starts, strict=True)
    )
    return "\n".join(lines).strip("\n")


def _head_sizes(paragraphs: Sequence[_Paragraph]) -> tuple[float, ...]:
    """Return the size of each paragraph that is short and set larger than most, points, else 0."""
    usual = _usual_size(paragraphs) or _USUAL
    return tuple(
        one.size / 2 if one.size > usual and may_head(one.line) else 0.0 for one in paragraphs
    )


def _usual_size(paragraphs: Sequence[_Paragraph]) -> int:
    sizes = Counter[int]()
    for one in paragraphs:
        sizes[one.size] += len(one.line)
    return max(sizes, key=lambda size: sizes[size], default=0)


def _starts_of_heads(paragraphs: Sequence[_Paragraph]) -> list[bool]:
    """Tell where a headline begins by how it is set: centred, else larger than most, else bold.

    A masthead may be centred and nothing else, so a way that tells far fewer is not followed.
    """
    short = [may_head(one.line) for one in paragraphs]
    usual = _usual_size(paragraphs) or _USUAL
    ways = (
        [one.centred for one in paragraphs],
        [one.size > usual for one in paragraphs],
        [one.bold for one in paragraphs],
    )
    found = []
    for way in ways:
        heads = [told and may for told, may in zip(way, short, strict=True)]
        starts = [is_head and not before for before, is_head in pairwise([False, *heads])]
        found.append(starts if not all(way) else [False] * len(starts))
    most = max(map(sum, found))
    return next(starts for starts in found if 2 * sum(starts) >= most)


def _piece(paragraph: _Paragraph, styles: _Styles) -> Piece:
    level = paragraph.level or styles.level(paragraph.style)
    name = styles.names.get(paragraph.style, paragraph.style.lower())
    role = _ROLES.get(name, "text")
    return Piece("".join(paragraph.words), level=0 if role != "text" else level, role=role)
