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
_LATER = {  # by the format that they came with
    2: (
        "ALTER TABLE issues ADD COLUMN extracted TEXT",
        "ALTER TABLE passages ADD COLUMN boxes TEXT NOT NULL DEFAULT '[]'",
    ),
    3: (
        "ALTER TABLE issues ADD COLUMN title TEXT",
        "ALTER TABLE issues ADD COLUMN sidecar BLOB",
        "ALTER TABLE issues ADD COLUMN options TEXT NOT NULL DEFAULT '{}'",
        "CREATE INDEX versions_of_issues ON issues(id, sha256, reader)",
    ),
}


def make_old(folder: Path, version: int = 1) -> None:
    """Write the archive in a folder anew as a version of the format, 1 to 3, had it."""
    file, old = folder / FILE_NAME, folder / "old.db"
    with closing(sqlite3.connect(old)) as db:
        db.executescript(_FORMAT_1)
        for later in range(2, version + 1):
            for statement in _LATER[later]:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("ATTACH ? AS kept", (str(file),))
        for table in ("issues", "articles", "passages"):
            columns = ", ".join(row[1] for row in db.execute(f"PRAGMA table_info({table})"))
            found = "kept.issues JOIN kept.files ON issue_id = id"
            found = found if table == "issues" else f"kept.{table}"
            db.execute(f"INSERT INTO {table} SELECT {columns} FROM {found}")
        db.commit()
        db.execute("DETACH kept")
        db.execute("PRAGMA journal_mode = WAL")
    for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
        (folder / name).unlink(missing_ok=True)
    old.rename(file)
