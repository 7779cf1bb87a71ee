"""What an issue has in it: its articles, listed in their order, each by its first sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.furniture import page_marked, page_number
from corpus.numbers import NUMBERS_EN, number_of
from corpus.rows import IssueRow
from corpus.text import HAN, fold, split_sentences
from corpus.types import Article, Issue, iso
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
    r"|(?:最近|近期|近来|这几天)?(?:都|又)?(?:发生|出)了(?:些|哪些)?(?:什么|啥)(?:大事情?|事情?|新鲜事)?"
)
_NAMES = (
    "要闻|综合|新闻|经济|社会|民生|文化|文艺|教育|体育|副刊|言论|评论|专题|广告|农业|农村|科技|法治|健康|生活|国际|国内|本地|时政|党建|服务|公益|人物"
    "|图片|乡镇|部门|理论|财经|旅游|环保|安全"
)
_PAGE_ZH = re.compile(
    rf"(?:请问)?(?:(?:今天|今日|{_ISSUE})的?)?"
    rf"(?P<page>头版|(?:第?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})|(?P<name>(?:{_NAMES}){{1,2}}))版|(?P<alone>副刊))"
    rf"面?[上里]?面?(?:都|主要)?(?:(?:有|刊?登了?|[讲写说]了?|报道了?|是|上?的){_WHAT}?{_PIECES}?(?:是{_WHAT}|有{_WHAT})?)?"
)
_LEAD_ZH = re.compile(
    rf"(?:请问)?(?:(?:今天|今日|{_ISSUE})的?)?(?:头版)?头条(?:新闻|文章|报道)?(?:是(?:什么|啥|哪篇)|[讲说写]了?(?:什么|啥)|有哪些)?"
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
    rf"|which {_PIECES_EN} (?:is |are )?(?:there )?(?:in|inside) {_ISSUE_EN}"
    rf"|(?:what|which) {_PIECES_EN} does {_ISSUE_EN} (?:have|contain)"
    rf"|how many {_PIECES_EN} (?:are there(?: in {_ISSUE_EN})?|are in {_ISSUE_EN}"
    rf"|does {_ISSUE_EN} (?:have|contain))"
    r"|what(?:'s| is| has)? (?:been )?(?:happened|happening|going on)"
    r"(?: lately| recently| these days)?"
    rf"|(?:any|what) news(?: is there)?|what(?:'s| is) (?:new|in the news)(?: in {_ISSUE_EN})?"
    rf"|(?:please )?(?:list|show|give)(?: me)? (?:all )?(?:of )?(?:the )?{_PIECES_EN}"
    rf"(?: (?:of|in|from) {_ISSUE_EN})?"
    rf"|(?:please )?(?:summari[sz]e|sum up) (?:the contents? of )?{_ISSUE_EN}|table of contents"
    rf"|(?:(?:please|can you|could you) )?(?:(?:give|show|write)(?: me)? )?(?:an? |the )?"
    rf"(?:(?:brief|short) )?(?:summary|overview|outline) of (?:the contents? of )?{_ISSUE_EN}"
)
_NAMES_EN = {
    "news": "要闻|新闻",
    "business": "经济|财经",
    "economy": "经济|财经",
    "sports": "体育",
    "culture": "文化|文艺",
    "education": "教育",
    "health": "健康",
    "science": "科技",
    "opinion": "言论|评论",
    "society": "社会|民生",
}
_ON_EN = (
    rf"(?:(?:what(?:'s| is| was)?|(?:what|which) {_PIECES_EN} (?:is|are|was|were)"
    rf"|(?:the )?{_PIECES_EN}) (?:on|of) )?(?:the )?"
)
_PAGE_EN = re.compile(
    rf"{_ON_EN}(?:front page|page (?P<page>\d{{1,2}}|{'|'.join(NUMBERS_EN)})"
    rf"|(?P<name>{'|'.join(_NAMES_EN)}) page)(?: (?:of|in) {_ISSUE_EN})?"
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
    lead of an issue is answered by its first article alone, one for a page by those on it.

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
    row, every, numbered = _of(asked, archive, filters)
    articles = [one for one in every if among is None or among(one.passages[0].id)]
    if row and articles:
        shown = articles[: 1 if asked.lead else MOST_LISTED]
        rest = 0 if asked.lead else len(articles) - len(shown)
        issue = iso(row.date) or row.title or row.id
        if row.name and len(archive.summary().names) > 1:
            issue = f"{row.name} {issue}"
        section = "、".join(dict.fromkeys(one.section for one in articles if one.section))
        if asked.section or (asked.page and section and not numbered):
            issue = say("of_section", lang, issue=issue, section=section)
        elif numbered:
            issue = say("of_page", lang, issue=issue, page=str(asked.page))
        alone = asked.lead or (asked.page and not numbered and not section)
        lead = "of_issue" if alone else "contents"
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
_LETTERED = re.compile(r"[A-Za-z]\s*\d")  # A2 is not the second page of an issue
_NUMBERED = re.compile("第?(?:\\d{1,2}|[一二三四五六七八九十])版?")
_STEP = re.compile(
    r"(?:再?[上前]一?期|(?:the )?(?:previous|preceding) (?:issue|one)|the (?:issue|one) before)"
    r"|(?P<next>[下后]一?期|(?:the )?next (?:issue|one))"
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for.

    Attributes:
        which: Of which issue.
        lead: Whether only its first article.
        page: The number of the page alone that is asked for; 0 for all.
        section: A pattern of the name of that page; empty for all.
    """

    which: Which
    lead: bool = False
    page: int = 0
    section: str = ""

    def of(self, issue: Issue) -> tuple[list[Article], bool]:
        """Return those of an issue's articles that stand on the page asked for.

        Where no page is known, the front page has the first article, and those of its section. Also
        tells whether they are known by the page's number.
        """
        articles = [one for one in issue.articles if one.passages]
        if self.section:
            return [one for one in articles if re.search(self.section, one.section or "")], False
        if not self.page:
            return articles, False
        marks = _marks(issue)
        pages = [_page(one, marks) for one in articles]
        if self.page == 1 and not any(pages):
            first = articles[0].section if articles else None
            of_first = [one for one in articles if first and one.section == first]
            return of_first or articles[:1], False
        return [one for one, page in zip(articles, pages, strict=True) if page == self.page], True


