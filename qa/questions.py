"""Questions about an archive, each with the words that answer it, and how well they are answered.

A question file is JSON lines. What is printed is compared without white space, because layout
differs from reader to reader.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corpus.errors import EvaluationDataError
from corpus.text import squeeze
from qa.answer import Answerer
from qa.evaluate import System, read_rows, searcher
from qa.native import Answer
from qa.query import Lang
from qa.rank import Finder

_DEPTH = 3  # passages in which the evidence is looked for
_TEXTS = ("id", "lang", "kind", "question")
_LISTS = ("evidence", "answer", "articles")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about an archive and what a right answer is.

    Attributes:
        id: Its id, once in a file.
        lang: The language it is asked in.
        kind: fact, list, mention (named, but not explained), none (not in the archive) or another.
        text: The question as a reader types it.
        evidence: Printed words; a passage with any of them is a right one.
        answer: Printed words, all of which stand in the quotes of a right answer.
        articles: Ids of the articles it is about, as far as they are told.
    """

    id: str
    lang: Lang
    kind: str
    text: str
    evidence: tuple[str, ...]
    answer: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question.

    Attributes:
        question: The question.
        passages: The texts of the passages found first, best first, without white space.
        answer: The answer, or None where only an engine was asked.
        seconds: How long the answer took, or the engine.
    """

    question: Question
    passages: tuple[str, ...]
    answer: Answer | None
    seconds: float


def load_questions(path: Path) -> list[Question]:
    """Return the questions of a file, one a line, in its order.

    Every line has id, lang (zh or en), kind, question, evidence and answer, the last two lists;
    articles is a list that may be left out. What else it has is not read.

    Raises:
        EvaluationDataError: If the file or a line cannot be read, or an id comes twice.
    """
    found: dict[str, Question] = {}
    for number, row in read_rows(path, (*_TEXTS, "evidence", "answer")):
        problem = _problem(row)
        if not problem and row["id"] in found:
            problem = f"has the id {row['id']!r} for the second time"
        if problem:
            raise EvaluationDataError(str(path), number, problem)
        found[row["id"]] = Question(
            id=row["id"],
            lang=row["lang"],
            kind=row["kind"],
            text=row["question"],
            evidence=tuple(row["evidence"]),
            answer=tuple(row["answer"]),
            articles=tuple(row.get("articles", ())),
        )
    if not found:
        raise EvaluationDataError(str(path), 0, "has no question")
    return list(found.values())


def _problem(row: Mapping[str, object]) -> str:
    """Return what is wrong with the values of a line, or an empty string."""
    for key in _TEXTS:
        if not isinstance(row[key], str):
            return f"has {row[key]!r} as {key!r}, expected a text"
    for key in _LISTS:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            return f"has {value!r} as {key!r}, expected a list of texts"
    return "" if row["lang"] in ("zh", "en") else f"has the lang {row['lang']!r}, expected zh or en"


def ask_all(
    questions: Iterable[Question], finder: Finder, *, system: System = "full"
) -> list[Outcome]:
    """Return what comes of each question; only the full system answers, engines only find."""
    search = searcher(finder, system)
    answerer = Answerer(finder) if system == "full" else None
    outcomes = []
    for question in questions:
        started = time.perf_counter()
        answer = answerer.answer(question.text) if answerer else None
        answered = time.perf_counter()
        ids = [passage_id for passage_id, _ in search(question.text)[:_DEPTH]]
        seconds = answered - started if answer else time.perf_counter() - answered
        texts = tuple(squeeze(place.passage.text) for place in finder.places(ids))
        outcomes.append(Outcome(question, texts, answer, seconds))
    return outcomes


def _evidence(outcome: Outcome, *, within: int) -> bool | None:
    if not outcome.question.evidence:
        return None
    texts = outcome.passages[:within]
    return any(squeeze(part) in text for part in outcome.question.evidence for text in texts)


def _quoted(outcome: Outcome) -> bool | None:
    if outcome.answer is None or not outcome.question.answer:
        return None
    return _all_in(outcome.question.answer, [cited.quote for cited in outcome.answer.citations])


def _marked(outcome: Outcome) -> bool | None:
    if outcome.answer is None or outcome.question.kind != "fact" or not outcome.question.answer:
        return None
    marked = [
        cited.quote[start:end] for cited in outcome.answer.citations for start, end in cited.marks
    ]
    return _all_in(outcome.question.answer, marked) if marked else None


def _all_in(parts: Sequence[str], texts: Sequence[str]) -> bool:
    """Tell whether each part stands in one of the texts."""
    squeezed = [squeeze(text) for text in texts]
    return all(any(squeeze(part) in text for text in squeezed) for part in parts)


def _answered(outcome: Outcome) -> bool | None:
    if outcome.answer is None or outcome.question.kind == "none":
        return None
    return outcome.answer.status != "no_answer"


def _declined(outcome: Outcome) -> bool | None:
    if outcome.answer is None or outcome.question.kind != "none":
        return None
    return outcome.answer.status != "answered"


def _partial(outcome: Outcome) -> bool | None:
    if outcome.answer is None or outcome.question.kind != "mention":
        return None
    return outcome.answer.status == "partial"


_MEASURES: Mapping[str, Callable[[Outcome], bool | None]] = {
    "evidence@1": partial(_evidence, within=1),
    "evidence@3": partial(_evidence, within=_DEPTH),
    "quoted": _quoted,
    "marked": _marked,
    "answered": _answered,
    "declined": _declined,
    "partial": _partial,
}
"""Each tells whether a question went well, or None where it says nothing of such a question."""


def per_question(outcomes: Iterable[Outcome]) -> dict[str, dict[str, float]]:
    """Return measure → question id → 1 for well or 0, of the questions that the measure is about.

    evidence@k: a right passage is among the first k. quoted: the expected words stand in the
    quotes. marked: of the facts in whose quotes something is marked as the answer, the expected
    words stand there. answered: a question of another kind than none is not declined. declined:
    one of the kind none is not answered. partial: a mention is said to be one.
    """
    values: dict[str, dict[str, float]] = {}
    for outcome in outcomes:
        for name, well in _MEASURES.items():
            value = well(outcome)
            if value is not None:
                values.setdefault(name, {})[outcome.question.id] = float(value)
    return {name: values[name] for name in _MEASURES if name in values}
