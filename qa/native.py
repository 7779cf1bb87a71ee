"""The native answer object: what every door shows, each in its own form.

All text offsets are half-open and count Unicode code points.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import uuid4

from corpus.rows import Place
from corpus.text import script_of
from corpus.types import Box, Range, Ranges, iso
from qa.query import Lang

Status = Literal["answered", "partial", "no_answer", "chat"]
MISSED = ("no_answer", "partial")
"""Statuses of a question that was not answered, or not explained."""

Reason = Literal["below_threshold", "out_of_scope", "empty_index"]


def _new_id() -> str:
    return f"ans_{uuid4().hex}"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a quote stands.

    Attributes:
        passage_id: The passage.
        article_id: Its article.
        start: First code point in the article's text: its passages, joined by line feeds.
        end: One past the last.
        ranges: The same words in the untouched source file, or in the text extracted from it.
        boxes: Where the passage stands on the pages of the file; empty where it has none.
    """

    passage_id: str
    article_id: str
    start: int
    end: int
    ranges: Ranges
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """One claim of an answer and the printed words it stands on.

    Attributes:
        n: The number in its marker, from 1.
        source: Id of its source.
        claim: Where the claim stands in the answer's text.
        marker: Where its marker stands there.
        quote: The printed words.
        marks: What in the quote answers, counted from its start: the name, day or figure that is
            asked for, or each item of a list. None where that is not sure.
        location: Where the words are printed.
        score: How well they answer, 0 to 1.
    """

    n: int
    source: str
    claim: Range
    marker: Range
    quote: str
    marks: tuple[Range, ...]
    location: Location
    score: float


