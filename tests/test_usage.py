"""How words are used: the shipped vectors, and how they are read and made."""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest

from corpus.archive import Archive
from corpus.errors import ModelError
from embeddings.encoder import (
    SHIPPED_MODEL,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    StaticEncoder,
    shipped_encoder,
)
from embeddings.quantise import map_arrays, save_arrays
from embeddings.usage import USAGE_FILE, Usage, gathered, main, read_vectors
from qa.rank import Finder
from qa.search.matching import MATCHES
from tests.conftest import issue_of

WORDS = {"开幕": [1.0, 0.0, 0.0, 0.0], "揭幕": [0.8, 0.6, 0.0, 0.0], "没有这词": [0, 0, 1, 0]}


def package(path: Path, *, member: str = "synonyms-3.8.0/synonyms/data/words.vector") -> Path:
    """Write a package as the vectors come in."""
    data = f"{len(WORDS)} 4\n".encode()
    for word, vector in WORDS.items():
        data += word.encode() + b" " + np.array(vector, dtype="<f4").tobytes() + b"\n"
    with tarfile.open(path, "w:gz") as packed:
        told = tarfile.TarInfo(member)
        told.size = len(data)
        packed.addfile(told, io.BytesIO(data))
    return path


def alike(one: str, other: str) -> float:
    first, second = shipped_encoder().uses_of([one, other])
    return float(first @ second)


def test_words_that_stand_for_each_other_are_used_alike() -> None:
    assert alike("花费", "耗费") > 0.6 > alike("花费", "河流")
    assert alike("去世", "逝世") > 0.8


def test_words_that_are_not_known_so_are_used_like_none() -> None:
    uses = shipped_encoder().uses_of(["opening", "欧若维娅", "开幕"])
    assert uses.shape == (3, shipped_encoder().usage_dim)
    assert [bool(row.any()) for row in uses] == [False, False, True]
    assert not shipped_encoder().usage_rows(np.array([0])).any()


def test_the_vectors_of_a_package_are_those_of_the_models_words(tmp_path: Path) -> None:
    path = package(tmp_path / "synonyms.tar.gz")
    assert [word for word, _ in read_vectors(path)] == list(WORDS)
    rows, table = gathered(shipped_encoder(), read_vectors(path))
    assert rows.tolist() == sorted(shipped_encoder().row_of(word) for word in ("开幕", "揭幕"))
    assert np.allclose(np.linalg.norm(table, axis=1), 1)
    out = tmp_path / USAGE_FILE
    assert main(["--synonyms", str(path), "--out", str(out)]) == 0
    found = Usage.open(out, n_rows=200_000).take(np.array([0, *rows]))
    assert not found[0].any()
    assert np.allclose(found[1:] @ found[1:].T, table @ table.T, atol=0.05)


def test_another_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"words\.vector"):
        list(read_vectors(package(tmp_path / "other.tar.gz", member="other/words.txt")))


@pytest.mark.parametrize("damage", ["missing", "order", "of another model", "cut off"])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, damage: str) -> None:
    for name in (TOKENIZER_FILE, WEIGHTS_FILE, USAGE_FILE):
        shutil.copy(SHIPPED_MODEL / name, tmp_path / name)
    arrays = {name: np.array(one) for name, one in map_arrays(tmp_path / USAGE_FILE)[0].items()}
    if damage == "missing":
        del arrays["rows"]
    elif damage == "order":
        arrays["rows"] = arrays["rows"][::-1]
    elif damage == "of another model":
        arrays["rows"] = arrays["rows"] + np.int32(10**6)
    save_arrays(tmp_path / USAGE_FILE, arrays, {})
    if damage == "cut off":
        (tmp_path / USAGE_FILE).write_bytes((tmp_path / USAGE_FILE).read_bytes()[:1000])
    with pytest.raises(ModelError, match=USAGE_FILE):
        StaticEncoder.load(tmp_path)


def test_a_model_without_such_vectors_knows_no_use(tmp_path: Path) -> None:
    for name in (TOKENIZER_FILE, WEIGHTS_FILE):
        shutil.copy(SHIPPED_MODEL / name, tmp_path / name)
    encoder = StaticEncoder.load(tmp_path)
    assert encoder.uses_of(["开幕"]).shape == (1, 0)
    assert encoder.unit_rows(np.array([encoder.row_of("开幕")])).any()


def test_a_candidate_is_met_by_what_is_used_alike() -> None:
    texts = ("这座桥耗资三千万元，去年建成。", "学校操场铺设了塑胶跑道，学生很高兴。")
    finder = Finder.open(Archive.in_memory([issue_of(*texts)]))
    found = finder.prepare(finder.read("修那个花费了多少？"))
    assert found is not None
    of_bridge = found.ids.index("2020-01/a01/p01")
    unit = found.units.words.index("花费")
    column = found.matches.units[:, unit, MATCHES.index("used alike")]
    assert column[of_bridge] > column[1 - of_bridge]
