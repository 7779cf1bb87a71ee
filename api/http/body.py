"""What a request may send: how much, how fast, and only JSON that every reader reads alike.

FastAPI has a limit of its own, but that answers a told length over the limit in plain text.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from starlette.requests import Request
from starlette.routing import Match

from api.http.areas import is_api
from api.http.faults import problem_response
from api.http.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_DEPTH = 32
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
_JSON = re.compile(rb"application/(?:[\w.-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)


class BodyGuard:
    """Reads a body before anything else does, and refuses what is no harmless JSON.

    Answers 413 to one that is too large, whether its length was told or not, 408 to one that does
    not arrive in time, 415 to what is not said to be JSON, and 400 to what is none: text that is
    not UTF-8, NaN, a name given twice in an object, nesting too deep.
    """

    def __init__(
        self, app: ASGIApp, *, max_bytes: int, larger: Mapping[str, int], timeout_s: float
    ) -> None:
        """Wrap an application.

        Args:
            app: The application.
            max_bytes: Of a body.
            larger: Other limits, by what a path begins with.
            timeout_s: Seconds in which a body must have arrived.
        """
        self._app = app
        self._max_bytes = max_bytes
        self._larger = larger
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body read and checked."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(scope, receive)
            if is_api(scope["path"]) and _is_taken(scope):
                _check_type(scope)
                parse_json(body)
        except ProblemError as problem:
            response = problem_response(Request(scope), problem)
            if problem.code in ("body_too_large", "request_timeout"):
                response.headers["connection"] = "close"  # the rest of the body is not read
            await response(scope, receive, send)
            return
        if body is None:
            return  # the client left
        is_given = False

        async def replayed() -> Message:
            nonlocal is_given
            if is_given:
                return await receive()
            is_given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replayed, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the whole body, or None where the client left before its end."""
        limits = (size for start, size in self._larger.items() if scope["path"].startswith(start))
        max_bytes = next(limits, self._max_bytes)
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told[:19]) > max_bytes:
            raise ProblemError("body_too_large")
        read = bytearray()
        try:
            async with asyncio.timeout(self._timeout_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    read += message.get("body", b"")
                    if len(read) > max_bytes:
                        raise ProblemError("body_too_large")
                    if not message.get("more_body"):
                        return bytes(read)
        except TimeoutError as exc:
            raise ProblemError("request_timeout") from exc


def _has_body(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return scope["method"] in ("POST", "PUT", "PATCH") or bool(
        names & {b"content-length", b"transfer-encoding"}
    )


def _is_taken(scope: Scope) -> bool:
    """Tell whether there is a route for it; else the answer is that there is none."""
    return any(route.matches(scope)[0] is Match.FULL for route in scope["app"].routes)


def _check_type(scope: Scope) -> None:
    if scope["method"] != "POST":
        return
    headers = dict(scope["headers"])
    encoding = headers.get(b"content-encoding", b"identity").lower()
    if not _JSON.fullmatch(headers.get(b"content-type", b"")) or encoding != b"identity":
        raise ProblemError("unsupported_media_type")


def parse_json(body: bytes | None) -> Any:  # noqa: ANN401  # JSON is anything
    """Return what JSON says; nothing where there is none.

    Raises:
        ProblemError: 400 `invalid_json`, if two readers could read it differently, or it is none.
    """
    if not body:
        return None
    try:
        text = body.decode()
        if text.count("[") + text.count("{") > MAX_DEPTH:
            _check_depth(text)
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise ProblemError("invalid_json") from exc


def _check_depth(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        mark = match.group()
        depth += 1 if mark in "[{" else -1 if mark in "]}" else 0
        if depth > MAX_DEPTH:
            raise ValueError("nested too deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
