"""One name put in the place of another in a Chinese question: a person, an office, a thing."""

from __future__ import annotations

import re

from corpus.text import HAN, fold
from qa.offices import HEAD, HEADS_EN
from qa.quoting.alignment import tokens
from qa.quoting.kinds import days, persons
from qa.quoting.slot import JOINING

_BODY = (
    "党工委|工委|党委|党组|党支部|管委会|[区市县省镇乡]委|[区市县省镇乡]政府|[区市县省]?人大(?:常委会)?|[区市县省]?政协"
    "|纪委|街道办(?:事处)?|办公室|村委会|居委会|董事会|[一-鿿]{2}[局厅]"
)
_TITLE = f"{HEAD}|负责人|发言人"
_OFFICE = re.compile(rf"(?:{_BODY})?(?:第一|常务|执行)?副?(?:{_TITLE})")
_HEAD = re.compile(rf"(?:第一|常务|执行)?副?(?:{_TITLE})")
_IS_BODY = re.compile(
    r"[一-鿿]{2,12}(?:[局厅委办院所]|中心|公司|集团|政府|街道办)|[一-鿿]{0,12}(?:管委会|党工委)"
)
_WHO = re.compile(r"(?:现任|现在的?)?(?:是|叫)(?:谁|什么(?:名字)?|哪位)[?。]*")
_IS_PLACE = re.compile(r"[一-鿿]{1,8}(?:[省市区县镇乡村]|街道|社区)")
_OF_A_LEVEL = (("镇", "乡", "街道"), ("村", "社区"), ("区", "县", "市"), ("医院", "卫生院"))
"""Endings of places of which one is asked for in place of another: 大洲乡, 枫林镇."""

_WHOLE_PLACE = re.compile(r"^[全本我][省市区县镇乡村]")
_NAME_EN = re.compile(r"[A-Z][\w'-]*(?: [A-Z][\w'-]*)+")
_OFFICE_EN = re.compile(
    rf"(?:{'|'.join(HEADS_EN)}|head|chief|chair|governor|magistrate|leader|dean|captain)"
    "(?: of .+)?",
    re.IGNORECASE,
)
_WHO_EN = re.compile(r"^who(?:'s| is| was| are| were) (?P<held>.+)$", re.IGNORECASE)
_UNIT = "周?岁|度|℃|平方?米?"
_FIGURE = re.compile(rf"(?P<n>\d{{1,4}}(?:\.\d+)?)(?P<unit>{_UNIT})?的?")
_MEASURED = re.compile(rf"(?<![\d.])(?P<n>\d{{1,4}}(?:\.\d+)?)(?P<unit>{_UNIT})")
_NTH = re.compile(r"第[一二三四五六七八九十\d]")


def person_swapped(old: str, new: str) -> str:
    """Return the old question with a person or office in the place of its own, or nothing.

    What stands before an office stays, unless the new one says its own, or is a name.

    >>> person_swapped("林知远主持了什么会议？", "白若溪")
    '白若溪主持了什么会议？'
    >>> person_swapped("柳湾区党工委书记是谁？", "管委会主任")
    '柳湾区管委会主任是谁？'
    >>> person_swapped("柳湾区教育局副局长是谁？", "柳湾区水利局")
    '柳湾区水利局副局长是谁？'
    >>> person_swapped("林知远主持了什么会议？", "消防")
    ''
    """
    folded, what = fold(old), fold(new)
    if len(folded) != len(old) or what in folded:
        return ""
    if _IS_BODY.fullmatch(what):
        head, whole = _HEAD.search(folded), _held(folded, whole=True)
        of = head is not None and whole is not None and whole[0] < head.start() < whole[1]
        return f"{old[: whole[0]]}{new}{old[head.start() :]}" if of and head and whole else ""
    office = _OFFICE.fullmatch(what)
    if not (office or is_person(what) or _ends_with_office(what)):
        return ""
    held = _held(folded, whole=not office)
    return f"{old[: held[0]]}{new}{old[held[1] :]}" if held else ""


def person_swapped_en(old: str, new: str, *, person: str) -> str:
    """Return what `person_swapped` does, for English; `person` is whom the old question names.

    >>> person_swapped_en("Who is the mayor of Liuwan?", "the deputy mayor", person="")
    'Who is the deputy mayor of Liuwan?'
    """
    old = old.rstrip(" ?？.")
    if is_name_en(new):
        return f"{old.replace(person, new, 1)}?" if person and person in old else ""
    match = _WHO_EN.match(old)
    if not match or not _OFFICE_EN.search(match["held"]):
        return ""
    if not (office := _OFFICE_EN.search(new)):
        return ""
    of = re.search(r" of .+$", match["held"])
    held = new + (of.group() if of and " of " not in office.group() else "")
    return f"{old[: match.start('held')]}{held}?"


def is_name_en(text: str) -> bool:
    """Tell whether an English text is a name of several words."""
    return _NAME_EN.fullmatch(text) is not None


