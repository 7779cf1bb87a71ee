from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.terminal import wrap
from corpus.text import width

MIXED = st.text(alphabet="国家发展，。“”（）abc 12 \n", max_size=120)


@given(MIXED, st.integers(min_value=10, max_value=60))
def test_wrapped_lines_fit_and_keep_every_word(text: str, columns: int) -> None:
    lines = wrap(text, columns=columns)
    assert all(width(line) <= columns or len(line) <= 8 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_closing_punctuation() -> None:
    lines = wrap("会议召开。他说：“好。”大家同意，散会。", columns=9)
    assert [line for line in lines if line[0] in "，。”"] == []


def test_without_columns_nothing_is_wrapped() -> None:
    assert wrap("国" * 300, columns=0) == ["国" * 300]


def test_words_in_latin_letters_are_not_broken() -> None:
    assert wrap("建设5G network基站", columns=12) == ["建设5G", "network基站"]
