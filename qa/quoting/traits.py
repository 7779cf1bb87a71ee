"""What speaks for a stretch of a sentence being the answer: named traits, and what each weighs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.types import Range
from embeddings.encoder import shipped_encoder
from qa.quoting.alignment import Alignment, Text
from qa.quoting.enumerated import asks_for_several
from qa.quoting.kinds import Named
from qa.quoting.quantities import families, families_wanted
from qa.quoting.slot import Kind, Slot

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS: dict[str, tuple[float, float, float]] = {
    # trait         thing figure clause
    "fits":        ( 1.8,  1.3,  0.0),  # it is a person, a day, a figure, a place, as asked
    "named":       ( 2.3,  0.1,  1.8),  # it is a name or a title; 0 for a place but one like 镇
    "listed":      ( 4.0,  0.0,  0.0),  # it lists things of the kind, where several are asked for
    "unit":        ( 0.0,  1.7,  0.0),  # its unit is of the kind asked for; -1: of another
    "head_last":   ( 1.9,  0.9,  0.0),  # its last word is near in meaning to what is asked for
    "head_max":    ( 1.6,  1.3,  0.0),  # one of its words is
    "slot_left":   ( 3.1,  1.1,  2.1),  # the words left of the question's gap stand before it
    "slot_right":  ( 3.5,  1.9,  3.9),  # the words right of the gap stand behind it
    "near":        ( 1.7,  1.5,  2.8),  # all words of the question are near
    "clause":      ( 0.7,  0.8, -0.4),  # its clause speaks of them
    "overlap":     (-1.7, -0.6, -2.1),  # the share of it that the question has said
    "whole":       (-1.9, -1.2, -1.0),  # the question has all of it
    "link":        ( 0.8,  0.6,  2.2),  # a word that leads to such answers stands before it
    "opens":       ( 1.2,  0.4, -0.9),  # it begins behind punctuation
    "after_word":  ( 0.5,  0.0,  0.5),  # it begins behind a joining word
    "closes":      ( 1.3,  0.8,  1.6),  # it ends before punctuation
    "before_word": ( 0.8,  0.3,  0.2),  # it ends before a joining word
    "edge":        (-2.0, -1.6, -1.0),  # its own first or last word is a joining word
    "length":      (-0.2,  0.2,  0.3),  # the logarithm of its characters
    "any":         (-5.0, -2.0, -6.0),  # that there is an answer at all
}  # fmt: skip
"""What each trait of a stretch weighs, by what is asked for: a thing (who, where, which), a figure
or a day (how many, when), or a clause (why, how). That nothing answers weighs 0.

