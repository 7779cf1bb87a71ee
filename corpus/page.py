"""The tree of a web page to its articles, and what the page tells of them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from corpus import cues
from corpus.blocks import is_matter, pieces_of
from corpus.furniture import masthead, page_marked
from corpus.looks import with_heads
from corpus.main_text import Weights, drop_boilerplate, is_listing, main_text, weigh
from corpus.marked import Piece, one_line
from corpus.metadata import Metadata
from corpus.printed_days import iso_in
from corpus.signatures import bylines, is_signature
from corpus.types import Role

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_MASTHEADS = "header, [role=banner], [class*=masthead], [id*=masthead]"
_LEAST = 20  # characters that an article has at least
_META = {
    "date": (
        "article:published_time", "datepublished", "pubdate", "publishdate", "publish-date",
        "publish_date", "og:published_time", "weibo:article:create_at", "dc.date", "date",
    ),
    "title": ("og:title", "articletitle", "twitter:title"),
    "publication": ("og:site_name", "sitename", "contentsource", "publisher"),
    "author": ("author", "article:author"),
}  # fmt: skip
_HEAD_CHARS = 20_000
_SAID = re.compile(
    r"(?:发布|发表|刊发|更新)?(?:时间|日期)\s*[:：]\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})"
)
_SITE = re.compile(
    r"\s*(?:[_|｜]|\s-{1,2}\s|\s—\s|-(?=[^-]{2,12}(?:报|网|新闻|客户端|频道)\s*$)).*$"
)
_BEFORE_TITLE = re.compile(
    r"^[^-_|｜]{1,14}(?:报|刊|新闻网|电子版|客户端|频道)\s*[-_|｜]+\s*(?=..)"
)  # 砚川日报数字报-
_FEWEST_CHARS = 5  # of a kicker or a subtitle
_OF_TITLE = 0.6  # share of the title that a printed headline is


@dataclass(frozen=True, slots=True)
class Page:
    """What is printed on a page.

    Attributes:
        articles: The pieces of each article.
        headline: What heads the one article, or None.
        above: The line over it, if any.
        below: The line under it and who wrote it, if any.
        told: What the page tells of the issue.
        n_running: Characters of running text on the page, what is around it left out.
        n_kept: How many of them are in the articles.
    """

    articles: tuple[tuple[Piece, ...], ...]
    headline: str | None
    above: tuple[Piece, ...]
    below: tuple[Piece, ...]
    told: Metadata
    n_running: int
    n_kept: int


@dataclass(frozen=True, slots=True)
class Site:
    """How a site marks its parts: CSS selectors, None where it has no way of its own."""

    name: str
    body: str
    kicker: str | None = None
    headline: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    date: str | None = None
    publication: str | None = None
    drop: str | None = None


@cache
def sites() -> tuple[Site, ...]:
    """Return the sites that are known."""
    text = (files("corpus") / "data" / "sites.toml").read_text(encoding="utf-8")
    return tuple(Site(**entry) for entry in tomllib.loads(text)["site"])


def page_of(html: str) -> Page:
    """Return what is printed on a page that `corpus.tags.cut` has cut."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    meta = _meta(tree)
    site, body = _site(tree)
    imprint = _imprint(tree)
    drop_boilerplate(tree, keep=body)
    weights = weigh(tree)
    nodes = [body] if body else _article_nodes(tree, weights)
    if site and site.drop and body:
        for node in body.css(site.drop):
            node.decompose()
    headline = _headline(tree, site, meta)
    headline = None if headline in imprint else headline
    marks = site and (site.kicker or site.subtitle)
    over, under = ((), ()) if marks else _beside(tree, headline, nodes, weights)
    articles = tuple(tuple(pieces_of(node)) for node in nodes)
    if len(articles) == 1:
        articles = (tuple(with_heads(articles[0])),)
    if articles and imprint:
        printed = {one_line(piece.text) for pieces in articles for piece in pieces}
        matter = [Piece(line, role="matter") for line in imprint if line not in printed]
        articles = ((*matter, *articles[0]), *articles[1:])
    said = _first(tree, site.date if site else None)
    first = articles[0] if articles else ()
    lines = [piece.text for piece in first if piece.role in ("matter", "byline")]
    dated = (iso_in(text) for text in (said, meta.get("date"), *lines, _time(tree), _near(tree)))
    return Page(
        articles=articles,
        headline=headline,
        above=_pieces(tree, site.kicker if site else None, "kicker") or over,
        below=(*under, *_below(tree, site, meta, lines)),
        told=Metadata(
            date=next((day for day in dated if day), None),
            title=headline,
            publication=_first(tree, site.publication if site else None) or meta.get("publication"),
        ),
        n_running=weights.running(tree.body) if tree.body else 0,
        n_kept=sum(weights.running(node) for node in nodes),
    )


