"""How much of what is nearest a search by codes finds.

It is measured when a part is written, against the comparison with every vector, by questions made
of the part's own text: some characters out of the middle of a passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.archive import Archive
from embeddings.encoder import Encoder
from embeddings.engine import OVER, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

_N_ISSUES, _OF_ISSUE = 16, 4  # issues that questions are made from, and passages of each
_LENGTH = 12  # characters of a question
_BLOCK = 16_384


def probes(archive: Archive, issue_ids: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    """Return the vectors of questions made of passages of some issues, shape (n, dim)."""
    chosen = issue_ids[:: max(1, len(issue_ids) // _N_ISSUES)][:_N_ISSUES]
    texts = [
        text for one in chosen for _, text, _ in islice(archive.iter_passages([one]), _OF_ISSUE)
    ]
    starts = [max(0, (len(text) - _LENGTH) // 2) for text in texts]
    vectors = encoder.encode_queries(
        [text[at : at + _LENGTH] for text, at in zip(texts, starts, strict=True)]
    )
    return vectors[vectors.any(axis=1)]


def recall(index: Any, rows: Rows, questions: NDArray[np.float32], *, k: int) -> float:
    """Return the share of the k nearest that are among those taken by codes."""
    if not len(questions):
        return 1.0
    right = _nearest(rows, questions, k)
    _, found = index.search(questions, min(OVER * k, rows.n))
    shares = [np.isin(one, other).mean() for one, other in zip(right, found, strict=True)]
    return float(np.mean(shares))


def _nearest(rows: Rows, questions: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the rows of the k nearest vectors of each question, by comparison with all."""
    best = np.full((len(questions), 0), 0.0, dtype=np.float32)
    which = np.full((len(questions), 0), 0, dtype=np.int64)
    for first in range(0, rows.n, _BLOCK):
        some = np.arange(first, min(first + _BLOCK, rows.n))
        best = np.hstack([best, questions @ rows.take(some).T])
        which = np.hstack([which, np.broadcast_to(some, (len(questions), len(some)))])
        order = np.argpartition(-best, min(k, best.shape[1]) - 1, axis=1)[:, :k]
        best = np.take_along_axis(best, order, axis=1)
        which = np.take_along_axis(which, order, axis=1)
    return which
