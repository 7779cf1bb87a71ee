"""The words that tell a time, for all who read one.

Each reads what it needs: `qa.query` the years and months of a question that the day of an issue may
meet, `qa.quoting.conditions` all that a text names, to tell that it is of others, and
`qa.quoting.days_told` the times of a text as days; `qa.talk.times` writes another in its place.
"""

from __future__ import annotations

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
"""The months in English, lower case."""

MONTH_EN = "|".join(MONTHS)
"""A pattern of them."""

MONTH_BEGINS_EN = "|".join(name[:3] for name in MONTHS)
"""A pattern of how they begin, and are shortened."""

ALSO_VERBS = ("march", "may")
"""Those of them that are other words too."""

NO_MONTH = "(?![薪球亮饼历经票台嫂嘉入龄子])"
"""A pattern of what stands behind 月 in other words."""

PART_OF_YEAR = "(?:第?[一二三四]季度|前[一二三两]季度|[上下]半年)"
"""A pattern of quarters and halves of a year."""

YEARS_FROM_NOW = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "当年": 0, "明年": 1}
"""Years told from that of the issue, and how many before or after it."""


def month_of(name: str) -> int:
    """Return the number of a month by its English name, whole or shortened.

    >>> month_of("August"), month_of("sept.")
    (8, 9)
    """
    return next(n for n, month in enumerate(MONTHS, start=1) if name[:3].lower() == month[:3])
