"""The archive for MCP clients: tools to search, fetch and ask, and articles as resources.

`search` and `fetch` keep to the shape that ChatGPT expects of a source of data: one string each,
`results` of `id`, `title` and `url`. The same server speaks over stdio and over HTTP. It needs the
extra `mcp`: import it where that is installed only.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import uuid4

import mcp_types
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.mcpserver.tools.base import Tool
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from api.http.engine import Engine, Parts
from api.http.faults import fault_of
from api.http.links import article_url, asked_base, quote_url, with_links
from api.http.metrics import Metrics
from api.http.narrowing import told_of
from api.http.native import our_lang
from api.http.operations import package_version
from api.http.problems import problem_of
from api.http.requests import is_local
from api.http.schemas import AnswerOut, LangTag
from corpus.days import day_of
from corpus.errors import BulletinError, NotInArchiveError, UnknownFilterError
from corpus.filters import Filters
from corpus.types import iso
from qa.native import to_json
from qa.query import MAX_CHARS
from qa.texts import say

if TYPE_CHECKING:
    from api.http.settings import ServiceSettings
    from corpus.types import Article

log = logging.getLogger(__name__)

T = TypeVar("T")
_N_FOUND = 10
_SHOWN = 64  # characters of a name that names nothing: it can be anything that was sent
_CONDITION = re.compile(r"(?:^|(?<=\s))(from|to|issue|section):(\S+)")
_READ_ONLY = mcp_types.ToolAnnotations(read_only_hint=True, open_world_hint=False)
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

Query = Annotated[str, Field(min_length=1, max_length=MAX_CHARS)]


def _year(told: object) -> object:
    """Return a bare year as it is written; whatever else is sent is as it was."""
    return str(told) if type(told) is int else told


Day = Annotated[
    str | None, BeforeValidator(_year), Field(description="2025, 2025-01 or 2025-01-31")
]
From = Annotated[Day, Field(validation_alias=AliasChoices("from", "from_day"))]
To = Annotated[Day, Field(validation_alias=AliasChoices("to", "to_day"))]


class Result(BaseModel):
    """A passage that was found; `id` can be fetched."""

    id: str
    title: str
    url: str
    text: str
    publication: str | None
    issue: str
    number: str | None
    issue_date: Annotated[str | None, Field(description="The day of the issue.")]
    date: Annotated[
        str | None, Field(description="The day the article is dated or first speaks of.")
    ]
    section: str | None


class Results(BaseModel):
    """Passages, best first."""

    results: list[Result]


class Fetched(BaseModel):
    """An article as printed."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class StrictTool(Tool):
    """A tool that refuses arguments which it does not know, and tells those that it does."""

    @classmethod
    def named(cls, name: str, work: Callable[..., Any]) -> Tool:
        """Return the tool of a name, its words taken from our texts."""
        tool = cls.from_function(
            work,
            name=name,
            title=_both(f"mcp_{name}"),
            description=_both(f"mcp_{name}_told"),
            annotations=_READ_ONLY,
        )
        model = tool.fn_metadata.arg_model
        model.model_config["extra"] = "forbid"
        model.model_rebuild(force=True)
        tool.parameters = model.model_json_schema()
        return tool

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,
    ) -> Any:  # noqa: ANN401  # as the SDK has it
        """Return what the tool gives.

        Raises:
            ToolError: If it cannot, in words for the model to read.
        """
        try:
            return await super().run(arguments, context, convert_result)
        except ToolError as exc:
            error = exc.__cause__
            model = self.fn_metadata.arg_model.__name__
            if not isinstance(error, ValidationError) or error.title != model:
                raise
            raise ToolError(self._why(error.errors())) from exc

    def _why(self, rows: list[ErrorDetails]) -> str:
        """Return what is wrong: the arguments that are not known, else the first at fault."""
        unknown = [str(row["loc"][0]) for row in rows if row["type"] == "extra_forbidden"]
        if unknown:
            facts = {"tool": self.name, "known": ", ".join(self.parameters["properties"])}
            facts["unknown"] = ", ".join(repr(name[:_SHOWN]) for name in unknown)
            return _both("mcp_unknown", **facts)
        name = ".".join(map(str, rows[0]["loc"]))
        return f"{name} {fault_of(rows[0], 'en')}. · {name}：{fault_of(rows[0], 'zh')}。"


