"""Who may reach the service at all: by which host name, and from which website's pages."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request

from api.http.areas import is_api
from api.http.faults import problem_response
from api.http.problems import ProblemError
from api.http.requests import reader_lang
from api.http.settings import is_loopback
from qa.texts import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from api.http.settings import ServiceSettings

_METHODS = ("GET", "POST", "OPTIONS")
_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID")
_EXPOSED = ("X-Request-ID", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Should-Retry")
_MCP_HEADERS = ("Last-Event-ID", "Mcp-Method", "Mcp-Name", "Mcp-Protocol-Version", "Mcp-Session-Id")
_MAX_AGE_S = 7200
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Guards:
    """Refuses other host names and other websites, and tells browsers which may ask.

    A page of another site can have its own name point to this machine (DNS rebinding), which the
    host name gives away. Which site a browser's request comes from is told by `Origin` and
    `Sec-Fetch-Site`; programs tell neither and are let pass: this protects readers, not secrets.
    """

    def __init__(self, app: ASGIApp, *, settings: ServiceSettings) -> None:
        """Wrap an application."""
        self._app = app
        self._origins = settings.allowed_origins
        names = {settings.host, *settings.allowed_hosts}
        self._public_origin = ""
        if settings.public_url:
            names.add(settings.public_url.host or "")
            parts = urlsplit(str(settings.public_url))
            self._public_origin = f"{parts.scheme}://{parts.netloc}".lower()
        self._names = {name.lower().strip("[]") for name in names}
        self._has_names = bool(settings.allowed_hosts or settings.public_url)
        self._cors = _cors(app, self._origins)
        self._openai_cors = _cors(app, self._origins, headers=("*",))
        self._mcp_cors = _cors(app, self._origins, headers=(*_HEADERS, *_MCP_HEADERS), mcp=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        problem = self._problem(scope, headers)
        if problem:
            response = problem_response(Request(scope), problem)
            response.headers.add_vary_header("Origin")
            await response(scope, receive, send)
            return
        cors = self._cors_of(scope["path"])
        if _is_preflight(scope, headers):
            await _preflight(cors, scope, receive, send)
        else:
            await cors(scope, receive, send)

    def _cors_of(self, path: str) -> CORSMiddleware:
        if path.startswith("/mcp"):
            return self._mcp_cors
        return self._openai_cors if path.startswith("/v1/") else self._cors

    def _problem(self, scope: Scope, headers: Headers) -> ProblemError | None:
        if not self._is_our_host(scope, headers):
            request = Request(scope)
            return ProblemError("forbidden", detail=say("problem_host", reader_lang(request)))
        if not is_public(scope["path"]) and not self._may_ask(scope, headers):
            return ProblemError("origin_not_allowed")
        return None

    def _is_our_host(self, scope: Scope, headers: Headers) -> bool:
        """Tell whether the host name is one of ours; an address cannot be made to point here."""
        told = headers.getlist("host")
        if len(told) > 1:
            return False
        if not told:
            return bool(scope["http_version"] == "1.0")
        name = _host_name(told[0])
        if name is None:
            return False
        is_ours = is_loopback(name) or _is_address(name) or name in self._names
        server = scope.get("server") or ("", 0)
        return is_ours or not (self._has_names or is_loopback(str(server[0])))

    def _may_ask(self, scope: Scope, headers: Headers) -> bool:
        """Tell whether no other website is behind the request, or one that is allowed."""
        told = headers.getlist("origin")
        site = headers.get("sec-fetch-site")
        if not told:
            is_embedded = site == "cross-site" and headers.get("sec-fetch-mode") != "navigate"
            return not is_embedded or not is_api(scope["path"]) or "*" in self._origins
        if len(told) > 1:
            return False
        return self.is_own(told[0], headers) or told[0] in self._origins or "*" in self._origins

    def is_own(self, origin: str, headers: Headers) -> bool:
        """Tell whether an origin is the service's own."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        if origin.lower() == self._public_origin:
            return True
        parts = urlsplit(origin)
        default = _DEFAULT_PORTS.get(parts.scheme)
        if default is None or not parts.hostname:
            return False
        host = headers.get("host", "").lower()
        return host in (parts.netloc.lower(), f"{parts.hostname}:{parts.port or default}")


def is_public(path: str) -> bool:
    """Tell whether any website may load it: the widget's own files."""
    return path.startswith("/widget/")


def is_from_page(scope: Scope) -> bool:
    """Tell whether a browser's page asks, ours or an allowed one; others were refused before."""
    headers = Headers(scope=scope)
    return "origin" in headers or headers.get("sec-fetch-site") == "same-origin"


def _host_name(host: str) -> str | None:
    """Return the name in a Host header without its port, or None where it is none.

    >>> _host_name("Paper.example:8750"), _host_name("[::1]:80"), _host_name("a@b")
    ('paper.example', '::1', None)
    """
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    plain = host.isascii() and host.isprintable() and not set(host) & set("@/\\?#% ,")
    return parts.hostname if plain and parts.hostname else None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _cors(
    app: ASGIApp,
    origins: tuple[str, ...],
    *,
    headers: tuple[str, ...] = _HEADERS,
    mcp: bool = False,
) -> CORSMiddleware:
    """Return what tells browsers which origins may send which headers; * is any.

    OpenAI's clients send a dozen headers of their own (`X-Stainless-…`), more with each release.
    """
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=(*_METHODS, "DELETE") if mcp else _METHODS,
        allow_headers=headers,
        expose_headers=(*_EXPOSED, "Mcp-Session-Id") if mcp else _EXPOSED,
        max_age=_MAX_AGE_S,
    )


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    asks = "access-control-request-method" in headers
    return scope["method"] == "OPTIONS" and "origin" in headers and asks


async def _preflight(cors: CORSMiddleware, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what a browser asks before it asks; a refusal has the body of every error."""
    request = Request(scope)
    response = cors.preflight_response(request.headers)
    if response.status_code == 400:
        detail = say("problem_preflight", reader_lang(request))
        refused = problem_response(request, ProblemError("invalid_request", detail=detail))
        MutableHeaders(raw=refused.raw_headers)["Vary"] = response.headers["Vary"]
        response = refused
    await response(scope, receive, send)
