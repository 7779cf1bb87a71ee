"""Letters to the editor: what one says, who signs it, and the reply below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.cues import is_closed, letter_signed, opens_letter
from corpus.types import Passage, Range

_SIGN_CHARS = 24
_REPLIES = re.compile(
    "(?:[^，。；：:？?！!]{2,16}(?:回复|答复|回应|反馈)[:：]|编者按|编后|编辑回复|(?:本报|本刊)?记者(?:核实|了解|采访))"
)
_SIGNS = re.compile(  # below a letter: where somebody is from, and a name
    r"[（(]?[\u4e00-\u9fff\d·]{2,18}[\s　]+"
    r"(?P<who>[\u4e00-\u9fff·]{2,4}|一?[名位][\u4e00-\u9fff]{2,8})[）)]?"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in an article, by the places of its passages.

    Attributes:
        body: What it says, from the line over it, to one past the last.
        signed: Where it is signed, the last of the body where its last words sign it.
        who: Who signs it, with where they are from, as printed.
        name: Where the name stands in the passage that signs it.
        replies: What is said to it, from the first to one past the last; empty where nothing is.
    """

    body: Range
    signed: int
    who: str
    name: Range
    replies: Range


def letters(passages: Sequence[Passage]) -> list[Letter]:
    """Return the signed letters to the editor of an article, in order.

    >>> texts = ["灯不亮", "编辑：路灯不亮。", "柳湾村 李明", "镇里答复：已修。"]
    >>> found = letters([Passage(str(n), text, ()) for n, text in enumerate(texts)])
    >>> [(one.body, one.who, texts[one.signed][slice(*one.name)], one.replies) for one in found]
    [((0, 2), '柳湾村 李明', '李明', (3, 4))]
    """
    found: list[Letter] = []
    texts = [passage.text for passage in passages]
    start = at = 0
    while at < len(texts):
        if is_reply(texts[at]):
            start = at + 1
        elif match := _signed(texts, at, start=start):
            end = at if _is_alone(match) else at + 1
            last = at + 1
            while last < len(texts) and is_reply(texts[last]):
                last += 1
            who, name = _who(match)
            if end > start:
                found.append(Letter((start, end), at, who, name, (at + 1, last)))
            start, at = last, last - 1
        at += 1
    return found


def is_reply(text: str) -> bool:
    """Tell whether a passage opens as what is said to a letter does: 公交公司答复：, 编者按."""
    return _REPLIES.match(text) is not None


def _signed(texts: Sequence[str], at: int, *, start: int) -> re.Match[str] | None:
    """Return the match of who signs a letter in one of some passages, or None."""
    text = texts[at]
    if match := letter_signed(text):
        return match
    if len(text) > _SIGN_CHARS or is_closed(text):
        return None
    opens = any(map(opens_letter, texts[start:at]))
    replied = at + 1 < len(texts) and is_reply(texts[at + 1])
    return _SIGNS.fullmatch(text) if at > start and (opens or replied) else None


def _is_alone(match: re.Match[str]) -> bool:
    return match.start() == 0 and match.end() == len(match.string)


def _who(match: re.Match[str]) -> tuple[str, Range]:
    """Return who signs, and where the name stands."""
    start, end = match.span("who")
    if match.re is _SIGNS:
        return match.group().strip("（()）"), (start, end)
    name = re.split(r"[\s：:]+", match["who"])[-1]
    return match["who"], (end - len(name), end)
