"""The MCP server at `/mcp`, where the extra `mcp` is installed."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send

    from api.http.engine import Engine


def add_mcp(app: FastAPI) -> None:
    """Add the route; without the extra there is none."""
    if find_spec("mcp") and find_spec("mcp_types"):  # the latter came with version 2
        app.router.routes.append(Route("/mcp", _McpRoute(), include_in_schema=False))


class McpMount:
    """The server, from its first request on: its libraries take as long to load as all of ours.

    A mounted application's own lifespan never runs, so this one lives in the host's. No session is
    kept between requests, so that several processes can share one address.
    """

    def __init__(self, engine: Engine) -> None:
        """Keep the engine; `close` must be called."""
        self._engine = engine
        self._running: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[StreamableHTTPSessionManager] | None = None
        self._stopped = asyncio.Event()

    async def manager(self) -> StreamableHTTPSessionManager:
        """Return what answers requests."""
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(self._ready))
        return await asyncio.shield(self._ready)

    async def close(self) -> None:
        """Stop it."""
        self._stopped.set()
        if self._running:
            await self._running

    async def _run(self, ready: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        try:
            manager = await asyncio.to_thread(_manager, self._engine)
        except Exception as exc:  # told to whoever waits
            ready.set_exception(exc)
            return
        async with manager.run():
            ready.set_result(manager)
            await self._stopped.wait()


def _manager(engine: Engine) -> StreamableHTTPSessionManager:
    from api.mcp import build_server, security

    server = build_server(engine)
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=engine.settings.max_body_bytes,
        transport_security=security(engine.settings),
    )
    return server.session_manager


class _McpRoute:
    """Passes a request to the server that runs now.

    GET would open a stream of what the server says unasked. It says nothing without a session, so
    the stream would only hold its connection, and keep the service from stopping.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it."""
        if scope["method"] == "GET":
            raise HTTPException(405, headers={"Allow": "POST"})
        mount: McpMount = scope["app"].state.mcp
        await (await mount.manager()).handle_request(scope, receive, send)
