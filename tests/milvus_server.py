"""A Milvus Lite as a gRPC server on loopback, in a process that a test may kill and start again."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_START_S = 60.0


class LiteServer:
    """Milvus Lite on a port that stays the same; a new process reads what the last one wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("milvus-lite")  # by itself it binds 0.0.0.0
        told = ["server", "--data-dir", self._folder, "--host", "127.0.0.1", "--port", self._port]
        self._process = subprocess.Popen(
            [str(program), *map(str, told)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + _START_S
        while True:
            assert self._process.poll() is None, "milvus-lite did not start"
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return
            except OSError:
                assert time.monotonic() < end, "milvus-lite does not listen"
                time.sleep(0.05)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait(30)


@contextmanager
def lite_server(folder: Path) -> Iterator[LiteServer]:
    server = LiteServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
