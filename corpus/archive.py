"""The archive: SQLite holds the source bytes and all that was read from them.

Vector and lexical indexes are derived from it and stamped with `Archive.stamp`, which changes
with every issue added, replaced or removed. Writing is one transaction an issue: after a power
cut there is the old archive or the new one. Readers go on while a writer writes (WAL).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from corpus.cues import SHOT_AT_END, is_credit
from corpus.errors import ArchiveError, BulletinError, IssueConflictError, NotInArchiveError
from corpus.filters import Filters, Within
from corpus.text import fold, squeeze, text_at
from corpus.types import (
    READER_VERSION,
    Article,
    Box,
    Byline,
    Issue,
    Kind,
    Passage,
    Printed,
    Ranges,
    Source,
    iso,
)

FILE_NAME = "bulletin.db"
_VERSION = 2
_LIKE_ENOUGH = 0.2
_BATCH = 500  # ids in one statement
_SHOWN = 40  # characters of a text that differs
_DAMAGED = (sqlite3.Error, UnicodeDecodeError, json.JSONDecodeError)
_OF_ISSUE = "id > ? AND id < ?"
_SCHEMA = """
CREATE TABLE issues (
    id TEXT PRIMARY KEY,
    name TEXT, date TEXT, number TEXT,
    source_name TEXT NOT NULL, source BLOB NOT NULL, encoding TEXT NOT NULL,
    sha256 TEXT NOT NULL, reader TEXT NOT NULL, added TEXT NOT NULL,
    furniture TEXT NOT NULL,
    extracted TEXT
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
    text TEXT NOT NULL, ranges TEXT NOT NULL, searched TEXT NOT NULL,
    boxes TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_by_issue ON articles(issue_id, position);
CREATE INDEX passages_by_article ON passages(article_id, position);
"""
_MIGRATIONS = {  # from the version before: what a PDF's pages told was not kept then
    2: (
        "ALTER TABLE issues ADD COLUMN extracted TEXT",
        "ALTER TABLE passages ADD COLUMN boxes TEXT NOT NULL DEFAULT '[]'",
    ),
}

Outcome = Literal["added", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One line of the list of issues.

    Attributes:
        id: The issue's id.
        name: The bulletin's name, or None.
        date: The day of publication, or None.
        number: The issue's number, or None.
        source: The name of the file it was read from.
        n_articles: How many articles it has.
        n_passages: How many passages they have.
        added: When it was added, RFC 3339.
    """

    id: str
    name: str | None
    date: date | None
    number: str | None
    source: str
    n_articles: int
    n_passages: int
    added: str


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with the article and issue around it, as a citation needs it.

    Attributes:
        passage: The passage.
        article: Its article; `passages` holds all of the article's.
        issue_id: The issue's id.
        issue_name: The bulletin's name, or None.
        issue_date: The issue's day, or None.
        issue_number: The issue's number, or None.
        searched: What the passage is searched by, folded.
    """

    passage: Passage
    article: Article
    issue_id: str
    issue_name: str | None
    issue_date: date | None
    issue_number: str | None
    searched: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A citation range that does not give what is kept.

    Attributes:
        id: The passage or article.
        kept: The text that is kept.
        found: What the source prints at its ranges.
    """

    id: str
    kept: str
    found: str


@dataclass(frozen=True, slots=True)
class _Summary:
    """The archive as a whole; `latest` is the highest issue id."""

    stamp: str
    n_issues: int
    n_passages: int
    latest: str | None


class Archive:
    """The issues that are kept. Open one with `Archive.open`; use it in a `with` block.

    It may be handed from thread to thread, but not used by two at one time.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        """Hold an open connection; `path` is the folder, or None for one in memory."""
        self._db = connection
        self.path = path
        self._summed: tuple[object, _Summary] | None = None
        self._read: tuple[object, str, dict[str, str]] | None = None

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Open the archive in a folder.

        Args:
            folder: The archive's folder.
            create: Whether to make a new one where there is none.

        Raises:
            ArchiveError: If there is none, or it cannot be used.
        """
        file = folder / FILE_NAME
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            elif not file.is_file():
                raise ArchiveError(str(folder), "is not there", "Make it with `bulletin add FILE`.")
            connection = _connected(file)
            try:
                return cls(_prepared(connection, str(folder)), folder)
            except sqlite3.OperationalError:
                if create or os.access(folder, os.W_OK):
                    raise
                connection.close()  # a folder that may only be read takes no journal
                where = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
                connection = _connected(where, uri=True)
                return cls(_prepared(connection, str(folder)), folder)
        except (OSError, *_DAMAGED) as exc:
            raise ArchiveError(str(folder), str(exc)) from exc

    @classmethod
    def open_file(cls, file: Path) -> Self:
        """Open a database file that nobody writes to, as a backup is, for reading.

        Raises:
            ArchiveError: If there is none, or it cannot be used.
        """
        where = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            connection = _connected(where, uri=True)
            if not connection.execute("PRAGMA user_version").fetchone()[0]:
                raise ArchiveError(str(file), "is no archive")
            return cls(_prepared(connection, str(file)), None)
        except _DAMAGED as exc:
            raise ArchiveError(str(file), str(exc)) from exc

    @classmethod
    def in_memory(cls, issues: Sequence[Issue] = ()) -> Self:
        """Return an archive that is gone with the process, holding the issues."""
        archive = cls(_prepared(_connected(":memory:"), ":memory:"), None)
        for issue in issues:
            archive.add(issue)
        return archive

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the archive."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection itself, for `corpus.safety`."""
        return self._db

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._summed = self._read = None
                if self._db.in_transaction:  # a full disk has undone it already
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as exc:
            raise ArchiveError(str(self.path), str(exc)) from exc

    def add(self, issue: Issue, *, replace: bool = False) -> Outcome:
        """Keep an issue, in one transaction; the same bytes change nothing.

        A corrected file replaces the issue of its id everywhere.

        Args:
            issue: What was read.
            replace: Whether to replace an issue that the new one does not resemble.

        Raises:
            IssueConflictError: If an issue of this id shares hardly a passage with it.
            ArchiveError: If the archive cannot be written.
        """
        digest = hashlib.sha256(issue.source.data).hexdigest()
        with self._writing():
            kept = self._db.execute(
                "SELECT sha256, reader FROM issues WHERE id = ?", (issue.id,)
            ).fetchone()
            if kept == (digest, READER_VERSION):
                return "unchanged"
            if kept and kept[0] != digest and not replace:
                self._check_alike(issue)
            self._db.execute("DELETE FROM issues WHERE id = ?", (issue.id,))
            self._insert(issue, digest)
        return "replaced" if kept else "added"

    def _check_alike(self, issue: Issue) -> None:
        rows = self._db.execute(
            """SELECT text FROM passages JOIN articles ON articles.id = article_id
               WHERE issue_id = ?""",
            (issue.id,),
        )
        old = {squeeze(text) for (text,) in rows}
        shared = len(old & {squeeze(passage.text) for passage in issue.passages})
        if shared < _LIKE_ENOUGH * len(old):
            raise IssueConflictError(issue.source.name, issue.id, shared, len(old))

    def _insert(self, issue: Issue, digest: str) -> None:
        source = issue.source
        self._db.execute(
            "INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                issue.id,
                issue.name,
                iso(issue.date),
                issue.number,
                source.name,
                source.data,
                source.encoding,
                digest,
                READER_VERSION,
                datetime.now(UTC).isoformat(timespec="seconds"),
                json.dumps([_dump(piece) for piece in issue.furniture], ensure_ascii=False),
                source.extracted,
            ),
        )
        self._db.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    article.id,
                    issue.id,
                    position,
                    _dump_json(article.headline),
                    _dump_json(article.subtitle),
                    _dump_json(article.kicker),
                    json.dumps([[b.role, b.name] for b in article.bylines], ensure_ascii=False),
                    iso(article.date),
                    article.kind,
                    article.section,
                    article.confidence,
                    json.dumps(article.why, ensure_ascii=False),
                )
                for position, article in enumerate(issue.articles)
            ],
        )
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    passage.id,
                    article.id,
                    position,
                    passage.text,
                    json.dumps(passage.ranges),
                    fold(searched_text(passage, article)),
                    json.dumps([astuple(box) for box in passage.boxes]),
                )
                for article in issue.articles
                for position, passage in enumerate(article.passages)
            ],
        )

    def remove(self, issue_id: str) -> None:
        """Forget an issue and all that was read from it.

        Raises:
            NotInArchiveError: If there is no such issue.
        """
        with self._writing():
            if not self._db.execute("DELETE FROM issues WHERE id = ?", (issue_id,)).rowcount:
                raise NotInArchiveError(issue_id)

    def refresh(self) -> list[str]:
        """Read again every issue that another version of the reader read; return their ids."""
        from corpus.reader import read_bytes

        rows = self._db.execute(
            "SELECT id FROM issues WHERE reader != ? ORDER BY id", (READER_VERSION,)
        ).fetchall()
        for (issue_id,) in rows:
            kept = self.source(issue_id)
            issue = read_bytes(kept.data, name=kept.name, issue_id=issue_id, reader=kept.encoding)
            self.add(issue, replace=True)
        return [issue_id for (issue_id,) in rows]

    def files(self) -> dict[tuple[str, str], str]:
        """Return which issue each file was read to by this reader: (name, SHA-256) to its id."""
        rows = self._db.execute(
            "SELECT source_name, sha256, id FROM issues WHERE reader = ?", (READER_VERSION,)
        )
        return {(name, sha256): issue_id for name, sha256, issue_id in rows}

    @property
    def stamp(self) -> str:
        """A digest of what is kept; derived indexes are valid while it stays the same."""
        return self._kept()[0]

    def _summary(self) -> _Summary:
        """Return what is told of the archive as a whole, summed up anew only after a change.

        Summing up goes through all issues and passages, which takes long where there are many.
        """
        changes = self._changes()
        if self._summed is None or self._summed[0] != changes:
            self._summed = changes, self._sum_up()
        return self._summed[1]

    def _sum_up(self) -> _Summary:
        stamp, versions = self._kept()
        (n_passages,) = self._db.execute("SELECT count(*) FROM passages").fetchone()
        return _Summary(stamp, len(versions), n_passages, max(versions, default=None))

    def _kept(self) -> tuple[str, dict[str, str]]:
        """Return a digest of what is kept, and each issue's version, read anew after a change."""
        changes = self._changes()
        if self._read is None or self._read[0] != changes:
            rows = self._db.execute("SELECT id, sha256, reader FROM issues ORDER BY id").fetchall()
            digest = hashlib.sha256("".join(map(repr, rows)).encode()).hexdigest()
            versions = {issue_id: f"{sha256[:16]} {reader}" for issue_id, sha256, reader in rows}
            self._read = changes, digest, versions
        return self._read[1:]

    def _changes(self) -> object:
        return self._db.execute("PRAGMA data_version").fetchone(), self._db.total_changes

    def versions(self) -> dict[str, str]:
        """Return for each issue's id what changes whenever its passages may have changed."""
        return self._kept()[1]

    @property
    def needs_refresh(self) -> bool:
        """Whether another version of the reader read any issue."""
        row = self._db.execute(
            "SELECT 1 FROM issues WHERE reader != ? LIMIT 1", (READER_VERSION,)
        ).fetchone()
        return row is not None

    def issues(self) -> list[IssueRow]:
        """Return the issues that are kept, oldest id first."""
        rows = self._db.execute(
            """SELECT issues.id, name, issues.date, number, source_name,
                      count(DISTINCT articles.id), count(passages.id), added
               FROM issues LEFT JOIN articles ON issue_id = issues.id
               LEFT JOIN passages ON article_id = articles.id
               GROUP BY issues.id ORDER BY issues.id"""
        )
        return [IssueRow(row[0], row[1], _day(row[2]), *row[3:]) for row in rows]

    def source(self, issue_id: str) -> Source:
        """Return the untouched file of an issue.

        Raises:
            NotInArchiveError: If there is no such issue.
        """
        row = self._db.execute(
            "SELECT source_name, source, encoding, extracted FROM issues WHERE id = ?", (issue_id,)
        ).fetchone()
        if row is None:
            raise NotInArchiveError(issue_id)
        return Source(*row)

    def issue(self, issue_id: str) -> Issue:
        """Return an issue with its articles and passages.

        Raises:
            NotInArchiveError: If there is no such issue.
        """
        row = self._db.execute(
            "SELECT name, date, number, furniture FROM issues WHERE id = ?", (issue_id,)
        ).fetchone()
        if row is None:
            raise NotInArchiveError(issue_id)
        ids = self._db.execute(
            "SELECT id FROM articles WHERE issue_id = ? ORDER BY position", (issue_id,)
        ).fetchall()
        return Issue(
            id=issue_id,
            name=row[0],
            date=_day(row[1]),
            number=row[2],
            source=self.source(issue_id),
            articles=tuple(self.article(article_id) for (article_id,) in ids),
            furniture=tuple(_load(piece) for piece in json.loads(row[3])),
        )

    def article(self, article_id: str) -> Article:
        """Return an article with its passages.

        Raises:
            NotInArchiveError: If there is no such article.
        """
        row = self._db.execute(
            """SELECT headline, subtitle, kicker, bylines, date, kind, section, confidence, why
               FROM articles WHERE id = ?""",
            (article_id,),
        ).fetchone()
        if row is None:
            raise NotInArchiveError(article_id)
        passages = self._db.execute(
            "SELECT id, text, ranges, boxes FROM passages WHERE article_id = ? ORDER BY position",
            (article_id,),
        )
        kind: Kind = row[5]
        return Article(
            id=article_id,
            headline=_load_json(row[0]),
            subtitle=_load_json(row[1]),
            kicker=_load_json(row[2]),
            bylines=tuple(Byline(*pair) for pair in json.loads(row[3])),
            date=_day(row[4]),
            kind=kind,
            section=row[6],
            passages=tuple(_passage(*row) for row in passages),
            confidence=row[7],
            why=tuple(json.loads(row[8])),
        )

    def places(self, passage_ids: Sequence[str]) -> list[Place]:
        """Return passages with what stands around them, in the order of the ids.

        Raises:
            NotInArchiveError: If one of them is not kept.
        """
        of_passage = """SELECT passages.id, searched, article_id, issue_id FROM passages
                        JOIN articles ON articles.id = article_id WHERE passages.id"""
        rows = {row[0]: row[1:] for row in self._each(of_passage, passage_ids)}
        articles = {one: self.article(one) for one in {row[1] for row in rows.values()}}
        of_issue = "SELECT id, name, date, number FROM issues WHERE id"
        issues = {
            row[0]: (row[0], row[1], _day(row[2]), row[3])
            for row in self._each(of_issue, list({issue_id for *_, issue_id in rows.values()}))
        }
        found = []
        for passage_id in passage_ids:
            searched, article_id, issue_id = rows[passage_id]
            article = articles[article_id]
            passage = next(p for p in article.passages if p.id == passage_id)
            found.append(Place(passage, article, *issues[issue_id], searched))
        return found

    def within(self, filters: Filters) -> Within:
        """Return the part of the archive that filters leave."""
        marks = {
            name: ",".join("?" * len(values))
            for name, values in (("issues", filters.issues), ("sections", filters.sections))
        }
        rows = self._db.execute(
            f"""SELECT issue_id, articles.id,
                       (? OR issue_id IN ({marks["issues"]}))
                       AND (? OR section IN ({marks["sections"]}))
                       AND (? IS NULL OR coalesce(articles.date, issues.date) >= ?)
                       AND (? IS NULL OR coalesce(articles.date, issues.date) <= ?)
                FROM articles JOIN issues ON issues.id = issue_id ORDER BY articles.id""",
            (
                not filters.issues,
                *filters.issues,
                not filters.sections,
                *filters.sections,
                *(iso(day) for day in (filters.first, filters.first, filters.last, filters.last)),
            ),
        ).fetchall()
        partly = {issue_id for issue_id, _, left in rows if not left}
        return Within(
            issues=tuple(dict.fromkeys(row[0] for row in rows if row[0] not in partly)),
            articles=tuple(id_ for issue_id, id_, left in rows if left and issue_id in partly),
        )

    def filed(self, issue_id: str) -> dict[str, tuple[str | None, date | None]]:
        """Return what filters look at in an issue: article id to section, and day or None."""
        rows = self._db.execute(
            """SELECT articles.id, section, coalesce(articles.date, issues.date)
               FROM articles JOIN issues ON issues.id = issue_id WHERE issue_id = ?""",
            (issue_id,),
        )
        return {article_id: (section, _day(day)) for article_id, section, day in rows}

    def told(self) -> dict[str, str | int | None]:
        """Return what an answer tells of the archive it was found in."""
        summary = self._summary()
        return {
            "version": summary.stamp[:16],
            "issues": summary.n_issues,
            "passages": summary.n_passages,
            "latest": summary.latest,
        }

    def n_passages(self) -> int:
        """Return how many passages are kept."""
        return self._summary().n_passages

    def searched(self, passage_ids: Sequence[str]) -> list[str]:
        """Return what passages are searched by, folded, in the order of the ids.

        Raises:
            NotInArchiveError: If one of them is not kept.
        """
        found = dict(self._each("SELECT id, searched FROM passages WHERE id", passage_ids))
        return [found[passage_id] for passage_id in passage_ids]

    def _each(self, select: str, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the rows that a statement, which ends in an id's column, gives for these ids.

        The id is the first column.

        Raises:
            NotInArchiveError: If there is no row for one of them.
        """
        rows: list[tuple[Any, ...]] = []
        for at in range(0, len(ids), _BATCH):
            batch = tuple(ids[at : at + _BATCH])
            rows += self._db.execute(f"{select} IN ({','.join('?' * len(batch))})", batch)
        found = {row[0] for row in rows}
        missing = next((wanted for wanted in ids if wanted not in found), None)
        if missing is not None:
            raise NotInArchiveError(missing)
        return rows

    def iter_passages(
        self, issue_ids: Sequence[str] | None = None
    ) -> Iterator[tuple[str, str, str]]:
        """Yield (passage id, text, what it is searched by, folded) in the order of ids.

        Args:
            issue_ids: Whose passages, sorted by these ids with `/` behind them; None is all.
        """
        if issue_ids is None:
            everything = "SELECT id, text, searched FROM passages ORDER BY id"
            selects: Iterable[sqlite3.Cursor] = [self._db.execute(everything)]
        else:
            select = f"SELECT id, text, searched FROM passages WHERE {_OF_ISSUE} ORDER BY id"
            selects = (self._db.execute(select, _bounds(one)) for one in issue_ids)
        for rows in selects:
            for row in rows:  # noqa: UP028  # it would close the rows, maybe after the archive
                yield row

    def n_passages_of(self, issue_id: str) -> int:
        """Return how many passages an issue has; 0 where there is no such issue."""
        row = self._db.execute(
            f"SELECT count(*) FROM passages WHERE {_OF_ISSUE}", _bounds(issue_id)
        ).fetchone()
        return int(row[0])

    def size_of(self, issue_id: str) -> tuple[int, int]:
        """Return how many articles and how many passages an issue has."""
        row = self._db.execute(
            "SELECT count(*) FROM articles WHERE issue_id = ?", (issue_id,)
        ).fetchone()
        return int(row[0]), self.n_passages_of(issue_id)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one state of the archive throughout, whatever others write meanwhile.

        Raises:
            ArchiveError: If the file turns out to be damaged.
        """
        outer = self._db.in_transaction
        try:
            if not outer:
                self._db.execute("BEGIN")
            try:
                yield
            finally:
                if not outer and self._db.in_transaction:
                    self._db.execute("ROLLBACK")  # nothing was written
        except _DAMAGED as exc:
            raise ArchiveError(str(self.path), str(exc)) from exc

    def verify(self) -> list[Mismatch]:
        """Return every kept text that its ranges in the kept source do not give, exactly.

        Where the text is one that was extracted, it is extracted again and compared.
        """
        wrong: list[Mismatch] = []
        for row in self.issues():
            issue = self.issue(row.id)
            text = issue.source.text
            wrong += _extracted_otherwise(row.id, issue.source)
            for article in issue.articles:
                pieces = [
                    (article.id, part)
                    for part in (article.headline, article.subtitle, article.kicker)
                    if part
                ]
                pieces += [(p.id, Printed(p.text, p.ranges)) for p in article.passages]
                for name, piece in pieces:
                    found = text_at(text, piece.ranges)
                    if found != piece.text:
                        wrong.append(Mismatch(name, piece.text, found))
        return wrong


def _extracted_otherwise(issue_id: str, source: Source) -> list[Mismatch]:
    """Return where a file that is no plain text gives another text now than is kept."""
    from corpus.sources import source_of

    if source.extracted is None:
        return []
    try:
        found = source_of(source.data, name=source.name, reader=source.encoding).text
    except BulletinError as exc:
        found = str(exc)
    text = source.text
    if found == text:
        return []
    at = next((n for n, (a, b) in enumerate(zip(text, found, strict=False)) if a != b), 0)
    return [Mismatch(issue_id, text[at : at + _SHOWN], found[at : at + _SHOWN])]


def searched_text(passage: Passage, article: Article) -> str:
    """Return what a passage is searched by: its article's headline, what it is, its own words."""
    headline = article.headline.text if article.headline else ""
    told = "照片 图片" if article.kind == "photo" else ""
    if told and (is_credit(passage.text) or SHOT_AT_END.search(passage.text)):
        told += " 拍摄 摄影"  # who photographed is told here, not in the captions
    return "\n".join(part for part in (headline, told, passage.text) if part)


def _connected(where: str | Path, *, uri: bool = False) -> sqlite3.Connection:
    """Return a connection that may be handed from thread to thread, one at a time."""
    return sqlite3.connect(
        where, timeout=30, isolation_level=None, uri=uri, check_same_thread=False
    )


def _prepared(connection: sqlite3.Connection, path: str) -> sqlite3.Connection:
    """Return the connection set up, the tables made where the file is new."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.execute("PRAGMA journal_mode = WAL")
        version = _made_once(connection)
    if version in range(1, _VERSION):
        _migrate(connection, path)
    elif version != _VERSION:
        connection.close()
        raise ArchiveError(
            path,
            f"has format {version}, expected {_VERSION}",
            "Use the version of bulletin that made it, or add the files to a new archive.",
        )
    return connection


def _migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring an older archive to this version, in one transaction."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]  # another may have done it
        steps = [one for step in range(found + 1, _VERSION + 1) for one in _MIGRATIONS[step]]
        for statement in [*steps, f"PRAGMA user_version = {_VERSION}"]:
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
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")
    return version or _VERSION


def _bounds(issue_id: str) -> tuple[str, str]:
    """Return what the ids of an issue's passages lie between: all begin with it and a slash."""
    return f"{issue_id}/", f"{issue_id}0"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _ranges(pairs: Sequence[Sequence[int]]) -> Ranges:
    return tuple((pair[0], pair[1]) for pair in pairs)


def _passage(passage_id: str, text: str, ranges: str, boxes: str) -> Passage:
    placed = tuple(Box(*box) for box in json.loads(boxes))
    return Passage(passage_id, text, _ranges(json.loads(ranges)), placed)


def _dump(piece: Printed) -> list[object]:
    return [piece.text, piece.ranges]


def _dump_json(piece: Printed | None) -> str | None:
    return json.dumps(_dump(piece), ensure_ascii=False) if piece else None


def _load(pair: Sequence[object]) -> Printed:
    text, ranges = pair
    return Printed(str(text), _ranges(ranges))  # type: ignore[arg-type]  # JSON keeps no types


def _load_json(text: str | None) -> Printed | None:
    return _load(json.loads(text)) if text else None
