"""Candidates from a Milvus: what `qa.search.candidates` asks for, found elsewhere.

The engine proposes; what the ranking weighs is the same as with the indexes beside the archive: its
inner products of dense vectors are cosines, and those of sparse ones are BM25. What the archive no
longer has, or has in another version, is not given.
"""

from __future__ import annotations

from dataclasses import replace

from corpus.archive import Archive
from corpus.filters import Filters, Within
from embeddings.encoder import Encoder, shipped_encoder
from qa.engine.milvus import Address, Connection, Milvus
from qa.engine.remote_terms import RemoteTerms
from qa.engine.remote_vectors import RemoteVectors
from qa.engine.view import View
from qa.search.candidates import TermStatistics
from qa.search.terms import ANALYSER

FORMAT = "3"
"""Changes whenever the same archive may fill an engine with other rows."""
_PATIENCE_S = 120.0


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
