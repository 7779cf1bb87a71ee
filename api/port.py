"""The address that the service listens on, tried before anything is started."""

from __future__ import annotations

import errno
import socket

from corpus.errors import BulletinError


class PortError(BulletinError):
    """The service cannot listen where it was told to."""

    def __init__(self, where: str, problem: str, hint: str = "") -> None:
        """Name the address, what is wrong, and what to do."""
        super().__init__(f"port {where}: {problem}")
        self.hint = hint


def check_port(host: str, port: int) -> str:
    """Return the address as shown, if it can be listened on.

    Raises:
        PortError: If it cannot: it is in use, or not this machine's, or not allowed.
    """
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:  # as the service will: what has the port in IPv4 may stay
                door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            door.bind(address)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            hint = "Stop what listens there, or choose another by --port; 0 takes a free one."
            raise PortError(where, "is in use already", hint) from exc
        raise PortError(where, (exc.strerror or str(exc)).lower()) from exc
    return where
