"""What the OpenAI-compatible layer takes and gives, as the OpenAPI document shows it.

Clients send many parameters that mean something to a language model only: what is not named here
is ignored. Our own extension object is checked strictly, as the native API is.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic_core import PydanticKnownError

from api.http.completion import STYLES
from api.http.schemas import (
    AnswerOut,
    FiltersIn,
    Given,
    IssueDate,
    LangTag,
    OwnDate,
    only_number,
)

_MAX_MESSAGES = 2000
_ONE: dict[str, JsonValue] = {"enum": [1, None]}


def _whole(value: object) -> object:
    """Refuse text with half a character, a lone surrogate; parts are looked at one by one."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as exc:
            raise PydanticKnownError("string_unicode") from exc
    return value


Flag = Annotated[bool | None, Field(strict=True)]
Cap = Annotated[int, Field(ge=1), BeforeValidator(only_number)] | None
Role = Literal["system", "developer", "user", "assistant", "tool", "function"]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PartIn(_Lenient):
    """A part of a message; only text is read."""

    type: str
    text: Annotated[str | None, AfterValidator(_whole)] = None


class MessageIn(_Lenient):
    """A message of the conversation."""

    role: Role
    content: Annotated[str | list[PartIn] | None, AfterValidator(_whole)] = None


class StreamOptionsIn(_Lenient):
    """How to stream."""

    include_usage: Flag = None


class FormatIn(_Lenient):
    """The form that is asked for; only text can be given."""

    type: Annotated[str, Field(json_schema_extra={"enum": ["text"]})]


class ExtensionIn(BaseModel):
    """What the native API takes beside a question; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    filters: FiltersIn = FiltersIn()
    limit: Annotated[int, Field(ge=1, le=20), BeforeValidator(only_number)] = 5
    lang: LangTag = "auto"


class CompletionIn(_Lenient):
    """A request for a completion. What is not named here is accepted and ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "bulletin",
                    "messages": [{"role": "user", "content": "今年新增了多少家企业？"}],
                },
                {
                    "model": "bulletin-inline",
                    "messages": [{"role": "user", "content": "who chaired the meeting"}],
                    "stream": True,
                    "stream_options": {"include_usage": True},
                },
            ]
        }
    )

    model: Annotated[str, Field(max_length=200, json_schema_extra={"enum": list(STYLES)})]
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=_MAX_MESSAGES)]
    stream: Flag = None
    stream_options: StreamOptionsIn | None = None
    max_tokens: Cap = None
    max_completion_tokens: Cap = None
    n: Annotated[int | None, BeforeValidator(only_number), Field(json_schema_extra=_ONE)] = None
    response_format: FormatIn | None = None
    tool_choice: Annotated[
        JsonValue, Field(description="A call that is demanded is refused: no tool is ever called.")
    ] = None
    user: str | None = None
    bulletin: ExtensionIn = ExtensionIn()

    @property
    def cap(self) -> int | None:
        """The most tokens to give."""
        return self.max_completion_tokens or self.max_tokens


class UrlCitationOut(Given):
    """A source, and where its marker stands in the content, in Unicode code points."""

    start_index: int
    end_index: int
    title: str
    issue_date: IssueDate
    url: str
    content: str


class AnnotationOut(Given):
    """One citation."""

    type: Literal["url_citation"]
    url_citation: UrlCitationOut


class MessageOut(Given):
    """The answer."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[AnnotationOut]


class ChoiceOut(Given):
    """The one choice there is."""

    index: Literal[0]
    message: MessageOut
    logprobs: None
    finish_reason: Literal["stop", "length"]


class UsageOut(Given):
    """Tokens, estimated: a Chinese character is one, four others are one."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class SearchResultOut(Given):
    """The source behind the marker of the same place."""

    title: str
    url: str
    issue_date: IssueDate
    date: OwnDate
    snippet: str


class CompletionOut(Given):
    """A completion; `citations`, `search_results` and `bulletin` are our extensions."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: str | None
    choices: list[ChoiceOut]
    usage: UsageOut
    citations: list[str]
    search_results: list[SearchResultOut]
    bulletin: Annotated[
        AnswerOut | None, Field(description="The native answer; null for a background prompt.")
    ]


class ModelOut(Given):
    """A way to show citations."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: Literal["bulletin"]


class ModelsOut(Given):
    """The models."""

    object: Literal["list"]
    data: list[ModelOut]


CHUNK_SCHEMA = {
    "type": "object",
    "description": "One event without a name: a `chat.completion.chunk` as JSON, then `[DONE]`."
    " What goes wrong in mid-stream is the last event, an object with `error` alone.",
    "required": ["data"],
    "properties": {"data": {"type": "string"}},
}
"""As the OpenAPI document shows an event of a stream."""
