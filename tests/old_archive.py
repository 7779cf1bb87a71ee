"""Archives as earlier versions wrote them, for tests of bringing them up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from corpus.schema import FILE_NAME

_FORMAT_1 = """
CREATE TABLE issues (
    id TEXT PRIMARY KEY,
    name TEXT, date TEXT, number TEXT,
    source_name TEXT NOT NULL, source BLOB NOT NULL, encoding TEXT NOT NULL,
    sha256 TEXT NOT NULL, reader TEXT NOT NULL, added TEXT NOT NULL,
    furniture TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    issue_id TEXT NOT NULL REFERENCES issues(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    headline TEXT, subtitle TEXT, kicker TEXT,
    bylines TEXT NOT NULL, date TEXT, kind TEXT NOT NULL, section TEXT,
    confidence REAL NOT NULL, why TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE passages (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    text TEXT NOT NULL, ranges TEXT NOT NULL, searched TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_by_issue ON articles(issue_id, position);
CREATE INDEX passages_by_article ON passages(article_id, position);
PRAGMA user_version = 1;
"""
_COLUMNS = {
    "issues": (
        "id, name, date, number, source_name, source, encoding, sha256, reader, added, furniture"
    ),
    "articles": (
        "id, issue_id, position, headline, subtitle, kicker, bylines, date, kind, section, "
        "confidence, why"
    ),
    "passages": "id, article_id, position, text, ranges, searched",
}


def make_format_1(folder: Path) -> None:
    """Write the archive in a folder anew as the first version would have written it."""
    file, old = folder / FILE_NAME, folder / "old.db"
    with closing(sqlite3.connect(old)) as db:
        db.executescript(_FORMAT_1)
        db.execute("ATTACH ? AS kept", (str(file),))
        for table, columns in _COLUMNS.items():
            db.execute(f"INSERT INTO {table} SELECT {columns} FROM kept.{table}")
        db.commit()
        db.execute("DETACH kept")
        db.execute("PRAGMA journal_mode = WAL")
    for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
        (folder / name).unlink(missing_ok=True)
    old.rename(file)
