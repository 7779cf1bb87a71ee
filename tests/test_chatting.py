from __future__ import annotations

import io
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from api.cli import main

ROOT = Path(__file__).parent.parent
FIRST = "全区疫苗接种率达到多少？"


def say(monkeypatch: pytest.MonkeyPatch, *lines: str | bytes, options: tuple[str, ...] = ()) -> int:
    """Pipe lines into `bulletin chat` and return its exit code."""
    data = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return main(["chat", *options])


def test_piped_questions_are_answered_in_turn_and_follow_ups_are_told_as_read(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(monkeypatch, FIRST, "", "in English?", "/quit", FIRST) == 0
    out = capsys.readouterr().out
    assert out.count("100.18%") == 2
    assert out.count("Read as: ") == 1
    assert "\nSources\n" in out


def test_a_question_without_an_answer_is_no_failure_of_the_chat(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(monkeypatch, "火星上的公交票价是多少？") == 0
    out, err = capsys.readouterr()
    assert out == "刊物中没有找到这个问题的答案。\n\n"
    assert "最接近的段落：" in err


def test_source_shows_the_passage_of_a_citation(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(monkeypatch, FIRST, "谢谢", "/source 1", "/source 7", "/source x") == 0
    out, err = capsys.readouterr()
    assert "表扬信" in out
    assert "不客气。" in out
    assert "没有第 7 条引文" in err
    assert "没有第 x 条引文" in err


def test_clear_forgets_the_questions_before(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(monkeypatch, FIRST, "/clear", "in English?") == 0
    out, err = capsys.readouterr()
    assert "之前的问题已忘掉。" in err
    assert "Read as" not in out


def test_lines_that_cannot_be_asked_are_told_and_passed_over(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ("/bogus", "/help", b"\xff\xfe", "公" * 1001, FIRST)
    assert say(monkeypatch, *lines, options=("--lang", "en")) == 0
    out, err = capsys.readouterr()
    assert "There is no command /bogus." in err
    assert "/source N" in err
    assert "This line is not UTF-8 text." in err
    assert "1001 characters, at most 1000" in err
    assert "100.18%" in out
    assert "Sources" in out


def test_an_empty_pipe_is_a_short_conversation(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert say(monkeypatch) == 0


def test_a_language_that_is_none_is_wrong_usage(home: Path) -> None:
    assert main(["chat", "--lang", "fr"]) == 2


def on_a_terminal(home: Path, *keys: bytes, send: int | None = None) -> tuple[int, str]:
    """Type keys at `bulletin chat`, each when it asks for some; return exit code and what is shown.

    A key typed while it does not ask may be lost, as the terminal is set for reading lines then.
    """
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "chat", "--color", "never"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**os.environ, "XDG_DATA_HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "dumb"},
    )
    os.close(slave)
    watch = threading.Timer(120, process.kill)  # what waits for ever fails
    watch.start()
    shown = b""
    try:
        for n, typed in enumerate(keys, start=1):
            while shown.count(b"> ") < n:
                shown += os.read(master, 4096)
            time.sleep(0.2)  # it has to reach the read
            os.write(master, typed)
        if send is not None:
            while b"> " not in shown:
                shown += os.read(master, 4096)
            time.sleep(0.2)
            process.send_signal(send)
        while True:
            try:
                shown += os.read(master, 4096)
            except OSError:  # it has closed the terminal
                break
        return process.wait(timeout=30), shown.decode()
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        os.close(master)


def test_on_a_terminal_it_prompts_and_the_end_key_leaves(home: Path) -> None:
    code, shown = on_a_terminal(home, b"hi\n", b"\x04")
    assert code == 0
    assert "/help lists the commands" in shown
    assert "Hello." in shown


def test_on_a_terminal_an_interrupt_exits_with_130(home: Path) -> None:
    code, shown = on_a_terminal(home, send=signal.SIGINT)
    assert code == 130
    assert "Traceback" not in shown


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_conversation_in_the_readme_is_what_the_command_prints(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    told = re.search(r"\$ printf '%s\\n' (.+) \| bulletin chat\n(.*?)\n```", text, re.DOTALL)
    assert told
    assert say(monkeypatch, *re.findall('"([^"]+)"', told[1])) == 0
    assert capsys.readouterr().out.rstrip() == told[2]
