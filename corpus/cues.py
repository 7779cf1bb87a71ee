"""What single lines of a printed page look like: openings, bylines, credits, furniture, dates.

Patterns only; `paragraphs` and `reader` weigh them. None of them knows a particular paper.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from corpus.numbers import by_digits, by_places
from corpus.scripts import compiled, simple
from corpus.text import HAN, HAN_CLASS
from corpus.types import Byline

_NAME = r"[\u4e00-\u9fff·]{2,4}"
_LINE_CHARS = 80  # no byline, credit or page reference is longer; keeps hostile lines cheap
_NAMES = r"[\u4e00-\u9fff·]{2,8}"  # two names may have lost the space between them
_STANDING = "(?:本报|本刊|本台|见习|实习|特约|驻地|首席|融媒体?|全媒体?)*"
_BOTH = "文[/／]?图|图[/／]?文"
_ROLES = f"记者|通讯员|摄影报道|摄影|撰文|撰稿|作者|评论员|编辑|{_BOTH}"
_ROLE = f"(?:{_STANDING}(?:{_ROLES}|文|图))"
_ROLE_APART = rf"{_STANDING}(?:{_ROLES}|[文图](?=[:：/\s]))"  # not （文化路至西门段）
_A_DAY = compiled(r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2})?")
_DAY_IN_FIGURES = compiled(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_NOT_WHEN = compiled(  # before a day
    "(?:截至|截止到?|[将定拟]于|将在|计划|原[定计](?:于|在)?(?:去年|今年)?|[比较](?:原[定计]的?)?|[至到由为]|根据|按照|依据)$"
)
_NOT_WHEN_CHARS = 6
_NOT_THEN = compiled(  # behind one
    r"(?:总?第[一二三四五六七八九十\d]+期|第?[一二三四五六七八九十A-D\d]+版|头版|曾?(?:报道|刊[登发载])|《)"
    r"|起(?:正式)?(?:施行|实施|执行|生效|有效)|(?:正式)?(?:施行|生效|(?:实施|执行)(?=[，。；的]))"
    r"|[之以]?前(?![往来赴去期])|[^，。；：]{0,8}以来"
)
_QUOTED = (("“", "”"), ("「", "」"))
_OF_A_SPAN = compiled("[自从]$"), compiled("[^，。；]{0,6}[至到]")
_LONG_PAST = timedelta(days=183)
_DATE = r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
_A_FULL_DAY = re.compile(rf"(?<!\d){_DATE}")

OPENER = compiled(
    r"(?:[^\s（(。，]{0,12})?(?:本报|本刊|本台|快)(?:综合)?讯(?![息])"
    rf"|[（(]{_ROLE_APART}[^）)]{{1,40}}[）)](?=.)"
    rf"|[\u4e00-\u9fff]{{2,8}}\d{{1,2}}月\d{{1,2}}日[电讯](?=[\s（(，]|.)"
)
"""The words a news story opens with: 本报讯, （记者某某）, 某地5月6日电."""

CORRECTS = compiled(
    r"(?:本报|本刊)(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:出版的?)?(?:总?第[一二三四五六七八九十\d]+期|第?[一二三四五六七八九十A-D\d]+版|头版|《)"
)
"""The words a correction opens with: 本报6月3日2版《…》一文中, whose first line is no headline."""

_RUNS = (
    r"[\u4e00-\u9fff·]{2,}(?:[\s、，,]+[\u4e00-\u9fff·]{2,})*[\s、，,]*"  # names, in one way only
)
_ROLE_BETWEEN = (  # any other is read as a name; in two ways it would take ages
    rf"(?:{_ROLE}[:：/]\s*|(?:文/图|图/文)\s*|(?<![\u4e00-\u9fff·])[文图]\s+)"
)
BYLINE = compiled(
    rf"[（(【]?(?:□|■|◎|●|○)?"
    rf"(?:{_STANDING}(?:{_ROLES}|[文图](?=[:：/\s文图]))[:：/]?\s*){{1,3}}{_RUNS}"  # no 图片新闻
    rf"(?:{_ROLE_BETWEEN}{_RUNS}){{0,3}}(?:文/图|图/文|摄影报道|(?<=\s)[文图摄])?[）)】]?"
)
"""A line that is nothing but who wrote the piece."""

IN_BRACKETS = compiled(r"[（(][^（()）]{1,12}[）)]")
"""A line of a few words in brackets: no headline stands so behind its article."""

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于傅齐康伍余元顾孟黄萧尹姚邵汪祁毛米戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾江童"
    "颜郭梅盛林钟徐邱骆高夏蔡田樊胡霍虞万柯管卢莫房解丁邓洪包左石崔龚程邢裴陆荣翁甄曲封储靳段焦侯全班仇甘厉武符刘景"
    "龙叶司黎薄白蒲卓池乔闻党翟谭申冉牛燕尚温庄晏柴瞿阎习鱼容向古易廖耿满匡文欧聂曾关查游权付肖聂涂覃佟成岳连艾辛"
    "荀阮束郎娄佘缪宁卜晁敖阚鞠裘仲伊宫栾桑濮扈郏邬郁屠蒙傅"
)
NAME_ALONE = compiled(
    rf"(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒)[{HAN_CLASS}]{{1,2}}"
)
"""A line that is one person's name, as under the headline of a signed essay."""

