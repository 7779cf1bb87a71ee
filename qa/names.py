"""Chinese names that an English question spells in pinyin: Bailu, He Mingshu, the Yan River.

No dictionary has the people, firms and villages of a bulletin. A Latin word that reads as syllables
of pinyin is taken for whatever the archive prints that is spoken so. The table of readings is made
by `python -m qa.names --data DIR` from CC-CEDICT.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

from corpus.errors import ModelError
from corpus.text import HAN
from qa.lexicon import Expansion

SHIPPED_READINGS = Path(__file__).parent / "readings.tsv"
MAX_SYLLABLES = 5
_MAX_TERMS = 12
_CERTAIN, _LIKELY, _VAGUE = 0.95, 0.8, 0.5
"""What a spelling is worth that fits one, a few or many of the archive's words."""

_A_FEW = 4
_LONGEST = 6  # letters of a syllable
_RARE_READING = 0.02
_WORD = re.compile(r"[A-Za-zÜü]+(?:['’][A-Za-zÜü]+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_ENTRY = re.compile(r"\S+ (?P<word>\S+) \[(?P<read>[^\]]+)\]")
_VOWEL = re.compile("[aeiou]")
_SYLLABLE = re.compile(r"(?P<letters>[a-z:]+)[1-5]")


def spelled(word: str, readings: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return every way to read a Latin word as syllables of pinyin, fewest syllables first.

    >>> spelled("xian", {"xian": "先", "xi": "西", "an": "安"})
    [('xian',), ('xi', 'an')]
    """
    parts = re.split(r"['’]", word.lower().replace("ü", "v"))
    cuts = [list(_cuts(part, readings, MAX_SYLLABLES)) for part in parts[:MAX_SYLLABLES]]
    found = (tuple(s for part in cut for s in part) for cut in product(*cuts))
    return sorted((cut for cut in found if len(cut) <= MAX_SYLLABLES), key=len)


def _cuts(letters: str, readings: Mapping[str, str], most: int) -> Iterator[tuple[str, ...]]:
    """Yield the ways to cut letters into at most so many syllables."""
    if not letters:
        yield ()
    elif len(letters) <= most * _LONGEST:
        for length in range(min(_LONGEST, len(letters)), 0, -1):
            if letters[:length] in readings:
                for rest in _cuts(letters[length:], readings, most - 1):
                    yield (letters[:length], *rest)


def names_in(
    text: str,
    *,
    known: Callable[[str], Sequence[tuple[str, float]]],
    seen_in: Callable[[str], int],
    readings: Mapping[str, str],
) -> list[Expansion]:
    """Return the spelled names of an English question with what the archive prints for them.

    A word that the lexicon knows is a name only where it is written as one inside the sentence; a
    single syllable only before what may follow it in Chinese (the Yan River: 砚河).

    Args:
        text: The question as typed.
        known: The Chinese terms of an English word in lower case, none if it is unknown.
        seen_in: In how many passages a Chinese term stands.
        readings: Syllable to characters.
    """
    words = [
        (_POSSESSIVE.sub("", match.group()), match.start() > 0) for match in _WORD.finditer(text)
    ]
    found: list[Expansion] = []
    for at, (word, inside) in enumerate(words):
        is_named = word[0].isupper() and inside
        after = words[at + 1][0].lower() if at + 1 < len(words) else ""
        if not is_named and known(word.lower()):
            continue
        terms: set[str] = set()
        for syllables in spelled(word, readings):
            if len(syllables) > 1:
                terms |= set(_printed(syllables, seen_in, readings))
            elif is_named and after:
                ends = [term for term, _ in known(after) if len(term) == 1]
                pairs = (char + end for char in readings[syllables[0]] for end in ends)
                terms |= {pair for pair in pairs if seen_in(pair)}
        if terms:
            found.append(Expansion(word.lower(), _weighted(terms, seen_in)))
    return found


def _weighted(terms: Iterable[str], seen_in: Callable[[str], int]) -> tuple[tuple[str, float], ...]:
    """Return the likeliest terms: a longer one says more, then one that is seen more often."""
    best = sorted(terms, key=lambda term: (-len(term), -seen_in(term), term))[:_MAX_TERMS]
    worth = _CERTAIN if len(best) == 1 else _LIKELY if len(best) <= _A_FEW else _VAGUE
    return tuple((term, worth) for term in best)


def _printed(
    syllables: Sequence[str], seen_in: Callable[[str], int], readings: Mapping[str, str]
) -> list[str]:
    """Return the words spoken so whose neighbouring characters the archive has side by side."""
    starts = [char for char in readings[syllables[0]] if seen_in(char)]
    for syllable in syllables[1:]:
        chars = [char for char in readings[syllable] if seen_in(char)]
        starts = [s + char for s in starts for char in chars if seen_in(s[-1] + char)]
    return starts


@lru_cache(maxsize=1)
def shipped_readings() -> dict[str, str]:
    """Return the shipped table, syllable to its characters, read once a process."""
    return read_readings(SHIPPED_READINGS)


def read_readings(path: Path) -> dict[str, str]:
    """Return a table of readings.

    Raises:
        ModelError: If it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return dict(line.split("\t") for line in lines)
    except (OSError, ValueError) as exc:
        raise ModelError(str(path), f"cannot read the readings: {exc}") from exc


def readings_of(lines: Iterable[str]) -> dict[str, str]:
    """Return syllable to characters from lines of CC-CEDICT, the commonest character first.

    >>> readings_of(["白鷺 白鹭 [bai2 lu4] /egret/", "# a remark", "綠 绿 [lu:4] /green/"])
    {'bai': '白', 'lu': '鹭', 'lv': '绿'}
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        match = _ENTRY.match(line)
        syllables = match["read"].lower().split() if match else []
        if not match or len(syllables) != len(match["word"]):
            continue
        for char, told in zip(match["word"], syllables, strict=True):
            read = _SYLLABLE.fullmatch(told)
            if read and HAN.match(char) and _VOWEL.search(told):
                counts[char][read["letters"].replace("u:", "v")] += 1
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for char, of_char in counts.items():
        for syllable, count in of_char.items():
            if count >= _RARE_READING * of_char.total():
                found[syllable][char] = count
    return {
        syllable: "".join(char for char, _ in sorted(of.items(), key=lambda p: (-p[1], p[0])))
        for syllable, of in sorted(found.items())
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table of readings."""
    parser = argparse.ArgumentParser(prog="python -m qa.names", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with cedict_ts.u8.gz")
    parser.add_argument("--out", type=Path, default=SHIPPED_READINGS)
    told = parser.parse_args(arguments)
    with gzip.open(told.data / "cedict_ts.u8.gz", "rt", encoding="utf-8") as handle:
        table = readings_of(handle)
    lines = "".join(f"{syllable}\t{chars}\n" for syllable, chars in table.items())
    told.out.write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
