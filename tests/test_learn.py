from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.search.matching import MATCHES
from qa.search.ranker import FEATURES, Ranker, read_ranker, shipped_ranker
from tests.conftest import DATA

pytest.importorskip("torch", reason="fitting weights needs torch")

from qa.fitting import learn
from qa.fitting.learn import Example, beir, examples_of, fit, held_out, main, ndcg, own_words
from qa.fitting.translate import read_translations
from qa.rank import Finder


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [example for example in own_words(DATA) if example.lang == "zh"][::4]


def test_what_is_fitted_ranks_better_than_where_it_began(
    examples: Sequence[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn, "_EPOCHS", 0)
    began = ndcg(fit({"set": examples}, seed=1), examples)
    monkeypatch.setattr(learn, "_EPOCHS", 20)
    assert ndcg(fit({"set": examples}, seed=1), examples) > began + 0.02


def test_the_same_seed_gives_the_same_weights(
    examples: Sequence[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn, "_EPOCHS", 5)
    first, second = (fit({"set": examples}, seed=3) for _ in range(2))
    for part in Ranker.__slots__:
        assert np.array_equal(getattr(first, part), getattr(second, part))


def test_a_column_that_is_left_out_has_no_weight(
    examples: Sequence[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn, "_EPOCHS", 2)
    ranker = fit({"set": examples}, seed=1, without=("has", "passage"))
    assert not ranker.matches[MATCHES.index("has")].any()
    assert not ranker.features[FEATURES.index("passage")].any()
    assert ranker.matches[MATCHES.index("frequency")].any()


def test_held_out_figures_are_of_questions_not_fitted_on(
    examples: Sequence[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn, "_EPOCHS", 5)
    found = held_out({"set": examples}, seed=1)
    assert 0.3 < found["set"] <= 1


def test_a_question_whose_passage_is_not_found_counts_as_nothing(invented_finder: Finder) -> None:
    examples = examples_of(
        invented_finder, {"q": "重点项目总投资是多少？"}, {"q": {"no such passage"}}
    )
    assert ndcg(shipped_ranker("zh"), examples) == 0.0


def test_the_command_writes_weights_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn, "_EPOCHS", 1)
    out = tmp_path / "ranking.json"
    assert main(["--data", str(tmp_path), "--own", str(DATA), "--out", str(out)]) == 0
    for lang in ("zh", "en"):
        assert read_ranker(out, lang).matches.shape == (len(MATCHES), 2)


def test_questions_that_were_put_into_english_are_asked_instead(tmp_path: Path) -> None:
    told = {
        "corpus": [("p1", "新路全长3公里。"), ("p2", "旧桥宽5米。")],
        "queries": [("q1", "新路多长？")],
    }
    told["queries"].append(("q2", "旧桥多宽？"))
    for name, rows in told.items():
        lines = [json.dumps({"_id": key, "text": text}) for key, text in rows]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("q1\tp1\t1\nq2\tp2\t1\n", encoding="utf-8")
    written = tmp_path / "english.tsv"
    written.write_text(
        "新路多长?\tHow long is the new road?\n旧桥多宽?\t旧 bridge?\n", encoding="utf-8"
    )
    english = read_translations(written)
    assert english == {"新路多长?": "How long is the new road?"}
    (example,) = beir(tmp_path, most=5, english=english)
    assert (example.key, example.lang) == ("How long is the new road?", "en")
    assert example.right.tolist().count(True) == 1
    assert {one.key for one in beir(tmp_path, most=5)} == {"新路多长？", "旧桥多宽？"}


def test_a_file_of_translations_without_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "english.tsv").write_text("新路多长?\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1 has no tab"):
        read_translations(tmp_path / "english.tsv")
