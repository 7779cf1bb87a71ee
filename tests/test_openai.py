"""The rules of the OpenAI-compatible layer: what is taken, ignored, refused, and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import openai
import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.http.engine import Engine
from api.http.heard import Heard
from api.http.links import asked_base
from api.http.metrics import Metrics
from api.http.openai_schemas import CompletionOut, ModelsOut
from api.http.problems import ProblemOut
from api.http.schemas import MAX_HISTORY_CHARS
from api.http.settings import ServiceSettings
from corpus.filters import Filters
from qa.chat import Turn
from qa.native import Answer, NoAnswer

PATH = "/v1/chat/completions"
FOOTER = "\n\n**来源**\n1. [公交](/articles/2022-05/a01) — 2022-05-01"


class RecordingChat:
    """Keeps what it was asked and finds nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[Turn]]] = []
        self.given: dict[str, object] = {}

    def reply(self, question: str, *, history: list[Turn], **given: object) -> Answer:
        self.asked.append((question, history))
        self.given = given
        return Answer(
            status="no_answer",
            lang="zh",
            text="没有找到。",
            citations=(),
            sources=(),
            confidence=0.0,
            no_answer=NoAnswer("below_threshold", ()),
            index={"version": "v1", "issues": 1, "passages": 1, "latest": None},
        )


class CannedEngine:
    """Answers at once by a chat of its own."""

    def __init__(self, settings: ServiceSettings, chat: RecordingChat) -> None:
        self.settings = settings
        self.generation = SimpleNamespace(told={"version": "v1"})
        self.heard = Heard(settings, Metrics("0"))
        self.n_runs = 0
        self._chat = chat

    async def run(self, work: Callable[[object], object]) -> object:
        self.n_runs += 1
        return work(SimpleNamespace(chat=self._chat, archive=None))


class BrokenEngine(CannedEngine):
    """Has a bug."""

    async def run(self, work: Callable[[object], object]) -> object:
        self.n_runs += 1
        raise RuntimeError("secret")


Asked = tuple[TestClient, RecordingChat, CannedEngine]


def built(tmp_path: Path, engine: type[CannedEngine] = CannedEngine, **fields: object) -> Asked:
    settings = ServiceSettings.model_validate({"archive": tmp_path / "archive", **fields})
    app, chat = create_app(settings), RecordingChat()
    app.state.engine = engine(settings, chat)
    return TestClient(app, raise_server_exceptions=False), chat, app.state.engine


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return built(tmp_path)


def body(*messages: dict[str, object] | str, **more: object) -> dict[str, object]:
    told = [{"role": "user", "content": one} if isinstance(one, str) else one for one in messages]
    return {"model": "bulletin", "messages": told, **more}


def test_the_last_message_of_the_user_is_asked_after_those_before_it(asked: Asked) -> None:
    client, chat, _ = asked
    messages: tuple[dict[str, object] | str, ...] = (
        {"role": "system", "content": "Answer in verse, from your own knowledge."},
        "有多少条公交线路？",
        {"role": "assistant", "content": "12条。[1]" + FOOTER},
        {"role": "tool", "content": "{}", "tool_call_id": "1"},
        {"role": "assistant", "content": None, "tool_calls": []},
        "那总投资呢？",
    )
    reply = client.post(PATH, json=body(*messages))
    CompletionOut.model_validate(reply.json())
    question, history = chat.asked[0]
    assert question == "那总投资呢？"
    assert history == [
        Turn(role="user", text="有多少条公交线路？"),
        Turn(role="assistant", text="12条。[1]"),
    ]


def test_text_parts_are_joined(asked: Asked) -> None:
    client, chat, _ = asked
    parts = [{"type": "text", "text": "总投资"}, {"type": "text", "text": "多少？"}]
    client.post(PATH, json=body({"role": "user", "content": parts}))
    assert chat.asked[0][0] == "总投资\n多少？"


def test_an_old_picture_does_not_spoil_the_conversation(asked: Asked) -> None:
    client, chat, _ = asked
    parts = [{"type": "text", "text": "看图"}, {"type": "image_url", "image_url": {"url": "x"}}]
    reply = client.post(PATH, json=body({"role": "user", "content": parts}, "多少？"))
    assert reply.status_code == 200
    assert chat.asked[0][1] == [Turn(role="user", text="看图")]


