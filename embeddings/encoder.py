"""Texts to vectors: the shipped bilingual model, or any sentence-transformers model.

The shipped model is a table of word vectors. A text is cut into dictionary words, their vectors
are added, and the sum is scaled to unit length. It runs on numpy and the tokenizer alone. Word
order, digits and punctuation do not count.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from corpus.errors import ModelError
from embeddings.cutter import Cutter
from embeddings.quantise import PackedRows, map_arrays
from embeddings.transformer import SentenceTransformerEncoder
from embeddings.usage import USAGE_FILE, Usage
from embeddings.vocabulary import LATIN_MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

SHIPPED_MODEL = Path(__file__).parent / "model"
WEIGHTS_FILE = "weights.safetensors"
TOKENIZER_FILE = "tokenizer.json"
_STEP = 512  # texts whose words are unpacked together: the more, the fewer are unpacked twice
_BATCH = 256
_FEW = 64
_ONE_THREAD = 1 << 18  # multiplications up to which BLAS keeps to one thread
_WORD = 16  # characters of a text whose tokens are kept
_N_KEPT, _N_SUMS = 8192, 2048
_MANY = 10_000  # texts after which the rest is cut by an automaton, whose making has then paid


class Encoder(Protocol):
    """What turns texts into vectors.

    Both methods return float32, C-contiguous, shape (len(texts), dim), one row a text in the
    order given. A row has unit length, or is all zeros if the text has no word that is known.
    """

    @property
    def name(self) -> str:
        """What the user calls the model."""

    @property
    def dim(self) -> int:
        """Numbers in a vector."""

    @property
    def fingerprint(self) -> str:
        """A short text that is another one when the weights are others."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions."""

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages or sentences."""


class StaticEncoder:
    """The shipped model, run by tokenizers and numpy.

    The weights stay in the mapped file; only the rows of the words that occur are read.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        rows: PackedRows,
        *,
        row_of_token: NDArray[np.int32],
        name: str,
        fingerprint: str,
        usage: Usage | None = None,
    ) -> None:
        """Keep the parts.

        Args:
            tokenizer: Text to token ids.
            rows: The stored vectors, already multiplied by the weight of the word; row 0 is zero.
            row_of_token: Shape (tokens,). Inflections share a row, words without content have 0.
            name: What the user calls the model.
            fingerprint: Of tokenizer and weights.
            usage: How the words of its rows are used; None where that is not known.
        """
        self._tokenizer = tokenizer
        self._rows = rows
        self._row_of_token = row_of_token
        self._slots = np.full(len(rows.scales), -1, dtype=np.int32)
        self._usage = usage
        self.usage_dim = usage.dim if usage else 0
        self._units = np.empty((0, rows.dim), dtype=np.float32)  # those used so far, by slot
        self._uses = np.empty((0, self.usage_dim), dtype=np.float32)
        self._n_units = 0
        self._filling = Lock()
        self._n_cut = 0
        self._cutter: Cutter | None = None
        self._ids_of_word = lru_cache(maxsize=_N_KEPT)(self._ids_of)
        self._sum_of_word = lru_cache(maxsize=_N_SUMS)(self._sum_of)
        self._row_of_word = lru_cache(maxsize=_N_KEPT)(self._row_of)
        self.name = name
        self.dim = rows.dim
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, folder: Path | None = None) -> StaticEncoder:
        """Return the model of `folder`, the shipped one by default.

        Raises:
            ModelError: If a file is missing or damaged, or the two do not belong together.
        """
        from tokenizers import Tokenizer

        folder = folder or SHIPPED_MODEL
        name = "shipped" if folder == SHIPPED_MODEL else str(folder)
        try:
            arrays, metadata = map_arrays(folder / WEIGHTS_FILE)
            rows, row_of_token = _checked(arrays)
        except (OSError, ValueError) as exc:
            raise ModelError(name, f"cannot read {WEIGHTS_FILE}: {exc}") from exc
        usage = None
        if (folder / USAGE_FILE).exists():
            try:
                usage = Usage.open(folder / USAGE_FILE, n_rows=len(rows.scales))
            except (OSError, ValueError) as exc:
                raise ModelError(name, f"cannot read {USAGE_FILE}: {exc}") from exc
        try:
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except Exception as exc:  # tokenizers raises nothing narrower
            raise ModelError(name, f"cannot read {TOKENIZER_FILE}: {exc}") from exc
        n_tokens = tokenizer.get_vocab_size()
        if n_tokens != len(row_of_token):
            raise ModelError(
                name, f"{TOKENIZER_FILE} has {n_tokens} tokens, {WEIGHTS_FILE} {len(row_of_token)}"
            )
        return cls(
            tokenizer,
            rows,
            row_of_token=row_of_token,
            name=name,
            fingerprint=metadata.get("fingerprint", ""),
            usage=usage,
        )

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions; the same as those of passages in this model."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dim); zeros for a text without known words."""
        return self.weighted(texts)[0]

    def weighted(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the vectors of texts as `encode_passages` does, and what each weighs.

        The weight, shape (len(texts),), is the length of the sum of a text's word vectors; the more
        a word tells, the longer its vector.
        """
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if len(texts) <= _FEW:
            for row, text in zip(vectors, texts, strict=True):
                row[:] = self._sum_of_word(text) if len(text) <= _WORD else self._sum_of(text)
        else:
            self._add_up(texts, vectors)
        norms = np.linalg.norm(vectors, axis=1)
        np.divide(vectors, norms[:, None], out=vectors, where=norms[:, None] > 0)
        return vectors, norms

    def _sum_of(self, text: str) -> NDArray[np.float32]:
        """Return the sum of a text's word vectors, shape (dim,)."""
        rows = self._row_of_token[self._ids_of(text)]
        rows = rows[rows > 0]
        if len(rows) == 1:  # as of most words
            alone: NDArray[np.float32] = self._rows.take(rows)[0]
            return alone
        used, counts = np.unique(rows, return_counts=True)
        summed: NDArray[np.float32] = np.matmul(counts.astype(np.float32), self._rows.take(used))
        return summed

    def _add_up(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Fill in the sum of each text's word vectors, as `_sum_of` does, of many together."""
        found = (self._row_of_token[ids] for ids in self._token_ids(texts))
        for at in range(0, len(texts), _STEP):
            batch = list(islice(found, _STEP))
            of_text, rows, counts = self._counted(batch)
            used, places = np.unique(rows, return_inverse=True)
            taken = self._rows.take(used)
            ends = np.searchsorted(of_text, np.arange(len(batch) + 1))
            for text, (first, past) in enumerate(pairwise(ends.tolist()), start=at):
                vectors[text] = np.matmul(counts[first:past], taken[places[first:past]])

    def _counted(
        self, rows_of: Sequence[NDArray[np.int32]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Return text, row and count of each word that counts in some texts, in this order."""
        rows = np.concatenate(rows_of)
        of_text = np.repeat(np.arange(len(rows_of)), [len(one) for one in rows_of])
        pairs = (of_text * len(self._rows.scales) + rows)[rows > 0]
        distinct, counts = np.unique(pairs, return_counts=True)
        return *np.divmod(distinct, len(self._rows.scales)), counts.astype(np.float32)

    def cut(self, text: str) -> tuple[list[str], NDArray[np.int32]]:
        """Return what a text is cut into, in order, and the table row of each, 0 for none.

        Where words begin there may be an empty one.
        """
        encoding = self._tokenizer.encode(_printable(text), add_special_tokens=False)
        rows = self._row_of_token[np.array(encoding.ids, dtype=np.int64)]
        return [token.removeprefix(LATIN_MARK) for token in encoding.tokens], rows

    def word_rows(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return for each text the table rows of its words that count, in order."""
        found = [self._row_of_token[ids] for ids in self._token_ids(texts)]
        return [rows[rows > 0] for rows in found]

    def unit_rows(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the vectors of table rows, shape (len(rows), dim), of unit length or zeros."""
        with self._filling:
            slots = self._filled(rows)  # which may grow what they are taken from
            found: NDArray[np.float32] = self._units.take(slots, axis=0)
        return found

    def usage_rows(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return how the words of table rows are used, shape (len(rows), usage_dim).

        Of unit length, or zeros where that is not known.
        """
        with self._filling:
            slots = self._filled(rows)
            found: NDArray[np.float32] = self._uses.take(slots, axis=0)
        return found

    def unit_products(
        self, rows: NDArray[np.integer], vectors: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the inner products of `unit_rows` and vectors, shape (rows, vectors)."""
        with self._filling:
            slots, table = self._filled(rows), self._units
        return _products(table, slots, vectors)

    def usage_products(
        self, rows: NDArray[np.integer], vectors: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the inner products of `usage_rows` and vectors, shape (rows, vectors)."""
        with self._filling:
            slots, table = self._filled(rows), self._uses
        return _products(table, slots, vectors)

    def uses_of(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return how folded words are used, as `usage_rows` does; zeros for one of several rows."""
        rows = [0 if word.isascii() else self.row_of(word) for word in words]  # all are Chinese
        if not any(rows):
            return np.zeros((len(rows), self.usage_dim), dtype=np.float32)
        return self.usage_rows(np.array(rows, dtype=np.int64))

    def row_of(self, word: str) -> int:
        """Return the table row of a folded word, 0 where the model does not know it as a whole."""
        return self._row_of_word(word)

    def _row_of(self, word: str) -> int:
        parts, rows = self.cut(word)
        found = [int(row) for part, row in zip(parts, rows, strict=True) if part]
        return found[0] if len(found) == 1 else 0

    def _filled(self, rows: NDArray[np.integer]) -> NDArray[np.int32]:
        """Return the slots of rows, those not used before unpacked."""
        slots = self._slots.take(rows)
        if len(new := rows[slots < 0]):
            self._unpack(np.unique(new))
            slots = self._slots.take(rows)
        return slots

    def _unpack(self, new: NDArray[np.integer]) -> None:
        """Keep the unit vectors of rows not used before."""
        vectors = self._rows.take(new)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        first, end = self._n_units, self._n_units + len(new)
        if end > len(self._units):
            size = max(2 * len(self._units), end, _BATCH)
            self._units = _grown(self._units, first, size)
            self._uses = _grown(self._uses, first, size)
        self._units[first:end] = vectors
        if self._usage:
            self._uses[first:end] = self._usage.take(new)
        self._slots[new] = np.arange(first, end)
        self._n_units = end

    def words(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the words each text is cut into, in order, those without content included."""
        if cutter := self._cutter_of(len(texts)):
            return [cutter.words(_printable(text)) for text in texts]
        return [
            [word for token in encoding.tokens if (word := token.removeprefix(LATIN_MARK))]
            for encoding in self._encodings(texts, self._tokenizer.encode_batch)
        ]

    def _token_ids(self, texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
        """Yield the token ids of each text; those that say where words begin may be missing."""
        if len(texts) <= _FEW:  # waking the tokenizer's threads would take longer
            for text in texts:
                yield self._ids_of_word(text) if len(text) <= _WORD else self._ids_of(text)
            return
        if cutter := self._cutter_of(len(texts)):
            found = (cutter.ids(_printable(text)) for text in texts)
        else:  # the faster call tells the ids alone
            encodings = self._encodings(texts, self._tokenizer.encode_batch_fast)
            found = (encoding.ids for encoding in encodings)
        yield from (np.array(ids, dtype=np.int64) for ids in found)

    def _ids_of(self, text: str) -> NDArray[np.int64]:
        encoding = self._tokenizer.encode(_printable(text), add_special_tokens=False)
        return np.array(encoding.ids, dtype=np.int64)

    def _encodings(
        self, texts: Sequence[str], encode_batch: Callable[..., list[Encoding]]
    ) -> Iterator[Encoding]:
        """Yield what the tokenizer makes of each text; many are given to it at a time."""
        printable = map(_printable, texts)
        if len(texts) <= _FEW:  # waking the tokenizer's threads would take longer
            for text in printable:
                yield self._tokenizer.encode(text, add_special_tokens=False)
        while batch := list(islice(printable, _BATCH)):
            yield from encode_batch(batch, add_special_tokens=False)

    def _cutter_of(self, n_texts: int) -> Cutter | None:
        """Return what cuts many texts, once so many were cut that making it has paid."""
        if n_texts > _FEW:
            self._n_cut += n_texts
        if n_texts <= _FEW or self._n_cut < _MANY:
            return None
        if self._cutter is None:
            self._cutter = Cutter(self._tokenizer)
        return self._cutter

    def vocabulary(self) -> tuple[list[str], NDArray[np.int32]]:
        """Return the tokens in the order of their ids, and the table row of each."""
        ids = self._tokenizer.get_vocab()
        return sorted(ids, key=lambda token: ids[token]), self._row_of_token

    def matrix(self) -> NDArray[np.float32]:
        """Return the table, shape (rows, dim); row 0 is zeros."""
        return self._rows.take(np.arange(len(self._rows.scales)))


@lru_cache(maxsize=1)
def shipped_encoder() -> StaticEncoder:
    """Return the shipped model, loaded once a process."""
    return StaticEncoder.load()


def _products(
    table: NDArray[np.float32], rows: NDArray[np.integer], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the inner products of rows of a table and vectors, shape (rows, vectors).

    In steps that the processor's cache holds, and that are too small for BLAS to wake its threads,
    whose busy waiting takes longer than the work.

    Source: OpenBLAS, GEMM_MULTITHREAD_THRESHOLD in interface/gemm.c.
    """
    found = np.empty((len(rows), len(vectors)), dtype=np.float32)
    step = max(1, _ONE_THREAD // max(1, vectors.size))
    taken = np.empty((min(step, len(rows)), table.shape[1]), dtype=np.float32)
    for at in range(0, len(rows), step):
        some = rows[at : at + step]
        here = table.take(some, axis=0, out=taken[: len(some)], mode="clip")  # with no copy
        np.matmul(here, vectors.T, out=found[at : at + step])
    return found


def _grown(table: NDArray[np.float32], n_kept: int, size: int) -> NDArray[np.float32]:
    """Return a table of more rows that begins with the kept ones."""
    grown = np.empty((size, *table.shape[1:]), dtype=np.float32)
    grown[:n_kept] = table[:n_kept]
    return grown


def _printable(text: str) -> str:
    """Return the text without lone surrogates, which the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _checked(
    arrays: dict[str, NDArray[np.generic]],
) -> tuple[PackedRows, NDArray[np.int32]]:
    """Return the packed rows and the row of every token.

    Raises:
        ValueError: If an array is missing, or its shape or type is not what belongs there.
    """
    shapes = {"codes": (np.uint8, 2), "scales": (np.float16, 1), "row_of_token": (np.int32, 1)}
    for key, (dtype, axes) in shapes.items():
        if key not in arrays or arrays[key].dtype != dtype or arrays[key].ndim != axes:
            raise ValueError(f"no array {key!r} of type {dtype.__name__} with {axes} axes")
    rows = PackedRows(
        codes=arrays["codes"].astype(np.uint8, copy=False),
        scales=arrays["scales"].astype(np.float16, copy=False),
    )
    row_of_token = np.array(arrays["row_of_token"], dtype=np.int32)
    n_rows = len(rows.codes)
    if len(rows.scales) != n_rows or row_of_token.min(initial=0) < 0:
        raise ValueError(f"{n_rows} rows of codes, {len(rows.scales)} scales")
    if row_of_token.max(initial=0) >= n_rows:
        raise ValueError(f"a token points at row {row_of_token.max()} of {n_rows}")
    return rows, row_of_token


def load_encoder(name: str | None) -> Encoder:
    """Return the shipped model for None, one that `embeddings.train` wrote, else any other."""
    if name is None or (Path(name) / WEIGHTS_FILE).is_file():
        return StaticEncoder.load(Path(name) if name else None)
    return SentenceTransformerEncoder.load(name)
