"""An element of a web page to its paragraphs, headings and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.looks import Looks
from corpus.marked import Look, Piece, one_line
from corpus.plain_tables import CELLS_PART
from corpus.scripts import compiled
from corpus.signatures import bylines, is_dated_signature
from corpus.tags import words
from corpus.types import Role

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS = words(
    "address article aside blockquote body caption center dd details dir div dl dt figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu ol p pre section "
    "summary table tbody td tfoot th thead tr ul"
)
_HEADING = re.compile(r"h[1-6]")
_CAPTION = re.compile(
    r"(?:^|[^a-z])(?:caption|figcaption|pic[-_]?(?:title|text|desc)|tuzhu|img[-_]?(?:text|desc))"
)
_KICKER = re.compile(r"(?:^|[^a-z])(?:kicker|eyebrow|yinti)(?:$|[^a-z])")
_SUBTITLE = re.compile(
    r"(?:^|[^a-z])(?:sub|sub-?(?:title|head|headline)|standfirst|futi)(?:$|[^a-z])"
)
_PARTED = re.compile(
    r"\n\s*\n|\n(?=[\u3000\xa0]{2}| {4})|(?<=[。！？…”])[ \u3000\xa0]*\n"
)  # the line breaks between paragraphs
_SITE_SAYS = (  # with what it says behind a sign or a space: 编辑部 is no 编辑; no event's 时间
    r"(?:(?:信息|文章)?来源|稿源|发布(?:时间|日期)|发表时间|更新时间|作者|编辑|责编|责任编辑|编审|审核|校对|监制"
    r"|(?:浏览|阅读|点击)(?:次数|量)?|访问量|字体|字号|[上下]一[篇条版]|相关链接)"
    r"(?:\s*[:：/／丨｜(（—]|\s|\d|$)"
    r"|(?:作者|编辑|责编|责任编辑)[\u4e00-\u9fff]{2,3}$"
    r"|(?:时间|日期)\s*[:：]\s*(?:\d{4}[-/年.]|\d{1,2}-\d{1,2}(?:\s|$)|$)"
)
_SITE_OFFERS = (
    r"(?:打印|关闭|返回)(?:[本此](?:[页文稿]|窗口)|文章|窗口|页面|至|顶部|首页|[\u4e00-\u9fff]{0,4}列表|目录"
    r"|上一?[页级层])?(?:[\s:：|【】\[\]]|$)"
    r"|分享(?:到|至)?(?:微信|微博|朋友圈|空间|好友|qq)?(?:[\s:：|【】\[\]]|$)|收藏(?:本[页文]|此[页文])?$"
    r"|点击上方|点个?[“\"]?(?:在看|赞)"
    r"|版权(?:所有|声明|归|信息|©|[\s:：])|扫一扫|Copyright|©"
)
_MATTER = compiled(
    rf"[（(【\[]?(?:{_SITE_SAYS}|{_SITE_OFFERS})[^，。；]{{0,70}}$"
    r"|(?:\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?)(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?(?:\s+\S{1,20}){0,3}$",
    re.IGNORECASE,
)
_OFFERS = compiled(rf"[（(【\[]?(?:{_SITE_OFFERS})", re.IGNORECASE)
MATTER_CHARS = 90
"""Characters of the longest line that a site says of itself."""

_Run = tuple[str, Look | None]  # a stretch of text and how it is set; line breaks have no look


def pieces_of(node: LexborNode) -> list[Piece]:
    """Return what stands in an element, in order: a piece for each paragraph, heading, caption."""
    pieces: list[Piece] = []
    buffer: list[_Run] = []
    context: list[tuple[int, Role]] = [(0, "text")]
    looks = Looks()
    for step, inner in _steps(node):
        if step == "text":
            buffer.append((_text(inner), looks.of(inner)))
        elif step == "break":
            buffer.append(("\n", None))
        elif step == "cell":
            buffer.append((CELLS_PART, None))
        else:
            pieces += _parts(buffer, *context[-1])
            buffer.clear()
            if step == "open":
                context.append(_context(inner, context[-1]))
            else:
                context.pop()
    return pieces + _parts(buffer, *context[-1])


def _steps(node: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """Yield what happens in an element from its start to its end, nested blocks in place."""
    stack: list[tuple[str, LexborNode]] = [("enter", node)]
    while stack:
        step, inner = stack.pop()
        if step != "enter":
            yield step, inner
            continue
        tag = inner.tag or ""
        if inner.is_text_node:
            yield "text", inner
        elif tag == "br":
            yield "break", inner
        elif inner.is_element_node and tag not in ("script", "title", "img"):
            block = tag in _BLOCKS
            if tag in ("td", "th") and _is_in_row(inner):
                block = False
                if not _is_first(inner):
                    yield "cell", inner
            elif tag in ("p", "div") and _is_cells(inner):
                block = False
            if block:
                yield "open", inner
                stack.append(("close", inner))
            stack.extend(
                ("enter", child) for child in reversed(list(inner.iter(include_text=True)))
            )


def _is_in_row(cell: LexborNode) -> bool:
    """Tell whether a cell is of a table of short entries, not one that sets out a page."""
    row = cell.parent
    if row is None or row.tag != "tr" or row.css_first("table, ul, ol, h1, h2, h3"):
        return False
    cells = row.css("td, th")
    return len(cells) > 1 and all(len(one.css("p, div")) <= 1 for one in cells)


def _is_cells(paragraph: LexborNode) -> bool:
    """Tell whether a paragraph is all that a cell of such a table holds."""
    cell = paragraph.parent
    return cell is not None and cell.tag in ("td", "th") and _is_in_row(cell)


def _is_first(cell: LexborNode) -> bool:
    before = cell.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    return before is None


def _text(node: LexborNode) -> str:
    """Return a text as it prints: outside `pre` a line end in the source is a space."""
    text = node.text_content or ""
    parent = node.parent
    return text if parent is not None and parent.tag == "pre" else re.sub(r"[\t\r\n ]+", " ", text)


def _context(node: LexborNode, outer: tuple[int, Role]) -> tuple[int, Role]:
    """Return the level and role of what stands in a block."""
    tag = node.tag or ""
    if outer[1] == "caption" or tag == "figcaption" or (tag == "p" and _is_caption(node)):
        return 0, "caption"
    if not _HEADING.fullmatch(tag) and (role := _named(node)):
        return 0, role
    return (int(tag[1]), "text") if _HEADING.fullmatch(tag) else outer


def _is_caption(node: LexborNode) -> bool:
    parent = node.parent
    named = (node.attributes.get("class") or "").lower()
    return bool(_CAPTION.search(named)) or (parent is not None and parent.tag == "figure")


def _named(node: LexborNode) -> Role | None:
    """Return what the class of an element says that it is of a headline."""
    named = (node.attributes.get("class") or "").lower()
    return "kicker" if _KICKER.search(named) else "subtitle" if _SUBTITLE.search(named) else None


def _parts(runs: Sequence[_Run], level: int, role: Role) -> list[Piece]:
    """Return the paragraphs of a block's text: many sites part them by line breaks alone.

    So are lines that are each set alike, and otherwise than the line above.
    """
    if level or role != "text":
        text = "".join(text for text, _ in runs)
        whole = Piece(text, level=level) if level else _piece(text, role)
        return [whole] if text.strip() else []
    return [
        replace(_piece(part, role), look=look)
        for lines, look in _set_alike(runs)
        for part in _PARTED.split("\n".join(lines))
        if part and part.strip()
    ]


def _set_alike(runs: Sequence[_Run]) -> list[tuple[list[str], Look | None]]:
    """Return stretches of lines, and how all of a stretch is set; None where that is not one."""
    lines: list[list[_Run]] = [[]]
    for text, look in runs:
        if text == "\n" and look is None:
            lines.append([])
        else:
            lines[-1].append((text, look))
    found: list[tuple[list[str], set[Look]]] = [([], set())]
    for line in lines:
        looks = {look for text, look in line if look and text.strip()}
        if len(looks) == len(found[-1][1]) == 1 and looks != found[-1][1]:
            found.append(([], set()))
        found[-1][0].append("".join(text for text, _ in line))
        found[-1][1].update(looks)
    return [(texts, looks.pop() if len(looks) == 1 else None) for texts, looks in found]


def is_matter(line: str) -> bool:
    """Tell whether a line is what a site says of a text, or offers its readers.

    >>> is_matter("版权所有 砚川日报社"), is_matter("版权保护周开幕")
    (True, False)
    >>> is_matter("编辑：李明"), is_matter("编辑：盼望早日通车！")
    (True, False)
    """
    asks = line.endswith(("？", "！", "?", "!")) and not _OFFERS.match(line)
    return len(line) <= MATTER_CHARS and bool(_MATTER.match(line)) and not asks


def _piece(text: str, role: Role) -> Piece:
    """Return a paragraph; what a site says of its source, day or editor is matter or a byline."""
    line = one_line(text)
    if CELLS_PART in text:
        return Piece(text, role=role)
    if role == "text" and is_matter(line):
        role = "byline" if bylines(line) else "matter"
    elif role == "text" and is_dated_signature(line):
        role = "byline"
    return Piece(text, role=role)
