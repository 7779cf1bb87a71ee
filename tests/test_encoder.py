"""The shipped model in both runtimes, the quantised rows, and models of the user's own."""

import hashlib
import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.errors import MissingExtraError, ModelError
from embeddings.encoder import (
    SHIPPED_MODEL,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    StaticEncoder,
    load_encoder,
)
from embeddings.export import export_folder, export_model
from embeddings.quantise import map_arrays, pack, save_arrays
from embeddings.transformer import SentenceTransformerEncoder

MEGABYTE = 2**20
TEXTS = [
    "示范区紧紧围绕“25311”远景目标，着眼全区各级领导班子建设需要。",
    "What is the 25311 goal of the development zone?",
    "臺灣的鐵路與機場",
    "台湾的铁路与机场",
    "ＡＩ技术，ｈｏｓｐｉｔａｌ １２３",
    "龘靐齉 𠮷野家 㐂",
    "café cafe\u0301 naïve",
    "Jiaozuo, Zhengzhou and Wei Jinchun",
    "5G、AAAA级、100.18%",
    "",
    "   ",
    "12345 ！？ 🙂",
    "qwrtzxq",
    "中" * 500,
    "meetings " * 300,
]
needs_sentence_transformers = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed"
)


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    """The shipped model."""
    return StaticEncoder.load()


def copy_of_model(folder: Path) -> Path:
    """Return a copy of the shipped model that a test may damage."""
    copied = folder / "model"
    copied.mkdir()
    for name in (WEIGHTS_FILE, TOKENIZER_FILE):
        shutil.copyfile(SHIPPED_MODEL / name, copied / name)
    return copied


def test_rows_are_rounded_to_the_nearest_of_sixteen_levels() -> None:
    matrix = np.random.default_rng(1).normal(size=(300, 32)).astype(np.float32)
    matrix[7] = 0

    packed = pack(matrix)
    back = packed.take(np.arange(300))

    scales = packed.scales.astype(np.float32)
    levels = (np.arange(16, dtype=np.float32) - 7.5) * scales[:, None]
    distance = np.abs(matrix[:, :, None] - levels[:, None, :])
    nearest = np.take_along_axis(levels[:, None, :], distance.argmin(2)[:, :, None], 2)[:, :, 0]
    assert np.array_equal(back, nearest)
    assert np.array_equal(back[7], np.zeros(32))
    assert np.mean((back - matrix) ** 2) < 0.015 * np.mean(matrix**2)


def test_rows_on_a_level_come_back_unchanged() -> None:
    codes = np.random.default_rng(2).integers(0, 16, size=(50, 8))
    codes[:, 0] = 15
    matrix = ((codes - 7.5) * 0.25).astype(np.float32)
    assert np.array_equal(pack(matrix).take(np.arange(50)), matrix)


def test_a_matrix_with_an_odd_number_of_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="even number of columns"):
        pack(np.zeros((2, 3), dtype=np.float32))


def test_mapped_arrays_are_those_that_were_saved(tmp_path: Path) -> None:
    saved: dict[str, NDArray[np.generic]] = {
        "a": np.arange(6, dtype=np.uint8).reshape(2, 3),
        "b": np.array([1.5, -2], dtype=np.float16),
        "c": np.array([7], dtype=np.int32),
    }
    save_arrays(tmp_path / "x.safetensors", saved, {"k": "v"})
    arrays, metadata = map_arrays(tmp_path / "x.safetensors")
    assert metadata == {"k": "v"}
    assert {key: array.tolist() for key, array in arrays.items()} == {
        key: array.tolist() for key, array in saved.items()
    }


def test_an_array_of_an_unknown_type_is_refused(tmp_path: Path) -> None:
    save_arrays(tmp_path / "x.safetensors", {"a": np.zeros(2, dtype=np.int64)}, {})
    with pytest.raises(ValueError, match="unexpected type 'I64'"):
        map_arrays(tmp_path / "x.safetensors")


