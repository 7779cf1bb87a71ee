"""Days as a person writes them, where something is narrowed or named: a year, a month or a day."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import date

_BEGINNING = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?!\d)", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def day_of(text: str, *, last: bool) -> date:
    """Return the first or last day of a year, a month or a day, as it is written.

    Raises:
        ValueError: If it is none of them.

    >>> day_of("2024-02", last=True)
    datetime.date(2024, 2, 29)
    """
    written = _DAY.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is no year, month or day")
    year, month, day = (int(part) if part else 0 for part in written.groups())
    month = month or (12 if last else 1)
    return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))


def span_of(issued: str) -> tuple[date, date] | None:
    """Return the first and last day of when an issue is of, as `Place.issued`; None for no such.

    >>> span_of("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    begins = _BEGINNING.match(issued)
    with suppress(ValueError):
        return begins and (day_of(begins[0], last=False), day_of(begins[0], last=True))
    return None
