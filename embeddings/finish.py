"""From trained vectors to the shipped files: damping, pruning, packing.

None of these steps learns anything; they make the sum of the rows of a text a better vector for
search, and the tokenizer small enough to load at once.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from embeddings.encoder import TOKENIZER_FILE, WEIGHTS_FILE
from embeddings.quantise import pack, save_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from embeddings.composition import Bags

_HALF_AT = 300
_DICTIONARY_BONUS = 0.2


def groups_of(bases: Bags) -> NDArray[np.int64]:
    """Return a number for every token, the same for tokens made of the same bases; -1 for none.

    It is the first base: only English words share it, and they have no other.
    """
    first = np.full(len(bases), -1, dtype=np.int64)
    filled = np.flatnonzero(bases.lengths)
    first[filled] = bases.values[bases.starts[filled]]
    return first


def damp(
    rows: NDArray[np.float32], groups: NDArray[np.int64], sentences: Bags
) -> NDArray[np.float32]:
    """Return the rows with those of frequent words shortened, to half at 300 occurrences.

    Args:
        rows: One row a token.
        groups: From `groups_of`; the tokens of a group are counted together.
        sentences: The tokens of sentences in both languages.

    Source: the weight a / (a + frequency) of Arora, Liang and Ma, ICLR 2017, section 3, on top of
    the learned one, because dictionary entries hardly contain the words of everyday sentences.
    """
    seen = groups[sentences.values]
    counts = np.bincount(seen[seen >= 0], minlength=int(groups.max(initial=0)) + 1)
    factor = np.where(groups >= 0, _HALF_AT / (_HALF_AT + counts[groups]), 0.0)
    return rows * factor[:, None].astype(np.float32)


def without_common_direction(rows: NDArray[np.float32], sentences: Bags) -> NDArray[np.float32]:
    """Return the rows without the direction that all sentences share.

    Source: Arora, Liang and Ma, ICLR 2017, algorithm 1: the first singular vector of the matrix
    of sentence vectors. Taken out of the rows, it is out of every sum of them.
    """
    filled = np.flatnonzero(sentences.lengths)
    if not len(filled):
        return rows
    sums = np.add.reduceat(rows[sentences.values], sentences.starts[filled], axis=0)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    units = sums / np.where(norms > 0, norms, 1)
    _, directions = np.linalg.eigh(units.T @ units)
    common = directions[:, -1]
    return np.asarray(rows - np.outer(rows @ common, common), dtype=np.float32)


def choose_words(tokens: Sequence[str], rows: NDArray[np.float32], max_words: int) -> list[int]:
    """Return the numbers of the tokens to keep, in order: all but the least needed Chinese words.

    A word is needed the more, the farther its row is from the sum of the rows of the shorter
    words it would be cut into (1 - cosine); words that the segmenter's dictionary has, which are
    the frequent ones, are preferred.
    """
    import rjieba

    number = {token: at for at, token in enumerate(tokens)}
    words = [at for at, token in enumerate(tokens) if _is_han(token) and len(token) > 1]
    need: dict[int, float] = {}
    for at in words:
        pieces = rows[_shorter_pieces(tokens[at], number)].sum(axis=0)
        product = float(np.linalg.norm(rows[at]) * np.linalg.norm(pieces))
        cosine = float(rows[at] @ pieces) / product if product > 0 else 0.0
        known = len(rjieba.cut(tokens[at], False)) == 1
        need[at] = 1 - cosine + _DICTIONARY_BONUS * known
    dropped = set(sorted(words, key=lambda at: (-need[at], at))[max_words:])
    return [at for at in range(len(tokens)) if at not in dropped]


def _is_han(token: str) -> bool:
    return "一" <= token[0] <= "鿿"


def _shorter_pieces(word: str, number: dict[str, int]) -> list[int]:
    """Return what longest match cuts a word into when the word itself is no entry."""
    pieces: list[int] = []
    start = 0
    while start < len(word):
        end = len(word) if start else len(word) - 1
        while word[start:end] not in number:
            end -= 1
        pieces.append(number[word[start:end]])
        start = end
    return pieces


def write_model(
    folder: Path, tokenizer: Tokenizer, rows: NDArray[np.float32], groups: NDArray[np.int64]
) -> None:
    """Write tokenizer and weights; row 0 is zeros, and tokens of one group share a row.

    Args:
        folder: Made if absent.
        tokenizer: Its token ids number the rows.
        rows: One row a token, shape (tokens, dim), equal within a group.
        groups: From `groups_of`, shape (tokens,).
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    used = np.where(np.abs(rows).max(axis=1) > 0, groups, -1)
    _, first, row_of_token = np.unique(
        np.concatenate([[-1], used]), return_index=True, return_inverse=True
    )
    zero = np.zeros((1, rows.shape[1]), dtype=np.float32)
    packed = pack(np.concatenate([zero, rows[first[1:] - 1]]))
    arrays: dict[str, NDArray[np.generic]] = {
        "codes": packed.codes,
        "scales": packed.scales,
        "row_of_token": row_of_token[1:].astype(np.int32),
    }
    digest = hashlib.sha256((folder / TOKENIZER_FILE).read_bytes())
    for array in arrays.values():
        digest.update(array.tobytes())
    save_arrays(folder / WEIGHTS_FILE, arrays, {"fingerprint": digest.hexdigest()[:16]})
