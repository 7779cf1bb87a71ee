"""Text whose parts are told by markup: written one paragraph a line, then read as articles.

Web pages, Markdown and Word documents say what is a headline and what is a paragraph, so that
nothing has to be guessed from how lines are set. Their text is ours: each paragraph one line, a
blank line between. It is kept beside the file, and places in the source are places in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus import cues
from corpus.corrections import Corrections
from corpus.drafts import Draft, trust_told
from corpus.errors import SourceError
from corpus.furniture import heading_of_page, is_imprint, is_page_matter, page_marked
from corpus.heads import DASH
from corpus.metadata import Metadata
from corpus.plain_tables import CELLS_PART
from corpus.printed_days import iso_in
from corpus.sidecar import Correction, Starts
from corpus.signatures import NAME_ALONE, is_credit, is_name, is_signature, post_and_names
from corpus.sources import Line, is_blank
from corpus.text import HAN
from corpus.types import Block, Role, Source
from corpus.units import Part, Unit

_MOST_LINES = 20_000
_MOST_CHARS = 1_000_000
_SECTION_CHARS = 8  # the name of a section has no more
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_HAN_GAP = re.compile(r"(?<=[\u2e80-\u9fff，。、；：！？”’》）])\n(?=[\u2e80-\u9fff“‘《（])")
_PARTS: dict[Role, Part] = {
    "kicker": Part.HEAD,
    "headline": Part.HEAD,
    "subtitle": Part.HEAD,
    "byline": Part.BYLINE,
    "text": Part.BODY,
    "caption": Part.BODY,
    "matter": Part.FURNITURE,
}
_LEVELS = 6  # of headings
_SIGNED_CHARS = 24  # of who issued a notice
_KICKER_HAN = 4  # Chinese characters that a kicker has at least
_NO_KICKER = re.compile(r"[，、；日]$|[：:。>›»|｜]|——|^[-—\d（(]")
_HEADS = ("kicker", "headline", "subtitle")
_SIZES: dict[Role, float] = {"kicker": 1.0, "headline": 2.0, "subtitle": 1.0}


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set.

    Attributes:
        size: The size of its type, points.
        bold: Whether it is bold.
        named: The class of what holds it.
    """

    size: float = 12.0
    bold: bool = False
    named: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph or heading as markup gives it.

    Attributes:
        text: Its words; line ends are such inside it.
        level: 1 to 6 for a heading, 0 for a paragraph.
        role: What the markup says it is.
        look: How all of it is set, None where that is not known or not one.
    """

    text: str
    level: int = 0
    role: Role = "text"
    look: Look | None = None


@dataclass(slots=True)
class Writer:
    """A text while it is written, with what is told of each of its lines."""

    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    article: int = 0

    def put(self, text: str, role: Role = "text") -> None:
        """Write one paragraph of the article at hand, if there is anything to print.

        In a row of empty cells there is not.
        """
        line = one_line(text)
        if not is_blank(line.replace(CELLS_PART, "")):
            self.lines.append(line)
            self.blocks.append(Block(role, self.article))

    def begin(self) -> None:
        """Begin another article, unless nothing was written of the one at hand."""
        if any(block.article == self.article for block in self.blocks[-1:]):
            self.article += 1

    def source(self, data: bytes, *, name: str, path: str, encoding: str, told: Metadata) -> Source:
        """Return what was written as a source.

        Raises:
            SourceError: If nothing was, or more than an issue has.
        """
        extracted = "\n\n".join(self.lines)
        if len(self.lines) > _MOST_LINES or len(extracted) > _MOST_CHARS:
            problem = f"has more than {_MOST_LINES} paragraphs or {_MOST_CHARS} characters"
            raise SourceError(path, problem)
        if not any(block.role in ("text", "caption") for block in self.blocks):
            raise SourceError(path, "holds no text")
        return Source(
            name=name,
            data=data,
            encoding=encoding,
            extracted=extracted,
            blocks=tuple(self.blocks),
            told=told,
        )


def one_line(text: str) -> str:
    r"""Return text on one line, without controls; nothing is put in a line break between Chinese.

    >>> one_line(" 全区\n会议 in\nMay ")
    '全区会议 in May'
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return " ".join(_HAN_GAP.sub("", text).split())