def _imprint(tree: LexborHTMLParser) -> list[str]:
    """Return the lines over the page that give the bulletin's name, the issue's number and day."""
    for node in tree.css(_MASTHEADS):
        lines = [one_line(one.text) for one in pieces_of(node)]
        told = [line for line in lines if _is_of_masthead(line)]
        found = masthead(told)
        if found.name and found.number:
            return told
    return []


def _is_of_masthead(line: str) -> bool:
    page = masthead([line])
    return bool(page.name or page.number or page.date) and not cues.is_closed(line)


def _site(tree: LexborHTMLParser) -> tuple[Site | None, LexborNode | None]:
    """Return the site whose marks are on the page, and its text."""
    for site in sites():
        for node in tree.css(site.body):
            if len(node.text(deep=True).strip()) >= _LEAST:
                return site, node
    return None, None


def _article_nodes(tree: LexborHTMLParser, weights: Weights) -> list[LexborNode]:
    """Return what the page marks as articles; else the one part that holds the text."""
    marked = [
        node
        for node in tree.css("article")
        if (weights.chars(node) >= _LEAST or (node.css_first("figcaption") and weights.chars(node)))
        and not is_listing(node, weights)
    ]
    inner = {node.mem_id for outer in marked for node in outer.css("article article")}
    outermost = [node for node in marked if node.mem_id not in inner]
    if len(outermost) > 1:
        return outermost
    told = tree.css_first("[itemprop=articleBody]")
    if told is not None and weights.chars(told) >= _LEAST:
        return [told]
    whole = outermost[0] if outermost else tree.body
    return [main_text(whole, weights)] if whole else []


def _headline(tree: LexborHTMLParser, site: Site | None, meta: dict[str, str]) -> str | None:
    """Return what the site marks as headline, else the likeliest h1, else the page's title."""
    marked = _first(tree, site.headline if site else None)
    whole = meta.get("title") or _first(tree, "title") or ""
    title = _SITE.sub("", _BEFORE_TITLE.sub("", whole)).strip()
    heads = [line for node in tree.css("h1") if (line := one_line(node.text(deep=True)))]
    alike = next((head for head in heads if title and (head in title or title in head)), None)
    named = meta.get("publication", "")
    others = [head for head in heads if head != named and not cues.is_paper_name(head)]
    return marked or alike or next(iter(others), None) or _printed(tree, title) or title or None


def _printed(tree: LexborHTMLParser, title: str) -> str | None:
    """Return the longest line of the page that is most of its title: the headline as printed."""
    lines = [] if tree.body is None else [one_line(one.text) for one in pieces_of(tree.body)]
    found = [line for line in lines if len(line) >= _OF_TITLE * len(title) and line in title]
    return max(found, key=len, default=None)


