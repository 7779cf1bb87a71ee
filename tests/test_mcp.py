"""The MCP server through the official client: over stdio in a child process, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.cli import main
from api.http import schemas
from api.http.app import create_app
from api.http.settings import ServiceSettings
from corpus.archive import Archive
from corpus.types import Issue
from tests.conftest import serving, unnamed
from tests.served import wait_until

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")
from mcp import Client, MCPError, StdioServerParameters  # noqa: E402
from mcp.client.stdio import stdio_client  # noqa: E402

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
QUESTION = "全区疫苗接种率达到多少？"
TOOLS = ["ask", "fetch", "search", "search_articles"]


def child(tmp_path: Path) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "api", "mcp"],
        env={
            **{name: os.environ[name] for name in os.environ if not name.startswith("BULLETIN_")},
            "XDG_DATA_HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "LC_ALL": "C.UTF-8",
        },
    )


def over_stdio(tmp_path: Path, use: Callable[[Client], Awaitable[T]]) -> T:
    """Return what a use of a client gives that speaks to a child process."""

    async def run() -> T:
        with (tmp_path / "err").open("w") as err:
            async with Client(stdio_client(child(tmp_path), errlog=err)) as client:
                return await use(client)

    return asyncio.run(run())


def over_http(address: str, use: Callable[[Client], Awaitable[T]]) -> T:
    """Return what a use of a client gives that speaks to a live server."""

    async def run() -> T:
        async with Client(f"{address}/mcp") as client:
            return await use(client)

    return asyncio.run(run())


async def call(client: Client, tool: str, **given: object) -> dict[str, Any]:
    """Return a tool's result, held to be the same as JSON text and as structured content."""
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    assert len(result.content) == 1
    assert json.loads(result.content[0].text) == result.structured_content  # type: ignore[union-attr]  # text
    told: dict[str, Any] = result.structured_content
    return told


async def trouble(client: Client, tool: str, **given: object) -> str:
    result = await client.call_tool(tool, given)
    assert result.is_error
    text: str = result.content[0].text  # type: ignore[union-attr]  # text
    return text


def test_over_stdio_a_citation_can_be_followed_to_its_article(tmp_path: Path) -> None:
    async def use(client: Client) -> None:
        answer = await call(client, "ask", question=QUESTION)
        schemas.AnswerOut.model_validate(answer)
        assert answer["status"] == "answered"
        cited = answer["citations"][0]
        assert "100.18%" in cited["quote"]
        found = await call(client, "search", query="疫苗接种率")
        first = found["results"][0]
        assert first["id"].startswith(cited["location"]["article_id"])
        assert first["url"] == f"bulletin://article/{cited['location']['article_id']}"
        article = await call(client, "fetch", id=first["id"])
        where = cited["location"]
        assert article["text"][where["start"] : where["end"]] == cited["quote"]
        read = await client.read_resource(first["url"])
        text: str = read.contents[0].text  # type: ignore[union-attr]  # text
        assert text == f"{article['title']}\n\n{article['text']}"

    over_stdio(tmp_path, use)


