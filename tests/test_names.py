"""Names are found by their sound, in an archive that no dictionary has heard of."""

from __future__ import annotations

import math
from pathlib import Path
from time import process_time

import pytest

from corpus.archive import Archive
from corpus.errors import ModelError
from qa.query import parse
from qa.rank import Finder
from qa.search.lexicon import Expansion
from qa.search.names import find_names, names_in
from qa.search.sounds import MAX_NAME, SHIPPED_SOUNDS, Sounds, shipped_sounds
from qa.search.spelling import NamePair, Spellings, build, learn, name_pairs, spelt
from tests.conftest import issue_of

TEXTS = (
    "砚泽路本月封闭施工，车辆绕行。",
    "俞桂珍调解了邻里纠纷。",
    "霍布森教授来访，参观林迪斯法恩展览。",
    "医院新增床位三百张。",
)
ENTRIES = [
    ("路德", "Lu4 de2", ["Luther"]),
    ("亨德尔", "Heng1 de2 er3", ["Handel (composer)"]),
    ("路易", "Lu4 yi4", ["Louis"]),
    ("马德里", "Ma3 de2 li3", ["Madrid"]),
    ("里尔", "Li3 er3", ["Lille"]),
    ("马里", "Ma3 li3", ["Mali"]),
    ("长城", "Chang2 cheng2", ["Great Wall"]),
    ("道路", "dao4 lu4", ["road"]),
]


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder.open(Archive.in_memory([issue_of(*TEXTS)]))


def terms_of(finder: Finder, question: str) -> dict[str, str]:
    """Return each phrase of a resolved question with its best term."""
    found = finder.resolve(parse(question)).expansions
    return {expansion.phrase: expansion.terms[0][0] for expansion in found if expansion.terms}


@pytest.mark.parametrize(
    ("question", "phrase", "term"),
    [
        ("Why is Yanze Road closed?", "yanze", "砚泽"),
        ("Who did Yu Guizhen reconcile?", "yu guizhen", "俞桂珍"),
        ("When did Yu Guizhen's talk end?", "yu guizhen", "俞桂珍"),
        ("Who is Guizhen?", "guizhen", "桂珍"),
        ("where is yanze", "yanze", "砚泽"),
        ("What did Hobson see?", "hobson", "霍布森"),
        ("What is shown of Lindisfarne?", "lindisfarne", "林迪斯法恩"),
    ],
)
def test_a_name_is_found_by_its_sound(
    finder: Finder, question: str, phrase: str, term: str
) -> None:
    assert terms_of(finder, question)[phrase] == term


def test_a_name_that_is_not_there_adds_nothing(finder: Finder) -> None:
    assert "zhongguancun" not in terms_of(finder, "Where is Zhongguancun?")


def test_a_chinese_question_has_no_names_and_is_left_as_it_is(finder: Finder) -> None:
    query = parse("砚泽路为什么封闭？")
    assert query.names == ()
    assert finder.resolve(query) == query


def test_a_resolved_question_keeps_no_term_that_stands_nowhere(finder: Finder) -> None:
    terms = [t for e in finder.resolve(parse("the hospital's beds")).expansions for t, _ in e.terms]
    assert "医院" in terms
    assert all(any(term in text for text in TEXTS) for term in terms)


def test_the_passage_that_holds_the_name_comes_first(finder: Finder) -> None:
    assert finder.search(parse("What about Guizhen?"), k=1)[0].passage_id == "2020-01/a01/p02"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did GDP do?", ()),
        ("What did Émile Zola write?", ("emile zola",)),
        ("Yanze Road", ("yanze road",)),
        ("is it open", ()),
        ("", ()),
    ],
)
def test_words_with_a_capital_or_unknown_may_be_names(
    question: str, names: tuple[str, ...]
) -> None:
    known = {"what", "did", "write", "is", "it", "open", "do"}
    assert names_in(question, known.__contains__) == names


def test_a_known_word_keeps_its_terms_beside_those_of_its_sound() -> None:
    known = [Expansion("luther", (("路得", 1.0),), 0.5)]
    (found,) = find_names(
        ["luther"], known, sounds=shipped_sounds(), holding=lambda _: ["路德写道"]
    )
    assert [term for term, _ in found.terms] == ["路得", "路德"]
    assert found.share == 0.5


def test_pinyin_is_read_in_all_ways_of_the_fewest_syllables() -> None:
    assert ("xi", "an") in shipped_sounds().in_pinyin("xian")
    assert shipped_sounds().in_pinyin("hospital") == []
    assert shipped_sounds().in_pinyin("") == []


