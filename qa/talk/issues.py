"""The issues of an archive in the order of their days."""

from __future__ import annotations

from corpus.archive import Archive
from corpus.rows import IssueRow, issued_on


def newest_first(archive: Archive) -> list[IssueRow]:
    """Return the issues, the newest first; one without a day counts by an id that has a year."""
    return sorted(archive.issues(), key=lambda row: (issued(row), row.id), reverse=True)


def issued(row: IssueRow) -> str:
    """Return when an issue is of, as `corpus.rows.Place.issued`."""
    return issued_on(row.date, row.id)
