"""Every error the API may answer with: one body, one table, and never what was sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.responses import StreamingResponse
from starlette.types import Message

from api.http.app import create_app
from api.http.engine import Engine
from api.http.metrics import Metrics
from api.http.problems import KINDS, ProblemError, ProblemOut
from api.http.settings import ServiceSettings
from api.keys import add_key
from qa.query import Lang
from qa.texts import say
from tests.conftest import unnamed
from tests.served import QUESTION

MARK = "Zz-echo-marker-zZ"
STATUS = {
    "invalid_json": (400, "invalid_request_error"),
    "invalid_request": (400, "invalid_request_error"),
    "unsupported_parameter": (400, "invalid_request_error"),
    "unsupported_content": (400, "invalid_request_error"),
    "missing_api_key": (401, "authentication_error"),
    "invalid_api_key": (401, "authentication_error"),
    "origin_not_allowed": (403, "permission_error"),
    "forbidden": (403, "permission_error"),
    "not_found": (404, "invalid_request_error"),
    "model_not_found": (404, "invalid_request_error"),
    "method_not_allowed": (405, "invalid_request_error"),
    "request_timeout": (408, "invalid_request_error"),
    "idempotency_conflict": (409, "invalid_request_error"),
    "body_too_large": (413, "invalid_request_error"),
    "unsupported_media_type": (415, "invalid_request_error"),
    "validation_failed": (422, "invalid_request_error"),
    "rate_limited": (429, "rate_limit_error"),
    "headers_too_large": (431, "invalid_request_error"),
    "internal": (500, "server_error"),
    "index_not_ready": (503, "server_error"),
    "engine_unavailable": (503, "server_error"),
    "overloaded": (503, "server_error"),
    "not_stored": (503, "server_error"),
    "timeout": (504, "server_error"),
}
SECONDS = {"rate_limited", "index_not_ready", "engine_unavailable", "overloaded"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Return a service with keys and three routes more that go wrong when told to."""
    folder = tmp_path_factory.mktemp("errors")
    token = add_key(folder / "keys", name="reader", scopes=("search",))
    app = create_app(
        unnamed(
            folder,
            keys_file=folder / "keys",
            allowed_origins=("https://paper.example",),
            request_timeout_s=0.2,
        )
    )
    app.state.token = token

    @app.get("/raise/{code}")
    async def _raise(code: str) -> None:
        raise ProblemError(code, retry_after=3 if code in SECONDS else None)

    @app.get("/bug")
    async def _bug() -> None:
        raise RuntimeError(MARK)

    @app.get("/broken")
    async def _broken() -> StreamingResponse:
        async def body() -> AsyncIterator[bytes]:
            yield b"half an answer"
            raise RuntimeError(MARK)

        return StreamingResponse(body())

    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        assert app.state.engine.wait(60)
        yield client


PAGE = {"Origin": "https://paper.example"}


def problem(reply: Response, code: str) -> ProblemOut:
    told = ProblemOut.model_validate(reply.json())
    assert (told.error.code, reply.status_code, told.status) == (code, STATUS[code][0], told.status)
    assert told.error.type == STATUS[code][1]
    assert told.error.message == told.detail
    assert told.request_id == reply.headers["x-request-id"]
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert MARK not in reply.text
    return told


def test_the_table_of_errors_is_the_documented_one() -> None:
    assert {code: (kind.status, kind.openai_type) for code, kind in KINDS.items()} == STATUS


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", STATUS)
def test_each_error_has_its_status_body_headers_and_words(
    client: TestClient, code: str, lang: Lang
) -> None:
    reply = client.get(f"/raise/{code}", headers={"Accept-Language": f"fr, {lang}-XX;q=0.5"})
    told = problem(reply, code)
    assert told.title == say(f"problem_title_{code}", lang)
    assert told.detail == say(f"problem_{code}", lang, seconds="3")
    assert told.instance == f"/raise/{code}"
    assert reply.headers.get("retry-after") == ("3" if code in SECONDS else None)
    assert told.retry_after == (3 if code in SECONDS else None)
    never = code in ("internal", "idempotency_conflict", "not_stored")
    assert reply.headers.get("x-should-retry") == ("false" if never else None)
    page = client.get(told.type, headers={"Accept-Language": lang}).text
    assert f"<h1>{told.title}</h1>" in page
    assert f"<code>{code}</code>" in page
    assert f"<dd>{STATUS[code][0]}</dd>" in page


