"""Pure functions on strings: width, folding for search, sentences, and places in the source.

Nothing here knows what an article is. Folded text is for searching only and is never quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from corpus.numbers import by_digits
from corpus.radicals import RADICALS
from corpus.types import Ranges, Sentence

if TYPE_CHECKING:
    from opencc import OpenCC

HAN_CLASS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as in a set of `re`, the rare ones of names among them."""

HAN = re.compile(f"[{HAN_CLASS}]")
APART = r"\x21-\x7e\u00c0-\u024f\u0300-\u1fff\uac00-\ud7af"
"""The characters, as in a set of `re`, of scripts that part words by spaces: José, Иван, 안녕."""

_LAYOUT_SPACE = re.compile(rf"(?<=[^{APART}])[^\S\n]+|[^\S\n]+(?=[^{APART}])")
_YEAR_IN_HAN = re.compile("[〇零一二三四五六七八九○]{4}(?=年)")
_SAID = "(?:说道?|表示|介绍道?|坦言|感慨|感叹|回忆|回答|解释|补充|告诉记者|[笑问答喊叹写]道)"
_SENTENCE = re.compile(  # what stands behind a quotation and says whose it is belongs to it
    r"[^。！？!?]*(?:[。！？!?…]+[”’」』）)》】\"]*"
    rf"(?:(?<=[”」』\"])[^。！？!?…:：“「『\"]{{1,30}}?{_SAID}[。！!…]+)?|$)"
)
_CLUSTER = re.compile(r".[\u0300-\u036f\u3099\u309a]*", re.DOTALL)  # with its accents
_SPACES = re.compile(r"\s+")
_SHORT, _N_KEPT = 256, 4096  # characters of a text that is kept folded, and how many are
_TRADITIONAL_SHARE = 0.1  # simplified prose keeps a few traditional forms, in names above all


def width(text: str) -> int:
    """Return how many terminal columns the text takes; a Chinese character takes two.

    Quotation marks count one: terminals and newspaper type both set them narrow.

    >>> width("5G“目标”")
    8
    """
    columns = 0
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF" or char in "…—"
        columns += 0 if unicodedata.combining(char) else 2 if wide else 1
    return columns


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def script_of(text: str) -> str:
    """Return the tag of a text's script: zh-Hant where many of its characters are traditional.

    >>> script_of("公交線路達到十五條"), script_of("公交线路达到十五条")
    ('zh-Hant', 'zh-Hans')
    """
    n_han = len(HAN.findall(text))
    simple = _to_simplified().convert(text)
    n_changed = sum(old != new for old, new in zip(text, simple, strict=False))
    return "zh-Hant" if n_changed > n_han * _TRADITIONAL_SHARE else "zh-Hans"


def fold(text: str) -> str:
    """Return the text as it is searched: simplified, half width, lower case, no layout spaces.

    Years written in Chinese digits become figures.

    >>> fold("臺灣 ５Ｇ 基地，二〇二五年")
    '台湾5g基地,2025年'
    """
    return _folded(text) if len(text) <= _SHORT else _folded.__wrapped__(text)


@lru_cache(maxsize=_N_KEPT)
def _folded(text: str) -> str:
    """Return what `fold` does; the last ones are kept, as a question is folded a dozen times."""
    text = unicodedata.normalize("NFKC", text.translate(RADICALS)).lower()
    text = _to_simplified().convert(text)
    text = _YEAR_IN_HAN.sub(lambda match: by_digits(match.group()), text)
    return _LAYOUT_SPACE.sub("", text)


@lru_cache(maxsize=4096)
def _plain(cluster: str) -> str:
    """Return one character with its accents in half width and lower case."""
    return unicodedata.normalize("NFKC", cluster.translate(RADICALS)).lower()


def fold_with_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the folded text, and for each of its characters the range it stands for in the text.

    >>> fold_with_places("在 ５㎡ 处")
    ('在5m2处', [(0, 1), (2, 3), (3, 4), (3, 4), (5, 6)])
    """
    clusters = _CLUSTER.findall(text)
    chars = [_plain(cluster) for cluster in clusters]
    plain = "".join(chars)
    places = list(pairwise(accumulate(map(len, clusters), initial=0)))
    if len(plain) != len(places):  # some stand for several
        places = [place for place, char in zip(places, chars, strict=True) for _ in char]
    simple = _to_simplified().convert(plain)
    if len(simple) != len(plain):  # a phrase that is longer in the other script
        simple = "".join(_to_simplified().convert(char)[:1] or char for char in plain)
    simple = _YEAR_IN_HAN.sub(lambda match: by_digits(match.group()), simple)
    dropped = {at for match in _LAYOUT_SPACE.finditer(simple) for at in range(*match.span())}
    if not dropped:
        return simple, places
    kept = [at for at in range(len(simple)) if at not in dropped]
    return "".join(simple[at] for at in kept), [places[at] for at in kept]


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a passage in order; together they are the whole passage.

    A sentence ends at 。！？ with the closing quotation marks and brackets behind it, and with
    whose words it quotes.

    >>> [s.text for s in split_sentences("他说：“好。”大家都同意。“路通了。真快。”一位居民说。")]
    ['他说：“好。”', '大家都同意。', '“路通了。', '真快。”一位居民说。']
    """
    return [
        Sentence(text=match.group(), start=match.start(), end=match.end())
        for match in _SENTENCE.finditer(text)
        if match.group()
    ]


