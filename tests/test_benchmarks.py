from __future__ import annotations

from pathlib import Path

import pytest

from corpus.archive import Archive
from qa.questions import load_questions
from tests.benchmarks.made_up import fill
from tests.benchmarks.stages import QUESTIONS, STAGES, main, measure


def texts(n_passages: int) -> list[str]:
    with Archive.in_memory() as archive:
        fill(archive, n_passages)
        assert archive.verify() == []
        return [text for _, text, _ in archive.iter_passages()]


def test_a_made_up_archive_begins_with_real_passages_and_is_the_same_each_time(
    invented_archive: Archive,
) -> None:
    real = {text for _, text, _ in invented_archive.iter_passages()}
    small, large = texts(12), texts(400)
    assert large[:12] == small
    assert set(small) <= real
    assert real < set(large)
    assert len(set(large)) > 390
    assert texts(400) == large


def test_every_stage_of_a_question_is_timed_and_then_nothing_is(tmp_path: Path) -> None:
    questions = load_questions(QUESTIONS)
    with Archive.open(tmp_path / "archive", create=True) as archive:
        fill(archive, 60)
        found = measure(archive, questions)
        assert "searched" not in vars(archive)
    for row in found.values():
        assert [stage for stage in STAGES if not row[stage] > 0] == []


def test_the_command_prints_a_table_of_each_size(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--sizes", "1,12"])
    out = capsys.readouterr().out
    assert "12 passages" in out
    for line in (*STAGES, "total", "plain FAISS, and sentences", "plain BM25, one OR query"):
        assert out.count(f"\n{line} ") == 2
