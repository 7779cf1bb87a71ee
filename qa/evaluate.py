"""Retrieval measured on a BEIR folder: TREC runs, the usual measures, intervals, comparisons.

Measures come from ir-measures, so any other tool that reads qrels and run files can check them.
A query with no hit scores 0 and stays in the mean.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from corpus.archive import Archive
from corpus.errors import EvaluationDataError, MissingExtraError
from corpus.types import Article, Issue, Passage, Printed, Source
from qa.query import parse
from qa.rank import Finder

if TYPE_CHECKING:
    from numpy.typing import NDArray

System = Literal["full", "lexical", "dense"]
Run = dict[str, list[tuple[str, float]]]
Qrels = dict[str, dict[str, int]]

MEASURES = ("nDCG@10", "R@1", "R@5", "R@20", "R@100", "RR@10")
DEPTH = 100
_RESAMPLES = 2000
_SEED = 20211007


@dataclass(frozen=True, slots=True)
class Collection:
    """A question set with its passages and judgments.

    Attributes:
        name: The folder's name.
        documents: Passage id to (title, text).
        queries: Query id to question, only those that are judged.
        qrels: Query id to relevant passage ids, each with its grade.
    """

    name: str
    documents: dict[str, tuple[str, str]]
    queries: dict[str, str]
    qrels: Qrels


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries.

    Attributes:
        measure: Its name as in ir-measures.
        mean: The mean, higher is better.
        low: Lower end of the 95 % bootstrap interval.
        high: Upper end.
        n: How many queries.
    """

    measure: str
    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two runs of the same queries compared.

    Attributes:
        measure: The measure compared.
        mean: Mean of ours minus theirs.
        better: Queries where ours is better.
        worse: Queries where theirs is better.
        p_value: Two-sided paired randomisation test; small says it is no chance.
    """

    measure: str
    mean: float
    better: int
    worse: int
    p_value: float


def load_collection(folder: Path) -> Collection:
    """Return a BEIR folder: corpus.jsonl, queries.jsonl, qrels.tsv or qrels/test.tsv.

    Raises:
        EvaluationDataError: If a file is missing or a line cannot be read.
    """
    documents = {
        str(row["_id"]): (str(row.get("title") or ""), str(row["text"]))
        for _, row in read_rows(folder / "corpus.jsonl", ("_id", "text"))
    }
    qrels = _read_qrels(folder)
    queries = {
        str(row["_id"]): str(row["text"])
        for _, row in read_rows(folder / "queries.jsonl", ("_id", "text"))
        if str(row["_id"]) in qrels
    }
    return Collection(folder.resolve().name, documents, queries, qrels)


def read_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line number and the object of every line of a JSON-lines file.

    Raises:
        EvaluationDataError: If the file or a line cannot be read, or lacks a needed key.
    """
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise EvaluationDataError(str(path), number, f"is no JSON: {exc}") from exc
        missing = [key for key in needed if not isinstance(row, dict) or key not in row]
        if missing:
            raise EvaluationDataError(str(path), number, f"has no {missing[0]!r}")
        yield number, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as handle:
            for number, line in enumerate(handle, start=1):
                if line.strip():
                    yield number, line
    except OSError as exc:
        raise EvaluationDataError(str(path), 0, (exc.strerror or str(exc)).lower()) from exc
    except UnicodeDecodeError as exc:
        raise EvaluationDataError(str(path), 0, f"is not UTF-8 at byte {exc.start}") from exc


def _read_qrels(folder: Path) -> Qrels:
    """Return the judgments; both BEIR's three columns and TREC's four are read."""
    path = next(
        (p for p in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if p.exists()), None
    )
    if path is None:
        raise EvaluationDataError(str(folder), 0, "has neither qrels.tsv nor qrels/test.tsv")
    qrels: Qrels = {}
    for number, line in _lines(path):
        parts = line.split()
        if number == 1 and not parts[-1].lstrip("-").isdigit():
            continue  # the header
        if len(parts) not in (3, 4) or not parts[-1].lstrip("-").isdigit():
            raise EvaluationDataError(str(path), number, "expected: query, passage, grade")
        if int(parts[-1]) > 0:
            qrels.setdefault(parts[0], {})[parts[-2]] = int(parts[-1])
    return qrels


def archive_of(collection: Collection) -> Archive:
    """Return an archive in memory that holds each document as an article of one passage."""
    texts: list[str] = []
    articles: list[Article] = []
    place = 0
    for doc_id, (title, text) in collection.documents.items():
        body = " ".join(text.split())
        head = " ".join(title.split())
        pieces = [head, body] if head else [body]
        starts = [place + sum(len(p) + 1 for p in pieces[:n]) for n in range(len(pieces))]
        printed = [Printed(p, ((at, at + len(p)),)) for p, at in zip(pieces, starts, strict=True)]
        texts += pieces
        place = starts[-1] + len(pieces[-1]) + 1
        passage = Passage(doc_id, printed[-1].text, printed[-1].ranges)
        articles.append(
            Article(
                id=f"article of {doc_id}",
                headline=printed[0] if head else None,
                subtitle=None,
                kicker=None,
                bylines=(),
                date=None,
                kind="news",
                section=None,
                passages=(passage,),
                confidence=1.0,
                why=(),
            )
        )
    source = Source(collection.name, "\n".join(texts).encode(), "utf-8")
    return Archive.in_memory([Issue(collection.name, None, None, None, source, tuple(articles))])


