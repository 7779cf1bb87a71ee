"""Bytes of a file to decoded text and printed lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SourceError
from corpus.reader import read_bytes
from corpus.sources import (
    MAX_BYTES,
    concatenated,
    is_spaced,
    lines_of,
    merge,
    part_of,
    read_file,
    source_of,
    split_lines,
)
from corpus.text import squeeze, text_at
from corpus.types import Printed

NO_ENCODING = "is in none of UTF-8, GB18030, Big5"
SENTENCE = "本報訊記者今天上午在會議中心召開會議，討論發展問題。"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        ("　　\n\u200b".encode(), "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (bytes(range(256)), "is binary, expected text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is binary, expected text"),
        ("会议召开。\x07\x07\x07\x07".encode(), "is binary, expected text"),
        (SENTENCE.encode("utf-16")[:-1], "is damaged UTF-16"),
        ("10月7日，会议召开。".encode("utf-16-le")[:-1], "is binary, expected text"),
        ("May 7\n".encode("utf-16-le"), "is binary, expected text"),
        ("Résumé naïve café déjà vu à Noël".encode("latin-1"), NO_ENCODING),
        ("今日は天気がいいですね。".encode("shift_jis"), NO_ENCODING),
    ],
    ids=[
        "empty",
        "blanks",
        "wide blanks",
        "byte order mark alone",
        "all bytes",
        "a picture",
        "control characters",
        "damaged UTF-16",
        "UTF-16 with no mark, damaged",
        "UTF-16 with no mark, without Chinese",
        "Latin-1",
        "Shift JIS",
    ],
)
def test_bytes_that_are_no_text_are_refused_by_name(data: bytes, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        source_of(data, name="may.txt")
    assert str(caught.value) == f"may.txt: {problem}"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.txt"
    with pytest.raises(SourceError) as caught:
        read_file(path)
    assert str(caught.value) == f"{path}: no such file or directory"


def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_file(tmp_path)
    assert str(caught.value) == f"{tmp_path}: is a folder, expected a file"


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SourceError) as caught:
        read_file(path)
    assert str(caught.value) == f"{path}: is larger than 64 MiB"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "may.txt"
    text = "示范区（高新区）召开会议，总投资100.18亿元。𠮷"
    path.write_bytes(text.encode(encoding))
    source = source_of(read_file(path), name=path.name)
    assert (source.name, source.data) == ("may.txt", text.encode(encoding))
    assert source.text.strip("\ufeff") == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0c"])
def test_every_kind_of_line_end_parts_lines(end: str) -> None:
    lines = split_lines(f"第一行{end}{end}　　第二行")
    assert [(line.text, line.blanks, line.indent, line.number) for line in lines] == [
        ("第一行", 0, 0, 1),
        ("第二行", 1, 4, 3),
    ]


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (" 本报讯 （记者郭树勋） 10 月 7 日下", "本报讯（记者郭树勋）10月7日下"),
        ("担 负 重 任 、 不 辱 使 命", "担负重任、不辱使命"),
        ("Mini  LED 背光", "Mini LED背光"),
        ("优势　奋力", "优势　奋力"),
        ("AAAA 级", "AAAA级"),
        ("José  María 和 Иван Петров", "José María和Иван Петров"),
        ("안녕 하세요 ，أحمد حسن", "안녕 하세요，أحمد حسن"),
    ],
)
def test_layout_spaces_are_dropped_and_phrases_stay_parted(printed: str, text: str) -> None:
    (line,) = split_lines(printed)
    assert line.text == text.replace("　", " ")
    assert text_at(printed, line.ranges) == line.text


def test_radicals_that_an_extractor_left_are_read_as_characters() -> None:
    issue = read_bytes("本报讯 ⻓江⻛电⽬标已定，⼯程开⼯。".encode(), name="2020-01.txt")
    (passage,) = issue.passages
    assert passage.text == "本报讯 长江风电目标已定，工程开工。"
    assert text_at(issue.source.text, passage.ranges) == passage.text
    assert issue.source.data.decode()[4] == "⻓"


@given(st.text(alphabet="中文aB1 　\t\n\r\u2028\x0c，。\ufeff\u200b", max_size=80))
def test_lines_keep_every_printed_character_in_its_place(text: str) -> None:
    lines = split_lines(text)
    blank = dict.fromkeys(map(ord, "\ufeff\u200b"))
    assert squeeze("".join(line.text for line in lines)).translate(blank) == squeeze(
        text
    ).translate(blank)
    places = [place for line in lines for pair in line.ranges for place in range(*pair)]
    assert places == sorted(set(places))


def test_a_line_is_spaced_when_nearly_each_character_stands_alone() -> None:
    told = [is_spaced(body) for body in ("政 务 窗 口 不 打 烊", "李明 王芳", "5 月 6 日", "")]
    assert told == [True, False, False, False]


def test_touching_ranges_become_one() -> None:
    assert merge([(0, 2), (2, 3), (5, 6)]) == ((0, 3), (5, 6))


def test_part_of_a_text_knows_its_place() -> None:
    printed = Printed("甲乙丙丁", ((0, 2), (5, 7)))
    assert part_of(printed, start=1, end=3) == Printed("乙丙", ((1, 2), (5, 6)))


def test_pieces_are_concatenated_with_their_places() -> None:
    pieces = [Printed("甲乙", ((0, 2),)), Printed("丙", ((2, 3),)), Printed("丁", ((9, 10),))]
    assert concatenated(pieces) == Printed("甲乙丙丁", ((0, 3), (9, 10)))


def test_control_characters_that_slipped_in_are_no_part_of_a_line() -> None:
    source = source_of("会议\x08召开。\n\x1a".encode(), name="may.txt")
    (line,) = lines_of(source)
    assert line.text == "会议召开。"
    assert line.ranges == ((0, 2), (3, 6))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_told_by_its_characters(encoding: str) -> None:
    text = "砚川大桥合龙\n本报讯 10月7日，大橋合龍。\n"
    source = source_of(text.encode(encoding), name="may.txt")
    assert (source.encoding, source.text) == (encoding, text)
