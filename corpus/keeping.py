"""How an issue comes into the archive's tables, and which kept ones its file is that of.

`corpus.archive` hands the connection and holds the transaction.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, datetime

from corpus.errors import IssueConflictError
from corpus.rows import article_rows, digest_told, furniture_text, options_text, passage_rows
from corpus.text import squeeze
from corpus.types import READER_VERSION, Issue, iso

_LIKE_ENOUGH, _LIKE_ENOUGH_RENAMED = 0.2, 0.5
"""What share of a kept issue's passages a file has that corrects it, of its name and of another."""


def insert(db: sqlite3.Connection, issue: Issue, digest: str) -> None:
    """Write the rows of an issue, whose digest is that of `corpus.rows.digest_of`."""
    source = issue.source
    db.execute(
        "INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            issue.id,
            issue.name,
            iso(issue.date),
            issue.number,
            source.name,
            source.encoding,
            digest,
            READER_VERSION,
            datetime.now(UTC).isoformat(timespec="seconds"),
            furniture_text(issue),
            issue.title,
            options_text(source.options),
        ),
    )
    db.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?)",
        (issue.id, source.extracted, source.sidecar, source.data),
    )
    db.executemany(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", article_rows(issue)
    )
    db.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", passage_rows(issue))


def check_alike(db: sqlite3.Connection, issue: Issue, *, kept_as: str) -> None:
    """Check that an issue resembles the one of its id, whose file was called so.

    Raises:
        IssueConflictError: If they share hardly a passage.
    """
    rows = db.execute(
        """SELECT text FROM passages JOIN articles ON articles.id = article_id
           WHERE issue_id = ?""",
        (issue.id,),
    )
    old = {squeeze(text) for (text,) in rows}
    shared = len(old & {squeeze(passage.text) for passage in issue.passages})
    least = _LIKE_ENOUGH if kept_as == issue.source.name else _LIKE_ENOUGH_RENAMED
    if shared < least * len(old):
        raise IssueConflictError(issue.source.name, issue.id, shared=shared, kept=len(old))


def told_otherwise(db: sqlite3.Connection, issue: Issue) -> list[str]:
    """Return the other ids as which the file of an issue is kept, told of it otherwise.

    Only a file of the same name and bytes is the same, and only where the sidecar or the
    options are others.
    """
    source = issue.source
    rows = db.execute(
        """SELECT id FROM issues JOIN files ON issue_id = id
           WHERE source_name = ? AND id != ? AND source = ?
           AND (sidecar IS NOT ? OR options != ?) ORDER BY id""",
        (source.name, issue.id, source.data, source.sidecar, options_text(source.options)),
    )
    return [issue_id for (issue_id,) in rows]


def same_bytes(db: sqlite3.Connection, issue: Issue) -> dict[str, str]:
    """Return the other issues that are kept of the bytes of an issue's file: id to file name.

    What a sidecar tells sets a file apart, as long as the other has not the same.
    """
    source = issue.source
    digest = hashlib.sha256(source.data).digest()
    told = [text for (text,) in db.execute("SELECT DISTINCT options FROM issues")]
    digests = {
        digest_told(digest, sidecar=sidecar, told=text)
        for sidecar in (None, source.sidecar)
        for text in told
    }
    rows = db.execute(
        """SELECT id, source_name FROM issues WHERE id != ?
           AND sha256 IN (SELECT value FROM json_each(?)) ORDER BY id""",
        (issue.id, json.dumps(list(digests))),
    )
    return dict(rows.fetchall())
