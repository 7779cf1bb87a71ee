"""Whether a quote tells a thing of the kind that is asked for at all.

It may match all the other words: a visit to a building site, dated, is no answer to when the work
will be done. So that a day, a figure in a fitting unit or a word for the part that somebody played
is there is asked for whatever else speaks for the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.text import fold
from qa.query import Query
from qa.quoting.alignment import Text, spoken_of
from qa.quoting.kinds import FOREIGN, IS_NAME, OFFICE, Named, days, figures
from qa.quoting.named_so import A_NUMBER, asks_number
from qa.quoting.parts import told_only_by
from qa.quoting.persons import has_no_holder
from qa.quoting.quantities import (
    ASKS_FROM_TO,
    ASKS_RANK,
    FROM_TO,
    LONG,
    RANK,
    families,
    limit_asked,
    measured_by,
    scale_asked,
)
from qa.quoting.slot import Slot, slot_of
from qa.quoting.stretches import may_answer
from qa.quoting.unnamed import leaves_unnamed
from qa.search.coverage import Weighed

_END = "完工|竣工|建成|投用|投产|投入使用|通车|交付"
_ENDS = re.compile(rf"{_END}|\bfinish|\bcomplet|\bput into (?:use|operation|service)")
_OF_AN_END = re.compile(  # that a site was visited one day does not tell when work on it ends
    rf"{_END}|完成|落成|[建修]于|[修兴]建|[建修筑][成好]|开通|启用|开业|运营|运行|使用|结束|毕业|收官|预计|力争|计划|将|[底末月年日]前|工期"
)
_OF_A_START = re.compile("开工|动工|启动|奠基|破土|开建|进场")
_IS_ENDED = re.compile(
    rf"{_END}|[完落]成|结束|收官|工期|开[放通业]|启用|通[水电气航]|封顶|计划|预计|力争|年底|[月年日]前"
)
_MEASURED = tuple(  # what a figure is to measure where no unit is asked for
    (re.compile(pattern), frozenset(kinds.split()))
    for pattern, kinds in (
        ("多(?:长时间|久)|(?:时间|时长|历史|寿命|期限?).{0,4}多长", "time"),
        ("多[长深远宽厚]", "length"),
        ("多重", "weight"),
        (LONG, "length"),
        ("how long (?:is|are|was|were) ", "length time"),
        ("how long (?:will|would|did|does|do|has|have|had|must|should) ", "time"),
        ("how (?:tall|deep|wide|far (?:is|are|was|were|away|apart))", "length"),
        ("how heavy|how much (?:does|do|did) [^?]*\\bweigh", "weight"),
        (
            r"how much (?:is|are|was|were|does|do|did|will) (?!.*\b(?:rate|percent|percentage|share"
            r"|area|land|length|weight|rain|water|electricity|power|population|time|grain|output"
            r"|weigh|hold|carry|fall|drop|grow|rise|increase|decrease|decline|shrink|lose|save|use|yield|produce)\b)",
            "money",
        ),
        (
            "多大(?:年纪|岁数|年龄)|年龄是|几岁|多少岁|高寿"
            r"|^[\u4e00-\u9fff]{1,3}(?![园馆场校区村镇库厂心风])[\u4e00-\u9fff](?:今年|现在)多大了?\W*$",
            "age",
        ),
        (
            "(?:投资|造价|耗资|经费|预算|贷款|产值|营收|利润|税收)(?:总?额|金额|规模)?"
            r"(?:[了是为有达共约到])*多少(?:[万亿]?元|钱)?\W*$",
            "money",
        ),
        (r"(?:[赚挣亏赔罚])(?:了|到|掉|钱)*多少(?:钱|元)?\W*$", "money"),
        (r"how old (?:is|was|are|were) (?:he|she|they)\b", "age"),
        ("how old", "age time"),
        (
            "(?:气温|水温|体温|温度).{0,6}(?:多少|几)|what temperature|how (?:hot|cold|warm)",
            "degree",
        ),
        (
            "多少钱|几块钱|什么价|how much (?:money|(?:do|does|did) .* cost)|what (?:do|does|did) .* cost",
            "money",
        ),
        (
            "how many (?:[a-z-]+ )?(?:people|persons|citizens|residents|villagers|students|pupils"
            "|teachers|workers|employees|staff|volunteers|visitors|tourists|passengers|members|players"
            "|women|men|spectators|viewers|doctors|nurses|officers|farmers|guests|patients|candidates"
            "|applicants|children|experts)\\b",
            "people",
        ),
        (r"how many (?:[a-z-]+ )?(?:households|families)\b", "people things"),
        (
            "how much (?:[a-z-]+ )?(?:investment|funding|money|capital|subsid(?:y|ies)|income"
            "|revenue|profit|tax|debt|prize)\\b",
            "money",
        ),
    )
)
_EACH = re.compile(  # 一亩赔多少, 多少钱一斤, 每人几元
    r"[一每](?P<one>亩|斤|公斤|吨|人|户|家|台|辆|天|年|月|次|张|件|套|间|晚|场|针|棵|只|个(?:月|人|学生|孩子)?)(?!都|起)[^,。?]{0,8}(?:多少|几|什么价)"
    r"|(?:多少钱?|几块钱?|几元)一(?P<of>亩|斤|公斤|吨|人|户|张|件|套|间|晚|天|个月|年|次|针|棵|只)(?![,。?]?\w)"
)
_COUNTS_PEOPLE = re.compile(
    "多少(?:老[人年]|居民|村民|群众|孩子|儿童|学生|[职员]工|工人)(?!机|费|证|卡)"
)
_COUNTS = re.compile("[辆台架艘头匹棵株栋幢扇盏户家所座册间套张份]")
_ALIKE = {  # measure words of particular things, and those that count the same
    unit: frozenset((unit, *others))
    for unit, others in (
        ("户", "家"),
        ("棵", "株"),
        ("株", "棵"),
        ("册", "本"),
        ("辆", "台部"),
        ("栋", "幢座"),
        ("幢", "栋座"),
        ("艘", "条只"),
    )
}
_NUMBERED = frozenset("路号楼层期版届级")  # what is numbered, not counted: 3路 is a line
_SAME_UNIT = {"级": "级", "路": "路线", "版": "版", "届": "届", "楼": "楼层", "层": "楼层"}
"""What is numbered, and by which units it is told."""

_MUST_BE_TOLD = frozenset(("age", "degree", "money"))  # a figure without a unit is none of these
_A_YEAR = re.compile(r"哪一?年|几几年|\b(?:what|which) year\b")
_ASKS_HOUR = re.compile(
    r"几[点时](?!钟头|刻)"
    r"|\bwhat time(?= (?:is|are|was|were|do|does|did|will|can|should|must)\b|\W*$)"
)
_HOUR = re.compile(  # 夜5路 and 早晚班次 are none
    r"\d ?[时点:]|[零一二三四五六七八九十两]点|清晨|早[上晨间]|[上下中正]午|午[后前夜间]"
    "|[晚夜][上间里]|傍晚|凌晨|[深半当入]夜|全天|24小时|日[出落]|黄昏|天亮|时分|拂晓|黎明"
)
_SPAN_OF_YEARS = re.compile(r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2})年")
_FREE = re.compile("免费|免[收交]|不收费|不收取|无需(?:付|缴|交)费|免押金")
A_FINE = re.compile("罚款|处[^,。;]{0,8}\\d")
"""What tells of a fine, which is no price."""

_A_GIFT = re.compile(rf"{A_FINE.pattern}|补[贴助]|奖[励金]|资助")
_COSTS = re.compile("(?:一共|总共|[得需]?要|花)[了]?多少钱|费用|收费|押金")
_CLAUSES = re.compile("[,。;]")

_PRICE = re.compile("要钱|收费|花钱|交钱|押金|费用|多少钱")
_AGE_OF = re.compile(
    rf"^\W*(?P<name>{IS_NAME.pattern})(?:先生|女士|同志|老人|老?师傅?|副?(?:{OFFICE}))?(?:今年|现在|现年|的)?"
    r"(?:有?多大|几岁|多少岁|高寿|(?:年龄|年纪|岁数)(?!最|相仿|[大小]))"
)
_PERSON = (
    "司机|男子|女子|男孩|女孩|孩子|少年|老人|老板|店主|作者|老师|医生|护士|学生|工人|记者|村民|居民|队员"
    "|乘客|市民|同学|导师|师傅|师父|徒弟|教练|[父母]亲|爸爸?|妈妈?|爷爷|奶奶|[外祖]公|外婆|祖[父母]|舅[父舅]|叔叔|姑姑|儿子|女儿"
    "|丈夫|妻子|哥哥|姐姐|弟弟|妹妹|[男女]朋友|舅舅|[阿大小]姨|姑姑|婶婶|[\u4e00-\u9fff](?<![人动成雇党团会])员"
)
_PERSON_EN = (
    "driver|man|woman|boy|girl|winner|owner|author|teacher|doctor|nurse|student|worker|reporter"
    "|photographer|director|manager|official|chef|farmer|founder|captain|coach|player|resident"
    "|volunteer|engineer|person"
)
_NAME_OF_A_PERSON = re.compile(
    r"\bname of (?:the |a )?(?:(?!that |which |of |by |where )[\w'-]+ ){0,3}?"
    rf"(?:{_PERSON_EN})(?=\W*$| (?:who(?! play)|whom|that|whose|of|in|at|on|from|with)\b)"
    rf"|(?:{_PERSON})(?:的?(?:名字|姓名)|叫(?:什么|啥)|姓(?:什么|啥))|全名(?:是|叫)?(?:什么|啥)"
)
_A_NAME = re.compile(  # 刘女士, 司机马建国, 店主阿芳
    r"[\u4e00-\u9fff](?:女士|先生|某|大爷|大妈|师傅|老汉|阿姨)"
    rf"|(?:{_PERSON})(?:{IS_NAME.pattern}|[阿小老][\u4e00-\u9fff]|{FOREIGN})"
)
_AGE = re.compile(r"(?:\d{1,3}|[一二三四五六七八九十]{1,4})周?岁(?P<behind>[^,。;]*)")
_NAMED_BEFORE = re.compile(rf"({IS_NAME.pattern})(?:[,(]|今年|现年|年仅|已|刚满)+$")
_BESIDE = 16  # characters before an age in which it is said whose it is
_OF_ANOTHER = re.compile(  # 为一名63岁患者
    "(?:的|高龄)*(?:上下|老[人汉太伯奶]|患|病|男|女|孩|儿|[小少青]|[母父大]|村民|居民|市民|学生|选手|以[上下])"
)
_LASTS = re.compile(r"[^月日号时点:]{1,4}年|[^月日号]*世纪")  # 3年 may be how long, 8月 may not
_NUMERALS = "[一二两三四五六七八九十百千万]{1,9}"
_ORDINAL = re.compile(rf"第{_NUMERALS}")


_MAY_BE = {
    "zh": re.compile(
        "(?:有没有|有无)([^,。?的]{1,10}?)[?!。]*$"
        "|(?<!没)有(?!人)([^,。?的]{1,10}?)(?:吗|么|没有|没)[?!。]*$|([^,。?的]{1,10}?)(?:有没有|有吗|有没)[?!。]*$"
        "|(?:需要|要不要|用不用|(?<![主重想只还不])要(?![求是么])|(?<![上提递])交)((?![带去来怎])[^,。?的]{2,5}?)(?:吗|么|不|嘛)[?!。]*$"
    ),
    "en": re.compile(
        r"^(?:is|are) there (?:an? |any |some )?([a-z -]{2,40}?)(?: (?:in|at|on|for|near) .*)?\W*$"
        r"|^(?:does|do|can) .{2,40}? (?:have|offer|get|use) (?:an? |any )?([a-z -]{2,40}?)\W*$"
    ),
}
_SPOKEN = {"zh": 0.4, "en": 0.1}  # how much of it must be spoken of, where something may be
_OF_MOST = "[多高低大小长短早晚快慢少重远近强好贵深厚宽热冷老轻]"
_ASKS_MOST = re.compile(
    rf"(?:哪|谁)[^,?]*最{_OF_MOST}|最(?!早是?由?谁){_OF_MOST}的?[^,。?]{{0,10}}(?:是|叫)(?:谁|哪|什么|何)"
    r"|\b(?:which|who|what \w+ (?:has|had|have))\b[^?]*\b(?:the most|the least|the fewest"
    r"|(?:larg|great|bigg|small|high|low|long|short|old|young|tall|earli|fast|heavi|deep|wid|rich"
    r"|new|strong)est)\b"
)
_TELLS_MOST = re.compile(
    "最|第一|首[位个家座批]|冠军|[夺之]冠|居首|榜首|之[首最一]|唯一|领先|[高大]于|超过|[龙领]头|第1|鼻祖|始祖|前茅"
    "|名列|位居|仅次|率先|首先|多于|比.{1,12}更?[高大多长]|顶[级尖]|头号|至今|高达|起初|原名|[记纪]录|主要|多数"
    "|大[部多]|集中|普遍|不[低少多]于|不超过|至[少多]|以[上下]|才|直到|早在|后来"
)


def lacks_what_is_asked(
    query: Query, text: str, *, in_a_cell: bool = False, around: str = ""
) -> bool:
    """Tell whether a day, a figure or who did it is asked for and a printed text tells none at all.

    Args:
        query: The question.
        text: A sentence or a few, as printed.
        in_a_cell: Whether it is a cell of the column that is asked for, with a number: of what,
            the column says, which need not name the unit.
        around: What a table says of each row, folded: its headline, and the names of its columns.
    """
    slot, folded = slot_of(query), fold(text)
    if not all(told.search(folded) or told.search(around) for told in told_only_by(query)):
        return True
    if has_no_holder(query, folded):
        return True
    if _is_age_of_another(query, folded) or _has_no_age(query, folded):
        return True
    if _names_nobody(query, folded) or leaves_unnamed(query, folded):
        return True
    if slot is None or slot.kind not in ("when", "how many"):
        return False
    if is_free(slot, folded) or (in_a_cell and slot.kind == "how many"):
        return False
    if asks_number(slot):
        return not A_NUMBER.search(folded)
    if asks_price(slot):
        given = _A_GIFT if _COSTS.search(slot.text) else A_FINE
        folded = ",".join(one for one in _CLAUSES.split(folded) if not given.search(one))
    if not may_answer(slot, folded):
        return not _has_bare_numeral(slot, folded)
    return not fits(slot, folded)


def asks_hour(query: Query) -> bool:
    """Tell whether an hour is asked for: 几点, at what time."""
    return _ASKS_HOUR.search(fold(query.text)) is not None


def asks_price(slot: Slot) -> bool:
    """Tell whether it is asked what something costs, and of no fine."""
    return bool(_PRICE.search(slot.text)) and "罚" not in slot.text


def lacks_the_most(query: Query, folded: str) -> bool:
    """Tell whether it is asked which of several has the most, and a folded text has no such words.

    >>> from qa.query import parse
    >>> query = parse("哪个镇的接种率最高？")
    >>> lacks_the_most(query, "全区接种率达98%。"), lacks_the_most(query, "河口镇居全区首位。")
    (True, False)
    """
    if not _ASKS_MOST.search(fold(query.text)) or _TELLS_MOST.search(folded):
        return False
    units = [one.unit for one in figures(folded) if one.unit]
    return len(units) == len(set(units))  # else they can be compared


def lacks_what_may_be(query: Query, words: tuple[Weighed, ...], folded: str) -> bool:
    """Tell whether it is asked whether there is something of which a folded text never speaks.

    图书馆有没有停车场 is answered by what speaks of parking, not by what speaks of the library.

    Args:
        query: The question.
        words: Its words, as `Coverage.weigh` returns them.
        folded: The text.
    """
    found = _MAY_BE[query.lang].search(fold(query.text))
    if not found or slot_of(query):
        return False
    what = next(filter(None, found.groups()), "")
    inside = [one for one in words if one.word in what and not one.word[0].isdigit()]
    told = [
        max((one[2] for one in found), default=0.0) for found in spoken_of(inside, Text.of(folded))
    ]
    weighed = sum(word.weight * share for word, share in zip(inside, told, strict=True))
    return bool(inside) and weighed < _SPOKEN[query.lang] * sum(word.weight for word in inside)


def _names_nobody(query: Query, folded: str) -> bool:
    """Tell whether a person's name is asked for, and a text names no person."""
    asked = fold(query.text)
    if not _NAME_OF_A_PERSON.search(asked):
        return False
    named = [folded[one.start : one.end] for one in Text.of(folded).named if one.sort == "person"]
    named += [match.group() for match in _A_NAME.finditer(folded)]
    return all(name in asked for name in named)