def test_stdout_carries_the_protocol_and_nothing_else(tmp_path: Path) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    given = child(tmp_path)
    done = subprocess.run(
        [given.command, *given.args],
        input=json.dumps(hello) + "\n",
        env=given.env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == [1]
    assert lines[0]["result"]["serverInfo"]["title"] == "Bulletin · 刊物"
    assert "sample" in done.stderr  # that the shipped issue stands in is told beside the wire


def test_over_http_the_tools_are_read_only_and_named_in_both_languages(sample_service: str) -> None:
    async def use(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert sorted(tools) == TOOLS
        for tool in tools.values():
            assert tool.annotations
            assert tool.annotations.read_only_hint
            assert tool.annotations.open_world_hint is False
            assert " · " in str(tool.title)
            assert tool.output_schema
        assert list(tools["search"].input_schema["properties"]) == ["query"]
        assert list(tools["fetch"].input_schema["properties"]) == ["id"]
        assert tools["search"].title == "Search the bulletin · 检索刊物"
        templates = (await client.list_resource_templates()).resource_templates
        assert [row.uri_template for row in templates] == [
            "bulletin://article/{+article_id}",
            "bulletin://issue/{issue_id}",
        ]

    over_http(sample_service, use)


def test_over_http_links_lead_to_the_service(sample_service: str) -> None:
    async def use(client: Client) -> None:
        first = (await call(client, "search", query="疫苗接种率"))["results"][0]
        told = {"publication", "issue", "number", "issue_date", "date", "section"}
        assert set(first) == {"id", "title", "url", "text"} | told
        assert first["url"].startswith(f"{sample_service}/articles/")
        answer = await call(client, "ask", question=QUESTION, lang="en")
        assert answer["lang"] == "en"
        assert answer["citations"][0]["url"].startswith(f"{sample_service}/articles/")

    over_http(sample_service, use)


def test_the_day_of_an_issue_stands_beside_that_of_the_article(
    invented: list[Issue], tmp_path: Path
) -> None:
    async def use(client: Client) -> None:
        for query, days in (
            (
                "一季度经济运行分析会",
                {
                    "publication": "砚川高新时讯",
                    "number": "1208",
                    "issue_date": "2023-05-18",
                    "date": "2023-05-12",
                },
            ),
            ("「蓝围裙」调解室", {"issue_date": "2019-11-14", "date": None}),
        ):
            first = (await call(client, "search", query=query))["results"][0]
            assert first.items() >= days.items()
            told = (await call(client, "fetch", id=first["id"]))["metadata"]
            assert {key: told.get(key) for key in days} == days

    with Archive.open(tmp_path, create=True) as kept:
        for issue in invented:
            kept.add(issue)
    with serving(ServiceSettings(archive=tmp_path)) as address:
        over_http(address, use)


def test_conditions_are_read_from_the_query_and_from_arguments(sample_service: str) -> None:
    async def use(client: Client) -> None:
        assert (await call(client, "search", query="疫苗 from:2022"))["results"] == []
        assert (await call(client, "search", query="疫苗 from:2021-09 to:2021-10"))["results"]
        for day in ({"to": "2021"}, {"to": 2021, "from": None}, {"to_day": "2021-10"}):
            told = await call(client, "search_articles", query="疫苗", limit=1, **day)
            assert len(told["results"]) == 1
        for day in ({"from": "2022"}, {"from_day": "2022"}, {"to": "2020"}):
            assert not (await call(client, "search_articles", query="疫苗", **day))["results"]

    over_http(sample_service, use)


def test_an_argument_that_a_tool_does_not_know_is_an_error(sample_service: str) -> None:
    async def use(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for tool in tools.values():
            assert tool.input_schema["additionalProperties"] is False
        known = ["query", "from", "to", "issue", "section", "limit"]
        assert list(tools["search_articles"].input_schema["properties"]) == known
        told = await trouble(client, "search_articles", query="疫苗", since="2018", until="2019")
        assert f"has no argument 'since', 'until'; it takes: {', '.join(known)}." in told
        assert "search 没有参数 'to'；它的参数有：query。" in await trouble(
            client, "search", query="疫苗", to="2018"
        )
        for day in ("2018-99", "2018-02-30", "someday", "20181"):
            told = await trouble(client, "search_articles", query="疫苗", **{"from": day})
            assert f"from is '{day}', expected 2025" in told

    over_http(sample_service, use)


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("ask", {}, "question is missing. · question：缺少这一项。"),
        ("ask", {"question": ""}, "question is empty. · question：不能为空。"),
        ("ask", {"question": 5}, "question is not text. · question：应为文字。"),
        (
            "search",
            {"query": "x" * 1001},
            "query has more than 1000 characters. · query：最多 1000 个字符。",
        ),
        (
            "search_articles",
            {"query": "疫苗", "limit": "many"},
            "limit is not a number. · limit：应为数字。",
        ),
        (
            "search_articles",
            {"query": "疫苗", "issue": "2021-10"},
            "issue is not a list. · issue：应为列表。",
        ),
        ("fetch", {"id": ["a"]}, "id is not text. · id：应为文字。"),
    ],
)
def test_an_argument_that_is_not_as_it_should_be_is_told_in_one_sentence(
    sample_service: str, tool: str, given: dict[str, Any], said: str
) -> None:
    async def use(client: Client) -> None:
        assert await trouble(client, tool, **given) == said

    over_http(sample_service, use)


def test_what_goes_wrong_is_told_for_the_model_to_read(sample_service: str) -> None:
    async def use(client: Client) -> None:
        assert "no such article" in await trouble(client, "fetch", id="2021-10/a99")
        assert "expected 2025" in await trouble(client, "search", query="疫苗 from:someday")
        told = await trouble(client, "search", query="疫苗 issue:1900-01")
        assert "issue is '1900-01': names no issue that is kept; there are: 2021-10." in told
        assert "issue 是 '1900-01'：没有这一期；现有：2021-10。" in told
        told = await trouble(client, "search_articles", query="疫苗", section=["A99"])
        assert "names no section that an issue has; there are: none." in told
        assert "empty" in await trouble(client, "ask", question="  ")
        with pytest.raises(MCPError, match="a99"):
            await client.read_resource("bulletin://article/2021-10/a99")

    over_http(sample_service, use)


def test_an_issue_is_read_as_its_contents(sample_service: str) -> None:
    async def use(client: Client) -> None:
        read = await client.read_resource("bulletin://issue/2021-10")
        told = json.loads(read.contents[0].text)  # type: ignore[union-attr]  # text
        assert told["id"] == "2021-10"
        assert {"2021-10/a08"} < {row["id"] for row in told["articles"]}
        assert all(row["title"] for row in told["articles"])

    over_http(sample_service, use)


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_other_hosts_and_origins_are_refused(sample_service: str, header: dict[str, str]) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    reply = httpx2.post(f"{sample_service}/mcp", json=body, headers={**accept, **header})
    assert reply.status_code in (403, 421)


def test_an_allowed_origin_may_ask(tmp_path: Path) -> None:
    settings = unnamed(
        tmp_path,
        public_url="https://paper.example",
        allowed_origins=("https://other.example",),
    )
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    with TestClient(create_app(settings), base_url="https://paper.example") as client:
        for origin in ("https://paper.example", "https://other.example"):
            reply = client.post("/mcp", json=body, headers={**accept, "Origin": origin})
            assert [tool["name"] for tool in reply.json()["result"]["tools"]]


def told_over_http(client: TestClient, tool: str, **given: object) -> str:
    """Return the text of what a tool gives, or of what goes wrong."""
    params = {"name": tool, "arguments": given}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    accept = {"Accept": "application/json, text/event-stream"}
    reply = client.post("/mcp", json=body, headers=accept)
    text: str = reply.json()["result"]["content"][0]["text"]
    return text


def test_where_the_archive_lies_is_told_to_this_machine_alone(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    settings = ServiceSettings(
        archive=folder, deadline_s=0.1, allowed_hosts=("paper.example",), reload_s=0.05
    )
    app = create_app(settings)
    here = {"base_url": "http://localhost", "client": ("127.0.0.1", 1)}
    there = {"base_url": "http://paper.example", "client": ("203.0.113.7", 1)}
    with TestClient(app, **here) as local:  # type: ignore[arg-type]  # each is of its own type
        wait_until(lambda: app.state.engine.trouble)
        other = TestClient(app, **there)  # type: ignore[arg-type]
        for tool, given in (("ask", {"question": QUESTION}), ("search", {"query": QUESTION})):
            assert f"archive {folder}: is not there" in told_over_http(local, tool, **given)
            told = told_over_http(other, tool, **given)
            assert "The archive is being opened; try again in 2 seconds." in told
            assert str(folder) not in told


def test_without_the_extra_the_command_says_so_and_there_is_no_route(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("api.mcp", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("mcp", "mcp_types")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "api.mcp", raising=False)
    assert main(["mcp"]) == 2
    assert "the extra 'mcp', which is not installed" in capsys.readouterr().err
    with TestClient(create_app(unnamed(tmp_path))) as client:
        reply = client.post("/mcp", json={})
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")


def test_no_stream_is_opened_that_would_never_say_anything(tmp_path: Path) -> None:
    with TestClient(create_app(unnamed(tmp_path))) as client:
        reply = client.get("/mcp", headers={"Accept": "text/event-stream"})
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
