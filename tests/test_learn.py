from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.search.matching import MATCHES
from qa.search.ranker import FEATURES, Ranker, read_ranker, shipped_ranker
from tests.conftest import DATA

pytest.importorskip("torch", reason="fitting weights needs torch")

from qa.fitting import learn
from qa.fitting.learn import Example, examples_of, fit, held_out, main, ndcg, own_words
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