def test_a_run_of_many_words_costs_no_more_than_its_words() -> None:
    started = process_time()
    find_names(["a b " * 700], [], sounds=shipped_sounds(), holding=lambda _: [])
    assert process_time() - started < 3


def test_only_whole_readings_are_found() -> None:
    found = shipped_sounds().read_in(["砚泽路与颜料", "a", ""], ("yan", "ze"))
    assert found == ["砚泽"]


def test_every_reading_of_two_neighbours_is_a_pair() -> None:
    assert set(shipped_sounds().of_pairs(["重庆", "a庆"])) == {"zhong-qing", "chong-qing"}
    assert list(shipped_sounds().of_pairs([])) == []


def test_a_spelling_that_stands_in_no_text_is_not_found() -> None:
    assert shipped_sounds().spelt_in(["医院新增床位"], "hobson") == []
    assert shipped_sounds().spelt_in([], "hobson") == []
    assert shipped_sounds().spelt_in(["霍布森"], "x") == []


def test_the_names_of_an_entry_are_paired_with_its_glosses() -> None:
    groups = name_pairs("路德市", "Lu4 de2 shi4", ["Luther City, in Ohio", "not a name"])
    assert [NamePair("路德", ("lu", "de"), "luther")] == [
        pair
        for group in groups
        for pair in group
        if pair.letters == "luther" and len(pair.syllables) == 2
    ]
    assert name_pairs("北京", "Bei3 jing1", ["Beijing"]) == []
    assert name_pairs("马丁·路德", "Ma3 ding1 · Lu4 de2", ["Martin Luther"]) == [
        [NamePair("马丁", ("ma", "ding"), "martin")],
        [NamePair("路德", ("lu", "de"), "luther")],
    ]


def test_the_best_split_is_the_best_of_all_splits() -> None:
    spellings = Spellings([("lu", "lu"), ("de", "ther"), ("de", "d")])
    score, parts = spellings.split(NamePair("路德", ("lu", "de"), "luther"))
    ways = {
        ("luther"[:cut], "luther"[cut:]): spellings.probability("lu", "luther"[:cut])
        * spellings.probability("de", "luther"[cut:])
        for cut in range(1, 6)
    }
    assert parts == (("lu", "lu"), ("de", "ther"))
    assert max(ways, key=ways.__getitem__) == ("lu", "ther")
    assert score == pytest.approx(math.log(ways["lu", "ther"]))


def test_a_word_longer_than_a_name_can_be_spelt_is_not_looked_for() -> None:
    def holding(_: object) -> list[str]:
        raise AssertionError("looked for")

    longest = "constantinople" * 20
    assert find_names([longest], [], sounds=shipped_sounds(), holding=holding) == ()
    assert shipped_sounds().spelt_in(["路德写道"], longest[: MAX_NAME + 1]) == []


def test_translated_names_are_left_out_of_what_is_learnt() -> None:
    groups = [group for entry in ENTRIES for group in name_pairs(*entry)]
    spellings = learn(groups)
    trusted = [pair for _, pair in spelt(groups, spellings)]
    assert "长城" not in {pair.characters for pair in trusted}
    assert spellings.probability("lu", "lu") > spellings.probability("lu", "ma")


def test_what_is_built_can_be_read_and_finds_its_own_names(tmp_path: Path) -> None:
    path = tmp_path / "sounds.tsv"
    path.write_text(build(ENTRIES), encoding="utf-8")
    sounds = Sounds.load(path)
    assert sounds.likely_pairs("lille", k=1)[0][0] == "li-er"
    assert {pair for pair, _ in sounds.likely_pairs("madrid", k=9)} >= {"ma-de", "de-li"}
    assert sounds.read_in(["马德里在路德"], ("lu", "de")) == ["路德"]


def test_sounds_that_cannot_be_read_are_one_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read the sounds"):
        Sounds.load(tmp_path / "none.tsv")
    (tmp_path / "bad.tsv").write_text("a\tb\tc\n", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot read the sounds"):
        Sounds.load(tmp_path / "bad.tsv")


def test_every_syllable_of_the_shipped_sounds_has_characters() -> None:
    lines = [line.split("\t") for line in SHIPPED_SOUNDS.read_text("utf-8").splitlines()]
    syllables = [line for line in lines if len(line) == 4]
    assert len(syllables) > 400
    assert all(typical + others for _, _, typical, others in syllables)
