"""What somebody wrote: the articles that are signed by a name, the newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.text import HAN, fold
from qa.native import Answer
from qa.query import Lang
from qa.talk.contents import MOST_LISTED, listed
from qa.texts import say

_NAME = r"(?P<name>(?![他她我你您谁哪这那本])[\u4e00-\u9fff·]{2,6}?)"
_WHO = "(?:记者|通讯员|作者|特约记者|摄影师|摄影|编辑)?"
_WRITES = "(?:采写|撰写|写|发表|采访报道|报道|拍摄|拍)"
_PIECES = "(?:文章|报道|稿件|稿子|新闻|作品|消息|照片|图片)"
_WHAT = "(?:哪些|什么|啥|几篇|多少篇?|哪几篇)"
_ZH = tuple(
    re.compile(f"(?:请问|查一?下|帮我查一?下|列出|有哪些)?{pattern}")
    for pattern in (
        f"{_WHO}{_NAME}(?:都|一共|总共)*{_WRITES}[了过](?:的)?{_WHAT}{_PIECES}?",
        f"{_WHO}{_NAME}(?:{_WRITES}|署名)?的{_PIECES}(?:有{_WHAT})?",
        f"{_WHAT}{_PIECES}是{_WHO}{_NAME}{_WRITES}的",
    )
)
_PIECES_EN = "(?:articles?|stor(?:y|ies)|reports?|news|pieces?)"
_NAME_EN = r"(?P<name>[\w'’· -]{2,40}?)"
_EN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:what|which)(?: {_PIECES_EN})? (?:did|has) (?:reporter )?{_NAME_EN}"
        " (?:write|written|report|reported)",
        rf"(?:(?:all|any|list|show me|what|which) )*(?:the )?{_PIECES_EN} (?:are |were )?"
        rf"(?:written )?by (?:reporter )?{_NAME_EN}",
    )
)
_ENDS = re.compile(r"^\W+|\W+$")


def author_asked(question: str) -> str:
    """Return the name of the person whose articles a question asks for; empty for another.

    >>> author_asked("记者李明写了哪些文章？"), author_asked("articles by Li Ming")
    ('李明', 'Li Ming')
    >>> author_asked("李明的文章"), author_asked("哪些企业写了文章")
    ('李明', '')
    """
    bare = _ENDS.sub("", question)
    patterns, text = (_ZH, fold(bare)) if HAN.search(bare) else (_EN, bare)
    found = next(filter(None, (pattern.fullmatch(text) for pattern in patterns)), None)
    return found["name"] if found else ""


def written_by(
    names: Sequence[str],
    archive: Archive,
    *,
    limit: int,
    lang: Lang,
    filters: Filters | None = None,
    among: Callable[[str], bool] | None = None,
) -> Answer | None:
    """Return the articles of the first of some names that any is signed by; None where none is.

    Args:
        names: What somebody may be called, the likeliest first.
        archive: Whose articles there are.
        limit: How many citations at most.
        lang: The language of our own words.
        filters: Which part of the archive to look at; None is all.
        among: Tells by its first passage's id whether an article is to be listed; None lists all.
    """
    left = archive.within(filters) if filters else None
    for name in names:
        ids = [one for one in archive.articles_by(name) if left is None or left.has_article(one)]
        found = (archive.article(one) for one in ids[: len(ids) if among else MOST_LISTED])
        articles = [one for one in found if one.passages]
        if among:
            articles = [one for one in articles if among(one.passages[0].id)]
        if articles:
            n = len(articles) if among else len(ids)
            lead = say("written_by", lang, name=name, n=str(n))
            shown = articles[:MOST_LISTED]
            return listed(lead, shown, archive, rest=n - len(shown), limit=limit, lang=lang)
    return None
