"""A question that names the issue it is asked of: 7月那期说…, according to the latest issue, ….

What names the issue stands in no passage. So it is taken out of the question, and only that issue
is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.text import HAN, fold
from qa.talk.issues import issued, newest_first
from qa.talk.which import DATE_EN, KIND, Which, which_issue
from qa.wording import PAPER

_MONTH = len("2021-10")
_NEWEST_ZH = re.compile(rf"最[新近]的?(?:[这那]?一?期的?{PAPER}?|{PAPER})")
_TELLS = "(?:报道|提到|讲到|登载|刊登|说|讲|写|登|报)[过了的]?"
_FRAME_ZH = re.compile(
    rf"(?:[在据按从]|根据|看)?本期(?P<told>的?{PAPER}?(?:上面?|里面?|中)?(?:{_TELLS})?)的?[,:、 ]*"
)
_OF_AN_ISSUE_EN = (
    r"\b(?:in|from|according to|as per|per|by) (?:the |this |your )?(?P<named>{})(?:'s)?\b[,:]?"
)
_NAMED_EN = (
    rf"(?P<newest>latest|newest|most recent|last) {KIND}",
    rf"(?:previous|preceding|prior) {KIND}",
    rf"{DATE_EN} {KIND}",
    rf"{KIND} (?:of|from|dated) (?:the )?{DATE_EN}",
    r"issue (?:no\.? ?|number |#)?\d{1,5}",
)
_IN_EN = [re.compile(_OF_AN_ISSUE_EN.format(named), re.IGNORECASE) for named in _NAMED_EN]
_SAYS_EN = [
    re.compile(
        rf"^what (?:does|did) (?:the )?(?P<named>{named}) "
        r"(?:say|report|write|tell us|mention) (?:about|on|of) (?P<about>.+)$",
        re.IGNORECASE,
    )
    for named in _NAMED_EN
]


@dataclass(frozen=True, slots=True)
class OfIssue:
    """A question that names the issue it is asked of.

    Attributes:
        which: The issue.
        question: What is asked of it.
        named: How the issue is named, folded.
        surely: Whether an issue is named for sure: 第3期 may be of a course.
    """

    which: Which
    question: str
    named: str
    surely: bool


def asked_of_issue(question: str) -> OfIssue | None:
    """Return which issue a question is asked of, and what; None where it names none.

    >>> asked_of_issue("7月那期说桥的总投资变成多少了").question
    '桥的总投资变成多少了'
    >>> [asked_of_issue(one).surely for one in ("最新一期报纸上，谁当了校长？", "第3期班多少人？")]
    [True, False]
    >>> asked_of_issue("In the July issue, when does Bus 7 run?").which.day
    '....-07'
    >>> asked_of_issue("What did the correction in issue 287 say?").question
    'What did the correction say?'
    """
    return _asked_zh(fold(question)) if HAN.search(question) else _asked_en(question)


def _asked_zh(folded: str) -> OfIssue | None:
    newest = _NEWEST_ZH.search(folded)
    if newest:
        which, said = Which(), f"{folded[: newest.start()]}本期{folded[newest.end() :]}"
    else:
        which, said = which_issue(folded)
        if which == Which() or not which.surely:
            return None
    frame = _FRAME_ZH.search(said)
    if not frame:
        return None
    told = frame["told"] or frame.group()[-1] in ",: "
    named = folded[said.find("本期") : len(folded) - len(said) + said.find("本期") + 2]
    return _if_left(which, said[: frame.start()] + said[frame.end() :], named, bool(newest or told))


def _asked_en(question: str) -> OfIssue | None:
    for inside, says in zip(_IN_EN, _SAYS_EN, strict=True):
        if match := says.search(question):
            rest = match["about"]
        elif match := inside.search(question):
            rest = f"{question[: match.start()]} {question[match.end() :]}"
        else:
            continue
        newest = match.groupdict().get("newest")
        which = Which() if newest else which_issue(fold(match["named"]))[0]
        if newest or which != Which():
            rest = re.sub(r" +([,.?!])", r"\1", " ".join(rest.split()))
            return _if_left(which, rest, match["named"].lower(), True)
    return None


def _if_left(which: Which, rest: str, named: str, surely: bool) -> OfIssue | None:
    return OfIssue(which, rest.strip(" ,"), named, surely) if re.search(r"\w{2}", rest) else None


def only_issue(which: Which, archive: Archive, filters: Filters | None) -> Iterator[Filters]:
    """Yield filters that leave of an archive only the issue that is named, or those of a month.

    Of a month without a year the newest that may be meant come first. Nothing where there is no
    such issue; only those that other filters name are looked at.
    """
    among = filters.issues if filters else ()
    rows = [row for row in newest_first(archive) if not among or row.id in among]
    rows = [row for row in rows if which.is_of(row)][which.back :]
    months = groupby(rows, key=lambda row: issued(row)[:_MONTH]) if which.day else [("", rows[:1])]
    for _, of_month in months:
        if ids := tuple(row.id for row in of_month):
            yield replace(filters or Filters(), issues=ids)
