"""What single lines of a printed page look like: openings, headlines, notices, furniture.

Patterns only; `paragraphs` and `reader` weigh them. None of them knows a particular paper.
"""

from __future__ import annotations

import re

from corpus.scripts import compiled
from corpus.signatures import LINE_CHARS, NAME_ALONE, ROLE_APART, unsigned
from corpus.text import HAN

OPENER = compiled(
    r"(?:[^\s（(。，]{0,12})?(?:本报|本刊|本台|快)(?:综合)?讯(?![息])"
    rf"|[（(]{ROLE_APART}[^）)]{{1,40}}[）)](?=.)"
    rf"|[\u4e00-\u9fff]{{2,8}}\d{{1,2}}月\d{{1,2}}日[电讯](?=[\s（(，]|.)"
)
"""The words a news story opens with: 本报讯, （记者某某）, 某地5月6日电."""

CORRECTS = compiled(
    r"(?:本报|本刊)(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:出版的?)?(?:总?第[一二三四五六七八九十\d]+期|第?[一二三四五六七八九十A-D\d]+版|头版|《)"
)
"""The words a correction opens with: 本报6月3日2版《…》一文中, whose first line is no headline."""

IN_BRACKETS = compiled(r"[（(][^（()）]{1,12}[）)]")
"""A line of a few words in brackets: no headline stands so behind its article."""

COLUMN_NAME = compiled(
    r"[\u4e00-\u9fff“”·]{0,8}(?:走基层|见闻|群英谱|风采录|进行时|在行动|大家谈|巡礼|面对面|在一线|访谈录|人物志)"
)
"""The name of a series, as it stands over a headline."""

BRIEFS = compiled(
    r"(?:一周|本周|新闻|民生|园区|经济)?\s*(?:简\s*讯|短\s*讯|快\s*讯|要闻速递|一句话新闻|短波)"
    r"(?:\s*[两一二三四五六七八九十\d]{1,2}\s*则)?"
)
"""The headline of a column of short news."""

LETTERS = compiled(
    "(?:读者|职工|员工|患者|居民|群众|市民|村民|学生|师生|家长|业主|会员|工友|网友|用户|乘客|百姓)"
    "(?:来信|来函|之声|信箱|心声|呼声|留言|反映)(?:选登|摘登|照登|回复)?"
    r"|来信(?:选登|摘登|照登|来访)?|[\u4e00-\u9fff]{0,6}信箱|[编读]{2}(?:往来|互动)"
)
"""The headline of a column of letters to the editor."""

_TO_EDITOR = compiled(
    "(?:尊敬的|亲爱的)?(?:[院校厂县市局社本贵日晚]报|报社|报纸)?编辑(?:部(?:的)?)?(?:同志|老师|先生|朋友|叔叔|阿姨)?们?"
    "(?:[:：]|(?:[你您]们?好|同志|老师)[，！,!:：])"
)

DAY_BELOW_HEAD = compiled(r"[（(]?(?:\d{4}年)?\d{1,2}月\d{1,2}日[）)]?")
"""A day on a line of its own, as below the headline of a speech: 3月10日, （2025年3月10日）."""

HEAD_CHARS = 40
"""Characters of the longest headline where only how a line is set, or stands apart, tells one."""

MARKED_HEAD = compiled(
    r"(?:[■◆▲★◎●▶►▼□]\s*|【(?=[^【】]{2,40}】$)|#{1,6}\s*(?!\w{1,20}#)|(?:标题|题目)\s*[:：]\s*)(?=[^■◆▲★◎●\s])"
)
"""A sign, or word, that some papers set before each headline; some set brackets around it."""

NUMBERED_HEAD = compiled(r"(?P<number>\d{1,2})\s*[、.．]\s*(?=[^\d\s])")
"""The number that a digest sets before each headline."""

