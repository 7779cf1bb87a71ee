"""Numbers as they are told, in Chinese numerals, figures, English words or Roman figures."""

from __future__ import annotations

import re

NUMERALS = "一二三四五六七八九十"
"""The numerals from one to ten, as in a set of `re`."""

_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_BY_DIGIT = str.maketrans({char: str(n) for char, n in _DIGITS.items()})
_WHOLE = re.compile(r"(?P<figures>\d+)(?:st|nd|rd|th)?")
_AMOUNT = re.compile(
    r"(?P<figures>[\d,]+(?:\.\d+)?)?(?P<han>[零〇一二两三四五六七八九十百千万亿]*)"
)

_NAMES_EN = "one two three four five six seven eight nine ten"
NUMBERS_EN = {name: n for n, name in enumerate(_NAMES_EN.split(), start=1)}
"""English numbers, and what they are."""

_NTH_EN = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS_EN = {name: n for n, name in enumerate(_NTH_EN.split(), start=1)}
"""English ordinals, and their numbers."""

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
"""Roman figures in lower case, and their numbers."""

_IN_WORDS = NUMBERS_EN | ORDINALS_EN | ROMAN


def number_of(told: str) -> int:
    """Return the whole number that a folded word tells; of no number a `KeyError`.

    >>> [number_of(told) for told in ("12", "3rd", "三十一", "两", "twelfth", "two", "iv")]
    [12, 3, 31, 2, 12, 2, 4]
    """
    if match := _WHOLE.fullmatch(told):
        return int(match["figures"])
    return _IN_WORDS[told] if told.isascii() else by_places(told)


def amount(figure: str) -> float | None:
    """Return the number that a folded figure stands for, or None where it is not one number.

    >>> amount("1.2万"), amount("一百二十"), amount("2,180"), amount("5:3:2")
    (12000.0, 120.0, 2180.0, None)
    """
    match = _AMOUNT.fullmatch(figure)
    if not match or not figure:
        return None
    if not match["figures"]:
        return float(by_places(match["han"]))
    found = float(match["figures"].replace(",", "") or 0)
    for scale in match["han"]:
        if scale not in _SCALES:
            return None
        found *= _SCALES[scale]
    return found


def by_places(numeral: str) -> int:
    """Return the number of a Chinese numeral; of digits side by side the last counts.

    >>> [by_places(numeral) for numeral in ("七", "十二", "二百零三", "一亿二千万", "七八")]
    [7, 12, 203, 120000000, 8]
    >>> by_places("两万五"), by_places("一万亿") == 10**12
    (25000, True)
    """
    total = section = digit = 0
    for char in numeral:
        scale = _SCALES.get(char, 0)
        if not scale:
            digit = _DIGITS[char]
        elif char == "亿":
            total, section, digit = (total + section + digit or 1) * scale, 0, 0
        elif char == "万":
            total, section, digit = total + (section + digit or 1) * scale, 0, 0
        else:
            section, digit = section + (digit or 1) * scale, 0
    if numeral[-2:-1] in ("万", "亿"):  # 两万五 is short for 两万五千
        digit *= _SCALES[numeral[-2]] // 10
    return total + section + digit


def by_digits(numeral: str) -> str:
    """Return a Chinese numeral read digit by digit, in figures.

    >>> by_digits("二〇二五")
    '2025'
    """
    return numeral.translate(_BY_DIGIT)


def in_characters(number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals.

    >>> in_characters(7), in_characters(10), in_characters(42)
    ('七', '十', '四十二')
    """
    tens, ones = divmod(number, 10)
    digits = f"零{NUMERALS}"
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones else ''}"
