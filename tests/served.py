"""Live servers for tests: real processes on free loopback ports, stopped by the test."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

QUESTION = "全区疫苗接种率达到多少？"
_START_S = 90.0
Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Server:
    """A running service: its process, its port and the lines of its log so far."""

    process: subprocess.Popen[str]
    port: int = 0
    lines: list[str] = field(default_factory=list)

    def logged(self, message: str = "request") -> list[dict[str, Any]]:
        rows = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [row for row in rows if row["message"] == message]

    def wait_for(self, what: str) -> str:
        """Return the first line of the log that has a word in it."""
        end = time.monotonic() + _START_S
        while time.monotonic() < end:
            found = next((line for line in list(self.lines) if what in line), None)
            if found:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"{what!r} is not in the log: {self.lines[-20:]}")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def raw(self, data: bytes, *, half_close: bool = False) -> bytes:
        """Return all that comes back for some bytes until the server closes."""
        with self.connect() as wire:
            try:
                wire.sendall(data)
                if half_close:
                    wire.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it closed before it had all; what it said is there to read
            return drained(wire)

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, b"", **headers)

    def post(self, path: str, body: object, **headers: str) -> Reply:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", path, text, **headers)

    def ask(self, method: str, path: str, body: bytes, **headers: str) -> Reply:
        told = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if body:
            told |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        reply = self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return parsed(reply)


def drained(wire: socket.socket) -> bytes:
    found = b""
    try:
        while chunk := wire.recv(65536):
            found += chunk
    except ConnectionError:
        pass
    return found


def parsed(reply: bytes) -> Reply:
    """Return status, headers with small names, and body of the first answer in some bytes."""
    head, _, body = reply.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    assert first.startswith("HTTP/1."), reply[:200]
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
    if headers.get("transfer-encoding") == "chunked":
        body = _unchunked(body)
    elif "content-length" in headers:
        body = body[: int(headers["content-length"])]
    return int(first.split()[1]), headers, body


def _unchunked(body: bytes) -> bytes:
    found = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size or b"0", 16)
        if not length:
            break
        found, body = found + rest[:length], rest[length + 2 :]
    return found


@contextmanager
def serving(
    folder: Path, *arguments: str, module: str = "api", within: Sequence[str] = (), **env: str
) -> Iterator[Server]:
    """Serve an archive in a process of its own until the block ends.

    Args:
        folder: The archive's folder; the shipped issue is served where there is none.
        arguments: More of the command line.
        module: What is run instead of the command.
        within: A command that runs it, such as one that takes powers away.
        env: Settings, without their prefix.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BULLETIN_")}
    told = {f"BULLETIN_{name.upper()}": value for name, value in env.items()}
    where = {"BULLETIN_ARCHIVE" if folder.exists() else "XDG_DATA_HOME": str(folder)}
    process = subprocess.Popen(
        [*within, sys.executable, "-m", module, "serve", "--port", "0", *arguments],
        env=clean | where | {"BULLETIN_LOG_FORMAT": "json"} | told,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    server = Server(process)
    reader = threading.Thread(target=_read, args=(server,), daemon=True)
    reader.start()
    try:
        line = server.wait_for("Uvicorn running on")
        found = re.search(r"http://[^ ]*:(\d+)", line)
        assert found
        server.port = int(found[1])
        wait_until(lambda: server.get("/readyz")[0] == 200)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        reader.join(30)
        assert process.stderr
        process.stderr.close()


def _read(server: Server) -> None:
    assert server.process.stderr
    for line in server.process.stderr:
        server.lines.append(line.rstrip("\n"))


def wait_until(holds: Callable[[], object], *, limit_s: float = _START_S) -> None:
    """Wait until something holds; a service that never gets there fails the test."""
    end = time.monotonic() + limit_s
    while not _holds(holds):
        if time.monotonic() > end:
            raise AssertionError("it never came to hold")
        time.sleep(0.05)


def _holds(holds: Callable[[], object]) -> bool:
    try:
        return bool(holds())
    except ConnectionError:
        return False