GUIDE = compiled(
    r"[【\[◆●■□\s]*(?:导\s*读|今日导读|本期导读|内容导读|要目|今日看点|本期看点)[】\]\s:：]*"
)
GUIDE_ITEM = compiled(
    r"(?:[A-D]\d{1,2}|第?\s*[\dA-D一二三四]{1,3}\s*版)[\s:：·|—-]*.{4,40}"
    r"|.{2,40}(?:[（(\[]?(?:详见|见|转)?第?\s*[\dA-D一二三四]{1,3}\s*版[）)\]]?|[…·.]{2,}\s*\d{1,3})"
)
ISSUE_NUMBER = compiled(r"第\s*(\d+)\s*期")
ISSUE_DATE = compiled(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
PAPER_NAME = compiled(r"[\u4e00-\u9fff·]{2,14}(?:之窗|新闻|新聞|[报報讯訊刊])")
_NO_PAPER = compiled("[预警喜捷海申填上举汇]报$")
_PERHAPS_NO_PAPER = compiled("通报$")

GOES_ON = compiled(
    r"[（(【]?\s*下\s*转\s*第?\s*([\dA-D一二三四五六七八九十]+)\s*版[^）)】]{0,20}[）)】]?\s*$"
)
CAME_FROM = compiled(
    r"^[（(【]?\s*[上紧]\s*接\s*第?\s*([\dA-D一二三四五六七八九十]+)\s*版[^）)】]{0,40}[）)】]?"
)

OPEN_NO_LINE = "，。、；：！？”’）》」』】"
"""Marks that open a line only where lines were broken after so many characters, come what may."""

STARTS_PARAGRAPH = compiled(
    r"——|[●■◆▲★□◎○※]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]+[条章]|(?:问|答|(?:本[报刊台])?记者|本[报刊台]|主持人)[:：]"
)
"""How a paragraph can open even where a full line stands above it."""

CROSSHEAD = compiled(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+[条章节]|[●■◆▲★◎])"
)
LABEL = compiled(
    r"[【\[]?(?:编者按|编者的话|开栏的话|记者手记|相关链接|新闻链接|延伸阅读|名词解释)[】\]]?[:：]?"
)
SALUTATION = compiled(r"(?:尊敬的|亲爱的|各位|广大)[^，。：:]{1,16}[:：]")
"""How a letter or a notice addresses its readers, on a line of its own."""

FIELD = compiled(
    r"(?:联系|咨询|投诉|监督|报名|举报|服务|办公|活动|会议|讲座|比赛|演出|主讲|主持)?"
    r"(?:人|电话|方式|地址|地点|时间|邮箱|热线|网址|传真|邮编|日期|票价|费用)[:：]"
)
"""The opening of a line that gives one particular: 联系电话：…"""

