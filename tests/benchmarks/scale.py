"""`python -m tests.benchmarks.scale ZH EN EVERYDAY --folder F`: what a million passages cost.

ZH and EN are BEIR folders with Chinese and English questions on the same Chinese passages, EVERYDAY
is Tatoeba's file of English-Chinese pairs, gzipped; none of them is part of the project. Archives
of each size are made from them (`recombined`) with the passages of 300 Chinese and 100 English
questions planted, and kept in `--folder`, which makes the next run shorter. Measured on each, in
processes of their own: building, opening, memory, questions one at a time and in two threads,
adding an issue; dense recall@100 and nDCG@10 on the planted questions, against the comparison
with every vector and a lexical search that leaves nothing out; and in the same run plain FAISS over
the passages' vectors (flat, IVF, HNSW) and plain BM25.

Beside wall time stands processor time, which a busy machine changes less. All figures are also
written to `--folder`, and drawn to `--plot`, those of sizes measured before included.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np
import tantivy

from corpus.archive import Archive
from embeddings.encoder import shipped_encoder
from embeddings.engine import Side
from embeddings.index import VectorIndex
from embeddings.vectors import Vectors
from qa.answer import Answerer
from qa.rank import Finder
from qa.search.lexical import LexicalIndex
from qa.search.terms import cut
from tests.benchmarks.loglog import drawn
from tests.benchmarks.made_up import FURTHER
from tests.benchmarks.recombined import Planted, Recombined

if TYPE_CHECKING:
    from numpy.typing import NDArray

K = 100
N_ZH, N_EN = 300, 100
ROUNDS = 3  # issues that are added
MOST_HNSW = 50_000
"""Passages up to which HNSW is built: for more it takes longer than all else together."""

_BLOCK = 16_384

Figures = dict[str, float]


@dataclass(frozen=True)
class Asked:
    """A planted question and the id of its passage in the archive."""

    text: str
    lang: str
    passage_id: str


def apart(call: Callable[..., Figures], *args: object) -> Figures:
    """Return what a call gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(call, *args).result()


def build(folder: Path) -> Figures:
    """Index an archive."""
    wall, n = time.perf_counter(), 0
    with Archive.open(folder) as archive:
        Finder.open(archive)
        n = archive.n_passages()
    wall_s = time.perf_counter() - wall
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu_s = sum(one.ru_utime + one.ru_stime for one in (own, others))
    return {
        "build passages/s": n / wall_s,
        "build passages/processor s": n / cpu_s,
        "build peak MB": max(own.ru_maxrss, others.ru_maxrss) / 1024,
    }


def disk(folder: Path, n_passages: int) -> Figures:
    """Return bytes a passage."""
    sizes = {"disk B/passage": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())}
    for kind in ("lexical", "vectors", "forward"):
        newest = max((folder / "index").glob(f"{kind}-*"), key=lambda one: one.stat().st_mtime)
        sizes[f"disk, {kind} B/passage"] = sum(
            file.stat().st_size for file in newest.rglob("*") if file.is_file()
        )
    return {name: size / n_passages for name, size in sizes.items()}


def serve(folder: Path, asked: Sequence[Asked]) -> Figures:
    """Open an archive and ask it everything, one question at a time and then in two threads."""
    shipped_encoder().encode_queries(["开"])
    began = _memory()
    started = time.perf_counter()
    archive = Archive.open(folder)
    finder = Finder.open(archive)
    open_s = time.perf_counter() - started
    answerer = Answerer(finder)
    answerer.answer("谁主持会议？")
    figures = {"open s": open_s, "MB before": began["Rss"]}
    wall: dict[str, list[float]] = {"zh": [], "en": []}
    cpu: dict[str, list[float]] = {"zh": [], "en": []}
    for one in asked:
        started, used = time.perf_counter(), time.thread_time()
        answerer.answer(one.text)
        cpu[one.lang].append(1000 * (time.thread_time() - used))
        wall[one.lang].append(1000 * (time.perf_counter() - started))
    for lang in wall:
        for share in (50, 95, 99):
            figures[f"{lang} p{share} ms"] = float(np.percentile(wall[lang], share))
            figures[f"{lang} p{share} processor ms"] = float(np.percentile(cpu[lang], share))
    memory = _memory()
    figures |= {"anonymous MB": memory["Anonymous"], "with mapped files MB": memory["Rss"]}
    return figures | _in_threads(finder, folder, asked)


def _in_threads(finder: Finder, folder: Path, asked: Sequence[Asked]) -> Figures:
    def ask(some: Sequence[Asked]) -> list[float]:
        taken = []
        with Archive.open(folder) as archive:
            answerer = Answerer(finder.over(archive))
            for one in some:
                started = time.perf_counter()
                answerer.answer(one.text)
                taken.append(1000 * (time.perf_counter() - started))
        return taken

    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        taken = [ms for found in pool.map(ask, (asked[::2], asked[1::2])) for ms in found]
    figures = {f"two threads p{s} ms": float(np.percentile(taken, s)) for s in (50, 95, 99)}
    return figures | {"two threads questions/s": len(asked) / (time.perf_counter() - started)}


