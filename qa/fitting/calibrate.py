"""`python -m qa.fitting.calibrate --data DIR --own DIR --out FILE`: fits `qa.quoting.confidence`.

Questions are asked of archives that answer them and of archives that do not (`qa.fitting.pairs`); a
logistic model learns from the evidence whether the passage quoted first is a right one. Half of
the questions, told by their text, are fitted on; every figure is of the other half. `--check`
fits nothing and measures the shipped weights.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from qa.fitting.pairs import OWN_WORDS, Kind, Pair, half, of_issues, of_sets
from qa.fitting.plots import Bin, bins_of, calibration_error, reliability
from qa.query import Lang
from qa.quoting.confidence import (
    EVIDENCE,
    MIN_CONFIDENCE,
    Judge,
    least_confidence,
    shipped_judge,
    write_judges,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

_RULES = ("figure unmet", "contradicted", "lacks what is asked")
_LEFT_OUT: dict[Lang, tuple[str, ...]] = {
    "zh": ("names", "names met", *_RULES),
    "en": ("length", *_RULES),
}
"""No Chinese word has a capital. English questions are of one set alone, so the length of a passage
would tell its set. What sets the least confidence is worth no more as a weight."""

_KINDS: tuple[Kind, ...] = ("matched", "foreign", "removed", "altered")
_WORTH: dict[Lang, dict[str, float]] = {"zh": {"altered": 0.1}, "en": {"altered": 0.2}}
"""What a pair of a kind counts, others 1. In full the made-up near misses teach to doubt what is
right: at 3 % of matched ones declined, 85 % of another set's were instead of 93 %."""

_RIDGE = 20.0
_STEPS = 50
_SHARES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2)
_GROUPS: dict[str, tuple[str, ...]] = {
    "what is met literally": ("best sentence has", "beside it has", "headline has"),
    "what is met by meaning": ("near", "best sentence near", "heaviest near", "largest unmet"),
    "more than others": ("more than others",),
    "rarity met": ("rarity met",),
    "keyword score": ("keyword score", "translated score"),
    "length": ("length",),
    "neighbours met": ("neighbours met",),
    "ahead": ("ahead",),
    "cosine": ("cosine",),
    "units": ("units",),
    "what is asked": ("asks something of", "asks how many of", "asked near"),
    "shape of the answer": ("answer has a shape", "shape in best sentence"),
    "names": ("names", "names met"),
}
"""What is left out together when the worth of evidence is measured."""


def fit(pairs: Sequence[Pair], lang: Lang, *, without: Iterable[str] = ()) -> Judge:
    """Return the weights under which what is right of the pairs is most probable.

    Newton's method on the penalised likelihood; the penalty is on standardised evidence.

    Args:
        pairs: Those of the language whose question has a quote are fitted on.
        lang: The language.
        without: Evidence to leave out.
    """
    rows = [pair for pair in pairs if pair.lang == lang and pair.evidence is not None]
    table = _table(rows)
    table[:, [EVIDENCE.index(name) for name in (*_LEFT_OUT[lang], *without)]] = 0.0
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread < 1e-9] = np.inf
    inputs = np.column_stack([(table - mean) / spread, np.ones(len(table))])
    worth = np.array([_WORTH[lang].get(pair.kind, 1.0) for pair in rows])
    weights = _newton(inputs, _right(rows), worth)
    scaled = weights[:-1] / spread
    return Judge(scaled, float(weights[-1] - mean @ scaled))


