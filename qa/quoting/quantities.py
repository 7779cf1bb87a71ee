"""Measure words and units: which of them measure the same kind of thing."""

from __future__ import annotations

import re
from functools import lru_cache

_SCALE = "[百千万亿]*"
_FAMILIES = {
    "people": "人次|个?人(?!民)|名|位|口|户次|剂次",
    "money": "[美欧港日韩]元|日?圆|英镑|港币|人民币|卢布|法郎|马克|卢比|泰铢|元|块钱?",
    "share": "个?百分点|%|‰|成|分之[一二三四五六七八九十]+|倍",
    "length": "公里|千米|英里|海里|里|米|公尺|厘米|公分|毫米|英尺|英寸|英吋|光年|km|cm|mm|m(?![a-z])",
    "area": "平方(?:公里|千米|公尺|厘米|英里|米)?|公顷|亩|km2|m2",
    "volume": "立方(?:米|公尺|厘米)?|毫升|升",
    "weight": "公斤|千克|公吨|毫克|克|吨|斤|kg|g(?![a-z])",
    "time": "个?月|个?小时|分钟|秒钟?|星期|周(?!岁)|个?世纪|个?工作日|天|日|年|刻钟",
    "age": "周?岁",
    "degree": "摄氏度|华氏度|度|℃|°c",
    "turns": "人次|班次|架次|车次|场次|次|回|趟|遍|届|轮|场",
    "power": "千瓦时|千瓦|千?伏(?!特)|兆瓦|瓦|伏特|赫|[kmgt]b|[mgk]?hz",
    "things": (
        "个?版本|标准?箱|teu|车道|[个家项条座所处部本册支只件款类样份门段片级枚间套派集层栋幢头匹棵株根辆台架艘颗粒张幅盏扇道起"
        "桩宗例批拨组剂队班期种对双点号路分章节页篇首句字户名位袋瓶盒箱杯]"
    ),
}
ASKED_EN = (
    r"what(?: is| was| are| were|'s) (?:the |its |their |an? )?(?:[\w'-]+ ){0,4}?"
    r"(?:rate|percentage|proportion|share|ratio|number|amount|total|sum|population|area|length|height"
    r"|width|depth|size|distance|speed|temperature|price|cost|salary|income|revenue|budget|value"
    r"|investment|output|turnover|profit|capacity|density|fine|fee|fare|penalty|rent|deposit)\b"
)
"""A regular expression for English questions that ask for a figure by its name."""

ASKS_RANK = re.compile(
    r"\bwhat (?:place|rank(?:ing)?)(?= (?:did|does|do|has|have)\b[^?]*\b(?:take|taken|finish|come|rank|get|win|won)\b)"
    r"|[排居列](?:名|行|在|到|了)*第几|第几[名位](?![^,?]{0,2}[的是])"
)
"""What asks which place something takes among others."""

RANK = re.compile(r"第(?:\d+|[一二三四五六七八九十]+)(?:[位名]|(?=[,，。;；!！]))")
"""What tells it."""

ASKS_FROM_TO = re.compile(
    "[从由](?:多少|几)[^,。?]{0,8}(?:多少|几)|(?:多少|几)[^,。?从由]{0,4}变(?:成|为|到)?了?(?:多少|几)"
)
"""What asks from what to what something changed."""

CHANGES_TO = (
    "(?:调整?|[更修]?改|变更?|延[长期迟]?|推迟|提[前高]|增[加长]?|扩大|上[调升涨]|下[调降]|降低?|[提上]?升|减[少至]?|缩[短小]|压缩|放宽|恢复|搬|迁|换)"
    "[到至为成]"
)
"""A pattern of what stands before what something has changed to."""

HAS_CHANGED = re.compile(CHANGES_TO)
"""What tells that something has changed, and what to follows."""

AT_FIRST = re.compile(
    "原[本先来定]|最[早初]|当初|以前|过去|之前|\\b(?:original|first|before|used to)", re.IGNORECASE
)
"""What asks for what was, before it changed."""

FROM_TO = re.compile(
    rf"[从由自][^,。;]{{0,6}}?\d[^,。;]{{0,12}}?{CHANGES_TO}[^,。;]{{0,4}}?\d[\d.:]*(?:[至到~—–-]\d[\d.:]*)?[万亿]*[^\s\d,。;]?"
    r"|[从由自][^,。;]{0,12}?\d[^,。;]{0,8}?[到至为成][^,。;]{0,4}?\d[\d.]*[万亿]*[^\s\d,。;]?"
)
"""What tells it: 由30元降到20元."""

