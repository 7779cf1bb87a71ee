"""Where a folded text speaks of a question's words, and how near each place of it is to them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING

import numpy as np

from corpus.text import HAN
from embeddings.encoder import shipped_encoder
from qa.offices import RANKS
from qa.quoting.enumerated import enumerations
from qa.quoting.kinds import Named, days, figures_beside, in_lists, persons, titles
from qa.quoting.slot import JOINING, Slot
from qa.search.coverage import Weighed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Row = NDArray[np.float64]

_TOKENS = re.compile(
    r"(?P<han>[\u3400-\u9fff\U00020000-\U0003ffff]+)|[a-z]+(?:[-'][a-z]+)*|\d+(?:[.,:]\d+)*%?|\S"
)
_ALIKE, _FLOOR = 0.5, 0.35  # a cosine from which two words mean the same; one that says nothing
_ALIKE_WORTH = 0.9
_TERM = 0.1  # from this weight a term of the lexicon may stand for the asked word
_SURE = 0.25  # from this strength a place counts as speaking of a word
BESIDE, _NEAR = 4.0, 12.0  # characters over which being beside, and being near, fade to a third
_WAS = re.compile(  # 由68家增加到146家: what a figure was does not part it from what it is of
    r"[由从][^,。;]{1,16}?(?:增加|提高|上升|增长|下降|减少|降低|扩大|[增降升])[到至为]"
)
_LIGHT_VERBS = frozenset(("gave", "give", "gives", "made", "makes", "delivered", "took", "held"))
_COSTS = {",": 5.0, ";": 10.0, "。": 10.0, "、": 2.0, "!": 10.0, "?": 10.0}  # in characters
_N_KEPT = 3072  # six kilobytes each
_CLAUSE_ENDS = ",;。!?:"
MOST_TEXT = 1000
"""Characters of a sentence that are read; no printed one is longer, a hostile one may be."""

STOPS = frozenset(",。;:!?()[]【】…—|\n")
"""What ends a stretch of words."""

_OPENS, _CLOSES = STOPS | frozenset("、“《「『"), STOPS | frozenset("、”》」』")

Found = tuple[int, int, float]  # start, end and how surely, over 0 to 1


def tokens(folded: str) -> list[tuple[int, int]]:
    """Return the places of the words, numbers and signs of a text.

    >>> [text[start:end] for text in ["投资3.5亿元。"] for start, end in tokens(text)]
    ['投资', '3.5', '亿', '元', '。']
    """
    return _places(folded, shipped_encoder().cut(folded)[0])


def _places(folded: str, cut: Sequence[str]) -> list[tuple[int, int]]:
    """Return what `tokens` does, given what the tokenizer cuts the text into."""
    words = iter([word for word in cut if HAN.match(word)])
    found: list[tuple[int, int]] = []
    for match in _TOKENS.finditer(folded):
        at, end = match.span()
        if match.lastgroup != "han":
            found.append((at, end))
            continue
        run = []
        while at < end:
            word = next(words, "")
            if not word or not folded.startswith(word, at):
                return _one_by_one(folded)  # the tokenizer knows not all characters
            run.append((at, at + len(word)))
            at += len(word)
        found += run
    return found


def _one_by_one(folded: str) -> list[tuple[int, int]]:
    """Return what `tokens` does, for a text in which some run has a character without a word.

    That run falls into its characters.
    """
    found: list[tuple[int, int]] = []
    for match in _TOKENS.finditer(folded):
        words = [match.group()]
        if match.lastgroup == "han":
            (words,) = shipped_encoder().words(words)
        if "".join(words) != match.group():
            words = list(match.group())
        at = match.start()
        for word in words:
            found.append((at, at + len(word)))
            at += len(word)
    return found


@dataclass(frozen=True, slots=True)
class Echo:
    """A stretch of the text that speaks of a part of the question.

    Attributes:
        start: Its first character in the text.
        end: One past its last.
        at: Where that part begins in the question, or -1 where the languages differ.
        size: How many of the question's characters it stands for.
        strength: How surely, over 0 to 1.
    """

    start: int
    end: int
    at: int
    size: int
    strength: float


def copied(slot: Slot, folded: str) -> list[Echo]:
    """Return the longest stretches, of two characters at least, that text and question share.

    The longer the surer: 书记 alone hardly stands for 党工委书记.
    """
    question = slot.text[: slot.start] + "\0" * (slot.end - slot.start) + slot.text[slot.end :]
    found = []
    at = 0
    for first in [n for n, pair in enumerate(map(add, folded, folded[1:])) if pair in question]:
        if first < at:
            continue
        at = end = first
        while end < len(folded) and _in_word(folded[end]) and folded[at : end + 1] in question:
            end += 1
        if end - at >= 2 and not _is_other_office(question, folded, at):
            place = question.find(folded[at:end])
            found.append(Echo(at, end, place, end - at, min(1.0, 0.4 + 0.15 * (end - at))))
            at = end
    return found


def _is_other_office(question: str, folded: str, at: int) -> bool:
    before = folded[at - 1 : at] if at else ""
    return before in RANKS and before not in question


def _in_word(char: str) -> bool:
    return char.isalnum() or bool(HAN.match(char))


def _sides(
    slot: Slot, echoes: Sequence[Echo]
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Return where a text ends what stands left of the gap, and begins what stands right of it.

    Each with what it is worth: the surer and the nearer to the gap in the question, the more.
    """
    lefts = [
        (echo.end, echo.strength * math.exp(-gap / BESIDE))
        for echo in echoes
        if echo.at >= 0 and (gap := slot.start - echo.at - echo.size) >= 0
    ]
    rights = [
        (echo, echo.strength * math.exp((slot.end - echo.at) / BESIDE))
        for echo in echoes
        if echo.at >= slot.end and slot.start < echo.at + echo.size
    ]
    if slot.kind == "how many":  # 多少家企业: 12家企业, and 企业12家
        lefts += [(echo.end, worth) for echo, worth in rights]
    return lefts, [(echo.start, worth) for echo, worth in rights]


