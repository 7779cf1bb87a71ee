"""An answer as the page shows it: lines of our words, quotes, marks and markers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from api.http.native import answer_of
from api.http.pages.marking import Run, joined, runs
from api.http.schemas import MAX_TURNS, ChatIn
from qa.chat import Turn

if TYPE_CHECKING:
    from api.http.engine import Parts
    from api.http.pages.reader import Reader


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line.

    Attributes:
        runs: Its text, what answers marked.
        lang: The language of a printed quote; None for our own words.
        marker: The number of the citation that it is the marker of, else None.
    """

    runs: tuple[Run, ...]
    lang: str | None = None
    marker: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as its card shows it.

    Attributes:
        n: Its number.
        article: The article's row among the answer's sources.
        href: The article's page, the quoted words marked.
        runs: The quote, what answers marked.
        lang: The quote's language.
        is_shown: Whether the answer shows these very words already.
    """

    n: int
    article: Mapping[str, Any]
    href: str
    runs: tuple[Run, ...]
    lang: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with its answer.

    Attributes:
        question: As asked.
        told: The answer as the API gives it.
        lines: Its text.
        sources: One a citation.
    """

    question: str
    told: Mapping[str, Any]
    lines: tuple[tuple[Part, ...], ...]
    sources: tuple[Source, ...]


def converse(parts: Parts, questions: Sequence[str], reader: Reader) -> list[Shown]:
    """Return what a conversation of these questions comes to, each read by those before it."""
    history: list[Turn] = []
    shown = []
    for question in questions:
        told = answer_of(parts, ChatIn(question=question), history=history[-MAX_TURNS:], base="")
        history += [Turn("user", question), Turn("assistant", told["text"])]
        shown.append(Shown(question, told, tuple(_lines(told)), tuple(_sources(told, reader))))
    return shown


def _marks(citation: Mapping[str, Any]) -> list[tuple[int, int]]:
    return joined((mark["start"], mark["end"]) for mark in citation["marks"])


def _lines(told: Mapping[str, Any]) -> list[tuple[Part, ...]]:
    """Return the text of an answer line by line; a claim and its marker stay on one line."""
    text: str = told["text"]
    lines: list[list[Part]] = [[]]

    def own(words: str) -> None:
        for n, piece in enumerate(words.split("\n")):
            if n:
                lines.append([])
            if piece:
                lines[-1].append(Part((Run(piece, marked=False),)))

    done = 0
    for citation in told["citations"]:
        claim, marker = citation["claim"], citation["marker"]
        own(text[done : claim["start"]])
        words = text[claim["start"] : claim["end"]]
        marks = _marks(citation) if words == citation["quote"] else []
        lines[-1].append(Part(tuple(runs(words, marks)), lang=citation["quote_lang"]))
        own(text[claim["end"] : marker["start"]])
        sign = Run(text[marker["start"] : marker["end"]], marked=False)
        lines[-1].append(Part((sign,), marker=citation["n"]))
        done = marker["end"]
    own(text[done:])
    return [tuple(line) for line in lines if line]


def _sources(told: Mapping[str, Any], reader: Reader) -> list[Source]:
    by_id = {source["id"]: source for source in told["sources"]}
    text = told["text"]
    found = []
    for citation in told["citations"]:
        claim, where = citation["claim"], citation["location"]
        found.append(
            Source(
                n=citation["n"],
                article=by_id[citation["source"]],
                href=reader.to_article(
                    where["article_id"],
                    passage=where["passage_id"],
                    mark=_mark_of(citation["url"]),
                ),
                runs=tuple(runs(citation["quote"], _marks(citation))),
                lang=citation["quote_lang"],
                is_shown=text[claim["start"] : claim["end"]] == citation["quote"],
            )
        )
    return found


def _mark_of(url: str) -> str:
    """Return which words an address marks.

    >>> _mark_of("/articles/2021-10/a09?mark=120-144#p03")
    '120-144'
    """
    return urlsplit(url).query.removeprefix("mark=")
