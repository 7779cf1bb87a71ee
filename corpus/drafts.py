"""Units of a page grouped into articles, while each is still a draft.

Some papers' text has each headline before its article, some after it. This is decided once for
an issue, from what stands first and last on it; pages that show the size of their type have it
before. Then units are grouped. A piece that opens like a story with no headline beside it stays
without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from corpus import cues
from corpus.furniture import page_number
from corpus.plain_tables import PARAGRAPH_CHARS
from corpus.signatures import NAME_ALONE, NAMES_LINE, SHOT_AT_END
from corpus.sources import part_of
from corpus.types import Printed
from corpus.units import Part, Unit
from corpus.verse import with_verse

_LEAD_CHARS = 120
_AHEAD = 12  # units looked ahead; no headline has more lines
_MOST_WAITING = 64  # pieces that go on elsewhere at one time; no paper has more
_MOST_LINES = 3  # of a headline with what stands over and under it
_CROSSHEAD_CHARS = 12
_CAPTION_UNITS = 3  # a caption has a paragraph or two, then its credit


@dataclass(eq=False)
class Draft:
    """An article while its units are being gathered.

    Attributes:
        heads: Headline lines, kicker and subtitle among them.
        bodies: Its text.
        signs: Lines that say who wrote it.
        said: The day that markup sets apart above its text, ISO 8601, or None.
        section: The page's name or number.
        page: The page's number.
        why: The cues it was told by, in words.
        confidence: How sure that is, 0 to 1.
    """

    heads: list[Unit] = field(default_factory=list)
    bodies: list[Unit] = field(default_factory=list)
    signs: list[Unit] = field(default_factory=list)
    said: str | None = None
    section: str | None = None
    page: int | None = None
    why: list[str] = field(default_factory=list)
    confidence: float = 0.9

    @property
    def signed_off(self) -> bool:
        """Whether who wrote it stands below its text."""
        return bool(self.bodies and self.signs) and self.signs[-1].first > self.bodies[-1].first

    @property
    def caption(self) -> bool:
        """Whether the page shows it to be a picture's caption."""
        return any(units[0].caption for units in (self.heads, self.bodies) if units)

    @property
    def units(self) -> tuple[list[Unit], list[Unit], list[Unit]]:
        """All that it holds: heads, bodies, signs."""
        return self.heads, self.bodies, self.signs

    @property
    def goes_on(self) -> bool:
        """Whether a sidecar says that its first line begins no article."""
        first = min((unit for units in self.units for unit in units), key=lambda unit: unit.first)
        return bool(first.told and first.told.starts in ("paragraph", "nothing"))

    @property
    def empty(self) -> bool:
        """Whether nothing has been gathered yet."""
        return not (self.heads or self.bodies or self.signs)


def with_text(draft: Draft) -> Draft:
    """Return the draft; lines that looked like a headline but head nothing are its text.

    It has no text at all where nothing but a page reference is printed.
    """
    if not any(without_references(unit.printed)[0].text for unit in draft.bodies):
        draft.bodies = [*draft.heads, *draft.signs]
        draft.heads, draft.signs = [], []
        draft.why = ["short lines with no article beside them"]
        draft.confidence = 0.3
    return draft


def _headline_first(units: Sequence[Unit]) -> bool:
    """Tell whether headlines stand before their articles, as on pages that show their type's size.

    Else the first and last thing of the issue tell: a headline cannot stand after the last
    article's body in a paper that sets headlines first, nor before the first body in one that
    does not.
    """
    printed = [unit for unit in units if unit.part is not Part.FURNITURE]
    heads = [unit.part is Part.HEAD for unit in printed]
    if not any(heads) or any(unit.size for unit in printed):
        return True
    lead = next((place for place, unit in enumerate(printed) if unit.part is Part.BODY), 0)
    votes = sum(heads[:lead]) > 0
    last = next(unit for unit in reversed(printed) if unit.part not in (Part.BYLINE, Part.CREDIT))
    against = last.part is Part.HEAD and any(unit.part is Part.BODY for unit in printed)
    if votes != against:
        return votes
    pairs = list(pairwise(printed))
    before = sum(a.part is Part.HEAD and b.blanks < a.blanks for a, b in pairs)
    after = sum(a.part is Part.HEAD and b.blanks > a.blanks for a, b in pairs)
    return before >= after


