"""What the process does that `test_killed` kills: one change after another, told before and after.

It is imported once by a server that forks it for each trial, with the model loaded.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from corpus.archive import Archive
from corpus.types import Issue
from embeddings.encoder import shipped_encoder
from qa.rank import Finder
from qa.search.sounds import shipped_sounds
from tests.conftest import issue_of

State = dict[str, int]
"""Issue id to the number of its text."""

TEXTS = (
    ("全区新增公交线路12条。", "医院新增床位300张。"),
    ("公交线路延长三公里。", "春天花开了。", "司机招聘。"),
)
IDS = ("2020-01", "2020-02", "2020-03")

shipped_encoder().encode_queries(["公交"])
shipped_sounds()


def issue(issue_id: str, text: int) -> Issue:
    return issue_of(*(f"{one}{issue_id}" for one in TEXTS[text]), issue_id=issue_id)


def states(state: State, seed: int) -> Iterator[State]:
    """Yield the states that the changes of a seed lead to, without end; some change nothing."""
    rng = random.Random(seed)
    while True:
        issue_id = rng.choice(IDS)
        if rng.random() < 0.2:
            pass  # the indexes are made anew
        elif issue_id in state and rng.random() < 0.5:
            state = {one: text for one, text in state.items() if one != issue_id}
        else:
            state = state | {issue_id: 1 - state.get(issue_id, 1)}
        yield state


def change(folder: Path, before: State, after: State) -> None:
    with Archive.open(folder, create=True) as archive:
        shutil.rmtree(folder / "old", ignore_errors=True)
        if before == after and (folder / "index").exists():
            (folder / "index").rename(folder / "old")
            shutil.rmtree(folder / "old", ignore_errors=True)  # an older change deletes there too
        for issue_id in before.keys() - after.keys():
            archive.remove(issue_id)
        for issue_id, text in after.items() - before.items():
            archive.add(issue(issue_id, text), replace=True)
        Finder.open(archive)


def work(folder: Path, state: State, seed: int, told: Connection) -> None:
    """Change an archive for ever; write a byte to a pipe before and after each change."""
    for after in states(state, seed):
        os.write(told.fileno(), b"(")
        change(folder, state, after)
        os.write(told.fileno(), b")")
        state = after
