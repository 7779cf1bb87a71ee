"""Names in an English question, found in Chinese text by their sound.

Pinyin says the sound of each character (Xindu, 芯渡); a foreign name is spelt with characters that
sound like it (Luther, 路德), by probabilities learnt in `qa/search/spelling.py`. The shipped file
has a line for each syllable, `syllable<TAB>count in names<TAB>characters names are spelt with<TAB>
other characters`, then one for letters, `letters<TAB>syllable level syllable level …`, the level
being the probability, times 10,000, that the syllable stands for them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError
from qa.search.occurrences import codes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIPPED_SOUNDS = Path(__file__).parent / "sounds.tsv"
MAX_LETTERS = 5
"""Letters that one syllable may stand for."""

_MAX_SYLLABLES = 6
MAX_NAME = _MAX_SYLLABLES * MAX_LETTERS
"""Letters of a name that can be spelt; a longer one is none, and would take much memory."""

_MAX_PINYIN, _LONGEST = 4, 6
MAX_IN_PINYIN = _MAX_PINYIN * _LONGEST
"""Letters of a name that can be read as pinyin."""

_WITHOUT_DOTS = {"lu": "lv", "lyu": "lv", "nu": "nv", "nyu": "nv"}
"""How a syllable with ü, which is v here, is written in English."""

LEVELS = 10_000
"""What a probability of 1 is written as."""
_MAX_CODE = 0xA000
_N_NAMES = 512
_N_SPELT = 8192  # parts of names whose line is kept read
_MAX_NAMES = 8  # spellings of one name that count
_SURE, _STEEP = -1.05, 5.0  # log probability a letter that counts half, and the slope
_LEAST = 0.1  # a spelling that counts less is none
_FAINT = _SURE - math.log(1 / _LEAST - 1) / _STEEP - 1e-9  # log probability a letter of that one
_LIKELY = 0.004  # rarer spellings of a syllable are matched, but not looked for
_ONE_MORE = 0.3  # what each further syllable costs a path through a name's letters
_RARE = 0.5  # how much the rarity of a syllable in names counts: 1 in full, 0 not at all


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable and the characters read so.

    Attributes:
        sound: In pinyin, without tone; ü is v.
        count: How often it was seen in names.
        typical: Characters that names are spelt with.
        others: Other characters.
    """

    sound: str
    count: int
    typical: str
    others: str


def plain_letters(text: str) -> str:
    """Return the letters a to z of a text, lower case, without accents.

    >>> plain_letters("Ribéry's")
    'riberys'
    """
    bare = unicodedata.normalize("NFKD", text.lower())
    return re.sub("[^a-z]", "", bare)


