"""What the service keeps of its own, in one SQLite file beside the archive's.

Readers' votes, the questions that found no answer where that is wanted, and for ten minutes the
answers given under an Idempotency-Key. All of it is bounded: the oldest rows go first. Several
processes may use one file.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from corpus.connection import journal_emptied
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

_COLUMNS = {
    "feedback": ("answer_id", "at", "value", "reason", "comment", "question"),
    "unanswered": ("question", "lang", "status", "times", "first", "last"),
}
_VERSION_OF_ANSWER = "iif(json_valid(answer), json_extract(answer, '$.index.version'), '')"

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
        self._version: str | None = None

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

    def give(self, key: str, given: Given, *, version: str, replace: bool = False) -> Given:
        """Keep an answer for ten minutes and return the one that is kept under the key then.

        One that is there already stays, unless it is to be replaced.

        Args:
            key: What it is kept under.
            given: The answer.
            version: Of the archive that it was found in.
            replace: Whether to replace one that is there.

        Raises:
            StoreError: If the file cannot be written.
        """
        with self._writing() as db:
            if version != self._version:
                self._version = None  # it may be late: the archive has changed since
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

    def keep_only(self, version: str) -> None:
        """Forget the answers of other states of the archive, and take them from the file itself.

        Nothing is looked at again as long as no answer of another state can have come.

        Raises:
            StoreError: If the file cannot be written.
        """
        if self._version == version or (self._db is None and not self._path.is_file()):
            return
        with self._writing() as db:
            n_gone = db.execute(
                f"DELETE FROM given WHERE {_VERSION_OF_ANSWER} IS NOT ?", (version,)
            ).rowcount
        if self._scrubbed(db, anew=n_gone > 0):
            self._version = version

    def forget(self, table: Literal["feedback", "unanswered"], text: str) -> list[dict[str, Any]]:
        """Forget the votes or the questions that a text is in, in the file itself; return them.

        Raises:
            StoreError: If the file cannot be written, or something of them may be left beside it.
        """
        names = _COLUMNS[table]
        if not self._path.is_file():
            return []
        with self._writing() as db:
            told = " || char(10) || ".join(f"ifnull({name}, '')" for name in names)
            rows = db.execute(
                f"DELETE FROM {table} WHERE instr({told}, ?) RETURNING {', '.join(names)}", (text,)
            ).fetchall()
        if rows and not self._scrubbed(db, anew=True):
            raise StoreError(self._path, "is in use; what was forgotten may be left in its journal")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _scrubbed(self, db: sqlite3.Connection, *, anew: bool) -> bool:
        """Empty the journal, after the file was written anew where rows went; tell whether it is.

        SQLite overwrites what is deleted, but leaves bytes of rows where it moved them before.
        """
        with self._lock:
            try:
                if anew:
                    db.execute("VACUUM")
                return journal_emptied(db)
            except sqlite3.Error as exc:
                raise StoreError(self._path, str(exc)) from exc

    def feedback(self) -> list[dict[str, Any]]:
        """Return the votes, oldest first.

        Raises:
            StoreError: If the file cannot be used.
        """
        return self._named("feedback", order="at, answer_id")

    def unanswered(
        self, *, since: date | None = None, until: date | None = None
    ) -> list[dict[str, Any]]:
        """Return the questions that found no answer, the most frequent first.

        Args:
            since: The first day, UTC, on which one may have been asked last.
            until: The last such day.

        Raises:
            StoreError: If the file cannot be used.
        """
        first, last = (since or date.min).isoformat(), (until or date.max).isoformat()
        rows = self._named("unanswered", order="times DESC, last DESC, key")
        return [row for row in rows if first <= row["last"][:10] <= last]

    def _named(self, table: str, *, order: str) -> list[dict[str, Any]]:
        names = _COLUMNS[table]
        rows = self._rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}")
        return [dict(zip(names, row, strict=True)) for row in rows]

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
    db.execute("PRAGMA secure_delete = ON")


def _bound(db: sqlite3.Connection, table: str, *, order: str = "at") -> None:
    (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    db.execute(
        f"""DELETE FROM {table} WHERE rowid IN
            (SELECT rowid FROM {table} ORDER BY {order} LIMIT ?)""",
        (max(0, count - _MOST[table]),),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
