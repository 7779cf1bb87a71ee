"""What every door takes from a request: the engine, the reader's language, where links lead."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.datastructures import Headers

from api.http.problems import ProblemError
from api.http.settings import is_loopback
from qa.texts import say

if TYPE_CHECKING:
    from starlette.types import Scope

    from api.http.engine import Engine
    from qa.query import Lang

_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")
_POINTER_CHARS = 64  # of each part: a field's name can be anything that was sent
PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}
"""The one body of all errors, in the OpenAPI document."""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "content": {"application/problem+json": {"schema": PROBLEM}},
        "description": name,
    }
    for status, name in (
        (400, "The request cannot be read."),
        (401, "A key is missing or unknown."),
        (403, "The origin or the key may not do this."),
        (404, "There is nothing with this id, or at this address."),
        (405, "This address does not take that method."),
        (408, "The body did not arrive in time."),
        (409, "The Idempotency-Key was used for another request."),
        (413, "The body is too large."),
        (415, "The body is not JSON."),
        (422, "A field is at fault."),
        (429, "Too many requests."),
        (431, "The address or the headers are too large."),
        (500, "A bug."),
        (503, "The archive is not ready, too many wait, or nothing can be stored."),
        (504, "It took too long."),
    )
}
"""The errors of a route, as the OpenAPI document shows them."""


def engine_of(request: Request) -> Engine:
    """Return the application's engine."""
    engine: Engine = request.app.state.engine
    return engine


def base_of(request: Request) -> str:
    """Return what stands before the path of links: the public address, or nothing."""
    return engine_of(request).settings.base_url


def is_local(scope: Scope) -> bool:
    """Tell whether this machine itself asks, and not a proxy on it for someone else."""
    names = {name for name, _ in scope["headers"]}
    host = Headers(scope=scope).get("host", "")
    bare = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    client = scope.get("client") or ("", 0)
    return is_loopback(client[0]) and is_loopback(bare) and not names & set(_FORWARDED)


def problem_body(request: Request, problem: ProblemError) -> dict[str, Any]:
    """Return a problem's body for a request; its type is an address that readers can open."""
    told = problem.body(
        instance=request.url.path,
        request_id=request.state.request_id,
        lang=reader_lang(request),
    )
    return {**told, "type": base_of(request) + told["type"]}


def reader_lang(request: Request) -> Lang:
    """Return the language a reader's client likes best of ours, English where it says nothing."""
    best: tuple[float, Lang] = (0.0, "en")
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        with suppress(ValueError):
            liking = float(weight or 1)
            lang = tag.partition("-")[0]
            if lang in ("zh", "en") and liking > best[0]:
                best = liking, "zh" if lang == "zh" else "en"
    return best[1]


def has_already(request: Request, tag: str) -> bool:
    """Tell whether the client has what a tag names.

    Tags are compared weakly: a proxy that zips an answer makes its tag a weak one.

    Source: RFC 9110, 13.1.2.
    """
    told = ",".join(request.headers.getlist("if-none-match"))
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in told.split(","))


def pointer(loc: Sequence[Any]) -> str:
    """Return a place in a request as a JSON Pointer; a body's begins at its top.

    >>> pointer(("body", "filters", "from"))
    '/filters/from'
    """
    parts = loc[1:] if loc and loc[0] == "body" else loc
    return "".join("/" + short(part).replace("~", "~0").replace("/", "~1") for part in parts)


def short(part: object) -> str:
    """Return a part of a place, cut where it is long."""
    return str(part)[:_POINTER_CHARS].encode(errors="replace").decode()


async def only_known(request: Request) -> None:
    """Refuse a parameter in the address that its route does not take: a typo is not ignored.

    Raises:
        ProblemError: 422 `validation_failed`.
    """
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    lang = reader_lang(request)
    errors = [
        {"pointer": pointer(("query", name)), "detail": say("field_unknown", lang)}
        for name in request.query_params
        if name not in known
    ]
    if errors:
        raise ProblemError("validation_failed", errors=errors)
