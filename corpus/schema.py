"""The tables of the archive, and its versions."""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep

from corpus.errors import ArchiveError

FILE_NAME = "bulletin.db"
VERSION = 4
_SCHEMA = """
CREATE TABLE issues (
    id TEXT PRIMARY KEY,
    name TEXT, date TEXT, number TEXT,
    source_name TEXT NOT NULL, encoding TEXT NOT NULL,
    sha256 TEXT NOT NULL, reader TEXT NOT NULL, added TEXT NOT NULL,
    furniture TEXT NOT NULL,
    title TEXT, options TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
CREATE TABLE files (
    issue_id TEXT PRIMARY KEY REFERENCES issues(id) ON DELETE CASCADE,
    extracted TEXT, sidecar BLOB, source BLOB NOT NULL
) STRICT;
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
    text TEXT NOT NULL, ranges TEXT NOT NULL, searched TEXT NOT NULL,
    boxes TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_by_issue ON articles(issue_id, position);
CREATE INDEX passages_by_article ON passages(article_id, position);
CREATE INDEX versions_of_issues ON issues(id, sha256, reader);
"""
_PATIENCE_S, _PAUSE_S = 30.0, 0.02
_MIGRATIONS = {  # from the version before
    2: (  # what a PDF's pages told was not kept then
        "ALTER TABLE issues ADD COLUMN extracted TEXT",
        "ALTER TABLE passages ADD COLUMN boxes TEXT NOT NULL DEFAULT '[]'",
    ),
    3: (  # nor a sidecar; and to read all versions, the files were gone through
        "ALTER TABLE issues ADD COLUMN title TEXT",
        "ALTER TABLE issues ADD COLUMN sidecar BLOB",
        "ALTER TABLE issues ADD COLUMN options TEXT NOT NULL DEFAULT '{}'",
        "CREATE INDEX versions_of_issues ON issues(id, sha256, reader)",
    ),
    4: (  # to reach what stands behind a file in a row, SQLite reads all pages of the file
        """CREATE TABLE files (
               issue_id TEXT PRIMARY KEY REFERENCES issues(id) ON DELETE CASCADE,
               extracted TEXT, sidecar BLOB, source BLOB NOT NULL
           ) STRICT""",
        "INSERT INTO files SELECT id, extracted, sidecar, source FROM issues",
        *(f"ALTER TABLE issues DROP COLUMN {name}" for name in ("source", "extracted", "sidecar")),
    ),
}


def prepared(connection: sqlite3.Connection, path: str) -> sqlite3.Connection:
    """Return the connection set up, the tables made where the file is new."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        _keep_a_journal(connection)
        version = _made_once(connection)
    if version in range(1, VERSION):
        _migrate(connection, path)
    elif version != VERSION:
        connection.close()
        raise another_format(path, version)
    return connection


def _keep_a_journal(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, once no other connection is at it: SQLite waits not for that."""
    last = monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > last:
                raise
            sleep(_PAUSE_S)
        else:
            return


def another_format(path: str, version: int) -> ArchiveError:
    """Return the error of an archive that a later version of bulletin made, or none."""
    if version > VERSION:
        return ArchiveError(
            path,
            f"has format {version}, which is newer than {VERSION}, the newest known here",
            "Use the version of bulletin that made it, or add the files to a new archive.",
        )
    return ArchiveError(path, f"has format {version}, expected {VERSION}")


def _migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring an older archive to this version, in one transaction."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]  # another may have done it
        steps = [one for step in range(found + 1, VERSION + 1) for one in _MIGRATIONS[step]]
        for statement in [*steps, f"PRAGMA user_version = {VERSION}"]:
            connection.execute(statement)
        connection.execute("COMMIT")
    except sqlite3.Error as exc:
        connection.close()  # which rolls back
        raise ArchiveError(
            path,
            f"has an older format and cannot be brought up to this one: {exc}",
            "Open it once where it may be written.",
        ) from exc


def _made_once(connection: sqlite3.Connection) -> int:
    """Make the tables unless another process does so at this moment; return the version."""
    connection.execute("BEGIN IMMEDIATE")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        for statement in filter(str.strip, _SCHEMA.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
    return version or VERSION
