"""Copies of an archive, and what may be wrong with one.

A backup is one SQLite file, made while others read and write, and written beside its place and
renamed: it is whole or it is not there. Derived indexes are in none; they are made anew.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from corpus.archive import Archive
from corpus.connection import connected, format_of
from corpus.errors import ArchiveError, BulletinError, MissingExtraError, SourceError
from corpus.reader import read_again
from corpus.rows import digest_of, searched_texts
from corpus.schema import FILE_NAME
from corpus.text import fold
from corpus.types import READER_VERSION, iso

_THERE = "is there already"
_REPLACE = "Use --replace to put the new one in its place."


def damage(archive: Archive) -> list[str]:
    """Return what is wrong with the database of an archive, one line each; none if it is whole.

    Looked at are SQLite's own pages and indexes, the SHA-256 of each kept file with its sidecar,
    whether name, date, number and title are what these tell, and whether each passage is searched
    by what it says.

    Raises:
        ArchiveError: If it is too damaged to be read through.
    """
    found: list[str] = []
    with archive.reading():
        for (line,) in archive.connection.execute("PRAGMA integrity_check"):
            found += [] if line == "ok" else [f"database: {line}"]
        for row in archive.connection.execute("PRAGMA foreign_key_check"):
            found.append(f"database: a row of {row[0]} belongs to nothing")
        for issue_id, sha256 in archive.connection.execute(
            "SELECT id, sha256 FROM issues ORDER BY id"
        ):
            kept = archive.source(issue_id)
            if digest_of(kept.data, sidecar=kept.sidecar, options=kept.options) != sha256:
                found.append(f"{issue_id}: the kept file, or what was told of it, was altered")
        for row in archive.issues():
            found += _searched_otherwise(archive, row.id)
            found += _told_otherwise(archive, row.id)
    return found


def _searched_otherwise(archive: Archive, issue_id: str) -> list[str]:
    kept = {passage_id: searched for passage_id, _, searched in archive.iter_passages([issue_id])}
    return [
        f"{passage.id}: is searched by other words than it has"
        for article in archive.issue(issue_id).articles
        for passage, searched in searched_texts(article)
        if kept.get(passage.id) != fold(searched)
    ]


def _told_otherwise(archive: Archive, issue_id: str) -> list[str]:
    """Return what is kept of an issue as a whole and is not what its file and sidecar tell.

    Nothing is said of one that another version of the reader read, or whose text is extracted
    otherwise now, which `Archive.verify` tells.
    """
    if archive.reader_of(issue_id) != READER_VERSION:
        return []
    kept = archive.issue(issue_id)
    try:
        read = read_again(kept.source, issue_id=issue_id)
    except SourceError as exc:
        return [f"{issue_id}: the kept file cannot be read: {exc.problem}"]
    except MissingExtraError as exc:
        return [f"{issue_id}: the kept file cannot be read: {exc}"]
    if read.source.text != kept.source.text:
        return []
    return [
        f"{issue_id}: {name} is {was!r}, its file and sidecar tell {tell!r}"
        for name, was, tell in (
            ("name", kept.name, read.name),
            ("date", iso(kept.date), iso(read.date)),
            ("number", kept.number, read.number),
            ("title", kept.title, read.title),
        )
        if was != tell
    ]


def back_up(archive: Archive, file: Path, *, replace: bool = False) -> None:
    """Write one file that holds all that is kept, of one moment, while others go on.

    Args:
        archive: What to copy.
        file: Where to.
        replace: Whether a file that is there may be replaced.

    Raises:
        ArchiveError: If there is such a file, or it cannot be written; nothing is changed then.
    """
    if file.exists() and not replace:
        raise ArchiveError(str(file), _THERE, _REPLACE)
    _copy_beside(archive.connection, file, journal="DELETE")  # one file, with nothing beside it


def migrate(folder: Path, backup: Path) -> None:
    """Bring an archive of an older format to this one, after a copy was made as it is.

    Args:
        folder: The archive's folder.
        backup: Where the copy goes; there must be nothing yet.

    Raises:
        ArchiveError: If the copy cannot be written or the archive not brought up; it is then as
            it was.
    """
    if backup.exists():
        raise ArchiveError(str(backup), _THERE, "Name another file with --backup.")
    format_of(folder)
    try:
        with closing(connected(folder / FILE_NAME)) as kept:
            _copy_beside(kept, backup, journal="DELETE")
    except sqlite3.Error as exc:
        raise ArchiveError(str(folder), str(exc)) from exc
    with Archive.open(folder) as archive:
        if wrong := damage(archive):
            raise ArchiveError(
                str(folder), f"is damaged: {wrong[0]}", f"As it was, it is in {backup}."
            )


def restore(file: Path, folder: Path, *, replace: bool = False) -> None:
    """Make an archive of a backup; there is the old archive or the new one, whole.

    Args:
        file: What `back_up` wrote.
        folder: The archive's folder.
        replace: Whether an archive that is there may be replaced.

    Raises:
        ArchiveError: If the backup is damaged, there is an archive, or it cannot be written.
    """
    target = folder / FILE_NAME
    if target.exists() and not replace:
        raise ArchiveError(str(folder), _THERE, _REPLACE)
    with Archive.open_file(file) as backup:
        if wrong := _first_wrong(backup):
            raise ArchiveError(str(file), f"is damaged: {wrong}", "Use another backup.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise ArchiveError(str(folder), str(exc)) from exc
        if target.exists() and _copied_into(backup.connection, target):
            return
        for suffix in ("-wal", "-shm"):  # of a file that is no database any more
            with suppress(OSError):
                target.with_name(target.name + suffix).unlink()
        _copy_beside(backup.connection, target, journal="WAL")


def _first_wrong(backup: Archive) -> str | None:
    """Return what is wrong with a backup, the first thing that shows, or None.

    What is damaged may be no text, no JSON, no day or lead nowhere: whatever reading it raises
    is what is wrong.
    """
    try:
        found = damage(backup) or [f"{one.id}: differs" for one in backup.verify()]
    except BulletinError as exc:
        return str(exc.__cause__ or exc)
    except (sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError) as exc:
        return f"cannot be read through: {exc}"
    return found[0] if found else None


def _copied_into(source: sqlite3.Connection, target: Path) -> bool:
    """Replace what a database holds in one transaction; False if it cannot be used as one.

    Those who read it go on reading what was there.

    Raises:
        ArchiveError: If it cannot be written.
    """
    try:
        with closing(sqlite3.connect(target, timeout=30)) as kept:
            source.backup(kept)
    except sqlite3.OperationalError as exc:
        raise ArchiveError(str(target.parent), str(exc)) from exc
    except sqlite3.DatabaseError:
        return False
    return True


def _copy_beside(source: sqlite3.Connection, target: Path, *, journal: str) -> None:
    """Write a database to a new file and rename it to its place.

    Raises:
        ArchiveError: If it cannot be written.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        source.execute("VACUUM INTO ?", (str(fresh),))  # what was removed takes no room in it
        with closing(sqlite3.connect(fresh, isolation_level=None)) as copy:
            copy.execute(f"PRAGMA journal_mode = {journal}")
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        fresh.replace(target)
    except (OSError, sqlite3.Error) as exc:
        raise ArchiveError(str(target), str(exc)) from exc
    finally:
        with suppress(OSError):
            for suffix in ("", "-journal", "-wal", "-shm"):
                fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
