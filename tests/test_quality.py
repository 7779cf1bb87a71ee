"""Figures on the development questions; they lie beside the repository and never in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.evaluate import figures
from qa.questions import Outcome, ask_all, load_questions, per_question
from qa.rank import Finder

DEV = Path(__file__).parents[2] / "shared" / "eval" / "bulletin_questions_dev.jsonl"
pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not DEV.is_file(), reason="the development questions are not here"),
]


@pytest.fixture(scope="module")
def outcomes(sample_finder: Finder) -> list[Outcome]:
    return ask_all(load_questions(DEV), sample_finder)


@pytest.mark.parametrize(
    ("lang", "measure", "bar"),
    [
        ("zh", "evidence@1", 0.9),
        ("en", "evidence@1", 0.8),
        ("zh", "marked", 0.85),
        ("zh", "answered", 0.9),
        ("en", "answered", 0.9),
        ("zh", "declined", 0.9),
        ("en", "declined", 0.9),
        ("zh", "partial", 1.0),
        ("en", "partial", 1.0),
    ],
)
def test_questions_on_the_shipped_issue_reach_their_bar(
    outcomes: list[Outcome], lang: str, measure: str, bar: float
) -> None:
    values = per_question(one for one in outcomes if one.question.lang == lang)
    (figure,) = figures({measure: values[measure]})
    failed = [question for question, value in values[measure].items() if not value]
    assert figure.mean >= bar, failed


def test_a_term_that_is_only_named_is_cited_wherever_it_stands(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.question.kind == "mention":
            assert outcome.answer is not None
            cited = {source.article_id.split("/")[1] for source in outcome.answer.sources}
            assert cited == set(outcome.question.articles)
