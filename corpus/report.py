"""How well an issue was read: what is in no article, doubtful or odd, each with its place.

Nothing here changes how a file is read. Each finding that an editor can settle brings the table
of a sidecar that would settle it the other way.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus import cues
from corpus.sidecar import Role, Starts
from corpus.signatures import NAME_ALONE, is_credit, is_signature, signed_names
from corpus.sources import Line, split_lines
from corpus.text import squeeze
from corpus.types import Article, Issue, Passage, Range, Ranges

DOUBTFUL = 0.8
"""How sure the reader is of an article below which it is reported."""

LITTLE_KEPT = 0.35
"""The share of a web page's running text below which articles may be missing."""

_SHOWN_CHARS = 40
_QUOTED_CHARS = 10  # in a table of a sidecar
_NO_WIDTH = "\u200b\ufeff"
_PLACES = 5  # of one odd character that are listed

Kind = Literal[
    "outside", "headline", "no_headline", "fragment", "join", "break", "open", "character"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that an editor may look at.

    Attributes:
        kind: What it is: `outside` (text in no article), `headline` (it may be none),
            `no_headline`, `fragment` (short lines that head nothing), `join` (two paragraphs may
            have been joined), `break` (one may have been parted), `open` (a bracket or quotation
            mark has no other half), `character` (an odd one).
        where: What it is in: a passage, an article or the issue, by id.
        number: Of the line in the source's text, from 1.
        page: Of the file, where it has pages.
        quote: What stands there.
        detail: How sure the reader is, why text is outside, or which character how often.
        toml: The table of a sidecar that would read it otherwise, or an empty string.
    """

    kind: Kind
    where: str
    number: int
    page: int | None
    quote: str
    detail: str
    toml: str


@dataclass(frozen=True, slots=True)
class Report:
    """How well an issue was read.

    Attributes:
        issue_id: The issue.
        n_chars: Characters of the source, white space dropped.
        n_in_articles: How many of them are in the headlines or the text of some article.
        findings: In the order of their lines.
        ignored: Corrections of the sidecar that do not fit its lines.
        kept: The share of a web page's running text that was kept, None of other files.
        skipped: Pages that hold no text.
        pages_without_text: Pages of the file that hold none, such as scans, from 1.
    """

    issue_id: str
    n_chars: int
    n_in_articles: int
    findings: tuple[Finding, ...]
    ignored: tuple[str, ...]
    kept: float | None = None
    skipped: tuple[str, ...] = ()
    pages_without_text: tuple[int, ...] = ()

    @property
    def coverage(self) -> float:
        """The share of characters that are in some article, 0 to 1; 1 where there are none."""
        return self.n_in_articles / self.n_chars if self.n_chars else 1.0


def report_on(issue: Issue) -> Report:
    """Return how well an issue that was just read was read."""
    text = issue.source.text
    view = _View(issue, text, split_lines(text))
    covered = _merged(
        place for article in issue.articles for ranges in _parts(article) for place in ranges
    )
    outside = _outside(text, covered)
    n_outside = sum(_n_printed(text, place) for place, _ in outside)
    n_chars = _n_printed(text, (0, len(text)))
    findings = [
        *(view.outside(place, stretch) for place, stretch in outside),
        *(one for article in issue.articles for one in _doubts(view, article)),
        *_odd_characters(view, issue),
    ]
    findings.sort(key=lambda one: one.number)
    return Report(
        issue_id=issue.id,
        n_chars=n_chars,
        n_in_articles=n_chars - n_outside,
        findings=tuple(findings),
        ignored=issue.ignored,
        kept=issue.source.share_kept,
        skipped=issue.source.skipped,
        pages_without_text=issue.source.bare,
    )


def _parts(article: Article) -> Iterator[Ranges]:
    for part in (article.kicker, article.headline, article.subtitle, *article.passages):
        if part:
            yield part.ranges


def _merged(places: Iterator[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _outside(text: str, covered: Sequence[Range]) -> list[tuple[Range, str]]:
    """Return what is in no article and prints something, a line at most each.

    With each goes the whole stretch that it is of, as a page reference can take two lines.
    """
    found = []
    bounds = [(0, 0), *covered, (len(text), len(text))]
    for (_, start), (end, _) in pairwise(bounds):
        if not text[start:end].strip():
            continue
        for line in split_lines(text[start:end]):
            first, last = line.ranges[0][0], line.ranges[-1][1]
            found.append(((start + first, start + last), squeeze(text[start:end])))
    return found


def _n_printed(text: str, place: Range) -> int:
    return sum(not (char.isspace() or char in _NO_WIDTH) for char in text[slice(*place)])


class _View:
    """An issue with the lines of its source, to tell where something stands."""

    def __init__(self, issue: Issue, text: str, lines: Sequence[Line]) -> None:
        self.issue = issue
        self.text = text
        self.lines = lines
        self._starts = [line.ranges[0][0] for line in lines]
        self._furniture = _merged(place for piece in issue.furniture for place in piece.ranges)
        self._pages = sorted(
            (passage.ranges[0][0], passage.page) for passage in issue.passages if passage.page
        )

    def index_at(self, place: int) -> int:
        """Return the index of the line at a place of the source."""
        return max(bisect_right(self._starts, place) - 1, 0)

    def page_at(self, place: int) -> int | None:
        """Return the page at a place of the source: its line's, else that of the passage before."""
        told = self.issue.source.lines
        if told:
            return told[
                min(bisect_left(told, place, key=lambda line: line.end), len(told) - 1)
            ].box.page
        before = bisect_right(self._pages, (place, 1 << 30))
        return self._pages[max(before - 1, 0)][1] if self._pages else None

    def finding(
        self,
        kind: Kind,
        where: str,
        place: int,
        *,
        detail: str = "",
        role: Role | None = None,
        starts: Starts | None = None,
        quote: str | None = None,
    ) -> Finding:
        """Return a finding about the line at a place, with the table that would settle it."""
        line = self.lines[self.index_at(place)]
        return Finding(
            kind=kind,
            where=where,
            number=line.number,
            page=self.page_at(place),
            quote=_cut(line.text if quote is None else quote),
            detail=detail,
            toml=_toml(line, role, starts) if role or starts else "",
        )

    def outside(self, place: Range, stretch: str) -> Finding:
        """Return the finding of what is in no article."""
        text = self.text[slice(*place)].strip()
        why = self._why_outside(place, text, stretch)
        line = self.lines[self.index_at(place[0])]
        whole = place == (line.ranges[0][0], line.ranges[-1][1])
        return self.finding(
            "outside",
            self.issue.id,
            place[0],
            detail=why,
            role="text" if whole and why != "reference" else None,
            quote=text,
        )

    def _why_outside(self, place: Range, text: str, stretch: str) -> str:
        if any(start <= place[0] < end for start, end in self._furniture):
            return "furniture"
        if any(cues.CAME_FROM.match(one) or cues.goes_on(one) for one in (text, stretch)):
            return "reference"
        if is_signature(text) or NAME_ALONE.fullmatch(text) or signed_names(text):
            return "byline"
        return "unknown"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"


def _toml(line: Line, role: Role | None, starts: Starts | None) -> str:
    quoted = "".join(
        f"\\u{ord(char):04x}" if ord(char) < 0x10000 and not char.isprintable() else char
        for char in line.text[:_QUOTED_CHARS].replace("\\", "\\\\").replace('"', '\\"')
    )
    told = ["[[line]]", f"number = {line.number}", f'text = "{quoted}"']
    told += [f'is = "{role}"'] if role else []
    told += [f'starts = "{starts}"'] if starts else []
    return "\n".join(told)


def _doubts(view: _View, article: Article) -> Iterator[Finding]:
    """Yield what is doubtful of an article: its headline, and where its paragraphs part."""
    if article.confidence < DOUBTFUL and article.passages:
        yield _doubtful_head(view, article)
    for passage in article.passages:
        yield from _doubtful_joins(view, passage)
        if (n := cues.balance(passage.text)) > 0:
            yield view.finding("open", passage.id, passage.ranges[0][0], detail=str(n))
    for passage, following in pairwise(article.passages):
        if _breaks_off(passage.text) and not _stands_apart(following.text):
            place = following.ranges[0][0]
            yield view.finding("break", following.id, place, starts="nothing")


def _doubtful_head(view: _View, article: Article) -> Finding:
    sure = f"{article.confidence:.2f}"
    first = article.passages[0].ranges[0][0]
    if article.headline:
        place = article.headline.ranges[0][0]
        return view.finding("headline", article.id, place, detail=sure, role="text")
    if "short lines with no article beside them" in article.why:
        return view.finding("fragment", article.id, first, detail=sure, role="furniture")
    return view.finding("no_headline", article.id, first, detail=sure, role="headline")


def _doubtful_joins(view: _View, passage: Passage) -> Iterator[Finding]:
    """Yield the lines inside a paragraph before which a sentence and a block of lines end."""
    first = view.index_at(passage.ranges[0][0])
    last = view.index_at(passage.ranges[-1][1] - 1)
    inside = {view.index_at(start) for start, _ in passage.ranges}
    for index in range(first + 1, last + 1):
        line = view.lines[index]
        if index in inside and line.blanks and cues.is_closed(view.lines[index - 1].text):
            yield view.finding("join", passage.id, line.ranges[0][0], starts="paragraph")


def _breaks_off(text: str) -> bool:
    """Tell whether a paragraph ends inside a sentence."""
    return text[-1] in "，、；" or (
        not cues.is_closed(text) and text[-1] not in "：:" and len(text) > _SHOWN_CHARS
    )


def _stands_apart(text: str) -> bool:
    return bool(is_signature(text) or is_credit(text) or cues.DAY.fullmatch(text))


def _odd_characters(view: _View, issue: Issue) -> Iterator[Finding]:
    """Yield the first places of each odd character."""
    source = issue.source
    raw = source.data.decode(source.encoding) if source.extracted is None else source.extracted
    seen: Counter[str] = Counter()
    places: dict[str, list[int]] = {}
    for place, char in enumerate(raw):
        if char.isascii() and (char.isprintable() or char.isspace()):
            continue
        if is_odd(char) and not (char == "\ufeff" and place == 0):
            seen[char] += 1
            if seen[char] <= _PLACES:
                places.setdefault(char, []).append(place)
    for char, found in places.items():
        detail = f"U+{ord(char):04X} ×{seen[char]}"
        if view.text[found[0]] != char:
            detail += f" = {view.text[found[0]]}"
        for place in found:
            around = raw[max(place - 8, 0) : place + 8]
            yield view.finding("character", issue.id, place, detail=detail, quote=around)


def is_odd(char: str) -> bool:
    r"""Tell whether a character hardly was on the page: put for another, private, a control.

    >>> [is_odd(char) for char in "\ufffd\ue000⽔\x07水\n"]
    [True, True, True, True, False, False]
    """
    if char.isspace():
        return False
    return (
        char == "\ufffd"
        or "\u2e80" <= char <= "\u2fd5"
        or unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs")
    )
