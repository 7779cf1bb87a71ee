"""What the native API takes and gives, field by field, as the OpenAPI document shows it.

Requests are checked by these; answers are written by `qa.native.to_json`, and tests
hold them to these.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from qa.query import MAX_CHARS

MAX_TURNS = 20
MAX_HISTORY_CHARS = 20_000
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CHARS, pattern=r"\S"),
]
LangTag = Literal["auto", "zh", "zh-Hans", "zh-Hant", "en"]
Range = Annotated[list[int], Field(min_length=2, max_length=2)]
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _only_as_written(value: object) -> object:
    """Let through a day as RFC 3339 writes it, and no number of seconds."""
    if value is not None and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise PydanticCustomError("date", "is no day such as 2021-10-07")
    return value


def only_number(value: object) -> object:
    """Let through a JSON number: 5.0 is a whole one, "5" and true are none."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("int", "is no number")
    return value


Day = Annotated[date, BeforeValidator(_only_as_written)]
IssueDate = Annotated[date | None, Field(description="The day of the issue.")]
OwnDate = Annotated[
    date | None, Field(description="The day the article is dated or first speaks of.")
]


class _Taken(BaseModel):
    """A request: unknown fields are errors, so that a typo is not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Given(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class TurnIn(_Taken):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    text: Annotated[str, Field(max_length=MAX_HISTORY_CHARS)]


class FiltersIn(_Taken):
    """Where to look: each field narrows it; several values of a field widen it."""

    issue: Annotated[list[str], Field(max_length=100)] = []
    section: Annotated[list[str], Field(max_length=100)] = []
    from_: Annotated[Day | None, Field(alias="from", description="First day.")] = None
    to: Annotated[Day | None, Field(description="Last day.")] = None

    @model_validator(mode="after")
    def _in_order(self) -> FiltersIn:
        if self.from_ and self.to and self.from_ > self.to:
            raise PydanticCustomError("bulletin_order", "from is after to")
        return self


class ClientIn(_Taken):
    """Who asks, for the log."""

    name: Annotated[str, Field(max_length=40)]
    version: Annotated[str, Field(max_length=40)] = ""


class ChatIn(_Taken):
    """A question with what was said before it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "今年新增了多少家企业？"},
                {"question": "who chaired the meeting", "lang": "en", "stream": True},
            ]
        }
    )

    question: Text
    history: Annotated[list[TurnIn], Field(max_length=MAX_TURNS)] = []
    lang: Annotated[LangTag, Field(description="Of our own words; quotes stay as printed.")] = (
        "auto"
    )
    stream: Annotated[bool, Field(strict=True)] = False
    filters: FiltersIn = FiltersIn()
    limit: Annotated[
        int,
        Field(ge=1, le=20, description="Citations at most; a list counts as one."),
        BeforeValidator(only_number),
    ] = 5
    min_confidence: Annotated[float | None, Field(strict=True, ge=0, le=1)] = None
    include: Annotated[
        list[Literal["follow_ups"]], Field(max_length=1, description="What takes longer.")
    ] = []
    conversation_id: Annotated[
        str | None,
        Field(max_length=64, description="Taken and left: what was said before is in `history`."),
    ] = None
    client: ClientIn | None = None

    @model_validator(mode="after")
    def _short_enough(self) -> ChatIn:
        if sum(len(turn.text) for turn in self.history) > MAX_HISTORY_CHARS:
            raise PydanticCustomError("bulletin_history", "history is too long")
        return self


class FeedbackIn(_Taken):
    """A vote on an answer."""

    answer_id: Annotated[str, StringConstraints(pattern=r"^ans_[A-Za-z0-9_-]{1,64}$")]
    value: Literal["up", "down"]
    reason: Annotated[str, StringConstraints(max_length=100)] | None = None
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None
    question: Annotated[Text | None, Field(description="Where the reader lets us have it.")] = None


class FeedbackOut(Given):
    """The vote as it is kept."""

    object: Literal["feedback"]
    answer_id: str
    value: Literal["up", "down"]


class Span(Given):
    """A half-open stretch, in Unicode code points."""

    start: int
    end: int


class BoxOut(Given):
    """A stretch of a page, in points from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class LocationOut(Given):
    """Where a quote stands: in its article's text, in the untouched source file, on its pages."""

    passage_id: str
    article_id: str
    start: int
    end: int
    ranges: list[Range]
    boxes: list[BoxOut]