def build_server(engine: Engine) -> MCPServer:
    """Return the server over an engine; it answers as soon as the engine has the archive open."""
    door = _Door(engine)
    tools = [
        StrictTool.named("search", door.search),
        StrictTool.named("fetch", door.fetch),
        StrictTool.named("ask", door.ask),
        StrictTool.named("search_articles", door.search_articles),
    ]
    with _own_logging():
        server = MCPServer(
            name="bulletin-qa",
            title=_both("mcp_name"),
            instructions=_both("mcp_instructions"),
            version=package_version(),
            tools=tools,
            subscriptions=False,
        )
    for uri, name, resource, media_type in (
        ("bulletin://article/{+article_id}", "article", door.article, "text/plain"),
        ("bulletin://issue/{issue_id}", "issue", door.issue, "application/json"),
    ):
        server.resource(
            uri,
            name=name,
            title=_both(f"mcp_{name}"),
            description=_both(f"mcp_{name}_told"),
            mime_type=media_type,
        )(resource)
    return server


@contextmanager
def _own_logging() -> Iterator[None]:
    """Keep the SDK from giving the whole process a log handler of its liking."""
    held = logging.NullHandler()
    logging.getLogger().addHandler(held)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(held)


def _both(key: str, **facts: str) -> str:
    return f"{say(key, 'en', **facts)} · {say(key, 'zh', **facts)}"


def security(settings: ServiceSettings) -> TransportSecuritySettings:
    """Return which hosts and origins may speak over HTTP: this machine's, and those set."""
    named = settings.host if ":" not in settings.host else f"[{settings.host}]"
    hosts = [*_LOOPBACK, named, *settings.allowed_hosts]
    origins = [f"http://{host}" for host in (*_LOOPBACK, named)] + [*settings.allowed_origins]
    if settings.public_url:
        hosts.append(settings.public_url.host or "")
        origins.append(f"{settings.public_url.scheme}://{settings.public_url.host}")
    return TransportSecuritySettings(
        allowed_hosts=[form for host in hosts for form in (host, f"{host}:*")],
        allowed_origins=[form for origin in origins for form in (origin, f"{origin}:*")],
    )


