"""A source to an issue: lines, units, drafts, then articles with all that is told of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path, PurePath

from corpus import cues
from corpus.drafts import Draft, gather, merge_continued, with_text, without_references
from corpus.errors import SourceError
from corpus.furniture import Page, find_furniture
from corpus.heads import Head, split_head
from corpus.paragraphs import Part, split_units
from corpus.sources import boxes_of, concatenated, lines_of, read_source, source_of
from corpus.text import squeeze
from corpus.types import Article, Byline, Issue, Kind, Passage, Printed, SetLine, Source

_LEAD_CHARS = 120


def read_issue(path: Path, *, issue_id: str | None = None) -> Issue:
    """Return the issue that a file holds.

    Args:
        path: The file.
        issue_id: Its id; None takes it from the file's name, else from the printed date.

    Raises:
        SourceError: If the file is none that is read, or holds no article.
    """
    source = read_source(path)
    try:
        return read_text(source, issue_id=issue_id)
    except SourceError as exc:
        raise SourceError(str(path), exc.problem) from exc


def read_bytes(data: bytes, *, name: str) -> Issue:
    """Return the issue that the bytes of a file hold.

    Raises:
        SourceError: If they are of no file that is read, or hold no article.
    """
    return read_text(source_of(data, name=name))


def read_text(source: Source, *, issue_id: str | None = None) -> Issue:
    """Return the issue that a source holds; the same source gives the same ids."""
    text = source.text
    lines = lines_of(source)
    page = find_furniture(lines)
    units = split_units(lines, source=text, page=page)
    issue_id = issue_id or _issue_id(source.name, page)
    year, month = _year_month(issue_id, page)
    merged, headings = merge_continued(gather(units))
    drafts = [full for draft in merged if (full := with_text(draft)).bodies]
    apart = [unit for unit in units if unit.part is Part.FURNITURE] + headings
    if not drafts:
        raise SourceError(source.name, "holds no article")
    articles = tuple(
        _article(draft, f"{issue_id}/a{n:02d}", year=year, month=month, lines=source.lines)
        for n, draft in enumerate(drafts, start=1)
    )
    return Issue(
        id=issue_id,
        name=page.name,
        date=page.date or _day_of(issue_id),
        number=page.number,
        source=source,
        articles=articles,
        furniture=tuple(unit.printed for unit in sorted(apart, key=lambda unit: unit.first)),
    )


def _issue_id(name: str, page: Page) -> str:
    """Return the id: a date in the file's name, else the printed date, else the name itself.

    A path separator in an id would make ids ambiguous, so anything unusual becomes a dash.
    """
    stem = PurePath(name).stem
    match = re.search(r"(?<!\d)(\d{4})[-_.年]?(\d{2})(?:[-_.月]?(\d{2}))?(?!\d)", stem)
    if match and 1 <= int(match[2]) <= 12:
        return "-".join(part for part in match.groups() if part)
    if page.date:
        return page.date.isoformat()
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:64] or "issue"


def _year_month(issue_id: str, page: Page) -> tuple[int | None, int | None]:
    if page.date:
        return page.date.year, page.date.month
    match = re.match(r"(\d{4})-(\d{2})", issue_id)
    return (int(match[1]), int(match[2])) if match else (None, None)


def _day_of(issue_id: str) -> date | None:
    try:
        return date.fromisoformat(issue_id)
    except ValueError:
        return None


def _article(
    draft: Draft,
    article_id: str,
    *,
    year: int | None,
    month: int | None,
    lines: Sequence[SetLine],
) -> Article:
    head = split_head(draft.heads)
    texts = _passages(draft)
    written = _bylines(draft, texts)
    kind = _kind(draft, head, written)
    dated = [
        *(t.text[:_LEAD_CHARS] for t in texts[:1]),
        *(t.text for t in texts if cues.DAY.fullmatch(t.text)),
    ]
    if kind == "notice":  # a notice is of the day it is signed
        dated.reverse()
    days = (cues.find_date(squeeze(text), year=year, month=month) for text in dated)
    return Article(
        id=article_id,
        headline=head.headline,
        subtitle=head.subtitle,
        kicker=head.kicker,
        bylines=written,
        date=next((day for day in days if day), None),
        kind=kind,
        section=draft.section,
        passages=tuple(
            Passage(f"{article_id}/p{n:02d}", text.text, text.ranges, boxes_of(text.ranges, lines))
            for n, text in enumerate(texts, start=1)
        ),
        confidence=round(min(draft.confidence, 0.97), 2),
        why=tuple(draft.why),
    )


def _passages(draft: Draft) -> list[Printed]:
    """Return the paragraphs, page references (下转, 上接) cut off, a broken sentence rejoined."""
    texts: list[list[Printed]] = []
    open_end = False
    for unit in draft.bodies:
        printed, goes_on = without_references(unit.printed)
        if not printed.text:
            open_end = open_end or goes_on
            continue
        if open_end and texts and not cues.is_closed(texts[-1][-1].text):
            texts[-1].append(printed)
        else:
            texts.append([printed])
        open_end = goes_on
    return [concatenated(parts) for parts in texts]


def _bylines(draft: Draft, texts: Sequence[Printed]) -> tuple[Byline, ...]:
    """Return who wrote it: lines of their own, the opening brackets, a credit, names at the end."""
    found: list[Byline] = []
    for unit in draft.signs:
        found.extend(cues.bylines(unit.text) or cues.signed_names(unit.text))
    for unit in draft.bodies:
        if unit.part is Part.CREDIT:
            found.extend(cues.bylines(unit.text))
    if texts:
        opening = cues.OPENING_BYLINE.match(texts[0].text)
        if opening:
            found.extend(cues.bylines(opening.group()))
        ending = texts[-1].text[-_LEAD_CHARS:]
        closing = cues.CLOSING_BYLINE.search(ending) or cues.SHOT_AT_END.search(ending)
        if closing:
            found.extend(cues.bylines(closing.group()) or cues.signed_names(closing.group()))
    return tuple(dict.fromkeys(found))


def _kind(draft: Draft, head: Head, written: Sequence[Byline]) -> Kind:
    if any(unit.caption for unit in draft.bodies):
        return "photo"
    bodies = [unit for unit in draft.bodies if unit.part is Part.BODY]
    shot = any(byline.role == "摄" for byline in written)
    shot = shot or any(unit.part is Part.CREDIT for unit in draft.bodies)
    if shot and len(bodies) <= 3 and not any(unit.opener for unit in bodies):
        return "photo"
    told = [part.text for part in (head.headline, head.kicker) if part]
    if any(cues.NOTICE.search(text) for text in told) and not any(u.opener for u in bodies):
        return "notice"
    return "news"
