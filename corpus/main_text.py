"""Which part of a web page holds its running text, and which is only around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.blocks import MATTER_CHARS, is_matter
from corpus.marked import one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_AROUND = (
    "nav, aside, footer, [role=navigation], [role=banner], [role=contentinfo], "
    "[role=complementary], [role=search], [hidden], [aria-hidden=true], input, dialog"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMES = re.compile(
    r"(?:^|[^a-z])(?:nav|navbar|navigation|menu|bread|breadcrumbs?|crumbs?|footer|foot|copyright|"
    r"share|social|related?|recommend(?:ed|ation)?|relevant|sidebar|comments?|ads?|advert\w*|"
    r"pager|pagination|toolbar|tools?|login|search|print|hot|rank(?:ing)?|tags?|prevnext|qrcode|"
    r"ewm)(?:$|[^a-z])"
)
_HOLDS = frozenset({"body", "td", "div", "section", "main", "article", "center", "form"})
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "li"})
_RUNNING = 12  # characters from which on a paragraph is running text
_VERSE = 4  # and of one that ends a clause
_LINKS = 0.5  # share of characters in links from which on it is a list of them
_SMALL = 0.5  # share of the running text with less of which an element is not all of it
_STORY, _SEVERAL = 30, 3  # characters that a story has at least; so many alike are stories
_MOST_SPANS = 20  # around each other that are looked through
_MOST = 0.5  # share of the page's characters that nothing around the text has


class Weights:
    """How much text, and how much of it in links, stands in each element of a page."""

    def __init__(self) -> None:
        self._chars: dict[int, int] = {}
        self._linked: dict[int, int] = {}
        self._running: dict[int, int] = {}
        self.score: dict[int, float] = {}

    def chars(self, node: LexborNode) -> int:
        """Return how many characters stand in an element, white space not counted."""
        return self._chars.get(node.mem_id, 0)

    def linked(self, node: LexborNode) -> int:
        """Return how many of them stand in links."""
        return self._linked.get(node.mem_id, 0)

    def running(self, node: LexborNode) -> int:
        """Return how many of them are running text: in no link, and some in one stretch."""
        return self._running.get(node.mem_id, 0)

    def put(self, node: LexborNode, chars: int, linked: int, running: int) -> None:
        """Add characters to an element."""
        self._chars[node.mem_id] = self.chars(node) + chars
        self._linked[node.mem_id] = self.linked(node) + linked
        self._running[node.mem_id] = self.running(node) + running


def weigh(tree: LexborHTMLParser) -> Weights:
    """Return the weights of all elements of a page, in one pass from the leaves up."""
    weights = Weights()
    nodes = list(tree.root.traverse(include_text=True)) if tree.root else []
    for node in reversed(nodes):
        if node.is_text_node:
            own = len("".join((node.text_content or "").split()))
            weights.put(node, own, 0, own if own >= _RUNNING else 0)
        parent = node.parent
        if parent is None or node.tag in ("script", "title"):
            continue
        chars, is_link = weights.chars(node), node.tag == "a"
        linked = chars if is_link else weights.linked(node)
        weights.put(parent, chars, linked, 0 if is_link else weights.running(node))
        _score(node, parent, weights)
    return weights


def _score(node: LexborNode, parent: LexborNode, weights: Weights) -> None:
    """Add the running text of a paragraph to what holds it, and half of it to what holds that."""
    running = weights.chars(node) - weights.linked(node)
    parent = _holder(parent)
    is_text = node.is_text_node and parent.tag in _HOLDS
    if not (is_text or node.tag in _PARAGRAPHS) or not _is_text(node, running, weights):
        return
    outer = _holder(parent.parent) if parent.parent else None
    weights.score[parent.mem_id] = weights.score.get(parent.mem_id, 0) + running
    if outer is not None:
        weights.score[outer.mem_id] = weights.score.get(outer.mem_id, 0) + running / 2


def _is_text(node: LexborNode, running: int, weights: Weights) -> bool:
    """Tell whether a paragraph is running text, or a line of verse; what a site says is neither."""
    if running < _VERSE or (running < _RUNNING and node.tag != "p"):
        return False
    if weights.chars(node) > MATTER_CHARS:
        return running >= _RUNNING
    line = one_line(node.text(deep=True))
    return not is_matter(line) and (running >= _RUNNING or line[-1:] in "，。；！？、")


def _holder(node: LexborNode) -> LexborNode:
    """Return the element, or what holds it where it only sets type."""
    for _ in range(_MOST_SPANS):
        if node.tag != "span" or node.parent is None:
            break
        node = node.parent
    return node


def main_text(within: LexborNode, weights: Weights) -> LexborNode:
    """Return the element that holds most of the running text, first of equals.

    Where it is one of several alike, each with a story, it is what holds them all.
    """
    best, most = within, weights.score.get(within.mem_id, 0.0)
    for node in within.traverse():
        score = weights.score.get(node.mem_id, 0.0)
        if score > most and node.tag in _HOLDS and not is_listing(node, weights):
            best, most = node, score
    return _with_its_like(best, within, weights)


def _with_its_like(best: LexborNode, within: LexborNode, weights: Weights) -> LexborNode:
    """Return the element, or what holds three and more like it where it has not most of the text.

    Those alike stand beside each other, are of one tag and one class, and hold running text.
    """
    least = _SMALL * weights.running(within)
    node = best
    while node.mem_id != within.mem_id and weights.running(best) < least:
        parent = node.parent
        if parent is None:
            break
        alike = [
            one
            for one in parent.iter()
            if one.tag == node.tag
            and one.attributes.get("class") == node.attributes.get("class")
            and weights.running(one) >= _STORY
            and not is_listing(one, weights)
        ]
        best = parent if len(alike) >= _SEVERAL else best
        node = parent
    return best


def is_listing(node: LexborNode, weights: Weights) -> bool:
    """Tell whether most of what stands in an element is links."""
    return weights.linked(node) > _LINKS * weights.chars(node)


def drop_boilerplate(tree: LexborHTMLParser, *, keep: LexborNode | None) -> None:
    """Take out of the tree what is around the text: navigation, what is hidden, what it is named.

    What holds a headline, the text that a site marks, or most of the page stays, whatever it is
    called.

    Args:
        tree: The page.
        keep: The text that a site marks, or None.
    """
    weights = weigh(tree)
    whole = weights.chars(tree.body) if tree.body else 0
    needed = _with_ancestors([*tree.css("h1"), *([keep] if keep else [])])
    dropped: set[int] = set()
    for node in [*tree.css(_AROUND), *tree.css("[class], [id], [style]")]:
        parent = node.parent
        gone = parent is None or node.mem_id in needed or node.tag in ("html", "body")
        if gone or weights.chars(node) > _MOST * whole or not _is_around(node):
            continue
        dropped.add(node.mem_id)
    dropped.update(one.mem_id for one in tree.css("ul, ol") if _is_contents(one, weights))
    for node in _outermost(tree, dropped):
        node.decompose()


def _is_contents(node: LexborNode, weights: Weights) -> bool:
    """Tell whether a list leads to places on its own page, each by a link."""
    links = [link.attributes.get("href") or "" for link in node.css("a[href]")]
    to_places = len(links) >= _SEVERAL and all(re.match("#.", link) for link in links)
    return to_places and is_listing(node, weights)


def _is_around(node: LexborNode) -> bool:
    values = node.attributes
    named = f"{values.get('class') or ''} {values.get('id') or ''}".lower()
    return (
        node.tag in ("nav", "aside", "footer", "input", "dialog")
        or "hidden" in values
        or values.get("aria-hidden") == "true"
        or values.get("role") in ("navigation", "banner", "contentinfo", "complementary", "search")
        or bool(_HIDDEN.search(values.get("style") or ""))
        or bool(_NAMES.search(named))
    )


def _with_ancestors(nodes: list[LexborNode]) -> set[int]:
    found: set[int] = set()
    for node in nodes:
        above: LexborNode | None = node
        while above is not None and above.mem_id not in found:
            found.add(above.mem_id)
            above = above.parent
    return found


def _outermost(tree: LexborHTMLParser, marked: set[int]) -> list[LexborNode]:
    """Return the marked elements that stand in no other, so that each is taken out once."""
    inside: set[int] = set()
    outer: list[LexborNode] = []
    for node in tree.root.traverse() if tree.root else ():
        parent = node.parent
        is_inside = parent is not None and parent.mem_id in inside
        if is_inside or node.mem_id in marked:
            inside.add(node.mem_id)
            if not is_inside:
                outer.append(node)
    return outer