def write(pieces: Sequence[Piece], writer: Writer, *, digest: bool) -> None:
    """Write the pieces of a text, the headings of one level as the headlines of its articles.

    That level is the highest; the next where there is but one highest heading, over several
    others, that heads no text itself or names the bulletin: it is the masthead then. It is the next
    as well where several highest ones head nothing but others: they name sections. Lower headings
    are lines of their article.

    Args:
        pieces: In order.
        writer: Where to.
        digest: Whether a lone heading with no text right below it is such a masthead.
    """
    pieces = _of_pages(pieces)
    top = _headline_level(pieces, digest=digest)
    pieces = _with_lines_beside(_with_letters(_with_signed_days(pieces, top), top), top)
    captions: list[Piece] = []
    fresh = False  # whether only headings stand in the article so far
    for piece in pieces:
        if piece.role == "caption":
            captions.append(piece)
        elif piece.level and piece.level < top:
            writer.put(piece.text, "matter")
        elif piece.level == top or piece.role == "kicker":
            if not fresh or captions:
                _put_captions(captions, writer)
                writer.begin()
            writer.put(piece.text, "headline" if piece.level else "kicker")
            fresh = True
        else:
            writer.put(piece.text, _role(piece))
            fresh = fresh and piece.role == "subtitle"
    _put_captions(captions, writer)


def _with_lines_beside(pieces: Sequence[Piece], top: int) -> list[Piece]:
    """Return the pieces, short lines right over and under headlines as what they are of them.

    A line over one is a kicker where nothing else tells what it is of. One under it is a subtitle
    if a dash opens it, and a byline if it is a name. The headline of short news over that of the
    first of them is its kicker.
    """
    found = list(pieces)
    for n, piece in enumerate(pieces):
        if piece.level != top:
            continue
        if n and _may_be_kicker(pieces, n - 1):
            found[n - 1] = replace(pieces[n - 1], role="kicker")
        below = pieces[n + 1] if n + 1 < len(pieces) else None
        if below and below.level == top and cues.BRIEFS.fullmatch(one_line(piece.text)):
            found[n] = replace(piece, level=0, role="kicker")
            continue
        at = n + 1
        if below and _is_dashed(below):
            found[at] = replace(below, role="subtitle")
        if below and found[at].role == "subtitle":
            at += 1
        if at < len(pieces) and _signs_head(pieces[at]):
            found[at] = replace(pieces[at], role="byline")
    return found


def _is_dashed(piece: Piece) -> bool:
    """Tell whether a line is a headline's subtitle by the dash that opens it."""
    line = one_line(piece.text)
    is_text = piece.role == "text" and not piece.level
    return is_text and bool(DASH.match(line)) and cues.may_head(line)


def _signs_head(piece: Piece) -> bool:
    """Tell whether a line below a headline is who wrote: a name, with where they are of or not."""
    line = one_line(piece.text)
    is_text = piece.role == "text" and not piece.level
    return is_text and bool(is_name(line) or post_and_names(line))


def _with_letters(pieces: Sequence[Piece], top: int) -> list[Piece]:
    """Return the pieces, a short line over a letter to the editor as the headline of one.

    The name of the column is then the kicker of the first.
    """
    found = list(pieces)
    for n, (piece, below) in enumerate(pairwise(pieces)):
        line = one_line(piece.text)
        is_one = (
            top <= _LEVELS
            and _is_plain(piece)
            and _is_plain(below)
            and cues.opens_letter(one_line(below.text))
            and len(line) >= _KICKER_HAN
            and cues.may_head(line.rstrip("？！?!"))
            and not (line[-1] in "，、；：:" or post_and_names(line) or is_signature(line))
        )
        if not is_one:
            continue
        found[n] = replace(piece, level=top)
        if n and found[n - 1].level == top and cues.LETTERS.fullmatch(one_line(pieces[n - 1].text)):
            found[n - 1] = replace(found[n - 1], level=0, role="kicker")
    return found


def _with_signed_days(pieces: Sequence[Piece], top: int) -> list[Piece]:
    """Return the pieces, the day below who issued a notice as its text, which the page says not."""
    found = list(pieces)
    notice = False
    for n, piece in enumerate(pieces):
        if piece.level == top:
            notice = bool(cues.NOTICE.search(one_line(piece.text)))
        before = pieces[n - 1] if n else None
        if piece.role != "matter" or before is None or not _is_plain(before):
            continue
        issued = one_line(before.text)
        signed = len(issued) <= _SIGNED_CHARS and not cues.is_closed(issued)
        if (notice or signed) and cues.DAY.fullmatch(one_line(piece.text)):
            found[n] = replace(piece, role="text")
    return found


