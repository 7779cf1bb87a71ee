"""A source to an issue: lines, units, drafts, then articles with all that is told of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path, PurePath

from corpus import cues
from corpus.corrections import corrected, placed
from corpus.drafts import Draft, gather, merge_continued, with_text, without_references
from corpus.errors import SidecarError, SourceError
from corpus.furniture import Page, find_furniture
from corpus.heads import Head, split_head
from corpus.metadata import Metadata
from corpus.paragraphs import Part, split_units
from corpus.sidecar import find_sidecar, parsed
from corpus.sources import boxes_of, concatenated, lines_of, read_source, source_of
from corpus.text import squeeze
from corpus.types import Article, Byline, Issue, Kind, Passage, Printed, SetLine, Source, iso

_LEAD_CHARS = 120


def read_issue(
    path: Path, *, issue_id: str | None = None, options: Metadata | None = None
) -> Issue:
    """Return the issue that a file holds, read with its sidecar.

    Args:
        path: The file.
        issue_id: Its id; None takes it from the sidecar, the file's name or the printed date.
        options: What is told of it besides, and goes before the sidecar.

    Raises:
        SourceError: If the file is none that is read, or holds no article.
        SidecarError: If the sidecar cannot be followed.
    """
    issue = read_file(path, options=Metadata(id=issue_id).or_else(options or Metadata()))
    if issue.ignored:
        raise SidecarError(f"{path} with its sidecar", issue.ignored[0])
    return issue


def read_file(path: Path, *, options: Metadata | None = None) -> Issue:
    """Return the issue that a file holds; corrections that do not fit are told in `ignored`.

    Raises:
        SourceError: If the file is none that is read, or holds no article.
        SidecarError: If the sidecar cannot be understood.
    """
    source = replace(
        read_source(path),
        sidecar=find_sidecar(path),
        options=options or Metadata(),
    )
    try:
        return read_text(source)
    except SidecarError as exc:
        raise SidecarError(f"{path} with its sidecar", exc.problem) from exc
    except SourceError as exc:
        raise SourceError(str(path), exc.problem) from exc


def read_bytes(data: bytes, *, name: str) -> Issue:
    """Return the issue that the bytes of a file hold.

    Raises:
        SourceError: If they are of no file that is read, or hold no article.
    """
    return read_text(source_of(data, name=name))


def read_again(kept: Source, *, issue_id: str) -> Issue:
    """Return the issue that a kept file holds, with what is kept that was told of it.

    Raises:
        SourceError: If the file is none that is read, or holds no article.
    """
    source = source_of(kept.data, name=kept.name)
    source = replace(source, sidecar=kept.sidecar, options=kept.options)
    return read_text(source, issue_id=issue_id)


def read_text(source: Source, *, issue_id: str | None = None) -> Issue:
    """Return the issue that a source holds; the same source gives the same ids.

    Corrections of its sidecar that do not fit its lines are not followed, and told.
    """
    text = source.text
    lines = lines_of(source)
    sidecar = parsed(source.sidecar or b"", name="its sidecar")
    corrections, ignored = placed(sidecar.corrections, lines)
    page = corrected(find_furniture(lines), corrections)
    units = split_units(lines, source=text, page=page, corrections=corrections)
    told, origins = _told(source, page, sidecar.metadata, issue_id)
    issue_id = told.id or ""
    issued = date.fromisoformat(told.date) if told.date else None
    year, month = _year_month(issue_id, issued)
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
        name=told.publication,
        date=issued,
        number=page.number,
        source=source,
        articles=articles,
        furniture=tuple(unit.printed for unit in sorted(apart, key=lambda unit: unit.first)),
        title=told.title,
        origins=origins,
        ignored=tuple(ignored),
    )


def _told(
    source: Source, page: Page, sidecar: Metadata, issue_id: str | None
) -> tuple[Metadata, tuple[tuple[str, str], ...]]:
    """Return what is known of an issue, and what told each part of it."""
    tellers = [
        ("option", Metadata(id=issue_id).or_else(source.options)),
        ("sidecar", sidecar),
        ("masthead", Metadata(date=iso(page.date), publication=page.name)),
        ("file name", Metadata(id=_dated_name(source.name))),
    ]
    day, who = _first_told("date", tellers)
    tellers += [(who, Metadata(id=day)), ("file name", Metadata(id=_plain(source.name)))]
    known_id, who = _first_told("id", tellers)
    tellers.append((who, Metadata(date=iso(_day_of(known_id)))))
    found = {name: _first_told(name, tellers) for name in asdict(sidecar)}
    return (
        Metadata(**{name: value or None for name, (value, _) in found.items()}),
        tuple((name, who) for name, (value, who) in found.items() if value),
    )


def _first_told(name: str, tellers: Sequence[tuple[str, Metadata]]) -> tuple[str, str]:
    """Return what is first told of one thing, and by what; empty where nothing tells it."""
    told = ((asdict(metadata)[name], who) for who, metadata in tellers)
    return next(((value, who) for value, who in told if value), ("", ""))


def _dated_name(name: str) -> str | None:
    """Return the date in a file's name, or None."""
    match = re.search(
        r"(?<!\d)(\d{4})[-_.年]?(\d{2})(?:[-_.月]?(\d{2}))?(?!\d)", PurePath(name).stem
    )
    dated = match and 1 <= int(match[2]) <= 12
    return "-".join(part for part in match.groups() if part) if match and dated else None


def _plain(name: str) -> str:
    """Return a file's name as an id.

    A path separator in an id would make ids ambiguous, so anything unusual becomes a dash.
    """
    return re.sub(r"[^\w.-]+", "-", PurePath(name).stem).strip("-.")[:64] or "issue"


def _year_month(issue_id: str, issued: date | None) -> tuple[int | None, int | None]:
    if issued:
        return issued.year, issued.month
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
        joined = unit.told is not None and unit.told.starts == "nothing"
        joined = joined or (open_end and bool(texts) and not cues.is_closed(texts[-1][-1].text))
        if joined and texts:
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
