"""Days as a person writes them where something is narrowed: a year, a month or a day."""

from __future__ import annotations

import calendar
import re
from datetime import date

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