def _beside(
    tree: LexborHTMLParser,
    headline: str | None,
    within: Sequence[LexborNode],
    weights: Weights,
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the lines over and under a headline that stands outside of the text, if any."""
    n_chars = len("".join((headline or "").split()))
    inside = {node.mem_id for node in within}
    for node in tree.css("div, p, td, h2, h3, h4"):
        if weights.chars(node) != n_chars or weights.linked(node):
            continue
        if one_line(node.text(deep=True)) == headline and not _is_within(node, inside):
            return _line(node, "kicker", weights), _line(node, "subtitle", weights)
    return (), ()


def _is_within(node: LexborNode, outer: set[int]) -> bool:
    above: LexborNode | None = node
    while above is not None:
        if above.mem_id in outer:
            return True
        above = above.parent
    return False


def _line(node: LexborNode, role: Role, weights: Weights) -> tuple[Piece, ...]:
    """Return the short line right beside a headline that is its kicker or subtitle, if any."""
    beside = node.prev if role == "kicker" else node.next
    while beside is not None and not beside.is_element_node:
        beside = beside.prev if role == "kicker" else beside.next
    if beside is None or beside.tag != node.tag or weights.linked(beside):
        return ()
    if not _FEWEST_CHARS <= weights.chars(beside) <= cues.HEAD_CHARS:
        return ()
    line = one_line(beside.text(deep=True))
    told = is_matter(line) or bylines(line) or iso_in(line) or is_signature(line)
    named = cues.is_paper_name(line) or page_marked(line)
    return () if told or named or not cues.may_head(line) else (Piece(line, role=role),)


def _first(tree: LexborHTMLParser, selector: str | None) -> str | None:
    """Return the first text that a selector finds, on one line."""
    nodes = tree.css(selector) if selector else []
    return next((line for node in nodes if (line := one_line(node.text(deep=True)))), None)


def _pieces(tree: LexborHTMLParser, selector: str | None, role: Any) -> tuple[Piece, ...]:  # noqa: ANN401
    line = _first(tree, selector)
    return (Piece(line, role=role),) if line else ()


def _below(
    tree: LexborHTMLParser, site: Site | None, meta: dict[str, str], lines: Sequence[str]
) -> tuple[Piece, ...]:
    """Return the subtitle, and who wrote it where the text itself does not say."""
    subtitle = _pieces(tree, site.subtitle if site else None, "subtitle")
    told = _first(tree, site.byline if site else None) or meta.get("author", "")
    named = "" if any(bylines(line) for line in lines) else told
    if named and not bylines(named):
        named = f"作者 {named}" if bylines(f"作者 {named}") else ""
    return (*subtitle, Piece(named, role="byline")) if named else subtitle


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """Return what the head of the page tells, in its meta tags and as linked data."""
    given: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        values = node.attributes
        name = values.get("property") or values.get("name") or values.get("itemprop") or ""
        given.setdefault(name.lower(), one_line(values.get("content") or ""))
    told = {
        part: next((given[name] for name in names if given.get(name)), "")
        for part, names in _META.items()
    }
    for node in tree.css('script[type="application/ld+json"]'):
        for part, value in _linked(node.text(deep=True)):
            told[part] = told[part] or one_line(value)
    return {part: value for part, value in told.items() if value}


def _linked(text: str) -> Iterator[tuple[str, str]]:
    """Yield what linked data tells of an article, as far as it is where it belongs."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    listed = found.get("@graph", [found]) if isinstance(found, dict) else found
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict) or "Article" not in str(one.get("@type")):
            continue
        publisher = one.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else publisher
        for part, value in (
            ("date", one.get("datePublished")),
            ("title", one.get("headline")),
            ("publication", name),
        ):
            if isinstance(value, str):
                yield part, value


def _time(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("time")
    return (node.attributes.get("datetime") or node.text(deep=True)) if node else None


def _near(tree: LexborHTMLParser) -> str | None:
    """Return short texts that hold a date: by their class, or by the words before it."""
    nodes = tree.css("[class*=date], [class*=time], [id*=date], [id*=time], [class*=info]")
    texts = [node.text(deep=True) for node in nodes[:20]]
    said = _SAID.search(tree.body.text(deep=True)[:_HEAD_CHARS]) if tree.body else None
    return " ".join([text for text in texts if len(text) < 200] + [said[1] if said else ""])
