"""What a bulletin is made of: Issue › Article › Passage › Sentence, all frozen.

Places are half-open ranges of Unicode code points, counted from 0. Those of passages, headlines
and bylines point into the source text as it was decoded, nothing stripped; those of sentences
point into the text of their passage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from corpus.metadata import Metadata
from corpus.plain_tables import with_bars
from corpus.radicals import mended

READER_VERSION = "17"
"""Changes whenever the same file may be read differently; derived indexes are stamped with it."""

Range = tuple[int, int]
Ranges = tuple[Range, ...]
Kind = Literal["news", "photo", "notice"]


@dataclass(frozen=True, slots=True)
class Printed:
    """A piece of text and where it stands in the source.

    Attributes:
        text: The words as printed, without the white space that the layout put between them.
        ranges: Where they stand. The source at these ranges, joined, with every run of white
            space replaced by one space, is `text`.
    """

    text: str
    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on a page.

    Attributes:
        page: The page of the file, from 1.
        left: Points (1/72 inch) from the page's left edge.
        top: Points from its top edge.
        right: Points from its left edge.
        bottom: Points from its top edge.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


LineKind = Literal["text", "head", "matter"]


@dataclass(frozen=True, slots=True)
class SetLine:
    """What a page tells of one of its lines that its words do not.

    Attributes:
        start: Its first code point in the source's text.
        end: One past the last.
        box: Where it stands.
        block: Lines of one column that nothing parts share the number.
        size: The size of its type, points.
        kind: text, head (set larger than running text) or matter (a page number, a running head).
        caption: Whether it is set as the caption of a picture, or heads one.
        begins: Whether it begins a paragraph, None where only the words can tell.
        bold: Whether all of it is bold.
    """

    start: int
    end: int
    box: Box
    block: int
    size: float
    kind: LineKind
    caption: bool
    begins: bool | None
    bold: bool


Role = Literal["kicker", "headline", "subtitle", "byline", "text", "caption", "matter"]


@dataclass(frozen=True, slots=True)
class Block:
    """What markup tells of one line of a source's text, where each paragraph is one line.

    Attributes:
        role: What it is of its article; matter belongs to none.
        article: The article it belongs to, from 0; captions have articles of their own.
    """

    role: Role
    article: int


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote, contributed or photographed.

    Attributes:
        role: As printed: 记者, 通讯员, 摄, 作者 …
        name: One person's name, without inner spaces.
    """

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage.

    Attributes:
        text: `passage.text[start:end]`.
        start: First code point in the passage's text.
        end: One past the last.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, the unit that is found and cited.

    Attributes:
        id: `<issue>/<article>/<passage>`, such as `2021-10/a09/p03`.
        text: See `Printed.text`.
        ranges: See `Printed.ranges`.
        boxes: Where it stands on the pages, in reading order; empty where the file has none.
    """

    id: str
    text: str
    ranges: Ranges
    boxes: tuple[Box, ...] = ()

    @property
    def page(self) -> int | None:
        """The page of the file it begins on, or None where the file has none."""
        return self.boxes[0].page if self.boxes else None


@dataclass(frozen=True, slots=True)
class Article:
    """One piece of an issue.

    Attributes:
        id: `<issue>/<article>`, such as `2021-10/a09`.
        headline: The headline, its lines joined, or None where the piece has none.
        subtitle: The line below the headline (副题), or None.
        kicker: The line above the headline (引题), or None.
        bylines: In printed order, each person once.
        date: The day it is dated or first speaks of, never after the issue is; or None.
        kind: news, photo (a caption with its credit) or notice.
        section: The page's name or number, where page markers give one.
        passages: In reading order.
        confidence: How sure the reader is of the headline and of where the piece begins, 0 to 1.
        why: The cues behind that, in words.
    """

    id: str
    headline: Printed | None
    subtitle: Printed | None
    kicker: Printed | None
    bylines: tuple[Byline, ...]
    date: date | None
    kind: Kind
    section: str | None
    passages: tuple[Passage, ...]
    confidence: float
    why: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its passages, one a line; the places of quotes in an article are counted in it."""
        return "\n".join(passage.text for passage in self.passages)

    @property
    def issue_id(self) -> str:
        """The id of its issue."""
        return self.id.partition("/")[0]

    @property
    def title(self) -> str | None:
        """The words of its headline, or None."""
        return self.headline.text if self.headline else None

    @property
    def page(self) -> int | None:
        """The page of the file it begins on, or None where the file has none."""
        return next((passage.page for passage in self.passages), None)


