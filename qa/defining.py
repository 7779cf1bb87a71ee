"""Which coined term a question asks to be explained: “一核两翼”战略是什么, what does 4321 mean.

A question is taken apart into the frame that asks and what it asks about. That is a coined term
where hardly anything but the kind of thing it is stands beside it: the 4321 *goal*, “星火”*计划*.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.text import HAN

_FEW, _SOME = 2, 4  # Chinese characters that may stand beside a bare term; in "X… is what?"
_FEW_WORDS, _MORE_WORDS = 2, 5  # English words; where the meaning is asked for by name
_MOST_BARE = 40  # characters that may be but a term
_OF_ITS_KIND = re.compile(
    r"\W|的|目标|行动|工程|计划|战略|项目|活动|规划|政策|机制|模式|体系|远景|布局|格局|理念|要求"
)
_HEDGE = "(?:具体|分别|都|主要|到底|究竟|又|一共|其实)?"
_QUOTES = '[“”"「」『』]?'
_WHICH = "哪(?:[几一二三四五六七八九十两]{1,2}|些)"
_FRAMES_ZH = (
    re.compile(
        r"(?:什么是|何为|何谓|什么叫做?|啥是|啥叫|(?:如何|怎[么样])(?:理解|解释|解读)|(?:解释|说明)(?:一下)?)"
        rf"{_QUOTES}(?P<focus>[^？?]{{1,24}}?){_QUOTES}[？?。]?$"
    ),
    re.compile(
        rf"^(?:请问|请?(?:解释|说明)(?:一下)?)?{_QUOTES}(?P<focus>[^，,。的]{{1,24}}?)(?:的)?(?:目标|含义|意思|定义|内容|内涵)?"
        rf"{_HEDGE}(?:是指|指的是|指|是|代表|意味着)?(?:的)?(?:什么|啥)(?:意思|含义|概念)?[呢呀啊]?[？?]?$"
    ),
    re.compile(
        rf"^(?:请问)?{_QUOTES}(?P<focus>[^，,。]{{1,24}}?){_HEDGE}(?:包[括含]|涵盖|有|指)了?(?:哪些|什么)"
        r"(?:内容|方面|含义)?[？?]?$"
    ),
    re.compile(  # “一节两会”是指哪一节哪两会
        rf"^(?:请问)?{_QUOTES}(?P<focus>[^，,。的]{{1,24}}?){_HEDGE}(?:是指|指的是|指|是)"
        rf"{_WHICH}[^，,。？?]{{0,8}}[？?]?$"
    ),
    re.compile(
        rf"^(?:请问)?{_QUOTES}(?P<focus>[^，,。的]{{1,24}}?){_HEDGE}(?:应该)?(?:如何|怎[么样])(?:理解|解释|解读)[？?]?$"
    ),
)
_LISTS_ZH = re.compile(  # “四张清单”包括哪四张: which of its own kind, and of no other
    rf"^(?:请问)?{_QUOTES}(?P<focus>[^，,。]{{1,24}}?){_HEDGE}(?:包[括含]|涵盖|有|分为?)了?"
    rf"{_WHICH}[个项种类条张大件方]?(?P<kind>[^，,。？?]{{0,6}}?)[？?]?$"
)
_SPACE = r"(?: |(?=[^\w\s]|[\u4e00-\u9fff]))"  # folding takes it beside Chinese and its signs
_ARTICLE = f"(?:(?:the|a|an|so-called|this|that|these|those){_SPACE})*"
_MEANS = r"\b(?:means?|stands? for|refers? to|consists? of|made up of|all about|about)"
_WHAT_IS = "what(?:['’]?s| is| are| was| were)"
_FRAMES_EN = (
    re.compile(
        rf"^{_WHAT_IS} (?:meant by|the (?:meaning|definition|idea) (?:of|behind)){_SPACE}{_ARTICLE}"
        r"(?P<means>)(?P<focus>[^?]{1,80}?)\s*\??$"
    ),
    re.compile(
        r"^(?:(?:can|could) (?:you|someone) |please )*(?:explain|define)(?: to me)?(?: what)?"
        rf"{_SPACE}{_ARTICLE}(?P<means>)"
        r"(?P<focus>[^?]{1,60}?)(?: ?\b(?:is|are|means?))?\s*\.?\??$"
    ),
    re.compile(
        rf"^{_WHAT_IS}{_SPACE}{_ARTICLE}(?P<focus>[^?]{{1,80}}?)(?: ?(?P<means>{_MEANS}))?\s*\??$"
    ),
    re.compile(
        rf"^what (?:do|does|did){_SPACE}{_ARTICLE}(?P<focus>[^?]{{1,80}}?)"
        rf" ?(?:(?P<means>{_MEANS})|include|cover|comprise|contain|involve)\s*\??$"
    ),
)
_WHERE_IT_STANDS = re.compile(
    r",? ?\b(?:in|of|from|behind|under|within|at|by|that|which|mentioned|named|quoted|used|set out"
    r"|called for)\b(?!.*\d).*"
)
_QUOTED_EN = re.compile(r"[“\"‘'](?P<term>[^“”\"]+?)(?:[”\"]|[’'](?!\w))")
_OF_IT = re.compile(r"\w['’]s\b")  # the “one core” project's budget
_ASKS = re.compile(r"\b(?:wh(?:at|en|ere|y|ich|o|om|ose)|how)\b")


def focus_of(folded: str, required: tuple[str, ...], is_empty: Callable[[str], bool]) -> str:
    """Return the coined term that a folded question asks to be explained, or an empty string.

    Only quoted terms and codes: what an ordinary word means a bulletin rarely says, and need not.

    Args:
        folded: The question.
        required: Its quoted terms and codes, folded.
        is_empty: Tells whether a word says nothing about a subject.
    """
    if len(required) == 1 and not _ASKS.search(folded):
        rest = folded.replace(required[0], " ")
        if _is_bare(rest, is_empty, most=_FEW, words=_FEW_WORDS):
            return required[0]
    for told, most_words in _told(folded):
        for term in reversed(required):  # a term in Chinese stands behind its translation
            before, found, behind = told.partition(term)
            behind = _WHERE_IT_STANDS.sub("", behind)
            rest = f"{before} {behind}"
            for one in required if HAN.search(term) else ():
                rest = rest.replace(one, " ")
            if not found or "的" in rest or _OF_IT.search(behind):
                continue
            if _is_bare(rest, is_empty, most=_SOME, words=most_words):
                return term
    return ""


def term_asked(folded: str) -> str:
    """Return what a folded question asks to be explained, whatever it is; or an empty string.

    A few words that ask nothing are asked about.

    >>> term_asked("什么是三个一批?"), term_asked("what are the two goals in the report?")
    ('三个一批', 'two goals')
    """
    bare = "" if _ASKS.search(folded) or len(folded) > _MOST_BARE else folded.rstrip("?？ ")
    told = next((told for told, _ in _told(folded)), bare)
    quoted = _QUOTED_EN.match(told)
    if quoted and not HAN.search(told):
        return quoted["term"]
    return told if HAN.search(told) else _WHERE_IT_STANDS.sub("", told)


def _told(folded: str) -> Iterator[tuple[str, int]]:
    """Yield what a question may ask about, and how many English words may stand beside a term."""
    for pattern in _FRAMES_ZH:
        if match := pattern.search(folded):
            yield match["focus"], _FEW_WORDS
    if (match := _LISTS_ZH.search(folded)) and match["kind"] in match["focus"]:
        yield match["focus"], _FEW_WORDS
    for pattern in _FRAMES_EN:
        if match := pattern.search(folded):
            yield match["focus"], _FEW_WORDS if match["means"] is None else _MORE_WORDS


def _is_bare(rest: str, is_empty: Callable[[str], bool], *, most: int, words: int) -> bool:
    """Tell whether hardly anything but the kind of thing stands beside a term: goal, 行动."""
    rest = _OF_ITS_KIND.sub(" ", rest).strip()
    told = [word for word in re.findall(r"[a-z]+", rest) if not is_empty(word)]
    return len(told) <= words and len(HAN.findall(rest)) <= most
