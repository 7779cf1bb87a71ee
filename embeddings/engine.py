"""FAISS: how vectors are kept and searched; the only module that knows it.

Few vectors are kept as they are and compared one by one. Many are kept twice: as codes of 4 bits
for each two numbers, which are searched and of which more are taken than are wanted; and at half
precision, by which those are put in order. The codes are mapped, so that all processes share one
copy; of the vectors a question needs some hundreds, which are read from their file.

FAISS checks neither what it is given nor what it reads: it takes any dtype, fails on a wrong
dimension with an empty message, pads short results with row -1, does not notice an altered file,
and ends the process where a mapped index is added to. So padding is dropped here, what is mapped is
only searched, and files are opened only from a folder whose manifest matched.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Found = tuple["NDArray[np.float32]", "NDArray[np.int64]"]
"""Cosines, highest first, and the rows they are of."""

OVER = 6
"""How many times what is wanted is taken by codes, to be put in order by the vectors."""

ALIKE = 1e-6  # two cosines that differ by less are one, rounded twice
_SPARE = 8  # rows looked at beyond those asked for, to see whether the last is one of several alike
_BLOCK = 16_384  # vectors that are at hand at one time while many are written
_SAMPLE = 8192  # vectors that codes are found from
_ROUNDS = 8  # of k-means
_LIST = 0  # all codes are in one list
_ROW = 8  # bytes of the number of a row
_FEW = 16_384  # rows left by a filter that are compared one by one, whatever their number before


class Sink(Protocol):
    """What takes vectors in, in the order of their rows."""

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Take vectors in, shape (n, dim)."""


