"""Another sentence of a passage that tells what is asked, where the one to quote does not.

A report begins with the day on which work began, which speaks of most that is asked, and ends with
how long it takes.
"""

from __future__ import annotations

import numpy as np

from corpus.text import fold
from qa.query import Query
from qa.quoting.compare import mark
from qa.quoting.first import lacks
from qa.quoting.quotes import Quote, by_sentence
from qa.search.coverage import Coverage, Weighed


def told_beside(
    query: Query, words: tuple[Weighed, ...], quote: Quote, coverage: Coverage
) -> Quote | None:
    """Return the sentence of a quote's passage that tells what is asked, or None.

    Of several that is the one which speaks of most of the question.

    Args:
        query: The question.
        words: Its words, weighed.
        quote: One that lacks what is asked for, and would be declined.
        coverage: Tells which of the words a text speaks of.
    """
    if quote.cell or quote.place.names_columns:
        return None
    others = (one for one in by_sentence(quote) if not quote.start <= one.start < quote.end)
    telling = [
        one for one in others if not lacks(query, words, one) and mark(query, words, one).marks
    ]
    if not telling:
        return None
    weights = np.array([word.weight for word in words])
    shares = coverage.of_texts(words, [fold(one.text) for one in telling]) @ weights
    return telling[int(shares.argmax())]