def gather(units: Sequence[Unit]) -> list[Draft]:
    """Return the articles' units, grouped."""
    units, heads = _as_blocks(with_verse(units))
    first = bool(heads) or _headline_first(units)
    signed = not first and _signs_below_headlines(units)
    openers = _opener_share(units)
    drafts: list[Draft] = [Draft()]
    section: str | None = None
    number: int | None = None
    for place, unit in enumerate(units):
        if unit.part is Part.FURNITURE:
            section, number = unit.section or section, unit.page or number
            continue
        draft = drafts[-1]
        signs = signed and unit.part is Part.BYLINE and bool(draft.heads) and not draft.signs
        if heads and unit.part is Part.HEAD and not unit.told:
            starts = not draft.empty and (place in heads or _heads_letter(units, place, draft))
        else:
            starts = not signs and _starts_article(
                units, place, draft, headline_first=first, openers=openers
            )
        if starts:
            draft = Draft()
            drafts.append(draft)
        if draft.empty:
            draft.section, draft.page = section, number
        _put(unit, draft, headline_first=first)
    return _settle([draft for draft in drafts if not draft.empty], headline_first=first)


def _heads_letter(units: Sequence[Unit], place: int, draft: Draft) -> bool:
    """Tell whether a line heads another letter to the editor, below the text of one."""
    below = units[place + 1] if place + 1 < len(units) else None
    return bool(draft.bodies) and below is not None and cues.opens_letter(below.text)


def _as_blocks(units: Sequence[Unit]) -> tuple[list[Unit], frozenset[int]]:
    """Return the units, and where a headline begins an article that blank lines part from others.

    Such a block goes on with text, or the next does. Of more short lines than a headline has, the
    first is it and the others are a list. Nothing is so told of a text in other blocks.
    """
    units = list(units)
    starts = [place for place, unit in enumerate(units) if unit.block]
    found = set()
    for start, end in pairwise([*starts, len(units)]):
        held = [n for n in range(start, end) if units[n].part is not Part.FURNITURE]
        lead = list(takewhile(lambda n: units[n].part is Part.HEAD, held))
        below = end < len(units) and units[end].part is not Part.HEAD
        if len(lead) > (_MOST_LINES if len(lead) < len(held) or below else 1):
            for place in lead[1:]:
                units[place] = replace(units[place], part=Part.BODY)
        if lead and (below or len(held) > 1):
            found.add(start)
    return units, frozenset(found)


def _signs_below_headlines(units: Sequence[Unit]) -> bool:
    """Tell whether in a paper with headlines behind its articles who wrote stands below them.

    Below the last headline it can open no article.
    """
    printed = [unit.part for unit in units if unit.part is not Part.FURNITURE]
    return printed[-2:] == [Part.HEAD, Part.BYLINE]


def _put(unit: Unit, draft: Draft, *, headline_first: bool) -> None:
    if unit.part is Part.HEAD:
        inside = headline_first and draft.bodies and not (unit.told and unit.told.role)
        (draft.bodies if inside else draft.heads).append(unit)
    elif unit.part is Part.BYLINE:
        draft.signs.append(unit)
    else:
        draft.bodies.append(unit)


def _opener_share(units: Sequence[Unit]) -> float:
    """Return the share of headline blocks that a story's opening or a byline follows.

    Headlines of notices, captions and short news, which open otherwise, are not counted.
    """
    followed = blocks = 0
    printed = [unit for unit in units if unit.part is not Part.FURNITURE]
    for place, (unit, following) in enumerate(pairwise(printed)):
        if (
            unit.part is Part.HEAD
            and following.part is not Part.HEAD
            and not cues.NOTICE.search(unit.text)
            and not _heads_a_column(printed, place)
        ):
            blocks += 1
            followed += following.opener or following.part is Part.BYLINE
    return followed / blocks if blocks else 0.0


def _starts_article(
    units: Sequence[Unit], place: int, draft: Draft, *, headline_first: bool, openers: float
) -> bool:
    """Tell whether the unit at a place begins another article than the draft's."""
    unit = units[place]
    if draft.empty:
        return False
    if unit.told and unit.told.starts:
        return unit.told.starts == "article"
    if unit.caption != draft.caption:
        return True
    if cues.CAME_FROM.match(unit.text):
        return True
    if unit.part is Part.HEAD:
        return (
            headline_first
            and bool(draft.bodies)
            and not _is_crosshead(units, place, draft, openers=openers)
        )
    if headline_first:
        return unit.opener and bool(draft.bodies) and not _only_label(draft)
    if draft.heads:
        if unit.part is Part.CREDIT and not draft.bodies:
            return False
        return not _signs_above(units, place, draft)
    if unit.opener or (draft.signed_off and unit.part is Part.BODY):
        return bool(draft.bodies)
    return bool(draft.bodies) and _signs_below(units, place)


