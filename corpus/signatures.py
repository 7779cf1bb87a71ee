"""Who wrote a piece or took a photograph, as a printed line tells: bylines, credits, bare names."""

from __future__ import annotations

import re
from itertools import takewhile

from corpus.scripts import compiled, simple
from corpus.text import HAN_CLASS
from corpus.types import Byline

LINE_CHARS = 80
"""No byline, credit or page reference is longer; keeps hostile lines cheap."""

_NAME = r"[\u4e00-\u9fff·]{2,4}"
_NAMES = r"[\u4e00-\u9fff·]{2,8}"  # two names may have lost the space between them
_STANDING = "(?:本报|本刊|本台|见习|实习|特约|驻地|首席|融媒体?|全媒体?|学生|校园|小)*"
_BOTH = "文[/／]?图|图[/／]?文"
_ROLES = f"记者|通讯员|摄影报道|摄影|撰文|撰稿|作者|评论员|编辑|{_BOTH}"
_ROLE = f"(?:{_STANDING}(?:{_ROLES}|文|图))"
ROLE_APART = rf"{_STANDING}(?:{_ROLES}|[文图](?=[:：/／|｜\s]))"
"""What somebody did, in brackets before a name: 文 is none in （文化路至西门段）."""

_A_DAY = compiled(r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2})?")

_RUNS = (
    r"[\u4e00-\u9fff·]{2,}(?:[\s、，,]+[\u4e00-\u9fff·]{2,})*[\s、，,]*"  # names, in one way only
)
_ROLE_BETWEEN = (  # any other is read as a name; in two ways it would take ages
    rf"(?:{_ROLE}[:：/]\s*|(?:文/图|图/文)\s*|(?<![\u4e00-\u9fff·])[文图]\s+)"
)
BYLINE = compiled(
    rf"[（(【]?(?:□|■|◎|●|○)?"
    rf"(?:{_STANDING}(?:{_ROLES}|[文图](?=[:：/／|｜\s文图]))[:：/／|｜]?\s*){{1,3}}{_RUNS}"  # no 图片新闻
    rf"(?:{_ROLE_BETWEEN}{_RUNS}){{0,3}}(?:文/图|图/文|摄影报道|(?<=\s)[文图摄])?[）)】]?"
)
"""A line that is nothing but who wrote the piece."""

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于傅齐康伍余元顾孟黄萧尹姚邵汪祁毛米戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾江童"
    "颜郭梅盛林钟徐邱骆高夏蔡田樊胡霍虞万柯管卢莫房解丁邓洪包左石崔龚程邢裴陆荣翁甄曲封储靳段焦侯全班仇甘厉武符刘景"
    "龙叶司黎薄白蒲卓池乔闻党翟谭申冉牛燕尚温庄晏柴瞿阎习鱼容向古易廖耿满匡文欧聂曾关查游权付肖聂涂覃佟成岳连艾辛"
    "荀阮束郎娄佘缪宁卜晁敖阚鞠裘仲伊宫栾桑濮扈郏邬郁屠蒙傅"
)
NAME_ALONE = compiled(
    rf"(?:[{SURNAMES}]|欧阳|司马|上官|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒)[{HAN_CLASS}]{{1,2}}"
)
"""A line that is one person's name, as under the headline of a signed essay."""

_ONE = rf"(?!记者|通讯员)(?:{NAME_ALONE.pattern}|[\u4e00-\u9fff]{{2,3}})"
BEFORE_ROLE = compiled(
    rf"(?P<wrote>{_ONE}(?:[\s、]+{_ONE}){{0,2}})[\s/／]+(?:{_BOTH}|文[\s、]+(?P<shot>{_ONE})[\s/／]+[图摄])"
)
"""A line that is nothing but names, each before what it did: 李明 文/图, 李明/文 王芳/图."""

_DESKS = "(?:[部科室局委办院社处站厂会校]|中心|公司|集团|学院|电视台)"
STAFF = compiled(
    r"(?:本报|本刊)(?:特约|首席)?(?:评论员|编辑部|综合(?:报道|消息)?)"
    rf"|(?:本报|本刊)\s*[与和、]\s*[\u4e00-\u9fff]{{1,12}}{_DESKS}(?:联合)?(?:采写|报道|整理|供稿)?"
)
"""A byline that names no person."""

_NO_WRITER = "要闻|人事|快[报讯]|简讯|公告|通知|提示|传真|动态|之窗|专栏|园地|信箱|文摘|副刊|广角|广场|视点|时评|点击|速递"
_SIGNS = rf"(?:(?!连载)(?:{NAME_ALONE.pattern}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)[\s、]*)"
NAMES_LINE = compiled(
    rf"[（(]{_SIGNS}{{1,4}}[）)]|□\s*(?:(?![\u4e00-\u9fff]{{0,2}}(?:{_NO_WRITER})){_NAME}[\s、]*){{1,3}}"
)
"""Names alone in brackets, as some papers sign a piece at its end; not （更正） or （散文）."""

