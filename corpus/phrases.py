"""Where two lines of a headline are two phrases: the first is complete in itself.

A headline is broken for lack of width too, and then inside a phrase. Only what surely ends a
phrase, or surely begins another, tells; all else goes on without a space.
"""

from __future__ import annotations

from corpus.scripts import compiled
from corpus.signatures import NAME_ALONE

_FEWEST = 6  # characters of a first line that is complete
_LONG = 8  # of one below which a person does something
_WHOLE = 11  # of one below which the paper's own place does

_DONE = (  # what has no object behind it
    "开工|开建|动工|竣工|完工|封顶|合龙|贯通|通车|通航|通水|通气|通电|投用|投产|投运|试跑|开业|开张|开市|开街|开园|开馆|开诊"
    "|开放|开门|迎客|开幕|闭幕|落幕|收官|启幕|揭牌|揭幕|揭晓|签约|落地|落成|建成|兑现|出炉|上线|下线|首发|首飞|首航|开赛|开跑"
    "|开讲|开考|开学|开课|开班|结业|报到|到位|到账|提速|见效|夺冠|获奖|告捷|延期|推迟|停运|停办|改道|翻番|翻倍|过半|扩容"
    "|通过验收|投入使用|开始预约|在即|将至|结束"
)
_DONE_TO = (  # what may have one, unless what it is done to stands before it
    "召开|举行|举办|启动|公布|发布|印发|出台|施行|实施|开通|完成|启用|恢复|取消|调整|打通|成立|受理|升级|运营"
)
_THING = (  # no body, which would do it
    "(?<![工协合商学委员])会|会议|活动|仪式|赛|节|月|周|项目|工程|主体|政策|办法|方案|意见|条例|规定|新规|细则|标准|名单|结果"
    "|线|线路|公交|路|桥|隧道|服务|行动|资金|补贴|计划|任务|工作|试点|改革|窗口|热线|系统|市场|机制|时间|价格|班|展|校区|期|段"
    "|票|考试|整治|检查"
)
_WHEN = (
    "正式|全面|全部|今[日天]|昨[日天]|将|再|如期|按期|顺利|圆满|年内|近日|即将|小时|起|底|初"
    r"|[\d一二三四五六七八九十]{1,4}[月日时]?|在[^，]{2,8}"
)
_ENDS = compiled(
    rf"(?:{_DONE}|(?:{_THING})(?:{_WHEN}){{0,4}}(?:{_DONE_TO})"
    r"|(?:召开|举行|举办|开展|组织)[^，]{2,}(?:会|会议|仪式|活动|赛|论坛|培训班|大检查|行动)"
    r"|时(?:要求|提出|表示|说)|强调|指出)$"
)
_GOES_ON = compiled(
    "仪式|典礼|活动|大会|会议|工作|现场|建设|改造|复产|生根|中心|项目|工程|服务|挂号|[日季月节周的了后前时率量和与及暨等并]"
)
_SPEAKS = compiled(r"[\u4e00-\u9fff·]{2,10}[：:]")
_ACTS = compiled(
    rf"{NAME_ALONE.pattern}(?:带队|主持|出席|调研|督导|看望|慰问|走访|会见|强调|要求|指出|宣布|到|赴)"
)
_WE_ACT = compiled(
    r"[我全][省市区县镇乡村校院](?:多措并举|将|已|全力|全面|积极|新增|召开|举行|启动|出台|推出|开展|部署)"
)
_WANTS = compiled(  # an object, or whose office it is
    "(?:[到在对为向来赴进]|莅临|指导|调研|考察|视察|检查|督导|督查|督察|服务|助力|惠及|支持|推动|推进|促进|点赞|肯定|慰问|看望"
    "|覆盖|落户|入驻|聚焦|关注|书记|主任|[区县市镇乡省部局院校社董]长|委员|代表|领导|干部|专家|教授|院士|[组队的])$"
)


def are_two_phrases(line: str, following: str) -> bool:
    """Tell whether a headline's line is complete in itself, and the next one says more.

    >>> are_two_phrases("新水厂主体开建", "首批设备年底进场")
    True
    >>> are_two_phrases("县里召开防汛会", "王芳强调：宁可信其有")
    True
    >>> are_two_phrases("县里开展青年干部", "“苗圃”行动测试")
    False
    """
    if len(line) < _FEWEST or _GOES_ON.match(following):
        return False
    if _ENDS.search(line) or _SPEAKS.match(following):
        return True
    acts = len(line) >= _LONG and _ACTS.match(following)
    we_act = len(line) >= _WHOLE and _WE_ACT.match(following)
    return bool(acts or we_act) and not _WANTS.search(line)
