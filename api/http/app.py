"""Settings to the application: what stands around the routes, and the routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from starlette.routing import Mount, Route

from api.http import faults, feedback, native, openai, operations, pages, widget
from api.http.access import Access
from api.http.areas import evened
from api.http.body import BodyGuard
from api.http.callers import Callers
from api.http.engine import Engine
from api.http.guards import Guards
from api.http.metrics import Metrics
from api.http.mounted import McpMount, add_mcp
from api.http.requests import only_known
from api.http.settings import ServiceSettings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LONGEST_OPENING_S = 60.0
_KEY = HTTPBearer(scheme_name="key", description="Of `bulletin key`.", auto_error=False)
"""For the OpenAPI document alone: `Callers` has looked at the key before a route is reached."""


def create_app(settings: ServiceSettings | None = None) -> FastAPI:
    """Return the service; None takes the settings from the environment.

    The archive is opened when the application starts, in the background: until then it answers
    503 and `/readyz` tells why. One of several workers takes no connection while it opens: its
    siblings answer meanwhile.
    """
    settings = settings or ServiceSettings()
    metrics = Metrics(operations.package_version())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = engine = Engine(settings, metrics)
        engine.start()
        if settings.workers > 1:
            await asyncio.to_thread(engine.wait_for_try, _LONGEST_OPENING_S)
        app.state.mcp = mcp = McpMount(engine)
        try:
            yield
        finally:
            await mcp.close()
            engine.stop()
            metrics.close()

    app = FastAPI(
        title="bulletin-qa",
        summary="Answers from a printed bulletin, with citations exact to the character.",
        version=operations.package_version(),
        lifespan=lifespan,
        openapi_url="/openapi.json",
        servers=[{"url": settings.base_url}] if settings.base_url else None,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
    )
    key = [Depends(_KEY)] if settings.keys_file else []
    for router in (native.router, feedback.router):  # all that is under /api/v1
        app.include_router(router, dependencies=[Depends(only_known), *key])
    app.include_router(openai.router, dependencies=key)
    app.include_router(operations.router)
    app.include_router(pages.router)
    app.include_router(widget.router)
    add_mcp(app)
    faults.add_handlers(app)
    _surround(app, settings, metrics)
    return app


def _surround(app: FastAPI, settings: ServiceSettings, metrics: Metrics) -> None:
    """Put around the routes what every request goes through; the first is the innermost."""
    app.add_middleware(Evened)
    app.add_middleware(
        BodyGuard,
        max_bytes=settings.max_body_bytes,
        larger={"/v1/": settings.openai_body_bytes},
        timeout_s=settings.request_timeout_s,
    )
    app.add_middleware(Callers, settings=settings, metrics=metrics)
    app.add_middleware(faults.Faults)
    app.add_middleware(Guards, settings=settings)
    app.add_middleware(Access, metrics=metrics, routes=_routes(app))


def _routes(app: FastAPI) -> list[Route | Mount]:
    """Return all routes; FastAPI keeps those of a router that was included in that router."""
    routers = (native, feedback, openai, operations, pages, widget)
    every = [*app.routes, *(route for one in routers for route in one.router.routes)]
    return [route for route in every if isinstance(route, (Route, Mount))]


class Evened:
    """Takes an address with a slash at its end as the one without it, and HEAD as GET.

    A redirect would have to name the address that readers know, and behind a proxy the service
    sees neither its scheme nor the path it may begin with; and not every client sends a body twice.
    The server leaves out the body of what answers HEAD.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["path"] = evened(scope["path"])
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        inner = {**scope, "method": "GET"}
        try:
            await self._app(inner, receive, send)
        finally:
            scope["route"] = inner.get("route")  # for the log
