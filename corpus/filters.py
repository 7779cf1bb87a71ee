"""Which part of an archive is looked at: filters as asked for, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """Where to look: each field that is set narrows it, several values of a field widen it.

    Attributes:
        issues: Ids of issues; none means all.
        sections: Names or numbers of pages as printed; none means all.
        first: The first day; None is from the start.
        last: The last day; None is to the end.

    An article lies within the days where its own day does, or its issue's; an issue of which only
    the month or the year is known where all of it does. Where a day is set, what bears none is
    left out.
    """

    issues: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.issues or self.sections or self.has_days)

    @property
    def has_days(self) -> bool:
        """Whether any day is set."""
        return bool(self.first or self.last)

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day, of all days where none is set."""
        return self.first or date.min, self.last or date.max


@dataclass(frozen=True, slots=True)
class Filed:
    """What filters look at in an article.

    Attributes:
        section: Its page, as printed, or None.
        day: Its own day, or None.
        issued: The first and last day of when its issue is of; None where that is not known.
    """

    section: str | None
    day: date | None
    issued: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Within:
    """The part of an archive that filters leave.

    Attributes:
        issues: Ids of issues all of which is left, sorted.
        articles: Ids of articles that are left of other issues, sorted.
        filters: In place of both the filters themselves, for an engine that applies them.
    """

    issues: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    filters: Filters | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is left, as far as is known."""
        return bool(self.issues or self.articles or self.filters)

    def has_article(self, article_id: str) -> bool:
        """Tell whether an article is left."""
        return any(f"{article_id}/".startswith(prefix) for prefix in self.prefixes)

    @property
    def prefixes(self) -> list[str]:
        """What the ids of all passages that are left begin with, and no other's do."""
        return [f"{one}/" for one in (*self.issues, *self.articles)]
