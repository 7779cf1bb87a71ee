"""Patterns written in Simplified characters that match Traditional ones alike.

Each character stands for one of the other script, so that what a pattern finds stands where it is
printed, in the script in which it is printed.
"""

from __future__ import annotations

import re
from typing import cast

_SIMPLE = (
    "报台见习实约驻体图记讯员摄评论编辑将拟于计划综电闻赵钱孙吴郑冯陈卫蒋韩杨许吕张严华谢邹窦"
    "云苏范鲁韦马鲍费贺汤罗毕乐齐余顾黄萧庞纪项蓝贾颜钟骆万卢邓龚陆荣储厉刘龙叶乔党谭温庄阎鱼"
    "满欧聂关游权涂岳连阳诸东迟层群谱风采录进时动谈礼对线访园区经济简递话标题传态专栏广场视点"
    "击载转续办县调签签观训赛节说为发导读内详紧条问开链阅词释亲爱联咨询诉监举务会议讲间邮热网"
    "价奖单组亚军银来镇业挥处营医学协长师数据资统启启声征讣卖遗挂总书艺产财国际责执术觉终审设"
    "订码号准证农历页赠复筹荐选扫维个赞赞们浏览闭顶级归"
    "则宁娄缪阚栾宫邬两"
)
_TRADITIONAL = (
    "報臺見習實約駐體圖記訊員攝評論編輯將擬於計劃綜電聞趙錢孫吳鄭馮陳衛蔣韓楊許呂張嚴華謝鄒竇"
    "雲蘇範魯韋馬鮑費賀湯羅畢樂齊餘顧黃蕭龐紀項藍賈顏鍾駱萬盧鄧龔陸榮儲厲劉龍葉喬黨譚溫莊閻魚"
    "滿歐聶關遊權塗嶽連陽諸東遲層羣譜風採錄進時動談禮對線訪園區經濟簡遞話標題傳態專欄廣場視點"
    "擊載轉續辦縣調籤簽觀訓賽節說為發導讀內詳緊條問開鏈閱詞釋親愛聯諮詢訴監舉務會議講間郵熱網"
    "價獎單組亞軍銀來鎮業揮處營醫學協長師數據資統啟啓聲徵訃賣遺掛總書藝產財國際責執術覺終審設"
    "訂碼號準證農曆頁贈復籌薦選掃維個讚贊們瀏覽閉頂級歸"
    "則寧婁繆闞欒宮鄔兩"
)
"""The other forms of the characters that patterns have, in the same order; some have two."""

_OTHERS: dict[str, str] = {}
for _one, _other in zip(_SIMPLE, _TRADITIONAL, strict=True):
    _OTHERS[_one] = _OTHERS.get(_one, "") + _other
_TO_SIMPLE = str.maketrans(_TRADITIONAL, _SIMPLE)
_PARTS = re.compile(r"\\.|[\[\]]|.", re.DOTALL)


def both(pattern: str) -> str:
    """Return a pattern with the Traditional forms of its characters besides the Simplified ones.

    >>> both("本报[记讯]")
    '本[报報][记記讯訊]'
    """
    found: list[str] = []
    inside = False
    for part in _PARTS.findall(pattern):
        others = _OTHERS.get(part, "")
        if part in ("[", "]"):
            inside = part == "["
        found.append(f"[{part}{others}]" if others and not inside else part + others)
    return "".join(found)


class _Later:
    """A pattern for both scripts that is compiled when it is first used.

    A question seldom needs what reads an issue, and compiling it all takes a tenth of the time in
    which a command answers.
    """

    def __init__(self, pattern: str, flags: int) -> None:
        self._told = pattern, flags

    def __getattr__(self, name: str) -> object:
        pattern, flags = self._told
        value: object = getattr(re.compile(both(pattern), flags), name)
        setattr(self, name, value)  # which is found from now on
        return value


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that matches both scripts.

    >>> bool(compiled("本报记者").match("本報記者"))
    True
    """
    return cast(re.Pattern[str], _Later(pattern, flags))


def simple(text: str) -> str:
    """Return a text with the Simplified forms of such characters, each in its place.

    >>> simple("攝影記者")
    '摄影记者'
    """
    return text.translate(_TO_SIMPLE)
