from __future__ import annotations

import gzip
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import ModelError
from embeddings.encoder import shipped_encoder
from embeddings.train_data import TrainingData
from qa.fitting.lexicon import build, translated_sentences
from qa.search.lexicon import (
    NEWS,
    SERVICES,
    SHIPPED_LEXICON,
    Expansion,
    Lexicon,
    index_of,
    packed,
    phrase_key,
    shipped_lexicon,
)
from qa.search.stems import stem
from qa.search.translated import score

PAIRS = [
    ("公交", "bus"),
    ("公共汽车", "bus"),
    ("bus", "公共汽车"),
    ("防洪", "flood prevention; flood control"),
    ("洪水", "flood"),
    ("城市", "the city"),
    ("公交车站", "a place where a bus stops for people"),
]


SENTENCES = [("The ferries are full.", "轮渡满了。"), ("A full bus.", "公交满了。")]


DATA = TrainingData(
    pairs=PAIRS,
    sentence_pairs=SENTENCES,
    pinyin_pairs=[],
    syllables=[],
    words=["公交", "公共汽车", "防洪", "洪水", "城市", "公交车站", "轮渡"],
)
MORE = [("客车", "bus"), ("浮桥", "pontoon"), ("渡口", "bus ferry"), ("码头", "ferry dock")]


@pytest.fixture(scope="module")
def made() -> Lexicon:
    return Lexicon(*packed(build(DATA, encoder=shipped_encoder())))


@pytest.fixture(scope="module")
def fuller() -> Lexicon:
    """With another dictionary, which is not asked for buses and ferries."""
    common = {phrase_key([word]) for word in ("bus", "ferry", "city")}
    return Lexicon(*packed(build(DATA, encoder=shipped_encoder(), more=MORE, common=common)))


def test_each_phrase_is_found_with_its_terms(made: Lexicon) -> None:
    assert {term for term, _ in made.terms("bus")[:2]} == {"公交", "公共汽车"}
    assert made.terms(phrase_key(["flood", "prevention"])) == (("防洪", 1.0),)
    assert made.terms(phrase_key(["cities"]))[0][0] == "城市"


def test_a_word_that_is_no_gloss_is_learnt_from_sentences(made: Lexicon) -> None:
    assert made.terms(phrase_key(["ferry"]))[0][0] == "轮渡"


def test_of_translated_news_what_was_cut_off_or_ran_on_is_left_out(tmp_path: Path) -> None:
    lines = (
        "居民在广场上跳舞。\tResidents dance in the square.",
        "居民们今天下午在文化广场上学习跳舞。\tResidents",
        "居民跳舞。\t" + "dance " * 12,
        "居民跳舞，" * 14 + "\t" + "residents dance " * 14,
        "居民跳舞。\tResidents\tdance.",
        "居民跳舞。",
    )
    file = tmp_path / "news.tsv"
    file.write_text("\n".join(lines), encoding="utf-8")
    found = translated_sentences(file)
    assert found == [("Residents dance in the square.", "居民在广场上跳舞。")]


@pytest.mark.parametrize("key", ["", "zzz", "bu", "buss", "\n", "\t", "bus\t"])
def test_a_phrase_that_is_not_there_has_no_terms(made: Lexicon, key: str) -> None:
    assert made.terms(key) == ()


def test_another_dictionary_tells_of_rarer_words_only(made: Lexicon, fuller: Lexicon) -> None:
    assert fuller.terms("pontoon")[0][0] == "浮桥"
    assert made.terms("pontoon") == ()
    assert fuller.terms("dock")[0][0] == "码头"  # it stands in a phrase of the other
    for common in ("bus", "ferri", "citi"):
        assert fuller.terms(common) == made.terms(common) != ()
    assert fuller.terms(phrase_key(["bus", "ferry"])) == ()


def test_a_long_gloss_is_no_phrase(made: Lexicon) -> None:
    assert (
        made.terms(phrase_key(["a", "place", "where", "a", "bus", "stops", "for", "people"])) == ()
    )


def test_the_longest_phrase_wins_and_skipped_words_are_no_phrase(made: Lexicon) -> None:
    found = made.expand("the flood prevention of cities", skip=frozenset({"the", "of"}))
    assert [(expansion.phrase, expansion.share) for expansion in found] == [
        ("flood prevention", 1.0),
        ("flood", 0.5),
        ("prevention", 0.5),
        ("cities", 1.0),
    ]


