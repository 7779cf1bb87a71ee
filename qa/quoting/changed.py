"""What a later issue says has changed since: 由10册增加到15册, 送餐电话改为…, 周日不再休息.

A notice holds until the next one; which of two is in force their dates tell, and such words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from corpus.text import fold, fold_with_places
from qa.query import Query
from qa.quoting.compare import LATEST, mark, tells_place
from qa.quoting.conditions import names_a_time, tells_of_another
from qa.quoting.passing import is_passing
from qa.quoting.quantities import AT_FIRST, CHANGES_TO, FROM_TO
from qa.quoting.quotes import Quote, by_sentence
from qa.quoting.ranges import own_figures
from qa.quoting.slot import slot_of
from qa.search.coverage import Coverage, Weighed

_CHANGED = re.compile(
    rf"{CHANGES_TO}|更名[为成]|改[在由从于用]|维持|仍[为是]|不再|取消(?=[,。;了原])|恢复|停[止用]|暂停|新增|增[设开]"
    "|比(?:原[来先]|此前|以前|之前|过去)"
)
_NO_MORE = r"(?:取消|不再收取?|停止收取|免[收交缴除]?)"
_FREE = tuple(  # what is paid, and what tells that it is no more
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (r"押金|\bdeposit", f"{_NO_MORE}[^,。;]{{0,6}}押金"),
        (
            r"票|多少钱|\b(?:ticket|admission|entrance|entry)",
            f"免费(?:向[^,。;]{{1,6}})?(?:开放|入[馆园场]|参观|进[馆园])|{_NO_MORE}[^,。;]{{0,6}}票",
        ),
        (r"费|\b(?:fee|charge)", f"{_NO_MORE}[^,。;]{{0,8}}费(?!用)"),
    )
)
_FOR_SOME = re.compile(
    "岁|老[年]?人|儿童|小孩|学生|军人|教师|医护|残疾|会员|团体|[前限首]\\d|当[天日]|期间|节"
)
_CLAUSE = re.compile("[^,。;!?]+")
_PAID = re.compile(
    r"[票费钱价]|押金|收取|^(?:ticket|deposit|fee|fare|price|cost|admission|entrance|entry|charge|much|pay)"
)
_HOURS = re.compile(r"\d{1,2}:\d\d.*$")
_WORSE, _FAR_WORSE = 0.3, 0.55  # how much worse it may answer, and where it tells what was
_LOST = 0.15  # how much less of the question it may speak of


def changed_since(
    query: Query, shown: Sequence[Quote], read: Sequence[Quote], *, coverage: Coverage
) -> list[Quote]:
    """Return quotes, before them what the newest issue tells has changed of the same.

    That names what the first marks as what was before; or it has a word for a change, and all
    that the first has of the question. The quotes stay as they are where a time is asked of, or
    what was at first; where what holds now is asked for, the change stands alone.

    Args:
        query: The question.
        shown: What answers, newest first, at least one.
        read: All that was read, the likelier first.
        coverage: Tells which of the question's words a text speaks of.
    """
    best = shown[0]
    if query.months or names_a_time(query) or AT_FIRST.search(query.text):
        return list(shown)
    words = coverage.weigh(query)
    later = [
        change
        for one in read
        if one.place.issued > best.place.issued
        and not is_passing(query, folded := fold(one.text))
        and not tells_of_another(query, folded)
        and (change := _change(query, words, one, best, coverage))
    ]
    if not later:
        return list(shown)
    newest = max(later, key=lambda one: one.place.issued)
    return [newest] if LATEST.search(query.text) else [newest, *shown]


def _change(
    query: Query,
    words: tuple[Weighed, ...],
    quote: Quote,
    best: Quote,
    coverage: Coverage,
) -> Quote | None:
    """Return what of a later quote's passage tells a change of what the best one says, marked."""
    if free := _made_free(query, words, quote, best, coverage):
        return free
    was = _told_before(query, best)
    is_near = quote.score >= best.score - _FAR_WORSE
    for whole in by_sentence(quote) if was and is_near else ():
        changes = [found.group()[:-1] for found in FROM_TO.finditer(fold(whole.text))]
        if any(value in change for change in changes for value in was):
            marked = mark(query, words, whole)
            if marked.marks or not best.marks:
                return marked
    folded = fold(quote.text)
    if quote.score < best.score - _WORSE or not (_CHANGED.search(folded) or FROM_TO.search(folded)):
        return None
    marked = mark(query, words, quote)
    slot = slot_of(query)
    if slot and slot.kind == "where" and not tells_place(marked):
        return None
    return marked if _tells_of_same(words, marked, best, coverage) else None


def _made_free(
    query: Query,
    words: tuple[Weighed, ...],
    quote: Quote,
    best: Quote,
    coverage: Coverage,
) -> Quote | None:
    """Return what of a later quote's passage tells that what is asked to be paid is paid no more.

    That is for everybody, and of what the best one is of: but for words of paying it speaks of as
    much of the question.
    """
    slot, told = slot_of(query), [one for asked, one in _FREE if asked.search(fold(query.text))]
    if not told or slot is None or slot.kind != "how many":
        return None
    subject = tuple(word for word in words if not _PAID.search(word.word))
    for whole in by_sentence(quote):
        folded, places = fold_with_places(whole.text)
        for clause in _CLAUSE.finditer(folded):
            if _FOR_SOME.search(clause.group()):
                continue
            free = next(filter(None, (one.search(folded, *clause.span()) for one in told)), None)
            if free and subject and _speaks_of_same(subject, whole, best, coverage):
                marks = ((places[free.start()][0], places[free.end() - 1][1]),)
                return replace(whole, marks=marks)
    return None


def _told_before(query: Query, best: Quote) -> list[str]:
    """Return what a later issue may say has changed: what is marked, of a time its hours alone too.

    And where ranges are told that a figure of the asker's own falls in or not, their ends.
    """
    told = [fold(best.text[slice(*one)]) for one in best.marks]
    told += [hours.group() for one in told if (hours := _HOURS.search(one))]
    folded = fold(best.text)
    for own in own_figures(fold(query.text)):
        told += re.findall(rf"\d+(?:{own.unit})", folded) if own.is_ranged(folded) else []
    return told


def _tells_of_same(words: Sequence[Weighed], quote: Quote, best: Quote, coverage: Coverage) -> bool:
    """Tell whether a later quote, that tells a change, speaks of all that an earlier one does."""
    if best.marks and len(quote.marks) != 1:
        return False
    return _speaks_of_same(words, quote, best, coverage)


def _speaks_of_same(
    words: Sequence[Weighed], quote: Quote, best: Quote, coverage: Coverage
) -> bool:
    """Tell whether a quote, with its headline, speaks of as much of some words as the best does."""
    told, here = (
        coverage.of_texts(words, [fold(f"{one.place.article.title or ''}\n{one.text}")])[0]
        for one in (best, quote)
    )
    weights = np.array([word.weight for word in words])
    lost = weights @ np.maximum(told - here, 0.0)
    return bool(lost <= _LOST * (weights @ told))
