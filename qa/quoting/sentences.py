"""The sentence of a passage that answers best: what it speaks of, and whether it holds an answer.

A person, a day, a figure and the name of a town are told by their shape, so a sentence that holds
none in the right place hardly answers when one is asked for. Other answers can be any words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from corpus.rows import Place
from corpus.text import fold, split_sentences
from corpus.types import Sentence
from qa.query import Query, said_by_date
from qa.quoting.alignment import BESIDE, MOST_TEXT, Text, frames
from qa.quoting.conditions import Series, is_in_another, series_asked
from qa.quoting.contrasts import Members, contrasts_of, speaks_of_others
from qa.quoting.enumerated import asks_for_several
from qa.quoting.lacking import A_FINE, agrees, asks_price, fits, is_free
from qa.quoting.named_so import WHERE_IT_IS
from qa.quoting.ordinals import Ordinal, is_another, ordinals_asked
from qa.quoting.parts import told_only_by
from qa.quoting.persons import holder, office_asked, office_beside
from qa.quoting.slot import Kind, Slot, slot_of
from qa.quoting.spans import likeliest_span
from qa.search.coverage import Coverage, Weighed
from qa.search.forward import segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AROUND = 0.5  # what a word counts that only the headline or another sentence has
_DECIMALS = 9
_HOLDS = 0.4  # bonus of a passage for surely holding what is asked for
_HOLDS_IT = 0.6  # the same of one sentence, as a share of the most that one speaks of
_FRAMES = 0.25  # and for having the words that stand beside the question's gap
_HAS = 0.5  # how well a text must have a word for it to be told by it
_LEADS = 2  # how many sentences count as having a word that the first has, which says what of
_SAYS_LITTLE = re.compile(  # without the next: a question, or the heading of an item, 四、撤销315路。
    r"[^?]*\?\W*|(?:[一二三四五六七八九十]{1,3}、|[(（]?\d{1,2}[.、)）]|[(（][一二三四五六七八九十]{1,3}[)）])[^,。;:]{2,14}[。.]"
)
_OF_THESE = 0.1  # of what is asked, that a sentence with 其中 must have beyond the one before
_SURE, _SURER = 0.3, 0.2  # how sure the next sentence must be to be quoted too, and how much surer
_NOT_AS_ASKED = 0.3  # how sure a figure is that is told in another way than it is asked for
_LISTS_THEM = re.compile("(?:[这它]们?.{0,6})?(?:分别[是为有]|其中包括|包括|即)")
_TOGETHER = 160  # characters of a sentence that surely holds nothing asked for, with the next
_POINTS_BACK = re.compile("它|其(?![他中实余次])|该|这[座条个项家所]")
_HE = re.compile("[他她](?!们)")
_SURELY = 0.6  # and how sure the sentence before
_TELLS_MORE = 0.05  # how much more of what is asked the sentence before must speak of
_TELLING: tuple[Kind, ...] = ("who", "when", "how many")
_TELLS: dict[Kind, tuple[re.Pattern[str], float]] = {  # by what words, and how surely
    "why": (
        re.compile(
            "因(?![此而素])|由于|得益于|缘于|源于|原因|所致|导致|缘故|为了|在于|归功于|看[中好重]|以便|目的|旨在"
            "|离不开|取决于"
        ),
        0.5,
    ),
    "where": (
        re.compile(
            r"位于|坐落|地处|地址|地点|设在|选址|起于|\d号(?!线|文)|[一二三四五六七八九十\d]楼"
        ),
        0.5,
    ),
}
_OF_CLAUSES = re.compile("要求|措施|安排|部署|做法|意见|建议|任务|办法")
_COUNTED = "[两二三四五六七八九十几\\d]+[个家项条所座位名支处种类]"  # in 一中和二中两所学校
_LISTED_SURELY = 0.8
_LISTS = re.compile("分别[是为有设在]|包括|、[^,。;、]{1,16}(?:、|和|及|与)"), 0.4
_WHO_IS_EN = re.compile(r"\bwho (?:is|was|are|were)\b")  # told by the office, not what is done
_OF_THE_PERSON = 1.0  # how surely an office beside a name tells who that is
_UNTOLD = 0.4  # what a passage loses that tells not the part asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, made ready to be held against passages.

    Attributes:
        words: Its words, weighed.
        weights: Their weights, shape (words,).
        telling: What each weighs where the one sentence that has it is chosen, shape (words,).
        coverage: Tells which of them a text speaks of.
        slot: Its gap, where the shape of what fills it tells that it does; else None.
        months: The years and months it names.
        tells: Tells how surely a folded sentence gives the cause, place or list asked for.
        told_by: What a sentence must have to tell the part played that is asked for.
        several: Whether more than one thing is asked for.
        gap: Its gap, whatever fills it, where its words may stand in the text; else None.
        ordinals: Which of a row it asks about, the second flood, say.
        contrasts: Which of things of which one is not the other, and the others.
        series: Which line, phase or building it names.
        persons: Whom it names, where a figure is asked for, which another has too.
        holds_office: Where it is asked who holds an office, tells whether a folded text says so.
        is_price: Whether it is asked what something costs, and of no fine.
    """

    words: tuple[Weighed, ...]
    weights: NDArray[np.float64]
    telling: NDArray[np.float64]
    coverage: Coverage
    slot: Slot | None
    months: tuple[str, ...]
    tells: Callable[[str], float] | None = None
    told_by: tuple[re.Pattern[str], ...] = ()
    several: bool = False
    gap: Slot | None = None
    ordinals: Sequence[Ordinal] = ()
    contrasts: Sequence[tuple[Members, Members]] = ()
    series: Series = field(default_factory=dict)
    persons: frozenset[str] = frozenset()
    holds_office: Callable[[str], bool] | None = None
    is_price: bool = False

    @property
    def is_who(self) -> bool:
        """Whether a person is asked for, whose shape tells that a sentence names one."""
        return self.slot is not None and self.slot.kind == "who"

    def sure(self, folded: str) -> float:
        """Return how surely a folded sentence holds what is asked for, 0 to 1."""
        folded = folded[:MOST_TEXT]
        if self.holds_office and self.holds_office(folded):
            return 1.0
        if self.tells:
            return self.tells(folded)
        if not self.slot or not fits(self.slot, folded):
            return 0.0
        if asks_price(self.slot) and is_free(self.slot, folded):
            return 1.0
        found = likeliest_span(self.slot, self.words, folded)
        worth = 1.0 if agrees(self.slot, folded) else _NOT_AS_ASKED
        return found[1] * worth if found else 0.0

    def unread(self) -> Asked:
        """Return the question, asked of passages of which what they hold is not looked up."""
        return replace(self, slot=None, tells=None, gap=None, holds_office=None)

    def framed(self, folded: str) -> float:
        """Return how well a folded sentence has the words beside the gap, 0 to 1."""
        return frames(self.gap, folded) if self.gap else 0.0

    def told_by_date(self, place: Place) -> NDArray[np.bool_]:
        """Return for each word whether the issue's date says it: 2022 and 8, in August 2022."""
        said = said_by_date(self.months, place.issued)
        return np.array([word.word in said for word in self.words], dtype=np.bool_)

    def is_told_in(self, folded: str) -> bool:
        """Tell whether a folded sentence has what tells the part played that is asked for."""
        return all(told.search(folded) for told in self.told_by)

    @property
    def has_others(self) -> bool:
        """Whether there is another of what it asks about, that a sentence may be on."""
        return bool(self.ordinals or self.series or self.contrasts or self.persons or self.is_price)

    def is_of_another(self, folded: str) -> bool:
        """Tell whether a folded sentence is on another than is asked about: of a row, a person."""
        return (
            is_another(self.ordinals, folded)
            or is_in_another(self.series, folded)
            or any(speaks_of_others(folded, *members) for members in self.contrasts)
            or self._is_of_another_person(folded)
            or bool(self.is_price and A_FINE.search(folded))
        )

    def _is_of_another_person(self, folded: str) -> bool:
        """Tell whether a folded sentence names persons, and none whom the question names."""
        if not self.persons or any(one in folded for one in self.persons):
            return False
        return not _HE.search(folded) and bool(Text.of(folded).persons)


