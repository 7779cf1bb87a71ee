"""What an issue has in it: its articles, listed in their order, each by its first sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.rows import IssueRow
from corpus.text import fold, split_sentences
from corpus.types import Article, iso
from qa.cite import compose
from qa.native import Answer, NoAnswer
from qa.query import Lang, parse
from qa.quoting.quotes import Quote
from qa.talk.issues import issued, newest_first
from qa.texts import say

_MOST = 12  # headlines that are listed
_LONGEST = 1000  # characters of a quote; no printed sentence is longer

_PAPER = "(?:报纸?|刊物?|简报|杂志|周报|时讯|通讯)"
_ISSUE = rf"(?:(?:[本这该]一?|最[新近]的?(?:这|那)?一?)期(?:的?{_PAPER})?|[这本]份?{_PAPER})"
_WHAT = "(?:什么|啥|哪些|些什么|些啥|哪几篇|多少篇?)"
_PIECES = "(?:主要)?(?:的)?(?:文章|内容|报道|新闻|标题|消息|稿件|目录|要闻)"
_ZH = re.compile(
    rf"(?:请问)?{_ISSUE}(?:上面?|里面?|中|都|主要)*(?:有|刊?登了?|刊?发了?|发表了?|写了?|报道了?|讲了?|说了?|包括|收录了?)(?:了)?{_WHAT}{_PIECES}?"
    rf"|{_ISSUE}的?{_PIECES}(?:是{_WHAT}|有{_WHAT}|都有{_WHAT})?"
    rf"|(?:请|帮我|给我|麻烦)*(?:总结|概括|概述|归纳|列出|列一?下|介绍)(?:一下|下)?{_ISSUE}?的?(?:全部|所有)?{_PIECES}"
    rf"|(?:都)?有{_WHAT}(?:文章|标题|报道)|(?:总结|概括)(?:一下|下)?{_ISSUE}|目录"
)
_ISSUE_EN = (
    "(?:(?:the|this|that)? ?(?:latest|newest|current|last|most recent)? ?"
    "(?:issue|edition|bulletin|newspaper|paper))"
)
_PIECES_EN = "(?:articles?|headlines?|contents?|stories|titles|news)"
_EN = re.compile(
    rf"what(?:'s| is| are)? (?:there )?(?:{_PIECES_EN} )?(?:is |are )?(?:there )?"
    rf"(?:in|inside) {_ISSUE_EN}"
    rf"|what does {_ISSUE_EN} (?:say|contain|cover|have|report(?: on)?)"
    rf"|what (?:are )?the {_PIECES_EN} (?:of|in) {_ISSUE_EN}"
    rf"|what {_PIECES_EN} does {_ISSUE_EN} (?:have|contain)"
    rf"|(?:please )?(?:list|show|give)(?: me)? (?:all )?(?:of )?(?:the )?{_PIECES_EN}"
    rf"(?: (?:of|in|from) {_ISSUE_EN})?"
    rf"|(?:please )?(?:summari[sz]e|sum up) (?:the contents? of )?{_ISSUE_EN}|table of contents"
)
_DAY_ZH = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:年|[-/.])(?:(?P<month>\d{1,2})(?:月份?)?(?:[-/.]?(?P<day>\d{1,2})日?)?)?的?[那这]?一?期"
)
_NUMBER = re.compile(
    r"(?:总?第(?P<zh>\d{1,5})期(?:的|那期)?|(?<=issue )(?:no\.? ?|number |#)?(?P<en>\d{1,5})$)"
)
_MONTHS_EN = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_EN = re.compile(
    rf"(?:(?:{_MONTHS_EN})[a-z]*\.? )?(?:19|20)\d\d(?:-\d\d)?(?: (?=issue|edition))"
    rf"|(?<=issue) of (?:(?:{_MONTHS_EN})[a-z]*\.? )?(?:19|20)\d\d(?:-\d\d)?"
)


def asks_contents(question: str) -> bool:
    """Tell whether a question asks what an issue has in it.

    >>> asks_contents("本期有哪些文章？"), asks_contents("本期招聘会有哪些企业？")
    (True, False)
    """
    return _asked(question) is not None


def contents(
    question: str,
    archive: Archive,
    *,
    limit: int,
    lang: Lang,
    filters: Filters | None = None,
    among: Callable[[str], bool] | None = None,
) -> Answer | None:
    """Return the contents of the issue a question asks them of; None where it asks something else.

    The first articles are cited, each by its first sentence, behind its headline; of those behind
    them the headlines are told, twelve in all.

    Args:
        question: As typed.
        archive: Whose issues there are.
        limit: How many citations at most.
        lang: The language of our own words.
        filters: Which part of the archive to look at; None is all.
        among: Tells by its first passage's id whether an article is to be listed; None lists all.
    """
    asked = _asked(question)
    if asked is None:
        return None
    day, number = asked
    left = archive.within(filters).prefixes if filters else None
    for row in newest_first(archive):
        told = re.sub(r"\D", "", row.number or "")
        if not (issued(row) or row.id).startswith(day) or (number and told != number):
            continue
        every = [one for one in archive.issue(row.id).articles if one.passages]
        every = [one for one in every if left is None or _begins(one, left)]
        articles = [one for one in every if among is None or among(one.passages[0].id)]
        if articles:
            return _listed(row, articles, archive, n=len(every), limit=limit, lang=lang)
        if every:
            break
    if not archive.n_passages():
        return None
    return _nothing(lang)


def _asked(question: str) -> tuple[str, str] | None:
    """Return what the day of the issue asked for begins with, as 2023-05, and its number.

    Both are empty for the newest; None where a question does not ask for contents.
    """
    folded = re.sub(r"^[\W_]+|[\W_]+$", "", fold(" ".join(question.split())).replace("’", "'"))
    day = number = ""
    if match := _NUMBER.search(folded):
        number = match["zh"] or match["en"]
        folded = f"{folded[: match.start()]}{'本期' if match['zh'] else ''}{folded[match.end() :]}"
    if match := _DAY_ZH.search(folded):
        parts = (match["year"], match["month"], match["day"])
        day = "-".join(f"{int(part):02}" for part in parts if part)
        folded = f"{folded[: match.start()]}本期{folded[match.end() :]}"
    elif match := _DAY_EN.search(folded):
        day = next(iter(parse(match.group()).months), "")
        folded = folded.replace(match.group(), "")
    known = _ZH.fullmatch(folded) or _EN.fullmatch(" ".join(folded.split()))
    return (day, number) if known else None


def _begins(article: Article, prefixes: list[str]) -> bool:
    return any(f"{article.id}/".startswith(prefix) for prefix in prefixes)


def _listed(
    row: IssueRow, articles: list[Article], archive: Archive, *, n: int, limit: int, lang: Lang
) -> Answer:
    shown = articles[:_MOST]
    cited = shown[:limit]
    places = archive.places([article.passages[0].id for article in cited])
    quotes = [
        Quote(place=place, start=0, end=len(first.text[:_LONGEST].rstrip()), score=1.0)
        for place in places
        for first in split_sentences(place.passage.text)[:1]
    ]
    rest = [_title(article, lang) for article in shown[len(cited) :] if article.headline]
    issue = iso(row.date) or row.title or row.id
    return compose(
        quotes,
        archive=archive,
        status="answered",
        lang=lang,
        confidence=1.0,
        lead=say("contents", lang, issue=issue, n=str(n)),
        names=[_title(article, lang) for article in cited],
        tail=say("contents_rest", lang, titles="\n".join(rest)) if rest else "",
    )


def _title(article: Article, lang: Lang) -> str:
    return say("contents_title", lang, title=article.headline.text) if article.headline else ""


def _nothing(lang: Lang) -> Answer:
    return Answer(
        status="no_answer",
        lang=lang,
        text=say("not_found", lang),
        citations=(),
        sources=(),
        confidence=0.0,
        no_answer=NoAnswer("out_of_scope", ()),
    )
