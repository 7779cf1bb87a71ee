"""Figures on the development questions; they lie beside the repository and never in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answer import Answerer
from qa.evaluate import archive_of, figures, load_collection
from qa.fitting.calibrate import is_answered
from qa.fitting.pairs import ask, half
from qa.questions import Outcome, ask_all, load_questions, per_question
from qa.quoting.confidence import shipped_judge
from qa.rank import Finder

DEV = Path(__file__).parents[2] / "shared" / "eval" / "bulletin_questions_dev.jsonl"
SETS = DEV.parent
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


def test_questions_of_another_set_are_declined_and_those_of_its_own_are_not() -> None:
    own, other = (load_collection(SETS / name) for name in ("xquad_zh", "cmrc"))
    answerer = Answerer(Finder.open(archive_of(own)))

    def answered(questions: list[str]) -> float:
        held_out = sorted(question for question in questions if half(question) == 1)[:312]
        pairs = [
            ask(answerer, question, where=own.name, kind="foreign", n_passages=len(own.documents))
            for question in held_out
        ]
        return sum(is_answered(shipped_judge("zh"), pair) for pair in pairs) / len(pairs)

    assert answered(list(own.queries.values())) >= 0.92  # two more would be answered wrongly
    assert answered(list(other.queries.values())) <= 0.12
