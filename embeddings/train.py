"""How the shipped model is made: `python -m embeddings.train --data DIR --out DIR`.

The files are read (`train_data`), a tokenizer is built over their words (`vocabulary`), words are
taken apart (`composition`), the parts get vectors (`learn`), and the sums are damped, pruned and
packed (`finish`). The result depends on the data and the seed only.
"""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.composition import SUFFIXES, Bags, bases_of_tokens, needed_surfaces, sum_bases
from embeddings.finish import choose_words, damp, groups_of, without_common_direction, write_model
from embeddings.learn import Recipe, train_vectors
from embeddings.train_data import TrainingData, read_training_data
from embeddings.vocabulary import (
    LATIN_MARK,
    UNKNOWN,
    build_tokenizer,
    compile_rules,
    folding_rules,
    latin_words,
    simplify_all,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tokenizers import Tokenizer

log = logging.getLogger(__name__)

_MAX_WORD = 9


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the texts are cut into.

    Attributes:
        tokens: Every entry of the tokenizer, in the order of the token ids.
        charsmap: The compiled folding of characters.
    """

    tokens: list[str]
    charsmap: bytes


def choose_vocabulary(data: TrainingData, stem: Callable[[str], str], min_count: int) -> Vocabulary:
    """Return all Chinese words of the data, their characters, English words and syllables.

    A syllable of pinyin is an entry at the start of a Latin word and inside it, so that an unknown
    name ("Xiaoming") is spelled; a word that does not come out even stays unknown.
    """
    words = simplify_all(word for word in data.words if len(word) <= _MAX_WORD)
    characters = sorted(set("".join(words)))
    rules = folding_rules(characters)
    every = data.pairs + data.sentence_pairs
    counts = latin_words((text for pair in every for text in pair), rules)
    english = [word for word, count in counts.items() if count >= min_count]
    english += [syllable for syllable in data.syllables if counts.get(syllable, 0) < min_count]
    tokens = [
        *(UNKNOWN, LATIN_MARK),
        *SUFFIXES,
        *characters,
        *(word for word in words if len(word) > 1),
        *data.syllables,
        *(LATIN_MARK + word for word in needed_surfaces(english, stem)),
    ]
    return Vocabulary(tokens=tokens, charsmap=compile_rules(rules))


def token_bags(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    """Return the token ids of every text."""
    found = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return Bags.of([encoding.ids for encoding in found])


def pair_bags(
    tokenizer: Tokenizer, bases: Bags, pairs: Sequence[tuple[str, str]]
) -> tuple[Bags, Bags]:
    """Return the bases of the left and of the right texts, without pairs that say nothing."""
    left = token_bags(tokenizer, [pair[0] for pair in pairs]).through(bases)
    right = token_bags(tokenizer, [pair[1] for pair in pairs]).through(bases)
    useful = np.flatnonzero((left.lengths > 0) & (right.lengths > 0))
    return left.take(useful), right.take(useful)


def train(data_folder: Path, out: Path, recipe: Recipe) -> None:
    """Train on the files of `data_folder` and write the light model to `out`."""
    import snowballstemmer

    stem = cache(snowballstemmer.stemmer("english").stemWord)
    data = read_training_data(data_folder)
    vocabulary = choose_vocabulary(data, stem, recipe.min_count)
    tokens = vocabulary.tokens
    bases, n_bases = bases_of_tokens(tokens, stem)
    tokenizer = build_tokenizer(tokens, vocabulary.charsmap)
    pairs = data.pairs + data.sentence_pairs * recipe.sentence_passes + data.pinyin_pairs
    bags = pair_bags(tokenizer, bases, pairs)
    log.info("%d tokens, %d bases, %d pairs", len(tokens), n_bases, len(bags[0]))
    rows = sum_bases(bases, train_vectors(bags, n_bases, recipe))
    sentences = token_bags(tokenizer, [text for pair in data.sentence_pairs for text in pair])
    groups = groups_of(bases)
    rows = without_common_direction(damp(rows, groups, sentences), sentences)
    keep = choose_words(tokens, rows, recipe.max_words)
    kept = build_tokenizer([tokens[at] for at in keep], vocabulary.charsmap)
    write_model(out, kept, rows[keep], groups[keep])
    size = sum(path.stat().st_size for path in out.iterdir()) / 2**20
    log.info("kept %d tokens, %d rows, %.1f MiB", len(keep), len(set(groups[keep])), size)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the three files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    given = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout, force=True)
    train(given.data, given.out, Recipe(seed=given.seed, epochs=given.epochs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
