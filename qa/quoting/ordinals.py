"""Which of a row of meetings, doses, batches or ranks a text is about: 第18次, 首批, the 11th.

Asked of the seventeenth meeting, a sentence on the eighteenth matches all the other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.numbers import ORDINALS_EN, number_of
from corpus.text import fold
from qa.query import Query

_KINDS = {  # what is told to be the nth, in Chinese and in English
    "meeting": (
        "[届次]",
        "congress|conference|meeting|session|plenum|plenary|forum|summit|festival|fair|expo"
        "|exhibition|games|contest|competition|edition|class|course",
    ),
    "round": ("轮", "round"),
    "batch": ("批", "batch|group"),
    "dose": ("针剂?|剂(?!次)", "doses?|shots?|jabs?|injections?"),
    "rank": ("[名位]", "places?|ranks?"),
}
_FIRST, _NTH = "首", "第"
_BEHIND, _WORDS_BEHIND = 8, 4  # how far behind its number a thing is named
_N_KEPT = 64
_TERM = 0.1  # from this weight a term may be what an English word means
_ZH = re.compile(
    rf"(?:{_NTH}(?P<n>\d{{1,3}}|[一二三四五六七八九十百]+)|{_FIRST})(?:"
    + "|".join(f"(?P<{kind}>{zh})" for kind, (zh, _) in _KINDS.items())
    + ")"
)
_ORDINAL_EN = rf"(?P<n>\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(ORDINALS_EN)})"
_EN = re.compile(
    rf"\b{_ORDINAL_EN}[ -](?P<behind>(?:[a-z'-]+ ){{0,{_WORDS_BEHIND}}}?(?:"
    + "|".join(f"(?P<{kind}>{en})" for kind, (_, en) in _KINDS.items())
    + r"))\b"
)
_CAME_EN = re.compile(rf"\b(?:came|come|comes|ranked|ranks|finished|placed) {_ORDINAL_EN}\b")


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in a row that a text names.

    Attributes:
        kind: What there are several of.
        number: Which of them.
        behind: The text right behind, or the terms that an English question has there.
    """

    kind: str
    number: int
    behind: tuple[str, ...] = ()

    def is_of_like(self, other: Ordinal) -> bool:
        """Tell whether another is in the same row, as far as what is named behind both tells."""
        if self.kind != other.kind:
            return False
        pairs = {one[at : at + 2] for one in self.behind for at in range(len(one) - 1)}
        return not pairs or any(pair in one for one in other.behind for pair in pairs)


def ordinals(folded: str) -> list[Ordinal]:
    """Return the places in a row that a folded Chinese text names.

    >>> [(one.kind, one.number) for one in ordinals("第18次会议,首批,居全市第二位")]
    [('meeting', 18), ('batch', 1), ('rank', 2)]
    """
    return [
        Ordinal(
            next(kind for kind in _KINDS if match[kind]),
            number_of(match["n"]) if match["n"] else 1,
            (re.split(r"[^\u4e00-\u9fff]", folded[match.end() :][:_BEHIND])[0],),
        )
        for match in _ZH.finditer(folded)
    ]


def is_another(asked: Sequence[Ordinal], folded: str) -> bool:
    """Tell whether a folded text names another of a row that is asked about, and not that one."""
    told = ordinals(folded) if asked else []
    named = {(one.kind, one.number) for one in told}
    return any(
        (one.kind, one.number) not in named and any(map(one.is_of_like, told)) for one in asked
    )


@lru_cache(maxsize=_N_KEPT)
def ordinals_asked(query: Query) -> list[Ordinal]:
    """Return the places in a row that a question names; an English one must have been resolved."""
    folded = fold(query.text)
    if query.lang == "zh":
        return [
            Ordinal(one.kind, one.number, one.behind if one.kind == "meeting" else ())
            for one in ordinals(folded)
        ]
    found = [Ordinal("rank", number_of(match["n"])) for match in _CAME_EN.finditer(folded)]
    for match in _EN.finditer(folded):
        kind = next(kind for kind in _KINDS if match[kind])
        terms = tuple(
            term
            for one in query.expansions
            if kind == "meeting" and one.phrase in match["behind"]
            for term, weight in one.terms
            if weight > _TERM
        )
        found.append(Ordinal(kind, number_of(match["n"]), terms))
    return found
