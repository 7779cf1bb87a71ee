"""The dictionaries and sentence pairs that the shipped model is trained on.

Three files are read from one folder (none of them is part of the project):
`cedict_ts.u8.gz` (CC-CEDICT), `wordnet_zh_en.tsv.gz` (Chinese Open WordNet and WordNet 3.0)
and `tatoeba_en_zh.tsv.gz` (Tatoeba). What comes out is a list of text pairs that mean the same
and the list of Chinese words.
"""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

CEDICT_FILE = "cedict_ts.u8.gz"
WORDNET_FILE = "wordnet_zh_en.tsv.gz"
TATOEBA_FILE = "tatoeba_en_zh.tsv.gz"

_ENTRY = re.compile(r"(\S+) (\S+) \[(.*?)\] /(.*)/\s*$")
_SKIPPED_GLOSS = re.compile(r"^(CL:|Taiwan pr\.|also pr\.|\(?Tw\)?$)")
_REFERENCE = re.compile(
    r"^(?:\([^)]*\) ?)?(?:(?:old|archaic|ancient|erhua|Japanese|nonstandard|euphemistic|popular) )?"
    r"(?:variant of|see also|see|same as|also written|equivalent to|also called|abbr\. for|"
    r"abbr\. of|contraction of) "
    r"(?:\S+\|)?([一-鿿]+)(?:\[[^\]]*\])?"
)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_PARENTHESES = re.compile(r"\([^()]*\)")
_CHINESE = re.compile(r"[一-鿿|·，○]+")
_FILLERS = re.compile(
    r"\b(?:sb|sth|lit|fig|esp|abbr|etc|idiom|literary|old|coll|classifier for|"
    r"variant of|also written|used in)\b\.?"
)
_HAN_ONLY = re.compile(r"[一-鿿]+")
_LATIN = re.compile(r"[A-Za-z]+")
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "de"})
_MAX_INITIALS = 6
_LETTER = re.compile(r"[A-Za-z]")
_SYLLABLE_LETTERS = re.compile(r"[a-z]{2,}")
_SYLLABLE = re.compile(r"^([A-Za-zü:]+)[1-5]$")


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Pairs of texts with the same meaning and the Chinese words they are about.

    Attributes:
        pairs: (text, text) in file order, Chinese with English or one language with itself.
        sentence_pairs: (English, Chinese) sentences in file order.
        pinyin_pairs: (pinyin of a name without tones, Chinese name).
        syllables: Syllables of pinyin of two letters or more, without tones or dots, sorted.
        words: Chinese words, Han characters only, sorted.
    """

    pairs: list[tuple[str, str]]
    sentence_pairs: list[tuple[str, str]]
    pinyin_pairs: list[tuple[str, str]]
    syllables: list[str]
    words: list[str]


def read_training_data(folder: Path) -> TrainingData:
    """Return all pairs and words of the three files in `folder`."""
    pairs: list[tuple[str, str]] = []
    pinyin: list[tuple[str, str]] = []
    words: set[str] = set()
    syllables: set[str] = set()
    for headword, reading, glosses in cedict_entries(folder / CEDICT_FILE):
        words.add(headword)
        pairs.extend(cedict_pairs(headword, glosses))
        name = joined_pinyin(reading)
        if name and len(headword) > 1:
            pinyin.append((name, headword))
            syllables.update(_SYLLABLE_LETTERS.findall(reading.lower().replace("u:", "u")))
    for row in _rows(folder / WORDNET_FILE):
        lemmas, found = wordnet_pairs(row)
        words.update(lemmas)
        pairs.extend(found)
    sentences = [(row[0], row[1]) for row in _rows(folder / TATOEBA_FILE)]
    pairs = list(dict.fromkeys(pairs))
    sentences = list(dict.fromkeys(sentences))
    return TrainingData(
        pairs=pairs,
        sentence_pairs=sentences,
        pinyin_pairs=list(dict.fromkeys(pinyin)),
        syllables=sorted(syllables),
        words=sorted(w for w in words if _HAN_ONLY.fullmatch(w)),
    )


def acronym(name: str) -> str:
    """Return the initials of a name of several words; empty for anything else.

    >>> acronym("United Nations"), acronym("Bank of Communications"), acronym("United front")
    ('UN', 'BC', '')
    """
    words = [word for word in _LATIN.findall(name) if word not in _SMALL]
    if 2 <= len(words) <= _MAX_INITIALS and all(word[0].isupper() for word in words):
        return "".join(word[0] for word in words)
    return ""


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")


def _rows(path: Path) -> Iterator[list[str]]:
    for line in _lines(path):
        yield line.split("\t")


def cedict_entries(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (simplified headword, pinyin, glosses) of every entry."""
    for line in _lines(path):
        match = _ENTRY.match(line)
        if match and not line.startswith("#"):
            yield match[2], match[3], re.split(r"/|; ", match[4])


