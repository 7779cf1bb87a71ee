"""Which issue a question names: by its day, its number, or as the one before the newest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.numbers import by_digits, by_places
from corpus.rows import IssueRow
from corpus.text import HAN
from qa.dates import MONTH_BEGINS_EN, month_of
from qa.talk.issues import issued
from qa.wording import PAPER

_NAMED = (
    rf"(?:的?[那这]一?(?:期|[份天]的?(?={PAPER}))(?:的?{PAPER})?|的?(?:一?期|{PAPER})"
    r"|(?<=月)号(?=[上里中说登刊的有]|$))"
)
_YEAR = "(?P<year>(?:19|20)\\d\\d)"
_DAY_ZH = re.compile(
    rf"(?:{_YEAR}(?:年|[-/.]))?(?P<month>\d{{1,2}})(?:月份?|(?<=[-/.]\d\d)(?:[-/.](?=\d))?)(?:(?P<day>\d{{1,2}})[日号]?)?{_NAMED}"
    rf"|{_YEAR.replace('year', 'only')}年?{_NAMED}"
    r"|(?P<y>(?:19|20)\d\d)(?:年|[-/.])(?P<m>\d{1,2})(?:月|[-/.])(?P<d>\d{1,2})[日号]? ?"
    r"(?:那天|当天)?(?=[^\d ])"
)
_NUMBER = re.compile(
    r"总?第 ?(?P<zh>\d{1,5}|[〇零○一二三四五六七八九十百千]{1,9}) ?期(?:的|那期)?"
    r"|(?<=issue )(?:no\.? ?|number |#)?(?P<en>\d{1,5})$"
)
_BACK_ZH = re.compile(rf"(?P<back>上+|前)一?期(?:的?{PAPER})?")
_BACK_EN = re.compile(r"\b(?:previous|preceding|prior)(?= (?:issue|edition|newspaper|paper))")
DATE_EN = (
    r"(?:(?P<iso>(?:19|20)\d\d(?:-\d\d){0,2})"
    rf"|(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?P<name>{MONTH_BEGINS_EN})[a-z]*\.?"
    r"(?: (?P<then>\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,? (?P<year>(?:19|20)\d\d))?)"
)
KIND = "(?:issue|edition|bulletin|newspaper|paper)"
_DAY_EN = (
    (re.compile(rf"{DATE_EN} (?={KIND}\b)"), ""),
    (re.compile(rf"(?<=issue|paper) (?:of|from|for|dated)(?: the)? {DATE_EN}$"), ""),
    (re.compile(rf"(?<=edition) (?:of|from|for|dated)(?: the)? {DATE_EN}$"), ""),
    (re.compile(rf" (?:of|from|for|in|on) (?:the )?{DATE_EN}$"), " in this issue"),
)


@dataclass(frozen=True, slots=True)
class Which:
    """What is told of an issue.

    Attributes:
        day: What its day begins with, `....` for a year that is not told; empty for any.
        number: Its number, or an empty string.
        back: How many issues it is before the newest that may be meant.
        surely: Whether an issue is named, not only a day.
    """

    day: str = ""
    number: str = ""
    back: int = 0
    surely: bool = True

    def is_of(self, row: IssueRow) -> bool:
        """Tell whether an issue has the day and the number; the number may be in its title."""
        if not re.match(self.day, issued(row) or row.id):
            return False
        told = re.sub(r"\D", "", row.number or "")
        in_title = re.findall(r"第\s*(\d+)\s*期", row.title or "")
        return not self.number or self.number in (told, *in_title)


def which_issue(folded: str) -> tuple[Which, str]:
    """Return which issue a folded question names, and the question with "this issue" for it.

    >>> which_issue("4月12日那期有哪些文章")
    (Which(day='....-04-12', number='', back=0, surely=True), '本期有哪些文章')
    >>> which_issue("第一百零一期有哪些文章")[0].number, which_issue("第二〇一期")[0].number
    ('101', '201')
    >>> which_issue("what is in the issue of 21 november 2025")[0].day
    '2025-11-21'
    """
    if match := _NUMBER.search(folded):
        this = "本期" if match["zh"] else ""
        number = match["en"] or _in_figures(match["zh"])
        return Which(number=number), _without(folded, match, this)
    if match := _BACK_ZH.search(folded):
        back = len(match["back"])
        return Which(back=back), _without(folded, match, "本期")
    if match := _BACK_EN.search(folded):
        return Which(back=1), _without(folded, match, "")
    if match := _DAY_ZH.search(folded):
        year = match["year"] or match["only"] or match["y"]
        parts = (year, match["month"] or match["m"], match["day"] or match["d"])
        return Which(_day(*parts), surely=not match["y"]), _without(folded, match, "本期")
    for pattern, this in _DAY_EN:
        if match := pattern.search(folded):
            if match["iso"]:
                return Which(match["iso"]), _without(folded, match, this)
            month = str(month_of(match["name"]))
            day = _day(match["year"], month, match["first"] or match["then"])
            return Which(day), _without(folded, match, this)
    return Which(), folded


def _in_figures(number: str) -> str:
    """Return an issue's number in figures, as 101 of 一百零一 or 一〇一."""
    if number.isdigit() and number.isascii():
        return number
    return str(by_places(number)) if re.search("[十百千]", number) else by_digits(number)


def _day(year: str | None, month: str | None, day: str | None) -> str:
    told = [year or "....", *(f"{int(part):02}" for part in (month, day) if part)]
    return "-".join(told)


def _without(text: str, match: re.Match[str], this: str) -> str:
    behind = text[match.end() :]
    behind = behind.lstrip() if HAN.match(this) else behind
    return " ".join(f"{text[: match.start()]}{this}{behind}".split())
