"""The service by its paths: what each part asks of a caller."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl

MAX_SHOWN = 6
"""How many questions a conversation without script holds: each is answered anew for every page."""


class Area(NamedTuple):
    """What a part of the service asks of a caller.

    Attributes:
        scopes: Any of these lets a key in; none needs no key.
        is_keyless_for_pages: Whether our own pages and allowed websites need no key for it.
        is_limited: Whether its requests count for the rate.
        is_api: Whether programs ask it: bodies are JSON, other websites are kept out.
    """

    scopes: tuple[str, ...]
    is_keyless_for_pages: bool = False
    is_limited: bool = True
    is_api: bool = True


_CHAT, _READ = ("chat",), ("search", "chat")
_PAGE = Area((), is_api=False)
_PUBLIC = Area((), is_limited=False, is_api=False)
AREAS = {
    "/api/v1/chat": Area(_CHAT, is_keyless_for_pages=True),
    "/api/v1/ask": Area(_CHAT, is_keyless_for_pages=True),
    "/api/v1/feedback": Area(_CHAT, is_keyless_for_pages=True),
    "/api/v1": Area(_READ, is_keyless_for_pages=True),
    "/api": Area(_READ),
    "/v1": Area(_CHAT),
    "/mcp": Area(_CHAT),
    "/metrics": Area(("admin",), is_limited=False),
    "/": _PAGE,
    "/issues": _PAGE,
    "/articles": _PAGE,
    "/docs": _PAGE,
    "/favicon.ico": _PUBLIC,
    "/healthz": _PUBLIC,
    "/readyz": _PUBLIC,
    "/version": _PUBLIC,
    "/widget": _PUBLIC,
    "/static": _PUBLIC,
    "/openapi.json": _PUBLIC,
    "/problems": _PUBLIC,
}


def area_of(path: str) -> Area:
    """Return what is asked of a caller at a path; the longest beginning that is listed decides.

    >>> area_of("/api/v1/chat").scopes, area_of("/articles/2021-10/a09").scopes
    (('chat',), ())
    """
    parts = path.split("/")
    for end in range(len(parts), 1, -1):
        area = AREAS.get("/".join(parts[:end]))
        if area:
            return area
    return _PAGE


def cost_of(path: str, query: str) -> int:
    """Return how many requests one counts as: the page to ask from answers each of its questions.

    Args:
        path: Of its address.
        query: Of its address, as sent.

    >>> cost_of("/", "q=a&q=b&lang=en"), cost_of("/api/v1/ask", "q=a")
    (2, 1)
    """
    if path != "/":
        return 1
    asked = sum(name == "q" for name, _ in parse_qsl(query))
    return min(max(asked, 1), MAX_SHOWN)


def evened(path: str) -> str:
    """Return the path that is looked for: a slash at its end is left out.

    >>> evened("/issues/"), evened("/"), evened("/issues//")
    ('/issues', '/', '/issues//')
    """
    return path.removesuffix("/") if len(path) > 1 and not path.endswith("//") else path


def is_api(path: str) -> bool:
    """Tell whether programs ask it."""
    return area_of(path).is_api