_POST = compiled(
    r"[\u4e00-\u9fff·（）()“”0-9]{1,24}(?:[部科室局委办院系所社处站厂会校馆队组班店村镇乡县区市街园]|中心|公司|集团|学院|车间|分厂|社区|支行"
    "|街道|小区|主任|书记|[院校所站科处局部馆厂台队镇乡村区县班组园行团会店]长|经理|主管|教授|讲师|教师|老师|班主任|研究员|馆员|研究生|博士生?|硕士生?|学生"
    "|同学|校友|职工|员工|工人|干部|[医药护技]师|医生|护士长?|工程师|[农园林]艺师|技术员|师傅|民警|法官|律师|作家|诗人|画家|居民|村民|市民|读者|家长|业主|患者"
    "|家属|志愿者|网格员|导游|委员|代表|顾问|专家|会员|队员)"
    "|教师|老师|职工|员工|学生|作家|读者|工程师|[农园林]艺师|民警|医生|护士|主任|书记|院长|校长|村民|居民|市民|家长|业主|患者"
)
_RARE_SURNAMES = (
    "闵麻路危强应宗宣贲嵇滑诸井富巫乌巴弓牧隗山谷车宓蓬郗仰秋暴钭戎祖幸韶郜蓟印宿邰从鄂索咸籍赖蔺阴胥苍双莘贡劳逄姬宰郦雍却璩寿边冀浦别充慕茹宦慎戈庾终暨居衡弘寇禄阙"
    "沃蔚越夔隆师巩厍勾融冷訾那简饶毋沙乜养须丰巢蒯相荆竺麦苟初计明谈茅昝惠芮羿汲邴糜松穆卞贝臧刁凤花商牟佴伯赏墨哈谯笪言苑练揭遆仝逯楚晋闫仉占"
)
_NAME_BEHIND_POST = compiled(
    rf"(?:[{SURNAMES}{_RARE_SURNAMES}]|欧阳|司马|上官|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|单于|百里|南宫|端木|轩辕|赫连|澹台|宇文|长孙|鲜于|呼延|钟离|申屠|濮阳)"
    rf"[{HAN_CLASS}]?(?![了的吗们路街户院区季节赛])[{HAN_CLASS}]"
    r"|[\u4e00-\u9fff]{1,2}(?:女士|先生|师傅)|[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,8}"
)
_SIGNED_CHARS = 32

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
_ROLES_ALONE = compiled(ROLE_APART)
_A_DESK = compiled("..(?:部|局|办|委|站|社|台|中心)$")  # 通讯员 县委宣传部
_NO_NAME = compiled(
    "走进|调查|签名|手记|观察|视[线角]|招聘|活动|培训|大赛|见面|风采|[节说在到了把为]"
)
_RUN = compiled(r"([^\u4e00-\u9fff]*)([\u4e00-\u9fff·]{2,})")
_BYLINES = compiled(
    rf"(?P<role>记者|通讯员|(?<=[\s、，,])实习生(?=\s)|评论员|作者|撰文|撰稿|摄影|[文图](?=[:：/／|｜]))[:：/／|｜]?\s*"
    rf"(?P<names>{_NAMES}(?:[\s、，,]+(?!通讯员|记者|实习生|摄影|发自|[文图][:：]){_NAMES})*)"
)
_SHOT_BY = compiled(
    rf"(?:(?:本报|见习|实习|特约)*(?:记者|通讯员))?[\s：:]*(?P<names>{_NAMES}(?:[\s、，,]+{_NAMES})*)\s*/?\s*(?:摄影报道|摄影|摄|(?<=[\s/])图$)"
)


def is_signature(text: str) -> bool:
    """Tell whether a line is nothing but who wrote the piece.

    >>> is_signature("本报记者 李明"), is_signature("（李明 王芳）"), is_signature("本报讯（记者李明）昨日")
    (True, True, False)
    >>> is_signature("编辑部负责接待来宾"), is_signature("作者签名售书")
    (False, False)
    """
    if len(text) > LINE_CHARS:
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


def post_and_names(text: str) -> tuple[str, ...]:
    """Return who a line names behind where they are of or what they are, and nothing else; or none.

    Only where it stands tells that it signs something: right below a headline, or below a letter.

    >>> post_and_names("县农技站 农艺师 李明"), post_and_names("感染科副主任 李明、王芳")
    (('李明',), ('李明', '王芳'))
    >>> post_and_names("县农技站 送技下乡"), post_and_names("李明 王芳")
    ((), ())
    """
    if len(text) > _SIGNED_CHARS:
        return ()
    first, *others = re.split(r"[\s、，,]+", text)
    posts = list(takewhile(_POST.fullmatch, others[:-1]))
    names = others[len(posts) :]
    told = _POST.fullmatch(first) and names and all(map(_NAME_BEHIND_POST.fullmatch, names))
    return tuple(names) if told else ()


def is_name(text: str) -> bool:
    """Tell whether a text is a name, one of a rare surname too, where another look sets it apart.

    >>> is_name("闵行舟"), is_name("新图书馆")
    (True, False)
    """
    return _NAME_BEHIND_POST.fullmatch(text) is not None


def is_dated_signature(text: str) -> bool:
    """Tell whether a line is nothing but who wrote the piece, and when.

    >>> is_dated_signature("记者 李明 4月21日"), is_dated_signature("记者 李明")
    (True, False)
    """
    bare = _A_DAY.sub("", text).strip()
    return len(text) <= LINE_CHARS and bare != text.strip() and is_signature(bare)


def is_credit(text: str) -> bool:
    """Tell whether a line is nothing but who took the photograph.

    >>> is_credit("本报记者 李明 摄"), is_credit("李明摄影作品展开幕")
    (True, False)
    """
    return len(text) <= LINE_CHARS and bool(CREDIT.fullmatch(text))


def unsigned(text: str) -> str:
    """Return a text without who wrote it or took its photograph, behind its end.

    >>> unsigned("会议召开。（记者 李明）"), unsigned("会议召开")
    ('会议召开。', '会议召开')
    """
    return _NAMES_BEHIND.sub("", SHOT_AT_END.sub("", CLOSING_BYLINE.sub("", text))).rstrip()


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
    if named := post_and_names(text):
        return tuple(Byline("作者", name) for name in named)
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