def _is_plain(piece: Piece) -> bool:
    return piece.role == "text" and not piece.level


def _may_be_kicker(pieces: Sequence[Piece], place: int) -> bool:
    """Tell whether a line right over a headline is of it: short, and below a text that has ended.

    Who issued a notice, its day and the like are of the text above.
    """
    piece = pieces[place]
    line = one_line(piece.text)
    before = pieces[place - 1] if place else None
    ended = before is None or before.role != "text" or before.level > 0
    ended = ended or (before is not None and bool(cues.DAY.fullmatch(one_line(before.text))))
    return (
        piece.role == "text"
        and not piece.level
        and cues.may_head(line)
        and (ended or (before is not None and cues.is_closed(one_line(before.text))))
        and len(HAN.findall(line)) >= _KICKER_HAN
        and not _NO_KICKER.search(line)
        and not any(one.match(line) for one in (cues.OPENER, cues.FIELD, cues.LABELLED))
        and not any(
            one.fullmatch(line)
            for one in (cues.DAY, cues.SIGN_OFF, cues.SOURCE, cues.IN_BRACKETS, NAME_ALONE)
        )
        and not (is_signature(line) or is_credit(line) or cues.is_table_row(line))
        and not post_and_names(line)
    )


def _of_pages(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces; lines that but name a page (02版 要闻), and the imprint, as matter."""
    first_text = next((n for n, piece in enumerate(pieces) if cues.is_closed(piece.text)), 0)
    several = sum(piece.level > 0 for piece in pieces) > 1
    return [
        replace(piece, level=0, role="matter")
        if (piece.role == "text" and heading_of_page(one_line(piece.text)))
        or (n < first_text and _is_imprint(piece, several=several))
        else piece
        for n, piece in enumerate(pieces)
    ]


def _is_imprint(piece: Piece, *, several: bool) -> bool:
    """Tell whether a piece above all text is the bulletin's name, or the issue's day or number."""
    line = one_line(piece.text)
    if piece.role != "text" or (piece.level and not several):
        return False
    named = cues.is_paper_name(line, first=False) and not line.endswith("新闻")
    if named or piece.level or not cues.ISSUE_DATE.search(line):
        return named
    return bool(is_imprint(line) or is_page_matter(line) or cues.ISSUE_DATE.fullmatch(line))


def _role(piece: Piece) -> Role:
    """Return what a paragraph is; one that says nothing but who wrote is a byline."""
    line = one_line(piece.text)
    signed = piece.role == "text" and not piece.level and is_signature(line)
    return "byline" if signed else piece.role


def _put_captions(captions: list[Piece], writer: Writer) -> None:
    """Write captions at the end of their article; each as one of its own where there is none."""
    here = any(block.role != "matter" for block in writer.blocks if block.article == writer.article)
    for caption in captions:
        if not here:
            writer.begin()
        writer.put(caption.text, "caption")
    captions.clear()


def _headline_level(pieces: Sequence[Piece], *, digest: bool) -> int:
    """Return the level whose headings head articles; 7 where there are no headings."""
    levels = sorted({piece.level for piece in pieces if piece.level})
    if not levels:
        return 7
    heads = [n for n, piece in enumerate(pieces) if piece.level == levels[0]]
    if len(heads) > 1 and len(levels) > 1 and _name_sections(pieces, heads, below=levels[1]):
        return levels[1]
    if len(heads) > 1 or len(levels) == 1:
        return levels[0]
    below = [n for n, piece in enumerate(pieces) if piece.level == levels[1]]
    if len(below) < 2 or below[0] < heads[0]:
        return levels[0]
    between = [piece for piece in pieces[heads[0] + 1 : below[0]] if piece.role == "text"]
    bare = not any(cues.is_closed(piece.text) for piece in between)
    named = _names_issue(pieces[heads[0]].text)
    return levels[1] if bare and (digest or named) else levels[0]


def _name_sections(pieces: Sequence[Piece], heads: Sequence[int], *, below: int) -> bool:
    """Tell whether headings have nothing right below them but headings of the next level."""
    return all(n + 1 < len(pieces) and pieces[n + 1].level == below for n in heads)


def _names_issue(text: str) -> bool:
    """Tell whether a heading is a bulletin's name, or gives an issue's number or day.

    >>> _names_issue("砚川高新时讯"), _names_issue("砚川高新区召开会议")
    (True, False)
    """
    line = one_line(text)
    return bool(
        cues.is_paper_name(line) or cues.ISSUE_NUMBER.search(line) or cues.DAY.fullmatch(line)
    )


def drafts_of(
    lines: Sequence[Line], blocks: Sequence[Block], corrections: Corrections
) -> tuple[list[Draft], list[Unit]]:
    """Return the articles that markup and corrections tell of, and the units that are in none."""
    drafts: dict[int, Draft] = {}
    apart: list[Unit] = []
    settled = _as_told(blocks, corrections) if corrections else blocks
    section: str | None = None
    page: int | None = None
    for n, (line, block) in enumerate(zip(lines, settled, strict=True)):
        unit = Unit(
            part=_PARTS[block.role],
            printed=line.printed,
            opener=bool(cues.OPENER.match(line.text)),
            blanks=line.blanks,
            first=n,
            widths=(line.width,),
            column=0,
            size=_SIZES.get(block.role, 0.0),
            caption=block.role == "caption",
            told=corrections.get(n),
        )
        following = settled[n + 1].role if n + 1 < len(settled) else None
        if block.role == "matter" and (
            marked := page_marked(unit.text) or _section(unit.text, following)
        ):
            section, page = marked
            apart.append(unit)
            continue
        draft = drafts.setdefault(
            block.article, Draft(why=["markup tells its parts"], section=section, page=page)
        )
        if block.role == "matter":
            apart.append(unit)
            if not draft.bodies:
                draft.said = draft.said or iso_in(unit.text)
            continue
        _put(unit, draft)
    for draft in drafts.values():
        draft.confidence = 0.95 if draft.heads else 0.8
        draft.why.append("a heading stands over it" if draft.heads else "no heading stands over it")
        trust_told(draft)
    return [draft for draft in drafts.values() if not draft.empty], apart


def _section(text: str, following: Role | None) -> tuple[str, None] | None:
    """Return the section that a heading above a headline names, else None."""
    is_one = following in _HEADS and len(text) <= _SECTION_CHARS and not _names_issue(text)
    return (text, None) if is_one else None


def _as_told(blocks: Sequence[Block], corrections: Corrections) -> list[Block]:
    """Return blocks as corrections say: of another role, and of another article with what follows.

    What follows in the same article moves with a line.
    """
    settled: list[Block] = []
    moved: dict[int, int] = {}
    fresh = max(block.article for block in blocks) + 1
    before: Block | None = None
    with_text: set[int] = set()
    for n, block in enumerate(blocks):
        told = corrections.get(n)
        one = Block(_told_role(block, told), moved.get(block.article, block.article))
        if told and before and one.role != "matter":
            opens = before.article != one.article
            starts = told.starts or _implied(block, told, opens=opens)
            if starts == "article" and (told.starts or one.article in with_text):
                moved[block.article] = fresh
                fresh += 1
            elif starts in ("paragraph", "nothing"):
                moved[block.article] = before.article
            one = replace(one, article=moved.get(block.article, block.article))
        if one.role in ("text", "caption"):
            with_text.add(one.article)
        before = before if one.role == "matter" else one
        settled.append(one)
    return settled


def _told_role(block: Block, told: Correction | None) -> Role:
    """Return what a line is; a heading that is only said to begin no article is text."""
    if told is None:
        return block.role
    if told.role is None:
        inside = told.starts in ("paragraph", "nothing") and block.role in _HEADS
        return "text" if inside else block.role
    return "matter" if told.role == "furniture" else told.role


def _implied(block: Block, told: Correction, *, opens: bool) -> Starts | None:
    """Return what a line starts where only its role is told, None where that changes nothing."""
    if told.role == "text" and block.role in _HEADS and opens:
        return "paragraph"
    return "article" if told.role in ("kicker", "headline") and not opens else None


def _put(unit: Unit, draft: Draft) -> None:
    if unit.part is Part.HEAD:
        draft.heads.append(unit)
    elif unit.part is Part.BYLINE:
        draft.signs.append(unit)
    else:
        draft.bodies.append(unit)
