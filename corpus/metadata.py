"""What a file, a sidecar or an option tells of an issue besides its text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is told of an issue, each part None where nothing tells it.

    Attributes:
        id: The issue's id.
        date: The day of publication, ISO 8601: `2021-10-07`.
        title: What the issue is called; of a file of one piece, that piece's headline.
        publication: The bulletin's name.
    """

    id: str | None = None
    date: str | None = None
    title: str | None = None
    publication: str | None = None

    def or_else(self, other: Metadata) -> Metadata:
        """Return what this tells, and what the other tells where this is silent.

        >>> Metadata(date="2021-10-07").or_else(Metadata(date="2020-01-01", title="开工")).title
        '开工'
        """
        return Metadata(
            id=self.id or other.id,
            date=self.date or other.date,
            title=self.title or other.title,
            publication=self.publication or other.publication,
        )
