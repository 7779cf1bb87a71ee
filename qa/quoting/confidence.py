"""How sure an answer is: the probability that the passage quoted first is one that answers.

A logistic mix of named evidence. All of it is absolute, so that it means the same in an archive of
twelve passages and of thousands, and stands apart from the scale of the ranking's scores. The
weights lie by name in `confidence.json`; `python -m qa.fitting.calibrate` fits them.

Source: J. Platt, Probabilistic outputs for support vector machines, 1999, for the logistic;
D. Hosmer and S. Lemeshow, Applied Logistic Regression (1989), for its fitting.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError
from corpus.rows import Place
from corpus.text import fold
from qa.dates import YEARS_FROM_NOW
from qa.query import OF_A_SHAPE, Lang, Query, Wants, said_by_date
from qa.quoting.conditions import contradicted, tells_of_another
from qa.quoting.hours import told_words
from qa.quoting.ordinals import is_another, ordinals_asked
from qa.quoting.parts import tells_the_part
from qa.quoting.quotes import Quote
from qa.quoting.ranges import own_figures
from qa.rank import Candidates, Hit
from qa.search.matching import MATCHES, SHAPES
from qa.search.numerals import is_day
from qa.search.ranker import SCORES, shipped_ranker
from qa.search.units import SIGNS, Units

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_CONFIDENCE: dict[Lang, float] = {"zh": 0.155, "en": 0.13}
"""Below this nothing is claimed. Chosen on pairs of question and archive (docs/confidence.md)."""

MIN_UNMET, MIN_UNSPOKEN, MIN_UNCOUNTED = 0.5, 0.5, 0.95
"""The same where the passage has not a figure that the question names, where it does not speak of
what is asked of its subject, and of what is to be counted: how many hospitals there are, of a zone
whose roads it counts. Such pairs are too rare for a weight to learn it."""

_SPEAKS = 0.2  # how near a word must be to be spoken of
_TOLD_OTHERWISE = tuple(  # what is asked for, and what tells it without naming it
    (re.compile(f"(?:{name})$"), re.compile(told))
    for name, told in (
        (
            "钱",
            r"免费|免收|不(?:用|收取?|要)[交付]?(?:任何)?(?:钱|费)|[\d一二两三四五六七八九十百千万亿]余?(?:[美欧日港]?元|英镑|块)",
        ),
        ("人数|名额", r"[\d一二两三四五六七八九十百千万亿]余?(?:人|名|位)"),
        ("户数", r"[\d一二两三四五六七八九十百千万亿]余?户"),
        ("比例|比率|比重|占比|百分比", "%|分之|成以[上下]|[一二三四五六七八九]成|一半|半数"),
        ("温?度|温", r"\d ?(?:℃|°c|度)"),
        ("身高|[体全身]长", r"\d ?(?:厘米|公分|毫米|米|公尺)"),
        ("比分", r"\d+ ?[-–—:∶比] ?\d+"),
        ("排名|名次|位次", r"第[\d一二三四五六七八九十]+|名列|位居|位列|仅次于"),
        (
            "名称|称谓|称呼|昵称|别称|别名|名字",
            "称为|[又亦俗简]称|被称|叫做?|取?名为|命名",
        ),
        ("含义|意思|定义", "是指|指的?是|意为|意即|意思|一种"),
    )
)
_ABOUT_FIGURES = frozenset(("数量", "大约", "左右", "总数", "总量"))  # nothing that is asked for
_NOT_COUNTED = frozenset(("比例", "百分", "比", "排名", "比分", "名次"))

SHIPPED_CONFIDENCE = Path(__file__).parent / "confidence.json"
EVIDENCE = (
    "best sentence has",  # shares of the question by learned weight, 0 to 1, from here …
    "beside it has",
    "headline has",
    "near",  # literally or by near meaning
    "best sentence near",
    "heaviest near",  # the one unit that weighs most
    "largest unmet",
    "more than others",  # … to here: by how much other passages meet less
    "rarity met",  # log of all rarity that is met, so that more words are more evidence
    "keyword score",  # BM25 a unit, over the most that one rare word gives
    "translated score",  # log of the BM25 of an English question's Chinese terms
    "length",  # log of the passage's characters: a long one meets more by chance
    "neighbours met",  # pairs of neighbouring words that stand side by side
    "ahead",  # log-odds of the passage against the others ranked with it
    "cosine",
    "units",  # log of how many
    "answer has a shape",  # a person, day, figure or place is asked for
    "shape in best sentence",  # and such a thing stands there
    "asks something of",  # what its … is
    "asks how many of",  # how many … it has
    "asked near",  # and the passage speaks of that
    "names",  # whether an English question has names within it
    "names met",  # and what share of them the passage has
    # those from here on have no weight; they decide how sure is sure enough
    # whether the passage has not a figure, or a day seen from now, of the question; or the archive
    # not what an English question quotes
    "figure unmet",
    # whether the article speaks of another year or figure instead, or the quote of another meeting
    "contradicted",
    "lacks what is asked",  # whether the quote tells no such day, figure or part played at all
)
"""What speaks for an answer, one number each."""

_N_OTHERS = 4  # passages the quoted one is held against
_MOST_AHEAD = 8.0
_SHORT = math.log(100)  # shorter passages were too few to tell
_SOFT_FLOOR, _SOFT_WORTH = 0.35, 0.9  # as in `qa.search.matching`
_NEAR_BY = 0.3  # the least cosine that the matches count from
_FIGURE = re.compile(r"\d[\d.,:/-]*%?")
_DAY = re.compile(r"\d{1,2}月(?:\d{1,2}日)?")
_DAYS_OF_NOW = frozenset(  # counted from the day on which somebody speaks
    (
        "today",
        "tomorrow",
        "yesterday",
        "tonight",
        *(a + b for a in "今明昨后前" for b in "天日早晚"),
    )
)
_OF_A_NAME = re.compile(r"(\d+)(?:号?线|路|栋|幢)")  # a bus route, a house: no condition
_NAME = re.compile(r"(?<!^)\b[A-Z][\w'-]+")


def least_confidence(
    lang: Lang, evidence: NDArray[np.float64], *, chosen: float | None = None
) -> float:
    """Return the confidence below which nothing is claimed on some evidence.

    Args:
        lang: The language of the question.
        evidence: What `evidence_of` returns.
        chosen: What stands in place of the thresholds set here. Without what is asked for
            (`qa.quoting.lacking`), and of another year than is asked about, nothing is
            claimed in any case.
    """
    told = dict(zip(EVIDENCE, evidence, strict=True))
    if told["lacks what is asked"] or told["contradicted"]:
        return math.inf
    if chosen is not None:
        return chosen
    least = MIN_CONFIDENCE[lang]
    if told["asks something of"] and told["asked near"] < _SPEAKS:
        least = MIN_UNCOUNTED if told["asks how many of"] else MIN_UNSPOKEN
    return max(least, MIN_UNMET) if told["figure unmet"] else least


@dataclass(frozen=True, slots=True)
class Judge:
    """Tells how sure an answer is, for questions in one language.

    Attributes:
        weights: Of the evidence, shape (len(EVIDENCE),).
        bias: What is added.
    """

    weights: NDArray[np.float64]
    bias: float

    def confidence(self, evidence: NDArray[np.float64]) -> float:
        """Return the probability that the quoted passage answers, 0 to 1.

        Args:
            evidence: What `evidence_of` returns.
        """
        return float(1 / (1 + math.exp(-float(self.weights @ evidence) - self.bias)))


def read_judge(path: Path, lang: Lang) -> Judge:
    """Return the judge for a language from a file that `write_judges` wrote.

    Raises:
        ModelError: If it cannot be read, or its names are not those this version computes.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["judges"][lang]
        if list(told["weights"]) != list(EVIDENCE):
            raise ValueError(f"has {list(told['weights'])}, expected {list(EVIDENCE)}")
        weights = np.array(list(told["weights"].values()), dtype=np.float64)
        return Judge(weights, float(told["bias"]))
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(str(path), f"cannot read the weights of evidence: {exc!r}") from exc


