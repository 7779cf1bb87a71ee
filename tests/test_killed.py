"""The writer is killed at random moments, and nothing is lost, half done or silently wrong."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from itertools import islice
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from corpus.archive import Archive
from corpus.generation import verify
from corpus.safety import damage
from qa.rank import Finder, Hit
from tests.killing import State, issue, states, work

N_KILLED = 200
SEED = 20261125
LONGEST_S = 0.4
QUESTIONS = ("公交线路有多少条？", "医院床位", "春天花开")

Answers = list[list[Hit]]


@pytest.fixture(scope="module")
def forking() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killing", "faiss", "tantivy"])
    return context


def run_and_kill(
    context: ForkServerContext, folder: Path, state: State, *, seed: int, after_s: float
) -> tuple[int, bool]:
    """Kill a writer some time after its first change began.

    Returns how many changes it told to be done, and whether it was in one.
    """
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(folder, state, seed, writing))
    process.start()
    writing.close()
    told = os.read(reading.fileno(), 1)
    time.sleep(after_s)
    process.kill()
    process.join()
    while more := os.read(reading.fileno(), 1000):
        told += more
    reading.close()
    assert told, "the writer ended before it began"
    return told.count(b")"), told.endswith(b"(")


def answers(archive: Archive) -> Answers:
    finder = Finder.open(archive)
    return [finder.search(finder.read(question), k=9) for question in QUESTIONS]


@pytest.mark.slow
def test_a_killed_writer_leaves_the_state_before_or_after(
    tmp_path: Path, forking: ForkServerContext
) -> None:
    rng = random.Random(SEED)
    expected: dict[str, Answers] = {}
    state: State = {}
    in_a_change = 0
    with Archive.open(tmp_path, create=True):
        pass
    for trial in range(N_KILLED):
        n_done, inside = run_and_kill(
            forking, tmp_path, state, seed=trial, after_s=rng.uniform(0, LONGEST_S)
        )
        in_a_change += inside
        reached = [state, *islice(states(state, trial), n_done + inside)]
        possible = reached[-2:] if inside else reached[-1:]
        with Archive.open(tmp_path) as archive:
            assert damage(archive) == []
            assert archive.verify() == []
            found = [one for one in possible if _holds(archive, one)]
            assert found, f"trial {trial}: {archive.issues()} is none of {possible}"
            state = found[0]
            key = repr(sorted(state.items()))
            if key not in expected:
                with Archive.in_memory([issue(*one) for one in state.items()]) as fresh:
                    expected[key] = answers(fresh)
            assert answers(archive) == expected[key]
        assert verify(tmp_path / "index") == []
    assert in_a_change > N_KILLED / 2


def _holds(archive: Archive, state: State) -> bool:
    kept = [archive.issue(row.id) for row in archive.issues()]
    return kept == [issue(*one) for one in sorted(state.items())]
