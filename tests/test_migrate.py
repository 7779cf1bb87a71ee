"""Archives of earlier formats are brought up, after a copy, wholly or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from api.cli import main
from corpus.archive import Archive
from corpus.connection import format_of
from corpus.errors import ArchiveError
from corpus.safety import damage, migrate, restore
from corpus.schema import FILE_NAME, VERSION
from corpus.types import Issue
from tests.old_archive import make_old


@pytest.fixture
def old(tmp_path: Path, invented: list[Issue]) -> Path:
    """Return the folder of an archive of format 1."""
    folder = tmp_path / "kept"
    with Archive.open(folder, create=True) as archive:
        for issue in invented:
            archive.add(issue)
    make_old(folder)
    assert format_of(folder) == 1
    return folder


def dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as db:
        return [*db.iterdump(), str(db.execute("PRAGMA user_version").fetchone())]


def test_an_old_archive_is_brought_up_and_kept_as_it_was(old: Path, invented: list[Issue]) -> None:
    before = dump(old / FILE_NAME)
    migrate(old, old / "copy.db")
    assert dump(old / "copy.db") == before
    assert format_of(old) == VERSION
    with Archive.open(old) as archive:
        assert [archive.issue(row.id) for row in archive.issues()] == invented
        assert (damage(archive), archive.verify()) == ([], [])


def test_a_text_that_was_extracted_and_a_sidecar_are_brought_up(tmp_path: Path) -> None:
    (tmp_path / "2021-11.md").write_text("# 开工\n\n项目开工了。\n", encoding="utf-8")
    (tmp_path / "issue.toml").write_text('publication = "高新报"\n', encoding="utf-8")
    folder = tmp_path / "kept"
    assert main(["add", str(tmp_path / "2021-11.md"), "--archive", str(folder)]) == 0
    with Archive.open(folder) as archive:
        before = archive.issue("2021-11")
    assert before.source.extracted
    assert before.source.sidecar
    make_old(folder, 3)
    assert format_of(folder) == 3
    with Archive.open(folder) as archive:
        assert archive.issue("2021-11") == before
        assert (damage(archive), archive.verify()) == ([], [])
    assert format_of(folder) == VERSION


def test_an_archive_brought_up_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    migrate(old, old / "copy.db")
    with Archive.open(tmp_path / "new", create=True) as new, Archive.open(old) as archive:
        shapes = []
        for one in (new, archive):
            tables = [
                row[0]
                for row in one.connection.execute(
                    "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name"
                )
            ]
            columns = [
                one.connection.execute(f"PRAGMA table_xinfo({name})").fetchall() for name in tables
            ]
            shapes.append((tables, columns))
    assert shapes[0] == shapes[1]


def test_a_copy_of_an_old_archive_can_be_restored(
    old: Path, tmp_path: Path, invented: list[Issue]
) -> None:
    migrate(old, old / "copy.db")
    before = dump(old / "copy.db")
    restore(old / "copy.db", tmp_path / "new")
    assert dump(old / "copy.db") == before
    assert format_of(tmp_path / "new") == VERSION
    with Archive.open(tmp_path / "new") as archive:
        assert [archive.issue(row.id) for row in archive.issues()] == invented


def test_what_cannot_be_brought_up_stays_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old / FILE_NAME)) as db, db:
        db.execute("ALTER TABLE issues ADD COLUMN options TEXT")  # stands in the way of format 3
    before = dump(old / FILE_NAME)
    with pytest.raises(ArchiveError, match="cannot be brought up to this one: duplicate column"):
        migrate(old, old / "copy.db")
    assert dump(old / FILE_NAME) == before
    assert dump(old / "copy.db") == before


def test_a_copy_that_cannot_be_written_stops_it(old: Path) -> None:
    before = dump(old / FILE_NAME)
    (old / "copy.db").write_text("mine", encoding="utf-8")
    with pytest.raises(ArchiveError, match="is there already"):
        migrate(old, old / "copy.db")
    with pytest.raises(ArchiveError):
        migrate(old, old / "none" / "copy.db")
    assert dump(old / FILE_NAME) == before
    assert (old / "copy.db").read_text(encoding="utf-8") == "mine"


def test_the_command_tells_and_does(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = ["migrate", "--archive", str(old)]
    assert main([*archive, "--check"]) == 8
    assert capsys.readouterr().out == f"{old}: format 1, can be brought to {VERSION}\n"
    assert format_of(old) == 1
    assert main(archive) == 0
    copy = old / "bulletin-format-1.db"
    assert capsys.readouterr().out == (f"{old}: format 1 brought to {VERSION}; as it was: {copy}\n")
    assert copy.is_file()
    for arguments in (archive, [*archive, "--check"]):
        assert main(arguments) == 0
        assert capsys.readouterr().out == f"{old}: format {VERSION}, nothing to do\n"


@pytest.mark.parametrize("more", [[], ["--check"]])
def test_a_newer_archive_is_refused_and_not_touched(
    old: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(old / FILE_NAME)) as db, db:
        db.execute("PRAGMA user_version = 99")
    before = dump(old / FILE_NAME)
    assert main(["migrate", "--archive", str(old), *more]) == 3
    assert capsys.readouterr().err == (
        f"bulletin: archive {old}: has format 99, which is newer than {VERSION}, "
        "the newest known here\n"
        "  Use the version of bulletin that made it, or add the files to a new archive.\n"
    )
    assert dump(old / FILE_NAME) == before
    assert not list(old.glob("bulletin-format*"))


def test_there_must_be_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--archive", str(tmp_path / "none")]) == 3
    assert "is not there" in capsys.readouterr().err


def test_indexes_of_another_format_are_no_damage(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, later = old / "index" / "vectors-1", old / "index" / "lexical-2"
    for folder, name, text in (
        (first, "manifest.json", "{}"),
        (later, "manifest", f"bulletin-index 1 {'0' * 64}\n{{}}"),
    ):
        folder.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    assert main(["migrate", "--archive", str(old)]) == 0
    assert main(["verify", "--archive", str(old)]) == 0
    assert capsys.readouterr().out.endswith("0 mismatches, 0 damaged\n")
    (later / "manifest").write_text("bulletin-index 4 0\n{}", encoding="utf-8")
    assert main(["verify", "--archive", str(old)]) == 8
    assert "lexical-2: has a manifest that was altered" in capsys.readouterr().out


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs another who may write"
)
def test_the_check_looks_at_a_folder_that_may_only_be_read(old: Path) -> None:
    for name in ("wal", "shm"):  # left there by who may only read
        (old / f"{FILE_NAME}-{name}").unlink(missing_ok=True)
    for path in (old / FILE_NAME, old):
        path.chmod(0o555 if path.is_dir() else 0o444)
    powers = "-dac_override,-dac_read_search"
    humble = ("setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}")
    check = (sys.executable, "-m", "api", "migrate", "--check", "--archive", str(old))
    done = subprocess.run([*humble, *check], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (8, "")
    assert f"{old}: format 1" in done.stdout