class Sounds:
    """What characters sound like and how sounds are spelt. Get one with `shipped_sounds`."""

    def __init__(self, syllables: Sequence[Syllable], letters: dict[str, str]) -> None:
        """Keep the syllables, and the lines of letters, which are read when needed."""
        self._letters = letters
        self._characters = {s.sound: s.typical + s.others for s in syllables}
        seen = sum(s.count for s in syllables)
        self._weight = {s.sound: _ONE_MORE * ((s.count + 0.5) / seen) ** _RARE for s in syllables}
        self._number, self._kinds = _numbered(syllables)
        self._kinds_of: dict[str, list[int]] = defaultdict(list)
        for number, sounds in enumerate(self._kinds, start=1):
            for sound in sounds:
                self._kinds_of[sound].append(number)
        self._spelt = lru_cache(maxsize=_N_SPELT)(self._read_line)
        self.likely_pairs = lru_cache(maxsize=_N_NAMES)(self._likely_pairs)
        self._codes = cache(lambda syllable: codes_of(self._characters[syllable]))

    @classmethod
    def load(cls, path: Path) -> Sounds:
        """Return the sounds in a file.

        Raises:
            ModelError: If it cannot be read.
        """
        syllables: list[Syllable] = []
        letters: dict[str, str] = {}
        try:
            for line in path.read_text(encoding="utf-8").splitlines():
                first, *rest = line.split("\t")
                if len(rest) == 1:
                    letters[first] = rest[0]
                else:
                    count, typical, others = rest
                    syllables.append(Syllable(first, int(count), typical, others))
        except (OSError, ValueError) as exc:
            raise ModelError(str(path), f"cannot read the sounds: {exc}") from exc
        return cls(syllables, letters)

    @cached_property
    def _readings(self) -> dict[str, list[str]]:
        readings: dict[str, list[str]] = defaultdict(list)
        for sound, characters in self._characters.items():
            for char in characters:
                readings[char].append(sound)
        return readings

    def _read_line(self, letters: str) -> tuple[tuple[str, float], ...]:
        """Return the syllables that stand for letters, each with its probability."""
        parts = self._letters.get(letters, "").split()
        levels = zip(parts[::2], parts[1::2], strict=True)
        return tuple((sound, int(level) / LEVELS) for sound, level in levels)

    def of_pairs(self, pairs: Iterable[str]) -> Iterator[str]:
        """Yield how pairs of characters sound, in order, all readings; unknown ones are silent.

        >>> list(shipped_sounds().of_pairs(["路德", "德来"]))[:2]
        ['lu-de', 'de-lai']
        """
        read, none = self._readings.get, ()
        for pair in pairs:
            for before in read(pair[0], none):
                for after in read(pair[1], none):
                    yield f"{before}-{after}"

    def readings(self, characters: str) -> frozenset[str]:
        """Return how some characters may be read, in pinyin without tone.

        >>> sorted(shipped_sounds().readings("吕魏"))
        ['lv', 'wei']
        """
        return frozenset(sound for char in characters for sound in self._readings.get(char, ()))

    def in_pinyin(self, name: str) -> list[tuple[str, ...]]:
        """Return every way to read a name's letters as two to four syllables of pinyin.

        >>> shipped_sounds().in_pinyin("xindu"), shipped_sounds().in_pinyin("luther")
        ([('xin', 'du')], [])
        """
        if len(name) > MAX_IN_PINYIN:
            return []
        found: list[tuple[str, ...]] = []
        open_ways: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        while open_ways:
            start, syllables = open_ways.pop()
            if start == len(name) and len(syllables) > 1:
                found.append(syllables)
            elif len(syllables) < _MAX_PINYIN:
                for end in range(start + 1, min(len(name), start + _LONGEST) + 1):
                    letters = name[start:end]
                    open_ways += [
                        (end, (*syllables, sound))
                        for sound in (letters, _WITHOUT_DOTS.get(letters))
                        if sound in self._characters
                    ]
        fewest = min(map(len, found), default=0)
        return sorted(way for way in found if len(way) <= fewest + 1)

    def as_words(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the ways to read words as pinyin of a term: each a syllable, or all as one name.

        Two syllables must be two words, as many an English word could be read so.

        >>> shipped_sounds().as_words(["yu", "miao"]), shipped_sounds().as_words(["panda"])
        ([('yu', 'miao')], [])
        """
        one_each = tuple(_WITHOUT_DOTS.get(word, word) for word in words)
        if len(words) > 1 and all(word in self._characters for word in one_each):
            return [one_each]
        return [way for way in self.in_pinyin("".join(words)) if len(way) > 2]

    def read_in(self, texts: Sequence[str], syllables: Sequence[str]) -> list[str]:
        """Return what stands in the texts and is read so, sorted, the first of two that overlap."""
        text = "\n".join(texts)
        codes, n = codes_of(text), len(syllables)
        fits = np.ones(max(0, len(codes) - n + 1), dtype=np.bool_)
        for at, syllable in enumerate(syllables):
            fits &= np.isin(codes[at : at + len(fits)], self._codes(syllable))
        found, done = set(), 0
        for start in np.flatnonzero(fits).tolist():
            if start >= done:
                done = start + n
                found.add(text[start:done])
        return sorted(found)

    def _likely(self, letters: str) -> list[tuple[str, float]]:
        """Return the syllables that often stand for letters, weighed for a path through them."""
        return [(s, p * self._weight[s]) for s, p in self._spelt(letters) if p >= _LIKELY]

    def _likely_pairs(self, name: str, *, k: int) -> list[tuple[str, float]]:
        """Return the k likeliest pairs of sounds in a name's spelling, with their probability.

        Args:
            name: Letters a to z.
            k: How many.
        """
        size = len(name)
        edges = {
            (start, end): likely
            for start, end in _spans(size)
            if (likely := self._likely(name[start:end]))
        }
        ahead, behind = _paths(edges, size)
        sounds = list(dict.fromkeys(sound for told in edges.values() for sound, _ in told))
        at = {sound: column for column, sound in enumerate(sounds)}
        # all ways to a place whose last syllable is one, and from there whose first is another
        before, after = np.zeros((2, size + 1, len(sounds)))
        for (start, end), told in edges.items():
            for sound, p in told:
                before[end, at[sound]] += ahead[start] * p
                after[start, at[sound]] += p * behind[end]
        pairs = np.einsum("pa,pb->ab", before, after) / (ahead[size] or 1.0)
        best = np.argsort(-pairs, axis=None, kind="stable")[:k]
        return [
            (f"{sounds[one]}-{sounds[other]}", p)
            for one, other, p in zip(
                *(found.tolist() for found in np.unravel_index(best, pairs.shape)),
                pairs.ravel()[best].tolist(),
                strict=True,
            )
            if p > 0
        ]

    def spelt_in(self, texts: Sequence[str], name: str) -> list[tuple[str, float]]:
        """Return what stands in the texts and may spell a name, with its weight, best first.

        Args:
            texts: Folded texts.
            name: Letters a to z.
        """
        found: dict[str, float] = {}
        steps = self._steps(name)
        text = "\n".join(texts)
        codes = codes_of(text)
        kinds = self._number[np.minimum(codes, _MAX_CODE)]
        least = math.exp(len(name) * _FAINT)
        # what cannot come to that is left at once: one more character multiplies by this at most
        growth = max(1.0, float(steps.sum(axis=2).max()))
        faint = least / growth ** (_MAX_SYLLABLES - 1)
        begins = np.flatnonzero((steps[:, 0].sum(axis=1) > faint)[kinds])
        paths = steps[kinds[begins], 0]
        for size in range(2, _MAX_SYLLABLES + 1):
            inside = begins + size <= len(kinds)
            begins, paths = begins[inside], paths[inside]
            paths = np.einsum("na,nab->nb", paths, steps[kinds[begins + size - 1]])
            alive = paths.sum(axis=1) > least / growth ** (_MAX_SYLLABLES - size)
            begins, paths = begins[alive], paths[alive]
            for at, probability in zip(begins.tolist(), paths[:, -1].tolist(), strict=True):
                if probability > least:
                    found[text[at : at + size]] = float(np.log(probability)) / len(name)
        return _likeliest(found)

    def _steps(self, name: str) -> NDArray[np.float64]:
        """Return how probably each kind of character stands for letters a to b.

        Shape (kinds + 1, n + 1, n + 1) for n letters; kind 0 stands for none.
        """
        size = len(name)
        steps = np.zeros((len(self._kinds) + 1, size + 1, size + 1))
        told = [
            (number, start, end, probability)
            for start, end in _spans(size)
            for sound, probability in self._spelt(name[start:end])
            for number in self._kinds_of.get(sound, ())
        ]
        if told:
            *places, probabilities = map(np.array, zip(*told, strict=True))
            np.add.at(steps, tuple(places), probabilities)
        return steps


def _spans(size: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of all that one syllable may stand for in a name of a size."""
    for start in range(size):
        for end in range(start + 1, min(size, start + MAX_LETTERS) + 1):
            yield start, end


def _numbered(
    syllables: Sequence[Syllable],
) -> tuple[NDArray[np.int16], list[tuple[str, ...]]]:
    """Return each code point's kind, 0 for none that names are spelt with, and the kinds' sounds.

    Characters that are read alike are of one kind.
    """
    sounds: dict[str, tuple[str, ...]] = {}
    for syllable in syllables:
        for char in syllable.typical:
            sounds[char] = (*sounds.get(char, ()), syllable.sound)
    kinds = list(dict.fromkeys(sounds.values()))
    kind_of = {kind: at for at, kind in enumerate(kinds, start=1)}
    number = np.zeros(_MAX_CODE + 1, dtype=np.int16)
    for char, kind in sounds.items():
        number[min(ord(char), _MAX_CODE)] = kind_of[kind]
    number[_MAX_CODE] = 0
    return number, kinds


def _paths(
    edges: dict[tuple[int, int], list[tuple[str, float]]], size: int
) -> tuple[list[float], list[float]]:
    """Return the weight of all ways from the start to each place, and from there to the end."""
    whole = {span: sum(weight for _, weight in told) for span, told in edges.items()}
    ahead = [1.0] + [0.0] * size
    behind = [0.0] * size + [1.0]
    for start, end in sorted(whole, key=lambda span: span[1]):
        ahead[end] += ahead[start] * whole[start, end]
    for start, end in sorted(whole, key=lambda span: -span[0]):
        behind[start] += behind[end] * whole[start, end]
    return ahead, behind


def _likeliest(found: dict[str, float]) -> list[tuple[str, float]]:
    """Return the best spellings with weights; of two that overlap only the better one."""
    kept: list[tuple[str, float]] = []
    for term in sorted(found, key=lambda term: (-found[term], term)):
        weight = 1 / (1 + float(np.exp(-_STEEP * (found[term] - _SURE))))
        if weight < _LEAST or len(kept) == _MAX_NAMES:
            break
        if not any(term in other or other in term for other, _ in kept):
            kept.append((term, weight))
    return kept


@lru_cache(maxsize=1)
def shipped_sounds() -> Sounds:
    """Return the shipped sounds, read once a process."""
    return Sounds.load(SHIPPED_SOUNDS)
