from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from corpus.archive import Archive
from corpus.errors import ModelError
from qa.query import Lang
from qa.rank import Finder
from qa.search.ranker import SHIPPED_RANKING, Ranker, read_ranker, shipped_ranker, write_rankers
from tests.conftest import issue_of

TEXTS = ("新增公交线路12条。", "医院新增床位300张。", "学校操场改造完成。")


@pytest.mark.parametrize("lang", get_args(Lang))
def test_the_shipped_weights_come_back_as_they_were_written(tmp_path: Path, lang: Lang) -> None:
    ranker = shipped_ranker(lang)
    write_rankers({lang: ranker}, tmp_path / "again.json", told={})
    again = read_ranker(tmp_path / "again.json", lang)
    for part in Ranker.__slots__:
        assert np.array_equal(getattr(again, part), getattr(ranker, part))


@pytest.mark.parametrize("lang", get_args(Lang))
def test_every_unit_counts_for_something_and_an_empty_word_for_little(lang: Lang) -> None:
    finder = Finder.open(Archive.in_memory([issue_of(*TEXTS)]))
    found = finder.prepare(finder.read("医院的床位是多少？"))
    assert found is not None
    weights = dict(
        zip(found.units.words, shipped_ranker("zh").weigh(found.units, own=0.2), strict=True)
    )
    assert all(weight > 0 for weight in weights.values())
    assert weights["床位"] > 3 * weights["的"]


def test_what_units_and_features_add_is_the_score() -> None:
    finder = Finder.open(Archive.in_memory([issue_of(*TEXTS)]))
    query = finder.read("医院床位")
    found = finder.prepare(query)
    assert found is not None
    of_units, of_features = shipped_ranker("zh").score(found.units, found.matches, found.features)
    scores = dict(zip(found.ids, of_units.sum(axis=1) + of_features.sum(axis=1), strict=True))
    for hit in finder.search(query, k=3):
        assert hit.score == pytest.approx(float(scores[hit.passage_id]), abs=1e-5)


@pytest.mark.parametrize("damage", ["no file", "no json", "other names"])
def test_a_damaged_weights_file_is_one_clear_error(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "ranking.json"
    told = json.loads(SHIPPED_RANKING.read_text(encoding="utf-8"))
    if damage == "no json":
        path.write_text("{", encoding="utf-8")
    elif damage == "other names":
        told["weights"]["zh"]["matches"]["other"] = [0, 0]
        path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ModelError, match="ranking"):
        read_ranker(path, "zh")
