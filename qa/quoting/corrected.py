"""What a correction says: 本报上期“九家”应为“七家”."""

from __future__ import annotations

import re

from corpus.types import Range

_WRONG = r"[“\"「『](?P<wrong>[^“”\"「」『』]{2,40})[”\"」』][^。；;“\"「『]{0,8}?"
_SHOULD_BE = "(?:应(?:该?为|改为|更正为|作)|更正为|订正为|[应應改]為)"
_QUOTED = re.compile(rf"{_WRONG}{_SHOULD_BE}[“\"「『](?P<right>[^“”\"「」『』]{{1,40}})[”\"」』]")
_BARE = re.compile(rf"{_WRONG}{_SHOULD_BE}(?P<right>[^“”\"「」『』。；;，,]{{1,40}})")
_OF_A_PAPER = re.compile(r"更正|订正|勘误|有误|误[为作]|致歉|上期|第 ?\d+ ?期|》一文")
"""Without any of these, and without quotation marks around what should be, nothing is corrected."""

_IN_ALL = ("应", "應", "正为", "改為")  # one of them is in whatever says what should be


def corrections(text: str) -> list[tuple[Range, Range]]:
    """Return where a text, folded or as printed, quotes what was wrong, and what is right.

    >>> text = "上期“九家”应为“七家”。"
    >>> [(text[slice(*wrong)], text[slice(*right)]) for wrong, right in corrections(text)]
    [('九家', '七家')]
    >>> corrections("“老旧小区”改造应为民生工程。")
    []
    """
    if not may_correct(text):
        return []
    found = list(_QUOTED.finditer(text))
    if not found and _OF_A_PAPER.search(text):
        found = list(_BARE.finditer(text))
    return [(match.span("wrong"), match.span("right")) for match in found]


def may_correct(text: str) -> bool:
    """Tell whether a sentence of a text may be a correction; most texts have no word for it."""
    return any(word in text for word in _IN_ALL)
