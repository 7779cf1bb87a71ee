"""A saved web page to text whose parts are told: headlines, paragraphs, captions, by their tags.

The text is that of the page without its navigation, scripts and lists of links. Where a site
marks its parts in a way that `data/sites.toml` tells, those are taken; else the articles it marks,
else where most running text stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus import cues
from corpus.encodings import encoding_of, known
from corpus.errors import FORMATS, MissingExtraError, SourceError
from corpus.marked import Piece, Writer, one_line, write
from corpus.metadata import Metadata
from corpus.tags import MAX_BYTES, TagsError, cut
from corpus.types import Source

if TYPE_CHECKING:
    from corpus.page import Page

ENCODING = "html"
TRAFILATURA = "html+trafilatura"
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,80}?encoding=[\"']([\w-]{1,40})",
    re.IGNORECASE,
)
_HEAD_BYTES = 8192
_DAMAGED = 0.005  # share of characters that may be broken


def source_of_html(data: bytes, *, name: str, path: str, reader: str = "") -> Source:
    """Return a web page as a source, with what its tags tell of each line.

    Args:
        data: The page.
        name: Its file's name.
        path: What messages call it.
        reader: `trafilatura` for that library's choice of what the text is; else ours.

    Raises:
        SourceError: If it is too large, in no known encoding, hostile, or holds no text.
        MissingExtraError: If trafilatura is asked for and not installed.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(path, f"is larger than {MAX_BYTES // 2**20} MiB, the most for a page")
    try:
        by_other = reader.endswith("trafilatura")
        page = cut(decoded(data, path=path), looks=not by_other)
    except TagsError as exc:
        raise SourceError(path, str(exc)) from exc
    if by_other:
        return _by_trafilatura(page, data, name=name, path=path)
    from corpus.page import page_of

    read = page_of(page)
    writer = Writer()
    for pieces in _articles(read):
        writer.begin()
        write(pieces, writer, digest=False)
    source = writer.source(data, name=name, path=path, encoding=ENCODING, told=read.told)
    return replace(source, n_running=read.n_running, n_kept=read.n_kept)


def decoded(data: bytes, *, path: str) -> str:
    """Return a page's text; a few broken bytes are no harm, for its text is kept beside it.

    Raises:
        SourceError: If it is in no encoding that is read.
    """
    match = _DECLARED.search(data[:_HEAD_BYTES])
    declared = (match[1] or match[2]).decode("ascii") if match else None
    encoding = encoding_of(data, declared=declared)
    if encoding:
        return data.decode(encoding).removeprefix("\ufeff")
    tried = (known(declared), "utf-8", "gb18030", "big5hkscs")
    texts = [data.decode(name, "replace") for name in dict.fromkeys(tried) if name]
    best = min(texts, key=lambda text: text.count("\ufffd"))
    if "\x00" in best or best.count("\ufffd") > _DAMAGED * len(best):
        raise SourceError(path, "is in no encoding that is read", FORMATS)
    return best


def _articles(read: Page) -> list[list[Piece]]:
    """Return the pieces of each article, its headline first where one is told."""
    if len(read.articles) > 1:
        return [_with_top_heading(_beside_headings(pieces)) for pieces in read.articles]
    first = _beside_headings(read.articles[0] if read.articles else ())
    pieces = [piece for piece in first if not _repeats(piece, read.headline)]
    headed = any(piece.level == 1 for piece in pieces)
    if headed or not read.headline or _is_digest(pieces):
        return [pieces]
    head = [Piece(read.headline, level=1)]
    return [[*read.above, *head, *read.below, *pieces]]


def _beside_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces; what is named a kicker or subtitle and is beside no heading is text."""
    beside = {"kicker": 1, "subtitle": -1}
    found: list[Piece] = []
    for n, piece in enumerate(pieces):
        at = n + beside.get(piece.role, 0)
        is_one = at == n or (0 <= at < len(pieces) and pieces[at].level > 0)
        found.append(piece if is_one else replace(piece, role="text"))
    return found


def _with_top_heading(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces of one of several articles, its first heading the headline."""
    first = next((n for n, piece in enumerate(pieces) if piece.level), None)
    return [
        Piece(piece.text, level=1 if n == first else 2 if piece.level else 0, role=piece.role)
        for n, piece in enumerate(pieces)
    ]


def _repeats(piece: Piece, headline: str | None) -> bool:
    return bool(headline) and one_line(piece.text) == headline


def _is_digest(pieces: list[Piece]) -> bool:
    """Tell whether headings part a page into articles: two or more, and no text before them."""
    first = next((n for n, piece in enumerate(pieces) if piece.level), None)
    if first is not None and pieces[first].look:  # which only headlines of several stories have
        return True
    if first is None or any(cues.is_closed(one_line(piece.text)) for piece in pieces[:first]):
        return False
    return sum(piece.level == pieces[first].level for piece in pieces) > 1


def _by_trafilatura(page: str, data: bytes, *, name: str, path: str) -> Source:
    """Return a page with the text that trafilatura finds in it."""
    try:
        from trafilatura import bare_extraction
    except ImportError as exc:
        raise MissingExtraError("html") from exc
    found = bare_extraction(page, include_comments=False, with_metadata=True)
    told = found if isinstance(found, dict) else found.as_dict() if found else {}
    writer = Writer()
    if told.get("title"):
        writer.put(told["title"], "headline")
    for line in (told.get("text") or "").split("\n"):
        if one_line(line) != one_line(told.get("title") or ""):
            writer.put(line)
    meta = Metadata(
        date=told.get("date"), title=told.get("title"), publication=told.get("sitename")
    )
    return writer.source(data, name=name, path=path, encoding=TRAFILATURA, told=meta)
