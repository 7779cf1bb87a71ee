"""The layer under /v1 for the clients of OpenAI's chat completions: every such client can ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.http import openai_schemas as schemas
from api.http.completion import (
    STYLES,
    Completion,
    Content,
    Style,
    content_of,
    error_event,
    plain_content,
    tokens,
)
from api.http.events import HEADERS, streamed
from api.http.links import asked_base
from api.http.narrowing import check_there, filters_of
from api.http.native import answer_json
from api.http.problems import ProblemError, ProblemOut
from api.http.requests import PROBLEMS, engine_of, reader_lang
from api.http.schemas import MAX_HISTORY_CHARS, MAX_TURNS, ChatIn, TurnIn
from api.http.tasks import Task, question_in, reply_to, task_in
from corpus.text import HAN
from qa.chat import Turn
from qa.query import MAX_CHARS
from qa.texts import say

if TYPE_CHECKING:
    from qa.query import Lang

router = APIRouter(prefix="/v1", tags=["openai"])

_CREATED = 1795564800  # the day the three models were named; clients want some number here
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemOut, "description": told["description"]}
    for status, told in PROBLEMS.items()
    if status != 422  # a field at fault is 400 here, as it is at OpenAI's
} | {"default": {"model": ProblemOut, "description": "Any other error."}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A conversation, taken apart.

    Attributes:
        question: The last message of the user.
        turns: What was said before it, oldest first.
        system: What the messages of the system say; it is not followed.
        n_tokens: About how many tokens all of it is.
    """

    question: str
    turns: tuple[Turn, ...]
    system: str
    n_tokens: int


@router.get(
    "/models",
    operation_id="list_models",
    summary="The models",
    response_model=schemas.ModelsOut,
    responses=_PROBLEMS,
)
async def models() -> Response:
    """List the models: three ways to show citations."""
    return JSONResponse({"object": "list", "data": [_model(name) for name in STYLES]})


@router.get(
    "/models/{model_id:path}",
    operation_id="get_model",
    summary="One model",
    response_model=schemas.ModelOut,
    responses=_PROBLEMS,
)
async def model(
    request: Request, model_id: Annotated[str, Path(max_length=200, examples=["bulletin"])]
) -> Response:
    """Return one model."""
    return JSONResponse(_model(_style(model_id, reader_lang(request))))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "bulletin"}


def _style(model_id: str, lang: Lang) -> Style:
    for style in STYLES:
        if style == model_id:
            return style
    detail = say("no_model", lang, models=", ".join(STYLES))
    raise ProblemError("model_not_found", detail=detail, param="model")


@router.post(
    "/chat/completions",
    operation_id="chat_completions",
    summary="Ask, as OpenAI's clients do",
    response_model=schemas.CompletionOut,
    responses=_PROBLEMS
    | {200: {"content": {"text/event-stream": {"schema": schemas.CHUNK_SCHEMA}}}},
)
async def chat_completions(request: Request, asked: schemas.CompletionIn) -> Response:
    """Answer the last message of the user; the messages before it are the conversation.

    Messages of the system and parameters of sampling are accepted and change nothing.
    """
    lang = reader_lang(request)
    style = _style(asked.model, lang)
    _check(asked, lang)
    narrowed = filters_of(asked.bulletin.filters)
    await check_there(request, narrowed, at="/bulletin/filters", code="invalid_request")
    said = _said(asked.messages, lang)
    task = _task(request, said, lang)
    completion = Completion(
        model=asked.model,
        fingerprint=str(engine_of(request).generation.told["version"]),
        prompt_tokens=said.n_tokens,
    )
    if task:
        make = partial(_task_content, request, asked, task)
    else:
        make = partial(_answer_content, request, asked, _native(asked, said, lang), style=style)
    if asked.stream:
        options = asked.stream_options or schemas.StreamOptionsIn()
        events = _stream(request, completion, make, include_usage=bool(options.include_usage))
        return StreamingResponse(events, media_type="text/event-stream", headers=HEADERS)
    return JSONResponse(completion.whole(await make()))


def _check(asked: schemas.CompletionIn, lang: Lang) -> None:
    """Refuse what would be answered wrongly if it were ignored."""
    if asked.n not in (None, 1):
        raise ProblemError("unsupported_parameter", detail=say("only_one_choice", lang), param="n")
    if asked.response_format and asked.response_format.type != "text":
        detail = say("only_text", lang)
        raise ProblemError("unsupported_parameter", detail=detail, param="response_format")
    if asked.tool_choice not in (None, "auto", "none"):
        detail = say("no_tool", lang)
        raise ProblemError("unsupported_parameter", detail=detail, param="tool_choice")


