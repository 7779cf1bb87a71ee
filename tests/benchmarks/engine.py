"""`python -m tests.benchmarks.engine`: what a passage takes here and in a Milvus, and its cost.

Archives of made-up passages (`made_up`) are put into Milvus Lite, served over gRPC on loopback, and
asked the questions of `tests/data` beside the engine that is built in. Bytes of vectors are counted
as they are sent, and hold for any Milvus. Times are those of Lite, which is written in Python, and
say nothing of a cluster. The client's processor time is what each process that fills an engine or
answers from one spends whatever the engine is.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from corpus.archive import Archive
from corpus.schema import FILE_NAME
from corpus.text import split_sentences
from embeddings.encoder import shipped_encoder
from qa.engine.milvus import Address, Layout
from qa.engine.remote import RemoteEngine
from qa.engine.sparse import Lengths, passage_vector
from qa.engine.sync import filling
from qa.rank import Finder
from tests.benchmarks.made_up import fill
from tests.milvus_server import lite_server

QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"
N_SAMPLED = 1000


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def told_of_sizes(archive: Archive, folder: Path) -> str:
    """Return the bytes that a passage takes, here and as rows of an engine."""
    n = archive.n_passages()
    every = max(1, n // N_SAMPLED)
    sample = [row for at, row in enumerate(archive.iter_passages()) if at % every == 0]
    lengths = Lengths.of(searched for _, _, searched in sample)
    n_terms = sum(len(passage_vector(one, lengths)) for _, _, one in sample) / len(sample)
    n_sentences = sum(len(split_sentences(text)) for _, text, _ in sample) / len(sample)
    n_chars = sum(len(text) for _, text, _ in sample) / len(sample)
    dense = 4 * shipped_encoder().dim
    here = {"database": (folder / FILE_NAME).stat().st_size}
    for kind in ("lexical", "forward", "vectors"):
        here[kind] = sum(bytes_in(one) for one in (folder / "index").glob(f"{kind}-*"))
    parts = ", ".join(f"{kind} {size / n:.0f}" for kind, size in here.items())
    return (
        f"a passage: {n_chars:.0f} characters, {n_sentences:.2f} sentences, {n_terms:.0f} terms\n"
        f"bytes of it here: {parts}\n"
        f"bytes of it sent: dense {dense * (1 + n_sentences):.0f}, sparse {8 * n_terms:.0f}"
    )


def timed(work: Callable[[str], object], questions: list[str]) -> tuple[float, float, float]:
    """Return median and 95 % of wall milliseconds, and the mean of the process's own."""
    wall, cpu = [], time.process_time()
    for question in questions:
        started = time.perf_counter()
        work(question)
        wall.append(1000 * (time.perf_counter() - started))
    own = 1000 * (time.process_time() - cpu) / len(questions)
    return median(wall), sorted(wall)[int(0.95 * len(wall))], own


def measure(parent: Path, size: int) -> None:
    """Print the figures of one archive."""
    folder = parent / f"archive-{size}"
    with Archive.open(folder, create=True) as archive:
        if not archive.n_passages():
            fill(archive, size)
    with Archive.open(folder) as archive:  # anew: closing has put the log into the database
        built_in = Finder.open(archive)
        print(f"\n{archive.n_passages()} passages\n{told_of_sizes(archive, folder)}")
        with lite_server(parent / f"lite-{size}") as server:
            engine, encoder = RemoteEngine(Address(server.uri, timeout_s=120)), shipped_encoder()
            milvus, layout = engine.milvus(encoder, patient=True), Layout(encoder.dim)
            wall, cpu = time.perf_counter(), time.process_time()
            with filling(archive, encoder=encoder, milvus=milvus, layout=layout) as work:
                n = work.run().n_passages
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            lite = bytes_in(parent / f"lite-{size}") / n
            print(
                f"filling: {n / wall:.0f} passages/s, {1e6 * cpu / n:.0f} µs of the client's each"
            )
            print(f"Lite keeps {lite:.0f} bytes a passage")
            ask_both(archive, built_in, Finder.open(archive, engine=engine))


def ask_both(archive: Archive, built_in: Finder, remote: Finder) -> None:
    """Print what questions cost with either engine, and how often they agree."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    found: dict[str, list[list[str]]] = {}
    for name, finder in (("built in", built_in), ("Milvus Lite", remote)):

        def search(question: str, finder: Finder = finder) -> list[str]:
            hits = finder.search(finder.read(question), k=10)
            return [hit.passage_id for hit in hits]

        found[name] = [search(question) for question in questions]
        p50, p95, own = timed(search, questions)
        print(f"{name:12} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  processor time here {own:6.1f} ms")
    pairs = list(zip(*found.values(), strict=True))
    print(f"same first passage {sum(a[:1] == b[:1] for a, b in pairs)} of {len(pairs)}, ", end="")
    print(f"same ten in the same order {sum(a == b for a, b in pairs)}")


def main() -> None:
    """Print the figures of all sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="passages, by commas")
    parser.add_argument("--folder", type=Path, help="keep the archives here, and use them again")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        for size in told.sizes.split(","):
            measure(told.folder or Path(parent), int(size))


if __name__ == "__main__":
    main()
