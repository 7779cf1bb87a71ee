"""A body or a household that a text speaks of and does not name: 两家外地企业 tells not which.

Who asks for a name is not answered by a sentence that has none, however much it says of the thing.
"""

from __future__ import annotations

import re

from corpus.text import fold
from qa.query import Query
from qa.quoting.stretches import BYLINE

_SORTS = (  # how questions call a body, in Chinese and English, and what it may be called in print
    (
        "公司|企业|[车药房国民央外]企|厂家?|厂商|集团|供应商|客户|买家",
        r"compan(?:y|ies)|firms?|enterprises?|manufacturers?|factor(?:y|ies)|suppliers?|buyers?|makers?",
        "公司|企业|[车药房国民央外]企|厂家?|厂商|集团|供应商|客户",
    ),
    (
        "店|商店|门店|店铺|超市|饭店|餐馆|商户",
        r"shops?|stores?|supermarkets?|restaurants?|caf[eé]s?|retailers?",
        "店铺?|超市|餐馆|商户",
    ),
    ("银行|金融机构", "banks?", "银行|金融机构"),
    (
        "大学|高校|院校|学校|学院|[中小]学|幼儿园",
        r"universit(?:y|ies)|colleges?|schools?|kindergartens?",
        "大学|高校|院校|学校|学院|[中小]学|幼儿园",
    ),
    ("医院|诊所", "hospitals?|clinics?", "医院|诊所"),
    ("人家|家庭|户|住户|农户", "households?|famil(?:y|ies)", "户|人家|家庭"),
)
_NAMED_WHAT = "(?:分别)?(?:叫|是)(?:什么|啥)(?:名字?)?|(?:名字|名称|店名|校名)(?:是|叫)?(?:什么|啥)"
_WHICH = r"哪(?:一|几|两|[二三四五六七八九十\d]+)?[家所户个座间]"
_COUNTED = (
    r"(?<!第)(?:(?:[一两二三四五六七八九十几多百数]|\d|某)余?[家所户个座间]"
    r"|(?:已?有|一些|部分|不少|许多)(?!限))"
)
_TELLS = (  # one by its name
    r"名为|名叫|叫[做作]|分别(?:是|为)|包括|——|以及"
    r"|、[^,。;]{2,16}(?:等|[两三四五六七八九十几\d][家所个])"
)
_OPENING, _CLOSING = '[“《「『"(:]', '[”》」』")]'
_NOT_OF_A_NAME = (
    "[的了在由为向对将把被与和及从到于以给跟同是有一两几多某各该本全其这那每,。;:!?、()]"
)


def leaves_unnamed(query: Query, folded: str) -> bool:
    """Tell whether a body's name is asked for that a folded text counts, and names none like it.

    >>> from qa.query import parse
    >>> query = parse("跟县里签约的那两家企业叫什么？")
    >>> [leaves_unnamed(query, f"县里与{whom}签约。") for whom in ("两家外地企业", "长河公司")]
    [True, False]
    """
    question = fold(query.text)
    for asked, printed in _ASKED[query.lang]:
        if not asked.search(question):
            continue
        counted = re.compile(rf"{_COUNTED}[^,。;:]{{0,8}}?(?:{printed})")
        told = BYLINE.sub("", folded)
        if not counted.search(told):
            return False
        beside = rf"(?:{printed})[^,。;]{{0,4}}{_OPENING}|{_CLOSING}[^,。;]{{0,8}}(?:{printed})"
        named = re.compile(rf"(?:(?!{_NOT_OF_A_NAME}).){{2,}}(?:{printed})")
        return not re.search(f"{_TELLS}|{beside}", told) and all(
            one.group() in question for one in named.finditer(counted.sub("。", told))
        )
    return False


_ASKED = {
    "zh": tuple(
        (
            re.compile(
                rf"{_WHICH}[\u4e00-\u9fff]{{0,6}}?(?:{zh})|(?:{zh})(?:的)?(?:{_NAMED_WHAT})"
                rf"|(?:{zh})是{_WHICH}"
            ),
            printed,
        )
        for zh, _, printed in _SORTS
    ),
    "en": tuple(
        (
            re.compile(rf"\b(?:which|what|names? of(?: the)?) (?:\w+ ){{0,3}}?(?:{en})\b"),
            printed,
        )
        for _, en, printed in _SORTS
    ),
}