_AT_MOST, _AT_LEAST = (
    "最[高多大长]|至多|上限|封顶|不超过|高达",
    "最[低少小短]|至少|下限|不低于|不少于|起步|起[价租]",
)
_LIMITS = tuple(  # a limit that is asked for, and the words that tell one
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (
            r"最(?:多|高)(?:能|可以?|会|给|补|奖|罚|报|领|拿|贷|享|得|是)|上限|\bat most\b|\bmaximum\b",
            _AT_MOST,
        ),
        (
            r"最(?:少|低)(?:能|可以?|会|给|要|得|是|交)|至少|下限|\bat least\b|\bminimum\b",
            _AT_LEAST,
        ),
    )
)

UNIT = "|".join(_FAMILIES.values())
"""A pattern of every unit."""

_OF_UNIT = {name: re.compile(pattern) for name, pattern in _FAMILIES.items()}
LONG = (
    r"how long (?:is|are|was|were) (?:[\w'-]+ ){0,6}?(?:bridge|road|route|line|railway|tunnel|river"
    r"|canal|d[iy]ke|embankment|street|path|trail|track|wall|pipe|pipeline|boat|ship|blade|beam|cable"
    r"|section|stretch|expressway|highway|metro|runway|coastline|greenway|ditch|channel)s?\b"
)
"""A pattern of what asks in English for a length in metres, and for no time."""

_TOLD_BY_WORDS = (  # what a question that names no unit wants one of
    (
        "share",
        "率|比例|比重|占比|增速|增幅|增长|百分比|上涨|下跌|percent|share|proportion|rate|ratio|grow"
        "|by how much",
    ),
    ("area", r"面积|占地|多大|area|how (?:large|big)\b|how many (?:mu|hectares|acres|square)\b"),
    (
        "length",
        "长度|距离|高度|深度|身高|体长|全长|直径|海拔|多[长高远深宽]|how (?:tall|far(?! (?:ahead|in advance|behind))|high|deep|wide|near)"
        rf"|how many (?:kilomet(?:er|re)s|met(?:er|re)s|km|miles)\b|{LONG}",
    ),
    ("age", "年龄|年纪|多大|how old"),
    (
        "weight",
        r"重量|体重|质量|多重|how heavy|\bweigh\b|how many (?:ton(?:ne)?s|kilo(?:gram)?s|kg|jin)\b",
    ),
    ("degree", "[温湿]度|气温|水温|体温|temperature|how (?:hot|cold|warm)"),
    (
        "people",
        "人口|人数|population|how many (?:[a-z]+ )?(?:people|persons|citizens|residents|villagers|students"
        "|pupils|teachers|workers|staff|officials|cadres|volunteers|visitors|members|players|women|men)",
    ),
    ("turns", "how many times|how often"),
    (
        "time",
        rf"时间|时长|期限|寿命|多久|多长|(?!{LONG})how long|how (?:soon|quickly)"
        "|how far (?:ahead|in advance|behind)|how much (?:earlier|later|sooner)"
        "|how many (?:[a-z]+ )?(?:years|months|weeks|days|hours|minutes)",
    ),
    (
        "money",
        "投资|收入|产值|金额|价格?|费|工资|补贴|补助|奖[金励]|预算|资金|总额|税|花(?=[了掉费多几])|钱|营业额|成本|利润"
        "|(?<!by )how much(?![^?]* weigh\\b)(?= (?:money|did|do|does|is|was|are|were|will|has|have|had|can)\\b|\\W*$)|how many (?:yuan|dollars|rmb)\\b|cost|invest|pay|price|money|worth|revenue|budget|fee|income|output value|turnover|subsidy",
    ),
)
_TOLD_BY = tuple((name, re.compile(pattern)) for name, pattern in _TOLD_BY_WORDS)
_COUNTS = frozenset(("things", "people", "turns"))


@lru_cache(maxsize=256)
def families(unit: str) -> frozenset[str]:
    """Return the kinds of thing that a unit measures; a scale before it does not matter.

    >>> sorted(families("万元")), sorted(families("名")), families("")
    (['money'], ['people', 'things'], frozenset())
    """
    bare = re.sub(rf"^{_SCALE}", "", unit)
    return frozenset(name for name, pattern in _OF_UNIT.items() if bare and pattern.fullmatch(bare))


@lru_cache(maxsize=16)
def families_told(question: str) -> frozenset[str]:
    """Return the kinds of thing that a question speaks of in its other words.

    >>> families_told("全市森林覆盖率达到多少?")
    frozenset({'share'})
    """
    return frozenset(name for name, told in _TOLD_BY if told.search(question))


