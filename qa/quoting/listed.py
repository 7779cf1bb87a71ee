"""An answer that leads to a list, or is one item of what is asked for: with all of the list.

A notice prints 应提供下列材料： and each material on a line of its own, so that neither the
sentence nor an item tells which they are: all of it together does.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from corpus.lists import Listed, list_around, number_length
from corpus.plain_tables import CELLS_PART
from corpus.tables import columns_in
from corpus.text import fold, has_term, split_sentences
from corpus.types import Passage
from qa.query import Query
from qa.quoting.cells import place_of
from qa.quoting.columns import share_in
from qa.quoting.numbered import asks_for_items, asks_for_names
from qa.quoting.quotes import LONGEST, Quote, moved
from qa.quoting.slot import slot_of
from qa.search.coverage import Coverage, Weighed

_ASKS_ALL = re.compile("什么|啥|哪[几些]|what|which")
_MOST = 21  # items, and what leads to them
_OF_AN_ITEM = 0.15  # of the question's weight that an item alone has, where it is asked about
_SPEAKS = 0.5  # from here on a text speaks of a word
_BETWEEN = " ；;，,、。"  # behind an item
_OF_A_SHAPE = ("who", "when", "where", "how many", "why")


def with_items(
    query: Query, words: tuple[Weighed, ...], quote: Quote, *, coverage: Coverage
) -> list[Quote]:
    """Return a quote with the items of the list that it leads to, or that it is one of.

    The latter where what all are is asked, and nothing that this item alone says: then the sentence
    that leads to them comes first. Alone it is returned where there is no such list, or one that
    is longer than what is quoted may be.

    Args:
        query: The question.
        words: Its words, weighed.
        quote: What answers, what in it answers marked.
        coverage: Tells which of the question's words a text speaks of.
    """
    article = quote.place.article
    at = [passage.id for passage in article.passages].index(quote.place.passage.id)
    found = list_around(article.passages, at)
    if found is None or (at == found.lead and quote.end < len(quote.place.passage.text.rstrip())):
        return [quote]
    if at == found.lead:
        lead = [quote if _is_told_by_lead(query) else replace(quote, marks=())]
    elif not _asks_for_all(query, words, found, quote, coverage=coverage):
        return [quote]
    else:
        lead = [] if found.lead is None else [_last_sentence(quote, found.lead)]
    whole = [*lead, *(_item(quote, at) for at in range(found.first, found.past))]
    too_long = len(whole) > _MOST or sum(len(one.text) for one in whole) > LONGEST
    return [quote] if too_long else whole


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


def _is_told_by_lead(query: Query) -> bool:
    """Tell whether a figure, a day or so is asked for, which the sentence before may tell."""
    slot = slot_of(query)
    return slot is not None and slot.kind in _OF_A_SHAPE and not asks_for_items(query)


def _asks_for_all(
    query: Query,
    words: tuple[Weighed, ...],
    found: Listed,
    quote: Quote,
    *,
    coverage: Coverage,
) -> bool:
    """Tell whether what all items are is asked for, and nothing that one of them alone says."""
    slot = slot_of(query)
    asks = slot is not None and slot.kind == "which" and _ASKS_ALL.match(slot.text, slot.start)
    if not (asks_for_items(query) or asks) or asks_for_names(query):
        return False
    article = quote.place.article
    lead = "" if found.lead is None else article.passages[found.lead].text
    texts = [article.title or "", lead, quote.place.passage.text]
    *around, item = coverage.of_texts(words, [fold(text) for text in texts])
    told = np.maximum(*around)
    kinds = [word.word in slot.head for word in words] if slot else []
    if any(kinds) and told[kinds].max() < _SPEAKS:  # 哪几趟车, of a list that is not of such
        return False
    weights = np.array([word.weight * (len(word.word) > 1) for word in words])  # 里 is in 公里
    more = np.maximum(item - told, 0) @ weights
    return bool(more <= _OF_AN_ITEM * weights.sum())


def _last_sentence(quote: Quote, at: int) -> Quote:
    place = moved(quote.place, quote.place.article.passages[at])
    text = place.passage.text.rstrip()
    return Quote(place, split_sentences(text)[-1].start, len(text), quote.score)


def _item(quote: Quote, at: int) -> Quote:
    """Return an item of a list, marked but for its number and the sign behind it."""
    place = moved(quote.place, quote.place.article.passages[at])
    text = place.passage.text
    mark = number_length(text), len(text.rstrip(_BETWEEN))
    return Quote(place, 0, len(text), quote.score, (mark,) if mark[0] < mark[1] else ())
