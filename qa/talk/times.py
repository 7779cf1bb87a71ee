"""The year or month of a question: another one in its place, and whether an answer is of it.

A time is told as 2022年8月, 2022年, 8月, 2022年一季度 or 一季度.
"""

from __future__ import annotations

import re

from qa.native import Answer
from qa.query import Lang

_TIMES_ZH = re.compile(
    r"(?P<year>(?:19|20)\d\d年)?(?:(?P<month>\d{1,2}月)(?:份|\d{1,2}[日号])?)?"
    r"(?P<part>第?[一二三四]季度|前[一二三两]季度|[上下]半年)?[底末初时]?"
)
_YEARS = re.compile(r"[今去前明]年")
_MONTH_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_TIMES_EN = re.compile(
    rf"(?:(?:in|as of|by|for|during|at the end of|on) )?(?:the )?(?:(?:first|second|third|fourth) (?:quarter|half) of )?"
    rf"(?:(?:{'|'.join(_MONTH_NAMES)})(?: \d{{1,2}},?)?,? ?)?(?:19|20)\d\d",
    re.IGNORECASE,
)
_TOLD = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(?:.*(?:季度|半年))?")


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
