"""Whether a quote tells a thing of the kind that is asked for at all.

It may match all the other words: a visit to a building site, dated, is no answer to when the work
will be done. So that a day, a figure in a fitting unit or a word for the part that somebody played
is there is asked for whatever else speaks for the quote.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.text import fold
from qa.coverage import Weighed
from qa.kinds import days, figures
from qa.quantities import families
from qa.query import Query
from qa.slot import Slot, slot_of
from qa.spans import likeliest_span

_END = "完工|竣工|建成|投用|投产|投入使用|通车|交付"
_ENDS = re.compile(rf"{_END}|\bfinish|\bcomplet|\bput into (?:use|operation|service)")
_OF_AN_END = re.compile(  # that a site was visited one day does not tell when work on it ends
    rf"{_END}|完成|落成|[建修]于|[修兴]建|[建修筑][成好]|开通|启用|开业|运营|运行|使用|结束|毕业|收官|预计|力争|计划|将|[底末月年日]前|工期"
)
_BY_WHOM = (
    "(?:谁|(?:哪[家个些]|什么)[^,]{0,4}?(?:公司|单位|企业|厂家|厂商|机构|集团|队伍?|[院人]))"
    "(?:[来所]|负责|主持|承担|给)?"
)
_WHO = r"(?:who |(?:which|what) (?:\w+ ){1,2}?)(?:is |are |was |were |has |have |had )?"
_TOLD_ONLY_BY = tuple(  # what is asked for, and the words without one of which it is not told
    (re.compile(asked), told)
    for asked, told in (
        (
            rf"{_BY_WHOM}设计|设计(?:师|者|单位|方)是|{_WHO}design(?:ed|ing)"
            "|designed by (?:who|which|what)",
            "设计",
        ),
        (
            rf"{_BY_WHOM}(?:施工|承建)|(?:施工|承建)(?:单位|方|企业|公司|队伍?)是",
            "施工单位|施工方|承建|承包|中标|负责施工|(?:公司|集团|局|队)施工",
        ),
        (
            rf"{_BY_WHOM}(?:投资|出资)(?!额|金)|(?:投资|出资)(?:方|人|商|者)是|{_WHO}invest(?:ed|ing)",
            "投资|出资|注资|投入",
        ),
        (
            rf"{_BY_WHOM}(?:供应|供货|提供设备)|{_WHO}suppl(?:ies|ied|ying)",
            "供应|供货|提供|采购|厂家",
        ),
        (
            rf"{_BY_WHOM}(?:研发|开发|研制)(?:的|了|出)|{_WHO}invented",
            "研发|开发|研制|自主|发明|设计|推出|研究",
        ),
        (
            "(?:创始人|创办人|创立者)是|谁(?:创办|创立|创建)"
            "|(?:何时|时候|哪一?年)(?:创办|创立|创建|成立)"
            "|who (?:has |had )?founded"
            "|(?:when|(?:what|which) year) (?:was|were) .* (?:founded|established|set up)",
            "创[办立建始刊]|成[立为]|[建设]立|[建立开]国|组建|始建|建于|开[办馆业]|发起|诞生|前身|[新增]设|新增",
        ),
        (
            r"what (?:does|do|did) .* (?:manufacture|produce)\b",
            "生产|制造|产品|研制|制作|出产|产出|产生|生成|合成|释放",
        ),
        (
            "(?:打|拨)[^,]{0,4}(?:电话|热线)|(?:电话|热线)(?:号码)?(?:是|多少)"
            r"|\bphone number|\bhotline",
            r"电话|热线|号码|拨打|致电|\d{3,4}-?\d{7,8}|1\d{10}",
        ),
        (
            "(?P<office>[校院馆站行会社队]长|书记|总?经理|董事长|主任|主席)(?:[现目]在?前?)?"
            "(?:是|叫|由)(?:谁|哪位|什么)",
            "",  # the office itself
        ),
        *(
            (rf"\bwho (?:is|was) (?:the |its |their )?(?:[\w'-]+ ){{0,4}}?(?:{asked})\b", told)
            for asked, told in (
                ("president|principal|headmaster|headmistress", "[校院会社]长|主席|总裁|总统"),
                ("manager", "经理"),
                ("chairman|chairwoman|chairperson", "董事长|主席|[理会]事长|会长"),
                ("director", "主任|[局院馆所处]长|总监|导演|董事"),
                ("mayor", "[市区县镇]长"),
                ("secretary", "书记|秘书"),
            )
        ),
        (
            "几点.{0,2}(?:关门|打烊|下班|闭[园馆])|closing time|what time .* close",
            "[关闭]|打烊|下班|[至到止]",
        ),
    )
)
_MEASURED = tuple(  # what a figure is to measure where no unit is asked for
    (re.compile(pattern), frozenset(kinds.split()))
    for pattern, kinds in (
        ("多(?:长时间|久)|(?:时间|时长|历史|寿命|期限?).{0,4}多长", "time"),
        ("多[长深远宽厚]", "length"),
        ("多重", "weight"),
        (
            "how long (?:is|are|was|were) .*(?:period|time|term|duration|lease|contract|course)",
            "time",
        ),
        ("how long (?:is|are|was|were) ", "length"),
        ("how (?:tall|deep|wide|far (?:is|are|was|were|away|apart))", "length"),
        ("how heavy", "weight"),
        ("多大(?:年纪|岁数|年龄)|年龄是|几岁|多少岁", "age"),
        ("how old", "age time"),
        (
            "(?:气温|水温|体温|温度).{0,6}(?:多少|几)|what temperature|how (?:hot|cold|warm)",
            "degree",
        ),
        ("多少钱|几块钱|how much (?:money|(?:do|does|did) .* cost)", "money share"),
        (
            "how many (?:[a-z-]+ )?(?:people|persons|citizens|residents|villagers|students|pupils"
            "|teachers|workers|employees|staff|volunteers|visitors|tourists|passengers|members|players"
            "|women|men)",
            "people",
        ),
    )
)
_N_KEPT = 64
_MUST_BE_TOLD = frozenset(("age", "degree", "money"))  # a figure without a unit is none of these
_A_YEAR = re.compile(r"哪一?年|几几年|\b(?:what|which) year\b")
_SPAN_OF_YEARS = re.compile(r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2})年")
_FREE = re.compile("免费|免收|不收费|不收取|无需(?:付|缴|交)费")
_LASTS = re.compile(r"[^月日号时点:]{1,4}年|[^月日号]*世纪")  # 3年 may be how long, 8月 may not
_NUMERALS = "[一二两三四五六七八九十百千万]+"
_ORDINAL = re.compile(rf"第{_NUMERALS}")


def lacks_what_is_asked(query: Query, words: tuple[Weighed, ...], text: str) -> bool:
    """Tell whether a day, a figure or who did it is asked for and a printed text tells none at all.

    Args:
        query: The question.
        words: Its words, as `Coverage.weigh` returns them.
        text: A sentence or a few, as printed.
    """
    slot, folded = slot_of(query), fold(text)
    if not all(told.search(folded) for told in told_only_by(query)):
        return True
    if slot is None or slot.kind not in ("when", "how many"):
        return False
    if _is_free(slot, folded):
        return False
    if likeliest_span(slot, words, folded) is None:
        return not _has_bare_numeral(slot, folded)
    return not fits(slot, folded)


@lru_cache(maxsize=_N_KEPT)
def told_only_by(query: Query) -> tuple[re.Pattern[str], ...]:
    """Return what a folded text must have to tell the part, such as who designed it, asked for."""
    question = fold(query.text)
    found = ((asked.search(question), told) for asked, told in _TOLD_ONLY_BY)
    return tuple(re.compile(told or match["office"]) for match, told in found if match)


def fits(slot: Slot, folded: str) -> bool:
    """Tell whether a day or a figure in a folded text may be the one that fills a gap."""
    if slot.kind == "when":
        if _A_YEAR.search(slot.text) and not any(map(_is_a_year, _times(folded))):
            return False
        return not _ENDS.search(slot.text) or bool(_OF_AN_END.search(folded))
    return slot.kind != "how many" or _has_such_a_figure(slot, folded)


def _times(folded: str) -> list[str]:
    return [folded[one.start : one.end] for one in days(folded)]


def _is_a_year(time: str) -> bool:
    """Tell whether a time tells the year: 1949年, 嘉靖六年 or 去年, and not 8月 or 三年."""
    return bool(re.search("年|世纪", time)) and not _SPAN_OF_YEARS.fullmatch(time)


def _measures(slot: Slot) -> frozenset[str]:
    """Return what a figure that fills a gap must measure; nothing where any may."""
    return families(slot.unit) - {"things"} or next(
        (kinds for pattern, kinds in _MEASURED if pattern.search(slot.text)), frozenset()
    )


def _is_free(slot: Slot, folded: str) -> bool:
    """Tell whether a text answers what something costs without a figure."""
    return slot.kind == "how many" and "money" in _measures(slot) and bool(_FREE.search(folded))


def _has_such_a_figure(slot: Slot, folded: str) -> bool:
    """Tell whether a text has a figure that measures what is asked: a length, of 多长; else any."""
    wanted = _measures(slot)
    if not wanted:
        return True
    bare = not wanted & _MUST_BE_TOLD
    times = [day for day in days(folded) if not _LASTS.fullmatch(folded, day.start, day.end)]
    return any(
        (bare and not one.unit) or wanted & families(one.unit)
        for one in figures(folded)
        if not any(day.start < one.end and one.start < day.end for day in times)
    )


def _has_bare_numeral(slot: Slot, folded: str) -> bool:
    """Tell whether a text has a numeral without a measure word where one is asked for by 几."""
    if slot.kind != "how many" or slot.text[slot.start] != "几":
        return False
    if slot.text.endswith("第", 0, slot.start):
        return bool(_ORDINAL.search(folded))
    return bool(slot.head) and bool(re.search(rf"{_NUMERALS}.?{re.escape(slot.head[0])}", folded))
