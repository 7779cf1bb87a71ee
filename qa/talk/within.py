"""Which issues are asked once more: those of a time that is named, and the newest of very many.

Of hundreds of issues that print a figure each month a search finds some; the newest, and those of
the time that is asked of, are looked for by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.rows import IssueRow
from qa.quoting.days_told import Period
from qa.quoting.periods import TOLD_WITHIN, day_of
from qa.talk.issues import issued, newest_first

_SOME, _MANY = 8, 128  # the newest issues that are looked at, at first and then


def newer_than(archive: Archive, day: str, filters: Filters | None) -> Iterator[Filters]:
    """Yield filters that leave the newest issues after a day: a few, then more, then all."""
    rows = list(takewhile(lambda row: issued(row) > day, newest_first(archive)))
    for start, end in ((0, _SOME), (_SOME, _MANY), (_MANY, len(rows))):
        if found := _only(rows[start:end], filters):
            yield found


def newest_day(archive: Archive) -> date | None:
    """Return the day of the newest issue; None where there is none, or it has no day."""
    rows = newest_first(archive)
    return day_of(issued(rows[0])) if rows else None


def issued_about(archive: Archive, period: Period, filters: Filters | None) -> Filters | None:
    """Return filters that leave the issues of a time, and of the weeks after, which tell of it."""
    until = period.last + timedelta(days=TOLD_WITHIN)
    return _issued_from_to(archive, period.first, until, filters)


def issued_by(archive: Archive, day: date, filters: Filters | None) -> Filters | None:
    """Return filters that leave the issues up to a day."""
    return _issued_from_to(archive, date.min, day, filters)


def _issued_from_to(
    archive: Archive, first: date, last: date, filters: Filters | None
) -> Filters | None:
    rows = [(row, day_of(issued(row))) for row in newest_first(archive)]
    return _only([row for row, day in rows if day and first <= day <= last], filters)


def _only(rows: Sequence[IssueRow], filters: Filters | None) -> Filters | None:
    ids: Iterable[str] = (row.id for row in rows)
    if filters and filters.issues:
        ids = (one for one in ids if one in filters.issues)
    kept = tuple(ids)
    return replace(filters or Filters(), issues=kept) if kept else None
