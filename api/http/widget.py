"""The widget's doors: its script, a page of it to put in a frame, and a page to try it on."""

from __future__ import annotations

import gzip
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256, sha384
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from api.http.pages.reader import reader_of
from api.http.pages.render import page
from api.http.problems import ProblemError
from api.http.requests import engine_of, has_already

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parent / "widget/dist"
_FILES: Mapping[str, str] = {
    "widget.js": "text/javascript",
    "widget.mjs": "text/javascript",
    "widget.css": "text/css",
}
MAJOR = "1"
"""Of the promise to host pages: attributes, methods, events, parts and custom properties."""

Lang = Annotated[
    Literal["zh-Hans", "zh-Hant", "en"],
    BeforeValidator(lambda told: "zh-Hans" if told == "zh" else told),
]
Theme = Literal["auto", "light", "dark"]
Density = Literal["normal", "large"]
Accent = Annotated[str, Query(pattern=r"^#[0-9A-Fa-f]{6}$")]


@lru_cache
def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@lru_cache
def _zipped(name: str) -> bytes:
    return gzip.compress(_read(name), 9, mtime=0)


@lru_cache
def pinned_version() -> str:
    """Return the version whose address always gives the script that is shipped now."""
    return f"{MAJOR}-{sha256(_read('widget.js')).hexdigest()[:12]}"


@lru_cache
def integrity() -> str:
    """Return what a tag's `integrity` says of the script that is shipped now."""
    return f"sha384-{b64encode(sha384(_read('widget.js')).digest()).decode()}"


@router.get("/widget/{version}/{name}")
async def script(request: Request, version: str, name: str) -> Response:
    """Give a file of the widget; the pinned address may be kept for ever, `/widget/1/` an hour."""
    if name not in _FILES or version not in (MAJOR, pinned_version()):
        raise ProblemError("not_found")
    tag = f'"{sha256(_read(name)).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=3600"
        if version == MAJOR
        else "public, max-age=31536000, immutable",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    body = _read(name)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = _zipped(name)
    return Response(body, media_type=_FILES[name], headers=headers)


@router.get("/embed")
async def embed(
    request: Request,
    lang: Lang | None = None,
    theme: Theme = "auto",
    density: Density = "normal",
    accent: Accent = "",
) -> Response:
    """Show the widget on a whole page, for a frame of a site that wants no foreign script."""
    facts = {
        "lang": lang or reader_of(request).tag,
        "title": engine_of(request).title,
        "looks": _looks(theme, density, accent),
    }
    return page(request, "embed.html", facts=facts)


@router.get("/demo")
async def demo(
    request: Request,
    lang: Lang | None = None,
    theme: Theme = "auto",
    density: Density = "normal",
    accent: Accent = "#9c2a1e",
    csp: Literal["strict", "none"] = "strict",
) -> Response:
    """Show the widget on a page like a newspaper's, with switches for its looks and the policy."""
    facts = {
        "lang": lang or reader_of(request).tag,
        "theme": theme,
        "density": density,
        "accent": accent,
        "csp": csp,
        "looks": _looks(theme, density, accent),
    }
    response = page(request, "demo.html", facts=facts)
    if csp == "none":
        policy = response.headers["Content-Security-Policy"]
        response.headers["Content-Security-Policy"] = next(
            part for part in policy.split("; ") if part.startswith("frame-ancestors")
        )
    return response


def _looks(theme: Theme, density: Density, accent: str) -> dict[str, str]:
    """Return the attributes that are not as by default."""
    looks = {"theme": theme, "density": density, "accent": accent}
    return {name: value for name, value in looks.items() if value not in ("", "auto", "normal")}
