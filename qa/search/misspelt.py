"""English words that no dictionary has, a letter away from one that has: vaccinaton, studnets.

Source: P. Norvig, How to Write a Spelling Corrector, 2007, for what is a letter away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from string import ascii_lowercase

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_SHORTEST, _LONGEST = 4, 14
_SLIP = 0.25  # what a rarer slip costs a word, of what it says in the archive
_MOST_WORDS = 3  # words of a question; one with more is in another language


def corrected(
    text: str, *, is_known: Callable[[str], bool], worth: Callable[[str], float]
) -> str | None:
    """Return an English question with its misspelt words put right, or None where there are none.

    Args:
        text: The question.
        is_known: Tells whether a lower-case word is a word of the language.
        worth: How much a word may say in the archive, 0 for one of which it has nothing.

    >>> words = {"vaccination": 1.0, "rate": 1.0, "rage": 0.0}
    >>> corrected("Vaccinaton rate?", is_known=words.__contains__, worth=lambda one: words[one])
    'vaccination rate?'
    """
    wrong = {
        word
        for word in _WORD.findall(text)
        if _SHORTEST <= len(word) <= _LONGEST
        and not (word[0].isupper() and not text.startswith(word))
        and not is_known(word.lower())
    }
    if not 0 < len(wrong) <= _MOST_WORDS:
        return None
    found = {}
    for word in wrong:
        near = {one: slip for one, slip in _a_letter_away(word.lower()) if is_known(one)}
        told = [(how_much - _SLIP * near[one], one) for one in near if (how_much := worth(one)) > 0]
        if told:
            found[word] = max(told)[-1]
    if not found:
        return None
    return _WORD.sub(lambda match: found.get(match.group(), match.group()), text)


def _a_letter_away(word: str) -> Iterator[tuple[str, int]]:
    """Yield what may have been meant, with how rare such a slip is; the rarest slips first."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for before, behind in parts:
        if behind:
            yield before + behind[1:], 3  # a letter too many
    for before, behind in parts:
        for letter in ascii_lowercase if behind else "":
            yield before + letter + behind[1:], 2  # another letter
    for before, behind in parts:
        if len(behind) > 1:
            yield before + behind[1] + behind[0] + behind[2:], 1  # two letters changed places
    for before, behind in parts:
        for letter in ascii_lowercase:
            yield before + letter + behind, 0 if behind else 2  # a letter left out, seldom the last
