"""What holds of every answer of the service, whatever is asked (property tests)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http import schemas
from api.http.app import create_app
from api.http.settings import ServiceSettings
from corpus.archive import Archive
from corpus.types import Issue
from tests.test_http_native import events_of, same

_TOLD = """
企业 项目 多少 谁 什么时候 高新区 防汛 疫苗 研究院 道路 人才 投资 大学 会议 书记 公交 校园
在哪里 为什么
怎么 who when how many investment road company meeting 2021 2022-08 100.18% 282 25311 “苗圃”
AAAA 臺灣 ０１２ 😀 <b> ' " ] [1] \\ / %s
"""
_WORDS = _TOLD.split()
asked = st.one_of(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map("".join),
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(" ".join),
    st.text(min_size=1, max_size=40).filter(str.strip),
)
relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def client(
    sample: Issue, invented: list[Issue], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("kept") / "archive"
    with Archive.open(folder, create=True) as kept:
        for issue in [sample, *invented]:
            kept.add(issue)
    app = create_app(ServiceSettings(archive=folder))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert app.state.engine.wait(60)
        yield client


def ask(client: TestClient, question: str, **more: object) -> dict[str, Any]:
    reply = client.post("/api/v1/chat", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = reply.json()
    return told


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@relaxed
@given(question=asked)
def test_every_answer_keeps_its_promises(client: TestClient, question: str) -> None:
    told = ask(client, question)
    schemas.AnswerOut.model_validate(told)
    citations, sources, text = told["citations"], told["sources"], told["text"]
    assert [cited["n"] for cited in citations] == list(range(1, len(citations) + 1))
    assert {cited["source"] for cited in citations} == {source["id"] for source in sources}
    assert bool(told["no_answer"]) == (told["status"] == "no_answer")
    if told["status"] == "no_answer":
        assert citations == []
    for cited in citations:
        claim, marker, where = cited["claim"], cited["marker"], cited["location"]
        assert letters(text[claim["start"] : claim["end"]]) in letters(cited["quote"])
        assert text[marker["start"] : marker["end"]] == f"[{cited['n']}]"
        article = client.get(f"/api/v1/articles/{where['article_id']}").json()
        assert article["text"][where["start"] : where["end"]] == cited["quote"]
        for mark in cited["marks"]:
            assert 0 <= mark["start"] < mark["end"] <= len(cited["quote"])


@relaxed
@given(question=asked)
def test_a_streamed_answer_is_the_answer(client: TestClient, question: str) -> None:
    plain = ask(client, question)
    reply = client.post("/api/v1/chat", json={"question": question, "stream": True})
    events = events_of(reply.text)
    assert [name for name, _ in events].count("done") == 1
    assert events[-1][0] == "done"
    assert same(events[-1][1]["answer"]) == same(plain)
    assert "".join(data["text"] for name, data in events if name == "delta") == plain["text"]


@relaxed
@given(question=asked, limit=st.integers(1, 20))
def test_a_limit_is_kept_and_search_finds_what_is_cited(
    client: TestClient, question: str, limit: int
) -> None:
    told = ask(client, question, limit=limit)
    assert len(told["citations"]) <= limit
    found = client.get("/api/v1/search", params={"q": question, "limit": 50}).json()
    schemas.SearchOut.model_validate(found)
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in found["hits"][:3]:
        passage = client.get(f"/api/v1/passages/{hit['passage_id']}").json()
        assert passage["text"] == hit["text"]


@relaxed
@given(question=asked, issue=st.sampled_from(["2021-10", "2019-11", "2022-08", "2023-05"]))
def test_a_filter_lets_nothing_else_through(client: TestClient, question: str, issue: str) -> None:
    told = ask(client, question, filters={"issue": [issue]})
    assert {source["issue"] for source in told["sources"]} <= {issue}
    if told["no_answer"]:
        assert {near["issue"] for near in told["no_answer"]["closest"]} <= {issue}
