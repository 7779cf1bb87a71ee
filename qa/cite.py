"""Quotes to an answer's text, citations and sources.

Every claim is a stretch of printed text; the words around it stand outside every claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.archive import Archive
from corpus.rows import Place
from corpus.text import locate
from qa.native import Answer, Citation, Closest, Conflict, Location, SourceRef, Status
from qa.query import Lang
from qa.quoting.quotes import Quote
from qa.texts import say

_SNIPPET_CHARS = 60


def compose(
    quotes: Sequence[Quote],
    *,
    archive: Archive,
    status: Status,
    lang: Lang,
    confidence: float,
    lead: str = "",
    differ: bool = False,
    by_issue: bool = False,
    names: Sequence[str] = (),
    tail: str = "",
) -> Answer:
    """Return an answer of a lead sentence and quotes, each followed by its marker.

    Args:
        quotes: At least one, in the order they are to be read.
        archive: Where they come from.
        status: answered or partial.
        lang: The language of the lead.
        confidence: 0 to 1.
        lead: Words of our own before the quotes, or none.
        differ: Whether the quotes answer differently, each with one mark; that is then said, and
            each quote stands behind the day of its issue, and its paper's name where several are
            quoted.
        by_issue: Whether it stands so without more being said.
        names: Words of our own before each quote, one for each, where it has any; or none.
        tail: Words of our own behind the quotes, or none.
    """
    text = say("differ", lang) if differ else lead
    citations: list[Citation] = []
    sources: dict[str, SourceRef] = {}
    named = ""  # columns, by the quotes so far
    several = len({quote.place.issue_name for quote in quotes} - {None}) > 1
    for n, quote in enumerate(quotes, start=1):
        text += "\n" if text else ""
        if differ or by_issue:
            text += say("of_issue", lang, issue=_issue(quote.place, with_name=several))
        columns = quote.place.columns
        if columns and columns != named:
            text += say("columns", lang, names=columns)
            named = columns
        if names and names[n - 1]:
            text += names[n - 1] + say("contents_after_title", lang)
        start, end = len(text), len(text) + len(quote.text)
        text += f"{quote.text}[{n}]"
        source = sources.setdefault(quote.place.article.id, _source(quote.place, len(sources) + 1))
        citations.append(
            Citation(
                n=n,
                source=source.id,
                claim=(start, end),
                marker=(end, len(text)),
                quote=quote.text,
                marks=quote.marks,
                location=_location(quote, archive),
                score=quote.score,
            )
        )
    return Answer(
        status=status,
        lang=lang,
        text=f"{text}\n{tail}" if tail else text,
        citations=tuple(citations),
        sources=tuple(sources.values()),
        conflicts=tuple(_conflict(n, quote) for n, quote in enumerate(quotes, start=1) if differ),
        confidence=round(confidence, 4),
        no_answer=None,
    )


def _issue(place: Place, *, with_name: bool) -> str:
    """Return how an issue is told: by its day, behind its paper's name where that is wanted."""
    day = place.issued or place.issue_id
    return f"{place.issue_name} {day}" if with_name and place.issue_name else day


def joined(answers: Sequence[Answer]) -> Answer:
    """Return one answer that says what some say, one below another, and cites what they cite."""
    text = ""
    citations: list[Citation] = []
    sources: dict[str, SourceRef] = {}
    conflicts: list[Conflict] = []
    for answer in answers:
        text += "\n" if text else ""
        before, at = len(citations), 0
        articles = {source.id: source for source in answer.sources}
        for one in answer.citations:
            text += answer.text[at : one.marker[0]]
            moved = len(text) - one.marker[0]
            n = before + one.n
            text += f"[{n}]"
            at = one.marker[1]
            source = articles[one.source]
            place = len(sources) + 1
            source = sources.setdefault(source.article_id, replace(source, id=f"s{place}", n=place))
            citations.append(
                replace(
                    one,
                    n=n,
                    source=source.id,
                    claim=(one.claim[0] + moved, one.claim[1] + moved),
                    marker=(one.marker[0] + moved, len(text)),
                )
            )
        text += answer.text[at:]
        conflicts += [replace(one, citation=before + one.citation) for one in answer.conflicts]
    return replace(
        answers[0],
        status="answered" if any(one.status == "answered" for one in answers) else "partial",
        text=text,
        citations=tuple(citations),
        sources=tuple(sources.values()),
        conflicts=tuple(conflicts),
        confidence=min(one.confidence for one in answers),
        reading=answers[0].reading if len(answers) == 1 else None,
    )


def _conflict(n: int, quote: Quote) -> Conflict:
    return Conflict(
        citation=n,
        value=quote.text[slice(*quote.marks[0])],
        issue=quote.place.issue_id,
        issue_date=quote.place.issue_date,
    )


def closest(place: Place) -> Closest:
    """Return a passage as one that is near to a question, not as a source."""
    return Closest(
        passage_id=place.passage.id,
        article_id=place.article.id,
        title=place.article.title,
        publication=place.issue_name,
        issue=place.issue_id,
        number=place.issue_number,
        issue_date=place.issue_date,
        date=place.article.date,
        section=place.article.section,
        page=place.passage.page,
        snippet=_snippet(place.passage.text),
    )


def _location(quote: Quote, archive: Archive) -> Location:
    """Return where a quote stands: in its article's text, and in the untouched source."""
    place = quote.place
    before = 0
    for passage in place.article.passages:
        if passage.id == place.passage.id:
            break
        before += len(passage.text) + 1
    return Location(
        passage_id=place.passage.id,
        article_id=place.article.id,
        start=before + quote.start,
        end=before + quote.end,
        ranges=locate(
            place.passage.ranges,
            place.passage.text,
            start=quote.start,
            end=quote.end,
            source=lambda: archive.source(place.issue_id).text,
        ),
        boxes=place.passage.boxes,
    )


def _source(place: Place, n: int) -> SourceRef:
    article = place.article
    return SourceRef(
        id=f"s{n}",
        n=n,
        article_id=article.id,
        title=article.title,
        publication=place.issue_name,
        issue=place.issue_id,
        number=place.issue_number,
        issue_date=place.issue_date,
        date=article.date,
        section=article.section,
        page=place.passage.page,
        author="、".join(dict.fromkeys(byline.name for byline in article.bylines)) or None,
        snippet=_snippet(place.passage.text),
    )


def _snippet(text: str) -> str:
    return text if len(text) <= _SNIPPET_CHARS else text[: _SNIPPET_CHARS - 1] + "…"
