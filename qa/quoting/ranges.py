"""A figure of the asker's own, 我妈92了 or my room is 16 degrees, and the range it falls in.

Notices tell what holds for 90至99周岁 and for rooms below 18℃; nobody who asks names these ends.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.types import Range
from qa.search.coverage import Weighed

_N = r"(?<![\d.])\d{1,4}(?:\.\d+)?"
_AGE, _DEGREE, _AREA, _MARK = "周?岁", "℃|°c|摄氏度|度", "平方米|平米|m2|平", "分"
_FLOOR, _POWER = "层|楼", "千瓦|kw"
_TONS, _CUBIC = "吨", "立方米?|方"
_UNITS = (_AGE, _DEGREE, _AREA, _MARK, _FLOOR, _POWER, _TONS, _CUBIC)
_OWN = (  # a figure that may be of whoever asks, and its unit
    (re.compile(rf"({_N})周?岁"), _AGE),
    (
        re.compile(
            rf"(?:我|爸|妈|爷|奶|公|婆|老[人伴头太]|孩子|娃|儿子|女儿|今年|年龄)[^\d,。?]{{0,4}}?({_N})(?=了|[,。?]|$)"
        ),
        _AGE,
    ),
    (re.compile(rf"({_N})[ -]?(?:years?|yrs?)[ -]olds?\b|\baged? ({_N})\b"), _AGE),
    (
        re.compile(
            rf"\b(?:i am|i'm|s?he is|s?he's|(?:mother|father|mom|dad|grandma|grandpa) is) ({_N})"
            r"(?=\W*$|,|\.| and )"
        ),
        _AGE,
    ),
    (re.compile(rf"({_N}) ?(?:{_DEGREE}|degrees?\b)"), _DEGREE),
    (re.compile(rf"({_N}) ?(?:{_AREA}|square met(?:er|re)s?\b|sqm\b)"), _AREA),
    (re.compile(rf"({_N})分(?!钟|之|期|[店部校行])"), _MARK),
    (re.compile(rf"(?<!号)({_N})(?:层|楼)(?![梯盘房市道顶])"), _FLOOR),
    (re.compile(rf"({_N})(?:千瓦|kw)(?!时|h)"), _POWER),
    (re.compile(rf"用(?:了|掉|到)?({_N})吨"), _TONS),
    (re.compile(rf"用(?:了|掉|到)?({_N})(?:立方米?|方)"), _CUBIC),
)
_OF_A_RANGE = re.compile(
    "(?:[至到~—–-]|满|超过|[高大低小]于|不[到足]|between|over|above|under|below|than|to) ?$"
)
_A_RANGE = re.compile(
    rf"(?:{'|'.join(_UNITS)})?(?:及?以[上下]|[至到~—–-]| or | and (?:over|above|under|older|up))"
)
_CLAUSE = re.compile("[^,。;!?\n、]+")
_FREE = re.compile("[^,。;]{0,8}(?:免(?!疫)|不收)")
_PART_ENDS = re.compile("[。;!?\n]")
_TO = "(?:至|到|-|—|~|–)+"


@dataclass(frozen=True, slots=True)
class Own:
    """A figure of the asker's own.

    Attributes:
        said: It, as the question has it.
        unit: A pattern of its unit.
    """

    said: str
    unit: str

    def met(self, folded: str) -> list[Range]:
        """Return where a folded text tells a range that the figure falls in.

        >>> own, text = Own("75", "周?岁"), "80岁以上6元,70至79岁8元,60岁以下10元"
        >>> [text[slice(*one)] for one in own.met(text)]
        ['70至79岁']
        >>> text = "低于18℃高于16℃的退一半,16℃及以下的全退"
        >>> [text[slice(*one)] for one in Own("17", "℃|度").met(text)]
        ['低于18℃高于16℃']
        """
        value = float(self.said)
        return [
            (start, end)
            for start, end, least, most in _ranges(folded, self.unit)
            if least <= value <= most
        ]

    def is_ranged(self, folded: str) -> bool:
        """Tell whether a folded text tells any range in the unit of the figure."""
        return next(_ranges(folded, self.unit), None) is not None


@lru_cache(maxsize=64)
def own_figures(folded: str) -> tuple[Own, ...]:
    """Return the figures of a folded question that may be of whoever asks, or of whom they ask for.

    >>> [own_figures(asked)[0].said for asked in ("我妈92了,能领多少", "a 3 year old", "家里17度")]
    ['92', '3', '17']
    >>> [own_figures(asked) for asked in ("60周岁以上居民", "12至17岁", "under 3 years old")]
    [(), (), ()]
    """
    if not re.search(r"\d", folded):
        return ()
    found: dict[str, Own] = {}
    for pattern, unit in _OWN:
        for match in pattern.finditer(folded):
            said = next(filter(None, match.groups()))
            if not _OF_A_RANGE.search(folded[: match.start(match.lastindex or 0)]) and not (
                _A_RANGE.match(folded, match.end())
            ):
                found.setdefault(said, Own(said, unit))
    return tuple(found.values())


def behind_its_range(owns: Sequence[Own], folded: str, spans: Sequence[Range]) -> Range | None:
    """Return which of some figures a text tells of the range that the asker's own falls in.

    It is the first behind the range, before another range or the end of the part.

    >>> own, text = Own("75", "周?岁"), "80岁以上6元,70至79岁的,8元;60岁以下10元"
    >>> text[slice(*behind_its_range([own], text, [(5, 7), (16, 18), (24, 27)]))]
    '8元'
    """
    for own in owns:
        for _, end in own.met(folded):
            others = [start for start, *_ in _ranges(folded, own.unit) if start >= end]
            part = _PART_ENDS.search(folded, end)
            stop = min([*others, part.start() if part else len(folded)])
            behind = [one for one in spans if end <= one[0] < stop]
            if behind:
                return min(behind)
    return None


def is_of_another(owns: Sequence[Own], folded: str, span: Range) -> bool:
    """Tell whether a figure is of a range that the asker's own does not fall in.

    It stands behind that range, or behind the asker's own it is said that nothing is to be paid.

    >>> text = "60至79岁由12元调整为13元,80岁以上不变"
    >>> [is_of_another([Own(said, "周?岁")], text, (15, 18)) for said in ("75", "82", "59")]
    [False, True, False]
    """
    for own in owns:
        met = own.met(folded)
        before = [(start, end) for start, end, *_ in _ranges(folded, own.unit) if end <= span[0]]
        if met and before and max(before) not in met:
            return True
        if any(end > span[1] and _FREE.match(folded, end) for _, end in met):
            return True
    return False


def in_ranges(owns: Sequence[Own], words: Sequence[Weighed], folded: str) -> tuple[Weighed, ...]:
    """Return a question's words, for one's own figure the range of a text that it falls in."""
    met = {own.said: folded[slice(*found[0])] for own in owns if (found := own.met(folded))}
    return tuple(replace(one, word=met[one.word]) if one.word in met else one for one in words)


def _ranges(folded: str, unit: str) -> Iterator[tuple[int, int, float, float]]:
    """Yield the ranges of a folded text in a unit: where they stand, and their ends."""
    between, least, most = _patterns(unit)
    for clause in _CLAUSE.finditer(folded):
        single: list[tuple[int, int, float, float]] = []
        taken: list[Range] = []
        for match in between.finditer(folded, *clause.span()):
            taken.append(match.span())
            low = float(match["low"]) / (12 if match["months"] else 1)
            yield *match.span(), low, float(match["high"])
        for pattern, is_least in ((least, True), (most, False)):
            for match in pattern.finditer(folded, *clause.span()):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                end = float(match["over"] or match["with"])
                strict = 1e-6 if match["strict"] else 0.0
                ends = (end + strict, math.inf) if is_least else (-math.inf, end - strict)
                single.append((*match.span(), *ends))
        if single:  # 低于18℃高于16℃ is one range
            starts, stops, lows, highs = zip(*single, strict=True)
            if max(lows) <= min(highs):
                yield min(starts), max(stops), max(lows), min(highs)
            else:
                yield from single


@lru_cache(maxsize=len(_UNITS))
def _patterns(unit: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return patterns of a range between two figures, from one on and up to one."""
    with_it = r"(?:\(含[^()]*\)|[(]?含[)]?)?"
    return (
        re.compile(
            rf"(?P<low>{_N})(?P<months>个月)?(?:{unit})?(?:及?以上)?{with_it}{_TO}(?P<high>{_N})(?:{unit})"
        ),
        re.compile(
            rf"(?:年满|(?<!不)(?<!未)满|(?P<strict>超过|超|高于|大于)|不低于|不少于|不小于|达到?)(?P<over>{_N})(?:{unit})(?:及?以上)?"
            rf"|(?P<with>{_N})(?:{unit}){with_it}(?:及|或)?以上"
        ),
        re.compile(
            rf"(?:(?P<strict>未满|不满|不足|不到|低于|小于)|不超过|不高于|不大于)(?P<over>{_N})(?:{unit})"
            rf"|(?P<with>{_N})(?:{unit}){with_it}(?:及|或)?以下"
        ),
    )
