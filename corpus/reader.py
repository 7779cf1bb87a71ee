"""A source to an issue: lines, units, drafts, then articles with all that is told of them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePath

from corpus import cues
from corpus.corrections import Corrections, corrected, placed
from corpus.drafts import Draft, gather, merge_continued, with_text, without_references
from corpus.encodings import as_text
from corpus.errors import SidecarError, SourceError
from corpus.furniture import Page, find_furniture, masthead
from corpus.heads import Head, may_be_two, split_head
from corpus.marked import drafts_of, one_line
from corpus.metadata import Metadata
from corpus.paragraphs import split_units
from corpus.printed_days import find_date
from corpus.sidecar import find_sidecar, parsed
from corpus.signatures import CLOSING_BYLINE, OPENING_BYLINE, SHOT_AT_END, bylines, signed_names
from corpus.sources import (
    Line,
    boxes_of,
    concatenated,
    lines_of,
    part_of,
    read_file,
    source_of,
    split_lines,
)
from corpus.text import squeeze
from corpus.types import Article, Byline, Issue, Kind, Passage, Printed, SetLine, Source, iso
from corpus.units import Part, Unit

_LEAD_CHARS = 120
_TWO_HEADS = 0.7  # how sure a headline is that may be two
_ID_CHARS = 64
_TITLE_CHARS = 200
_MONTHS = 12
DAY_CHARS = len("2021-10-07")
"""Characters of a day as `date_in` gives it; of a month they are fewer."""

_DATES = tuple(
    re.compile(rf"(?<!\d)(?P<year>\d{{4}}){pattern}(?!\d)")
    for pattern in (
        r"年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号]?)?",
        r"(?P<between>[-_.])(?P<month>\d{1,2})(?P=between)(?P<day>\d{1,2})",
        r"[-_.年]?(?P<month>\d{2})(?:[-_.月]?(?P<day>\d{2})日?)?",
    )
)
_NO_OPTIONS = Metadata()


def read_issue(
    path: Path, *, issue_id: str | None = None, options: Metadata = _NO_OPTIONS
) -> Issue:
    """Return the issue that a file holds, read with its sidecar; the files in a zip are its pages.

    Args:
        path: The file.
        issue_id: Its id; None takes it from the sidecar, the file or its name.
        options: What is told of it besides, and goes before the sidecar.

    Raises:
        SourceError: If the file is none that is read, or holds no article.
        SidecarError: If the sidecar cannot be followed.
    """
    issue = read_bytes(
        read_file(path),
        name=as_text(path.name),
        path=as_text(str(path)),
        sidecar=find_sidecar(path),
        options=Metadata(id=issue_id).or_else(options),
    )
    return followed(issue, path=as_text(str(path)))


def read_bytes(
    data: bytes,
    *,
    name: str,
    path: str | None = None,
    reader: str = "",
    sidecar: bytes | None = None,
    options: Metadata = _NO_OPTIONS,
) -> Issue:
    """Return the issue that the bytes of a file hold; corrections that do not fit are `ignored`.

    Args:
        data: The bytes.
        name: The file's name.
        path: What messages call it, None for its name.
        reader: What reads web pages, see `corpus.sources.source_of`.
        sidecar: The bytes of its sidecar, or None.
        options: What is told of it besides, and goes before the sidecar.

    Raises:
        SourceError: If they are of no file that is read, hold no article, or tell of it what
            cannot be understood.
        SidecarError: If the sidecar cannot be understood.
    """
    shown = path or name
    source = source_of(data, name=name, path=path, reader=reader)
    if source.faults:
        raise SourceError(shown, source.faults[0])
    try:
        return read_text(replace(source, sidecar=sidecar, options=options))
    except SidecarError as exc:
        raise SidecarError(f"{shown} with its sidecar", exc.problem) from exc
    except SourceError as exc:
        raise SourceError(shown, exc.problem) from exc


def followed(issue: Issue, *, path: str) -> Issue:
    """Return an issue that was just read, all corrections of its sidecar followed.

    Raises:
        SidecarError: If one of them does not fit.
    """
    if issue.ignored:
        raise SidecarError(f"{path} with its sidecar", issue.ignored[0])
    return issue


def read_again(kept: Source, *, issue_id: str) -> Issue:
    """Return the issue that a kept file holds, with what is kept that was told of it.

    Raises:
        SourceError: If the file is none that is read, or holds no article.
        MissingExtraError: If what read it is not installed.
    """
    source = source_of(kept.data, name=kept.name, reader=kept.encoding)
    source = replace(source, sidecar=kept.sidecar, options=kept.options)
    return read_text(source, issue_id=issue_id)


def read_text(source: Source, *, issue_id: str | None = None) -> Issue:
    """Return the issue that a source holds; the same source gives the same ids.

    Corrections of its sidecar that do not fit its lines are not followed, and told.
    """
    sidecar = parsed(source.sidecar or b"", name="its sidecar")
    lines = [lines_of(part) for part in source.parts or (source,)]
    whole = split_lines(source.text) if source.parts else lines[0]
    corrections, ignored = placed(sidecar.corrections, whole)
    pages = _gathered(source, lines, corrections)
    page = _first_page([gathered.page for gathered in pages])
    told, origins = _told(source, page, sidecar.metadata, issue_id)
    merged, headings = merge_continued(_joined(pages, source.parts))
    drafts = [full for draft in merged if (full := with_text(draft)).bodies]
    if not drafts:
        raise SourceError(source.name, "holds no article")
    issued = _iso_day(told.date)
    latest = issued or _end_of_month(told.id)
    apart = [unit for gathered in pages for unit in gathered.apart] + headings
    text = source.text
    articles = tuple(
        _article(draft, f"{told.id}/a{n:02d}", latest=latest, lines=source.lines, source=text)
        for n, draft in enumerate(drafts, start=1)
    )
    return Issue(
        id=told.id or "",
        name=told.publication,
        date=issued,
        number=page.number,
        source=source,
        articles=articles,
        furniture=tuple(
            unit.printed for unit in sorted(apart, key=lambda unit: unit.printed.ranges)
        ),
        title=told.title,
        origins=origins,
        ignored=tuple(ignored),
        named=_named_otherwise(source, told, dict(origins)),
    )


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What was read from one text: what it says of itself, its articles, and what is in none."""

    page: Page
    drafts: list[Draft]
    apart: list[Unit]