DAY = compiled(
    r"(?:\d{4}|[〇零○一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
"""A line that is a day and nothing else, as under a notice."""

_LABELLED_CHARS = 32
LABELLED = compiled(
    r"[\u4e00-\u9fff]{1,7}(?:奖|名单|[组场班]|[冠亚季]军)(?:[（(][^（）()]{1,8}[）)])?[:：]\s*\S"
)
"""The opening of a line that gives one of a row of things, below each other: 银奖（2名）：…"""

_BODY = (
    r"[\u4e00-\u9fff·（）()“”]{2,24}(?:[局委]|办公室|公司|集团|委员会|[居村管组]委会|指挥部|管理处|办事处|街道办|[营服]业[所部]|中心|编辑部|支部|工会"
    r"|政府|海关|大厅|[大支总中]队|(?:宣传|组织|统战|武装)部|(?:供电|派出|管理|司法)所|(?:服务|气象|水文)站|气象台|(?:合作|供销|报)社"
    r"|卫生院|医院|法院|检察院|学校|中学|小学|银行|物业|协会|联合会)"
)
SIGN_OFF = compiled(
    r"(?!.*(?:[在进迎救把的]|(?<!自)来|召开|举[行办]|我[县市区镇]|开[通业放]|致))"
    rf"(?:{_BODY}(?:[\s、]+{_BODY}){{0,3}}"
    r"|(?:居民|村民|市民|读者|学生|家长|患者|业主|老师|网友)\s+(?:[老小阿][\u4e00-\u9fff]|"
    + NAME_ALONE.pattern
    + r"))(?P<day>\s*(?:\d{4}年)?\d{1,2}月\d{1,2}日)?"
)
"""The line below a notice or a letter that says who issued or wrote it, and when."""

_SIGN_CHARS = 24  # of the longest line or end of one that signs a letter
_READER = "读者|居民|村民|市民|学生|家长|患者|业主|网友|旅客|乘客"
SIGNS_LETTER = compiled(
    rf"(?:^|(?<=[。！？!?…”’]))[（(]?(?P<who>(?:{_READER})[\s：:]*(?:[老小阿][\u4e00-\u9fff]|{NAME_ALONE.pattern}"
    r"|[\u4e00-\u9fff]{1,2}(?:女士|先生|同学|师傅|大[妈爷姐哥]|阿姨)))[）)]?$"
)
"""Who wrote a letter to the editor, below it or behind its last sentence: 读者 李明."""

SOURCE = compiled(
    r"[（(]?(?:数据|资料|稿件|图片|信息|文章|内容)?(?:来源|提供)(?:[:：]|于|自).{2,60}[）)]?"
    rf"|[（(]{SIGN_OFF.pattern}[）)]"
)
"""The line below a text or a table that says where it comes from: （数据来源：区统计局）."""

_ASKS = "问|(?:本[报刊台])?记者|本[报刊台]|主持人"
ASKED = compiled(f"(?:{_ASKS})[:：]")
"""How a question opens in an interview."""

TURN = compiled(
    rf"(?<=[？?。！!…”])\s*(?=(?:答|{_ASKS})[:：])|(?<=[？?])\s*(?=[\u4e00-\u9fff·]{{2,8}}[:：])"
)
"""Where in a paragraph of an interview somebody else goes on: 问：…？答：…."""

NOTICE = compiled(
    r"(?:公告|公示|启事|通告|通知|声明|更正|告示|招聘|征集|征稿|讣告|拍卖|招标|遗失|挂失)(?:$|[（(：:])"
    r"|^(?:关于.{2,30}的)?(?:公告|公示|启事|通告|声明|更正|致歉)"
)
_ENDS = compiled(r"[。！？!?…][”’」』）)》】\"]*$")


def is_paper_name(text: str, *, first: bool = True) -> bool:
    """Tell whether a text may be the name of a paper: none is called 天气预报.

    Args:
        text: The text.
        first: Whether it stands above all else: below that 通报 heads a report.

    >>> is_paper_name("清河晨报"), is_paper_name("天气预报")
    (True, False)
    >>> is_paper_name("工作通报"), is_paper_name("警情通报", first=False)
    (True, False)
    """
    no_paper = _NO_PAPER.search(text) or (not first and _PERHAPS_NO_PAPER.search(text))
    return bool(PAPER_NAME.fullmatch(text)) and not no_paper


def opens_letter(text: str) -> bool:
    """Tell whether a text opens as a letter to the editor does; 编辑：李明 names who edited.

    >>> opens_letter("编辑部：我们在东区上班。"), opens_letter("编辑同志："), opens_letter("编辑：李明")
    (True, True, False)
    """
    told = _TO_EDITOR.match(text)
    return told is not None and (
        is_closed(text) or len(told.group()) > len("编辑：") or "，" in text
    )


def letter_signed(text: str) -> re.Match[str] | None:
    """Return the match of `SIGNS_LETTER` at the end of a text, or None where nobody signs it.

    >>> letter_signed("路灯不亮。读者 李明")["who"], letter_signed("路灯不亮。")
    ('读者 李明', None)
    """
    return SIGNS_LETTER.search(text, max(0, len(text) - _SIGN_CHARS))


def may_head(text: str) -> bool:
    """Tell whether a line may be a headline by itself: it is short, and ends no sentence.

    >>> may_head("旧磨坊开门迎客"), may_head("旧磨坊今天开门。")
    (True, False)
    """
    return len(text) <= HEAD_CHARS and not is_closed(text)


def is_labelled(text: str) -> bool:
    """Tell whether a line gives one of a row of things.

    >>> is_labelled("银奖（2名）：李明 王芳"), is_labelled("李明 王芳")
    (True, False)
    """
    return len(text) <= _LABELLED_CHARS and bool(LABELLED.match(text))


def is_closed(text: str) -> bool:
    """Tell whether the text ends as a sentence does.

    Names in brackets that sign it, and a photograph's credit, come after the end.

    >>> is_closed("会议召开。”"), is_closed("会议召开"), is_closed("会议召开。（记者 李明）")
    (True, False, True)
    """
    text = text[-LINE_CHARS:]
    return bool(_ENDS.search(unsigned(text) or text))


def goes_on(text: str) -> re.Match[str] | None:
    """Return the match of a reference to the page where the piece goes on, at the text's end."""
    return GOES_ON.search(text, max(0, len(text) - LINE_CHARS))


def balance(text: str) -> int:
    """Return how many opening brackets and quotation marks are still open at the end.

    >>> balance("《迎接“春天"), balance("（老城）")
    (2, 0)
    """
    depth = 0
    for char in text:
        if char in "（《“‘「『【(":
            depth += 1
        elif char in "）》”’」』】)":
            depth = max(0, depth - 1)
    return depth


def is_table_row(text: str) -> bool:
    """Tell whether a line is a label with at least two figures, or figures alone.

    >>> is_table_row("工业增加值 12.5 8.1%"), is_table_row("今年投资12.5亿元")
    (True, False)
    """
    cells = text.split()
    figures = sum(bool(re.fullmatch(r"[-+]?[\d.,]+[%‰]?|—|-", cell)) for cell in cells)
    return (len(cells) >= 3 and figures >= 2) or (
        len(cells) == 2 and figures >= 1 and bool(HAN.match(text))
    )