@dataclass(frozen=True, slots=True)
class Best:
    """The sentence of a passage that answers best.

    Attributes:
        sentence: It, or it and the next where only that holds what is asked for.
        score: How well its passage, and that one's sentence on most of it, speaks of what is asked,
            0 to 1; what the issue's date says is left out.
        bonus: What else speaks for it, or against it: what it holds, and the date of its issue.
        shares: Where each sentence of the passage begins, and the share of what is asked that it
            speaks of.
    """

    sentence: Sentence
    score: float
    bonus: float
    shares: tuple[tuple[int, float], ...]


def ready(query: Query, coverage: Coverage) -> Asked:
    """Return a question made ready to be held against passages."""
    slot, office = slot_of(query), office_beside(query)
    telling = (
        not office
        and slot
        and (slot.kind in _TELLING or slot.suffix)
        and not (query.lang == "en" and _WHO_IS_EN.search(slot.text))
    )
    words = coverage.weigh(query)
    return Asked(
        words=words,
        weights=np.array([word.weight for word in words]),
        telling=_telling(words, slot if query.lang == "zh" else None),
        coverage=coverage,
        slot=slot if telling else None,
        months=query.months,
        tells=partial(_says, office, _OF_THE_PERSON)
        if office
        else _tells_by_a_word(slot, bool(telling)),
        told_by=told_only_by(query),
        several=slot is not None and asks_for_several(slot),
        gap=slot if query.lang == "zh" else None,
        ordinals=ordinals_asked(query),
        contrasts=contrasts_of(fold(query.text)),
        series=series_asked(query),
        persons=_persons_in(fold(query.text)) if slot and slot.kind == "how many" else frozenset(),
        holds_office=partial(_names_holder, query) if office_asked(fold(query.text)) else None,
        is_price=slot is not None and asks_price(slot),
    )


