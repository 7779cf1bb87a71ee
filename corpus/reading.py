"""What is asked of the archive's tables; `corpus.archive` hands the connection."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from corpus.days import span_of
from corpus.errors import BulletinError, NotInArchiveError
from corpus.filters import Filed, Filters, Within
from corpus.rows import (
    IssueRow,
    Mismatch,
    Summary,
    article_from,
    day,
    furniture_from,
    options_from,
)
from corpus.text import text_at
from corpus.types import Article, Issue, Printed, Source, iso

ISSUED = """coalesce(issues.date, CASE WHEN issues.id GLOB '[12][0-9][0-9][0-9]*'
                     THEN issues.id END, '')"""
"""When an issue is of, as `Place.issued`."""

_VERSIONS = "SELECT id, substr(sha256, 1, 16) || ' ' || reader FROM issues ORDER BY id"
_OF_ISSUE = "id > ? AND id < ?"
_SHOWN = 40  # characters of a text that differs


def kept(db: sqlite3.Connection) -> tuple[str, dict[str, str]]:
    """Return a digest of what is kept, and each issue's version, by id."""
    versions = dict(db.execute(_VERSIONS).fetchall())
    told = "\n".join((*versions, *versions.values()))
    return hashlib.sha256(told.encode()).hexdigest(), versions


def summary(db: sqlite3.Connection, *, stamp: str) -> Summary:
    """Return what is told of the archive as a whole, whose stamp is known."""
    (n_passages,) = db.execute("SELECT count(*) FROM passages").fetchone()
    issues = db.execute(f"SELECT id, name FROM issues ORDER BY {ISSUED}, id").fetchall()
    return Summary(
        stamp=stamp,
        n_issues=len(issues),
        n_passages=n_passages,
        first=issues[0][0] if issues else None,
        latest=issues[-1][0] if issues else None,
        name=next((name for _, name in reversed(issues) if name), None),
        names=tuple(sorted({name for _, name in issues if name})),
    )


def issue_rows(db: sqlite3.Connection) -> list[IssueRow]:
    """Return the issues that are kept, oldest id first."""
    rows = db.execute(
        """SELECT issues.id, name, issues.date, number, source_name, title,
                  count(DISTINCT articles.id), count(passages.id), added
           FROM issues LEFT JOIN articles ON issue_id = issues.id
           LEFT JOIN passages ON article_id = articles.id
           GROUP BY issues.id ORDER BY issues.id"""
    )
    return [IssueRow(row[0], row[1], day(row[2]), *row[3:]) for row in rows]


def source(db: sqlite3.Connection, issue_id: str) -> Source:
    """Return the untouched file of an issue.

    Raises:
        NotInArchiveError: If there is no such issue.
    """
    row = db.execute(
        """SELECT source_name, source, encoding, extracted, sidecar, options
           FROM issues JOIN files ON issue_id = id WHERE id = ?""",
        (issue_id,),
    ).fetchone()
    if row is None:
        raise NotInArchiveError(issue_id)
    return Source(
        name=row[0],
        data=row[1],
        encoding=row[2],
        extracted=row[3],
        sidecar=row[4],
        options=options_from(row[5]),
    )


def issue(db: sqlite3.Connection, issue_id: str) -> Issue:
    """Return an issue with its articles and passages.

    Raises:
        NotInArchiveError: If there is no such issue.
    """
    row = db.execute(
        "SELECT name, date, number, furniture, title FROM issues WHERE id = ?", (issue_id,)
    ).fetchone()
    if row is None:
        raise NotInArchiveError(issue_id)
    ids = db.execute(
        "SELECT id FROM articles WHERE issue_id = ? ORDER BY position", (issue_id,)
    ).fetchall()
    return Issue(
        id=issue_id,
        name=row[0],
        date=day(row[1]),
        number=row[2],
        source=source(db, issue_id),
        articles=tuple(article(db, article_id) for (article_id,) in ids),
        furniture=furniture_from(row[3]),
        title=row[4],
    )


