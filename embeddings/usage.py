"""How words are used: a second vector of a word, learnt from the words it stands among.

The shipped model knows what dictionaries say: that two words translate each other. What people
write in place of each other (花费 and 耗资) no dictionary lists; vectors learnt from running text
tell it. They are made from those in the Python package Synonyms 3.8.0, word2vec over the Chinese
Wikipedia, by `python -m embeddings.usage --synonyms FILE`, and kept at 4 bits a number for the
rows of the shipped model.

Source: T. Mikolov, K. Chen, G. Corrado and J. Dean, Efficient estimation of word representations
in vector space, 2013 (arXiv:1301.3781).
"""

from __future__ import annotations

import argparse
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.text import fold
from embeddings.quantise import PackedRows, map_arrays, pack, save_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from embeddings.encoder import StaticEncoder

USAGE_FILE = "usage.safetensors"
_MEMBER = "synonyms/data/words.vector"


@dataclass(frozen=True, slots=True)
class Usage:
    """The vectors of the rows of a model that have one.

    Attributes:
        packed: The vectors, shape (n, dim).
        rows: The rows of the model that they are of, ascending, shape (n,).
    """

    packed: PackedRows
    rows: NDArray[np.int32]

    @classmethod
    def open(cls, path: Path, *, n_rows: int) -> Usage:
        """Return the vectors in a file, mapped.

        Args:
            path: The file.
            n_rows: How many rows the model has.

        Raises:
            OSError: If it cannot be read.
            ValueError: If it is no such file, or of another model.
        """
        arrays, _ = map_arrays(path)
        codes, scales, rows = (arrays.get(name) for name in ("codes", "scales", "rows"))
        if (
            codes is None
            or scales is None
            or rows is None
            or codes.dtype != np.uint8
            or scales.dtype != np.float16
            or rows.dtype != np.int32
            or codes.ndim != 2
            or not len(codes) == len(scales) == len(rows) > 0
            or rows[0] < 0
            or rows[-1] >= n_rows
            or np.any(np.diff(rows) <= 0)
        ):
            raise ValueError("its arrays do not belong together, or to this model")
        return cls(PackedRows(codes, scales), rows)  # type: ignore[arg-type]  # checked above

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        return self.packed.dim

    def take(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the vectors of rows, of unit length, or zeros where a row has none."""
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        has = self.rows[places] == rows
        found = np.zeros((len(rows), self.dim), dtype=np.float32)
        vectors = self.packed.take(places[has])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        found[has] = np.divide(vectors, norms, out=vectors, where=norms > 0)
        return found


def read_vectors(path: Path) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield the words and vectors of the package, in its order: word2vec's binary format.

    Raises:
        ValueError: If the file is not that package, or is cut off.
    """
    with tarfile.open(path) as package:
        member = next((one for one in package if one.name.endswith(_MEMBER)), None)
        opened = package.extractfile(member) if member else None
        if opened is None:
            raise ValueError(f"{path} has no {_MEMBER}")
        data = opened.read()
    end = data.index(b"\n")
    n_words, dim = map(int, data[:end].split())
    at = end + 1
    for _ in range(n_words):
        space = data.index(b" ", at)
        word = data[at:space].lstrip(b"\n").decode("utf-8", "replace")
        at = space + 1 + 4 * dim
        yield word, np.frombuffer(data, dtype="<f4", count=dim, offset=space + 1)


def gathered(
    encoder: StaticEncoder, vectors: Iterator[tuple[str, NDArray[np.float32]]]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the rows of a model that words with a vector are, and their vectors of unit length.

    The words of one row, two spellings mostly, have the mean. A word that the model does not know
    as a whole has none.
    """
    found: dict[int, NDArray[np.float32]] = {}
    for word, vector in vectors:
        row = encoder.row_of(fold(word))
        norm = float(np.linalg.norm(vector))
        if row and norm:
            found[row] = found.get(row, 0) + vector / norm
    rows = np.array(sorted(found), dtype=np.int32)
    table = np.stack([found[int(row)] for row in rows])
    return rows, (table / np.linalg.norm(table, axis=1, keepdims=True)).astype(np.float32)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the vectors beside the shipped model; returns the exit code."""
    from embeddings.encoder import SHIPPED_MODEL, shipped_encoder

    parser = argparse.ArgumentParser(prog="python -m embeddings.usage", description=__doc__)
    parser.add_argument("--synonyms", type=Path, required=True, help="synonyms-3.8.0.tar.gz")
    parser.add_argument("--out", type=Path, default=SHIPPED_MODEL / USAGE_FILE)
    given = parser.parse_args(argv)
    rows, table = gathered(shipped_encoder(), read_vectors(given.synonyms))
    packed = pack(table)
    save_arrays(given.out, {"codes": packed.codes, "scales": packed.scales, "rows": rows}, {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
