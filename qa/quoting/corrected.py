"""What a correction says: 本报上期“九家”应为“七家”."""

from __future__ import annotations

import re

from corpus.types import Range

_CORRECTS = re.compile(
    r"[“\"「『](?P<wrong>[^“”\"「」『』]{2,40})[”\"」』][^。；;“\"「『]{0,8}?"
    r"(?:应(?:该?[是为]|改为|更正为|作)|更正为|订正为|[改應]為|應為|应系)"
    r"[“\"「『]?(?P<right>[^“”\"「」『』。；;，,]{1,40})"
)


def corrections(text: str) -> list[tuple[Range, Range]]:
    """Return where a text, folded or as printed, quotes what was wrong, and what is right.

    >>> text = "上期“九家”应为“七家”。"
    >>> [(text[slice(*wrong)], text[slice(*right)]) for wrong, right in corrections(text)]
    [('九家', '七家')]
    """
    return [(match.span("wrong"), match.span("right")) for match in _CORRECTS.finditer(text)]
