"""One state of an archive in an engine: of what is found there, what the archive has too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

from corpus.archive import Archive
from corpus.errors import EngineError
from corpus.filters import Within
from qa.engine.milvus import MOST, Kind, Milvus, condition
from qa.engine.state import State, row_id, state_of, versions_of
from qa.search.telling import ALIKE

T = TypeVar("T")
_SPARE = 16  # rows looked at beyond those asked for, to see whether the last is one of several
_MORE = 4  # times as many are looked at where those did not settle it


@dataclass(frozen=True, slots=True)
class Row:
    """A row that an engine found.

    Attributes:
        passage_id: The passage.
        score: The inner product; higher is better.
        entity: The fields that were asked for.
    """

    passage_id: str
    score: float
    entity: dict[str, Any]


class View:
    """One state of an archive, in an engine. May be used by several threads."""

    def __init__(self, milvus: Milvus, archive: Archive) -> None:
        """Keep the collections, and what the state is known by."""
        self._milvus = milvus
        self._stamp = archive.stamp
        state = self._checked()
        self._versions = versions_of(archive, state.lengths)
        self._epoch = milvus.epoch

    def _checked(self) -> State:
        """Return the engine's state, which is just this one of the archive.

        Raises:
            EngineError: If it has another one or none, or cannot be reached.
        """
        found = state_of(self._milvus)
        if found is None or found.stamp != self._stamp:
            raise EngineError(
                self._milvus.connection.address.shown,
                "has not what the archive has",
                "Fill it with `bulletin engine sync`.",
            )
        return found

    def _run(self, work: Callable[[], T]) -> T:
        """Return what some work gives; an engine that was away may have another state since."""
        found = work()
        if (epoch := self._milvus.epoch) != self._epoch:
            self._checked()
            self._epoch = epoch
        return found

    def live(self, issue_id: str) -> str | None:
        """Return the version of an issue that the archive has, or None."""
        return self._versions.get(issue_id)

    def row_ids(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """Return row id to passage id, of passages of issues that the archive has."""
        versions = ((one, self.live(one.partition("/")[0])) for one in passage_ids)
        return {row_id(one, version): one for one, version in versions if version}

    def query(self, kind: Kind, told: str, fields: Sequence[str]) -> list[dict[str, Any]]:
        """Return the rows that meet a condition."""
        return self._run(lambda: self._milvus.query(kind, told, fields))

    def search(
        self,
        kind: Kind,
        vector: object,
        *,
        over: Literal["vector", "terms"],
        k: int,
        told: str,
        fields: Sequence[str] = ("id",),
    ) -> list[Row]:
        """Return the k rows with the largest product, best first, and those as good as the last.

        Rows of passages that the archive does not have as they are there are left out.
        """
        n = min(k + _SPARE, MOST)
        while True:
            look = partial(self._milvus.search, over=over, k=n, condition=told, fields=fields)
            found = self._run(partial(look, kind, vector))
            rows = [row for one in found if (row := self._row(kind, one))]
            if len(found) < n or n == MOST:
                return rows
            if len(rows) >= k and rows[-1].score < rows[k - 1].score - ALIKE:
                return rows
            n = min(n * _MORE, MOST)

    def _row(self, kind: Kind, found: dict[str, Any]) -> Row | None:
        entity = dict(found["entity"])
        place = entity["passage"] if kind == "sentences" else found["id"]
        passage_id, _, version = place.rpartition(" ")
        if self.live(passage_id.partition("/")[0]) != version:
            return None
        return Row(passage_id, float(found["distance"]), entity)


def condition_of(within: Within | None) -> str:
    """Return the condition that the rows meet which filters leave; nothing for all rows."""
    return condition(within.filters if within else None)
