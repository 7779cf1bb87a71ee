"""What an issue has in it: its articles, listed in their order, each by its first sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.rows import IssueRow
from corpus.text import HAN, fold, split_sentences
from corpus.types import Article, iso
from qa.cite import compose
from qa.native import Answer, NoAnswer
from qa.query import Lang
from qa.quoting.quotes import LONGEST, Quote
from qa.talk.issues import newest_first
from qa.talk.which import Which, which_issue
from qa.texts import say
from qa.wording import PAPER

MOST_LISTED = 60
"""Headlines that are listed."""

_ISSUE = rf"(?:(?:[本这该]一?|最[新近]的?(?:这|那)?一?)期(?:的?{PAPER})?|[本这]份?{PAPER})"
_WHAT = "(?:什么|啥|哪些|些什么|些啥|哪几篇|几篇|多少篇?)"
_PIECES = "(?:主要)?(?:的)?(?:文章|内容|报道|新闻|标题|消息|稿件|目录|要闻)"
_ZH = re.compile(
    rf"(?:请问)?{_ISSUE}(?:上面?|里面?|中|一共|总共|共|都|主要)*(?:有|刊?登了?|刊?发了?|发表了?|写了?|报道了?|讲了?|说了?|包括|收录了?)(?:了)?{_WHAT}{_PIECES}?"
    rf"|{_ISSUE}的?{_PIECES}(?:是{_WHAT}|有{_WHAT}|都有{_WHAT})?"
    rf"|(?:请|帮我|给我|麻烦)*(?:总结|概括|概述|归纳|列出|列一?下|介绍)(?:一下|下)?{_ISSUE}?的?(?:全部|所有)?{_PIECES}"
    rf"|{_ISSUE}(?:里面?|上面?|中)?(?:一共|总共|共)?有?(?:几|多少)篇(?:文章|报道|新闻|稿件|稿子)?"
    r"|(?:一共|总共|共)?有(?:几|多少)篇(?:文章|报道|新闻|稿件|稿子)"
    rf"|(?:今天|现在)?(?:都)?有{_WHAT}(?:新|重要|重大|主要)?(?:文章|标题|报道|新闻|要闻)|(?:总结|概括)(?:一下|下)?{_ISSUE}|目录"
    rf"|(?:最近|近期|近来)(?:都)?(?:有|报道了|发生了)?(?:什么|啥|哪些)(?:新|重要|重大|主要)?(?:的)?(?:新闻|消息|报道|要闻)"
)
_LEAD_ZH = re.compile(
    rf"(?:请问)?(?:{_ISSUE}的?)?(?:头版)?头条(?:新闻|文章|报道)?(?:是(?:什么|啥|哪篇)|[讲说写]了?(?:什么|啥)|有哪些)?"
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
    rf"|how many {_PIECES_EN} (?:are there(?: in {_ISSUE_EN})?|are in {_ISSUE_EN}"
    rf"|does {_ISSUE_EN} (?:have|contain))"
    rf"|(?:any|what) news(?: is there)?|what(?:'s| is) (?:new|in the news)(?: in {_ISSUE_EN})?"
    rf"|(?:please )?(?:list|show|give)(?: me)? (?:all )?(?:of )?(?:the )?{_PIECES_EN}"
    rf"(?: (?:of|in|from) {_ISSUE_EN})?"
    rf"|(?:please )?(?:summari[sz]e|sum up) (?:the contents? of )?{_ISSUE_EN}|table of contents"
    rf"|(?:(?:please|can you|could you) )?(?:(?:give|show|write)(?: me)? )?(?:an? |the )?"
    rf"(?:(?:brief|short) )?(?:summary|overview|outline) of (?:the contents? of )?{_ISSUE_EN}"
)
_LEAD_EN = re.compile(
    rf"what(?:'s| is| was) the (?:lead|leading|top|front[ -]page) (?:story|article|headline|news)"
    rf"(?: (?:of|in) {_ISSUE_EN})?"
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
    them the headlines are told, sixty in all, and how many more there are. A question for the
    lead of an issue is answered by its first article alone.

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
    row, every = _of(asked, archive, filters)
    articles = [one for one in every if among is None or among(one.passages[0].id)]
    if row and articles:
        shown = articles[: 1 if asked.lead else MOST_LISTED]
        rest = 0 if asked.lead else len(articles) - len(shown)
        lead = "of_issue" if asked.lead else "contents"
        issue = iso(row.date) or row.title or row.id
        told = say(lead, lang, issue=issue, n=str(len(every))).rstrip()
        return listed(told, shown, archive, rest=rest, limit=limit, lang=lang)
    if not archive.n_passages() or (not row and not asked.which.surely):
        return None
    return _nothing(lang)


def listed_articles(
    question: str, archive: Archive, filters: Filters | None = None
) -> list[Article]:
    """Return the articles that the answer to a question for contents lists, in their order."""
    asked = _asked(question)
    articles = _of(asked, archive, filters)[1] if asked else []
    return articles[: 1 if asked and asked.lead else MOST_LISTED]


def contents_of_another(question: str, listed: str, archive: Archive) -> str | None:
    """Return the question for contents that one stands for which only names an issue: 上一期呢.

    Empty where there is no such issue; None where the question is not of that kind.

    Args:
        question: As typed.
        listed: The id of the issue whose contents were told before.
        archive: Whose issues there are.
    """
    folded = re.sub(r"^[\W_]+|[\W_]+$", "", fold(" ".join(question.split())).replace("’", "'"))
    named = _ONLY.sub("", folded).strip()
    step = _STEP.fullmatch(named)
    if step:
        rows = [row.id for row in newest_first(archive)]
        at = rows.index(listed) + (-1 if step["next"] else 1) if listed in rows else -1
        named = f"{rows[at]}那期" if 0 <= at < len(rows) else ""
    elif which_issue(named)[1] not in ("本期", "issue", "the issue", "issue of this issue"):
        return None
    if not named or not HAN.search(named):
        return f"what is in {named}" if named else ""
    return f"{named}有哪些文章？"


_ONLY = re.compile(r"^(?:那么?(?![期份])|and |what about |how about )+|呢$")
_STEP = re.compile(
    r"(?:再?[上前]一?期|(?:the )?(?:previous|preceding) (?:issue|one)|the (?:issue|one) before)"
    r"|(?P<next>[下后]一?期|(?:the )?next (?:issue|one))"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for: of which issue, and whether only its first article."""

    which: Which
    lead: bool = False


