"""Numbers and dates of an English question as Chinese print writes them.

Figures that stand alike in both languages (308, 99.8%) are terms already; here are those that do
not: 1.5 million is 150万, the 1970s are 70年代, 52 percent is 52%.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.numbers import NUMBERS_EN, ORDINALS_EN, ROMAN, in_characters, number_of
from qa.dates import ALSO_VERBS, MONTH_EN, MONTHS, month_of
from qa.search.lexicon import Expansion

_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_UNITS = (("万亿", 10**12), ("亿", 10**8), ("万", 10**4))
_IN_ORDER = {"phase": ("期",), "batch": ("批",), "round": ("轮",)}
_OF_SERIES = {
    **_IN_ORDER,
    "village": ("村",),
    "group": ("组", "村民组", "小组"),
    "team": ("队", "组"),
    "building": ("号楼", "栋", "幢"),
    "block": ("号楼", "栋", "幢"),
    "room": ("室", "房"),
    "class": ("班",),
    "ward": ("病区", "区"),
    "route": ("路",),
    "bus": ("路",),
    "line": ("号线", "路"),
    "hall": ("厅", "馆"),
    "gate": ("门",),
    "exit": ("出口", "口"),
    "window": ("窗口",),
    "workshop": ("车间",),
    "district": ("区",),
    "zone": ("区",),
}
_SERIES = re.compile(
    rf"\b(?P<of>{'|'.join(_OF_SERIES)}) (?:no\.? ?|number |#)?(?P<n>\d{{1,4}})\b(?![,.]\d)"
    rf"|\b(?P<of_named>{'|'.join(_IN_ORDER)}) (?P<named>{'|'.join((*ROMAN, *NUMBERS_EN))})\b"
    rf"|\b(?P<nth>{'|'.join(ORDINALS_EN)}|\d{{1,2}}(?:st|nd|rd|th))"
    rf" (?P<of_nth>{'|'.join(_IN_ORDER)})\b"
)
_MONTH_NAMES = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"\d\d?(?:st|nd|rd|th)?"
_ALONE = 0.7  # a month without a day is in many texts
_ANOTHER_DAY = 0.3  # of the month, where the question names one
_NUMBER, _BARE = 0.6, 0.3  # 3号 or 十二, and 三 alone, which may be of anything
_DECADE_ALONE = 0.9  # 70年代 may be of another century

Term = tuple[str, float]


def numerals(text: str) -> list[Expansion]:
    """Return the numbers and dates of a folded English text with their Chinese forms, in order.

    >>> [(n.phrase, n.terms[0][0]) for n in numerals("1.5 million in the 1970s, 3rd on may 5")]
    [('1.5 million', '150万'), ('1970s', '1970年代'), ('3rd', '第3'), ('may 5', '5月5日')]
    >>> [(n.phrase, n.terms[0][0]) for n in numerals("first quarter, from january to april")]
    [('first quarter', '一季度'), ('january to april', '1至4月')]
    >>> [(n.phrase, n.terms[0][0]) for n in numerals("on the 8th of october or sept. 30th")]
    [('8th of october', '10月8日'), ('sept. 30th', '9月30日')]
    """
    found = [
        (match.start(), match.end(), Expansion(match.group(), terms))
        for pattern, write in _FORMS
        for match in pattern.finditer(text)
        if (terms := tuple(write(match)))
    ]
    return [
        expansion
        for start, end, expansion in sorted(found, key=lambda told: told[:2])
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in found)
    ]


def is_day(phrase: str) -> bool:
    """Tell whether a phrase that `numerals` gives is a day of a month.

    >>> is_day("october 8"), is_day("8th of october"), is_day("october"), is_day("8th")
    (True, True, False, False)
    """
    match = _DATE.fullmatch(phrase)
    return bool(match and (match["before"] or match["after"]))


def numbered(text: str) -> list[Expansion]:
    """Return the things of a series that a folded English text names by a number.

    >>> [(one.phrase, one.terms[0][0]) for one in numbered("how many people are in village 177")]
    [('village 177', '第177村')]
    >>> [one.terms[0][0] for one in numbered("phase ii, phase two, the second phase, 1st batch")]
    ['第2期', '第2期', '第2期', '首批']
    """
    return [
        Expansion(match.group(), tuple((term, 1.0) for term in _in_series(match)))
        for match in _SERIES.finditer(text)
    ]


def is_numbered(phrase: str) -> bool:
    """Tell whether a phrase is one that `numbered` gives."""
    return _SERIES.fullmatch(phrase) is not None


def _in_series(match: re.Match[str]) -> Iterator[str]:
    of = match["of"] or match["of_named"] or match["of_nth"]
    number = number_of(match["n"] or match["named"] or match["nth"])
    spelt = [str(number), *([in_characters(number)] if 0 < number < 100 else [])]
    if number == 1 and of in _IN_ORDER:
        yield f"首{_OF_SERIES[of][0]}"
    for suffix in _OF_SERIES[of]:
        for one in spelt:
            yield from (f"第{one}{suffix}", f"{one}{suffix}")
            if not suffix.startswith("号") and of not in _IN_ORDER:
                yield f"{one}号{suffix}"


def spelt_out(figures: str) -> tuple[Term, ...]:
    """Return what figures up to 99 are in Chinese characters.

    >>> spelt_out("12"), spelt_out("300")
    ((('十二', 0.6),), ())
    """
    number = int(figures)
    return ((in_characters(number), _NUMBER),) if 0 < number < 100 else ()


def _large(match: re.Match[str]) -> Iterator[Term]:
    told = match["n"]
    number = float(told.replace(",", "")) if told[0].isdigit() else number_of(told)
    whole = round(number * _SCALES[match["scale"]], 2)
    for unit, size in _UNITS:
        if whole >= size:
            count = whole / size
            yield f"{count:g}{unit}", 1.0
            if count in range(1, 100):
                yield f"{in_characters(int(count))}{unit}", 1.0
    if whole < 10**15:
        yield f"{whole:.0f}", 1.0


def _share(match: re.Match[str]) -> Iterator[Term]:
    yield f"{match['n']}%", 1.0
    if match["n"].isdigit() and 1 <= int(match["n"]) <= 99:
        yield f"百分之{in_characters(int(match['n']))}", 1.0


def _nth(match: re.Match[str]) -> Iterator[Term]:
    """Yield what no. 3, or the third, is: a school may be the third, a house number 3."""
    number = number_of(match["n"])
    for one in (in_characters(number), str(number)):
        yield f"第{one}", 1.0
        if "no" in match.groupdict():
            yield f"{one}号", _NUMBER
    yield in_characters(number), _BARE


def _ordinal(match: re.Match[str]) -> Iterator[Term]:
    number = int(match["n"])
    if number:
        before, after = ("", "世纪") if match["century"] else ("第", "")
        yield f"{before}{number}{after}", 1.0
        yield f"{before}{in_characters(number)}{after}", 1.0


def _decade(match: re.Match[str]) -> Iterator[Term]:
    decade = int(match["decade"]) * 10
    yield f"{match['century']}{decade or '00'}年代", 1.0
    if decade:
        yield f"{decade}年代", _DECADE_ALONE
        yield f"{in_characters(decade)}年代", _DECADE_ALONE


def _day(match: re.Match[str]) -> Iterator[Term]:
    day, named = match["before"] or match["after"], match["month"].rstrip(".")
    sure = day or match["told"] is not None or match["year"] is not None
    if not sure and (named in ALSO_VERBS or named not in MONTHS):
        return
    month = month_of(named)
    if day:
        yield f"{month}月{int(day.rstrip('stndrh'))}日", 1.0
    alone = _ANOTHER_DAY if day else _ALONE
    yield f"{month}月", alone
    yield f"{in_characters(month)}月", alone


def _quarter(match: re.Match[str]) -> Iterator[Term]:
    number = number_of(match["n"])
    for one in (in_characters(number), str(number)):
        yield f"{one}季度", 1.0
    if number == 1:
        yield "首季", 1.0


def _half(match: re.Match[str]) -> Iterator[Term]:
    yield ("上半年" if match["n"] == "first" else "下半年"), 1.0


def _first_months(match: re.Match[str]) -> Iterator[Term]:
    """Yield what the first four months, or January to April, are: 前4个月, 1至4月."""
    if match["n"]:
        first, last = 1, number_of(match["n"])
    else:
        first, last = month_of(match["from"]), month_of(match["till"])
    for joint in ("至", "-", "—", "~", "到"):
        yield f"{first}{joint}{last}月", 1.0
    if first == 1:
        for one in (str(last), "两" if last == 2 else in_characters(last)):
            yield f"前{one}个月", 1.0


def _grouped(match: re.Match[str]) -> Iterator[Term]:
    yield match.group().replace(",", ""), 1.0


_DATE = re.compile(
    rf"(?:\b(?P<before>{_DAY}) (?:of )?|(?P<told>(?<=\bin )|(?<=\bof )|(?<=\bby )|(?<=\bto )))?"
    rf"\b(?P<month>{_MONTH_NAMES})(?: (?:the )?(?P<after>{_DAY})\b)?(?P<year>(?=,? \d{{4}}\b))?"
)
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Term]]], ...] = (
    (
        re.compile(
            rf"\b(?P<n>\d[\d,]*(?:\.\d+)?|{'|'.join(NUMBERS_EN)})"
            rf"[ -](?P<scale>{'|'.join(_SCALES)})\b"
        ),
        _large,
    ),
    (re.compile(r"\b(?P<n>\d+(?:\.\d+)?) ?(?:percent|per cent)\b"), _share),
    (re.compile(r"\b(?P<n>\d{1,2})(?:st|nd|rd|th)\b(?P<century>[ -]century)?"), _ordinal),
    (re.compile(r"(?P<no>\bno\. ?|\bnumber |#)(?P<n>[1-9]\d?)\b(?![,.]\d)"), _nth),
    (
        re.compile(
            r"(?<!\bone )(?<!\btwo )(?<!\ba )\b"
            r"(?P<n>third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
        ),
        _nth,
    ),
    (re.compile(r"\b(?P<century>1[0-9]|20)(?P<decade>\d)0'?s\b"), _decade),
    (_DATE, _day),
    (re.compile(r"\b(?P<n>first|second|third|fourth) quarter\b"), _quarter),
    (re.compile(r"\b(?P<n>first|second) half of (?:the|this|last|next) year\b"), _half),
    (
        re.compile(
            rf"\bfirst (?P<n>{'|'.join(NUMBERS_EN)}) months\b"
            rf"|\b(?P<from>{MONTH_EN})(?: to | through | and | ?- ?)(?P<till>{MONTH_EN})\b"
        ),
        _first_months,
    ),
    (re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])"), _grouped),
)
