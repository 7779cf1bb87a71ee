"""Where a question leaves a gap, and what would fill it: a person, a day, a figure, a place.

A Chinese question is its own answer with a question word in place of what is asked for, so the
words on either side of that gap are those that stand beside the answer. An English question only
tells what kind of thing is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from corpus.text import fold
from embeddings.encoder import shipped_encoder
from qa.offices import HEAD
from qa.query import Query, parse
from qa.quoting.quantities import ASKED_EN, ASKS_RANK, UNIT

_N_KEPT = 64

Kind = Literal["who", "when", "where", "how many", "which", "why", "how"]

_JOINING = """
的 了 着 过 得 地 所 之 其 此 这 那 该 各 每 某 它 他 她 我 你 它们 他们 她们 我们 你们 这些 那些 这个 那个 这种 自己
是 为 有 无 没 没有 在 于 由 被 把 将 对 从 向 到 自 以 用 因 给 让 使 令 据 按 经 随 当 及 与 和 或 而 且 并 但 则 却 就 才 都 也 还 又 再
很 更 最 不 未 已 曾 正 仍 只 仅 约 来 去 后 前 中 上 下 里 内 外 时 间 等 称 叫 即 如 像 至 达 共 占 受 获 说 可 能 会 要 应 须
以及 并且 而且 但是 因此 因为 由于 所以 如果 虽然 然而 同时 其中 另外 此外 之后 之前 以后 以前 后来 当时 目前 现在 已经 曾经
一直 仍然 通常 主要 可以 能够 可能 需要 应该 必须 成为 称为 作为 位于 坐落 属于 来自 包括 包含 具有 拥有 成立 建立 进行 开始
开展 举行 召开 提出 认为 表示 指出 强调 介绍 说明 宣布 决定 担任 负责 获得 取得 得到 达到 产生 发生 发现 出现 形成 造成 导致 提供
使用 采用 利用 通过 根据 按照 关于 对于 随着 为了 直到 改为 用于 分布 出生 毕业 加入 参加 建设 实施 推进 深入 带领 率领 先后 分别
一个 一种 一些 之一 中的 并不 不是 也是 就是 都是 还是 还有 只有 共有 设有
"""
JOINING = frozenset(_JOINING.split())
"""Words that join or tell rather than name things: an answer seldom begins or ends with one."""

_N = "[一二两三四五六七八九十几数]"
_MEASURE = "[个種种位名家项条座所部本场支只件款类门届次段片级枚篇首间句套派集]"
_PEOPLE = "领导(?!小组|机构|班子)(?:干部|同志)?|干部|人员|负责人|嘉宾|代表(?!团|队)|老师|记者|专家|选手|队员|职工|同志"
_HAPPENS = (
    "(?:[减降涨掉跌停拖跑少坏延晚慢塌断倒撤冷空输病死枯涝旱贵多迟误]|推迟)"  # what nobody does
)
_GAPS: tuple[tuple[Kind, str], ...] = (
    (
        "why",
        r"为(?:什么|何|啥)(?!\W*$)|干[嘛吗](?=[\u4e00-\u9fff]{2})|何故|(?:什么|何种?)(?:原因|理由|缘故)|何以"
        rf"|怎么(?=[这那]么|还[没不]|又|老是|总是|突然|一直|不(?!同)|[坏掉死断塌没少倒]的?\W*$"
        rf"|(?:没|才|{_HAPPENS})[^,。?]{{0,8}}(?:了|成[这那]样|[到至]现在))",
    ),
    (
        "when",
        r"(?:什么|何)时候?|几[月号点](?!钟)|几时|(?:星期|周|礼拜)几|(?:西元|公元|民国)几年|几世纪|什么时间",
    ),
    (
        "where",
        r"哪[里儿]|何[处地]|哪(?=\W*$)"
        r"|(?<=[在去到])哪(?![个家所些一条项座天年位类种几级层号])(?=[\u4e00-\u9fff]{1,2}\W*$)",
    ),
    (
        "who",
        rf"谁|何人|(?<=[军名记任理长手]是)哪一?个(?=\W*$)|哪{_N}?位(?:{_PEOPLE})?|哪(?:些|几[个名]|个)(?:[省市区县镇乡校院]?级?{_PEOPLE})",
    ),
    (
        "how many",
        rf"几比几|(?:百分之)?(?:多少|(?<![\d这那近好])几(?!内亚|何|乎|率))[百千万亿]*(?:{UNIT})?|(?<![许很众诸最拉])多[大高长重深远宽快厚久](?!学)"
        r"|(?:什么|何|怎样的)(?:比例|比率|占比)|什么价[格钱位]?(?=\W*$)",
    ),
    ("how", r"怎么(?!了|回事)样?|怎样|如何"),
    (
        "which",
        rf"什么(?:样的)?|啥|(?<=[有因])何|何(?=[种等事物]|\W*$)种?|哪(?:{_N}?{_MEASURE}|些|{_N})?",
    ),
)
_OF_HEAD: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("when", re.compile("时间段?|时[候期代]|年代|世纪|阶段|季节?|[年月]份?|天|日期?|星期|周|朝代")),
    (
        "where",
        re.compile(
            "国家?|城市|都市|地[区方点带]|省份?|街道|社区|路口|位置|区域?|[市县镇乡村岛洲州路街港湾站边]"
        ),
    ),
    (
        "who",
        re.compile(
            f"人|老师|教授|先生|女士|{HEAD}|领导|作家|演员|歌手|导演|记者"
            "|皇帝|天皇|国王|总统|君主|学者|将军"
        ),
    ),
)
_EN: tuple[tuple[Kind, str], ...] = (
    ("why", r"\bwhy\b|what (?:\w+ )?(?:reason|cause)"),
    (
        "when",
        r"\bwhen\b|(?:what|which) (?:date|day|time|year|month|century|decade)"
        r"|what(?: is| are|'s) (?:the |its |their )?(?:[\w'-]+ ){0,3}?(?:hours|deadline|schedule)\b",
    ),
    (
        "how many",
        r"how (?:many|much|large|big|long|high|tall|far|near|old|soon|quickly|fast|often|deep|wide|heavy)"
        r"|what (?:do|does|did|will|would) [^?]*(?<!no )\b(?:cost|pay|earn|charge|weigh)\b"
        r"|what (?:percentage|percent|share|proportion|number|amount|rate|fraction)|"
        + ASKED_EN
        + r"|(?:what|which) (?:[\w-]+ ){1,4}?(?:rate|percentage|proportion|ratio|value|output|revenue"
        r"|turnover|profit|investment|budget|salary|subsidy|price)"
        r"(?= (?:did|do|does|was|were|is|are|has|have|had|will)\b)"
        rf"|{ASKS_RANK.pattern}",
    ),
    (
        "where",
        r"\bwhere\b|(?:in|at|to|from) (?:which|what) "
        r"(?:place|city|township|town|village|country|county|district|province|street|road)\b",
    ),
    (
        "who",
        r"\bwho(?:m|se)?\b|which (?:[\w'-]+ ){0,2}?(?:person|officials?|reporters?|leaders?|cadres?)\b",
    ),
    ("how", r"^\W*how (?:do|can|should|could|to)\b"),
    ("which", r"\b(?:what|which)\b|^\W*(?:please )?(?:name|list)\b"),
)
_PATTERNS = {
    lang: [(kind, re.compile(pattern)) for kind, pattern in table]
    for lang, table in (("zh", _GAPS), ("en", _EN))
}
_ASKS_NOTHING = re.compile(  # where there is another question word: several, and at the time that
    "几(?![月号点时年天岁世])"
    r"|when (?!(?:did|do|does|is|are|was|were|will|would|ha[sd]|have|can|could|should|must|may|might)\b)"
)
_SUFFIXES = frozenset("镇乡村县区路街岛河山湖") | {"街道", "社区", "小区"}
_SUFFIXES_EN = {
    "township": ("乡", "镇"),
    "village": ("村",),
    "town": ("镇",),
    "county": ("县",),
    "city": ("市",),
    "district": ("区",),
    "province": ("省",),
    "street": ("街", "路"),
    "road": ("路", "街", "线"),
}
_CUT_OFF = re.compile(r"(?:[是为有叫作成]|包括|可?称为?)(?=\W*$)")
_UNIT_AT_END = re.compile(rf"(?:{UNIT})$")
_WHO_IS = re.compile(
    r"(?P<who>谁|哪位)(?P<now>[现目]在?前?)?是(?P<what>[^,。?!]{2,20}?)(?P<end>\W*)$"
)
_OF_A_KIND = re.compile(r"^\W*(?:(?:kind|type|sort)s? of )?(?:the |a |an )?")
_NOUN_PHRASE_EN = re.compile(  # which two evaluation documents are: the last word names it
    r"(?P<words>(?:[\w'’-]+ ){1,3}?)(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may"
    r"|might|should|must|need|needs|to|of|in|on|at|for|from|by|with|that|who|he|she|it|they|we|you|i)\b"
)
_ADVERBS_EN = frozenset(
    ("already", "also", "now", "still", "currently", "first", "then", "actually")
)
_NO_NOUN = re.compile("[楼房后前内里]")  # 天后, 层楼 and 套房 are words, and 天, 层 and 套 count
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Slot:
    """The gap of a question.

    Attributes:
        kind: What would fill it.
        text: The folded question, 谁是 behind what it is asked of.
        start: Where the question word begins in it.
        end: One past its last character, a measure word and the kind of thing included.
        head: The words right behind it, at most two: company, of which company.
        unit: The measure word or unit of a figure that is asked for; else empty.
        suffix: What the name of the place asked for ends with, 镇, of which town; else nothing.
    """

    kind: Kind
    text: str
    start: int
    end: int
    head: tuple[str, ...]
    unit: str
    suffix: tuple[str, ...] = ()


def asks(text: str) -> bool:
    """Tell whether a text asks something by itself."""
    return gap_of(parse(text)) is not None


def gap_of(query: Query) -> Slot | None:
    """Return the gap of a question, in the order it is asked, or None where none is known."""
    return _slot(query, fold(query.text))


@lru_cache(maxsize=_N_KEPT)
def slot_of(query: Query) -> Slot | None:
    """Return the gap of a question, to be held against a text, or None where none is known.

    >>> from qa.query import parse
    >>> slot = slot_of(parse("全区有多少名机关干部？"))
    >>> slot.kind, slot.unit, slot.head
    ('how many', '名', ('机关', '干部'))

    A name stands behind an office, not before it, so 谁是区长 is read as 区长是谁.
    """
    return _slot(query, _WHO_IS.sub(r"\g<what>\g<now>是\g<who>\g<end>", fold(query.text)))


def _slot(query: Query, folded: str) -> Slot | None:
    found = [
        (match.start(), order, kind, match)
        for order, (kind, pattern) in enumerate(_PATTERNS[query.lang])
        for match in pattern.finditer(folded)
    ]
    if not found:
        match = _CUT_OFF.search(folded) if query.lang == "zh" else None
        return Slot("which", folded, match.end(), match.end(), (), "") if match else None
    asked = [one for one in found if not _ASKS_NOTHING.match(folded, one[0])]
    *_, kind, match = min(asked or found, key=lambda one: one[:2])
    end, unit = match.end(), ""
    if kind == "how many" and query.lang == "zh":
        end, unit = _measure(folded, match)
    head = _head(query, folded, end, kind) if kind in ("which", "how many") else ()
    if kind == "which" and query.lang == "zh" and head:
        kind = next((of for of, pattern in _OF_HEAD if pattern.fullmatch(head[0])), kind)
    if kind != "how many" and head and folded.startswith(head[0], end):
        end += len(head[0])  # 哪家公司: what answers is a company and need not be called one
    return Slot(
        kind=kind,
        text=folded,
        start=match.start(),
        end=end,
        head=head,
        unit=unit,
        suffix=_suffix(kind, head, match.group()),
    )


def _measure(folded: str, match: re.Match[str]) -> tuple[int, str]:
    """Return where a question word ends with the measure word behind it, and that one, if any.

    The first character of a noun is none: 月 in 多少月饼.

    >>> from qa.query import parse
    >>> [slot_of(parse(one)).unit for one in ("卖了多少月饼", "花了多少成本", "过了几个月", "盖了多少层楼")]
    ['', '', '个月', '层']
    """
    unit = _UNIT_AT_END.search(match.group())
    if not unit:
        return match.end(), ""
    start = match.start() + unit.start()
    run = _HAN_RUN.match(folded, start)
    behind = _HAN_RUN.match(folded, match.end())
    runs = [one.group() for one in (run, behind) if one]
    words = shipped_encoder().words(runs)
    for word in words[0] if run else ():
        start += len(word)
        if start >= match.end():
            break
    is_noun = start > match.end() and not (behind and len(words[-1][0]) > 1)  # 多少人|工作
    if not is_noun or _NO_NOUN.fullmatch(folded, match.end(), start):
        return match.end(), unit.group()
    return match.start() + unit.start(), ""


def _suffix(kind: Kind, head: tuple[str, ...], asked: str) -> tuple[str, ...]:
    """Return what the name of the place that is asked for ends with."""
    if kind != "where":
        return ()
    if head and head[0] in _SUFFIXES:
        return (head[0],)
    return _SUFFIXES_EN.get(asked.split()[-1], ())


def _head(query: Query, folded: str, end: int, kind: Kind) -> tuple[str, ...]:
    """Return the words that name what is asked for: behind the gap, else those it is asked of."""
    if query.lang == "en":
        behind = _OF_A_KIND.sub("", folded[end:])
        phrase = _NOUN_PHRASE_EN.match(behind) if kind == "which" else None
        words = (phrase["words"] if phrase else behind).split()
        named = [word for word in words if word not in _ADVERBS_EN]
        words = named[::-1] if phrase else words
        head = [word for word in words[:2] if word.strip("?.,") in query.content]
    else:
        run = _HAN_RUN.match(folded, end)
        words = shipped_encoder().words([run.group()])[0] if run else []
        head = list(takewhile(lambda word: word not in JOINING, words[:2]))
    return tuple(head) or query.asked
