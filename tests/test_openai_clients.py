"""The clients people really use, against a live server."""

from __future__ import annotations

import asyncio
import gc
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from langchain_openai import ChatOpenAI
from openai.types.chat import ChatCompletionMessageParam
from pydantic import SecretStr

from tests.conftest import serving, unnamed

QUESTION = "全区疫苗接种率达到多少？"
LINK = re.compile(r"^1\. \[.+\]\((http://127\.0\.0\.1:\d+/articles/[^)]+)\)", re.MULTILINE)
UNKNOWN = "火星上一共有多少个会计师事务所？"


def asking(text: str) -> list[ChatCompletionMessageParam]:
    return [{"role": "user", "content": text}]


@pytest.fixture(scope="module")
def client(sample_service: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="any", base_url=f"{sample_service}/v1") as client:
        yield client


def test_the_official_client_gets_a_typed_answer(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="bulletin", messages=asking(QUESTION))
    message = answer.choices[0].message
    assert answer.choices[0].finish_reason == "stop"
    assert message.content is not None
    assert "100.18%" in message.content
    assert LINK.search(message.content)
    assert message.annotations
    note = message.annotations[0].url_citation
    assert message.content[note.start_index : note.end_index] == "[1]"
    assert note.url == LINK.search(message.content)[1]  # type: ignore[index]  # found above
    assert note.model_extra
    assert "100.18%" in note.model_extra["content"]
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.model_extra
    assert answer.model_extra["citations"] == [note.url]
    assert answer.model_extra["bulletin"]["status"] == "answered"
    assert answer.system_fingerprint == answer.model_extra["bulletin"]["index"]["version"]
    assert answer._request_id == answer.model_extra["bulletin"]["request_id"]


def test_the_official_client_streams_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="bulletin", messages=asking(QUESTION))
    with client.chat.completions.stream(
        model="bulletin", messages=asking(QUESTION), stream_options={"include_usage": True}
    ) as stream:
        rows = [event.chunk for event in stream if event.type == "chunk"]
        final = stream.get_final_completion()
    assert final.choices[0].message.content == whole.choices[0].message.content
    assert final.usage == whole.usage
    notes = [
        note
        for row in rows
        if row.choices
        for note in (row.choices[0].delta.model_extra or {}).get("annotations", [])
    ]
    assert whole.choices[0].message.annotations
    assert notes == [note.model_dump() for note in whole.choices[0].message.annotations]
    told = [row.model_extra for row in rows if row.model_extra and "bulletin" in row.model_extra]
    assert [row["bulletin"]["text"] for row in told] == [whole.model_extra["bulletin"]["text"]]  # type: ignore[index]  # there, as tested above


def test_the_asynchronous_client_streams_to_the_end(sample_service: str) -> None:
    async def run() -> tuple[str, list[str | None]]:
        async with openai.AsyncOpenAI(api_key="any", base_url=f"{sample_service}/v1") as client:
            text = ""
            ends: list[str | None] = []
            stream = await client.chat.completions.create(
                model="bulletin-inline", messages=asking(QUESTION), stream=True
            )
            async for row in stream:
                text += row.choices[0].delta.content or ""
                ends.append(row.choices[0].finish_reason)
            return text, ends

    text, ends = asyncio.run(run())
    assert text.endswith("[1]")
    assert ends == [None] * (len(ends) - 1) + ["stop"]


def test_models_can_be_listed_and_looked_up(client: openai.OpenAI) -> None:
    listed = [(row.id, row.object, row.owned_by) for row in client.models.list()]
    assert listed == [
        (name, "model", "bulletin") for name in ("bulletin", "bulletin-inline", "bulletin-plain")
    ]
    assert client.models.retrieve("bulletin-plain").created > 0
    with pytest.raises(openai.NotFoundError) as raised:
        client.models.retrieve("gpt-4o")
    assert (raised.value.code, raised.value.param) == ("model_not_found", "model")


def test_no_answer_is_an_answer(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="bulletin", messages=asking(UNKNOWN))
    assert answer.choices[0].finish_reason == "stop"
    assert answer.choices[0].message.content == "刊物中没有找到这个问题的答案。"
    assert answer.choices[0].message.annotations == []
    assert answer.model_extra
    assert answer.model_extra["bulletin"]["status"] == "no_answer"