_ONE = rf"(?!记者|通讯员)(?:{NAME_ALONE.pattern}|[\u4e00-\u9fff]{{2,3}})"
BEFORE_ROLE = compiled(
    rf"(?P<wrote>{_ONE}(?:[\s、]+{_ONE}){{0,2}})[\s/／]+(?:{_BOTH}|文[\s、]+(?P<shot>{_ONE})[\s/／]+[图摄])"
)
"""A line that is nothing but names, each before what it did: 李明 文/图, 李明/文 王芳/图."""

STAFF = compiled(r"(?:本报|本刊)(?:特约|首席)?(?:评论员|编辑部|综合(?:报道|消息)?)")
"""A byline that names no person."""

COLUMN_NAME = compiled(
    r"[\u4e00-\u9fff“”·]{0,8}(?:走基层|见闻|群英谱|风采录|进行时|在行动|大家谈|巡礼|面对面|在一线|访谈录|人物志)"
)
"""The name of a series, as it stands over a headline."""

BRIEFS = compiled(
    r"(?:一周|本周|新闻|民生|园区|经济)?\s*(?:简\s*讯|短\s*讯|快\s*讯|要闻速递|一句话新闻|短波)"
    r"(?:\s*[两一二三四五六七八九十\d]{1,2}\s*则)?"
)
"""The headline of a column of short news."""

HEAD_CHARS = 40
"""Characters of the longest headline where only how a line is set, or stands apart, tells one."""

MARKED_HEAD = compiled(
    r"(?:[■◆▲★◎●▶►▼□]\s*|【(?=[^【】]{2,40}】$)|#{1,6}\s*(?!\w{1,20}#)|(?:标题|题目)\s*[:：]\s*)(?=[^■◆▲★◎●\s])"
)
"""A sign, or word, that some papers set before each headline; some set brackets around it."""

NUMBERED_HEAD = compiled(r"(?P<number>\d{1,2})\s*[、.．]\s*(?=[^\d\s])")
"""The number that a digest sets before each headline."""

_NO_WRITER = "要闻|人事|快[报讯]|简讯|公告|通知|提示|传真|动态|之窗|专栏|园地|信箱|文摘|副刊|广角|广场|视点|时评|点击|速递"
_SIGNS = rf"(?:(?!连载)(?:{NAME_ALONE.pattern}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)[\s、]*)"
NAMES_LINE = compiled(
    rf"[（(]{_SIGNS}{{1,4}}[）)]|□\s*(?:(?![\u4e00-\u9fff]{{0,2}}(?:{_NO_WRITER})){_NAME}[\s、]*){{1,3}}"
)
"""Names alone in brackets, as some papers sign a piece at its end; not （更正） or （散文）."""

CREDIT = compiled(
    rf"[（(]?(?:{_ROLE}[:：/]?\s*)?(?:{_NAME}[\s、]*){{1,4}}(?:\s*/?\s*)(?:摄影报道|摄影|摄)[）)]?"
    rf"|[（(]?(?:摄影|图片?|摄)[:：/]\s*(?:{_NAME}[\s、]*){{1,4}}[）)]?"
)
"""A photograph's credit."""

_SHOT = "(?:摄影报道|摄影|摄)"
SHOT_AT_END = compiled(
    rf"(?<=[。！？”])\s*(?:{_ROLE}[:：/／\s]*(?:{_NAME}[\s、]*){{1,3}}[/／]?{_SHOT}"
    rf"|(?:{_NAME}[\s、]+){{1,3}}(?:摄影报道|摄)|{_NAME}[/／]{_SHOT}|{NAME_ALONE.pattern}\s*{_SHOT})$"
)
"""A photograph's credit behind the last sentence of its caption."""

