"""The learned mix: how units that are met, and what is known of a candidate, become one score.

Each unit of the question gets a weight from what is known of it (`search.units.SIGNS`), by a small
network whose output is positive. A candidate's score is the sum over the units of weight times how
the candidate meets them (`search.matching.MATCHES`), plus its weighted features (`FEATURES`). Both
kinds of weight move with how much of the question no candidate has literally: a reader's own words
are matched by meaning. `python -m qa.fitting.learn` fits the numbers and writes the file.

Source: gating terms by their worth is the DRMM of Guo et al., CIKM 2016; the counts of near words
are a coarse form of the kernels of K-NRM, Xiong et al., SIGIR 2017.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError
from qa.query import Lang
from qa.search.matching import MATCHES, SHAPES, Matches
from qa.search.units import SIGNS, Units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SHIPPED_RANKING = Path(__file__).parent / "ranking.json"
SCORES = ("lexical", "passage", "sentence", "translated")
"""Scores of the indexes, standardised over the candidates before they are mixed."""

FEATURES = (*SCORES, *SHAPES, "covered")
_OWN, _BIAS = "own words", "bias"
_INPUTS = (*SIGNS, _OWN, _BIAS)


@dataclass(frozen=True, slots=True)
class Ranker:
    """The weights for questions in one language.

    Attributes:
        hidden: Shape (len(SIGNS) + 2, h): signs, share of own words and a bias to hidden units.
        out: Shape (h + 1,): hidden units and a bias to a unit's weight.
        matches: Shape (len(MATCHES), 2): the weight, and what own words add to it.
        features: Shape (len(FEATURES), 2): likewise.
    """

    hidden: NDArray[np.float32]
    out: NDArray[np.float32]
    matches: NDArray[np.float32]
    features: NDArray[np.float32]

    def weigh(self, units: Units, *, own: float) -> NDArray[np.float32]:
        """Return the weight of each unit, over 0, shape (n,).

        Args:
            units: Of the question.
            own: The share of the question that no candidate has literally, 0 to 1.
        """
        n = len(units.words)
        inputs = np.column_stack([units.signs, np.full(n, own, np.float32), np.ones(n, np.float32)])
        raw = np.tanh(inputs @ self.hidden) @ self.out[:-1] + self.out[-1]
        weights: NDArray[np.float32] = np.logaddexp(0, raw)
        return weights

    def score(
        self, units: Units, matches: Matches, features: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what each unit and each feature adds to the candidates' scores.

        Args:
            units: Of the question, n of them.
            matches: How c candidates meet them.
            features: What `features_of` returns, shape (c, len(FEATURES)).

        Returns:
            Shape (c, n) and shape (c, len(FEATURES)); all of a row add up to the score.
        """
        mix = np.array([1.0, 1.0 - matches.literal], dtype=np.float32)
        weight = self.weigh(units, own=1.0 - matches.literal)
        return matches.units @ (self.matches @ mix) * weight, features * (self.features @ mix)


def features_of(scores: Mapping[str, NDArray[np.float32]], matches: Matches) -> NDArray[np.float32]:
    """Return the candidates' features, shape (c, len(FEATURES)).

    Args:
        scores: One array of SCORES each, standardised, shape (c,).
        matches: How the candidates meet the question.
    """
    table = np.column_stack(
        [*(scores[name] for name in SCORES), matches.shapes, 3 * matches.covered]
    )
    table[:, len(SCORES) :] -= table[:, len(SCORES) :].mean(axis=0)
    return np.asarray(table, dtype=np.float32)


@lru_cache(maxsize=2)
def shipped_ranker(lang: Lang) -> Ranker:
    """Return the shipped weights, read once a process."""
    return read_ranker(SHIPPED_RANKING, lang)


def read_ranker(path: Path, lang: Lang) -> Ranker:
    """Return the weights for a language from a file that `write_rankers` wrote.

    Raises:
        ModelError: If it cannot be read, or its names are not those this version computes.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["weights"][lang]
        return Ranker(
            hidden=_rows(told["units"], _INPUTS),
            out=np.array(told["unit weight"], dtype=np.float32),
            matches=_rows(told["matches"], MATCHES),
            features=_rows(told["features"], FEATURES),
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(str(path), f"cannot read the ranking weights: {exc!r}") from exc


def write_rankers(rankers: Mapping[Lang, Ranker], path: Path, *, told: Mapping[str, Any]) -> None:
    """Write the weights by name, and beside them how they were made."""
    weights = {
        lang: {
            "units": _named(ranker.hidden, _INPUTS),
            "unit weight": _rounded(ranker.out),
            "matches": _named(ranker.matches, MATCHES),
            "features": _named(ranker.features, FEATURES),
        }
        for lang, ranker in rankers.items()
    }
    text = json.dumps({**told, "weights": weights}, ensure_ascii=False, indent=1)
    path.write_text(_one_line_lists(text) + "\n", encoding="utf-8")


def _rows(told: Mapping[str, Any], names: tuple[str, ...]) -> NDArray[np.float32]:
    if list(told) != list(names):
        raise ValueError(f"has {list(told)}, expected {list(names)}")
    return np.array([told[name] for name in names], dtype=np.float32)


def _named(rows: NDArray[np.float32], names: tuple[str, ...]) -> dict[str, list[float]]:
    return {name: _rounded(row) for name, row in zip(names, rows, strict=True)}


def _rounded(row: NDArray[np.float32]) -> list[float]:
    return [round(float(value), 3) for value in row]


def _one_line_lists(text: str) -> str:
    """Return indented JSON with each innermost list on one line."""
    return re.sub(r"\[[^\[\]{}]*\]", lambda match: " ".join(match.group().split()), text)
