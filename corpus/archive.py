"""The archive: SQLite holds the source bytes and all that was read from them.

Vector and lexical indexes are derived from it and stamped with `Archive.stamp`, which changes
with every issue added, replaced or removed. Writing is one transaction an issue: after a power
cut there is the old archive or the new one. Readers go on while a writer writes (WAL).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from corpus import keeping, reading
from corpus.connection import (
    DAMAGED,
    connected,
    journal_emptied,
    opened,
    opened_file,
    waiting_for_nobody,
)
from corpus.errors import ArchiveError, NotInArchiveError, UnknownFilterError
from corpus.filters import Filed, Filters, Within
from corpus.kept_out import KeptOut, keep_out, kept_out, let_in
from corpus.recent import Recent, UntilChange
from corpus.rows import IssueRow, Mismatch, Place, Summary, digest_of
from corpus.schema import FILE_NAME, VERSION, another_format, prepared
from corpus.types import READER_VERSION, Article, Issue, Source

log = logging.getLogger(__name__)

Outcome = Literal["added", "replaced", "unchanged"]


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
        kept = UntilChange(connection, partial(reading.kept, connection))
        self._kept = kept
        self._summed = UntilChange(connection, lambda: reading.summary(connection, stamp=kept()[0]))
        self._listed = UntilChange(connection, partial(reading.issue_rows, connection))
        self._lately = UntilChange(connection, partial(Recent, connection))
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
        connection, is_fixed = opened(folder, create=create)
        return cls(connection, folder, is_fixed=is_fixed)

    @classmethod
    def open_file(cls, file: Path) -> Self:
        """Open a database file that nobody writes to, as a backup is, for reading.

        One of an older format is copied and the copy brought up; the file stays as it is.

        Raises:
            ArchiveError: If there is none, or it cannot be used.
        """
        return cls(opened_file(file), None)

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
                for found in (self._kept, self._summed, self._listed, self._lately):
                    found.forget()
                if self._db.in_transaction:  # a full disk has undone it already
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as exc:
            full = " (its disk may be full)" if self.is_fixed else ""
            raise ArchiveError(str(self.path), f"{exc}{full}") from exc

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
                keeping.check_alike(self._db, issue, kept_as=kept[2])
            before = keeping.told_otherwise(self._db, issue)
            for issue_id in (issue.id, *before):
                self._db.execute("DELETE FROM issues WHERE id = ?", (issue_id,))
            keeping.insert(self._db, issue, digest)
            let_in(self._db, issue.id, source)
        return "replaced" if kept or before else "added"

    def told_otherwise(self, issue: Issue) -> list[str]:
        """Return the other ids as which the file of an issue is kept, told of it otherwise."""
        return keeping.told_otherwise(self._db, issue)

    def same_bytes(self, issue: Issue) -> dict[str, str]:
        """Return the other issues that are kept of the same bytes: id to file name."""
        return keeping.same_bytes(self._db, issue)

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
        with waiting_for_nobody(self._db):
            try:
                self._db.execute("BEGIN IMMEDIATE")  # so that it stays the same state meanwhile
            except sqlite3.Error:
                return False
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
        return self._summed()

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
        return list(self._listed())

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

    def issue_told(self, issue_id: str) -> tuple[str, str | None, date | None, str | None]:
        """Return the id, name, day and number of an issue that is kept."""
        return reading.issue_told(self._db, issue_id)

    def article(self, article_id: str) -> Article:
        """Return an article with its passages.

        Raises:
            NotInArchiveError: If there is no such article.
        """
        return reading.article(self._db, article_id)

    def articles_by(self, name: str) -> list[str]:
        """Return the ids of the articles that a name signs, those of the newest issue first."""
        return reading.articles_by(self._db, name)

    def articles_titled(self, words: str) -> list[tuple[str, str]]:
        """Return ids and headlines of the articles whose headline has some words, the newest first.

        The words are as printed.
        """
        return reading.articles_titled(self._db, words)

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
        return reading.passages(self._db, issue_ids)

    def n_passages_of(self, issue_id: str) -> int:
        """Return how many passages an issue has; 0 where there is no such issue."""
        return reading.n_passages_of(self._db, issue_id)

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
        except DAMAGED as exc:
            raise ArchiveError(str(self.path), str(exc)) from exc

    def verify(self) -> list[Mismatch]:
        """Return every kept text that its ranges in the kept source do not give, exactly.

        Where the text is one that was extracted, it is extracted again and compared.
        """
        return [wrong for row in self.issues() for wrong in reading.mismatches(self.issue(row.id))]
