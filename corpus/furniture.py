"""Lines that belong to the page: masthead, page markers, footers, running heads, contents boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from corpus.cues import (
    DAY,
    GUIDE,
    GUIDE_ITEM,
    ISSUE_DATE,
    ISSUE_NUMBER,
    OPEN_NO_LINE,
    OPENER,
    PAPER_NAME,
    is_closed,
    is_paper_name,
)
from corpus.numbers import NUMERALS, by_places
from corpus.printed_days import in_figures
from corpus.scripts import compiled
from corpus.signatures import is_credit, is_signature
from corpus.sources import Line

_MAST_LINES = 14
_MARK_CHARS = 160  # no line of page matter is longer; keeps hostile lines cheap
_SECTION = (
    "要闻|综合|新闻|时政|经济|社会|民生|文化|文艺|副刊|专版|专题|广告|公告|评论|言论|产业|科技|教育|健康|视点|"
    "聚焦|关注|深度|园区|城事|生活|财经|党建|理论|国内|国际|本地|热点|特刊|专刊|公示|服务|资讯"
)
_SECTION_ALONE = compiled(_SECTION)
_PAGE = r"第?\s*(?P<page>[A-D]?\d{1,2}|[一二三四五六七八九十]{1,2})\s*版(?:[\s:：·|/—-]*(?P<name>[\u4e00-\u9fff·]{2,8}(?<!出版)(?![\u4e00-\u9fff])))?"
_PAGE_BARE = rf"(?P<page>[A-D]?\d{{1,2}})[\s:：·|/—-]*(?P<name>(?:{_SECTION})(?:新闻)?)"
_STAFF = r"(?:本版|本期|值班|责任|执行|首席|美术|图片|视觉)?(?:编辑|编委|校对|版式|美编|责编|终审|主编|审读|审校|组版|设计|制图)"
_NAME = r"(?!你好|您好|你们好|同志)(?:[\u4e00-\u9fff]\s[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff：:])"
_LUNAR_YEAR = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
_LUNAR_DAY = r"闰?(?:[正二三四五六七八九十冬腊]|十[一二])月[大小]?\s*(?:初|十|廿|卅|二十|三十)[一二三四五六七八九十]?"
_A_BODY = (
    r"(?:(?![由将届次])[\u4e00-\u9fff]){2,18}"
    "(?:[局委部社会院校所站办厂处乡镇县市区]|中心|集团|公司|大学|政府|街道)"
)
_TOLD_IN_NOTICES = [
    compiled(pattern)
    for pattern in (
        r"(?:投稿|电子)?(?:邮箱|信箱)\s*[:：]?\s*[\w.@\-]+|E-?mail\s*[:：]?\s*[\w.@\-]+",
        r"(?:网址|电子版)\s*[:：]\s*[\w.:/\-]+",
        r"邮(?:政)?编(?:码)?\s*[:：]\s*\d{6}",
        r"发行\s*[:：]\s*[\w（）()]+|(?:零售|定)价\s*[:：]\s*[\w.]+",
        rf"(?:主办|主管|出版)(?:单位)?\s*[:：]\s*[\u4e00-\u9fff]+|{_A_BODY}(?:编辑|主管|主办)?(?:主管|主办|出版|承办|编印)(?![\u4e00-\u9fff])",
        r"(?<!\d)\d{4}[.\-/]\d{1,2}[.\-/]\d{1,2}(?!\d)",
    )
]  # an imprint gives such, and so may a notice
_TOKENS = [
    compiled(pattern)
    for pattern in (
        rf"{_STAFF}\s*[:：/ ]\s*{_NAME}(?:[\s、/]+{_NAME})*",
        r"(?:(?:本报|本刊|编辑部)(?:新闻|广告|订报|发行|服务)?|新闻|广告|订报|发行)(?:热线|电话|传真)(?:电话)?\s*[:：]?\s*[\d\-—（）() 转、]+",
        r"(?:国内统一(?:连续出版物|刊)号|统一刊号|邮发代号|准印证?号?)\s*[:：]?\s*[\w\-()（）/ ,，]*",
        r"(?:(?:本报|本刊)(?:地址|社址)|社址)\s*[:：]\s*[\w（）()]+|(?:印刷|承印)\s*[:：]\s*[\w（）()]+",
        r"内部资料(?![\u4e00-\u9fff])|内部资料[\s:：,，]*(?:免费|仅供|注意|请勿|不得外|妥善)[\w\-()（）/ ,，]*",
        rf"{ISSUE_DATE.pattern}(?=\s*(?:星期|周|农历|第))",
        r"\d{1,2}月\d{1,2}日(?=\s*(?:星期|周))",
        r"(?:星期|周)[一二三四五六日天]",
        rf"(?:农历\s*(?:{_LUNAR_YEAR})?|{_LUNAR_YEAR})\s*(?:{_LUNAR_YEAR})?{_LUNAR_DAY}(?![\u4e00-\u9fff])",
        r"[（(]?总?第\s*\d+\s*期[）)]?",
        r"[（(]?(?:今日|本期|共)\s*[\d一二三四五六七八]{1,2}\s*版[）)]?",
        r"[（(]?第?\s*[\d一二三四五六七八]{1,2}\s*[页頁][）)]?",
    )
]
_PAGE_LETTERED = r"(?P<page>[A-D]\d{1,2})[\s:：·|/—-]*(?P<name>[\u4e00-\u9fff·]{2,4})"
_BESIDE_A_DAY = compiled(rf"(?:农历|{_LUNAR_YEAR})\s*[\u4e00-\u9fff]{{4,12}}")
_PHONE = compiled(r"(?:热线|电话|传真)(?:电话)?\s*[:：]?\s*[\d\-—（）() 转、]+")
_PAGE_TOKENS = [compiled(_PAGE), compiled(rf"^\W*{_PAGE_BARE}\W*$")]
_LETTERED = compiled(rf"\W*{_PAGE_LETTERED}\W*")
_FEWEST_LETTERED = 3  # pages so told, one of them by a usual name, before the others are believed
_PAGE_HEADING = compiled(
    r"\W*(?:第?\s*[A-D]?\d{1,2}|第\s*[一二三四五六七八九十]{1,2})\s*版(?:[\s:：·|/—-]+[\u4e00-\u9fff·]{2,8})?\W*"
    rf"|\W*[A-D]\d{{1,2}}[\s:：·|/—-]+(?:{_SECTION})(?:新闻)?\W*"
)
_PAGE_BESIDE = compiled(
    r"\W*(?P<page>[A-D]?\d{1,2})(?:\W*(?P<name>[\u4e00-\u9fff·]{2,8}))?\W*"
    r"|\W*(?P<name_first>[\u4e00-\u9fff·]{2,8})\W+(?P<page_last>[A-D]?\d{1,2})\W*"
)
_COLUMN_LABEL = compiled(
    r"([●■◆▲★◎○□])\s*([\u4e00-\u9fff]{2,6})\s*\1|[【〔]\s*[\u4e00-\u9fff]{2,5}\s*[】〕]"
)
_IN_BRACKETS = compiled(r"【[^【】]{2,40}】")
_FEWEST_BRACKETED = 3
_OF_A_YEAR = compiled(r"\d{4}\s*年\s*(?:第?\s*\d+\s*期|\d{1,2}\s*月[号刊])")
_OF_AN_IMPRINT = compiled("主[办管编]|总[编第]|内部资料|准印|星期|农历|本期|今日")
_OF_NO_HEADLINE = compiled("内部资料|准印|免费(?:交流|赠阅)")
_MOST_MORE = 12  # lines of what else there is to read, below a digest
_DESK = "来源|编辑|责编|校对|审核|监制|初审|复审|终审|[一二三]审|签发|统筹|排版|美编|总编|制作|供稿|图文"
_MORE = compiled(r"\W*(?:往期|更多|相关)(?:推荐|回顾|精选|阅读|内容)\W*")
_TRAILS = compiled(
    rf"\W*|\W*(?:the )?end\W*|\W*(?:责任|本期|值班)?(?:{_DESK})\s*[:：|丨｜/].{{1,60}}"
    r"|.{0,12}(?:扫码|扫一扫|二维码|阅读原文|点个?[“\"]?(?:在看|赞)|关注我们|点击上方).{0,30}",
    re.IGNORECASE,
)
_ENDS_DIGEST = compiled(
    r"编辑|责编|校对|审核|监制|[一二三终]审|扫码|二维码|在看|关注|往期|^\W*END\W*$"
)
_OF_DIGEST = compiled(r"阅读原文|在看|关注|点击上方|二维码|^\W*(?:the )?end\W*$", re.IGNORECASE)
_ADDRESSES = compiled("(?:各|尊敬的|亲爱的|广大|编辑|同志|老师|朋友).{0,16}[：:]")
_PAGE_LINES = 6  # between which no page has two running heads
_IS_DATED = compiled(rf"(?:{PAPER_NAME.pattern}\s*)?{ISSUE_DATE.pattern}")
_IN_LATIN = compiled(r"[A-Za-z][A-Za-z .'’&-]{2,30}")
_LEFT = compiled(r"[\u3400-\u9fffA-Za-z0-9]")
_PAGE_NUMBER = compiled(r"[—\-·•\s]*\d{1,3}[—\-·•\s]*")


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says of itself.

    Attributes:
        name: The bulletin's name, or None.
        date: The day of publication, or None.
        number: The issue's number, or None.
        furniture: Indices of the lines that are in no article.
        sections: For a line's index, the section that a page marker there opens.
        numbers: For a line's index, the number of the page that a marker there opens.
    """

    name: str | None
    date: date | None
    number: str | None
    furniture: frozenset[int]
    sections: dict[int, str]
    numbers: dict[int, int]


