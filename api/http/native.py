"""The native API under /api/v1: ask, chat, search, and what citations point to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.http import schemas
from api.http.events import EVENT_SCHEMA, HEADERS, EventWriter, answer_events, streamed
from api.http.links import article_url, issue_url, quote_url, with_links
from api.http.narrowing import check_there, filters_of
from api.http.once import check_key, once
from api.http.operations import package_version
from api.http.problems import ProblemError
from api.http.requests import PROBLEMS, base_of, engine_of, has_already, reader_lang
from corpus.filters import Filters
from corpus.types import iso
from qa.chat import Turn
from qa.native import hit_json, issue_json, to_json
from qa.query import MAX_CHARS
from qa.texts import say

if TYPE_CHECKING:
    from api.http.engine import Engine, Parts
    from corpus.types import Article
    from qa.query import Lang

router = APIRouter(prefix="/api/v1", tags=["native"])

Id = Annotated[str, Path(max_length=200, examples=["2021-10/a09"])]
Cursor = Annotated[
    str | None, Query(max_length=200, description="`next_cursor` of the page before.")
]
_PAGE = 50


def our_lang(tag: str) -> Lang | None:
    """Return the language of our own words for a tag; None takes the question's."""
    return None if tag == "auto" else "en" if tag == "en" else "zh"


async def answer_json(
    request: Request, asked: schemas.ChatIn, *, base: str | None = None
) -> dict[str, Any]:
    """Return the answer to a request, as it is given.

    Args:
        request: The request.
        asked: What it asks.
        base: Put before each link's path; None is the public address, or nothing.

    Raises:
        ProblemError: If the archive is not ready, or it takes too long.
        BulletinError: If the archive turns out to be damaged.
    """
    history = [Turn(role=turn.role, text=turn.text) for turn in asked.history]
    before = base_of(request) if base is None else base

    async def answered() -> dict[str, Any]:
        return await engine_of(request).run(
            lambda parts: answer_of(parts, asked, history=history, base=before)
        )

    store = engine_of(request).heard.store
    version = str(engine_of(request).generation.told["version"])
    told = await once(request, asked, store=store, version=version, work=answered)
    told["request_id"] = request.state.request_id
    return told


def answer_of(
    parts: Parts, asked: schemas.ChatIn, *, history: Sequence[Turn], base: str
) -> dict[str, Any]:
    """Return the answer to a question after the turns before it, its links filled in."""
    answer = parts.chat.reply(
        asked.question,
        history=history,
        limit=asked.limit,
        lang=our_lang(asked.lang),
        filters=filters_of(asked.filters),
        min_confidence=asked.min_confidence,
        suggest="follow_ups" in asked.include,
    )
    return with_links(to_json(answer), answer, base=base)


@router.post(
    "/chat",
    operation_id="chat",
    summary="Ask, with what was said before",
    response_model=schemas.AnswerOut,
    responses=PROBLEMS | {200: {"content": {"text/event-stream": {"schema": EVENT_SCHEMA}}}},
)
async def chat(request: Request, asked: schemas.ChatIn) -> Response:
    """Answer a question; a follow-up is read by the turns before it.

    With `stream`, or where only `text/event-stream` is accepted, the answer comes as events.
    """
    await check_there(request, filters_of(asked.filters))
    if asked.stream or request.headers.get("accept", "").startswith("text/event-stream"):
        engine_of(request).check_ready()
        check_key(request)
        return StreamingResponse(
            _stream(request, asked), media_type="text/event-stream", headers=HEADERS
        )
    return JSONResponse(await answer_json(request, asked))


async def _stream(request: Request, asked: schemas.ChatIn) -> AsyncIterator[bytes]:
    """Yield the events of an answer; what goes wrong is the last event."""
    writer = EventWriter()
    request_id: str = request.state.request_id
    generation = engine_of(request).generation
    yield writer.write("start", {"request_id": request_id, "index": generation.told})
    async for event in streamed(
        request,
        answer_json(request, asked),
        events=partial(answer_events, writer),
        failed=partial(writer.write, "error"),
    ):
        yield event


