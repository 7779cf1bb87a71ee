"""What an answer quotes, and the items of a list in it, for who asks about one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.lists import Listed, list_around, lists_in
from corpus.rows import Place
from qa.native import Answer
from qa.quoting.numbered import numbered_lists
from qa.quoting.quotes import Quote, moved


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
    first, passages = answer.citations[0], place.article.passages
    at = [passage.id for passage in passages].index(place.passage.id)
    if around := list_around(passages, at):
        return _items(place, around, first.score)
    if len(first.marks) > 1:
        start = first.location.start - begins(place)
        return [Quote(place, start + s, start + e, first.score) for s, e in first.marks]
    if len(answer.citations) > 1:
        return [replace(quote, marks=()) for quote in quotes_of(answer, places)]
    lists = [
        [Quote(moved(place, one), start, end, first.score) for start, end in found.items]
        for one in passages
        for found in numbered_lists(one.text)
    ]
    lists = lists or [_items(place, found, first.score) for found in lists_in(passages)]
    return lists[0] if len(lists) == 1 else []


def _items(place: Place, found: Listed, score: float) -> list[Quote]:
    """Return the items of a list of which each is a passage."""
    passages = place.article.passages[found.first : found.past]
    return [Quote(moved(place, one), 0, len(one.text), score) for one in passages]