def _gathered(
    source: Source, lines: Sequence[Sequence[Line]], corrections: Corrections
) -> list[_Gathered]:
    """Return what each text of a source holds; the corrections count the lines of all of them."""
    found: list[_Gathered] = []
    start = 0
    for part, held in zip(source.parts or (source,), lines, strict=True):
        end = start + len(held)
        own = {index - start: one for index, one in corrections.items() if start <= index < end}
        found.append(_articles_of(part, held, own))
        start = end
    return found


def _articles_of(source: Source, lines: Sequence[Line], corrections: Corrections) -> _Gathered:
    """Return the articles of one text, as its markup tells them, else as its look does."""
    if source.blocks:
        drafts, apart = drafts_of(lines, source.blocks, corrections)
        return _Gathered(masthead([unit.text for unit in apart]), drafts, apart)
    page = corrected(find_furniture(lines), corrections)
    units = split_units(lines, source=source.text, page=page, corrections=corrections)
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
    """Return the articles of all pages, their places counted in the text of all of them.

    Where a sidecar says that no article begins with a page, its first goes on with the one before.
    """
    start = 0
    drafts: list[Draft] = []
    for gathered, part in zip(pages, parts, strict=False):  # one text alone has no parts
        gathered.apart[:] = [_moved(unit, start) for unit in gathered.apart]
        for draft in gathered.drafts:
            for units in draft.units:
                units[:] = [_moved(unit, start) for unit in units]
        start += len(part.text) + 1
    for gathered in pages:
        for draft in gathered.drafts:
            if drafts and draft.goes_on:
                for before, units in zip(drafts[-1].units, draft.units, strict=True):
                    before.extend(units)
            else:
                drafts.append(draft)
    return drafts


def _moved(unit: Unit, by: int) -> Unit:
    ranges = tuple((start + by, end + by) for start, end in unit.printed.ranges)
    return replace(unit, printed=Printed(unit.text, ranges), first=unit.first + by)


