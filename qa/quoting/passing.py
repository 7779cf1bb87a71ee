"""What a sentence says of a few days alone: 除夕当天末班车提前至18:00 is no rule for other days."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.text import fold
from qa.query import Query
from qa.quoting.hours import then_asked
from qa.quoting.lacking import asks_hour
from qa.quoting.slot import slot_of

_FEAST = "除夕|正月|春节|元宵|国庆|元旦|中秋|端午|清明|劳动节|五一|假期"
_A_DAY = r"(?:\d{1,2}月)?\d{1,2}[日号]"
_PASSING = re.compile(
    rf"(?:{_FEAST})(?![前后])|{_A_DAY}(?:当[天日晚]|[至到~—–-]+\d{{1,2}}[日号](?!起))|停业|[停暂][止停][供开营接]"
)
_OF_A_TIME = re.compile(
    rf"{_FEAST}|{_A_DAY}|[寒暑]假|[春夏秋冬][季天]|期间|当[天日晚]|停业|检修"
    r"|\b(?:spring festival|new year|holidays?|national day|may day|mid-autumn)\b"
)


@lru_cache(maxsize=64)
def _asks_for_a_rule(query: Query) -> bool:
    """Tell whether a question asks at what hours, or where, and names no day of its own."""
    folded, slot = fold(query.text), slot_of(query)
    asked = asks_hour(query) or (slot.kind == "where" if slot else then_asked(query) is not None)
    return asked and not query.months and not _OF_A_TIME.search(folded)


def is_passing(query: Query, folded: str) -> bool:
    """Tell whether a folded sentence holds for a few days that a question does not ask about.

    >>> from qa.query import parse
    >>> query = parse("12路末班车几点？")
    >>> [is_passing(query, text) for text in ("除夕当天末班车提前至18:00。", "末班车延长至21:30。")]
    [True, False]
    >>> is_passing(parse("除夕12路末班车几点？"), "除夕当天末班车提前至18:00。")
    False
    """
    return _asks_for_a_rule(query) and _PASSING.search(folded) is not None
