"""What a question says of what it asks about, a year, a figure or a number in a series.

What tells of others answers not.

Asked of 2019 or of those over 60, a sentence on 2021 or on those over 18 matches all the other
words, so no share of words that are met tells the difference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection as Group
from collections.abc import Sequence
from functools import lru_cache

from corpus.numbers import NUMERALS, ORDINALS_EN, amount, number_of
from corpus.rows import Place
from corpus.text import fold
from corpus.types import Range
from qa.dates import MONTH_EN, MONTHS, NO_MONTH, YEARS_FROM_NOW, month_of
from qa.query import Query
from qa.quoting.contrasts import contrasts_of, speaks_of_others
from qa.quoting.kinds import Named, figures
from qa.quoting.quantities import families
from qa.quoting.ranges import own_figures

_YEAR = r"(?<!\d)(1\d{3}|20\d\d)(?!\d)"
_YEARS = re.compile(_YEAR)
_ASKED = {
    "zh": re.compile(rf"{_YEAR}(?=年)"),
    "en": re.compile(
        r"\b(?:in|of|by|for|from|since|until|during|before|after|year|(?:early|late|mid)[ -])\s*"
        rf"{_YEAR}"
    ),
}
_ISSUE_MONTH = re.compile(r"\d{4}-(\d\d)")
_THIS_MONTH = re.compile(
    r"本月|当月|(?<![\d月])\d{1,2}日|目前|昨[日天]|[今近日]日|日前|[本上]周|今天|近期"
)
_COMPARED = re.compile(
    r"(?:比|较|同|与|环比|去年)(?:\d{4}年)?\d{1,2}月|(?<=,)\d{1,2}月份?为[^,。;]*"
)
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_MEASURED = frozenset(("age", "area", "degree", "length", "money", "power", "volume", "weight"))
"""Units of which another figure tells of something else; of counted things there may be many."""

_FROM_NOW = {
    "去年": re.compile(r"去年|上年|\blast year\b"),
    "前年": re.compile("前年"),
    "明年": re.compile(r"明年|\bnext year\b"),
}
_THIS_YEAR = re.compile("[今本]年")
_MONTH = rf"(?<![\d.第{NUMERALS}])(\d{{1,2}}|十[一二]|[{NUMERALS}])月{NO_MONTH}"
_MONTHS = re.compile(_MONTH)
_MONTHS_FROM_TO = re.compile(
    rf"(\d{{1,2}})月?(?:\d{{1,2}}日)?[至~到—–-]+(?:\d{{4}}年|次年|明年|翌年)?(\d{{1,2}})月{NO_MONTH}"
)
_SINCE_MONTH = re.compile(r"(\d{1,2})月(?:份|\d{1,2}日)?(?:起|以来|开始|之?后)")
_IN_MONTH = re.compile(rf"\b(?:in|of|for|during|by|until|since) ({MONTH_EN})\b(?! day)")
_HAN_BEFORE, _HAN_BEHIND = re.compile("[\u4e00-\u9fff]{2}$"), re.compile("[\u4e00-\u9fff]{2}")
_SERIES_EN = {"line": "号线", "bus": "号线", "route": "号线", "phase": "期", "building": "号楼"}
_ALWAYS_NUMBERED = {"号线": 1, "期": 2}
"""From which number on a thing is not spoken of without it: a first phase is, a second is not."""

_SERIES = re.compile(
    r"(?P<zh>\d{1,9}|[一二三四五六七八九十]{1,9})(?P<of>号线|号楼|期(?!间|待|望|末|刊|盼|满|货|限))"
    r"|(?<![月\d])(?P<no>\d{1,2}|[一二三四五六七八九十]{1,9})号(?P<of_no>(?![召码文令称外线楼早晚]|[上下中]午|凌晨|夜)[\u4e00-\u9fff]{2})"
    r"|第(?P<nth_zh>\d+|[一二三四五六七八九十]+)(?P<of_nth_zh>(?![个届次名位家所批期条项年天代档大多高长密])[\u4e00-\u9fff]{2})"
    rf"|\b(?P<of_en>{'|'.join(_SERIES_EN)}) (?:no\. ?)?(?P<en>\d+(?!:)|i{{1,3}}|iv|v)\b"
    r"|\b(?P<before>\d{1,3}) (?P<of_before>bus)\b(?! (?:lines|routes|stops|stations))"
    rf"|\b(?P<nth>{'|'.join(ORDINALS_EN)}) (?P<of_nth>phase)\b"
)
_N = "(?:\\d{1,3}|[一二三四五六七八九十]{1,9})"
_CLAUSE = re.compile("[^,。;!?\n]+")
_LISTED = re.compile(rf"(?<![\d.月]){_N}(?:号?(?:[、和与及,至到~—–-]+){_N}){{0,30}}号(?!线|楼)")
_NUMBERS_OR_NUMERALS = re.compile(_N)
_BUILDINGS = re.compile(r"(?<!\d)(\d{1,3})号?楼?[至到~—–-]+(\d{1,3})号楼")
_RANGE = re.compile("[至到~—–-]")
_ROUTES = re.compile(r"(?<![\d.第经纬分])(\d{1,4})路(?![口边灯段])")
_BUSES = re.compile(
    r"(?<![\d.第经纬分])([a-z]?\d{1,4})路(?![口边灯段])|(?<![a-z\d])([a-z]\d{1,3})(?=(?:末|首)班|坐|车|一?趟|现在)"
    r"|\bbus (?:no\. ?|route |line )?([a-z]?\d{1,4})\b"
)
_BEFORE = re.compile(r"去年|上年(?!度?计划)|上一?届|\blast year\b|\bprevious year\b")
_SINCE_THEN = re.compile(
    r"(?:比|较|跟|和|与|同|从)(?:去年|上年|上一?届)|\b(?:than|from|since) last year\b"
)
_AFTER = re.compile(r"明年|来年|下一年|下一?届|\bnext year\b")
_TOLD_OF_AFTER = re.compile(
    "明年|来年|下一?[年届轮期次]|次年|今后|年后|[每常全历]年|长期|将来|未来|以后|年度|持续"
)
_TOLD_OF_BEFORE = re.compile("去年|上年|上一?届|同期|同比|往年|前一年|全年|年度")

_IN_A_NAME = (
    "(?![个全各本该这那哪某每两几多一大新老旧能去到在来的是有和与了会可以想要给把被对向往请问我你他她])"
    "[\u4e00-\u9fff]"
)
_A_PLACE = re.compile(  # of which there are many, each with a name
    rf"((?:{_IN_A_NAME}){{2}}(?<!城乡|居民|住宅|美丽|智慧|和谐|文明))"
    "(镇|乡|村(?!民|里|口|委)|街道|社区|小区)(?![长委里内外级域容])"
)
_A_ROAD = re.compile(
    rf"((?:{_IN_A_NAME}){{2}}(?<![公铁道线马电思出之半修让走迷赶带支水陆开上过探网销退前后岔车条号山小老大一二三四五六七八九十两]))"
    "(大[道街路]|路|(?<![行业食吃品城开上逛])街)(?![口由线上边段灯程费况途面网局障基标过演道头舞])"
)
_ALIKE = {
    "大道": "路",
    "大街": "路",
    "街": "路",
    "大路": "路",
    "乡": "镇",
    "街道": "镇",
    "小区": "社区",
}
_N_KEPT = 64


def contradicted(query: Query, place: Place) -> bool:
    """Tell whether an article speaks of another year, figure or number in a series than a question.

    Or of the other of two things (`qa.quoting.contrasts`), or of another town or road alone. A
    figure is another one where the article has some in the same unit, and not this; so is a number
    in a series: of lines, phases or buildings. The year of the issue, by its day or an id that
    begins with one, counts, and by it 去年 is told. What is asked of 去年 is not told by
    what speaks of 今年 alone.

    Args:
        query: The question.
        place: Where it would be answered; all of the article is looked at.
    """
    asked = _conditions(query)
    contrasts = contrasts_of(fold(query.text))
    places = _places(fold(query.text))
    if not (any(asked) or contrasts or places):
        return False
    years, months, named, series, seen_from_now = asked
    article = place.article
    heads = (article.kicker, article.headline, article.subtitle)
    texts = (*(head.text for head in heads if head), *(one.text for one in article.passages))
    folded = fold("\n".join(texts))
    met = {own.said for own in own_figures(fold(query.text)) if own.is_ranged(folded)}
    return (
        _of_other_years(years, folded, place.issued)
        or _of_other_months(months, folded, place.issued, of_its_year=place.issued[:4] in years)
        or any(_is_of_another_year(word, folded, place.issued) for word in seen_from_now)
        or any(
            _has_another(figure, folded)
            for figure in named
            if figure.value.rstrip("百千万亿") not in met  # 10千|瓦
        )
        or _in_another_place(
            {of: numbers for of, numbers in series.items() if not _are_numbered(numbers, folded)},
            _in_series(folded, with_routes=query.lang == "en"),
        )
        or any(speaks_of_others(folded, *contrast) for contrast in contrasts)
        or (bool(places) and _is_elsewhere(places, folded))
    )


def is_of_another_month(query: Query, folded: str, issued: str) -> bool:
    """Tell whether a folded sentence names months, none of them, nor its issue's, as asked for.

    Args:
        query: The question.
        folded: The sentence.
        issued: The day of its issue.
    """
    asked = _conditions(query)[1]
    told = _months(_COMPARED.sub("", folded))
    issue = _ISSUE_MONTH.match(issued)
    return bool(asked and told) and not asked & (told | ({int(issue[1])} if issue else set()))


def lacks_the_year(query: Query, place: Place) -> bool:
    """Tell whether what was or will be a year, or a time, off is asked for and none of it told.

    去年, 上届 and “next year” are seen from the issue: 2024 or 去年 in one of 2025.
    """
    asks_before, asks_after = _asks_of_another_time(query)
    found = _YEARS.match(place.issued)
    issued = int(found[1]) if found else 0
    return any(
        asks and not told.search(place.searched) and not (issued and str(year) in place.searched)
        for asks, told, year in (
            (asks_before, _TOLD_OF_BEFORE, issued - 1),
            (asks_after, _TOLD_OF_AFTER, issued + 1),
        )
    )


def lacks_the_route(query: Query, place: Place) -> bool:
    """Tell whether a bus is asked about by its number that an article has nowhere."""
    if not (asked := _buses(query)):
        return False
    texts = [passage.text for passage in place.article.passages]
    folded = fold("\n".join([*texts, place.searched]))
    return not any(
        re.search(rf"(?<![a-z\d]){one}(?=路|号?线|[、和及,]+[a-z]?\d)", folded) for one in asked
    )


@lru_cache(maxsize=_N_KEPT)
def _buses(query: Query) -> frozenset[str]:
    """Return the numbers of the buses that a question names."""
    return frozenset(next(filter(None, one)) for one in _BUSES.findall(fold(query.text)))


@lru_cache(maxsize=_N_KEPT)
def _asks_of_another_time(query: Query) -> tuple[bool, bool]:
    """Tell whether a question asks of last year, not only to compare, and whether of the next."""
    folded = _SINCE_THEN.sub("", fold(query.text))
    return _BEFORE.search(folded) is not None, _AFTER.search(folded) is not None


def names_the_month(query: Query, folded: str) -> bool:
    """Tell whether a folded sentence names a month that is asked for."""
    return bool(_conditions(query)[1] & _months(folded))


Series = dict[str, set[int]]
"""Numbers in series: line, phase or building, to the numbers that are named."""


def tells_of_another(query: Query, folded: str) -> bool:
    """Tell whether a folded sentence speaks of another thing than a question does.

    It names another line, phase or building, or between the same words another figure: asked of
    男子100米冠军, 男子5000米冠军.
    """
    if is_in_another(series_asked(query), folded):
        return True
    return any(
        another.search(folded) and one not in folded for one, another in _between_words(query)
    )


@lru_cache(maxsize=_N_KEPT)
def _between_words(query: Query) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the figures of a question that stand between words, and another one between these."""
    folded = fold(query.text)
    found = []
    for one in figures(folded):
        before = _HAN_BEFORE.search(folded, 0, one.start)
        behind = _HAN_BEHIND.match(folded, one.end)
        if one.unit and one.value.isdigit() and before and behind:
            another = rf"{before.group()}\d[\d.]*{re.escape(one.unit)}{behind.group()}"
            found.append((folded[one.start : one.end], re.compile(another)))
    return tuple(found)


