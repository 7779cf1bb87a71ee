"""`bulletin add` of many files: what is skipped and said, being stopped, being left to watch."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli import main
from corpus.archive import Archive

STORY = "第一条新闻\n\n本报讯（记者李明）公交线路新增12条。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "issues"
    made.mkdir()
    for month in range(1, 5):
        (made / f"2021-{month:02d}.txt").write_text(STORY, encoding="utf-8")
    return made


def kept(archive: Path) -> list[str]:
    with Archive.open(archive) as opened:
        return [row.id for row in opened.issues()]


def until(told: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


def test_files_that_are_kept_are_skipped_and_one_bad_file_is_one_error(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = ["--archive", str(tmp_path / "kept")]
    assert main(["add", str(folder / "2021-01.txt"), *archive]) == 0
    (folder / "2021-02.txt").write_bytes(b"\x00")
    capsys.readouterr()
    assert main(["add", str(folder), *archive, "--json"]) == 6
    out, err = capsys.readouterr()
    outcomes = {row["id"]: row["outcome"] for row in json.loads(out)["issues"]}
    assert outcomes == {"2021-01": "unchanged", "2021-03": "added", "2021-04": "added"}
    assert err.count('"code"') == 1


def test_a_file_of_which_another_day_is_told_is_kept_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, kept = tmp_path / "paper.txt", tmp_path / "kept"
    file.write_text("高新时讯\n\n会议召开\n本报讯 会议今日召开。\n", encoding="utf-8")
    add = ["add", str(file), "--archive", str(kept), "--json"]
    assert main(add) == 0
    (tmp_path / "paper.txt.toml").write_text("date = 2024-05-23\n", encoding="utf-8")
    capsys.readouterr()
    assert main(add) == 0
    (row,) = json.loads(capsys.readouterr().out)["issues"]
    assert (row["id"], row["outcome"], row["in_place_of"]) == (
        "2024-05-23",
        "replaced",
        ["paper"],
    )
    for _ in range(2):  # and then nothing is left to do
        assert main(add) == 0
        (row,) = json.loads(capsys.readouterr().out)["issues"]
        assert (row["outcome"], row["in_place_of"]) == ("unchanged", [])
    with Archive.open(kept) as archive:
        assert list(archive.versions()) == ["2024-05-23"]


def test_a_file_that_is_added_under_another_id_is_kept_once(tmp_path: Path) -> None:
    file, kept = tmp_path / "paper.txt", tmp_path / "kept"
    file.write_text("会议召开\n本报讯 会议今日召开。\n", encoding="utf-8")
    for one in ("no1", "no2"):
        assert main(["add", str(file), "--archive", str(kept), "--id", one]) == 0
    with Archive.open(kept) as archive:
        assert list(archive.versions()) == ["no2"]
    file.write_text("大会召开\n本报讯 下一期。\n", encoding="utf-8")  # the next issue, in its place
    assert main(["add", str(file), "--archive", str(kept), "--id", "no3"]) == 0
    with Archive.open(kept) as archive:
        assert list(archive.versions()) == ["no2", "no3"]


def test_a_file_is_read_again_where_only_its_sidecar_or_the_options_changed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = ["--archive", str(tmp_path / "kept"), "--json"]

    def added(*options: str) -> dict[str, tuple[str, object]]:
        assert main(["add", str(folder), *archive, *options]) == 0
        rows = json.loads(capsys.readouterr().out)["issues"]
        return {row["id"]: (row["outcome"], row["told"]) for row in rows}

    assert {outcome for outcome, _ in added().values()} == {"added"}
    (folder / "2021-02.txt.toml").write_text('title = "特刊"', encoding="utf-8")
    told = added()
    assert told.pop("2021-02") == (
        "replaced",
        {
            "id": {"value": "2021-02", "from": "file name"},
            "title": {"value": "特刊", "from": "sidecar"},
        },
    )
    assert (list(told.values()), len(added())) == ([("unchanged", {})] * 3, 4)
    assert {outcome for outcome, _ in added().values()} == {"unchanged"}
    told = added("--publication", "新区报")
    assert {outcome for outcome, _ in told.values()} == {"replaced"}
    assert main(["verify", *archive]) == 0


def test_a_file_tells_its_day_and_title_itself_and_a_report_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    file = tmp_path / "news.md"
    file.write_text(f"---\ndate: 2021-10-07\ntitle: 特刊\n---\n{STORY}", encoding="utf-8")
    archive = ["--archive", str(tmp_path / "kept")]
    assert main(["add", str(file), *archive, "--date", "2021-10-08"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "  id 2021-10-08-news (from an option); date 2021-10-08 (from an option); "
        "title 特刊 (from the file itself)"
    )
    assert main(["report", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["issue"] == "2021-10-07-news"


def test_what_holds_several_issues_takes_no_option_of_one_and_no_report(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = ["--archive", str(tmp_path / "kept")]
    assert main(["report", str(folder), *archive]) == 2
    assert "holds 4 issues, expected one" in capsys.readouterr().err
    for option in (["--date", "2021-10-07"], ["--title", "特刊"]):
        for where in ([str(folder)], ["--watch", str(folder)]):
            assert main(["add", *where, *archive, *option]) == 2
            assert f"{option[0]} tells of one issue" in capsys.readouterr().err
    assert not (tmp_path / "kept").exists()


def test_a_stopped_add_keeps_what_was_read_and_goes_on_when_run_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, archive = tmp_path / "issues", tmp_path / "kept"
    folder.mkdir()
    for number in range(600):
        (folder / f"{2000 + number // 12}-{number % 12 + 1:02d}.txt").write_text(
            f"{STORY}\n又新增{number}条。\n", encoding="utf-8"
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "add", str(folder), "--archive", str(archive)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    try:
        until(lambda: (archive / "bulletin.db").exists() and len(kept(archive)) > 3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    n_kept = len(kept(archive))
    assert (process.returncode, 3 < n_kept < 600) == (130, True)
    told = re.search(r"Stopped: (\d+) of 600 are done and kept", err.decode())
    assert told is not None
    assert n_kept - int(told[1]) in (0, 1)  # one may be kept and not yet counted
    assert main(["add", str(folder), "--archive", str(archive), "--json"]) == 0
    outcomes = [row["outcome"] for row in json.loads(capsys.readouterr().out)["issues"]]
    assert outcomes == ["unchanged"] * n_kept + ["added"] * (600 - n_kept)
    assert main(["verify", "--archive", str(archive)]) == 0


def test_read_shows_every_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text("<h1>开工</h1><p>项目已经开工了。</p>", encoding="utf-8")
    (tmp_path / "a.md").write_text("# 开工\n\n项目已经开工了。\n", encoding="utf-8")
    for name in ("a.html", "a.md"):
        assert main(["read", str(tmp_path / name), "--json"]) == 0
        (article,) = json.loads(capsys.readouterr().out)["articles"]
        assert (article["headline"], article["passages"][0]["text"]) == ("开工", "项目已经开工了。")
    assert main(["read", str(tmp_path / "a.html"), "--html", "klingon"]) == 2


def test_html_may_be_read_by_trafilatura(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "a.html"
    page.write_text(f"<h1>开工</h1><p>{'项目已经开工了。' * 9}</p>", encoding="utf-8")
    monkeypatch.setenv("BULLETIN_HTML", "trafilatura")
    assert main(["read", str(page), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["encoding"] == "html+trafilatura"
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    assert main(["read", str(page)]) == 2
    assert "'html'" in capsys.readouterr().err


QUICK_WATCH = """
import sys
from pathlib import Path

