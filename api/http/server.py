"""Runs the application: one process, or several that share one port and one archive."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from api.http.logs import configure
from api.http.settings import HANDED_DOWN, ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger(__name__)

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
    from uvicorn.supervisors import Multiprocess

    from api.http.wire import protocol_for

    os.environ[HANDED_DOWN] = settings.model_dump_json(exclude_unset=True)  # it tells what is named
    options: dict[str, Any] = dict(
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
    if settings.workers == 1 or sys.platform != "linux":
        uvicorn.run(factory, **options)
        return
    config = uvicorn.Config(factory, **options)
    door = _Door(fileno=config.bind_socket().detach())
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    stopped_by: list[signal.Signals] = []

    class Supervisor(Multiprocess):
        """Notes what it was stopped by, as one process alone does."""

        def handle_int(self) -> None:
            stopped_by.append(signal.SIGINT)
            super().handle_int()

        def handle_term(self) -> None:
            stopped_by.append(signal.SIGTERM)
            super().handle_term()

    Supervisor(config, sockets=[door]).run()
    for number, handler in before.items():
        signal.signal(number, handler)
    for number in stopped_by[:1]:
        signal.raise_signal(number)


class _Door(socket.socket):
    """A bound socket; each process that it is sent to gets one of its own on the same port.

    Linux spreads what comes over all that listen. One that they share is emptied by whichever
    looks first: of sixteen connections that come at once one worker had all.
    """

    def __reduce__(self) -> tuple[Callable[..., socket.socket], tuple[object, ...]]:
        """Return how it is made in another process."""
        return _opened, (self.family, self.getsockname())


def _opened(family: int, address: tuple[Any, ...]) -> socket.socket:
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    door.bind(address)
    return door


def from_parent() -> FastAPI:
    """Return the application with the settings that the parent process handed down."""
    from api.http.app import create_app

    settings = ServiceSettings.model_validate_json(os.environ[HANDED_DOWN])
    configure(settings)
    _outlive_hangups()
    return create_app(settings)


def _outlive_hangups() -> None:
    """Have SIGHUP, which rotating logs may send, do nothing but a line in the log.

    It still ends a service whose terminal is closed.
    """
    if not sys.stderr.isatty() and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        told = "SIGHUP changes nothing: there is no file of settings or of a log to open anew"
        signal.signal(signal.SIGHUP, lambda *_: log.info(told))
