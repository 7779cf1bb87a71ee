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
from qa.slots import tokens

_HELLO = (
    r"(?:你|您|大家)好[啊呀吗]?|[早晚]上好|[上下中]午好|早安|晚安|嗨|哈[喽啰]|在吗|您?好"
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
)
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_GREETED = re.compile(rf"^(?:{_HELLO})[\s,，。.!！~]+")

_N_ARTICLES = 40  # the latest that are looked through
_MAX_TRIES = 14
_FIGURE = re.compile(
    r"(?P<noun>[一-鿿]{0,3}(?:投资|面积|产值|票价|收入|销售收入|纳税|总长|月工资|建筑面积|发电量|成功率|接种率))"
    r"(?:可?达到?|为|约|共|近|已|超过|突破|完成)*(?P<figure>\d[\d.,]*[多余]?[百千万亿]*(?:元|平方米|公里|亩|度|%))"
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


def small_talk(question: str) -> str | None:
    """Return what a question is if it is no question to the archive: hello, thanks, who …; or None.

    >>> small_talk("你好！"), small_talk("What can you do?"), small_talk("谁主持了会议？")
    ('hello', 'help', None)
    """
    folded = _EDGE.sub("", fold(" ".join(question.split())))
    for text in (folded, _EDGE.sub("", _GREETED.sub("", folded))):
        for kind, pattern in _PATTERNS:
            if text and pattern.fullmatch(text):
                return kind
    return None


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
    for row in reversed(archive.issues()):
        for article in archive.issue(row.id).articles:
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
                yield f"{name}{_own(noun)}是多少？", figure
            elif _own(noun) in _NOUNS_EN:
                unit = next(told for unit, told in _UNITS_EN.items() if figure.endswith(unit))
                quoted = f"「{name}」" if "“" in name else f"“{name}”"
                yield f"How many {unit} is the {_NOUNS_EN[_own(noun)]} of {quoted}?", figure


def _own(noun: str) -> str:
    """Return a noun without the words before it that are no part of it."""
    cuts = [noun[start:end] for start, end in tokens(noun)]
    while len(cuts) > 1 and cuts[0] not in ("总", "年", "月") and len("".join(cuts[1:])) >= 2:
        if any(noun.startswith(known) for known in _NOUNS_EN):
            break
        cuts = cuts[1:]
    return "".join(cuts)


def _name(article: Article) -> str:
    """Return what the headline calls its subject: the longest that the article says too."""
    headline = fold(article.headline.text) if article.headline else ""
    if not headline or len(headline) != len(article.headline.text if article.headline else ""):
        return ""
    text = fold("\n".join(passage.text for passage in article.passages))
    bounds = sorted({at for cut in tokens(headline) for at in cut})
    spans = [
        (start, end)
        for start in bounds
        for end in bounds
        if _MIN_NAME <= end - start <= _MAX_NAME and headline[start:end] in text
    ]
    if not spans:
        return ""
    start, end = max(spans, key=lambda span: (span[1] - span[0], -span[0]))
    name = article.headline.text[start:end] if article.headline else ""
    whole = all(name.count(a) == name.count(b) for a, b in ("“”", "「」", "《》"))
    return name if whole and HAN.search(name) else ""


def _is_answered(answerer: Answerer, question: str, figure: str, article_id: str) -> bool:
    answer = answerer.answer(question, limit=1)
    return answer.status == "answered" and any(
        figure in citation.quote and citation.location.article_id == article_id
        for citation in answer.citations
    )
