"""What a printed text says that a term is: in a sentence, part by part, or behind a question.

An interview asks “三清”具体指什么, and the answer needs not name the term again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.numbers import NUMERALS
from corpus.rows import Place, is_asked, searched_text
from corpus.text import fold, has_term, split_sentences
from corpus.types import Sentence
from qa.query import Query
from qa.quoting.quotes import LONGEST, Quote, explains, names_all

_ANSWER_CHARS = 160  # of an answer that are quoted, its first sentence at least
_OPEN, _CLOSE = "[“\"「『‘']", "[”\"」』’']"
_HEDGE = "(?:[,，]?(?:它|这|又|也|都|具体|分别|主要|到底|究竟|其实)){0,2}[,，]?"
_IS_WHAT = (
    "(?:的?(?:含义|意思|内涵|内容)|是指|指的是|指|是|叫|代表|意味着|包[括含]|涵盖)(?:是|的是)?(?:了?(?:什么|啥|哪)|怎么回事)"
    "|(?:怎么|怎样|如何)(?:理解|解释|解读)"
)
_WHAT_IS = (
    "(?:什么是|什么叫做?|何为|何谓|(?:怎么|怎样|如何)(?:理解|解释|解读)"
    "|(?:解释|介绍|说明)(?:一下|下))"
)
_KINDS = "(?:行动|工程|计划|战略|项目|活动|规划|政策|机制|模式|布局|格局|理念|目标|工作)"
_BEARS_A_NAME = (  # what is named in quotation marks right behind its kind
    "(?:台风|热带风暴|飓风|寒潮|流星雨|小行星|彗星|卫星|火箭|飞船|空间站|探测器|望远镜"
    "|舰艇|航母|邮轮|客轮|渡轮|列车|机器人|无人机|吉祥物|小程序|客户端|公众号|软件|应用程序"
    "|操作系统|大模型|新?品种|病毒|变异株|毒株|商标|公用品牌|电影|影片|纪录片|电视剧"
    "|话剧|舞剧|歌剧|越剧|京剧|歌曲|小说|诗集)"
)
_PART = re.compile(rf"[{NUMERALS}两][^{NUMERALS}两]")
_ANSWERS = re.compile(r"\s*[^，。；：:？?！!“”《》\s]{1,12}[:：]")  # 答：, or whoever is asked


def explained(query: Query, named: Sequence[Quote], places: Sequence[Place]) -> list[Quote]:
    """Return the quotes that say what the focus of a question is, in the order of their passages.

    An answer that does not name it stands behind the printed question that does.

    Args:
        query: The question.
        named: The sentences that name what it requires, `quotes.naming_quotes`.
        places: The passages found, best first.
    """
    if not query.focus:
        return []
    naming = {quote.place.passage.id: quote for quote in named}
    found: list[Quote] = []
    for place in places:
        if names_all(query, place):
            quote = naming.get(place.passage.id)
            if quote and (explains(query.focus, quote.text) or _bears(query, quote.text)):
                found.append(quote)
            else:
                found += _told_of(query.focus, place)
    return list({(quote.place.passage.id, quote.start): quote for quote in found}.values())


def with_answers(quotes: Sequence[Quote]) -> list[Quote]:
    """Return quotes, behind each printed question of an interview its answer."""
    found: list[Quote] = []
    for quote in quotes:
        found.append(quote)
        below = _beside(quote.place, 1) if is_asked(quote.place.passage.text) else None
        if below and not is_asked(below.passage.text) and quote.text.endswith(("？", "?")):
            found.append(_answer(below))
    return list({(quote.place.passage.id, quote.start): quote for quote in found}.values())


def _bears(query: Query, sentence: str) -> bool:
    """Tell whether a sentence says what bears a name, 台风“白鹭”; not where a plan's is asked."""
    name = re.escape(query.focus)
    if re.search(rf"{name}{_CLOSE}?{_KINDS}", fold(query.text)):
        return False
    return re.search(rf"{_BEARS_A_NAME}{_OPEN}{name}{_CLOSE}", fold(sentence)) is not None


