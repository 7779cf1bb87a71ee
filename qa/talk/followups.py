"""What a question asked after others leans on: nothing, a pronoun, or all of the one before.

Read from the words alone, without the archive: what the question lacks, and what it adds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from corpus.numbers import NUMERALS, ORDINALS_EN, number_of
from corpus.text import HAN, fold
from qa.dates import MONTH_BEGINS_EN, MONTH_EN, MONTHS, PART_OF_YEAR, month_of
from qa.offices import HEAD
from qa.query import Lang, parse
from qa.quoting.slot import asks
from qa.talk.times import is_step
from qa.wording import days_as_printed, framed


class Cue(Enum):
    """What shows that a question leans on earlier turns, and how it does."""

    ALONE = "stands by itself"
    MORE = "more of the same"
    SPEAKER = "who said what was quoted"
    LANGUAGE = "the same in another language"
    ORDINAL = "one item of a list"
    CORRECTION = "what was meant"
    TIME = "the same at another time"
    WORD = "a question word only"
    ABOUT = "the same of something else, or something else of the same"
    PRONOUN = "names something by a pronoun"
    FRAGMENT = "names no subject"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question as one that follows others.

    Attributes:
        cue: How it leans on them.
        text: What it adds, without the words that only link it to them.
        lang: Its language; for `LANGUAGE` the one asked for; None where it has no letters.
        n: For `ORDINAL` the item, from 1, or -1 for the last; else 0.
    """

    cue: Cue
    text: str
    lang: Lang | None
    n: int = 0


_END = r"[\s。.!！?？~～、,，]*$"
_LEAD_ZH = re.compile(
    r"^(?:那么|那(?![个些次项家位里儿边天日时座所条场种篇张句])|然后|另外|再问一下|请问|嗯|哦|好的?|对了"
    r"|以及|还有(?=[^呢吗么]{2,})|[,，、\s])+"
)
_LEAD_EN = re.compile(
    r"^(?:(?:and|so|ok(?:ay)?|but|then|well|also|what about|how about|now)\b[,\s]*)+", re.IGNORECASE
)
_ABOUT_EN = re.compile(r"^(?:[a-z]+,? )?(?:what|how) about\b", re.IGNORECASE)

