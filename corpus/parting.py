"""Where articles begin, in a text whose layout parts them: by blank lines, by rules, by indents.

Where a page is set in columns a blank line stands at the end of each, too, inside an article. So a
way of parting is believed only where nearly each part looks like an article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from corpus import cues
from corpus.furniture import Page
from corpus.plain_tables import are_paragraphs
from corpus.scripts import compiled
from corpus.signatures import NAME_ALONE, is_credit, is_signature
from corpus.sources import Line

INDENT = 2
"""Columns of white space from which on a line is indented."""

_END_CHARS = 20  # no line that signs is longer
_FEWEST = {True: 2, False: 5}  # blocks that are believed: where each line is a paragraph, or not
_SHARE = {True: 0.8, False: 0.85}  # and the share of them that looks like an article
_MOST_BLANKS = 3
_NEAR = 3  # columns that a line may miss of the width it fills
_MOST_HEADS = 3  # lines of a headline with what stands over and under it
STANZA_CHARS = 24
"""Characters of the longest line of a poem where only how it is set tells one."""

_TUNES = (
    "沁园春|满江红|水调歌头|浣溪沙|卜算子|如梦令|蝶恋花|念奴娇|西江月|鹧鸪天|清平乐|临江仙|菩萨蛮|采桑子|忆江南|虞美人"
    "|浪淘沙|渔家傲|江城子|踏莎行|南乡子|定风波|破阵子|永遇乐|一剪梅|青玉案|减字木兰花"
)
_VERSE = compiled(
    r"[^（(]{1,30}[（(](?:[组短小新古儿童旧长]{0,2}体?诗[词歌]?|散文诗|诗[二三四五六]首|诗[词歌][一二三四五六七八九十两]首|词|歌词|儿歌|童谣|打油诗"
    r"|[诗词]?(?:外|[一二三四五六七八九十两])[一二三四五六七八九两]?首)[）)]"
    rf"|(?:(?:新韵)?[五七](?:律|绝|古)|组诗|{_TUNES})\s*[·•・:：].{{1,20}}"
)
_MARKED = re.compile("[，。；、：！？…][”’」』]?$")
_ASKS = re.compile("[？！?!][”’」』]?$")
_RULE = re.compile(r"[-—–=_*~·•＊─━﹣#+\s]{3,}")


def article_starts(lines: Sequence[Line], page: Page) -> Mapping[int, int]:
    """Return the first lines of the parts, and how many lines a headline has that each begins.

    That is 0 where it may be none, and more than 1 where it was broken. Nothing where the layout
    parts no articles.

    Args:
        lines: Those of the text.
        page: What in it is of no article.
    """
    if not lines or any(line.told for line in lines):  # the page shows what is a headline
        return {}
    whole = are_paragraphs([line.text for line in lines])
    column = 0 if whole else _column(lines)
    best: Mapping[int, int] = {}
    fewest = len(lines)
    pages = set(page.sections) if whole else set()
    for starts in _ways(lines, page, whole=whole):
        blocks = _blocks(lines, page, starts | pages if starts else starts)
        if whole:  # else any line may be as short as a headline
            blocks = _merged(lines, blocks)
        held = [[lines[at] for at in block] for block in blocks]
        told = list(map(_may_be_article, held))
        if len(told) < _FEWEST[whole] or sum(told) < _SHARE[whole] * len(told):
            continue
        several = sum(map(_opens_twice, held))
        if several < fewest:
            fewest = several
            best = {
                block[0]: _n_broken(some, column) if is_told else 0
                for block, some, is_told in zip(blocks, held, told, strict=True)
            }
        if not several:  # else a finer way may part them
            break
    return best


def _opens_twice(lines: Sequence[Line]) -> bool:
    """Tell whether a part holds two lines that open a story."""
    return sum(bool(cues.OPENER.match(line.text)) for line in lines) > 1


def _column(lines: Sequence[Line]) -> int:
    """Return the width that most lines have."""
    return Counter(line.width for line in lines).most_common(1)[0][0]


def _n_broken(lines: Sequence[Line], column: int) -> int:
    """Return how many first lines are one of a headline: one that fills the column goes on."""
    n = 1
    while (
        column
        and n < min(_MOST_HEADS, len(lines))
        and column - _NEAR <= lines[n - 1].width <= column
        and lines[n].width < column - _NEAR
        and lines[n].indent < INDENT
        and _may_head(lines[n])
    ):
        n += 1
    return n


def _ways(lines: Sequence[Line], page: Page, *, whole: bool) -> Iterator[set[int]]:
    """Yield the lines before which the text may be parted, by what parts it most first."""
    ruled = {n for n in page.furniture if _RULE.fullmatch(lines[n].text)}
    yield {n + 1 for n in ruled}
    for least in range(_MOST_BLANKS, 0, -1):
        yield {n for n, line in enumerate(lines) if line.blanks >= least or n - 1 in ruled}
    if whole:
        ends = [line.indent for line in lines if cues.is_closed(line.text)]
        indent = Counter(ends).most_common(1)[0][0] if ends else 0
        if indent >= INDENT:
            yield {
                n
                for n, (before, line) in enumerate(pairwise(lines), start=1)
                if line.indent != indent
                and not line.is_row
                and (before.indent == indent or before.is_row or n - 1 in page.furniture)
            }


def _blocks(lines: Sequence[Line], page: Page, starts: set[int]) -> list[list[int]]:
    """Return the lines of each part; one that begins with page matter does so with what follows."""
    blocks: list[list[int]] = []
    begins = True
    for index in range(len(lines)):
        begins = begins or index in starts
        if index not in page.furniture:
            if begins:
                blocks.append([])
            blocks[-1].append(index)
            begins = False
    return blocks


def _merged(lines: Sequence[Line], blocks: Sequence[list[int]]) -> list[list[int]]:
    """Return blocks, what begins with no headline with what is above it.

    So is a headline that stands by itself, or its first line, with what is below it, and so are the
    stanzas of a poem. A poem itself, told by who wrote it or by its title, is no headline.
    """
    merged: list[list[int]] = []
    for block in blocks:
        before = merged[-1] if merged else []
        above = [lines[n] for n in before]
        alone = 0 < len(above) <= _MOST_HEADS and all(map(_may_head, above)) and not _is_poem(above)
        below = [lines[n] for n in block]
        heads = _may_head(below[0]) and not cues.CROSSHEAD.match(below[0].text)
        if before and (
            not _may_head(below[0])
            or (alone and heads and _may_be_article(below))
            or _is_stanza(above, below)
        ):
            before.extend(block)
        else:
            merged.append(list(block))
    return merged


def titles_verse(text: str) -> bool:
    """Tell whether a headline says that a poem stands below it.

    >>> titles_verse("荷花（诗）"), titles_verse("雨后（外一首）"), titles_verse("七律·秋思")
    (True, True, True)
    >>> titles_verse("老茶馆（散文）"), titles_verse("全国诗词大会（决赛）")
    (False, False)
    """
    return len(text) <= cues.HEAD_CHARS and _VERSE.fullmatch(text) is not None


def _is_poem(lines: Sequence[Line]) -> bool:
    """Tell whether lines are a poem: its title says so, or who wrote it stands over its lines."""
    signed = [n for n, line in enumerate(lines[1:-1], start=1) if _signs(line)]
    below = lines[signed[0] + 1 :] if signed else lines[1:]
    return any(not _signs(line) for line in below) and (bool(signed) or titles_verse(lines[0].text))


def _signs(line: Line) -> bool:
    return bool(is_signature(line.text) or is_credit(line.text) or NAME_ALONE.fullmatch(line.text))


def _is_stanza(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Tell whether lines go on with the poem above: several short ones, that head nothing.

    They end in marks as its lines do, or without any as they do.
    """
    if len(above) < 2 or len(below) < 2 or not titles_verse(above[0].text):
        return False
    with_marks, *marked = (
        any(_MARKED.search(line.text) or cues.is_closed(line.text) for line in lines)
        for lines in (above[1:], *([line] for line in below))
    )
    return (
        (marked[0] if with_marks else not any(marked))
        and all(len(line.text) <= STANZA_CHARS and not line.is_row for line in below)
        and not any(titles_verse(line.text) or _signs(line) for line in below[:-1])
        and not any(cues.NOTICE.search(line.text) for line in below)
    )


def _may_head(line: Line) -> bool:
    """Tell whether a line may be a headline, or one of its lines; it may ask or exclaim."""
    text = line.text
    ends = cues.is_closed(text) and not (_ASKS.search(text) and "。" not in text)
    return len(text) <= cues.HEAD_CHARS and not (
        line.is_row
        or ends
        or text[-1] in "，、；："
        or any(one.match(text) for one in (cues.OPENER, cues.ASKED, cues.FIELD))
        or any(one.fullmatch(text) for one in (cues.DAY, cues.SOURCE))
    )


def _may_be_article(lines: Sequence[Line]) -> bool:
    last = lines[-1].text
    return (
        len(lines) > 1
        and _may_head(lines[0])
        and (cues.is_closed(last) or last[-1] in "）)" or len(last) <= _END_CHARS)
    )
