"""Greetings and the like, and questions that show what an archive answers.

The questions are made of what the archive prints: what a headline shares with its article, and a
figure in it. Each is asked before it is shown, and shown only if the figure is in its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.text import HAN, fold
from corpus.types import Article
from qa.answer import Answerer
from qa.query import Lang
from qa.slot import JOINING
from qa.slots import tokens

_HELLO = (
    r"(?:你|您|大家)好[啊呀吗]?|[早晚]上好|[上下中]午好|早安|晚安|嗨|哈[喽啰]|在吗"
    r"|hi(?: there)?|hello(?: there)?|hey(?: there)?|good (?:morning|afternoon|evening|day)|greetings"
)
_KINDS = (
    ("hello", _HELLO),
    (
        "thanks",
        r"(?:非常|十分|太|好的)?[,，]?(?:感谢|谢谢|多谢|谢了|辛苦)(?:你|您|大家)?(?:们)?(?:了|啊|啦|的帮助|的回答)?|谢谢谢谢"
        r"|(?:ok(?:ay)?,? |great,? )?(?:many |no )?(?:thanks|thank you|thx|cheers)(?: you)?(?: a lot| very much| so much| again)?",
    ),
    (
        "bye",
        r"再见|拜拜|回头见|下次见|(?:good ?)?bye(?:[ -]bye)?|see you(?: later| soon)?|farewell",
    ),
    (
        "fine",
        r"好的?|好吧|嗯+|哦+|明白了?|知道了?|懂了|了解了?|不错|很好|太好了|太棒了|真棒|厉害|可以|没事了?|没有了"
        r"|ok(?:ay)?|got it|great|cool|nice|i see|fine|perfect|awesome|good|well done|all right|alright|never mind|no",
    ),
    (
        "who",
        r"你(?:到底)?是(?:谁|什么|人|机器人|真人|人工智能|ai)[吗么]?|你叫什么(?:名字)?|介绍一下你自己|你是.{0,6}(?:模型|gpt)吗?"
        r"|(?:who|what) are you|what(?:'s| is) your name|are you (?:a |an )?(?:bot|robot|human|person|real person|llm|ai|machine|chatgpt)"
        r"|introduce yourself",
    ),
    (
        "help",
        r"(?:请问)?你(?:都)?(?:能|会|可以)(?:帮我)?(?:做|干|回答|说|查|知道)?(?:些|点)?(?:什么|啥|哪些)(?:问题|事情?|呢|吗)*|怎么(?:用|使用|提问)(?:你|呢)?"
        r"|(?:使用)?帮助|有(?:什么|哪些)功能|我(?:能|可以)(?:问|查)(?:你)?(?:些|点)?(?:什么|哪些)(?:问题)?"
        r"|(?:so )?what (?:can|do) you (?:do|know|answer)(?: for me)?|what can i ask(?: you)?|help(?: me)?|how (?:do you|does this|does it) work"
        r"|what questions can (?:i|you) (?:ask|answer)|what is this",
    ),
    (
        "unclear",
        r"我?(?:还是|有点|完全|实在)?(?:不太?|没有?)(?:明白|懂|理解|看懂|听懂)(?:了|啊|呢|你(?:的意思|说的|在说什么|的回答))?|(?:看|听)不(?:太)?(?:懂|明白)"
        r"|(?:你)?(?:这|这句话)?(?:是)?(?:什么|啥)意思|没(?:看|听)(?:懂|明白)|不知道你在说什么"
        r"|(?:sorry )?i (?:still )?(?:do not|don't|did not|didn't|cannot|can't) (?:quite |really )?(?:understand|get|follow)(?: (?:it|that|this|you|the answer|what you mean))?"
        r"|what do you mean|what does (?:that|this|it) mean|i am (?:confused|lost)|i'm (?:confused|lost)|unclear|not clear|huh",
    ),
    (
        "doubt",
        r"你?(?:真的?|能)?(?:很)?确定[吗么]?|(?:这|那)?(?:都)?是真的?[吗么]|真的[吗么]?|真的假的|不会吧|你?没(?:有)?(?:搞|弄|说)错吧?"
        r"|(?:这|那|你说的|你的回答)?(?:可靠|准确|可信|靠谱|正确|属实|对)[吗么]|(?:我)?不(?:太)?(?:相)?信"
        r"|are you (?:really |quite |absolutely )?(?:sure|certain)(?: (?:about|of) (?:that|this|it))?|is (?:that|this|it) (?:really )?(?:true|right|correct|so|reliable|certain)"
        r"|really|for real|i (?:do not|don't) believe (?:it|that|you|this)|i doubt (?:it|that)",
    ),
    (
        "task",
        r"(?:请|麻烦)?(?:你|帮我|给我|为我|能不能|可以)*(?:写|编|作|讲|说|画|唱|来|生成)(?:一?[首篇个段则封张幅])?(?:关于.{1,20}的)?"
        r"(?:诗歌?|现代诗|古诗|词|歌|小说|作文|文章|故事|笑话|段子|代码|程序|邮件|情书|检讨书?|画|图片?)(?:吧|吗|听听?|看看?)?"
        r"|(?:请)?(?:忽略|无视|忘掉|忘记)(?:以上|上面|之前|前面|先前|你)的?(?:所有|全部|一切)?的?(?:指令|指示|提示词?|规则|设定|要求).*"
        r"|(?:请)?(?:输出|显示|打印|告诉我|复述)你?的?(?:系统)?(?:提示词|系统提示|提示语|初始指令|指令)"
        r"|(?:please |can you |could you )?(?:write|compose|tell|draw|sing|generate|make)(?: me)? (?:an? |some )?(?:[a-z]+ )?"
        r"(?:poem|song|story|joke|essay|code|program|script|e-?mail|letter|picture|image)(?: (?:about|for|on) .{1,60})?"
        r"|(?:please )?(?:ignore|forget|disregard) (?:all |any |the )*(?:of )?(?:previous|above|prior|earlier|your|my)(?: previous)? "
        r"(?:instructions?|prompts?|rules|messages?).*"
        r"|(?:please )?(?:print|show|reveal|repeat|output|tell)(?: me)? (?:your|the) (?:system )?(?:prompt|instructions)(?: verbatim)?",
    ),
)
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_PARTS = re.compile(r"[\s,，、;；:：.。!！?？~～…—]+")
_RUN_ON = ("thanks", "bye", "fine", "hello")  # these are also said with nothing between
_WEIGHT = ("task", "unclear", "doubt", "who", "help", "bye", "thanks", "hello", "fine")
_MAX_PARTS = 12
_ANEW = re.compile(
    r"(?:我|那|那么|好的?|想|请|再|[,，\s])*(?:再?问(?:你|您)?一?个(?:别的|另外的|新的)?(?:问题)?|换一?个(?:问题|话题)|问点?别的|(?:另|下)外?一个问题|新(?:的)?问题)"
    r"(?:[\s:：,，。.!！—-]+|$)"
    r"|(?:(?:ok(?:ay)?|and|now|so|i have|here is|here's|let me ask|may i ask|can i ask|let's|just)[,\s]+)*"
    r"(?:(?:an)?other|(?:a )?(?:new|different)|(?:the )?next|one more) (?:question|topic|subject)(?:\s*[:,.!—-]+\s*|$)"
    r"|(?:(?:let's|let us|to) )?change (?:the |of )?(?:topic|subject)(?:\s*[:,.!—-]+\s*|$)",
    re.IGNORECASE,
)
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_GREETED = re.compile(rf"^(?:{_HELLO})[\s,，。.!！~]+")

_N_ARTICLES = 40  # the latest that are looked through
_MAX_TRIES = 14
_FIGURE = re.compile(
    r"(?P<noun>(?:总建筑|总|年销售|年|月|人均|线路)?(?:投资|面积|产值|票价|收入|销售收入|纳税|总长|月工资|建筑面积|发电量|成功率|接种率))"
    r"(?:可?达到?|为|约|共|近|已|超过|突破|完成)*(?P<figure>\d[\d.,]*[多余]?[百千万亿]*(?:元|平方米|公里|亩|度|%))"
)
_COUNT = re.compile(
    r"(?P<figure>\d[\d.]*[余多]?[万]?(?P<unit>[个家名户栋套条支件]))(?P<noun>[一-鿿]{2,6})"
)
_NOUNS_EN = {
    "总投资": "total investment",
    "总建筑面积": "total floor area",
    "票价": "ticket price",
    "年产值": "annual output value",
    "年销售收入": "annual sales revenue",
    "年纳税": "annual tax payment",
    "接种率": "vaccination rate",
    "年发电量": "annual power generation",
}
_UNITS_EN = {
    "元": "yuan",
    "平方米": "square metres",
    "公里": "kilometres",
    "亩": "mu",
    "度": "kilowatt-hours",
    "%": "per cent",
}
_MIN_NAME, _MAX_NAME = 4, 18
_PAIRS = (("“", "”"), ("「", "」"), ("《", "》"))


def small_talk(question: str) -> str | None:
    """Return what a question is if it is no question to the archive: hello, thanks, who …; or None.

    Several at once are small talk too, of the kind that most needs an answer.

    >>> small_talk("你好！"), small_talk("What can you do?"), small_talk("谁主持了会议？")
    ('hello', 'help', None)
    >>> small_talk("ok, thank you, bye")
    'bye'
    """
    folded = _EDGE.sub("", fold(" ".join(question.split())).replace("’", "'"))
    if not folded:
        return None
    if _ANEW.fullmatch(folded):
        return "fine"
    for text in (folded, _EDGE.sub("", _GREETED.sub("", folded))):
        if kind := _kind(text):
            return kind
    kinds = _kinds([part for part in _PARTS.split(folded) if part])
    return min(kinds, key=_WEIGHT.index) if kinds else None


def anew(question: str) -> str | None:
    """Return a question without the words that begin it anew; None where it has none.

    >>> anew("换个问题，谁主持了会议？"), anew("谁主持了会议？")
    ('谁主持了会议？', None)
    """
    text = question.strip()
    match = _ANEW.match(text)
    return text[match.end() :] if match else None


def _kind(text: str) -> str | None:
    return next((kind for kind, pattern in _PATTERNS if text and pattern.fullmatch(text)), None)


def _kinds(parts: list[str]) -> list[str]:
    """Return the kinds of parts that are small talk one after another; none if any is not.

    A phrase may take several parts, as in: thank you, good bye.
    """
    if not parts or len(parts) > _MAX_PARTS:
        return []
    found: list[list[str] | None] = [[]]  # for each number of parts, the kinds of all up to it
    for end in range(1, len(parts) + 1):
        best = None
        for start in range(end):
            before, text = found[start], " ".join(parts[start:end])
            kind = _kind(text) or (_run_on(text) if start == end - 1 else None)
            if before is not None and kind and kind != "task":
                best = [*before, kind]
                break
        found.append(best)
    return found[-1] or []


def _run_on(text: str) -> str | None:
    """Return the kind of two Chinese phrases with nothing between them: 好的谢谢, 谢谢再见."""
    kinds = ((_kind(text[:at]), _kind(text[at:])) for at in range(1, len(text)))
    both = [pair for pair in kinds if all(kind in _RUN_ON for kind in pair)]
    found = [kind for kind in (both[0] if both else ()) if kind and HAN.match(text)]
    return min(found, key=_WEIGHT.index) if found else None


def example_questions(
    answerer: Answerer, *, lang: Lang, n: int = 3, article_id: str = ""
) -> tuple[str, ...]:
    """Return questions that the archive answers, at most n, the latest issue's first.

    Args:
        answerer: Asks them.
        lang: The language they are to be in.
        n: How many at most.
        article_id: The article that must answer; empty for any, each by another one.
    """
    found: list[str] = []
    tries = 0
    for article in _articles(answerer, article_id):
        for question, figure in _questions(article, lang):
            if len(found) >= n or tries >= _MAX_TRIES:
                return tuple(found)
            if question in found:
                continue
            tries += 1
            if _is_answered(answerer, question, figure, article.id):
                found.append(question)
                if not article_id:
                    break
    return tuple(found)


def _articles(answerer: Answerer, article_id: str) -> Iterator[Article]:
    archive = answerer.finder.archive
    if article_id:
        yield archive.article(article_id)
        return
    left = _N_ARTICLES
    for issue_id in reversed(archive.versions()):
        for article in archive.issue(issue_id).articles:
            if left <= 0:
                return
            left -= 1
            yield article


def _questions(article: Article, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield questions about an article's figures, each with its figure as printed."""
    name = _name(article)
    for passage in article.passages if name else ():
        for match in _FIGURE.finditer(passage.text):
            noun, figure = match["noun"], match["figure"]
            if lang == "zh":
                yield f"{_joined(name, noun)}是多少？", figure
            elif noun in _NOUNS_EN:
                unit = next(told for unit, told in _UNITS_EN.items() if figure.endswith(unit))
                quoted = f"「{name}」" if "“" in name else f"“{name}”"
                yield f"How many {unit} is the {_NOUNS_EN[noun]} of {quoted}?", figure
        for match in _COUNT.finditer(passage.text) if lang == "zh" else ():
            noun = match["noun"]
            if noun not in name:
                yield f"{name}有多少{match['unit']}{noun}？", match["figure"]