class CitationOut(Given):
    """One claim and the printed words it stands on."""

    n: int
    source: str
    claim: Span
    marker: Span
    quote: str
    quote_lang: str
    verbatim: bool
    marks: list[Span]
    location: LocationOut
    score: float
    url: str
    url_fragment: str


class SourceOut(Given):
    """An article that is cited."""

    id: str
    n: int
    article_id: str
    title: str | None
    publication: str | None
    issue: str
    number: str | None
    issue_date: IssueDate
    date: OwnDate
    section: str | None
    page: str | None
    author: str | None
    url: str
    lang: str
    snippet: str


class ClosestOut(Given):
    """A passage near to a question that it does not answer."""

    passage_id: str
    article_id: str
    title: str | None
    publication: str | None
    issue: str
    number: str | None
    issue_date: IssueDate
    date: OwnDate
    section: str | None
    page: str | None
    snippet: str
    url: str


class NoAnswerOut(Given):
    """Why nothing is claimed, and what is nearest."""

    reason: Literal["below_threshold", "out_of_scope", "empty_index"]
    closest: list[ClosestOut]


class ConflictOut(Given):
    """One of the answers that issues disagree on."""

    citation: int
    value: str
    issue: str
    issue_date: IssueDate


class ReadingOut(Given):
    """How a question was read that leans on others, or was asked in another wording."""

    question: str
    carried: list[str]


class IndexOut(Given):
    """What was searched."""

    version: str
    issues: int
    passages: int
    latest: str | None


class AnswerOut(Given):
    """The answer to one question. All offsets count Unicode code points."""

    id: str
    object: Literal["answer"]
    created: datetime
    status: Literal["answered", "partial", "no_answer", "chat"]
    lang: str
    offset_unit: Literal["codepoint"]
    text: str
    reading: ReadingOut | None
    citations: list[CitationOut]
    sources: list[SourceOut]
    conflicts: list[ConflictOut]
    confidence: float
    no_answer: NoAnswerOut | None
    follow_ups: list[str]
    index: IndexOut
    timings_ms: dict[str, float]
    request_id: str


class HitOut(Given):
    """A passage that was found."""

    passage_id: str
    article_id: str
    score: float
    title: str | None
    publication: str | None
    issue: str
    number: str | None
    issue_date: IssueDate
    date: OwnDate
    section: str | None
    text: str
    ranges: list[Range]
    url: str


class SearchOut(Given):
    """Passages, best first."""

    object: Literal["list"]
    hits: list[HitOut]
    next_cursor: str | None
    index: IndexOut
    request_id: str


class PassageOut(Given):
    """A passage with its places in the untouched source."""

    id: str
    text: str
    ranges: list[Range]


class BylineOut(Given):
    """Who wrote, contributed or photographed."""

    role: str
    name: str


class ArticleOut(Given):
    """An article; `text` is what the offsets of citations count in."""

    id: str
    publication: str | None
    issue: str
    number: str | None
    issue_date: IssueDate
    title: str | None
    subtitle: str | None
    kicker: str | None
    bylines: list[BylineOut]
    date: OwnDate
    kind: Literal["news", "photo", "notice"]
    section: str | None
    text: str
    passages: list[PassageOut]
    url: str


class PassageAloneOut(PassageOut):
    """A passage with its article's id and address."""

    article_id: str
    url: str


class IssueOut(Given):
    """An issue that is kept."""

    id: str
    name: str | None
    date: date | None
    number: str | None
    source: str
    n_articles: int
    n_passages: int
    url: str


class IssuesOut(Given):
    """Issues, the highest id first."""

    object: Literal["list"]
    issues: list[IssueOut]
    next_cursor: str | None


class LimitsOut(Given):
    """What a question may be."""

    question_chars: int
    history_turns: int
    history_chars: int


class ConfigOut(Given):
    """What a widget needs to know before it asks."""

    title: str | None
    languages: list[str]
    limits: LimitsOut
    suggestions: list[str]
    index: IndexOut
    is_sample: bool
    first: str | None
    latest: str | None


class HealthOut(Given):
    """The process lives."""

    status: Literal["ok"]


class ReadyOut(Given):
    """Questions are answered; where `degraded`, from what was open before."""

    status: Literal["ok", "degraded"]
    checks: dict[str, str]
    index: IndexOut


class VersionOut(Given):
    """The versions of the package and of the archive."""

    version: str
    index: IndexOut