def test_every_line_of_the_shipped_lexicon_is_found_by_its_key() -> None:
    lexicon = Lexicon.open(SHIPPED_LEXICON)
    lines = gzip.decompress(SHIPPED_LEXICON.read_bytes()).decode().splitlines()
    assert lines == sorted(lines, key=lambda line: line.split("\t")[0].encode())
    for line in [*lines[:: len(lines) // 2000], lines[0], lines[-1]]:
        key, told = line.split("\t")
        assert [term for term, _ in lexicon.terms(key)] == told.split(" ")[::2]


@pytest.mark.parametrize("n", [1, 2, 300, 900])
def test_every_line_is_found_whatever_block_it_is_in(n: int) -> None:
    keys = sorted(f"w{number}" for number in range(n))
    lexicon = Lexicon(*packed(f"{key}\t词{key} 99\n" for key in keys))
    assert [lexicon.terms(key) for key in keys] == [((f"词{key}", 1.0),) for key in keys]
    assert [lexicon.terms(key) for key in ("", "w", "w0 ", "w00", "x", "a")] == [()] * 6


def test_weights_lie_over_0_and_up_to_1() -> None:
    for phrase in ("city", "investment", "vaccine", "river", "company"):
        terms = shipped_lexicon().terms(phrase_key([phrase]))
        assert terms
        weights = [weight for _, weight in terms]
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight <= 1 for weight in weights)


def test_all_forms_of_a_word_have_the_same_terms() -> None:
    for forms in (("write", "wrote", "writing"), ("city", "cities", "city's"), ("woman", "women")):
        assert len({shipped_lexicon().terms(phrase_key([form])) for form in forms}) == 1


def test_a_lexicon_that_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "lexicon"
    blocks, index = packed(["bus\t公交 99\n"])
    for data, told in ((None, None), (b"", index), (blocks, None), (blocks, b""), (blocks, b"x")):
        for file, content in ((path, data), (index_of(path), told)):
            file.unlink(missing_ok=True)
            if content is not None:
                file.write_bytes(content)
        with pytest.raises(ModelError, match="cannot read the lexicon"):
            Lexicon.open(path)
    index_of(path).write_bytes(index.replace(b"\n", b"0\n"))
    with pytest.raises(ModelError, match="its index is of another file"):
        Lexicon.open(path)
    path.write_bytes(blocks[:-4] + b"dama")
    index_of(path).write_bytes(index)
    with pytest.raises(ModelError, match="is damaged"):
        Lexicon.open(path).terms("bus")
    path.write_bytes(blocks)
    assert Lexicon.open(path).terms("bus") == (("公交", 1.0),)


def test_synonyms_count_as_one_term() -> None:
    """Two texts of equal length, N = 10: frequencies 1 and 0.5 of a phrase seen in 3 at most."""
    expansion = Expansion("bus", (("公交", 1.0), ("巴士", 0.5)))
    found = score(
        [expansion],
        ["公交来了。", "巴士来了。"],
        seen_in={"公交": 2, "巴士": 2}.__getitem__,
        n_passages=10,
    )
    idf = math.log(1 + (10 - 3 + 0.5) / (3 + 0.5))
    assert found.tolist() == pytest.approx([idf * 1 * 2.2 / 2.2, idf * 0.5 * 2.2 / 1.7])


def test_a_share_counts_in_proportion() -> None:
    whole, half = (
        score(
            [Expansion("bus", (("公交", 1.0),), share)], ["公交"], seen_in=lambda _: 1, n_passages=5
        )
        for share in (1.0, 0.5)
    )
    assert half.tolist() == pytest.approx([0.5 * whole[0]])


@pytest.mark.parametrize(
    ("text", "found"),
    [("5月起", True), ("15月起", False), ("1月5月", True), ("5", False), ("", False)],
)
def test_a_number_is_not_found_at_the_end_of_a_longer_one(text: str, found: bool) -> None:
    expansion = Expansion("may", (("5月", 1.0),))
    scores = score([expansion], ["无关", text], seen_in=lambda _: 1, n_passages=5)
    assert bool(scores[1] > 0) is found
    assert scores[0] == 0


def test_a_term_that_stands_nowhere_gives_nothing() -> None:
    expansion = Expansion("bus", (("公交", 1.0),))
    assert score([expansion], ["天气"], seen_in=lambda _: 0, n_passages=5).tolist() == [0.0]
    assert score([expansion], [], seen_in=lambda _: 1, n_passages=5).tolist() == []


def test_what_is_told_by_hand_goes_before_what_dictionaries_tell() -> None:
    rows = [
        line.split("\t")
        for file in (NEWS, SERVICES)
        for line in file.read_text("utf-8").splitlines()[1:]
    ]
    phrases = [phrase for phrase, _ in rows]
    assert len(set(phrases)) == len(phrases)
    told = {phrase_key(phrase.split()): terms for phrase, terms in rows}
    for key, terms in told.items():
        found = shipped_lexicon().terms(key)
        assert found[0] == (terms.split()[0], 1.0), key
        assert {term for term, _ in found} >= set(terms.split())
        assert [weight for _, weight in found] == sorted((w for _, w in found), reverse=True)


def test_threads_stem_at_once() -> None:
    words = [
        f"{first}{last}"
        for first in "bcdfghjklmnp"
        for last in ("ations", "ously", "iness", "ings")
    ] * 40
    alone = [stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: [stem.__wrapped__(word) for word in words], range(8)):
            assert found == alone
