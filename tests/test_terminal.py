from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.terminal import Terminal, wrap
from api.words import cues
from corpus.reader import read_bytes
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


class Screen(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


def painted(text: str, *, answers: list[tuple[int, int]], color: str, columns: int) -> str:
    """Return what a terminal is sent for one paragraph."""
    screen = Screen()
    terminal = Terminal(screen, color=color)
    terminal.columns = columns
    terminal.line(text, answers=answers)
    return screen.getvalue()


def test_what_answers_stands_out_where_there_is_colour() -> None:
    told = painted("共有12条。[1]", answers=[(2, 5)], color="always", columns=0)
    assert told == "共有\x1b[1;4m12条\x1b[0m。\x1b[36m[1]\x1b[0m\n"


def test_nothing_of_a_text_commands_the_terminal_or_turns_its_line_around() -> None:
    text = "共\x1b[2J有\x9b12条\r\u202e。[1]\u2066"
    told = painted(text, answers=[(7, 10)], color="always", columns=0)
    assert re.sub(r"\x1b\[[\d;]*m", "", told) == "共\ufffd[2J有\ufffd12条\ufffd\u2060。[1]\u2060\n"
    stream = io.StringIO()
    Terminal(stream).line(text)  # a program gets what is printed
    assert stream.getvalue() == "共\ufffd[2J有\ufffd12条\ufffd\u202e。[1]\u2066\n"


def test_what_answers_stands_out_over_a_line_break() -> None:
    told = painted("全区共有 Open Office 二套", answers=[(5, 16)], color="always", columns=14)
    assert told == "全区共有 \x1b[1;4mOpen\x1b[0m\n\x1b[1;4mOffice\x1b[0m 二套\n"


@pytest.mark.parametrize("variable", ["NO_COLOR", None])
def test_without_colour_nothing_is_added(
    variable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv(variable, "1")
    color = "auto" if variable else "never"
    told = painted("共有12条。[1]", answers=[(2, 5)], color=color, columns=0)
    assert told == "共有12条。[1]\n"


@given(MIXED, st.integers(min_value=10, max_value=60), st.data())
def test_paint_changes_no_character(text: str, columns: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(min_value=0, max_value=len(text)))
    end = data.draw(st.integers(min_value=start, max_value=len(text)))
    told = painted(text, answers=[(start, end)], color="always", columns=columns)
    plain = painted(text, answers=[], color="never", columns=columns)
    assert re.sub(r"\x1b\[[\d;]*m", "", told) == plain
    shown = "".join(re.findall(r"\x1b\[1;4m(.*?)\x1b\[0m", told, re.DOTALL))
    assert "".join(shown.split()) == "".join(text[start:end].split())


@pytest.mark.parametrize("head", ["# 线路新增", "没有标题。\n\n# 线路新增"])
def test_the_cues_of_markup_are_told_in_chinese(head: str) -> None:
    issue = read_bytes(f"{head}\n\n本报讯公交线路新增三条。\n".encode(), name="2021-01.md")
    told = cues(issue.articles[0].why, "zh")
    assert told.startswith("由标记说明各部分；")
    assert re.search("[a-z]", told) is None
