"""Figures on the development questions; they lie beside the repository and never in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.text import squeeze
from qa.answer import Answerer
from qa.query import parse
from qa.rank import Finder

DEV = Path(__file__).parents[2] / "shared" / "eval" / "bulletin_questions_dev.jsonl"
pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not DEV.is_file(), reason="the development questions are not here"),
]


@pytest.fixture(scope="module")
def questions() -> list[dict[str, object]]:
    return [json.loads(line) for line in DEV.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("lang", "bar"), [("zh", 0.9), ("en", 0.8)])
def test_the_evidence_passage_is_first(
    questions: list[dict[str, object]], sample_finder: Finder, lang: str, bar: float
) -> None:
    asked = [q for q in questions if q["lang"] == lang and q["kind"] != "none"]
    first = 0
    for question in asked:
        hit = sample_finder.search(parse(str(question["question"])), k=1)[0]
        text = squeeze(sample_finder.places([hit.passage_id])[0].passage.text)
        evidence = question["evidence"]
        assert isinstance(evidence, list)
        first += any(squeeze(part) in text for part in evidence)
    assert first >= bar * len(asked), f"{first} of {len(asked)}"


def test_a_question_the_bulletin_does_not_answer_is_mostly_declined(
    questions: list[dict[str, object]], sample_answerer: Answerer
) -> None:
    asked = [q for q in questions if q["kind"] == "none"]
    declined = sum(sample_answerer.answer(str(q["question"])).status == "no_answer" for q in asked)
    assert declined >= 0.9 * len(asked)


def test_a_question_the_bulletin_answers_is_mostly_not_declined(
    questions: list[dict[str, object]], sample_answerer: Answerer
) -> None:
    asked = [q for q in questions if q["kind"] in ("fact", "list")]
    answered = sum(sample_answerer.answer(str(q["question"])).status == "answered" for q in asked)
    assert answered >= 0.9 * len(asked)


def test_what_is_marked_mostly_answers_and_is_a_small_part_of_the_quote(
    questions: list[dict[str, object]], sample_answerer: Answerer
) -> None:
    right, n_marked, shares = 0, 0, []
    for question in questions:
        words = question["answer"]
        assert isinstance(words, list)
        citations = sample_answerer.answer(str(question["question"])).citations
        if question["kind"] != "fact" or not words or not any(c.marks for c in citations):
            continue
        marked = [c.quote[slice(*mark)] for c in citations for mark in c.marks]
        n_marked += 1
        right += all(any(squeeze(str(word)) in squeeze(told) for told in marked) for word in words)
        shares.append(sum(map(len, marked)) / sum(len(c.quote) for c in citations))
    assert n_marked >= 16
    assert right >= 0.85 * n_marked, f"{right} of {n_marked}"
    assert sorted(shares)[len(shares) // 2] <= 0.2


def test_a_term_that_is_only_named_is_cited_wherever_it_stands_and_said_to_be_so(
    questions: list[dict[str, object]], sample_answerer: Answerer
) -> None:
    for question in questions:
        if question["kind"] == "mention":
            answer = sample_answerer.answer(str(question["question"]))
            assert answer.status == "partial"
            articles = question["articles"]
            assert isinstance(articles, list)
            cited = {source.article_id.split("/")[1] for source in answer.sources}
            assert cited == set(articles)
