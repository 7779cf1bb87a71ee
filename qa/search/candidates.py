"""What proposes passages for a question: the seam between the ranking and the engines.

The ranking asks for candidates by meaning and by terms, and does not know who finds them: FAISS and
tantivy beside the archive (`embeddings.index`, `qa.search.lexical`), or an engine elsewhere
(`qa.engine.remote`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from corpus.archive import Archive
from corpus.filters import Filters, Within
from embeddings.encoder import Encoder
from embeddings.vectors import DenseHit
from qa.search.lexical import LexicalHit
from qa.search.lexicon import Expansion
from qa.search.terms import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Engine(Protocol):
    """Where candidates are found that are not found beside the archive."""

    def open(
        self, archive: Archive, encoder: Encoder, terms: TermStatistics
    ) -> tuple[DenseCandidates, LexicalCandidates]:
        """Return what finds the passages of an archive in its present state.

        Raises:
            EngineError: If the engine cannot be reached, or has another state of the archive.
        """

    def narrow(self, filters: Filters) -> Within:
        """Return the part of the archive that filters leave, as the engine wants it told."""


class DenseCandidates(Protocol):
    """Finds passages by their vectors."""

    def __len__(self) -> int:
        """Return how many passages are looked at."""

    def search(
        self, query: NDArray[np.float32], *, k: int, within: Within | None = None
    ) -> list[DenseHit]:
        """Return the k passages nearest by passage or by best sentence, best first, ties by id."""

    def score(self, query: NDArray[np.float32], passage_ids: Sequence[str]) -> list[DenseHit]:
        """Return the cosines of given passages, in the order given; unknown ids are left out."""


class TermStatistics(Protocol):
    """How rare terms are in the archive.

    Attributes:
        is_large: Whether `qa.search.telling` leaves out what costs most.
    """

    is_large: bool

    def __len__(self) -> int:
        """Return how many passages there are."""

    def n_with(self, field: str, term: str) -> int:
        """Return how many passages have a term in one of the fields of `qa.search.telling`."""

    def seen_in(self, term: str) -> int:
        """Return in how many passages a term stands, at most."""

    def rarity(self, word: str) -> float:
        """Return how telling a word is: its inverse document frequency, ≥ 0."""


class LexicalCandidates(TermStatistics, Protocol):
    """Finds passages by their terms."""

    def search(self, terms: Terms, *, k: int, within: Within | None = None) -> list[LexicalHit]:
        """Return the k passages that share most with the terms, best first, ties by id."""

    def search_expanded(
        self, expansions: Sequence[Expansion], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of the k passages that hold most of what phrases may be, best first."""

    def holding(
        self, required: Sequence[str], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of up to k passages that have all words and pairs of the terms."""

    def sounding(self, pairs: Sequence[tuple[str, float]], *, k: int) -> list[str]:
        """Return the ids of the k passages that hold the most of pairs of sounds, best first."""
