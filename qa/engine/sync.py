"""Fills an engine with what an archive has: only what is missing, and takes out what is gone.

The archive is the truth, and the engine keeps a list of the issues that are in it whole. An issue
is written under its version: what is replaced is taken out only when all that is new is in, and a
run that was stopped at any moment is made good by the next one. One runs at a time for an archive.
"""

from __future__ import annotations

import fcntl
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.archive import Archive
from corpus.derived import BATCH
from corpus.errors import EngineError
from corpus.segments import batches
from corpus.text import sentence_texts
from embeddings.encoder import Encoder
from qa.engine.milvus import KINDS, Layout, Milvus, days_of, issue_row, one_of
from qa.engine.sparse import Lengths, passage_vector
from qa.engine.state import STATE, State, row_id, state_of, versions_of

if TYPE_CHECKING:
    from corpus.filters import Filed

log = logging.getLogger(__name__)

T = TypeVar("T")
_TRIES = 6
_FIRST_WAIT_S = 0.5  # then twice as long each time
_SAMPLE = 20_000  # passages whose mean lengths stand for those of all
_FEW = 16  # issues that are noted as written in one go
_DRIFT = 0.1  # by which mean lengths may differ from those that rows were made with
_WRITING, _WRITTEN = "writing", "written"

Ledger = dict[tuple[str, str], str]
"""Issue and version to how far it is written."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was done.

    Attributes:
        n_written: Issues that were written.
        n_removed: Versions of issues that were taken out.
        n_passages: Passages that are in the engine now.
    """

    n_written: int
    n_removed: int
    n_passages: int


