"""Whether a printed line goes on with the paragraph above it.

A narrow column breaks lines inside words and leaves a blank line where it ends, so neither a
line end nor a blank line tells where a paragraph ends. What tells: whether the line fills its
column, whether it ends as a sentence does, what is still open in brackets and quotation marks,
and how the next line begins.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus import cues
from corpus.layout import LOST_INDENT, NEAR, Setting, carries_over, goes_on_folded, has_room
from corpus.parting import INDENT
from corpus.signatures import (
    LINE_CHARS,
    NAME_ALONE,
    SHOT_AT_END,
    is_credit,
    is_signature,
    post_and_names,
)
from corpus.sources import Line
from corpus.units import RIGHT_ALIGNED, is_row

_LONG_CLAUSE = 24
_MIN_COLUMN = 18
_RECENT = 40  # lines of a paragraph looked back at
_OPEN_CHARS = 400  # brackets open for longer are misprints


def flows_on(
    lines: Sequence[Line], start: int, index: int, *, setting: Setting, after_open: bool
) -> bool:
    """Tell whether the line after `index` goes on with the paragraph that begins at `start`."""
    line, following = lines[index], lines[index + 1]
    column = setting.columns[index][index == start]
    text = "".join(part.text for part in lines[max(start, index - _RECENT) : index + 1])
    ends = _ends_unit(line, text, following, first=index == start) or _begins(following)
    if ends or (index == start and _is_signed_head(line, following, setting=setting)):
        return False
    if _breaks_off(lines, start, index, setting=setting, closed=cues.is_closed(text)):
        return True
    whole = index - start <= _RECENT and len(text) < _OPEN_CHARS
    if whole and cues.balance(text) and not (index == start and not column):
        return True
    after_open = after_open or bool(cues.CAME_FROM.match(lines[start].text))
    told = _indent_tells(lines, start, index, setting=setting, after_open=after_open)
    if told is not None:
        return told
    if line.spaced and index != start:
        return True
    if setting.indented and index == start and line.indent < INDENT and not after_open:
        return False
    fills = column > 0 and (following.width <= column + 2 * NEAR or following.spaced)
    fills = fills or _fits(line, following)
    fills = fills or _carries_over(lines, start, index, setting=setting)
    if index == start and has_room(line, following, column=following.width, indent=LOST_INDENT):
        fills = False
    if cues.is_closed(text):
        return fills and not _begins_anew(lines, start, index, setting=setting)
    if index == start and _isolated(line, following) and (not column or setting.blanks_part):
        return False
    open_end = "，、；" if index != start else "，、" if line.width >= 2 * _MIN_COLUMN else ""
    return fills or line.text[-1] in open_end or _is_clause(line, following)


def _breaks_off(
    lines: Sequence[Line], start: int, index: int, *, setting: Setting, closed: bool
) -> bool:
    """Tell whether a line surely goes on with the next: it is full, or breaks off in a text."""
    line, following = lines[index], lines[index + 1]
    if following.text[0] in cues.OPEN_NO_LINE:
        return True
    if goes_on_folded(line, following, setting=setting, first=index == start):
        return True
    begins = following.indent >= INDENT and (setting.indented or line.text[-1] in "；：")
    is_full = setting.chars and line.n_chars >= setting.chars and not (setting.folded or begins)
    return bool((is_full or _is_of_text(lines, start, index)) and not closed)


def _is_of_text(lines: Sequence[Line], start: int, index: int) -> bool:
    """Tell whether a paragraph opens as a text does, so that only a sentence's end ends it.

    It has the words that a story or a correction opens with, or stands apart below the headline of
    a notice, close to what follows, and has a comma.
    """
    first, following = lines[start], lines[index + 1]
    if index == start and cues.OPENER.match(first.text):
        return True
    if following.blanks or cues.STARTS_PARAGRAPH.match(following.text):
        return False
    above = lines[start - 1].text if start else ""
    below_notice = first.blanks and cues.may_head(above) and cues.NOTICE.search(above)
    return bool(cues.CORRECTS.match(first.text) or (below_notice and "，" in first.text))


def _carries_over(lines: Sequence[Line], start: int, index: int, *, setting: Setting) -> bool:
    """Tell whether a line of an open paragraph is short as the next begins with a number.

    A first line is one of a paragraph, and no headline, if it has a comma.
    """
    line, following = lines[index], lines[index + 1]
    columns = setting.columns[start][1], setting.columns[index + 1][0]
    column = columns[index == start]
    is_text = index > start or "，" in line.text
    is_open = column > 0 and not cues.is_closed(line.text)
    return is_text and is_open and carries_over(line, following, column=column)


def _ends_unit(line: Line, text: str, following: Line, *, first: bool) -> bool:
    if first and (_stands_alone(line) or NAME_ALONE.fullmatch(following.text)):
        return True
    if cues.FIELD.match(text) and cues.FIELD.match(following.text):
        return True
    if first and (_are_labelled(line, following) or _are_signatures(line, following)):
        return True
    credit = SHOT_AT_END.search(text[-LINE_CHARS:])
    return bool(cues.goes_on(text) or (credit and not following.text.startswith("影")))


def _is_signed_head(line: Line, following: Line, *, setting: Setting) -> bool:
    """Tell whether a line may be a headline that ends, by what stands right below it.

    That is who wrote the piece, or the day of a speech.
    """
    if setting.indented and line.indent >= INDENT:
        return False
    told = post_and_names(following.text) or cues.DAY_BELOW_HEAD.fullmatch(following.text)
    return bool(told) and cues.may_head(line.text) and line.text[-1] not in "，、；：至到"


def _are_labelled(line: Line, following: Line) -> bool:
    """Tell whether two lines each give one of a row of things: 金奖（1名）：…, 银奖（2名）：…."""
    return line.indent == following.indent and all(
        cues.is_labelled(one.text) and not cues.is_closed(one.text) for one in (line, following)
    )


def _are_signatures(line: Line, following: Line) -> bool:
    return all(cues.SIGN_OFF.fullmatch(one.text) for one in (line, following))


def _indent_tells(
    lines: Sequence[Line], start: int, index: int, *, setting: Setting, after_open: bool
) -> bool | None:
    """Tell from indents and blank lines whether the next line goes on, None where they do not."""
    line, following = lines[index], lines[index + 1]
    columns = setting.columns[index][index == start], setting.columns[index + 1][0]
    if setting.indented and following.indent >= INDENT:
        if not (line.text[-1] in "，、" and columns[0]):
            return False
    elif setting.indented and (lines[start].indent >= INDENT or after_open):
        tail = "".join(line.text for line in lines[max(start, index - 2) : index + 1])
        if not cues.is_closed(tail):
            return True
        if min(columns) > 0:
            return not _ended_early(lines, start, index, setting=setting)
    return False if setting.blanks_part and following.blanks else None


def _ended_early(lines: Sequence[Line], start: int, index: int, *, setting: Setting) -> bool:
    """Tell whether an indented paragraph ends with a line that ends a sentence.

    It does if that line had room for more. It does too if the line after it breaks off, with
    room for more or before another paragraph: that is no running text then.
    """
    held = lines[max(start, index - _RECENT) : index + 1]
    column = max(line.width + min(line.indent, LOST_INDENT) for line in held)
    column = setting.columns[index][1] if index == start else column
    following = lines[index + 1]
    if index > start and has_room(held[-1], following, column=column):
        return True
    if (
        index + 2 == len(lines)
        or cues.is_closed(following.text)
        or following.text[-1] in "，、；："
    ):
        return False
    after = lines[index + 2]
    return after.indent >= INDENT or has_room(following, after, column=column)


def _begins_anew(lines: Sequence[Line], start: int, index: int, *, setting: Setting) -> bool:
    """Tell whether the line after a finished sentence begins another paragraph.

    It does after a blank line, behind a sign that opens paragraphs, where it would have fitted
    behind the sentence, and where only an indent that was lost explains why the line after it
    does not stand in it already.
    """
    following = lines[index + 1]
    if following.blanks or cues.STARTS_PARAGRAPH.match(following.text):
        return True
    held = [line.width for line in lines[max(start, index - _RECENT) : index + 1]]
    column = max(held) if index > start else setting.columns[index][1]
    if index > start and has_room(lines[index], following, column=column):
        return True
    if index + 2 >= len(lines) or cues.is_closed(following.text):
        return False
    after = lines[index + 2]
    if has_room(following, after, column=column, indent=LOST_INDENT):
        return following.text[-1] not in "，、；："
    return setting.loses_indent and has_room(following, after, column=column)


def _isolated(line: Line, following: Line) -> bool:
    """Tell whether a first line stands free like a headline: blank lines around, no comma end."""
    return bool(
        line.blanks
        and following.blanks
        and line.text[-1] not in "，、；："
        and not cues.OPENER.match(line.text)
    )


def _fits(line: Line, following: Line) -> bool:
    """Tell whether a line of running text is as wide as the next, directly below it."""
    gap = following.width - line.width
    return bool(
        (cues.is_closed(line.text) or "，" in line.text)
        and not following.blanks
        and line.width >= 2 * _MIN_COLUMN
        and (abs(gap) <= NEAR or abs(gap - LOST_INDENT) <= 1)
    )


def _is_clause(line: Line, following: Line) -> bool:
    """Tell whether a line wider than the next, directly above it, breaks off inside a sentence."""
    return bool(
        "，" in line.text
        and (not following.blanks or len(line.text) >= _LONG_CLAUSE)
        and line.width >= following.width
        and cues.is_closed(following.text)
    )


def _begins(line: Line) -> bool:
    """Tell whether a line can only be the first of its unit."""
    text = line.text
    return bool(
        cues.OPENER.match(text)
        or is_signature(text)
        or is_credit(text)
        or cues.LABEL.fullmatch(text)
        or cues.SALUTATION.fullmatch(text)
        or cues.DAY.fullmatch(text)
        or is_row(line)
        or cues.CAME_FROM.match(text)
        or cues.opens_letter(text)
    )


def _stands_alone(line: Line) -> bool:
    return bool(
        line.indent >= RIGHT_ALIGNED
        or cues.DAY.fullmatch(line.text)
        or is_signature(line.text)
        or is_credit(line.text)
        or cues.LABEL.fullmatch(line.text)
        or cues.LETTERS.fullmatch(line.text)
        or is_row(line)
    )
