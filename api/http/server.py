"""Runs the application: one process, or several that share one socket and one archive."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from api.http.logs import configure
from api.http.settings import HANDED_DOWN, ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

GRACE_S = 10  # for streams that are under way when the service is told to stop


def run(settings: ServiceSettings, *, factory: str = "api.http.server:from_parent") -> None:
    """Serve until interrupted or terminated; streams under way are finished.

    Args:
        settings: Are handed down to every process.
        factory: Makes the application in each of them.
    """
    configure(settings)
    with ExitStack() as stack:
        if settings.workers > 1:
            from api.http.metrics import shared_folder

            stack.enter_context(shared_folder())
        _serve(settings, factory)


def _serve(settings: ServiceSettings, factory: str) -> None:
    import uvicorn

    from api.http.wire import protocol_for

    os.environ[HANDED_DOWN] = settings.model_dump_json(exclude_unset=True)  # it tells what is named
    uvicorn.run(
        factory,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        http=protocol_for(settings),
        ws="none",
        timeout_graceful_shutdown=GRACE_S,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


def from_parent() -> FastAPI:
    """Return the application with the settings that the parent process handed down."""
    from api.http.app import create_app

    settings = ServiceSettings.model_validate_json(os.environ[HANDED_DOWN])
    configure(settings)
    return create_app(settings)