def _lettered(lines: Sequence[Line]) -> frozenset[str]:
    """Return the lines that tell a page by a letter and a number, A2 农事, where a paper does so."""
    told = {line.text: mark for line in lines if (mark := _LETTERED.fullmatch(line.text))}
    usual = any(_SECTION_ALONE.fullmatch(mark["name"]) for mark in told.values())
    return frozenset(told) if usual and len(told) >= _FEWEST_LETTERED else frozenset()


def _bracketed(lines: Sequence[Line]) -> frozenset[str]:
    """Return the lines in brackets where some are too long for columns' names: headlines then."""
    found = frozenset(line.text for line in lines if _IN_BRACKETS.fullmatch(line.text))
    long = sum(_COLUMN_LABEL.fullmatch(text) is None for text in found)
    return found if long >= _FEWEST_BRACKETED else frozenset()


def find_furniture(lines: Sequence[Line]) -> Page:
    """Return what is furniture among the lines, and what it tells about the issue."""
    lettered = _lettered(lines)
    bracketed = _bracketed(lines)
    mast = _mast(lines)
    name = _paper_name([lines[index] for index in mast]) or _imprint_name(
        [line.text for line in lines]
    )
    furniture = set(mast) | _guides(lines) | _trailer(lines)
    sections: dict[int, str] = {}
    numbers: dict[int, int] = {}
    repeated = _repeated(lines)
    for index, line in enumerate(lines):
        inside = line.told and line.told.begins is False  # a paragraph, whatever it looks like
        if inside or line.is_row or not line.text.strip(OPEN_NO_LINE):
            continue
        mark, rest = _without_tokens(in_figures(line.text), name)
        if mark is None and line.text in lettered:
            mark, rest = _LETTERED.fullmatch(line.text), False
        if mark is not None and not rest:
            sections[index], number = _told_of_page(mark)
            if number:
                numbers[index] = number
        elif label := None if line.text in bracketed else _COLUMN_LABEL.fullmatch(line.text):
            sections[index] = label[2] or line.text[1:-1].strip()
            rest = False
        matter = line.told is not None and line.told.kind == "matter"
        if not rest or matter or line.text in repeated:
            furniture.add(index)
    furniture -= _of_notices(lines, sorted(furniture), repeated=repeated)
    told = " ".join(in_figures(lines[index].text) for index in sorted(furniture))
    return Page(
        name=name,
        date=_full_date(told),
        number=_number(told),
        furniture=frozenset(furniture),
        sections=sections,
        numbers=numbers,
    )


