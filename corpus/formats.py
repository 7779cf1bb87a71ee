"""Which reader takes the bytes of a file to a source."""

from __future__ import annotations

import re
from functools import partial
from pathlib import PurePath
from typing import Protocol

from corpus.types import Source

ENDINGS = (
    ".txt", ".text", ".pdf", ".html", ".htm", ".xhtml", ".shtml", ".md", ".markdown", ".docx",
    ".zip",
)  # fmt: skip
"""Endings of the files that are read where a folder or a zip is given."""

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip begins, a Word document too; the other one is empty."""

START_BYTES = 1024
"""How much of a file `is_read` looks at."""

_ENDING = re.compile(r"\.[a-z][a-z0-9]*")  # that of 2021.05.07 is none
_MARKDOWN = (".md", ".markdown")
_HTML = (".html", ".htm", ".xhtml", ".shtml")
_OPENS_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")


class Extract(Protocol):
    """Takes the bytes of a file of one format to a source."""

    def __call__(self, data: bytes, *, name: str, path: str) -> Source:
        """Return the source; `path` is what messages call the file."""
        ...


def is_read(start: bytes, *, name: str) -> bool:
    """Tell whether a file is read where it is given by its name.

    Of plain text only the ending tells that it is none, such as JSON or a program.

    Args:
        start: Its first START_BYTES.
        name: Its name.

    >>> is_read(b"{}", name="a.json"), is_read(b"%PDF-1.7", name="a.bak"), is_read(b"", name="7.5")
    (False, True, True)
    """
    ending = PurePath(name).suffix.lower()
    if ending in ENDINGS or not _ENDING.fullmatch(ending):
        return True
    return _is_pdf(start) or start.startswith(ZIP) or _is_html(start)


def extractor(data: bytes, *, name: str, reader: str = "") -> Extract | None:
    """Return what reads a file, None where it is plain text; see `corpus.sources.source_of`."""
    ending = PurePath(name).suffix.lower()
    if data.startswith(ZIP):
        return _zipped(data, reader)
    if _is_pdf(data):
        from corpus.pdf import source_of_pdf

        return source_of_pdf
    if ending in _MARKDOWN:
        from corpus.markdown import source_of_markdown

        return source_of_markdown
    if ending in _HTML or _is_html(data):
        from corpus.web import source_of_html

        return partial(source_of_html, reader=reader)
    return None


def _zipped(data: bytes, reader: str) -> Extract:
    from corpus.zips import is_docx, source_of_zip

    if is_docx(data):
        from corpus.docx import source_of_docx

        return source_of_docx
    return partial(source_of_zip, reader=reader)


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:START_BYTES]


def _is_html(data: bytes) -> bool:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(_OPENS_HTML)
