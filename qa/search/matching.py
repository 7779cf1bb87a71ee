"""How each unit of a question is met by each candidate: literally, in part, or by near meaning.

Everything the ranking learns from is computed here, in one pass over the candidates' text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.query import Wants
from qa.search.forward import ForwardIndex, Near, segments
from qa.search.occurrences import Texts
from qa.search.units import SIGNS, Units

if TYPE_CHECKING:
    from numpy.typing import NDArray

_K1, _B = 1.2, 0.75  # as in BM25
_NEAR = (0.3, 0.5, 0.7)  # cosines from which a word of another form begins to count
_ALIKE = 0.4  # and from which a word that is used alike does
_SOFT_FLOOR, _SOFT_WORTH = 0.35, 0.9

_ANSWERS = {
    Wants.HOW_MANY: re.compile(r"\d|[一二三四五六七八九十百千万亿两][个名家项人次所条座亩]"),
    Wants.WHEN: re.compile(r"\d{1,4}[年月日]|上午|下午|晚|目前|截至"),
    Wants.WHERE: re.compile(
        r"位于|坐落|[在到].{1,20}(?:村|镇|乡|区|市|县|路|园|厅|中心|广场|公司|现场)"
    ),
    Wants.WHO: re.compile(
        r"书记|主任|[局市区厅院校会]长|经理|记者|通讯员|摄|说|指出|强调|主持|介绍"
    ),
}
"""What a folded sentence has that may answer a question of the kind."""

MATCHES = (
    "has",
    "frequency",
    "best sentence has",
    "beside it has",
    "headline has",
    "has pairs",
    "near .3",
    "near .5",
    "near .7",
    "best sentence near .3",
    "best sentence near .5",
    "best sentence near .7",
    "unseen, near .5",
    "used alike",
    "best sentence used alike",
)
"""What is known of a unit in a candidate, one column each."""

SHAPES = (
    "length",
    "sentences",
    "place of best sentence",
    "answer in best",
    "answer anywhere",
)
"""What is known of a candidate beside its scores, one column each."""


@dataclass(frozen=True, slots=True)
class Matches:
    """How n units are met by c candidates.

    Attributes:
        units: Shape (c, n, len(MATCHES)).
        shapes: Shape (c, len(SHAPES)).
        covered: Share of the question's weight that each candidate covers, shape (c,), 0 to 1.
        literal: The largest share that any of them covers in the question's own words.
    """

    units: NDArray[np.float32]
    shapes: NDArray[np.float32]
    covered: NDArray[np.float32]
    literal: float


def match(
    units: Units,
    passage_ids: Sequence[str],
    texts: Sequence[str],
    *,
    forward: ForwardIndex,
    wants: Wants,
) -> Matches:
    """Return how the units are met by the candidates.

    Args:
        units: At least one.
        passage_ids: The candidates, at least one.
        texts: What they are searched by, folded.
        forward: Their words.
        wants: The kind of answer asked for.
    """
    uses = units.uses if units.uses.any() else None
    found = forward.near(passage_ids, units.vectors, uses=uses)
    near, firsts = found.cosines, found.firsts
    parts = [segments(text) for text in texts]
    exact, counts, pairs = _literally(units, parts)
    figure = units.signs[:, SIGNS.index("figure")] > 0
    near[:, figure] = exact[:, figure] > 0  # one number is never near another
    weight = _weight(units)
    soft = np.maximum(exact, _SOFT_WORTH * np.clip((near - _SOFT_FLOOR) / (1 - _SOFT_FLOOR), 0, 1))
    told = soft.astype(np.float64) @ weight  # so fine that no rounding decides between sentences
    best = _best(told, firsts, parts)
    has = np.maximum.reduceat(exact, firsts, axis=0)
    nearest = np.maximum.reduceat(near, firsts, axis=0)
    norm = _K1 * (1 - _B + _B * found.lengths[:, None])
    last = np.append(firsts[1:], len(exact)) - 1
    before, after = np.where(best > firsts + 1, best - 1, best), np.minimum(best + 1, last)
    columns = [
        has,
        counts * (_K1 + 1) / (counts + norm),
        exact[best],
        np.maximum.reduce([exact[before], exact[best], exact[after]]),
        exact[firsts],
        pairs * (has == 0),
        *(np.maximum(nearest - floor, 0) for floor in _NEAR),
        *(np.maximum(near[best] - floor, 0) for floor in _NEAR),
        units.signs[:, SIGNS.index("unseen")] * np.maximum(nearest - _NEAR[1], 0),
        *_used_alike(found, best, figure),
    ]
    with np.errstate(invalid="ignore"):  # a BLAS may set the flag for what it reads past the end
        covered = np.maximum.reduceat(soft, firsts, axis=0) @ weight
        literal = float((has @ weight).max())
    return Matches(
        units=np.stack(columns, axis=2),
        shapes=_shapes(texts, parts, best - firsts - 1, _ANSWERS.get(wants)),
        covered=covered,
        literal=literal,
    )


def _used_alike(
    found: Near, best: NDArray[np.int64], figure: NDArray[np.bool_]
) -> list[NDArray[np.float32]]:
    """Return by how much the words of candidates, and of their best sentences, are used alike."""
    if found.used is None:
        return [np.zeros((len(best), len(figure)), dtype=np.float32)] * 2
    used = np.where(figure, np.float32(0), np.maximum(found.used - np.float32(_ALIKE), 0))
    return [np.maximum.reduceat(used, found.firsts, axis=0), used[best]]


def _best(
    told: NDArray[np.float64], firsts: NDArray[np.int64], parts: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """Return for each candidate the row of the sentence that tells most, its head left out."""
    return np.array(
        [
            first + 1 + int(told[first + 1 : first + len(segs)].argmax())
            if len(segs) > 1
            else first
            for first, segs in zip(firsts, parts, strict=True)
        ]
    )


def _shapes(
    texts: Sequence[str],
    parts: Sequence[Sequence[str]],
    best: NDArray[np.int64],
    shape: re.Pattern[str] | None,
) -> NDArray[np.float32]:
    rows = []
    for text, segs, at in zip(texts, parts, best, strict=True):
        n = max(1, len(segs) - 1)
        in_best = bool(shape and shape.search(segs[at + 1]))
        anywhere = in_best or bool(shape and shape.search(text))
        rows.append((math.log(len(text) + 1), math.log(n), max(0, at) / n, in_best, anywhere))
    return np.array(rows, dtype=np.float32)


def _literally(
    units: Units, parts: Sequence[Sequence[str]]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return how the units stand in texts as asked, or in translation in a text without them.

    Three arrays: what of each is in each segment, shape (segments, n); how often it is in each
    text, and how much of one that a text lacks is there in pairs of characters, shape (texts, n).
    """
    looked = Texts([segment for segs in parts for segment in segs])
    text_of = np.repeat(np.arange(len(parts)), [len(segs) for segs in parts])
    exact = np.zeros((len(text_of), len(units.words)), dtype=np.float32)
    counts = np.zeros((len(parts), len(units.words)), dtype=np.float32)
    has = np.zeros(counts.shape, dtype=np.bool_)

    pairs, of_word = _pairs_of(units.words)
    found = looked.find([*units.words, *pairs])  # in one pass
    is_pair = found.pattern >= len(units.words)
    there = found.only(is_pair)
    found = found.only(~is_pair)
    text = text_of[found.text]
    codes = [word.isascii() or word[0].isdigit() for word in units.words]
    codes_found = np.array(codes, dtype=np.bool_)[found.pattern]
    whole = looked.whole(found, units.words, of=codes_found)
    has[text[whole], found.pattern[whole]] = True
    exact[found.text[whole], found.pattern[whole]] = 1
    np.add.at(counts, (text, found.pattern), 1)
    counts *= has

    told = [(n, *one) for n, terms in enumerate(units.terms) for one in terms]
    terms = [term for _, term, _ in told]
    owners = np.array([n for n, _, _ in told], dtype=np.int64)
    weights = np.array([weight for _, _, weight in told], dtype=np.float32)
    found = looked.find(terms)
    found = found.only(~has[text_of[found.text], owners[found.pattern]])
    figures = np.array([term[0].isdigit() for term in terms], dtype=np.bool_)[found.pattern]
    cells = text_of[found.text] * len(terms) + found.pattern
    whole = looked.whole(found, terms, of=figures)
    kept = np.isin(cells, cells[whole])  # in a text that has it whole, each place counts
    found, unit = found.only(kept), owners[found.pattern[kept]]
    np.maximum.at(exact, (found.text, unit), weights[found.pattern])
    np.add.at(counts, (text_of[found.text], unit), weights[found.pattern])
    shares = _shares_of_pairs(
        units.words,
        of_word,
        text=text_of[there.text],
        pair=there.pattern - len(units.words),
        n_texts=len(parts),
    )
    return exact, counts, shares * ~has


