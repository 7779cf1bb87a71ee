"""The year or month of a question: another one in its place, and whether an answer is of it.

A time is told as 2022年8月, 2022年, 8月, 2022年一季度 or 一季度.
"""

from __future__ import annotations

import re

from qa.native import Answer
from qa.query import Lang
from qa.search.numerals import MONTHS

_TIMES_ZH = re.compile(
    r"(?P<year>(?:19|20)\d\d年)?(?:(?P<month>\d{1,2}月)(?:份|\d{1,2}[日号])?)?"
    r"(?P<part>第?[一二三四]季度|前[一二三两]季度|[上下]半年)?[底末初时]?"
)
SEASON = "(?:[今去前明]年)?(?:[春夏秋冬][天季]|[暑寒]假|春节|元旦|元宵|清明|五一|端午|中秋|国庆|重阳|汛期)"
"""A pattern of a season or a festival."""

_YEARS = re.compile(f"{SEASON}|[今去前明]年")
_MONTH_NAMES = [name.capitalize() for name in MONTHS]
_TIMES_EN = re.compile(
    rf"(?:(?:in|as of|by|for|during|at the end of|on) )?(?:the )?(?:(?:first|second|third|fourth) (?:quarter|half) of )?"
    rf"(?:(?:{'|'.join(_MONTH_NAMES)})(?: \d{{1,2}},?)?,? ?)?(?:19|20)\d\d"
    rf"|\b(?:in|of|for|during) (?:{'|'.join(_MONTH_NAMES)})\b",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?:((?:19|20)\d\d)年)?(\d{1,2})月")
_MONTH_EN = re.compile(
    rf"\b(?:in|of|for|during|by|on) ({'|'.join(_MONTH_NAMES)})\b(?: \d{{1,2}},?)?,? ?((?:19|20)\d\d)?",
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
    turned, place = divmod(month - 1 + by, len(_MONTH_NAMES))
    return f"{f'{int(year) + turned}年' if year else ''}{place + 1}月"


def _month_of(question: str, answer: Answer) -> tuple[str, int]:
    if told := _MONTH.search(question):
        return told[1] or "", int(told[2])
    if told := _MONTH_EN.search(question):
        return told[2] or "", _MONTH_NAMES.index(told[1].capitalize()) + 1
    for source in answer.sources[:1]:
        day = source.date.isoformat() if source.date else source.issue
        if told := _DAYS_OF_ISSUE.match(day):
            return told[1], int(told[2])
    return "", 0


def at_time(question: str, time: str, *, lang: Lang) -> tuple[str, str]:
    """Return a question with its time replaced by another, and that time, its year added.

    >>> at_time("2022年8月有多少家？", "9月", lang="zh")
    ('2022年9月有多少家？', '2022年9月')
    >>> at_time("How many were there in August 2022?", "2023年5月", lang="en")[0]
    'How many were there in May 2023?'
    """
    if lang == "en":
        said = _in_english(time)
        found = _TIMES_EN.search(question)
        if found:
            return _TIMES_EN.sub(f"in {said}", question, count=1), time
        return f"{question.rstrip(' ?')} in {said}?", time
    spans = [
        match
        for match in _TIMES_ZH.finditer(question)
        if match["year"] or match["month"] or match["part"]
    ] or list(_YEARS.finditer(question))
    if not spans:
        return f"{time}{question}", time
    old = spans[0]
    if "年" not in time and old.groupdict().get("year"):
        time = old["year"] + time
    end = "时" if old.group().endswith("时") else ""
    return f"{question[: old.start()]}{time}{end}{question[old.end() :]}", time


def _in_english(time: str) -> str:
    year, month = _parts(time)
    name = _MONTH_NAMES[month - 1] if 1 <= month <= 12 else ""
    return " ".join(part for part in (name, year) if part)


def _parts(time: str) -> tuple[str, int]:
    match = _TOLD.fullmatch(time)
    return (match[1] or "", int(match[2] or 0)) if match else ("", 0)


def is_of(time: str, answer: Answer) -> bool:
    """Tell whether an answer is of a year or month: its issue is, or its quote names it."""
    year, month = _parts(time)
    wanted = f"{year}-{month:02d}" if year and month else year
    for source in answer.sources:
        days = [source.issue, source.date.isoformat() if source.date else ""]
        if wanted and any(day.startswith(wanted) for day in days):
            return True
        if month and not year and any(day[5:7] == f"{month:02d}" for day in days):
            return True
    return any(time in citation.quote for citation in answer.citations)