def run_queries(
    finder: Finder, queries: Mapping[str, str], *, system: System = "full"
) -> tuple[Run, list[float]]:
    """Return the best passages of every query, best first, and the seconds each took.

    Args:
        finder: What searches.
        queries: Query id to question.
        system: The full system, its lexical engine alone, or its vectors alone.
    """
    search = searcher(finder, system)
    run: Run = {}
    seconds = []
    for query_id, text in queries.items():
        started = time.perf_counter()
        run[query_id] = search(text)
        seconds.append(time.perf_counter() - started)
    return run, seconds


def searcher(finder: Finder, system: System) -> Callable[[str], list[tuple[str, float]]]:
    """Return what finds the best passages of a question, each with its score, best first."""

    def full(text: str) -> list[tuple[str, float]]:
        return [(hit.passage_id, hit.score) for hit in finder.search(finder.read(text), k=DEPTH)]

    def lexical(text: str) -> list[tuple[str, float]]:
        hits = finder.lexical.search(parse(text).terms, k=DEPTH)
        return [(hit.passage_id, hit.score) for hit in hits]

    def dense(text: str) -> list[tuple[str, float]]:
        hits = finder.vectors.search(finder.encoder.encode_queries([text])[0], k=DEPTH)
        return [(hit.passage_id, hit.passage + hit.sentence) for hit in hits]

    return {"full": full, "lexical": lexical, "dense": dense}[system]


def per_query(
    run: Run, qrels: Qrels, measures: Iterable[str] = MEASURES
) -> dict[str, dict[str, float]]:
    """Return measure name → query id → value, for every judged query.

    Raises:
        MissingExtraError: If ir-measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as exc:
        raise MissingExtraError("eval") from exc
    parsed = {str(m): m for m in map(ir_measures.parse_measure, measures)}
    judged = [
        ir_measures.Qrel(query, doc, grade)
        for query, docs in qrels.items()
        for doc, grade in docs.items()
    ]
    # ir-measures orders by score alone, so scores must say the order, ties included
    found = [
        ir_measures.ScoredDoc(query, doc, float(-rank))
        for query, docs in run.items()
        for rank, (doc, _) in enumerate(docs)
    ]
    values = {name: dict.fromkeys(qrels, 0.0) for name in parsed}
    for metric in ir_measures.iter_calc(list(parsed.values()), judged, found):
        values[str(metric.measure)][metric.query_id] = metric.value
    return values


def figures(values: Mapping[str, Mapping[str, float]]) -> list[Figure]:
    """Return the mean of each measure with its 95 % percentile bootstrap interval over queries.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    found = []
    for name, by_query in values.items():
        column = np.fromiter(by_query.values(), dtype=np.float64)
        rng = np.random.default_rng(_SEED)
        means = np.array([rng.choice(column, size=len(column)).mean() for _ in range(_RESAMPLES)])
        low, high = np.quantile(means, [0.025, 0.975])
        found.append(Figure(name, float(column.mean()), float(low), float(high), len(column)))
    return found


def compare(ours: Mapping[str, float], theirs: Mapping[str, float], *, measure: str) -> Difference:
    """Return how two runs differ, query by query.

    Source: the paired randomisation test of Smucker, Allan and Carterette, CIKM 2007.
    """
    gaps = np.array([ours[query] - theirs.get(query, 0.0) for query in ours])
    rng = np.random.default_rng(_SEED)
    signs: NDArray[np.float64] = rng.choice([-1.0, 1.0], size=(_RESAMPLES, len(gaps)))
    extreme = int((np.abs(signs @ gaps) >= abs(gaps.sum()) - 1e-12).sum())
    return Difference(
        measure=measure,
        mean=float(gaps.mean()),
        better=int((gaps > 0).sum()),
        worse=int((gaps < 0).sum()),
        p_value=(extreme + 1) / (_RESAMPLES + 1),
    )


def write_run(run: Run, path: Path, *, tag: str) -> None:
    """Write a TREC run file: query, Q0, passage, rank, score, tag."""
    lines = [
        f"{query} Q0 {doc} {rank} {score:.6f} {tag}\n"
        for query, docs in run.items()
        for rank, (doc, score) in enumerate(docs, start=1)
    ]
    path.write_text("".join(lines), encoding="utf-8")


def read_run(path: Path) -> Run:
    """Return a TREC run file, in the order of its ranks.

    Raises:
        EvaluationDataError: If a line is no run line.
    """
    ranked: dict[str, list[tuple[int, str, float]]] = {}
    for number, line in _lines(path):
        parts = line.split()
        try:
            query, _, doc, rank, score, _ = parts
            ranked.setdefault(query, []).append((int(rank), doc, float(score)))
        except ValueError as exc:
            raise EvaluationDataError(
                str(path), number, "expected: query Q0 passage rank score tag"
            ) from exc
    return {query: [(doc, s) for _, doc, s in sorted(rows)] for query, rows in ranked.items()}
