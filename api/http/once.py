"""The same Idempotency-Key gets the same answer for ten minutes, and another request 409.

An answer holds as long as the archive stays the same.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.http.problems import ProblemError
from api.store import Given, StoreError

if TYPE_CHECKING:
    from fastapi import Request

    from api.http.schemas import ChatIn
    from api.store import Store

log = logging.getLogger(__name__)

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ONLY_FORM = {"stream", "client"}  # how it is given, not what is asked


async def once(
    request: Request,
    asked: ChatIn,
    *,
    store: Store,
    version: str,
    work: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """Return the stored answer to a request that was answered before, else what the work returns.

    A request without an `Idempotency-Key` is simply worked on, and so is one whose answer was found
    in another version of the archive: what was removed since is not given again.

    Raises:
        ProblemError: 400 if the key is none, 409 if it was used for another request.
    """
    key = _key(request)
    if key is None:
        return await work()
    body = _digest(asked.model_dump_json(exclude=_ONLY_FORM))
    kept = None
    with _logged():
        kept = await asyncio.to_thread(store.given, key)
    if kept and (told := _told(kept, body, version)):
        return told
    told = await work()
    new = Given(body, json.dumps(told, ensure_ascii=False))
    found_in = str(told["index"]["version"])
    with _logged():  # where another request with the key was faster, its answer is the one
        first = await asyncio.to_thread(
            store.give, key, new, version=found_in, replace=kept is not None
        )
        return _told(first, body, version) or told
    return told


@contextmanager
def _logged() -> Iterator[None]:
    """Go on where answers cannot be stored; the log tells."""
    try:
        yield
    except StoreError as exc:
        log.error("an answer is not stored: %s", exc)


def _told(kept: Given, body: str, version: str) -> dict[str, Any]:
    """Return the answer that is kept, or nothing where it is of another state of the archive.

    Raises:
        ProblemError: 409 if it answers another request.
    """
    if kept.body != body:
        raise ProblemError("idempotency_conflict")
    told: dict[str, Any] = json.loads(kept.answer)
    return told if told["index"]["version"] == version else {}


def check_key(request: Request) -> None:
    """Refuse a key that is none, before a stream begins.

    Raises:
        ProblemError: 400 `invalid_request`.
    """
    _key(request)


def _key(request: Request) -> str | None:
    """Return the key, told apart from the same key of other callers."""
    told = request.headers.get("idempotency-key")
    if told is None:
        return None
    if not _KEY.fullmatch(told):
        raise ProblemError("invalid_request", param="Idempotency-Key")
    return _digest(f"{request.state.caller.name}\n{told}")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
