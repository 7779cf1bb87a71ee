"""The making of the model, on a dictionary of a few invented entries."""

import gzip
import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from api.cli import main as cli
from embeddings.composition import Bags, bases_of_tokens, needed_surfaces, sum_bases
from embeddings.encoder import StaticEncoder
from embeddings.finish import choose_words, damp, groups_of, without_common_direction
from embeddings.learn import equal_texts
from embeddings.train_data import (
    cedict_pairs,
    clean_gloss,
    joined_pinyin,
    read_training_data,
    wordnet_pairs,
)

WORDS = {
    "铁路": "railway",
    "机场": "airport",
    "医院": "hospital",
    "学校": "school",
    "城市": "city",
    "报纸": "newspaper",
    "小麦": "wheat",
    "工厂": "factory",
    "春天": "spring season",
    "会议": "meeting",
}
needs_training_tools = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "sentencepiece", "snowballstemmer")),
    reason="the training tools are not installed",
)


def write_gzip(path: Path, text: str) -> None:
    """Write a compressed text file."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three small files in the forms of the real ones."""
    folder = tmp_path_factory.mktemp("data")
    entries = [
        f"{word} {word} [x1 y2] /{gloss}/a {gloss}/CL:個|个[ge4]/" for word, gloss in WORDS.items()
    ]
    entries.append("焦作 焦作 [Jiao1 zuo4] /Jiaozuo city/Jiaozuo, Henan/")
    write_gzip(folder / "cedict_ts.u8.gz", "# comment\n" + "\n".join(entries) + "\n")
    synsets = ["00000001-n\t病院|医院\thospital|infirmary\ta place for the sick"]
    write_gzip(folder / "wordnet_zh_en.tsv.gz", "\n".join(synsets) + "\n")
    sentences = ["The hospitals are big.\t医院很大。\tA", "I like meetings.\t我喜欢会议。\tA"]
    write_gzip(folder / "tatoeba_en_zh.tsv.gz", "\n".join(sentences) + "\n")
    return folder