def _persons_in(folded: str) -> frozenset[str]:
    return frozenset(folded[one.start : one.end] for one in Text.of(folded).persons)


def _names_holder(query: Query, folded: str) -> bool:
    return holder(query, folded) is not None


def _telling(words: Sequence[Weighed], gap: Slot | None) -> NDArray[np.float64]:
    """Return what words weigh where a sentence is chosen: the nearer to the gap, the more.

    How rare a word is in the archive tells less of a passage's sentences, which are all about it.
    """
    weights = np.sqrt([word.weight for word in words])
    if not gap:
        return weights
    starts = np.array([gap.text.find(word.word) for word in words])
    ends = starts + [len(word.word) for word in words]
    apart = np.maximum(np.maximum(gap.start - ends, starts - gap.end), 0)
    told: NDArray[np.float64] = weights * (1 + np.exp(-apart / BESIDE) * (starts >= 0))
    return told


def _shared_out(telling: NDArray[np.float64], told: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what words weigh where one sentence of a passage is chosen, summing to 1 or 0.

    What many sentences have tells little of each, what the headline says is said of all, and what
    the first sentence says, of two where it alone has it.

    Args:
        telling: What they weigh, shape (words,).
        told: How well the headline and each sentence have each word, shape (1 + sentences, words).
    """
    has = told > _HAS
    n_having = np.maximum(has[1:].sum(axis=0), 1) * np.where(has[1], _LEADS, 1)
    shared: NDArray[np.float64] = telling / np.where(has[0], len(told) - 1, n_having)
    return shared / (shared.sum() or 1.0)


def _tells_by_a_word(slot: Slot | None, telling: bool) -> Callable[[str], float] | None:
    if slot and slot.kind == "which" and asks_for_several(slot):
        return None if _OF_CLAUSES.search(slot.text) else partial(_lists, slot.head)
    if not slot or telling or (slot.kind == "where" and not WHERE_IT_IS.search(slot.text)):
        return None
    found = _TELLS.get(slot.kind)
    return partial(_says, *found) if found else None


def _says(word: re.Pattern[str], worth: float, folded: str) -> float:
    return worth if word.search(folded) else 0.0


def _lists(head: tuple[str, ...], folded: str) -> float:
    """Return how surely a folded sentence lists things: the more where it counts them by name."""
    if head and re.search(rf"[、和及与][^,。;、]{{1,24}}?{_COUNTED}{re.escape(head[0])}", folded):
        return _LISTED_SURELY
    return _says(*_LISTS, folded)


def best_sentence(
    asked: Asked, place: Place, told: NDArray[np.float64], *, unread: Asked, least: float
) -> Best | None:
    """Return the best sentence of a passage, or None where nothing is asked or nothing stands.

    Args:
        asked: The question.
        place: The passage.
        told: What `Coverage.of_places` returns for it.
        unread: The question as `Asked.unread` returns it.
        least: What score and bonus must come to for the passage to matter; what a sentence holds
            is not looked up where they cannot.
    """
    sentences = split_sentences(place.passage.text)
    weights = asked.weights
    total = float(weights.sum())
    if not sentences or not total:
        return None
    head, *folded = segments(place.searched)
    if len(folded) != len(sentences):  # folding made an end of a sentence, or took one: ‼ is !!
        folded = [fold(sentence.text) for sentence in sentences]
        told = asked.coverage.of_texts(asked.words, [head, *folded])
    here, around = told[1:], told.max(axis=0)
    undated, telling, of_date = weights / total, asked.telling, 0.0
    if asked.months:
        dated = asked.told_by_date(place)
        undated = np.where(dated, 0.0, weights)
        undated /= undated.sum() or 1.0
        telling = np.where(dated, 0.0, telling)
        of_date = float((weights * (1 - around) * dated).sum()) / total
    spoken = here + _AROUND * (around - here)
    shares = (spoken * undated).sum(axis=1).tolist()
    whole = float((around * undated).sum())
    if (max(shares) + whole) / 2 + _HOLDS + of_date < least:
        asked = unread

    untold = [not asked.is_told_in(text) for text in folded]
    likely = (spoken * _shared_out(telling, told)).sum(axis=1)
    most = float(likely.max())
    another = _of_another(asked, folded)
    likely -= np.logical_or(untold, another)  # what tells it is quoted, or nothing is

    known: dict[int, float] = {}

    def sure(at: int) -> float:
        if at not in known:
            known[at] = 0.0 if another[at] else asked.sure(folded[at])
        return known[at]

    chosen = likely.round(_DECIMALS).tolist()  # so that equal ones are equal
    best, holds = _choose(chosen, lambda at: asked.framed(folded[at]), sure, most=most)
    beside = [0.0 if one else share for one, share in zip(another, shares, strict=True)]
    first, last = _stretch(asked, folded, beside, sure, best=best, holds=holds)
    if last == best and _goes_on(here * undated, folded, best):
        last += 1
    start, end = sentences[first].start, sentences[last].end
    return Best(
        sentence=Sentence(place.passage.text[start:end], start, end),
        score=round(min(1.0, (max(shares) + whole) / 2), 4),
        bonus=_HOLDS * holds + of_date - _UNTOLD * all(untold),
        shares=tuple((one.start, share) for one, share in zip(sentences, shares, strict=True)),
    )


def _goes_on(here: NDArray[np.float64], folded: Sequence[str], best: int) -> bool:
    """Tell whether the next sentence says of some of these what is asked: 其中新获批11家.

    Args:
        here: What of the question each sentence has, shape (sentences, words), all of it 1.
        folded: The sentences.
        best: The place of the best one.
    """
    if best + 1 == len(folded) or not folded[best + 1].startswith("其中"):
        return False
    return float(np.maximum(here[best + 1] - here[best], 0).sum()) >= _OF_THESE


def _of_another(asked: Asked, folded: Sequence[str]) -> list[bool]:
    """Tell which sentences are on another than is asked about, where the passage has that too."""
    if len(folded) == 1 or not asked.has_others:  # one is the whole passage
        return [False] * len(folded)
    found = [asked.is_of_another(text) for text in folded]
    if any(found) and asked.is_of_another("\n".join(folded)):
        return [False] * len(folded)  # that it is another is for the reader, and the rules, to see
    return found


def _choose(
    shares: Sequence[float],
    framed: Callable[[int], float],
    sure: Callable[[int], float],
    *,
    most: float,
) -> tuple[int, float]:
    """Return the place of the best sentence, the first of equals, and how surely it answers.

    Args:
        shares: What of the question each speaks of.
        framed: Tells how well one has the words beside the question's gap, 0 to 1.
        sure: Tells how surely one holds what is asked for, 0 to 1.
        most: The most that one of them speaks of.
    """
    best, best_worth, holds = 0, -1.0, 0.0
    frames_it, holds_it = _FRAMES * most, _HOLDS_IT * most
    for at in sorted(range(len(shares)), key=lambda at: (-shares[at], at)):
        if shares[at] + frames_it + holds_it <= best_worth:
            break  # nothing it may hold lifts this one, or those behind it
        worth = shares[at] + frames_it * framed(at)
        if worth + holds_it > best_worth and (worth := worth + holds_it * sure(at)) > best_worth:
            best, best_worth, holds = at, worth, sure(at)
    return best, holds


def _stretch(
    asked: Asked,
    folded: Sequence[str],
    shares: Sequence[float],
    sure: Callable[[int], float],
    *,
    best: int,
    holds: float,
) -> tuple[int, int]:
    """Return the first and last sentence to quote: two where one says what of, the next holds it.

    Or may, as the first surely holds nothing of the kind: it names what is asked about, and the
    next tells of it.

    区公交工作会议在会展中心召开。张强主持会议。 answers who chaired it, neither sentence alone. A
    sentence that holds a figure or a day mostly says of what; but in 村里修起一座长32米的石拱桥。
    村民给它取名同心桥。 the second does.
    """
    if best + 1 < len(folded) and (
        _SAYS_LITTLE.fullmatch(folded[best])
        or (asked.several and _LISTS_THEM.match(folded[best + 1]))
    ):
        return best, best + 1
    if asked.is_who and best and shares[best - 1] >= shares[best] + _TELLS_MORE:
        return best - 1, best
    points_back = best and holds < _SURE and not asked.is_who and _POINTS_BACK.search(folded[best])
    if points_back and sure(best - 1) >= _SURELY:
        return best - 1, best
    if best + 1 == len(shares):
        return best, best
    is_short = len(folded[best]) + len(folded[best + 1]) <= _TOGETHER
    goes_on = (holds < _SURE and is_short) or sure(best + 1) >= max(_SURE, holds + _SURER)
    return best, best + int(goes_on)