def sentence_texts(text: str) -> list[str]:
    """Return the texts that `split_sentences` tells, without their places."""
    return [sentence for sentence in _SENTENCE.findall(text) if sentence]


def has_term(term: str, folded: str) -> bool:
    """Tell whether a folded text has a folded term, not as a part of a longer code or word.

    >>> has_term("12", "共12个"), has_term("12", "第112号"), has_term("ai", "open aids")
    (True, False, False)
    """
    at = folded.find(term)
    while at >= 0:
        if stands_alone(folded, at, at + len(term)):
            return True
        at = folded.find(term, at + 1)
    return False


def stands_alone(folded: str, start: int, end: int) -> bool:
    """Tell whether a stretch of a folded text is no part of a longer code or word."""
    before = folded[start - 1 : start] if start else ""
    inside = folded[start:end]
    return not (_joins(before, inside[:1]) or _joins(folded[end : end + 1], inside[-1:]))


def _joins(outside: str, inside: str) -> bool:
    """Tell whether two neighbours belong to one Latin word or number."""
    return (outside.isdigit() and inside.isdigit()) or (
        outside.isascii() and inside.isascii() and outside.isalpha() and inside.isalpha()
    )


def shared_from(text: str, other: str) -> list[int]:
    """Return for each place of a text how many characters from there on stand so in another.

    >>> shared_from("在高新区建成", "高新区何时建成")
    [0, 3, 2, 1, 2, 1]
    """
    lengths, end = [], 0
    for start in range(len(text)):
        end = max(end, start)
        while end < len(text) and text[start : end + 1] in other:
            end += 1
        lengths.append(end - start)
    return lengths


def squeeze(text: str) -> str:
    r"""Return the text with all white space dropped: what two readings must agree on.

    >>> squeeze("11 月 8 日上\n午")
    '11月8日上午'
    """
    return _SPACES.sub("", text)


def text_at(source: str, ranges: Ranges) -> str:
    r"""Return what the source prints at the ranges, every run of white space as one space.

    >>> text_at("11 月 8 日上\n午", ((0, 2), (3, 4), (5, 6), (7, 9), (10, 11)))
    '11月8日上午'
    """
    return _SPACES.sub(" ", "".join(source[start:end] for start, end in ranges))


def locate(ranges: Ranges, text: str, *, start: int, end: int, source: Callable[[], str]) -> Ranges:
    r"""Return the source ranges of part of a text that stands at `ranges`.

    Args:
        ranges: Where the whole text stands.
        text: It, as `text_at` returns it.
        start: First code point of the part, counted in `text`.
        end: One past the last.
        source: Returns the whole decoded source; called only where a run of white space became one
            space, so that the ranges do not tell what each character stands for.

    >>> source = "11 月 8 日上\n午"
    >>> ranges = ((0, 2), (3, 4), (5, 6), (7, 9), (10, 11))
    >>> locate(ranges, text_at(source, ranges), start=3, end=6, source=lambda: source)
    ((5, 6), (7, 9))
    """
    if sum(stop - begin for begin, stop in ranges) == len(text):
        return _joined(_part(ranges, start, end))
    return _joined(_places(source(), ranges)[start:end])


def _part(ranges: Ranges, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what the ranges have of a part, counted over all their characters."""
    before = 0
    for begin, stop in ranges:
        first, last = max(begin, begin + start - before), min(stop, begin + end - before)
        if first < last:
            yield first, last
        before += stop - begin


def _joined(places: Iterable[tuple[int, int]]) -> Ranges:
    """Return ranges with each that begins where the one before ends made one with it."""
    found: list[tuple[int, int]] = []
    for begin, stop in places:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((begin, stop))
    return tuple(found)


def _places(source: str, ranges: Ranges) -> list[tuple[int, int]]:
    """Return for each character of `text_at` the source range it stands for."""
    places: list[tuple[int, int]] = []
    in_space = False
    for start, end in ranges:
        for place in range(start, end):
            space = source[place].isspace()
            if space and in_space:
                if places[-1][1] == place:
                    places[-1] = (places[-1][0], place + 1)
            else:
                places.append((place, place + 1))
            in_space = space
    return places