_MORE = re.compile(
    r"(?:那)?(?:还有|更多|继续|接着说|其他的|别的)(?:什么|哪些|其他的?|别的|内容|信息|情况|更多)?(?:呢|吗|么)?"
    r"|(?:and |any ?thing |what |tell me |show me |is there |any |some )*"
    r"(?:more|else|go on|continue|next|another one)(?: please)?"
)
_SPEAKER = re.compile(
    r"(?:那)?(?:这|那)?(?:句?话|些话)?(?:都)?是?(?:谁|哪位(?:领导)?)(?:说|讲|提出?|强调|表示|介绍|透露)的(?:话|这(?:句)?话)?"
    r"|(?:and |so )?(?:who|whom) (?:said|says|stated|stressed|told|announced|claims?|was it said by)"
    r"(?: (?:that|it|this|so|them|us))?|(?:whose|who's) words (?:are|were) (?:they|these|those|that)"
)
_TO_EN = re.compile(
    r"(?:请)?(?:你)?(?:能)?(?:[翻译用换改]|切换)*(?:成|为|到|一下)*(?:英文|英语)(?:版|呢|怎么说|回答|说|讲|吗|一下)*"
    r"|(?:please |can you |could you |say |answer |tell me |translate |it |that |this |and )*"
    r"(?:in|into|to) english(?: please)?"
)
_TO_ZH = re.compile(
    r"(?:请)?(?:你)?(?:能)?(?:[翻译用换改]|切换)*(?:成|为|到|一下|回)*(?:中文|汉语|普通话)(?:版|呢|怎么说|回答|说|讲|吗|一下)*"
    r"|(?:please |can you |could you |say |answer |tell me |translate |it |that |this |and )*"
    r"(?:in|into|to) chinese(?: please)?"
)
_TRANSLATE = re.compile(r"翻译(?:一下|吧)?|translate(?: (?:it|that|this))?(?: please)?")
_MEASURES = "[个条项点步种件方面篇则]"
_ORDINAL = re.compile(
    rf"(?:那|那么|具体)?(?:第(?P<zh>[{NUMERALS}]|\d{{1,2}})|(?P<last>最后一?)){_MEASURES}{{1,3}}"
    r"(?:文章|报道|新闻)?(?:是(?:什么|啥|哪个|讲什么的)|呢|怎么说|[讲说写]了?(?:些)?什么|说的是什么)?"
    rf"|(?:and |what about |what is |what's |what does |tell me |about )*(?:the )?"
    rf"(?:(?P<en>{'|'.join(ORDINALS_EN)})|(?P<last_en>last))"
    r"(?: (?:one|item|point|thing|step|article|story))?(?: (?:about|say))?"
)
_CORRECTION = re.compile(
    r"^(?:[哦噢啊]?[,，]?(?:不(?:是|对)?|错了)[,，。\s]*)?"
    r"(?:我(?:其实)?(?:是)?(?:说|指|[想要]?问)的?是?|我的意思是)(?P<rest>.+)"
    r"|^(?:no|sorry|nope)?[,.\s]*(?:i (?:actually )?(?:meant?|mean|was asking about|am asking about)|i'm asking about)"
    r"\s+(?P<rest_en>.+)",
    re.IGNORECASE,
)
_NEW_ZH = re.compile(r"(?P<what>[^,，。;；?？]{2,12}?)呢[,，]\s*(?P<rest>.+)")
_NEW_EN = re.compile(
    r"(?:what|how) about (?P<what>[^,;?]{2,40}), (?:and )?(?P<rest>.+?)\W*$", re.IGNORECASE
)
_WORD = re.compile(
    r"(?:是|在)?(?:什么时候|何时|哪(?:一)?天|几号|什么时间|哪年|为什么|为何|为啥|原因|在?(?:哪里|哪儿|哪|何处|什么地方)"
    r"|谁|哪位|是谁|怎么(?:做|办)?|如何|多少|多少钱|几个)(?:的|呢|啊|呀)?"
    r"|(?:when|where|why|who|how|(?:for )?how (?:many|much|long|come|so)|since when|why (?:is that|so)|(?:on )?(?:what|which) (?:day|date))"
    r"(?: (?:was|is) (?:it|that|this))?"
)
_TIME_ZH = re.compile(
    r"(?:在|到|截至)?(?:(?P<year>(?:19|20)\d\d)(?:年|[-/.](?=\d))?|(?P<from_now>[今去前]年的?))?"
    r"(?:(?P<month>\d{1,2})月?份?)?"
    rf"(?P<part>{PART_OF_YEAR})?(?:[底末初时起]|以[后来前]|之[后前]|开始)?的?[那这]?一?[期次场回届]?的?(?:时候)?呢?"
)
_TIME_EN = re.compile(
    rf"(?:in|as of|by|for|at the end of)?\s*(?:(?P<name>{MONTH_BEGINS_EN})[a-z]*\.?,?\s*)?"
    r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d{1,2}))?(?: issue)?"
    rf"|(?:in|for|during) (?P<only>{MONTH_EN})"
)