@dataclass(frozen=True, slots=True)
class SourceRef:
    """An article that is cited.

    Attributes:
        id: s1, s2 …
        n: Its place in the list of sources, from 1.
        article_id: The article.
        title: Its headline, or None where it has none.
        publication: The bulletin's name, or None.
        issue: The issue's id.
        number: The issue's printed number, or None.
        issue_date: The issue's day, or None.
        date: The day the article is dated or first speaks of, or None.
        section: The page's name or number as printed, or None.
        page: The page of the file that the cited passage begins on, or None.
        author: Who signed it, or None.
        snippet: The first words of the cited passage.
    """

    id: str
    n: int
    article_id: str
    title: str | None
    publication: str | None
    issue: str
    number: str | None
    issue_date: date | None
    date: date | None
    section: str | None
    page: int | None
    author: str | None
    snippet: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One of the answers that issues disagree on.

    Attributes:
        citation: The number of its citation.
        value: The figure with its unit, or the name, as printed.
        issue: The issue's id.
        issue_date: The issue's day, or None.
    """

    citation: int
    value: str
    issue: str
    issue_date: date | None


@dataclass(frozen=True, slots=True)
class Closest:
    """A passage near to a question that it does not answer; it is told as a source is."""

    passage_id: str
    article_id: str
    title: str | None
    publication: str | None
    issue: str
    number: str | None
    issue_date: date | None
    date: date | None
    section: str | None
    page: int | None
    snippet: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why nothing is claimed.

    Attributes:
        reason: below_threshold (nothing found is sure enough), out_of_scope (no passage shares
            anything with the question) or empty_index.
        closest: The nearest passages, not sources.
    """

    reason: Reason
    closest: tuple[Closest, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read that leans on others, or was asked in another wording.

    Attributes:
        question: The complete question, in the asker's language.
        carried: What was taken over from earlier turns: a name, a day, an article's headline.
    """

    question: str
    carried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes:
        status: answered, partial (named but not explained), no_answer, or chat: a greeting or
            the like, answered in our own words, with no citations.
        lang: The language of the words that are ours.
        text: Claims with their markers, and our own words between them.
        citations: One a marker, in order.
        sources: The articles cited, in order; each is cited and each citation has one.
        confidence: 0 to 1.
        no_answer: Set if and only if the status is no_answer.
        conflicts: Where issues answer differently, each citation's answer; else empty.
        reading: How the question was read; None where it was asked as it is.
        follow_ups: Questions that may be asked next, each known to be answered.
        id: Of this answer.
        created: When.
        timings_ms: Milliseconds by stage.
        index: What was searched.
    """

    status: Status
    lang: Lang
    text: str
    citations: tuple[Citation, ...]
    sources: tuple[SourceRef, ...]
    confidence: float
    no_answer: NoAnswer | None
    conflicts: tuple[Conflict, ...] = ()
    reading: Reading | None = None
    follow_ups: tuple[str, ...] = ()
    id: str = field(default_factory=_new_id)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    timings_ms: dict[str, float] = field(default_factory=dict)
    index: dict[str, Any] = field(default_factory=dict)


def given_again(answer: Answer) -> Answer:
    """Return a kept answer as one of its own: with another id, of now, in no time."""
    return replace(
        answer,
        id=_new_id(),
        created=datetime.now(UTC),
        timings_ms=dict.fromkeys(answer.timings_ms, 0.0),
    )


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain JSON values, field by field as the service documents it."""
    return {
        "id": answer.id,
        "object": "answer",
        "created": answer.created.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "status": answer.status,
        "lang": _tag(answer.lang),
        "offset_unit": "codepoint",
        "text": answer.text,
        "citations": [_citation(citation) for citation in answer.citations],
        "sources": [_source(source) for source in answer.sources],
        "conflicts": [_conflict(conflict) for conflict in answer.conflicts],
        "confidence": answer.confidence,
        "no_answer": _no_answer(answer.no_answer),
        "reading": asdict(answer.reading) if answer.reading else None,
        "follow_ups": list(answer.follow_ups),
        "index": answer.index,
        "timings_ms": answer.timings_ms,
    }


def _tag(lang: Lang) -> str:
    return "zh-Hans" if lang == "zh" else "en"


def _span(span: Range) -> dict[str, int]:
    return {"start": span[0], "end": span[1]}


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "source": citation.source,
        "claim": _span(citation.claim),
        "marker": _span(citation.marker),
        "quote": citation.quote,
        "quote_lang": script_of(citation.quote),
        "verbatim": True,
        "marks": [_span(mark) for mark in citation.marks],
        "location": asdict(citation.location),
        "score": citation.score,
    }


def _source(source: SourceRef) -> dict[str, Any]:
    return {
        **_told(source),
        "url": None,
        "lang": script_of(source.snippet),
    }


def _told(one: SourceRef | Closest) -> dict[str, Any]:
    """Return where something stands; a file's page stands in for a printed one."""
    days = {"issue_date": iso(one.issue_date), "date": iso(one.date)}
    return asdict(one) | days | {"page": one.section or (str(one.page) if one.page else None)}


def issue_json(told: tuple[str, str | None, date | None, str | None]) -> dict[str, str | None]:
    """Return the issue that something is of as plain JSON values.

    Args:
        told: Its id, name, day and number.
    """
    issue_id, name, day, number = told
    return {"publication": name, "issue": issue_id, "number": number, "issue_date": iso(day)}


def hit_json(place: Place, score: float) -> dict[str, Any]:
    """Return a passage that was found as plain JSON values."""
    article = place.article
    return {
        "passage_id": place.passage.id,
        "article_id": article.id,
        "score": score,
        "title": article.title,
        **issue_json((place.issue_id, place.issue_name, place.issue_date, place.issue_number)),
        "date": iso(article.date),
        "section": article.section,
        "text": place.passage.text,
        "ranges": place.passage.ranges,
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {**asdict(conflict), "issue_date": iso(conflict.issue_date)}


def _no_answer(no_answer: NoAnswer | None) -> dict[str, Any] | None:
    if no_answer is None:
        return None
    return {"reason": no_answer.reason, "closest": [_told(near) for near in no_answer.closest]}
