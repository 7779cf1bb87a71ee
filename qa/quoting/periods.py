"""The time that a question asks of, and the time that a sentence tells of, as days from and to.

上个月 in an issue of June is May, and 去年 the year before its own; in a question they are counted
from the newest issue. What a figure is compared with (比去年增加) is not what it is of.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from corpus.days import span_of
from corpus.numbers import number_of
from corpus.text import HAN, fold
from corpus.types import Range
from qa.dates import ALSO_VERBS, MONTH_EN, MONTHS, NO_MONTH, YEARS_FROM_NOW, month_of
from qa.quoting.quotes import EQUALLY, Quote

_OF_QUARTER = 3
_SEASONS = (
    ("春|spring", (3, 5)),
    ("夏|summer", (6, 8)),
    ("秋|autumn|fall", (9, 11)),
    ("冬|winter", (12, 2)),
)
_YEARS = {word: by for word, by in YEARS_FROM_NOW.items() if by <= 0}  # what has happened
_STEPS = {"上上": -2, "上": -1, "本": 0, "这": 0}
_STEPS_EN = {"last": -1, "previous": -1, "this": 0, "the current": 0}
_YEAR = rf"(?:(?P<year>(?:19|20)\d\d)年度?|(?P<from_now>{'|'.join(_YEARS)}))"
_YEAR_EN = r"(?:,? (?:of |in )?(?:(?P<year>(?:19|20)\d\d)\b|(?P<from_now>(?:last|this) year)))"
_IN_EN = re.compile(r"\b(?:in|of|for|by|since|during|until) $")
_UP_TO = re.compile(
    r"(?:(?<!截)[到至]|改[为在到]|[推提][迟前]|延[期长]|定[在于])$"
    r"|\b(?:by|until|till|before|after|from|since) (?:the )?$"
)
_FROM = re.compile(r"(?:底|末|初)?(?:之?[前后]|以[前后来]|起|开始|生|出生)")
_COMPARED = re.compile(r"(?:比|较|与|同比|环比|[高低多少快慢]于)$")
TOLD_WITHIN = 45
"""Days after a month, or a year, within which a newspaper tells what it came to."""

_DAYS_OF_WEEK = 7
_LITTLE = 4  # letters of a question
_LEADS = re.compile(
    r"(?:\b(?:in|of|for|by|during|since|on|as of|at the end of|the)\s+)+$|[在于截至到]+$"
)
_TRAILS = re.compile("^(?:[底末初时]|年[底末]?)?(?:的|时|期间)?")
_BYLINE = re.compile(r"本报讯|\([^()]{0,24}\)")
_RELATIVE = re.compile("[去前上]年|上上?个?(?:季度|月|周|星期|礼拜)|last|previous")
_LONG_AGO = date(1000, 1, 1)  # of an issue without a day: its 去年 is of no time asked of either
_SAME_REPORT = 0.6  # of the pairs of characters of both
_BEFORE = 2  # characters before a time in which it is told that it is compared with


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    def is_of(self, asked: Period) -> bool:
        """Tell whether what is told of this time may answer what is asked of another.

        That is one inside it, or the week that the day which is asked of lies in.
        """
        if asked.first <= self.first and self.last <= asked.last:
            return True
        is_week = (self.last - self.first).days < _DAYS_OF_WEEK
        return is_week and self.first <= asked.first <= asked.last <= self.last


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
        return Period(monday, monday + timedelta(days=_DAYS_OF_WEEK - 1))
    if of == "year":
        return _months(now.year + by, 1, len(MONTHS))
    size = _OF_QUARTER if of in ("季度", "quarter") else 1
    turned, at = divmod((now.month - 1) // size + by, len(MONTHS) // size)
    return _months(now.year + turned, at * size + 1, (at + 1) * size)


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


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The time that a folded question asks of.

    Attributes:
        period: Its days.
        at: Where it stands in the question.
    """

    period: Period
    at: Range

    def is_relative(self, folded: str) -> bool:
        """Tell whether the question tells it from now: 去年, which no text of that year says."""
        return _RELATIVE.search(folded, *self.at) is not None

    @property
    def is_short(self) -> bool:
        """Whether it is a day or a week, on which something happens; what holds goes on longer."""
        return (self.period.last - self.period.first).days < _DAYS_OF_WEEK

    def without(self, folded: str) -> str:
        """Return the question without it; empty where little is left."""
        start, end = self.at
        rest = f"{_LEADS.sub('', folded[:start])} {_TRAILS.sub('', folded[end:])}".strip(" ,的")
        return rest if len(re.findall(r"\w", rest)) > _LITTLE else ""

    def is_told_by(self, *quotes: Quote) -> bool:
        """Tell whether quotes, if any, are of the time: as they say, or by their issue's day."""
        return bool(quotes) and all(map(self._is_told_by, quotes))

    def _is_told_by(self, quote: Quote) -> bool:
        told = told_of(quote)
        if told or self.is_short:
            return told is not None and told.is_of(self.period)
        return self.period.first <= _day_of(quote) <= self.period.last

    def told_best(self, quotes: Sequence[Quote], *, far: float) -> list[Quote]:
        """Return those of some quotes, best first, that are of the time.

        What speaks of the question by so much more than the first goes before it: the first may
        only name the time.
        """
        kept = list(filter(self.is_told_by, quotes))
        most = max((one.score for one in kept), default=0.0)
        if kept and most > kept[0].score + far:
            kept.sort(key=lambda one: -one.score)
        return kept

    def named_by(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Return those of some quotes, best first, that say they are of the time."""
        told = ((one, told_of(one)) for one in quotes)
        return [one for one, period in told if period and period.is_of(self.period)]

    def told_of_it(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Return those of some quotes, best first, that tell of the time as well as the best do."""
        return [one for one in _best(quotes) if self.is_told_by(one)]

    def held_then(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Return those that name no time of their own, and were printed before the end of it."""
        last = self.period.last.isoformat()
        kept = [one for one in _best(quotes) if not _names_a_period(one)]
        return [one for one in kept if one.place.issued <= last]


def _best(quotes: Sequence[Quote]) -> list[Quote]:
    """Return those of some quotes that answer about as well as the first, the newest first."""
    least = quotes[0].score - EQUALLY if quotes else 0.0
    equal = [one for one in quotes if one.score >= least]
    return sorted(equal, key=lambda one: one.place.issued, reverse=True)


def told_of(quote: Quote) -> Period | None:
    """Return the time that a quote, its passage or its headline says it is of; None where none."""
    now, place = _day_of(quote), quote.place
    texts = (quote.text, place.passage.text, place.article.title or "")
    return next(filter(None, (_told_in(fold(text), now) for text in texts)), None)


def _told_in(folded: str, now: date) -> Period | None:
    found = period_of(folded, now)
    return found.period if found else None


def _names_a_period(quote: Quote) -> bool:
    """Tell whether a quote names a month, a quarter or a year, which it tells of alone."""
    found = _told_in(fold(quote.text), _day_of(quote))
    return found is not None and (found.last - found.first).days >= _DAYS_OF_WEEK


def day_of(issued: str) -> date | None:
    """Return the day of an issue told as in `Place.issued`, the first of a month or a year alone.

    >>> day_of("2021-10").isoformat(), day_of("")
    ('2021-10-01', None)
    """
    span = span_of(issued)
    return span[0] if span else None


def _day_of(quote: Quote) -> date:
    return day_of(quote.place.issued) or _LONG_AGO


def one_report(quotes: Sequence[Quote], *, at_least: int) -> list[Quote]:
    """Return the quotes that say the same as the first but for figures and names, the newest first.

    Nothing where fewer issues print it than `at_least`.
    """
    first = _bare(quotes[0]) if quotes else frozenset()
    alike = [one for one in quotes if _shared(first, _bare(one)) >= _SAME_REPORT]
    if len({one.place.issue_id for one in alike}) < at_least:
        return []
    return sorted(alike, key=lambda one: (one.place.issued, one.score), reverse=True)


def _bare(quote: Quote) -> frozenset[str]:
    """Return the pairs of characters of a quote without its figures and who wrote it."""
    text = _BYLINE.sub("", re.sub(r"\d[\d.,]*", "0", fold(quote.text)))
    return frozenset(map("".join, pairwise(text)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


@lru_cache(maxsize=4096)
def period_of(folded: str, now: date, *, is_asked: bool = False) -> AskedTime | None:
    """Return the first time that a folded text tells of, and where it stands; None where none.

    Args:
        folded: The text, or a question.
        now: The day that 去年 and 上个月 are counted from, and a month without its year.
        is_asked: Whether it is a question; it is not of the time in 改到11月 and "by June 30".

    >>> now = date(2026, 6, 4)
    >>> for text in ("上个月,门诊量达58440人次", "2025年第四季度", "比去年增加185只", "3月6日"):
    ...     found = period_of(text, now)
    ...     print(found and [day.isoformat() for day in found.period])
    ['2026-05-01', '2026-05-31']
    ['2025-10-01', '2025-12-31']
    None
    ['2026-03-06', '2026-03-06']
    """
    is_english = not HAN.search(folded)
    found: list[tuple[int, int, Period | None]] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if _COMPARED.search(folded, max(0, start - _BEFORE), start):
                continue
            if not is_english and match.group().isascii():
                continue
            bounds = is_asked and (_UP_TO.search(folded, 0, start) or _FROM.match(folded, end))
            found.append((start, -end, None if bounds else read(match, now)))
    past = 0
    for start, back, period in sorted(found, key=lambda one: one[:2]):
        if start >= past and period:
            return AskedTime(period, (start, -back))
        past = max(past, -back)
    return None
