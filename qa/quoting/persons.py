"""Who somebody is: the office that stands beside a name, where the name is what is asked of."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.text import fold
from qa.query import Query
from qa.quoting.kinds import IS_NAME, OFFICE

_ASKED = {
    "zh": re.compile(
        r"^(?:请问)?(?P<name>[\u4e00-\u9fff]{2,4}?)(?:是(?:谁|什么人|[干做]什么的|什么职务)"
        r"|的?职务(?:是什么)?|[担现]?任什么(?:职务?)?)\W*$"
    ),
    "en": re.compile(
        r"^(?:who (?:is|was)(?![a-z]) ?[“\"]?(?P<who>[\w' -]{2,40}?)"
        r"|what (?:is|was)(?![a-z]) ?[“\"]?(?P<whose>[\w -]{2,40}?)[”\"]?['’]s"
        r" (?:position|job|post|title|office|role))\W*$"
    ),
}
_WITHIN = '[^\\s,。;:、“”"()]'  # characters of the name of an office
_N_KEPT = 64


@lru_cache(maxsize=_N_KEPT)
def office_beside(query: Query) -> re.Pattern[str] | None:
    """Return what tells in a folded text who the person is that a question names; None otherwise.

    The office is its group. An English question must have been resolved (`Finder.resolve`).

    >>> from qa.query import parse
    >>> told = office_beside(parse("张强是谁？"))
    >>> told.search("副县长张强到会")["office"], office_beside(parse("县长是谁？"))
    ('副县长', None)
    """
    match = _ASKED[query.lang].match(fold(query.text))
    if not match:
        return None
    said = next(filter(None, match.groups()))
    terms = {one.phrase: one.terms for one in query.expansions}.get(said, ())
    names = [said, *query.required, *(term for term, _ in terms)]
    name = next((one for one in names if IS_NAME.fullmatch(one)), "")
    if not name:
        return None
    office = rf"(?P<office>{_WITHIN}{{0,16}}(?:{OFFICE}))"
    return re.compile(f"{office}{name}")