import typer

from api.cli.adding import _Adder, _watch
from api.settings import settings_from
from corpus.metadata import Metadata

folder, archive = map(Path, sys.argv[1:])
adder = _Adder(settings_from(archive=archive), options=Metadata(), replace=False, reader="")
try:
    _watch([folder], adder, as_json=False, color="auto", look_s=0.1)
except typer.Exit as exc:
    sys.exit(exc.exit_code)
"""
"""`bulletin add --watch FOLDER --archive FOLDER`, with more looks."""


@contextmanager
def watching(out: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run what watches in a process of its own, all that it says in a file."""
    with out.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_the_command_watches_until_it_is_stopped(folder: Path, tmp_path: Path) -> None:
    archive, out = tmp_path / "kept", tmp_path / "out"
    told = ("-m", "api", "add", "--watch", str(folder), "--archive", str(archive))
    with watching(out, *told) as process:
        until(lambda: "added 2021-04" in out.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert "Ended; all that was added is kept." in out.read_text(encoding="utf-8")
    assert kept(archive) == ["2021-01", "2021-02", "2021-03", "2021-04"]


def test_a_watched_folder_takes_what_comes_survives_bad_files_and_ends_cleanly(
    folder: Path, tmp_path: Path
) -> None:
    archive, out = tmp_path / "kept", tmp_path / "out"
    with watching(out, "-c", QUICK_WATCH, str(folder), str(archive)) as process:
        until(lambda: "added 2021-04" in out.read_text(encoding="utf-8"))
        (folder / "bad.txt").write_bytes(b"\x00")
        (folder / "2022-01.html").write_text(
            "<h1>开工</h1><p>项目已经开工了。</p>", encoding="utf-8"
        )
        until(lambda: "added 2022-01" in out.read_text(encoding="utf-8"))
        (folder / "2021-04.txt").write_text(f"{STORY}\n又新增3条。\n", encoding="utf-8")
        until(lambda: "replaced 2021-04" in out.read_text(encoding="utf-8"))
        (folder / "2021-04.txt").write_text(STORY, encoding="utf-8")
        until(lambda: out.read_text(encoding="utf-8").count("replaced 2021-04") == 2)
        (folder / "2021-03.txt.toml").write_text('tite = "特刊"', encoding="utf-8")
        until(lambda: "tite is no key" in out.read_text(encoding="utf-8"))
        (folder / "2021-03.txt.toml").write_text('title = "特刊"', encoding="utf-8")
        until(lambda: "replaced 2021-03" in out.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    told = out.read_text(encoding="utf-8")
    assert (told.count("bad.txt: is binary"), "Traceback" in told) == (1, False)
    assert "Ended; all that was added is kept." in told
    assert kept(archive) == ["2021-01", "2021-02", "2021-03", "2021-04", "2022-01"]


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    assert main(["add", "--watch", str(tmp_path / "none"), "--archive", str(tmp_path)]) == 6
    assert main(["add", "--watch", str(tmp_path), "--id", "x", "--archive", str(tmp_path)]) == 2


@pytest.mark.parametrize("command", ["add", "read", "report"])
def test_an_empty_path_is_not_the_current_folder(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "2021-01.txt").rename(folder.parent / "2021-01.txt")
    monkeypatch.chdir(folder.parent)
    archive = ["--archive", "kept"] if command == "add" else []
    assert main([command, "", *archive]) == 2
    assert "expected a file" in capsys.readouterr().err
    assert not Path("kept").exists()


def test_the_formats_are_told_once_and_only_where_the_format_is_at_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04")
    others = [str(tmp_path / name) for name in ("empty.txt", "damaged.zip", "nosuch.txt")]
    archive = ["--archive", str(tmp_path / "kept")]
    assert main(["add", *others, *archive]) == 6
    assert capsys.readouterr().err == (
        f"bulletin: {others[0]}: is empty\n"
        f"bulletin: {others[1]}: is a damaged zip\n"
        f"bulletin: {others[2]}: no such file or directory\n"
    )
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"\x00")
    (tmp_path / "c.json").write_bytes(b"{}")
    wrong = [str(tmp_path / name) for name in ("a.txt", "b.txt", "c.json")]
    assert main(["add", *others, *wrong, *archive]) == 6
    assert capsys.readouterr().err.count("Give text in UTF-8") == 1


MASTHEAD = "清河日报\n2021年10月8日 星期五 第12期\n\n公交线路延长\n\n公交27路今起延伸至青石铺。\n"


@pytest.mark.parametrize(
    ("name", "options", "named"),
    [
        ("2021-10-07.txt", [], "2021-10-07"),
        ("issue_2021-11.txt", [], "2021-11"),
        ("2021-10-08.txt", [], None),
        ("issue_2021-10.txt", [], None),
        ("page.txt", [], None),
        ("2021-10-07.txt", ["--date", "2021-10-07"], None),
        ("周报_2021-09-31.txt", [], "2021-09-31"),
    ],
)
def test_a_day_in_the_name_that_is_not_the_mastheads_is_told(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    options: list[str],
    named: str | None,
) -> None:
    file = home / name
    file.write_text(MASTHEAD, encoding="utf-8")
    add = ["add", str(file), "--archive", str(home / "kept"), *options]
    assert main(add) == 0
    told = f"bulletin: warning: {name} is named {named}, and its masthead says 2021-10-08; "
    assert (told in capsys.readouterr().err) == (named is not None)
    shutil.rmtree(home / "kept")
    assert main([*add, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["issues"][0]["named"] == named


@pytest.mark.parametrize(
    ("name", "issue_id"),
    [
        ("清河日报_2021-02-30.txt", "2021-10-08"),
        ("20210231.txt", "2021-10-08"),
        ("清河日报_2021-02-28.txt", "2021-02-28"),
        ("清河日报_2024-02-29.txt", "2024-02-29"),
    ],
)
def test_a_day_that_there_is_not_is_no_issues_id(
    home: Path, capsys: pytest.CaptureFixture[str], name: str, issue_id: str
) -> None:
    (home / name).write_text(MASTHEAD, encoding="utf-8")
    assert main(["add", str(home / name), "--json", "--archive", str(home / "kept")]) == 0
    told = json.loads(capsys.readouterr().out)["issues"][0]["told"]
    assert (told["id"]["value"], told["date"]["value"]) == (issue_id, "2021-10-08")


def test_a_page_of_which_little_was_kept_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story, other = (
        "公交27路今起延伸至青石铺，首班车六点开出。",
        "青石铺小学今天开学，学生们走进了新的教室。",
    )
    for n, text in enumerate((story, story * 9), start=1):
        file = home / f"2021-10-0{n}.html"
        around = f"<div><div><p>{other * 5}</p></div></div>"
        page = f"<body><h1>公交线路延长</h1><article><p>{text}</p></article>{around}</body>"
        file.write_text(page, encoding="utf-8")
        assert main(["add", str(file), "--archive", str(home / "kept")]) == 0
        told = f"bulletin: {file.name}: warning: of the page's running text only"
        assert (told in capsys.readouterr().err) == (n == 1)
    for n, first in ((1, "warning: of the page's running text only"), (2, "of the page's")):
        assert main(["report", str(home / f"2021-10-0{n}.html")]) == 0
        assert capsys.readouterr().out.splitlines()[1].startswith(first)


def test_a_page_without_text_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home / "2021-10-07"
    folder.mkdir()
    (folder / "01.txt").write_text(MASTHEAD, encoding="utf-8")
    (folder / "02.html").write_text("<body><img src='a.jpg'></body>", encoding="utf-8")
    assert main(["add", str(folder), "--archive", str(home / "kept")]) == 0
    assert "warning: 02.html holds no text and was skipped" in capsys.readouterr().err
    assert main(["report", "2021-10-07", "--archive", str(home / "kept")]) == 0
    assert "warning: 02.html holds no text and was skipped" in capsys.readouterr().out


FOOTER = "主办：清河区管委会，地址：清河大道1号，电话：5551234。"


@pytest.mark.parametrize("options", [[], ["--id", "2021-02"], ["--publication", "清河报"]])
def test_the_same_bytes_under_another_name_are_kept_and_told(
    home: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    first, copy, archive = home / "2021-01.txt", home / "2021-02.txt", home / "kept"
    for file in (first, copy):
        file.write_text(STORY, encoding="utf-8")
    first_options = [] if options[:1] == ["--id"] else ["--id", "first"]
    assert main(["add", str(first), "--archive", str(archive), *first_options]) == 0
    assert "very bytes" not in capsys.readouterr().err
    add = ["add", str(copy), "--archive", str(archive), *options]
    issue_id = first_options[-1] if first_options else "2021-01"
    assert main(add) == 0
    told = f"warning: 2021-02.txt (2021-02) has the very bytes of 2021-01.txt ({issue_id}), and"
    assert told in capsys.readouterr().err
    assert kept(archive) == sorted([issue_id, "2021-02"])
    assert main(["remove", "2021-02", "--archive", str(archive)]) == 0
    capsys.readouterr()
    for same in ({issue_id: "2021-01.txt"}, {}):  # it is told where the file is read
        assert main([*add, "--json"]) == 0
        (row,) = json.loads(capsys.readouterr().out)["issues"]
        assert row["same_bytes"] == same


def test_another_text_that_takes_an_issues_place_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, later, archive = home / "2021-01.txt", home / "2021-01_b.txt", home / "kept"
    add = ["--archive", str(archive)]
    first.write_text(STORY, encoding="utf-8")
    assert main(["add", str(first), *add]) == 0
    assert "taken its place" not in capsys.readouterr().out
    later.write_text(f"{STORY}\n第二条新闻\n\n本报讯 新馆开放。\n", encoding="utf-8")
    assert main(["add", str(later), *add]) == 0
    out, err = capsys.readouterr()
    with Archive.open(archive) as opened:
        day = (opened.added("2021-01") or "")[:10]
    assert f"  was read from 2021-01.txt, added {day}; this text has taken its place\n" in out
    assert "earlier version" not in err
    os.utime(first, (1_600_000_000, 1_600_000_000))  # the earlier one, once more
    assert main(["add", str(first), *add, "--replace", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["issues"]
    assert row["replaced"].pop("added").startswith(day)
    assert row["replaced"] == {"source": "2021-01_b.txt", "older": True, "without_sidecar": False}
    assert main(["add", str(first), *add, "--json"]) == 0  # which changes nothing
    assert json.loads(capsys.readouterr().out)["issues"][0]["replaced"] is None


def test_a_file_that_was_changed_before_what_it_replaces_was_added_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, archive = home / "2021-01.txt", home / "kept"
    file.write_text(STORY, encoding="utf-8")
    assert main(["add", str(file), "--archive", str(archive)]) == 0
    file.write_text(STORY.replace("12", "21"), encoding="utf-8")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    capsys.readouterr()
    assert main(["add", str(file), "--archive", str(archive), "--replace"]) == 0
    told = (
        "warning: 2021-01.txt was last changed before what it replaced, 2021-01 (2021-01.txt), was"
    )
    assert told in capsys.readouterr().err


def test_corrections_that_are_gone_with_a_replaced_file_are_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, later, archive = home / "2021-01.txt", home / "2021-01_b.txt", home / "kept"
    first.write_text(STORY, encoding="utf-8")
    sidecar = home / "2021-01.txt.toml"
    sidecar.write_text('title = "特刊"', encoding="utf-8")
    assert main(["add", str(first), "--archive", str(archive)]) == 0
    later.write_text(STORY, encoding="utf-8")
    capsys.readouterr()
    assert main(["add", str(later), "--archive", str(archive)]) == 0
    told = "2021-01 had a sidecar as 2021-01.txt, and there is none beside 2021-01_b.txt"
    assert told in capsys.readouterr().err
    assert main(["add", str(first), "--archive", str(archive)]) == 0  # it has one again
    assert "sidecar" not in capsys.readouterr().err


def test_of_two_files_of_one_issue_in_one_run_none_replaces_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "issues"
    folder.mkdir()
    for name, thing in (("a_2021-12", "图书馆"), ("b_2021-12", "展销会")):
        text = f"{thing}开了\n\n本报讯（记者李明）{thing}昨日开放。\n\n{FOOTER}\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    archive = tmp_path / "kept"
    assert main(["add", str(folder), "--archive", str(archive)]) == 6
    assert "a_2021-12.txt just now" in capsys.readouterr().err
    with Archive.open(archive) as opened:
        assert "图书馆" in opened.issue("2021-12").passages[0].text
    # nor in a later run, unless that is asked for
    assert main(["add", str(folder / "b_2021-12.txt"), "--archive", str(archive)]) == 0
    assert main(["add", str(folder), "--archive", str(archive), "--replace"]) == 0


MORNING = "清河晨报\n\n2024年5月6日 第12期\n\n\n公园开园\n\n本报讯 城南公园昨日开园，占地30亩。\n"
WEEKLY = "清河周报\n\n2024年5月6日 第99期\n\n\n图书馆搬家\n\n本报讯 图书馆日前搬家，藏书20万册。\n"


def test_two_papers_of_one_day_are_both_kept_the_second_with_its_name_in_its_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "kept"
    both = ["2024-05-06", "2024-05-06-清河周报"]
    for folder, text in (("a", MORNING), ("b", WEEKLY)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "2024-05-06.txt").write_text(text, encoding="utf-8")
    papers = [str(tmp_path / "a"), str(tmp_path / "b")]
    for outcome in ("added", "unchanged"):
        assert main(["add", *papers, "--archive", str(archive)]) == 0
        assert capsys.readouterr().out.count(outcome) == 2
        assert kept(archive) == both
    corrected = tmp_path / "b" / "2024-05-06.txt"
    corrected.write_text(f"{WEEKLY}\n本报讯 另有阅览座位200个。\n", encoding="utf-8")
    assert main(["add", papers[1], "--archive", str(archive)]) == 0
    told = "the day and the paper's name, for another paper has the id without it"
    assert told in capsys.readouterr().out
    assert main(["remove", "2024-05-06", "--archive", str(archive)]) == 0
    corrected.write_text(f"{WEEKLY}\n本报讯 另有阅览座位300个。\n", encoding="utf-8")
    assert main(["add", *papers, "--archive", str(archive)]) == 0
    assert kept(archive) == both
    with Archive.open(archive) as opened:
        assert "300个" in opened.issue(both[1]).passages[-1].text
        assert opened.verify() == []


@pytest.mark.parametrize(
    ("text", "sidecar", "code"),
    [
        (WEEKLY, 'id = "2024-05-06"', 6),  # its id is told
        (WEEKLY.replace("清河周报\n\n", ""), "", 6),  # it may be the same paper
        (MORNING.replace("清河晨报", "清河早报"), "", 0),  # the same text: its name is corrected
    ],
)
def test_what_may_be_the_same_paper_gets_no_other_id(
    tmp_path: Path, text: str, sidecar: str, code: int
) -> None:
    archive, later = tmp_path / "kept", tmp_path / "b_2024-05-06.txt"
    first = tmp_path / "2024-05-06.txt"
    first.write_text(MORNING, encoding="utf-8")
    assert main(["add", str(first), "--archive", str(archive)]) == 0
    later.write_text(text, encoding="utf-8")
    (tmp_path / f"{later.name}.toml").write_text(sidecar, encoding="utf-8")
    assert main(["add", str(later), "--archive", str(archive)]) == code
    assert kept(archive) == ["2024-05-06"]


def test_stories_of_one_day_are_kept_apart_by_what_else_their_names_tell(tmp_path: Path) -> None:
    for name in ("opening_2021-10-07", "closing_2021-10-07"):
        page = f"<article><h1>{name}</h1><p>本报讯，活动昨日在清河举行，市民到场。</p></article>"
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
    archive = tmp_path / "kept"
    pages = [str(page) for page in sorted(tmp_path.glob("*.html"))]
    assert main(["add", *pages, "--archive", str(archive)]) == 0
    assert kept(archive) == ["2021-10-07-closing", "2021-10-07-opening"]


def test_a_name_in_another_encoding_is_read_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "issues"
    folder.mkdir()
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/" + "公报_2020-01.txt".encode("gbk")))
    try:
        odd.write_text(STORY, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 alone")
    (folder / "2020-02.txt").write_text(STORY, encoding="utf-8")
    archive = tmp_path / "kept"
    assert main(["add", str(folder), "--archive", str(archive)]) == 0
    assert "公报_2020-01.txt" in capsys.readouterr().out
    assert kept(archive) == ["2020-01", "2020-02"]
    assert main(["show", os.fsdecode(b"\xff"), "--archive", str(archive)]) == 2


def test_what_is_no_file_of_the_folder_is_passed_over_and_said(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(folder / "pipe_2020-01.txt")
    secret = tmp_path / "secret_2020-02.txt"
    secret.write_text(STORY, encoding="utf-8")
    (folder / "link_2020-02.txt").symlink_to(secret)
    (folder / "same_2020-03.txt").symlink_to(folder / "2021-01.txt")
    archive = tmp_path / "kept"
    assert main(["add", str(folder), "--archive", str(archive)]) == 6
    err = capsys.readouterr().err
    assert "pipe_2020-01.txt: is no regular file" in err
    assert "link_2020-02.txt: is a link out of its folder" in err
    assert "2020-03" in kept(archive)
    assert "2020-02" not in kept(archive)
    assert main(["add", str(folder / "link_2020-02.txt"), "--archive", str(archive)]) == 0


@pytest.mark.parametrize("issue_id", [".", "..", "-", "._"])
def test_an_id_has_a_letter_or_a_figure(folder: Path, tmp_path: Path, issue_id: str) -> None:
    archive = str(tmp_path / "kept")
    file = str(folder / "2021-01.txt")
    assert main(["add", file, f"--id={issue_id}", "--archive", archive]) in (2, 6)
