"""A limit on what a request may send, counted as it arrives.

FastAPI has one of its own, but that answers a told length over the limit in plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from api.http.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Answers 413 to a body that is too large, whether its length was told or not."""

    def __init__(
        self, app: ASGIApp, *, max_bytes: int, larger: Mapping[str, int] | None = None
    ) -> None:
        """Wrap an application.

        Args:
            app: The application.
            max_bytes: Of a body.
            larger: Other limits, by what a path begins with.
        """
        self._app = app
        self._max_bytes = max_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limits = (size for start, size in self._larger.items() if scope["path"].startswith(start))
        max_bytes = next(limits, self._max_bytes)
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told) > max_bytes:
            await self._refuse(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > max_bytes:
                raise ProblemError("body_too_large")
            return message

        await self._app(scope, counted, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        from api.http.app import problem_response

        response = problem_response(Request(scope), ProblemError("body_too_large"))
        response.headers["connection"] = "close"  # the rest of the body is not read
        await response(scope, receive, send)
