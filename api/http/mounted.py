"""The MCP server at `/mcp`, where the extra `mcp` is installed."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    from types import ModuleType

    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

    from api.http.engine import Engine


def add_mcp(app: FastAPI) -> None:
    """Add the route; without the extra there is none."""
    if _module():
        app.router.routes.append(Route("/mcp", _McpRoute(), include_in_schema=False))


def running_mcp(app: FastAPI, engine: Engine) -> AbstractAsyncContextManager[None]:
    """Return what keeps the server running, to be entered as long as the application lives.

    A mounted application's own lifespan never runs. No session is kept between requests, so that
    several processes can share one address.
    """
    module = _module()
    if not module:
        return nullcontext()
    server = module.build_server(engine)
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=engine.settings.max_body_bytes,
        transport_security=module.security(engine.settings),
    )
    app.state.mcp = server.session_manager
    running: AbstractAsyncContextManager[None] = server.session_manager.run()
    return running


def _module() -> ModuleType | None:
    """Return the module that needs the extra, or None without it."""
    try:
        from api import mcp
    except ImportError:
        return None
    return mcp


class _McpRoute:
    """Passes a request to the server that runs now."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["app"].state.mcp.handle_request(scope, receive, send)
