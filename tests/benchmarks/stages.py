"""`python -m tests.benchmarks.stages`: where the time of a question goes, at several sizes.

Each question is asked once of an archive of 12, 1,000 and 100,000 passages (`made_up`), after some
hundred others, as of a service that has been up for a while, and in the same breath of plain FAISS
and of plain BM25 over the same vectors and terms. Medians over the questions are printed. What
counts is processor time, FAISS on one thread: on a busy machine a long call is interrupted and a
short one is not, so that wall time, which one row tells, would not compare them. The largest
archive takes a few minutes to build; `--sizes 12,1000` leaves it out.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import faiss
import numpy as np
import tantivy

import qa.answer
from corpus.archive import Archive
from embeddings.encoder import StaticEncoder, shipped_encoder
from qa.answer import Answerer
from qa.questions import Question, load_questions
from qa.rank import Finder
from qa.search.terms import cut
from tests.benchmarks.made_up import fill

K = 10  # passages that the plain engines give
QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"
WARM_UP = Path(__file__).parents[1] / "data" / "own_words.jsonl"
STAGES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "parse": {"finder": ["read"]},
    "embed query": {"encoder": ["encode_queries"]},
    "lexical candidates": {"lexical": ["search", "search_expanded", "holding"]},
    "dense candidates": {"vectors": ["search", "score"]},
    "fetch candidates": {"archive": ["searched"]},
    "features, rank": {"finder": ["prepare", "order"]},
    "read": {"archive": ["places"]},
    "quote": {"answerer": ["answer"]},
    "compose": {"module": ["compose"], "archive": ["told", "n_passages"]},
}
"""The calls of each stage; what one spends in the calls of another stage counts there only."""


class Clock:
    """Adds up the seconds of processor time that each stage takes by itself."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return the call with its time added to a stage, less that of timed calls inside it."""

        def watched(*args: Any, **named: Any) -> Any:  # noqa: ANN401  # whatever the call takes
            self._inside.append(0.0)
            started = time.process_time()
            try:
                return call(*args, **named)
            finally:
                taken = time.process_time() - started
                self.seconds[stage] += taken - self._inside.pop()
                if self._inside:
                    self._inside[-1] += taken

        return watched


@contextmanager
def watched(answerer: Answerer, finder: Finder) -> Iterator[Clock]:
    """Time the calls of all stages while the block runs."""
    clock = Clock()
    finder.encoder = StaticEncoder.load()  # the features use the shared one, which is not timed
    parts: dict[str, object] = {"module": qa.answer, "answerer": answerer, "finder": finder}
    for name in ("archive", "encoder", "lexical", "vectors"):
        parts[name] = getattr(finder, name)
    kept = [
        (parts[part], name, getattr(parts[part], name), stage)
        for stage, calls in STAGES.items()
        for part, names in calls.items()
        for name in names
    ]
    for part, name, call, stage in kept:
        setattr(part, name, clock.timed(stage, call))
    try:
        yield clock
    finally:
        for part, name, call, _ in kept:
            if isinstance(part, ModuleType):
                setattr(part, name, call)
            else:
                delattr(part, name)  # the method of the class shows again
        finder.encoder = shipped_encoder()


def plain_engines(archive: Archive) -> dict[str, Callable[[str], object]]:
    """Return what finds the numbers or ids of K passages for a question, by name."""
    assert archive.path is not None
    (terms,) = (archive.path / "index").glob("lexical-*")
    passages, sentences = (_whole(archive.path, name) for name in ("passages", "sentences"))
    encode, index = shipped_encoder().encode_queries, tantivy.Index.open(str(terms))
    searcher = index.searcher()

    def by_passage(question: str) -> object:
        return passages.search(encode([question]), K)

    def by_both(question: str) -> object:
        vector = encode([question])
        return passages.search(vector, K), sentences.search(vector, K)

    def by_terms(question: str) -> object:
        found = cut(question)
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, field, term))
            for field in ("words", "pairs", "chars")
            for term in set(getattr(found, field))
        ]
        hits = searcher.search(tantivy.Query.boolean_query(clauses), limit=K).hits
        return [searcher.doc(address)["id"] for _, address in hits]

    return {
        "plain FAISS, passages": by_passage,
        "plain FAISS, and sentences": by_both,
        "plain BM25, one OR query": by_terms,
    }


def _whole(folder: Path, name: str) -> Any:  # noqa: ANN401  # FAISS has no types
    """Return the vectors of all parts as one plain index."""
    whole = faiss.IndexFlatIP(shipped_encoder().dim)
    for file in sorted((folder / "index").glob(f"vectors-*/*/{name}.faiss")):
        index = faiss.read_index(str(file))
        rows = file.with_suffix(".f16")  # where the index holds codes only
        whole.add(
            np.fromfile(rows, np.float16).reshape(-1, whole.d).astype(np.float32)
            if rows.exists()
            else index.reconstruct_n(0, index.ntotal)
        )
    return whole


def measure(archive: Archive, questions: Sequence[Question]) -> dict[str, dict[str, float]]:
    """Return for each language and each row of the table the median milliseconds a question."""
    finder = Finder.open(archive)
    answerer, plain = Answerer(finder), plain_engines(archive)
    taken: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    with watched(answerer, finder) as clock:
        for question in load_questions(WARM_UP):
            answerer.answer(question.text)
        for question in questions:
            taken[question.lang].append(_ask(question.text, answerer, plain, clock))
    return {
        lang: {name: 1000 * median(row[name] for row in rows) for name in rows[0]}
        for lang, rows in taken.items()
    }


def _ask(
    question: str, answerer: Answerer, plain: Mapping[str, Callable[[str], object]], clock: Clock
) -> dict[str, float]:
    """Return the seconds of each stage, of all together and of each plain engine."""
    clock.seconds.clear()
    for name, engine in plain.items():
        engine(question)  # from now on the tokenizer has the question's words in its cache
        clock.timed(name, engine)(question)
    started = time.perf_counter()
    answerer.answer(question)
    wall_s = time.perf_counter() - started
    stages = {stage: clock.seconds[stage] for stage in STAGES}
    engines = {name: clock.seconds[name] for name in plain}
    return {**stages, "total": sum(stages.values()), "total, wall clock": wall_s, **engines}


def show(n_passages: int, found: Mapping[str, Mapping[str, float]]) -> None:
    """Print one table; behind a plain engine stands how many times its time ours is."""
    heads = "".join(f"{f'{lang} ms':>10}{'ratio':>8}" for lang in found)
    print(f"\n{f'{n_passages} passages':28}{heads}")
    for name in next(iter(found.values())):
        cells = ""
        for column in found.values():
            ratio = f"{column['total'] / column[name]:8.1f}" if name.startswith("plain") else ""
            cells += f"{column[name]:10.2f}{ratio:8}"
        print(f"{name:28}{cells}".rstrip())


def main(argv: Sequence[str] | None = None) -> None:
    """Build an archive of each size and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.stages", description=__doc__)
    parser.add_argument("--sizes", default="12,1000,100000", help="numbers of passages")
    questions = load_questions(QUESTIONS)
    faiss.omp_set_num_threads(1)  # the time of threads that wait for each other would count
    for n_passages in map(int, parser.parse_args(argv).sizes.split(",")):
        with (
            tempfile.TemporaryDirectory() as folder,
            Archive.open(Path(folder) / "archive", create=True) as archive,
        ):
            fill(archive, n_passages)
            show(n_passages, measure(archive, questions))


if __name__ == "__main__":
    main()
