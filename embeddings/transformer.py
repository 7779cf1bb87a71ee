"""Any sentence-transformers model as an encoder, in this process or in several."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import MissingExtraError, ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

EXTRA = "transformers"
"""What is to be installed for it."""


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with the prompts that the model itself defines."""

    def __init__(self, model: SentenceTransformer, *, name: str) -> None:
        """Keep the loaded model and what the user calls it."""
        dim = model.get_embedding_dimension()
        if dim is None:
            raise ModelError(name, "the model does not say how long its vectors are")
        self._model = model
        self.name = name
        self.dim = dim
        self.fingerprint = _fingerprint_of(model)

    @classmethod
    def load(cls, name: str) -> SentenceTransformerEncoder:
        """Return the model with this name on the hub, or in this folder.

        Raises:
            MissingExtraError: If sentence-transformers is not installed.
            ModelError: If there is no such model or it cannot be read.
        """
        try:
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise MissingExtraError(EXTRA) from exc
        try:
            model = SentenceTransformer(name)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as exc:
            raise ModelError(name, f"sentence-transformers cannot load it: {exc}") from exc
        return cls(model, name=name)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, shape (len(texts), dim)."""
        found = self._model.encode_query(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return self._shaped(found)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages or sentences, shape (len(texts), dim)."""
        found = self._model.encode_document(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return self._shaped(found)

    def start_pool(self, n_workers: int) -> dict[str, Any]:
        """Return processes that encode: one a graphics card, or so many where there is none."""
        import torch

        devices = None if torch.cuda.is_available() else ["cpu"] * n_workers
        pool: Any = self._model.start_multi_process_pool(devices)
        return dict(pool)

    def encode_in(
        self, pool: dict[str, Any], texts: Sequence[str], *, share: int
    ) -> NDArray[np.float32]:
        """Return the vectors of passages, encoded by a pool, so many texts at a time.

        Raises:
            RuntimeError: If one of its processes died.
        """
        found = self._model.encode_document(
            list(texts),
            normalize_embeddings=True,
            show_progress_bar=False,
            pool=pool,  # type: ignore[arg-type]  # theirs is typed by its keys
            chunk_size=share,
        )
        return self._shaped(found)

    def stop_pool(self, pool: dict[str, Any]) -> None:
        """End the processes of a pool."""
        self._model.stop_multi_process_pool(pool)  # type: ignore[arg-type]

    def _shaped(self, found: object) -> NDArray[np.float32]:
        """Return what the model gave as float32 rows; no text gives no row."""
        return np.ascontiguousarray(found, dtype=np.float32).reshape(-1, self.dim)


def _fingerprint_of(model: SentenceTransformer) -> str:
    """Return a digest over up to 1024 numbers of every weight, and the prompts.

    A sample, because hashing all of a large model would take longer than loading it; training
    changes nearly every number.
    """
    digest = hashlib.sha256(repr(sorted(model.prompts.items())).encode())
    for key, weight in sorted(model.state_dict().items()):
        flat = weight.detach().flatten()
        sample = flat[:: max(1, len(flat) // 1024)][:1024].float().cpu().numpy()
        digest.update(f"{key} {tuple(weight.shape)}".encode())
        digest.update(sample.tobytes())
    return digest.hexdigest()[:16]