@lru_cache(maxsize=2)
def shipped_judge(lang: Lang) -> Judge:
    """Return the shipped judge, read once a process."""
    return read_judge(SHIPPED_CONFIDENCE, lang)


def write_judges(judges: Mapping[Lang, Judge], path: Path, *, told: Mapping[str, Any]) -> None:
    """Write the weights by name, and beside them how they were made."""
    found = {
        lang: {
            "bias": round(judge.bias, 4),
            "weights": {
                name: round(float(value), 4)
                for name, value in zip(EVIDENCE, judge.weights, strict=True)
            },
        }
        for lang, judge in judges.items()
    }
    text = json.dumps({**told, "judges": found}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def evidence_of(
    query: Query,
    found: Candidates,
    quote: Quote,
    *,
    hits: Sequence[Hit],
    found_by: Place,
    n_passages: int,
    lacks: bool,
) -> NDArray[np.float64]:
    """Return what speaks for a quote, shape (len(EVIDENCE),).

    A photograph's credit stands on what its captions say.

    Args:
        query: The question.
        found: What was found for it.
        quote: What would be quoted first.
        hits: The ranking, at least one.
        found_by: The passage that the quote's article was found by.
        n_passages: How many passages the archive has.
        lacks: Whether the quote tells no such day, figure or part played as is asked for.
    """
    compared = {passage_id: at for at, passage_id in enumerate(found.ids[: len(found.features)])}
    scores = {
        compared[hit.passage_id]: hit.score for hit in hits if hit.passage_id in compared
    }  # of what was compared, best first
    article = found_by.article
    told_by = article.passages if article.kind == "photo" else (found_by.passage,)
    ids = {compared[one.id] for one in told_by if one.id in compared}
    at = next((one for one in scores if one in ids), next(iter(scores)))
    others = [other for other in scores if other != at and not _alike(found, other, at)]
    shapes = dict(zip(SHAPES, found.matches.shapes[at].tolist(), strict=True))
    raw = dict(zip(SCORES, found.raw[:, at].tolist(), strict=True))
    n_units = len(found.units.words)
    folded = fold(quote.told)
    owns = own_figures(fold(query.text))
    said = said_by_date(query.months, quote.place.issued)
    said |= _years_told(query, folded, quote.place.issued)
    said |= {own.said for own in owns if own.is_ranged(fold(quote.place.passage.text))}
    said |= told_words(query, found.units.words, fold(quote.place.passage.text))
    told = _of_units(found, query, [at, *others[:_N_OTHERS]], said=said)
    if _is_told(query.asked, quote.told) or tells_the_part(query, quote.told):
        told["asked near"] = 1.0
    told |= {
        "keyword score": raw["lexical"] / (n_units * math.log(1 + n_passages)),
        "translated score": math.log1p(raw["translated"]),
        "length": max(_SHORT, shapes["length"]),
        "ahead": _ahead(scores[at], [scores[other] for other in others]),
        "cosine": raw["passage"],
        "units": math.log(n_units),
        "answer has a shape": float(query.wants in OF_A_SHAPE),
        "shape in best sentence": shapes["answer in best"],
        "contradicted": float(
            contradicted(query, quote.place)
            or is_another(ordinals_asked(query), folded)
            or tells_of_another(query, f"{fold(quote.place.article.title or '')}\n{folded}")
        ),
        "lacks what is asked": float(lacks),
    }
    return np.array([told[name] for name in EVIDENCE])


def _years_told(query: Query, folded: str, issued: str) -> set[str]:
    """Return the years asked of that a folded text tells from its issue's: 去年 in one of 2022."""
    if not issued[:4].isdigit():
        return set()
    told = {str(int(issued[:4]) + by) for word, by in YEARS_FROM_NOW.items() if word in folded}
    return told & {month[:4] for month in query.months}


def _alike(found: Candidates, one: int, other: int) -> bool:
    """Tell whether two candidates say the same, as what is printed twice does."""
    return bool(np.array_equal(found.matches.units[one], found.matches.units[other]))


def _ahead(score: float, others: Sequence[float]) -> float:
    """Return the log-odds of a passage, whose ranking was fitted to give them (`fitting.learn`)."""
    if not others:
        return 0.0
    odds = score - float(np.logaddexp.reduce(others))
    return max(-_MOST_AHEAD, min(_MOST_AHEAD, odds))


def _of_units(
    found: Candidates, query: Query, ats: Sequence[int], *, said: Group[str]
) -> dict[str, float]:
    """Return how the first of some candidates meets the units, and how much less the others do.

    What is `said` by its date, by a range or by hours, it has.
    """
    units = found.units
    signs = dict(zip(SIGNS, units.signs.T.astype(np.float64), strict=True))
    columns = np.moveaxis(found.matches.units[ats].astype(np.float64), 2, 0)
    met = dict(zip(MATCHES, columns, strict=True))
    met["has"][0, [n for n, word in enumerate(units.words) if word in said]] = 1.0
    near = np.maximum(met["has"], _soft(met["near .3"]))
    sentence = np.maximum(met["best sentence has"], _soft(met["best sentence near .3"]))
    weigh = shipped_ranker(query.lang).weigh(units, own=1 - found.matches.literal)
    share = weigh.astype(np.float64) / weigh.sum()
    names = _names(query, units)
    asked_of = frozenset(query.asked) - _ABOUT_FIGURES
    named_by = set(_OF_A_NAME.findall(fold(query.text)))
    conditions = np.array([float(_is_condition(word, named_by)) for word in units.words])
    asked = np.array([_has_any(word, asked_of) for word in units.words])
    return {
        "best sentence has": met["best sentence has"][0] @ share,
        "beside it has": met["beside it has"][0] @ share,
        "headline has": met["headline has"][0] @ share,
        "near": near[0] @ share,
        "best sentence near": sentence[0] @ share,
        "heaviest near": near[0, share.argmax()],
        "largest unmet": (share * (1 - near[0])).max(),
        "more than others": near[0] @ share - (near[1:] @ share).mean() if len(ats) > 1 else 0.0,
        "rarity met": math.log1p(signs["rarity"] * (1 - signs["empty"]) @ met["has"][0]),
        "neighbours met": signs["joined"] @ met["has"][0],
        "asks something of": float(bool(asked_of)),
        "asks how many of": float(query.wants is Wants.HOW_MANY and not asked_of <= _NOT_COUNTED),
        "asked near": float((asked * near[0]).max()),
        "names": float(names.any()),
        "names met": float(names @ near[0] / max(1, names.sum())),
        "figure unmet": float(bool(query.unprinted) or (conditions > met["has"][0]).any()),
    }


def _is_condition(word: str, named_by: Group[str]) -> bool:
    """Tell whether a word is a figure that is no name, a day, or one as seen from now."""
    if word in _DAYS_OF_NOW or _DAY.fullmatch(word) or is_day(word):
        return True
    return bool(_FIGURE.fullmatch(word)) and word not in named_by


def _has_any(unit: str, words: Group[str]) -> bool:
    """Tell whether a unit is, or has within it, one of some words."""
    return any(word in (unit.split() if word.isascii() else unit) for word in words)


def _is_told(asked: Sequence[str], text: str) -> bool:
    """Tell whether a text tells what is asked for without naming it: so many 元, of 钱."""
    folded = fold(text)
    return any(
        told.search(folded) for word in asked for name, told in _TOLD_OTHERWISE if name.search(word)
    )


def _soft(over: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a word counts by its cosine, of which what is over the least is given."""
    cosines = over + _NEAR_BY
    return _SOFT_WORTH * np.clip((cosines - _SOFT_FLOOR) / (1 - _SOFT_FLOOR), 0, 1)


def _names(query: Query, units: Units) -> NDArray[np.float64]:
    """Return 1 for each unit of an English question that has a word with a capital, else 0."""
    names = {name.lower() for name in _NAME.findall(query.text)}
    return np.array([float(not names.isdisjoint(word.split())) for word in units.words])
