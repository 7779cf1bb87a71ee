"""What a person reads on a terminal: wrapped by display width, coloured only where wanted."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import asdict
from itertools import groupby
from typing import IO, TYPE_CHECKING

from api.words import counted, cues, word
from corpus.text import APART, width
from corpus.types import iso
from qa.texts import own_day, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from corpus.rows import Place
    from corpus.types import Article, Issue, Passage, Printed, Range
    from qa.native import Answer, Closest, SourceRef
    from qa.query import Lang
    from qa.search.explain import Explanation

_NO_START = "，。、；：！？）》”’」』】…—,.;:!?)]}"
_BOLD, _DIM, _MARK, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
_ANSWERS = "\x1b[1;4m"
_MARKER = re.compile(r"\[\d+\]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TERMS_SHOWN, _GIVEN_SHOWN = 5, 8
_MANY = 3  # citations of one article, one behind the other, that share a line of source
_WORD = re.compile(rf"[{APART}]+|\s+|.", re.DOTALL)


class Terminal:
    """Writes to one stream; knows whether a person reads it."""

    def __init__(self, stream: IO[str], *, color: str = "auto") -> None:
        """Keep the stream; `color` is auto, always or never."""
        self.stream = stream
        self.is_tty = stream.isatty()
        self.color = _wants_color(color, self.is_tty)
        self.columns = shutil.get_terminal_size().columns if self.is_tty else 0

    def line(
        self, text: str = "", *, indent: str = "", style: str = "", answers: Sequence[Range] = ()
    ) -> None:
        """Write one paragraph, wrapped if a person reads it; stretches that answer stand out.

        What would command the terminal is shown as unreadable; what would turn the line around is
        left out where a person reads it.
        """
        text = _CONTROLS.sub("\ufffd", text)
        text = _TURNS.sub("\u2060", text) if self.is_tty else text
        lines = wrap(text, columns=self.columns, indent=indent) or [indent.rstrip()]
        if self.color and style:
            lines = [f"{style}{line}{_OFF}" for line in lines]
        elif self.color:
            styles = {at: _MARK for match in _MARKER.finditer(text) for at in range(*match.span())}
            styles |= {at: _ANSWERS for start, end in answers for at in range(start, end)}
            lines = list(_painted(lines, text, styles))
        for line in lines:
            print(line, file=self.stream)

    def bold(self, text: str) -> None:
        """Write a heading."""
        self.line(text, style=_BOLD)

    def dim(self, text: str, *, indent: str = "") -> None:
        """Write something of lesser weight."""
        self.line(text, indent=indent, style=_DIM)


def _wants_color(told: str, is_tty: bool) -> bool:
    if told != "auto":
        return told == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return is_tty and os.environ.get("TERM") != "dumb"


def wrap(text: str, *, columns: int, indent: str = "") -> list[str]:
    """Return the lines of a text, none wider than the columns; 0 columns does not wrap.

    Chinese breaks between any two characters, but no line begins with closing punctuation.

    >>> wrap("会议召开。", columns=8)
    ['会议召', '开。']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if not columns:
            lines.append(indent + paragraph)
            continue
        line, used = "", width(indent)
        for piece in _pieces(paragraph, columns - width(indent)):
            if used + width(piece) > columns and line:
                lines.append(indent + line.rstrip())
                line, used = "", width(indent)
                piece = piece.lstrip()
            line += piece
            used += width(piece)
        lines.append(indent + line.rstrip())
    return lines


def _painted(lines: Sequence[str], text: str, styles: Mapping[int, str]) -> Iterator[str]:
    """Yield the wrapped lines of a text with the styles of its characters, by place in the text.

    Wrapping drops and adds white space only, so the other characters can be counted off.
    """
    at = 0
    for line in lines:
        painted, spaces, on = "", "", ""
        for char in line:
            if char.isspace():
                spaces += char
                continue
            while text[at].isspace():
                at += 1
            style = styles.get(at, "")
            painted += spaces + char if style == on else _off(on) + spaces + style + char
            at, spaces, on = at + 1, "", style
        yield painted + _off(on) + spaces


def _off(style: str) -> str:
    return _OFF if style else ""


def _pieces(text: str, room: int) -> Iterator[str]:
    """Yield what a line may not break: a word, or a character with the punctuation behind it."""
    held = ""
    for match in _WORD.finditer(text):
        piece = match.group()
        if held and piece[0] in _NO_START and width(held + piece) <= max(room, 4):
            held += piece
            continue
        if held:
            yield from _short(held, room)
        held = piece
    if held:
        yield from _short(held, room)


def _short(piece: str, room: int) -> Iterator[str]:
    while width(piece) > max(room, 4) and piece.isascii():
        yield piece[: max(room, 4)]
        piece = piece[max(room, 4) :]
    if piece:
        yield piece


def show_answer(answer: Answer, out: Terminal, err: Terminal, *, quotes: bool = False) -> None:
    """Write an answer and its sources, how the question was read before them, if another way.

    Many of one article, as the items of a list are, share a line but where they are quoted. The
    closest passages of a declined one go to `err`.
    """
    if answer.reading:
        out.dim(say("read_as", answer.lang, question=answer.reading.question))
    out.line(
        answer.text,
        answers=[
            (citation.claim[0] + start, citation.claim[0] + end)
            for citation in answer.citations
            for start, end in citation.marks
        ],
    )
    if answer.no_answer:
        _show_closest(answer.no_answer.closest, answer.lang, err)
    if not answer.citations:
        return
    out.line()
    out.bold(say("sources", answer.lang))
    for source_id, cited in groupby(answer.citations, key=lambda one: one.source):
        group = list(cited)
        source = next(source for source in answer.sources if source.id == source_id)
        reference = _reference(source, answer.lang)
        if len(group) >= _MANY and not quotes:  # the items of a list
            first, last = group[0], group[-1]
            there = f"{first.location.passage_id} … {last.location.passage_id}"
            out.line(f"[{first.n}]–[{last.n}] {reference}  {there}")
            continue
        for citation in group:
            out.line(f"[{citation.n}] {reference}  {citation.location.passage_id}")
            if quotes:
                out.dim(f"“{citation.quote}”", indent="    ")


