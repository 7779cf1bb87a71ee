"""`python -m tests.benchmarks.load`: the service under load, beside the plainest FastAPI route.

Server and client share the machine. The client asks over kept-alive connections, each its next
question as soon as it has the last answer; questions are cut from the archive's own sentences.
Asked anew, more of them lie between two alike than the service remembers; asked again, it does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from api.service import open_archive
from api.settings import settings_from
from corpus.text import split_sentences

_QUESTION_CHARS, _STEP = 14, 4  # of a question, and from one to the next
_STARTS = 5
_MOST = 2000  # different questions; each is asked with 20 limits
_N_AGAIN = 100  # questions that the service remembers
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
PLAIN = """
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def plain():
    return {"text": "x"}
"""


@dataclass(frozen=True)
class Load:
    """What a load came to: answers a second, and milliseconds to an answer."""

    per_s: float
    p50_ms: float
    p99_ms: float
    failed: int


def questions(archive: Path | None) -> list[str]:
    """Return questions cut from the sentences of an archive, or of the shipped issue."""
    with open_archive(settings_from(archive=archive)) as kept:
        texts = [text for _, text, _ in kept.iter_passages()]
    sentences = [sentence.text for text in texts for sentence in split_sentences(text)]
    cut = [
        f"{one[at : at + _QUESTION_CHARS]}是多少？"
        for one in sentences
        for at in range(0, len(one) - _QUESTION_CHARS, _STEP)
    ]
    return list(dict.fromkeys(cut))


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def process(command: Sequence[str], port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it is entered once the path answers 200."""
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while asyncio.run(_status(port, path)) != 200:
            if time.monotonic() > until or started.poll() is not None:
                raise SystemExit(f"{' '.join(command)} does not answer")
            time.sleep(0.01)
        yield started
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(30)


async def _status(port: int, path: str) -> int:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0
    status, _ = await _get(reader, writer, path)
    writer.close()
    return status


async def _get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
) -> tuple[int, bytes]:
    """Return status and body of one GET over a kept-alive connection."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    lower = head.lower()
    at = lower.find(b"content-length:")
    size = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
    return status, await reader.readexactly(size)


async def load(port: int, paths: Sequence[str], *, clients: int, seconds: float) -> Load:
    """Return what so many clients get in so many seconds; the first second is not counted."""
    taken: list[float] = []
    failed = 0
    begun = time.perf_counter() + min(1.0, seconds / 5)
    until = begun + seconds

    async def client(first: int) -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        at = first
        while (now := time.perf_counter()) < until:
            status, _ = await _get(reader, writer, paths[at % len(paths)])
            at += clients
            if now >= begun:
                taken.append(1000 * (time.perf_counter() - now))
                failed += status != 200
        writer.close()

    await asyncio.gather(*(client(n) for n in range(clients)))
    cuts = quantiles(taken, n=100)
    return Load(len(taken) / seconds, cuts[49], cuts[98], failed)


async def streams(port: int, asked: Sequence[str], *, n: int) -> tuple[int, float]:
    """Return how many of n streams opened at once end in `done`, and the median ms to `start`."""

    async def one(question: str) -> tuple[bool, float]:
        body = json.dumps({"question": question, "stream": True}).encode()
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /api/v1/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        await reader.readuntil(b"event: start")
        first = 1000 * (time.perf_counter() - began)
        rest = await reader.read()
        writer.close()
        return b"event: done" in rest, first

    ended = await asyncio.gather(*(one(asked[at % len(asked)]) for at in range(n)))
    return sum(done for done, _ in ended), median(first for _, first in ended)


def starts(archive: Path | None, asked: Sequence[str]) -> tuple[float, float]:
    """Return the median seconds to readiness, and ms to the first event of the first stream."""
    ready, first = [], []
    for at in range(_STARTS):
        port, began = free_port(), time.perf_counter()
        with process(_serve(archive, port), port, "/readyz"):
            ready.append(time.perf_counter() - began)
            first.append(asyncio.run(streams(port, asked[at:], n=1))[1])
    return median(ready), median(first)


def _serve(archive: Path | None, port: int, *, workers: int = 1) -> list[str]:
    told = ["--port", str(port), "--workers", str(workers)]
    named = ["--archive", str(archive)] if archive else []
    return [sys.executable, "-m", "api", "serve", *told, *named]


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process and its children in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6
    return own + sum(memory_mb(int(child)) for child in children)


def soak(pid: int, port: int, paths: Sequence[str], *, clients: int, minutes: float) -> None:
    """Print answers and memory once for each tenth of so many minutes."""
    for tenth in range(1, 11):
        found = asyncio.run(load(port, paths, clients=clients, seconds=6 * minutes))
        print(f"  {tenth * minutes / 10:5.1f} min {found.per_s:7.0f} a second, ", end="")
        print(f"{found.failed} failed, {memory_mb(pid):6.1f} MB", flush=True)


def _row(name: str, found: Load, base: Load | None = None) -> None:
    ratio = f"{found.per_s / base.per_s:7.2f}" if base else "       "
    print(
        f"{name:34} {found.per_s:8.0f} {ratio} {found.p50_ms:8.1f} {found.p99_ms:8.1f} "
        f"{found.failed:6}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description=__doc__)
    parser.add_argument("--archive", type=Path, help="else the default, or the shipped issue")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES")
    told = parser.parse_args(arguments)
    asked = questions(told.archive)
    once = [f"/api/v1/ask?q={quote(one)}" for one in asked[:_MOST]]
    again = once[:_N_AGAIN]
    paths = [f"{one}&limit={limit}" for limit in range(1, 21) for one in once]
    ready, first = starts(told.archive, asked)
    print(f"one process is ready after {ready:.2f} s; first event after {first:.0f} ms (medians)")
    print(f"{'':34} {'a second':>8} {'ratio':>7} {'p50 ms':>8} {'p99 ms':>8} {'failed':>6}")
    base = _plain(told)
    port = free_port()
    command = _serve(told.archive, port, workers=told.workers)
    with process(command, port, "/readyz") as server:
        for name, asking in (("anew", paths), ("again", again)):
            for clients in (1, told.clients):
                found = asyncio.run(load(port, asking, clients=clients, seconds=told.seconds))
                _row(f"asked {name}, {told.workers} processes, {clients} clients", found, base)
        alone = [asyncio.run(streams(port, asked[at:], n=1)) for at in range(20)]
        print(f"first event of a stream, alone     {median(ms for _, ms in alone):8.1f} ms")
        done, first = asyncio.run(streams(port, asked, n=200))
        print(f"200 streams at once: {done} complete; first event after {first:.0f} ms (median)")
        if told.soak:
            soak(server.pid, port, paths, clients=told.clients, minutes=told.soak)
    return 0


def _plain(told: argparse.Namespace) -> Load:
    """Measure the reference: one FastAPI route that does nothing, as many processes."""
    from tempfile import TemporaryDirectory

    port = free_port()
    with TemporaryDirectory() as folder:
        (Path(folder) / "plain.py").write_text(PLAIN)
        command = [sys.executable, "-m", "uvicorn", "plain:app", "--app-dir", folder]
        command += ["--port", str(port), "--workers", str(told.workers), "--no-access-log"]
        with process(command, port, "/"):
            base = asyncio.run(load(port, ["/"], clients=told.clients, seconds=told.seconds))
    _row(f"plain route, {told.workers} processes", base, base)
    return base


if __name__ == "__main__":
    sys.exit(main())
