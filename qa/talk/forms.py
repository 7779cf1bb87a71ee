"""The forms of example questions: what a headline or a clause must be, and how each is asked.

In English a question about a Chinese name needs several words beside it: with fewer it is read as
one that asks what the name means.
"""

from __future__ import annotations

import re

CONTENTS = {"zh": "最新一期有哪些文章？", "en": "What is in the latest issue?"}
AUTHOR = {"zh": "《{}》是谁写的？", "en": "Who wrote “{}”?"}
_OPEN = "On which day did “{}” open to the public?"
_END = "On which day did the event “{}” end?"
HAPPENS = {  # what a headline tells that a thing does, and how English asks when it did
    "空载试运行": "On which day does “{}” start its trial run?",
    "试运行": "On which day does “{}” start its trial run?",
    "试开放": _OPEN,
    "恢复开放": "On which day does “{}” open to the public again?",
    "重新开业": "On which day did “{}” open to the public again?",
    "启用": "On which day was “{}” put into use?",
    "开放": _OPEN,
    "开业": _OPEN,
    "开张": _OPEN,
    "开门": _OPEN,
    "开幕": "On which day does the event “{}” open?",
    "闭幕": _END,
    "落幕": _END,
    "收官": _END,
    "破土动工": "On which day did construction of “{}” start?",
    "开工": "On which day did construction of “{}” start?",
    "竣工": "On which day was construction of “{}” completed?",
    "建成": "On which day was construction of “{}” completed?",
    "合龙": "",
    "封顶": "On which day was the building of “{}” topped out?",
    "通车": "On which day is “{}” opened to traffic?",
    "召开": "On which day was the meeting “{}” held?",
    "举行": "On which day was the event “{}” held?",
    "举办": "On which day was the event “{}” held?",
    "开展": "On which day was the event “{}” held?",
    "下线": "",
}
_SOON = (
    "(?:集中|正式|全面|即将|今日|今起|本月底|年底|[本下]周[一二三四五六日]"
    r"|\d{1,2}月(?:\d{1,2}日)?(?:起)?)?"
)
HAPPENED = re.compile(
    rf"(?P<name>.+?){_SOON}(?P<verb>{'|'.join(HAPPENS)})(?=$|[\s,，]|\d+(?:\.\d+)?[万亿]+元)"
)
HELD = re.compile(r"(?P<who>[^\s，。]{2,8}?)(?P<verb>召开|举行|举办|开展)(?P<name>[^\s，。]+)")
MEETING = re.compile(r".+(?:会议|大会|[推动调度员析进座谈]会)")
EVENT = re.compile(rf"{MEETING.pattern}|.+(?:仪式|比赛|[赛节]|活动|测试|演练)")
THING = re.compile(
    r".*(?:项目|工程|[一二三]期|园区?|馆|校区?|院区?|小学|中学|[道桥]|[公]?路|线|中心|食堂|景区|农场|步道|广场|车?站|高速|温室|基地|厂)"
)
CHAIRS = re.compile(r"(?P<name>[一-鿿]{2,3})主持(?:召开)?(?:了)?(?:会议|[^，。；]{0,40}会)")
_VERBS = """
我 本 其 到 让 为 再 来 了 获 开展 召开 举行 举办 开启 推进 打造 组织 出台 调研 检查 督导 研究
审议 通过 参加 走进 启动 提供 新增 改造 夺得 成立 发布 完成 增至 实现
"""
TELLS = frozenset(_VERBS.split())
_FLOOR = "How many square metres is the floor area of “{}”?"
_LENGTH = "How many kilometres is the total length of “{}”?"
ATTRIBUTES = {  # what a clause tells of a thing: how Chinese asks, and English
    "总投资": ("{}总投资是多少？", "How many yuan is the total investment of “{}”?"),
    "投资": ("{}投资是多少？", "How many yuan is the total investment of “{}”?"),
    "总造价": ("{}总造价是多少？", "How many yuan is the total cost of “{}”?"),
    "总建筑面积": ("{}总建筑面积是多少？", _FLOOR),
    "建筑面积": ("{}建筑面积是多少？", _FLOOR),
    "占地": ("{}占地多少{}？", "How many mu of land does “{}” cover?"),
    "面积": ("{}面积是多少？", _FLOOR),
    "全长": ("{}全长多少{}？", _LENGTH),
    "线路总长": ("{}线路总长是多少？", _LENGTH),
    "座位": ("{}有多少个座位？", ""),
    "阅览座位": ("{}有多少个阅览座位？", "How many reading seats does “{}” offer?"),
    "票价": ("{}票价是多少？", "How many yuan is the ticket price of “{}”?"),
}
OF_UNIT = {"mu": "亩", "kilometres": "公里", "square metres": "平方米", "yuan": "元"}
TOLD = re.compile(
    r"(?:^|(?<=[，。；：、\n]))(?:该?项目|二期|新馆|大桥|绿道|二期线路|新校区|食堂)?"
    rf"(?P<what>{'|'.join(sorted(ATTRIBUTES, key=len, reverse=True))})"
    r"(?:达到?|为|约|共)?(?P<figure>\d[\d.]*[万亿]*(?P<unit>元|平方米|公里|米|亩|个))"
)
WHOLE = re.compile(
    r"(?:^|(?<=[，。；：\n]))(?:今年)?(?P<when>上半年|[一二三]季度|前[三两]季度)?[，]?(?P<of>全[区县市])(?:实现|完成)?(?P<name>[一-鿿]{2,10}?(?:总值|投资|产值|收入|[率量额]|天数))"
    r"(?:完成|达到?|为|约|共)*(?P<figure>\d[\d.]*[万亿]*(?:元|吨|标箱|%|天))"
)
WHOLES_EN = {
    "地区生产总值": "What was the gross regional product of the {}?",
    "生产总值": "What was the gross regional product of the {}?",
}
AREAS_EN = {"全区": "district", "全县": "county", "全市": "city"}
COUNTED = re.compile(
    r"(?P<name>全[区县市][^\s，。\d]{2,10}?)(?:增至|增加到|达到?|突破|超过)(?P<figure>\d[\d.]*万?(?P<unit>[家个名户座所]))$"
)
RATED = re.compile(
    r"(?P<name>\S+?(?P<what>[一-鿿]{2}[率值量额]))(?:位?居?全[省市国区县]|创|再创|增长|提高|突破|达|上升|下降|超)\S*"
)
AGED = re.compile(
    r"(?:今年(?P<age>\d{2})岁的|(?P<aged>\d{2})岁的(?:[一-鿿]{2,4}?)??)(?P<name>[一-鿿]{2,3})(?=[，。、]|把|已|在|的|说)"
    r"|(?P<before>[一-鿿]{2,3})今年(?P<is>\d{2})岁"
)
OFFICES = {
    "党工委书记": "Who is the secretary of the Party working committee?",
    "管委会主任": "Who is the director of the management committee?",
    "区委书记": "Who is the secretary of the district Party committee?",
    "县委书记": "Who is the secretary of the county Party committee?",
    "市委书记": "Who is the secretary of the municipal Party committee?",
    "校党委书记": "Who is the Party secretary of the university?",
    "区长": "Who is the head of the district?",
    "县长": "Who is the county head?",
    "市长": "Who is the mayor?",
}
OFFICE = re.compile(
    rf"(?:(?<![副原一-鿿])|(?<=[新发范]区))(?P<office>{'|'.join(OFFICES)})(?P<name>[一-鿿]{{2,3}}?)(?=主持|出席|讲话|作|到|说|指出|强调|致辞|先后|深入|带队|率|通报|参加|来|[，。、（])"
)
