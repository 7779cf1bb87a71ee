"""The names in an English question, and what they are in the archive's Chinese.

A name is looked up by sound: the index tells which passages hold its likeliest pairs of sounds,
and their text tells the characters. So a name need stand in no dictionary, only in the archive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from embeddings.encoder import shipped_encoder
from qa.search.lexicon import Expansion
from qa.search.sounds import MAX_IN_PINYIN, MAX_NAME, Sounds, plain_letters

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_MIN_LETTERS = 3
_MAX_ACRONYM = 5
_N_PAIRS = 100
N_READ = 50
"""Passages in which a name is looked for."""

_KNOWN = 0.7  # what a spelling is worth for a word that the lexicon has too
_SHORT = 0.8  # what two syllables of pinyin are worth beside more, which are hardly there by chance
_COMMON = 0.4  # what they are worth where they are a word of the dictionary

Holding = Callable[[Sequence[tuple[str, float]]], Sequence[str]]


def names_in(question: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the runs of words that may be names, lower case, without accents, in order.

    A name is a word with a capital inside the question, or a word that is not known.

    Args:
        question: As typed.
        is_known: Tells whether a lower-case word is a word of the language.

    >>> names_in("Did Yu Guizhen's team visit Luther?", {"did", "team", "visit"}.__contains__)
    ('yu guizhen', 'luther')
    """
    runs: list[list[str]] = [[]]
    for match in _WORD.finditer(question):
        word = _POSSESSIVE.sub("", match.group())
        capital = word[0].isupper() and match.start() > 0
        acronym = word.isupper() and len(word) <= _MAX_ACRONYM
        if not acronym and (capital or not is_known(word.lower())) and plain_letters(word):
            runs[-1].append(plain_letters(word))
        elif runs[-1]:
            runs.append([])
        if word != match.group() and runs[-1]:
            runs.append([])
    return tuple(" ".join(run) for run in runs if run)


def find_names(
    runs: Iterable[str],
    known: Sequence[Expansion],
    *,
    sounds: Sounds,
    holding: Holding,
) -> tuple[Expansion, ...]:
    """Return the expansions of a question with its names added.

    Args:
        runs: From `names_in`.
        known: What the lexicon gives.
        sounds: How characters sound.
        holding: Returns the texts of passages that hold the most of weighted pairs of sounds.
    """
    found = {expansion.phrase: expansion for expansion in known}
    for run in runs:
        words = run.split()
        for word in words:
            if _MIN_LETTERS <= len(word) <= MAX_NAME:
                pairs = sounds.likely_pairs(word, k=_N_PAIRS)
                spelt = sounds.spelt_in(holding(pairs), word) if pairs else []
                known_as = [term for term, _ in found[word].terms] if word in found else []
                _add(found, word, [(term, _worth(term, known_as) * w) for term, w in spelt])
        for phrase, terms in _in_pinyin(words, sounds, holding):
            _add(found, phrase, terms)
    return tuple(found.values())


def _worth(spelt: str, known_as: Sequence[str]) -> float:
    """Return what a spelling is worth: 1, but where the lexicon has the word as something else.

    What it was learnt to be may be a part of the name: 林迪, of 林迪斯法恩.
    """
    is_another = known_as and not any(term in spelt for term in known_as)
    return _KNOWN if is_another else 1.0


def _add(found: dict[str, Expansion], phrase: str, terms: Sequence[tuple[str, float]]) -> None:
    """Add terms to a phrase, the better weight of a term that it has already."""
    if not terms:
        return
    old = found.get(phrase)
    weights = dict(old.terms) if old else {}
    for term, weight in terms:
        weights[term] = max(weight, weights.get(term, 0.0))
    ordered = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    found[phrase] = Expansion(phrase, tuple(ordered), old.share if old else 1.0)


def _in_pinyin(
    words: Sequence[str], sounds: Sounds, holding: Holding
) -> Iterable[tuple[str, list[tuple[str, float]]]]:
    """Yield the longest parts of a run that stand in the archive in pinyin, with their terms."""
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + MAX_IN_PINYIN), at, -1):
            if terms := _read(words[at:end], sounds, holding):
                yield " ".join(words[at:end]), terms
                at = end - 1
                break
        at += 1


def _read(words: Sequence[str], sounds: Sounds, holding: Holding) -> list[tuple[str, float]]:
    found: dict[str, float] = {}
    for syllables in sounds.in_pinyin("".join(words)):
        pairs = [("-".join(pair), 1.0) for pair in pairwise(syllables)]
        for term in sounds.read_in(holding(pairs), syllables):
            weight = 1.0 if len(term) > 2 else _SHORT
            is_word = len(shipped_encoder().words([term])[0]) == 1
            found[term] = weight * _COMMON if is_word else weight
    return list(found.items())
