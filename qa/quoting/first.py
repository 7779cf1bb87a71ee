"""Which of the quotes comes first: the one that tells what is asked, of the time that is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.text import fold
from qa.query import Query
from qa.quoting.compare import mark
from qa.quoting.conditions import (
    contradicted,
    is_of_another_month,
    lacks_the_route,
    lacks_the_year,
    names_a_time,
    names_the_month,
)
from qa.quoting.kinds import IS_NAME
from qa.quoting.lacking import (
    agrees,
    asks_hour,
    lacks_the_most,
    lacks_what_is_asked,
    lacks_what_may_be,
    measures,
)
from qa.quoting.letters import replied
from qa.quoting.paired import answers_it
from qa.quoting.parts import told_only_by
from qa.quoting.passing import is_passing
from qa.quoting.persons import (
    OfficeAsked,
    holder,
    is_of_another_body,
    names_a_body,
    office_asked,
    takes_over,
)
from qa.quoting.planned import PLANNED, lacks_the_result
from qa.quoting.quotes import EQUALLY, SAME, Quote
from qa.quoting.ranges import own_figures
from qa.quoting.slot import slot_of
from qa.quoting.traits import SORTS
from qa.search.coverage import Weighed

_SUPERLATIVE = re.compile(
    "最(?:[多少高低大小长短早晚快慢好贵]|便宜)"
    r"|\b(?:most|least|fewest|best|cheapest|dearest|priciest|(?:larg|great|bigg|small|high|low|long|short|old|young)est)\b",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"首任|第.任|时的?|之初|当年|当时|原来|\bwho was\b|\bfirst\b|\bfound(?:ing|ed)\b", re.IGNORECASE
)
_MAY_CHANGE = re.compile(rf"{PLANNED.pattern}|[推延]迟|延[期至到]")
_PLANNED_FIRST = re.compile(
    "原[本先来定]|最早|最初|当初|计划|\\b(?:original|first|plan|going to|supposed to|meant to)",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(r"\d")
_FIRM = ("公司", "企业", "集团")
_FAR_WORSE = 0.5  # of one that names who is asked for, in its article
_WORSE = 0.3  # how much worse a quote may speak of the question that tells what is asked


def first_that_tells(
    query: Query, words: tuple[Weighed, ...], quotes: Sequence[Quote]
) -> Sequence[Quote]:
    """Return the quotes, the first that tells what is asked before one that does not.

    Of another article only one that speaks of as much of the question.

    Of an English question only what is told by its own words, or an hour: a figure or a day of
    what it may mean is in too many sentences.

    Args:
        query: The question.
        words: Its words, weighed.
        quotes: Best first.
    """
    quotes = _not_contradicted(query, _of_no_other_body(query, quotes))
    quotes = _most_of_all(query, _held_now(query, quotes))
    quotes = _planned_no_more(query, words, _of_the_month(query, quotes))
    quotes = replied(query, words, _as_a_rule(query, words, _in_its_range(query, quotes)))
    if (
        not quotes
        or (query.lang == "en" and not told_only_by(query) and not asks_hour(query))
        or not _tells_less(query, words, quotes[0])
    ):
        return quotes
    best, slot = quotes[0], slot_of(query)
    by_words = bool(told_only_by(query)) and slot is not None and slot.kind in ("which", "who")
    measured = slot is not None and slot.kind == "how many" and measures(slot)
    worse = _FAR_WORSE if by_words or measured else _WORSE
    telling = (
        quote
        for quote in quotes[1:]
        if quote.score >= best.score - worse * (quote.place.article.id == best.place.article.id)
        and not _tells_less(query, words, quote)
        and (slot is None or by_words or mark(query, words, quote).marks)
    )
    first = next(telling, best)
    return _before(first, quotes)


def _before(first: Quote, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes, one of them first."""
    return [first, *(one for one in quotes if one is not first)]


