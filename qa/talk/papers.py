"""A question that names a publication of the archive: 清河晨报说…, according to 清河晨报, ….

The paper's name stands in no passage. So it is taken out of the question, and only that paper's
issues are looked at. What is asked about a paper itself, as a firm (清河晨报社), names no source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.archive import Archive
from corpus.cues import is_paper_name
from corpus.filters import Filters
from corpus.text import HAN, fold

_FEWEST_CHARS = 3  # of a name: 通讯 alone is a word
_MARK = "@paper@"
_TELLS = (
    "(?:报道|提到|讲到|谈到|登载|刊登|说(?!明)|讲(?![座解])|写(?!作)|登(?![记录山])|报(?![名告]))"
    "[过了的]?"
)
_CONTENTS = (
    "(?:[上里]面?|中)?(?:主要|都)?(?:有|刊?登了?)(?:什么|啥|哪些)(?:文章|内容|报道|新闻)"
    "|目录|头版|头条|第.{1,2}版"
)
_ISSUE = rf"最[新近]|上+一?期|前一?期|[这那]一?期|第 ?\d+ ?期|\d+[年月]|本期|{_CONTENTS}"
_OPEN = r"^(?:请问|想问一?下?|我?想知道)?"
_BY, _IN = "(?:根?据|按照?|看|在|从)", "(?:上面?|里面?|中)"
_FRAMES_ZH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_OPEN}{_BY}?{_MARK}的?(?:报道|消息|说法)?{_IN}?(?:{_TELLS}|[,:、])的?[,:、 ]*",
        rf"{_OPEN}{_BY}{_MARK}(?:{_IN}|的(?:报道|消息))[,:、 ]*",
        rf"{_OPEN}{_MARK}的?(?={_ISSUE})",
    )
)
_IN_EN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:according to|in|from|as per|per|by) (?:the )?{_MARK}(?!'s)[,:]? ?",
        rf" of (?:the )?{_MARK}",
        rf"(?:the )?{_MARK}'s (?=(?:latest|newest|last|most recent) )",
    )
)
_SAYS_EN = re.compile(
    rf"^what (?:does|did) (?:the )?{_MARK} (?:say|report|write|tell us|mention)"
    r" (?:about|on|of) (?P<about>.+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OfPaper:
    """A question that names the publication it is asked of.

    Attributes:
        name: The publication, as the archive has it.
        question: What is asked of it.
        surely: Whether it is named as what tells, not only spoken of.
    """

    name: str
    question: str
    surely: bool


def asked_of_paper(question: str, names: Sequence[str]) -> OfPaper | None:
    """Return which of an archive's publications a question is asked of; None where of no one.

    >>> asked_of_paper("清河晨报说水价多少？", ["清河晨报"])
    OfPaper(name='清河晨报', question='水价多少?', surely=True)
    >>> asked_of_paper("《清河晨报》最新一期有哪些文章", ["清河晨报"]).question
    '最新一期有哪些文章'
    >>> asked_of_paper("What does 清河晨报 say about the bridge?", ["清河晨报"]).question
    'the bridge?'
    >>> asked_of_paper("清河晨报水价多少", ["清河晨报"]).surely
    False
    >>> asked_of_paper("清河晨报社在哪里", ["清河晨报"]) is None
    True
    """
    found = [name for name in names if _is_named(name, question)]
    found = [one for one in found if not any(one in other for other in found if other != one)]
    if len(found) != 1:
        return None
    marked = re.sub(rf"《?{re.escape(found[0])}》?", _MARK, question)
    said = _asked_zh(marked) if HAN.search(marked) else _asked_en(marked)
    rest = said if said is not None else marked.replace(_MARK, "")
    if not re.search(r"\w{2}", rest) or _MARK in rest:
        return None
    return OfPaper(found[0], rest.strip(" ,，"), said is not None)


def _is_named(name: str, question: str) -> bool:
    """Tell whether a question has the name of a publication, and none of its firm."""
    if len(name) < _FEWEST_CHARS or not is_paper_name(name):
        return False
    return re.search(rf"{re.escape(name)}(?!社|业|纸|集团|记者)", question) is not None


def _asked_zh(marked: str) -> str | None:
    folded = fold(marked)
    for frame in _FRAMES_ZH:
        if match := frame.search(folded):
            return folded[match.end() :]
    return None


def _asked_en(marked: str) -> str | None:
    if match := _SAYS_EN.search(marked):
        return match["about"]
    for frame in _IN_EN:
        if match := frame.search(marked):
            return f"{marked[: match.start()]}{marked[match.end() :]}"
    return None


def only_paper(name: str, archive: Archive, filters: Filters | None) -> Filters | None:
    """Return filters that leave the issues of one publication; None where others leave none."""
    ids = tuple(row.id for row in archive.issues() if row.name == name)
    if filters and filters.issues:
        ids = tuple(one for one in ids if one in filters.issues)
    return replace(filters or Filters(), issues=ids) if ids else None