def _is_age_of_another(query: Query, folded: str) -> bool:
    """Tell whether a named person's age is asked for, and all ages of a text are of others."""
    asked = _AGE_OF.match(fold(query.text))
    if not asked:
        return False
    name = asked["name"]
    if _is_named_with_another(name, folded):
        return True
    own = re.compile(rf"{name}(?:[,:(]|是|系|今年|现年|年仅|年龄|一[名位个])*$")
    return not any(
        name in age["behind"][: len(name) + 1]
        or own.search(folded, max(0, age.start() - _BESIDE), age.start())
        or not _OF_ANOTHER.match(age["behind"])
        for age in _AGE.finditer(folded)
    )


def _is_named_with_another(name: str, folded: str) -> bool:
    """Tell whether every age of a text stands right behind the name of somebody else."""
    before = [_NAMED_BEFORE.search(folded, 0, age.start()) for age in _AGE.finditer(folded)]
    return bool(before) and all(one is not None and one[1] != name for one in before)


def _has_no_age(query: Query, folded: str) -> bool:
    """Tell whether it is asked in English how old somebody is, and a text tells no age."""
    if "how old" not in query.text.lower() or _AGE.search(folded):
        return False
    named = (one.terms[0][0] for one in query.expansions if " " in one.phrase and one.terms)
    return any(IS_NAME.fullmatch(term) for term in named)