@lru_cache(maxsize=_N_KEPT)
def series_asked(query: Query) -> Series:
    """Return which line, phase or building a question names."""
    return _of_series(fold(query.text))


def _of_series(question: str) -> Series:
    found = _in_series(question, with_routes=True)
    return {of: numbers for of, numbers in found.items() if of in _SERIES_EN.values()}


def is_in_another(asked: Series, folded: str) -> bool:
    """Tell whether a folded text names others of the series that are asked about, and not these."""
    told = _in_series(folded, with_routes=True) if asked else {}
    return any(told.get(of) and not numbers & told[of] for of, numbers in asked.items())


def of_series(question: str, folded: str, spans: Sequence[Range]) -> Sequence[Range]:
    """Return those of some stretches that are not of another phase, line or building than asked.

    A stretch is of what its clause names, else of what was named last before. All of them where the
    text does not name what is asked about.

    Args:
        question: Folded.
        folded: The text.
        spans: The stretches.

    >>> text = "一期6月投产,年产值16亿元;二期主要建设研发大楼。"
    >>> of_series("二期何时投产?", text, [(2, 4), (9, 13)])
    []
    """
    asked = _of_series(question)
    here = _in_series(folded, with_routes=True) if asked else {}
    for of, numbers in asked.items():
        if not numbers & here.get(of, set()):
            continue
        last: set[int] = set()
        others: list[Range] = []
        for clause in _CLAUSE.finditer(folded):
            last = _in_series(clause.group(), with_routes=True).get(of, last)
            if last and not numbers & last:
                others.append(clause.span())
        spans = [one for one in spans if not any(a <= one[0] < b for a, b in others)]
    return spans