def _pairs_of(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the pairs of characters of each longer word, and the numbers of the words."""
    longer = [n for n, word in enumerate(words) if len(word) > 2 and not word.isascii()]
    told = [(n, at) for n in longer for at in range(len(words[n]) - 1)]
    return [words[n][at : at + 2] for n, at in told], [n for n, _ in told]


def _shares_of_pairs(
    words: Sequence[str],
    of_word: Sequence[int],
    *,
    text: NDArray[np.int64],
    pair: NDArray[np.int64],
    n_texts: int,
) -> NDArray[np.float32]:
    """Return the share of the pairs of characters of each longer word that each text has.

    Args:
        words: The words.
        of_word: Which of them each pair is of.
        text: In which text a pair was found, shape (places,).
        pair: And which it is.
        n_texts: How many texts there are.
    """
    shares = np.zeros((n_texts, len(words)), dtype=np.float32)
    there = np.zeros((n_texts, len(of_word)), dtype=np.float32)
    there[text, pair] = 1
    for n, column in zip(of_word, there.T, strict=True):
        shares[:, n] += column / (len(words[n]) - 1)
    return shares


def _weight(units: Units) -> NDArray[np.float32]:
    """Return what each unit weighs before anything is learnt, summing to 1."""
    rarity = units.signs[:, SIGNS.index("rarity")]
    empty = units.signs[:, SIGNS.index("empty")]
    weight = rarity * (1 - empty) + 1e-6
    return np.asarray(weight / max(1e-6, weight.sum()), dtype=np.float32)
