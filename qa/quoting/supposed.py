"""What a question supposes that is answered by yes or no, asked openly.

接种率超过90%了吗 is answered by what the rate is, whether it is over 90 % or not; but no passage
has that figure, and one that tells nothing of a rate may match the other words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.text import fold
from qa.dates import MONTH_EN
from qa.query import Query
from qa.quoting.kinds import Named, days, figures_beside
from qa.quoting.quantities import families
from qa.quoting.ranges import own_figures
from qa.quoting.slot import slot_of
from qa.search.numerals import numerals

_IS_IT_SO = re.compile("(?:吗|么|没有?)$|是不是|是否|有没有|有无")
_ENDS = re.compile(r"(?:[\s?!。,]|吗|么|没有?)+$")
_WHETHER = re.compile("是否|有没有|有无")
_COMPARED = re.compile(
    "(?:已经?|达到|超过|高于|低于|不到|不足|突破|多于|少于|大于|小于|至少|[超达满是有为近约逾]){0,4}$"
)
_EXACT = re.compile(r"\d|[一二三四五六七八九十百千万亿]{2}|十")
_COUNTED = frozenset(("people", "things", "turns"))
_PERSONS = re.compile(
    "学生|老师|教师|村民|党员|干部|职工|居民|群众|选手|代表|志愿者|医生|护士|老人|孩子"
)
_DAYS = (
    (re.compile(r"[时点:]"), "几点"),
    (re.compile("[日号]|周|星期|旬"), "哪天"),
    (re.compile("月"), "几月"),
    (re.compile("年"), "哪一年"),
)


_DAY_EN = (
    rf"(?:(?:{MONTH_EN}) \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{MONTH_EN})"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,2}(?::\d\d)? ?(?:am|pm|o'clock))"
    r"(?:,? \d{4})?"
)
_IS_EN = "(?P<is>is|was|are|were|did|does|do|has|have|had|will)"
_ANOTHER_CLAUSE = 5  # characters; fewer, such as 是不是, ask of the one before
_RECURS_ZH = re.compile(
    r"(?:点半?|:\d\d|(?:周|星期|礼拜)[一二三四五六日天末]|双休日|假日).{0,4}"
    "(?:还|能|可以|(?<!召)开(?![始工会业展幕通学庭])|营业|上班|看病|接诊|有[人饭车])"
)
_RECURS = re.compile(r"day\b|[ap]m\b|o'clock", re.IGNORECASE)
_OVER = (
    "(?:(?:more|less|fewer|higher|lower|greater) than|over|above|under|below|at least|at most|up to"
    "|about|around|exactly)"
)
_ON_A_DAY = re.compile(
    rf"{_IS_EN} (?P<what>.{{3,80}}?) (?:on|at|by|in) (?P<value>{_DAY_EN})", re.IGNORECASE
)
_SO_MANY = re.compile(
    rf"(?P<is>are there|did|do|have|will|were|are) (?:{_OVER} )?(?P<value>\d[\d,]*)"
    r" (?P<what>(?:[a-z-]+ )?[a-z-]+s|people)(?P<rest> .{2,80}|)",
    re.IGNORECASE,
)
_SO_MUCH = re.compile(
    rf"{_IS_EN} (?P<what>.{{3,80}}?) (?:(?P<verb>exceed|reach|cost|total|pass)(?:ed)? )?"
    rf"(?:{_OVER} )?(?P<value>\d[\d,]*(?:\.\d+)?)"
    r"(?P<unit>%| percent| per cent|(?: (?:million|billion))? (?:yuan|rmb))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Supposed:
    """A question that supposes a figure or a day.

    Attributes:
        value: The figure or day, folded.
        openly: The question that asks for it.
    """

    value: str
    openly: str


def supposed(query: Query) -> Supposed | None:
    """Return what a question supposes and how that is asked for; None of another question.

    >>> from qa.query import parse
    >>> supposed(parse("接种率超过90%了吗？")).openly, supposed(parse("会议是8日召开的吗？")).openly
    ('接种率是多少？', '会议是哪天召开的？')
    >>> supposed(parse("Was the test held on May 7?")).openly
    'when was the test held?'
    """
    if query.lang == "en":
        return _supposed_en(query)
    bare = _ENDS.sub("", fold(query.text))
    if not _IS_IT_SO.search(fold(query.text).rstrip("?!。 ")):
        return None
    if slot_of(query) or _RECURS_ZH.search(bare):
        return None  # 周日开吗, 晚上8点还营业吗 are answered as they stand
    times = list(days(bare))
    named = [one for one in (*times, *figures_beside(bare, times)) if _is_exact(bare, one)]
    if not named:
        return None
    last = max(named, key=lambda one: one.end)
    if any(own.said in bare[last.start : last.end] for own in own_figures(bare)):
        return None  # 我妈62岁能办吗 supposes nothing
    before, behind = _WHETHER.sub("", bare[: last.start]).replace("是不是", "是"), bare[last.end :]
    if not before or len(behind.partition(",")[2]) >= _ANOTHER_CLAUSE:
        return None  # 10月有活动吗: when, and not what is asked; 我5月出生,今年能报名吗
    asked_for, value = _asked_for(bare, last), bare[last.start : last.end]
    if last.sort == "figure":
        alone = _COMPARED.sub("", before)
        if alone != before or not value.startswith(last.value):  # 超过 is told as a part of it
            asked_for = f"{'有' if _COUNTED & families(last.unit) else '是'}{asked_for}"
        before, value = alone, f"{last.value}{last.unit}"
    return Supposed(value, f"{before}{asked_for}{behind.removesuffix('了')}？")


def _supposed_en(query: Query) -> Supposed | None:
    text = _ENDS.sub("", query.text)
    day = _ON_A_DAY.fullmatch(text)
    if day and _RECURS.search(day["value"]):  # Is it open on Sunday? is answered as it stands
        return None
    if day:
        told = (*numerals(day["value"].lower()), *numerals(f"on {day['value'].lower()}"))
        value = next((term for one in told for term, _ in one.terms), day["value"].lower())
        return Supposed(value, f"when {day['is'].lower()} {day['what']}?")
    counted = _SO_MANY.fullmatch(text)
    if counted:
        verb = "are there" if counted["is"].lower() == "are there" else counted["is"].lower()
        return Supposed(counted["value"], f"how many {counted['what']} {verb}{counted['rest']}?")
    share = _SO_MUCH.fullmatch(text)
    if share is None:
        return None
    is_share = share["unit"] in ("%", " percent", " per cent")
    what = "what percentage" if is_share else "how much"
    ends = f" {share['verb']}" if share["verb"] else ""
    value = f"{share['value']}{'%' if is_share else ''}"
    return Supposed(value, f"{what} {share['is'].lower()} {share['what']}{ends}?")


def _is_exact(folded: str, one: Named) -> bool:
    return _EXACT.search(folded, one.start, one.end) is not None


def _asked_for(folded: str, one: Named) -> str:
    """Return what asks for a figure or a day in its place."""
    if one.sort == "day":
        told = folded[one.start : one.end]
        return next((word for finds, word in _DAYS if finds.search(told)), "什么时候")
    if "share" in families(one.unit):
        return "多少"
    unit = "名" if one.unit == "个" and _PERSONS.match(folded, one.end) else one.unit
    return f"多少{unit}"
