"""Which printed question of an interview asks what is asked: its answer is what is told.

Question and answer stand in two passages, 问：怎么领？ and 答：…, and the answer may have none
of the words, nor a day where it is asked when: 达到退休年龄的可以领.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.rows import Place, is_asked
from corpus.text import fold
from qa.query import Query, parse
from qa.quoting.slot import slot_of

_N_KEPT = 256
_ASKER = re.compile(r"^[^,。;:?!]{1,12}:")
_ALL_ASKED = 0.6  # of the printed question's words, that are asked
_ALL_SAID = 0.6  # of what is asked, that the printed question and what stands above it say


def answers_it(query: Query, place: Place) -> bool:
    """Tell whether a passage is the answer to a printed question that asks the same."""
    asked = asked_before(place)
    return bool(asked) and _asks_the_same(query, asked, place)


def asked_before(place: Place) -> str:
    """Return the printed question that a passage answers, folded; nothing where it is no answer."""
    passages = place.article.passages
    at = next(n for n, one in enumerate(passages) if one.id == place.passage.id)
    if not at or is_asked(passages[at].text) or not is_asked(passages[at - 1].text):
        return ""
    return _ASKER.sub("", fold(passages[at - 1].text))


def _asks_the_same(query: Query, asked: str, place: Place) -> bool:
    """Tell whether a printed question asks what a question does: the same, in the same words."""
    kind, words = _read(asked)
    slot = slot_of(query)
    if not words or kind != (slot.kind if slot else None):
        return False
    said = fold(query.text)
    meant = {term for one in query.expansions for term, _ in one.terms}
    met = sum(word in said or any(word in term or term in word for term in meant) for word in words)
    if met < _ALL_ASKED * len(words):
        return False
    above = f"{fold(place.article.title or '')}\n{asked}"
    if query.lang == "en":
        told = [any(term in above for term, _ in one.terms) for one in query.expansions]
    else:
        told = [word in above for word in query.content]
    return sum(told) >= _ALL_SAID * len(told) > 0


@lru_cache(maxsize=_N_KEPT)
def _read(asked: str) -> tuple[str | None, tuple[str, ...]]:
    """Return what kind of thing a printed question asks for, and its words that name a subject."""
    query = parse(asked)
    slot = slot_of(query)
    return slot.kind if slot else None, query.content
