"""A person whom a question is about and whom the bulletin nowhere names: of them it says nothing.

毛小明多少岁 is not answered with the age of somebody else, however near the words are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from corpus.signatures import SURNAMES
from corpus.text import HAN, fold
from qa.query import Query, is_known
from qa.quoting.alignment import Text
from qa.rank import Finder
from qa.search.sounds import shipped_sounds

_TWO_WORDS = re.compile(r"\b(?P<sur>[A-Z][a-z]{1,5}) (?P<given>[A-Z][a-z]{1,11})\b")
_IS_NAME = re.compile(  # 全区有 and 高铁站 begin with words, and end with some
    "[^全高何于向任方成段班曾都时易古应白石江水金云马车米钱费别单](?:[^是有在的了着过吗呢要会能可不没被把给让从到和与及几多哪谁什怎为]){1,3}"
)
_SIZES = range(3, 5)  # characters of a name; shorter ones are too often words
_SHORTEST = 2
_SYLLABLES = 2  # of a given name


def stranger(query: Query, finder: Finder, told: str) -> str:
    """Return the name of a person, printed nowhere, that a question is about; else nothing.

    In Chinese such a name begins the question, as else it is not surely told from the words beside
    it; in English it is a surname and a given name in pinyin, both with a capital.

    Args:
        query: The question, resolved: its names were looked up.
        finder: Finds in the archive that is asked.
        told: The folded text that would answer.
    """
    return _in_chinese(query, finder) if query.lang == "zh" else _in_pinyin(query, told)


def _in_chinese(query: Query, finder: Finder) -> str:
    folded = fold(query.text)
    text = Text.of(folded)
    name = next((folded[: one.end] for one in text.persons if one.start == 0), "")
    if len(name) not in _SIZES or text.cuts[0] != (0, 1) or not _IS_NAME.fullmatch(name):
        return ""
    if not all(map(shipped_sounds().readings, name)):
        return ""  # of rarer characters not all is known
    if finder.texts_with(name) or finder.archive.articles_by(name):
        return ""
    shorter = (name[:size] for size in range(_SHORTEST, len(name)))
    return "" if any(_stands_alone(one, finder.texts_with(one)) for one in shorter) else name


def _stands_alone(name: str, texts: list[str]) -> bool:
    """Tell whether a name is printed that the question's next word was taken for a part of.

    Behind it stand several things then; behind a part of another's name the rest of that.
    """
    if any(text[one.start : one.end] == name for text in texts for one in Text.of(text).persons):
        return True
    behind = {text[at.end() : at.end() + 1] for text in texts for at in re.finditer(name, text)}
    return len(behind) > 1 or any(not HAN.match(one) for one in behind)


def _in_pinyin(query: Query, told: str) -> str:
    found = {one.phrase for one in query.expansions if one.terms}
    for match in _TWO_WORDS.finditer(query.text):
        sur, given = match["sur"].lower(), match["given"].lower()
        if sur not in _surnames() or is_known(given) or match.group().lower() in found:
            continue
        ways = [way for way in shipped_sounds().in_pinyin(sur + given) if way[0] == sur]
        if any(len(way) <= 1 + _SYLLABLES for way in ways) and not _may_be(ways, told):
            return match.group()
    return ""


@cache
def _surnames() -> frozenset[str]:
    return shipped_sounds().readings(SURNAMES)


def _may_be(ways: Sequence[tuple[str, ...]], told: str) -> bool:
    """Tell whether a text names a person who may be read so: some characters have no reading."""
    persons = (told[one.start : one.end] for one in Text.of(told).persons)
    return any(
        way[0] in shipped_sounds().readings(name[0]) and len(way) == len(name)
        for name in persons
        for way in ways
    )
