"""What a sentence lists between 、, 教育、医疗等领域; and whether a question asks for several."""

from __future__ import annotations

import re
from collections.abc import Collection as Group
from collections.abc import Iterator, Sequence
from statistics import median

from corpus.numbers import NUMERALS
from corpus.types import Range
from qa.quoting.slot import Slot

_SEVERAL = re.compile(
    r"哪(?:些|几|[两二三四五六七八九十])|分别(?:是|为|有|叫)"
    r"|^\W*(?:please )?(?:name|list) (?:the|all|some|two|three|four|five)\b"
    r"|\b(?:which|what) (?:are|were)\b"
    r"|\b(?:which|what) (?:[\w'-]+ ){0,2}?"
    r"(?:(?:two|three|four|five|six|seven|eight|nine|ten|several)\b"
    r"|(?!(?:is|was|has|does|this|its|his)\b)[a-z'-]{2,}[a-rt-z]s "
    r"(?:are|were|do|did|have|had|should|will|would|must|need|can|may|to|of|in|on|at|that|belong)\b)"
)
_STOPS = re.compile("[,。;:!?()…—等\\n\\d“”《》「」『』]")
_JOINS = frozenset("的了着过在是为有对把被将从向到于由就都也还并")
_NUMERALS = frozenset(f"{NUMERALS}两")
_AND = frozenset(("、", "和", "及", "与", "以及"))
_SUFFIXES = frozenset("乡镇村区县市省路街局委办院校厂馆站园河湖山库公司处所社部队")
_OF_TITLES = re.compile("《[^《》]{1,40}》(?:[、和及与]?《[^《》]{1,40}》)+")
_LAST_LONGER = 4  # characters that the last may have more than the longest of the others
_MOST_CHARS = 12  # characters of one


def asks_for_several(slot: Slot) -> bool:
    """Tell whether a question asks for more than one thing: 哪些, which rivers are, 哪三个."""
    return _SEVERAL.search(slot.text) is not None


def enumerations(folded: str, cuts: Sequence[Range]) -> list[Range]:
    """Return where a folded text lists things of a kind.

    The first begins behind a sign or a joining word, or where it is as long as the others are;
    the last ends likewise.

    Args:
        folded: The text.
        cuts: The places of its words and signs.

    >>> from qa.quoting.alignment import tokens
    >>> text = "重点检查了建设、施工和监理单位的责任,培育人工智能、区块链、大数据等产业"
    >>> [text[start:end] for start, end in enumerations(text, tokens(text))]
    ['建设、施工和监理单位', '人工智能、区块链、大数据']
    """
    found = [one.span() for one in _OF_TITLES.finditer(folded)]
    for chunk in _chunks(folded, cuts):
        joins = [(start, end) for start, end in chunk if folded[start:end] in _AND]
        first = next((n for n, (start, _) in enumerate(joins) if folded[start] == "、"), None)
        if first is None:
            continue
        bounds = {at for cut in chunk for at in cut}
        signs = joins[first:]
        *middle, (last, past) = zip(
            (end for _, end in signs),
            [*(start for start, _ in signs[1:]), chunk[-1][1]],
            strict=True,
        )
        head, first_end = chunk[0][0], signs[0][0]
        sizes = [past - start for start, past in middle]
        ends = {folded[start - 1] for start, _ in signs}
        end = _end(folded, last, past, bounds, sizes=sizes or [first_end - head], ends=ends)
        sizes.append(end - last)
        begin = _begin(head, first_end, bounds, sizes=sizes)
        while first_end - begin > 1 and folded[begin] in _JOINS:  # within what was cut as a word
            begin += 1
        of_a_figure = begin > 0 and folded[begin - 1].isdigit()  # 3号楼、4号楼
        if min(first_end - begin, end - last) > 0 and max(first_end - begin, *sizes) <= _MOST_CHARS:
            found += [] if of_a_figure else [(begin, end)]
    return found


def _chunks(folded: str, cuts: Sequence[Range]) -> Iterator[list[Range]]:
    """Yield the runs of words that a list may be in: without signs, figures and joining words."""
    held: list[Range] = []
    for start, end in cuts:
        word = folded[start:end]
        counts = word in _NUMERALS and held and folded[slice(*held[-1])] not in _AND
        if _STOPS.match(word) or word in _JOINS or counts:  # 新河、柳河两条河, but 镜子和两台秤
            if held:
                yield held
            held = []
        else:
            held.append((start, end))
    if held:
        yield held


def _end(
    folded: str,
    last: int,
    past: int,
    bounds: Group[int],
    *,
    sizes: Sequence[int],
    ends: Group[str],
) -> int:
    """Return where the last thing ends, that begins at a place.

    Where it ends as the others do, a town, say, and is as long; else not much longer than they are.
    """
    alike = [last + size for size in set(sizes) if last + size in bounds and last + size <= past]
    fitting = [at for at in alike if folded[at - 1] in ends or folded[at - 1] in _SUFFIXES]
    if fitting:
        return max(fitting)
    longest = last + max(sizes) + _LAST_LONGER
    return (
        past
        if past <= longest
        else max((at for at in bounds if last < at <= longest), default=past)
    )


def _begin(start: int, past: int, bounds: Group[int], *, sizes: Sequence[int]) -> int:
    """Return where the first thing begins, that ends at a place: as long as another, or as most."""
    most = median(sizes)
    if past - start <= most:
        return start
    alike = [past - size for size in sizes if size > 1 and past - size >= start]
    fitting = [at for at in alike if at in bounds]
    if fitting:
        return max(fitting)
    near = [at for at in bounds if past - most <= at < past]
    return min(near, default=max(at for at in bounds if at < past))