def _of_notices(lines: Sequence[Line], found: Sequence[int], *, repeated: set[str]) -> set[int]:
    """Return the lines that look like an imprint's, but stand with nothing else of the page.

    So does an address to write to, or who organizes something, in a notice.
    """
    of_notices: set[int] = set()
    told = [
        n
        for n in found
        if n and lines[n].told is None and lines[n].text not in repeated
        if _may_be_of_notice(lines[n].text)
    ]
    runs = groupby(enumerate(found), key=lambda numbered: numbered[1] - numbered[0])
    for _, numbered in runs:
        run = {index for _, index in numbered}
        if run.issubset(told):
            of_notices |= run
    return of_notices


def _may_be_of_notice(text: str) -> bool:
    """Tell whether a line holds nothing but what an imprint gives, and a notice as well."""
    if len(text) > _MARK_CHARS or _PAGE_NUMBER.fullmatch(text):
        return False
    line = in_figures(text)
    return any(token.search(line) for token in _TOLD_IN_NOTICES) and not (
        any(token.search(line) for token in _TOKENS) or ISSUE_DATE.search(line)
    )


def heading_of_page(text: str) -> bool:
    """Tell whether a heading names a page and heads no article.

    >>> heading_of_page("02版 要闻"), heading_of_page("第四版教材发布"), heading_of_page("A2展厅")
    (True, False, False)
    """
    return _PAGE_HEADING.fullmatch(text) is not None and page_marked(text) is not None


