"""Many texts are cut as the tokenizer cuts each by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embeddings import encoder as encoders
from embeddings.cutter import Cutter
from embeddings.encoder import StaticEncoder
from embeddings.vocabulary import LATIN_MARK
from tests.test_encoder import TEXTS

PROSE = "全区新增公交线路12条，优化调整31条；臺灣的鐵路與機場meetings，二〇二五年GDP增长。"


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    """A model of its own, which counts what it cuts."""
    return StaticEncoder.load()


@pytest.fixture(scope="module")
def cutter(encoder: StaticEncoder) -> Cutter:
    """What cuts many texts."""
    return Cutter(encoder._tokenizer)


@given(
    st.lists(
        st.sampled_from(PROSE)
        | st.characters(max_codepoint=0x2FA1F, exclude_categories=["Cs"])
        | st.sampled_from(["中国人民银行" * 9, "pre" * 30, "\u0301", "\ufe0f", "龘𠮷"]),
        max_size=80,
    ).map("".join)
)
@example("中" * 60 + "国")
@example("a" * 50 + "zqxj")
def test_a_text_is_cut_into_the_same_tokens(
    encoder: StaticEncoder, cutter: Cutter, text: str
) -> None:
    encoding = encoder._tokenizer.encode(text, add_special_tokens=False)
    told = [
        (number, token.removeprefix(LATIN_MARK))
        for number, token in zip(encoding.ids, encoding.tokens, strict=True)
        if token != LATIN_MARK
    ]
    assert cutter.ids(text) == [number for number, _ in told]
    assert cutter.words(text) == [word for _, word in told]


def test_from_many_texts_on_the_vectors_and_words_stay_the_same(
    encoder: StaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = TEXTS * 10
    vectors, words, rows = (
        encoder.encode_passages(texts),
        encoder.words(texts),
        encoder.word_rows(texts),
    )
    monkeypatch.setattr(encoders, "_MANY", 0)
    assert encoder._cutter is None
    assert np.array_equal(encoder.encode_passages(texts), vectors)
    assert encoder.words(texts) == words
    assert all(map(np.array_equal, encoder.word_rows(texts), rows))
    assert encoder._cutter is not None


def test_a_few_texts_never_make_the_automaton(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = StaticEncoder.load()
    monkeypatch.setattr(encoders, "_MANY", 0)
    fresh.encode_passages(TEXTS)
    fresh.words(TEXTS)
    assert fresh._cutter is None