def test_vectors_are_unit_rows_of_float32(encoder: StaticEncoder) -> None:
    vectors = encoder.encode_passages(TEXTS[:9])
    assert vectors.shape == (9, encoder.dim) == (9, 256)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("text", ["", "  \n", "12345 ！？", "🙂", "qwrtzxq", "\ud800", "㐂"])
def test_a_text_without_known_words_gives_zeros(encoder: StaticEncoder, text: str) -> None:
    assert not encoder.encode_queries([text]).any()


def test_no_texts_give_no_rows(encoder: StaticEncoder) -> None:
    assert encoder.encode_queries([]).shape == (0, 256)


def test_traditional_simplified_and_full_width_are_one(encoder: StaticEncoder) -> None:
    traditional, simplified = encoder.encode_queries([TEXTS[2], TEXTS[3]])
    assert np.array_equal(traditional, simplified)
    wide, narrow = encoder.encode_queries(["ｈｏｓｐｉｔａｌ　Ｂｅｄｓ", "hospital beds"])
    assert np.array_equal(wide, narrow)


def test_accents_composed_or_not_are_one(encoder: StaticEncoder) -> None:
    composed, apart, none = encoder.encode_queries(["café", "cafe\u0301", "cafe"])
    assert np.array_equal(composed, apart)
    assert np.array_equal(composed, none)


def test_a_lone_surrogate_does_not_spoil_the_rest(encoder: StaticEncoder) -> None:
    damaged, whole = encoder.encode_queries(["铁路\ud800", "铁路"])
    assert np.array_equal(damaged, whole)


def test_a_rare_character_does_not_spoil_its_neighbours(encoder: StaticEncoder) -> None:
    beside, alone = encoder.encode_queries(["铁路𠮷㐂\u4dff", "铁路"])
    assert np.array_equal(beside, alone)


def test_inflections_share_a_vector(encoder: StaticEncoder) -> None:
    vectors = encoder.encode_queries(["hospital", "hospitals"])
    assert np.array_equal(vectors[0], vectors[1])


def test_questions_and_passages_have_the_same_vectors(encoder: StaticEncoder) -> None:
    assert np.array_equal(encoder.encode_queries(TEXTS), encoder.encode_passages(TEXTS))


def test_a_text_has_the_same_vector_in_any_company(encoder: StaticEncoder) -> None:
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert np.array_equal(together, alone)


@pytest.mark.parametrize(
    ("english", "chinese", "other"),
    [
        ("hospital", "医院", "铁路"),
        ("How many trees were planted?", "共栽植树木三千株", "食品安全检查工作会议召开"),
        ("Who opened the new school?", "新学校由市长揭幕", "今年小麦获得丰收"),
    ],
)
def test_a_translation_is_nearer_than_another_text(
    encoder: StaticEncoder, english: str, chinese: str, other: str
) -> None:
    question, right, wrong = encoder.encode_queries([english, chinese, other])
    assert question @ right > question @ wrong + 0.1


def test_word_vectors_add_up_to_the_text_vector(encoder: StaticEncoder) -> None:
    text = "示范区的 Hospital 25311 建设"
    (rows,) = encoder.word_rows([text])
    words = [encoder.cut(text)[0][at] for at in np.flatnonzero(encoder.cut(text)[1])]
    assert "hospital" in words
    assert len(words) == len(rows)
    vectors, weights = encoder.weighted(words)
    total = (vectors * weights[:, None]).sum(axis=0)
    expected = encoder.encode_queries([text])[0]
    np.testing.assert_allclose(total / np.linalg.norm(total), expected, atol=1e-6)


def test_a_text_without_words_has_no_word_vectors(encoder: StaticEncoder) -> None:
    (rows,) = encoder.word_rows(["123"])
    assert rows.shape == (0,)
    assert not encoder.encode_queries(["123"]).any()


