"""A PDF with a text layer to text in the order of reading, with what the page tells of each line.

The text is ours: one printed line a line, an indent as ideographic spaces, columns parted by a
blank line, pages by a form feed. It is kept beside the file, and places in the source are places
in it. What size, place and indents tell goes with it line by line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus import cues
from corpus.columns import HEAD, Column, in_stream_order, read_columns
from corpus.errors import FORMATS, SourceError
from corpus.frames import boxed, rules_of, turned
from corpus.glyphs import PdfError, Sheet, read_pages
from corpus.initials import with_initials
from corpus.plain_tables import CELLS_PART
from corpus.runs import Run, find_runs, text_of
from corpus.types import Box, LineKind, SetLine, Source

ENCODING = "pdf"
_MARGIN = 0.08  # of the page's height, where running heads and page numbers stand
_CAPTION = 0.93  # times the body's size, up to which a line below a picture is its caption
_INDENT = 0.8  # em, from which on a line is indented
_DEEP_INDENT = 3.0  # em, from which on it is centred or set to the right
_REACH = 8.0  # em that a caption is from its picture at most
_WIDEST = 40.0  # em of an indent that are kept
_AHEAD = 12  # lines; no headline has more
_SCRAP, _SCRAPS, _MANY_LINES = 4, 0.3, 20  # characters, share of lines, lines
_SHORT = 2.0  # em by which a line ends before its column does
_APART = 1.5  # times the usual distance of lines, which parts paragraphs
_FULL = 400  # characters from which on a page tells its own size of running text
_UNREADABLE = 0.1  # share of characters that their font does not name
_SPARSE = 8  # characters on a page beside a picture of it: a scan with a page number
_NUMBER = re.compile(r"[\W\d]*\d[\W\d]*")


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its number from 1, what stands on it, its runs, and whether its lines run down."""

    number: int
    sheet: Sheet
    runs: tuple[Run, ...]
    down: bool


@dataclass(slots=True)
class Row:
    """One line while its page is put together; `begins` is None where the page does not tell."""

    runs: tuple[Run, ...]
    column: Column
    page: _Page
    kind: LineKind = "text"
    caption: bool = False
    begins: bool | None = None

    @property
    def size(self) -> float:
        """The size of most of its type, points."""
        return max(self.runs, key=lambda run: len(run.cells)).size

    @property
    def text(self) -> str:
        """What it prints; the cells of a table are parted."""
        if self.column.table:
            return CELLS_PART.join(text_of(run.cells) for run in self.runs)
        return text_of([cell for run in self.runs for cell in run.cells])

    @property
    def indent(self) -> float:
        """How far it starts behind its column's edge, em."""
        return (self.runs[0].left - self.column.left) / self.size

    @property
    def slack(self) -> float:
        """How far it ends before its column does, em."""
        return (self.column.right - self.runs[-1].right) / self.size

    @property
    def box(self) -> Box:
        """Where it stands on its page, not turned."""
        left, right = self.runs[0].left, max(run.right for run in self.runs)
        top, bottom = min(run.top for run in self.runs), max(run.bottom for run in self.runs)
        edges = left, top, right, bottom
        if self.page.down:
            width = self.page.sheet.width
            edges = width - bottom, left, width - top, right
        return Box(self.page.number, *(round(edge, 1) for edge in edges))

    def is_of(self, other: Row) -> bool:
        """Tell whether it stands in one block with another line."""
        return (
            self.column is other.column
            and self.kind == other.kind
            and self.caption == other.caption
        )


def source_of_pdf(data: bytes, *, name: str, path: str) -> Source:
    """Return a PDF as a source, with its text and what the page tells of each line.

    Raises:
        SourceError: If it is damaged, locked, too large, or has no text.
    """
    try:
        sheets = read_pages(data)
    except PdfError as exc:
        raise SourceError(path, str(exc)) from exc
    _check_text(sheets, path)
    rows = rows_of(sheets)
    _tell_paragraphs(rows)
    text, lines = _written(rows)
    bare = tuple(number for number, sheet in enumerate(sheets, 1) if _is_bare(sheet))
    return Source(name=name, data=data, encoding=ENCODING, extracted=text, lines=lines, bare=bare)


def rows_of(sheets: Sequence[Sheet]) -> list[Row]:
    """Return all lines in the order of reading, those of the margins behind their page."""
    pages = [
        _Page(number, sheet, *_runs(sheet))
        for number, sheet in enumerate(sheets, 1)
        if sheet.glyphs
    ]
    matter = _matter(pages)
    usual = _body([run for page in pages for run in page.runs])
    return [row for page in pages for row in _rows(page, matter=matter, usual=usual)]


def _runs(sheet: Sheet) -> tuple[tuple[Run, ...], bool]:
    runs, down = find_runs(sheet)
    return tuple(with_initials(runs, body=_body(runs))), down


