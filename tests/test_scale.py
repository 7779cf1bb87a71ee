"""The archives that size is measured on, and the plot of what was measured."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from corpus.archive import Archive
from tests.benchmarks.loglog import drawn
from tests.benchmarks.recombined import Planted, Recombined

PASSAGES = {
    "p1": "全区新增公交线路12条，优化调整31条，方便市民出行。",
    "p2": "医院新增床位300张，市民看病更方便，医生也多了。",
    "p3": "学校的花园开了花，老师带学生去看，大家都很高兴。",
    "p4": "农民种下粮食，秋天收了五千斤，价格也好。",
}


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path, Path]:
    for lang, question in (("zh", "新增多少床位？"), ("en", "How many beds were added?")):
        folder = tmp_path / lang
        folder.mkdir()
        rows = [json.dumps({"_id": one, "text": text}) for one, text in PASSAGES.items()]
        (folder / "corpus.jsonl").write_text("\n".join(rows))
        (folder / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": question}))
        (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tp2\t1\n")
    with gzip.open(tmp_path / "said.gz", "wt", encoding="utf-8") as said:
        said.write("Hi.\t你好。\tnobody\n")
    return tmp_path / "zh", tmp_path / "en", tmp_path / "said.gz"


def filled(sources: tuple[Path, Path, Path]) -> tuple[list[tuple[str, str, str]], str]:
    made, questions = Recombined.load(*sources, n_zh=5, n_en=5)
    assert questions == [
        Planted("新增多少床位？", "zh", "p2"),
        Planted("How many beds were added?", "en", "p2"),
    ]
    with Archive.in_memory() as archive:
        places = made.fill(archive, 100)
        return list(archive.iter_passages()), places["p2"]


def test_the_same_sources_give_the_same_archive_with_the_passage_planted(
    sources: tuple[Path, Path, Path],
) -> None:
    rows, place = filled(sources)
    assert len(rows) == 100
    assert [text for passage_id, text, _ in rows if passage_id == place] == [PASSAGES["p2"]]
    assert filled(sources) == (rows, place)


def test_no_made_up_passage_holds_a_clause_of_a_planted_one(
    sources: tuple[Path, Path, Path],
) -> None:
    rows, place = filled(sources)
    others = [text for passage_id, text, _ in rows if passage_id != place]
    assert not any("市民看病" in text for text in others)
    assert any("市民出行" in text for text in others)


def test_points_on_a_power_law_lie_on_a_line() -> None:
    svg = drawn(
        {"a": [(10, 1), (100, 10), (1000, 100)], "nothing there": []}, across="size", up="cost"
    )
    path = svg.split('points="')[1].split('"')[0]
    places = [tuple(map(float, point.split(","))) for point in path.split()]
    assert places[1][0] - places[0][0] == pytest.approx(places[2][0] - places[1][0], abs=0.2)
    assert places[0][1] - places[1][1] == pytest.approx(places[1][1] - places[2][1], abs=0.2)
    assert "nothing there" not in svg