Fitted by a softmax over the candidates, on one half of the development questions, then rounded;
`listed`, of which these have too few, is set.
"""

_COLUMN: dict[Kind, int] = {
    "who": 0, "where": 0, "which": 0, "how many": 1, "when": 1, "why": 2, "how": 2,
}  # fmt: skip
SORTS: dict[Kind, str] = {"who": "person", "when": "day", "how many": "figure"}
"""What sort of name a question asks for."""

_NAMING: dict[Kind, tuple[str, ...]] = {"who": ("person",), "where": ()}
"""What sorts of name may be the one that is asked for; of other questions both."""

_BEHIND_A_LIST = re.compile("(?:等|\\d+|[两三四五六七八九十])?[\u4e00-\u9fff]{0,8}")
_ANY_THING = re.compile("东西|内容|事情?|事项|things|items|what|")
_OF_THE_KIND = 0.4  # how near what a list is of must be to what is asked for

_LINKS: dict[Kind, str] = {
    "who": "由是为者叫名向与和请对:",
    "when": "于在自从至到年",
    "where": "于在到往至从为是自赴",
    "how many": "达到至为约共有计超逾的长投额占第",
    "which": "是为叫称即名作用以获有与和的:",
    "why": "因于为",
    "how": "以用为是:,",
}
_SAME_FAMILY, _OTHER_MEASURE = 0.7, 0.4  # how well another unit agrees, or measure word
_FINENESS = (
    (
        re.compile(r"几[点时]|\bwhat time\b|\b(?:opening|closing|what) (?:hours|time)\b"),
        re.compile(r"\d[时点:]|[一二三四五六七八九十两][时点]"),
    ),
    (re.compile(r"几月(?!几)|\b(?:what|which) month\b"), re.compile("月")),
    (re.compile(r"哪一?年|几几年|\b(?:what|which) year\b"), re.compile("年")),
    (
        re.compile(r"(?:星期|周)几|\b(?:what|which) (?:weekdays?|days?) of the week\b"),
        re.compile("周|星期"),
    ),
    (
        re.compile(r"几[号日]|哪一?天|几月几|\b(?:what|which) (?:date|day)\b"),
        re.compile("[日号]|周|星期"),
    ),
)
"""What asks for an hour, a year, a day of the week or a day, and what tells a time so finely."""

_A_BODY = re.compile(
    "机构|部门|单位|组织|公司|企业|集团|团体|学校|大学|医院|银行|协会|厂家?"
    "|compan(?:y|ies)|firms?|organi[sz]ations?|departments?|agenc(?:y|ies)|institutions?"
    "|universit(?:y|ies)|schools?|hospitals?|banks?"
)
_BODY = re.compile(
    "(?:指挥部|委员会|办公室|领导小组|公司|集团|企业|大学|学院|[学医]院|学校|[中小]学|政府|协会|联合会|银行|中心|支队|大队"
    "|(?:[省市区县镇]|[\u4e00-\u9fff]{2})(?:[局委办厅院处署站所厂社]|(?<![全内外上下北南东西中])部|(?<![大机社])会))$"
)
"""What is asked for where a body is, and how the names of bodies end."""

_PLACE = re.compile(
    "(?:[省市县区镇乡村州国洲岛港湾路街巷道里园厅楼室馆院校站场厂店所寺庙山河湖海江桥城堡宫侧局委会]"
    "|中心|公司|大学|广场|地区|基地|现场|[东西南北]部|附近|境内|集团|企业|银行|部门)$"
)


def scores(
    slot: Slot, told: Alignment, text: Text, *, spans: Sequence[Range]
) -> NDArray[np.float64]:
    """Return how well each span answers, shape (len(spans),); 0 is as well as nothing does."""
    rows = traits(slot, told, text, spans=spans)
    table = np.empty((len(rows), len(spans)))
    for at, row in enumerate(rows.values()):
        table[at] = row
    table *= _weights(slot.kind, tuple(rows))
    total: NDArray[np.float64] = table.sum(axis=0)
    return total


def _shape_of(slot: Slot) -> re.Pattern[str] | None:
    """Return what ends as that does which is asked for, a place or a body; None for all else."""
    if slot.kind == "where":
        return _PLACE
    is_body = slot.kind == "which" and slot.head and _A_BODY.fullmatch(slot.head[0])
    return _BODY if is_body else None


@cache
def _weights(kind: Kind, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return what the traits of these names weigh, shape (names, 1)."""
    return np.array([[WEIGHTS[name][_COLUMN[kind]]] for name in names])


def traits(
    slot: Slot, told: Alignment, text: Text, *, spans: Sequence[Range]
) -> dict[str, Sequence[float] | NDArray[np.floating | np.bool_]]:
    """Return the traits of each span by name, `len(spans)` each; `WEIGHTS` says what they are."""
    folded = text.folded
    starts, ends = np.array(spans).T
    texts = [folded[start:end] for start, end in spans]
    first, last = text.joining
    asked = _asked_for(slot, text)
    fits, titled, unit, is_name = _of_names(slot, text, spans)
    of_lists = _of_lists(slot, text, asked, spans)
    is_of_kind = of_lists >= _OF_THE_KIND
    titled = np.maximum(
        titled, is_of_kind | bool(slot.suffix)
    )  # what ends with 镇 is a town's name
    shape = _shape_of(slot)
    opens, closes = text.signs
    links = np.array([False, *(char in _LINKS[slot.kind] for char in folded)])
    return {
        "fits": [bool(shape.search(text)) for text in texts] if shape else fits,
        "named": titled,
        "listed": is_of_kind,
        "unit": unit,
        "head_last": np.maximum(asked[ends - 1], of_lists),
        "head_max": np.maximum.reduceat(asked, np.stack([starts, ends], axis=1).ravel())[::2],
        "slot_left": told.slot_left[starts],
        "slot_right": told.slot_right[ends],
        "near": np.maximum(told.left[:, starts], told.right[:, ends]).sum(axis=0),
        "clause": told.clause[starts],
        "overlap": (told.echoed[ends] - told.echoed[starts]) / (ends - starts),
        "whole": [text in slot.text for text in texts],
        "link": links[starts],
        "opens": opens[starts],
        "after_word": last[starts],
        "closes": closes[ends],
        "before_word": first[ends],
        "edge": (first[starts] + last[ends]) * (1 - is_name),
        "length": np.log(ends - starts),
        "any": np.ones(len(spans)),
    }