def is_somebody_en(text: str) -> bool:
    """Tell whether an English text is a name of several words, or what somebody is.

    >>> is_somebody_en("Bai Ruoxi"), is_somebody_en("the mayor"), is_somebody_en("first prototype")
    (True, True, False)
    """
    return is_name_en(text) or _OFFICE_EN.search(text) is not None


def office_asked(text: str) -> str:
    """Return the office of a question that asks only who holds it, else nothing.

    >>> office_asked("管委会主任是谁？")
    '管委会主任'
    """
    match = _OFFICE.match(fold(text))
    return match.group() if match and _WHO.fullmatch(fold(text), match.end()) else ""


def asks_who(text: str) -> bool:
    """Tell whether a question is about an office or asks who somebody is.

    >>> asks_who("党工委书记是谁？"), asks_who("柳溪社区的集市为什么改到晚上？")
    (True, False)
    """
    return _OFFICE.search(fold(text)) is not None or _WHO.search(fold(text)) is not None


def qualified(old: str, what: str) -> str:
    """Return the old question of a time, a place or an ordinal before it, or nothing.

    >>> qualified("全区接种多少剂次？", "白鹭街道"), qualified("全区接种多少剂次？", "白若溪")
    ('白鹭街道接种多少剂次？', '')
    """
    if _IS_PLACE.fullmatch(what):
        return what + _WHOLE_PLACE.sub("", old)
    return what + old if _is_day(fold(what)) or _NTH.match(what) else ""


def _is_day(what: str) -> bool:
    return any(one.start == 0 and one.end == len(what) for one in days(what))


def swapped(old: str, new: str) -> str:
    """Return the old question with the new name in the place of one that ends alike, or nothing.

    >>> swapped("白鹭街道招多少人？", "望河街道")
    '望河街道招多少人？'
    >>> swapped("大洲乡柑橘产量是多少？", "枫林镇"), swapped("接待日12月5日谁接待？", "12月26日")
    ('枫林镇柑橘产量是多少？', '接待日12月26日谁接待？')
    >>> swapped("图书馆有多少座位？", "藏书"), swapped("80岁老人午餐多少钱？", "65的")
    ('', '65岁老人午餐多少钱？')
    """
    folded, what = fold(old), fold(new)
    if len(folded) != len(old) or not what:
        return ""
    if figure := _FIGURE.fullmatch(what):
        measured = list(_MEASURED.finditer(folded))
        if len(measured) == 1 and (figure["unit"] or measured[0]["unit"]) == measured[0]["unit"]:
            start, end = measured[0].span("n")
            return f"{old[:start]}{figure['n']}{old[end:]}"
        return ""
    if what in folded:
        return ""
    if _is_day(what):
        day = next(days(folded), None)
        return f"{old[: day.start]}{new}{old[day.end :]}" if day else ""
    ends = tokens(what)[-1] if tokens(what) else (len(what) - 1, len(what))
    tail = what[ends[0] : ends[1]]
    words = tokens(folded)
    level = next((ends for ends in _OF_A_LEVEL if what.endswith(ends)), ())
    for suffix in dict.fromkeys((tail, what[-2:], what[-1], *level)):
        at = folded.find(suffix)
        if not suffix or at < 0 or not HAN.search(suffix):
            continue
        if all(end != at + len(suffix) for _, end in words):
            continue  # it ends within a word: 书, in 图书馆
        start = at - max(0, len(what) - len(suffix))
        bounds = [first for first, _ in words if first <= at]
        start = min(bounds, key=lambda first: abs(first - start), default=at)
        if at + len(suffix) - start >= 2:
            return f"{old[:start]}{new}{old[at + len(suffix) :]}"
    return ""


def is_person(what: str) -> bool:
    """Tell whether a text is the name of a person, with an office before it or without."""
    return any(
        one.end == len(what) and (not one.start or _OFFICE.fullmatch(what[: one.start]))
        for one in persons(what, tokens(what))
    )


def _ends_with_office(what: str) -> bool:
    return any(match.end() == len(what) for match in _OFFICE.finditer(what))


def _held(folded: str, *, whole: bool) -> tuple[int, int] | None:
    """Return where a question has a person: an office, the name behind it, or a name alone.

    With `whole`, what stands before the office as a part of it (柳湾区) belongs to it.
    """
    names = [(one.start, one.end) for one in persons(folded, tokens(folded))]
    office = _OFFICE.search(folded)
    if office is None:
        return names[0] if names else None
    start, end = office.span()
    end = next((last for first, last in names if first == end), end)
    if whole:
        dated = max((day.end for day in days(folded) if day.end <= start), default=0)
        for first, last in reversed(tokens(folded[:start])):
            word = folded[first:last]
            if last != start or first < dated or word in JOINING or not HAN.match(word):
                break
            start = first
    return start, end
