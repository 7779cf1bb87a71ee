"""What surrounds every request: its id, its line in the log, its figures, harmless headers."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.routing import Match, Mount, Route

from api.http.areas import evened

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.metrics import Metrics

log = logging.getLogger("bulletin.access")

_SAFE_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_TRACE = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_UNMATCHED = "unmatched"
_QUIET = ("/healthz", "/readyz", "/metrics")
_HARMLESS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
noted: ContextVar[dict[str, Any] | None] = ContextVar("noted", default=None)
"""What a request's line in the log shall tell of its answer."""


class Access:
    """Gives each request an id, logs it in one line, counts it, and adds headers to its answer."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, routes: Sequence[Route | Mount]) -> None:
        """Wrap an application that has these routes."""
        self._app = app
        self._metrics = metrics
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(scope, send, self._metrics, self._routes)
        noted.set(seen.notes)
        try:
            await self._app(scope, receive, seen.send)
        finally:
            seen.end()


class _Seen:
    """One request as it is watched."""

    def __init__(
        self, scope: Scope, send: Send, metrics: Metrics, routes: Sequence[Route | Mount]
    ) -> None:
        headers = dict(scope["headers"])
        told = headers.get(b"x-request-id", b"").decode("latin-1")
        self.request_id = told if _SAFE_ID.fullmatch(told) else f"req_{uuid4().hex}"
        scope.setdefault("state", {})["request_id"] = self.request_id
        trace = _TRACE.fullmatch(headers.get(b"traceparent", b"").decode("latin-1"))
        self.notes: dict[str, Any] = {"trace_id": trace[1]} if trace else {}
        self._scope, self._send, self._metrics, self._routes = scope, send, metrics, routes
        self._began = time.perf_counter()
        self._status = 0
        self._bytes = 0
        self._is_stream = False
        self._is_whole = False

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body":
            body = message.get("body", b"")
            self._bytes += len(body)
            self._is_whole = not message.get("more_body", False)
            if self._is_stream and not self.notes.get("first_ms") and b"delta" in body:
                self.notes["first_ms"] = self._ms()
                self._metrics.first_delta_s.observe(self.notes["first_ms"] / 1000)
        await self._send(message)

    def _start(self, message: Message) -> None:
        self._status = message["status"]
        message.setdefault("headers", [])
        headers = MutableHeaders(scope=message)
        headers["X-Request-ID"] = self.request_id
        kind = headers.get("content-type", "")
        for name, value in _HARMLESS:
            headers.setdefault(name, value)
        if "json" in kind:
            headers.setdefault("Content-Security-Policy", _DATA_POLICY)
            headers.setdefault("Cache-Control", "no-store")
        self._is_stream = kind.startswith("text/event-stream")
        if self._is_stream:
            self._metrics.streams.inc()

    def end(self) -> None:
        """Count and log the request."""
        route = getattr(self._scope.get("route"), "path", None) or self._asked_for()
        method = self._scope["method"] if self._scope["method"] in _METHODS else "OTHER"
        ms = self._ms()
        self._metrics.requests.labels(route, method, str(self._status)).inc()
        self._metrics.request_s.labels(route).observe(ms / 1000)
        if self._is_stream:
            self._metrics.streams.dec()
            if not self._is_whole:
                self._metrics.aborts.inc()
        caller = self._scope["state"].get("caller")
        facts = {
            "request_id": self.request_id,
            "method": method,
            "route": route,
            "status": self._status,
            "ms": ms,
            "bytes": self._bytes,
            "client": caller.name if caller else None,
            **({} if self._is_whole else {"cut": True}),
            **self.notes,
        }
        is_quiet = route in _QUIET and not 400 <= self._status < 500
        level = logging.DEBUG if is_quiet else logging.INFO
        log.log(level, "request", extra={"facts": facts})

    def _asked_for(self) -> str:
        """Return the template that the path fits, of a request that was refused before."""
        asked = {**self._scope, "path": evened(self._scope["path"])}
        best = max(self._routes, key=lambda route: route.matches(asked)[0].value)
        return best.path if best.matches(asked)[0] is not Match.NONE else _UNMATCHED

    def _ms(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 1)


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
