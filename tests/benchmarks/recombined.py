"""Archives of any size, made from the clauses of real passages, with planted questions.

The passages of a question set, less those that the chosen questions are about, are cut into
clauses at their commas. A made-up passage takes its clauses from a few of them, so that it has
subjects, as a real one has, and many others are near to it. Everyday sentences stand between.
Numbers are drawn anew each time, and so are half of the words that only one passage has, as names
are: the vocabulary goes on growing, and no sentence comes twice by chance. The passages that the
questions are about are planted among them, word for word.

It is all drawn from one seed: the same folders and the same size give the same archive.
"""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from corpus.archive import Archive
from corpus.text import HAN, split_sentences
from corpus.types import Issue
from qa.evaluate import load_collection
from qa.search.terms import cut
from tests.benchmarks.made_up import FURTHER, issue_of

SEED = 20211007
PASSAGES_PER_ISSUE = 45
_FIRST_DAY = date(1900, 1, 1)
_MAX_SENTENCES = 8
_EVERYDAY = 0.1  # of the sentences
_SUBJECTS = (2, 3, 3, 4)  # passages that one takes its clauses from
_CLAUSES = (1, 2, 3, 3, 4, 5)  # of a sentence
_COMMA = re.compile(r"[，,；;：:]")
_ENDS = "。！？!?…”’」』\"' "

Pieces = tuple[str, ...]
"""A clause cut into what stays, at even places, and what is drawn anew, at odd places."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A question of the set, and the passage it is about.

    Attributes:
        text: The question.
        lang: `zh` or `en`.
        document: The passage's id in the set.
    """

    text: str
    lang: str
    document: str


class Recombined:
    """What archives are made from. Get one with `Recombined.load`."""

    def __init__(
        self, *, planted: dict[str, str], clauses: Sequence[Sequence[Pieces]], everyday: list[str]
    ) -> None:
        """Keep the parts.

        Args:
            planted: Document id to the passage that questions are about.
            clauses: Of each other passage, its clauses.
            everyday: Sentences that are put between.
        """
        self.planted = planted
        self._clauses = clauses
        self._everyday = everyday
        self._characters = HAN.findall("".join(p for one in clauses for c in one for p in c))

    @classmethod
    def load(
        cls, zh: Path, en: Path, everyday: Path, *, n_zh: int, n_en: int
    ) -> tuple[Recombined, list[Planted]]:
        """Return the parts and the questions.

        Args:
            zh: A BEIR folder with Chinese questions.
            en: One with English questions on the same passages.
            everyday: Tatoeba's pairs, gzipped: English, Chinese, attribution.
            n_zh: How many Chinese questions.
            n_en: How many English ones.
        """
        questions: list[Planted] = []
        collection = load_collection(zh)
        for folder, lang, n in ((zh, "zh", n_zh), (en, "en", n_en)):
            of_lang = load_collection(folder)
            ids = sorted(of_lang.queries)
            for query_id in random.Random(SEED).sample(ids, min(n, len(ids))):
                (document,) = of_lang.qrels[query_id]
                questions.append(Planted(of_lang.queries[query_id], lang, document))
        texts = {one: text for one, (_, text) in collection.documents.items()}
        planted = {one.document: texts[one.document] for one in questions}
        others = [text for one, text in texts.items() if one not in planted]
        with gzip.open(everyday, "rt", encoding="utf-8") as rows:
            said = sorted({row.split("\t")[1] for row in rows})
        return cls(planted=planted, clauses=_clauses(others), everyday=said), questions

    def fill(self, archive: Archive, n_passages: int) -> dict[str, str]:
        """Put passages into an empty archive; return document id to passage id of the planted."""
        rng = random.Random(SEED)
        places = rng.sample(range(n_passages), len(self.planted))
        at = dict(zip(places, self.planted, strict=True))
        found: dict[str, str] = {}
        for first in range(0, n_passages, PASSAGES_PER_ISSUE):
            here = range(first, min(first + PASSAGES_PER_ISSUE, n_passages))
            texts = [self.planted[at[n]] if n in at else self._passage(rng) for n in here]
            day = _FIRST_DAY + timedelta(days=first // PASSAGES_PER_ISSUE)
            issue = issue_of(day.isoformat(), texts)
            archive.add(issue)
            ids = [passage.id for passage in issue.passages]
            found |= {at[n]: ids[n - first] for n in here if n in at}
        return found

    def further(self, n_issues: int) -> Iterator[Issue]:
        """Yield issues of later days than any that `fill` makes."""
        rng = random.Random(SEED + 1)
        for n in range(n_issues):
            day = date.fromisoformat(FURTHER) + timedelta(days=n)
            yield issue_of(day.isoformat(), [self._passage(rng) for _ in range(PASSAGES_PER_ISSUE)])

    def _passage(self, rng: random.Random) -> str:
        subjects = rng.choices(self._clauses, k=rng.choice(_SUBJECTS))
        clauses = [clause for subject in subjects for clause in subject]
        rng.shuffle(clauses)
        n = min(_MAX_SENTENCES, 1 + int(rng.expovariate(0.4)))
        return "".join(self._sentence(rng, clauses) for _ in range(n))

    def _sentence(self, rng: random.Random, clauses: list[Pieces]) -> str:
        """Return a sentence of some clauses, which are taken from those that are left."""
        if not clauses or rng.random() < _EVERYDAY:
            return rng.choice(self._everyday)
        n = rng.choice(_CLAUSES)
        chosen, clauses[:] = clauses[:n], clauses[n:]
        return "，".join(self._varied(rng, clause) for clause in chosen) + "。"

    def _varied(self, rng: random.Random, clause: Pieces) -> str:
        if len(clause) == 1:
            return clause[0]
        return "".join(
            self._another(rng, piece) if at % 2 else piece for at, piece in enumerate(clause)
        )

    def _another(self, rng: random.Random, piece: str) -> str:
        if piece.isdigit():
            return str(rng.randrange(10 ** (len(piece) - 1), 10 ** len(piece)))
        if rng.random() < 0.5:
            return piece
        return "".join(rng.choices(self._characters, k=len(piece)))


def _clauses(texts: Sequence[str]) -> list[list[Pieces]]:
    """Return the clauses of each text that has some."""
    words = [set(cut(text).words) for text in texts]
    seen = Counter(word for one in words for word in one)
    found = []
    for text, of_text in zip(texts, words, strict=True):
        once = [w for w in of_text if seen[w] == 1 and len(w) > 1 and HAN.match(w)]
        varied = re.compile(
            "|".join([r"\d+", *sorted(map(re.escape, once), key=lambda w: -len(w))])
        )
        parts = [
            part.strip(_ENDS)
            for sentence in split_sentences(text)
            for part in _COMMA.split(sentence.text)
        ]
        of_passage = [_pieces(part, varied) for part in parts if len(part) > 3]
        if of_passage:
            found.append(of_passage)
    return found


def _pieces(clause: str, varied: re.Pattern[str]) -> Pieces:
    """Return a clause in pieces; the odd ones are varied.

    >>> _pieces("共有12个项目", re.compile(r"[0-9]+"))
    ('共有', '12', '个项目')
    """
    return tuple(re.split(f"({varied.pattern})", clause))