def fits(slot: Slot, folded: str) -> bool:
    """Tell whether a day or a figure in a folded text may be the one that fills a gap."""
    if slot.kind == "when":
        if _A_YEAR.search(slot.text) and not any(map(_is_a_year, _times(folded))):
            return False
        if _ASKS_HOUR.search(slot.text) and not _HOUR.search(folded):
            return False
        if not _ENDS.search(slot.text):
            return True
        is_begun = _OF_A_START.search(folded) and not _IS_ENDED.search(folded)
        return bool(_OF_AN_END.search(folded)) and not is_begun
    return slot.kind != "how many" or _has_such_a_figure(slot, folded)


def agrees(slot: Slot, folded: str) -> bool:
    """Tell whether a folded text has a figure as it is asked for, where the question tells how.

    At most, or at least; for each of something; from what to what; so many 亿. What does not may
    answer all the same: 3.8元 is for a 斤 where the column says so.

    >>> from qa.query import parse
    >>> slot = slot_of(parse("一亩地最多能补多少？"))
    >>> agrees(slot, "每亩最高补400元。"), agrees(slot, "每亩补400元。"), agrees(slot, "最高补4万元。")
    (True, False, False)
    """
    if slot.kind != "how many":
        return True
    if (scale := scale_asked(slot.text[slot.start : slot.end])) and scale not in folded:
        return False
    if (by := measured_by(slot.text)) and not any(
        by.search(one.unit) or not one.unit for one in _outside(days(folded), folded)
    ):
        return False
    if ASKS_FROM_TO.search(slot.text) and not FROM_TO.search(folded):
        return False
    if (limit := limit_asked(slot.text)) and not limit.search(folded):
        return False
    each = _EACH.search(slot.text)
    one = (each["one"] or each["of"]).removeprefix("个") if each else ""
    if one in ("月", "人", "学生", "孩子"):
        one = f"(?:个|名|位)?{one}"
    told = f"[每一/]{one}|[每/]|{one}均|{one}产|元{one}{'|票价|票' if one == '张' else ''}"
    return not each or re.search(told, folded) is not None


