"""Connections to the archive's file, also where it may only be read, and its journal."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus.errors import ArchiveError
from corpus.schema import FILE_NAME, VERSION, another_format, prepared

DAMAGED = (sqlite3.Error, UnicodeDecodeError, json.JSONDecodeError)
"""What is raised where a file turns out to be damaged."""
_NO_ROOM = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)


def connected(where: str | Path, *, uri: bool = False) -> sqlite3.Connection:
    """Return a connection that may be handed from thread to thread, one at a time."""
    return sqlite3.connect(
        where, timeout=30, isolation_level=None, uri=uri, check_same_thread=False
    )


def opened(folder: Path, *, create: bool) -> tuple[sqlite3.Connection, bool]:
    """Return a connection to the archive in a folder, and whether it is fixed, see `Archive`.

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
            raise _not_there(folder)
        connection = connected(file)
        try:
            return prepared(connection, str(folder)), False
        except sqlite3.OperationalError as exc:
            if create or not _takes_no_journal(folder, exc):
                raise
            connection.close()
            return _read_only(file, folder)
    except (OSError, *DAMAGED) as exc:
        raise ArchiveError(str(folder), str(exc)) from exc


def _takes_no_journal(folder: Path, error: sqlite3.Error) -> bool:
    """Tell whether a folder may only be read, or is on a full disk and its file holds it all."""
    if not os.access(folder, os.W_OK):
        return True
    journal = folder / f"{FILE_NAME}-wal"
    is_whole = not journal.exists() or not journal.stat().st_size
    return is_whole and error.sqlite_errorcode & 0xFF in _NO_ROOM


def _read_only(file: Path, folder: Path) -> tuple[sqlite3.Connection, bool]:
    where = f"{file.resolve().as_uri()}?mode=ro"
    try:  # beside a writer whose journal is there
        return prepared(connected(where, uri=True), str(folder)), False
    except sqlite3.OperationalError:
        return prepared(connected(f"{where}&immutable=1", uri=True), str(folder)), True


def opened_file(file: Path) -> sqlite3.Connection:
    """Return a connection that reads a file which nobody writes to, see `Archive.open_file`.

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
        return prepared(connection, str(file))
    except DAMAGED as exc:
        raise ArchiveError(str(file), str(exc)) from exc


def format_of(folder: Path) -> int:
    """Return the format of the archive in a folder, which is not touched.

    Raises:
        ArchiveError: If there is none, or it cannot be read.
    """
    file = folder / FILE_NAME
    if not file.is_file():
        raise _not_there(folder)
    where = f"{file.resolve().as_uri()}?mode=ro"
    try:
        try:
            version = _version_at(where)
        except sqlite3.OperationalError:  # a folder that may only be read takes no journal
            version = _version_at(f"{where}&immutable=1")
    except sqlite3.Error as exc:
        raise ArchiveError(str(folder), str(exc)) from exc
    if not 1 <= version <= VERSION:
        raise another_format(str(folder), version)
    return version


def _version_at(where: str) -> int:
    with closing(connected(where, uri=True)) as db:
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def _not_there(folder: Path) -> ArchiveError:
    return ArchiveError(str(folder), "is not there", "Make it with `bulletin add FILE`.")


def journal_emptied(connection: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into its file and cut it to nothing; return whether that was done.

    It waits for nobody: as long as another reads what is in the log, nothing can be cut.
    """
    with waiting_for_nobody(connection):
        try:
            (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error:  # it may only be read, or this connection is in a transaction
            return False
    return not is_busy


@contextmanager
def waiting_for_nobody(connection: sqlite3.Connection) -> Iterator[None]:
    """Have a connection fail at once where another has the file."""
    (patience_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience_ms}")
