"""How well an encoder finds the passage of a question, measured on a BEIR folder.

A BEIR folder has `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`. Two scores are measured: cosine
with the passage, and the highest cosine with one of its sentences.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.encoder import Encoder

_SENTENCE_END = re.compile(r"(?<=[。！？；!?;\n])")


@dataclass(frozen=True, slots=True)
class Judged:
    """Questions with one right passage each.

    Attributes:
        passages: All passages of the set.
        questions: In file order.
        gold: Position in `passages` of each question's right passage, shape (questions,).
    """

    passages: list[str]
    questions: list[str]
    gold: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over all questions; higher is better.

    Attributes:
        ndcg_at_10: 1 / log2(1 + rank) of the right passage, 0 beyond rank 10.
        recall_at_1: Share of the questions whose right passage is first.
    """

    ndcg_at_10: float
    recall_at_1: float


def read_beir(folder: Path) -> Judged:
    """Return the questions of a BEIR folder that have a judgment; of several the last counts."""
    corpus = _read_jsonl(folder / "corpus.jsonl")
    queries = _read_jsonl(folder / "queries.jsonl")
    row_of_passage = {entry["_id"]: row for row, entry in enumerate(corpus)}
    lines = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    judged = {query: passage for query, passage, _ in (line.split("\t") for line in lines)}
    queries = [query for query in queries if query["_id"] in judged]
    gold = [row_of_passage[judged[query["_id"]]] for query in queries]
    return Judged(
        passages=[entry["text"] for entry in corpus],
        questions=[query["text"] for query in queries],
        gold=np.array(gold, dtype=np.int64),
    )


def _read_jsonl(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def split_sentences(passage: str) -> list[str]:
    """Return the sentences of a passage, cut after 。！？； and line ends.

    >>> split_sentences("今天开会。明天休息。")
    ['今天开会。', '明天休息。']
    """
    return [part for part in _SENTENCE_END.split(passage) if part.strip()] or [passage]


def measure(encoder: Encoder, judged: Judged) -> dict[str, Figures]:
    """Return the figures of the scores `passage` and `sentence`."""
    questions = encoder.encode_queries(judged.questions)
    by_passage = questions @ encoder.encode_passages(judged.passages).T
    sentences = [split_sentences(passage) for passage in judged.passages]
    starts = np.cumsum([0] + [len(found) for found in sentences[:-1]])
    every = encoder.encode_passages([sentence for found in sentences for sentence in found])
    by_sentence = np.maximum.reduceat(questions @ every.T, starts, axis=1)
    return {
        "passage": figures(by_passage, judged.gold),
        "sentence": figures(by_sentence, judged.gold),
    }


def figures(scores: NDArray[np.float32], gold: NDArray[np.int64]) -> Figures:
    """Return the figures of a score matrix, shape (questions, passages).

    Ties go by position, earlier passages first.
    """
    right = scores[np.arange(len(gold)), gold][:, None]
    earlier = np.arange(scores.shape[1])[None, :] < gold[:, None]
    rank = 1 + ((scores > right) | ((scores == right) & earlier)).sum(axis=1)
    gain = np.where(rank <= 10, 1 / np.log2(1 + rank), 0.0)
    return Figures(ndcg_at_10=float(gain.mean()), recall_at_1=float((rank == 1).mean()))