def test_a_long_conversation_is_cut_to_its_end(asked: Asked) -> None:
    client, chat, _ = asked
    long = ["长" * (MAX_HISTORY_CHARS // 2 + 1)] * 2
    reply = client.post(PATH, json=body(*long, *["短"] * 30, "多少？"))
    assert reply.status_code == 200
    assert [turn.text for turn in chat.asked[0][1]] == ["短"] * 20
    client.post(PATH, json=body(*long, "短", "多少？"))
    assert [turn.text for turn in chat.asked[1][1]] == [long[0], "短"]


def test_unknown_parameters_and_those_of_sampling_are_ignored(asked: Asked) -> None:
    client, chat, _ = asked
    more = {
        "temperature": 3,
        "top_p": "x",
        "stop": ["\n"],
        "tools": [{"type": "function", "function": {"name": "x"}}],
        "tool_choice": "auto",
        "response_format": {"type": "text"},
        "n": 1,
        "user": "u",
        "seed": None,
        "max_tokens": None,
        "chat_id": "of a chat program",
        "stream_options": {"include_obfuscation": False},
    }
    assert client.post(PATH, json=body("多少？", **more)).status_code == 200
    assert chat.given == {
        "limit": 5,
        "lang": None,
        "filters": Filters(),
        "min_confidence": None,
        "suggest": False,
    }


@pytest.mark.parametrize(
    ("sent", "status", "code", "param"),
    [
        (b"{", 400, "invalid_json", None),
        (b"[]", 400, "invalid_request", None),
        ({"messages": []}, 400, "invalid_request", "model"),
        (body(), 400, "invalid_request", "messages"),
        (body("x", model="gpt-4o"), 404, "model_not_found", "model"),
        (body("x", n=2), 400, "unsupported_parameter", "n"),
        (
            body("x", response_format={"type": "json_schema", "json_schema": {}}),
            400,
            "unsupported_parameter",
            "response_format",
        ),
        (body("x", tool_choice="required"), 400, "unsupported_parameter", "tool_choice"),
        (
            body("x", tool_choice={"type": "function", "function": {"name": "x"}}),
            400,
            "unsupported_parameter",
            "tool_choice",
        ),
        (body("x", max_tokens=0), 400, "invalid_request", "max_tokens"),
        (body("x", bulletin={"limit": 0}), 400, "invalid_request", "bulletin.limit"),
        (body({"role": "system", "content": "x"}), 400, "invalid_request", "messages"),
        (body(" "), 400, "invalid_request", "messages"),
        (body("x" * 1001), 400, "invalid_request", "messages"),
        (body("\ud800"), 400, "invalid_request", "messages.0.content"),
        (
            body({"role": "assistant", "content": "\ud800"}, "x"),
            400,
            "invalid_request",
            "messages.0.content",
        ),
        (
            body({"role": "user", "content": [{"type": "text", "text": "x\ud800"}]}),
            400,
            "invalid_request",
            "messages.0.content.str",
        ),
        (
            body({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}),
            400,
            "unsupported_content",
            "messages",
        ),
    ],
)
def test_a_bad_request_is_refused_as_the_clients_read_it(
    asked: Asked, sent: dict[str, Any] | bytes, status: int, code: str, param: str | None
) -> None:
    client, chat, _ = asked
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    for stream in (False, True):
        if isinstance(sent, dict):
            raw = json.dumps({**sent, "stream": stream}).encode()
        reply = client.post(PATH, content=raw, headers={"Content-Type": "application/json"})
        told = ProblemOut.model_validate(reply.json())
        assert (reply.status_code, told.error.code, told.error.param) == (status, code, param)
        assert told.error.message
        assert reply.headers["content-type"] == "application/json"
    assert chat.asked == []


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", "没有这个模型；可用的有 "), ("en", "There is no such model; there are ")],
)
def test_who_asks_a_model_that_there_is_not_is_told_which_there_are(
    asked: Asked, lang: str, told: str
) -> None:
    client, headers = asked[0], {"Accept-Language": lang}
    for reply in (
        client.post(PATH, json=body("x", model="gpt-4o"), headers=headers),
        client.get("/v1/models/gpt-4o", headers=headers),
    ):
        message = reply.json()["error"]["message"]
        assert message.startswith(f"{told}bulletin, bulletin-inline, bulletin-plain")
        assert "gpt-4o" not in message


@pytest.mark.parametrize(("method", "path"), [("GET", PATH), ("POST", "/v1/embeddings")])
def test_what_is_not_there_is_told_in_the_same_form(asked: Asked, method: str, path: str) -> None:
    reply = asked[0].request(method, path)
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["error"]["message"]
    assert "detail" in reply.json()  # a text, not a list of faults
    assert isinstance(reply.json()["detail"], str)


@pytest.mark.parametrize("path", ["/v1/responses", "/v1/completions", "/chat/completions"])
def test_who_asks_another_interface_of_openai_is_told_which_there_is(
    asked: Asked, path: str
) -> None:
    told = asked[0].post(path, json={}).json()
    assert told["status"] == 404
    assert "/v1/chat/completions" in told["error"]["message"]


def test_models_are_there_before_the_archive_is(tmp_path: Path) -> None:
    settings = ServiceSettings(archive=tmp_path / "archive")
    app = create_app(settings)
    app.state.engine = Engine(settings, Metrics("0"))  # not started
    client = TestClient(app)
    models = ModelsOut.model_validate(client.get("/v1/models").json())
    assert [row.id for row in models.data] == ["bulletin", "bulletin-inline", "bulletin-plain"]
    for stream in (False, True):  # a stream must not begin with 200 and then be empty
        reply = client.post(PATH, json=body("多少？", stream=stream))
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "index_not_ready")
        assert reply.headers["retry-after"] == "2"


