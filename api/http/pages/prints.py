"""Issues and articles as their pages show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from api.http.pages.marking import Run, runs
from corpus.plain_tables import CELLS_PART
from corpus.tables import columns_in
from corpus.text import script_of
from corpus.types import iso

if TYPE_CHECKING:
    from corpus.archive import Archive
    from corpus.rows import IssueRow
    from corpus.types import Article, Issue, Range

ALL_AT_ONCE = 150
"""Up to so many issues are listed on one page; of more, one year's at a time."""

_MONTH = re.compile(r"(\d{4})-(\d{2})(?!\d)")
_LEAD_CHARS = 70
_ON_FRONT = 6
_LINE_CHARS = 32
_SENTENCE_ENDS = tuple("。！？…；!?;")


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the calendar.

    Attributes:
        year: None for issues whose day is not known.
        months: Twelve lists of issues, January's first; one list where the year is None.
    """

    year: int | None
    months: tuple[tuple[IssueRow, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in the contents of an issue.

    Attributes:
        article: The article.
        lead: Its first words.
    """

    article: Article
    lead: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A passage as printed.

    Attributes:
        id: What the address names it by behind `#`: p03.
        number: Which paragraph of its article it is, from 1.
        runs: Its text, what is cited marked.
        is_line: Whether it is a line by itself, such as a heading, and not prose.
        cells: Of a row of a table, the runs of each cell; else nothing.
        names_columns: Whether it is a row that names the columns of those below.
    """

    id: str
    number: int
    runs: tuple[Run, ...]
    is_line: bool
    cells: tuple[tuple[Run, ...], ...] = ()
    names_columns: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """An article with what stands around it.

    Attributes:
        issue: Its issue.
        article: The article.
        paragraphs: Its passages.
        lang: The language of its words.
        is_marked: Whether anything is marked.
        previous: The article before it in the issue, or None.
        next: The one after it, or None.
    """

    issue: Issue
    article: Article
    paragraphs: tuple[Paragraph, ...]
    lang: str
    is_marked: bool
    previous: Article | None
    next: Article | None

    @property
    def pieces(self) -> list[list[Paragraph]]:
        """The paragraphs in order, rows of as many cells that stand together as one piece."""
        pieces: list[list[Paragraph]] = []
        for one in self.paragraphs:
            if one.cells and pieces and len(pieces[-1][0].cells) == len(one.cells):
                pieces[-1].append(one)
            else:
                pieces.append([one])
        return pieces

    @property
    def description(self) -> str:
        """The first words of the article."""
        return _lead(self.article)

    def linked_data(self, url: str | None) -> dict[str, Any]:
        """Return what search engines read of the article, by schema.org.

        Args:
            url: Its public address, or None.
        """
        article, issue = self.article, self.issue
        told = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "alternativeHeadline": article.subtitle.text if article.subtitle else None,
            "datePublished": iso(issue.date),
            "inLanguage": self.lang,
            "articleSection": article.section,
            "author": [
                {"@type": "Person", "name": name}
                for name in dict.fromkeys(byline.name for byline in article.bylines)
            ],
            "publisher": {"@type": "Organization", "name": issue.name} if issue.name else None,
            "url": url,
        }
        return {key: value for key, value in told.items() if value}


def month_of(row: IssueRow) -> tuple[int, int] | None:
    """Return year and month of an issue, by its day, else by its id; None where neither tells."""
    if row.date:
        return row.date.year, row.date.month
    match = _MONTH.match(row.id)
    month = int(match[2]) if match else 0
    return (int(match[1]), month) if match and 1 <= month <= 12 else None


def years_of(rows: Sequence[IssueRow]) -> list[Year]:
    """Return the calendar of issues, newest year first, those of unknown day last."""
    dated = sorted(
        ((when, row) for row in rows if (when := month_of(row))),
        key=lambda pair: (-pair[0][0], pair[0][1], pair[1].id),
    )
    years = []
    for year, group in groupby(dated, key=lambda pair: pair[0][0]):
        months: list[list[IssueRow]] = [[] for _ in range(12)]
        for (_, month), row in group:
            months[month - 1].append(row)
        years.append(Year(year, tuple(map(tuple, months))))
    undated = tuple(row for row in rows if not month_of(row))
    return [*years, Year(None, (undated,))] if undated else years


def contents_of(issue: Issue) -> list[tuple[str | None, list[Entry]]]:
    """Return the articles of an issue in printed order, by page; None where no page is known."""
    return [
        (section, [Entry(article, _lead(article)) for article in group])
        for section, group in groupby(issue.articles, key=lambda article: article.section)
    ]


def front_of(issue: Issue) -> list[Article]:
    """Return the articles that are shown of the latest issue: the first that have a headline."""
    return [one for one in issue.articles if one.headline and one.kind == "news"][:_ON_FRONT]


def _lead(article: Article) -> str:
    text = article.passages[0].text if article.passages else ""
    return text if len(text) <= _LEAD_CHARS else text[:_LEAD_CHARS] + "…"


def signed(article: Article) -> list[tuple[str, str]]:
    """Return who signed an article in printed order: role, and the names of those who share it."""
    return [
        (role, " ".join(byline.name for byline in group))
        for role, group in groupby(article.bylines, key=lambda byline: byline.role)
    ]


def page_of(archive: Archive, article_id: str, marks: Sequence[Range]) -> Page:
    """Return an article with what stands around it.

    Args:
        archive: Where it is kept.
        article_id: Its id.
        marks: Stretches of the article's text: its passages, joined by line feeds.

    Raises:
        NotInArchiveError: If there is no such article.
    """
    article = archive.article(article_id)
    issue = archive.issue(article_id.partition("/")[0])
    at = [one.id for one in issue.articles].index(article_id)
    paragraphs: list[Paragraph] = []
    columns = set(columns_in(article.passages).values())
    start = 0
    for number, passage in enumerate(article.passages, start=1):
        here = [(first - start, last - start) for first, last in marks]
        paragraphs.append(
            Paragraph(
                id=passage.id.rpartition("/")[2],
                number=number,
                runs=tuple(runs(passage.text, here)),
                is_line=len(passage.text) <= _LINE_CHARS
                and not passage.text.endswith(_SENTENCE_ENDS),
                cells=_cells(passage.text, here),
                names_columns=passage.text in columns,
            )
        )
        start += len(passage.text) + 1
    return Page(
        issue=issue,
        article=article,
        paragraphs=tuple(paragraphs),
        lang=script_of("".join(passage.text for passage in article.passages)),
        is_marked=any(run.marked for one in paragraphs for run in one.runs),
        previous=issue.articles[at - 1] if at else None,
        next=issue.articles[at + 1] if at + 1 < len(issue.articles) else None,
    )


def _cells(text: str, marks: Sequence[Range]) -> tuple[tuple[Run, ...], ...]:
    """Return the cells of a row, what is marked of each marked; nothing of another text."""
    if CELLS_PART not in text:
        return ()
    found, start = [], 0
    for cell in text.split(CELLS_PART):
        found.append(tuple(runs(cell, [(first - start, last - start) for first, last in marks])))
        start += len(cell) + len(CELLS_PART)
    return tuple(found)