PERSON = re.compile(
    r"(?<![其吉排])[他她](?!们|人|乡|国)|此人|[这那]个人"
    rf"|[这那该][位名](?:领导|{HEAD}|记者|同志|老板|医生|大夫"
    r"|老师|教授|专家|法官|律师|师傅|选手|冠军|老人|小伙子?|姑娘|司机|负责人|干部)|[这那该]位"
    r"|\b(?:(?-i:[Hh]e)(?! (?-i:[A-Z]))|she|him|her|his|hers)\b",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"[那这](?:里|儿|边)(?!面)|[当此该]地(?!铁)"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )\bthere\b(?! (?:is|are|was|were|be)\b)",
    re.IGNORECASE,
)
DAY = re.compile(
    r"[那这]一?天|当[天日晚]|同一?天|该日|\b(?:on )?(?:that|the same) (?:day|date)\b", re.IGNORECASE
)
_THINGS = (
    "项目|公司|企业|工程|活动|会议|学校|中学|医院|社区|街道|产业园|园区|研究院|课堂|平台|线路|公交车?|招聘会?"
    "|机构|单位|小区|系统|改革|仪式|比赛|驿站|公告|文章|报道|中心|调解室|温室|镇|村|河|路|校|院|馆|厂|店|会|人"
)
TELLS_LITTLE = re.compile(
    rf"{_THINGS}|开始|进行|举行|召开|开展|实施|多少\w*|几\w"
    "|后来|最后|最终|原来|原先|本来|以前|之前|现在|目前|当时|打算|总共|一共|到底|究竟|其实|具体|大概|大约|真的|按时|那么|还是|有没有"
    "|old|long|far|big|large|high|tall|deep|heavy|wide"
)
"""Words that hardly tell what a follow-up asks: of the thing that is spoken of anyway."""

_THINGS_EN = (
    "project|company|firm|enterprise|meeting|event|school|hospital|community|park|institute|platform|line|route|bus"
    "|fair|centre|center|system|reform|ceremony|contest|station|notice|article|village|town|river|road|team|campaign"
)
THING = re.compile(
    rf"它们?|[他她]们|(?:[这那此该])(?:一)?[个次项家条座所场篇批份件种趟]?(?:{_THINGS})(?!们)"
    r"|(?<=[^一-鿿])其(?![中他它余实次间])|^其(?![中他它余实次间])"
    r"|[这那](?:个|件事|项|次|些)(?=[,，。？?]|$|是|有|在|的|什么)"
    rf"|\b(?:it|its|they|them|their)\b|\b(?:this|that|the) (?:{_THINGS_EN})\b"
    r"|\b(?:this|that|these|those)\b(?=\W*$)",
    re.IGNORECASE,
)
_FEW = {"zh": 7, "en": 2}  # characters; words: with no more a question names no subject


def follow_up(question: str) -> FollowUp:
    """Return how a question would lean on earlier ones.

    >>> follow_up("那总投资呢？").cue, follow_up("那总投资呢？").text
    (<Cue.ABOUT: 'the same of something else, or something else of the same'>, '总投资')
    >>> follow_up("the second one?").n
    2
    """
    text = " ".join(question.split())
    folded = re.sub(_END, "", fold(text)).strip()
    lang = _lang_of(text)
    whole = _whole(folded, lang)
    if whole:
        return whole
    if match := _CORRECTION.match(text):
        rest = match["rest"] or match["rest_en"]
        return FollowUp(Cue.CORRECTION, re.sub(_END, "", rest).strip(" ,，"), lang)
    if of_another := _of_another(text):
        return FollowUp(Cue.ALONE, of_another, lang)
    added, led, asked_about = _added(text)
    added = days_as_printed(added)
    if time := _time(fold(added)):
        return FollowUp(Cue.TIME, time, lang)
    if _WORD.fullmatch(fold(re.sub(_END, "", added)).strip()):
        return FollowUp(Cue.WORD, re.sub(_END, "", added).strip(), lang)
    if any(pattern.search(added) for pattern in (PERSON, PLACE, DAY, THING)):
        return FollowUp(Cue.PRONOUN, added, lang)
    if framed(added):
        return FollowUp(Cue.ALONE, text, lang)
    if asked_about or (led and lang == "en" and not asks(added)):
        return FollowUp(Cue.ABOUT, re.sub(_END, "", added).strip(), lang)
    if led or _is_fragment(added):
        return FollowUp(Cue.FRAGMENT, added, lang)
    return FollowUp(Cue.ALONE, text, lang)