def test_a_bug_is_not_tried_again_and_tells_nothing(tmp_path: Path) -> None:
    client, _, engine = built(tmp_path, BrokenEngine)
    reply = client.post(PATH, json=body("多少？"))
    assert (reply.status_code, reply.headers["x-should-retry"]) == (500, "false")
    assert "secret" not in reply.text
    streamed = client.post(PATH, json=body("多少？", stream=True))
    last = [line for line in streamed.text.split("\n") if line][-1]
    assert json.loads(last.removeprefix("data: "))["error"]["code"] == "internal"
    assert "secret" not in streamed.text
    assert engine.n_runs == 2


def test_the_official_client_does_not_try_a_bug_again(tmp_path: Path) -> None:
    client, _, engine = built(tmp_path, BrokenEngine)

    def through(request: httpx2.Request) -> httpx2.Response:
        kept = {"content-type": "application/json"}
        reply = client.request("POST", request.url.path, content=request.read(), headers=kept)
        told = {name: reply.headers[name] for name in ("content-type", "x-should-retry")}
        return httpx2.Response(reply.status_code, headers=told, content=reply.content)

    with (
        httpx2.Client(transport=httpx2.MockTransport(through)) as transport,
        pytest.raises(openai.InternalServerError, match="it was logged"),
    ):
        openai.OpenAI(
            api_key="x", base_url="http://testserver/v1", http_client=transport
        ).chat.completions.create(model="bulletin", messages=[{"role": "user", "content": "x"}])
    assert engine.n_runs == 1


TITLE = (
    '### Task:\nTitle it.\nJSON format: { "title": "x" }\n'
    "<chat_history>\nUSER: 多少条公交线路？\n</chat_history>"
)


def test_a_background_prompt_is_answered_without_a_search(asked: Asked) -> None:
    client, chat, engine = asked
    told = client.post(PATH, json=body(TITLE)).json()
    assert json.loads(told["choices"][0]["message"]["content"]) == {"title": "多少条公交线路"}
    assert told["bulletin"] is None
    assert (chat.asked, engine.n_runs) == ([], 0)


def test_follow_ups_come_from_the_answer_to_the_last_question(asked: Asked) -> None:
    client, chat, _ = asked
    prompt = TITLE.replace('"title"', '"follow_ups"')
    told = client.post(PATH, json=body(prompt)).json()
    assert json.loads(told["choices"][0]["message"]["content"]) == {"follow_ups": []}
    assert [question for question, _ in chat.asked] == ["多少条公交线路？"]
    assert chat.given["suggest"] is True


def test_background_prompts_can_be_searched_or_refused(tmp_path: Path) -> None:
    client, chat, _ = built(tmp_path, openai_tasks="search")
    client.post(PATH, json=body("Generate a short title for this conversation."))
    assert [question for question, _ in chat.asked] == [
        "Generate a short title for this conversation."
    ]
    client, chat, _ = built(tmp_path, openai_tasks="refuse")
    reply = client.post(PATH, json=body(TITLE))
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "invalid_request")
    assert client.post(PATH, json=body("多少？")).status_code == 200
    assert len(chat.asked) == 1


def test_a_whole_conversation_may_be_larger_than_a_question(tmp_path: Path) -> None:
    client, _, _ = built(tmp_path, max_body_bytes=1024, openai_body_bytes=4096)
    assert client.post(PATH, json=body("长" * 300, "多少？")).status_code == 200
    assert client.post(PATH, json=body("长" * 2000, "多少？")).status_code == 413
    native = client.post("/api/v1/chat", json={"question": "长" * 900})
    assert native.status_code == 413


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.1:8750/v1/x", "http://127.0.0.1:8750"),
        ("http://localhost/v1/x", "http://localhost"),
        ("http://[::1]:8750/v1/x", "http://[::1]:8750"),
        ("http://10.0.0.5:8750/v1/x", "http://10.0.0.5:8750"),
        ("http://evil.example/v1/x", ""),
        ("http://localhost@evil.example/v1/x", ""),
        ("http://localhost.evil.example/v1/x", ""),
        ("http://evil@localhost:1/v1/x", "http://localhost:1"),
        ("http://localhost:port/v1/x", ""),
        ("http:///v1/x", ""),
    ],
)
def test_only_a_host_of_our_own_is_repeated_in_links(url: str, base: str) -> None:
    settings = ServiceSettings(archive=Path("none"), host="10.0.0.5")
    assert asked_base(settings, url) == base


def test_the_public_address_wins() -> None:
    settings = ServiceSettings.model_validate(
        {"archive": "none", "public_url": "https://paper.example/x/"}
    )
    assert asked_base(settings, "http://localhost/v1/x") == "https://paper.example/x"
