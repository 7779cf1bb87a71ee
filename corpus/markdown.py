"""Markdown to text whose parts are told: headings, paragraphs, front matter.

Only marks are dropped: emphasis, the addresses of links and pictures, raw HTML. What a picture
is said to show is its caption. Where there is no heading, short paragraphs that are bold
throughout are the headings; where there is none of these either, it is read as plain text is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from corpus import cues
from corpus.encodings import encoding_of
from corpus.errors import FORMATS, SourceError
from corpus.marked import Piece, Writer, one_line, write
from corpus.metadata import Metadata
from corpus.plain_tables import CELLS_PART
from corpus.printed_days import iso_in
from corpus.sidecar import checked
from corpus.types import Source

if TYPE_CHECKING:
    from markdown_it.token import Token

ENCODING = "markdown"
_MAX_CHARS = 1_000_000
_OF_BOLD = 2  # the level of a heading that only its type tells
_MOST_MARKS = {"[": 10_000, "*": 50_000, "_": 50_000}  # with more, parsing takes long
_FRONT = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_BEGUN = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n")
_NAME = re.compile(r"([\w-]+)[ \t]*[:=]")
_FIELD = re.compile(r"([\w-]+)[ \t]*:[ \t]*(.*)")
_OF_YAML = re.compile(r"\s|#|-|[\]}]|.*:|\Z")  # how a line of it begins, or what stands in it
_NO_TEXT = re.compile(r"[\[{|>]|([\"'])(?!.*\1)")  # a list, a table, a block, a quote left open
_MOST_SHOWN = 60  # characters of a value that is refused
_MOST_ID_CHARS = 64
_NAMES = {
    "id": ("id", "issue"),
    "date": ("date", "published", "日期"),
    "title": ("title", "headline", "标题"),
    "publication": ("publication", "newspaper", "paper", "bulletin", "报名"),
    "subtitle": ("subtitle", "副题"),
    "author": ("author", "authors", "byline", "作者"),
}


def source_of_markdown(data: bytes, *, name: str, path: str) -> Source:
    """Return Markdown as a source, with what its marks tell of each line.

    Raises:
        SourceError: If it is no text, too long, or holds none.
    """
    encoding = encoding_of(data)
    if encoding is None:
        raise SourceError(path, "is in none of UTF-8, GB18030, Big5", FORMATS)
    text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > _MAX_CHARS:
        raise SourceError(path, f"has more than {_MAX_CHARS} characters")
    if any(text.count(mark) > most for mark, most in _MOST_MARKS.items()):
        raise SourceError(path, "has more marks than a text that is read")
    fields, faults, body = _front_matter(text)
    pieces = list(_pieces(body))
    told = Metadata(
        id=fields.get("id"),
        date=iso_in(fields.get("date")),
        title=fields.get("title"),
        publication=fields.get("publication"),
    )
    faults = [f"front matter: {fault}" for fault in faults]
    plain = all(piece.role == "text" and not piece.level for piece in pieces)
    if plain and not (fields.get("title") or fields.get("author")):
        lines = "\n\n".join(piece.text.strip("\n") for piece in pieces)
        return Source(
            name=name,
            data=data,
            encoding=ENCODING,
            extracted=lines,
            told=told,
            faults=tuple(faults),
        )
    writer = Writer()
    if fields.get("title") and not any(piece.level == 1 for piece in pieces):
        top = [Piece(fields["title"], level=1)]
        top += [Piece(fields["subtitle"], role="subtitle")] if fields.get("subtitle") else []
        pieces = top + pieces
    if fields.get("author"):
        place = next((n for n, p in enumerate(pieces) if not (p.level or p.role == "subtitle")), 0)
        pieces.insert(place, Piece(f"作者 {fields['author']}", role="byline"))
    write(pieces, writer, digest=True)
    source = writer.source(data, name=name, path=path, encoding=ENCODING, told=told)
    return replace(source, faults=tuple(faults))


def _front_matter(text: str) -> tuple[dict[str, str], list[str], str]:
    """Return the fields of the front matter that are known, its faults, and the text behind it."""
    match = _FRONT.match(text)
    if not match:
        return {}, _without_end(text), text
    given, faults = _toml(match[2]) if match[1] == "+++" else _flat(match[2])
    if given.get("published", "").lower() in ("true", "false"):
        del given["published"]  # which tells whether it is, not when it was
    fields = {
        field: value
        for field, names in _NAMES.items()
        if (value := next((given[name] for name in names if given.get(name)), ""))
    }
    return fields, faults or list(_faults(fields)), text[match.end() :]


def _without_end(text: str) -> list[str]:
    """Return that front matter has no end, where a text begins with such; else it has a rule."""
    begun = _BEGUN.match(text)
    lines = takewhile(str.strip, text[begun.end() :].split("\n")) if begun else ()
    given = {match[1].lower() for line in lines if (match := _NAME.match(line))}
    if begun and any(not given.isdisjoint(names) for names in _NAMES.values()):
        return [f"{begun[1]} begins it, and there is no second one to end it"]
    return []


def _faults(fields: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the values of fields, in the words in which a sidecar is refused."""
    for key in ("id", "date", "title", "publication"):
        value = fields.get(key)
        if not value:
            continue
        shown = f"{key} is {value[:_MOST_SHOWN]!r}, expected"
        if key == "date" and not _is_day(iso_in(value)):
            yield f"{shown} a day such as 2021-10-07"
        if key == "id" and (len(value) > _MOST_ID_CHARS or not re.search(r"\w", value)):
            yield f"{shown} up to {_MOST_ID_CHARS} letters, digits, dots and dashes"
        if key in ("title", "publication"):
            try:
                checked(key, value)
            except ValueError as exc:
                yield str(exc)