@router.get(
    "/ask",
    operation_id="ask",
    summary="Ask one question",
    response_model=schemas.AnswerOut,
    responses=PROBLEMS | {304: {"description": "The answer is still the same."}},
)
async def ask(
    request: Request,
    q: Annotated[schemas.Text, Query(examples=["今年新增了多少家企业？"])],
    lang: schemas.LangTag = "auto",
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> Response:
    """Answer one question; may be cached, and asked for each time whether it still holds."""
    version = engine_of(request).generation.told["version"]
    tag = _etag(package_version(), version, q, lang, limit, base_of(request))
    headers = {"ETag": tag, **_cached(request, "no-cache")}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    asked = schemas.ChatIn(question=q, lang=lang, limit=limit)
    return JSONResponse(await answer_json(request, asked), headers=headers)


def _cached(request: Request, how: str) -> dict[str, str]:
    """Return the headers of what may be cached; where keys are asked for, by its reader alone."""
    if engine_of(request).settings.keys_file:
        return {"Cache-Control": f"private, {how}", "Vary": "Accept-Language, Authorization"}
    return {"Cache-Control": f"public, {how}", "Vary": "Accept-Language"}


def _etag(*parts: object) -> str:
    from hashlib import sha256

    return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


@router.get(
    "/search",
    operation_id="search",
    summary="Find passages",
    response_model=schemas.SearchOut,
    responses=PROBLEMS,
)
async def search(
    request: Request,
    q: Annotated[schemas.Text, Query(examples=["重点项目"])],
    limit: Annotated[int, Query(ge=1, le=_PAGE)] = 10,
    cursor: Annotated[int, Query(ge=0, le=100, description="How many hits to skip.")] = 0,
    issue: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006  # FastAPI copies it
    section: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
    from_: Annotated[schemas.Day | None, Query(alias="from")] = None,
    to: Annotated[schemas.Day | None, Query()] = None,
) -> Response:
    """List the passages that fit best, best first."""
    if from_ and to and from_ > to:
        detail = say("field_order", reader_lang(request))
        raise ProblemError(
            "validation_failed", errors=[{"pointer": "/query/from", "detail": detail}]
        )
    filters = Filters(issues=tuple(issue), sections=tuple(section), first=from_, last=to)
    await check_there(request, filters, at="/query")
    base = base_of(request)

    def work(parts: Parts) -> dict[str, Any]:
        finder = parts.finder
        found = finder.search(finder.read(q), k=cursor + limit + 1, filters=filters)
        hits = found[cursor : cursor + limit]
        places = finder.places([hit.passage_id for hit in hits])
        rows = [
            hit_json(place, hit.score) | {"url": quote_url(hit.passage_id, base=base)}
            for hit, place in zip(hits, places, strict=True)
        ]
        more = len(found) > cursor + limit
        return {
            "object": "list",
            "hits": rows,
            "next_cursor": str(cursor + limit) if more and cursor + limit <= 100 else None,
            "index": parts.archive.told(),
        }

    told = await engine_of(request).run(work)
    return JSONResponse({**told, "request_id": request.state.request_id})


@router.get(
    "/articles/{article_id:path}",
    operation_id="article",
    summary="An article as printed",
    response_model=schemas.ArticleOut,
    responses=PROBLEMS,
)
async def article(request: Request, article_id: Id) -> Response:
    """Return an article; the offsets of citations count in its `text`."""
    base = base_of(request)

    def work(parts: Parts) -> dict[str, Any]:
        found = parts.archive.article(article_id)
        issue = issue_json(parts.archive.issue_told(found.issue_id))
        return article_json(found, issue=issue, base=base)

    return JSONResponse(await engine_of(request).run(work))


def article_json(article: Article, *, issue: dict[str, str | None], base: str) -> dict[str, Any]:
    """Return an article as the API gives it; `issue` is that of `qa.native.issue_json`."""
    return {
        "id": article.id,
        **issue,
        "title": article.title,
        "subtitle": article.subtitle.text if article.subtitle else None,
        "kicker": article.kicker.text if article.kicker else None,
        "bylines": [{"role": b.role, "name": b.name} for b in article.bylines],
        "date": iso(article.date),
        "kind": article.kind,
        "section": article.section,
        "text": article.text,
        "passages": [{"id": p.id, "text": p.text, "ranges": p.ranges} for p in article.passages],
        "url": article_url(article.id, base=base),
    }


@router.get(
    "/passages/{passage_id:path}",
    operation_id="passage",
    summary="A passage as printed",
    response_model=schemas.PassageAloneOut,
    responses=PROBLEMS,
)
async def passage(request: Request, passage_id: Id) -> Response:
    """Return a passage with its places in the untouched source file."""
    base = base_of(request)

    def work(parts: Parts) -> dict[str, Any]:
        found = parts.archive.places([passage_id])[0]
        return {
            "id": found.passage.id,
            "text": found.passage.text,
            "ranges": found.passage.ranges,
            "article_id": found.article.id,
            "url": quote_url(passage_id, base=base),
        }

    return JSONResponse(await engine_of(request).run(work))


@router.get(
    "/issues",
    operation_id="issues",
    summary="The issues that are kept",
    response_model=schemas.IssuesOut,
    responses=PROBLEMS,
)
async def issues(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = _PAGE,
    cursor: Cursor = None,
) -> Response:
    """List the issues, newest id first."""
    base = base_of(request)

    def work(parts: Parts) -> dict[str, Any]:
        rows = [row for row in reversed(parts.archive.issues()) if not cursor or row.id < cursor]
        shown = [
            {
                "id": row.id,
                "name": row.name,
                "date": iso(row.date),
                "number": row.number,
                "source": row.source,
                "n_articles": row.n_articles,
                "n_passages": row.n_passages,
                "url": issue_url(row.id, base=base),
            }
            for row in rows[:limit]
        ]
        return {
            "object": "list",
            "issues": shown,
            "next_cursor": rows[limit - 1].id if len(rows) > limit else None,
        }

    return JSONResponse(await engine_of(request).run(work))


@router.get(
    "/config",
    operation_id="config",
    summary="What a widget needs to know",
    response_model=schemas.ConfigOut,
    responses=PROBLEMS,
)
async def config(
    request: Request,
    lang: Annotated[
        schemas.LangTag, Query(description="Of the questions; auto takes Accept-Language.")
    ] = "auto",
) -> Response:
    """Return the public settings, with example questions that the archive answers."""
    engine, told = engine_of(request), our_lang(lang) or reader_lang(request)
    facts = await engine.run(lambda parts: config_of(engine, parts, lang=told))
    return JSONResponse(facts, headers=_cached(request, "max-age=300"))


def config_of(engine: Engine, parts: Parts, *, lang: Lang) -> dict[str, Any]:
    """Return the public settings, its example questions in a language."""
    whole = parts.archive.summary()
    return {
        "title": engine.title,
        "languages": ["zh-Hans", "en"],
        "limits": {
            "question_chars": MAX_CHARS,
            "history_turns": schemas.MAX_TURNS,
            "history_chars": schemas.MAX_HISTORY_CHARS,
        },
        "suggestions": list(parts.chat.examples(lang)),
        "index": parts.archive.told(),
        "is_sample": engine.generation.is_sample,
        "first": whole.first,
        "latest": whole.latest,
    }
