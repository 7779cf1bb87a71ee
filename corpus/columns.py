"""Runs of a page to columns in the order of reading, by cutting the page along its white space.

Headlines that stand alone in their band part a page first: what is below each belongs to it, up
to the next. Then come clean vertical gutters, left to right, and within each column the same
again; a gutter through stories that begin side by side waits until the others are cut. Where no
clean cut exists the file's own order stands in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.runs import GUTTER, Run

HEAD = 1.19  # times the body's size, from which on a line is a headline; 1.2 as files round it
_SPACED_HEAD = 2.0  # em of its own size by which characters of a spaced headline may be apart
_STRIP = 1.2  # em; no distance of lines is as wide
_SHORT = 6.0  # em; a gap beside a run shorter than this is a space in a line, no gutter
_TANGLED = 0.2  # share of lines with several runs from which on the file's order is kept
_CELL = 10.0  # em; no cell of a table is wider, few columns of text are narrower
_INK = 0.75  # share of a row's width that its cells take at most
_ROW_APART = 3.0  # em of white between two rows of a table at most
_LEAST_ROWS = 3
_PAUSES = "，。；！？"  # no cell ends in one, but a line of a poem does
_AHEAD = 12  # bands looked at below a headline; none has more lines
_DEEPEST = 40
_WHOLE = 0.85  # of a region's width that a rule which parts it runs across
_TOUCH = 2.0  # points that a rule may reach into the type above or below it
_LEVEL = 3.0  # em that stories side by side begin apart at most
_UNEVEN = 4.5  # em that the columns of one story end apart at most
_WIDER = 2.0  # times as wide are the gutters that part pages as those that part columns
_MOST_PARTS = 16  # columns; no page has more

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Column:
    """Lines below each other that share their edges.

    Attributes:
        rows: The runs of each line, left to right.
        left: The column's left edge, points in the turned page.
        right: Its right edge.
        head: Whether they are lines of a headline.
        table: Whether they are rows of a table, their runs its cells.
    """

    rows: tuple[tuple[Run, ...], ...]
    left: float
    right: float
    head: bool
    table: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line drawn across: its ends and how far down it is, points in the turned page."""

    left: float
    right: float
    height: float


def read_columns(runs: Sequence[Run], *, body: float, rules: Sequence[Rule] = ()) -> list[Column]:
    """Return the columns of a page in the order of reading.

    Args:
        runs: All its runs.
        body: The size of running text, points.
        rules: The lines drawn across it.
    """
    return _cut(runs, body, rules, depth=0) if runs else []


def in_stream_order(runs: Sequence[Run]) -> Column:
    """Return runs in the order of the file, for a page that cannot be cut."""
    left, right = _edges(runs)
    rows = tuple((run,) for run in sorted(runs, key=lambda run: run.order))
    return Column(rows, left, right, head=False)


def _cut(runs: Sequence[Run], body: float, rules: Sequence[Rule], *, depth: int) -> list[Column]:
    left, right = _edges(runs)
    columns: list[Column] = []
    for group in _groups(runs, body, rules):
        inside = [run for band in group.bands for run in band]
        if group.table:
            columns.append(Column(tuple(_lines(inside)), left, right, head=False, table=True))
            continue
        gutters = [] if group.head else _inner(group.free, group.edges, body)
        gutters = _first_cuts(inside, gutters, body)
        if gutters and not _is_one_line(inside, body) and depth < _DEEPEST:
            for part in _parts(inside, gutters):
                columns += _cut(part, body, rules, depth=depth + 1)
            continue
        rows = _rows(inside)
        last = columns[-1] if columns else None
        if (
            last
            and not last.table
            and last.head == group.head
            and (last.left, last.right) == (left, right)
        ):
            rows = [*last.rows, *rows]
            columns.pop()
        columns.append(Column(tuple(rows), left, right, group.head))
    return columns


@dataclass(slots=True)
class _Group:
    """Bands that are cut together; `free` are the spans that no run of theirs reaches into.

    Those of a table are not cut: they are its rows.
    """

    bands: list[list[Run]]
    free: list[Span]
    edges: Span
    head: bool
    table: bool = False


def _groups(runs: Sequence[Run], body: float, rules: Sequence[Rule]) -> list[_Group]:
    across = _across(rules, _edges(runs))
    groups: list[_Group] = []
    bands = _bands(runs)
    in_table = _in_tables(bands, body)
    for place, band in enumerate(bands):
        last = groups[-1] if groups else None
        if in_table[place]:
            if last and last.table and in_table[place] == in_table[place - 1]:
                last.bands.append(band)
            else:
                groups.append(_Group([band], _free(band), _edges(band), False, table=True))
            continue
        ahead = bands[place : place + _AHEAD]
        below = [run for other in ahead for run in other if run.size < HEAD * body]
        fresh = _Group([band], _free(band), _edges(band), _is_headline(band, below, body))
        if last and fresh.head and not last.table:
            rest = [run for other in bands[place:] for run in other]
            fresh.head = last.head or not (
                _goes_on_one(last, fresh, body) or _goes_on_below(last, rest, body)
            )
        head = fresh.head
        joins = last and not last.table and last.head == head and (head or _fits(last, fresh, body))
        if last and joins and not _parts_stories(last.bands[-1], band, body, across):
            last.bands.append(band)
            last.free = _common(last.free, fresh.free)
            last.edges = _hull(last.edges, fresh.edges)
        else:
            groups.append(fresh)
    return groups