def _memory() -> dict[str, float]:
    """Return the megabytes that this process has in memory, those of mapped files in `Rss` only."""
    rows = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return {row.split(":")[0]: int(row.split()[1]) / 1024 for row in rows}


def grow(folder: Path, zh: Path, en: Path, everyday: Path) -> Figures:
    """Add issues to an archive, each with all indexes."""
    made, _ = Recombined.load(zh, en, everyday, n_zh=N_ZH, n_en=N_EN)
    wall, cpu = [], []
    with Archive.open(folder) as archive:
        Finder.open(archive)
        n_there = sum(row.id >= FURTHER for row in archive.issues())
        for issue in islice(made.further(n_there + ROUNDS), n_there, None):
            started, used = time.perf_counter(), time.process_time()
            archive.add(issue)
            Finder.open(archive)
            wall.append(1000 * (time.perf_counter() - started))
            cpu.append(1000 * (time.process_time() - used))
    return {"one issue ms": median(wall), "one issue processor ms": median(cpu)}


def compare(folder: Path, asked: Sequence[Asked]) -> Figures:
    """Measure what is found against an exact search, and plain engines on the same data."""
    faiss.omp_set_num_threads(1)
    with Archive.open(folder) as archive:
        finder = Finder.open(archive)
        ours, terms = finder.vectors, finder.lexical
        assert isinstance(ours, VectorIndex)
        assert isinstance(terms, LexicalIndex)
        exact = _exact(ours)
        encoder = shipped_encoder()
        vectors = encoder.encode_queries([one.text for one in asked])
        found = [
            [{hit.passage_id for hit in index.search(vector, k=K)} for vector in vectors]
            for index in (ours, exact)
        ]
        figures = {
            f"dense recall@{K}": float(
                np.mean([len(a & b) / len(b) for a, b in zip(*found, strict=True) if b])
            ),
            "nDCG@10": _ndcg(finder, asked),
        }
        finder.vectors, terms.is_large = exact, False
        figures["nDCG@10 exact"] = _ndcg(finder, asked)
        return figures | _plain(exact._parts[0], terms, asked, vectors)


def _ndcg(finder: Finder, asked: Sequence[Asked]) -> float:
    """Return the mean over questions with one right passage each."""
    gains = []
    for one in asked:
        ids = [hit.passage_id for hit in finder.search(finder.read(one.text), k=10)]
        rank = ids.index(one.passage_id) if one.passage_id in ids else None
        gains.append(0.0 if rank is None else 1 / math.log2(rank + 2))
    return float(np.mean(gains))


def _exact(index: VectorIndex) -> VectorIndex:
    """Return an index of the same vectors, at half precision, that compares each."""
    parts = sorted(index._parts, key=lambda part: bytes(part.ids[0]))
    dim = index._dim
    passages, sentences = (
        faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        for _ in range(2)
    )
    ids, counts = [], [np.zeros(1, dtype=np.int64)]
    for part in parts:
        rows = part.living_rows()
        for first in range(0, len(rows), _BLOCK):
            block = part.block(rows[first : first + _BLOCK])
            passages.add(block.passages)
            sentences.add(block.sentences)
            ids.append(block.ids)
            counts.append(block.counts)
    joined = np.concatenate(ids)
    order_kept = np.all(joined[:-1] < joined[1:])
    assert order_kept, "issues were added out of order"
    starts = np.cumsum(np.concatenate(counts))
    return VectorIndex([Vectors(joined, Side(passages), Side(sentences), starts)], dim=dim)