def _told(
    source: Source, page: Page, sidecar: Metadata, issue_id: str | None
) -> tuple[Metadata, tuple[tuple[str, str], ...]]:
    """Return what is known of an issue, its id at least, and what told each part of it."""
    dated = date_in(PurePath(source.name).stem)
    named = safe_id(PurePath(source.name).stem)
    is_part = _is_one_article(source)  # which is not all that was printed that day
    tellers = [
        ("option", Metadata(id=issue_id).or_else(source.options)),
        ("sidecar", sidecar),
        ("file", _as_one_line(source.told)),
        ("masthead", Metadata(date=iso(page.date), publication=page.name)),
        ("file name", Metadata(id=_with_rest(source.name) if is_part else dated)),
    ]
    day, who = _first_told("date", tellers)
    if day and named and is_part:
        day = f"{day}-{named}"
    tellers += [(who, Metadata(id=day)), ("file name", Metadata(id=named or "issue"))]
    known_id, who = _first_told("id", tellers)
    tellers += [
        (who, Metadata(date=iso(_iso_day(known_id)))),
        ("file name", Metadata(date=iso(_iso_day(dated)))),
    ]
    found = {name: _first_told(name, tellers) for name in asdict(sidecar)}
    return (
        Metadata(**{name: value or None for name, (value, _) in found.items()}),
        tuple((name, who) for name, (value, who) in found.items() if value),
    )


def _named_otherwise(source: Source, told: Metadata, origins: Mapping[str, str]) -> str | None:
    """Return the day or month in a file's name where the masthead's day is another, else None.

    It may be one that there is not.
    """
    named, _ = _split_at_date(PurePath(source.name).stem)
    differs = named and not (told.date or "").startswith(named)
    return named if differs and origins.get("date") == "masthead" else None


def _first_told(name: str, tellers: Sequence[tuple[str, Metadata]]) -> tuple[str, str]:
    """Return what is first told of one thing, and by what; empty where nothing tells it."""
    told = ((asdict(metadata)[name], who) for who, metadata in tellers)
    return next(((value, who) for value, who in told if value), ("", ""))


def _as_one_line(told: Metadata) -> Metadata:
    """Return what a file tells of itself, as far as it is such: a day, an id, lines of text."""
    return Metadata(
        id=safe_id(told.id) or None,
        date=iso(_iso_day(told.date)),
        title=one_line(told.title or "")[:_TITLE_CHARS] or None,
        publication=one_line(told.publication or "")[:_TITLE_CHARS] or None,
    )


def _is_one_article(source: Source) -> bool:
    """Tell whether markup shows a file to hold one article, whatever corrections say of it."""
    articles = {block.article for block in source.blocks if block.role not in ("caption", "matter")}
    return bool(source.blocks) and len(articles) <= 1


def date_in(stem: str) -> str | None:
    """Return the year and month, with the day where there is one, that a file's name holds.

    A day that there is not, as the 30th of February, is none, nor is its month.

    >>> date_in("issue_2021-10"), date_in("20211007_A1"), date_in("page 3")
    ('2021-10', '2021-10-07', None)
    >>> date_in("2021年1月8日"), date_in("2021-3-5"), date_in("2021-10-A1")
    ('2021-01-08', '2021-03-05', '2021-10')
    """
    return split_date(stem)[0]


def split_date(stem: str) -> tuple[str | None, str]:
    """Return what `date_in` does, and what else is in a file's name."""
    dated, rest = _split_at_date(stem)
    if dated and len(dated) == DAY_CHARS and _iso_day(dated) is None:
        return None, stem
    return dated, rest


def _split_at_date(stem: str) -> tuple[str | None, str]:
    """Return what looks like a day or a month in a file's name, and what else is in it."""
    for pattern in _DATES:
        match = pattern.search(stem)
        if match and 1 <= int(match["month"]) <= _MONTHS:
            parts = [part.zfill(2) for part in match.group("year", "month", "day") if part]
            return "-".join(parts), stem[: match.start()] + stem[match.end() :]
    return None, stem


def _with_rest(name: str) -> str | None:
    """Return the day in a file's name with what else is in it, 2021-10-07-opening."""
    dated, rest = split_date(PurePath(name).stem)
    rest = safe_id(rest).strip("-._")
    return f"{dated}-{rest}" if dated and len(dated) == DAY_CHARS and rest else dated


def safe_id(text: str | None) -> str:
    """Return a text as an id; a path separator would make ids ambiguous, so it becomes a dash.

    >>> safe_id("../五月 第1期")
    '五月-第1期'
    """
    return re.sub(r"[^\w.-]+", "-", text or "").strip("-.")[:_ID_CHARS]


def _end_of_month(issue_id: str | None) -> date | None:
    """Return the last day of the month that an id begins with, or None."""
    match = re.match(r"(\d{4})-(\d{2})", issue_id or "")
    day = _iso_day(f"{match[1]}-{match[2]}-01") if match else None
    return day and day.replace(day=monthrange(day.year, day.month)[1])