def _asked(question: str) -> _Asked | None:
    """Return what a question asks for; None where it does not ask for contents."""
    folded = re.sub(r"^[\W_]+|[\W_]+$", "", fold(" ".join(question.split())).replace("’", "'"))
    which, said = which_issue(folded)
    if _ZH.fullmatch(said) or _EN.fullmatch(said):
        return _Asked(which)
    if _LEAD_ZH.fullmatch(said) or _LEAD_EN.fullmatch(said):
        return _Asked(which, lead=True)
    return None


def _of(
    asked: _Asked, archive: Archive, filters: Filters | None
) -> tuple[IssueRow | None, list[Article]]:
    """Return the newest issue that may be meant and has articles, and these."""
    left = archive.within(filters).prefixes if filters else None
    back = asked.which.back
    for row in newest_first(archive):
        if not asked.which.is_of(row):
            continue
        articles = [one for one in archive.issue(row.id).articles if one.passages]
        articles = [one for one in articles if left is None or _begins(one, left)]
        if articles and not back:
            return row, articles
        back -= bool(articles)
    return None, []


def _begins(article: Article, prefixes: list[str]) -> bool:
    return any(f"{article.id}/".startswith(prefix) for prefix in prefixes)


def listed(
    lead: str, shown: list[Article], archive: Archive, *, rest: int, limit: int, lang: Lang
) -> Answer:
    """Return the list; `rest` is how many articles there are beyond those shown."""
    cited = shown[:limit]
    places = archive.places([article.passages[0].id for article in cited])
    quotes = [
        Quote(place=place, start=0, end=len(first.text[:LONGEST].rstrip()), score=1.0)
        for place in places
        for first in split_sentences(place.passage.text)[:1]
    ]
    behind = [_title(article, lang) for article in shown[len(cited) :] if article.headline]
    tail = [say("contents_rest", lang, titles="\n".join(behind))] if behind else []
    if rest:
        tail.append(say("contents_more", lang, n=str(rest)))
    return compose(
        quotes,
        archive=archive,
        status="answered",
        lang=lang,
        confidence=1.0,
        lead=lead,
        names=[_title(article, lang) for article in cited],
        tail="\n".join(tail),
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