class Rows:
    """Vectors in a file, at half precision, read by the row.

    To read some hundred rows out of a file that the system has in memory takes far less time than
    to map them, and no memory that would have to be given back.
    """

    def __init__(self, file: Path, *, dim: int) -> None:
        """Open the file, so that it can be read even after it is deleted.

        Raises:
            OSError: If it cannot be opened.
            ValueError: If it holds no whole number of vectors.
        """
        self._file = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._file)
        self._dim = dim
        self._row = dim * np.dtype(np.float16).itemsize  # bytes
        self.n, over = divmod(os.fstat(self._file).st_size, self._row)
        if over:
            raise ValueError("it holds no whole number of vectors")

    def take(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return vectors, shape (len(rows), dim)."""
        ends = np.flatnonzero(np.diff(rows, append=-1) != 1) + 1  # those side by side in one go
        sizes = np.diff(ends, prepend=0)
        runs = list(zip((rows[ends - 1] - sizes + 1).tolist(), sizes.tolist(), strict=True))
        if hasattr(os, "posix_fadvise"):  # the disk brings all that memory lacks, not one by one
            for at, n in runs:
                os.posix_fadvise(self._file, at * self._row, n * self._row, os.POSIX_FADV_WILLNEED)
        read = [os.pread(self._file, n * self._row, at * self._row) for at, n in runs]
        found = np.frombuffer(b"".join(read), dtype=np.float16).reshape(len(rows), self._dim)
        return found.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Side:
    """Vectors of one kind, of the passages or of their sentences.

    Attributes:
        index: A FAISS index, which is only read, or one of codes.
        rows: The vectors, where the index holds but codes of them.
    """

    index: Any
    rows: Rows | None = None

    @property
    def n(self) -> int:
        """How many vectors there are."""
        return self.rows.n if self.rows else int(self.index.ntotal)

    def take(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return vectors, shape (len(rows), dim)."""
        if self.rows:
            return self.rows.take(rows)
        with _one_thread():
            found: NDArray[np.float32] = self.index.reconstruct_batch(rows)
        return found

    def cosines(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the inner products of rows, each summed by itself: equal rows give equal ones."""
        found: NDArray[np.float32] = np.vecdot(self.take(rows), vector)
        return found

    def nearest(self, vector: NDArray[np.float32], k: int, left: NDArray[np.bool_] | None) -> Found:
        """Return the k nearest of the rows that are left; of codes, those that seem so.

        Where the search is exact, all that are as near as the last are among them. It is done by
        one thread: others would wait busily longer than they work, while questions wait for them.

        Args:
            vector: Shape (1, dim).
            k: How many.
            left: Which rows are searched, shape (n,); None is all.
        """
        if self.rows is None:
            return self._exactly(vector, k, left)
        if left is not None and left.sum() <= _FEW:
            rows = np.flatnonzero(left)
            found = self.cosines(rows, vector)
            best = np.argsort(-found, kind="stable")[:k]
            return found[best], rows[best]
        params = None if left is None else _library().SearchParametersIVF(sel=_selector(left))
        return self._search(vector, min(k, self.n), params)

    def _exactly(
        self, vector: NDArray[np.float32], k: int, left: NDArray[np.bool_] | None
    ) -> Found:
        n = min(k + _SPARE, self.n)
        while n:
            scores, rows = self._search(vector, n, _among(left))
            if len(rows) < n or n == self.n or scores[-1] < scores[k - 1] - ALIKE:
                return scores, rows
            n = min(2 * n, self.n)
        return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)

    def _search(self, vector: NDArray[np.float32], n: int, params: Any) -> Found:
        """Return what FAISS finds, without its padding."""
        with _one_thread():
            scores, rows = (one[0] for one in self.index.search(vector, n, params=params))
        return scores[rows >= 0], rows[rows >= 0]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let FAISS use the calling thread alone; OpenMP keeps the number for each thread."""
    faiss = _library()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _library() -> Any:
    """Return FAISS; its stubs do not know the Python constructors."""
    import faiss

    return faiss


def _selector(left: NDArray[np.bool_]) -> Any:
    return _library().IDSelectorBitmap(np.packbits(left, bitorder="little"))


def _among(left: NDArray[np.bool_] | None) -> Any:
    return None if left is None else _library().SearchParameters(sel=_selector(left))


def exact(dim: int) -> Any:
    """Return an empty index that keeps vectors as they are; a `Sink`."""
    return _library().IndexFlatIP(dim)


def clusters(vectors: NDArray[np.float32], n: int, *, seed: int) -> NDArray[np.int64]:
    """Return the cluster of each vector, by k-means on one thread, shape (len(vectors),).

    Of few vectors there are as many clusters as vectors.
    """
    faiss = _library()
    faiss.omp_set_num_threads(1)
    told = faiss.Kmeans(
        vectors.shape[1], min(n, len(vectors)), niter=6, seed=seed, max_points_per_centroid=100
    )
    told.train(vectors)
    found: NDArray[np.int64] = told.index.search(vectors, 1)[1][:, 0]
    return found


class RowWriter:
    """Writes vectors at half precision to a file."""

    def __init__(self, file: Path) -> None:
        """Begin the file."""
        self._file = file.open("wb")

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Write vectors, shape (n, dim)."""
        self._file.write(vectors.astype(np.float16).tobytes())


def coded(rows: Rows, *, dim: int) -> Any:
    """Return an index of the codes of vectors.

    All are in one list: more of them, of which some are searched, lost more than they saved
    (docs/scale.md), and FAISS leaves rows out in lists only.

    Source: André, Kermarrec and Le Scouarnec, Quicker ADC, TPAMI 2019.
    """
    library = _library()
    index = library.index_factory(dim, f"IVF1,PQ{_n_codes(dim)}x4fs", library.METRIC_INNER_PRODUCT)
    for clustering in (index.cp, index.pq.cp):
        clustering.niter = _ROUNDS
        clustering.min_points_per_centroid = 1
    sample = np.linspace(0, rows.n - 1, min(rows.n, _SAMPLE)).astype(np.int64)
    index.train(rows.take(sample))
    for first in range(0, rows.n, _BLOCK):
        index.add(rows.take(np.arange(first, min(first + _BLOCK, rows.n))))
    return index


def _n_codes(dim: int) -> int:
    """Return into how many parts a vector is cut, each of which is a code: of two numbers."""
    return dim // 2 if dim % 2 == 0 else dim


def write(index: Any, file: Path) -> None:
    """Write an index.

    Raises:
        OSError: If it cannot be written.
    """
    try:
        _library().write_index(index, str(file))
    except RuntimeError as exc:
        raise OSError(str(exc).splitlines()[0]) from exc


def mapped_index(file: Path) -> Any:
    """Return an index that is read as it is searched, and must not be written to.

    Raises:
        OSError: If it cannot be read.
    """
    library = _library()
    try:
        return library.read_index(str(file), library.IO_FLAG_MMAP_IFC)
    except RuntimeError as exc:
        raise OSError(str(exc).splitlines()[0]) from exc


def write_coded(index: Any, file: Path, blocks: Path) -> None:
    """Write an index of codes: its one list to a file to be mapped, all else to another.

    FAISS reads the blocks that this search goes through into memory. But it can search any list
    on disk, and in one of blocks the codes lie as it searches them: block by block, then the rows.

    Args:
        index: As of `coded`; its list is empty afterwards.
        file: What `mapped_codes` reads.
        blocks: What it maps.

    Raises:
        OSError: If they cannot be written.
    """
    library = _library()
    lists = library.downcast_InvertedLists(index.invlists)
    n_bytes = _padded(index.ntotal, lists.n_per_block) * index.code_size
    with blocks.open("wb") as handle:
        handle.write(library.rev_swig_ptr(lists.get_codes(_LIST), n_bytes).data)
        handle.write(library.rev_swig_ptr(lists.get_ids(_LIST), index.ntotal).data)
    lists.resize(_LIST, 0)
    write(index, file)


def mapped_codes(file: Path, blocks: Path) -> Any:
    """Return an index of codes that is read as it is searched, and must not be written to.

    Raises:
        OSError: If it cannot be read.
        ValueError: If the two files do not belong together.
    """
    library = _library()
    index = mapped_index(file)
    list_ = library.OnDiskOneList()
    list_.offset, list_.size = 0, index.ntotal
    list_.capacity = _padded(
        index.ntotal, library.downcast_InvertedLists(index.invlists).n_per_block
    )
    lists = library.OnDiskInvertedLists()
    lists.lists.push_back(list_)
    lists.nlist, lists.code_size = 1, index.code_size
    lists.prefetch_nthread = 0  # threads that read all of a list beside each search of it
    lists.filename, lists.read_only = str(blocks), True
    lists.totsize = list_.capacity * index.code_size + list_.size * _ROW
    if blocks.stat().st_size != lists.totsize:
        raise ValueError("its files do not belong together")
    lists.do_mmap()
    index.replace_invlists(lists, True)
    lists.this.disown()  # it is the index's now
    return index


def _padded(n: int, block: int) -> int:
    return -(-n // block) * block


def best_of(found: Sequence[Found], k: int) -> list[NDArray[np.int64]]:
    """Return for each part the rows that are among the k best of all, or as near as the last."""
    scores = np.sort(np.concatenate([np.empty(0, np.float32), *(one for one, _ in found)]))
    least = scores[-k] - ALIKE if len(scores) > k else -np.inf
    return [rows[one >= least] for one, rows in found]
