"""A list over several paragraphs that a question asks for, as a whole or one item of it.

八条便民举措有哪些 is answered by what leads to them and by each, 第五条是什么 by that one. Each
is a quote of its own, for each stands in a passage of its own; an item within one is marked there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.numbers import NUMBERS_EN, NUMERALS, ORDINALS_EN, number_of
from corpus.rows import Place, searched_text
from corpus.text import fold, split_sentences
from qa.query import Query, is_empty
from qa.quoting.listings import Listing, counts, listings
from qa.quoting.numbered import NAMES_ASKED, numbered_lists
from qa.quoting.quotes import LONGEST, Quote
from qa.quoting.slot import slot_of
from qa.search.coverage import Coverage, Weighed

_KIND = (
    "措施|举措|办法|做法|规定|规矩|要求|内容|条款|细则|守则|公约|事项|事宜|事情?|工作|任务|要点|重点|意见|建议|提示|提醒|安排|政策|服务"
    "|步骤|条件|原则|标准|方面|承诺|实事|禁令|禁止|不准|严禁|不得|注意|举动|行动|亮点|变化|项目|计划|问题|困难|原因|好处|优惠|待遇|流程|程序|材料"
)
_ALONE = "不准|不得|严禁|禁止|必须"
_COUNTED = rf"(?:\d{{1,2}}|[{NUMERALS}两几]{{1,3}})(?:[大个条项件点种类步招款]|{_ALONE}|注意)"
_ARE_WHAT = "(?:都|各|具体|分别|主要)*(?:是|有|包[括含]|指的是|指)(?:了|的是)?(?:什么|啥)"
_ASKS_ALL = re.compile(
    rf"哪(?:些|几[级档]|{_COUNTED})|(?:{_KIND}|{_COUNTED})[”\"」』]?[^,，。?？]{{0,6}}?{_ARE_WHAT}"
    rf"|(?:列出|列举|说说|讲讲|介绍(?:一下)?|念一下).*(?:{_KIND}|{_COUNTED})"
    rf"|(?:{_COUNTED}|措施|举措|规定|要求|禁令|条款|事项|(?:全部|所有|完整)的?(?:{_KIND}))\W*$"
)
_KIND_EN = (
    "measures?|steps?|rules?|requirements?|conditions?|points?|items?|provisions?|articles?"
    "|arrangements?|suggestions?|recommendations?|tips?|prohibitions?|bans?|tasks?|services?"
    "|projects?|commitments?|promises?|changes?|ways?|things?|don['’]?ts|priorities|regulations?"
    "|policies|instructions?|guidelines?|reasons?|demands?|initiatives?|improvements?"
)
_OF_KIND_EN = rf"(?:[\w'-]+ ){{0,2}}?(?:{_KIND_EN})"
_ASKS_ALL_EN = re.compile(
    rf"\b(?:what|which)(?: (?:are|were))?(?: [\w'-]+){{0,4}}? (?:{_KIND_EN})\b"
    rf"|^\W*(?:please )?(?:list|name) .*\b(?:{_KIND_EN})\b"
)
_NTH = re.compile(
    rf"(?:第(?P<n>\d{{1,2}}|[{NUMERALS}]{{1,3}})|(?P<last>最后)一?)(?:[条点项款步招]|个|件事?|种)"
)
_NTH_EN = re.compile(
    rf"\b(?:(?P<n>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(ORDINALS_EN)})|(?P<last>last|final))"
    rf" (?:of the )?(?:{_OF_KIND_EN}|one)\b"
    rf"|\b(?:{_KIND_EN}) (?:no\.? ?|number )?(?P<no>\d{{1,2}})\b"
)
_ASKS_NTH = re.compile(
    rf"什么|啥|哪|怎么|内容|如何|多少|(?:{_NTH.pattern})(?:{_KIND})?\W*$|\b(?:what|which|say)\b".replace(
        "?P<n>", "?:"
    ).replace("?P<last>", "?:")
)
_WHICH = re.compile(
    rf"(?:哪一?|第几)[条点项款步](?:{_KIND})?[里中是]*(?:[说讲提写和与跟管]|规定|关于|涉及|针对)"
    r"|\bwhich (?:of the )?"
    rf"{_OF_KIND_EN}\b(?= (?:is|says?|mentions?|deals?|covers?|bans?|forbids?)\b)"
)
_COUNTED_EN = re.compile(rf"\b(?P<n>\d{{1,2}}|{'|'.join(NUMBERS_EN)}) {_OF_KIND_EN}\b")
_OF_ALL_SORTS = re.compile("(?:通知|通告|公告|事[项宜]|安排|规定)[^,。]{0,6}:$")
_SAYS_ENOUGH, _SAYS_WITH_COUNT = 0.6, 0.4  # of what is asked, that headline and lead must say
_SURELY = 0.75  # of it, that they must say where nothing else tells that the list is meant
_OF_AN_ITEM = 0.2  # of what is asked, that an item says beyond them, where it is one that is meant
_TOLD_BY_LEAD = ("who", "when", "where", "how many", "why")
_LEAD_CHARS = (
    160  # of what leads to a list that are quoted whole; of a longer one, its last sentence
)
_MOST_ITEMS, _MOST_CHARS = 20, 2400  # that are quoted


@dataclass(frozen=True, slots=True)
class Listed:
    """What is quoted of a list, and how many items of it are not.

    Attributes:
        quotes: What leads to it, and its items, or the one that is asked for, in printed order;
            none where it has no so many.
        is_sure: Whether what leads to it says nearly all that is asked.
        n_more: How many items there are beyond.
        nth: Which item it is that is quoted, where that is asked; else 0.
    """

    quotes: tuple[Quote, ...]
    is_sure: bool
    n_more: int = 0
    nth: int = 0


def listed(query: Query, quotes: Sequence[Quote], *, coverage: Coverage) -> Listed | None:
    """Return the list, or the item of one, that a question asks for; None where it asks for none.

    That is one of an article that is quoted, whose headline and lead say what is asked; else one
    that the first quote leads to. Where an item says more of it, it is no list that is asked for.

    Args:
        query: The question.
        quotes: What may answer it, best first.
        coverage: Tells which of the question's words a text speaks of.
    """
    folded = fold(query.text)
    if quotes and _WHICH.search(folded):
        return _which(quotes[0])
    nth = _nth(folded, query.lang)
    if not nth and not _asks_for_all(query, folded):
        return _led_to(query, quotes)
    words = tuple(word for word in coverage.weigh(query) if not _is_a_frame(word.word))
    for place in {quote.place.article.id: quote.place for quote in quotes}.values():
        for one in listings(place.article.passages):
            share = _share(query, words, place, one, coverage=coverage, is_item=bool(nth))
            if share:
                found = _item(place, one, nth) if nth else _whole(place, one)
                return replace(found, is_sure=share >= _SURELY)
    if not nth:
        return _led_to(query, quotes)
    return _item_within(quotes[0], nth) if quotes else None


def _led_to(query: Query, quotes: Sequence[Quote]) -> Listed | None:
    """Return the list that the first quote only leads to; None where it leads to none.

    Nor where a day, a figure or so is asked for, which what leads to it may tell.
    """
    slot = slot_of(query)
    if not quotes or (slot and slot.kind in _TOLD_BY_LEAD):
        return None
    place = quotes[0].place
    text = place.passage.text.rstrip()
    at = [one.id for one in place.article.passages].index(place.passage.id)
    if quotes[0].end < len(text) or not fold(text).endswith(":"):
        return None
    led = (one for one in listings(place.article.passages) if one.lead == at)
    return next((replace(_whole(place, one), is_sure=False) for one in led), None)


def _item_within(quote: Quote, nth: int) -> Listed | None:
    """Return the list within a passage that a quote is of, an item marked; None where none is."""
    for one in numbered_lists(quote.place.passage.text):
        if quote.start < one.end and one.start < quote.end and nth <= len(one.items):
            start, end = one.items[nth - 1 if nth > 0 else nth]
            mark = start - one.start, end - one.start
            found = replace(quote, start=one.start, end=one.end, marks=(mark,))
            return Listed((found,), is_sure=False)
    return None


def _which(quote: Quote) -> Listed | None:
    """Return the item that a quote is of, with its number; None where it is of no list."""
    place = quote.place
    at = [one.id for one in place.article.passages].index(place.passage.id)
    for one in listings(place.article.passages):
        for n, (start, end) in enumerate(one.items, start=1):
            if start <= at < end:
                return Listed((replace(quote, marks=()),), is_sure=False, nth=n)
    return None


def _nth(folded: str, lang: str) -> int:
    """Return which item a folded question asks for, -1 the last; 0 where it asks for none."""
    match = (_NTH if lang == "zh" else _NTH_EN).search(folded)
    if not match or not _ASKS_NTH.search(folded):
        return 0
    if match["last"]:
        return -1
    return number_of(match["n"] or match.groupdict().get("no") or "1")


def _asks_for_all(query: Query, folded: str) -> bool:
    asks = _ASKS_ALL if query.lang == "zh" else _ASKS_ALL_EN
    return asks.search(folded) is not None


def _is_a_frame(word: str) -> bool:
    """Tell whether a word of a question only says that a list, or an item of one, is asked for."""
    return (
        is_empty(word)
        or word in ORDINALS_EN
        or word in NUMBERS_EN
        or re.fullmatch(
            rf"第|最后|{_KIND}|第?(?:{_COUNTED}|[{NUMERALS}\d]+)|{_KIND_EN}|one|last|final|say|content",
            word,
        )
        is not None
    )


def _share(
    query: Query,
    words: Sequence[Weighed],
    place: Place,
    one: Listing,
    *,
    coverage: Coverage,
    is_item: bool,
) -> float:
    """Return how much of what is asked the words above a list say; 0 where another is asked for."""
    article = place.article
    titles = [piece.text for piece in (article.kicker, article.headline, article.subtitle) if piece]
    lead = [article.passages[one.lead].text] if one.lead is not None else []
    above = fold("\n".join([*titles, *lead]))
    said, n_items = _said(query), len(one.items)
    if said and not said & (counts(above) | {n_items}):
        return 0.0
    for term in query.required:
        named = counts(term)  # “十不准” has ten items
        if term not in above or (named and n_items not in named):
            return 0.0
    if not words:
        return 1.0 if said or query.required else 0.0
    items = [fold(article.passages[start].text) for start, _ in one.items]
    if not (is_item or said) and _is_of_another(fold(query.text), above, items):
        return 0.0
    told = coverage.of_texts(words, [above, *items])
    weights = np.array([word.weight for word in words])
    weights /= weights.sum() or 1.0
    here = float(told[0] @ weights)
    beyond = float(((told[1:] - told[0]).clip(min=0) @ weights).max())
    if here < (_SAYS_WITH_COUNT if said else _SAYS_ENOUGH):
        return 0.0
    return here if is_item or said or beyond < _OF_AN_ITEM else 0.0


def _is_of_another(folded: str, above: str, items: Sequence[str]) -> bool:
    """Tell whether what one item tells is asked for, 材料, or names that the lead leads not to."""
    if NAMES_ASKED.search(folded):
        return not above.endswith(":") or _OF_ALL_SORTS.search(above) is not None
    kinds = [kind for kind in re.findall(_KIND, folded) if kind not in above]
    return any(kind in item for kind in kinds for item in items)


def _said(query: Query) -> set[int]:
    """Return how many items a question says there are: 八条举措, the eight measures."""
    folded = fold(query.text)
    if query.lang == "zh":
        return counts(_NTH.sub("", folded))
    return {number_of(match["n"]) for match in _COUNTED_EN.finditer(folded)}


def _whole(place: Place, one: Listing) -> Listed:
    """Return all of a list, up to what can be read."""
    quotes: list[Quote] = []
    if one.lead is not None:
        lead = _of(place, one.lead)
        if len(lead.text) > _LEAD_CHARS:
            last = split_sentences(lead.text)[-1]
            lead = replace(lead, start=last.start, end=last.end)
        quotes.append(lead)
    n_chars = 0
    for n, (start, _) in enumerate(one.items):
        item = _of(place, start)
        n_chars += len(item.text)
        if n and (n == _MOST_ITEMS or n_chars > _MOST_CHARS):
            return Listed(tuple(quotes), is_sure=True, n_more=len(one.items) - n)
        quotes.append(item)
    return Listed(tuple(quotes), is_sure=True)


def _item(place: Place, one: Listing, nth: int) -> Listed:
    """Return an item of a list, with all its passages; no quote where it has no so many."""
    if nth > len(one.items):
        return Listed((), is_sure=True)
    start, end = one.items[nth - 1 if nth > 0 else nth]
    return Listed(tuple(_of(place, at) for at in range(start, end)), is_sure=True)


def _of(place: Place, at: int) -> Quote:
    """Return a passage of the article of another, as a quote."""
    passage = place.article.passages[at]
    searched = fold(searched_text(passage, place.article))
    there = replace(place, passage=passage, searched=searched)
    text = passage.text[:LONGEST]
    return Quote(there, len(text) - len(text.lstrip()), len(text.rstrip()), score=1.0)