def _plain(
    part: Vectors, lexical: LexicalIndex, asked: Sequence[Asked], vectors: NDArray[np.float32]
) -> Figures:
    """Return the median processor milliseconds of plain engines, each for its K best passages."""
    n, dim = part.passages.n, vectors.shape[1]
    rows = part.passages.index.reconstruct_n(0, n)
    flat = faiss.IndexFlatIP(dim)
    flat.add(rows)
    lists: Any = faiss.index_factory(
        dim, f"IVF{max(1, int(4 * n**0.5))},Flat", faiss.METRIC_INNER_PRODUCT
    )
    sample = np.linspace(0, n - 1, min(n, 40 * lists.nlist)).astype(int)
    lists.cp.min_points_per_centroid = 1
    lists.train(rows[sample])
    lists.add(rows)
    lists.nprobe = 64
    engines: dict[str, Callable[[Any], Any]] = {
        "plain FAISS flat": lambda at: flat.search(vectors[at : at + 1], K)[1],
        "plain FAISS IVF, 64 lists": lambda at: lists.search(vectors[at : at + 1], K)[1],
    }
    if n <= MOST_HNSW:
        graph = faiss.IndexHNSWFlat(dim, 32, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction, graph.hnsw.efSearch = 100, 2 * K
        graph.add(rows)
        engines["plain FAISS HNSW"] = lambda at: graph.search(vectors[at : at + 1], K)[1]
    queries = [_or_query(lexical, one.text) for one in asked]
    engines["plain BM25"] = lambda at: lexical._searcher.search(queries[at], limit=K)
    right = flat.search(vectors, K)[1]
    figures: Figures = {}
    for name, engine in engines.items():
        taken, found = [], []
        for at in range(len(asked)):
            started = time.thread_time()
            found.append(engine(at))
            taken.append(1000 * (time.thread_time() - started))
        figures[f"{name} processor ms"] = median(taken)
        if "IVF" in name or "HNSW" in name:
            shared = [np.isin(r, f[0]).mean() for r, f in zip(right, found, strict=True)]
            figures[f"{name} recall@{K}"] = float(np.mean(shared))
    return figures


def _or_query(lexical: LexicalIndex, text: str) -> tantivy.Query:
    terms, schema = cut(text), lexical._index.schema
    return tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, term))
            for field in ("words", "pairs", "chars")
            for term in dict.fromkeys(getattr(terms, field))
        ]
    )


def planted(
    folder: Path, n_passages: int, made: Recombined, questions: Sequence[Planted]
) -> tuple[list[Asked], Figures]:
    """Return the questions of an archive, which is filled where it is not there."""
    notes, figures = folder / "planted.json", {}
    if not notes.exists():
        started = time.perf_counter()
        with Archive.open(folder, create=True) as archive:
            places = made.fill(archive, n_passages)
        figures["fill passages/s"] = n_passages / (time.perf_counter() - started)
        notes.write_text(json.dumps(places))
    places = json.loads(notes.read_text())
    return [Asked(one.text, one.lang, places[one.document]) for one in questions], figures


def measure(
    n_passages: int, folder: Path, sources: Sequence[Path], *, every: int
) -> Iterator[Figures]:
    """Yield the figures of one size, as they are measured, with every so manieth question."""
    made, questions = Recombined.load(*sources, n_zh=N_ZH, n_en=N_EN)
    asked, figures = planted(folder, n_passages, made, questions)
    yield figures
    del made
    asked = asked[::every]
    if not (folder / "index").exists():
        yield apart(build, folder)
    yield disk(folder, n_passages)
    yield apart(serve, folder, asked)
    yield apart(compare, folder, asked)
    yield apart(grow, folder, *sources)


def show(figures: Mapping[int, Figures]) -> str:
    """Return all figures as a table, a size a column."""
    names = list(dict.fromkeys(name for one in figures.values() for name in one))
    rows = ["| | " + " | ".join(f"{n:,}" for n in figures) + " |", "|---|" + "---|" * len(figures)]
    for name in names:
        cells = [f"{one[name]:.4g}" if name in one else "" for one in figures.values()]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


PLOTTED = (
    "zh p50 processor ms",
    "en p50 processor ms",
    "plain BM25 processor ms",
    "plain FAISS flat processor ms",
    "plain FAISS IVF, 64 lists processor ms",
    "plain FAISS HNSW processor ms",
)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure each size, print the table, draw the plot."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale", description=__doc__)
    for name in ("zh", "en", "everyday"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of passages")
    parser.add_argument("--every", type=int, default=1, help="ask but every so manieth question")
    parser.add_argument("--folder", type=Path, required=True, help="where archives are kept")
    parser.add_argument("--plot", type=Path, help="an SVG to write")
    options = parser.parse_args(argv)
    sources = (options.zh, options.en, options.everyday)
    options.folder.mkdir(parents=True, exist_ok=True)
    kept = options.folder / "figures.json"
    figures: dict[int, Figures] = (
        {int(n): one for n, one in json.loads(kept.read_text()).items()} if kept.exists() else {}
    )
    for n_passages in map(int, options.sizes.split(",")):
        folder = options.folder / str(n_passages)
        for new in measure(n_passages, folder, sources, every=options.every):
            figures[n_passages] = figures.get(n_passages, {}) | new
            figures = dict(sorted(figures.items()))
            kept.write_text(json.dumps(figures, indent=1))
        print(f"{date.today()}\n{show(figures)}", flush=True)
    if options.plot:
        series = {
            name.removesuffix(" processor ms"): [
                (n, one[name]) for n, one in figures.items() if name in one
            ]
            for name in PLOTTED
        }
        options.plot.write_text(
            drawn(series, across="passages", up="processor milliseconds a question, median")
        )


if __name__ == "__main__":
    main()