def _goes_on_one(group: _Group, band: _Group, body: float) -> bool:
    """Tell whether a line goes on one of the headlines that stand side by side right above it."""
    heads = all(run.size >= HEAD * body for run in group.bands[-1])
    return heads and len(group.bands[-1]) > 1 and _fits(group, band, body)


def _goes_on_below(group: _Group, rest: Sequence[Run], body: float) -> bool:
    """Tell whether all that is left of a page goes on the longest of the columns above it.

    The others end well above its end, as those of one story do not.
    """
    gutters = _inner(_common(group.free, _free(rest)), group.edges, body)
    parts = _parts([run for band in group.bands for run in band], gutters)
    if not 1 < len(parts) == len(gutters) + 1 or len(_parts(rest, gutters)) > 1:
        return False
    ends = [max(run.bottom for run in part) for part in parts]
    own = ends[sum(rest[0].left >= end for _, end in gutters)]
    return own == max(ends) > min(ends) + _UNEVEN * body


def _in_tables(bands: Sequence[Sequence[Run]], body: float) -> list[int]:
    """Return for each band the number of the table that it is a row of, from 1, or 0 for none."""
    numbers: list[int] = []
    for place, band in enumerate(bands):
        row = _is_row(band, body)
        goes_on = row and place and numbers[-1] and _are_rows(bands[place - 1], band, body)
        numbers.append(numbers[-1] if goes_on else place + 1 if row else 0)
    counts = Counter(numbers)
    return [number if counts[number] >= _LEAST_ROWS else 0 for number in numbers]


def _is_row(band: Sequence[Run], body: float) -> bool:
    """Tell whether a band may be a row of a table: short cells, more white between than ink."""
    left, right = _edges(band)
    widths = [run.right - run.left for run in band]
    return (
        len(band) > 1
        and len(_lines(band)) == 1
        and max(widths) <= _CELL * body
        and sum(widths) <= _INK * (right - left)
        and not any(run.size >= HEAD * body or run.cells[-1].glyph.char in _PAUSES for run in band)
    )


def _are_rows(above: Sequence[Run], below: Sequence[Run], body: float) -> bool:
    """Tell whether two rows are of one table: near each other, and a gutter runs through both."""
    gap = min(run.top for run in below) - max(run.bottom for run in above)
    (left, right), (left_below, right_below) = _edges(above), _edges(below)
    shared = max(left, left_below), min(right, right_below)
    gutters = _inner(_common(_free(above), _free(below)), shared, body)
    return gap < _ROW_APART * body and bool(gutters)


def _edges(runs: Sequence[Run]) -> Span:
    return min(run.left for run in runs), max(run.right for run in runs)


def _hull(first: Span, second: Span) -> Span:
    return min(first[0], second[0]), max(first[1], second[1])


def _across(rules: Sequence[Rule], edges: Span) -> list[float]:
    """Return how far down the rules are that run across nearly all between two edges."""
    left, right = edges
    return [
        rule.height
        for rule in rules
        if min(rule.right, right) - max(rule.left, left) > _WHOLE * (right - left)
    ]


def _parts_stories(
    above: Sequence[Run], below: Sequence[Run], body: float, across: Sequence[float]
) -> bool:
    """Tell whether a rule parts two bands, or a wide clear strip over columns side by side."""
    top, bottom = max(run.bottom for run in above), min(run.top for run in below)
    if any(top - _TOUCH <= height <= bottom + _TOUCH for height in across):
        return True
    return bottom - top >= _STRIP * body and bool(_inner(_free(below), _edges(below), body))


def _fits(group: _Group, band: _Group, body: float) -> bool:
    """Tell whether a band is cut as the group above it is: by the same gutters, or by none."""
    edges = _hull(group.edges, band.edges)
    return bool(_inner(_common(group.free, band.free), edges, body)) or not (
        _inner(group.free, group.edges, body) or _inner(band.free, band.edges, body)
    )


def _bands(runs: Sequence[Run]) -> list[list[Run]]:
    """Return runs parted wherever a horizontal line runs clean through all of them."""
    bands: list[list[Run]] = []
    bottom = float("-inf")
    for run in sorted(runs, key=lambda run: (run.top, run.left)):
        if run.top >= bottom - 0.1 * run.size:
            bands.append([])
            bottom = run.bottom
        bands[-1].append(run)
        bottom = max(bottom, run.bottom)
    return bands


