"""A source to an issue: lines, units, drafts, then articles with all that is told of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath

from corpus import cues
from corpus.drafts import Draft, gather, merge_continued, with_text, without_references
from corpus.errors import SourceError
from corpus.furniture import Page, find_furniture, masthead
from corpus.heads import Head, split_head
from corpus.marked import drafts_of
from corpus.metadata import Metadata
from corpus.paragraphs import Part, Unit, split_units
from corpus.sources import boxes_of, concatenated, lines_of, read_file, source_of
from corpus.text import squeeze
from corpus.types import Article, Byline, Issue, Kind, Passage, Printed, SetLine, Source

_LEAD_CHARS = 120
_ID_CHARS = 64


def read_issue(path: Path, *, issue_id: str | None = None) -> Issue:
    """Return the issue that a file holds; the files in a zip are its pages.

    Args:
        path: The file.
        issue_id: Its id; None takes it from the file's name, else from the printed date.

    Raises:
        SourceError: If the file is none that is read, or holds no article.
    """
    return read_bytes(read_file(path), name=path.name, path=str(path), issue_id=issue_id)


def read_bytes(
    data: bytes,
    *,
    name: str,
    path: str | None = None,
    issue_id: str | None = None,
    reader: str = "",
) -> Issue:
    """Return the issue that the bytes of a file hold.

    Args:
        data: The bytes.
        name: The file's name.
        path: What messages call it, None for its name.
        issue_id: The issue's id, see `read_issue`.
        reader: What reads web pages, see `corpus.sources.source_of`.

    Raises:
        SourceError: If they are of no file that is read, or hold no article.
    """
    source = source_of(data, name=name, path=path, reader=reader)
    try:
        return read_text(source, issue_id=issue_id)
    except SourceError as exc:
        raise SourceError(path or name, exc.problem) from exc


def read_text(source: Source, *, issue_id: str | None = None) -> Issue:
    """Return the issue that a source holds; the same source gives the same ids."""
    told = Metadata(id=issue_id).or_else(source.told)
    pages = [_gathered(part) for part in source.parts or (source,)]
    page = _first_page([gathered.page for gathered in pages])
    merged, headings = merge_continued(_joined(pages, source.parts))
    drafts = [full for draft in merged if (full := with_text(draft)).bodies]
    if not drafts:
        raise SourceError(source.name, "holds no article")
    day = _iso_day(told.date) or page.date
    alone = bool(source.blocks) and sum(not draft.caption for draft in drafts) <= 1
    issue_id = safe_id(told.id) or _issue_id(source.name, day, alone=alone)
    year, month = (day.year, day.month) if day else _year_month(issue_id)
    apart = [unit for gathered in pages for unit in gathered.apart] + headings
    articles = tuple(
        _article(draft, f"{issue_id}/a{n:02d}", year=year, month=month, lines=source.lines)
        for n, draft in enumerate(drafts, start=1)
    )
    return Issue(
        id=issue_id,
        name=told.publication or page.name,
        date=day or _iso_day(issue_id),
        number=page.number,
        source=source,
        articles=articles,
        furniture=tuple(
            unit.printed for unit in sorted(apart, key=lambda unit: unit.printed.ranges)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What was read from one text: what it says of itself, its articles, and what is in none."""

    page: Page
    drafts: list[Draft]
    apart: list[Unit]


def _gathered(source: Source) -> _Gathered:
    """Return the articles of one text, as its markup tells them, else as its look does."""
    if source.blocks:
        drafts, apart = drafts_of(source.text, source.blocks)
        return _Gathered(masthead([unit.text for unit in apart]), drafts, apart)
    lines = lines_of(source)
    page = find_furniture(lines)
    units = split_units(lines, source=source.text, page=page)
    apart = [unit for unit in units if unit.part is Part.FURNITURE]
    return _Gathered(page, gather(units), apart)


def _first_page(pages: Sequence[Page]) -> Page:
    """Return what the pages say of the issue; where they differ, the first that says it."""
    return Page(
        name=next((page.name for page in pages if page.name), None),
        date=next((page.date for page in pages if page.date), None),
        number=next((page.number for page in pages if page.number), None),
        furniture=frozenset(),
        sections={},
        numbers={},
    )


def _joined(pages: Sequence[_Gathered], parts: Sequence[Source]) -> list[Draft]:
    """Return the articles of all pages, their places counted in the text of all of them."""
    start = 0
    for gathered, part in zip(pages, parts, strict=False):  # one text alone has no parts
        gathered.apart[:] = [_moved(unit, start) for unit in gathered.apart]
        for draft in gathered.drafts:
            for units in (draft.heads, draft.bodies, draft.signs):
                units[:] = [_moved(unit, start) for unit in units]
        start += len(part.text) + 1
    return [draft for gathered in pages for draft in gathered.drafts]


def _moved(unit: Unit, by: int) -> Unit:
    ranges = tuple((start + by, end + by) for start, end in unit.printed.ranges)
    return replace(unit, printed=Printed(unit.text, ranges), first=unit.first + by)


def _issue_id(name: str, day: date | None, *, alone: bool) -> str:
    """Return the id: a date in the file's name, else the printed date, else the name itself.

    A page that holds one article is not all that was printed that day, so that its name stands
    behind the date.
    """
    stem = PurePath(name).stem
    if dated := date_in(stem):
        return dated
    named = safe_id(stem)
    if day:
        return f"{day.isoformat()}-{named}" if alone and named else day.isoformat()
    return named or "issue"


def date_in(stem: str) -> str | None:
    """Return the year and month, with the day where there is one, that a file's name holds.

    >>> date_in("issue_2021-10"), date_in("20211007_A1"), date_in("page 3")
    ('2021-10', '2021-10-07', None)
    """
    match = re.search(r"(?<!\d)(\d{4})[-_.年]?(\d{2})(?:[-_.月]?(\d{2}))?(?!\d)", stem)
    if match and 1 <= int(match[2]) <= 12:
        return "-".join(part for part in match.groups() if part)
    return None


def safe_id(text: str | None) -> str:
    """Return a text as an id; a path separator would make ids ambiguous, so it becomes a dash.

    >>> safe_id("../五月 第1期")
    '五月-第1期'
    """
    return re.sub(r"[^\w.-]+", "-", text or "").strip("-.")[:_ID_CHARS]


def _year_month(issue_id: str) -> tuple[int | None, int | None]:
    match = re.match(r"(\d{4})-(\d{2})", issue_id)
    return (int(match[1]), int(match[2])) if match else (None, None)


def _iso_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
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