OPENING_BYLINE = compiled(r"[^\s。，]{0,24}?(?:讯|电)?\s*[（(][^）)]{2,50}[）)]")
"""The brackets behind 本报讯 that name who wrote."""

CLOSING_BYLINE = compiled(
    rf"[（(](?:{_ROLE}[:：/／]?\s*(?:{_NAME}[\s、]*){{1,4}}(?:{_SHOT}|{_BOTH})?"
    rf"|(?:{_NAME}[\s、]*){{1,4}}(?:{_SHOT}|{_BOTH})|{_SIGNS}{{1,4}})[）)]$"
)
"""Brackets at the very end that name who wrote."""

_NAMES_BEHIND = compiled(
    r"(?<=[。！？!?”])\s*[（(](?!下转|上接|未完|待续|[附见图略完注])"
    r"[\u4e00-\u9fff·]{2,4}(?:[\s、]+[\u4e00-\u9fff·]{2,4}){0,3}[）)]$"
)
"""Brackets behind the last sentence that hold a few short words: who wrote, of whatever name."""

_TOLD_AS = {"摄影": "摄", "图": "摄", "撰文": "作者", "撰稿": "作者", "文": "作者"}
_ROLE_ALONE = compiled(_ROLE)
_ROLES_ALONE = compiled(_ROLE_APART)
_A_DESK = compiled("..(?:部|局|办|委|站|社|台|中心)$")  # 通讯员 县委宣传部
_NO_NAME = compiled(
    "走进|调查|签名|手记|观察|视[线角]|招聘|活动|培训|大赛|见面|风采|[节说在到了把为]"
)
_RUN = compiled(r"([^\u4e00-\u9fff]*)([\u4e00-\u9fff·]{2,})")
_BYLINES = compiled(
    rf"(?P<role>记者|通讯员|(?<=[\s、，,])实习生(?=\s)|评论员|作者|撰文|撰稿|摄影|[文图](?=[:：]))[:：/]?\s*"
    rf"(?P<names>{_NAMES}(?:[\s、，,]+(?!通讯员|记者|实习生|摄影|发自|[文图][:：]){_NAMES})*)"
)
_SHOT_BY = compiled(
    rf"(?:(?:本报|见习|实习|特约)*(?:记者|通讯员))?[\s：:]*(?P<names>{_NAMES}(?:[\s、，,]+{_NAMES})*)\s*/?\s*(?:摄影报道|摄影|摄|(?<=[\s/])图$)"
)