def families_wanted(question: str, unit: str) -> frozenset[str]:
    """Return the kinds of thing that a figure asked for may measure; none where nothing tells.

    Without a unit and a word that tells, what is counted is things, people or times.

    >>> sorted(families_wanted("how many seats are there?", "")), families_wanted("几元?", "元")
    (['people', 'things', 'turns'], frozenset({'money'}))
    """
    told = families(unit) or families_told(question)
    return told or (_COUNTS if question.startswith("how many ") else frozenset())


_MEASURES_EN = tuple(  # what is counted, and the measure words it is counted by
    (re.compile(rf"\b(?:how many|(?:what|which) number of) (?:[\w'-]+ ){{0,3}}?(?:{nouns})\b"), units)
    for nouns, units in (
        ("jobs|positions|posts|vacancies|openings", "个|名|人"),
        ("compan(?:y|ies)|firms|enterprises|business(?:es)?|factories|shops|stores|restaurants|hotels|hospitals|clinics"
         "|homestays|guesthouses|suppliers|banks|canteens|agencies|bodies|organi[sz]ations", "家|个|所|户"),
        ("schools|kindergartens|universities|colleges", "所|个|家"),
        ("projects|measures|topics|tasks|services|records|reforms|items|patents|inventions", "个|项|件|条"),
        ("vehicles|cars|buses|trucks|lorries|bikes|bicycles|cabs|taxis|ambulances", "辆|台|部"),
        ("machines|harvesters|pumps|computers|robots|elevators|lifts|engines|air conditioners|sets", "台|部|套|个"),
        ("ships|boats|vessels|ferries", "艘|条|只"),
        ("trees|seedlings|plants|bushes|saplings", "棵|株"),
        ("households|families|homes", "户|家|套"),
        ("flats|apartments|houses|units|dwellings", "套|户|间|栋|幢"),
        ("buildings|blocks|towers", "栋|幢|座"),
        ("bridges|reservoirs|stations|temples|towns|islands", "座|个|站"),
        ("books|volumes|copies|scripts", "册|本|部|份|件"),
        ("beds|seats", "张|个|座|席"),
        ("spaces|bays|lots|stalls|booths|stands|windows|counters|toilets|cameras|points|spots|sites|wells"
         "|villages|communities|streets|districts|departments|teams|groups|branches|classes|sessions|events",
         "个|处|支|场|口|眼|盏|座|块|班|部|组|家|条"),
        ("lamps|lights|lanterns", "盏|个|只"),
        ("roads|routes|lines|lanes|rivers|streams", "条|车道"),
        ("rooms|classrooms|wards|offices", "间|个|套|客房"),
        ("shows|performances|matches|games|lectures|talks|fairs|concerts|meetings|exhibitions", "场|次|个|届"),
        ("cases|accidents|incidents|fires|disputes|complaints", "起|件|宗|例|个"),
        ("floors|storeys|stories", "层|楼"),
        ("exhibits|pieces|artefacts|artifacts|objects|works|relics", "件|个|幅|组|套|片|块"),
        ("suggestions|opinions|comments|proposals|problems|questions|issues|hazards|risks", "条|个|件|处|项"),
        ("trips|departures|services a day|runs|flights", "班|趟|车次|班次|个"),
        ("lessons|periods", "节|课时"),
    )
)  # fmt: skip


@lru_cache(maxsize=64)
def measured_by(question: str) -> re.Pattern[str] | None:
    """Return how the figure ends that a folded English question asks for, where that is known.

    >>> measured_by("how many harvesters were sent?").search("1860台") is not None
    True
    >>> measured_by("how many people came?"), measured_by("how many jobs are there?").search("218亩")
    (None, None)
    """
    units = _units_of(question)
    return re.compile(rf"(?:{units})$") if units else None


def measured_mostly_by(question: str) -> str:
    """Return the measure word of just what a folded English question counts: 家, of companies.

    >>> measured_mostly_by("how many firms came?"), measured_mostly_by("how many jobs are there?")
    ('家', '')
    """
    first, *_ = _units_of(question).split("|")
    return "" if first == "个" else first


@lru_cache(maxsize=64)
def _units_of(question: str) -> str:
    return next((units for asked, units in _MEASURES_EN if asked.search(question)), "")


@lru_cache(maxsize=64)
def limit_asked(question: str) -> re.Pattern[str] | None:
    """Return what tells the limit that a folded question asks for: at most, or at least.

    >>> limit_asked("最多能拿多少奖金?").search("最高可奖3万元") is not None, limit_asked("奖金多少?")
    (True, None)
    """
    return next((told for asked, told in _LIMITS if asked.search(question)), None)


def scale_asked(gap: str) -> str:
    """Return 亿 where so many are asked for, else nothing.

    >>> scale_asked("多少亿"), scale_asked("多少亿元"), scale_asked("多少")
    ('亿', '亿', '')
    """
    return "亿" if "亿" in gap else ""
