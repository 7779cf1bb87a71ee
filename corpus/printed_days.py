"""The days that a printed text tells: when something was, and days in Chinese numerals."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from corpus.numbers import by_digits, by_places
from corpus.scripts import compiled

_DAY_IN_FIGURES = compiled(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_NOT_WHEN = compiled(  # before a day
    "(?:截至|截止到?|[将定拟]于|将在|计划|原[定计](?:于|在)?(?:去年|今年)?|[比较](?:原[定计]的?)?|[至到由为]|根据|按照|依据)$"
)
_NOT_WHEN_CHARS = 6
_NOT_THEN = compiled(  # behind one
    r"(?:总?第[一二三四五六七八九十\d]+期|第?[一二三四五六七八九十A-D\d]+版|头版|曾?(?:报道|刊[登发载])|《)"
    r"|起(?:正式)?(?:施行|实施|执行|生效|有效)|(?:正式)?(?:施行|生效|(?:实施|执行)(?=[，。；的]))"
    r"|[之以]?前(?![往来赴去期])|[^，。；：]{0,8}以来"
)
_QUOTED = (("“", "”"), ("「", "」"))
_OF_A_SPAN = compiled("[自从]$"), compiled("[^，。；]{0,6}[至到]")
_LONG_PAST = timedelta(days=183)
_DATE = r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
_A_FULL_DAY = re.compile(rf"(?<!\d){_DATE}")
_SPOKEN_DAY = compiled(
    r"([〇零○一二三四五六七八九]{4})\s*年\s*([一二三四五六七八九十]{1,3})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)
_SPOKEN_NUMBER = compiled(r"(?<=第)\s*[〇零○一二三四五六七八九十百千]+\s*(?=期)")
_SPOKEN_ISSUE = compiled(
    r"([〇零○一二三四五六七八九]{4})\s*年(?=\s*第\s*[一二三四五六七八九十百\d]+\s*期)"
)


def in_figures(line: str) -> str:
    """Return a line whose day is in Chinese numerals with its numbers in figures; others as is.

    >>> in_figures("二〇二二年六月三十日 星期四 第二一六期"), in_figures("第一期工程六月三日开工")
    ('2022年6月30日 星期四 第216期', '第一期工程六月三日开工')
    >>> in_figures("二〇二五年第六期（总第二百零三期）")
    '2025年第6期（总第203期）'
    """
    day = _SPOKEN_DAY.search(line)
    issue = _SPOKEN_ISSUE.search(line)
    if issue and not day:
        told = f"{line[: issue.start(1)]}{_in_figures(issue[1])}{line[issue.end(1) :]}"
        return _SPOKEN_NUMBER.sub(lambda number: _in_figures(number[0].strip()), told)
    if not day:
        return line
    year, month, of_month = (_in_figures(part) for part in day.groups())
    told = f"{line[: day.start()]}{year}年{month}月{of_month}日{line[day.end() :]}"
    return _SPOKEN_NUMBER.sub(lambda number: _in_figures(number[0].strip()), told)


def _in_figures(numeral: str) -> str:
    """Return a numeral, told digit by digit or with 十, 百 and 千, in figures."""
    return str(by_places(numeral)) if re.search("[十百千]", numeral) else by_digits(numeral)


def find_date(text: str, *, latest: date | None) -> date | None:
    """Return the first day named in the text, if what tells of it may be of that day.

    A day without a year is the last such day up to the latest: 12月30日 in an issue of January is
    of the year before. One that is to come, or is long past, is what the text speaks of, not when;
    so is one up to which something is counted, from which something holds or with which it is
    compared, that of an issue that is corrected, and one that somebody is quoted with.

    Args:
        text: The first words of an article, layout spaces dropped.
        latest: The last day that it may be of, or None where that is not known.

    >>> find_date("12月30日上午，全区", latest=date(2022, 1, 7))
    datetime.date(2021, 12, 30)
    >>> find_date("将于9月1日启用", latest=date(2022, 5, 16)) is None
    True
    >>> find_date("截至8月31日，升学350人", latest=date(2022, 10, 9)) is None
    True
    >>> find_date("新馆定于9月15日开馆", latest=date(2022, 9, 30)) is None
    True
    >>> find_date("本报9月6日2版《新馆》一文中，比9月1日", latest=date(2022, 9, 30)) is None
    True
    """
    match = next((day for day in _A_FULL_DAY.finditer(text) if _tells_when(day)), None)
    if not match:
        return None
    years = [int(match[1])] if match[1] else [latest.year, latest.year - 1] if latest else []
    for year in years:
        with suppress(ValueError):
            day = date(year, int(match[2]), int(match[3]))
            if latest is None or timedelta() <= latest - day <= _LONG_PAST:
                return day
    return None


def _tells_when(day: re.Match[str]) -> bool:
    """Tell whether a day in a text is when something was, not just one that it speaks of."""
    text, start, end = day.string, day.start(), day.end()
    before = text[max(0, start - _NOT_WHEN_CHARS) : start]
    since, until = _OF_A_SPAN
    return not (
        _NOT_WHEN.search(before)
        or _NOT_THEN.match(text, end)
        or (since.search(before) and until.match(text, end))
        or any(text.count(a, 0, start) > text.count(b, 0, start) for a, b in _QUOTED)
    )


def iso_in(text: str | None) -> str | None:
    """Return the first day that a text gives in figures, as ISO 8601.

    >>> iso_in("2021年10月7日 08:30"), iso_in("today")
    ('2021-10-07', None)
    """
    match = _DAY_IN_FIGURES.search(text or "")
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else None
