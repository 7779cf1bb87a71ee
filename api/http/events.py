"""An answer as a stream of server-sent events: start, status, sources, delta, citation, done.

The deltas joined are the answer's text, and `done` is the very object that is given unstreamed.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import regex

from api.http.problems import ProblemError, problem_of
from api.http.requests import problem_body
from corpus.errors import BulletinError

if TYPE_CHECKING:
    from fastapi import Request

log = logging.getLogger(__name__)

T = TypeVar("T")
_PIECE_CHARS = 24  # of a delta: few events, and words appear as fast as one reads
_GRAPHEMES = regex.compile(r"\X")
KEEP_ALIVE_S = 15.0
KEEP_ALIVE = b": keep-alive\n\n"
EVENT_SCHEMA = {
    "type": "object",
    "description": "One event; `data` is a JSON object that repeats its type.",
    "required": ["event", "id", "data"],
    "properties": {
        "event": {"enum": ["start", "status", "sources", "delta", "citation", "error", "done"]},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
"""As the OpenAPI document shows an event."""

HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class EventWriter:
    """Writes events with increasing ids."""

    def __init__(self) -> None:
        """Start at 1."""
        self._last = 0

    def write(self, event: str, data: Mapping[str, Any]) -> bytes:
        r"""Return one event as it goes over the wire; `data` repeats its type.

        >>> EventWriter().write("delta", {"text": "十条"}).decode()
        'event: delta\nid: 1\ndata: {"type": "delta", "text": "十条"}\n\n'
        """
        self._last += 1
        text = json.dumps({"type": event, **data}, ensure_ascii=False)
        return f"event: {event}\nid: {self._last}\ndata: {text}\n\n".encode()


async def streamed(
    request: Request,
    work: Coroutine[Any, Any, T],
    *,
    events: Callable[[T], Iterable[bytes]],
    failed: Callable[[dict[str, Any]], bytes],
) -> AsyncIterator[bytes]:
    """Yield the events of what some work returns; what goes wrong is the last event.

    Args:
        request: The request that is answered.
        work: Done meanwhile; it is given up when the client leaves.
        events: The events of its outcome.
        failed: The event of a problem's body.
    """
    job = asyncio.ensure_future(work)
    try:
        async for comment in kept_alive(job):
            yield comment
        for event in events(job.result()):
            yield event
    except BulletinError as exc:
        yield failed(problem_body(request, problem_of(exc)))
    except Exception as exc:  # the stream's last handler: its reader must hear of it too
        log.error("a bug: %s", type(exc).__name__, exc_info=exc)
        yield failed(problem_body(request, ProblemError("internal")))
    finally:
        job.cancel()


async def kept_alive(
    job: asyncio.Future[Any], *, every_s: float = KEEP_ALIVE_S
) -> AsyncIterator[bytes]:
    """Yield comments, one in so many seconds, until the job is done."""
    while not (await asyncio.wait([job], timeout=every_s))[0]:
        yield KEEP_ALIVE


def answer_events(writer: EventWriter, told: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the events of an answer, from its sources to `done`.

    Args:
        writer: Numbers them.
        told: The answer as it is given unstreamed.
    """
    yield writer.write("status", {"phase": "reading", "found": len(told["citations"])})
    if told["sources"]:
        yield writer.write("sources", {"sources": told["sources"]})
    done = 0
    for citation in told["citations"]:
        end = citation["marker"]["end"]
        yield from _deltas(writer, told["text"][done:end])
        yield writer.write("citation", {"citation": citation})
        done = end
    yield from _deltas(writer, told["text"][done:])
    yield writer.write("done", {"answer": told})


def _deltas(writer: EventWriter, text: str) -> Iterator[bytes]:
    for piece in pieces(text):
        yield writer.write("delta", {"text": piece})


def pieces(text: str) -> Iterator[str]:
    """Yield a text in short pieces that cut no grapheme.

    >>> list(pieces("重点项目"))
    ['重点项目']
    """
    held = ""
    for match in _GRAPHEMES.finditer(text):
        held += match.group()
        if len(held) >= _PIECE_CHARS:
            yield held
            held = ""
    if held:
        yield held