def _newton(
    inputs: NDArray[np.float64], right: NDArray[np.bool_], worth: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the weights of a ridge logistic regression; the last input's is free."""
    ridge = np.diag([*np.full(inputs.shape[1] - 1, _RIDGE), 1e-9])
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (worth * (right - sure)) - ridge @ weights
        bend = (inputs * (worth * sure * (1 - sure))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(bend, slope)
        weights += step
        if abs(step).max() < 1e-6:
            break
    return weights


def _table(rows: Sequence[Pair]) -> NDArray[np.float64]:
    return np.array([pair.evidence for pair in rows], dtype=np.float64)


def _right(rows: Sequence[Pair]) -> NDArray[np.bool_]:
    return np.array([pair.right for pair in rows])


def _of_sets(pair: Pair, lang: Lang) -> bool:
    return pair.lang == lang and pair.where != OWN_WORDS


def confidences(judge: Judge, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """Return how sure the answer of each pair is; 0 where there is no quote."""
    return np.array(
        [0.0 if p.evidence is None else judge.confidence(p.evidence) for p in pairs], dtype=float
    )


def threshold(sure: NDArray[np.float64], *, declined: float) -> float:
    """Return the largest confidence below which at most so large a share lies.

    >>> threshold(np.array([0.1, 0.4, 0.6, 0.9]), declined=0.25)
    0.4
    """
    return float(np.sort(sure)[int(declined * len(sure))])


def auc(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return how often a right one is surer than a wrong one, 0 to 1; ties count half.

    Not a number where all or none are right.

    >>> auc(np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, True, False, True]))
    0.75
    """
    _, place, counts = np.unique(sure, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n = int(right.sum())
    if n in (0, len(right)):
        return float("nan")
    return float((ranks[right].sum() - n * (n + 1) / 2) / (n * (len(right) - n)))


def _declined_lines(judge: Judge, pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield a Markdown table: what is declined by default, by set and kind."""
    yield "| passages of | matched | of another set | taken out | altered | answered rightly |"
    yield "|---|---|---|---|---|---|"
    for where in [*dict.fromkeys(pair.where for pair in pairs), "all sets"]:
        rows = [
            pair
            for pair in pairs
            if pair.where == where or (where == "all sets" and pair.where != OWN_WORDS)
        ]
        cells = [_share_declined(judge, rows, kind) for kind in _KINDS]
        given = [pair for pair in rows if pair.kind == "matched" and is_answered(judge, pair)]
        cells.append(f"{np.mean(_right(given)):.3f}" if given else "")
        yield f"| `{where}` | " + " | ".join(cells) + " |"


def _share_declined(judge: Judge, rows: Sequence[Pair], kind: str) -> str:
    declined = [not is_answered(judge, pair) for pair in rows if pair.kind == kind]
    return f"{np.mean(declined):.3f} of {len(declined)}" if declined else ""


def is_answered(judge: Judge, pair: Pair) -> bool:
    """Tell whether a question is answered where no other threshold is set."""
    told = pair.evidence
    return told is not None and judge.confidence(told) >= least_confidence(pair.lang, told)


def _curve_lines(judge: Judge, pairs: Sequence[Pair], lang: Lang) -> Iterator[str]:
    """Yield a Markdown table: what is declined of the others as more of the matched are."""
    rows = [pair for pair in pairs if _of_sets(pair, lang)]
    own = [pair for pair in pairs if pair.lang == lang and pair.where == OWN_WORDS]
    of = {
        name: confidences(judge, [pair for pair in some if pair.kind == kind])
        for name, some, kind in (
            ("matched", rows, "matched"),
            ("another set", rows, "foreign"),
            ("taken out", rows, "removed"),
            ("altered", rows, "altered"),
            ("own words", own, "matched"),
            ("own words elsewhere", own, "foreign"),
        )
    }
    yield "| declined of matched | at | " + " | ".join(list(of)[1:]) + " |"
    yield "|---" * (len(of) + 1) + "|"
    for share in _SHARES:
        least = threshold(of["matched"], declined=share)
        cells = [f"{(sure < least).mean():.3f}" if len(sure) else "" for sure in of.values()]
        yield f"| {share:.2f} | {least:.3f} | " + " | ".join(cells[1:]) + " |"


def _summary(judge: Judge, pairs: Sequence[Pair], lang: Lang) -> dict[str, float]:
    """Return AUC against pairs without an answer, AUC of being right, and calibration error."""
    rows = [pair for pair in pairs if _of_sets(pair, lang)]
    sure = confidences(judge, rows)
    kinds = np.array([pair.kind for pair in rows])
    real = kinds != "altered"  # those are made up, and hardly counted when fitting
    quoted = real & np.array([pair.evidence is not None for pair in rows])

    def against(kind: Kind) -> float:
        some = (kinds == "matched") | (kinds == kind)
        return auc(sure[some], kinds[some] == "matched")

    return {
        "AUC, matched against another set": against("foreign"),
        "AUC, matched against taken out": against("removed"),
        "AUC, matched against altered": against("altered"),
        "AUC, right against wrong": auc(sure[real], _right(rows)[real]),
        "ECE": calibration_error(bins_of(sure[quoted], _right(rows)[quoted])),
    }


def _ablation(fitted: Sequence[Pair], judged: Sequence[Pair], lang: Lang) -> Iterator[str]:
    """Yield a Markdown table: the summary without each group of evidence."""
    for label, group in {"nothing": (), **_GROUPS}.items():
        found = _summary(fit(fitted, lang, without=group), judged, lang)
        if not group:
            yield "| without | " + " | ".join(found) + " |"
            yield "|---" * (len(found) + 1) + "|"
        yield f"| {label} | " + " | ".join(f"{value:.4f}" for value in found.values()) + " |"


def report(judge: Judge, pairs: Sequence[Pair], lang: Lang) -> Iterator[str]:
    """Yield the figures of a judge on pairs, as Markdown."""
    of_lang = [pair for pair in pairs if pair.lang == lang]
    yield f"## {lang}: nothing is claimed below {MIN_CONFIDENCE[lang]}"
    for name, value in _summary(judge, pairs, lang).items():
        yield f"{name}: {value:.4f}"
    yield from _declined_lines(judge, of_lang)
    yield from _curve_lines(judge, pairs, lang)


def load_pairs(path: Path) -> list[Pair]:
    """Return the pairs that `save_pairs` wrote."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Pair(**{**row, "evidence": row["evidence"] and np.array(row["evidence"])}) for row in rows
    ]


def save_pairs(pairs: Iterable[Pair], path: Path) -> None:
    """Write pairs as JSON lines, so that fitting again need not ask again."""
    with path.open("w", encoding="utf-8") as out:
        for pair in pairs:
            told = asdict(pair)
            if pair.evidence is not None:
                told["evidence"] = [round(float(value), 5) for value in pair.evidence]
            out.write(json.dumps(told, ensure_ascii=False) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write the weights, or check the shipped ones."""
    parser = argparse.ArgumentParser(prog="python -m qa.fitting.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of BEIR folders")
    parser.add_argument("--own", type=Path, required=True, help=f"folder with {OWN_WORDS}")
    parser.add_argument("--out", type=Path, help="the file of weights to write")
    parser.add_argument("--plot", type=Path, help="the reliability diagram to write, SVG")
    parser.add_argument("--pairs", type=Path, help="keep what was asked here, or read it again")
    parser.add_argument("--share", type=float, default=1.0, help="how many questions to ask")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="measure the shipped weights")
    parser.add_argument("--ablate", action="store_true", help="print what evidence is worth")
    told = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if told.pairs and told.pairs.exists():
        pairs = load_pairs(told.pairs)
    else:
        pairs = [
            *of_sets(told.data, share=told.share, seed=told.seed),
            *of_issues(told.own, share=1.0, seed=told.seed),
        ]
        if told.pairs:
            save_pairs(pairs, told.pairs)
    fitted = [pair for pair in pairs if half(pair.question) == 0]
    judged = [pair for pair in pairs if half(pair.question) == 1]
    log.info("%d pairs, fitted on %d, judged by %d", len(pairs), len(fitted), len(judged))
    langs: tuple[Lang, ...] = get_args(Lang)
    judges = {lang: shipped_judge(lang) if told.check else fit(fitted, lang) for lang in langs}
    for lang in langs:
        for line in report(judges[lang], judged, lang):
            log.info("%s", line)
        if told.ablate:
            for line in _ablation(fitted, judged, lang):
                log.info("%s", line)
    if told.plot:
        told.plot.write_text(reliability(_panels(judges, judged)), encoding="utf-8")
    if told.out:
        write_judges(
            judges, told.out, told={"made by": "python -m qa.fitting.calibrate", "seed": told.seed}
        )
    return 0


def _panels(judges: dict[Lang, Judge], pairs: Sequence[Pair]) -> dict[str, list[Bin]]:
    """Return the bins of each language's answers, those in readers' own words too."""
    panels = {}
    for lang, judge in judges.items():
        rows = [
            pair
            for pair in pairs
            if pair.lang == lang and pair.evidence is not None and pair.kind != "altered"
        ]
        title = {"zh": "Chinese questions", "en": "English questions"}[lang]
        panels[f"{title} ({len(rows)})"] = bins_of(confidences(judge, rows), _right(rows))
    return panels


if __name__ == "__main__":
    sys.exit(main())