@pytest.mark.parametrize("char", ["国", "a", "e\u0301", "\u0301", "\U0002070e", " "])
def test_a_line_of_a_megabyte_without_a_break_is_encoded(encoder: StaticEncoder, char: str) -> None:
    vectors = encoder.encode_passages([char * (MEGABYTE // len(char.encode()))])
    assert vectors.shape == (1, 256)


def test_the_shipped_files_are_small_and_as_they_were_made(encoder: StaticEncoder) -> None:
    files = [path for path in SHIPPED_MODEL.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 24 * MEGABYTE
    arrays, _ = map_arrays(SHIPPED_MODEL / WEIGHTS_FILE)
    digest = hashlib.sha256((SHIPPED_MODEL / TOKENIZER_FILE).read_bytes())
    for key in ("codes", "scales", "row_of_token"):
        digest.update(arrays[key].tobytes())
    assert encoder.fingerprint == digest.hexdigest()[:16]


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read weights"):
        StaticEncoder.load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", [WEIGHTS_FILE, TOKENIZER_FILE])
@pytest.mark.parametrize("size", [0, 5, 1000, 1_000_000])
def test_a_truncated_file_is_one_clear_error(tmp_path: Path, name: str, size: int) -> None:
    folder = copy_of_model(tmp_path)
    with (folder / name).open("r+b") as file:
        file.truncate(size)
    with pytest.raises(ModelError, match=f"cannot read {name}"):
        StaticEncoder.load(folder)


def test_a_missing_tokenizer_is_one_clear_error(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path)
    (folder / TOKENIZER_FILE).unlink()
    with pytest.raises(ModelError, match="cannot read tokenizer"):
        StaticEncoder.load(folder)


def test_files_of_two_models_do_not_go_together(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path)
    arrays, _ = map_arrays(SHIPPED_MODEL / WEIGHTS_FILE)
    save_arrays(folder / WEIGHTS_FILE, arrays | {"row_of_token": np.zeros(3, np.int32)}, {})
    with pytest.raises(ModelError, match="tokens"):
        StaticEncoder.load(folder)


@pytest.mark.parametrize(
    ("key", "array", "problem"),
    [
        ("codes", np.zeros(4, np.uint8), "no array 'codes'"),
        ("scales", np.zeros(3, np.float16), "3 scales"),
        ("row_of_token", np.array([10**6], np.int32), "points at row 1000000"),
        ("row_of_token", np.array([-1], np.int32), "rows of codes"),
    ],
)
def test_arrays_that_do_not_fit_are_one_clear_error(
    tmp_path: Path, key: str, array: NDArray[np.generic], problem: str
) -> None:
    folder = copy_of_model(tmp_path)
    arrays, _ = map_arrays(SHIPPED_MODEL / WEIGHTS_FILE)
    save_arrays(folder / WEIGHTS_FILE, arrays | {key: array}, {})
    with pytest.raises(ModelError, match=problem):
        StaticEncoder.load(folder)


def test_no_name_means_the_shipped_model() -> None:
    assert load_encoder(None).name == "shipped"


@pytest.mark.skipif(
    find_spec("sentence_transformers") is not None, reason="sentence-transformers is installed"
)
def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingExtraError, match="'transformers'"):
        load_encoder("some/model")
    with pytest.raises(MissingExtraError, match="'transformers'"):
        export_model(tmp_path)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model as a sentence-transformers folder."""
    folder = tmp_path_factory.mktemp("exported") / "deep" / "model"
    export_model(folder)
    return folder


@needs_sentence_transformers
def test_both_runtimes_give_the_same_vectors(encoder: StaticEncoder, exported: Path) -> None:
    other = load_encoder(str(exported))
    assert isinstance(other, SentenceTransformerEncoder)
    assert (other.name, other.dim) == (str(exported), 256)
    for ours, theirs in (
        (encoder.encode_queries(TEXTS), other.encode_queries(TEXTS)),
        (encoder.encode_passages(TEXTS), other.encode_passages(TEXTS)),
        (encoder.encode_queries([]), other.encode_queries([])),
        (encoder.encode_queries([""]), other.encode_queries([""])),
    ):
        assert theirs.dtype == np.float32
        assert theirs.flags.c_contiguous
        np.testing.assert_allclose(theirs, ours, atol=1e-5, rtol=0)


@needs_sentence_transformers
def test_the_exported_folder_needs_no_code_of_ours(exported: Path) -> None:
    modules = json.loads((exported / "modules.json").read_text(encoding="utf-8"))
    assert [module["type"].split(".")[0] for module in modules] == ["sentence_transformers"] * 2
    assert [module["type"].split(".")[-1] for module in modules] == ["StaticEmbedding", "Normalize"]


@needs_sentence_transformers
def test_prompts_of_a_model_are_used_and_change_the_fingerprint(
    exported: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "prompted"
    shutil.copytree(exported, folder)
    path = folder / "config_sentence_transformers.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["prompts"] = {"query": "question: ", "document": "newspaper: "}
    path.write_text(json.dumps(config), encoding="utf-8")

    plain = SentenceTransformerEncoder.load(str(exported))
    prompted = SentenceTransformerEncoder.load(str(folder))

    spelled_out = plain.encode_queries(["question: 铁路", "newspaper: 铁路"])
    np.testing.assert_allclose(prompted.encode_queries(["铁路"])[0], spelled_out[0], atol=1e-6)
    np.testing.assert_allclose(prompted.encode_passages(["铁路"])[0], spelled_out[1], atol=1e-6)
    assert prompted.fingerprint != plain.fingerprint


@needs_sentence_transformers
def test_a_model_without_a_card_is_exported(tmp_path: Path) -> None:
    export_folder(copy_of_model(tmp_path), tmp_path / "out")
    assert not (tmp_path / "out" / "README.md").exists()


@needs_sentence_transformers
def test_an_unreadable_model_is_one_clear_error(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot load it"):
        load_encoder(str(tmp_path / "nowhere"))
    folder = tmp_path / "truncated"
    shutil.copytree(exported, folder)
    weights = next(folder.rglob("model.safetensors"))
    with weights.open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(ModelError, match="cannot load it"):
        load_encoder(str(folder))


def test_unit_rows_are_the_same_whenever_they_are_asked_for() -> None:
    encoder = StaticEncoder.load()
    rows = encoder.word_rows(["全区新增公交线路12条，优化调整31条", "医院新增床位300张"])
    first = [encoder.unit_rows(of_text) for of_text in rows]
    again = encoder.unit_rows(np.concatenate(rows))
    assert np.array_equal(np.concatenate(first), again)
    assert np.linalg.norm(again, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert not encoder.unit_rows(np.array([0])).any()


def test_products_are_those_of_unit_rows_and_vectors() -> None:
    encoder = StaticEncoder.load()
    [rows] = encoder.word_rows(["全区新增公交线路12条，优化调整31条" * 400])
    vectors = encoder.encode_passages(["医院新增床位", "公交"])
    found = encoder.unit_products(rows, vectors)
    assert found == pytest.approx(encoder.unit_rows(rows) @ vectors.T, abs=1e-5)
    uses = encoder.uses_of(["公交", "医院"])
    told = encoder.usage_products(rows, uses)
    assert told == pytest.approx(encoder.usage_rows(rows) @ uses.T, abs=1e-5)
    assert encoder.unit_products(rows[:0], vectors).shape == (0, 2)


def test_many_texts_are_cut_as_each_by_itself(encoder: StaticEncoder) -> None:
    texts = ["新路今天通车", "全长3公里", "", "村民说好"] * 40
    one_by_one = [words for text in texts for words in encoder.words([text])]
    assert encoder.words(texts) == one_by_one
    assert "".join(one_by_one[0]) == texts[0]
