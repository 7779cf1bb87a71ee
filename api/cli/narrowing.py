"""The options that narrow which part of the archive is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import usage

if TYPE_CHECKING:
    from datetime import date

    from corpus.archive import Archive
    from corpus.filters import Filters

IssueOption = Annotated[
    list[str] | None,
    typer.Option("--issue", metavar="ID", help="Only this issue; may be repeated."),
]
SectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--section", metavar="NAME", help="Only this page, as printed, such as A02; likewise."
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="DAY", help="From 2021, 2021-10 or 2021-10-07 on."),
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="DAY", help="To the end of that year, month or day.")
]


def filters_from(
    *, issue: list[str] | None, section: list[str] | None, first: str | None, last: str | None
) -> Filters:
    """Return the filters that the options name.

    Raises:
        typer.BadParameter: If a day is none, or the first is after the last.
    """
    from corpus.filters import Filters

    found = Filters(
        issues=tuple(issue or ()),
        sections=tuple(section or ()),
        first=_day("--from", first, last=False),
        last=_day("--to", last, last=True),
    )
    if found.first and found.last and found.first > found.last:
        usage(f"--from is {first!r}, which is after --to, {last!r}")
    return found


def days_asked(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day that `--since` and `--until` name, None where they do not.

    Raises:
        typer.BadParameter: If a day is none, or the first is after the last.
    """
    first, last = _day("--since", since, last=False), _day("--until", until, last=True)
    if first and last and first > last:
        usage(f"--since is {since!r}, which is after --until, {until!r}")
    return first, last


def check_there(filters: Filters, kept: Archive) -> None:
    """Check that the archive has what filters name.

    Raises:
        typer.BadParameter: If it has no such issue, or none of its issues such a section.
    """
    from corpus.errors import UnknownFilterError, listed

    try:
        kept.check(filters)
    except UnknownFilterError as exc:
        there = f"there are: {listed(exc.there)}" if exc.there else "there are none"
        where = "; see `bulletin list`" if exc.field == "issue" else ""
        usage(f"--{exc.field} is {exc.wanted!r}, and there is no such {exc.field}; {there}{where}")


def _day(option: str, text: str | None, *, last: bool) -> date | None:
    from corpus.days import day_of

    try:
        return None if text is None else day_of(text, last=last)
    except ValueError:
        usage(f"{option} is {text!r}, expected 2021, 2021-10 or 2021-10-07")
