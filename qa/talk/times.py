"""The year or month of a question: another one in its place, and whether an answer is of it.

A time is told as 2022年8月, 2022年, 8月, 去年8月, 2022年一季度 or 一季度.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corpus.text import fold
from corpus.types import iso
from qa.dates import MONTH_EN, MONTHS, PART_OF_YEAR, month_of
from qa.native import Answer
from qa.query import Lang
from qa.quoting.periods import period_of
from qa.quoting.quotes import Quote

_TIMES_ZH = re.compile(
    r"(?P<year>(?:19|20)\d\d年|[今去前明]年)?(?:(?P<month>\d{1,2}月)(?:份|\d{1,2}[日号])?)?"
    rf"(?P<part>{PART_OF_YEAR})?[底末初时]?"
)
SEASON = "(?:[今去前明]年)?(?:[春夏秋冬][天季]|[暑寒]假|春节|元旦|元宵|清明|五一|端午|中秋|国庆|重阳|汛期)"
"""A pattern of a season or a festival."""

_SEASON = re.compile(SEASON)
_A_YEAR = re.compile(r"(?:(?:19|20)\d\d|[今去前明])年")
_TIMES_EN = re.compile(
    rf"(?:(?:in|as of|by|for|during|at the end of|on) )?(?:the )?(?:(?:first|second|third|fourth) (?:quarter|half) of )?"
    rf"(?:(?:{MONTH_EN})(?: \d{{1,2}},?)?,? ?)?(?:19|20)\d\d"
    rf"|\b(?:in|of|for|during) (?:{MONTH_EN})\b",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?:((?:19|20)\d\d)年)?(\d{1,2})月")
_MONTH_EN = re.compile(
    rf"\b(?:in|of|for|during|by|on) ({MONTH_EN})\b(?: \d{{1,2}},?)?,? ?((?:19|20)\d\d)?",
    re.IGNORECASE,
)
_DAYS_OF_ISSUE = re.compile(r"((?:19|20)\d\d)-(\d\d)")
_STEPS = (
    (re.compile(r"(?:再)?(?:上|前一)个?月(?:份)?|前一?个月"), -1),
    (re.compile(r"上上个?月(?:份)?"), -2),
    (re.compile(r"(?:下|后一)个?月(?:份)?|后一?个月"), 1),
    (
        re.compile(r"(?:the )?(?:last|previous|preceding|prior) month|the month before(?: that)?"),
        -1,
    ),
    (re.compile(r"(?:the )?(?:next|following) month|the month after(?: that)?"), 1),
)
_STEP = re.compile("上?[上本]个?(?:月(?!底)|季度|周(?!年|边|岁)|星期)")
_TOLD = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(?:.*(?:季度|半年))?")


def is_step(text: str) -> bool:
    """Tell whether a folded text is a month told from another: 上个月, the month before."""
    return any(pattern.fullmatch(text) for pattern, _ in _STEPS)


def stepped(text: str, question: str, answer: Answer) -> str:
    """Return the month that a folded text tells, from that of a question, else of its answer.

    Args:
        text: What `is_step` tells of.
        question: What was asked before, complete.
        answer: What was answered; the month of its first source's issue counts.

    Returns:
        Such as 2022年8月, or 8月 where no year is told; empty where no month is known.
    """
    by = next(by for pattern, by in _STEPS if pattern.fullmatch(text))
    year, month = _month_of(question, answer)
    if not month:
        return ""
    turned, place = divmod(month - 1 + by, len(MONTHS))
    return f"{f'{int(year) + turned}年' if year else ''}{place + 1}月"


def _month_of(question: str, answer: Answer) -> tuple[str, int]:
    if told := _MONTH.search(question):
        return told[1] or "", int(told[2])
    if told := _MONTH_EN.search(question):
        return told[2] or "", month_of(told[1])
    for source in answer.sources[:1]:
        day = iso(source.date or source.issue_date) or source.issue
        if told := _DAYS_OF_ISSUE.match(day):
            return told[1], int(told[2])
    return "", 0


def at_time(question: str, time: str, *, lang: Lang) -> tuple[str, str]:
    """Return a question with its time replaced by another, and that time, its year added.

    >>> at_time("2022年8月有多少家？", "9月", lang="zh")
    ('2022年9月有多少家？', '2022年9月')
    >>> at_time("今年谁夺冠？", "去年", lang="zh")[0], at_time("上个月有多少台？", "9月", lang="zh")[0]
    ('去年谁夺冠？', '9月有多少台？')
    >>> at_time("How many were there in August 2022?", "2023年5月", lang="en")[0]
    'How many were there in May 2023?'
    """
    if lang == "en":
        said = _in_english(time)
        found = _TIMES_EN.search(question)
        if found:
            return _TIMES_EN.sub(f"in {said}", question, count=1), time
        return f"{question.rstrip(' ?')} in {said}?", time
    old = _time_in(question, is_year=_A_YEAR.fullmatch(time) is not None)
    if not old:
        return f"{time}{question}", time
    if "年" not in time and old.groupdict().get("year"):
        time = old["year"] + time
    end = "时" if old.group().endswith("时") else ""
    return f"{question[: old.start()]}{time}{end}{question[old.end() :]}", time


def _time_in(question: str, *, is_year: bool) -> re.Match[str] | None:
    """Return the time of a Chinese question that another is put in the place of, a year or not."""
    season = _SEASON.search(question)
    named = (
        match
        for match in _TIMES_ZH.finditer(question)
        if match["year"] or match["month"] or match["part"]
    )
    found = None if season and not is_year else next(named, None)
    return found or season or _STEP.search(question)


def _in_english(time: str) -> str:
    year, month = _parts(time)
    name = MONTHS[month - 1].capitalize() if 1 <= month <= 12 else ""
    return " ".join(part for part in (name, year) if part)


def _parts(time: str) -> tuple[str, int]:
    match = _TOLD.fullmatch(time)
    return (match[1] or "", int(match[2] or 0)) if match else ("", 0)


def is_of(time: str, quotes: Sequence[Quote], *, now: date | None) -> bool:
    """Tell whether what is quoted is of a time: its issue is, or it says so, or the first is of it.

    Args:
        time: Such as 2022年8月 or 去年一季度.
        quotes: What is quoted, best first.
        now: The day of the newest issue, which 去年 is counted from; None where it is not known.
    """
    year, month = _parts(time)
    wanted = f"{year}-{month:02d}" if year and month else year
    days = [day for one in quotes for day in (one.place.issued, iso(one.place.article.date) or "")]
    if wanted and any(day.startswith(wanted) for day in days):
        return True
    if month and not year and any(day[5:7] == f"{month:02d}" for day in days):
        return True
    if any(time in quote.text for quote in quotes):
        return True
    asked = period_of(fold(time), now, is_asked=True) if now else None
    return asked is not None and bool(quotes) and asked.is_told_by(quotes[0])
