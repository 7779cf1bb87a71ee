"""What the archive gives, and its rows to what a bulletin is made of and back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date
from typing import Any

from corpus.letters import letters
from corpus.metadata import Metadata
from corpus.plain_tables import CELLS_PART
from corpus.signatures import SHOT_AT_END, is_credit
from corpus.tables import columns_in
from corpus.text import fold
from corpus.types import (
    Article,
    Box,
    Byline,
    Issue,
    Passage,
    Printed,
    Ranges,
    iso,
)

_QUESTION = re.compile("(?:问|(?:本[报刊台])?[記记]者(?:问)?|本[報报刊台]|主持人)[：:]")
_LETTER_CHARS = 300  # of a letter, that its reply is found by
_ANSWER = re.compile("[^，。；：:？?！!“”《》()（）、\\s]{1,12}[：:]")  # 答：, or whoever is asked
_OF_A_YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One line of the list of issues.

    Attributes:
        id: The issue's id.
        name: The bulletin's name, or None.
        date: The day of publication, or None.
        number: The issue's number, or None.
        source: The name of the file it was read from.
        title: What it is called, where that was told.
        n_articles: How many articles it has.
        n_passages: How many passages they have.
        added: When it was added, RFC 3339.
    """

    id: str
    name: str | None
    date: date | None
    number: str | None
    source: str
    title: str | None
    n_articles: int
    n_passages: int
    added: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The archive as a whole.

    Attributes:
        stamp: As of the archive.
        n_issues: How many issues are kept.
        n_passages: How many passages they have.
        first: The id of the first issue by day, or by id where no day is known; or None.
        latest: The id of the last, or None.
        name: The bulletin's name, as the last issue that has one tells it, or None.
        names: The names of all publications that have issues in it, sorted.
    """

    stamp: str
    n_issues: int
    n_passages: int
    first: str | None
    latest: str | None
    name: str | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with the article and issue around it, as a citation needs it.

    Attributes:
        passage: The passage.
        article: Its article; `passages` holds all of the article's.
        issue_id: The issue's id.
        issue_name: The bulletin's name, or None.
        issue_date: The issue's day, or None.
        issue_number: The issue's number, or None.
        searched: What the passage is searched by, folded.
    """

    passage: Passage
    article: Article
    issue_id: str
    issue_name: str | None
    issue_date: date | None
    issue_number: str | None
    searched: str

    @property
    def issued(self) -> str:
        """The issue's day, such as 2022-08-10, or an id that begins with a year, else nothing."""
        return issued_on(self.issue_date, self.issue_id)

    @property
    def columns(self) -> str:
        """Of a row of a table, the row that names its columns; else nothing."""
        if CELLS_PART not in self.passage.text:
            return ""
        return columns_in(self.article.passages).get(self.passage.id, "")

    @property
    def names_columns(self) -> bool:
        """Whether the passage is the row of a table that names the columns of the others."""
        text = self.passage.text
        return CELLS_PART in text and text in columns_in(self.article.passages).values()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A citation range that does not give what is kept.

    Attributes:
        id: The passage or article.
        kept: The text that is kept.
        found: What the source prints at its ranges.
    """

    id: str
    kept: str
    found: str


def issued_on(day: date | None, issue_id: str) -> str:
    """Return when an issue is of, as `Place.issued` says it."""
    return iso(day) or (issue_id if _OF_A_YEAR.match(issue_id) else "")


def searched_texts(article: Article) -> Iterator[tuple[Passage, str]]:
    """Yield the passages of an article, each with what it is searched by.

    That is its article's headline, what it is, and its own words; of a row of a table also the
    names of its columns, of an answer (答：, 李明：) the question before it (问：, 记者：), of a
    letter to the editor who signs it, of a reply the letter.
    """
    signed, replies = _of_letters(article.passages)
    headline = article.title or ""
    columns = columns_in(article.passages)
    question = ""
    for passage in article.passages:
        told = "照片 图片" if article.kind == "photo" else ""
        if told and (is_credit(passage.text) or SHOT_AT_END.search(passage.text)):
            told += " 拍摄 摄影"  # who photographed is told here, not in the captions
        asked = question if _ANSWER.match(passage.text) and not is_asked(passage.text) else ""
        asked = asked or replies.get(passage.id, "")
        signs = signed.get(passage.id, "")
        parts = (headline, told, columns.get(passage.id, ""), asked, signs, passage.text)
        yield passage, "\n".join(part for part in parts if part)
        question = passage.text if is_asked(passage.text) else ""


def _of_letters(passages: Sequence[Passage]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what else letters to the editor are found by, and the replies to them.

    That is who signs, for each passage of a letter that does not itself say it, and for each reply
    what the letter says.
    """
    signs: dict[str, str] = {}
    told: dict[str, str] = {}
    for letter in letters(passages):
        body = passages[slice(*letter.body)]
        signs |= {one.id: letter.who for one in body}
        said = "\n".join(one.text for one in body)[:_LETTER_CHARS]
        told |= {one.id: said for one in passages[slice(*letter.replies)]}
    return signs, told