def _joined(name: str, noun: str) -> str:
    """Return a name with a noun behind it, what both share said once: 绿化工程, 工程进度."""
    shared = next((n for n in range(min(len(name), len(noun)), 0, -1) if name[-n:] == noun[:n]), 0)
    return name + noun[shared:]


def _name(article: Article) -> str:
    """Return what the headline calls its subject: early in it, long, and often in the article."""
    printed = article.headline.text if article.headline else ""
    headline = fold(printed)
    if len(headline) != len(printed):
        return ""
    text = fold(article.text)
    cuts = [cut for cut in tokens(headline) if headline[slice(*cut)] not in JOINING]
    found = [
        (start, end)
        for start, _ in cuts
        for _, end in cuts
        if _MIN_NAME <= end - start <= _MAX_NAME
        and headline[start:end] in text
        and not headline[start].isdigit()
        and all(printed.count(a, start, end) == printed.count(b, start, end) for a, b in _PAIRS)
        and HAN.search(headline[start:end])
    ]

    def worth(span: tuple[int, int]) -> float:
        start, end = span
        return text.count(headline[start:end]) * (end - start) - start / 2

    return printed[slice(*max(found, key=worth))] if found else ""


def _is_answered(answerer: Answerer, question: str, figure: str, article_id: str) -> bool:
    answer = answerer.answer(question, limit=1)
    return answer.status == "answered" and any(
        figure in citation.quote and citation.location.article_id == article_id
        for citation in answer.citations
    )
