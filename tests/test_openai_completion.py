"""A native answer as a completion: content, annotations, caps and chunks, held to a transcript."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from api.http.completion import Completion, Content, Style, content_of, plain_content, tokens
from api.http.events import KEEP_ALIVE, kept_alive

DATA = Path(__file__).parent / "data"
TOLD: dict[str, Any] = json.loads((DATA / "openai_answer.json").read_text(encoding="utf-8"))
TRANSCRIPT = DATA / "openai_stream.sse"
FOOTER = (
    "\n\n**Sources**\n"
    "1. [公交\\[新\\]线路\\*开通\\*](https://paper.example/articles/2022-05/a01?mark=0-13#p01)"
    " — 晨报, no. 312, 2022-05-01, A02, date in the article: 2022-04-27\n"
    "2. [(no headline)](https://paper.example/articles/2021-03/a02?mark=0-11#p01) — 2021-03"
)


def completion() -> Completion:
    return Completion("bulletin", "v1", prompt_tokens=7, id="chatcmpl-1", created=1)


def chunks(content: Content, *, include_usage: bool = True) -> bytes:
    first = completion().first(include_usage=include_usage)
    return first + b"".join(completion().rest(content, include_usage=include_usage))


def parsed(stream: bytes) -> list[dict[str, Any]]:
    """Read a stream as the strictest reader does: lines of data and nothing else."""
    blocks = stream.decode().split("\n\n")
    assert blocks[-2:] == ["data: [DONE]", ""]
    assert all(block.startswith("data: ") and "\n" not in block for block in blocks[:-1])
    return [json.loads(block.removeprefix("data: ")) for block in blocks[:-2]]


def cited(content: Content) -> list[str]:
    notes = [row["url_citation"] for row in content.annotations if row]
    return [content.text[note["start_index"] : note["end_index"]] for note in notes]


@pytest.mark.parametrize(
    ("style", "text", "marks"),
    [
        ("bulletin", TOLD["text"] + FOOTER, ["[1]", "[2]"]),
        ("bulletin-inline", TOLD["text"], ["[1]", "[2]"]),
        (
            "bulletin-plain",
            re.sub(r"\[\d\]", "", TOLD["text"]),
            [row["quote"] for row in TOLD["citations"]],
        ),
    ],
)
def test_each_model_shows_citations_its_own_way(style: Style, text: str, marks: list[str]) -> None:
    content = content_of(TOLD, style=style)
    assert content.text == text
    assert cited(content) == marks


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "晨报，第312期，2022-05-01，A02，文中日期：2022-04-27"),
        ({"date": "2022-05-01"}, "晨报，第312期，2022-05-01，A02"),
        ({"date": None}, "晨报，第312期，2022-05-01，A02"),
        ({"issue_date": None}, "晨报，第312期，2022-05，A02，文中日期：2022-04-27"),
    ],
    ids=["days differ", "one day", "no day of its own", "issue without a day"],
)
def test_the_day_of_an_article_is_not_told_as_that_of_its_issue(
    changed: dict[str, str | None], told: str
) -> None:
    first, second = TOLD["sources"]
    answer = {**TOLD, "lang": "zh-Hans", "sources": [{**first, **changed}, second]}
    whole = completion().whole(content_of(answer, style="bulletin"))
    message = whole["choices"][0]["message"]
    assert f"#p01) — {told}\n" in message["content"]
    days = {key: answer["sources"][0][key] for key in ("issue_date", "date")}
    assert whole["search_results"][0].items() >= days.items()
    assert message["annotations"][0]["url_citation"]["issue_date"] == days["issue_date"]


def test_the_stream_is_the_transcript_that_is_kept() -> None:
    assert chunks(content_of(TOLD, style="bulletin")) == TRANSCRIPT.read_bytes()


def test_the_chunks_come_in_the_promised_order() -> None:
    rows = parsed(TRANSCRIPT.read_bytes())
    kinds = []
    for row in rows:
        delta = row["choices"][0]["delta"] if row["choices"] else {"usage": row["usage"]}
        kinds.append("+".join(delta) if row["choices"] or row["usage"] else "end")
    kinds = [kind or "finish" for kind in kinds]
    assert re.fullmatch(
        r"role\+content\+refusal( (content )+annotations)+( content)+ finish usage", " ".join(kinds)
    )
    assert {(row["id"], row["created"], row["model"]) for row in rows} == {
        ("chatcmpl-1", 1, "bulletin")
    }
    ends = [row["choices"][0]["finish_reason"] for row in rows if row["choices"]]
    assert ends == [None] * (len(ends) - 1) + ["stop"]


def test_extensions_come_once_on_a_chunk_that_has_a_choice() -> None:
    rows = parsed(TRANSCRIPT.read_bytes())
    holding = [row for row in rows if "bulletin" in row or "citations" in row]
    assert len(holding) == 1
    assert holding[0]["choices"][0]["finish_reason"] == "stop"
    assert holding[0]["bulletin"] == TOLD
    assert holding[0]["citations"] == [row["url"] for row in TOLD["citations"]]
    assert [row["snippet"] for row in holding[0]["search_results"]] == [
        row["quote"] for row in TOLD["citations"]
    ]


def test_no_choice_is_missing_unless_usage_was_asked_for() -> None:
    rows = parsed(chunks(content_of(TOLD, style="bulletin"), include_usage=False))
    assert all(row["choices"] for row in rows)
    assert all("usage" not in row for row in rows)


def test_the_whole_and_the_stream_say_the_same() -> None:
    content = content_of(TOLD, style="bulletin")
    whole = completion().whole(content)
    rows = parsed(chunks(content))
    deltas = [row["choices"][0]["delta"] for row in rows if row["choices"]]
    message = whole["choices"][0]["message"]
    assert "".join(delta.get("content", "") for delta in deltas) == message["content"]
    notes = [note for delta in deltas for note in delta.get("annotations", [])]
    assert notes == message["annotations"]
    assert rows[-1]["usage"] == whole["usage"]
    shared = ("citations", "search_results", "bulletin")
    assert [rows[-2][key] for key in shared] == [whole[key] for key in shared]


def test_a_cap_leaves_whole_claims_with_their_sources() -> None:
    everything = tokens(content_of(TOLD, style="bulletin").text)
    assert not content_of(TOLD, style="bulletin", cap=everything).is_cut
    less = content_of(TOLD, style="bulletin", cap=everything - 1)
    assert less.is_cut
    assert less.text == TOLD["text"][:43] + FOOTER.rpartition("\n")[0]
    assert tokens(less.text) <= everything - 1
    ended = completion().whole(less)
    assert ended["choices"][0]["finish_reason"] == "length"
    assert ended["citations"] == [TOLD["citations"][0]["url"]]


def test_a_tight_cap_leaves_the_claim_alone_then_nothing() -> None:
    claim = TOLD["text"][:43]
    assert content_of(TOLD, style="bulletin", cap=tokens(claim)).text == claim
    assert content_of(TOLD, style="bulletin", cap=tokens(claim) - 1).text == ""


def test_words_of_our_own_are_capped_at_a_sentence() -> None:
    told = {**TOLD, "text": "没有找到。请换个问法。", "citations": [], "sources": []}
    cut = content_of(told, style="bulletin", cap=6)
    assert (cut.text, cut.is_cut, cut.annotations) == ("没有找到。", True, [None])


class Canned(httpx2.BaseTransport):
    """Answers every request with the same stream."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, content=self.stream)


