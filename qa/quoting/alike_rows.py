"""Rows of a table that all answer: 二等奖有哪些人 names what several rows have in one cell."""

from __future__ import annotations

from corpus.plain_tables import CELLS_PART
from corpus.tables import columns_in
from corpus.text import fold, has_term
from corpus.types import Passage
from qa.query import Query
from qa.quoting.cells import place_of
from qa.quoting.columns import share_in
from qa.quoting.quotes import Quote, moved

_MOST = 21  # rows


def rows_alike(query: Query, quote: Quote) -> list[Quote]:
    """Return the rows of a table that have the one cell which a question names of a row.

    Both who got a 二等奖, and all that is on one day. None where but one has it, or where the
    question has something of another cell of the row that is quoted.
    """
    names = quote.place.columns
    if not names or quote.cell is None or quote.cell.is_most:
        return []
    asked, cells = fold(query.text), quote.text.split(CELLS_PART)
    named = [at for at, cell in enumerate(cells) if _is_named(fold(cell), asked)]
    others = [cell for at, cell in enumerate(cells) if named != [at] and len(cell) > 1]
    if len(named) != 1 or any(share_in(asked, cell) for cell in others):
        return []
    columns = columns_in(quote.place.article.passages)
    rows = [
        passage
        for passage in quote.place.article.passages
        if columns.get(passage.id) == names
        and passage.text.split(CELLS_PART)[named[0]] == cells[named[0]]
    ]
    at = quote.text[: quote.cell.place[0]].count(CELLS_PART) if quote.cell.place else -1
    return [_row(quote, one, at) for one in rows] if 1 < len(rows) < _MOST else []


def _is_named(cell: str, asked: str) -> bool:
    return len(cell) > 1 and not cell.isdigit() and has_term(cell, asked)


def _row(quote: Quote, passage: Passage, at: int) -> Quote:
    """Return a row of a table, the cell of a column marked; none where that is below 0."""
    cells = passage.text.split(CELLS_PART)
    marks = (place_of(cells, at),) if at >= 0 and cells[at].strip() else ()
    return Quote(moved(quote.place, passage), 0, len(passage.text), quote.score, marks)