GUIDE = compiled(
    r"[【\[◆●■□\s]*(?:导\s*读|今日导读|本期导读|内容导读|要目|今日看点|本期看点)[】\]\s:：]*"
)
GUIDE_ITEM = compiled(
    r"(?:[A-D]\d{1,2}|第?\s*[\dA-D一二三四]{1,3}\s*版)[\s:：·|—-]*.{4,40}"
    r"|.{2,40}(?:[（(\[]?(?:详见|见|转)?第?\s*[\dA-D一二三四]{1,3}\s*版[）)\]]?|[…·.]{2,}\s*\d{1,3})"
)
_SPOKEN_DAY = compiled(
    r"([〇零○一二三四五六七八九]{4})\s*年\s*([一二三四五六七八九十]{1,3})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)
_SPOKEN_NUMBER = compiled(r"(?<=第)\s*[〇零○一二三四五六七八九十百千]+\s*(?=期)")
_SPOKEN_ISSUE = compiled(
    r"([〇零○一二三四五六七八九]{4})\s*年(?=\s*第\s*[一二三四五六七八九十百\d]+\s*期)"
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
    r"|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]+[条章]|(?:问|答|记者|主持人)[:：]"
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

SOURCE = compiled(
    r"[（(]?(?:数据|资料|稿件|图片|信息|文章|内容)?(?:来源|提供)(?:[:：]|于|自).{2,60}[）)]?"
    rf"|[（(]{SIGN_OFF.pattern}[）)]"
)
"""The line below a text or a table that says where it comes from: （数据来源：区统计局）."""

ASKED = compiled("(?:问|记者|主持人)[:：]")
"""How a question opens in an interview."""

NOTICE = compiled(
    r"(?:公告|公示|启事|通告|通知|声明|更正|告示|招聘|征集|征稿|讣告|拍卖|招标|遗失|挂失)(?:$|[（(：:])"
    r"|^(?:关于.{2,30}的)?(?:公告|公示|启事|通告|声明|更正|致歉)"
)
_ENDS = compiled(r"[。！？!?…][”’」』）)》】\"]*$")


def in_figures(line: str) -> str:
    """Return a line whose day is in Chinese numerals with its numbers in figures; others as is.

    >>> in_figures("二〇二二年六月三十日 星期四 第二一六期"), in_figures("第一期工程六月三日开工")
    ('2022年6月30日 星期四 第216期', '第一期工程六月三日开工')
    >>> in_figures("二〇二五年第六期（总第二百零三期）")
    '2025年第6期（总第203期）'
    """
    day = _SPOKEN_DAY.search(line)
    issue = _SPOKEN_ISSUE.search(line)
    if issue and not day:
        told = f"{line[: issue.start(1)]}{_in_figures(issue[1])}{line[issue.end(1) :]}"
        return _SPOKEN_NUMBER.sub(lambda number: _in_figures(number[0].strip()), told)
    if not day:
        return line
    year, month, of_month = (_in_figures(part) for part in day.groups())
    told = f"{line[: day.start()]}{year}年{month}月{of_month}日{line[day.end() :]}"
    return _SPOKEN_NUMBER.sub(lambda number: _in_figures(number[0].strip()), told)


def _in_figures(numeral: str) -> str:
    """Return a numeral, told digit by digit or with 十, 百 and 千, in figures."""
    return str(by_places(numeral)) if re.search("[十百千]", numeral) else by_digits(numeral)


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
    text = text[-_LINE_CHARS:]
    unsigned = _NAMES_BEHIND.sub("", SHOT_AT_END.sub("", CLOSING_BYLINE.sub("", text))).rstrip()
    return bool(_ENDS.search(unsigned or text))


def is_signature(text: str) -> bool:
    """Tell whether a line is nothing but who wrote the piece.

    >>> is_signature("本报记者 李明"), is_signature("（李明 王芳）"), is_signature("本报讯（记者李明）昨日")
    (True, True, False)
    >>> is_signature("编辑部负责接待来宾"), is_signature("作者签名售书")
    (False, False)
    """
    if len(text) > _LINE_CHARS:
        return False
    if any(line.fullmatch(text) for line in (NAMES_LINE, STAFF, BEFORE_ROLE)):
        return True
    return bool(BYLINE.fullmatch(text)) and all(
        _may_be_name(*found) for part in _ROLES_ALONE.split(text) for found in _RUN.findall(part)
    )


def _may_be_name(apart: str, run: str) -> bool:
    """Tell whether what stands behind a role may be who wrote; right behind it 签名售书 is none."""
    if "·" in run or _A_DESK.search(run):
        return True
    names = _split_names(run)
    return bool(names) and (
        bool(apart) or all(map(NAME_ALONE.fullmatch, names)) or not _NO_NAME.search(run)
    )


def is_dated_signature(text: str) -> bool:
    """Tell whether a line is nothing but who wrote the piece, and when.

    >>> is_dated_signature("记者 李明 4月21日"), is_dated_signature("记者 李明")
    (True, False)
    """
    bare = _A_DAY.sub("", text).strip()
    return len(text) <= _LINE_CHARS and bare != text.strip() and is_signature(bare)


def is_credit(text: str) -> bool:
    """Tell whether a line is nothing but who took the photograph.

    >>> is_credit("本报记者 李明 摄"), is_credit("李明摄影作品展开幕")
    (True, False)
    """
    return len(text) <= _LINE_CHARS and bool(CREDIT.fullmatch(text))


def goes_on(text: str) -> re.Match[str] | None:
    """Return the match of a reference to the page where the piece goes on, at the text's end."""
    return GOES_ON.search(text, max(0, len(text) - _LINE_CHARS))


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


def bylines(text: str) -> tuple[Byline, ...]:
    """Return the people named as writers or photographers, in printed order, each once a role.

    >>> bylines("本报讯（记者李明 通讯员王芳、赵一）")
    (Byline(role='记者', name='李明'), Byline(role='通讯员', name='王芳'), Byline(role='通讯员', name='赵一'))
    >>> bylines("本报记者 李明 摄")
    (Byline(role='摄', name='李明'),)
    >>> bylines("本报记者 李明 文 王芳 图")
    (Byline(role='记者', name='李明'), Byline(role='摄', name='王芳'))
    >>> bylines("李明/文 王芳/图"), bylines("李明 文/图")
    ((Byline(role='作者', name='李明'), Byline(role='摄', name='王芳')), (Byline(role='作者', name='李明'),))
    """
    if both := BEFORE_ROLE.fullmatch(text):
        wrote = [Byline("作者", name) for name in _names(both["wrote"])]
        return (*wrote, *(Byline("摄", name) for name in _names(both["shot"] or "")))
    found: list[tuple[int, Byline]] = []
    shot: list[tuple[int, int]] = []
    for match in _SHOT_BY.finditer(text):
        shot.append(match.span())
        found += [(match.start(), Byline("摄", name)) for name in _names(match["names"])]
    for match in _BYLINES.finditer(text):
        if any(start <= match.start() < end for start, end in shot):
            continue
        role = _TOLD_AS.get(simple(match["role"]), match["role"])
        found += [(match.start(), Byline(role, name)) for name in _names(match["names"])]
    return tuple(dict.fromkeys(byline for _, byline in sorted(found, key=lambda pair: pair[0])))


def signed_names(text: str) -> tuple[Byline, ...]:
    """Return the people of bare names: in brackets they sign a report, else an essay.

    >>> signed_names("（李明 王芳）")
    (Byline(role='记者', name='李明'), Byline(role='记者', name='王芳'))
    """
    role = "记者" if text[0] in "（(" else "作者"
    return tuple(Byline(role, name) for name in _names(re.sub(r"[（()）□]", " ", text)))


def _names(run: str) -> list[str]:
    parts = re.split(r"[\s、，,]+", run)
    names = [name for part in parts for name in _split_names(part)]
    return [name for name in names if name and not _ROLE_ALONE.fullmatch(name)]


def _split_names(run: str) -> list[str]:
    """Return one name, or the two that a line break between them ran together.

    >>> _split_names("李明"), _split_names("李小明王芳")
    (['李明'], ['李小明', '王芳'])
    """
    if len(run) <= 4:
        return [run]
    for cut in (3, 2, 4):
        if NAME_ALONE.fullmatch(run[:cut]) and NAME_ALONE.fullmatch(run[cut:]):
            return [run[:cut], run[cut:]]
    return [run] if "·" in run else []


def find_date(text: str, *, latest: date | None) -> date | None:
    """Return the first day named in the text, if what tells of it may be of that day.

    A day without a year is the last such day up to the latest: 12月30日 in an issue of January is of
    the year before. One that is to come, or is long past, is what the text speaks of, not when; so
    is one up to which something is counted, from which something holds or with which it is
    compared, that of an issue that is corrected, and one that somebody is quoted with.

    Args:
        text: The first words of an article, layout spaces dropped.
        latest: The last day that it may be of, or None where that is not known.

    >>> find_date("12月30日上午，全区", latest=date(2022, 1, 7))
    datetime.date(2021, 12, 30)
    >>> find_date("将于9月1日启用", latest=date(2022, 5, 16)) is None
    True
    >>> find_date("截至8月31日，升学350人", latest=date(2022, 10, 9)) is None
    True
    >>> find_date("新馆定于9月15日开馆", latest=date(2022, 9, 30)) is None
    True
    >>> find_date("本报9月6日2版《新馆》一文中，比9月1日", latest=date(2022, 9, 30)) is None
    True
    """
    match = next((day for day in _A_FULL_DAY.finditer(text) if _tells_when(day)), None)
    if not match:
        return None
    years = [int(match[1])] if match[1] else [latest.year, latest.year - 1] if latest else []
    for year in years:
        with suppress(ValueError):
            day = date(year, int(match[2]), int(match[3]))
            if latest is None or timedelta() <= latest - day <= _LONG_PAST:
                return day
    return None


def _tells_when(day: re.Match[str]) -> bool:
    """Tell whether a day in a text is when something was, not just one that it speaks of."""
    text, start, end = day.string, day.start(), day.end()
    before = text[max(0, start - _NOT_WHEN_CHARS) : start]
    since, until = _OF_A_SPAN
    return not (
        _NOT_WHEN.search(before)
        or _NOT_THEN.match(text, end)
        or (since.search(before) and until.match(text, end))
        or any(text.count(a, 0, start) > text.count(b, 0, start) for a, b in _QUOTED)
    )


def iso_in(text: str | None) -> str | None:
    """Return the first day that a text gives in figures, as ISO 8601.

    >>> iso_in("2021年10月7日 08:30"), iso_in("today")
    ('2021-10-07', None)
    """
    match = _DAY_IN_FIGURES.search(text or "")
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else None