def frames(slot: Slot, folded: str) -> float:
    """Return how well a text has the words on both sides of the gap, in their order, 0 to 1.

    Of 公司的总部位于什么地方 what has 总部位于 does.
    """
    lefts, rights = _sides(slot, copied(slot, folded[:MOST_TEXT]))
    places = [(end, False, worth) for end, worth in lefts]
    places += [(start, True, worth) for start, worth in rights]
    best = left = 0.0
    for _, is_right, worth in sorted(places):
        best = max(best, left * is_right + worth)
        left = left if is_right else max(left, worth)
    return min(best, 1.0)


class Words:
    """The words of a text that have a vector, with their places."""

    def __init__(self, folded: str, cut: Sequence[str], rows: NDArray[np.int32]) -> None:
        """Find the words that a text is cut into; `rows` has 0 for one without content."""
        places: list[tuple[int, int]] = []
        kept: list[int] = []
        at = 0
        for row in rows.nonzero()[0].tolist():
            start = folded.find(cut[row], at)
            if start >= 0:
                at = start + len(cut[row])
                places.append((start, at))
                kept.append(row)
        self._places = np.array(places, dtype=np.int32).reshape(-1, 2)
        self._rows = rows[kept]  # their vectors would take a kilobyte a word
        self._n_chars = len(folded)

    @property
    def _vectors(self) -> NDArray[np.float32]:
        return shipped_encoder().unit_rows(self._rows)

    def nearness(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how near in meaning the word of each character is to the nearest unit vector.

        Args:
            vectors: Shape (n, dim), at least one.

        Returns:
            Shape (characters + 1,), 0 to 1; the last, as a character of no word, is 0.
        """
        cosines = np.vecdot(vectors[:, None], self._vectors[None]).max(axis=0)
        near = np.zeros(self._n_chars + 1, dtype=np.float32)
        for (start, end), cosine in zip(self._places.tolist(), cosines.tolist(), strict=True):
            near[start:end] = max(cosine, 0)
        return near

    def alike(self, vectors: NDArray[np.float32]) -> list[list[Found]]:
        """Return the words that mean about the same as each unit vector; none for one of zeros.

        Args:
            vectors: Shape (n, dim).
        """
        found: list[list[Found]] = [[] for _ in vectors]
        cosines = np.vecdot(vectors[:, None], self._vectors[None])
        places = self._places.tolist()
        for number, row in zip(
            *(one.tolist() for one in (cosines > _ALIKE).nonzero()), strict=True
        ):
            strength = _ALIKE_WORTH * float(cosines[number, row] - _FLOOR) / (1 - _FLOOR)
            found[number].append((*places[row], strength))
        return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """The words, numbers and signs of a text, one a row.

    Attributes:
        starts: Where each begins.
        ends: One past its last character.
        stops: Whether it ends a stretch of words.
        commas: Whether it is a comma or an opening bracket, which a clause may go on behind.
        lists: Whether it is the sign between the items of a list.
        words: Whether it begins with no such sign.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    stops: NDArray[np.bool_]
    commas: NDArray[np.bool_]
    lists: NDArray[np.bool_]
    words: NDArray[np.bool_]


@dataclass(frozen=True)
class Text:
    """A folded text, taken apart.

    Attributes:
        folded: The text.
        cuts: The places of its words, numbers and signs.
        words: Those of its words that have a vector.
    """

    folded: str
    cuts: list[tuple[int, int]]
    words: Words

    @cached_property
    def persons(self) -> list[Named]:
        """The persons it names."""
        return list(persons(self.folded, self.cuts))

    @cached_property
    def figures(self) -> list[Named]:
        """The figures it names, but for those in its days."""
        return figures_beside(self.folded, self._days)

    @cached_property
    def named(self) -> list[Named]:
        """The days, figures, persons and titles it names."""
        return [*self._days, *self.figures, *self.persons, *titles(self.folded)]

    @cached_property
    def in_lists(self) -> list[Named]:
        """The same, with the persons of a list as one."""
        return in_lists(self.named, self.folded)

    @cached_property
    def lists(self) -> list[Named]:
        """What it lists between 、."""
        return [Named(*one, "list") for one in enumerations(self.folded, self.cuts)]

    @cached_property
    def _days(self) -> list[Named]:
        return list(days(self.folded))

    @cached_property
    def bounds(self) -> Bounds:
        """Its words, numbers and signs."""
        parts = [self.folded[start:end] for start, end in self.cuts]
        starts, ends = np.array(self.cuts, dtype=np.int64).reshape(-1, 2).T
        told = [
            (one in STOPS, one in (",", "("), one == "、", one[0] not in STOPS and one[0] != "、")
            for one in parts
        ]
        return Bounds(starts, ends, *np.array(told, dtype=np.bool_).reshape(-1, 4).T)

    @cached_property
    def at(self) -> Row:
        """How far each place is from the start; punctuation is further than a character."""
        costs = np.array([0.0, *(_COSTS.get(char, 1.0) for char in self.folded)])
        for match in _WAS.finditer(self.folded):
            costs[match.start() + 1 : match.end() + 1] = 0.1
        return costs.cumsum()

    @cached_property
    def clause(self) -> list[int]:
        """Which clause each place is in."""
        return [0, *accumulate(char in _CLAUSE_ENDS for char in self.folded)]

    @cached_property
    def signs(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Behind which places, and before which, a sign opens or closes what stands there."""
        opens = np.array([True, *(char in _OPENS for char in self.folded)])
        return opens, np.array([*(char in _CLOSES for char in self.folded), True])

    @cached_property
    def joining(self) -> tuple[Row, Row]:
        """Whether a joining word begins at each place, and whether one ends there."""
        first, last = np.zeros(len(self.folded) + 1), np.zeros(len(self.folded) + 1)
        for start, end in self.cuts:
            if self.folded[start:end] in JOINING:
                first[start] = last[end] = 1
        return first, last

    @classmethod
    def of(cls, folded: str) -> Text:
        """Return a folded text, taken apart; the last ones that are not long are kept."""
        return _kept(folded) if len(folded) <= MOST_TEXT else _taken_apart(folded)


def _taken_apart(folded: str) -> Text:
    cut, rows = shipped_encoder().cut(folded)
    return Text(folded, _places(folded, cut), Words(folded, cut, rows))


_kept = lru_cache(maxsize=_N_KEPT)(_taken_apart)


def spoken_of(words: Sequence[Weighed], text: Text) -> list[list[Found]]:
    """Return where a text has each word, or a translation of it, or one of the same meaning."""
    if not words:
        return []
    alike = text.words.alike(np.stack([word.vector for word in words]))
    return [_spoken(word, near, text.folded) for word, near in zip(words, alike, strict=True)]


def _spoken(word: Weighed, alike: Sequence[Found], folded: str) -> list[Found]:
    found: list[Found] = []
    for term, weight in [(word.word, 1.0), *word.terms]:
        at = folded.find(term) if weight > _TERM else -1
        while at >= 0:
            found.append((at, at + len(term), weight))
            at = folded.find(term, at + 1)
    if not word.word[0].isdigit():
        taken = [(start, end) for start, end, _ in found]
        found += [
            (start, end, strength)
            for start, end, strength in alike
            if not any(first < end and start < last for first, last in taken)
        ]
    return [one for one in found if not _is_other_office(word.word, folded, one[0])]


class Alignment:
    """How near every place of a text is to the words of a question.

    The rows have one value for each place between characters, shape (len(folded) + 1,), 0 to 1.

    Attributes:
        slot_left: How near the words left of the question's gap stand before a place.
        slot_right: How near the words right of the gap stand behind it.
        clause: The share of the question's weight that the clause around speaks of.
        echoed: How many characters before a place speak of the question.
        left: For each word of the question, how near before a place it stands, by its weight.
        right: The same, behind.
    """

    def __init__(self, slot: Slot, words: Sequence[Weighed], text: Text) -> None:
        """Work them out."""
        folded = text.folded
        self._at = text.at
        total = sum(word.weight for word in words) or 1.0
        weights = [word.weight / total for word in words]
        spoken = list(zip(weights, spoken_of(words, text), strict=True))
        echoes = copied(slot, folded)
        for word, (_, found) in zip(words, spoken, strict=True):
            at = slot.text.find(word.word) if not word.terms else -1
            echoes += [
                Echo(start, end, at, len(word.word), strength)
                for start, end, strength in found
                if strength > _SURE and not any(e.start < end and start < e.end for e in echoes)
            ]
        self.slot_left, self.slot_right = self._beside(slot, echoes)
        if slot.kind in ("how many", "who") and any(word.terms for word in words):
            self._stand_beside(_told_of(slot, words, [found for _, found in spoken]))
        said = np.zeros(len(folded) + 1)
        for echo in echoes:
            said[echo.start + 1 : echo.end + 1] = 1
        self.echoed = said.cumsum()
        self.left, self.right = self._near(spoken)
        self.clause = _clauses(text.clause, spoken)

    def _behind(self, ends: Sequence[int], *, over: float) -> Row:
        """Return what stretches are worth to the places behind them, shape (stretches, places)."""
        gap = self._at - self._at[np.array(ends)][:, None]
        worth: Row = np.exp(-np.abs(gap) / over) * (gap >= 0)
        return worth

    def _before(self, starts: Sequence[int], *, over: float) -> Row:
        """Return what stretches are worth to the places before them, shape (stretches, places)."""
        gap = self._at[np.array(starts)][:, None] - self._at
        worth: Row = np.exp(-np.abs(gap) / over) * (gap >= 0)
        return worth

    def _beside(self, slot: Slot, echoes: Sequence[Echo]) -> tuple[Row, Row]:
        left, right = np.zeros(len(self._at)), np.zeros(len(self._at))
        lefts, rights = _sides(slot, echoes)
        if lefts:
            ends, worths = zip(*lefts, strict=True)
            left = (self._behind(ends, over=BESIDE) * np.array(worths)[:, None]).max(axis=0)
        if rights:
            starts, worths = zip(*rights, strict=True)
            right = (self._before(starts, over=BESIDE) * np.array(worths)[:, None]).max(axis=0)
        return left, right

    def _stand_beside(self, found: Sequence[Found]) -> None:
        """Have what is counted, or done, stand beside its figure or person, on either side."""
        if found:
            starts, ends, worth = zip(*found, strict=True)
            worths = np.array(worth)[:, None]
            right = (self._before(starts, over=BESIDE) * worths).max(axis=0)
            left = (self._behind(ends, over=BESIDE) * worths).max(axis=0)
            self.slot_left = np.maximum(self.slot_left, left)
            self.slot_right = np.maximum(self.slot_right, right)

    def _near(self, spoken: Sequence[tuple[float, list[Found]]]) -> tuple[Row, Row]:
        left = np.zeros((len(spoken), len(self._at)))
        right = np.zeros((len(spoken), len(self._at)))
        rows = [row for row, (_, found) in enumerate(spoken) if found]
        if rows:
            counts = np.array([len(spoken[row][1]) for row in rows])
            places = [(*one, weight) for weight, found in spoken for one in found]
            starts, ends, strengths, weights = zip(*places, strict=True)
            worth = (np.array(strengths) * np.array(weights))[:, None]
            firsts = np.cumsum(counts) - counts
            left[rows] = np.maximum.reduceat(self._behind(ends, over=_NEAR) * worth, firsts)
            right[rows] = np.maximum.reduceat(self._before(starts, over=_NEAR) * worth, firsts)
        return left, right


def _told_of(
    slot: Slot, words: Sequence[Weighed], spoken: Sequence[Sequence[Found]]
) -> list[Found]:
    """Return where a text tells, in its language, what an English question counts or who did."""
    asked = {part.strip("?.,") for part in slot.head}
    if slot.kind == "who":  # what was done: chaired, of who chaired the meeting; gave the speech
        known = {part for word in words for part in word.word.split()}
        behind = [part.strip("?.,") for part in slot.text[slot.end :].split()]
        done = [part for part in behind if part in known]
        asked = set(done[: 2 if done and done[0] in _LIGHT_VERBS else 1])
    return [
        place
        for word, places in zip(words, spoken, strict=True)
        if asked & set(word.word.split())
        for place in places
    ]


def clause_share(words: Sequence[Weighed], text: Text, at: int) -> float:
    """Return what share of a question's weight the clause around a place speaks of."""
    total = sum(word.weight for word in words) or 1.0
    weights = [word.weight / total for word in words]
    spoken = list(zip(weights, spoken_of(words, text), strict=True))
    return float(_clauses(text.clause, spoken)[at])


def _clauses(number: Sequence[int], spoken: Sequence[tuple[float, list[Found]]]) -> Row:
    """Return for each place, of which the clause is given, what share of the question it tells."""
    shares = [0.0] * (number[-1] + 1)
    for weight, found in spoken:
        best: dict[int, float] = {}
        for start, _, strength in found:
            clause = number[start]
            best[clause] = max(best.get(clause, 0.0), strength)
        for clause, strength in best.items():
            shares[clause] += weight * strength
    told: Row = np.array(shares)[number]
    return told
