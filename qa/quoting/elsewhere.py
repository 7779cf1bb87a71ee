"""A place of the world that a question is about and that the bulletin nowhere names.

北京地铁几点末班 is not answered with the last bus of a town, however near the other words are.
"""

from __future__ import annotations

from corpus.text import fold
from qa.query import Query, parse
from qa.rank import Finder
from qa.search.lexicon import Expansion

_COUNTRIES = """
美国 英国 法国 德国 俄罗斯 日本 韩国 朝鲜 印度 泰国 越南 老挝 柬埔寨 缅甸 马来西亚 新加坡
印度尼西亚 印尼 菲律宾 文莱 东帝汶 蒙古 哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦 塔吉克斯坦
土库曼斯坦 阿富汗 巴基斯坦 尼泊尔 不丹 孟加拉国 斯里兰卡 马尔代夫 伊朗 伊拉克 科威特 沙特
沙特阿拉伯 阿联酋 卡塔尔 巴林 阿曼 也门 约旦 叙利亚 黎巴嫩 以色列 巴勒斯坦 土耳其 塞浦路斯
格鲁吉亚 亚美尼亚 阿塞拜疆 乌克兰 白俄罗斯 摩尔多瓦 罗马尼亚 保加利亚 希腊 阿尔巴尼亚 北马其顿
塞尔维亚 波黑 克罗地亚 斯洛文尼亚 匈牙利 奥地利 捷克 斯洛伐克 波兰 立陶宛 拉脱维亚 爱沙尼亚
芬兰 瑞典 挪威 丹麦 冰岛 荷兰 比利时 卢森堡 爱尔兰 瑞士 意大利 梵蒂冈 西班牙 葡萄牙 安道尔
摩纳哥 马耳他 埃及 利比亚 突尼斯 阿尔及利亚 摩洛哥 埃塞俄比亚 索马里 肯尼亚 乌干达 坦桑尼亚
卢旺达 刚果 加蓬 喀麦隆 尼日利亚 尼日尔 乍得 马里 塞内加尔 加纳 科特迪瓦 利比里亚 几内亚 安哥拉
赞比亚 津巴布韦 莫桑比克 马达加斯加 毛里求斯 博茨瓦纳 纳米比亚 南非 加拿大 墨西哥 古巴 牙买加
海地 多米尼加 巴拿马 哥斯达黎加 危地马拉 洪都拉斯 尼加拉瓜 萨尔瓦多 哥伦比亚 委内瑞拉 厄瓜多尔
秘鲁 玻利维亚 智利 阿根廷 乌拉圭 巴拉圭 巴西 澳大利亚 新西兰 斐济 巴布亚新几内亚
"""
_OF_CHINA = """
北京 天津 上海 重庆 香港 澳门 台湾 台北 高雄 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西
山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 石家庄
太原 呼和浩特 沈阳 大连 长春 哈尔滨 南京 苏州 无锡 杭州 宁波 温州 合肥 福州 厦门 泉州 南昌 济南
青岛 烟台 郑州 洛阳 武汉 宜昌 长沙 广州 深圳 珠海 东莞 佛山 汕头 南宁 桂林 海口 三亚 成都
绵阳 贵阳 昆明 大理 丽江 拉萨 西安 兰州 西宁 银川 乌鲁木齐
"""
_CITIES = """
纽约 华盛顿 洛杉矶 旧金山 芝加哥 波士顿 西雅图 休斯敦 拉斯维加斯 夏威夷 伦敦 曼彻斯特 巴黎 柏林
慕尼黑 罗马 米兰 威尼斯 马德里 巴塞罗那 里斯本 维也纳 日内瓦 苏黎世 阿姆斯特丹 布鲁塞尔 哥本哈根
斯德哥尔摩 奥斯陆 赫尔辛基 莫斯科 圣彼得堡 基辅 华沙 布拉格 布达佩斯 雅典 伊斯坦布尔 开罗 迪拜
德黑兰 巴格达 耶路撒冷 新德里 孟买 曼谷 河内 吉隆坡 雅加达 马尼拉 东京 大阪 京都 名古屋 札幌
首尔 釜山 平壤 悉尼 墨尔本 多伦多 温哥华 墨西哥城 里约热内卢 布宜诺斯艾利斯 珠穆朗玛峰 紫禁城
故宫 天安门 迪士尼 迪士尼乐园
"""
PLACES = frozenset(f"{_COUNTRIES} {_OF_CHINA} {_CITIES}".split())
"""Countries, provinces and great cities, and sights that are asked about like them.

China is none: what a Chinese newspaper tells is of China without its name.
"""

_LIKELY = 0.3


def elsewhere(query: Query, finder: Finder) -> str:
    """Return the place of the world, printed nowhere, that a question names; else nothing.

    In English that is a phrase whose likeliest translation is such a place, and none of whose
    likely ones is printed. A publication's name counts as printed.

    Args:
        query: The question.
        finder: Finds in the archive that is asked.
    """
    named = (
        [[word] for word in query.terms.words]
        if query.lang == "zh"
        else [_likely(one) for one in parse(query.text).expansions if one.terms]
    )
    for terms in named:
        if terms[0] in PLACES and not any(_is_printed(one, finder) for one in terms):
            return terms[0]
    return ""


def _likely(phrase: Expansion) -> list[str]:
    """Return the translations that a phrase has mostly: 北京, and not 京."""
    return [term for n, (term, weight) in enumerate(phrase.terms) if not n or weight >= _LIKELY]


def _is_printed(term: str, finder: Finder) -> bool:
    papers = finder.archive.summary().names
    return any(term in fold(name) for name in papers) or bool(finder.texts_with(term))