def _check_text(sheets: Sequence[Sheet], shown: str) -> None:
    """Refuse a PDF whose pages are pictures: a scan."""
    if all(len(sheet.glyphs) < _SPARSE for sheet in sheets):
        pictures = any(sheet.pictures for sheet in sheets)
        problem = "is a scan without a text layer" if pictures else "holds no text"
        raise SourceError(shown, problem, FORMATS if pictures else "")
    unreadable = sum(is_unknown(glyph.char) for sheet in sheets for glyph in sheet.glyphs)
    if unreadable > _UNREADABLE * sum(len(sheet.glyphs) for sheet in sheets):
        raise SourceError(shown, "has a text layer without character codes", FORMATS)


def _is_bare(sheet: Sheet) -> bool:
    """Tell whether a page holds no text: it is empty or a picture, a page number apart."""
    return not sheet.glyphs or (len(sheet.glyphs) < _SPARSE and bool(sheet.pictures))


def is_unknown(char: str) -> bool:
    """Tell whether a font did not say which character a glyph is."""
    return char == "\ufffd" or "\ue000" <= char <= "\uf8ff"


def _rows(page: _Page, *, matter: Container[tuple[int, int]], usual: float) -> list[Row]:
    """Return the lines of a page; `usual` is the size of running text in the whole file."""
    apart = [run for run in page.runs if (page.number, run.order) in matter]
    inside = [run for run in page.runs if (page.number, run.order) not in matter]
    full = sum(len(run.cells) for run in page.runs) >= _FULL
    body = _body(page.runs) if full else usual
    columns = _columns(page, inside, body=body)
    if _is_torn(columns):
        columns = [in_stream_order(inside)]
    rows = [Row(line, column, page) for column in columns for line in column.rows]
    above = None
    for row in rows:
        row.kind = "head" if row.size >= HEAD * body else "text"
        goes_on = above is not None and above.caption and above.column is row.column
        row.caption = row.size <= _CAPTION * body and (goes_on or _is_at_picture(row))
        above = row
    own = [Column(((run,),), run.left, run.right, head=False) for run in apart]
    return _captions_apart(rows) + [Row(one.rows[0], one, page, kind="matter") for one in own]


def _columns(page: _Page, runs: Sequence[Run], *, body: float) -> list[Column]:
    """Return the columns of a page, a story in a frame before the next that begins below it."""
    paths = turned(page.sheet.paths, page.sheet.width) if page.down else page.sheet.paths
    boxes = boxed(runs, paths, body=body)
    apart = {run.order for box in boxes for run in box}
    rest = [run for run in runs if run.order not in apart]
    rules = rules_of(paths)
    columns = read_columns(rest, body=body, rules=rules)
    for box in boxes:
        bottom = max(run.bottom for run in box)
        place = _next_story(columns, bottom, body)
        columns[place:place] = read_columns(box, body=body, rules=rules)
    return columns


def _next_story(columns: Sequence[Column], bottom: float, body: float) -> int:
    """Return the place of the first column that begins with a headline and is all below a box."""
    headed = False
    for place, column in enumerate(columns):
        goes_on, headed = headed, column.rows[-1][0].size >= HEAD * body
        starts = column.rows[0][0].size >= HEAD * body and not goes_on
        if starts and column.rows[0][0].top >= bottom:
            return place
    return len(columns)


def _is_torn(columns: Sequence[Column]) -> bool:
    """Tell whether a page was cut where nobody would have: many of its lines are scraps."""
    lengths = [sum(len(run.cells) for run in row) for column in columns for row in column.rows]
    scraps = sum(length < _SCRAP for length in lengths)
    return len(lengths) >= _MANY_LINES and scraps > _SCRAPS * len(lengths)


def _body(runs: Sequence[Run]) -> float:
    """Return the size that most characters are set in, points."""
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[round(2 * run.size) / 2] += len(run.cells)
    return max(sizes, key=lambda size: (sizes[size], -size))


def _matter(pages: Sequence[_Page]) -> set[tuple[int, int]]:
    """Return (page, order) of the runs in the outer margins that are page numbers or recur."""
    outer = [
        (page.number, run, text_of(run.cells))
        for page in pages
        if not page.down
        for run in page.runs
        if not _MARGIN < (run.top + run.bottom) / 2 / page.sheet.height < 1 - _MARGIN
        and not _is_reference(run)
    ]
    on_pages = Counter(key for _, key in {(n, _recurring(run, text)) for n, run, text in outer})
    return {
        (number, run.order)
        for number, run, text in outer
        if _NUMBER.fullmatch(text) or on_pages[_recurring(run, text)] > 1
    }


def _is_reference(run: Run) -> bool:
    """Tell whether a line says that a story goes on elsewhere, or comes from there."""
    text = text_of(run.cells)
    return bool(cues.CAME_FROM.match(text) or cues.goes_on(text))


def _recurring(run: Run, text: str) -> tuple[int, str]:
    """Return what a running head has in common on all pages: its height and all but figures."""
    return round(run.top / 4), re.sub(r"\d+", "0", text)


