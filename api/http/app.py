"""Settings to the application: what stands around the routes, and the routes."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.http import native, openai, operations, pages
from api.http.body import BodyLimit
from api.http.engine import Engine
from api.http.mounted import McpMount, add_mcp
from api.http.problems import ProblemError, problem_of
from api.http.settings import ServiceSettings
from corpus.errors import BulletinError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

_SAFE_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_OPENAI = "/v1/"


def create_app(settings: ServiceSettings | None = None) -> FastAPI:
    """Return the service; None takes the settings from the environment.

    The archive is opened when the application starts, in the background: until then it answers
    503 and `/readyz` tells why.
    """
    settings = settings or ServiceSettings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = engine = Engine(settings)
        engine.start()
        app.state.mcp = mcp = McpMount(engine)
        try:
            yield
        finally:
            await mcp.close()
            engine.stop()

    app = FastAPI(
        title="bulletin-qa",
        summary="Answers from a printed bulletin, with citations exact to the character.",
        version=operations.package_version(),
        lifespan=lifespan,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.include_router(native.router)
    app.include_router(openai.router)
    app.include_router(operations.router)
    app.include_router(pages.router)
    add_mcp(app)
    app.add_exception_handler(BulletinError, _on_bulletin_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        larger={_OPENAI: settings.openai_body_bytes},
    )
    app.add_middleware(RequestId)
    return app


class RequestId:
    """Gives each request an id, the caller's own where it is harmless; the answer tells it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = told if _SAFE_ID.fullmatch(told) else f"req_{uuid4().hex}"
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        await self._app(scope, receive, send_with_id)


def problem_response(request: Request, problem: ProblemError) -> Response:
    """Return a problem as the answer to a request.

    A browser gets a page, `/v1` the media type that its clients expect.
    """
    if pages.wants_page(request):
        return pages.problem_page(request, problem)
    is_openai = request.url.path.startswith(_OPENAI)
    return JSONResponse(
        native.problem_body(request, problem),
        status_code=problem.status,
        headers=problem.headers,
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
    errors = [{"pointer": _pointer(row["loc"]), "detail": _plain(row["msg"])} for row in rows]
    is_openai = request.url.path.startswith(_OPENAI)
    return problem_response(
        request,
        ProblemError(
            "invalid_request" if is_openai else "validation_failed",
            detail="; ".join(f"{row['pointer']}: {row['detail']}" for row in errors),
            param=".".join(str(part) for part in rows[0]["loc"][1:]) or None,
            errors=errors,
        ),
    )


def _pointer(loc: Sequence[Any]) -> str:
    """Return a place in a request as a JSON Pointer; a body's begins at its top."""
    parts = loc[1:] if loc and loc[0] == "body" else loc
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


async def _on_http_exception(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    codes = {404: "not_found", 405: "method_not_allowed", 400: "invalid_json"}
    code = codes.get(exc.status_code, "invalid_request")
    return problem_response(request, ProblemError(code, headers=exc.headers))


async def _on_bug(request: Request, exc: Exception) -> Response:
    log.error("a bug: %s", type(exc).__name__, exc_info=exc)
    return problem_response(request, ProblemError("internal"))