def test_the_openai_layer_gets_the_same_body_as_plain_json(app: FastAPI) -> None:
    async def fails() -> None:
        raise ProblemError("unsupported_content", param="messages")

    fresh = create_app(ServiceSettings(archive=Path("/nonexistent/archive")))
    fresh.add_api_route("/v1/fails", fails)
    with TestClient(fresh, raise_server_exceptions=False) as client:
        reply = client.get("/v1/fails")
        assert reply.headers["content-type"] == "application/json"
        assert reply.json()["error"]["param"] == "messages"


def test_a_bug_tells_nothing_and_says_not_to_retry(client: TestClient) -> None:
    reply = client.get("/bug", headers=PAGE)
    problem(reply, "internal")
    assert reply.headers["x-should-retry"] == "false"
    assert reply.headers["access-control-allow-origin"] == "https://paper.example"


def test_half_an_answer_is_not_made_to_look_whole(app: FastAPI, client: TestClient) -> None:
    assert client.get("/broken").content == b"half an answer"  # no second answer behind it
    with pytest.raises(RuntimeError, match=MARK):
        TestClient(app).get("/broken")


BODY = json.dumps({"question": QUESTION}).encode()


@pytest.mark.parametrize(
    ("code", "method", "path", "body", "headers"),
    [
        ("invalid_json", "POST", "chat", b'{"question": "' + MARK.encode(), {}),
        ("invalid_json", "POST", "chat", b'{"question": "\xff"}', {}),
        ("invalid_json", "POST", "chat", b'{"question": "x", "min_confidence": NaN}', {}),
        ("invalid_json", "POST", "chat", b'{"question": "x", "question": "y"}', {}),
        ("invalid_json", "POST", "chat", b'{"question": ' + b"[" * 40 + b"]" * 40 + b"}", {}),
        ("invalid_request", "POST", "chat", BODY, {"Idempotency-Key": f"{MARK} with spaces"}),
        ("unsupported_media_type", "POST", "chat", BODY, {"Content-Type": "text/plain"}),
        ("unsupported_media_type", "POST", "chat", BODY, {"Content-Type": f"application/{MARK}"}),
        ("unsupported_media_type", "POST", "feedback", BODY, {"Content-Encoding": "gzip"}),
        ("body_too_large", "POST", "chat", MARK.encode() * 5000, {}),
        ("method_not_allowed", "GET", "chat", b"", {}),
        ("method_not_allowed", "DELETE", "issues", b"", {}),
        ("not_found", "GET", f"articles/{MARK[:0]}none", b"", {}),
        ("validation_failed", "POST", "chat", b'{"question": "' + b"x" * 1001 + b'"}', {}),
        ("validation_failed", "POST", "chat", b'{"question": "\\ud800"}', {}),
        ("validation_failed", "POST", "chat", b'{"question": 1}', {}),
        ("validation_failed", "POST", "chat", b"[]", {}),
        (
            "validation_failed",
            "POST",
            "chat",
            f'{{"question": "x", "lang": "{MARK}"}}'.encode(),
            {},
        ),
        ("validation_failed", "GET", f"search?q=x&limit={MARK}", b"", {}),
        ("validation_failed", "GET", f"search?q=x&from={MARK}", b"", {}),
        ("validation_failed", "GET", "search?q=x&from=2022-01-01&to=2021-01-01", b"", {}),
    ],
)
def test_what_is_wrong_with_a_request_is_told_without_echoing_it(
    client: TestClient, code: str, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    told = {"Content-Type": "application/json"} if body else {}
    reply = client.request(method, f"/api/v1/{path}", content=body, headers=PAGE | told | headers)
    problem(reply, code)
    if code == "method_not_allowed":
        assert reply.headers["allow"]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_field_at_fault_is_told_in_the_readers_language(client: TestClient, lang: str) -> None:
    turn = {"role": "user", "text": "x"}
    body = {"question": "", "limit": 99, "typo": 1, "history": [turn] * 21}
    body |= {"filters": {"from": "x", "issue": 3}, "conversation_id": "x" * 65, "client": 3}
    reply = client.post("/api/v1/chat", json=body, headers=PAGE | {"Accept-Language": lang})
    rows = {row.pointer: row.detail for row in problem(reply, "validation_failed").errors}
    zh = lang == "zh-CN"
    assert rows == {
        "/question": "不能为空" if zh else "is empty",
        "/limit": "不得大于 20" if zh else "is greater than 20",
        "/typo": "没有这个字段" if zh else "is not a known field",
        "/filters/from": "不是日期（年-月-日）" if zh else "is not a date (year-month-day)",
        "/filters/issue": "应为列表" if zh else "is not a list",
        "/history": "最多 20 项" if zh else "has more than 20 items",
        "/conversation_id": "最多 64 个字符" if zh else "has more than 64 characters",
        "/client": "应为对象" if zh else "is not an object",
    }


def test_the_name_of_an_unknown_field_is_cut_short(client: TestClient) -> None:
    reply = client.post("/api/v1/chat", json={"question": "x", "y" * 5000: 1}, headers=PAGE)
    assert len(reply.content) < 1000


def test_an_archive_that_is_not_open_is_told_before_a_stream_begins(tmp_path: Path) -> None:
    app = create_app(unnamed(tmp_path))
    client = TestClient(app)  # without its lifespan the archive is never opened
    app.state.engine = Engine(unnamed(tmp_path), Metrics("test"))
    for stream in (False, True):
        reply = client.post("/api/v1/chat", json={"question": QUESTION, "stream": stream})
        problem(reply, "index_not_ready")
        assert reply.headers["retry-after"] == "2"
    assert client.get("/readyz").json()["checks"] == {"archive": "opening"}
    assert client.get("/healthz").status_code == 200


def test_too_many_who_wait_are_told_to_come_back(tmp_path: Path) -> None:
    settings = unnamed(tmp_path, max_waiting=0, answer_threads=1)
    app = create_app(settings)
    with TestClient(app) as client:
        assert app.state.engine.wait(60)
        app.state.engine._waiting = 1
        for stream in (False, True):
            reply = client.post("/api/v1/chat", json={"question": QUESTION, "stream": stream})
            problem(reply, "overloaded")
            assert reply.headers["retry-after"] == "1"


def test_what_takes_too_long_is_a_timeout_and_in_a_stream_its_last_event(tmp_path: Path) -> None:
    app = create_app(unnamed(tmp_path, deadline_s=0.000001))
    with TestClient(app) as client:
        assert app.state.engine.wait(60)
        problem(client.post("/api/v1/chat", json={"question": QUESTION}), "timeout")
        reply = client.post("/api/v1/chat", json={"question": QUESTION, "stream": True})
        assert reply.status_code == 200
        last = [block for block in reply.text.split("\n\n") if block][-1]
        assert last.startswith("event: error\n")
        told = json.loads(last.split("data: ", 1)[1])
        assert told["error"]["code"] == "timeout"
        assert told["request_id"] == reply.headers["x-request-id"]


def test_a_body_that_does_not_come_is_given_up(app: FastAPI) -> None:
    sent: list[Any] = []

    async def never() -> Message:
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/api/v1/chat",
        "raw_path": b"/api/v1/chat",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"testserver"),
            (b"content-type", b"application/json"),
            (b"content-length", b"20"),
            (b"origin", b"https://paper.example"),
        ],
        "server": ("testserver", 80),
        "client": ("testclient", 1),
    }
    asyncio.run(app(scope, never, send))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["error"]["code"] == "request_timeout"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "ask?q=x&from=2021-01-01", "from"),  # a parameter of search
        ("GET", "search?q=x&form=2021-01-01", "form"),
        ("GET", "config?%2F~", "~1~0"),
        ("POST", "chat?stream=true", "stream"),
        ("POST", "feedback?typo=1", "typo"),
    ],
)
def test_a_parameter_that_is_not_taken_is_not_passed_over(
    client: TestClient, method: str, path: str, name: str
) -> None:
    body = {"question": "x"} if method == "POST" else None
    reply = client.request(method, f"/api/v1/{path}", json=body, headers=PAGE)
    (row,) = problem(reply, "validation_failed").errors
    assert (row.pointer, row.detail) == (f"/query/{name}", "is not a known field")


def test_no_route_of_the_native_api_passes_over_a_parameter(
    app: FastAPI, client: TestClient
) -> None:
    routes = [
        (method, path)
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/api/v1/")
        for method in methods
    ]
    assert len(routes) == 8
    for method, path in routes:
        body: dict[str, str] | None = {} if method == "post" else None
        reply = client.request(method, f"{path}?typo=1", json=body, headers=PAGE)
        errors = problem(reply, "validation_failed").errors
        assert [row.pointer for row in errors] == ["/query/typo"]
