from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import main
from corpus.errors import EvaluationDataError
from qa.evaluate import (
    archive_of,
    compare,
    figures,
    load_collection,
    per_query,
    read_run,
    run_queries,
    write_run,
)
from qa.rank import Finder

DOCUMENTS = {
    "d1": "全区新增公交线路12条。",
    "d2": "医院新增床位300张。",
    "d3": "学校操场改造完成。",
}
QUERIES = {"q1": "公交线路有多少条？", "q2": "医院有多少床位？", "unjudged": "天气？"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(
        "".join(
            json.dumps({"_id": key, "title": "", "text": text}) + "\n"
            for key, text in DOCUMENTS.items()
        )
    )
    (tmp_path / "queries.jsonl").write_text(
        "".join(json.dumps({"_id": key, "text": text}) + "\n" for key, text in QUERIES.items())
    )
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\nq2\td3\t0\n"
    )
    return tmp_path


def test_a_beir_folder_is_read_and_only_judged_queries_are_kept(folder: Path) -> None:
    collection = load_collection(folder)
    assert collection.qrels == {"q1": {"d1": 1}, "q2": {"d2": 1}}
    assert list(collection.queries) == ["q1", "q2"]
    assert collection.documents["d1"] == ("", DOCUMENTS["d1"])


@pytest.mark.parametrize("system", ["full", "lexical", "dense"])
def test_every_system_finds_what_shares_words_with_the_question(folder: Path, system: str) -> None:
    collection = load_collection(folder)
    finder = Finder.open(archive_of(collection))
    run, seconds = run_queries(finder, collection.queries, system=system)  # type: ignore[arg-type]  # the three literals
    assert {query: docs[0][0] for query, docs in run.items()} == {"q1": "d1", "q2": "d2"}
    assert len(seconds) == 2


def test_the_archive_of_a_collection_verifies(folder: Path) -> None:
    collection = load_collection(folder)
    titled = {**collection.documents, "d4": ("标题", "正文 有 空格")}
    archive = archive_of(type(collection)("named", titled, {}, {}))
    assert archive.verify() == []
    assert archive.n_passages() == 4


def test_measures_agree_with_a_worked_example() -> None:
    qrels = {"q1": {"a": 1}, "q2": {"b": 1}, "q3": {"c": 1}}
    run = {"q1": [("a", 3.0)], "q2": [("x", 9.0), ("b", 2.0)], "q3": []}
    values = per_query(run, qrels, ["nDCG@10", "R@1", "RR@10"])
    assert values["R@1"] == {"q1": 1.0, "q2": 0.0, "q3": 0.0}
    assert values["RR@10"] == {"q1": 1.0, "q2": 0.5, "q3": 0.0}
    assert values["nDCG@10"]["q2"] == pytest.approx(1 / 1.584962, abs=1e-5)  # 1 / log2(3)
    mean = {figure.measure: figure.mean for figure in figures(values)}
    assert mean["RR@10"] == pytest.approx(0.5)


def test_equal_scores_keep_the_order_of_the_run() -> None:
    run = {"q": [("z", 1.0), ("a", 1.0)]}
    assert per_query(run, {"q": {"a": 1}}, ["RR@10"])["RR@10"]["q"] == 0.5


def test_the_interval_holds_the_mean_and_narrows_with_more_queries() -> None:
    few = figures({"m": {str(n): float(n % 2) for n in range(20)}})[0]
    many = figures({"m": {str(n): float(n % 2) for n in range(2000)}})[0]
    assert few.low < few.mean < few.high
    assert many.high - many.low < few.high - few.low


def test_two_equal_runs_do_not_differ_and_a_better_one_does() -> None:
    same = {str(n): 0.5 for n in range(50)}
    better = {str(n): 0.9 for n in range(50)}
    assert compare(same, same, measure="m").p_value == 1.0
    found = compare(better, same, measure="m")
    assert (found.better, found.worse) == (50, 0)
    assert found.p_value < 0.01


def test_a_run_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = {"q1": [("a", 2.0), ("b", 1.0)], "q2": [("c", 0.5)]}
    write_run(run, tmp_path / "run", tag="bulletin")
    assert (tmp_path / "run").read_text().splitlines()[0] == "q1 Q0 a 1 2.000000 bulletin"
    assert read_run(tmp_path / "run") == run


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("corpus.jsonl", "{bad", "line 1: is no JSON"),
        ("corpus.jsonl", '{"_id": "x"}', "has no 'text'"),
        ("corpus.jsonl", "[1]", "has no '_id'"),
        ("qrels/test.tsv", "q\td\t1\nq d", "line 2: expected: query, passage, grade"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    folder: Path, name: str, text: str, problem: str
) -> None:
    (folder / name).write_text(text)
    with pytest.raises(EvaluationDataError, match=problem):
        load_collection(folder)


def test_the_command_prints_figures_and_fails_below_the_bar(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = folder / "run.txt"
    assert main(["eval", str(folder), "--run", str(run), "--min", "ndcg@10=0.9", "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert {figure["measure"]: figure["mean"] for figure in result["figures"]}["R@1"] == 1.0
    assert main(["eval", str(folder), "--compare", str(run), "--min", "recall@1=1.1"]) == 8
    assert "0 better, 0 worse" in capsys.readouterr().out
    assert main(["eval", str(folder), "--table"]) == 0
    assert "| full | 1.000 | 1.000 | 1.000 |" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--min", "x"], ["--min", "map@3=1"], ["--system", "best"]])
def test_wrong_bars_and_systems_are_wrong_usage(folder: Path, arguments: list[str]) -> None:
    assert main(["eval", str(folder), *arguments]) == 2


def test_a_folder_without_judgments_is_named(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "x", "text": "y"}')
    with pytest.raises(EvaluationDataError, match=r"neither qrels\.tsv"):
        load_collection(tmp_path)


def test_a_file_that_is_missing_or_no_text_is_named_in_words(folder: Path) -> None:
    file = folder / "corpus.jsonl"
    file.write_bytes(b"\xff")
    with pytest.raises(EvaluationDataError) as caught:
        load_collection(folder)
    assert str(caught.value) == f"{file}: is not UTF-8 at byte 0"
    file.unlink()
    with pytest.raises(EvaluationDataError) as caught:
        load_collection(folder)
    assert str(caught.value) == f"{file}: no such file or directory"
