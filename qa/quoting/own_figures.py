"""Which of several figures of a sentence is the one of the thing that is asked about.

水稻每亩600元、玉米每亩400元 gives each its own; 一、二、三等奖分别奖励3000元、2000元、1000元
gives them in the order in which the things stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.types import Range
from qa.search.coverage import Weighed

_SIGNS = ",、;。!?:\n"
_RESPECTIVELY = re.compile("(?<!部)分别")
_PARTS = re.compile("[、和与及]|以及")
_CLAUSE_ENDS = re.compile("[,;。!?:\n]")
_OF_THESE = re.compile(r"(?:[,;。]|^)(?:其中|这其中)[,:]?")
_FAR_MORE = 2.0  # times
_OF_ITS_OWN = 0.15  # of what is asked, that its clause has and nothing before it
_APART_ENOUGH = 1.5  # times what another part has of what is asked
_BESIDE, _BEHIND = 8, 16  # characters before and from a figure that say what it is of
_MOST_THINGS = 8  # things that are given each their own


def in_own_item(
    words: Sequence[Weighed], folded: str, spans: Sequence[Range], *, best: Range
) -> Range:
    """Return the figure that stands in one item with more of what is asked than another one does.

    Args:
        words: The question's.
        folded: The text.
        spans: Its figures, or days, that may be meant.
        best: The one of them that is taken otherwise.

    >>> from types import SimpleNamespace as Word
    >>> words, text = [Word(word="玉米", weight=1.0, terms=())], "水稻每亩600元、玉米每亩400元。"
    >>> text[slice(*in_own_item(words, text, [(4, 8), (13, 17)], best=(4, 8)))]
    '400元'
    """
    alike = [one for one in spans if folded[one[0] : one[1]][-1] == folded[best[0] : best[1]][-1]]
    alike = [one for one in alike if one == best or _is_beside(one, best, folded)]
    if len(alike) < 2:
        return best
    items = [_item(folded, at) for at, _ in alike]
    firsts = [min(one[0] for one in alike if start <= one[0] < end) for start, end in items]
    worth = _apart(
        words,
        [
            folded[max(start, first - _BESIDE) : min(end, first + _BEHIND)]
            for (start, end), first in zip(items, firsts, strict=True)
        ],
    )
    at = max(range(len(alike)), key=lambda n: (worth[n], alike[n] == best))
    return alike[at] if worth[at] > worth[alike.index(best)] else best


def in_own_clause(words: Sequence[Weighed], folded: str, spans: Sequence[Range]) -> Range | None:
    """Return the stretch whose own clause has most of what is asked that not all have, or None.

    >>> from types import SimpleNamespace as Word
    >>> words, text = [Word(word="二孩", weight=1.0, terms=())], "一孩补贴2000元,二孩补贴5000元。"
    >>> text[slice(*in_own_clause(words, text, [(4, 9), (14, 19)]))]
    '5000元'
    """
    if len(spans) < 2:
        return None
    worth = _of_clauses(words, folded, spans)
    most = max(worth)
    return spans[worth.index(most)] if most and worth.count(most) == 1 else None


def in_fuller_clause(
    words: Sequence[Weighed], folded: str, spans: Sequence[Range], *, best: Range
) -> Range:
    """Return the figure whose own clause has far more of what is asked than that of the best.

    >>> from types import SimpleNamespace as Word
    >>> words = [Word(word="问题", weight=1.0, terms=()), Word(word="解决", weight=2.0, terms=())]
    >>> text = "收集问题354个,已解决322个。"
    >>> text[slice(*in_fuller_clause(words, text, [(4, 8), (12, 16)], best=(4, 8)))]
    '322个'
    """
    if best not in spans or len(spans) < 2:
        return best
    worth = _of_clauses(words, folded, spans)
    most = max(worth)
    if worth.count(most) > 1 or most < _FAR_MORE * worth[spans.index(best)]:
        return best
    return spans[worth.index(most)]


def part_asked_about(words: Sequence[Weighed], folded: str) -> Range | None:
    """Return which part of a text between semicolons has most of what only one of them has.

    >>> from types import SimpleNamespace as Word
    >>> words, text = [Word(word="小学", weight=1.0, terms=())], "中学组一中第一;小学组二小第一。"
    >>> text[slice(*part_asked_about(words, text))]
    '小学组二小第一。'
    """
    if ";" not in folded:
        return None
    ends = [at for at, char in enumerate(folded) if char == ";"]
    parts = list(zip([0, *(end + 1 for end in ends)], [*ends, len(folded)], strict=True))
    worth = _apart(words, [folded[start:end] for start, end in parts])
    most, next_best = sorted(worth, reverse=True)[:2]
    return parts[worth.index(most)] if most > _APART_ENOUGH * next_best else None


def of_these(
    words: Sequence[Weighed], folded: str, spans: Sequence[Range], *, best: Range
) -> Range:
    """Return the figure behind 其中 where its clause has what is asked and those before have not.

    Args:
        words: The question's.
        folded: The text.
        spans: Its figures of the kind that is asked for.
        best: The one of them that is taken otherwise.

    >>> from types import SimpleNamespace as Word
    >>> words = [Word(word=one, weight=1.0, terms=()) for one in ("项目", "投产")]
    >>> text = "谋划项目146个,其中107个项目已经投产。"
    >>> text[slice(*of_these(words, text, [(4, 8), (11, 15)], best=(4, 8)))]
    '107个'
    """
    for match in _OF_THESE.finditer(folded, best[1]):
        clause = _item(folded, match.end())
        inside = [one for one in spans if clause[0] <= one[0] < clause[1]]
        _, behind = _apart(words, [folded[: match.start()], folded[slice(*clause)]])
        if len(inside) == 1 and behind >= _OF_ITS_OWN * sum(word.weight for word in words):
            return inside[0]
    return best


def _of_clauses(words: Sequence[Weighed], folded: str, spans: Sequence[Range]) -> list[float]:
    """Return what of the question the clause of each stretch has that not all of them have."""
    return _apart(words, [folded[slice(*_item(folded, start))] for start, _ in spans])


def _apart(words: Sequence[Weighed], texts: Sequence[str]) -> list[float]:
    """Return what of the question each text has that not all of them have."""
    worth = [0.0] * len(texts)
    for word in words:
        has = [any(term in text for term in _terms(word)) for text in texts]
        if not all(has):
            worth = [one + word.weight * found for one, found in zip(worth, has, strict=True)]
    return worth


def respectively(question: str, folded: str, spans: Sequence[Range]) -> Range | None:
    """Return the figure of the thing asked about, of things and figures told in one order.

    Args:
        question: Folded.
        folded: The text.
        spans: Its figures, or days, that may be meant.

    >>> text = "博士、硕士、本科毕业生分别补贴3000元、1500元、800元。"
    >>> spans = [(15, 20), (21, 26), (27, 31)]
    >>> text[slice(*respectively("硕士补贴多少?", text, spans))]
    '1500元'
    """
    for match in _RESPECTIVELY.finditer(folded):
        end = _CLAUSE_ENDS.search(folded, match.end())
        values = [
            one
            for one in sorted(spans)
            if match.end() <= one[0] < (end.start() if end else 1 << 30)
        ]
        before = _CLAUSE_ENDS.split(folded[: match.start()].rstrip(","))[-1]
        things = [one for one in _PARTS.split(before) if one][-len(values) :]
        if not 2 <= len(things) == len(values) <= _MOST_THINGS:
            continue
        shared = [(n, n / len(thing)) for thing in things if (n := _longest(thing, question)) + 1]
        most = max(shared)
        if most[0] and shared.count(most) == 1:
            return values[shared.index(most)]
    return None


def _item(folded: str, at: int) -> Range:
    """Return where the item begins and ends that a place is in."""
    start = max(folded.rfind(sign, 0, at) for sign in _SIGNS) + 1
    ends = (folded.find(sign, at) for sign in _SIGNS)
    return start, min((end for end in ends if end >= 0), default=len(folded))


def _terms(word: Weighed) -> list[str]:
    return [word.word, *(term for term, _ in word.terms[:3] if len(term) > 1)]


def _is_beside(one: Range, other: Range, folded: str) -> bool:
    """Tell whether two stretches stand in one clause, and do not overlap."""
    first, last = sorted((one, other))
    return first[1] <= last[0] and not _CLAUSE_ENDS.search(folded, first[1], last[0])


def _longest(thing: str, question: str) -> int:
    """Return how many characters the longest stretch has that both have."""
    return max(
        (
            end - start
            for start in range(len(thing))
            for end in range(start + 1, len(thing) + 1)
            if thing[start:end] in question
        ),
        default=0,
    )
