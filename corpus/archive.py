"""The archive: SQLite holds the source bytes and all that was read from them.

Vector and lexical indexes are derived from it and stamped with `Archive.stamp`, which changes
with every issue added, replaced or removed. Writing is one transaction an issue: after a power
cut there is the old archive or the new one. Readers go on while a writer writes (WAL).
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from corpus import reading
from corpus.errors import (
    ArchiveError,
    IssueConflictError,
    NotInArchiveError,
    UnknownFilterError,
)
from corpus.filters import Filed, Filters, Within
from corpus.kept_out import KeptOut, keep_out, kept_out, let_in
from corpus.recent import Recent
from corpus.rows import (
    IssueRow,
    Mismatch,
    Place,
    article_rows,
    digest_of,
    digest_told,
    furniture_text,
    options_text,
    passage_rows,
)
from corpus.schema import (
    FILE_NAME,
    VERSION,
    another_format,
    connected,
    journal_emptied,
    prepared,
)
from corpus.text import squeeze
from corpus.types import READER_VERSION, Article, Issue, Source, iso

log = logging.getLogger(__name__)

_LIKE_ENOUGH, _LIKE_ENOUGH_RENAMED = 0.2, 0.5
"""What share of a kept issue's passages a file has that corrects it, of its name and of another."""

_DAMAGED = (sqlite3.Error, UnicodeDecodeError, json.JSONDecodeError)
_VERSIONS = "SELECT id, substr(sha256, 1, 16) || ' ' || reader FROM issues ORDER BY id"
_OF_ISSUE = "id > ? AND id < ?"

