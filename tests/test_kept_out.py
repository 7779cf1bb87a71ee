"""What `bulletin remove --keep-out` took out does not come back with its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import main
from corpus.archive import Archive
from corpus.kept_out import kept_out

STORY = "第一条新闻\n\n本报讯（记者李明）公交线路新增{n}条。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of two issues, of which an archive beside it lacks the first for good."""
    made = tmp_path / "issues"
    made.mkdir()
    for month in (1, 2):
        text = STORY.format(n=month)
        (made / f"2021-{month:02d}.txt").write_text(text, encoding="utf-8")
    archive = ["--archive", str(tmp_path / "kept")]
    assert main(["add", str(made), *archive]) == 0
    assert main(["remove", "2021-01", "--keep-out", *archive]) == 0
    return made


@pytest.fixture
def archive(folder: Path) -> Path:
    return folder.parent / "kept"


def ids(archive: Path) -> list[str]:
    with Archive.open(archive) as opened:
        return list(opened.versions())


def test_the_folder_does_not_bring_it_back(
    folder: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["add", str(folder), "--archive", str(archive)]) == 0
    told = "passed over 2021-01.txt: 2021-01 was removed with --keep-out; add --anyway takes it in"
    assert told in capsys.readouterr().out
    assert ids(archive) == ["2021-02"]
    assert main(["add", str(folder), "--archive", str(archive), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["issues"]
    assert [(row["id"], row["outcome"]) for row in rows] == [
        ("2021-01", "kept_out"),
        ("2021-02", "unchanged"),
    ]


def test_nor_do_its_bytes_under_another_name_or_other_bytes_under_its_id(
    folder: Path, archive: Path
) -> None:
    first = folder / "2021-01.txt"
    copy = folder / "2021-05.txt"
    copy.write_bytes(first.read_bytes())
    first.write_text(STORY.format(n=7), encoding="utf-8")
    assert main(["add", str(folder), "--archive", str(archive)]) == 0
    assert ids(archive) == ["2021-02"]


def test_it_is_added_anyway_where_that_is_asked_and_then_kept_out_no_more(
    folder: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = ["list", "--kept-out", "--archive", str(archive)]
    capsys.readouterr()
    assert main(listed) == 0
    assert capsys.readouterr().out.startswith("2021-01  2021-01.txt  removed 20")
    assert main([*listed, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["kept_out"]
    assert (row["id"], row["source"]) == ("2021-01", "2021-01.txt")
    assert main(["add", str(folder), "--anyway", "--archive", str(archive)]) == 0
    assert ids(archive) == ["2021-01", "2021-02"]
    capsys.readouterr()
    assert main(listed) == 0
    assert capsys.readouterr().out == ""


def test_what_is_removed_without_it_comes_back(folder: Path, archive: Path) -> None:
    assert main(["remove", "2021-02", "--archive", str(archive)]) == 0
    assert main(["add", str(folder), "--archive", str(archive)]) == 0
    assert ids(archive) == ["2021-02"]


def test_an_archive_that_keeps_nothing_out_has_no_table_of_it() -> None:
    with Archive.in_memory() as opened:
        assert kept_out(opened.connection) == []
        found = opened.connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'kept_out'"
        )
        assert found.fetchone() == (0,)


def test_a_backup_remembers_it(folder: Path, archive: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "copy.db", tmp_path / "other"
    assert main(["backup", str(file), "--archive", str(archive)]) == 0
    assert main(["restore", str(file), "--archive", str(other)]) == 0
    assert main(["add", str(folder), "--archive", str(other)]) == 0
    assert ids(other) == ["2021-02"]