def explains_parts(term: str, sentence: str) -> bool:
    """Tell whether a sentence says what each part of a counted term is.

    >>> explains_parts("三清一改", "“三清”是清河道、清庭院、清路障，“一改”是改旱厕。")
    True
    >>> explains_parts("三清一改", "“三清”是清河道、清庭院、清路障。")
    False
    """
    parts = _PART.findall(term)
    folded = fold(sentence)
    return (
        len(parts) > 1
        and "".join(parts) == term
        and all(
            re.search(rf"{_OPEN}{part}{_CLOSE},?(?:分别|就|主要)?(?:是|指|即|为|:|——)", folded)
            for part in parts
        )
    )


def _told_of(term: str, place: Place) -> list[Quote]:
    """Return what a passage says that a term is where its words alone do not show it.

    That is what explains the parts of the term, and the answer to a printed question what it is,
    of an interview: in the same passage, or in the next.
    """
    sentences = split_sentences(place.passage.text)
    for one in sentences:
        if explains_parts(term, one.text):
            return [_quote(place, one.start, one.end)]
    above, below = _beside(place, -1), _beside(place, 1)
    if not is_asked(place.passage.text):
        return _answer_to(term, above, place) if above else []
    for one, following in pairwise(sentences):
        if _asks_what(term, one.text) and _ANSWERS.match(following.text):
            return [_up_to(place, sentences[sentences.index(following) :], start=one.start)]
    return _answer_to(term, place, below) if below else []


def _answer_to(term: str, asked: Place, answer: Place) -> list[Quote]:
    """Return the answer to a printed question what a term is, behind it if it does not name it."""
    text = asked.passage.text
    if is_asked(answer.passage.text) or not is_asked(text):
        return []
    if not _asks_what(term, split_sentences(text)[-1].text):
        return []
    quote = _answer(answer)
    for one in split_sentences(answer.passage.text):
        if explains_parts(term, one.text):
            quote = _quote(answer, one.start, one.end)
            break
    if has_term(term, fold(quote.text)) or explains_parts(term, quote.text):
        return [quote]
    return [_quote(asked, 0, len(text)), quote]


def _asks_what(term: str, text: str) -> bool:
    """Tell whether a text asks what a term is: “三清”具体指什么, and not what is hard about it."""
    named = rf"{_OPEN}?{re.escape(term)}{_CLOSE}?{_KINDS}?"
    asks = rf"(?:{named}{_HEDGE}(?:{_IS_WHAT})|{_WHAT_IS}{_HEDGE}{named})[^。?!]{{0,12}}\?"
    return re.search(asks, fold(text)) is not None


def _answer(place: Place) -> Quote:
    sentences = split_sentences(place.passage.text)
    return _up_to(place, sentences, start=sentences[0].start)


def _up_to(place: Place, sentences: Sequence[Sentence], *, start: int) -> Quote:
    """Return the first of some sentences with those that follow, up to the next question."""
    end = sentences[0].end
    for one in sentences[1:]:
        if one.end - sentences[0].start > _ANSWER_CHARS or is_asked(one.text):
            break
        end = one.end
    return _quote(place, start, end)


def _beside(place: Place, step: int) -> Place | None:
    """Return the passage before or behind one in its article."""
    passages = place.article.passages
    there = [one.id for one in passages].index(place.passage.id) + step
    if not 0 <= there < len(passages):
        return None
    searched = fold(searched_text(passages[there], place.article))
    return replace(place, passage=passages[there], searched=searched)


def _quote(place: Place, start: int, end: int) -> Quote:
    text = place.passage.text[start : min(end, start + LONGEST)]
    before = len(text) - len(text.lstrip())
    return Quote(place, start + before, start + len(text.rstrip()), score=1.0)
