"""What an answer quotes, and the items of a list in it, for who asks about one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.rows import Place
from qa.native import Answer
from qa.quoting.listings import listings
from qa.quoting.numbered import numbered_lists
from qa.quoting.quotes import Quote


def begins(place: Place) -> int:
    """Return where a passage begins in its article's text."""
    passages = place.article.passages
    at = next(n for n, passage in enumerate(passages) if passage.id == place.passage.id)
    return sum(len(passage.text) + 1 for passage in passages[:at])


Places = Callable[[Sequence[str]], list[Place]]
"""Returns passages by their ids."""


def quotes_of(answer: Answer, places: Places) -> list[Quote]:
    """Return what an answer quotes, in its order."""
    found = places([citation.location.passage_id for citation in answer.citations])
    return [
        Quote(place, start, start + len(one.quote), one.score, one.marks)
        for place, one in zip(found, answer.citations, strict=True)
        for start in [one.location.start - begins(place)]
    ]


def items_of(answer: Answer, place: Place, places: Places) -> list[Quote]:
    """Return the items of the list that an answer gave, or that stands in its article.

    Args:
        answer: With at least one citation.
        place: The passage that it cites first.
        places: Returns passages by their ids.
    """
    first = answer.citations[0]
    if len(first.marks) > 1:
        start = first.location.start - begins(place)
        return [Quote(place, start + s, start + e, first.score) for s, e in first.marks]
    across = _across(place, first.score)
    cited = {citation.location.passage_id for citation in answer.citations}
    if len(answer.citations) > 1:
        for one in across:  # the first of these may lead to the list
            if {quote.place.passage.id for quote in one} & cited:
                return one
        return [replace(quote, marks=()) for quote in quotes_of(answer, places)]
    passages = [replace(place, passage=passage) for passage in place.article.passages]
    lists = [
        [Quote(one, start, end, first.score) for start, end in found.items]
        for one in passages
        for found in numbered_lists(one.passage.text)
    ]
    lists = lists or across
    return lists[0] if len(lists) == 1 else []


def _across(place: Place, score: float) -> list[list[Quote]]:
    """Return the lists of an article whose items are a passage each."""
    passages = [replace(place, passage=passage) for passage in place.article.passages]
    return [
        [
            Quote(one, 0, len(one.passage.text), score)
            for one in (passages[at] for at, _ in found.items)
        ]
        for found in listings(place.article.passages)
    ]