class Filling:
    """What an engine lacks of an archive, and how it gets it. Get one with `filling`."""

    def __init__(self, archive: Archive, encoder: Encoder, milvus: Milvus) -> None:
        """Keep the parts, and look what is missing.

        Raises:
            EngineError: If the engine cannot be reached, however often it is tried.
        """
        self._archive = archive
        self._encoder = encoder
        self._milvus = milvus
        before = _patiently(lambda: state_of(milvus))
        self._lengths = _lengths(archive, before)
        if before is None or before.coming != self._lengths:
            begun = before or State("", self._lengths, self._lengths)
            _keep_state(milvus, State(begun.stamp, begun.lengths, self._lengths))
        self._wanted = versions_of(archive, self._lengths)
        self._there = _patiently(lambda: _ledger(milvus))
        self.missing = sorted(
            issue_id
            for issue_id, version in self._wanted.items()
            if self._there.get((issue_id, version)) != _WRITTEN
        )

    @property
    def n_batches(self) -> int:
        """About how often `run` will advance its progress."""
        return sum(-(-self._archive.n_passages_of(one) // BATCH) for one in self.missing)

    def run(self, progress: Iterable[None] | None = None) -> Report:
        """Write what is missing, then take out what is gone.

        Args:
            progress: Advanced once for each batch of passages that is written.

        Raises:
            EngineError: If the engine cannot be reached, however often it is tried.
        """
        ticks = iter(progress or ())
        for at in range(0, len(self.missing), _FEW):
            group = self.missing[at : at + _FEW]
            self._note(group, _WRITING)
            for issue_id in group:
                self._write(issue_id, ticks)
            self._note(group, _WRITTEN)
        if self.missing:
            _patiently(self._milvus.flush)
        _keep_state(self._milvus, State(self._archive.stamp, self._lengths, self._lengths))
        gone = [one for one in self._there if self._wanted.get(one[0]) != one[1]]
        for issue_id, version in gone:
            self._take_out(issue_id, version)
        n = _patiently(lambda: self._milvus.count("passages"))
        return Report(len(self.missing), len(gone), n)

    def _note(self, issue_ids: Sequence[str], told: str) -> None:
        rows = []
        for issue_id in issue_ids:
            version = self._wanted[issue_id]
            row_id = f"{issue_id} {version}"
            rows.append(issue_row(row_id, issue=issue_id, version=version, told=told))
        _patiently(lambda: self._milvus.upsert("issues", rows))

    def _write(self, issue_id: str, ticks: Iterator[None]) -> None:
        """Write the passages of an issue and their sentences."""
        filed = self._archive.filed(issue_id)
        for batch in batches(self._archive.iter_passages([issue_id])):
            whole, parts = self._rows(issue_id, filed, batch)
            _patiently(partial(self._milvus.upsert, "passages", whole))
            for few in batches(parts):
                _patiently(partial(self._milvus.upsert, "sentences", few))
            next(ticks, None)

    def _rows(
        self,
        issue_id: str,
        filed: dict[str, Filed],
        batch: Sequence[tuple[str, str, str]],
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        version = self._wanted[issue_id]
        vectors = self._encoder.encode_passages([searched for _, _, searched in batch])
        whole: list[dict[str, Any]] = []
        parts: list[dict[str, Any]] = []
        told: list[str] = []
        for (passage_id, text, searched), vector in zip(batch, vectors, strict=True):
            of_article = filed[passage_id.rpartition("/")[0]]
            common = {
                "issue": issue_id,
                "version": version,
                "section": of_article.section or "",
                **days_of(of_article),
            }
            row = row_id(passage_id, version)
            terms = passage_vector(searched, self._lengths)
            whole.append({"id": row, "vector": vector, "terms": terms, **common})
            for n, sentence in enumerate(sentence_texts(text)):
                parts.append({"id": f"{row} {n}", "passage": row, **common})
                told.append(sentence)
        for one, vector in zip(parts, self._encoder.encode_passages(told), strict=True):
            one["vector"] = vector
        return whole, parts

    def _take_out(self, issue_id: str, version: str) -> None:
        """Delete the rows of a version of an issue, the note of it last."""
        those = f"{one_of('issue', [issue_id])} and {one_of('version', [version])}"
        for kind in reversed(KINDS):
            _patiently(partial(self._milvus.delete, kind, those))


@contextmanager
def filling(
    archive: Archive, *, encoder: Encoder, milvus: Milvus, layout: Layout
) -> Iterator[Filling]:
    """Give what brings an engine to the present state of an archive, which stays so meanwhile.

    Args:
        archive: What the engine is to have.
        encoder: What makes the dense vectors.
        milvus: The collections.
        layout: How they are made where they are not there.

    Raises:
        EngineError: If the engine cannot be reached, however often it is tried.
    """
    with _alone(archive), archive.reading():
        _patiently(lambda: milvus.make(layout))
        yield Filling(archive, encoder, milvus)


@contextmanager
def _alone(archive: Archive) -> Iterator[None]:
    """Wait until no other process fills an engine from this archive."""
    if archive.path is None:
        yield
        return
    with (archive.path / ".engine.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _lengths(archive: Archive, before: State | None) -> Lengths:
    """Return the mean lengths to make rows with: those that were used, as long as they fit."""
    sample = (text for _, _, text in islice(archive.iter_passages(), _SAMPLE))
    now = Lengths.of(sample)
    if before is None:
        return now
    pairs = zip(asdict(before.coming).values(), asdict(now).values(), strict=True)
    if all(abs(new - old) <= _DRIFT * old for old, new in pairs):
        return before.coming
    log.info("passages are of another length than when the engine was filled; all are written anew")
    return now


def _ledger(milvus: Milvus) -> Ledger:
    rows = milvus.iterate("issues", "", ["issue", "version", "told"])
    return {(row["issue"], row["version"]): row["told"] for row in rows if row["issue"] != STATE}


def _keep_state(milvus: Milvus, state: State) -> None:
    row = issue_row(STATE, issue=STATE, version=STATE, told=json.dumps(asdict(state)))
    _patiently(lambda: milvus.upsert("issues", [row]))


def _patiently(work: Callable[[], T]) -> T:
    """Return what some work gives, tried again for a while where the engine is away.

    Raises:
        EngineError: If it stays away.
    """
    wait_s = _FIRST_WAIT_S
    for _ in range(_TRIES - 1):
        try:
            return work()
        except EngineError as exc:
            log.warning("%s; trying again in %s s", exc, wait_s)
            time.sleep(wait_s)
            wait_s *= 2
    return work()
