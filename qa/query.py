"""A question as typed to what is searched: its language, its terms, what kind of answer it wants.

English function words and Chinese question words say nothing about the subject; they are left
out of what must be covered, never out of what is embedded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from corpus.text import HAN, fold
from qa.dates import MONTH_BEGINS_EN, month_of
from qa.defining import focus_of
from qa.offices import HEAD_ENDS
from qa.quoting.quantities import ASKED_EN
from qa.search.lexicon import Expansion, phrase_key, shipped_lexicon
from qa.search.names import names_in
from qa.search.numerals import numbered, numerals, spelt_out
from qa.search.terms import Terms, cut
from qa.wording import plainly, without_accents

Lang = Literal["zh", "en"]
MAX_CHARS = 1000
_N_KEPT = 64  # questions; whoever answers one reads it several times


class Wants(Enum):
    """The kind of answer a question asks for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how many"
    DEFINITION = "definition"
    LIST = "list"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Query:
    """A question, ready to be searched.

    Attributes:
        text: The question as typed, trimmed, without a frame around it (`qa.wording`).
        lang: The language it is asked in; an English question may hold Chinese terms.
        terms: Its terms for the lexical index.
        content: Its words that name the subject, folded, each once.
        required: Quoted terms and codes, folded; a passage without one is about something else.
        wants: The kind of answer asked for.
        focus: For a definition, the term to be defined, folded; else empty.
        asked: The words beside the question word: what the answer must speak of at least.
        months: The years and months it names, each as 2021 or 2021-10.
        expansions: For an English question, what its phrases may be in Chinese.
        names: Its words that may be names, to be looked up in the archive by their sound.
        unprinted: What it quotes in English and the archive, as far as it was asked, never prints.
    """

    text: str
    lang: Lang
    terms: Terms
    content: tuple[str, ...]
    required: tuple[str, ...]
    wants: Wants
    focus: str = ""
    asked: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    names: tuple[str, ...] = ()
    unprinted: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Return a hash by the text, which is kept with it: much is kept by question."""
        return hash(self.text)


_ZH_EMPTY_WORDS = """
的 了 吗 呢 吧 啊 呀 么 是 在 有 和 与 及 或 被 把 对 从 向 到 于 为 以 将 就 都 也 还 又
很 最 更 这 那 其 之 个 些 它 他 她 我 你 们 谁 哪 几 多 少 何 请 问 什么 多少 哪个 哪些
哪里 哪儿 哪天 哪家 哪位 哪年 哪月 哪一 哪所 谁的 怎么 怎样 怎么样 如何 为什么 为何 是否
有没有 请问 告诉 知道 一下 关于 其中 以及 我们 你们 他们 这个 那个 这些 那些 时候 什么样
多大 多高 多长 多久 几个 几名 几家 几项 几天 几岁 几倍 几次 几点 几时 几号 几样 什么人 什么地方
怎么办 怎么回事 干什么 凭什么 来自 属于 叫做 名字 位于 一个 一些 可以 能够 能 会
要 想 已经 进行 一天 一家 一位 一年 哪一天 何时 何地 何人 分别 具体 主要 一共 总共 共 介绍
后来 原来 原先 本来 当初 最终 到底 究竟 打算 说说 详细 情况 有关 现任 新任 最新 最近 会不会 能不能 可不可以 要不要 是不是 行不行 星期 礼拜 名 家 件 张 条 座 项 次 位 所 届 批 种 万 亿
"""
_ZH_EMPTY = frozenset(_ZH_EMPTY_WORDS.split())
_EN_EMPTY_WORDS = """
a an the of in on at to for from by with about into over after before during between is
are was were be been being do does did done has have had will would can could should may
might must shall and or but if than then that this these those there here it its his her
their our your my i you he she we they them him us me what which who whom whose when where
why how many much long far often old big there's what's who's s t re ll ve d not no so as
up out off any some each all both more most other such only own same too very just also
please tell say said says name give given got get gets list describe explain mean means
meaning called call many did one ones according
now currently nowadays latest newest
"""
_EN_EMPTY = frozenset(_EN_EMPTY_WORDS.split())
_QUOTED = re.compile(
    r"“([^“”]{1,30})”|‘([^‘’]{1,30})’|「([^「」]{1,30})」|『([^『』]{1,30})』|\"([^\"]{1,30})\""
    r"|(?<![^\W\d_])'([^']{1,30})'(?![^\W\d_])"
)
_CODE = re.compile(
    r"(?<![\d.,])\d{3,}(?![\d%‰]|[.,]\d|[个名家项人次所条座亩元亿万千百米吨公年月日号时分期位届层楼路岁周度斤克件户台辆]|(?:st|nd|rd|th|s|km|kg|[cm]?m)\b)"
    r"|[a-z]+\d+(?:\.\d+)?[a-z0-9]*|(?!\d+(?:st|nd|rd|th|s|km|kg|[cm]?m)\b)\d+[a-z][a-z0-9]*|a{3,}"
)
_YEAR = re.compile(r"(?:19|20)\d\d")

_DATED = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:(?P<month>\d{1,2})月)?"
    rf"|(?:(?P<name>{MONTH_BEGINS_EN})[a-z]*\.?(?: \d{{1,2}},?)? )?\b(?P<year_en>(?:19|20)\d\d)\b(?!年)"
)
_THEN = re.compile(r"\b(?:last|this|previous) (?:week|month|quarter|year)\b|上上?个?月|[去前]年")
_ORIGIN = ("哪里人", "哪儿人", "什么地方人")
_ORIGIN_WORDS = ("籍贯", "出生", "老家")
_COUNTS = ("多少", "几")
_NOW = re.compile(  # whoever holds an office holds it now
    f"(?:现在|目前|当前|如今|眼下)的?(?=[^，,？?]{{0,12}}(?:{HEAD_ENDS})(?:是谁|是哪位|叫什么))"
    "|(?<=谁)(?:现在|目前)(?=是)|(?:现在|目前)(?=是谁)|^(?:现在|目前)(?!的)"
    "|(?:最近|上|下)一?次的?"
)
_IS_ASKED = re.compile(r"(?:是多少|是什么|怎么样|如何)\W*$")
_HOW_MANY = re.compile("(?<=[至到])多少")  # 增至多少 is not 增|至多|少
_QUESTION_WORD = re.compile(
    "|".join(_ORIGIN) + r"|多少|几(?=[个名家项人次所条座亩位天年月批种])|什么|谁|哪|何时|何地|怎么"
)
_ATTRIBUTE_OF = re.compile(
    r"(?:what|who) (?:is|was|are|were) the (?P<asked>[a-z ]{1,40}?) (?:of|in|at|for) "
)

_WANTS_ZH = (
    (Wants.WHO, re.compile(r"谁|何人|哪位|哪几位|什么人|姓名|叫什么")),
    (
        Wants.WHEN,
        re.compile(r"什么时候|何时|哪(?:一)?(?:天|年|月|日)|几月|几号|什么时间|多久|日期"),
    ),
    (Wants.WHERE, re.compile(r"哪里|哪儿|何处|何地|在哪|什么地方|哪个(?:地方|城市|村|镇|区|省)")),
    (
        Wants.HOW_MANY,
        re.compile(
            r"多少|(?<![这那近好])几(?:个|名|家|项|人|次|所|条|座|亩|万|亿|公里|米|元|年|批)|(?<![许很众诸最拉])多[大高长](?!学)|率是|占比"
        ),
    ),
    (
        Wants.LIST,
        re.compile(
            r"哪些|哪几|哪[一二三四五六七八九十两]+[个项方条]|措施|要求|怎么做|如何|做法|内容有"
        ),
    ),
)
_WANTS_EN = (
    (
        Wants.WHEN,
        re.compile(r"\bwhen\b|what (?:date|day|time|year|month)|which (?:day|year|month)"),
    ),
    (Wants.WHERE, re.compile(r"\bwhere\b|in (?:which|what) (?:place|city|town|village|district)")),
    (
        Wants.HOW_MANY,
        re.compile(
            r"how (?:many|much|large|big|long|high)|what (?:percentage|share|number|amount|rate)|total|"
            + ASKED_EN
        ),
    ),
    (Wants.WHO, re.compile(r"\bwho(?:m|se)?\b|which (?:person|official|reporter)")),
    (
        Wants.LIST,
        re.compile(
            r"measures|requirements|which .+s\b|what (?:are|were|steps|did .+ (?:say|require|demand|order))|\bhow\b"
        ),
    ),
)
OF_A_SHAPE = (Wants.WHO, Wants.WHEN, Wants.WHERE, Wants.HOW_MANY)
"""What is answered by a name, a time, a place or a figure, and by no explanation."""


@lru_cache(maxsize=_N_KEPT)
def parse(question: str) -> Query:
    """Return a question as a query.

    >>> query = parse("“4321”目标是什么？")
    >>> query.lang, query.required, query.wants.value, query.focus
    ('zh', ('4321',), 'definition', '4321')
    """
    text = plainly(" ".join(question.split())[:MAX_CHARS])
    lang = _lang(text)
    if lang == "en":
        text = without_accents(text)
    folded = fold(text)
    terms = cut(_HOW_MANY.sub(" 多少", _NOW.sub("", text)))
    required = _required(text, folded, lang)
    wants = _wants(folded, lang)
    months = _months(folded)
    is_value = (
        wants in OF_A_SHAPE or months or _THEN.search(folded)
    )  # what PM2.5 was in May is no definition
    focus = "" if is_value else focus_of(folded, required, is_empty)
    return Query(
        text=text,
        lang=lang,
        terms=terms,
        content=_content(terms),
        required=required,
        wants=Wants.DEFINITION if focus else wants,
        focus=focus,
        months=months,
        asked=_asked(folded, _content(terms), lang),
        expansions=_expansions(folded) if lang == "en" else (),
        names=names_in(text, is_known) if lang == "en" else (),
    )


def in_words_of(query: Query, seen_in: Callable[[str], int]) -> Query:
    """Return a Chinese question as an archive parts its words: 看中|医 as 看|中医.

    That is where the archive has no such word as one of two neighbours, and has the one that
    results; what a name lost to the word behind it, 长|贵的, is given back to it too.

    Args:
        query: The question.
        seen_in: In how many passages a term stands.
    """
    folded = fold(query.text)
    words, at = list(query.terms.words), 0
    for n, (left, right) in enumerate(pairwise(query.terms.words)):
        at = max(at, folded.find(words[n], at))
        if words[n] != left or not folded.startswith(left + right, at):
            continue  # parted anew already, or not side by side
        if len(left) > 1 and not is_empty(right) and not seen_in(left):
            whole = left[-1] + right
            if seen_in(whole) and cut(whole).words == (whole,):
                words[n : n + 2] = left[:-1], whole
        elif (
            right[1:] == "的"
            and not is_empty(left)
            and seen_in(left + right[0]) > 0
            and seen_in(right) <= seen_in(left + right)
        ):
            words[n : n + 2] = left + right[0], right[1]
    if words == list(query.terms.words):
        return query
    terms = replace(query.terms, words=tuple(words))
    content = _content(terms)
    return replace(query, terms=terms, content=content, asked=_asked(folded, content, query.lang))


def is_empty(word: str) -> bool:
    """Tell whether a folded word says nothing about a subject: 的, what."""
    return word in _ZH_EMPTY or word in _EN_EMPTY


def question_word(folded: str) -> int:
    """Return where the question word of a folded question stands; its length where it has none."""
    match = _QUESTION_WORD.search(folded)
    return match.start() if match else len(folded)


def _expansions(folded: str) -> tuple[Expansion, ...]:
    numbers, in_series = numerals(folded), numbered(folded)
    for number in numbers:  # an empty word, so that no phrase reaches over it
        folded = folded.replace(number.phrase, " the ")
    known = (
        replace(one, terms=spelt_out(one.phrase)) if one.phrase.isdigit() else one
        for one in shipped_lexicon().expand(folded, skip=_EN_EMPTY)
    )
    return (*known, *numbers, *in_series)


def is_known(word: str) -> bool:
    """Tell whether a lower-case English word is one of the lexicon, or one that says little."""
    return word in _EN_EMPTY or bool(shipped_lexicon().terms(phrase_key([word])))


def _content(terms: Terms) -> tuple[str, ...]:
    """Return the words that name the subject: no function words, no part of a longer word kept."""
    words = [word for word in dict.fromkeys(terms.words) if not is_empty(word)]
    return tuple(
        word
        for word in words
        if not any(word != other and word in other for other in words)
        and (len(word) > 1 or word.isdigit() or HAN.match(word))
    )


def _required(text: str, folded: str, lang: Lang) -> tuple[str, ...]:
    quoted = [fold("".join(match.groups(""))) for match in _QUOTED.finditer(text)]
    if lang == "en":  # Chinese inside an English question is a term it asks about
        quoted += re.findall(rf"(?:{HAN.pattern})+", folded)
    codes = [code for code in _CODE.findall(folded) if not _YEAR.fullmatch(code)]
    return tuple(dict.fromkeys(term for term in [*quoted, *codes] if term.strip()))


def _lang(text: str) -> Lang:
    """Return zh or en; an English question may quote a Chinese term."""
    if not HAN.search(text):
        return "en"
    words = re.findall(r"[a-z]+", fold(text))
    return "en" if sum(word in _EN_EMPTY for word in words) >= 2 else "zh"


def said_by_date(months: Sequence[str], issued: str) -> frozenset[str]:
    """Return the figures of the years and months asked about that the day of an issue says.

    The year is said too where another month of it is asked about.

    >>> sorted(said_by_date(["2022-08"], "2022-08-10")), said_by_date(["2022"], "2021-10-07")
    (['2022', '8', '8月'], frozenset())
    >>> said_by_date(["2022-07"], "2022-08-10")
    frozenset({'2022'})
    """
    said = [month.split("-") for month in months if issued.startswith(month)]
    said += [[month[:4]] for month in months if issued.startswith(month[:4])]
    said += [[f"{month[5:]}月"] for month in months if month[5:] and issued.startswith(month)]
    return frozenset(part.lstrip("0") for parts in said for part in parts)


def _months(folded: str) -> tuple[str, ...]:
    """Return the years and months that a question names.

    >>> _months("2022年8月时"), _months("in august 2022"), _months("2019年前三季度")
    (('2022-08',), ('2022-08',), ('2019',))
    """
    found = []
    for match in _DATED.finditer(folded):
        year = match["year"] or match["year_en"]
        month = int(match["month"]) if match["month"] else 0
        if match["name"]:
            month = month_of(match["name"])
        found.append(f"{year}-{month:02d}" if 1 <= month <= 12 else year)
    return tuple(dict.fromkeys(found))


def _asked(folded: str, content: tuple[str, ...], lang: Lang) -> tuple[str, ...]:
    """Return what is counted (how many X), or what something is asked of (X is how much).

    Of an English question only the X of "what is the X of …", where it stands for sure.

    >>> _asked("全市有多少家医院?", ("全市", "医院"), "zh")
    ('医院',)
    """
    if lang == "en":
        match = _ATTRIBUTE_OF.match(folded)
        return tuple(word for word in content if match and word in match["asked"].split())
    match = _QUESTION_WORD.search(folded)
    if not match:
        return ()
    if match.group() in _ORIGIN:
        return _ORIGIN_WORDS
    before = [word for word in content if 0 <= folded.find(word) < match.start()]
    after = [word for word in content if folded.find(word, match.end()) >= 0]
    if match.group() in _COUNTS and after:
        return tuple(sorted(after, key=folded.find)[:2])
    if not _IS_ASKED.search(folded):
        return ()
    last = sorted(before, key=folded.find)
    return tuple(last[-1:] if last and len(last[-1]) > 1 else last[-2:])


def _wants(folded: str, lang: Lang) -> Wants:
    for wants, pattern in _WANTS_ZH if lang == "zh" else _WANTS_EN:
        if pattern.search(folded):
            return wants
    return Wants.OTHER
