"""A question in its plainest wording: without a frame that only asks whether something is told.

有没有提到消防 asks for 消防, what somebody's post is for who that is, and 接种率 for what it is.
The words of a frame stand in no passage that answers, and would be looked for.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.numbers import number_of
from corpus.text import HAN, fold
from qa.dates import MONTHS
from qa.offices import HEAD

PAPER = "(?:报纸?|刊物?|简报|杂志|周报|时讯|通讯|校报)"
"""A pattern of what a bulletin is called."""

_PAPER_EN = "(?:bulletin|newspaper|paper|issue|edition|archive)s?"
_PIECES = "(?:报道|新闻|消息|文章|内容|信息|资料|稿件|事情?|情况)"
_PIECES_EN = "(?:news|articles?|stor(?:y|ies)|reports?|information|mention|coverage)"
_THIS, _IN = "(?:在|你们?)?(?:这|那|本|该)?一?[期份张]?的?", "(?:里面?|上面?|中)?面?"
_IN_IT = rf"(?:{_THIS}(?:{PAPER}|报(?=上))?{_IN})"
_TELLS = "(?:提到|提及|提过|讲到|谈到|说到|写到|报道|刊登|登载|涉及)"
_WHETHER = "(?:有没有|是否有?|有无|有(?=.*[吗么]$))"
_OPEN = "什么|啥|谁|哪|[他她它]"
_ABOUT = rf"(?:关于|有关)?(?P<about>(?![吗么呢吧]+$).+?)(?:方面)?(?:的相?关?{_PIECES})?"
_NO_NAME_ENDS = "[长任记理席裁监员担现是的]"
_FRAMES_ZH = tuple(
    re.compile(rf"^(?:请问|想问一?下?|我?想知道)?{pattern}[吗么呢吧]?$")
    for pattern in (
        rf"{_IN_IT}(?:都|还)?{_WHETHER}{_TELLS}[过了到]?{_ABOUT}",
        rf"{_THIS}(?:{PAPER}|报){_IN}{_WHETHER}(?:说(?!明|法)|写(?!作)|讲(?!座|解))[过了到]?{_ABOUT}",
        rf"{_IN_IT}上?(?:登没登|提没提到?|讲没讲到?|说没说到?|写没写到?)(?:关于|有关)?(?P<about>.+?)",
        rf"{_IN_IT}{_TELLS}[过了到](?!{_OPEN}){_ABOUT}(?:没有|没|(?<!没有)(?=[吗么]))",
        rf"{_IN_IT}{_TELLS}(?!{_OPEN}){_ABOUT}了(?:没有|没|(?=[吗么]))",
        rf"(?P<about>(?!{_OPEN}).+?)(?:在{_IN_IT})?(?:有没有|是否)?被{_TELLS}[过了到]*(?:没有|没|(?=[吗么]))?",
        rf"{_IN_IT}(?:都|还)?(?:有没有|是否有|有无|有)(?:什么|哪些|任何)?(?:关于|有关|涉及)(?P<about>.+?)(?:方面)?的{_PIECES}",
        rf"{_IN_IT}(?:都|还)?{_WHETHER}(?P<about>.+?)(?:方面)?的相?关?{_PIECES}",
        rf"(?:关于|有关)(?P<about>.+?)的{_PIECES}(?:有哪些|有没有|有)?",
        rf"(?P<about>(?!{_OPEN}).+?)(?:最近|都|又|曾|到底|究竟)*发生[了过]?(?:些|哪些)?(?:什么|啥)(?:大?事情?|新闻)?[呢呀啊]?",
        rf"(?P<about>(?!{_OPEN}).+?)(?:最近|都|又)*有(?:些|哪些|什么|啥)(?:大事|新闻|消息|动态|报道)[呢呀啊]?",
    )
)
_POST_ZH = re.compile(
    rf"^(?:请问)?(?P<who>(?![他她我你您谁这那])[\u4e00-\u9fff]{{2,4}}?)(?<!{_NO_NAME_ENDS})(?:(?:现在|目前|如今)?(?:是|[担现]?任|担当)(?:的是|了)?(?:什么|啥|何种?)(?:职[务位]?|官)"
    rf"|的职[务位](?:是(?:什么|啥))?)[呢呀啊]?$"
)
_IN_IT_EN = rf"(?: in (?:the|this|that|your) (?:latest |current )?{_PAPER_EN})?"
_TELLS_EN = (
    "(?:mention(?:ed)?|say anything about|talk(?:ed)? about|report(?:ed)?(?: on)?|cover(?:ed)?"
    "|discuss(?:ed)?|write (?:anything )?about"
    f"|(?:have|contain) (?:anything|something|an article|any {_PIECES_EN}) (?:on|about|regarding))"
)
_FRAMES_EN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:does|do|did|has|have) (?:the|this|that|your|any|these|those) (?:\w+ )?{_PAPER_EN}"
        rf" (?:ever )?{_TELLS_EN} (?P<about>.+?)$",
        r"^(?:is|are|was|were) (?P<about>.+?) (?:ever )?(?:mentioned|reported(?: on)?|covered)"
        rf"{_IN_IT_EN}$",
        rf"^(?:(?:is|are|was|were) there )?(?:any|some|a|an)?(?:thing| ?{_PIECES_EN})"
        rf" (?:about|on|of|regarding|concerning) (?P<about>.+?){_IN_IT_EN}$",
        r"^what (?:has |had )?(?:happened|occurred|took place|taken place|went on|was going on)"
        r" (?:(?:at|to|with) )?(?P<about>.+?)$",
    )
)
_POST = "(?:current )?(?:position|job|post|title|office|role)"
_NAMED_ZH = re.compile(
    rf"(?P<who>[\u4e00-\u9fff]{{0,12}}(?:{HEAD}))"
    "(?:(?:叫|姓)(?:什么|啥)(?:名字?)?|的?(?:姓名|名字)(?:(?:是|叫)(?:什么|啥)?)?)"
)
_WHERE_ZH = re.compile(
    r"(?P<what>[^,，、的]{2,20}?)的?(?:(?<!邮箱|网站|网页|邮件)地址|(?:举[办行]|召开|活动)地点|位置)(?:[是在](?:哪[里儿]?|什么))?"
)
_POST_EN = re.compile(
    rf"^what (?:is|was) [“\"]?(?P<whose>[\w'’ -]{{2,40}}?)[”\"]?['’]s? {_POST}$"
    rf"|^what {_POST} (?:does|did) [“\"]?(?P<who>[\w'’ -]{{2,40}}?)[”\"]? (?:hold|have|occupy)$",
    re.IGNORECASE,
)
_ASKS_ZH = re.compile("[多几哪谁何怎吗呢么]|什么|有没有|是否|是不是|为何")
_MEASURE_ZH = re.compile(
    r"[^,，;；:：\s]{2,16}(?:率|人数|户数|数量|总数|总量|总投资|投资额|总额|产值|收入|价格|票价|单价|费用|收费标准|工资|补贴标准"
    "|面积|长度|里程|人口|名额|电话|号码|热线)"
)
_OFFICE_ZH = re.compile(rf"[^,，;；:：。]{{2,20}}(?<!总)(?:{HEAD}|负责人|老板)")
_WHEN_ZH = re.compile("[^,，;；:：]{2,12}(?:时间|日期)")
_COSTS_ZH = re.compile("(?:要不要钱|收不收费|要钱[吗么]?|收费吗|花钱吗|要交钱吗)$")
_MEASURE_EN = re.compile(
    r"(?:the )?(?!(?:what|how|which|who|when|where|why|is|are|was|were|do|does|did|will|can)\b)"
    r"(?P<what>(?:[a-z-]+ ){1,4}(?:rate|price|cost|fees?|fare|population|area|length"
    r"|investment|budget|salary|hotline|phone number))",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[\s?？!！。.,，]+$")
_SPELT_TOGETHER = re.compile(r"\b(who|what|where|when|how)s\b(?= \w)", re.IGNORECASE)
_OF_PEOPLE = re.compile(r"\b((?:wo)?men|children|people)s\b(?= )", re.IGNORECASE)
_SHORTER = {
    "上个月": "上月",
    "这个月": "本月",
    "下个月": "下月",
    "上个星期": "上周",
    "这个星期": "本周",
    "下个星期": "下周",
}
_DAY_IN_WORDS = re.compile(
    "(?P<month>十[一二]|[一二三四五六七八九十])月(?P<day>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
)
_MONTH_IN_WORDS = re.compile(
    "(?<![第个几一二三四五六七八九十])(?P<month>十[一二]|[一二三四五六七八九十])月"
    "(?=份|[底末初中起]|[上中下]旬|以[前后来]|之[前后]|开始|那|呢|的时候|[,，。？?！!\\s]|$)"
)
_DAY_IN_FIGURES = re.compile(
    r"(?<![\d./-])(?P<year>(?:19|20)\d\d)(?P<by>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=by)(?P<day>0?[1-9]|[12]\d|3[01])(?![\d./-])"
)
_PLEASE = re.compile(
    "^(?:[您你]好[啊呀]?[,，。！!~ ]*)?"
    "(?:(?:我?想|麻烦|请)?(?:[请咨]?[问询]|了解|打听)(?:[问询]|一?下)|请问|我?想(?:问|知道|了解)"
    "|(?:详细|具体|展开|再)(?:说说|讲讲|谈谈|聊聊|介绍一下|说一下|讲一下)"
    "|(?:麻烦|请)?帮(?:我|忙)(?:[查找看]|查[找询])(?:一?下|[查找看])?)[,，:： ]*(?=.{4})"
)
_SAY_MORE = re.compile(
    "(?<=.{4})[,，。？?! ]*(?:详细|具体)(?:说说|讲讲|说一下|讲一下|介绍一下)[吧呗。！!]*$"
)
_SPOKEN = tuple(  # how it is said, and how it is written
    (re.compile(said), written)
    for said, written in (
        ("凭(?:什么|啥)(?=[让要把说能给收罚不])", "为什么"),
        ("咋(?![呼舌])", "怎么"),
        ("啥时候?|多会儿", "什么时候"),
        ("啥", "什么"),
        ("头(?=[两三四五六七八九十\\d]{1,2}个?(?:月|季度|年|天))", "前"),
    )
)
_PARTED_VERB = re.compile("(?P<verb>[一-鿿])的(?P<noun>[一-鿿])(?=[?？。!！\\s]*$)")
_TWO_CHARACTERS = """
交房 鸣枪 入党 开仓 毕业 签约 动工 通车 开业 开工 完工 竣工 结婚 离婚 上任 投产 落户 挂牌 揭牌 剪彩
开学 放假 上班 下班 报名 入学 上学 住院 出院 停电 停水 停工 复工 封路 封顶 涨价 降价 获奖 夺冠 捐款
缴费 开门 关门 开馆 闭馆 开园 开幕 闭幕 分红 打针 立项 中标 建校 建厂 通水 通电 通气 开航 首航 下水
拜师 参军 退伍 起火 着火
"""
_VERBS = frozenset(_TWO_CHARACTERS.split())
_THIS_WEEK = re.compile("这周(?![围边遭])")
_ACCENTED = re.compile("[\u00c0-\u024f]")


def plainly(question: str) -> str:
    """Return a question without the frame around what it asks for, a keyword as a question.

    Else it is as it was.

    >>> plainly("这期报纸有没有讲到防汛？"), plainly("温以宁担任什么职务？")
    ('防汛', '温以宁是谁')
    >>> plainly("Is there anything about housing in this issue?"), plainly("有没有党员出席？")
    ('housing', '有没有党员出席？')
    >>> plainly("接种率"), plainly("whos the mayor")
    ('接种率是多少', 'who is the mayor')
    >>> plainly("书记叫什么？"), plainly("新桥叫什么名字？"), plainly("新馆地址")
    ('书记是谁', '新桥叫什么名字？', '新馆在哪里')
    >>> plainly("十月二十一号谁来了"), plainly("2021-10-08谁来了"), plainly("who left on 2021-10-8")
    ('10月21日谁来了', '2021年10月8日谁来了', 'who left on October 8, 2021')
    >>> plainly("这周有讲座吗？"), plainly("这周围有车站吗？"), plainly("投稿邮箱地址")
    ('本周有讲座吗？', '这周围有车站吗？', '投稿邮箱地址')
    >>> plainly("头三个月咋样？"), plainly("who won the mens race")
    ('前三个月怎么样？', "who won the men's race")
    >>> plainly("您好，想问下夜市几点开？"), plainly("法院怎么判的？详细说说")
    ('夜市几点开？', '法院怎么判的')
    >>> plainly("什么时候交的房？"), plainly("谁写的歌？")
    ('什么时候交房？', '谁写的歌？')
    >>> plainly("五月份多少？"), plainly("十一月以后呢？"), plainly("三月三在哪里过？")
    ('5月份多少？', '11月以后呢？', '三月三在哪里过？')
    """
    for said, written in _SHORTER.items():
        question = question.replace(said, written)
    question = _SAY_MORE.sub("", _PLEASE.sub("", question))
    for spoken, written in _SPOKEN:
        question = spoken.sub(written, question)
    question = _PARTED_VERB.sub(_joined, question)
    question = days_as_printed(_THIS_WEEK.sub("本周", question))
    if not HAN.search(question):
        question = _OF_PEOPLE.sub(r"\1's", _SPELT_TOGETHER.sub(r"\1 is", question))
    bare = _ENDS.sub("", question)
    if HAN.search(bare):
        folded = fold(bare)
        post = _POST_ZH.match(folded) or _NAMED_ZH.fullmatch(folded)
        if post:
            return f"{post['who']}是谁"
        about = framed(question)
        return _as_question(about or folded) or about or question
    post = _POST_EN.match(bare)
    if post:
        return f"who is {post['who'] or post['whose']}?"
    measure = _MEASURE_EN.fullmatch(bare)
    if measure:
        return f"what is the {measure['what']}?"
    return framed(question) or question


def _joined(match: re.Match[str]) -> str:
    """Return a verb and its noun, 交的房, as one word where they are one."""
    word = match["verb"] + match["noun"]
    return word if word in _VERBS else match.group()


def days_as_printed(question: str) -> str:
    """Return a question with the days that it names as a newspaper prints them."""
    if not HAN.search(question):
        return _DAY_IN_FIGURES.sub(
            lambda day: f"{MONTHS[int(day['month']) - 1].title()} {int(day['day'])}, {day['year']}",
            question,
        )
    question = _DAY_IN_WORDS.sub(
        lambda day: f"{number_of(day['month'])}月{number_of(day['day'])}日", question
    )
    question = _MONTH_IN_WORDS.sub(lambda month: f"{number_of(month['month'])}月", question)
    return _DAY_IN_FIGURES.sub(
        lambda day: f"{day['year']}年{int(day['month'])}月{int(day['day'])}日", question
    )


def framed(question: str) -> str:
    """Return what a question asks whether it is told of; empty of any other question.

    >>> framed("有没有提到防汛？"), framed("Does the paper mention floods?"), framed("谁提到防汛？")
    ('防汛', 'floods', '')
    """
    bare = _ENDS.sub("", question)
    if HAN.search(bare):
        bare, frames = fold(bare), _FRAMES_ZH
    else:
        frames = _FRAMES_EN
    match = next(filter(None, (frame.match(bare) for frame in frames)), None)
    return match["about"] if match else ""


def _as_question(folded: str) -> str:
    """Return what a folded keyword asks for, 接种率, as a question; empty for any other text."""
    costs = _COSTS_ZH.search(folded)
    if costs:
        return f"{folded[: costs.start()]}多少钱"
    if _ASKS_ZH.search(folded):
        return ""
    where = _WHERE_ZH.fullmatch(folded)
    if where:
        return f"{where['what']}在哪里"
    if _MEASURE_ZH.fullmatch(folded):
        return f"{folded}是多少"
    if _OFFICE_ZH.fullmatch(folded):
        return f"{folded}是谁"
    return f"{folded}是什么时候" if _WHEN_ZH.fullmatch(folded) else ""


def without_accents(text: str) -> str:
    """Return a text with its Latin letters bare, as dictionaries and pinyin have them.

    >>> without_accents("Who is Lü Min?")
    'Who is Lu Min?'
    """
    return _ACCENTED.sub(lambda match: unicodedata.normalize("NFD", match.group())[0], text)