def _times(folded: str) -> list[str]:
    return [folded[one.start : one.end] for one in days(folded)]


def _is_a_year(time: str) -> bool:
    """Tell whether a time tells the year: 1949年, 嘉靖六年 or 去年, and not 8月 or 三年."""
    return bool(re.search("年|世纪", time)) and not _SPAN_OF_YEARS.fullmatch(time)


def measures(slot: Slot) -> frozenset[str]:
    """Return what a figure that fills a gap must measure; nothing where any may."""
    return families(slot.unit) - {"things"} or next(
        (kinds for pattern, kinds in _MEASURED if pattern.search(slot.text)), frozenset()
    )


def is_such(slot: Slot, mark: str) -> bool:
    """Tell whether a stretch is by its unit what fills a gap: 312分 of 多少分, an hour of 几点.

    >>> from qa.query import parse
    >>> is_such(slot_of(parse("拿了多少分")), "312分"), is_such(slot_of(parse("干了几年")), "五天")
    (True, False)
    """
    folded = fold(mark)
    if slot.kind == "when":
        return bool(_ASKS_HOUR.search(slot.text) and _HOUR.search(folded))
    if slot.kind != "how many":
        return False
    if slot.unit:
        return folded.endswith(slot.unit)
    wanted = measures(slot) - {"time"}
    return any(wanted & families(one.unit) for one in figures(folded))


