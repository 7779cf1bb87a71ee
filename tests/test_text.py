"""Width, folding, sentences, and places in the source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import (
    fold,
    fold_with_places,
    locate,
    shared_from,
    split_sentences,
    squeeze,
    text_at,
    width,
)
from corpus.types import Ranges

PRINTED = st.text(alphabet="中文区会aB1 \n\r\t　，。！？”（）𠮷", max_size=60)


@st.composite
def printed_pieces(draw: st.DrawFn) -> tuple[str, Ranges]:
    """Return a source and ascending ranges in it that do not touch white space at their edges."""
    source = draw(PRINTED)
    cuts = sorted(draw(st.sets(st.integers(0, len(source)), max_size=8)))
    return source, tuple(zip(cuts[::2], cuts[1::2], strict=False))


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("5G“目标”", 8),
        ("高新区", 6),
        ("１２", 4),
        ("……", 4),
        ("e\u0301", 1),
        ("𠮷", 2),
    ],
)
def test_width_counts_terminal_columns(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("printed", "searched"),
    [
        ("", ""),
        ("臺灣 ５Ｇ 基地，二〇二五年", "台湾5g基地,2025年"),
        ("１０ 月 ７ 日", "10月7日"),
        ("AAAA 级 旅游", "aaaa级旅游"),
        ("Mini LED 背光", "mini led背光"),
        ("⻓江⻋间", "长江车间"),
        ("（高新区）", "(高新区)"),
        ("𠮷野家", "𠮷野家"),
    ],
)
def test_folding_gives_what_is_searched(printed: str, searched: str) -> None:
    assert fold(printed) == searched


@given(PRINTED)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("passage", "sentences"),
    [
        ("", []),
        ("没有句号", ["没有句号"]),
        ("他说：“好。”会议结束。", ["他说：“好。”", "会议结束。"]),
        ("真的？！是的。", ["真的？！", "是的。"]),
        ("见附件（略。）下一句。", ["见附件（略。）", "下一句。"]),
        ("等等……还有。", ["等等……还有。"]),
        ("“路通了。真快。”张强说。会议结束。", ["“路通了。", "真快。”张强说。", "会议结束。"]),
        ("“好！”站在桥头，张强笑着说道。", ["“好！”站在桥头，张强笑着说道。"]),
        ("“好。”他说：“再来。”", ["“好。”", "他说：“再来。”"]),
        ("见“第一号。”会议介绍了情况。", ["见“第一号。”", "会议介绍了情况。"]),
    ],
)
def test_sentences_end_behind_their_closing_quotation_marks(
    passage: str, sentences: list[str]
) -> None:
    assert [sentence.text for sentence in split_sentences(passage)] == sentences


@given(PRINTED)
def test_sentences_join_to_the_passage_and_know_their_places(text: str) -> None:
    sentences = split_sentences(text)
    assert "".join(sentence.text for sentence in sentences) == text
    assert [text[s.start : s.end] for s in sentences] == [s.text for s in sentences]


def test_squeezing_drops_all_white_space() -> None:
    assert squeeze(" 10 月 7　日下\r\n午\t") == "10月7日下午"


def test_a_run_of_white_space_across_ranges_is_one_space() -> None:
    assert text_at("word  \n next", ((0, 6), (6, 12))) == "word next"


@given(printed_pieces(), st.data())
def test_a_located_part_prints_that_part(piece: tuple[str, Ranges], data: st.DataObject) -> None:
    source, ranges = piece
    text = text_at(source, ranges)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = locate(ranges, text, start=start, end=end, source=lambda: source)
    assert text_at(source, found) == text[start:end]


@given(st.text(alphabet="区会aB1", max_size=20), st.text(alphabet="区会aB1", max_size=20))
def test_what_two_texts_share_from_each_place_is_the_longest(text: str, other: str) -> None:
    longest = [
        max(end for end in range(at, len(text) + 1) if text[at:end] in other) - at
        for at in range(len(text))
    ]
    assert shared_from(text, other) == longest


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", []),
        ("区会", [(0, 1), (1, 2)]),
        ("㎡e\u0301区", [(0, 1), (0, 1), (1, 3), (3, 4)]),
        ("区 会", [(0, 1), (2, 3)]),
    ],
)
def test_each_folded_character_has_its_place(text: str, places: list[tuple[int, int]]) -> None:
    assert fold_with_places(text) == (fold(text), places)