def test_the_extension_object_goes_through_extra_body(client: openai.OpenAI) -> None:
    more = {"bulletin": {"lang": "en", "filters": {"from": "2030-01-01"}}}
    answer = client.chat.completions.create(
        model="bulletin", messages=asking(QUESTION), extra_body=more
    )
    assert answer.choices[0].message.content == "The bulletin does not say."
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(
            model="bulletin", messages=asking(QUESTION), extra_body={"bulletin": {"limits": 1}}
        )
    assert raised.value.param == "bulletin.limits"
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as raised:
            client.chat.completions.create(
                model="bulletin",
                messages=asking(QUESTION),
                stream=stream,
                extra_body={"bulletin": {"filters": {"issue": ["1900-01"]}}},
            )
        assert raised.value.param == "bulletin.filters.issue.0"
        assert "there are: 2021-10" in raised.value.message


def test_an_error_reaches_the_official_client_in_words(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model="bulletin", messages=asking(QUESTION), n=2)
    assert (raised.value.code, raised.value.param) == ("unsupported_parameter", "n")
    assert "n can only be 1." in raised.value.message
    assert raised.value.type == "invalid_request_error"
    assert raised.value.request_id


def test_an_error_in_mid_stream_is_raised_with_its_message(tmp_path: Path) -> None:
    settings = unnamed(tmp_path, deadline_s=0.000_001)
    with (
        serving(settings) as url,
        openai.OpenAI(api_key="any", base_url=f"{url}/v1", max_retries=0) as client,
    ):
        stream = client.chat.completions.create(
            model="bulletin", messages=asking(QUESTION), stream=True
        )
        with pytest.raises(openai.APIError, match="It took too long") as raised:
            list(stream)
        assert (raised.value.code, raised.value.type) == ("timeout", "server_error")
        with pytest.raises(openai.InternalServerError) as whole:
            client.chat.completions.create(model="bulletin", messages=asking(QUESTION))
        assert (whole.value.status_code, whole.value.code) == (504, "timeout")


def test_langchain_shows_the_sources_though_it_drops_all_else(sample_service: str) -> None:
    model = ChatOpenAI(model="bulletin", base_url=f"{sample_service}/v1", api_key=SecretStr("any"))
    whole = model.invoke(QUESTION)
    assert LINK.search(str(whole.content))
    streamed = "".join(str(row.content) for row in model.stream(QUESTION))
    assert streamed == whole.content


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see its end
def test_litellm_keeps_text_annotations_and_extensions(
    sample_service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # it would ask the network
    import litellm

    ask: dict[str, Any] = {
        "model": "openai/bulletin",
        "messages": asking(QUESTION),
        "api_base": f"{sample_service}/v1",
        "api_key": "any",
    }
    whole = litellm.completion(**ask)
    message = whole.choices[0].message
    assert LINK.search(message.content)
    assert message.annotations[0]["url_citation"]["start_index"] > 0
    assert whole.citations == [message.annotations[0]["url_citation"]["url"]]
    rows = list(litellm.completion(**ask, stream=True))
    assert "".join(row.choices[0].delta.content or "" for row in rows) == message.content
    del rows
    gc.collect()  # LiteLLM leaves its stream unclosed: let that be told here, not in a later test


def test_every_line_on_the_wire_is_data_or_a_comment(sample_service: str) -> None:
    body = {"model": "bulletin", "messages": asking(QUESTION), "stream": True}
    with httpx2.stream("POST", f"{sample_service}/v1/chat/completions", json=body) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert reply.headers["cache-control"] == "no-cache"
        assert reply.headers["x-accel-buffering"] == "no"
        lines = [line for line in reply.iter_lines() if line]
    assert lines[-1] == "data: [DONE]"
    assert all(line.startswith(("data: ", ":")) for line in lines)
    assert all("choices" in json.loads(line[6:]) for line in lines[:-1] if line[0] != ":")
    assert "疫苗" in "".join(lines)  # not \u escapes