@dataclass(frozen=True, slots=True)
class Source:
    """The untouched file an issue was read from.

    Attributes:
        name: The file's name, without its folders.
        data: Its bytes.
        encoding: What decodes them, such as `utf-8` or `gb18030`; where the text is extracted,
            what extracts it: `pdf`, `html`, `markdown`, `docx`, `zip`.
        extracted: The text of a file that is no plain text, kept beside it; None for text files.
        lines: What the pages tell of each line of `extracted`; only when just extracted.
        sidecar: The bytes of the `issue.toml` that was read with it, or None.
        options: What was told of it when it was added; goes before all else.
        blocks: What markup tells of each line of `extracted`; only when just extracted.
        sizes: The size of each line of `extracted` that is set as a headline, points, 0 of others;
            only when just extracted.
        told: What the file tells of the issue besides its text; only when just read.
        parts: The pages that `extracted` joins, a form feed between; only when just extracted.
        faults: What of that which the file tells cannot be understood; only when just read.
        skipped: Pages that hold no text and were left out; only when just extracted.
        n_running: Characters of running text on a web page, what is around it left out, 0 where
            the file is none; only when just extracted.
        n_kept: How many of them are in what was taken for its articles.
        bare: Its pages that hold no text, such as scans; only when just extracted.
    """

    name: str
    data: bytes
    encoding: str
    extracted: str | None = None
    lines: tuple[SetLine, ...] = field(default=(), repr=False, compare=False)
    sidecar: bytes | None = None
    options: Metadata = field(default_factory=Metadata)
    blocks: tuple[Block, ...] = field(default=(), repr=False, compare=False)
    sizes: tuple[float, ...] = field(default=(), repr=False, compare=False)
    told: Metadata = field(default=Metadata(), repr=False, compare=False)
    parts: tuple[Source, ...] = field(default=(), repr=False, compare=False)
    faults: tuple[str, ...] = field(default=(), repr=False, compare=False)
    skipped: tuple[str, ...] = field(default=(), repr=False, compare=False)
    n_running: int = field(default=0, repr=False, compare=False)
    n_kept: int = field(default=0, repr=False, compare=False)

    @property
    def share_kept(self) -> float | None:
        """The share of a page's running text that was kept, 0 to 1; None where not known."""
        return min(self.n_kept / self.n_running, 1.0) if self.n_running else None

    bare: tuple[int, ...] = field(default=(), repr=False, compare=False)

    @property
    def text(self) -> str:
        """What places count in: the decoded bytes, nothing stripped, or the extracted text.

        Radicals that a PDF extractor put for characters are these characters, and in a table of a
        text file a bar stands in each gap between two cells, for one of its spaces.
        """
        if self.extracted is not None:
            return mended(self.extracted)
        return with_bars(mended(self.data.decode(self.encoding)))


@dataclass(frozen=True, slots=True)
class Issue:
    """One number of the bulletin.

    Attributes:
        id: Readable and stable: told, or taken from the file's name, else from the printed date.
        name: The bulletin's name, told or from the masthead, or None.
        date: The day of publication, or None where nothing tells it.
        number: The issue's number from the masthead, or None.
        source: The file it was read from.
        articles: In reading order.
        furniture: What stands in no article: masthead, page markers, footers.
        title: Of the issue, where an option, a sidecar or the file itself tells one.
        origins: For each of id, date, title and publication that is known, what told it: option,
            sidecar, file, masthead or file name; only when just read.
        ignored: Corrections of the sidecar that no longer fit; only when just read.
        named: The day or month in the file's name where `date` is another, which the masthead
            told; only when just read.
    """

    id: str
    name: str | None
    date: date | None
    number: str | None
    source: Source
    articles: tuple[Article, ...]
    furniture: tuple[Printed, ...] = field(default=())
    title: str | None = None
    origins: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    ignored: tuple[str, ...] = field(default=(), compare=False)
    named: str | None = field(default=None, compare=False)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, in reading order."""
        return tuple(passage for article in self.articles for passage in article.passages)


def iso(day: date | None) -> str | None:
    """Return a day as text, or None where there is none.

    >>> iso(date(2021, 10, 7)), iso(None)
    ('2021-10-07', None)
    """
    return day.isoformat() if day else None
