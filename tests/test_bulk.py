"""Passages that several processes or machines encode have the vectors of one process."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.archive import Archive
from corpus.errors import ModelError
from corpus.types import Issue
from embeddings import bulk
from embeddings.bulk import Spread, in_processes, on_ray
from embeddings.encoder import shipped_encoder
from embeddings.index import VectorIndex
from embeddings.transformer import SentenceTransformerEncoder
from tests.tiny_transformer import make

TEXTS = [
    f"全区新增公交线路{n}条，优化调整{n * 7 % 31}条，惠及{n * 13 % 997}万人。" for n in range(900)
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    pytest.importorskip("sentence_transformers", reason="the extra transformers is not installed")
    return str(make(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="module")
def shipped_spread() -> Iterator[Spread]:
    with in_processes(None, n_workers=2) as spread:
        yield spread


def kill_soon(pids: Callable[[], Sequence[int]], *, after_s: float) -> threading.Timer:
    timer = threading.Timer(after_s, lambda: os.kill(pids()[0], signal.SIGKILL))
    timer.start()
    return timer


def leave(*told: object) -> None:
    os._exit(1)


def pids_of(spread: Spread) -> list[int]:
    workers = spread._encoded.__self__.workers  # type: ignore[attr-defined]
    return [worker.process.pid for worker in workers]


def test_the_shipped_model_gives_the_same_in_several_processes(shipped_spread: Spread) -> None:
    expected = shipped_encoder().encode_passages(TEXTS)
    assert np.array_equal(shipped_spread.encode_passages(TEXTS), expected)
    assert np.array_equal(shipped_spread.encode_queries(TEXTS[:2]), expected[:2])


def test_no_texts_give_no_rows(shipped_spread: Spread) -> None:
    assert shipped_spread.encode_passages([]).shape == (0, shipped_spread.dim)


def test_what_a_killed_process_was_at_is_done_again(shipped_spread: Spread) -> None:
    many = TEXTS * 20
    killed = kill_soon(lambda: pids_of(shipped_spread), after_s=0.3)
    found = shipped_spread.encode_passages(many)
    killed.join()
    assert np.array_equal(found, np.tile(shipped_encoder().encode_passages(TEXTS), (20, 1)))


def test_a_process_that_dies_between_two_batches_is_replaced(shipped_spread: Spread) -> None:
    os.kill(pids_of(shipped_spread)[0], signal.SIGKILL)
    time.sleep(0.2)
    expected = shipped_encoder().encode_passages(TEXTS)
    assert np.array_equal(shipped_spread.encode_passages(TEXTS), expected)


def test_processes_that_die_whatever_is_tried_are_one_clear_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "_serve", leave)
    with (
        in_processes(None, n_workers=1) as spread,
        pytest.raises(ModelError, match="processes died 3 times"),
    ):
        spread.encode_passages(["公交"])


def test_an_index_built_by_several_processes_is_that_of_one(
    sample: Issue, shipped_spread: Spread, tmp_path: Path
) -> None:
    query = shipped_encoder().encode_queries(["公交线路"])[0]
    with Archive.open(tmp_path / "one", create=True) as kept:
        kept.add(sample)
        ticks = iter([None] * 9)
        spread = VectorIndex.open(kept, shipped_spread, progress=ticks)
        assert len([*ticks]) == 8  # there was one batch
        folders = sorted((tmp_path / "one" / "index").glob("vectors-*"))
        again = VectorIndex.open(kept, shipped_encoder())
        assert sorted((tmp_path / "one" / "index").glob("vectors-*")) == folders
    with Archive.in_memory([sample]) as kept:
        alone = VectorIndex.open(kept, shipped_encoder())
    assert spread.search(query, k=20) == again.search(query, k=20) == alone.search(query, k=20)


@pytest.mark.slow
def test_a_transformer_gives_the_same_in_several_processes(tiny: str) -> None:
    expected = SentenceTransformerEncoder.load(tiny).encode_passages(TEXTS)
    with in_processes(tiny, n_workers=2) as spread:
        np.testing.assert_allclose(spread.encode_passages(TEXTS), expected, atol=2e-6)


class Mortal(SentenceTransformerEncoder):
    """Encodes nothing; the process of its first pools is killed while they are asked."""

    def __init__(self, *, deaths: int) -> None:
        self.name, self.dim, self.fingerprint = "mortal", 2, "1"
        self.deaths = deaths

    def start_pool(self, n_workers: int) -> dict[str, Any]:
        return {"processes": [subprocess.Popen(["sleep", "60"])]}

    def encode_in(
        self, pool: dict[str, Any], texts: Sequence[str], *, share: int
    ) -> NDArray[np.float32]:
        self.deaths -= 1
        if self.deaths >= 0:
            self.stop_pool(pool)
            raise RuntimeError("1 multi-process pool worker(s) died unexpectedly")
        return np.zeros((len(texts), 2), dtype=np.float32)

    def stop_pool(self, pool: dict[str, Any]) -> None:
        for process in pool["processes"]:
            process.kill()
            process.wait()


@pytest.mark.parametrize(("deaths", "is_survived"), [(0, True), (2, True), (3, False)])
def test_a_pool_of_sentence_transformers_is_made_anew_where_a_process_died(
    monkeypatch: pytest.MonkeyPatch, deaths: int, is_survived: bool
) -> None:
    monkeypatch.setattr(subprocess.Popen, "is_alive", lambda one: one.poll() is None, raising=False)
    monkeypatch.setattr(bulk, "load_encoder", lambda model: Mortal(deaths=deaths))
    with in_processes("mortal", n_workers=1) as spread:
        if is_survived:
            assert spread.encode_passages(["公交", "线路"]).shape == (2, 2)
        else:
            with pytest.raises(ModelError, match="processes died 3 times"):
                spread.encode_passages(["公交"])


@pytest.mark.slow
def test_two_machines_give_the_same_and_one_may_go_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    pytest.importorskip("ray", reason="the extra ray is not installed")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    other = cluster.add_node(num_cpus=1)
    try:
        cluster.wait_for_nodes()
        with on_ray(None, address=cluster.address) as spread:
            expected = shipped_encoder().encode_passages(TEXTS)
            assert np.array_equal(spread.encode_passages(TEXTS), expected)
            many = TEXTS * 20
            gone = threading.Timer(0.5, cluster.remove_node, [other], {"allow_graceful": False})
            gone.start()
            assert np.array_equal(spread.encode_passages(many), np.tile(expected, (20, 1)))
            gone.join()
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]  # theirs