def _signs_above(units: Sequence[Unit], place: int, draft: Draft) -> bool:
    """Tell whether a byline right below a headline signs the article above it, not the next.

    An article that names its writers already is not signed again. A bare name belongs to the
    headline over it; 本报记者 opens the next article unless that opens with words of its own.
    """
    unit = units[place]
    if unit.part is not Part.BYLINE or unit.blanks or draft.signs or not draft.bodies:
        return False
    following = units[place + 1] if place + 1 < len(units) else None
    if draft.bodies[0].opener or (following is not None and not following.blanks):
        return False
    bare = unit.text.startswith("□") or NAME_ALONE.fullmatch(unit.text)
    return bool(bare) or following is None or following.opener


def _signs_below(units: Sequence[Unit], place: int) -> bool:
    """Tell whether a byline below text, no headline between, opens the next article.

    One set close to the text above and apart from what follows signs the text above.
    """
    unit = units[place]
    following = units[place + 1] if place + 1 < len(units) else None
    return (
        unit.part is Part.BYLINE
        and following is not None
        and following.part is Part.BODY
        and not following.opener
        and (unit.blanks > 0 or following.blanks == 0)
        and not NAMES_LINE.fullmatch(unit.text)
    )


def _only_label(draft: Draft) -> bool:
    """Tell whether all the draft's text so far is an editor's note before the story."""
    return bool(cues.LABEL.match(draft.bodies[0].text)) and not any(u.opener for u in draft.bodies)


def _is_crosshead(units: Sequence[Unit], place: int, draft: Draft, *, openers: float) -> bool:
    """Tell whether a short line inside an article is a heading of its own part.

    It is when it is numbered, or when this paper's stories open with the usual words and what
    follows this line does not, while the line is set closer to the text than headlines are.
    """
    unit = units[place]
    if unit.marked or unit.size or draft.signed_off or _heads_a_column(units, place):
        return False
    if cues.CROSSHEAD.match(unit.text):
        return True
    ahead = units[place + 1 : place + 1 + _AHEAD]
    following = next((other for other in ahead if other.part is not Part.HEAD), None)
    if following is None or following.part is Part.FURNITURE:
        return following is None and not unit.blanks
    if following.opener or following.part in (Part.BYLINE, Part.CREDIT):
        return False
    if cues.opens_letter(following.text):
        return False
    if cues.NOTICE.search(unit.text):
        return False
    before = max((head.blanks for head in draft.heads[:_AHEAD]), default=0)
    is_whole = len(following.widths) == 1 and len(following.text) >= PARAGRAPH_CHARS
    if is_whole and not before and len(unit.text) > _CROSSHEAD_CHARS:  # no blank line would tell
        return False
    return openers >= 0.6 and unit.blanks < max(before, 1) and len(unit.widths) == 1


def _heads_a_column(units: Sequence[Unit], place: int) -> bool:
    """Tell whether a line is a series' name, or heads short news or a captioned photograph."""
    text = units[place].text
    for other in units[place + 1 : place + 1 + _CAPTION_UNITS]:
        if other.part is Part.CREDIT or SHOT_AT_END.search(other.text[-_LEAD_CHARS:]):
            return True
        if other.part is Part.HEAD:
            break
    return bool(cues.BRIEFS.fullmatch(text) or cues.COLUMN_NAME.fullmatch(text))


def _settle(drafts: list[Draft], *, headline_first: bool) -> list[Draft]:
    """Return drafts with their confidence, a photograph's caption parted from a story before it."""
    settled: list[Draft] = []
    for draft in drafts:
        settled.extend(_part_photo(draft))
    for draft in settled:
        draft.why.append(
            "headlines stand before their articles"
            if headline_first
            else "headlines stand after their articles"
        )
        _judge(draft)
    return settled


