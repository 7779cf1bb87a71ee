"""Issues that were removed for good: what `bulletin add` of their folder passes over.

The table is made with the first of them, so that archives without any are as they were.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from corpus.types import Source

_TABLE = """CREATE TABLE IF NOT EXISTS kept_out (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, source_name TEXT NOT NULL, removed TEXT NOT NULL
) STRICT, WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class KeptOut:
    """An issue that is not to be added again.

    Attributes:
        id: The id that it had.
        sha256: The digest of its file's bytes alone, hexadecimal.
        source: The name of its file.
        removed: When it was removed, RFC 3339.
    """

    id: str
    sha256: str
    source: str
    removed: str


def bytes_digest(data: bytes) -> str:
    """Return the digest by which a file is known again, whatever its name and sidecar."""
    return hashlib.sha256(data).hexdigest()


def kept_out(db: sqlite3.Connection) -> list[KeptOut]:
    """Return the issues that are not to be added again, in the order of their ids."""
    if not _is_there(db):
        return []
    rows = db.execute("SELECT id, sha256, source_name, removed FROM kept_out ORDER BY id")
    return [KeptOut(*row) for row in rows]


def matching(found: Sequence[KeptOut], *, issue_id: str = "", digest: str = "") -> KeptOut | None:
    """Return the first that has an id, or a file's digest; None where none has."""
    return next((one for one in found if issue_id == one.id or digest == one.sha256), None)


def keep_out(db: sqlite3.Connection, issue_id: str, source: Source) -> None:
    """Remember that an issue is not to be added again; the caller holds the transaction."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = KeptOut(issue_id, bytes_digest(source.data), source.name, now)
    db.execute(_TABLE)
    db.execute("INSERT OR REPLACE INTO kept_out VALUES (?, ?, ?, ?)", astuple(told))


def let_in(db: sqlite3.Connection, issue_id: str, source: Source) -> None:
    """Forget it of an issue that is kept now; the caller holds the transaction."""
    if _is_there(db):
        db.execute(
            "DELETE FROM kept_out WHERE id = ? OR sha256 = ?",
            (issue_id, bytes_digest(source.data)),
        )


def _is_there(db: sqlite3.Connection) -> bool:
    found = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'kept_out'")
    return found.fetchone() is not None