def test_the_official_client_takes_the_transcript_with_comments_between() -> None:
    stream = TRANSCRIPT.read_bytes().replace(b"\n\ndata", b"\n\n" + KEEP_ALIVE + b"data")
    with httpx2.Client(transport=Canned(stream)) as transport:
        client = openai.OpenAI(api_key="x", base_url="http://canned/v1", http_client=transport)
        rows = list(
            client.chat.completions.create(
                model="bulletin", messages=[{"role": "user", "content": "x"}], stream=True
            )
        )
    assert len(rows) == len(parsed(TRANSCRIPT.read_bytes()))
    text = "".join(row.choices[0].delta.content or "" for row in rows if row.choices)
    assert text == TOLD["text"] + FOOTER


def open_webui(stream: bytes) -> tuple[str, list[tuple[str, str]], dict[str, Any]]:
    """Read a stream by Open WebUI's rules: the content, a chip a citation, the usage.

    Lines that are no JSON behind `data:` are dropped; an annotation of a delta becomes a chip.
    """
    text, chips = "", []
    usage: dict[str, Any] = {}
    for line in stream.decode().split("\n"):
        if not line.startswith("data:"):
            continue
        try:
            row = json.loads(line.removeprefix("data:").strip())
        except json.JSONDecodeError:
            continue
        usage = row.get("usage") or usage
        for choice in row.get("choices", [])[:1]:
            delta = choice.get("delta", {})
            for note in delta.get("annotations") or []:
                if note.get("type") == "url_citation" and "url_citation" in note:
                    chips.append((note["url_citation"]["title"], note["url_citation"]["url"]))
            text += delta.get("content") or ""
    return text, chips, usage


def librechat(stream: bytes) -> str:
    """Read a stream by LibreChat's rules: nothing but the content survives."""
    rows = parsed(stream)
    return "".join(
        row["choices"][0]["delta"].get("content") or "" for row in rows if row.get("choices")
    )


def test_open_webui_shows_the_text_and_a_chip_for_each_citation() -> None:
    stream = TRANSCRIPT.read_bytes().replace(b"\n\ndata", b"\n\n" + KEEP_ALIVE + b"data")
    text, chips, usage = open_webui(stream)
    assert text == TOLD["text"] + FOOTER
    assert chips == [
        ("公交[新]线路*开通*", TOLD["citations"][0]["url"]),
        ("(no headline)", TOLD["citations"][1]["url"]),
    ]
    assert usage["total_tokens"] == 7 + tokens(text)


def test_librechat_keeps_the_sources_for_they_are_in_the_text() -> None:
    text = librechat(TRANSCRIPT.read_bytes())
    assert re.findall(r"^\d+\. \[.+\]\((https://[^)]+)\)", text, re.MULTILINE) == [
        row["url"] for row in TOLD["citations"]
    ]


def test_words_of_our_own_have_no_native_answer_behind_them() -> None:
    told = completion().whole(plain_content('{"title": "公交"}'))
    assert told["choices"][0]["message"]["content"] == '{"title": "公交"}'
    assert (told["citations"], told["search_results"], told["bulletin"]) == ([], [], None)


def test_comments_keep_the_line_open_until_the_answer_is_there() -> None:
    async def run() -> list[bytes]:
        job = asyncio.get_running_loop().create_future()
        seen = []
        async for comment in kept_alive(job, every_s=0.001):
            seen.append(comment)
            if len(seen) == 3:
                job.set_result(None)
        return seen

    assert asyncio.run(run()) == [KEEP_ALIVE] * 3