def _is_day(text: str | None) -> bool:
    try:
        return bool(date.fromisoformat(text or ""))
    except ValueError:
        return False


def _toml(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the fields of TOML, or why it is none; its lines are counted as the file's are."""
    try:
        return {key: str(value) for key, value in tomllib.loads(f"\n{text}").items()}, []
    except RecursionError:
        return {}, ["is nested too deeply"]
    except ValueError as exc:  # TOMLDecodeError, and figures of too many digits
        return {}, [f"is no TOML: {exc}"]


def _flat(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the fields of flat YAML, quotes taken off, and those that are no text on one line.

    Other fields may be lists or nested; they are left.
    """
    one_liners = {name for field, names in _NAMES.items() if field != "author" for name in names}
    found: dict[str, str] = {}
    faults: list[str] = []
    for line in text.splitlines():
        if not _OF_YAML.match(line):
            faults.append(f"{line[:_MOST_SHOWN]!r} is no field such as date: 2021-10-07")
        if match := _FIELD.fullmatch(line.rstrip()):
            value = match[2].strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            key = match[1].lower()
            found[key] = one_line(value[1:-1] if quoted else value)
            if key in one_liners and not quoted and _NO_TEXT.match(value):
                shown = value[:_MOST_SHOWN]
                faults.append(f"{key} is {shown!r}, expected text on one line, in quotes")
    return found, faults


def _pieces(text: str) -> Iterator[Piece]:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    has_headings = any(token.type == "heading_open" for token in tokens)
    level = 0
    row: list[str] | None = None
    number = ""
    numbered = _counted(tokens)
    for n, token in enumerate(tokens):
        if token.type in ("list_item_open", "list_item_close"):
            number = f"{token.info}{token.markup} " if n in numbered else ""
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield Piece(CELLS_PART.join(row or ()))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_words(token.children or ()))
        elif token.type == "inline":
            bold = not has_headings and _is_bold_head(token.children or ())
            found = _inline(token.children or (), level=_OF_BOLD if bold else level)
            yield from _numbered(found, number)
            number = ""
        elif token.type in ("fence", "code_block"):
            yield from (Piece(line) for line in token.content.splitlines())


def _numbered(pieces: Iterator[Piece], number: str) -> Iterator[Piece]:
    """Yield the pieces of a list's item, its number before the first words."""
    for piece in pieces:
        is_first = bool(number and piece.role == "text" and piece.text.strip())
        yield replace(piece, text=number + piece.text) if is_first else piece
        number = "" if is_first else number


def _counted(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the items of lists that are numbered, each with a number of its own.

    Where all have one number, as 1., it is a sign for a list and no number.
    """
    lists: list[list[int]] = []
    found: list[int] = []
    for n, token in enumerate(tokens):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append([])
        elif token.type == "list_item_open" and token.info:
            lists[-1].append(n)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            items = lists.pop()
            if len({tokens[item].info for item in items}) == len(items):
                found += items
    return frozenset(found)


def _is_bold_head(children: Sequence[Token]) -> bool:
    """Tell whether a paragraph is bold throughout, and short enough for a headline."""
    printed = [child for child in children if child.content.strip() or child.nesting]
    words = _words(children).strip()
    return (
        len(printed) > 2
        and (printed[0].type, printed[-1].type) == ("strong_open", "strong_close")
        and sum(child.type == "strong_open" for child in printed) == 1
        and cues.may_head(words)
    )


def _inline(children: Sequence[Token], *, level: int) -> Iterator[Piece]:
    """Yield a paragraph, parted at its hard line ends, and the captions of its pictures."""
    words = _words(children)
    for part in [words] if level else words.split("\v"):
        yield Piece(part.replace("\v", ""), level=level)
    for child in children:
        if child.type == "image":
            yield Piece(child.content, role="caption")


def _words(children: Sequence[Token]) -> str:
    ends = {"softbreak": "\n", "hardbreak": "\v"}
    return "".join(
        child.content if child.type in ("text", "code_inline") else ends.get(child.type, "")
        for child in children
    )
