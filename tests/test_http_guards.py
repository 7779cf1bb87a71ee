"""Keys, websites, rates, what is logged and counted, feedback and answers that are asked twice."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Route

from api.cli import main
from api.http import pages
from api.http.app import create_app
from api.http.areas import AREAS
from api.http.logs import JsonLines, TextLines
from api.http.settings import ServiceSettings
from api.keys import KeyFileError, add_key, read_keys, remove_key
from api.store import Store, StoreError
from corpus.archive import Archive
from qa.chat import Chat
from qa.native import Answer
from tests.conftest import issue_of, unnamed
from tests.served import QUESTION

PAPER = "https://paper.example"
Make = Callable[..., TestClient]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Return what makes a service with some settings and a client at some address."""
    with ExitStack() as stack:

        def made(
            *,
            client: str = "203.0.113.7",
            host: str = "testserver",
            **told: Any,  # noqa: ANN401
        ) -> TestClient:
            settings = unnamed(tmp_path, **told)
            app = create_app(settings)
            opened = stack.enter_context(
                TestClient(app, base_url=f"http://{host}", client=(client, 1))
            )
            assert app.state.engine.wait(60)
            return opened

        yield made


def code(reply: Any) -> tuple[int, str]:  # noqa: ANN401
    return reply.status_code, reply.json()["error"]["code"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


# keys


def test_without_keys_any_bearer_is_accepted(make: Make) -> None:
    client = make()
    for headers in ({}, bearer("anything"), {"Authorization": "Basic eDp5"}):
        assert client.get("/api/v1/issues", headers=headers).status_code == 200


def test_a_key_does_what_its_scopes_say_and_no_more(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    keys = {
        scope: add_key(file, name=scope, scopes=(scope,)) for scope in ("chat", "search", "admin")
    }
    client = make(keys_file=file)
    asked: dict[str, dict[str, int]] = {
        path: {
            scope: client.request(method, path, json=body, headers=bearer(key)).status_code
            for scope, key in keys.items()
        }
        for method, path, body in (
            ("POST", "/api/v1/chat", {"question": QUESTION}),
            ("GET", "/api/v1/search?q=x", None),
            ("GET", "/metrics", None),
        )
    }
    assert asked == {
        "/api/v1/chat": {"chat": 200, "search": 403, "admin": 403},
        "/api/v1/search?q=x": {"chat": 200, "search": 200, "admin": 403},
        "/metrics": {"chat": 403, "search": 403, "admin": 200},
    }


def test_without_a_key_only_pages_of_ours_and_of_allowed_sites_may_ask(
    make: Make, tmp_path: Path
) -> None:
    add_key(tmp_path / "keys", name="one", scopes=("chat",))
    client = make(keys_file=tmp_path / "keys", allowed_origins=PAPER)
    missing = client.get("/api/v1/ask?q=x")
    assert code(missing) == (401, "missing_api_key")
    assert missing.headers["www-authenticate"] == "Bearer"
    assert code(client.get("/api/v1/ask?q=x", headers=bearer("bq_no"))) == (401, "invalid_api_key")
    for page in ({"Origin": PAPER}, {"Sec-Fetch-Site": "same-origin"}):
        assert client.get("/api/v1/ask?q=x", headers=page).status_code == 200
        assert code(client.get("/v1/models", headers=page)) == (401, "missing_api_key")
        assert code(client.get("/mcp", headers=page)) == (401, "missing_api_key")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("path", "how"), [("/api/v1/ask?q=x", "no-cache"), ("/api/v1/config", "max-age=300")]
)
def test_no_shared_cache_may_keep_what_a_key_is_asked_for(
    make: Make, tmp_path: Path, path: str, how: str
) -> None:
    reply = make().get(path)
    assert reply.headers["cache-control"] == f"public, {how}"
    assert "Authorization" not in reply.headers["vary"]
    token = add_key(tmp_path / "keys", name="one", scopes=("chat",))
    client = make(keys_file=tmp_path / "keys", allowed_origins=PAPER)
    for headers in (bearer(token), {"Origin": PAPER}):
        reply = client.get(path, headers=headers)
        assert reply.headers["cache-control"] == f"private, {how}"
        assert {"Accept-Language", "Authorization"} <= {
            name.strip() for name in reply.headers["vary"].split(",")
        }
        tag = reply.headers.get("etag")
        if tag:
            again = client.get(path, headers={**headers, "If-None-Match": tag})
            assert (again.status_code, again.headers["cache-control"]) == (304, f"private, {how}")


def test_a_key_taken_out_of_the_file_is_refused_at_once(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    token = add_key(file, name="one", scopes=("chat",))
    client = make(keys_file=file)
    assert client.get("/api/v1/issues", headers=bearer(token)).status_code == 200
    remove_key(file, "one")
    for _ in range(200):
        reply = client.get("/api/v1/issues", headers=bearer(token))
        if reply.status_code == 401:
            break
        client.app.state.engine._stopped.wait(0.02)  # type: ignore[attr-defined]
    assert code(reply) == (401, "invalid_api_key")


def test_a_file_of_keys_that_went_bad_is_told_to_monitors_without_its_content(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.keys._LOOK_S", 0.0)
    file = tmp_path / "keys"
    token = add_key(file, name="one", scopes=("chat",))
    good = file.read_text()
    here, there = make(keys_file=file, client="127.0.0.1", host="localhost"), make(keys_file=file)
    assert here.get("/readyz").json()["checks"] == {"archive": "ok"}
    file.write_text(f"{good}a secret that slipped in\n")
    for client, told in ((here, f"keys {file}: line 2 is no key"), (there, "failed")):
        reply = client.get("/readyz")
        assert (reply.status_code, reply.json()["status"]) == (503, "degraded")
        assert reply.json()["checks"] == {"archive": "ok", "keys": told}
    assert code(here.get("/api/v1/issues", headers=bearer(token))) == (401, "invalid_api_key")
    file.write_text(good)
    assert here.get("/readyz").status_code == 200
    assert here.get("/api/v1/issues", headers=bearer(token)).status_code == 200


def test_the_command_prints_a_key_once_and_keeps_its_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "keys"
    new = ["key", "new", "desk", "--scope", "chat", "--scope", "search", "--file", str(file)]
    assert main(new) == 0
    token = capsys.readouterr().out.strip()
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert main(new) == 2  # the name is taken
    capsys.readouterr()
    assert main(["key", "list", "--file", str(file), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["keys"]
    assert [(key["name"], key["scopes"]) for key in listed] == [("desk", ["chat", "search"])]
    assert main(["key", "remove", "desk", "--file", str(file)]) == 0
    assert file.read_text() == ""
    assert main(["key", "new", "x", "--scope", "all", "--file", str(file)]) == 2
    assert main(["key", "remove", "x", "--file", str(tmp_path / "none" / "keys")]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs one who may give a file away")
def test_a_file_of_keys_keeps_its_owner_its_group_and_who_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    add_key(file, name="desk", scopes=("chat",))
    os.chown(file, 0, 54321)
    file.chmod(0o640)
    add_key(file, name="web", scopes=("search",))
    remove_key(file, "desk")
    facts = file.stat()
    assert (facts.st_uid, facts.st_gid, facts.st_mode & 0o777) == (0, 54321, 0o640)


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs one who may not give a file"
)
def test_a_file_of_keys_that_would_change_hands_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    add_key(file, name="desk", scopes=("chat",))
    os.chown(file, 0, 54321)
    before = file.read_bytes()
    humble = ("setpriv", "--bounding-set=-chown", "--inh-caps=-chown")
    command = (*humble, sys.executable, "-m", "api", "key", "remove", "desk", "--file", str(file))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "belongs to user 0, group 54321, and must go on to" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]
    assert file.read_bytes() == before


def test_a_key_is_taken_out_of_the_file_that_a_link_leads_to(tmp_path: Path) -> None:
    file, link = tmp_path / "secrets" / "keys", tmp_path / "keys"
    add_key(file, name="desk", scopes=("chat",))
    link.symlink_to(file)
    remove_key(link, "desk")
    assert link.is_symlink()
    assert file.read_text() == ""
    round_about = tmp_path / "round"
    round_about.symlink_to(round_about)
    with pytest.raises(KeyFileError, match="round"):
        add_key(round_about, name="desk", scopes=("chat",))


def test_keys_that_are_made_at_one_time_are_all_kept(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    made = "import sys; from pathlib import Path; from api.keys import add_key; "
    made += "[add_key(Path(sys.argv[1]), name=f'{sys.argv[2]}.{n}', scopes=()) for n in range(20)]"
    makers = [subprocess.Popen([sys.executable, "-c", made, str(file), str(n)]) for n in range(4)]
    assert [maker.wait(60) for maker in makers] == [0] * 4
    assert len(read_keys(file)) == 80


# websites


def test_no_website_is_allowed_until_it_is_named(make: Make) -> None:
    reply = make().get("/api/v1/issues", headers={"Origin": PAPER})
    assert code(reply) == (403, "origin_not_allowed")
    assert reply.headers["vary"] == "Origin"
    assert "access-control-allow-origin" not in reply.headers


def test_an_allowed_website_may_ask_without_credentials(make: Make) -> None:
    client = make(allowed_origins=PAPER)
    preflight = client.options(
        "/api/v1/chat",
        headers={
            "Origin": PAPER,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, idempotency-key",
        },
    )
    assert preflight.status_code == 200
    told = preflight.headers
    assert told["access-control-allow-origin"] == PAPER
    assert told["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert set(told["access-control-allow-headers"].split(", ")) >= {
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "X-Request-ID",
    }
    assert told["access-control-max-age"] == "7200"
    assert "Origin" in told["vary"]
    reply = client.get("/api/v1/issues", headers={"Origin": PAPER})
    assert reply.headers["access-control-allow-origin"] == PAPER
    assert reply.headers["vary"] == "Origin"
    exposed = reply.headers["access-control-expose-headers"]
    assert exposed == "X-Request-ID, Retry-After, RateLimit, RateLimit-Policy, X-Should-Retry"
    for one in (preflight, reply):
        assert "access-control-allow-credentials" not in one.headers


@pytest.mark.parametrize(
    ("origin", "asks"),
    [("https://evil.example", "POST"), (PAPER, "PUT"), (f"{PAPER}:8443", "POST"), ("null", "POST")],
)
def test_a_preflight_of_others_or_for_more_is_refused(make: Make, origin: str, asks: str) -> None:
    reply = make(allowed_origins=PAPER).options(
        "/api/v1/chat", headers={"Origin": origin, "Access-Control-Request-Method": asks}
    )
    assert code(reply) in [(403, "origin_not_allowed"), (400, "invalid_request")]
    assert "Origin" in reply.headers["vary"]


def test_the_headers_of_openai_s_clients_are_let_through_from_an_allowed_site(make: Make) -> None:
    client = make(allowed_origins=PAPER)
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-lang,x-new",
    }
    reply = client.options("/v1/chat/completions", headers={"Origin": PAPER, **asked})
    assert reply.status_code == 200
    assert "x-new" in reply.headers["access-control-allow-headers"]
    others = client.options("/v1/chat/completions", headers={"Origin": f"{PAPER}:8443", **asked})
    assert code(others) == (403, "origin_not_allowed")
    native = client.options("/api/v1/chat", headers={"Origin": PAPER, **asked})
    assert code(native) == (400, "invalid_request")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://testserver"},
        {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://news.example", "Host": "news.example"},
    ],
)
def test_our_own_pages_may_always_ask(make: Make, headers: dict[str, str]) -> None:
    client = make(public_url="https://news.example/", allowed_hosts="testserver", rate_limit="off")
    reply = client.post("/api/v1/chat", json={"question": QUESTION}, headers=headers)
    assert reply.status_code == 200


def test_every_origin_is_let_in_only_where_the_operator_says_so(make: Make) -> None:
    reply = make(allowed_origins="*").get("/api/v1/issues", headers={"Origin": "https://x.example"})
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "origin", ["paper.example", "https://paper.example/", "*,https://a.example"]
)
def test_an_origin_that_is_none_stops_the_start(origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        ServiceSettings(allowed_origins=origin)


def test_only_our_names_are_answered_once_they_are_told(make: Make) -> None:
    client = make(allowed_hosts="news.example")
    for host, status in (
        ("news.example", 200),
        ("NEWS.example:8750", 200),
        ("203.0.113.9", 200),
        ("[2001:db8::1]:80", 200),
        ("localhost", 200),
        ("evil.example", 403),
        ("news.example.evil.example", 403),
    ):
        assert client.get("/api/v1/issues", headers={"Host": host}).status_code == status


# rates


def test_a_client_that_asks_too_often_is_told_when_to_come_back(make: Make) -> None:
    client = make(rate_limit="3/minute")
    left = []
    for _ in range(3):
        reply = client.get("/api/v1/issues")
        left.append(reply.headers["ratelimit"].partition(";t=")[0])
        assert reply.headers["ratelimit-policy"] == '"default";q=3;w=60'
    assert left == ['"default";r=2', '"default";r=1', '"default";r=0']
    reply = client.get("/api/v1/issues")
    assert code(reply) == (429, "rate_limited")
    seconds = int(reply.headers["retry-after"])
    assert 1 <= seconds <= 60
    assert reply.json()["retry_after"] == seconds
    assert str(seconds) in reply.json()["detail"]
    assert reply.headers["ratelimit"].startswith('"default";r=0')
    assert client.get("/healthz").status_code == 200  # who looks after it is not counted
    assert "bulletin_rate_limited_total 1.0" in make_local(client)


def test_a_page_that_asks_several_questions_counts_as_many(make: Make) -> None:
    client = make(rate_limit="7/minute")
    left = [
        client.get("/", params={"q": [QUESTION] * n}).headers["ratelimit"].partition(";t=")[0]
        for n in (0, 3, 2)
    ]
    assert left == ['"default";r=6', '"default";r=3', '"default";r=1']
    assert client.get("/", params={"q": [QUESTION] * 2}).status_code == 429
    assert client.get("/issues").status_code == 200


def test_a_page_that_costs_more_than_the_rate_can_be_had_once(make: Make) -> None:
    client = make(rate_limit="2/minute")
    assert client.get("/", params={"q": [QUESTION] * 9}).status_code == 200
    assert client.get("/").status_code == 429


BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en-GB,en"}


@pytest.mark.parametrize(
    ("path", "headers", "status", "title"),
    [
        ("/", {"Host": "evil.example"}, 403, "Forbidden"),
        ("/issues", {"Origin": "https://evil.example"}, 403, "Origin not allowed"),
        ("/metrics", {}, 403, "Forbidden"),
        ("/issues", {}, 429, "Too many requests"),
    ],
)
def test_what_is_refused_to_a_browser_is_a_page(
    make: Make, path: str, headers: dict[str, str], status: int, title: str
) -> None:
    client = make(public_url="http://testserver", rate_limit="1/minute")
    if status == 429:
        client.get("/issues")
    reply = client.get(path, headers=BROWSER | headers)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.headers["content-security-policy"].startswith("default-src 'none'; script-src")
    assert f"<h1>{title}</h1>" in reply.text
    assert "Accept-Language" in reply.headers["vary"]
    plain = client.get(path, headers=headers)
    assert plain.json()["title"] == title


def test_every_door_is_listed_with_what_it_asks_of_a_caller() -> None:
    paths = [*create_app(ServiceSettings()).openapi()["paths"], "/openapi.json", "/mcp"]
    paths += [route.path for route in pages.router.routes if isinstance(route, Route)]
    firsts = {"/" + path.split("/")[1] for path in paths}
    assert {"/", "/api", "/v1", "/articles", "/problems"} <= firsts
    assert firsts - set(AREAS) == set()


def make_local(client: TestClient) -> str:
    local = TestClient(client.app, base_url="http://localhost", client=("127.0.0.1", 1))
    return local.get("/metrics").text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_clients_are_told_apart_by_address_or_64_bits_of_it(
    make: Make, one: str, other: str, *, same: bool
) -> None:
    first = make(client=one, rate_limit="1/hour")
    second = TestClient(first.app, client=(other, 1))
    assert first.get("/api/v1/issues").status_code == 200
    assert second.get("/api/v1/issues").status_code == (429 if same else 200)


def test_a_key_has_a_rate_of_its_own(make: Make, tmp_path: Path) -> None:
    token = add_key(tmp_path / "keys", name="desk", scopes=("chat",))
    client = make(keys_file=tmp_path / "keys", rate_limit="1/hour", key_rate_limit="2/hour")
    replies = [client.get("/api/v1/issues", headers=bearer(token)).status_code for _ in range(3)]
    assert replies == [200, 200, 429]
    page = {"Sec-Fetch-Site": "same-origin"}
    assert [client.get("/api/v1/issues", headers=page).status_code for _ in range(2)] == [200, 429]


def test_only_so_many_requests_of_a_client_are_under_way(make: Make) -> None:
    client = make(concurrent=1)
    app: Any = client.app
    seen: list[tuple[int, str]] = []

    def nested() -> dict[str, str]:
        seen.append(code(TestClient(app, client=("203.0.113.7", 2)).get("/api/v1/issues")))
        other = TestClient(app, client=("203.0.113.8", 2)).get("/api/v1/issues")
        seen.append((other.status_code, ""))
        return {}

    app.add_api_route("/api/v1/nested", nested)

    assert client.get("/api/v1/nested").status_code == 200
    assert seen == [(429, "rate_limited"), (200, "")]
    assert client.get("/api/v1/issues").status_code == 200


def test_rates_are_on_once_others_can_reach_the_service() -> None:
    alone, exposed = ServiceSettings(), ServiceSettings(host="0.0.0.0")
    assert (alone.limit_for(keyed=False), alone.concurrent_limit) == (None, None)
    assert (exposed.limit_for(keyed=False), exposed.concurrent_limit) == ("120/minute", 16)
    assert ServiceSettings(host="0.0.0.0", rate_limit="off").limit_for(keyed=False) is None
    with pytest.raises(ValueError, match="120/minute"):
        ServiceSettings(rate_limit="many")


# logs and figures


def test_a_request_leaves_one_line_without_the_question(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bulletin.access")
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = {"X-Request-ID": "mine-1", "traceparent": trace}
    reply = make().post("/api/v1/chat", json={"question": QUESTION}, headers=headers)
    assert reply.headers["x-request-id"] == "mine-1"
    [record] = [r for r in caplog.records if r.name == "bulletin.access"]
    told = json.loads(JsonLines().format(record))
    assert QUESTION not in JsonLines().format(record)
    assert told["ms"] > 0
    assert {name: told[name] for name in told if name not in ("time", "ms")} == {
        "level": "info",
        "logger": "bulletin.access",
        "message": "request",
        "request_id": "mine-1",
        "method": "POST",
        "route": "/api/v1/chat",
        "status": 200,
        "bytes": len(reply.content),
        "client": "203.0.113.7",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "question_chars": len(QUESTION),
        "question_hash": told["question_hash"],
        "lang": "zh",
        "answer": "answered",
    }


def test_questions_are_logged_where_the_operator_says_so(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bulletin.access")
    make(log_questions=True).get("/api/v1/ask", params={"q": QUESTION})
    assert json.loads(JsonLines().format(caplog.records[-1]))["question"] == QUESTION


@pytest.mark.parametrize("told", ["a b", "x" * 65, "a\tb", "é", ""])
def test_an_id_that_could_do_harm_is_replaced(make: Make, told: str) -> None:
    reply = make().get("/healthz", headers={b"X-Request-ID": told.encode("latin-1")})
    assert reply.headers["x-request-id"].startswith("req_")


def test_nothing_forges_a_line_of_the_log() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 1, "a\nb\u2028c\x1b[31m", None, None)
    record.facts = {"question": "1\r\n{}"}
    for form in (JsonLines(), TextLines()):
        line = form.format(record)
        assert line.isprintable()


def test_a_refused_request_is_counted_with_the_route_that_it_asked_for(
    make: Make, tmp_path: Path
) -> None:
    add_key(tmp_path / "keys", name="desk", scopes=("search",))
    token = add_key(tmp_path / "keys", name="boss", scopes=("admin",))
    client = make(keys_file=tmp_path / "keys", rate_limit="1/hour", max_body_bytes=1024)
    page = {"Sec-Fetch-Site": "same-origin"}
    client.get("/api/v1/issues/")
    client.post("/v1/chat/completions", json={}, headers=bearer("bq_no"))
    client.get("/api/v1/articles/2021-10/secret", headers=bearer(token))
    client.head("/issues/2021-10", headers={"Host": "evil example"})
    client.options("/api/v1/chat", headers={"Origin": PAPER, "Access-Control-Request-Method": "X"})
    client.post("/api/v1/feedback", content=b"x", headers=page)
    client.get("/api/v1/ask?q=x", headers=page)
    client.post("/mcp", json={})
    client.put("/nowhere/secret")
    lines = client.get("/metrics", headers=bearer(token)).text.splitlines()
    counted = [
        re.findall('"([^"]*)"', line)
        for line in lines
        if line.startswith("bulletin_http_requests_total{")
    ]
    assert sorted(counted) == [
        ["GET", "/api/v1/articles/{article_id:path}", "403"],
        ["GET", "/api/v1/ask", "429"],
        ["GET", "/api/v1/issues", "401"],
        ["HEAD", "/issues/{issue_id}", "403"],
        ["OPTIONS", "/api/v1/chat", "403"],
        ["POST", "/api/v1/feedback", "415"],
        ["POST", "/mcp", "401"],
        ["POST", "/v1/chat/completions", "401"],
        ["PUT", "unmatched", "429"],
    ]


def test_figures_name_routes_and_never_what_was_written(make: Make) -> None:
    client = make()
    client.get("/api/v1/articles/secret/path")
    client.get("/nowhere/secret")
    client.request("SECRET", "/healthz")
    body = {"question": QUESTION, "stream": True}
    client.post("/api/v1/chat", json=body)
    text = make_local(client)
    assert "secret" not in text.lower()
    assert QUESTION not in text
    route = "/api/v1/articles/{article_id:path}"
    for line in (
        f'bulletin_http_requests_total{{method="GET",route="{route}",status="404"}} 1.0',
        'bulletin_http_requests_total{method="GET",route="unmatched",status="404"} 1.0',
        'bulletin_answers_total{lang="zh",status="answered"} 1.0',
        "bulletin_first_delta_seconds_count 1.0",
        'bulletin_stage_seconds_count{stage="total"} 1.0',
        "bulletin_streams_open 0.0",
        "bulletin_stream_aborts_total 0.0",
        "bulletin_index_documents 40.0",
        'bulletin_build_info{version="0.1.0"} 1.0',
    ):
        assert line in text
    for name in ("bulletin_http_request_seconds", "bulletin_index_built_timestamp_seconds"):
        assert name in text


@pytest.mark.parametrize(
    ("client", "host", "headers", "status"),
    [
        ("127.0.0.1", "localhost:8750", {}, 200),
        ("127.0.0.1", "news.example", {}, 403),
        ("127.0.0.1", "localhost", {"X-Forwarded-For": "203.0.113.7"}, 403),
        ("203.0.113.7", "localhost", {}, 403),
    ],
)
def test_figures_are_for_this_machine_alone(
    make: Make, client: str, host: str, headers: dict[str, str], status: int
) -> None:
    assert make(client=client, host=host).get("/metrics", headers=headers).status_code == status


# feedback, unanswered questions, answers asked for twice


def test_a_vote_is_kept_and_exported(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = make()
    answer = client.post("/api/v1/chat", json={"question": QUESTION}).json()["id"]
    for value in ("down", "up"):  # a later vote on an answer replaces the earlier one
        vote = {"answer_id": answer, "value": value, "comment": "很好", "question": QUESTION}
        reply = client.post("/api/v1/feedback", json=vote)
        assert reply.json() == {"object": "feedback", "answer_id": answer, "value": value}
    client.post("/api/v1/feedback", json={"answer_id": "ans_2", "value": "down", "reason": "旧"})
    assert main(["feedback", "--archive", str(tmp_path / "bulletin")]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["answer_id"], row["value"], row["comment"], row["reason"]) for row in rows] == [
        (answer, "up", "很好", None),
        ("ans_2", "down", None, "旧"),
    ]
    assert not (tmp_path / "bulletin" / "bulletin.db").exists()


def test_what_names_somebody_can_be_forgotten_on_the_disk_too(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "bulletin"
    client = make(keep_unanswered=True)
    for n, comment in enumerate(("欧阳云岫不是我", "很好")):
        vote = {"answer_id": f"ans_{n}", "value": "up", "comment": comment}
        client.post("/api/v1/feedback", json=vote)
    for question in ("欧阳云岫是谁？", "明天天气怎么样？"):
        client.get("/api/v1/ask", params={"q": question})
    for command, left in (("feedback", "很好"), ("unanswered", "明天天气怎么样？")):
        assert main([command, "--forget", "欧阳云岫", "--archive", str(folder)]) == 0
        [row] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert "欧阳云岫" in (row["comment"] if command == "feedback" else row["question"])
        more = ["--json"] if command == "unanswered" else []
        assert main([command, *more, "--archive", str(folder)]) == 0
        [line] = capsys.readouterr().out.splitlines()
        assert left in line
        assert main([command, "--forget", " ", "--archive", str(folder)]) == 2
        assert main([command, "--forget", "x", "--archive", str(tmp_path / "none")]) == 0
    assert "欧阳云岫".encode() not in b"".join(one.read_bytes() for one in folder.iterdir())


@pytest.mark.parametrize(
    "vote",
    [
        {"answer_id": "ans_1", "value": "sideways"},
        {"answer_id": "1", "value": "up"},
        {"answer_id": "ans_1", "value": "up", "comment": "x" * 2001},
        {"answer_id": "ans_1"},
        {"answer_id": "ans_1", "value": "up", "more": 1},
    ],
)
def test_a_vote_that_is_none_is_refused(make: Make, vote: dict[str, Any]) -> None:
    assert code(make().post("/api/v1/feedback", json=vote)) == (422, "validation_failed")


def test_feedback_that_cannot_be_kept_says_so(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    reply = make(service_db=tmp_path / "file" / "service.db").post(
        "/api/v1/feedback", json={"answer_id": "ans_1", "value": "up"}
    )
    assert code(reply) == (503, "not_stored")
    assert "retry-after" not in reply.headers
    assert reply.headers["x-should-retry"] == "false"


@pytest.mark.parametrize("kept", [False, True])
def test_unanswered_questions_are_reported_only_where_they_may_be_kept(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, kept: bool
) -> None:
    client = make(keep_unanswered=kept)
    for question in ("明天天气怎么样？", "明天 天气怎么样？", QUESTION):
        client.get("/api/v1/ask", params={"q": question})
    assert main(["unanswered", "--json", "--archive", str(tmp_path / "bulletin")]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(row["question"], row["times"], row["status"]) for row in rows]
    assert told == ([("明天天气怎么样？", 2, "no_answer")] if kept else [])
    assert (tmp_path / "bulletin" / "service.db").exists() == kept


def test_a_follow_up_is_kept_as_the_complete_question_that_it_was_read_as(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = [{"role": "user", "text": "中安·建科融创产业园项目年产值多少？"}]
    asked = {"history": history, "question": "那停车位呢？"}
    told = make(keep_unanswered=True).post("/api/v1/chat", json=asked).json()
    assert told["status"] == "no_answer"
    assert main(["unanswered", "--json", "--archive", str(tmp_path / "bulletin")]) == 0
    [row] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert row["question"] == told["reading"]["question"] == "中安·建科融创产业园项目，停车位呢？"


def test_unanswered_questions_are_narrowed_to_the_days_on_which_they_were_last_asked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(home / "kept" / "service.db")
    for question in ("甲？", "乙？", "丙？"):
        store.miss(question, lang="zh", status="no_answer")
    store.close()
    days = {"甲？": ("2026-08-30", "2026-09-30"), "乙？": ("2026-10-01",) * 2}
    with closing(sqlite3.connect(home / "kept" / "service.db")) as db, db:
        for question, (first, last) in days.items():
            told = (f"{first}T08:00:00.000+00:00", f"{last}T23:59:59.999+00:00", question)
            db.execute("UPDATE unanswered SET first = ?, last = ? WHERE question = ?", told)
    asked = ["unanswered", "--archive", str(home / "kept")]

    def listed(*more: str) -> list[str]:
        assert main([*asked, *more]) == 0
        return capsys.readouterr().out.splitlines()

    assert listed("--since", "2026-10-01", "--until", "2026-10-31") == [
        "    1  2026-10-01  2026-10-01  no_answer  乙？"
    ]
    assert listed("--until", "2026-09") == ["    1  2026-08-30  2026-09-30  no_answer  甲？"]
    assert len(listed("--since", "2026-09-30")) == 3
    for wrong in (["--since", "last"], ["--since", "2026-10", "--until", "2026-09"]):
        assert main([*asked, *wrong]) == 2
        assert "--since is" in capsys.readouterr().err


def test_what_the_archive_answers_by_now_is_left_out_where_that_is_asked_for(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "kept"
    store = Store(folder / "service.db")
    for question in (QUESTION, "明天天气怎么样？"):
        store.miss(question, lang="zh", status="partial")
    store.close()
    with Archive.open(folder, create=True) as kept:
        kept.add(issue_of("全区疫苗接种率达到81%。"))
    assert main(["unanswered", "--still", "--json", "--archive", str(folder)]) == 0
    [row] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (row["question"], row["status"]) == ("明天天气怎么样？", "no_answer")


def test_the_same_key_gets_the_same_answer_and_another_request_409(make: Make) -> None:
    client = make()
    key = {"Idempotency-Key": "k1"}
    first = client.post("/api/v1/chat", json={"question": QUESTION}, headers=key).json()
    again = client.post("/api/v1/chat", json={"question": QUESTION}, headers=key).json()
    assert (again["id"], again["created"]) == (first["id"], first["created"])
    stream = client.post(
        "/api/v1/chat", json={"question": QUESTION, "stream": True}, headers=key
    ).text
    assert first["id"] in stream.rpartition("event: done")[2]
    other = client.post("/api/v1/chat", json={"question": "谁？"}, headers=key)
    assert code(other) == (409, "idempotency_conflict")
    assert other.headers["x-should-retry"] == "false"
    elsewhere = TestClient(client.app, client=("203.0.113.99", 1))
    third = elsewhere.post("/api/v1/chat", json={"question": QUESTION}, headers=key).json()
    assert third["id"] != first["id"]  # nobody reads the answers of others
    assert client.post("/api/v1/chat", json={"question": QUESTION}).json()["id"] != first["id"]


def store_of(client: TestClient) -> Store:
    app: Any = client.app
    store: Store = app.state.engine.heard.store
    return store


def test_an_answer_that_cannot_be_stored_is_given_and_worked_out_once(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make()
    store, works = store_of(client), []

    def fail(*told: object, **named: object) -> NoReturn:
        raise StoreError(Path("service.db"), "disk is full")

    def counted(self: Chat, *told: Any, **named: Any) -> Answer:  # noqa: ANN401
        works.append(told)
        return reply(self, *told, **named)

    reply = Chat.reply
    monkeypatch.setattr(Chat, "reply", counted)
    monkeypatch.setattr(store, "give", fail)
    key = {"Idempotency-Key": "k1"}
    told = client.post("/api/v1/chat", json={"question": QUESTION}, headers=key)
    assert (told.status_code, told.json()["status"]) == (200, "answered")
    assert len(works) == 1
    monkeypatch.setattr(store, "given", fail)
    assert client.post("/api/v1/chat", json={"question": QUESTION}, headers=key).is_success


def test_of_two_requests_with_one_key_at_a_time_both_get_the_first_answer(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make()
    monkeypatch.setattr(store_of(client), "given", lambda key: None)  # both have looked by then
    key = {"Idempotency-Key": "k1"}
    first, second = (
        client.post("/api/v1/chat", json={"question": QUESTION}, headers=key).json()["id"]
        for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("path", ["/issues/", "/docs/", "/articles/2021-10/a09/", "/v1/models/"])
def test_a_slash_at_the_end_is_not_told_to_be_left_out_at_another_address(
    make: Make, path: str
) -> None:
    client = make(public_url="https://paper.example/ask", host="paper.example")
    reply = client.get(path, follow_redirects=False)
    assert (reply.status_code, reply.headers.get("location")) == (200, None)


def test_a_body_sent_to_an_address_with_a_slash_at_its_end_is_answered(make: Make) -> None:
    reply = make().post(
        "/api/v1/chat/", json={"question": QUESTION, "lang": "en"}, follow_redirects=False
    )
    assert reply.json()["status"] == "answered"


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/api/v1/config", "/api/v1/ask?q=x", "/v1/models"]
)
def test_what_can_be_got_can_be_asked_for_by_head(make: Make, path: str) -> None:
    client = make(client="127.0.0.1", host="127.0.0.1")
    got, head = client.get(path), client.head(path)
    own = ("x-request-id", "content-length")  # the latter varies with the times in an answer
    assert head.status_code == 200
    assert {name: value for name, value in head.headers.items() if name not in own} == {
        name: value for name, value in got.headers.items() if name not in own
    }
    route = path.partition("?")[0]
    counted = f'bulletin_http_requests_total{{method="HEAD",route="{route}",status="200"}} 1.0'
    assert counted in client.get("/metrics").text


def test_a_refused_method_names_those_that_are_taken(make: Make) -> None:
    client = make()
    assert client.options("/healthz").headers["allow"] == "GET, HEAD"
    assert client.head("/api/v1/chat").headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/none", "/api/v1/articles/none", "/v1/models/none", "/metrics"])
def test_the_type_of_an_error_is_where_readers_find_it_explained(make: Make, path: str) -> None:
    client = make(public_url="https://paper.example/ask", host="paper.example")
    kind = client.get(path).json()["type"]
    assert kind.startswith("https://paper.example/ask/problems/")
    assert client.get(kind.removeprefix("https://paper.example/ask")).status_code == 200