def names_a_time(query: Query) -> bool:
    """Tell whether a question names a year or a month."""
    years, months, *_ = _conditions(query)
    return bool(query.months or years or months)


@lru_cache(maxsize=_N_KEPT)
def _conditions(
    query: Query,
) -> tuple[
    frozenset[str],
    frozenset[int],
    tuple[Named, ...],
    Series,
    tuple[str, ...],
]:
    """Return what a question names: years, months, figures, numbers in series, years from now."""
    folded = fold(query.text)
    years = frozenset(_ASKED[query.lang].findall(folded))
    named = tuple(
        one
        for one in figures(folded)
        if _MEASURED & families(one.unit) and _NUMBERS.search(one.value)
    )
    seen_from_now = tuple(word for word, told in _FROM_NOW.items() if told.search(folded))
    return years, _months(folded), named, _in_series(folded), seen_from_now


def _places(folded: str) -> frozenset[tuple[str, str]]:
    """Return the towns, villages, estates and roads that a folded text names: name and kind.

    >>> sorted(_places("东河镇和各村、老旧小区，请问柳林村在哪"))
    [('东河', '镇'), ('柳林', '村')]
    """
    found = (*_A_PLACE.finditer(folded), *_A_ROAD.finditer(folded))
    return frozenset(one.groups() for one in found)  # type: ignore[misc]