def _said(messages: Sequence[schemas.MessageIn], lang: Lang) -> Asked:
    """Return the messages as a question and what stands before it."""
    last = max((at for at, one in enumerate(messages) if one.role == "user"), default=None)
    parts = messages[last].content if last is not None else None
    if isinstance(parts, list) and any(part.type != "text" for part in parts):
        raise ProblemError("unsupported_content", param="messages")
    question = _text(messages[last]) if last is not None else ""
    if not question:
        raise ProblemError("invalid_request", detail=say("no_question", lang), param="messages")
    turns = (
        Turn(role="user", text=_text(one))
        if one.role == "user"
        else Turn(role="assistant", text=_without_sources(_text(one)))
        for one in messages[:last]
        if one.role in ("user", "assistant")
    )
    return Asked(
        question=question,
        turns=tuple(turn for turn in turns if turn.text),
        system="\n".join(_text(one) for one in messages if one.role in ("system", "developer")),
        n_tokens=sum(tokens(_text(one)) for one in messages),
    )


def _text(message: schemas.MessageIn) -> str:
    """Return the text of a message; of its parts, those that are text."""
    if isinstance(message.content, str):
        return message.content.strip()
    parts = message.content or []
    return "\n".join(part.text or "" for part in parts if part.type == "text").strip()


def _without_sources(text: str) -> str:
    """Return an earlier answer of ours without the list of sources that we put below it."""
    for lang in ("zh", "en"):
        text = text.partition(f"\n\n**{say('sources', lang)}**\n")[0]
    return text


def _task(request: Request, said: Asked, lang: Lang) -> Task | None:
    """Return the background prompt that was sent, where they are told apart."""
    mode = engine_of(request).settings.openai_tasks
    if mode == "search":
        return None
    task = task_in(said.question, system=said.system, before=said.turns)
    if task and mode == "refuse":
        raise ProblemError("invalid_request", detail=say("task_refused", lang), param="messages")
    return task


def _native(asked: schemas.CompletionIn, said: Asked, lang: Lang) -> ChatIn:
    """Return the request as the native API takes it."""
    question = question_in(said.question)
    if not question:
        raise ProblemError("invalid_request", detail=say("no_question", lang), param="messages")
    if len(question) > MAX_CHARS:
        detail = say("question_too_long", lang, n=str(len(question)), max=str(MAX_CHARS))
        raise ProblemError("invalid_request", detail=detail, param="messages")
    more = asked.bulletin
    return ChatIn(
        question=question,
        history=_recent(said.turns),
        lang=more.lang,
        limit=more.limit,
        filters=more.filters,
    )


def _recent(turns: Sequence[Turn]) -> list[TurnIn]:
    """Return the last turns, as many as the native API takes; clients send all there were."""
    kept: list[TurnIn] = []
    room = MAX_HISTORY_CHARS
    for turn in reversed(turns[-MAX_TURNS:]):
        room -= len(turn.text)
        if room < 0:
            break
        kept.insert(0, TurnIn(role=turn.role, text=turn.text))
    return kept


async def _answer_content(
    request: Request, asked: schemas.CompletionIn, native: ChatIn, *, style: Style
) -> Content:
    told = await answer_json(request, native, base=_base(request))
    return content_of(told, style=style, cap=asked.cap)


def _base(request: Request) -> str:
    return asked_base(engine_of(request).settings, str(request.url))


async def _task_content(request: Request, asked: schemas.CompletionIn, task: Task) -> Content:
    """Return the answer to a background prompt; only follow-ups need the archive."""
    said = "".join(turn.text for turn in task.turns)
    lang = ("zh" if HAN.search(said) else "en") if said else reader_lang(request)
    follow_ups: list[str] = []
    last = max((at for at, one in enumerate(task.turns) if one.role == "user"), default=None)
    if task.kind == "follow_ups" and last is not None and task.turns[last].text:
        native = ChatIn(
            question=task.turns[last].text[:MAX_CHARS],
            history=_recent(task.turns[:last]),
            filters=asked.bulletin.filters,
            include=["follow_ups"],
        )
        follow_ups = (await answer_json(request, native))["follow_ups"]
    return plain_content(reply_to(task, follow_ups=follow_ups, lang=lang))


async def _stream(
    request: Request,
    completion: Completion,
    make: Callable[[], Coroutine[Any, Any, Content]],
    *,
    include_usage: bool,
) -> AsyncIterator[bytes]:
    """Yield the chunks of a completion; what goes wrong is the last event."""
    yield completion.first(include_usage=include_usage)
    async for event in streamed(
        request,
        make(),
        events=partial(completion.rest, include_usage=include_usage),
        failed=error_event,
    ):
        yield event