def _of_lists(
    slot: Slot, text: Text, asked: NDArray[np.float32], spans: Sequence[Range]
) -> NDArray[np.float32]:
    """Return for each span, where it lists things, how near what they are is to what is asked for.

    That is what one of them is called, or what stands behind: 教育、医疗等领域. The only list of a
    text is taken for one of the kind.
    """
    near = np.zeros(len(spans), dtype=np.float32)
    if slot.kind != "which" or not asks_for_several(slot):
        return near
    persons = [one.start for one in text.named if one.sort == "person"]
    lists = {
        (one.start, one.end)
        for one in text.lists
        if text.folded[one.start] == "《"
        or any(word in text.folded[one.start : one.end] for word in slot.head)  # 金苑小区
        or not any(one.start <= at < one.end for at in persons)
    }
    for at, (start, end) in enumerate(spans):
        if (start, end) in lists:
            behind = _BEHIND_A_LIST.match(text.folded, end)
            near[at] = asked[start : behind.end() if behind else end].max()
            if len(lists) == 1 or _ANY_THING.fullmatch(slot.head[0] if slot.head else ""):
                near[at] = max(near[at], _OF_THE_KIND)
    return near


def _of_names(slot: Slot, text: Text, spans: Sequence[Range]) -> NDArray[np.float64]:
    """Return for each span, where it is a name, what that tells, shape (4, len(spans)).

    Whether it is of the sort asked for; whether it is a person's name or a title, 0 where a place
    is asked for; how well its unit agrees; whether it is a name at all.
    """
    rows = np.zeros((4, len(spans)))
    asked: frozenset[str] | None = None
    if slot.kind == "how many":
        asked = families_wanted(slot.text, slot.unit)
    named = text.figures if slot.kind == "how many" else text.named
    if slot.kind == "who":
        named = text.in_lists
    names = _by_place(named, first=SORTS.get(slot.kind, ""))
    for at, span in enumerate(spans):
        name = names.get(span)
        if name:
            titled = name.sort in _NAMING.get(slot.kind, ("person", "title"))
            rows[:, at] = name.sort == SORTS.get(slot.kind), titled, 0, 1
            if slot.kind == "when" and name.sort == "day":
                rows[2, at] = _is_so_fine(slot, text.folded[name.start : name.end])
            if asked is not None and name.sort == "figure":
                rows[2, at] = _agrees(slot, name, asked)
    return rows


def _by_place(named: Sequence[Named], *, first: str) -> dict[Range, Named]:
    """Return what each place names; where it names two sorts of thing, the first is kept."""
    found: dict[Range, Named] = {}
    for one in sorted(named, key=lambda one: one.sort != first):
        found.setdefault((one.start, one.end), one)
    return found


def _asked_for(slot: Slot, text: Text) -> NDArray[np.float32]:
    """Return for each character how near its word is in meaning to what is asked for."""
    if not slot.head:
        return np.zeros(len(text.folded) + 1, dtype=np.float32)
    return text.words.nearness(_vectors(slot.head))


@lru_cache(maxsize=16)
def _vectors(words: tuple[str, ...]) -> NDArray[np.float32]:
    return shipped_encoder().encode_queries(words)


def _is_so_fine(slot: Slot, time: str) -> float:
    """Return how well a time agrees with what is asked for, an hour, say, or a year."""
    for asked, told in _FINENESS:
        if asked.search(slot.text):
            return _SAME_FAMILY if told.search(time) else -1.0
    return 0.0


def _agrees(slot: Slot, figure: Named, asked: frozenset[str]) -> float:
    """Return how well a figure's unit agrees with the one, or the families, asked for."""
    if slot.unit and figure.unit.endswith(slot.unit):
        return 1.0
    has = families(figure.unit)
    if not asked or not has:
        return 0.0
    if not asked & has:
        return -1.0
    return _OTHER_MEASURE if slot.unit and asked & has == {"things"} else _SAME_FAMILY
