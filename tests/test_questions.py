from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli import main
from corpus.archive import Archive
from corpus.errors import EvaluationDataError
from qa.questions import Outcome, Question, ask_all, load_questions, per_question
from qa.rank import Finder
from tests.conftest import DATA, issue_of

TEXTS = ("全区新增公交线路12条，优化调整31条。", "医院新增床位300张，引进医生48名。")
ROW: dict[str, object] = {
    "id": "q1",
    "lang": "zh",
    "kind": "fact",
    "question": "全区新增多少条公交线路？",
    "evidence": ["新增公交 线路12条"],
    "answer": ["12条", "31 条"],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


@pytest.fixture
def right(tmp_path: Path) -> Outcome:
    """Return what comes of the question, whose evidence and answer are spaced otherwise."""
    finder = Finder.open(Archive.in_memory([issue_of(*TEXTS)]))
    (outcome,) = ask_all(load_questions(write(tmp_path / "q", ROW)), finder)
    return outcome


def asked(outcome: Outcome, **changes: object) -> dict[str, float]:
    """Return the measures of an outcome as if another question had been asked."""
    question = replace(outcome.question, **changes)  # type: ignore[arg-type]  # one field a time
    values = per_question([replace(outcome, question=question)])
    return {name: by_question["q1"] for name, by_question in values.items()}


def test_a_question_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", ROW | {"articles": ["a01"], "issue": None})
    assert load_questions(path) == [
        Question(
            id="q1",
            lang="zh",
            kind="fact",
            text="全区新增多少条公交线路？",
            evidence=("新增公交 线路12条",),
            answer=("12条", "31 条"),
            articles=("a01",),
        )
    ]


@pytest.mark.parametrize("name", ["questions.jsonl", "own_words.jsonl", "near_misses.jsonl"])
def test_the_evidence_of_the_invented_issues_is_printed_in_them(
    name: str, invented_archive: Archive
) -> None:
    texts = ["".join(text.split()) for _, text, _ in invented_archive.iter_passages()]
    parts = [part for question in load_questions(DATA / name) for part in question.evidence]
    assert [p for p in parts if not any("".join(p.split()) in text for text in texts)] == []


def test_a_right_answer_is_right_by_every_measure_that_is_about_it(right: Outcome) -> None:
    measures = {"evidence@1": 1, "evidence@3": 1, "quoted": 1, "marked": 1, "answered": 1}
    assert asked(right, answer=("12条",)) == measures
    assert asked(right) == measures | {"marked": 0}  # 31 stands in the quote and is not asked for
    assert right.seconds > 0


def test_one_word_that_is_not_in_the_quotes_is_a_wrong_answer(right: Outcome) -> None:
    assert asked(right, answer=("12条", "300张"))["quoted"] == 0


def test_evidence_in_the_second_passage_is_within_three(right: Outcome) -> None:
    found = asked(right, evidence=("床位300张",))
    assert (found["evidence@1"], found["evidence@3"]) == (0, 1)


def test_an_answer_to_what_is_not_in_the_archive_is_wrong(right: Outcome) -> None:
    assert asked(right, kind="none", evidence=(), answer=()) == {"declined": 0}


def test_an_answer_to_what_is_only_named_is_not_partial(right: Outcome) -> None:
    found = asked(right, kind="mention", answer=())
    assert (found["answered"], found["partial"]) == (1, 0)


def test_an_engine_alone_finds_and_does_not_answer(invented_finder: Finder) -> None:
    questions = load_questions(DATA / "questions.jsonl")
    values = per_question(ask_all(questions, invented_finder, system="lexical"))
    assert list(values) == ["evidence@1", "evidence@3"]


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ({}, "line 2: has no 'id'"),
        (ROW, "line 2: has the id 'q1' for the second time"),
        (ROW | {"id": 2}, "line 2: has 2 as 'id', expected a text"),
        (ROW | {"id": "q2", "lang": "de"}, "line 2: has the lang 'de', expected zh or en"),
        (ROW | {"id": "q2", "answer": "12条"}, "line 2: has '12条' as 'answer', expected a list"),
        (ROW | {"id": "q2", "articles": [1]}, r"line 2: has \[1\] as 'articles', expected a list"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    tmp_path: Path, second: dict[str, object], problem: str
) -> None:
    with pytest.raises(EvaluationDataError, match=problem):
        load_questions(write(tmp_path / "q", ROW, second))


def test_a_file_without_a_question_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationDataError, match="has no question"):
        load_questions(write(tmp_path / "q"))


def test_the_command_asks_an_archive_and_fails_below_the_bar(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, file = str(home / "kept"), home / "q.jsonl"
    text = home / "2020-01.txt"
    text.write_text("\n\n".join(TEXTS))
    unknown = {"id": "q2", "lang": "en", "kind": "none", "evidence": [], "answer": []}
    write(file, ROW, unknown | {"question": "Who won the chess championship?"})
    assert main(["add", str(text), "--archive", archive, "--json"]) == 0
    capsys.readouterr()
    asking = ["eval", "--questions", str(file), "--archive", archive]

    assert main([*asking, "--json", "--min", "evidence@1=1", "--min", "declined=1"]) == 0
    chinese, english, both = json.loads(capsys.readouterr().out)["results"]
    assert [figure["measure"] for figure in english["figures"]] == ["declined"]
    assert (chinese["n_queries"], both["n_queries"], both["n_passages"]) == (1, 2, 2)
    assert (both["wrongly_declined"], both["wrongly_answered"]) == ([], [])
    assert "wrongly_declined" not in english
    assert {figure["measure"]: figure["n"] for figure in both["figures"]}["quoted"] == 1

    write(file, ROW | {"evidence": ["没有印的话"]})
    assert main([*asking, "--min", "evidence@3=0.5"]) == 8
    assert "evidence@3 0.0000  [0.000, 0.000]  of 1" in capsys.readouterr().out


def test_without_an_archive_the_shipped_issue_is_asked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(home / "q.jsonl", ROW | {"kind": "none", "evidence": [], "answer": []})
    assert main(["eval", "--questions", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "q.jsonl all (full): 1 query, 40 passages" in out
    assert "wrongly answered: 0" in out
    assert "No archive yet" in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["folder", "--questions", "file"],
        ["folder", "--archive", "kept"],
        ["--questions", "file", "--table"],
        ["--questions", "file", "--run", "run.txt"],
        ["--questions", "file", "--system", "best"],
    ],
)
def test_what_does_not_go_together_is_wrong_usage(home: Path, arguments: list[str]) -> None:
    assert main(["eval", *arguments]) == 2


def test_a_bar_that_no_figure_has_is_wrong_usage(home: Path) -> None:
    file = write(home / "q.jsonl", ROW)
    assert main(["eval", "--questions", str(file), "--min", "evidence@2=0.5"]) == 2


def test_a_missing_file_is_bad_input(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--questions", str(home / "none.jsonl")]) == 6
    assert "each line of a question file has" in capsys.readouterr().err
