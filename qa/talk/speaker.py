"""Who said what was quoted: the name that stands with a word of saying, in or before the quote."""

from __future__ import annotations

import re

from corpus.rows import Place
from corpus.signatures import NAME_ALONE
from corpus.text import split_sentences
from qa.quoting.quotes import Quote
from qa.talk.subjects import titled

_SAYS = "说道?|表示|指出|强调|要求|介绍|认为|回忆说?|坦言|建议|分析说?|通报说?|透露|写道|宣布|告诉记者|提出|打了个比方|算了一笔账"
_BETWEEN = r"(?:在[^，。；、“在]{1,12}?[中时上后]|对此|还|又|也|同时|随后|现场|当场|笑着|回忆|分析|通报|告诉记者)*"
_GATHERED = "会议|协议|公告|通知|报告|文件|意见|方案"


def spoken_by(place: Place, start: int, end: int) -> Quote | None:
    """Return the sentence that tells who said a stretch of a passage, the name marked; or None.

    It is looked for in the sentence itself, in the one behind a closing quotation mark, then
    backwards in the passage, and in the passages before it as long as they end with a colon.
    """
    passages = place.article.passages
    names = _names(place)
    at = next(n for n, passage in enumerate(passages) if passage.id == place.passage.id)
    text = passages[at].text
    sentences = split_sentences(text)
    first = next((n for n, s in enumerate(sentences) if start < s.end), 0)
    last = next((n for n, s in enumerate(sentences) if end <= s.end), len(sentences) - 1)
    behind = text[sentences[last].start : sentences[last].end].rstrip().endswith(("”", "」", "』"))
    order = [*range(first, last + 1), *([last + 1] if behind else []), *range(first - 1, -1, -1)]
    for n in order:
        if n < len(sentences) and (
            found := _told(text, sentences[n].start, sentences[n].end, names)
        ):
            return _quote(place, at, sentences[n].start, sentences[n].end, found)
    while at and (passages[at - 1].text.rstrip().endswith("：") or _continues(passages[at].text)):
        at -= 1
        text = passages[at].text
        for sentence in reversed(split_sentences(text)):
            if found := _told(text, sentence.start, sentence.end, names):
                return _quote(place, at, sentence.start, sentence.end, found)
    return None


def _continues(text: str) -> bool:
    """Tell whether a passage is one item of a list that began before it."""
    return re.match(r"[二三四五六七八九十](?:是|要|、)|一是", text) is not None


def _names(place: Place) -> list[str]:
    article = place.article.text
    found = titled(article)
    for match in re.finditer(
        rf"(?:^|[。，；”」\n])({NAME_ALONE.pattern}){_BETWEEN}(?:{_SAYS})", article
    ):
        found.append(match.group(1))
    return list(dict.fromkeys(found))


def _told(text: str, start: int, end: int, names: list[str]) -> tuple[int, int] | None:
    """Return where in a sentence the one is named who says it."""
    told = "|".join([*map(re.escape, sorted(names, key=len, reverse=True)), _GATHERED])
    match = re.compile(rf"({told}){_BETWEEN}(?:{_SAYS})").search(text, start, end)
    return match.span(1) if match else None


def _quote(place: Place, at: int, start: int, end: int, name: tuple[int, int]) -> Quote:
    from dataclasses import replace

    passage = place.article.passages[at]
    end = start + len(passage.text[start:end].rstrip())
    begins = start + len(passage.text[start:end]) - len(passage.text[start:end].lstrip())
    mark = (name[0] - begins, name[1] - begins)
    return Quote(replace(place, passage=passage), begins, end, 1.0, (mark,))