def show_source(answer: Answer, n: int, place: Place, out: Terminal) -> None:
    """Write the passage that an answer's nth citation is from, the quoted words standing out."""
    citation = answer.citations[n - 1]
    source = next(source for source in answer.sources if source.id == citation.source)
    out.bold(f"[{n}] {_reference(source, answer.lang)}  {citation.location.passage_id}")
    text = place.passage.text
    start = text.find(citation.quote)
    out.line(text, answers=[(start, start + len(citation.quote))])


def _show_closest(closest: Sequence[Closest], lang: Lang, err: Terminal) -> None:
    if not closest:
        return
    err.line(f"{say('closest', lang)}：" if lang == "zh" else f"{say('closest', lang)}:")
    for near in closest:
        err.dim(f"{_reference(near, lang)}  {near.passage_id}", indent="  ")


def _reference(source: SourceRef | Closest, lang: Lang) -> str:
    number = say("issue_number", lang, number=source.number) if source.number else ""
    page = say("page", lang, page=str(source.page)) if source.page else ""
    issue_date = iso(source.issue_date)
    day = own_day(iso(source.date), lang, issue_date=issue_date)
    parts = [source.publication, number, issue_date, source.section, page, day]
    if lang == "zh":
        title = f"《{source.title}》" if source.title else say("no_headline", lang)
        return " ".join(part for part in (title, *parts) if part)
    told = ", ".join(part for part in parts if part)
    title = source.title or say("no_headline", lang)
    return f"{title} — {told}" if told else title


def show_words(why: Explanation, out: Terminal, lang: Lang) -> None:
    """Write the question as it was searched: each word, its weight, what it may be in Chinese."""
    out.dim(word("literal", lang, share=f"{100 * why.literal:.0f}"))
    for one in why.words:
        terms = "、".join(f"{term} {weight:.2f}" for term, weight in one.terms[:_TERMS_SHOWN])
        out.dim(f"{one.weight:.2f} {one.word}{f' → {terms}' if terms else ''}", indent="  ")
    out.line()


def show_given(given: Mapping[str, float] | None, out: Terminal, lang: Lang) -> None:
    """Write what gave a hit most, and what took most from it."""
    if given is None:
        out.dim(word("not_compared", lang), indent="   ")
        return
    most = sorted(given.items(), key=lambda pair: -abs(pair[1]))[:_GIVEN_SHOWN]
    out.dim(", ".join(f"{name} {value:+.2f}" for name, value in most if value), indent="   ")


def show_issue(issue: Issue, out: Terminal, lang: Lang, *, why: bool = False) -> None:
    """Write an issue's articles, and how they were told apart where that is asked."""
    number = say("issue_number", lang, number=issue.number) if issue.number else None
    facts = [issue.name, number, issue.date, issue.title]
    out.bold("  ".join(str(part) for part in (issue.id, *facts) if part))
    for article in issue.articles:
        out.line()
        _show_head(article, out, lang, issue_date=issue.date)
        if why:
            for passage in article.passages:
                out.dim(f"{passage.id.rsplit('/', 1)[1]}  {_short_text(passage.text)}", indent="  ")
            told = word(
                "sure", lang, share=f"{article.confidence:.2f}", why=cues(article.why, lang)
            )
            out.dim(told, indent="  ")


def _show_head(
    article: Article, out: Terminal, lang: Lang, *, issue_date: date | None = None
) -> None:
    """Write what an article is; its own day where it is not the one told of its issue."""
    head = article.title or say("no_headline", lang)
    out.bold(f"{article.id}  {head}")
    for label, piece in (("kicker", article.kicker), ("subtitle", article.subtitle)):
        if piece:
            out.line(word(label, lang, text=piece.text), indent="  ")
    written = "、".join(f"{byline.role}{byline.name}" for byline in article.bylines)
    facts = [
        word(article.kind, lang),
        article.section,
        say("page", lang, page=str(article.page)) if article.page else None,
        own_day(iso(article.date), lang, issue_date=iso(issue_date)),
        written,
        counted(len(article.passages), "passage", lang),
    ]
    out.dim(" · ".join(fact for fact in facts if fact), indent="  ")


def show_article(article: Article, out: Terminal, lang: Lang) -> None:
    """Write an article as printed prose, each passage with its id."""
    _show_head(article, out, lang)
    for passage in article.passages:
        out.line()
        page = say("page", lang, page=str(passage.page)) if passage.page else ""
        out.dim(f"{passage.id}  {page}".rstrip())
        out.line(passage.text)


def _short_text(text: str, room: int = 64) -> str:
    return text if width(text) <= room else text[: room // 2 - 6] + " … " + text[-4:]


def piece_json(piece: Printed | None) -> dict[str, object] | None:
    """Return a printed piece as plain JSON values."""
    return {"text": piece.text, "ranges": piece.ranges} if piece else None


def passage_json(passage: Passage) -> dict[str, object]:
    """Return a passage as plain JSON values, with its boxes where its file has pages."""
    told: dict[str, object] = {"id": passage.id, "text": passage.text, "ranges": passage.ranges}
    return told | {"boxes": [asdict(box) for box in passage.boxes]} if passage.boxes else told
