"""Questions asked of archives that answer them and of archives that do not, told which is which.

Of each set come archives of 4, 12, 50 and 300 of its passages, of half and of all of them, every
other one of passages that follow one another. An archive is asked questions that it answers
(`matched`), the same with something else asked of the same thing (`altered`: how many schools
instead of how many roads), questions of its own set whose passages were taken out (`removed`:
their neighbours may be left), and questions of other sets (`foreign`). Questions in readers' own
words are asked of their issue, of all issues, and of the others.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Collection as Group
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from corpus.archive import Archive
from corpus.reader import read_issue
from corpus.text import fold, squeeze
from qa.answer import Answerer
from qa.evaluate import Collection, archive_of, load_collection
from qa.query import Lang, parse
from qa.rank import Finder

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

Kind = Literal["matched", "altered", "removed", "foreign"]
OWN_WORDS = "own_words.jsonl"
_PLAN = ((4, 6, 12), (12, 8, 30), (50, 4, 90), (300, 2, 180), (0.5, 1, 400), (1.0, 1, 700))
"""Passages of an archive (or their share of the set), archives of a set, questions of a kind."""

_LARGEST = 2 / 3  # of its set that an archive of some passages has


@dataclass(frozen=True, slots=True)
class Pair:
    """A question asked of an archive.

    Attributes:
        question: As asked; the same text is the same question in every set.
        lang: Its language.
        where: The set whose passages were asked.
        kind: Whether they answer it, and if not, why.
        n_passages: How many there were.
        evidence: Of the best quote, as `quoting.confidence` has it; None where there is no quote.
        right: Whether the quoted passage is one that answers.
    """

    question: str
    lang: Lang
    where: str
    kind: Kind
    n_passages: int
    evidence: NDArray[np.float64] | None
    right: bool


def ask(
    answerer: Answerer,
    question: str,
    *,
    where: str,
    kind: Kind,
    n_passages: int,
    right: Group[str] = (),
) -> Pair:
    """Return a question asked of an archive.

    Args:
        answerer: What answers from the archive.
        question: The question.
        where: The set the archive is of.
        kind: Whether it answers.
        n_passages: How many passages it has.
        right: Ids of the passages that answer.
    """
    read = answerer.read(question)
    return Pair(
        question=question,
        lang=read.query.lang,
        where=where,
        kind=kind,
        n_passages=n_passages,
        evidence=read.evidence,
        right=bool(read.quotes) and read.quotes[0].place.passage.id in right,
    )


def half(question: str) -> int:
    """Return in which half a question is, 0 or 1, told by its text alone."""
    return zlib.crc32(question.encode()) % 2


def of_sets(data: Path, *, share: float, seed: int) -> Iterator[Pair]:
    """Yield the pairs of the BEIR folders in a folder.

    Args:
        data: The folder.
        share: How many questions to ask, as a share of the plan; 1 is some thousand a set.
        seed: Of what is drawn.
    """
    rng = np.random.default_rng(seed)
    folders = sorted(path.parent for path in data.glob("*/queries.jsonl"))
    sets = {folder.name: load_collection(folder) for folder in folders}
    for name, own in sets.items():
        others = [one for one in sets.values() if not _share_passages(own, one)]
        for passages, archives, questions in _PLAN:
            n = _size(passages, len(own.documents))
            for at in range(archives):
                ids = _together(own, n, rng) if at % 2 else _drawn(list(own.documents), n, rng)
                most = max(2, round(share * questions))
                yield from _of_archive(own, ids, others, most=most, rng=rng)
        log.info("%s: asked", name)


def _share_passages(one: Collection, other: Collection) -> bool:
    texts = {text for _, text in one.documents.values()}
    return any(text in texts for _, text in other.documents.values())


def _size(passages: float, n: int) -> int:
    return round(passages * n) if passages <= 1 else min(int(passages), max(1, int(_LARGEST * n)))


def _drawn(names: Sequence[str], n: int, rng: np.random.Generator) -> list[str]:
    return [names[at] for at in rng.permutation(len(names))[:n]]


def _together(own: Collection, n: int, rng: np.random.Generator) -> list[str]:
    first = int(rng.integers(len(own.documents) - n + 1))
    return list(own.documents)[first : first + n]


def _of_archive(
    own: Collection,
    ids: Sequence[str],
    others: Sequence[Collection],
    *,
    most: int,
    rng: np.random.Generator,
) -> Iterator[Pair]:
    kept = {key: own.documents[key] for key in ids}
    answerer = Answerer(Finder.open(archive_of(replace(own, documents=kept))))
    matched = [key for key in own.queries if not kept.keys().isdisjoint(own.qrels[key])]
    removed = [key for key in own.queries if kept.keys().isdisjoint(own.qrels[key])]
    altered = _altered([own.queries[key] for key in matched], most // 2, rng)
    foreign = [
        text for other in others for text in _drawn(list(other.queries.values()), most // 2, rng)
    ]
    asked: list[tuple[Kind, str, Group[str]]] = [
        *(("matched", own.queries[key], own.qrels[key]) for key in _drawn(matched, most, rng)),
        *(("altered", text, ()) for text in altered),
        *(("removed", own.queries[key], ()) for key in _drawn(removed, most // 2, rng)),
        *(("foreign", text, ()) for text in foreign),
    ]
    for kind, question, right in asked:
        yield ask(answerer, question, where=own.name, kind=kind, n_passages=len(kept), right=right)


def _altered(questions: Sequence[str], most: int, rng: np.random.Generator) -> list[str]:
    """Return questions that ask of a thing what another question asks of its own."""
    asked = [(question, told) for question in questions if (told := parse(question).asked)]
    texts = [(fold(question), told) for question, told in asked]
    texts = [(text, told) for text, told in texts if all(word in text for word in told)]
    found = []
    for at, other in zip(rng.permutation(len(texts)), rng.permutation(len(texts)), strict=True):
        (text, told), (_, instead) = texts[at], texts[other]
        if set(told).isdisjoint(instead):
            first, *rest = told
            for word in rest:
                text = text.replace(word, "", 1)
            joint = " " if first.isascii() else ""
            found.append(text.replace(first, joint.join(instead), 1))
    return found[:most]


def of_issues(folder: Path, *, share: float, seed: int) -> Iterator[Pair]:
    """Yield readers' own questions asked of each of the issues beside them, and of all in one.

    Args:
        folder: Where they lie.
        share: How many of the questions to ask, over 0 to 1.
        seed: Of what is drawn.
    """
    lines = (folder / OWN_WORDS).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines[:: max(1, round(1 / share))]]
    issues = [read_issue(path) for path in sorted(folder.glob("*.txt"))]
    for told in [*([issue] for issue in issues), issues]:
        archive = Archive.in_memory(told)
        texts = {passage_id: squeeze(text) for passage_id, text, _ in archive.iter_passages()}
        answerer = Answerer(Finder.open(archive))
        asked: list[tuple[Kind, str, Group[str]]] = []
        for row in rows:
            holding = _holding(row, texts)
            asked.append(("matched" if holding else "foreign", row["question"], holding))
        matched = [question for kind, question, _ in asked if kind == "matched"]
        altered = _altered(matched, len(matched), np.random.default_rng(seed))
        for kind, question, right in [*asked, *(("altered", text, ()) for text in altered)]:
            yield ask(
                answerer, question, where=OWN_WORDS, kind=kind, n_passages=len(texts), right=right
            )


def _holding(row: Mapping[str, Sequence[str]], texts: Mapping[str, str]) -> set[str]:
    """Return the passages with any of a question's evidence."""
    return {p for p, text in texts.items() if any(squeeze(e) in text for e in row["evidence"])}
