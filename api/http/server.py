"""Runs the application: one process, or several that share one socket and one archive."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from api.http.app import create_app
from api.http.settings import ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

_GRACE_S = 10  # for streams that are under way when the service is told to stop
_HANDED_DOWN = "BULLETIN_SETTINGS"


def run(settings: ServiceSettings) -> None:
    """Serve until interrupted or terminated; streams under way are finished."""
    import uvicorn

    os.environ[_HANDED_DOWN] = settings.model_dump_json()
    uvicorn.run(
        "api.http.server:from_parent",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        timeout_graceful_shutdown=_GRACE_S,
        access_log=False,
        server_header=False,
    )


def from_parent() -> FastAPI:
    """Return the application with the settings that the parent process handed down."""
    return create_app(ServiceSettings.model_validate_json(os.environ[_HANDED_DOWN]))