class _Door:
    """What the tools and resources do, over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def search(self, query: Query, context: Context[Any, Any]) -> Results:
        plain, told = _conditions(query)
        return await self._found(plain, _filters(**told), n=_N_FOUND, context=context)

    async def search_articles(
        self,
        query: Query,
        context: Context[Any, Any],
        from_: From = None,
        to: To = None,
        issue: Annotated[list[str], Field(max_length=100)] = [],  # noqa: B006  # pydantic copies it
        section: Annotated[list[str], Field(max_length=100)] = [],  # noqa: B006
        limit: Annotated[int, Field(ge=1, le=50)] = _N_FOUND,
    ) -> Results:
        filters = _filters(
            from_=[from_] if from_ else [],
            to=[to] if to else [],
            issue=issue,
            section=section,
        )
        return await self._found(query, filters, n=limit, context=context)

    async def fetch(self, id: str, context: Context[Any, Any]) -> Fetched:
        base = self._base(context)

        def work(parts: Parts) -> Fetched:
            try:
                return _fetched(parts, id, base=base)
            except NotInArchiveError as exc:
                raise ToolError(_both("mcp_no_article")) from exc

        return await self._run(work, context)

    async def ask(
        self, question: Query, context: Context[Any, Any], lang: LangTag = "auto"
    ) -> AnswerOut:
        if not question.strip():
            raise ToolError(_both("mcp_blank"))
        base = self._base(context)

        def work(parts: Parts) -> AnswerOut:
            answer = parts.chat.reply(question, lang=our_lang(lang))
            told = with_links(to_json(answer), answer, base=base)
            return AnswerOut.model_validate({**told, "request_id": f"req_{uuid4().hex}"})

        return await self._run(work, context)

    async def article(self, article_id: str) -> str:
        def work(parts: Parts) -> str:
            article = parts.archive.article(article_id)
            return f"{_title(article)}\n\n{article.text}"

        return await self._read(work)

    async def issue(self, issue_id: str) -> str:
        def work(parts: Parts) -> str:
            issue = parts.archive.issue(issue_id)
            rows = [{"id": one.id, "title": _title(one)} for one in issue.articles]
            return json.dumps({"id": issue.id, "articles": rows}, ensure_ascii=False)

        return await self._read(work)

    async def _found(
        self, query: str, filters: Filters, *, n: int, context: Context[Any, Any]
    ) -> Results:
        if not query.strip():
            raise ToolError(_both("mcp_blank"))
        base = self._base(context)

        def work(parts: Parts) -> Results:
            parts.archive.check(filters)
            finder = parts.finder
            hits = finder.search(finder.read(query), k=n, filters=filters)
            places = finder.places([hit.passage_id for hit in hits])
            return Results(
                results=[
                    Result(
                        id=place.passage.id,
                        title=_title(place.article),
                        url=_url(place.passage.id, base=base),
                        text=place.passage.text,
                        publication=place.issue_name,
                        issue=place.issue_id,
                        number=place.issue_number,
                        issue_date=iso(place.issue_date),
                        date=iso(place.article.date),
                        section=place.article.section,
                    )
                    for place in places
                ]
            )

        return await self._run(work, context)

    def _base(self, context: Context[Any, Any]) -> str:
        """Return what stands before paths; nothing where no page can be reached for sure."""
        request = context.request_context.request
        url = str(request.url) if request is not None else ""
        return asked_base(self._engine.settings, url)

    async def _run(self, work: Callable[[Parts], T], context: Context[Any, Any]) -> T:
        """Return what the work returns; what goes wrong is told, for the model to read."""
        await asyncio.to_thread(self._engine.wait, self._engine.settings.deadline_s)
        try:
            return await self._engine.run(work)
        except UnknownFilterError as exc:
            facts = {"field": exc.field, "value": repr(exc.wanted[:_SHOWN])}
            both = (
                say("mcp_no_such", lang, told=told_of(exc, lang), **facts) for lang in ("en", "zh")
            )
            raise ToolError(" · ".join(both)) from exc
        except BulletinError as exc:
            raise ToolError(self._why(exc, context)) from exc

    def _why(self, error: BulletinError, context: Context[Any, Any]) -> str:
        """Return what went wrong; what names paths and addresses is told to this machine alone."""
        problem = problem_of(error)
        told = problem.told("en")
        request = context.request_context.request
        if request is None or is_local(request.scope):
            return self._engine.trouble or (told if problem is error else str(error))
        if problem is not error:
            log.error("%s: %s", type(error).__name__, error)
        return told

    async def _read(self, work: Callable[[Parts], T]) -> T:
        await asyncio.to_thread(self._engine.wait, self._engine.settings.deadline_s)
        try:
            return await self._engine.run(work)
        except NotInArchiveError as exc:
            raise ResourceNotFoundError(str(exc)) from exc


def _fetched(parts: Parts, id: str, *, base: str) -> Fetched:
    """Return an article by its own id or by that of one of its passages."""
    try:
        article, url = parts.archive.article(id), _article_url(id, base=base)
    except NotInArchiveError:
        article, url = parts.archive.places([id])[0].article, _url(id, base=base)
    place = parts.archive.places([article.passages[0].id])[0]
    told = {
        "issue": place.issue_id,
        "publication": place.issue_name,
        "number": place.issue_number,
        "issue_date": iso(place.issue_date),
        "date": iso(article.date),
        "section": article.section,
        "author": "、".join(dict.fromkeys(one.name for one in article.bylines)),
        "kind": article.kind,
    }
    return Fetched(
        id=id,
        title=_title(article),
        text=article.text,
        url=url,
        metadata={key: value for key, value in told.items() if value},
    )


def _url(passage_id: str, *, base: str) -> str:
    """Return a passage's page, or its article as a resource where no page can be reached."""
    if base:
        return quote_url(passage_id, base=base)
    return _article_url(passage_id.rpartition("/")[0], base=base)


def _article_url(article_id: str, *, base: str) -> str:
    return article_url(article_id, base=base) if base else f"bulletin://article/{article_id}"


def _title(article: Article) -> str:
    return article.title or say("no_headline", "zh")


def _conditions(query: str) -> tuple[str, dict[str, list[str]]]:
    """Return a query without the conditions in it, and these.

    >>> _conditions("重点项目 from:2025-01 section:要闻")
    ('重点项目', {'from_': ['2025-01'], 'to': [], 'issue': [], 'section': ['要闻']})
    """
    told: dict[str, list[str]] = {"from_": [], "to": [], "issue": [], "section": []}
    for name, value in _CONDITION.findall(query):
        told["from_" if name == "from" else name].append(value)
    return " ".join(_CONDITION.sub("", query).split()), told


def _filters(*, from_: list[str], to: list[str], issue: list[str], section: list[str]) -> Filters:
    return Filters(
        issues=tuple(issue),
        sections=tuple(section),
        first=max((_day("from", text, last=False) for text in from_), default=None),
        last=min((_day("to", text, last=True) for text in to), default=None),
    )


def _day(field: str, text: str, *, last: bool) -> date:
    try:
        return day_of(text, last=last)
    except ValueError as exc:
        raise ToolError(_both("mcp_bad_day", field=field, value=repr(text[:_SHOWN]))) from exc


async def serve_stdio(settings: ServiceSettings) -> None:
    """Speak over stdin and stdout until stdin ends; nothing else may be written to stdout."""
    engine = Engine(settings, Metrics(package_version()))
    engine.start()
    try:
        await build_server(engine).run_stdio_async()
    finally:
        engine.stop()