def _part_photo(draft: Draft) -> list[Draft]:
    """Return a story and the captioned photograph below it as two drafts."""
    credits = [n for n, unit in enumerate(draft.bodies) if unit.part is Part.CREDIT]
    if not credits or not draft.bodies[0].opener:
        return [draft]
    place = credits[0]
    start = place - 1 if place and not draft.bodies[place - 1].opener else place
    told = draft.bodies[max(start, 0)].told
    if start <= 0 or place + 1 != len(draft.bodies) or (told and told.starts):
        return [draft]
    photo = Draft(bodies=draft.bodies[start:], section=draft.section)
    draft.bodies = draft.bodies[:start]
    return [draft, photo]


def _judge(draft: Draft) -> None:
    """Set how sure the reader is, from the cues that agree."""
    opens = bool(draft.bodies) and (draft.bodies[0].opener or bool(draft.signs))
    if any(unit.size for unit in draft.heads):
        draft.why.append("a line set larger than the text stands over it")
        draft.confidence = 0.9
    elif draft.heads:
        draft.why.append("a line without a full stop stands beside the article")
        draft.confidence = 0.75
        if draft.heads[0].blanks:
            draft.confidence += 0.05
    else:
        draft.why.append("no headline stands beside it")
        draft.confidence = 0.7
    if opens:
        draft.why.append("the text opens as a story does" if draft.bodies[0].opener else "signed")
        draft.confidence += 0.17
    if _signed_inside(draft):
        draft.why.append("who wrote it stands inside its headline")
        draft.confidence = 0.6
    trust_told(draft)


def _signed_inside(draft: Draft) -> bool:
    """Tell whether who wrote it stands between the lines of its headline, which may be two then."""
    heads = [unit.first for unit in draft.heads if not unit.size]
    return bool(heads and draft.signs) and heads[0] < draft.signs[0].first < heads[-1]


def trust_told(draft: Draft) -> None:
    """Set that the reader is sure of a draft whose beginning a sidecar tells."""
    if any(unit.told for unit in (*draft.heads, *draft.bodies[:1])):
        draft.why.append("told by the sidecar")
        draft.confidence = 1.0


def merge_continued(drafts: list[Draft]) -> tuple[list[Draft], list[Unit]]:
    """Return drafts, each continued part (上接…) joined to the piece it goes on from (下转…).

    Also returns the headings over the continued parts, which are no text of the piece.
    """
    merged: list[Draft] = []
    headings: list[Unit] = []
    waiting: list[Draft] = []
    for draft in drafts:
        came = next((m for u in draft.bodies[:2] if (m := cues.CAME_FROM.match(u.text))), None)
        came = came or next((m for u in draft.heads if (m := cues.CAME_FROM.match(u.text))), None)
        if came and waiting:
            target = _best_match(waiting, draft, from_page=page_number(came[1]))
            waiting.remove(target)
            target.bodies.extend(draft.bodies)
            target.signs.extend(draft.signs)
            headings.extend(draft.heads)
            target.why.append("continued on another page")
        else:
            merged.append(draft)
            target = draft
        if target.bodies and cues.goes_on(target.bodies[-1].text):
            waiting = [*waiting[1 - _MOST_WAITING :], target]
    return merged, headings


def _best_match(waiting: Sequence[Draft], part: Draft, *, from_page: int | None) -> Draft:
    """Return the waiting piece that a part goes on from.

    The page it came from tells, then the page that the piece said it goes on at, then how many
    characters the part's heading shares with the piece's headline.
    """
    told = set("".join(unit.text[:60] for unit in [*part.heads, *part.bodies][:_AHEAD]))

    def fit(draft: Draft) -> tuple[bool, bool, int]:
        goes = cues.goes_on(draft.bodies[-1].text)
        return (
            from_page is not None and draft.page == from_page,
            goes is not None and page_number(goes[1]) == part.page,
            len(told & set("".join(unit.text for unit in draft.heads[:_AHEAD]))),
        )

    return max(reversed(waiting), key=fit)


def without_references(printed: Printed) -> tuple[Printed, bool]:
    """Return a text without 上接 and 下转, and whether it says that it goes on elsewhere."""
    start, end = 0, len(printed.text)
    came = cues.CAME_FROM.match(printed.text)
    goes = cues.goes_on(printed.text)
    start = came.end() if came else start
    end = goes.start() if goes else end
    if not came and not goes:
        return printed, False
    return part_of(printed, start=start, end=max(start, end)), goes is not None
