"""How the vector index of an archive is made: its passages are encoded, parts of it are joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.archive import Archive
from corpus.derived import Change, Recipe
from corpus.errors import IndexFormatError
from corpus.segments import Filled, Part, Writers, batches, change_parts, encoded
from corpus.text import sentence_texts
from embeddings.encoder import Encoder
from embeddings.recall import probes
from embeddings.vectors import MANY, Block, Vectors, load_part, write_part

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "5"
_JOINED = 4096  # passages that are at hand at one time while parts are joined


def recipe(archive: Archive, encoder: Encoder, ticks: Iterator[None] | None = None) -> Recipe:
    """Return how the vectors of an archive are made; `ticks` is advanced for each batch."""
    going = ticks or iter(())

    def add(folder: Path, issue_ids: Sequence[str]) -> Filled:
        blocks = encode(archive.iter_passages(issue_ids), encoder, going)
        n_passages = sum(map(archive.n_passages_of, issue_ids))
        return write(folder, blocks, n_passages=n_passages, issue_ids=issue_ids)

    def join(folder: Path, parts: Sequence[tuple[Path, Part]]) -> Filled:
        loaded = [load_part(*one, dim=encoder.dim) for one in parts]
        n_passages = sum(len(one.living_rows()) for one in loaded)
        issue_ids = [issue_id for _, part in parts for issue_id in part.issues]
        return write(folder, _joined(loaded), n_passages=n_passages, issue_ids=issue_ids)

    def write(
        folder: Path, blocks: Iterable[Block], *, n_passages: int, issue_ids: Sequence[str]
    ) -> Filled:
        questions = None if n_passages < MANY else probes(archive, issue_ids, encoder)
        return write_part(folder, blocks, dim=encoder.dim, questions=questions)

    def build(change: Change) -> dict[str, Any]:
        return change_parts(change, Writers(add, join))

    return Recipe(
        kind="vectors",
        made_from={
            "format": FORMAT,
            "model": encoder.name,
            "weights": encoder.fingerprint,
            "dim": str(encoder.dim),
        },
        issues=archive.versions(),
        stamp=archive.stamp,
        n_passages=archive.n_passages_of,
        build=build,
    )


def encode(
    passages: Iterable[tuple[str, str, str]], encoder: Encoder, ticks: Iterator[None]
) -> Iterator[Block]:
    """Yield passages, given with their ids, ascending, texts and searched texts, in vectors."""
    for batch in batches(passages):
        split = [sentence_texts(text) for _, text, _ in batch]
        sentences = [sentence for found in split for sentence in found]
        yield Block(
            ids=encoded([passage_id for passage_id, _, _ in batch]),
            passages=_checked(
                encoder.encode_passages([searched for _, _, searched in batch]), encoder
            ),
            sentences=_checked(encoder.encode_passages(sentences), encoder),
            counts=np.array([len(found) for found in split], dtype=np.int64),
        )
        next(ticks, None)


def _joined(parts: Sequence[Vectors]) -> Iterator[Block]:
    """Yield what lives in some parts, in the order of ids."""
    rows = [part.living_rows() for part in parts]
    ids = np.concatenate([part.ids[live] for part, live in zip(parts, rows, strict=True)])
    of_part = np.repeat(np.arange(len(parts)), [len(live) for live in rows])
    order = np.argsort(ids, kind="stable")
    all_rows = np.concatenate(rows)
    for run in np.split(order, 1 + np.flatnonzero(np.diff(of_part[order]))):
        for first in range(0, len(run), _JOINED):
            some = run[first : first + _JOINED]
            yield parts[of_part[some[0]]].block(all_rows[some])


def _checked(vectors: NDArray[np.float32], encoder: Encoder) -> NDArray[np.float32]:
    """Return vectors that are float32, of the encoder's dimension, each of unit length or zero."""
    norms = np.linalg.norm(vectors, axis=1)
    if vectors.dtype != np.float32 or vectors.shape[1] != encoder.dim:
        raise IndexFormatError(
            encoder.name,
            f"expects float32 vectors of dimension {encoder.dim}, "
            f"got {vectors.dtype} of {vectors.shape[1]}",
        )
    if not np.all((np.abs(norms - 1) < 1e-3) | (norms == 0)):
        raise IndexFormatError(encoder.name, "expects vectors of unit length")
    return np.ascontiguousarray(vectors)
