"""The days, figures, persons and titles that a folded text names, each with its place in it.

Patterns only: what a stretch looks like, not whether it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpus.signatures import NAME_ALONE
from corpus.text import HAN_CLASS
from qa.offices import HEAD
from qa.quoting.quantities import UNIT
from qa.quoting.slot import JOINING

_N_KEPT = 256

Sort = Literal["figure", "day", "person", "title", "list"]

_FIGURE = (
    r"(?:\d+(?:,\d{3})*(?:\.\d+)?(?:[:/比]\d+(?:\.\d+)?)*|[零〇一二三四五六七八九十百千万亿两半]+)"
)
_NUMERAL = re.compile(r"[\d〇零一二三四五六七八九十百千两半]")  # 万 and 亿 alone are none: 亿元
_GREAT = re.compile(r"(?:[一二三四五六七八九两][十百千万亿]+[零〇]?){2,}[一二三四五六七八九]?")
_MORE = "[多余几]"
_FIGURES = re.compile(
    r"(?:近|约|逾|不?超过|大约|不足|第|(?<![参函指系总次人个])数(?=[十百千万亿])|(?<![以晚早])上(?=[百千万](?!分)))?"
    rf"(?P<figure>{_FIGURE}{_MORE}?[百千万亿]*{_MORE}?"
    rf"(?:[~至到—–-]+{_FIGURE}[百千万亿]*{_MORE}?)?)(?P<unit>{UNIT})?(?:[多余](?!次))?"
)
_NO_FIGURES = frozenset(f"一{unit}" for unit in "批种样点度路道起回名位块")
_UNIT_BEFORE = re.compile(rf"[百千万亿]*(?P<unit>{UNIT})$")  # in a table: 亿元15.4
_UNIT_CHARS = 8
_UP_TO, _AT_MOST = re.compile("以上|(?:以上)?[至~—–-]+"), re.compile("以下")
_FROM, _FROM_CHARS = ("由", "从", "自"), 3
_LASTS = re.compile(r"年|个月|周|天|个?小时|分钟?|秒钟?")

_PRICED = re.compile("[美欧日港]?元|块钱?|%|‰")
_COINED = re.compile(r"[“「『\"][^“”「」『』\",。;!?]{2,8}[”」』\"]")
"""A short term in quotation marks: 两个一流 and 4321 are names, and count nothing."""

PHONE = re.compile(
    r"(?<![\d.])(?!(?:19|20)\d\d[ -](?:19|20)\d\d)(?:\d{3,4}[ -])?"
    r"(?:\d{7,8}|\d{3,4}[ -]\d{4}|1\d{2}[ -]?\d{4}[ -]?\d{4})(?![\d.%]|[百千万亿]|[元年名人个])"
)
"""A telephone number, whole, as it may be printed in parts."""

_COUNT = "(?:[一二三四五六七八九十]{1,3}|\\d{1,2})"
_OF_REIGNS = (
    "建元|元光|元朔|元狩|元鼎|元封|太初|天汉|太始|征和|始元|建武|永平|建初|永元|延熹|建宁|光和|中平|初平|兴平|建安"
    "|黄初|太和|青龙|景初|正始|嘉禾|赤乌|泰始|太康|元康|永嘉|建兴|太元|义熙|元嘉|天监|大同|延和|太延|太平真君|开皇|仁寿|大业"
    "|武德|贞观|永徽|显庆|龙朔|咸亨|上元|垂拱|神龙|景龙|景云|开元|天宝|至德|乾元|广德|大历|建中|贞元|元和|长庆|大和|开成|会昌|大中|咸通|乾符|光启"
    "|建隆|乾德|开宝|太平兴国|雍熙|端拱|淳化|至道|咸平|景德|大中祥符|天禧|天圣|景祐|庆历|皇祐|至和|嘉祐|治平|熙宁|元丰|元祐|绍圣|崇宁|政和|重和|宣和|靖康"
    "|建炎|绍兴|隆兴|乾道|淳熙|绍熙|庆元|嘉泰|开禧|嘉定|宝庆|绍定|端平|嘉熙|淳祐|宝祐|景定|咸淳|德祐|中统|至元|元贞|大德|至大|皇庆|延祐|至治|泰定|至顺|至正"
    "|洪武|建文|永乐|洪熙|宣德|正统|景泰|天顺|成化|弘治|正德|嘉靖|隆庆|万历|泰昌|天启|崇祯|天命|天聪|崇德|顺治|康熙|雍正|乾隆|嘉庆|道光|咸丰|同治|光绪|宣统"
    "|民国|庆应|明治|大正|昭和|平成|令和"
)
_YEAR = (
    r"(?:(?:公元前?|西元前?|前)?(?:\d{1,4}|[一二三四五六七八九〇零]{2,4})"
    rf"|(?:{_OF_REIGNS})(?:元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}}))年"
)
_PART = "(?:[上中下]旬|年?[初末底]|中[期叶]|[早晚后前]期|[春夏秋冬][季天])"
_TIMES = "(?:清晨|早上?|上午|中午|下午|傍晚|晚上?|夜间?|凌晨)"
_HOUR = rf"(?:(?:{_COUNT}|零|两)[时点](?:\d{{1,2}}分|半|整)?|\d{{1,2}}:\d\d)(?:[以之][前后])?"
_WEEKDAY = (  # 每周一次 is none
    "(?:每?(?:周|星期)[一二三四五六日天末](?![次场班趟回节期])|每个?(?:工作日|双休日)|(?:工作日|平日|双休日|节假日)(?=\\d))"
)
_WEEKDAYS = (  # 周一至周五, 每周一、三、五
    rf"{_WEEKDAY}(?:[、和及至到~—–-]+(?:{_WEEKDAY}|[一二三四五六日](?=[、和至,。;)全上下晚早\d]|$)))*"
)
_NTH = "(?![楼线院门馆机文店桌])"  # 12号楼 is no day
_DAY = (
    rf"(?:{_YEAR}|[今去明前当同次翌]年)?{_COUNT}月(?:份|{_PART})?(?:初?{_COUNT}[日号]?)?{_TIMES}?(?:{_HOUR})?"
    rf"|{_YEAR}{_PART}?(?:[一二三四前]季度|[上下]半年|前[三两二]季度)?"
    rf"|\d{{1,2}}(?:日|号{_NTH}){_TIMES}?(?:{_HOUR})?|(?:[次翌当]日)?{_TIMES}?{_HOUR}"
    rf"|{_COUNT}世纪(?:\d0年代)?{_PART}?|\d{{2,4}}年代{_PART}?|{_WEEKDAYS}{_TIMES}?(?:{_HOUR})?"
    r"|[今去明前当同次翌本]年|[上下本]个?月|[昨今明当]日|[上下]半年|[一二三四前][三两二]?季度|目前|近日"
)
_FIRSTS = "".join(sorted({reign[0] for reign in _OF_REIGNS.split("|")}))
_DAYS = re.compile(  # what none begins with is told at once: a fifth of the time
    rf"(?=[\d〇零一二三四五六七八九十两公西前今去明当同次翌本上下昨目近每周星清早中傍晚夜凌{_FIRSTS}])"
    rf"(?:{_DAY})(?:[~至到—–-]+(?:{_DAY}))?"
    r"(?:[、和及]\d{1,2}:\d\d[~至到—–-]+\d{1,2}:\d\d)*"
)
_TITLES = re.compile(
    r"《[^《》]{1,40}》|“[^“”]{1,40}”|「[^「」]{1,40}」|『[^『』]{1,40}』|\"[^\"]{1,40}\""
)

_SYLLABLE = (
    "[a-z阿埃艾爱安昂奥澳巴芭白柏班邦包保鲍贝本比彼毕碧宾波伯博勃布采蔡查茨次达妲戴丹当道德邓狄迪蒂丁顿东杜多厄恩尔法凡范方菲费芬丰"
    "佛弗芙福夫盖甘冈高戈哥格葛贡古瓜圭哈海汉翰豪赫黑亨洪胡华怀惠霍基吉纪加嘉贾简江姜杰金津京久卡凯坎康考柯科可克肯孔库昆夸拉腊莱赖兰"
    "朗劳勒雷蕾黎里理利莉丽连廉列烈林琳霖龙隆卢鲁路露罗萝洛吕伦马玛迈麦曼芒毛梅门蒙米密敏明摩莫墨默穆姆慕纳娜奈南内嫩能尼妮涅宁牛纽农"
    "努诺欧帕派潘庞佩彭皮匹平珀普奇齐契恰钱强乔切琴青琼丘曲让热仁日荣茹儒瑞若萨塞赛三桑瑟森沙莎山珊尚绍舍申圣盛施什石史士世舒斯丝思松"
    "苏索所塔台泰坦汤唐陶特腾提田铁廷图土托陀瓦万旺威薇韦维魏温文翁沃乌伍武西希席锡夏香肖谢辛欣兴雄休许雪雅亚娅扬杨耶叶伊依易因英尤于"
    "约泽曾詹张哲珍芝朱兹祖佐]"
)
FOREIGN = rf"{_SYLLABLE}{{2,5}}"
"""A pattern of a foreign name, or a part of one, as it is spelt by sound."""

_TRANSLITERATED = re.compile(
    rf"{_SYLLABLE}{{1,8}}(?P<dot>[·‧・•]){_SYLLABLE}{{1,8}}(?:[·‧・•]{_SYLLABLE}{{1,8}})*"
)
_NO_NAME_ENDS = frozenset(
    "委局厅部院校会处办组站厂店队区县市镇乡村路街"
)  # no persons: 党工委, 高新区
_NO_NAME_HAS = frozenset("了过着的约")  # 游了约40米
_BEHIND_VERBS = frozenset("了着")
_BEHIND_NAME = frozenset("和与及在是到说对将等为向由从于已以")  # 张强和 is 张强, but for 张强和说
OFFICE = (
    f"{HEAD}|机长|总统|总理|首相|教授"
    "|秘书|干事|巡视员|调研员|督导员|科员|专员|研究员|院士|顾问|博士|记者|通讯员|作者|摄影|摄|队员|代表|委员|负责人|老师|医生|护士|教练|工程师|专家|学者|作家|演员|民警|同志|先生|女士|皇帝"
)
"""A pattern of what stands beside a name: what somebody is."""

_IN_A_FIGURE = re.compile(r"[\d百千万亿][米万成石段项里年]")  # 40米将人 is no name
_TRADE = "[\u4e00-\u9fff]员|教师|律师|厨师|会计师?|[学女男]生|同学|选手|游客|乘客|[村居市]民|农[民户]|[职员]工|店[主长]|司机|志愿者|师傅"
_OFFICE_BEFORE = re.compile(rf"(?:{OFFICE}|{_TRADE})[:/ ]?$")
_OFFICE_CHARS = 5
_RARE_SURNAMES = (
    "赖丛牟卜詹桂边饶刁苟臧穆奚娄苑邬宫郁荆蔺胥巩仲竺冼鞠巫宗闵凌栾卞谌隋车佘阳阴芦闫麦敖昌晋商井应席强宁明路冷支"
    "平屠郜冀迟盖揭糜伏楚栗缪桑仝凤亓郤逄裘诸钮惠滑嵇娄羊殳堵蓬佴笪"
)
IS_NAME = re.compile(rf"{NAME_ALONE.pattern}|[{_RARE_SURNAMES}][{HAN_CLASS}]{{1,2}}")
"""A person's name; right behind an office its surname may be a word as well: 县长路明."""
SAYS = re.compile("说|表示|指出|强调|介绍|告诉|认为|坦言|回忆|宣布")
"""What tells behind a name that somebody is quoted."""

