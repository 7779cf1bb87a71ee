"""English words and phrases to Chinese terms, each with a weight, from a shipped file.

The file is sorted text, one phrase a line: `stem stem<TAB>term weight term weight …`. It is
compressed in blocks of some hundred lines, one gzip member each, so that `zcat` prints all of it
and a look-up unpacks one block; an index beside it tells the first phrase of each and where it
ends. `qa.fitting.lexicon` makes both.
"""

from __future__ import annotations

import gzip
import mmap
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.errors import ModelError
from qa.search.stems import stem

SHIPPED_LEXICON = Path(__file__).parent / "lexicon.tsv.gz"
SERVICES = Path(__file__).parent / "services.tsv"
"""What residents ask about, by hand: `phrase<TAB>term term …`, the likeliest term first."""

NEWS = Path(__file__).parent / "news.tsv"
"""What local news and its officialdom are called, likewise; a phrase in both is as services say."""

MAX_WORDS = 4
LEVELS = 99
"""Weights are kept as whole numbers from 1 to this."""

WORD = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*")
"""A word of folded English text."""

_N_KEPT = 8192  # phrases whose terms are kept
_N_BLOCKS = 64  # blocks that are kept unpacked
_BLOCK = 8192  # bytes of text, about, in a block
_GZIP = 31  # what tells zlib that a gzip member begins
_LATER = 0.85  # what each term counts of the one before it, of those told first
_BEHIND = 0.5  # what the terms of a line count behind those
_PART = 0.5  # what a word counts that stands in a phrase which is known as a whole


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
    """A lexicon, opened. The shipped one is `shipped_lexicon()`."""

    def __init__(
        self,
        data: mmap.mmap | bytes,
        index: bytes,
        *,
        first: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Keep the blocks, mapped or not, and read the index; as `packed` makes them.

        Terms that are told `first` of a phrase's stems go before those of the lines.

        Raises:
            ValueError: If they do not belong together.
        """
        rows = [row.split(b"\t") for row in index.splitlines()]
        self._data, self._told_first = data, dict(first or {})
        self._firsts = [first for first, _ in rows]
        self._ends = [int(end) for _, end in rows]
        if not rows or self._ends[-1] != len(data):
            raise ValueError("its index is of another file")
        self.terms = lru_cache(maxsize=_N_KEPT)(self._terms)
        self._block = lru_cache(maxsize=_N_BLOCKS)(self._unpacked)

    @classmethod
    def open(cls, path: Path, *, first: Mapping[str, Sequence[str]] | None = None) -> Lexicon:
        """Return the lexicon in a file, which has its index beside it.

        Raises:
            ModelError: If one of the two cannot be read, or they do not belong together.
        """
        try:
            with path.open("rb") as handle:
                data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            return cls(data, index_of(path).read_bytes(), first=first)
        except (OSError, ValueError) as exc:
            raise ModelError(str(path), f"cannot read the lexicon: {exc}") from exc

    def _terms(self, key: str) -> tuple[tuple[str, float], ...]:
        """Return the Chinese terms of a phrase's stems, best first; none if it is not there."""
        first = self._told_first.get(key, ())
        told = [(term, _LATER**at) for at, term in enumerate(first)]
        others = [(term, _BEHIND * weight if first else weight) for term, weight in self._line(key)]
        told += [(term, weight) for term, weight in others if term not in first]
        return tuple(sorted(told, key=lambda one: -one[1]) if first else told)

    def _line(self, key: str) -> tuple[tuple[str, float], ...]:
        """Return the terms of a line."""
        wanted = key.encode()
        at = bisect_right(self._firsts, wanted) - 1
        if at < 0:
            return ()
        block = self._block(at)
        sought = b"\n%s\t" % wanted
        start = block.find(sought)
        if start < 0:
            return ()
        start += len(sought)
        return _parsed(block[start : block.index(b"\n", start)].decode())

    def _unpacked(self, at: int) -> bytes:
        """Return the lines of a block, a line feed before each and behind the last.

        Raises:
            ModelError: If they are damaged.
        """
        begin = self._ends[at - 1] if at else 0
        try:
            return b"\n" + zlib.decompress(self._data[begin : self._ends[at]], wbits=_GZIP)
        except zlib.error as exc:
            raise ModelError("the lexicon", f"is damaged: {exc}") from exc

    def expand(self, text: str, *, skip: frozenset[str] = frozenset()) -> list[Expansion]:
        """Return the phrases of an English text that are known, longest first at each place.

        Behind a phrase of several words follow its words, which count half.

        Args:
            text: Folded text.
            skip: Words that are no phrase alone, nor begin or end one.
        """
        words = [word.removesuffix("'s") for word in WORD.findall(text)]
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
    return Lexicon.open(SHIPPED_LEXICON, first=_by_hand(NEWS) | _by_hand(SERVICES))


def _by_hand(path: Path) -> dict[str, tuple[str, ...]]:
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line)
    return {phrase_key(phrase.split()): tuple(terms.split()) for phrase, terms in rows}


def phrase_key(words: Iterable[str]) -> str:
    """Return what a phrase is looked up by: its words without their endings.

    >>> phrase_key(["flood", "preventions"]), phrase_key(["cities"]), phrase_key(["wrote"])
    ('flood prevent', 'citi', 'write')
    """
    return " ".join(stem(word) for word in words)


def index_of(path: Path) -> Path:
    """Return where the index of a lexicon file lies."""
    return path.with_name(f"{path.name}.index")


def packed(lines: Iterable[str]) -> tuple[bytes, bytes]:
    """Return the blocks and the index of a lexicon's lines, given in the order of their bytes."""
    blocks: list[bytes] = []
    rows: list[bytes] = []
    block = b""
    end = 0
    for line in (*lines, ""):
        block += line.encode()
        if block and (len(block) >= _BLOCK or not line):
            blocks.append(gzip.compress(block, mtime=0))
            end += len(blocks[-1])
            rows.append(b"%s\t%d\n" % (block.partition(b"\t")[0], end))
            block = b""
    return b"".join(blocks), b"".join(rows)


def _parsed(told: str) -> tuple[tuple[str, float], ...]:
    parts = told.split(" ")
    return tuple(
        (term, int(level) / LEVELS) for term, level in zip(parts[::2], parts[1::2], strict=True)
    )