def is_free(slot: Slot, folded: str) -> bool:
    """Tell whether a text answers what something costs without a figure."""
    return slot.kind == "how many" and "money" in measures(slot) and bool(_FREE.search(folded))


def _has_such_a_figure(slot: Slot, folded: str) -> bool:
    """Tell whether a text has a figure that measures what is asked: a length, of 多长; else any."""
    if ASKS_RANK.search(slot.text):
        return RANK.search(folded) is not None
    if slot.unit in _SAME_UNIT:
        return any(one.unit in _SAME_UNIT[slot.unit] for one in figures(folded))
    wanted = measures(slot)
    if slot.unit in _ALIKE:
        others = _outside(days(folded), folded)
        return any(one.unit in _ALIKE[slot.unit] or not one.unit for one in others) or (
            _has_bare_numeral(slot, folded)
        )
    if not wanted and _COUNTS_PEOPLE.search(slot.text):
        return any(
            families(one.unit) != {"age"}
            and one.unit not in _NUMBERED
            and folded[one.start] != "第"
            for one in _outside(days(folded), folded)
        )
    if not wanted:
        return not _COUNTS.fullmatch(slot.unit) or _counts_something(slot, folded)
    bare = not wanted & _MUST_BE_TOLD
    times = [day for day in days(folded) if not _LASTS.fullmatch(folded, day.start, day.end)]
    return any(
        ("money" in wanted and not one.unit and one.value[-1] in "万亿")
        or (bare and not one.unit)
        or wanted & families(one.unit)
        for one in _outside(times, folded)
    )


def _outside(times: Iterable[Named], folded: str) -> list[Named]:
    """Return the figures of a folded text that have nothing of some days in it."""
    taken = list(times)
    return [
        one
        for one in figures(folded)
        if not any(day.start < one.end and one.start < day.end for day in taken)
    ]


def _counts_something(slot: Slot, folded: str) -> bool:
    """Tell whether a text has a figure that can count what is asked for by its measure word."""
    return any(
        not one.unit or slot.unit == one.unit or one.unit not in _NUMBERED
        for one in _outside(days(folded), folded)
    ) or _has_bare_numeral(slot, folded)


def _has_bare_numeral(slot: Slot, folded: str) -> bool:
    """Tell whether a text has a numeral without a measure word where one is asked for by 几."""
    if slot.kind != "how many" or slot.text[slot.start] != "几":
        return False
    if slot.text.endswith("第", 0, slot.start):
        return bool(_ORDINAL.search(folded))
    return bool(slot.head) and bool(re.search(rf"{_NUMERALS}.?{re.escape(slot.head[0])}", folded))
