"""Candidates from a Milvus: what `qa.search.candidates` asks for, found elsewhere.

The engine proposes; what the ranking weighs is the same as with the indexes beside the archive: its
inner products of dense vectors are cosines, and those of sparse ones are BM25. What the archive no
longer has, or has in another version, is not given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from corpus.archive import Archive
from corpus.errors import EngineError
from corpus.filters import Filters, Within
from embeddings.encoder import Encoder, shipped_encoder
from embeddings.vectors import DenseHit
from qa.engine import sparse
from qa.engine.milvus import MOST, Address, Connection, Kind, Milvus, condition, one_of
from qa.engine.sparse import Lengths, Sparse, dimension
from qa.search.candidates import TermStatistics
from qa.search.lexical import LexicalHit
from qa.search.telling import ALIKE, BOOSTS, DIGITS, FLATTER, SOUNDS, fields_of, likely, telling
from qa.search.terms import ANALYSER, cut_into

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.search.lexicon import Expansion
    from qa.search.terms import Terms

FORMAT = "3"
"""Changes whenever the same archive may fill an engine with other rows."""
STATE = "*"
"""The id of the row that tells which state of the archive an engine has; no issue is called so."""

T = TypeVar("T")
_PATIENCE_S = 120.0
_SPARE = 16  # rows looked at beyond those asked for, to see whether the last is one of several
_MORE = 4  # times as many are looked at where those did not settle it
_SENTENCES = 8  # of a passage that are looked for at first
_AT_ONCE = 200  # passages whose vectors are asked for in one query


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


def made_from(encoder: Encoder) -> dict[str, str]:
    """Return all that the rows of an archive depend on."""
    return {
        "format": FORMAT,
        "analyser": ANALYSER,
        "words": shipped_encoder().fingerprint,
        "model": encoder.name,
        "weights": encoder.fingerprint,
        "dim": str(encoder.dim),
    }


class RemoteEngine:
    """A Milvus as the engine of any archive that it was filled from."""

    def __init__(self, address: Address) -> None:
        """Keep the address; `open` connects."""
        self.address = address
        self._connection = Connection(address)

    def open(
        self, archive: Archive, encoder: Encoder, terms: TermStatistics
    ) -> tuple[RemoteVectors, RemoteTerms]:
        """Return what finds the passages of an archive in its present state.

        Raises:
            EngineError: If the engine cannot be reached, or has another state of the archive.
        """
        view = View(self.milvus(encoder), archive)
        return RemoteVectors(view, n_passages=len(terms)), RemoteTerms(view, terms)

    def milvus(self, encoder: Encoder, *, patient: bool = False) -> Milvus:
        """Return the collections of what an encoder makes.

        Args:
            encoder: What makes the vectors.
            patient: Whether calls may take as long as writing and loading do.
        """
        connection = self._connection
        if patient:
            timeout_s = max(_PATIENCE_S, self.address.timeout_s)
            connection = Connection(replace(self.address, timeout_s=timeout_s))
        return Milvus(connection, made_from=made_from(encoder))

    def narrow(self, filters: Filters) -> Within:
        """Return the filters as they are: the engine applies them to the fields of each row."""
        return Within(filters=filters)


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


def _told(within: Within | None) -> str:
    return condition(within.filters if within else None)


class RemoteVectors:
    """Finds passages by the vectors that an engine holds."""

    def __init__(self, view: View, *, n_passages: int) -> None:
        """Keep the view, and how many passages it has."""
        self._view = view
        self._n = n_passages

    def __len__(self) -> int:
        """Return how many passages are looked at."""
        return self._n

    def search(
        self, query: NDArray[np.float32], *, k: int, within: Within | None = None
    ) -> list[DenseHit]:
        """Return the k passages nearest by passage or by best sentence, best first, ties by id.

        Raises:
            ValueError: If k is below 1.
            EngineError: If the engine cannot be reached.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        if not query.any():
            return []
        view, told = self._view, _told(within)
        near = view.search("passages", query, over="vector", k=k, told=told)
        parts = view.search(
            "sentences", query, over="vector", k=2 * k, told=told, fields=["passage"]
        )
        passages = {row.passage_id: row.score for row in near}
        found = self._hits(query, passages, _first_of_each(parts))
        return sorted(found, key=lambda hit: (-(hit.passage + hit.sentence), hit.passage_id))[:k]

    def score(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> list[DenseHit]:
        """Return the cosines of given passages, in the order given; unknown ids are left out.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        hits: dict[str, DenseHit] = {}
        for at in range(0, len(passage_ids), _AT_ONCE):
            passages = self._passages(query, passage_ids[at : at + _AT_ONCE])
            hits |= {hit.passage_id: hit for hit in self._hits(query, passages, {})}
        return [hits[passage_id] for passage_id in passage_ids if passage_id in hits]

    def _hits(
        self, query: NDArray[np.float32], passages: dict[str, float], sentences: dict[str, float]
    ) -> list[DenseHit]:
        """Return hits of all passages of which one of the two cosines is known.

        Args:
            query: The vector.
            passages: Passage id to its cosine.
            sentences: Passage id to that of its best sentence.
        """
        passages |= self._passages(query, sorted(sentences.keys() - passages.keys()))
        sentences |= self._sentences(query, sorted(passages.keys() - sentences.keys()))
        return [DenseHit(one, passages[one], sentences.get(one, 0.0)) for one in passages]

    def _passages(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> dict[str, float]:
        """Return the cosines of passages; what the engine does not find is computed here.

        An index that is searched approximately may miss rows, even where it is to look at a few.
        """
        ids = self._view.row_ids(passage_ids)
        if not ids:
            return {}
        found = {
            row.passage_id: row.score
            for row in self._view.search(
                "passages", query, over="vector", k=len(ids), told=one_of("id", list(ids))
            )
        }
        if missed := [row for row, passage_id in ids.items() if passage_id not in found]:
            rows = self._view.query("passages", one_of("id", missed), ["vector"])
            for row, cosine in zip(rows, _cosines(rows, query), strict=True):
                found[ids[row["id"]]] = float(cosine)
        return found

    def _sentences(
        self, query: NDArray[np.float32], passage_ids: Sequence[str]
    ) -> dict[str, float]:
        """Return the cosine of each passage's best sentence, as `_passages` does."""
        ids = self._view.row_ids(passage_ids)
        if not ids:
            return {}
        rows = self._view.search(
            "sentences",
            query,
            over="vector",
            k=min(_SENTENCES * len(ids), MOST),
            told=one_of("passage", list(ids)),
            fields=["passage"],
        )
        found = _first_of_each(rows)
        if missed := [row for row, passage_id in ids.items() if passage_id not in found]:
            parts = self._view.query("sentences", one_of("passage", missed), ["passage", "vector"])
            for part, cosine in zip(parts, _cosines(parts, query).tolist(), strict=True):
                one = ids[part["passage"]]
                found[one] = max(cosine, found.get(one, cosine))
        return found


def _first_of_each(rows: Sequence[Row]) -> dict[str, float]:
    """Return passage id to the score of its first row, which is its best."""
    return {row.passage_id: row.score for row in reversed(rows)}


def _cosines(rows: Sequence[dict[str, Any]], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inner products of the rows' vectors, shape (rows,)."""
    vectors = np.array([row["vector"] for row in rows], dtype=np.float32).reshape(-1, len(query))
    found: NDArray[np.float32] = np.vecdot(vectors, query[None])
    return found


Part = tuple[str, str]
"""A field of `qa.search.telling` and a term in it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way in which a passage may hold what a phrase is in Chinese.

    Attributes:
        weight: What it counts.
        parts: All of what the passage must have then.
    """

    weight: float
    parts: tuple[Part, ...]


class RemoteTerms:
    """Finds passages by the sparse vectors that an engine holds.

    How rare a term is comes from the lexical index beside the archive, which is not searched:
    looking up a term takes as long in a large index as in a small one.
    """

    def __init__(self, view: View, statistics: TermStatistics) -> None:
        """Keep both."""
        self._view = view
        self._statistics = statistics
        self.is_large = statistics.is_large
        self.n_with = statistics.n_with
        self.seen_in = statistics.seen_in
        self.rarity = statistics.rarity

    def __len__(self) -> int:
        """Return how many passages the archive has."""
        return len(self._statistics)

    def search(self, terms: Terms, *, k: int, within: Within | None = None) -> list[LexicalHit]:
        """Return the k passages that share most with the terms, best first, ties by id.

        Raises:
            ValueError: If k is below 1.
            EngineError: If the engine cannot be reached.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        wanted: Sparse = {}
        for part in telling(terms, self):
            self._want(wanted, part, BOOSTS[part[0]])
        rows = (
            self._view.search("passages", wanted, over="terms", k=k, told=_told(within))
            if wanted
            else []
        )
        return _best([(row.score, row.passage_id) for row in rows], k)

    def search_expanded(
        self, expansions: Sequence[Expansion], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of the k passages that hold most of what phrases may be, best first.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        groups = [(one.share, self._choices_of(one)) for one in expansions]
        wanted: Sparse = {}
        for share, choices in groups:
            for part, weight in _largest_weights(choices).items():
                self._want(wanted, part, share * weight)

        def score(row: Row) -> float:
            terms = row.entity["terms"]
            return sum(share * self._best_choice(choices, terms) for share, choices in groups)

        return self._again(wanted, score, k=k, within=within)

    def _choices_of(self, expansion: Expansion) -> list[Choice]:
        return [
            Choice(weight * choice.weight, choice.parts)
            for term, weight in likely(expansion, self)
            for choice in self._choices(term)
        ]

    def _choices(self, term: str) -> list[Choice]:
        """Return the ways passages hold a Chinese term: as a word, else as all it is cut into."""
        if self.n_with("words", term):
            return [Choice(1.0, ((field, term),)) for field in fields_of(term, self)]
        parts = tuple(cut_into(term))
        return [Choice(1 / len(parts), parts)] if parts and len(term) > 1 else []

    def _best_choice(self, choices: Sequence[Choice], terms: Sparse) -> float:
        return max(
            (choice.weight * self._sum(choice.parts, terms) for choice in choices), default=0
        )

    def _sum(self, parts: Sequence[Part], terms: Sparse) -> float:
        """Return the BM25 of a passage that has all parts; 0 of any other."""
        found = [terms.get(dimension(*part), 0.0) for part in parts]
        if not all(found):
            return 0.0
        return sum(one * self._rarity(part) for one, part in zip(found, parts, strict=True))

    def holding(
        self, required: Sequence[str], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of up to k passages that have all words and pairs of the terms.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        parts = [part for term in required for part in cut_into(term)]
        wanted: Sparse = {}
        for part in parts:
            self._want(wanted, part, 1.0)
        if len(wanted) < len({dimension(*part) for part in parts}):
            return []  # one of them stands nowhere
        return self._again(
            wanted, lambda row: self._sum(parts, row.entity["terms"]), k=k, within=within
        )

    def sounding(self, pairs: Sequence[tuple[str, float]], *, k: int) -> list[str]:
        """Return the ids of the k passages that hold the most of pairs of sounds, best first.

        Raises:
            EngineError: If the engine cannot be reached.
        """
        wanted: Sparse = {}
        for pair, probable in pairs:
            self._want(wanted, (SOUNDS, pair), probable**FLATTER)
        if not wanted:
            return []
        rows = self._view.search("passages", wanted, over="terms", k=k, told="")
        return [hit.passage_id for hit in _best([(row.score, row.passage_id) for row in rows], k)]

    def _want(self, wanted: Sparse, part: Part, weight: float) -> None:
        if weight > 0 and self.n_with(*part):
            at = dimension(*part)
            wanted[at] = wanted.get(at, 0.0) + weight * self._rarity(part)

    def _rarity(self, part: Part) -> float:
        return sparse.rarity(len(self), self.n_with(*part))

    def _again(
        self, wanted: Sparse, score: Callable[[Row], float], *, k: int, within: Within | None
    ) -> list[str]:
        """Return the ids of the k passages with the best scores, of the 2k with the best products.

        A product adds up what a score has to choose from, so that it is never below it. More are
        not looked at: whole rows of terms take long to send and to read.
        """
        if not wanted:
            return []
        rows = self._view.search(
            "passages", wanted, over="terms", k=2 * k, told=_told(within), fields=["terms"]
        )
        hits = _best([(scored, r.passage_id) for r in rows[: 2 * k] if (scored := score(r)) > 0], k)
        return [hit.passage_id for hit in hits]


def _best(scored: Sequence[tuple[float, str]], k: int) -> list[LexicalHit]:
    """Return the k best, best first, ties by id, as `qa.search.lexical` does."""
    hits = [LexicalHit(passage_id, score) for score, passage_id in scored]
    return sorted(hits, key=lambda hit: (-round(hit.score, DIGITS), hit.passage_id))[:k]


def _largest_weights(choices: Sequence[Choice]) -> dict[Part, float]:
    found: dict[Part, float] = {}
    for choice in choices:
        for part in choice.parts:
            found[part] = max(choice.weight, found.get(part, 0.0))
    return found
