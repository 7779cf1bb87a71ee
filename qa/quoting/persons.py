"""Who somebody is, and who holds an office: what stands beside a name."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.text import fold
from corpus.types import Range
from qa.query import Query
from qa.quoting.alignment import Text
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
RANKS = "副前原代"
"""What makes another office of one, before it."""

_BODY = (
    "[省市区县镇乡]委|党工委|管委会|党委|团委|纪工?委|政协|人大|[\u4e00-\u9fff]{2,6}[局处厅院办]"
)
_HEAD = (
    rf"(?P<body>{_BODY})?(?P<rank>[{RANKS}])?"
    "(?P<office>[校院馆站行会社队局区县市镇乡厂场关部科处所段矿船]长|书记|总?经理|董事长|主任|主席"
    "|总裁|总监|总工程师)"
)
_OFFICE_IS_WHO = re.compile(rf"{_HEAD}(?:[现目]在?前?)?(?:是|叫|由)(?:谁|哪位|什么)")
_WHO_IS_OFFICE = re.compile(rf"(?:谁|哪位)(?:[现目]在?前?)?是[^,。?!]{{0,12}}?{_HEAD}\W*$")
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


def office_asked(question: str) -> str:
    """Return a pattern of the office whose holder a folded question asks for; or nothing.

    It is that of the body that is named, in the rank that is named, and no other.
    """
    match = _OFFICE_IS_WHO.search(question) or _WHO_IS_OFFICE.search(question)
    if not match:
        return ""
    rank = match["rank"] or f"(?<![{RANKS}])"
    within = rf"{match['body'][-3:]}[^,。;]{{0,8}}?" if match["body"] else ""
    return f"{within}{rank}{match['office']}(?!负责制|办公)"


def holder(query: Query, folded: str) -> Range | None:
    """Return where a folded text names who holds the office that is asked for, or None.

    Args:
        query: The question.
        folded: The text.
    """
    office = office_asked(fold(query.text))
    if not office:
        return None
    named = Text.of(folded).named
    persons = {one.start: one.end for one in named if one.sort == "person"}
    for match in re.finditer(rf"(?:{office})(?:[、兼]{_WITHIN}{{0,16}}?(?:{OFFICE}))*", folded):
        if match.end() in persons:
            return match.end(), persons[match.end()]
    return None