def page_marked(text: str) -> tuple[str, int | None] | None:
    """Return the section and the number of a page that a line says begins here, else None.

    >>> page_marked("第02版：要闻"), page_marked("A2 农事"), page_marked("第二版图书出版")
    (('要闻', 2), None, None)
    """
    mark, rest = _without_tokens(in_figures(text), None)
    return None if mark is None or rest else _told_of_page(mark)


def _told_of_page(mark: re.Match[str]) -> tuple[str, int | None]:
    """Return the section and the number that a page marker tells; without a name its number."""
    named = mark.groupdict()
    printed = named["page"] or named.get("page_last") or ""
    number = page_number(printed)
    alone = f"第{printed}版" if printed == str(number) else printed
    return named["name"] or named.get("name_first") or alone, number


def is_page_matter(text: str) -> bool:
    """Tell whether a line holds nothing but page matter: a day, a number, who edited the page.

    >>> is_page_matter("2024年12月14日 第12期"), is_page_matter("12月14日开工")
    (True, False)
    """
    return not _without_tokens(in_figures(text), None)[1]


def is_imprint(text: str) -> bool:
    """Tell whether a line gives the number and the day of an issue."""
    line = in_figures(text)
    dated = ISSUE_DATE.search(line) and ISSUE_NUMBER.search(line) and _OF_AN_IMPRINT.search(line)
    return bool(dated) and len(line) <= _MARK_CHARS and not is_closed(line)


def masthead(lines: Sequence[str]) -> Page:
    """Return what lines that are known to be page matter tell of the issue."""
    told = " ".join(map(in_figures, lines))
    return Page(
        name=next(filter(is_paper_name, lines), None) or _imprint_name(lines),
        date=_full_date(told),
        number=_number(told),
        furniture=frozenset(),
        sections={},
        numbers={},
    )


def _number(told: str) -> str | None:
    """Return the number of the issue in figures, as 3 where ３ is printed."""
    match = ISSUE_NUMBER.search(told)
    return "".join(str(int(digit)) for digit in match[1]) if match else None


def page_number(printed: str) -> int | None:
    """Return the number of a page as printed: 02, 十二, A3.

    >>> page_number("02"), page_number("十二"), page_number("A3"), page_number("头")
    (2, 12, 3, None)
    """
    digits = re.sub(r"\D", "", printed)
    if digits:
        return int(digits)
    told = re.match(f"[{NUMERALS}]+", printed)
    return by_places(told.group()) if told else None


def _without_tokens(text: str, name: str | None) -> tuple[re.Match[str] | None, bool]:
    """Return the page marker that a line holds, and whether anything but page matter is in it."""
    if len(text) > _MARK_CHARS:
        return None, True
    if _PAGE_NUMBER.fullmatch(text):
        return None, False
    mark = None
    whole = text
    if name:
        text = text.replace(name, " ")
    text = _stripped(text)
    for token in _PAGE_TOKENS:
        match = token.search(text)
        if match and not _LEFT.search(text[: match.start()] + text[match.end() :]):
            mark = match
            text = token.sub(" ", text)
    if mark is None and text != whole:  # a bare page number and section beside a date
        mark = _PAGE_BESIDE.fullmatch(text)
        text = "" if mark else text
    left = "".join(_LEFT.findall(text))
    return mark, bool(left) and not (mark and _SECTION_ALONE.fullmatch(left))


def _stripped(text: str) -> str:
    """Return the text without page matter; beside it a plain date or a number to call is, too."""
    whole = text
    for token in (*_TOKENS, *_TOLD_IN_NOTICES):
        text = token.sub(" ", text)
    if text == whole:
        return text
    for token in (ISSUE_DATE, _BESIDE_A_DAY, _PHONE):
        text = token.sub(" ", text)
    return text


