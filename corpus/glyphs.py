"""A PDF's glyphs, pictures and drawn lines, page by page, taken by pdfium in a process of its own.

pdfium is a large C++ library fed with files from outside: what makes it crash, hang or fill the
memory must not take the archive's process with it. This file is run as a script in a child
process, so it imports nothing of ours; the parent calls `read_pages`.
"""

from __future__ import annotations

import contextlib
import json
import math
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_PAGES = 400
MAX_CHARS = 2_000_000
_SECONDS = 300
_PAGE_SECONDS = 10  # of processor time; a dense page takes half of one
_UNKNOWN = "\ufffd"
_MEMORY = 3 << 30  # address space, of which pdfium maps much and uses little
_END = 4096  # bytes, among which a whole file says that it ends
_MAX_OBJECTS = 100_000
_MAX_PICTURES = 100  # looked at on a page
_MAX_PATHS = 500
_LEAST_PATH = 40.0  # points across or down; shorter ones part nothing
_LIMIT_HINT = "split it, or give its text"

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom, points from the page's top left corner."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character.

    Attributes:
        char: The character.
        x: Where it starts on its line, points from the page's left edge.
        y: Its baseline, points from the page's top edge.
        em: Its size in points, the font's size times all scales.
        advance: How far the next character is from it, points.
        bold: Whether its font is bold.
        spaced: Whether a printed space stands before it.
        turned: Whether it lies on its side, as Latin does on a line that runs downwards.
    """

    char: str
    x: float
    y: float
    em: float
    advance: float
    bold: bool = False
    spaced: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as pdfium sees it.

    Attributes:
        width: Points.
        height: Points.
        glyphs: In the order of the file's stream, which need not be that of reading.
        pictures: Their edges.
        paths: The edges of lines and frames that are drawn, those of a point or two left out.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    pictures: tuple[Edges, ...] = ()
    paths: tuple[Edges, ...] = ()


class PdfError(Exception):
    """A PDF cannot be read; the message says why."""


def read_pages(data: bytes) -> list[Sheet]:
    """Return the pages of a PDF.

    Raises:
        PdfError: If it is damaged, locked, too large, has no page, or pdfium cannot cope with it.
    """
    limits = [str(limit) for limit in (MAX_PAGES, MAX_CHARS, _PAGE_SECONDS)]
    command = [sys.executable, "-P", str(Path(__file__)), *limits]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired as exc:
        raise PdfError(f"takes longer than {_SECONDS} s to read, {_LIMIT_HINT}") from exc
    answer = [json.loads(line) for line in done.stdout.splitlines() if line.endswith(b"]")]
    told = answer[-1] if answer else ["nothing"]
    if told[0] == "failed":
        raise PdfError(told[1])
    if told[0] != "done":
        raise PdfError(
            f"cannot be read as a PDF within {_PAGE_SECONDS} s a page and {_MEMORY >> 30} GiB"
        )
    return [
        Sheet(
            width,
            height,
            tuple(Glyph(*one) for one in glyphs),
            *(tuple(map(tuple, d)) for d in drawn),
        )
        for _, width, height, glyphs, *drawn in answer[:-1]
    ]


def _limit_page(seconds: int) -> None:
    """Have this process killed where what comes next takes longer than so much processor time."""
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)


def _limit_memory() -> None:
    with contextlib.suppress(ValueError, OSError):  # not every system takes them
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    """Read a PDF from stdin; write one JSON line a page, then how it ended."""
    _limit_memory()
    max_pages, max_chars, page_seconds = map(int, sys.argv[1:])
    try:
        count = 0
        for page in _pages(sys.stdin.buffer.read(), max_pages, page_seconds):
            sys.stdout.write(json.dumps(page, ensure_ascii=True, separators=(",", ":")) + "\n")
            count += len(page[3])
            if count > max_chars:
                raise PdfError(f"has more than {max_chars:,} characters, {_LIMIT_HINT}")
        ending = ["done"]
    except PdfError as exc:
        ending = ["failed", str(exc)]
    sys.stdout.write(json.dumps(ending) + "\n")


def _pages(data: bytes, max_pages: int, page_seconds: int) -> Iterator[list[Any]]:
    import pypdfium2.raw as pdfium

    if b"%%EOF" not in data[-_END:]:  # pdfium would read what is left and say nothing
        raise PdfError("is cut short: its end is missing")
    _limit_page(page_seconds)
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        locked = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise PdfError("is locked with a password" if locked else "is damaged")
    n_pages = pdfium.FPDF_GetPageCount(document)
    if n_pages < 1:
        raise PdfError("has no page")
    if n_pages > max_pages:
        raise PdfError(f"has {n_pages:,} pages, more than {max_pages}, {_LIMIT_HINT}")
    for index in range(n_pages):
        _limit_page(page_seconds)
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            raise PdfError(f"is damaged: page {index + 1} cannot be read")
        yield _page(pdfium, page)
        pdfium.FPDF_ClosePage(page)


def _page(pdfium: Any, page: Any) -> list[Any]:  # noqa: ANN401  # pdfium has no types
    import ctypes

    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    across, down = ctypes.c_int(), ctypes.c_int()
    scale = 100  # device units a point

    def placed(x: float, y: float) -> tuple[float, float]:
        """Return a place as points from the top left of the page as it is shown."""
        pdfium.FPDF_PageToDevice(
            page, 0, 0, int(width * scale), int(height * scale), 0, x, y, across, down
        )
        return across.value / scale, down.value / scale

    text = pdfium.FPDFText_LoadPage(page)
    glyphs = _glyphs(pdfium, text, placed) if text else []
    pdfium.FPDFText_ClosePage(text)
    return ["page", width, height, glyphs, *_drawn(pdfium, page, placed)]


def _glyphs(pdfium: Any, text: Any, placed: Any) -> list[list[Any]]:  # noqa: ANN401
    import ctypes

    x, y = ctypes.c_double(), ctypes.c_double()
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    found: list[list[Any]] = []
    spaced = False
    for n in range(min(pdfium.FPDFText_CountChars(text), MAX_CHARS + 1)):
        code = pdfium.FPDFText_GetUnicode(text, n)
        if pdfium.FPDFText_IsGenerated(text, n) == 1:
            continue
        char = chr(code) if 0 < code <= 0x10FFFF else _UNKNOWN
        if char.isspace():
            spaced = True
            continue
        if not char.isprintable():
            continue
        pdfium.FPDFText_GetCharOrigin(text, n, x, y)
        pdfium.FPDFText_GetMatrix(text, n, matrix)
        pdfium.FPDFText_GetLooseCharBox(text, n, box)
        em = pdfium.FPDFText_GetFontSize(text, n) * math.hypot(matrix.c, matrix.d)
        left, base = placed(x.value, y.value)
        ends = placed(box.left, box.top), placed(box.right, box.bottom)
        advance = abs(ends[0][0] - ends[1][0])
        weight = pdfium.FPDFText_GetFontWeight(text, n)
        if em > 0 and math.isfinite(em):
            turned = abs(matrix.b) > abs(matrix.a)
            face = [round(em, 2), round(advance, 2), weight >= 600, spaced, turned]
            found.append([char, left, base, *face])
            spaced = False
    return found


def _drawn(pdfium: Any, page: Any, placed: Any) -> tuple[list[Edges], list[Edges]]:  # noqa: ANN401
    """Return the edges of pictures, and of lines and frames."""
    import ctypes

    bounds = [ctypes.c_float() for _ in range(4)]
    pictures: list[Edges] = []
    paths: list[Edges] = []
    for n in range(min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
        one = pdfium.FPDFPage_GetObject(page, n)
        kind = pdfium.FPDFPageObj_GetType(one)
        if kind not in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH):
            continue
        if not pdfium.FPDFPageObj_GetBounds(one, *bounds):
            continue
        corners = placed(bounds[0].value, bounds[1].value), placed(bounds[2].value, bounds[3].value)
        left, right = sorted(corner[0] for corner in corners)
        top, bottom = sorted(corner[1] for corner in corners)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append((left, top, right, bottom))
        elif max(right - left, bottom - top) >= _LEAST_PATH:
            paths.append((left, top, right, bottom))
    return pictures[:_MAX_PICTURES], paths[:_MAX_PATHS]


if __name__ == "__main__":
    _main()