_OFFICE_BEHIND = re.compile(rf"{OFFICE}|{SAYS.pattern}|主持|率队|一行|出席")
_ENDS_OF_ESTATES = frozenset("台庭苑阁邸湾居府城")  # in 悦龙台, a housing estate, is no 龙台
_OPENING, _CLOSING = tuple('“《「『"'), tuple('”》」』"')
_SHORT_NAME = 2  # characters
_OF = re.compile(r"(?:\([^()]{1,16}\))?")  # whose: 罗明(铁路货场)、佟禾(医院)
_NAMES = re.compile(
    rf"(?:{IS_NAME.pattern}){_OF.pattern}"
    rf"(?:[、和及与](?:[\u4e00-\u9fff]{{0,12}}?(?:{OFFICE}))?(?P<last>{IS_NAME.pattern}){_OF.pattern})+"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of a folded text that names something.

    Attributes:
        start: Its first character.
        end: One past its last.
        sort: figure, day, person, title or list.
        unit: Of a figure, its unit or measure word; else empty.
        value: Of a figure, the figure alone; else empty.
    """

    start: int
    end: int
    sort: Sort
    unit: str = ""
    value: str = ""


def figures_beside(folded: str, times: Sequence[Named]) -> list[Named]:
    """Return the figures of a text, given its days.

    A figure that is a part of a day is none; 3年 may be a year and may be how long it took.
    """
    return [
        one
        for one in figures(folded)
        if not any(
            day.start < one.end
            and one.start < day.end
            and not one.start <= day.start < day.end <= one.end
            for day in times
        )
    ]


def figures(folded: str) -> Iterator[Named]:
    """Yield the figures of a text, each with its unit; a small one in Chinese numerals needs one.

    None is told by a short term in quotation marks, such as “两个一流”, but for money: “全票25元”,
    nor by a telephone number.

    >>> [(one.value, one.unit) for one in figures("全区有公交线路12条,总投资3.5亿元,耗时3年4个月")]
    [('12', '条'), ('3.5亿', '元'), ('3年4', '个月')]
    >>> text = "拨打5561-3317,处50元以上200元以下罚款"
    >>> [text[one.start : one.end] for one in figures(text)]
    ['50元以上200元以下']
    """
    return iter(_figures(folded))


@lru_cache(maxsize=_N_KEPT)
def _figures(folded: str) -> tuple[Named, ...]:
    """Return what `figures` does; a sentence is asked for its figures time and again."""
    return tuple(_figures_in(folded))


def _figures_in(folded: str) -> Iterator[Named]:
    held: Named | None = None
    coined = [match.span() for match in _COINED.finditer(folded)]
    called = [match.span() for match in PHONE.finditer(folded)]
    for match in _FIGURES.finditer(folded):
        if any(start <= match.start() < end for start, end in called):
            continue
        is_coined = any(start < match.start() and match.end() < end for start, end in coined)
        if is_coined and not _PRICED.fullmatch(match["unit"] or ""):
            continue
        unit = match["unit"] or ""
        figure = match["figure"]
        if not (
            figure[0].isdigit() or (unit and _NUMERAL.match(figure)) or _GREAT.fullmatch(figure)
        ):
            continue
        if match["figure"] + unit in _NO_FIGURES:
            continue
        start = max(0, match.start() - _UNIT_CHARS)
        if not unit and (above := _UNIT_BEFORE.search(folded, start, match.start())):
            unit = above["unit"]
        found = Named(match.start(), match.end(), "figure", unit, match["figure"])
        if held and (both := _as_one(held, found, folded)):
            found = both
        elif held:
            yield held
        held = found
    if held:
        yield held


def _as_one(one: Named, other: Named, folded: str) -> Named | None:
    """Return two figures as the one that they are: 3年4个月, 50元以上200元以下; else None."""
    value = folded[one.start : other.end].removesuffix(other.unit)
    if one.end == other.start and _LASTS.match(one.unit) and _LASTS.match(other.unit):
        return Named(one.start, other.end, "figure", other.unit, value)
    changes = folded[max(0, one.start - _FROM_CHARS) : one.start].rstrip("每原").endswith(_FROM)
    up_to = _UP_TO.fullmatch(folded, one.end, other.start)
    if one.unit == other.unit and up_to and not (changes and up_to.group() != "以上"):
        most = _AT_MOST.match(folded, other.end)
        return Named(one.start, most.end() if most else other.end, "figure", other.unit, value)
    return None


def days(folded: str) -> Iterator[Named]:
    """Return the days, years, hours and other times of a text, and the times from one to another.

    >>> [text[one.start : one.end] for text in ["5月22日零时至8月31日,去年起"] for one in days(text)]
    ['5月22日零时至8月31日', '去年']
    >>> next(days("始建于明嘉靖九年"))
    Named(start=4, end=8, sort='day', unit='', value='')
    """
    return iter(_days(folded))


@lru_cache(maxsize=_N_KEPT)
def _days(folded: str) -> tuple[Named, ...]:
    return tuple(Named(match.start(), match.end(), "day") for match in _DAYS.finditer(folded))


def titles(folded: str) -> Iterator[Named]:
    """Yield what stands in book-title or quotation marks, with the marks and without them."""
    for match in _TITLES.finditer(folded):
        yield Named(match.start(), match.end(), "title")
        yield Named(match.start() + 1, match.end() - 1, "title")


def persons(folded: str, cuts: Sequence[tuple[int, int]]) -> Iterator[Named]:
    """Yield the names of persons: foreign ones with a dot, and Chinese ones by surname.

    The dictionary that cuts words knows few persons, so a name falls into single characters: a
    surname with one or two of them behind it is a name, and so is one beside an office.

    >>> from qa.quoting.alignment import tokens
    >>> text = "党工委书记贺明舒主持会议,副县长路平讲话"
    >>> [text[one.start : one.end] for one in persons(text, tokens(text))]
    ['贺明舒', '路平']
    """
    foreign = [_foreign(match, cuts) for match in _TRANSLITERATED.finditer(folded)]
    yield from foreign
    taken = {at for name in foreign for at in range(name.start, name.end)}
    ends = {end for _, end in cuts}
    whole = frozenset(cuts)
    single = {start for start, end in cuts if end - start == 1}
    done = 0
    for start, _ in cuts:
        if start < done or start in taken or not IS_NAME.match(folded, start):
            continue
        if _IN_A_FIGURE.match(folded, max(0, start - 1)):
            continue
        behind_office = is_behind_office(folded, start)
        for size in (3, 2, 4):
            end = start + size
            if end not in ends or not IS_NAME.fullmatch(folded, start, end):
                continue
            if _cannot_be_a_name(folded, start, end):
                continue
            office = _OFFICE_BEHIND.match(folded, end)
            sure = behind_office and (office or start in single) and (start, end) not in whole
            if not (sure or NAME_ALONE.fullmatch(folded, start, end)):
                continue
            if folded[end - 1] in _NO_NAME_ENDS or (
                folded[end : end + 1] in _NO_NAME_ENDS and not office
            ):
                continue
            of_a_place = (
                folded[end - 1] in _ENDS_OF_ESTATES
                and start - 1 in single
                and folded[start - 1] not in JOINING
            )
            bare = all(at in single for at in range(start, end)) and not of_a_place
            if office or behind_office or bare:
                yield Named(start, end, "person")
                done = end
                break


def _cannot_be_a_name(folded: str, start: int, end: int) -> bool:
    """Tell whether a stretch goes on behind a name, or is but the end of a term in “”."""
    return bool(
        _NO_NAME_HAS.intersection(folded[start + 1 : end])
        or (
            end - start == _SHORT_NAME
            and folded[end : end + 1] in _CLOSING
            and folded[start - 1] not in _OPENING
        )
        or (folded[end - 1] in _BEHIND_NAME and not SAYS.match(folded, end))
        or (end - start > _SHORT_NAME and folded[end : end + 1] in _BEHIND_VERBS)  # 路平作了发言
    )


def is_behind_office(folded: str, at: int) -> bool:
    """Tell whether the word before a place of a folded text tells what somebody is: 书记."""
    return _OFFICE_BEFORE.search(folded, max(0, at - _OFFICE_CHARS), at) is not None


def in_lists(named: Sequence[Named], folded: str) -> list[Named]:
    """Return what a text names with the persons of each list as one: 刘明、冯民和许玲出席.

    In a list with one who is known as a person, all that may be names are.
    """
    persons = {one.start: one.end for one in named if one.sort == "person"}
    lists = []
    for match in _NAMES.finditer(folded) if len(persons) > 1 else ():
        start, end = match.span()
        known = [at for at in persons if start <= at < end]
        if known:
            if "、" not in folded[start : min(known)]:
                start = min(known)
            last = match.start("last")
            end = persons.get(last) or _name_end(folded, last)
            end = max(end, persons[max(known)])
            of_each = _OF.match(folded, end) if "(" in match.group() else None
            lists.append(Named(start, of_each.end() if of_each else end, "person"))
    return [
        *lists,
        *(one for one in named if not any(a.start <= one.start < a.end for a in lists)),
    ]


def _name_end(folded: str, start: int) -> int:
    """Return where the name that begins at the end of a list ends."""
    longer = IS_NAME.match(folded, start)
    end = longer.end() if longer else start
    is_whole = end - start < _SHORT_NAME + 1 or _OFFICE_BEHIND.match(folded, end)
    return end if is_whole or not folded[end : end + 1].isalpha() else start + _SHORT_NAME


def _foreign(match: re.Match[str], cuts: Sequence[tuple[int, int]]) -> Named:
    """Return a name with dots in it, without the words before it that are no part of it."""
    folded = match.string
    before = [
        end
        for start, end in cuts
        if match.start() <= start
        and end < match.start("dot")
        and (folded[start:end] in JOINING or _OFFICE_BEFORE.search(folded, start, end))
    ]
    return Named(max(before, default=match.start()), match.end(), "person")
