"""What the service keeps of its own, in one SQLite file beside the archive's.

Readers' votes, the questions that found no answer where that is wanted, and for ten minutes the
answers given under an Idempotency-Key. All of it is bounded: the oldest rows go first. Several
processes may use one file.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from corpus.errors import BulletinError
from corpus.text import squeeze

_VERSION = 1
_BUSY_S = 5.0
_MOST = {"feedback": 100_000, "unanswered": 10_000, "given": 10_000}
_GIVEN_S = 600.0
_SCHEMA = """
CREATE TABLE feedback (
    answer_id TEXT PRIMARY KEY, at TEXT NOT NULL, value TEXT NOT NULL,
    reason TEXT, comment TEXT, question TEXT
) STRICT;
CREATE TABLE unanswered (
    key TEXT PRIMARY KEY, question TEXT NOT NULL, lang TEXT NOT NULL, status TEXT NOT NULL,
    times INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL
) STRICT;
CREATE TABLE given (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, answer TEXT NOT NULL, at REAL NOT NULL
) STRICT;
"""

Value = Literal["up", "down"]


class StoreError(BulletinError):
    """The service's own file cannot be used."""

    hint = "BULLETIN_SERVICE_DB names another file, in a folder that may be written."

    def __init__(self, path: Path, problem: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"{path}: {problem}")


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reader's vote on an answer.

    Attributes:
        answer_id: The answer; a later vote on it replaces the earlier one.
        value: up or down.
        reason: One word for why, or None.
        comment: In the reader's words, or None.
        question: What was asked, where the reader lets us have it.
    """

    answer_id: str
    value: Value
    reason: str | None = None
    comment: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given under an Idempotency-Key.

    Attributes:
        body: A digest of the request it answers.
        answer: The answer as JSON.
    """

    body: str
    answer: str


class Store:
    """The service's own file, made when something is first written."""

    def __init__(self, path: Path) -> None:
        """Keep the path."""
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db:
                self._db.close()
                self._db = None

    def vote(self, feedback: Feedback) -> None:
        """Keep a vote.

        Raises:
            StoreError: If the file cannot be written.
        """
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)",
                (
                    feedback.answer_id,
                    _now(),
                    feedback.value,
                    feedback.reason,
                    feedback.comment,
                    feedback.question,
                ),
            )
            _bound(db, "feedback")

    def miss(self, question: str, *, lang: str, status: str) -> None:
        """Count a question that found no answer; the same words count as the same question.

        Raises:
            StoreError: If the file cannot be written.
        """
        with self._writing() as db:
            db.execute(
                """INSERT INTO unanswered VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)
                   ON CONFLICT (key) DO UPDATE SET
                   times = times + 1, last = excluded.last, status = excluded.status""",
                (squeeze(question).casefold(), question, lang, status, _now()),
            )
            _bound(db, "unanswered", order="last")

    def give(self, key: str, given: Given, *, replace: bool = False) -> Given:
        """Keep an answer for ten minutes and return the one that is kept under the key then.

        One that is there already stays, unless it is to be replaced.

        Raises:
            StoreError: If the file cannot be written.
        """
        with self._writing() as db:
            db.execute("DELETE FROM given WHERE at < ?", (time.time() - _GIVEN_S,))
            db.execute(
                f"INSERT OR {'REPLACE' if replace else 'IGNORE'} INTO given VALUES (?, ?, ?, ?)",
                (key, given.body, given.answer, time.time()),
            )
            kept = db.execute("SELECT body, answer FROM given WHERE key = ?", (key,)).fetchone()
            _bound(db, "given")
            return Given(*kept)

    def given(self, key: str) -> Given | None:
        """Return the answer that was given under a key in the last ten minutes, or None.

        Raises:
            StoreError: If the file cannot be used.
        """
        since = time.time() - _GIVEN_S
        rows = self._rows("SELECT body, answer FROM given WHERE key = ? AND at >= ?", key, since)
        return Given(*rows[0]) if rows else None

    def feedback(self) -> list[dict[str, Any]]:
        """Return the votes, oldest first.

        Raises:
            StoreError: If the file cannot be used.
        """
        names = ("answer_id", "at", "value", "reason", "comment", "question")
        return self._named(f"SELECT {', '.join(names)} FROM feedback ORDER BY at, answer_id", names)

    def unanswered(self) -> list[dict[str, Any]]:
        """Return the questions that found no answer, the most frequent first.

        Raises:
            StoreError: If the file cannot be used.
        """
        names = ("question", "lang", "status", "times", "first", "last")
        return self._named(
            f"SELECT {', '.join(names)} FROM unanswered ORDER BY times DESC, last DESC, key", names
        )

    def _named(self, query: str, names: Sequence[str]) -> list[dict[str, Any]]:
        return [dict(zip(names, row, strict=True)) for row in self._rows(query)]

    def _rows(self, query: str, *facts: object) -> list[Any]:
        with self._lock:
            if self._db is None and not self._path.is_file():
                return []
            try:
                return self._opened().execute(query, facts).fetchall()
            except sqlite3.Error as exc:
                raise StoreError(self._path, str(exc)) from exc

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                db = self._opened()
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                except BaseException:
                    db.execute("ROLLBACK")
                    raise
                db.execute("COMMIT")
            except (OSError, sqlite3.Error) as exc:
                raise StoreError(self._path, str(exc)) from exc

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            db = sqlite3.connect(
                self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            try:
                _prepare(db, self._path)
            except BaseException:
                db.close()
                raise
            self._db = db
        return self._db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:  # no other process was quicker
            for statement in _SCHEMA.split(";")[:-1]:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
    elif version != _VERSION:
        raise StoreError(path, f"has format {version}, expected {_VERSION}")
    db.execute("PRAGMA synchronous = NORMAL")


def _bound(db: sqlite3.Connection, table: str, *, order: str = "at") -> None:
    (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    db.execute(
        f"""DELETE FROM {table} WHERE rowid IN
            (SELECT rowid FROM {table} ORDER BY {order} LIMIT ?)""",
        (max(0, count - _MOST[table]),),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
