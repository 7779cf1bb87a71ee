"""The wire below the application: how long and how large a request's head may be.

uvicorn bounds neither. What is refused here has the body of every other error, though no route
and no language is known yet.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from httptools import HttpParserInvalidURLError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.problems import ProblemError
from qa.texts import say

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from api.http.settings import ServiceSettings

log = logging.getLogger(__name__)

_MOST_HEADERS = 100


def protocol_for(settings: ServiceSettings) -> Any:  # noqa: ANN401  # uvicorn's type is its own
    """Return what uvicorn makes a connection's protocol with."""
    return partial(BoundedProtocol, settings)


class BoundedProtocol(HttpToolsProtocol):
    """Speaks HTTP/1 with clients that are in time, and brief before they say what they want."""

    def __init__(self, settings: ServiceSettings, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
        """Keep the bounds; the rest is uvicorn's."""
        super().__init__(*arguments, **named)
        self._most_bytes = settings.max_header_bytes
        self._request_timeout_s = settings.request_timeout_s
        self._write_timeout_s = settings.write_timeout_s
        self._head_bytes = 0
        self._in_head = True
        self._waiting: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._running: RequestResponseCycle | None = None
        self.url = b""
        self.headers = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, not for ever."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        for timer in (self._waiting, self._stalled):
            if timer:
                timer.cancel()
        self.pipeline.clear()
        if self._running:  # uvicorn tells only the last of several requests
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        """Count what comes before a request is known."""
        if self.transport.is_closing():
            return
        if self._in_head:
            self._await_head()
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > self._most_bytes and self._is_open():
            self._refuse("headers_too_large")

    def on_message_begin(self) -> None:
        """Begin a head; one that follows others in the same bytes counts from here."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Know what is wanted."""
        self._in_head = False
        self._head_bytes = 0
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
        if self._is_head_too_large():
            raise _HeadTooLargeError
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Be ready for the next head."""
        super().on_message_complete()
        self._in_head = True

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or too much of it; uvicorn is handling the parser's error."""
        is_address = isinstance(sys.exception(), HttpParserInvalidURLError)
        if self._is_head_too_large():
            self._refuse("headers_too_large")
        else:
            self._refuse(
                "invalid_request", detail=say("problem_address", "en") if is_address else ""
            )

    def pause_writing(self) -> None:
        """Give a client that takes no more some time, then cut it off."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self._write_timeout_s, self._cut)

    def resume_writing(self) -> None:
        """Go on with a client that takes again."""
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def _is_head_too_large(self) -> bool:
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        return size > self._most_bytes or len(self.headers) > _MOST_HEADERS

    def _await_head(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self._request_timeout_s, self._too_late)

    def _too_late(self) -> None:
        self._waiting = None
        if not self._is_open():
            return
        if self.cycle is None and not self._head_bytes:
            self.transport.close()  # nothing was asked, so nothing is answered
        elif self.cycle is None or self.cycle.response_complete:
            self._refuse("request_timeout")

    def _is_open(self) -> bool:
        return not self.transport.is_closing()

    def _cut(self) -> None:
        self._stalled = None
        log.warning("a client that takes no more was cut off")
        self.transport.abort()

    def _refuse(self, code: str, *, detail: str = "") -> None:
        """Answer with a problem and close, after the request that came whole before it."""
        self.pipeline.clear()
        if self.cycle and not self.cycle.response_complete and not self.cycle.more_body:
            self.cycle.keep_alive = False
            return
        request_id = f"req_{uuid4().hex}"
        problem = ProblemError(code, detail=detail)
        log.warning("refused", extra={"facts": {"request_id": request_id, "code": code}})
        body = json.dumps(problem.body(instance="", request_id=request_id, lang="en"))
        status = HTTPStatus(problem.status)
        head = [
            f"HTTP/1.1 {status.value} {status.phrase}",
            "content-type: application/problem+json",
            f"content-length: {len(body)}",
            f"x-request-id: {request_id}",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "connection: close",
        ]
        self.transport.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
        self.transport.close()


class _HeadTooLargeError(Exception):
    """A request's head is larger than it may be."""
