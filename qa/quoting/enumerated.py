"""What a sentence lists between 、, 教育、医疗等领域; and whether a question asks for several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

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
_CHUNK = re.compile(
    r"[^,。;:!?()…—等\n\d“”《》「」『』的了着过在是为有对把被将从向到于由就都也还并]{1,300}"
)
"""What a list is within: no sign, no figure, no joining word."""

_OF_TITLES = re.compile("《[^《》]{1,40}》(?:[、和及与]?《[^《》]{1,40}》)+")
_BETWEEN = re.compile("、|以及|[和及与]")
_LAST_LONGER = 4  # characters that the last may have more than the longest of the others
_MOST = 16  # characters of one


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
    bounds = {at for cut in cuts for at in cut}
    found = [one.span() for one in _OF_TITLES.finditer(folded)]
    for chunk in _CHUNK.finditer(folded):
        first = folded.find("、", *chunk.span())
        if first < 0:
            continue
        others = [one.span() for one in _BETWEEN.finditer(folded, first, chunk.end())]
        *middle, (start, past) = [
            (end, following)
            for (_, end), (following, _) in zip(
                others, [*others[1:], (chunk.end(), 0)], strict=True
            )
        ]
        sizes = [past - start for start, past in middle]
        begin, end = chunk.start(), past
        longest = start + max(sizes, default=first - begin) + _LAST_LONGER
        if end > longest:
            end = max((at for at in bounds if start < at <= longest), default=end)
        most = median([*sizes, end - start])
        if first - begin > most:
            near = [at for at in bounds if first - most <= at < first]
            begin = min(near, default=max(at for at in bounds if at < first))
        if begin < first and start < end and max(first - begin, *sizes, end - start) <= _MOST:
            found.append((begin, end))
    return found