def run_training(data: Path, out: Path, *more: str) -> int:
    """Run the command on the small files."""
    from embeddings.train import main

    return main(["--data", str(data), "--out", str(out), "--epochs", "60", *more])


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model trained on the small files."""
    out = tmp_path_factory.mktemp("trained") / "model"
    assert run_training(data, out) == 0
    return out


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """A question set of three questions, one of them not judged."""
    folder = tmp_path / "beir"
    folder.mkdir()
    passages = {"p1": "铁路。机场！", "p2": "医院"}
    questions = {"q1": "airport", "q2": "hospital", "q3": "school"}
    for name, texts in (("corpus", passages), ("queries", questions)):
        lines = [json.dumps({"_id": key, "text": text}) for key, text in texts.items()]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    qrels = "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp2\t1\n"
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_glosses_lose_their_remarks_and_references() -> None:
    assert clean_gloss("(bird species of China) gadwall (Anas strepera)") == "gadwall"
    assert clean_gloss("(onomatopoeic)") == "(onomatopoeic)"
    assert clean_gloss("to regard sb with disdain") == "regard with disdain"
    assert clean_gloss("囉|啰[luo1]") == ""


def test_an_entry_gives_pairs_with_each_gloss_and_with_all() -> None:
    assert cedict_pairs("滚烫", ["boiling", "scalding (of water)", "CL:個|个[ge4]"]) == [
        ("滚烫", "boiling"),
        ("滚烫", "scalding"),
        ("滚烫", "boiling; scalding (of water)"),
    ]


def test_a_reference_gives_a_pair_of_chinese_words() -> None:
    assert cedict_pairs("补钉", ["variant of 補丁|补丁[bu3 ding5]"]) == [("补钉", "补丁")]
    assert cedict_pairs("发改委", ["abbr. for 國家發展|国家发展[x1], planning body"]) == [
        ("发改委", "国家发展"),
        ("发改委", "planning body"),
    ]


def test_pinyin_of_names_is_written_as_in_english() -> None:
    assert joined_pinyin("Wei4 Jin4 chun1") == "Wei Jinchun"
    assert joined_pinyin("A4 xx5 r") == ""
    assert joined_pinyin("Lu:3 liang2") == "Lüliang"
    assert joined_pinyin("yu3 san3") == ""


def test_a_synset_gives_pairs_across_and_within_the_languages() -> None:
    row = ["00000002-a", "大的|巨大的;", "big|very_large", 'of great size; "a big city"']
    assert wordnet_pairs(row) == (
        ["大的", "巨大"],
        [
            ("大的", "big"),
            ("大的", "very large"),
            ("巨大", "big"),
            ("巨大", "very large"),
            ("大的", "of great size"),
            ("巨大", "of great size"),
            ("big", "of great size"),
            ("very large", "of great size"),
            ("大的", "巨大"),
            ("big", "very large"),
        ],
    )


def test_the_three_files_are_read(data: Path) -> None:
    found = read_training_data(data)
    assert ("铁路", "railway") in found.pairs
    assert found.sentence_pairs[0] == ("The hospitals are big.", "医院很大。")
    assert found.pinyin_pairs == [("Jiaozuo", "焦作")]
    assert found.syllables == ["jiao", "zuo"]
    assert found.words == sorted({*WORDS, "焦作", "病院"})


def test_bags_are_taken_and_replaced_list_by_list() -> None:
    bags = Bags.of([[1, 0], [], [2]])
    assert len(bags) == 3
    assert bags.lengths.tolist() == [2, 0, 1]
    taken = bags.take(np.array([2, 1, 0]))
    assert (taken.values.tolist(), taken.starts.tolist()) == ([2, 1, 0], [0, 1, 1, 3])
    inner = Bags.of([[], [7, 8], [9]])
    spread = bags.through(inner)
    assert (spread.values.tolist(), spread.starts.tolist()) == ([7, 8, 9], [0, 2, 2, 3])


def test_a_token_is_the_sum_of_its_parts() -> None:
    tokens = ["[UNK]", "▁", "s", "车", "火", "站", "火车", "火车站", "▁city", "▁cities"]
    bases, n_bases = bases_of_tokens(tokens, lambda word: word[:3])
    assert n_bases == len(tokens) + 1
    vectors = np.eye(n_bases, dtype=np.float32)
    rows = sum_bases(bases, vectors)
    assert [np.flatnonzero(row).tolist() for row in rows] == [
        [], [], [], [3], [4], [5], [3, 4, 6], [3, 4, 5, 6, 7], [10], [10],
    ]  # fmt: skip


def test_only_surfaces_that_endings_do_not_explain_are_entries() -> None:
    stems = {"meetings": "meet", "meeting": "meet", "meets": "meet", "news": "news"}
    words = ["meetings", "meeting", "meets", "meet", "new", "news"]
    found = needed_surfaces(words, lambda word: stems.get(word, word))
    assert found == ["meet", "new", "news"]


def test_a_longer_entry_that_spoils_a_split_is_mended() -> None:
    stems = {"planes": "plane", "planed": "plane"}
    found = needed_surfaces(["plan", "plane", "planes", "planed"], lambda w: stems.get(w, w))
    assert found == ["plan", "plane"]


def test_frequent_words_are_damped_and_forms_are_counted_together() -> None:
    bases = Bags.of([[], [1], [5], [5]])
    groups = groups_of(bases)
    assert groups.tolist() == [-1, 1, 5, 5]
    sentences = Bags.of([[0, 2], [3] * 299])
    rows = damp(np.ones((4, 2), dtype=np.float32), groups, sentences)
    assert rows[:, 0].tolist() == [0, 1, 0.5, 0.5]


def test_what_all_sentences_share_is_taken_out() -> None:
    rows = np.array([[2, 1, 0], [2, -1, 0], [2, 0, 1], [2, 0, -1]], dtype=np.float32)
    sentences = Bags.of([[0], [1], [], [2], [3], [0, 1, 2, 3]])
    found = without_common_direction(rows, sentences)
    np.testing.assert_allclose(found, rows * [0, 1, 1], atol=1e-6)
    assert without_common_direction(rows, Bags.of([])) is rows


def test_words_that_their_pieces_explain_are_dropped_first() -> None:
    tokens = ["[UNK]", "▁the", "火", "车", "站", "火车", "火车站"]
    rows = np.array([[0, 0], [1, 0], [1, 0], [0, 1], [1, 1], [-1, 1], [0, 2]], dtype=np.float32)
    assert choose_words(tokens, rows, 1) == [0, 1, 2, 3, 4, 5]
    assert choose_words(tokens, rows, 0) == [0, 1, 2, 3, 4]
    assert choose_words(tokens, rows, 9) == list(range(7))


@needs_training_tools
def test_the_loss_is_the_symmetric_cross_entropy() -> None:
    import torch
    from torch.nn import functional

    from embeddings.learn import pair_loss

    torch.manual_seed(3)
    vectors = functional.normalize(torch.randn(10, 4), dim=1)
    scores = 20 * vectors[:5] @ vectors[5:].T
    scores[1, 2] = scores[2, 1] = -torch.inf
    target = torch.arange(5)
    both = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
    found = pair_loss(vectors, (np.array([1, 2]), np.array([2, 1])), 20.0)
    assert found.item() == pytest.approx(both.item() / 2, rel=1e-5)


def test_equal_texts_are_found_on_both_sides() -> None:
    rows, columns = equal_texts((np.array([5, 6, 5, 8]), np.array([1, 2, 3, 2])))
    assert list(zip(rows, columns, strict=True)) == [(0, 2), (1, 3), (2, 0), (3, 1)]


def known(encoder: StaticEncoder, text: str) -> list[str]:
    """Return the words of a text that have a vector, in order."""
    words, rows = encoder.cut(text)
    return [word for word, row in zip(words, rows, strict=True) if row]


@needs_training_tools
def test_pinyin_spells_a_name(trained: Path) -> None:
    words = known(StaticEncoder.load(trained), "Zuojiao Zuoabc")
    assert words == ["zuo", "jiao"]


@needs_training_tools
def test_training_brings_translations_together(trained: Path) -> None:
    encoder = StaticEncoder.load(trained)
    chinese = encoder.encode_passages(list(WORDS))
    english = encoder.encode_queries(list(WORDS.values()))
    assert (english @ chinese.T).argmax(axis=1).tolist() == list(range(len(WORDS)))


@needs_training_tools
def test_regular_forms_get_the_vector_of_their_stem(trained: Path) -> None:
    one, many, unseen = StaticEncoder.load(trained).encode_queries(
        ["hospital", "hospitals", "factorys"]
    )
    assert np.array_equal(one, many)
    assert unseen.any()


@needs_training_tools
def test_a_word_that_was_not_kept_is_spelled_by_its_characters(trained: Path) -> None:
    words = known(StaticEncoder.load(trained), "铁场 pqr")
    assert words == ["铁", "场"]


@needs_training_tools
def test_a_seed_gives_one_model(data: Path, trained: Path, tmp_path: Path) -> None:
    run_training(data, tmp_path / "again")
    run_training(data, tmp_path / "other", "--seed", "2")
    first, again, other = (
        StaticEncoder.load(folder).fingerprint
        for folder in (trained, tmp_path / "again", tmp_path / "other")
    )
    assert first == again != other


@needs_training_tools
def test_what_training_wrote_can_be_used_and_measured(
    trained: Path, beir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["eval", str(beir), "--system", "dense", "--model", str(trained)]
    assert cli([*command, "--min", "R@1=1"]) == 0
    assert "beir (dense): 2 queries, 2 passages" in capsys.readouterr().out
