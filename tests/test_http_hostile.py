"""Hostile inputs over raw sockets: each gets its documented answer, and nothing else changes.

The table below is the document: what is sent, and what comes back. After every row a normal
question is asked, which must be answered as before the first.
"""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from tests.served import QUESTION, Server, drained, parsed, serving, wait_until

LIMIT_S = 1.0
HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>"
Case = Callable[[Server], tuple[int, str]]
"""Returns the status of the answer and its error code; 0 where the connection is just closed."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile") / "archive"
    texts = {
        "2021-10.txt": f"疫苗接种\n\n全区疫苗接种率达到100.18%，提前一天超额完成任务。\n\n{HTML}"
        f"开发区公告：点击{HTML}领取奖品，共发放奖品{HTML}三百份。",
    }
    with Archive.open(folder, create=True) as kept:
        for name, text in texts.items():
            kept.add(read_bytes(text.encode(), name=name))
    with serving(
        folder,
        request_timeout_s=str(LIMIT_S),
        write_timeout_s=str(LIMIT_S),
        max_header_bytes="8192",
        allowed_origins="https://paper.example",
    ) as running:
        yield running


@pytest.fixture(scope="module")
def normal(server: Server) -> dict[str, object]:
    return told(server.post("/api/v1/chat", {"question": QUESTION})[2])


def told(body: bytes) -> dict[str, object]:
    found: dict[str, object] = json.loads(body)
    own = ("id", "created", "timings_ms", "request_id")
    return {name: value for name, value in found.items() if name not in own}


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode(
        "utf-8", "surrogateescape"
    )


def chat(body: bytes, *headers: str, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    more = ("Content-Type: application/json", f"Content-Length: {size}", "Connection: close")
    return head("POST /api/v1/chat HTTP/1.1", *more, *headers) + body


def completion(body: bytes) -> bytes:
    return chat(body).replace(b"/api/v1/chat", b"/v1/chat/completions", 1)


def question(text: str, **more: object) -> bytes:
    return json.dumps({"question": text, **more}).encode()


def get(path: str, *headers: str) -> bytes:
    return head(f"GET {path} HTTP/1.1", "Connection: close", *headers)


def sent(data: bytes) -> Case:
    return lambda server: outcome(server.raw(data))


def outcome(reply: bytes) -> tuple[int, str]:
    if not reply:
        return 0, ""
    status, headers, body = parsed(reply)
    if "json" in headers.get("content-type", "") and body:
        return status, str(json.loads(body).get("error", {}).get("code", ""))
    return status, ""


def endless(server: Server) -> tuple[int, str]:
    """Send chunks of a body without end, until the server has had enough."""
    with server.connect() as wire:
        wire.sendall(
            head(
                "POST /api/v1/chat HTTP/1.1",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
            )
        )
        wire.settimeout(30)
        try:
            for _ in range(10_000):
                wire.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")
        except OSError:
            pass
        return outcome(drained(wire))


def dripping(data: bytes, rest: bytes) -> Case:
    """Return a case that sends some bytes at once and the others one by one, slowly."""

    def drip(server: Server) -> tuple[int, str]:
        with server.connect() as wire:
            wire.sendall(data)
            wire.settimeout(0.05)
            found = b""
            for at in range(1000):
                try:
                    wire.sendall(rest[at % len(rest) :][:1])
                    chunk = wire.recv(65536)
                    if not chunk:
                        break
                    found += chunk
                except TimeoutError:
                    continue
                except OSError:
                    break
            return outcome(found)

    return drip


def silent(server: Server) -> tuple[int, str]:
    with server.connect() as wire:
        return outcome(drained(wire))


def never_reads(server: Server) -> tuple[int, str]:
    """Ask for streams and much else in one go, and read nothing; the server cuts it off."""
    body = question(QUESTION, stream=True)
    stream = head(
        "POST /api/v1/chat HTTP/1.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    data = stream + body + get("/openapi.json").replace(b"Connection: close\r\n", b"") * 200
    cut = "a client that takes no more was cut off"
    before = len(server.logged(cut))
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect(("127.0.0.1", server.port))
        wire.setblocking(False)
        end = time.monotonic() + 60
        while len(server.logged(cut)) == before and time.monotonic() < end:
            with suppress(OSError):
                wire.send(data)
            time.sleep(0.05)
        wait_until(lambda: len(server.logged(cut)) > before)
    return 0, ""


def pipelined(server: Server) -> tuple[int, str]:
    """Ask ten questions before reading an answer; all are answered, in order."""
    body = question(QUESTION)
    kept = head(
        "POST /api/v1/chat HTTP/1.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    reply = server.raw((kept + body) * 9 + chat(body))
    assert reply.count(b"HTTP/1.1 200 OK") == 10
    assert reply.count(b"100.18%") >= 10
    return outcome(reply)


def garbage_behind(server: Server) -> tuple[int, str]:
    """Send no HTTP behind a good request; the good one is answered, then it is over."""
    reply = server.raw(
        get("/healthz").replace(b"Connection: close\r\n", b"") + b"\x00\x01\x02\r\n\r\n"
    )
    assert reply.count(b"HTTP/1.1") == 1
    return outcome(reply)


def split_in_log(server: Server) -> tuple[int, str]:
    """Send an id and a path with line ends; the log has one line a request, and no other."""
    before = len(server.lines)
    forged = '{"level": "info", "message": "forged"}'
    reply = server.raw(
        get(f"/api/v1/articles/x%0a{forged.replace(' ', '%20')}", f"X-Request-ID: a\t{forged}")
    )
    wait_until(lambda: len(server.lines) > before)
    assert not server.logged("forged")
    assert all(json.loads(line) for line in server.lines)
    assert "forged" not in server.lines[-1]
    return outcome(reply)


def html_is_data(server: Server) -> tuple[int, str]:
    """Ask with HTML for HTML in the bulletin; both are JSON text, and never sniffed."""
    reply = server.raw(chat(question(f"发放奖品多少份？{HTML}")))
    status, headers, _ = parsed(reply)
    assert headers["content-type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    return status, ""


def head_has_no_body(server: Server) -> tuple[int, str]:
    reply = server.raw(get("/healthz").replace(b"GET", b"HEAD", 1))
    assert reply.endswith(b"\r\n\r\n")
    return outcome(reply)


MANY_WAYS = {
    "question": "翻译" * 60 + "x",
    "history": [{"role": "user", "text": "疫苗接种率是多少？"}],
}
MESSAGES = (
    b'{"model": "bulletin", "messages": [{"role": "%b", "content": "%b"},'
    b' {"role": "user", "content": "x"}]}'
)
DEEP = b'{"question": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
JSON = "Content-Type: application/json"
CASES: dict[str, tuple[Case, int, str]] = {
    # bodies
    "a body over the limit": (sent(chat(b" " * 70_000)), 413, "body_too_large"),
    "a told length over the limit": (sent(chat(b"", length=10**15)), 413, "body_too_large"),
    "a told length beyond all numbers": (
        sent(head("POST /api/v1/chat HTTP/1.1", JSON, f"Content-Length: {'9' * 40}")),
        400,
        "invalid_request",
    ),
    "two lengths": (
        sent(chat(question("x"), "Content-Length: 3")),
        400,
        "invalid_request",
    ),
    "a length and chunks (smuggling)": (
        sent(chat(question("x"), "Transfer-Encoding: chunked")),
        400,
        "invalid_request",
    ),
    "chunks without end": (endless, 413, "body_too_large"),
    "a chunk that is none": (
        sent(head("POST /api/v1/chat HTTP/1.1", JSON, "Transfer-Encoding: chunked") + b"zz\r\n"),
        400,
        "invalid_request",
    ),
    "deep JSON": (sent(chat(DEEP)), 400, "invalid_json"),
    "a string of quotation marks that does not end, and depth": (
        sent(chat(b'"' + b'\\"' * 30_000 + b"[" * 33)),
        400,
        "invalid_json",
    ),
    "a follow-up that a pattern could read in a billion ways": (
        sent(chat(json.dumps(MANY_WAYS).encode())),
        200,
        "",
    ),
    "text that is not UTF-8": (sent(chat(b'{"question": "\xff\xfe"}')), 400, "invalid_json"),
    "UTF-16": (sent(chat('{"question": "x"}'.encode("utf-16"))), 400, "invalid_json"),
    "a lone surrogate": (sent(chat(b'{"question": "\\ud800"}')), 422, "validation_failed"),
    "a lone surrogate under /v1": (
        sent(completion(MESSAGES % (b"user", b"\\ud800"))),
        400,
        "invalid_request",
    ),
    "a lone surrogate in an earlier message under /v1": (
        sent(completion(MESSAGES % (b"assistant", b"\\ud800"))),
        400,
        "invalid_request",
    ),
    "NUL in a question is a character": (sent(chat(question("疫苗\x00接种率"))), 200, ""),
    "marks, emoji and right-to-left text": (
        sent(
            chat(
                question("\u202e疫苗\u0301\U0001f489\ufeff接种率\u200b达到多少？" + "\u0300" * 300)
            )
        ),
        200,
        "",
    ),
    "NaN": (sent(chat(b'{"question": "x", "min_confidence": NaN}')), 400, "invalid_json"),
    "a number beyond all": (
        sent(chat(b'{"question": "x", "limit": 1e999}')),
        422,
        "validation_failed",
    ),
    "a number of 5,000 digits": (
        sent(chat(b'{"question": "x", "limit": ' + b"9" * 5000 + b"}")),
        400,
        "invalid_json",
    ),
    "a name twice": (sent(chat(b'{"question": "x", "question": "y"}')), 400, "invalid_json"),
    "wrong types": (
        sent(chat(b'{"question": {"$ne": 1}, "history": "x", "limit": [], "stream": "yes"}')),
        422,
        "validation_failed",
    ),
    "a question too long": (sent(chat(question("长" * 1001))), 422, "validation_failed"),
    "a history too long": (
        sent(chat(question("x", history=[{"role": "user", "text": "长" * 4000}] * 6))),
        413,
        "body_too_large",
    ),
    "a history of too many turns": (
        sent(chat(question("x", history=[{"role": "user", "text": "x"}] * 21))),
        422,
        "validation_failed",
    ),
    "a gzip bomb": (
        sent(chat(gzip.compress(b" " * 10**7), "Content-Encoding: gzip")),
        415,
        "unsupported_media_type",
    ),
    "a form instead of JSON": (
        sent(
            head(
                "POST /api/v1/chat HTTP/1.1",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 10",
                "Connection: close",
            )
            + b"question=x"
        ),
        415,
        "unsupported_media_type",
    ),
    # slowness
    "a connection that says nothing": (silent, 0, ""),
    "headers letter by letter (slowloris)": (
        dripping(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
        408,
        "request_timeout",
    ),
    "a body letter by letter": (
        dripping(chat(b"", length=5000), b" "),
        408,
        "request_timeout",
    ),
    "a client that never reads its streams": (never_reads, 0, ""),
    # heads
    "a thousand headers": (
        sent(get("/healthz", *(f"X-{n}: 1" for n in range(1000)))),
        431,
        "headers_too_large",
    ),
    "one huge header": (sent(get("/healthz", "X-Big: " + "a" * 20_000)), 431, "headers_too_large"),
    "a header without end": (
        sent(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: " + b"a" * 2_000_000),
        431,
        "headers_too_large",
    ),
    "a very long address": (sent(get("/" + "a" * 20_000)), 431, "headers_too_large"),
    "a long question in an address": (
        sent(get("/api/v1/ask?q=" + "a" * 2000)),
        422,
        "validation_failed",
    ),
    "letters in an address that are not percent-encoded": (
        sent(get("/api/v1/ask?q=投资")),
        400,
        "invalid_request",
    ),
    "no HTTP": (sent(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"), 400, "invalid_request"),
    "no HTTP behind a request": (garbage_behind, 200, ""),
    "HTTP/1.0 without a host": (sent(b"GET /healthz HTTP/1.0\r\n\r\n"), 200, ""),
    "HTTP/1.1 without a host": (
        sent(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"),
        403,
        "forbidden",
    ),
    "ten questions in one go": (pipelined, 200, ""),
    "HEAD": (head_has_no_body, 200, ""),
    "OPTIONS": (
        sent(head("OPTIONS /api/v1/chat HTTP/1.1", "Connection: close")),
        405,
        "method_not_allowed",
    ),
    "TRACE": (
        sent(head("TRACE /api/v1/chat HTTP/1.1", "Connection: close")),
        405,
        "method_not_allowed",
    ),
    "CONNECT": (
        sent(b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n"),
        400,
        "invalid_request",
    ),
    "an upgrade to WebSocket is not taken up": (
        sent(
            head(
                "GET /healthz HTTP/1.1",
                "Connection: close, Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
            )
        ),
        200,
        "",
    ),
    # paths
    "..%2f": (sent(get("/api/v1/articles/..%2f..%2fetc%2fpasswd")), 404, "not_found"),
    "../": (sent(get("/api/v1/articles/../../../../etc/passwd")), 404, "not_found"),
    "%00 in a path": (sent(get("/api/v1/articles/2021-10%00/a01")), 404, "not_found"),
    "a path that is not UTF-8": (sent(get("/api/v1/articles/%ff%fe")), 404, "not_found"),
    "slashes and more slashes": (sent(get("//api//v1//issues")), 404, "not_found"),
    "an absolute address of another host": (
        sent(
            b"GET http://evil.example/api/v1/issues HTTP/1.1\r\n"
            b"Host: evil.example\r\nConnection: close\r\n\r\n"
        ),
        403,
        "forbidden",
    ),
    # hosts and origins
    "another host (DNS rebinding)": (
        sent(b"GET /api/v1/issues HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
        403,
        "forbidden",
    ),
    "two hosts": (sent(get("/api/v1/issues", "Host: evil.example")), 403, "forbidden"),
    "a host with a name before it": (
        sent(b"GET / HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n"),
        403,
        "forbidden",
    ),
    "X-Forwarded-Host is not believed": (
        sent(get("/api/v1/issues", "X-Forwarded-Host: evil.example")),
        200,
        "",
    ),
    "another origin": (
        sent(chat(question("x"), "Origin: https://evil.example")),
        403,
        "origin_not_allowed",
    ),
    "an origin like an allowed one": (
        sent(chat(question("x"), "Origin: https://paper.example.evil.example")),
        403,
        "origin_not_allowed",
    ),
    "the origin null": (sent(chat(question("x"), "Origin: null")), 403, "origin_not_allowed"),
    "an image of another site": (
        sent(get("/api/v1/ask?q=x", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")),
        403,
        "origin_not_allowed",
    ),
    # what is written down or shown
    "line ends for the log": (split_in_log, 404, "not_found"),
    "HTML in a question and in the bulletin": (html_is_data, 200, ""),
    "an id with line ends in a header": (
        sent(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: a\rSet-Cookie: b\r\n\r\n"),
        400,
        "invalid_request",
    ),
}


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_input_gets_its_documented_answer_and_nothing_else_changes(
    name: str, server: Server, normal: dict[str, object]
) -> None:
    case, status, code = CASES[name]
    assert case(server) == (status, code)
    again = server.post("/api/v1/chat", {"question": QUESTION})
    assert (again[0], told(again[2])) == (200, normal)
    assert server.process.poll() is None


@pytest.mark.parametrize("path", ["/api/v1/ask?q=投资", "/articles/投资"])
def test_who_forgets_to_encode_an_address_is_told_how(server: Server, path: str) -> None:
    problem = json.loads(parsed(server.raw(get(path)))[2])
    assert problem["detail"] == (
        "The address has characters that are to be percent-encoded, as UTF-8;"
        ' curl does so with -G --data-urlencode "q=…".'
    )


def test_no_hostile_input_was_a_bug(server: Server) -> None:
    assert [row for row in server.logged() if row["status"] >= 500] == []
    assert [line for line in server.lines if "raceback" in line] == []


def test_every_case_is_in_the_document() -> None:
    page = (Path(__file__).parent.parent / "docs" / "hostile.md").read_text(encoding="utf-8")
    rows = [f"| {name} | {told_answer(*CASES[name][1:])} |" for name in CASES]
    assert [row for row in rows if row not in page] == []
    assert page.count("\n| ") == len(rows) + 1


def told_answer(status: int, code: str) -> str:
    return f"{status} `{code}`" if code else str(status) if status else "closed"
