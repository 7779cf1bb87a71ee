"""English words and phrases to Chinese terms, each with a weight, from a shipped file.

The file is sorted text, one phrase a line: `stem stem<TAB>term weight term weight …`. It is mapped
and searched by halving, so opening it costs nothing and a look-up reads a few lines.
`python -m qa.search.lexicon --data DIR` makes it from the dictionaries of the shipped model.
"""

from __future__ import annotations

import argparse
import mmap
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ModelError
from corpus.text import fold
from qa.fitting.align import MAX_TERM, Translations, learn, terms_in
from qa.search.stems import stem

if TYPE_CHECKING:
    from embeddings.encoder import StaticEncoder
    from embeddings.train_data import TrainingData

SHIPPED_LEXICON = Path(__file__).parent / "lexicon.tsv"
MAX_WORDS = 4
_N_KEPT = 8192  # phrases whose terms are kept
_PART = 0.5  # what a word counts that stands in a phrase which is known as a whole
_MAX_TERMS = 60
_MAX_OF_ONE = 30  # terms taken from the dictionaries, and as many from the alignment
_LEVELS = 99  # weights are kept as whole numbers from 1 to this
_SINGLE = 0.35  # what one character is worth beside a word: it is part of too many others
_UNTOLD = 0.15  # the weight of a term that the dictionaries do not have for a word
_UNALIGNED = 0.02  # and that the alignment does not have
_ALIGNED_ONLY = 0.5  # what the alignment is worth for a word that is no gloss by itself
_WORD = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_TERM = re.compile(rf"[\u4e00-\u9fff]{{1,{MAX_TERM}}}")
_LEADING = frozenset({"a", "an", "the", "to", "be"})


@dataclass(frozen=True, slots=True)
class Expansion:
    """A phrase of the question and what it may be in Chinese.

    Attributes:
        phrase: As asked, lower case.
        terms: Chinese terms, simplified, each with its weight, over 0 to 1, best first.
        share: What it counts beside the others, over 0 to 1.
    """

    phrase: str
    terms: tuple[tuple[str, float], ...]
    share: float = 1.0


class Lexicon:
    """A lexicon file, opened. The shipped one is `shipped_lexicon()`."""

    def __init__(self, data: mmap.mmap | bytes) -> None:
        """Keep the mapped bytes: sorted lines, each ending in a line feed."""
        self._data = data
        self.terms = lru_cache(maxsize=_N_KEPT)(self._terms)

    @classmethod
    def open(cls, path: Path) -> Lexicon:
        """Return the lexicon in a file.

        Raises:
            ModelError: If it cannot be read.
        """
        try:
            with path.open("rb") as handle:
                return cls(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as exc:
            raise ModelError(str(path), f"cannot read the lexicon: {exc}") from exc

    def _terms(self, key: str) -> tuple[tuple[str, float], ...]:
        """Return the Chinese terms of a phrase's stems, best first; none if it is not there."""
        wanted = key.encode()
        low, high = 0, len(self._data)
        while low < high:
            start = self._data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._data.find(b"\n", start)
            line = self._data[start:end]
            found, _, told = line.partition(b"\t")
            if found == wanted:
                return _parsed(told.decode())
            if found < wanted:
                low = end + 1
            else:
                high = start
        return ()

    def expand(self, text: str, *, skip: frozenset[str] = frozenset()) -> list[Expansion]:
        """Return the phrases of an English text that are known, longest first at each place.

        Behind a phrase of several words follow its words, which count half.

        Args:
            text: Folded text.
            skip: Words that are no phrase alone, nor begin or end one.
        """
        words = [word.removesuffix("'s") for word in _WORD.findall(text)]
        found: list[Expansion] = []
        at = 0
        while at < len(words):
            length, terms = self._longest(words[at : at + MAX_WORDS], skip)
            if length:
                found.append(Expansion(" ".join(words[at : at + length]), terms))
            if length > 1:
                parts = [word for word in words[at : at + length] if word not in skip]
                told = [Expansion(word, self.terms(phrase_key([word])), _PART) for word in parts]
                found += [part for part in told if part.terms]
            at += max(1, length)
        return found

    def _longest(
        self, words: Sequence[str], skip: frozenset[str]
    ) -> tuple[int, tuple[tuple[str, float], ...]]:
        """Return how many of the first words are a known phrase, and its terms; 0 for none."""
        for length in range(len(words), 0, -1):
            if words[0] in skip or words[length - 1] in skip:
                continue
            if terms := self.terms(phrase_key(words[:length])):
                return length, terms
        return 0, ()


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Return the shipped lexicon, opened once a process."""
    return Lexicon.open(SHIPPED_LEXICON)


def phrase_key(words: Iterable[str]) -> str:
    """Return what a phrase is looked up by: its words without their endings.

    >>> phrase_key(["flood", "preventions"]), phrase_key(["cities"]), phrase_key(["wrote"])
    ('flood prevent', 'citi', 'write')
    """
    return " ".join(stem(word) for word in words)


def _parsed(told: str) -> tuple[tuple[str, float], ...]:
    parts = told.split(" ")
    return tuple(
        (term, int(level) / _LEVELS) for term, level in zip(parts[::2], parts[1::2], strict=True)
    )


def build(data: TrainingData, *, encoder: StaticEncoder) -> str:
    """Return a lexicon file's text.

    A word's terms come from two sources, the dictionaries and the alignment
    (`qa/fitting/align.py`); a term weighs the geometric mean of what both say. Phrases come from
    the dictionaries alone.

    Args:
        data: Pairs of texts of the same meaning, glosses and sentences.
        encoder: The model whose vectors are compared.
    """
    pairs = [(fold(chinese), english) for chinese, english in _across(data.pairs)]
    told = _told(pairs, encoder)
    sentences = ((fold(chinese), english) for english, chinese in data.sentence_pairs)
    words = frozenset(fold("\n".join(data.words)).split("\n"))
    aligned = learn(
        ([stem(word) for word in _WORD.findall(english.lower())], terms_in(chinese, words))
        for chinese, english in [*pairs, *sentences]
    )
    lines = (
        f"{key}\t{line}\n"
        for key in sorted({*told, *aligned.words()}, key=str.encode)
        if (line := _line(told.get(key, {}), dict(_scaled(aligned, key))))
    )
    return "".join(lines)


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
        words = _WORD.findall(part)
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
    levels = ((term, round(_LEVELS * weights[term])) for term in _best(weights, _MAX_TERMS))
    return " ".join(f"{term} {level}" for term, level in levels if level)


def _best(weights: Mapping[str, float], k: int) -> list[str]:
    return sorted(weights, key=lambda term: (-weights[term], term))[:k]


def main(argv: Sequence[str] | None = None) -> None:
    """Write the lexicon from the training data."""
    from embeddings.encoder import shipped_encoder
    from embeddings.train_data import read_training_data

    parser = argparse.ArgumentParser(description="Make the shipped lexicon.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=SHIPPED_LEXICON)
    given = parser.parse_args(argv)
    text = build(read_training_data(given.data), encoder=shipped_encoder())
    fresh = given.out.with_name(f".{given.out.name}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(given.out)  # whoever has the old one mapped keeps it


if __name__ == "__main__":
    main()