def _page(article: Article, marks: Sequence[tuple[int, int]]) -> int | None:
    """Return the number of the page that an article stands on, or None where it is not known.

    Args:
        article: The article.
        marks: Where in the source each page of its issue begins, and its number.
    """
    section = article.section or ""
    if article.page or _NUMBERED.fullmatch(section):
        return article.page or page_number(section)
    start = article.passages[0].ranges[0][0]
    at = bisect_right(marks, start, key=lambda mark: mark[0])
    return marks[at - 1][1] if at else None


def _marks(issue: Issue) -> list[tuple[int, int]]:
    """Return where in an issue's source a line says that a page begins, and its number."""
    told = [(line, page_marked(line.text)) for line in issue.furniture if line.ranges]
    return [
        (line.ranges[0][0], mark[1])
        for line, mark in told
        if mark and mark[1] and not _LETTERED.search(line.text)
    ]


def _asked(question: str) -> _Wanted | None:
    """Return what a question asks for; None where it does not ask for contents."""
    folded = re.sub(r"^[\W_]+|[\W_]+$", "", fold(" ".join(question.split())).replace("’", "'"))
    which, said = which_issue(folded)
    if _ZH.fullmatch(said) or _EN.fullmatch(said):
        return _Wanted(which)
    if _LEAD_ZH.fullmatch(said) or _LEAD_EN.fullmatch(said):
        return _Wanted(which, lead=True)
    if match := _PAGE_ZH.fullmatch(said):
        number = 1 if match["page"] == "头版" else page_number(match["page"].removeprefix("第"))
        name = match["name"] or match["alone"] or ""
        return _Wanted(which, page=0 if name else number or 0, section=name)
    if match := _PAGE_EN.fullmatch(said):
        number = number_of(match["page"] or "1")
        name = match["name"]
        return _Wanted(which, page=0 if name else number, section=_NAMES_EN[name] if name else "")
    return None


def _of(
    asked: _Wanted, archive: Archive, filters: Filters | None
) -> tuple[IssueRow | None, list[Article], bool]:
    """Return the newest issue that may be meant and has articles, and these as `_Wanted.of`."""
    left = archive.within(filters) if filters else None
    back = asked.which.back
    for row in newest_first(archive):
        if not asked.which.is_of(row):
            continue
        articles, numbered = asked.of(archive.issue(row.id))
        articles = [one for one in articles if left is None or left.has_article(one.id)]
        if articles and not back:
            return row, articles, numbered
        back -= bool(articles)
    return None, [], False


def listed(
    lead: str, shown: list[Article], archive: Archive, *, rest: int, limit: int, lang: Lang
) -> Answer:
    """Return the list; `rest` is how many articles there are beyond those shown.

    Those without a headline are counted with them where they are not cited.
    """
    cited = shown[:limit]
    places = archive.places([article.passages[0].id for article in cited])
    quotes = [
        Quote(place=place, start=0, end=len(first.text[:LONGEST].rstrip()), score=1.0)
        for place in places
        for first in split_sentences(place.passage.text)[:1]
    ]
    behind = [_title(article, lang) for article in shown[len(cited) :] if article.headline]
    tail = [say("contents_rest", lang, titles="\n".join(behind))] if behind else []
    rest += len(shown) - len(cited) - len(behind)
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
