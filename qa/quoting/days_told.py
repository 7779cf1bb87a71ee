"""The times that a text tells, as days from and to: 上个月, 2025年第四季度, “in August 2022”.

They are counted from a day: in a text from that of its issue, in a question from the newest one's.
What a figure is compared with (比去年增加) is not what it is of.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from corpus.numbers import number_of
from corpus.text import HAN
from corpus.types import Range
from qa.dates import ALSO_VERBS, MONTH_EN, MONTHS, NO_MONTH, YEARS_FROM_NOW, month_of

_OF_QUARTER = 3
_SEASONS = (
    ("春|spring", (3, 5)),
    ("夏|summer", (6, 8)),
    ("秋|autumn|fall", (9, 11)),
    ("冬|winter", (12, 2)),
)
A_SEASON = re.compile("[春夏秋冬]|spring|summer|autumn|fall|winter")
"""What tells a season where a time is told."""

_YEARS = {word: by for word, by in YEARS_FROM_NOW.items() if by <= 0}  # what has happened
_STEPS = {"上上": -2, "上": -1, "本": 0, "这": 0}
_STEPS_EN = {"last": -1, "previous": -1, "this": 0, "the current": 0}
_YEAR = rf"(?:(?P<year>(?:19|20)\d\d)年度?|(?P<from_now>{'|'.join(_YEARS)}))"
_YEAR_EN = r"(?:,? (?:of |in )?(?:(?P<year>(?:19|20)\d\d)\b|(?P<from_now>(?:last|this) year)))"
_IN_EN = re.compile(r"\b(?:in|of|for|by|since|during|until) $")
_UNTIL = (
    r"(?:(?<!截)[到至]|改[为在到]|[推提][迟前]|延[期长])$"
    r"|\b(?:by|until|till|to|before|after|from|since) (?:the )?$"
)
ASKED_UNTIL = re.compile(f"{_UNTIL}|定[在于]$")
"""What stands before a time that a question is not of: 改到11月."""

TOLD_UNTIL = re.compile(_UNTIL)
"""What stands before one that a text is not of for sure."""

_FROM = re.compile(r"(?:底|末|初)?(?:之?[前后]|以[前后来]|起|开始|生|出生)")
_COMPARED = re.compile(r"(?:比|较|与|同比|环比|[高低多少快慢]于)$")
DAYS_OF_WEEK = 7
_QUARTER_AT_LEAST, _YEAR_AT_LEAST = 85, 360  # days between the first and the last
_WHOLE = re.compile("的?(?:全年|一整?年|整年)")
_FROM_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?[至到~—–-]+$")
_BEFORE = 2  # characters before a time in which it is told that it is compared with


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    def is_of(self, asked: Period) -> bool:
        """Tell whether what is told of this time may answer what is asked of another.

        That is one inside it, or the week that the day which is asked of lies in. Two parts of a
        year must be the same: 上半年 is no 前三季度.
        """
        if not asked.shares_days_with(self):
            return False
        if asked.first <= self.first and self.last <= asked.last:
            return True
        is_week = (self.last - self.first).days < DAYS_OF_WEEK
        return is_week and self.first <= asked.first <= asked.last <= self.last

    def shares_days_with(self, told: Period) -> bool:
        """Tell whether two times have days in common; two parts of a year must be the same."""
        if told.last < self.first or self.last < told.first:
            return False
        return self == told or not (self.is_part_of_year() and told.is_part_of_year())

    def is_part_of_year(self) -> bool:
        """Tell whether it is a quarter, a half, or several quarters."""
        return _QUARTER_AT_LEAST <= (self.last - self.first).days < _YEAR_AT_LEAST


def shifted(period: Period, by: int) -> Period:
    """Return a time as many years later; the end of February stays one."""
    first, last = (
        date(one.year + by, one.month, min(one.day, monthrange(one.year + by, one.month)[1]))
        for one in period
    )
    if period.last.day == monthrange(*period.last.timetuple()[:2])[1]:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return Period(first, last)


def _months(year: int, first: int, last: int) -> Period | None:
    if not (1 <= first <= last <= len(MONTHS)):
        return None
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _year_of(match: re.Match[str], now: date) -> int | None:
    told = match.groupdict()
    if told.get("year"):
        return int(match["year"])
    said = told.get("from_now")
    if not said:
        return None
    return now.year + (_YEARS[said] if said in _YEARS else -1 if said.startswith("last") else 0)


def _latest(match: re.Match[str], now: date, first: int, last: int) -> Period | None:
    """Return months of the year that is told, else the latest ones that have begun."""
    year = _year_of(match, now)
    return _months(now.year - (first > now.month) if year is None else year, first, last)


def _quarter(match: re.Match[str], now: date) -> Period | None:
    n = number_of(match["n"])
    return _latest(match, now, _OF_QUARTER * n - 2, _OF_QUARTER * n)


def _first_quarters(match: re.Match[str], now: date) -> Period | None:
    return _latest(match, now, 1, _OF_QUARTER * number_of(match["n"]))


def _half(match: re.Match[str], now: date) -> Period | None:
    is_first = match["n"] in ("上", "first")
    return _latest(match, now, *((1, 6) if is_first else (7, 12)))


def _season(match: re.Match[str], now: date) -> Period | None:
    first, last = next(months for name, months in _SEASONS if re.match(name, match["n"]))
    if first < last:
        return _latest(match, now, first, last)
    year = _year_of(match, now)  # a winter ends in the next year
    year = now.year - (now.month < first) if year is None else year
    return Period(date(year, first, 1), date(year + 1, last, 28))


def _range(match: re.Match[str], now: date) -> Period | None:
    return _latest(match, now, int(match["first"]), int(match["till"]))


def _month(match: re.Match[str], now: date) -> Period | None:
    name = match["month"]
    month = month_of(name) if name in MONTHS else number_of(name)
    if name in ALSO_VERBS and not (
        match["day"] or _year_of(match, now) or _IN_EN.search(match.string, 0, match.start())
    ):
        return None
    found = _latest(match, now, month, month)
    if not found or not match["day"]:
        return found
    day = int(match["day"])
    if day > found.last.day or day < 1:
        return None
    return Period(found.first.replace(day=day), found.first.replace(day=day))


def _step(match: re.Match[str], now: date) -> Period | None:
    told = match["step"]
    by = _STEPS[told] if told in _STEPS else _STEPS_EN[told]
    of = match["of"]
    if of in ("周", "星期", "礼拜", "week"):
        monday = now - timedelta(days=now.weekday()) + timedelta(weeks=by)
        return Period(monday, monday + timedelta(days=DAYS_OF_WEEK - 1))
    if of == "year":
        return _months(now.year + by, 1, len(MONTHS))
    size = _OF_QUARTER if of in ("季度", "quarter") else 1
    turned, at = divmod((now.month - 1) // size + by, len(MONTHS) // size)
    return _months(now.year + turned, at * size + 1, (at + 1) * size)


def _past_year(match: re.Match[str], now: date) -> Period | None:
    return Period(date(now.year - 1, 1, 1), now)


def _year(match: re.Match[str], now: date) -> Period | None:
    year = _year_of(match, now)
    return _months(year, 1, len(MONTHS)) if year else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_YEAR}?前(?P<n>[二两三2-3])个?季度", _first_quarters),
        (rf"{_YEAR}?第?(?P<n>[一二三四1-4])季度", _quarter),
        (rf"{_YEAR}?的?(?P<n>[上下])半年", _half),
        (
            rf"{_YEAR}?(?P<first>\d{{1,2}})月?[至到~—–-]+(?P<till>\d{{1,2}})月(?!\d{{0,2}}[日号]){NO_MONTH}",
            _range,
        ),
        (
            rf"{_YEAR}?(?<![\d.])(?P<month>\d{{1,2}})月份?{NO_MONTH}(?:(?P<day>\d{{1,2}})[日号])?",
            _month,
        ),
        (
            rf"{_YEAR}(?P<month>十[一二]|[一二三四五六七八九十])月{NO_MONTH}(?P<day>(?!))?",
            _month,
        ),
        (rf"{_YEAR}?的?(?P<n>[春夏秋冬])[天季]", _season),
        ("(?P<step>上上|[上本这])个?(?P<of>季度|月(?!底)|周(?!边|围|岁|年|期)|星期|礼拜)", _step),
        (r"过去的?一年|(?<![\d一二三四五六七八九十几多])一年来", _past_year),
        (_YEAR, _year),
        (rf"\b(?P<n>first|second|third|fourth) quarter{_YEAR_EN}?", _quarter),
        (rf"\b(?P<n>first|second) half{_YEAR_EN}?", _half),
        (rf"\b(?P<n>spring|summer|autumn|fall|winter){_YEAR_EN}", _season),
        (
            rf"\b(?P<month>{MONTH_EN})\b(?: (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b)?{_YEAR_EN}?",
            _month,
        ),
        (
            r"\b(?P<step>last|previous|this|the current) (?P<of>week|month|quarter|year)\b",
            _step,
        ),
        (r"\b(?:in|of|for|during|since) (?P<year>(?:19|20)\d\d)\b", _year),
    )
)


class Told(NamedTuple):
    """A time that a folded text tells.

    Attributes:
        period: Its days.
        at: Where it stands in the text.
        of_any_year: Whether it is told without its year, as 3月 is; the days are of the latest one.
        is_whole: Whether all of it is told of: 2025年全年.
    """

    period: Period
    at: Range
    of_any_year: bool = False
    is_whole: bool = False


@lru_cache(maxsize=4096)
def times_in(folded: str, now: date, *, bounds: re.Pattern[str] | None = None) -> tuple[Told, ...]:
    """Return all times that a folded text tells of, in order.

    Args:
        folded: The text.
        now: The day that they are counted from.
        bounds: What stands before a time that is none of the text's, 改到11月; None where all are.
    """
    is_english = not HAN.search(folded)
    found: list[tuple[int, int, Period | None, bool]] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if _COMPARED.search(folded, max(0, start - _BEFORE), start):
                continue
            if not is_english and match.group().isascii():
                continue
            is_bound = bounds and (bounds.search(folded, 0, start) or _FROM.match(folded, end))
            told = match.groupdict()
            is_bare = "year" in told and not (told["year"] or told["from_now"])
            found.append((start, -end, None if is_bound else read(match, now), is_bare))
    past, times = 0, []
    for start, back, period, is_bare in sorted(found, key=lambda one: one[:2]):
        if start >= past and period:
            is_whole = _WHOLE.match(folded, -back) is not None
            if since := _FROM_YEAR.search(folded, 0, start):  # 2024至2025年
                period = Period(min(period.first, date(int(since[1]), 1, 1)), period.last)
            times.append(Told(period, (start, -back), is_bare, is_whole))
        past = max(past, -back)
    return tuple(times)
