"""The native API through its door: an in-memory client over the shipped issue."""

from __future__ import annotations

import html
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http import schemas
from api.http.app import create_app
from api.http.problems import ProblemOut
from api.http.settings import ServiceSettings
from corpus.archive import Archive
from corpus.schema import FILE_NAME, VERSION
from corpus.types import Issue
from tests.conftest import issue_of, unnamed
from tests.served import wait_until

QUESTION = "全区疫苗接种率达到多少？"


def ready(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = unnamed(tmp_path_factory.mktemp("none"))
    with ready(create_app(settings)) as client:
        assert client.app.state.engine.wait(30)  # type: ignore[attr-defined]
        yield client


def events_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def same(told: dict[str, Any]) -> dict[str, Any]:
    own = ("id", "created", "timings_ms", "request_id")
    return {key: value for key, value in told.items() if key not in own}


def test_an_answer_has_every_field_of_its_schema(client: TestClient) -> None:
    reply = client.post("/api/v1/chat", json={"question": QUESTION})
    assert reply.status_code == 200
    answer = schemas.AnswerOut.model_validate(reply.json())
    assert answer.status == "answered"
    assert "100.18%" in answer.citations[0].quote
    assert answer.request_id == reply.headers["x-request-id"]


def test_a_citation_gives_the_words_of_its_article(client: TestClient) -> None:
    for cited in client.post("/api/v1/chat", json={"question": QUESTION}).json()["citations"]:
        where = cited["location"]
        text = client.get(f"/api/v1/articles/{where['article_id']}").json()["text"]
        assert text[where["start"] : where["end"]] == cited["quote"]


def test_ask_gives_the_same_answer_as_chat_and_is_cacheable(client: TestClient) -> None:
    chat = client.post("/api/v1/chat", json={"question": QUESTION}).json()
    ask = client.get("/api/v1/ask", params={"q": QUESTION})
    assert same(ask.json()) == same(chat)
    again = client.get(
        "/api/v1/ask", params={"q": QUESTION}, headers={"If-None-Match": ask.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', 'W/"other",W/{}', "*"])
def test_a_tag_is_known_again_weakened_by_a_proxy_and_among_others(
    client: TestClient, form: str
) -> None:
    for path in ("/api/v1/ask?q=x", "/widget/1/widget.js", "/static/pages.css"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": form.format(tag)})
        assert (again.status_code, again.headers["etag"]) == (304, tag)
        assert client.get(path, headers={"If-None-Match": f"{tag}x"}).status_code == 200


def test_the_stream_ends_in_the_very_answer_that_is_given_unstreamed(client: TestClient) -> None:
    plain = client.post("/api/v1/chat", json={"question": QUESTION}).json()
    reply = client.post("/api/v1/chat", json={"question": QUESTION, "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = events_of(reply.text)
    names = [name for name, _ in events]
    assert names[0] == "start"
    assert names[-1] == "done"
    assert same(events[-1][1]["answer"]) == same(plain)
    assert "".join(data["text"] for name, data in events if name == "delta") == plain["text"]
    assert [data["citation"] for name, data in events if name == "citation"] == plain["citations"]
    assert names.index("sources") < names.index("delta")


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "invalid_json", None),
        (b'{"question": ""}', 422, "validation_failed", "/question"),
        (b'{"question": "x", "typo": 1}', 422, "validation_failed", "/typo"),
        (b'{"question": "x", "limit": 0}', 422, "validation_failed", "/limit"),
        (
            b'{"question": "x", "filters": {"from": "2021-13-01"}}',
            422,
            "validation_failed",
            "/filters/from",
        ),
        (b'{"question": "' + b"x" * 70_000 + b'"}', 413, "body_too_large", None),
    ],
)
def test_a_bad_request_gets_one_problem_that_names_the_field(
    client: TestClient, body: bytes, status: int, code: str, pointer: str | None
) -> None:
    reply = client.post("/api/v1/chat", content=body, headers={"Content-Type": "application/json"})
    problem = ProblemOut.model_validate(reply.json())
    assert (reply.status_code, problem.status, problem.error.code) == (status, status, code)
    assert reply.headers["content-type"] == "application/problem+json"
    assert [row.pointer for row in problem.errors] == ([pointer] if pointer else [])


def test_what_is_not_there_is_a_problem_too(client: TestClient) -> None:
    for path, detail in (
        ("/api/v1/articles/none/a99", "没有编号为“none/a99”的内容。"),
        ("/api/v1/passages/x", "没有编号为“x”的内容。"),
        (f"/api/v1/articles/{'x' * 200}", f"没有编号为“{'x' * 64}”的内容。"),
        ("/nowhere", "没有这个地址。"),
    ):
        reply = client.get(path, headers={"Accept-Language": "zh-CN"})
        assert reply.status_code == 404
        assert reply.json()["error"]["code"] == "not_found"
        assert reply.json()["detail"] == detail


def test_days_in_the_wrong_order_are_told_in_the_detail(client: TestClient) -> None:
    days = {"q": "x", "from": "2022-01-01", "to": "2021-01-01"}
    reply = client.get("/api/v1/search", params=days)
    assert reply.json()["detail"] == "/query/from: begins after it ends"
    body = {"question": "x", "filters": {"from": "2022-01-01", "to": "2021-01-01"}}
    reply = client.post("/api/v1/chat", json=body)
    assert reply.json()["detail"].endswith(": begins after it ends")


def test_filters_leave_only_what_they_name(invented: list[Issue], tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True) as kept:
        for issue in invented:
            kept.add(issue)
    with ready(create_app(ServiceSettings(archive=folder))) as client:
        assert client.app.state.engine.wait(30)  # type: ignore[attr-defined]
        found = client.get("/api/v1/search", params={"q": "企业", "issue": "2022-08"}).json()
        assert found["hits"]
        assert {hit["issue"] for hit in found["hits"]} == {"2022-08"}
        dated = client.get(
            "/api/v1/search", params={"q": "企业", "from": "2023-01-01", "to": "2023-12-31"}
        ).json()
        assert dated["hits"]
        assert {(hit["date"] or hit["issue_date"])[:4] for hit in dated["hits"]} == {"2023"}
        nothing = client.get("/api/v1/search", params={"q": "企业", "from": "2030-01-01"}).json()
        assert nothing["hits"] == []


def test_the_address_of_an_issue_is_one_whatever_its_id(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", create=True) as kept:
        kept.add(issue_of("湿地公园开园。", name="重阳特刊.txt"))
    with ready(create_app(ServiceSettings(archive=tmp_path / "archive"))) as client:
        assert client.app.state.engine.wait(30)  # type: ignore[attr-defined]
        (row,) = client.get("/api/v1/issues").json()["issues"]
        assert row["url"] == "/issues/%E9%87%8D%E9%98%B3%E7%89%B9%E5%88%8A"
        assert client.get(row["url"]).status_code == 200


def test_the_day_of_an_issue_stands_beside_that_of_the_article(tmp_path: Path) -> None:
    may, july = (
        f"砚川时讯\n2022年{day} 第{n}期\n\n" for day, n in (("5月18日", 12), ("7月6日", 13))
    )
    with Archive.open(tmp_path / "archive", create=True) as kept:
        kept.add(issue_of(f"{may}本报讯 5月12日，湿地公园种植玉兰树35株。", name="2022-05.txt"))
        kept.add(issue_of(f"{july}湿地公园栽下银杏树48株。", name="2022-07.txt"))
        kept.add(issue_of("湿地公园栽下香樟树61株。", name="2022-06.txt"))
    with ready(create_app(ServiceSettings(archive=tmp_path / "archive"))) as client:
        assert client.app.state.engine.wait(30)  # type: ignore[attr-defined]
        for tree, issue_date, date in (
            ("玉兰树", "2022-05-18", "2022-05-12"),
            ("银杏树", "2022-07-06", None),
            ("香樟树", None, None),
        ):
            days = {"issue_date": issue_date, "date": date}.items()
            asked = {"question": f"湿地公园有多少株{tree}？"}
            source = client.post("/api/v1/chat", json=asked).json()["sources"][0]
            assert source.items() >= days
            hits = client.get("/api/v1/search", params={"q": tree}).json()["hits"]
            assert hits[0].items() >= days
            article = client.get(f"/api/v1/articles/{source['article_id']}").json()
            assert article.items() >= days
        asked = {"question": "湿地公园明天天气怎么样？"}
        near = client.post("/api/v1/chat", json=asked).json()["no_answer"]["closest"]
        names = ("publication", "number", "issue", "issue_date", "date")
        assert sorted((tuple(one[name] for name in names) for one in near), key=str) == [
            ("砚川时讯", "12", "2022-05", "2022-05-18", "2022-05-12"),
            ("砚川时讯", "13", "2022-07", "2022-07-06", None),
            (None, None, "2022-06", None, None),
        ]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_filter_that_names_nothing_is_told_with_what_there_is(
    client: TestClient, accept: str
) -> None:
    headers = {"Accept-Language": "en", "Accept": accept}
    for filters, pointer, detail in (
        (
            {"issue": ["2021-10", "1900-01"]},
            "/filters/issue/1",
            "names no issue that is kept; there are: 2021-10",
        ),
        (
            {"section": ["A99"]},
            "/filters/section/0",
            "names no section that an issue has; there are: none",
        ),
    ):
        body = {"question": QUESTION, "filters": filters}
        reply = client.post("/api/v1/chat", json=body, headers=headers)
        problem = ProblemOut.model_validate(reply.json())
        assert (reply.status_code, problem.error.code) == (422, "validation_failed")
        assert [(row.pointer, row.detail) for row in problem.errors] == [(pointer, detail)]
    reply = client.get("/api/v1/search", params={"q": QUESTION, "issue": "1900-01"})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/query/issue/0"


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_example_questions_of_a_widget_and_of_the_page_are_answered(
    client: TestClient, lang: str
) -> None:
    reply = client.get("/api/v1/config", headers={"Accept-Language": lang})
    told = reply.json()["suggestions"]
    assert "Accept-Language" in reply.headers["vary"]
    assert told
    assert client.get("/api/v1/config", params={"lang": lang}).json()["suggestions"] == told
    page = client.get("/", params={"lang": lang}).text
    for question in told:
        assert html.escape(question) in page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
        answer = client.get("/api/v1/ask", params={"q": question}).json()
        assert (answer["status"], answer["lang"]) == ("answered", lang)


def test_follow_ups_are_given_where_they_are_asked_for(client: TestClient) -> None:
    asked = {"question": QUESTION}
    assert client.post("/api/v1/chat", json=asked).json()["follow_ups"] == []
    told = client.post("/api/v1/chat", json={**asked, "include": ["follow_ups"]}).json()
    assert told["follow_ups"]
    for question in told["follow_ups"]:
        assert client.get("/api/v1/ask", params={"q": question}).json()["status"] == "answered"
    reply = client.post("/api/v1/chat", json={**asked, "include": ["passages"]})
    assert reply.status_code == 422


def test_a_changed_archive_is_served_without_a_restart(
    invented: list[Issue], tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True) as kept:
        kept.add(invented[0])
    app = create_app(ServiceSettings(archive=folder, reload_s=0.05))
    with ready(app) as client:
        engine = app.state.engine
        assert engine.wait(30)
        before = engine.generation
        with Archive.open(folder) as kept:
            kept.add(invented[1])
            wanted = kept.stamp
        for _ in range(600):
            if engine.generation.stamp == wanted:
                break
            client.get("/healthz")
            engine._stopped.wait(0.05)
        assert engine.generation is not before
        listed = client.get("/api/v1/issues").json()["issues"]
        assert {row["id"] for row in listed} == {invented[0].id, invented[1].id}


def checks_archive(app: FastAPI, *, there: str, here: str) -> None:
    """Check what `/readyz` tells of the archive to other machines, and to this one."""
    for address, host, told in (
        ("203.0.113.7", "http://testserver", there),
        ("127.0.0.1", "http://localhost", here),
    ):
        client = TestClient(app, base_url=host, client=(address, 1))
        reply = client.get("/readyz")
        assert reply.json()["checks"] == {"archive": told}
        assert (reply.status_code == 200) == (told == "ok") == (reply.json()["status"] == "ok")


def test_nothing_stands_in_for_an_archive_that_was_named(
    invented: list[Issue], tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    app = create_app(ServiceSettings(archive=folder, reload_s=0.05))
    with ready(app) as client:
        engine = app.state.engine
        engine.wait_for_try(30)
        assert client.get("/readyz").status_code == 503
        assert engine.trouble == f"archive {folder}: is not there"
        checks_archive(app, there="failed", here=engine.trouble)
        with Archive.open(folder, create=True) as kept:
            kept.add(invented[0])
        assert engine.wait(30)
        wait_until(lambda: not engine.trouble)
        checks_archive(app, there="ok", here="ok")
        before = engine.generation
        folder.rename(tmp_path / "moved")
        wait_until(lambda: engine.trouble)
        assert engine.trouble == f"archive {folder}: is not there"
        checks_archive(app, there="failed", here=engine.trouble)
        assert engine.generation is before
        assert client.get("/readyz").json()["status"] == "degraded"
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/v1/search", params={"q": "企业"}).json()["hits"]


def test_an_archive_whose_format_another_version_raised_is_told_until_it_is_back(
    invented: list[Issue], tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True) as kept:
        kept.add(invented[0])
    app = create_app(ServiceSettings(archive=folder, reload_s=0.05))

    def make_format(version: int) -> None:
        with closing(sqlite3.connect(folder / FILE_NAME)) as db:
            db.execute(f"PRAGMA user_version = {version}")

    with ready(app):
        here = TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1))
        engine = app.state.engine
        assert engine.wait(30)
        assert "bulletin_archive_usable 1.0" in here.get("/metrics").text
        make_format(99)
        wait_until(lambda: engine.trouble)
        reply = here.get("/readyz")
        assert (reply.status_code, reply.json()["status"]) == (503, "degraded")
        assert "has format 99, which is newer" in reply.json()["checks"]["archive"]
        assert "bulletin_archive_usable 0.0" in here.get("/metrics").text
        assert here.get("/healthz").status_code == 200
        assert here.get("/api/v1/search", params={"q": "企业"}).json()["hits"]
        make_format(VERSION)
        wait_until(lambda: here.get("/readyz").status_code == 200)
        assert "bulletin_archive_usable 1.0" in here.get("/metrics").text


def test_an_empty_variable_names_no_archive(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_ARCHIVE", "")
    settings = ServiceSettings()
    assert (settings.base.is_named, settings.archive) == (False, home / "xdg" / "bulletin")
    monkeypatch.setenv("BULLETIN_ARCHIVE", "~/kept")
    settings = ServiceSettings()
    assert (settings.base.is_named, settings.archive) == (True, Path.home() / "kept")