def _is_elsewhere(asked: frozenset[tuple[str, str]], folded: str) -> bool:
    """Tell whether a text has none of the places that are asked about, and others of the kind."""
    if any(name in folded for name, _ in asked):
        return False
    kinds = {_ALIKE.get(kind, kind) for _, kind in asked}
    return any(_ALIKE.get(kind, kind) in kinds for _, kind in _places(folded))


def _of_other_years(asked: frozenset[str], folded: str, issued: str) -> bool:
    if not asked:
        return False
    told = set(_YEARS.findall(folded))
    found = _YEARS.match(issued)
    if found:
        year = int(found[1])
        told |= {str(year + by) for word, by in YEARS_FROM_NOW.items() if word in folded}
        told |= {found[1]}
    return bool(told) and not asked & told


def _months(folded: str) -> frozenset[int]:
    """Return the months that a folded text names; 1 to 6 of 1至6月.

    >>> sorted(_months("1至3月和十一月，三个月")), sorted(_months("visits in may"))
    ([1, 2, 3, 11], [5])
    >>> sorted(_months("6-12月龄婴幼儿"))
    []
    """
    found = {month_of(name) for name in _IN_MONTH.findall(folded)}
    found |= {number_of(month) for month in _MONTHS.findall(folded)}
    for first, last in _MONTHS_FROM_TO.findall(folded):
        begin, end, n = int(first), int(last), len(MONTHS)
        if not (1 <= begin <= n and 1 <= end <= n):
            continue
        found.update(
            range(begin, end + 1) if begin <= end else [*range(begin, n + 1), *range(1, end + 1)]
        )
    return frozenset(found)


