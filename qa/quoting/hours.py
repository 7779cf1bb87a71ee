"""A day of the week or an hour that a question names, and where a text tells what holds then.

周日开吗 is answered by 周一至周六8:00至20:00 or 周日休息, neither of which need have its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.numbers import number_of
from corpus.text import fold
from corpus.types import Range
from qa.query import Query
from qa.quoting.slot import slot_of

_DAYS = {day: n for n, day in enumerate("一二三四五六日", start=1)} | {"天": 7}
_DAYS_EN = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_WEEK = (1, 2, 3, 4, 5, 6, 7)
_WORKDAYS, _WEEKEND = frozenset(_WEEK[:5]), frozenset(_WEEK[5:])
_HOLIDAY = frozenset((8,))
_NAMED = (
    (re.compile(r"双休日|周末|\bweekends?\b"), _WEEKEND),
    (re.compile(r"工作日|平[日时]|\bweekdays?\b|\bworking days?\b"), _WORKDAYS),
    (re.compile(r"节假日|节日|假日|过节|长假|国庆|春节|元旦|\bholidays?\b"), _HOLIDAY),
    (re.compile("每[天日]|天天"), frozenset(_WEEK)),
)
_TO = "[至到~—–-]+"
_ONE = "(?:周|星期|礼拜)[一二三四五六日天](?![次场班趟回节期])"
_OF_WEEK = re.compile(
    rf"每?{_ONE}{_TO}(?:周|星期|礼拜)?(?P<last>[一二三四五六日天])"
    rf"|每?{_ONE}(?:[、和及与]+(?:{_ONE}|[一二三四五六日](?=[、全上下晚早\d,。;])))*"
)
_DAY_EN = re.compile(rf"\b({'|'.join(_DAYS_EN)})days?\b")
_CLOCK = r"(?<!\d)([01]?\d|2[0-4])(?:[:时点](\d\d)?(?:分)?)"
_HOURS = re.compile(
    rf"{_CLOCK}(?P<half>半)?{_TO}(?:次日|翌日|当[日晚]|[上中下]午|晚上?)?{_CLOCK}(?P<half_too>半)?|24小时|全天"
)
_HOUR_ASKED = re.compile(
    r"(?P<part>凌晨|清晨|早[上晨]?|上午|中午|下午|傍晚|晚上?|夜里|夜间|半夜)?"
    r"(?:(?P<hour>\d{1,2}|十[一二]?|[一二两三四五六七八九])(?:点(?=[半钟还能去可开关上下有来到之以吗么,?]|$)钟?|:(?P<minutes>\d\d))(?P<half>半)?)"
    r"|(?P<alone>半夜|凌晨|夜里)"
)
_HOUR_EN = re.compile(
    r"\b(?:at|until|till|after|before) (?P<hour>\d{1,2})(?!\d)(?::(?P<minutes>\d\d))?"
    r"(?: ?(?P<part>[ap]\.?m\b|o'clock|in the (?:morning|afternoon|evening)|at night)"
    r"|(?=\W*$| (?:on|in the|today|tonight|tomorrow)\b)|(?<=:\d\d))"
)
_PARTS = (  # of a day, and the hours in it that are told from 1 to 12
    (re.compile("晚|夜|night|evening"), (*range(18, 24), *range(6))),
    (re.compile("凌晨|^a|morning"), range(12)),
    (re.compile("中午"), range(10, 22)),
    (re.compile("下午|^p|afternoon"), range(12, 24)),
)
_MIDNIGHT = 24 * 60
_CLAUSE_ENDS = re.compile("[,。;!?\n(]")


@dataclass(frozen=True, slots=True)
class Then:
    """When a question asks about.

    Attributes:
        said: The parts of the folded question that say it.
        days: Days of the week, 1 to 7, and 8 of holidays; empty where none is named.
        minutes: Minutes after midnight, or None where no hour is named.
    """

    said: tuple[str, ...]
    days: frozenset[int]
    minutes: int | None

    def has(self, word: str) -> bool:
        """Tell whether a word of the question says when."""
        return any(word in one for one in self.said)

    def is_told(self, folded: str) -> bool:
        """Tell whether a folded text tells days of the week, or hours, as the question names."""
        days = not self.days or next(_of_week(folded), None) is not None
        return days and (self.minutes is None or _HOURS.search(folded) is not None)

    def met(self, folded: str) -> Range | None:
        """Return where a folded text tells what holds then, to the end of the clause, or None.

        Of several days the fewest with the one asked about; of hours those that it is in, else
        the nearest.

        >>> text = "周二至周五12:00至20:30,周六、周日9:00至20:30,周一闭馆。"
        >>> for days, minutes in (({1}, None), ({7}, None), ({3}, 780)):
        ...     print(text[slice(*Then((), frozenset(days), minutes).met(text))])
        周一闭馆
        周六、周日9:00至20:30
        12:00至20:30
        """
        start, end = 0, len(folded)
        if self.days:
            told = list(_of_week(folded))
            own = [one for one in told if self.days <= one[2]] or [
                one for one in told if self.days & one[2]
            ]
            if not (own or told):
                return None
            start, end, _ = min(own, key=lambda one: len(one[2])) if own else told[0]
            stop = _CLAUSE_ENDS.search(folded, end)
            end = stop.start() if stop else len(folded)
        if self.minutes is None:
            return (start, end) if self.days else None
        hours = list(_hours(folded, start, end))
        if not hours:
            return (start, end) if self.days else None
        first, last, *_ = min(hours, key=lambda one: _apart(self.minutes or 0, one[2], one[3]))
        return first, last


@lru_cache(maxsize=64)
def then_asked(query: Query) -> Then | None:
    """Return the day of the week or the hour that a question names, or None.

    >>> from qa.query import parse
    >>> told = then_asked(parse("食堂周日晚上8点半还开吗？"))
    >>> told.said, sorted(told.days), told.minutes
    (('周日', '晚上8点半'), [7], 1230)
    >>> then_asked(parse("食堂几点开门？")) is None
    True
    """
    folded = fold(query.text)
    days = list(_of_week(folded))
    if query.lang == "en":
        days += [
            (*one.span(), frozenset((_DAYS_EN.index(one[1]) + 1,)))
            for one in _DAY_EN.finditer(folded)
        ]
    said = [folded[start:end] for start, end, _ in days]
    hour = (_HOUR_EN if query.lang == "en" else _HOUR_ASKED).search(folded)
    if hour:
        said.append(hour.group())
    if not said:
        return None
    asked = frozenset[int]().union(*(one for *_, one in days))
    return Then(tuple(said), asked, _minutes_asked(hour) if hour else None)


def told_then(query: Query, folded: str) -> Range | None:
    """Return where a folded text tells what holds on the day or at the hour that is asked about.

    Of questions for yes or no alone: what else is asked for has its own shape.
    """
    then = then_asked(query)
    return then.met(folded) if then and slot_of(query) is None else None


def told_words(query: Query, words: Sequence[str], folded: str) -> frozenset[str]:
    """Return which words of a question say when, where a folded text tells of such times."""
    then = then_asked(query)
    if then is None or not then.is_told(folded):
        return frozenset()
    return frozenset(word for word in words if then.has(word))


def _of_week(folded: str) -> Iterator[tuple[int, int, frozenset[int]]]:
    """Yield where a folded text names days of the week, and which."""
    for match in _OF_WEEK.finditer(folded):
        named = [_DAYS[char] for char in match.group() if char in _DAYS]
        if match["last"]:  # 周六至周二 runs on into the next week
            first, last = named[0], named[-1]
            named = [*(_WEEK * 2)[first - 1 : last + (7 if last < first else 0)]]
        yield *match.span(), frozenset(named)
    for pattern, days_named in _NAMED:
        for match in pattern.finditer(folded):
            yield *match.span(), days_named


def _hours(folded: str, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield where hours from one to another stand, and these in minutes after midnight."""
    for match in _HOURS.finditer(folded, start, end):
        if match[1] is None:
            yield *match.span(), 0, _MIDNIGHT
            continue
        first = 60 * int(match[1]) + int(match[2] or 0) + 30 * bool(match["half"])
        last = 60 * int(match[4]) + int(match[5] or 0) + 30 * bool(match["half_too"])
        yield *match.span(), first, last if last > first else last + _MIDNIGHT


def _apart(minutes: int, first: int, last: int) -> int:
    """Return how many minutes a time is from the nearest of some hours."""
    return min(max(first - at, at - last, 0) for at in (minutes, minutes + _MIDNIGHT))


def _minutes_asked(hour: re.Match[str]) -> int:
    if hour["hour"] is None:
        return _MIDNIGHT
    told = number_of(hour["hour"])
    inside = next((hours for part, hours in _PARTS if part.search(hour["part"] or "")), ())
    at = next((one for one in inside if one % 12 == told % 12), told) if told <= 12 else told
    half = hour.groupdict().get("half")
    return 60 * at + int(hour["minutes"] or 0) + 30 * bool(half)
