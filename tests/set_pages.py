"""Sets an issue's text as printed pages: HTML, made a PDF by a headless Chromium."""

from __future__ import annotations

import base64
import html
import json
import shutil
import struct
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_SECONDS = 120
_STYLE = """
@page {{ size: {size}; margin: 14mm 15mm 16mm; }}
body {{ font: {body}pt/1.5 'Noto Serif CJK SC'; margin: 0; {writing} }}
p {{ margin: 0; text-indent: 2em; text-align: justify; }}
article {{ margin-block-end: 6mm; }}
.text {{ column-count: {columns}; column-gap: 2em; column-fill: balance; }}
h1 {{ font-size: 26pt; text-align: center; margin: 2mm 0 4mm; line-height: 1.25; }}
h2 {{ font-size: 18pt; text-align: {align}; margin: 1mm 0 3mm; line-height: 1.25; }}
h3 {{ font-size: 13pt; text-align: {align}; margin: 0 0 2mm; font-weight: normal; }}
figure {{ margin: 0 0 5mm; break-inside: avoid; }}
figure img {{ width: 100%; height: 45mm; display: block; }}
figcaption p {{ font-size: 8.5pt; }}
.beside {{ display: flex; gap: 2em; align-items: flex-start; }}
.beside > div {{ flex: 2; }}
.beside > div + div {{ flex: 1; border: 1pt solid; padding: 1em; }}
.beside > div + div .text {{ column-count: 1; }}
.flow {{ column-count: {columns}; column-gap: 2em; }}
.flow .text {{ column-count: auto; }}
.flow h2 {{ font-size: 15pt; text-align: left; break-after: avoid; }}
"""


def truth(path: Path) -> list[dict[str, Any]]:
    """Return the articles of a hand-made ground truth."""
    told: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["articles"]
    return told


def page_of(
    articles: Sequence[dict[str, Any]],
    *,
    columns: int,
    flow: bool = False,
    vertical: bool = False,
    align: str = "center",
    masthead: str = "",
    beside: int = 0,
    css: str = "",
) -> str:
    """Return the articles as an HTML page.

    Args:
        articles: As in the ground truth.
        columns: Columns of a page's width.
        flow: Whether headlines stand inside the columns; else they span their article's.
        vertical: Whether lines run downwards, from right to left.
        align: Where headlines stand over their columns.
        masthead: HTML before the first article.
        beside: How many articles stand in a box beside the one before them, from the second on.
        css: More style.
    """
    style = _STYLE.format(
        size="A3",
        body=10.5,
        columns=columns,
        align=align,
        writing="writing-mode: vertical-rl;" if vertical else "",
    )
    style += css
    parts = [_article(n, article, flow=flow) for n, article in enumerate(articles)]
    if beside:
        boxed = "".join(parts[2 : 2 + beside])
        parts[1 : 2 + beside] = [
            f'<div class="beside"><div>{parts[1]}</div><div>{boxed}</div></div>'
        ]
    body = "\n".join(parts)
    if flow:
        body = f'<div class="flow">{body}</div>'
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{masthead}{body}"


def _article(n: int, article: dict[str, Any], *, flow: bool) -> str:
    level = "h2" if n or flow else "h1"
    head = _tag(level, article["headline"])
    kicker, subtitle = _tag("h3", article["kicker"]), _tag("h3", article["subtitle"])
    text = "".join(_tag("p", paragraph) for paragraph in article["paragraphs"])
    if article["kind"] == "photo":
        return f"<figure>{picture()}{head}<figcaption>{text}</figcaption></figure>"
    return f'<article>{kicker}{head}{subtitle}<div class="text">{text}</div></article>'


def _tag(name: str, text: str | None) -> str:
    return f"<{name}>{html.escape(text)}</{name}>" if text else ""


def picture() -> str:
    """Return a small grey PNG as an HTML picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + bytes([120 + y % 2 * 40] * 3 * 16) for y in range(16))
    data = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    coded = base64.b64encode(b"\x89PNG\r\n\x1a\n" + data).decode()
    return f'<img src="data:image/png;base64,{coded}">'


def print_pdf(page: str, folder: Path, *, name: str) -> Path:
    """Print an HTML page to `name`.pdf in the folder and return its path."""
    assert CHROMIUM
    source, target = folder / f"{name}.html", folder / f"{name}.pdf"
    source.write_text(page, encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}"]
    subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=_SECONDS)
    return target
