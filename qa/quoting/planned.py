"""What was planned, and what came of it: 计划建12个 and 实际建成14个 are told in the same words.

Asked of a plan, what came of it is no answer, nor the other way round; where neither is named what
came of it goes before. Days that were planned are told in `qa.quoting.first`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np

from corpus.text import fold, fold_with_places
from qa.query import Query
from qa.quoting.compare import mark
from qa.quoting.conditions import contradicted
from qa.quoting.quotes import EQUALLY, Quote
from qa.quoting.slot import slot_of
from qa.search.coverage import Coverage, Weighed

Asked = Literal["plan", "result", "either"]

PLANNED = re.compile(
    "计划(?!生育|单列)|原定|拟(?=[建新投改于定])|预计|力争|争取|有望|将(?=[在于新建增改投达实完])|目标"
)
"""What tells a plan in a folded text."""

_ASKS_PLAN = re.compile(
    r"计划(?!生育|单列)|规划|拟|预计|目标|打算|力争|原定|[将要]|明年"
    r"|\b(?:plan|target|goal|expect|aim|schedule|propose|will\b|due\b|next year)"
)
_ASKS_RESULT = re.compile(r"实际|事实上|最终|\b(?:actual|eventually|in the end)")
_RESULT = re.compile("实际|实有|实施了|已|完成|[建落]成|实现|竣工|投[用产]|达到|累计")
_ACTUAL = re.compile("实际|已(?=[经建完新改投])|累计")
_LOST = 0.15  # how much less of it, where none is
_WORSE = 0.3  # how much worse what tells the one that is asked of may speak of the question


@lru_cache(maxsize=64)
def _asked(query: Query) -> Asked:
    """Return whether a question asks of a plan, of what came of it, or names neither.

    >>> from qa.query import parse
    >>> [_asked(parse(one)) for one in ("计划建几所？", "实际建了几所？", "建了几所？")]
    ['plan', 'result', 'either']
    """
    folded = fold(query.text)
    if _ASKS_RESULT.search(folded):
        return "result"
    return "plan" if _ASKS_PLAN.search(folded) else "either"


def as_asked(
    query: Query,
    words: tuple[Weighed, ...],
    quotes: Sequence[Quote],
    *,
    coverage: Coverage,
) -> Sequence[Quote]:
    """Return quotes, before a figure that was planned one that came of it; or the other way round.

    Args:
        query: The question. Where it names a plan, that is wanted.
        words: Its words, weighed.
        quotes: Best first.
        coverage: Tells which of the words a text speaks of.
    """
    slot = slot_of(query)
    if not quotes or slot is None or slot.kind != "how many":
        return quotes
    asked, best = _asked(query), quotes[0]
    if not is_the_other(query, words, best) and not (asked == "result" and not _has_result(best)):
        return quotes
    fitting = [
        one
        for one in quotes[1:]
        if one.score >= best.score - _WORSE
        and one.place.article.id != best.place.article.id
        and not is_the_other(query, words, one)
        and (_is_planned(query, words, one) if asked == "plan" else _has_result(one))
        and mark(query, words, one).marks
        and not contradicted(query, one.place)
    ]
    if asked != "plan":
        fitting = [one for one in fitting if one.place.issued >= best.place.issued]
    if asked == "either":
        fitting = _of_the_same(words, best, fitting, coverage)
    if not fitting:
        return quotes
    least = max(one.score for one in fitting) - EQUALLY
    first = max((one for one in fitting if one.score >= least), key=lambda one: one.place.issued)
    return [first, *(one for one in quotes if one is not first)]


def _of_the_same(
    words: tuple[Weighed, ...], best: Quote, quotes: Sequence[Quote], coverage: Coverage
) -> list[Quote]:
    """Return those of some quotes that speak of as much of a question as the best does.

    But for its year, which may be told from an issue's.
    """
    told, *rest = coverage.of_texts(words, [fold(one.text) for one in (best, *quotes)])
    weights = np.array([0.0 if word.word[:4].isdigit() else word.weight for word in words])
    most = _LOST * (weights @ told)
    lost = (weights @ np.maximum(told - here, 0.0) for here in rest)
    return [one for one, less in zip(quotes, lost, strict=True) if less <= most]


def is_the_other(query: Query, words: tuple[Weighed, ...], quote: Quote) -> bool:
    """Tell whether a quote tells a plan, and none is asked of, or a result where a plan is."""
    if _asked(query) == "plan":
        folded = fold(quote.text)
        return _ACTUAL.search(folded) is not None and not PLANNED.search(folded)
    return _is_planned(query, words, quote)


def lacks_the_result(query: Query, words: tuple[Weighed, ...], quote: Quote) -> bool:
    """Tell whether a question asks what actually came of a plan, and a quote tells the plan."""
    return _asked(query) == "result" and _is_planned(query, words, quote)


def _is_planned(query: Query, words: tuple[Weighed, ...], quote: Quote) -> bool:
    """Tell whether what a quote marks was planned: a word for it stands before, and for no result.

    Where it marks nothing, or several things, all of it counts.
    """
    marks = mark(query, words, quote).marks
    folded, places = fold_with_places(quote.text)
    if len(marks) == 1:
        folded = folded[: sum(place[0] < marks[0][1] for place in places)]
    found = [*PLANNED.finditer(folded)]
    return bool(found) and not _RESULT.search(folded, found[-1].end())


def _has_result(quote: Quote) -> bool:
    return _RESULT.search(fold(quote.place.passage.text)) is not None