def _of_other_months(asked: frozenset[int], folded: str, issued: str, *, of_its_year: bool) -> bool:
    """Tell whether a text names months, and none of those that are asked for.

    What holds from a month on may hold in any, but for those before it in the year of the issue,
    where that is asked of; 3日 may be of the month of the issue.
    """
    told = _months(_COMPARED.sub("", folded))
    if not asked or not told:
        return False
    since = [int(month) for month in _SINCE_MONTH.findall(folded)]
    if since and not (of_its_year and max(asked) < min(since)):
        return False
    found = _ISSUE_MONTH.match(issued)
    this_month = found and _THIS_MONTH.search(folded)
    return not asked & (told | ({int(found[1])} if found and this_month else set()))


def _is_of_another_year(word: str, folded: str, issued: str) -> bool:
    """Tell whether a text speaks of this year and not of the one that a word, seen from now, is."""
    if _FROM_NOW[word].search(folded) or not _THIS_YEAR.search(folded):
        return False
    found = _YEARS.match(issued)
    return not found or str(int(found[1]) + YEARS_FROM_NOW[word]) not in folded


def _in_series(folded: str, *, with_routes: bool = False) -> Series:
    """Return the numbers in series that a text names: line, phase or building, to its numbers.

    Args:
        folded: A folded text.
        with_routes: Whether Chinese bus routes (12路) are lines too.

    >>> _in_series("地铁8号线二期"), _in_series("phase ii of line 8")
    ({'号线': {8}, '期': {2}}, {'期': {2}, '号线': {8}})
    """
    found: Series = {}
    for match in _SERIES.finditer(folded):
        number = match["zh"] or match["no"] or match["nth_zh"] or match["en"] or match["before"]
        of = (
            match["of"]
            or match["of_no"]
            or match["of_nth_zh"]
            or _SERIES_EN[match["of_en"] or match["of_before"] or match["of_nth"]]
        )
        found.setdefault(of, set()).add(number_of(number or match["nth"]))
    for first, last in _BUILDINGS.findall(folded):  # 6至9号楼
        found.setdefault("号楼", set()).update(range(int(first), int(last) + 1))
    if with_routes and (routes := _ROUTES.findall(folded)):
        found.setdefault(_SERIES_EN["line"], set()).update(map(int, routes))
    return found


def _are_numbered(numbers: Group[int], folded: str) -> bool:
    """Tell whether a text has one of some numbers before 号, alone or in a list: 1、2号, 1至3号."""
    for match in _LISTED.finditer(folded):
        listed = [number_of(one) for one in _NUMBERS_OR_NUMERALS.findall(match.group())]
        told = set(listed)
        if _RANGE.search(match.group()):
            told |= set(range(min(listed), max(listed) + 1))
        if not told.isdisjoint(numbers):
            return True
    return False


def _in_another_place(asked: Series, told: Series) -> bool:
    return any(
        not numbers & told[of]
        if told.get(of)
        else any(one >= _ALWAYS_NUMBERED.get(of, math.inf) for one in numbers)
        for of, numbers in asked.items()
    )


def _has_another(asked: Named, folded: str) -> bool:
    numbers = _NUMBERS.findall(asked.value)
    if all(re.search(rf"(?<![\d.]){re.escape(one)}(?!\d|\.\d)", folded) for one in numbers):
        return False
    alike = _MEASURED & families(asked.unit)
    told = [one for one in figures(folded) if alike & families(one.unit)]
    wanted = amount(asked.value)
    return bool(told) and (wanted is None or wanted not in [amount(one.value) for one in told])