Outcome = Literal["added", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Summary:
    """The archive as a whole.

    Attributes:
        stamp: As of the archive.
        n_issues: How many issues are kept.
        n_passages: How many passages they have.
        first: The id of the first issue by day, or by id where no day is known; or None.
        latest: The id of the last, or None.
        name: The bulletin's name, as the last issue that has one tells it, or None.
        names: The names of all publications that have issues in it, sorted.
    """

    stamp: str
    n_issues: int
    n_passages: int
    first: str | None
    latest: str | None
    name: str | None
    names: tuple[str, ...]


class Archive:
    """The issues that are kept. Open one with `Archive.open`; use it in a `with` block.

    It may be handed from thread to thread, but not used by two at one time.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path | None, *, is_fixed: bool = False
    ) -> None:
        """Hold an open connection.

        Args:
            connection: To the database.
            path: The archive's folder, or None for one in memory.
            is_fixed: Whether it sees nothing of what others write, and must be opened anew then:
                the folder may only be read, and no writer has left what tells of changes.
        """
        self._db = connection
        self.path = path
        self.is_fixed = is_fixed
        self._recent = Recent(connection)
        self._recent_of: object = None
        self._summed: tuple[object, Summary] | None = None
        self._listed: tuple[object, list[IssueRow]] | None = None
        self._read: tuple[object, str, dict[str, str]] | None = None
        self._has_written = False

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
            connection = connected(file)
            try:
                return cls(prepared(connection, str(folder)), folder)
            except sqlite3.OperationalError:
                if create or os.access(folder, os.W_OK):
                    raise
                connection.close()  # a folder that may only be read takes no journal
                return cls._read_only(file, folder)
        except (OSError, *_DAMAGED) as exc:
            raise ArchiveError(str(folder), str(exc)) from exc

    @classmethod
    def _read_only(cls, file: Path, folder: Path) -> Self:
        where = f"{file.resolve().as_uri()}?mode=ro"
        try:  # beside a writer whose journal is there
            return cls(prepared(connected(where, uri=True), str(folder)), folder)
        except sqlite3.OperationalError:
            connection = connected(f"{where}&immutable=1", uri=True)
            return cls(prepared(connection, str(folder)), folder, is_fixed=True)

    @classmethod
    def open_file(cls, file: Path) -> Self:
        """Open a database file that nobody writes to, as a backup is, for reading.

        One of an older format is copied and the copy brought up; the file stays as it is.

        Raises:
            ArchiveError: If there is none, or it cannot be used.
        """
        where = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            connection = connected(where, uri=True)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if not version:
                raise ArchiveError(str(file), "is no archive")
            if version < VERSION:  # brought up in a copy that is gone with the connection
                with closing(connection) as old:
                    connection = connected("")
                    old.backup(connection)
            return cls(prepared(connection, str(file)), None)
        except _DAMAGED as exc:
            raise ArchiveError(str(file), str(exc)) from exc

    @classmethod
    def in_memory(cls, issues: Sequence[Issue] = ()) -> Self:
        """Return an archive that is gone with the process, holding the issues."""
        archive = cls(prepared(connected(":memory:"), ":memory:"), None)
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
        """Close the connection; what it wrote goes from the journal to the file where it can."""
        if self._has_written:
            journal_emptied(self._db)
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
                self._has_written = True
            except BaseException:
                self._summed = self._listed = self._read = self._recent_of = None
                if self._db.in_transaction:  # a full disk has undone it already
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as exc:
            raise ArchiveError(str(self.path), str(exc)) from exc

    def add(self, issue: Issue, *, replace: bool = False) -> Outcome:
        """Keep an issue, in one transaction; the same file with the same sidecar changes nothing.

        A corrected file replaces the issue of its id everywhere, and the same file of which another
        id is told now the issue it was before.

        Args:
            issue: What was read.
            replace: Whether to replace an issue that the new one does not resemble.

        Raises:
            IssueConflictError: If an issue of this id shares hardly a passage with it.
            ArchiveError: If the archive cannot be written.
        """
        source = issue.source
        digest = digest_of(source.data, sidecar=source.sidecar, options=source.options)
        with self._writing():
            kept = self._db.execute(
                "SELECT sha256, reader, source_name FROM issues WHERE id = ?", (issue.id,)
            ).fetchone()
            if kept and kept[:2] == (digest, READER_VERSION):
                return "unchanged"
            if kept and kept[0] != digest and not replace:
                self._check_alike(issue, kept_as=kept[2])
            before = self.told_otherwise(issue)
            for issue_id in (issue.id, *before):
                self._db.execute("DELETE FROM issues WHERE id = ?", (issue_id,))
            self._insert(issue, digest)
            let_in(self._db, issue.id, source)
        return "replaced" if kept or before else "added"

    def told_otherwise(self, issue: Issue) -> list[str]:
        """Return the other ids as which the file of an issue is kept, told of it otherwise.

        Only a file of the same name and bytes is the same, and only where the sidecar or the
        options are others.
        """
        source = issue.source
        rows = self._db.execute(
            """SELECT id FROM issues JOIN files ON issue_id = id
               WHERE source_name = ? AND id != ? AND source = ?
               AND (sidecar IS NOT ? OR options != ?) ORDER BY id""",
            (source.name, issue.id, source.data, source.sidecar, options_text(source.options)),
        )
        return [issue_id for (issue_id,) in rows]

    def same_bytes(self, issue: Issue) -> dict[str, str]:
        """Return the other issues that are kept of the bytes of an issue's file: id to file name.

        What a sidecar tells sets a file apart, as long as the other has not the same.
        """
        source = issue.source
        digest = hashlib.sha256(source.data).digest()
        told = [text for (text,) in self._db.execute("SELECT DISTINCT options FROM issues")]
        digests = {
            digest_told(digest, sidecar=sidecar, told=text)
            for sidecar in (None, source.sidecar)
            for text in told
        }
        rows = self._db.execute(
            """SELECT id, source_name FROM issues WHERE id != ?
               AND sha256 IN (SELECT value FROM json_each(?)) ORDER BY id""",
            (issue.id, json.dumps(list(digests))),
        )
        return dict(rows.fetchall())

    def _check_alike(self, issue: Issue, *, kept_as: str) -> None:
        rows = self._db.execute(
            """SELECT text FROM passages JOIN articles ON articles.id = article_id
               WHERE issue_id = ?""",
            (issue.id,),
        )
        old = {squeeze(text) for (text,) in rows}
        shared = len(old & {squeeze(passage.text) for passage in issue.passages})
        least = _LIKE_ENOUGH if kept_as == issue.source.name else _LIKE_ENOUGH_RENAMED
        if shared < least * len(old):
            raise IssueConflictError(issue.source.name, issue.id, shared=shared, kept=len(old))

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
                source.encoding,
                digest,
                READER_VERSION,
                datetime.now(UTC).isoformat(timespec="seconds"),
                furniture_text(issue),
                issue.title,
                options_text(source.options),
            ),
        )
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?)",
            (issue.id, source.extracted, source.sidecar, source.data),
        )
        self._db.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", article_rows(issue)
        )
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", passage_rows(issue)
        )

    def remove(self, issue_id: str, *, for_good: bool = False) -> None:
        """Forget an issue and all that was read from it.

        Args:
            issue_id: Its id.
            for_good: Whether to remember that it is not to be added again, see `kept_out`.

        Raises:
            NotInArchiveError: If there is no such issue.
        """
        with self._writing():
            if for_good:
                keep_out(self._db, issue_id, self.source(issue_id))
            if not self._db.execute("DELETE FROM issues WHERE id = ?", (issue_id,)).rowcount:
                raise NotInArchiveError(issue_id)

    def scrub(self) -> None:
        """Write the file anew, so that nothing of what was removed is left in it.

        It takes as long as a copy, and as much room for a while. SQLite overwrites what is
        deleted, but leaves bytes of rows where it moved them before. Where there is no room, a
        warning tells.
        """
        try:
            self._db.execute("VACUUM")
        except sqlite3.Error as exc:
            log.warning("what was removed may still lie in %s: %s", FILE_NAME, exc)
        self._has_written = True

    def empty_journal(self) -> bool:
        """Bring what was written to the file; return whether nothing is left beside it.

        What others read of it stays until they read a later state: see `renew`.
        """
        if self.path is None:
            return True
        try:
            size = (self.path / f"{FILE_NAME}-wal").stat().st_size
        except OSError:
            return True
        return not size or journal_emptied(self._db)

    def renew(self, reader: Archive) -> bool:
        """Have another connection to the same file read its present state from now on.

        A state that was read since before a checkpoint is read from the journal, which then cannot
        be emptied. Return False, and do nothing, where this one is of another state, or someone
        writes.
        """
        (patience_ms,) = self._db.execute("PRAGMA busy_timeout").fetchone()
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            self._db.execute("BEGIN IMMEDIATE")  # so that it stays the same state meanwhile
        except sqlite3.Error:
            return False
        finally:
            self._db.execute(f"PRAGMA busy_timeout = {patience_ms}")
        try:
            if self.stamp != reader.stamp:
                return False
            reader._db.execute("ROLLBACK")
            reader._db.execute("BEGIN")
            return reader.stamp == self.stamp  # the first look begins the state
        finally:
            self._db.execute("ROLLBACK")

    def kept_out(self) -> list[KeptOut]:
        """Return the issues that were removed for good, by id; one that is added is none of them.

        Whoever adds files heeds it: `add` itself keeps what it is given.
        """
        return kept_out(self._db)

    def refresh(self) -> list[str]:
        """Read again every issue that another version of the reader read; return their ids."""
        from corpus.reader import read_again

        rows = self._db.execute(
            "SELECT id FROM issues WHERE reader != ? ORDER BY id", (READER_VERSION,)
        ).fetchall()
        for (issue_id,) in rows:
            issue = read_again(self.source(issue_id), issue_id=issue_id)
            for problem in issue.ignored:
                log.warning("%s: a correction no longer fits: %s", issue_id, problem)
            for problem in issue.source.faults:
                log.warning("%s: %s", issue_id, problem)
            self.add(issue, replace=True)
        return [issue_id for (issue_id,) in rows]

    def files(self) -> dict[tuple[str, str], str]:
        """Return which issue each file was read to by this reader: (name, digest) to its id.

        The digest is that of `corpus.rows.digest_of`.
        """
        rows = self._db.execute(
            "SELECT source_name, sha256, id FROM issues WHERE reader = ?", (READER_VERSION,)
        )
        return {(name, sha256): issue_id for name, sha256, issue_id in rows}

    def check_format(self) -> None:
        """Check that no other version of bulletin has changed the format since it was opened.

        Raises:
            ArchiveError: If one has.
        """
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found != VERSION:
            raise another_format(str(self.path), found)

    @property
    def stamp(self) -> str:
        """A digest of what is kept; derived indexes are valid while it stays the same."""
        return self._kept()[0]

    def summary(self) -> Summary:
        """Return what is told of the archive as a whole, summed up anew only after a change.

        Summing up goes through all issues and passages, which takes long where there are many.
        """
        changes = self._changes()
        if self._summed is None or self._summed[0] != changes:
            self._summed = changes, self._sum_up()
        return self._summed[1]

    def _sum_up(self) -> Summary:
        stamp, versions = self._kept()
        (n_passages,) = self._db.execute("SELECT count(*) FROM passages").fetchone()
        rows = self._db.execute(f"SELECT id, name FROM issues ORDER BY {reading.ISSUED}, id")
        issues = rows.fetchall()
        return Summary(
            stamp=stamp,
            n_issues=len(versions),
            n_passages=n_passages,
            first=issues[0][0] if issues else None,
            latest=issues[-1][0] if issues else None,
            name=next((name for _, name in reversed(issues) if name), None),
            names=tuple(sorted({name for _, name in issues if name})),
        )

    def _kept(self) -> tuple[str, dict[str, str]]:
        """Return a digest of what is kept, and each issue's version, read anew after a change."""
        changes = self._changes()
        if self._read is None or self._read[0] != changes:
            versions = dict(self._db.execute(_VERSIONS).fetchall())
            told = "\n".join((*versions, *versions.values()))
            self._read = changes, hashlib.sha256(told.encode()).hexdigest(), versions
        return self._read[1:]

    def _lately(self) -> Recent:
        """Return what was read lately, forgotten after a change."""
        changes = self._changes()
        if self._recent_of != changes:
            self._recent.forget()
            self._recent_of = changes
        return self._recent

    def _changes(self) -> object:
        return self._db.execute("PRAGMA data_version").fetchone(), self._db.total_changes

    def versions(self) -> dict[str, str]:
        """Return for each issue's id what changes whenever its passages may have changed."""
        return self._kept()[1]

    def reader_of(self, issue_id: str) -> str | None:
        """Return the version of the reader that read an issue, None where there is no such."""
        row = self._db.execute("SELECT reader FROM issues WHERE id = ?", (issue_id,)).fetchone()
        return row and str(row[0])

    def added(self, issue_id: str) -> str | None:
        """Return when an issue was added, RFC 3339, None where there is no such."""
        row = self._db.execute("SELECT added FROM issues WHERE id = ?", (issue_id,)).fetchone()
        return row and str(row[0])

    @property
    def needs_refresh(self) -> bool:
        """Whether another version of the reader read any issue."""
        row = self._db.execute(
            "SELECT 1 FROM issues WHERE reader != ? LIMIT 1", (READER_VERSION,)
        ).fetchone()
        return row is not None

    def issues(self) -> list[IssueRow]:
        """Return the issues that are kept, oldest id first; read anew only after a change."""
        changes = self._changes()
        if self._listed is None or self._listed[0] != changes:
            self._listed = changes, reading.issue_rows(self._db)
        return list(self._listed[1])

    def source(self, issue_id: str) -> Source:
        """Return the untouched file of an issue.

        Raises:
            NotInArchiveError: If there is no such issue.
        """
        return reading.source(self._db, issue_id)

    def issue(self, issue_id: str) -> Issue:
        """Return an issue with its articles and passages.

        Raises:
            NotInArchiveError: If there is no such issue.
        """
        return reading.issue(self._db, issue_id)

    def issue_date(self, issue_id: str) -> date | None:
        """Return the day of an issue that is kept, or None."""
        return reading.issue_told(self._db, issue_id)[2]

    def article(self, article_id: str) -> Article:
        """Return an article with its passages.

        Raises:
            NotInArchiveError: If there is no such article.
        """
        return reading.article(self._db, article_id)

    def articles_by(self, name: str) -> list[str]:
        """Return the ids of the articles that a name signs, those of the newest issue first."""
        return reading.articles_by(self._db, name)

    def places(self, passage_ids: Sequence[str]) -> list[Place]:
        """Return passages with what stands around them, in the order of the ids.

        Raises:
            NotInArchiveError: If one of them is not kept.
        """
        return list(map(self._lately().place, passage_ids))

    def within(self, filters: Filters) -> Within:
        """Return the part of the archive that filters leave."""
        return reading.within(self._db, filters)

    def check(self, filters: Filters) -> None:
        """Check that each issue that filters name is kept, and each section that of an article.

        Raises:
            UnknownFilterError: If one of them is not there.
        """
        for at, issue_id in enumerate(filters.issues):
            if issue_id not in self.versions():
                raise UnknownFilterError("issue", at, issue_id, sorted(self.versions())[::-1])
        sections = reading.sections(self._db) if filters.sections else []
        for at, section in enumerate(filters.sections):
            if section not in sections:
                raise UnknownFilterError("section", at, section, sections)

    def filed(self, issue_id: str) -> dict[str, Filed]:
        """Return what filters look at in an issue, by article id."""
        return reading.filed(self._db, issue_id)

    def issued(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """Return for passages when their issue is of, as `Place.issued`.

        Raises:
            NotInArchiveError: If one of them is not kept.
        """
        issued = self._lately().issued
        return {one: issued(one) for one in passage_ids}

    def told(self) -> dict[str, str | int | None]:
        """Return what an answer tells of the archive it was found in."""
        summary = self.summary()
        return {
            "version": summary.stamp[:16],
            "issues": summary.n_issues,
            "passages": summary.n_passages,
            "latest": summary.latest,
        }

    def n_passages(self) -> int:
        """Return how many passages are kept."""
        return self.summary().n_passages

    def searched(self, passage_ids: Sequence[str]) -> list[str]:
        """Return what passages are searched by, folded, in the order of the ids.

        Raises:
            NotInArchiveError: If one of them is not kept.
        """
        return list(map(self._lately().searched, passage_ids))

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
        return [wrong for row in self.issues() for wrong in reading.mismatches(self.issue(row.id))]


def _bounds(issue_id: str) -> tuple[str, str]:
    """Return what the ids of an issue's passages lie between: all begin with it and a slash."""
    return f"{issue_id}/", f"{issue_id}0"