def is_asked(text: str) -> bool:
    """Tell whether a passage asks in an interview, as what 问： or 记者： begins does."""
    return _QUESTION.match(text) is not None


def searched_text(passage: Passage, article: Article) -> str:
    """Return what one passage of an article is searched by."""
    return next(text for one, text in searched_texts(article) if one.id == passage.id)


def digest_of(data: bytes, *, sidecar: bytes | None, options: Metadata) -> str:
    """Return the SHA-256 of all that an issue is read from: its file, and what is told of it.

    Where nothing is told it is that of the file.
    """
    return digest_told(hashlib.sha256(data).digest(), sidecar=sidecar, told=options_text(options))


def digest_told(file: bytes, *, sidecar: bytes | None, told: str) -> str:
    """Return what `digest_of` does, of the SHA-256 of the file and the text of the options."""
    if sidecar is None and told == options_text(Metadata()):
        return file.hex()
    known = b"" if sidecar is None else hashlib.sha256(sidecar).digest()
    return hashlib.sha256(file + known + told.encode()).hexdigest()


def options_text(options: Metadata) -> str:
    """Return what was told of an issue, as the archive keeps it."""
    told = {name: value for name, value in asdict(options).items() if value}
    return json.dumps(told, ensure_ascii=False)


def options_from(text: str) -> Metadata:
    """Return what `options_text` gave."""
    return Metadata(**json.loads(text))


def furniture_text(issue: Issue) -> str:
    """Return what stands in no article, as the archive keeps it."""
    return json.dumps([_dump(piece) for piece in issue.furniture], ensure_ascii=False)


def furniture_from(text: str) -> tuple[Printed, ...]:
    """Return what `furniture_text` gave."""
    return tuple(_load(piece) for piece in json.loads(text))


def article_rows(issue: Issue) -> list[tuple[object, ...]]:
    """Return the rows of an issue's articles."""
    return [
        (
            article.id,
            issue.id,
            position,
            _dump_json(article.headline),
            _dump_json(article.subtitle),
            _dump_json(article.kicker),
            json.dumps([[b.role, b.name] for b in article.bylines], ensure_ascii=False),
            iso(article.date),
            article.kind,
            article.section,
            article.confidence,
            json.dumps(article.why, ensure_ascii=False),
        )
        for position, article in enumerate(issue.articles)
    ]


def passage_rows(issue: Issue) -> list[tuple[object, ...]]:
    """Return the rows of an issue's passages."""
    return [
        (
            passage.id,
            article.id,
            position,
            passage.text,
            json.dumps(passage.ranges),
            fold(searched),
            json.dumps([astuple(box) for box in passage.boxes]),
        )
        for article in issue.articles
        for position, (passage, searched) in enumerate(searched_texts(article))
    ]


def article_from(row: Sequence[Any], passages: Iterable[Sequence[Any]]) -> Article:
    """Return an article.

    Args:
        row: Its id, headline, subtitle, kicker, bylines, date, kind, section, confidence and why.
        passages: The id, text, ranges and boxes of each passage, in order.
    """
    return Article(
        id=row[0],
        headline=_load_json(row[1]),
        subtitle=_load_json(row[2]),
        kicker=_load_json(row[3]),
        bylines=tuple(Byline(*pair) for pair in json.loads(row[4])),
        date=day(row[5]),
        kind=row[6],
        section=row[7],
        passages=tuple(_passage(*passage) for passage in passages),
        confidence=row[8],
        why=tuple(json.loads(row[9])),
    )


def day(text: str | None) -> date | None:
    """Return the day that a text of `iso` names, or None."""
    return date.fromisoformat(text) if text else None


def _ranges(pairs: Sequence[Sequence[int]]) -> Ranges:
    return tuple((pair[0], pair[1]) for pair in pairs)


def _passage(passage_id: str, text: str, ranges: str, boxes: str) -> Passage:
    placed = tuple(Box(*box) for box in json.loads(boxes))
    return Passage(passage_id, text, _ranges(json.loads(ranges)), placed)


def _dump(piece: Printed) -> list[object]:
    return [piece.text, piece.ranges]


def _dump_json(piece: Printed | None) -> str | None:
    return json.dumps(_dump(piece), ensure_ascii=False) if piece else None


def _load(pair: Sequence[object]) -> Printed:
    text, ranges = pair
    return Printed(str(text), _ranges(ranges))  # type: ignore[arg-type]  # JSON keeps no types


def _load_json(text: str | None) -> Printed | None:
    return _load(json.loads(text)) if text else None