def _not_contradicted(query: Query, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes, the first that does not speak of another year or month than is named first."""
    if not quotes or not names_a_time(query) or not contradicted(query, quotes[0].place):
        return quotes
    least = quotes[0].score - _WORSE
    fitting = (
        one for one in quotes[1:] if one.score >= least and not contradicted(query, one.place)
    )
    first = next(fitting, quotes[0])
    return _before(first, quotes)


def _most_of_all(query: Query, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes, the row of a table that has the most first, where that is asked for."""
    if not quotes or not _SUPERLATIVE.search(query.text):
        return quotes
    least = quotes[0].score - _WORSE
    rows = (one for one in quotes if one.cell and one.cell.is_most and one.score >= least)
    first = next(rows, quotes[0])
    return _before(first, quotes)


def _in_its_range(query: Query, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes, one of the first's article with a range the asker's figure is in first."""
    owns = own_figures(fold(query.text))
    if not owns or not quotes or any(own.said in quotes[0].place.searched for own in owns):
        return quotes
    least = quotes[0].score - _WORSE
    telling = (
        one
        for one in quotes
        if one.place.article.id == quotes[0].place.article.id
        and one.score >= least
        and any(own.met(fold(one.text)) for own in owns)
    )
    first = next(telling, quotes[0])
    return _before(first, quotes)


def _as_a_rule(
    query: Query, words: tuple[Weighed, ...], quotes: Sequence[Quote]
) -> Sequence[Quote]:
    """Return quotes, before one that holds for a few days one that answers as well for all."""
    if not quotes or not is_passing(query, fold(quotes[0].text)):
        return quotes
    least = quotes[0].score - EQUALLY
    rules = (
        one
        for one in quotes[1:]
        if one.score >= least
        and not is_passing(query, fold(one.text))
        and not _tells_less(query, words, one)
    )
    first = next(rules, quotes[0])
    return _before(first, quotes)


def _of_the_month(query: Query, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes, before one that names other months one of its article that names this."""
    if not quotes or not names_a_time(query) or not _is_of_another_month(query, quotes[0]):
        return quotes
    best = quotes[0]
    fitting = (
        one
        for one in quotes[1:]
        if one.place.article.id == best.place.article.id
        and one.score >= best.score - _FAR_WORSE
        and names_the_month(query, fold(one.text))
    )
    first = next(fitting, best)
    return _before(first, quotes)


def _is_of_another_month(query: Query, quote: Quote) -> bool:
    return is_of_another_month(query, fold(quote.text), quote.place.issued)


def _planned_no_more(
    query: Query, words: tuple[Weighed, ...], quotes: Sequence[Quote]
) -> Sequence[Quote]:
    """Return quotes, before a day that was planned what a later issue tells of the same.

    Not where a time is named, or what was planned at first is asked for.
    """
    slot = slot_of(query)
    if not quotes or slot is None or slot.kind != "when" or query.months or names_a_time(query):
        return quotes
    best, may_change = quotes[0], PLANNED if asks_hour(query) else _MAY_CHANGE
    if _PLANNED_FIRST.search(query.text) or not may_change.search(best.text):
        return quotes
    later = [
        one
        for one in quotes[1:]
        if one.place.issued > best.place.issued
        and one.score >= best.score - (SAME if may_change.search(one.text) else EQUALLY)
        and not lacks(query, words, one)
        and mark(query, words, one).marks
    ]
    if not later:
        return quotes
    first = max(later, key=lambda one: one.place.issued)
    return _before(first, quotes)


def _held_now(query: Query, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes, of those that name who holds the office that is asked for the newest first.

    Of two in one issue that is the one that tells who takes it over.
    """
    asked = office_asked(fold(query.text))
    if not quotes or not asked or asked.of_before or query.months or _THEN.search(query.text):
        return quotes
    least = quotes[0].score - EQUALLY
    telling = [one for one in quotes if one.score >= least and _names_holder(query, one)]
    if quotes[0] not in telling:
        return _held_in_its_article(query, asked, quotes)
    alike = is_of_another_body(query, fold(quotes[0].text))
    own = [one for one in telling if is_of_another_body(query, fold(one.text)) == alike]
    first = max(own, key=lambda one: (one.place.issued, takes_over(query, fold(one.text))))
    return _before(first, quotes)


def _held_in_its_article(
    query: Query, asked: OfficeAsked, quotes: Sequence[Quote]
) -> Sequence[Quote]:
    """Return quotes, before one that names no holder of an office one of the same article.

    There the office is told of what the article is about: 中心主任, 公司董事长.
    """
    best = quotes[0]
    if holder(query, fold(best.text)):
        return quotes
    for one in quotes[1:]:
        folded = fold(one.text)
        if one.place.article.id != best.place.article.id or one.score < best.score - _FAR_WORSE:
            continue
        office = re.search(
            rf"(?:^|[,。;“])(?P<of>[\u4e00-\u9fff]{{0,3}}?)(?:{asked.pattern})", folded
        )
        is_meant = office and (
            not office["of"] or office["of"] in _FIRM or office["of"] in query.text
        )
        if is_meant and holder(query, folded):
            return _before(one, quotes)
    return quotes


def _names_holder(query: Query, quote: Quote) -> bool:
    """Tell whether a quote surely names who holds the office that is asked for."""
    folded = fold(quote.text)
    found = holder(query, folded)
    return found is not None and bool(
        IS_NAME.fullmatch(folded[slice(*found)]) or takes_over(query, folded)
    )


def _of_no_other_body(query: Query, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return quotes; before one that tells an office of some body the first of no such, 院长 alone.

    Where its article names no body either, that is the bulletin's own.
    """
    if not quotes or not is_of_another_body(query, fold(quotes[0].text)):
        return quotes
    own = next(
        (
            quote
            for quote in quotes[1:]
            if quote.score >= quotes[0].score - _WORSE
            and holder(query, fold(quote.text))
            and not is_of_another_body(query, fold(quote.text))
            and not names_a_body(quote.place.searched)
        ),
        None,
    )
    return _before(own, quotes) if own else quotes


def _tells_less(query: Query, words: tuple[Weighed, ...], quote: Quote) -> bool:
    """Tell whether a quote lacks what is asked for, or tells it not as it is asked."""
    slot = slot_of(query)
    return lacks(query, words, quote) or (slot is not None and not agrees(slot, fold(quote.told)))


def lacks(query: Query, words: tuple[Weighed, ...], quote: Quote) -> bool:
    """Tell whether a person, a day or a figure is asked for that a quote does not tell.

    The answer to a printed question that asks the same tells it. A row of a table tells nothing
    beyond its columns, nor that it has the most of all.
    """
    if answers_it(query, quote.place):
        return False
    if quote.cell or quote.place.names_columns:
        slot = slot_of(query)
        if not (quote.cell and quote.cell.is_told) and slot and slot.kind in SORTS:
            return True
        is_most = quote.cell is not None and quote.cell.is_most
        if _SUPERLATIVE.search(query.text) and not (is_most or _SUPERLATIVE.search(quote.told)):
            return True
    elif lacks_the_most(query, fold(quote.text)):
        return True
    if lacks_what_may_be(query, words, quote.place.searched):
        return True
    if lacks_the_result(query, words, quote):
        return True
    if lacks_the_year(query, quote.place) or lacks_the_route(query, quote.place):
        return True
    cell = quote.cell
    in_a_cell = cell is not None and cell.is_told and _A_NUMBER.search(cell.told) is not None
    around = f"{quote.place.article.title or ''}{quote.place.columns}" if cell else ""
    return lacks_what_is_asked(query, quote.told, in_a_cell=in_a_cell, around=fold(around))