def _mast(lines: Sequence[Line]) -> list[int]:
    """Return the lines of the masthead: from the top to the last line that only a masthead has."""
    last = -1
    named = False  # whether a line above names the paper, as it stands there but once
    for index, line in enumerate(lines[:_MAST_LINES]):
        if is_closed(line.text) or len(line.text) > 60 or line.is_row:
            break
        text = in_figures(line.text)
        if (
            not _without_tokens(text, None)[1]
            or (index < 4 and not (named and line.blanks) and is_paper_name(text, first=not index))
            or (last == index - 1 and index < 4 and _IS_DATED.fullmatch(text))
            or (
                index == 1
                and last < 0
                and _IN_LATIN.fullmatch(lines[0].text)
                and _IS_DATED.fullmatch(text)
            )
            or (ISSUE_DATE.search(text) and ISSUE_NUMBER.search(text))
            or (_OF_A_YEAR.match(text) and index and is_paper_name(lines[index - 1].text))
            or (
                last == index - 1
                and (_OF_NO_HEADLINE if line.blanks else _OF_AN_IMPRINT).search(text)
            )
        ):
            last = index
        named = named or _name_in(line.text, first=not index) is not None
    top = [in_figures(line.text) for line in lines[: last + 1]]
    tells = [text for text in top if ISSUE_DATE.search(text) or ISSUE_NUMBER.search(text)]
    return list(range(last + 1)) if tells else []


def _paper_name(mast: Sequence[Line]) -> str | None:
    names = (_name_in(line.text, first=not place) for place, line in enumerate(mast))
    if name := next(filter(None, names), None):
        return name
    for line in mast:
        if line.spaced and 3 <= len(line.text) <= 12:
            return line.text
    return None


def _name_in(text: str, *, first: bool = True) -> str | None:
    """Return the name of the paper in a line of a masthead, alone or beside its day and number."""
    if len(text) > _MARK_CHARS:
        return None
    parts = (text, _bare(text), *text.split())
    return next((part for part in parts if is_paper_name(part, first=first)), None)


def _imprint_name(lines: Sequence[str]) -> str | None:
    """Return the name in a line that else holds only the issue's number or date."""
    for line in lines:
        if len(line) <= _MARK_CHARS and ISSUE_NUMBER.search(line):
            left = _bare(line)
            if is_paper_name(left):
                return left
    return None


def _bare(text: str) -> str:
    """Return a line of a masthead without the day and number of the issue."""
    return ISSUE_DATE.sub(" ", _stripped(in_figures(text))).strip(" 　·|—-")


def _repeated(lines: Sequence[Line]) -> set[str]:
    """Return short lines that stand three times or more: running heads.

    Where pages tell of their lines, running heads are known by their place, not by this. No such
    line is how a story opens, who wrote, photographed or issued it, whom a letter addresses, what
    breaks off in a sentence, nor what stands twice within a few lines, as in a poem or a list.
    """
    places: dict[str, list[int]] = {}
    for n, line in enumerate(lines):
        if 3 <= len(line.text) <= 24 and not is_closed(line.text) and line.told is None:
            places.setdefault(line.text, []).append(n)
    return {
        text
        for text, found in places.items()
        if len(found) >= 3
        and min(after - before for before, after in pairwise(found)) >= _PAGE_LINES
        and not (text[-1] in "，、；" or _ADDRESSES.fullmatch(text))
        and not any(DAY.fullmatch(line.text) for n in found for line in lines[n + 1 : n + 2])
        and not (OPENER.match(text) or is_signature(text) or is_credit(text))
    }


def _guides(lines: Sequence[Line]) -> set[int]:
    """Return the lines of contents boxes: the word for one, and the items below it."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        if not GUIDE.fullmatch(line.text):
            continue
        found.add(index)
        last = index
        for place in range(index + 1, min(index + 24, len(lines))):
            if GUIDE_ITEM.fullmatch(lines[place].text):
                last = place
            elif is_closed(lines[place].text) or place - last > 2:
                break
        found.update(range(index, last + 1))
    return found


def _trailer(lines: Sequence[Line]) -> set[int]:
    """Return the lines below the last article of a digest: who edited it, what else to read."""
    first = len(lines)
    while first and _trails(lines[first - 1].text):
        first -= 1
    more = range(max(0, first - _MOST_MORE), first)
    first = next((n for n in more if _MORE.fullmatch(lines[n].text)), first)
    held = [line.text for line in lines[first:]]
    return set(range(first, len(lines))) if any(map(_ENDS_DIGEST.search, held)) else set()


def _trails(text: str) -> bool:
    """Tell whether a line may trail a digest; a sentence does only where it speaks of the digest.

    编辑：盼望开通夜班车。 is a letter, and 市民可扫码预约。 is of a story.
    """
    return bool(_TRAILS.fullmatch(text)) and not (is_closed(text) and not _OF_DIGEST.search(text))


def _full_date(told: str) -> date | None:
    for match in ISSUE_DATE.finditer(told):
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            continue
    return None
