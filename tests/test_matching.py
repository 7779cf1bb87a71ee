from __future__ import annotations

import numpy as np
import pytest

from corpus.archive import Archive
from qa.rank import Finder
from qa.search.matching import MATCHES, SHAPES, Matches
from qa.search.units import SIGNS, Units
from tests.conftest import issue_of

TEXTS = (
    "欧若维娅区新增公交线路12条，优化调整31条。市民出行更方便。",
    "医院新增床位300张，引进医生48名。",
    "学校操场改造完成，铺设塑胶跑道。",
)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder.open(Archive.in_memory([issue_of(*TEXTS)]))


def compared(finder: Finder, question: str) -> tuple[list[str], Units, Matches]:
    found = finder.prepare(finder.read(question))
    assert found is not None
    return found.ids, found.units, found.matches


def sign(units: Units, word: str, name: str) -> float:
    return float(units.signs[units.words.index(word), SIGNS.index(name)])


def met(found: tuple[list[str], Units, Matches], number: int, word: str, name: str) -> float:
    ids, units, matches = found
    at = ids.index(f"2020-01/a01/p{number:02d}")
    return float(matches.units[at, units.words.index(word), MATCHES.index(name)])


def test_a_name_that_no_dictionary_has_is_one_unit(finder: Finder) -> None:
    _, units, _ = compared(finder, "欧若维娅在哪里？")
    assert "欧若维娅" in units.words
    assert not {"欧", "若", "维", "娅"} & set(units.words)


def test_neighbours_that_the_archive_has_side_by_side_are_a_unit_too(finder: Finder) -> None:
    _, units, _ = compared(finder, "公交线路有多少条？")
    assert sign(units, "公交线路", "joined") == 1
    assert sign(units, "公交", "joined") == 0


def test_signs_tell_figures_latin_words_and_empty_ones(finder: Finder) -> None:
    _, units, _ = compared(finder, "300张床位的医院叫ABC吗？")
    assert sign(units, "300", "figure") == 1
    assert sign(units, "abc", "latin") == 1
    assert sign(units, "的", "empty") == 1
    assert sign(units, "abc", "unseen") == 1
    assert sign(units, "床位", "unseen") == 0


def test_a_word_is_met_where_it_stands_and_by_near_meaning_elsewhere(finder: Finder) -> None:
    found = compared(finder, "医院引进了多少大夫？")
    assert met(found, 2, "医院", "has") == 1
    assert met(found, 3, "医院", "has") == 0
    assert met(found, 2, "大夫", "has") == 0
    assert met(found, 2, "大夫", "near .5") > met(found, 3, "大夫", "near .5")


def test_an_english_phrase_is_met_by_what_it_may_be_in_chinese(finder: Finder) -> None:
    found = compared(finder, "How many doctors did the hospital hire?")
    assert 0 < met(found, 2, "doctors", "has") <= 1
    assert met(found, 1, "doctors", "has") == 0


def test_a_number_is_never_near_another(finder: Finder) -> None:
    found = compared(finder, "301张床位")
    assert met(found, 2, "301", "near .3") == 0


def test_all_that_is_known_is_finite_and_has_its_column(finder: Finder) -> None:
    for question in ("谁", "What is the", "新增多少？" * 30, "ABC 12 的"):
        prepared = finder.prepare(finder.read(question))
        if prepared:
            n = len(prepared.features)
            assert prepared.matches.units.shape == (n, len(prepared.units.words), len(MATCHES))
            assert prepared.matches.shapes.shape == (n, len(SHAPES))
            assert np.isfinite(prepared.features).all()
            assert 0 <= prepared.matches.literal <= 1 + 1e-6
