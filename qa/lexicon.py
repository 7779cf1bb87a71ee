"""English words and phrases to Chinese terms, each with a weight, from a shipped file.

The file is sorted text, one phrase a line: `stem stem<TAB>term weight term weight …`. It is mapped
and searched by halving, so opening it costs nothing and a look-up reads a few lines.
`python -m qa.lexicon --data DIR` makes it from the dictionaries the shipped model is trained on.
"""

from __future__ import annotations

import argparse
import mmap
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ModelError

if TYPE_CHECKING:
    from embeddings.encoder import StaticEncoder

SHIPPED_LEXICON = Path(__file__).parent / "lexicon.tsv"
MAX_WORDS = 4
_MAX_TERMS = 30
_LEVELS = 99  # weights are kept as whole numbers from 1 to this
_SINGLE = 0.35  # what one character is worth beside a word: it is part of too many others
_WORD = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*")
_HAN_TERM = re.compile(r"[\u4e00-\u9fff]{1,7}")
_LEADING = frozenset({"a", "an", "the", "to", "be"})


@dataclass(frozen=True, slots=True)
class Expansion:
    """A phrase of the question and what it may be in Chinese.

    Attributes:
        phrase: As asked, lower case.
        terms: Chinese terms, simplified, each with its weight, over 0 to 1, best first.
    """

    phrase: str
    terms: tuple[tuple[str, float], ...]


class Lexicon:
    """A lexicon file, opened. The shipped one is `shipped_lexicon()`."""

    def __init__(self, data: mmap.mmap | bytes) -> None:
        """Keep the mapped bytes: sorted lines, each ending in a line feed."""
        self._data = data

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

    def terms(self, key: str) -> tuple[tuple[str, float], ...]:
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

        Args:
            text: Folded text.
            skip: Words that are no phrase alone, nor begin or end one.
        """
        words = _WORD.findall(text)
        found: list[Expansion] = []
        at = 0
        while at < len(words):
            for length in range(min(MAX_WORDS, len(words) - at), 0, -1):
                part = words[at : at + length]
                if part[0] in skip or part[-1] in skip:
                    continue
                if terms := self.terms(phrase_key(part)):
                    found.append(Expansion(" ".join(part), terms))
                    at += length - 1
                    break
            at += 1
        return found


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Return the shipped lexicon, opened once a process."""
    return Lexicon.open(SHIPPED_LEXICON)


def phrase_key(words: Iterable[str]) -> str:
    """Return what a phrase is looked up by: its words without their endings.

    >>> phrase_key(["flood", "preventions"]), phrase_key(["cities"]), phrase_key(["opened"])
    ('flood prevent', 'citi', 'open')
    """
    return " ".join(_stem(word) for word in words)


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    from snowballstemmer import stemmer

    stem: str = stemmer("english").stemWord(word)
    return stem


def _parsed(told: str) -> tuple[tuple[str, float], ...]:
    parts = told.split(" ")
    return tuple(
        (term, int(level) / _LEVELS) for term, level in zip(parts[::2], parts[1::2], strict=True)
    )


def build(pairs: Iterable[tuple[str, str]], *, encoder: StaticEncoder) -> str:
    """Return a lexicon file's text, from pairs of texts that mean the same.

    A term weighs the square root of how often it is paired with the phrase, times the cosine of
    the two in the model: a gloss that is a rare sense of its word is far from it.

    Args:
        pairs: One text of each Chinese and a single term, the other English, in either order.
        encoder: The model whose vectors are compared.
    """
    paired: dict[str, Counter[str]] = defaultdict(Counter)
    shown: dict[str, str] = {}
    for one, other in pairs:
        for term, gloss in ((one, other), (other, one)):
            if _HAN_TERM.fullmatch(term) and not re.search(r"[\u3400-\u9fff]", gloss):
                for words in _phrases(gloss):
                    paired[phrase_key(words)][term] += 1
                    shown.setdefault(phrase_key(words), " ".join(words))
    lines = (
        f"{key}\t{told}\n"
        for key in sorted(paired, key=str.encode)
        if (told := _weighed(shown[key], paired[key], encoder))
    )
    return "".join(lines)


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


def _weighed(phrase: str, paired: Counter[str], encoder: StaticEncoder) -> str:
    terms = list(paired)
    cosines = encoder.encode_passages(terms) @ encoder.encode_queries([phrase])[0]
    weights = [
        paired[term] ** 0.5 * max(0.0, float(cosine)) * (_SINGLE if len(term) == 1 else 1.0)
        for term, cosine in zip(terms, cosines, strict=True)
    ]
    top = max(weights)
    if top <= 0:
        return ""
    ranked = sorted(zip(weights, terms, strict=True), key=lambda pair: (-pair[0], pair[1]))
    levels = [(term, round(_LEVELS * weight / top)) for weight, term in ranked[:_MAX_TERMS]]
    return " ".join(f"{term} {level}" for term, level in levels if level)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the lexicon from the training data."""
    from embeddings.encoder import shipped_encoder
    from embeddings.train_data import read_training_data

    parser = argparse.ArgumentParser(description="Make the shipped lexicon.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=SHIPPED_LEXICON)
    told = parser.parse_args(argv)
    text = build(read_training_data(told.data).pairs, encoder=shipped_encoder())
    told.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
