"""`python -m tests.benchmarks.embedding`: passages encoded a second, in one process and in several.

For the shipped model, and for a transformer of 6 layers and 384 numbers with random weights, made
here because no hub can be reached: its vectors mean nothing, its cost is that of its size. Ray has
two nodes of one processor each, on this machine. Each way encodes once before it is timed, so that
starting processes and loading the model are not counted.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.archive import Archive
from embeddings.bulk import in_processes, on_ray
from embeddings.encoder import Encoder, load_encoder
from tests.benchmarks.made_up import fill
from tests.tiny_transformer import make


@contextmanager
def two_nodes(model: str | None) -> Iterator[Encoder]:
    """Give an encoder over a Ray cluster of two nodes on this machine."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    cluster.add_node(num_cpus=1)
    try:
        cluster.wait_for_nodes()
        with on_ray(model, address=cluster.address) as spread:
            yield spread
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]  # theirs


@contextmanager
def here(model: str | None) -> Iterator[Encoder]:
    """Give an encoder in this process."""
    yield load_encoder(model)


@contextmanager
def in_two(model: str | None) -> Iterator[Encoder]:
    """Give an encoder over two processes."""
    with in_processes(model, n_workers=2) as spread:
        yield spread


def made_up(n_passages: int) -> list[str]:
    """Return the texts of so many passages."""
    with Archive.in_memory() as archive:
        fill(archive, n_passages)
        return [text for _, text, _ in archive.iter_passages()]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=20_000, help="for the shipped model")
    parser.add_argument("--few", type=int, default=1024, help="for the transformer")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        tiny = str(make(Path(parent), layers=6, width=384))
        for name, model, n in (("shipped", None, told.passages), ("6 x 384", tiny, told.few)):
            passages = made_up(n)
            expected: NDArray[np.float32] | None = None
            for way, opened in (("here", here), ("two processes", in_two), ("Ray", two_nodes)):
                with opened(model) as encoder:
                    encoder.encode_passages(passages[:600])
                    started = time.perf_counter()
                    found = encoder.encode_passages(passages)
                    seconds = time.perf_counter() - started
                expected = found if expected is None else expected
                apart = float(np.abs(found - expected).max())
                print(f"{name:8} {way:14} {n / seconds:8.0f} passages/s  apart by {apart:.0e}")


if __name__ == "__main__":
    main()