def _whole(folded: str, lang: Lang | None) -> FollowUp | None:
    """Return what a question is that says nothing else, or None."""
    if not folded:
        return None
    if _MORE.fullmatch(folded):
        return FollowUp(Cue.MORE, "", lang)
    if _SPEAKER.fullmatch(folded):
        return FollowUp(Cue.SPEAKER, "", lang)
    if _TO_EN.fullmatch(folded):
        return FollowUp(Cue.LANGUAGE, "", "en")
    if _TO_ZH.fullmatch(folded):
        return FollowUp(Cue.LANGUAGE, "", "zh")
    if _TRANSLATE.fullmatch(folded):
        return FollowUp(Cue.LANGUAGE, "", "en" if lang == "zh" else "zh")
    if match := _ORDINAL.fullmatch(folded):
        return FollowUp(Cue.ORDINAL, "", lang, n=_item(match))
    return None


def _item(match: re.Match[str]) -> int:
    if match["last"] or match["last_en"]:
        return -1
    return number_of(match["zh"] or match["en"])


def _of_another(text: str) -> str:
    """Return the question of a turn that first says of what else it is asked; else nothing.

    >>> _of_another("那个门卫呢，他多大了？"), _of_another("那食堂呢，几点开门？")
    ('那个门卫多大了？', '食堂几点开门？')
    >>> _of_another("And what about the canteen, when does it open?")
    'when does the canteen open?'
    """
    text = text[lead.end() :] if (lead := _LEAD_ZH.match(text)) else text
    english = re.sub(r"^(?:and|so|ok(?:ay)?|but)\b[,\s]*", "", text, flags=re.IGNORECASE)
    match = _NEW_ZH.match(text) or _NEW_EN.match(english)
    if not match or asks(match["what"]) or not asks(match["rest"]):
        return ""
    what, rest = match["what"], match["rest"]
    for pattern in (PERSON, THING):
        if pattern.search(rest):
            return pattern.sub(what, rest, count=1) + ("?" if match.re is _NEW_EN else "")
    return f"{rest} for {what}?" if match.re is _NEW_EN else f"{what}{rest}"


def _added(text: str) -> tuple[str, bool, bool]:
    """Return what a question adds; whether a linking word leads it; whether it asks "what of"."""
    if _ABOUT_EN.match(text):
        return _LEAD_EN.sub("", text), True, True
    lead = _LEAD_ZH.match(text) or _LEAD_EN.match(text)
    added = text[lead.end() :] if lead else text
    ends = re.search(r"呢" + _END, added)
    if ends and not asks(added):
        return added[: ends.start()], True, True
    return added, bool(lead), False


def _time(added: str) -> str:
    """Return the time that is all a question names: 2022年8月, 去年一季度, 上个月; else nothing."""
    added = re.sub(_END, "", added).strip()
    if is_step(added):
        return added
    match = _TIME_EN.fullmatch(added) or _TIME_ZH.fullmatch(added)
    told = match.groupdict() if match else {}
    name = told.get("only") or told.get("name")
    month = month_of(name) if name else int(told.get("month") or 0)
    if month > len(MONTHS):
        return ""  # 65的呢 is of an age
    year = f"{told['year']}年" if told.get("year") else (told.get("from_now") or "").rstrip("的")
    return f"{year}{f'{month}月' if month else ''}{told.get('part') or ''}"


def _lang_of(text: str) -> Lang | None:
    if HAN.search(text):
        return parse(text).lang
    return "en" if re.search(r"[a-zA-Z]", text) else None


def _is_fragment(text: str) -> bool:
    query = parse(text)
    if query.required or query.months or not query.content:
        return not query.content and bool(query.text)
    if query.lang == "en":
        inside = re.search(r"(?<=\s)(?!I\b)[A-Z]", text)
        return not inside and len(query.content) <= _FEW["en"]
    return len("".join(query.content)) <= _FEW["zh"] and not re.search(r"\d", text)