def _is_headline(band: Sequence[Run], below: Sequence[Run], body: float) -> bool:
    """Tell whether a band holds one line that is set larger than running text and nothing else.

    Parts of it that start right over columns are headlines side by side.
    """
    if any(run.size < HEAD * body for run in band) or len(_rows(band)) > 1:
        return False
    ordered = sorted(band, key=lambda run: run.left)
    over = [run for run in ordered[1:] if any(abs(run.left - o.left) < body / 3 for o in below)]
    return not over and all(b.left - a.right < _SPACED_HEAD * a.size for a, b in pairwise(ordered))


def _free(runs: Sequence[Run]) -> list[Span]:
    """Return the spans across that no run reaches into, the two endless ones included."""
    spans: list[Span] = []
    reached = float("-inf")
    for run in sorted(runs, key=lambda run: run.left):
        if run.left > reached:
            spans.append((reached, run.left))
        reached = max(reached, run.right)
    return [*spans, (reached, float("inf"))]


def _common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    shared = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return [(start, end) for start, end in shared if start < end]


def _inner(free: Sequence[Span], edges: Span, body: float) -> list[Span]:
    """Return the free spans inside the edges that are wide enough for a gutter."""
    return [
        (start, end)
        for start, end in free
        if edges[0] < start and end < edges[1] and end - start >= GUTTER * body
    ]


def _first_cuts(runs: Sequence[Run], gutters: Sequence[Span], body: float) -> list[Span]:
    """Return the gutters to cut first: between pages, or those that no row of stories lies across.

    Pages side by side have columns of their own, and more white between them than between these.
    """
    if not 1 < len(gutters) < _MOST_PARTS:
        return list(gutters)
    widths = [end - start for start, end in gutters]
    wide = [n for n, width in enumerate(widths) if _WIDER * width > max(widths)]
    several = all(after - before > 1 for before, after in pairwise([-1, *wide, len(gutters)]))
    if several and max(widths) >= _WIDER * max(min(widths), body):
        return [gutters[n] for n in wide]
    parts = _parts(runs, gutters)
    crossed: set[int] = set()
    for first in range(len(parts)):
        for last in range(first + 1, len(parts)):
            if _begin_side_by_side(parts[first : last + 1], body):
                crossed.update(range(first, last))
    return [gutter for n, gutter in enumerate(gutters) if n not in crossed] or list(gutters)


def _begin_side_by_side(parts: Sequence[Sequence[Run]], body: float) -> bool:
    """Tell whether a clear strip runs over columns, and stories begin right below it.

    A headline stands over the first column, and either another over the last or nothing beside
    it, and all columns begin at one height below it.
    """
    for above, below in pairwise(_bands([run for part in parts for run in part])):
        top = min(run.top for run in below)
        if top - max(run.bottom for run in above) < _STRIP * body:
            continue
        under = [[run for run in part if run.top >= top] for part in parts]
        firsts = [min(part, key=lambda run: run.top) for part in under if part]
        headed = [run.size >= HEAD * body and run.top - top < _LEVEL * body for run in firsts]
        if all(under) and headed[0] and (headed[-1] or _begin_level(under, body)):
            return True
    return False


def _begin_level(parts: Sequence[Sequence[Run]], body: float) -> bool:
    """Tell whether the text of columns begins at one height, whatever headlines are over it."""
    texts = [[run.top for run in part if run.size < HEAD * body] for part in parts]
    tops = [min(text, default=float("inf")) for text in texts]
    return max(tops) - min(tops) < body


def _parts(runs: Sequence[Run], gutters: Sequence[Span]) -> list[list[Run]]:
    parts: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
    for run in runs:
        parts[sum(run.left >= end for _, end in gutters)].append(run)
    return [part for part in parts if part]


def _is_one_line(runs: Sequence[Run], body: float) -> bool:
    """Tell whether runs are words of one line rather than columns of one line each."""
    return len(_rows(runs)) == 1 and any(run.right - run.left < _SHORT * body for run in runs)


def _rows(runs: Sequence[Run]) -> list[tuple[Run, ...]]:
    """Return the lines of runs that no gutter parts, top to bottom."""
    rows = _lines(runs)
    if len(rows) > 2 and sum(len(row) > 1 for row in rows) > _TANGLED * len(rows):
        return list(in_stream_order(runs).rows)
    return rows


def _lines(runs: Sequence[Run]) -> list[tuple[Run, ...]]:
    """Return the runs of each line, left to right, top to bottom."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.bottom, run.left)):
        if rows and abs(rows[-1][0].bottom - run.bottom) < 0.4 * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [tuple(sorted(row, key=lambda run: run.left)) for row in rows]