def cedict_pairs(headword: str, glosses: list[str]) -> list[tuple[str, str]]:
    """Return the pairs of one entry: headword with each gloss, with all, and with its references.

    >>> cedict_pairs("雨伞", ["umbrella", "CL:把[ba3]"])
    [('雨伞', 'umbrella')]
    >>> cedict_pairs("补钉", ["variant of 補丁|补丁[bu3 ding5]"])
    [('补钉', '补丁')]
    """
    pairs: list[tuple[str, str]] = []
    full: list[str] = []
    for gloss in glosses:
        if _SKIPPED_GLOSS.match(gloss):
            continue
        reference = _REFERENCE.match(gloss)
        if reference:
            pairs.append((headword, reference[1]))
            gloss = gloss[reference.end() :]
        plain = clean_gloss(gloss)
        if plain:
            pairs.append((headword, plain))
            if initials := acronym(plain):
                pairs.append((headword, initials))
            full.append(clean_gloss(gloss, keep_remarks=True))
    if len(full) > 1 or (full and full[0] not in (pair[1] for pair in pairs)):
        pairs.append((headword, "; ".join(full)))
    return pairs


def clean_gloss(gloss: str, *, keep_remarks: bool = False) -> str:
    """Return the English words of a gloss, empty if it has none.

    Pinyin, Chinese cross references and fillers such as "sb" go; remarks in parentheses go too
    unless `keep_remarks` is set or nothing else would be left.

    >>> clean_gloss("loser (as opposed to winner 贏家|赢家[ying2 jia1])")
    'loser'
    """
    text = _CHINESE.sub(" ", _BRACKETS.sub(" ", gloss))
    if not keep_remarks:
        bare = _PARENTHESES.sub(" ", text)
        text = bare if _LETTER.search(_FILLERS.sub(" ", bare)) else text
    text = " ".join(_FILLERS.sub(" ", text).split()).strip(" ,;:")
    text = text.removeprefix("to ")
    return text if _LETTER.search(text) else ""


def joined_pinyin(reading: str) -> str:
    """Return the pinyin of a proper name as it is written in English, empty for other words.

    >>> joined_pinyin("Bei3 jing1")
    'Beijing'
    >>> joined_pinyin("Li3 Xiao3 ming2")
    'Li Xiaoming'
    """
    words: list[str] = []
    for syllable in reading.split():
        match = _SYLLABLE.match(syllable)
        if not match:
            return ""
        letters = match[1].replace("u:", "ü")
        if letters[0].isupper() or not words:
            words.append(letters)
        else:
            words[-1] += letters
    return " ".join(words) if words and words[0][0].isupper() else ""


def wordnet_pairs(row: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the Chinese lemmas of one synset and its pairs.

    Lemma with lemma across and within the languages, and lemmas with the definition; at most six
    Chinese and four English lemmas, because the last ones of a long list fit badly.
    """
    kind = row[0][-1]
    chinese = [_strip_particle(w.strip(" ;+"), kind) for w in row[1].split("|")]
    chinese = [w for w in dict.fromkeys(chinese) if w][:6]
    english = [w.replace("_", " ") for w in row[2].split("|") if w][:4]
    definition = row[3].split('; "')[0]
    pairs = [(zh, en) for zh, en in product(chinese, english)]
    pairs += [(zh, initials) for zh in chinese for en in english if (initials := acronym(en))]
    pairs += [(zh, definition) for zh in chinese[:3]]
    pairs += [(en, definition) for en in english[:2]]
    pairs += list(zip(chinese, islice(chinese, 1, None), strict=False))
    pairs += list(zip(english, islice(english, 1, None), strict=False))
    return chinese, pairs


def _strip_particle(word: str, kind: str) -> str:
    """Return a lemma without the 的 of adjectives and the 地 of adverbs."""
    if len(word) > 2 and (
        (kind in "as" and word[-1] == "的") or (kind == "r" and word[-1] == "地")
    ):
        return word[:-1]
    return word
