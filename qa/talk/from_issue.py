"""A question that names the issue it is asked of: 7月那期说…, according to the latest issue, ….

What names the issue stands in no passage. So it is taken out of the question, and only that issue
is looked at.
"""

from __future__ import annotations

import re
from dataclasses import replace

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
    rf"(?:[在据按从]|根据|看)?本期(?P<told>的?{PAPER}?(?:上面?|里面?|中)?(?:{_TELLS})?|的)[,:、 ]*"
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


def asked_of_issue(question: str) -> tuple[Which, str] | None:
    """Return which issue a question is asked of, and the question without that; None of another.

    >>> asked_of_issue("7月那期说桥的总投资变成多少了")
    (Which(day='....-07', number='', back=0, surely=True), '桥的总投资变成多少了')
    >>> asked_of_issue("最新一期报纸上，谁当了校长？")[1], asked_of_issue("7月那期电工班有多少人")
    ('谁当了校长?', None)
    >>> asked_of_issue("In the July issue, when does Bus 7 run?")
    (Which(day='....-07', number='', back=0, surely=True), 'when does Bus 7 run?')
    >>> asked_of_issue("What did the correction in issue 287 say?")
    (Which(day='', number='287', back=0, surely=True), 'What did the correction say?')
    """
    return _asked_zh(fold(question)) if HAN.search(question) else _asked_en(question)


def _asked_zh(folded: str) -> tuple[Which, str] | None:
    newest = _NEWEST_ZH.search(folded)
    if newest:
        which, said = Which(), f"{folded[: newest.start()]}本期{folded[newest.end() :]}"
    else:
        which, said = which_issue(folded)
        if which == Which() or not which.surely:
            return None
    frame = _FRAME_ZH.search(said)
    if not frame or not (frame["told"] or frame.group().endswith((",", ":", " ")) or newest):
        return None
    return _if_left(which, said[: frame.start()] + said[frame.end() :])


def _asked_en(question: str) -> tuple[Which, str] | None:
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
            return _if_left(which, re.sub(r" +([,.?!])", r"\1", " ".join(rest.split())))
    return None


def _if_left(which: Which, rest: str) -> tuple[Which, str] | None:
    return (which, rest.strip(" ,")) if re.search(r"\w{2}", rest) else None


def only_issue(which: Which, archive: Archive, filters: Filters | None) -> Filters | None:
    """Return filters that leave of an archive only the issue that is named, or those of a month.

    None where there is no such issue, or other filters leave it out.
    """
    rows = [row for row in newest_first(archive) if which.is_of(row)][which.back :]
    if which.day and rows:  # in any year: the newest that may be meant
        rows = [row for row in rows if issued(row)[:_MONTH] == issued(rows[0])[:_MONTH]]
    ids = tuple(row.id for row in (rows if which.day else rows[:1]))
    if filters and filters.issues:
        ids = tuple(one for one in ids if one in filters.issues)
    return replace(filters or Filters(), issues=ids) if ids else None
