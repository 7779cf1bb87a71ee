"""Templates to responses; the headers of every HTML answer are made here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.http.pages.prints import signed
from api.http.pages.reader import Reader, reader_of
from api.http.pages.words import SCRIPT_WORDS, problem_help
from api.http.requests import base_of, engine_of
from qa.texts import say

if TYPE_CHECKING:
    from fastapi import Request

    from api.http.problems import ProblemError
    from api.http.settings import ServiceSettings

MEDIA_TYPES = {
    "pages.css": "text/css; charset=utf-8",
    "demo.css": "text/css; charset=utf-8",
    "ask.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""The files that pages load, by name."""

_API = ("/api/", "/v1/", "/mcp")


@cache
def static_file(name: str) -> bytes:
    """Return one of the files that pages load."""
    return (files("api.http.pages") / "static" / name).read_bytes()


@cache
def static_version(name: str) -> str:
    """Return what changes whenever the file does."""
    return hashlib.sha256(static_file(name)).hexdigest()[:12]


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("api.http.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.globals["signed"] = signed
    return templates


def html_headers(settings: ServiceSettings) -> dict[str, str]:
    """Return the headers of every page: nothing foreign loads, nothing inline runs."""
    framed_by = " ".join(settings.frame_ancestors) or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {framed_by}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language, Accept",
    }


def page(
    request: Request,
    template: str,
    *,
    facts: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return a page made from a template.

    Args:
        request: What is answered; it tells the reader's language.
        template: Name of a file in `templates`.
        facts: What the template shows.
        status: Of the answer.
        headers: More headers than every page has.
    """
    engine, reader = engine_of(request), reader_of(request)
    text = (
        _templates()
        .get_template(template)
        .render(
            reader=reader,
            say=reader.say,
            title_of_bulletin=engine.title or reader.say("service"),
            other=_other_address(request, reader),
            canonical=_canonical(request),
            static=lambda name: f"{reader.root}/static/{name}?v={static_version(name)}",
            script_words={key: reader.say(key, n="{n}") for key in SCRIPT_WORDS},
            **facts,
        )
    )
    return HTMLResponse(text, status, headers={**html_headers(engine.settings), **(headers or {})})


def _other_address(request: Request, reader: Reader) -> str:
    """Return the address of the same page in the other language."""
    params = request.query_params
    path = "/" + request.url.path.lstrip("/")  # two slashes would begin the name of a host
    return reader.other.to(
        quote(path), query={key: params.getlist(key) for key in params if key != "lang"}
    )


def _canonical(request: Request) -> str | None:
    """Return the one public address of what a page shows, where the service has one."""
    base = base_of(request)
    return f"{base}{quote(request.url.path)}" if base else None


def wants_page(request: Request) -> bool:
    """Tell whether a client wants its answer as a page: a browser, anywhere but under the API."""
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.url.path.startswith(_API)


def problem_page(request: Request, problem: ProblemError) -> HTMLResponse:
    """Return a page that says what went wrong with a request, and what to do."""
    lang = reader_of(request).lang
    return page(
        request,
        "failed.html",
        status=problem.status,
        headers=problem.headers,
        facts={
            "title": say(f"problem_title_{problem.code}", lang),
            "detail": problem.told(lang),
            "help": problem_help(problem.code, lang),
            "status_code": problem.status,
            "request_id": request.state.request_id,
        },
    )