def _iso_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _article(
    draft: Draft,
    article_id: str,
    *,
    latest: date | None,
    lines: Sequence[SetLine],
    source: str,
) -> Article:
    head = split_head(draft.heads, source=source)
    if not any(unit.size or unit.told for unit in draft.heads) and may_be_two(head, source):
        draft.confidence = min(draft.confidence, _TWO_HEADS)
        draft.why.append("a line of its headline may be none")
    texts = _passages(draft)
    written = _bylines(draft, texts)
    kind = _kind(draft, head, written)
    dated = [
        *(t.text[:_LEAD_CHARS] for t in texts[:1]),
        *(t.text for t in texts if cues.DAY.fullmatch(t.text)),
    ]
    signed = [unit.text for unit in draft.signs]
    if kind == "notice":  # a notice is of the day it is signed
        dated.reverse()
    days = (find_date(squeeze(text), latest=latest) for text in (*dated, *signed))
    return Article(
        id=article_id,
        headline=head.headline,
        subtitle=head.subtitle,
        kicker=head.kicker,
        bylines=written,
        date=next((day for day in days if day), _iso_day(draft.said)),
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
    """Return the paragraphs, page references (下转, 上接) cut off, a broken sentence rejoined.

    A question of an interview and its answer in one paragraph are one each.
    """
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
    return [one for parts in texts for one in _turns(concatenated(parts))]


def _turns(printed: Printed) -> list[Printed]:
    """Return the parts of a paragraph: a question and its answer, a letter and who signs it."""
    text = printed.text
    if sum(end - start for start, end in printed.ranges) != len(text):
        return [printed]
    starts = [found.end() for found in cues.TURN.finditer(text)] if cues.ASKED.match(text) else []
    signed = cues.letter_signed(text)
    if signed and signed.start() > 0:
        starts.append(signed.start())
    parts = pairwise([0, *starts, len(text)])
    return [part_of(printed, start=start, end=end) for start, end in parts]


def _bylines(draft: Draft, texts: Sequence[Printed]) -> tuple[Byline, ...]:
    """Return who wrote it: lines of their own, the opening brackets, a credit, names at the end."""
    found: list[Byline] = []
    for unit in draft.signs:
        found.extend(bylines(unit.text) or signed_names(unit.text))
    for unit in draft.bodies:
        if unit.part is Part.CREDIT:
            found.extend(bylines(unit.text))
    if texts:
        opening = OPENING_BYLINE.match(texts[0].text)
        if opening:
            found.extend(bylines(opening.group()))
        shown = {unit.text for unit in draft.bodies if unit.caption}
        alone = _are_captions([text.text for text in texts])
        for text in texts if alone else (text for text in texts if text.text in shown):
            found.extend(bylines(_credit_in(text.text)))
        told = [text.text for text in texts if text.text not in shown] or [texts[-1].text]
        ending = told[-1][-_LEAD_CHARS:]
        closing = CLOSING_BYLINE.search(ending) or SHOT_AT_END.search(ending)
        if closing:
            found.extend(bylines(closing.group()) or signed_names(closing.group()))
    return tuple(dict.fromkeys(found))


def _credit_in(text: str) -> str:
    """Return the credit at the end of a caption, an empty string where there is none."""
    credit = SHOT_AT_END.search(text[-_LEAD_CHARS:])
    return credit.group() if credit else ""


def _are_captions(texts: Sequence[str]) -> bool:
    """Tell whether each of some texts is a caption with its credit behind it."""
    return all(_credit_in(text) for text in texts)


def _kind(draft: Draft, head: Head, written: Sequence[Byline]) -> Kind:
    bodies = [unit for unit in draft.bodies if unit.part is Part.BODY and not unit.caption]
    if not bodies and any(unit.caption for unit in draft.bodies):
        return "photo"
    shot = any(byline.role == "摄" for byline in written)
    shot = shot or any(unit.part is Part.CREDIT for unit in draft.bodies)
    few = len(bodies) <= 3 or _are_captions([unit.text for unit in bodies])
    beside = any(unit.caption for unit in draft.bodies)
    if shot and few and not beside and not any(unit.opener for unit in bodies):
        return "photo"
    told = [part.text for part in (head.headline, head.kicker) if part]
    if any(cues.NOTICE.search(text) for text in told) and not any(u.opener for u in bodies):
        return "notice"
    return "news"
