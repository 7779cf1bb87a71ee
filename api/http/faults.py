"""What goes wrong to the answer that tells it: one place for all doors."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.http import pages
from api.http.problems import ProblemError, problem_of
from api.http.requests import pointer, problem_body, reader_lang, short
from corpus.errors import BulletinError
from qa.texts import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.query import Lang

log = logging.getLogger(__name__)

_OPENAI = "/v1/"
_OPENAI_MISSES = (_OPENAI, "/chat/completions", "/models")  # the latter without /v1 in the base URL
_TEXT_OF_TYPE = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_short": "too_short",
    "too_short": "too_few",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
    "less_than": "too_large",
    "literal_error": "choice",
    "string_type": "text",
    "string_unicode": "text",
    "list_type": "list",
    "tuple_type": "list",
    "string_pattern_mismatch": "pattern",
    "model_attributes_type": "object",
    "model_type": "object",
    "dict_type": "object",
}
_TEXT_OF_START = {"date": "date", "int": "number", "float": "number", "bool": "boolean"}
_LIMITS = ("min_length", "max_length", "ge", "gt", "le", "lt", "expected")


def add_handlers(app: FastAPI) -> None:
    """Have an application answer everything that goes wrong in its routes with a problem."""
    app.add_exception_handler(BulletinError, _on_bulletin_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_exception)


class Faults:
    """Answers a bug with the problem `internal`, inside of what adds headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as exc:
            log.error("a bug: %s", type(exc).__name__, exc_info=exc)
            if has_begun or scope["type"] != "http":
                raise  # half an answer is out: the connection must break, or it looks whole
            await problem_response(Request(scope), ProblemError("internal"))(scope, receive, send)


def problem_response(request: Request, problem: ProblemError) -> Response:
    """Return a problem as the answer to a request.

    A browser gets a page, `/v1` the media type that its clients expect.
    """
    if pages.wants_page(request):
        return pages.problem_page(request, problem)
    is_openai = request.url.path.startswith(_OPENAI)
    return JSONResponse(
        problem_body(request, problem),
        status_code=problem.status,
        headers={"Cache-Control": "no-store", **problem.headers},
        media_type="application/json" if is_openai else "application/problem+json",
    )


async def _on_bulletin_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, BulletinError)
    problem = problem_of(exc)
    if problem.status >= 500 and problem is not exc:
        log.error("%s: %s", type(exc).__name__, exc)
    return problem_response(request, problem)


async def _on_invalid(request: Request, exc: Exception) -> Response:
    """Tell which fields are at fault, never what was sent."""
    assert isinstance(exc, RequestValidationError)
    rows = exc.errors()
    if any(row["type"] == "json_invalid" for row in rows):
        return problem_response(request, ProblemError("invalid_json"))
    lang = reader_lang(request)
    errors = [{"pointer": pointer(row["loc"]), "detail": fault_of(row, lang)} for row in rows]
    is_openai = request.url.path.startswith(_OPENAI)
    return problem_response(
        request,
        ProblemError(
            "invalid_request" if is_openai else "validation_failed",
            param=".".join(short(part) for part in rows[0]["loc"][1:]) or None,
            errors=errors,
        ),
    )


def fault_of(row: Mapping[str, Any], lang: Lang) -> str:
    """Return what is wrong with a field, in our words: pydantic's may hold what was sent."""
    kind = str(row["type"])
    key = _TEXT_OF_TYPE.get(kind) or _TEXT_OF_START.get(kind.partition("_")[0])
    facts = row.get("ctx", {})
    if kind.startswith("bulletin_"):
        key = kind.removeprefix("bulletin_")
    limit = next((str(facts[name]) for name in _LIMITS if name in facts), "")
    if kind in ("string_too_short", "too_short") and limit == "1":
        key = "empty"
    if kind == "literal_error":
        limit = _joined(limit, lang)
    return say(f"field_{key or 'wrong'}", lang, limit=limit)


def _joined(choices: str, lang: Lang) -> str:
    """Return pydantic's list of choices as it is written in a language.

    >>> _joined("'zh-Hans', 'zh-Hant' or 'en'", "zh")
    "'zh-Hans'、'zh-Hant' 或 'en'"
    """
    return choices.replace(", ", "、").replace(" or ", " 或 ") if lang == "zh" else choices


async def _on_http_exception(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    codes = {404: "not_found", 405: "method_not_allowed", 400: "invalid_json"}
    code = codes.get(exc.status_code, "invalid_request")
    headers = dict(exc.headers or {})
    if "Allow" in headers:
        headers["Allow"] = headers["Allow"].replace("GET", "GET, HEAD")
    detail = None
    if code == "not_found" and request.url.path.startswith(_OPENAI_MISSES):
        detail = say("only_chat", reader_lang(request))
    return problem_response(request, ProblemError(code, detail=detail, headers=headers))
