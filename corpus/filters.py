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
        first: The first day, by the article's date, else its issue's; None is from the start.
        last: The last day; None is to the end. What bears no date is left out where a day is set.
    """

    issues: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.issues or self.sections or self.first or self.last)


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

    @property
    def prefixes(self) -> list[str]:
        """What the ids of all passages that are left begin with, and no other's do."""
        return [f"{one}/" for one in (*self.issues, *self.articles)]