def article(db: sqlite3.Connection, article_id: str) -> Article:
    """Return an article with its passages.

    Raises:
        NotInArchiveError: If there is no such article.
    """
    row = db.execute(
        """SELECT id, headline, subtitle, kicker, bylines, date, kind, section, confidence, why
           FROM articles WHERE id = ?""",
        (article_id,),
    ).fetchone()
    if row is None:
        raise NotInArchiveError(article_id)
    passages = db.execute(
        "SELECT id, text, ranges, boxes FROM passages WHERE article_id = ? ORDER BY position",
        (article_id,),
    )
    return article_from(row, passages)


def passages(
    db: sqlite3.Connection, issue_ids: Sequence[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield the passages of issues, or all, as `Archive.iter_passages`."""
    if issue_ids is None:
        everything = "SELECT id, text, searched FROM passages ORDER BY id"
        selects: Iterable[sqlite3.Cursor] = [db.execute(everything)]
    else:
        select = f"SELECT id, text, searched FROM passages WHERE {_OF_ISSUE} ORDER BY id"
        selects = (db.execute(select, _bounds(one)) for one in issue_ids)
    for rows in selects:
        for row in rows:  # noqa: UP028  # it would close the rows, maybe after the archive
            yield row


def n_passages_of(db: sqlite3.Connection, issue_id: str) -> int:
    """Return how many passages an issue has; 0 where there is no such issue."""
    row = db.execute(
        f"SELECT count(*) FROM passages WHERE {_OF_ISSUE}", _bounds(issue_id)
    ).fetchone()
    return int(row[0])


def _bounds(issue_id: str) -> tuple[str, str]:
    """Return what the ids of an issue's passages lie between: all begin with it and a slash."""
    return f"{issue_id}/", f"{issue_id}0"


def passage_row(db: sqlite3.Connection, passage_id: str) -> tuple[str, str, str]:
    """Return what a passage is searched by, folded, the id of its article and of its issue.

    Raises:
        NotInArchiveError: If there is no such passage.
    """
    row = db.execute(
        """SELECT searched, article_id, issue_id FROM passages
           JOIN articles ON articles.id = article_id WHERE passages.id = ?""",
        (passage_id,),
    ).fetchone()
    if row is None:
        raise NotInArchiveError(passage_id)
    return row[0], row[1], row[2]


def searched(db: sqlite3.Connection, passage_id: str) -> str:
    """Return what a passage is searched by, folded.

    Raises:
        NotInArchiveError: If there is no such passage.
    """
    row = db.execute("SELECT searched FROM passages WHERE id = ?", (passage_id,)).fetchone()
    if row is None:
        raise NotInArchiveError(passage_id)
    return str(row[0])


def issue_told(
    db: sqlite3.Connection, issue_id: str
) -> tuple[str, str | None, date | None, str | None]:
    """Return the id, name, day and number of an issue that is kept."""
    row = db.execute("SELECT name, date, number FROM issues WHERE id = ?", (issue_id,)).fetchone()
    return issue_id, row[0], day(row[1]), row[2]


def issued(db: sqlite3.Connection, passage_id: str) -> str:
    """Return when the issue of a passage is of, as `Place.issued`.

    Raises:
        NotInArchiveError: If there is no such passage.
    """
    row = db.execute(
        f"""SELECT {ISSUED} FROM passages JOIN articles ON articles.id = article_id
            JOIN issues ON issues.id = issue_id WHERE passages.id = ?""",
        (passage_id,),
    ).fetchone()
    if row is None:
        raise NotInArchiveError(passage_id)
    return str(row[0])


def filed(db: sqlite3.Connection, issue_id: str) -> dict[str, Filed]:
    """Return what filters look at in an issue, by article id."""
    rows = db.execute(
        f"""SELECT articles.id, section, articles.date, {ISSUED}
            FROM articles JOIN issues ON issues.id = issue_id WHERE issue_id = ?""",
        (issue_id,),
    )
    return {one: Filed(section, day(told), span_of(issued)) for one, section, told, issued in rows}


def articles_by(db: sqlite3.Connection, name: str) -> list[str]:
    """Return the ids of the articles that a name signs, those of the newest issue first."""
    signed = f"{json.dumps(name, ensure_ascii=False)}]"  # as `rows.article_rows` writes bylines
    rows = db.execute(
        f"""SELECT articles.id FROM articles JOIN issues ON issues.id = issue_id
            WHERE instr(bylines, ?) ORDER BY {ISSUED} DESC, issue_id DESC, position""",
        (signed,),
    )
    return [article_id for (article_id,) in rows]


def articles_titled(db: sqlite3.Connection, words: str) -> list[tuple[str, str]]:
    """Return the ids and headlines of articles whose headline has some words as printed.

    Those of the newest issue come first.
    """
    rows = db.execute(
        f"""SELECT articles.id, headline FROM articles JOIN issues ON issues.id = issue_id
            WHERE instr(headline, ?) ORDER BY {ISSUED} DESC, issue_id DESC, position""",
        (json.dumps(words, ensure_ascii=False)[1:-1],),
    )
    return [(article_id, json.loads(headline)[0]) for article_id, headline in rows]


def sections(db: sqlite3.Connection) -> list[str]:
    """Return the sections that articles are of, sorted."""
    rows = db.execute("SELECT DISTINCT section FROM articles WHERE section != '' ORDER BY section")
    return [section for (section,) in rows]


def within(db: sqlite3.Connection, filters: Filters) -> Within:
    """Return the part of the archive that filters leave."""
    marks = {
        name: ",".join("?" * len(values))
        for name, values in (("issues", filters.issues), ("sections", filters.sections))
    }
    first, last = filters.days
    spans = {one: span_of(told) for one, told in db.execute(f"SELECT id, {ISSUED} FROM issues")}
    then = {one for one, span in spans.items() if span and first <= span[0] and span[1] <= last}
    rows = db.execute(
        f"""SELECT issue_id, id,
                   (? OR issue_id IN ({marks["issues"]}))
                   AND (? OR section IN ({marks["sections"]})),
                   ? OR date BETWEEN ? AND ?
            FROM articles ORDER BY id""",
        (
            not filters.issues,
            *filters.issues,
            not filters.sections,
            *filters.sections,
            not filters.has_days,
            iso(first),
            iso(last),
        ),
    )
    left = [(row[0], row[1], row[2] and (row[3] or row[0] in then)) for row in rows]
    partly = {issue_id for issue_id, _, is_left in left if not is_left}
    return Within(
        issues=tuple(dict.fromkeys(row[0] for row in left if row[0] not in partly)),
        articles=tuple(id_ for issue_id, id_, is_left in left if is_left and issue_id in partly),
    )


def mismatches(one: Issue) -> Iterator[Mismatch]:
    """Yield every text of an issue that its ranges in the source do not give, exactly.

    Where the source's text is one that was extracted, it is extracted again and compared.
    """
    text = one.source.text
    yield from _extracted_otherwise(one.id, one.source)
    for piece in one.articles:
        pieces = [
            (piece.id, part) for part in (piece.headline, piece.subtitle, piece.kicker) if part
        ]
        pieces += [(p.id, Printed(p.text, p.ranges)) for p in piece.passages]
        for name, printed in pieces:
            found = text_at(text, printed.ranges)
            if found != printed.text:
                yield Mismatch(name, printed.text, found)


def _extracted_otherwise(issue_id: str, source: Source) -> Iterator[Mismatch]:
    """Yield where a file that is no plain text gives another text now than is kept."""
    from corpus.sources import source_of

    if source.extracted is None:
        return
    try:
        found = source_of(source.data, name=source.name, reader=source.encoding).text
    except BulletinError as exc:
        found = str(exc)
    text = source.text
    if found != text:
        at = next((n for n, (a, b) in enumerate(zip(text, found, strict=False)) if a != b), 0)
        yield Mismatch(issue_id, text[at : at + _SHOWN], found[at : at + _SHOWN])
