"""The time that a question asks of, and whether a sentence tells of it.

上个月 in an issue of June is May, and 去年 the year before its own; in a question they are counted
from the newest issue. What a figure is compared with (比去年增加) is not what it is of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from corpus.days import span_of
from corpus.text import fold
from corpus.types import Range
from qa.quoting.days_told import (
    ASKED_UNTIL,
    DAYS_OF_WEEK,
    TOLD_UNTIL,
    Period,
    Told,
    shifted,
    times_in,
)
from qa.quoting.quotes import EQUALLY, Quote

TOLD_WITHIN = 45
"""Days after a month, or a year, within which a newspaper tells what it came to."""

_DAYS_OF_MONTH = 31
_SOON = 120  # days before a month that is told without its year and is yet to come
_LITTLE = 3  # letters of a question
_LEADS = re.compile(
    r"(?:\b(?:in|of|for|by|during|since|on|as of|at the end of|the)\s+)+$|[在于截至到]+$"
)
_TRAILS = re.compile("^(?:[底末初时]|年[底末]?)?(?:的|时|期间)?")
_BYLINE = re.compile(r"本报讯|\([^()]{0,24}\)")
_RELATIVE = re.compile("[去前上]年|上上?个?(?:季度|月|周|星期|礼拜)|last|previous")
_LONG_AGO = date(1000, 1, 1)  # of an issue without a day: its 去年 is of no time asked of either
_SAME_REPORT = 0.6  # of the pairs of characters of both


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The time that a folded question asks of.

    Attributes:
        period: Its days.
        at: Where it stands in the question.
        of_any_year: Whether it is told without its year, as 3月 is; the days are of the latest one.
        is_whole: Whether all of it is asked of: 全年, which no part of the year tells.
    """

    period: Period
    at: Range
    of_any_year: bool = False
    is_whole: bool = False

    def is_relative(self, folded: str) -> bool:
        """Tell whether the question tells it from now: 去年, which no text of that year says."""
        return _RELATIVE.search(folded, *self.at) is not None

    @property
    def is_short(self) -> bool:
        """Whether it is a day or a week, on which something happens; what holds goes on longer."""
        return (self.period.last - self.period.first).days < DAYS_OF_WEEK

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
            return told is not None and self._is_met_by(told, self.period)
        return self.period.first <= _day_of(quote) <= self.period.last

    def told_best(self, quotes: Sequence[Quote], *, far: float) -> list[Quote]:
        """Return those of some quotes, best first, that are of the time.

        What speaks of the question by so much more than the first goes before it: the first may
        only name the time. Of a year all of it goes before some quarters that answer as well.
        """
        kept = list(filter(self.is_told_by, quotes))
        most = max((one.score for one in kept), default=0.0)
        if kept and most > kept[0].score + far:
            kept.sort(key=lambda one: -one.score)
        told = told_of(kept[0]) if kept else None
        if told is None or told == self.period or not told.is_part_of_year():
            return kept
        least = kept[0].score - EQUALLY
        whole = (one for one in kept if one.score >= least and told_of(one) == self.period)
        first = next(whole, kept[0])
        return [first, *(one for one in kept if one is not first)]

    def named_by(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Return those of some quotes, best first, that say they are of the time.

        Of a time that is asked of without its year, in any year, the newest of the best first.
        """
        told = ((one, told_of(one)) for one in quotes)
        kept = [
            one
            for one, period in told
            if period and any(self._is_met_by(period, one) for one in self._of_years_of(period))
        ]
        best = _best(kept) if self.of_any_year else kept
        return [*best, *(one for one in kept if one not in best)]

    def is_named_by(self, quote: Quote) -> bool:
        """Tell whether the words of a quote say that they are of the time."""
        return any(
            self._is_met_by(one.period, self.period)
            for one in times_in(fold(quote.text), _day_of(quote))
        )

    def is_denied_by(self, quote: Quote, *, holds: bool = False) -> bool:
        """Tell whether a quote tells of other times alone, or else its passage, or its headline.

        Of quarters and halves that is any other one: 前三季度 is no 上半年. What is told from a day
        on, or until one, is of no time for sure, nor is somebody's birth. Of a month or a day all
        of an article is looked at, where the words tell none; of a notice alone, where what holds
        until it changes is asked of.
        """
        now, place = day_of(quote.place.issued), quote.place
        if now is None:
            return False
        whole = "\n".join(one.text for one in place.article.passages)
        is_long = (self.period.last - self.period.first).days > _DAYS_OF_MONTH
        texts = quote.text, place.passage.text, place.article.title or ""
        is_alone = is_long or (holds and place.article.kind != "notice")
        for text in texts if is_alone else (*texts, whole):
            if told := times_in(folded := fold(text), now):
                if text is not quote.text and not is_alone:
                    told = (*told, *times_in(fold(whole), now))
                surely = times_in(folded, now, bounds=TOLD_UNTIL)
                return bool(surely) and all(map(self._is_other, _days_of(told, now)))
        return False

    def _is_other(self, told: Period) -> bool:
        if self.is_whole and told.is_part_of_year():
            return True
        return not any(one.shares_days_with(told) for one in self._of_years_of(told))

    def _is_met_by(self, told: Period, asked: Period) -> bool:
        return told.is_of(asked) and not (self.is_whole and told.is_part_of_year())

    def _of_years_of(self, told: Period) -> tuple[Period, ...]:
        """Return the days asked of; of those beside what is told where any year is meant."""
        by = told.first.year - self.period.first.year
        return tuple(shifted(self.period, n) for n in ((by, by - 1) if self.of_any_year else (0,)))

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


def _days_of(told: Sequence[Told], now: date) -> list[Period]:
    """Return the days of some times, of a month without its year also those soon to come."""
    next_year = (shifted(one.period, 1) for one in told if one.of_any_year)
    soon = (one for one in next_year if (one.first - now).days <= _SOON)
    return [*(one.period for one in told), *soon]


def _told_in(folded: str, now: date) -> Period | None:
    found = period_of(folded, now)
    return found.period if found else None


def _names_a_period(quote: Quote) -> bool:
    """Tell whether a quote names a month, a quarter or a year, which it tells of alone."""
    found = _told_in(fold(quote.text), _day_of(quote))
    return found is not None and (found.last - found.first).days >= DAYS_OF_WEEK


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
    told = times_in(folded, now, bounds=ASKED_UNTIL if is_asked else None)
    return AskedTime(*told[0]) if told else None
