"""Which state of the archive an engine has, and by which ids its rows are known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from corpus.archive import Archive
from qa.engine.milvus import Milvus, one_of
from qa.engine.sparse import Lengths

STATE = "*"
"""The id of the row that tells which state of the archive an engine has; no issue is called so."""


@dataclass(frozen=True, slots=True)
class State:
    """What an engine has.

    Attributes:
        stamp: Of the archive whose state it has whole; empty for none yet.
        lengths: What the rows of that state were made with.
        coming: What rows are made with that are being written.
    """

    stamp: str
    lengths: Lengths
    coming: Lengths


def state_of(milvus: Milvus) -> State | None:
    """Return which state of the archive an engine has, or None where it was never filled.

    Raises:
        EngineError: If the engine cannot be reached.
    """
    rows = milvus.query("issues", one_of("id", [STATE]), ["told"])
    if not rows:
        return None
    told = json.loads(rows[0]["told"])
    return State(told["stamp"], Lengths(**told["lengths"]), Lengths(**told["coming"]))


def is_whole(milvus: Milvus, archive: Archive) -> bool:
    """Tell whether an engine has just the present state of an archive.

    Raises:
        EngineError: If it cannot be reached.
    """
    found = state_of(milvus)
    return found is not None and found.stamp == archive.stamp


def versions_of(archive: Archive, lengths: Lengths) -> dict[str, str]:
    """Return issue id to a digest of all that the rows of its passages depend on."""
    return {
        issue_id: sha256(f"{told} {lengths}".encode()).hexdigest()[:8]
        for issue_id, told in archive.versions().items()
    }


def row_id(passage_id: str, version: str) -> str:
    """Return the id of a passage's row: both versions of an issue may be there for a while."""
    return f"{passage_id} {version}"