def _is_at_picture(row: Row) -> bool:
    """Tell whether a line stands near a picture of its page, and no rule runs between them."""
    box, reach = row.box, _REACH * row.size
    rules = [
        rule.height
        for rule in rules_of(row.page.sheet.paths)
        if rule.left < box.right and box.left < rule.right
    ]
    return any(
        box.left < right + reach
        and box.right > left - reach
        and box.top < bottom + reach
        and box.bottom > top - reach
        and not any(box.bottom < height < top or bottom < height < box.top for height in rules)
        for left, top, right, bottom in row.page.sheet.pictures
    )


def _captions_apart(rows: Sequence[Row]) -> list[Row]:
    """Return the lines of a page, each caption with the heading over it behind its story."""
    kept: list[Row] = []
    waiting: list[Row] = []
    for place, row in enumerate(rows):
        row.caption = row.caption or (
            row.kind == "head" and _heads_caption(rows[place : place + _AHEAD])
        )
        if row.caption:
            waiting.append(row)
            continue
        if row.kind == "head" and kept and kept[-1].kind != "head":
            kept += waiting
            waiting = []
        kept.append(row)
    return [*kept, *waiting]


def _heads_caption(rows: Sequence[Row]) -> bool:
    """Tell whether headline lines stand right over a caption."""
    return next((row.caption for row in rows if row.kind != "head"), False)


def _tell_paragraphs(rows: Sequence[Row]) -> None:
    """Set for each line whether it begins a paragraph, where the page tells."""
    indented = _is_indented([row for row in rows if row.kind == "text"])
    before: Row | None = None
    leading = {} if indented else {id(row.column): _leading(row.column) for row in _firsts(rows)}
    for row in rows:
        if row.kind == "matter":
            row.begins = True
            continue
        if row.column.table or (before is not None and before.column.table):
            row.begins = True
            before = row
            continue
        goes_on = before is not None and before.kind == row.kind == "text"
        if before is None or not goes_on or before.caption != row.caption:
            row.begins = True
        elif indented:
            row.begins = _begins_indented(before, row)
        else:
            row.begins = _begins_flush(before, row, leading=leading[id(row.column)])
        before = row


def _is_indented(text: Sequence[Row]) -> bool:
    """Tell whether paragraphs are indented: most lines after one that ends early are."""
    after_short = [
        row
        for before, row in pairwise(text)
        if before.column is row.column and before.slack > _SHORT
    ]
    indented = sum(_INDENT <= row.indent < _DEEP_INDENT for row in after_short)
    if after_short:
        return indented >= 0.5 * len(after_short)
    return any(_INDENT <= row.indent < _DEEP_INDENT for row in text)


def _begins_indented(before: Row, row: Row) -> bool | None:
    if row.indent >= _INDENT:
        return True
    if before.slack > _SHORT or not _same_measure(before, row):
        return None
    return False


def _firsts(rows: Sequence[Row]) -> list[Row]:
    """Return the first line of each column."""
    return [
        row
        for before, row in pairwise([None, *rows])
        if row is not None and (before is None or before.column is not row.column)
    ]


def _leading(column: Column) -> float:
    """Return the usual distance of a column's lines, points; endless where it has but one."""
    steps = [below[0].top - above[0].top for above, below in pairwise(column.rows)]
    return median(steps) if steps else float("inf")


def _begins_flush(before: Row, row: Row, *, leading: float) -> bool | None:
    if before.column is not row.column:
        return None if before.slack > _SHORT or not _same_measure(before, row) else False
    if row.runs[0].top - before.runs[0].top > _APART * leading:
        return True
    return None if before.slack > _SHORT else False


def _same_measure(before: Row, row: Row) -> bool:
    """Tell whether two lines stand in columns of about the same width, in type of one size."""
    widths = [one.column.right - one.column.left for one in (before, row)]
    last = len(row.column.rows) < 4  # a short rest of a paragraph need not fill its column
    alike = last or abs(widths[0] - widths[1]) < 0.15 * max(widths)
    return alike and abs(before.size - row.size) < 0.05 * row.size


def _written(rows: Sequence[Row]) -> tuple[str, tuple[SetLine, ...]]:
    """Return the text of the lines, and where each stands in it and on its page."""
    parts: list[str] = []
    lines: list[SetLine] = []
    end = block = 0
    for before, row in pairwise([None, *rows]):
        assert row is not None
        indented = row.indent >= _INDENT and not row.column.table
        lead = "\u3000" * round(min(row.indent, _WIDEST)) if indented else ""
        if before is not None and not row.is_of(before):
            block += 1
            lead = ("\n\n" if before.page is row.page else "\n\f") + lead
        elif before is not None:
            lead = "\n" + lead
        text = row.text
        start, end = end + len(lead), end + len(lead) + len(text)
        parts += [lead, text]
        lines.append(
            SetLine(
                start=start,
                end=end,
                box=row.box,
                block=block,
                size=row.size,
                kind=row.kind,
                caption=row.caption,
                begins=row.begins,
                bold=all(run.bold for run in row.runs),
            )
        )
    return "".join(parts), tuple(lines)
