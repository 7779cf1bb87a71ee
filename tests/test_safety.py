"""Full disks, damaged files, other versions, copies: nothing lost, nothing silently wrong."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli import main
from corpus.archive import Archive
from corpus.derived import wait_for_deletions
from corpus.errors import ArchiveError
from corpus.generation import verify
from corpus.safety import back_up, damage, restore
from corpus.schema import FILE_NAME
from corpus.types import Issue
from qa.rank import Finder, Hit
from tests.conftest import issue_of

QUESTION = "公交线路有多少条？"


def issue(issue_id: str, *, n: int = 3) -> Issue:
    texts = [f"全区新增公交线路{m}条，{issue_id}报道。" for m in range(n)]
    return issue_of(*texts, issue_id=issue_id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    with Archive.open(folder, create=True) as archive:
        archive.add(issue("2020-01"))
        archive.add(issue("2020-02"))
        Finder.open(archive)
    return folder


def state(folder: Path) -> tuple[str, list[Hit]]:
    """Return the stamp of a sound archive, and what is found in it."""
    with Archive.open(folder) as archive:
        assert (damage(archive), archive.verify()) == ([], [])
        finder = Finder.open(archive)
        hits = finder.search(finder.read(QUESTION), k=5)
        stamp = archive.stamp
    assert verify(folder / "index") == []
    return stamp, hits


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Have the system refuse what a full disk refuses: to let a file grow."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_a_full_disk_refuses_an_issue_and_keeps_the_rest(folder: Path) -> None:
    before = state(folder)
    size = (folder / FILE_NAME).stat().st_size
    with Archive.open(folder) as archive:
        with files_no_larger_than(size), pytest.raises(ArchiveError, match=r"disk|full"):
            archive.add(issue("2020-03", n=3000))
        assert archive.add(issue("2020-04")) == "added"  # the same connection goes on
        archive.remove("2020-04")
    assert state(folder) == before


@pytest.mark.parametrize("size", [0, 100, 2000, 20_000])
def test_a_full_disk_while_indexing_still_answers_and_says_so(
    folder: Path, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    with Archive.open(folder) as archive:
        archive.add(issue("2020-03", n=300))
        with files_no_larger_than(size):
            found = Finder.open(archive)
            assert len(found.vectors) == len(found.lexical) == len(found.forward) == 306
    assert "cannot keep the index 'vectors'" in caplog.text
    assert len(state(folder)[1]) == 5


def test_on_a_full_disk_an_archive_is_read_and_not_written(folder: Path) -> None:
    before = state(folder)
    with files_no_larger_than(0), Archive.open(folder) as archive:
        assert (archive.is_fixed, archive.stamp) == (True, before[0])
        with pytest.raises(ArchiveError, match="its disk may be full"):
            archive.remove("2020-01")
    assert state(folder) == before


def test_what_a_journal_alone_holds_is_not_passed_over_on_a_full_disk(folder: Path) -> None:
    with Archive.open(folder) as reader, reader.reading(), Archive.open(folder) as archive:
        assert reader.n_passages()
        archive.add(issue("2020-03"))
        for end in ("", "-wal"):
            file = folder / f"{FILE_NAME}{end}"
            (folder / "copy" / file.name).parent.mkdir(exist_ok=True)
            (folder / "copy" / file.name).write_bytes(file.read_bytes())
    with files_no_larger_than(0), pytest.raises(ArchiveError):
        Archive.open(folder / "copy")
    with Archive.open(folder / "copy") as archive:
        assert "2020-03" in archive.versions()


def test_a_backup_on_a_full_disk_is_absent(folder: Path, tmp_path: Path) -> None:
    with (
        Archive.open(folder) as archive,
        files_no_larger_than(5000),
        pytest.raises(ArchiveError),
    ):
        back_up(archive, tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy*"))


def flip(file: Path, at: int) -> None:
    """Flip the bits of a byte; the time of the file does not tell."""
    told = file.stat()
    with file.open("r+b") as data:  # not cut short: it may be mapped
        data.seek(at)
        (value,) = data.read(1)
        data.seek(at)
        data.write(bytes([value ^ 0xFF]))
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))


def test_any_altered_file_of_a_small_index_is_noticed_and_made_anew(folder: Path) -> None:
    before = state(folder)

    def files() -> list[Path]:
        wait_for_deletions()
        found = [path for path in (folder / "index").rglob("*") if path.is_file()]
        return sorted(
            (path for path in found if path.stat().st_size and path.suffix != ".lock"),
            key=lambda path: (path.parent.name, path.suffix, path.name),
        )

    for at in range(len(files())):
        file = files()[at]
        flip(file, file.stat().st_size // 2)
        assert len(verify(folder / "index")) == 1, file
        assert state(folder) == before


def test_a_damaged_page_of_the_database_is_told_or_harmless(folder: Path) -> None:
    """Every 97th byte of the database, one at a time: the damage is told, or nothing changed."""
    expected = _all_kept(folder)
    size = (folder / FILE_NAME).stat().st_size
    n_told = 0
    for at in range(0, size, 97):
        flip(folder / FILE_NAME, at)
        try:
            with Archive.open(folder) as archive, archive.reading():
                told = bool(damage(archive) or archive.verify())
        except ArchiveError:
            told = True
        n_told += told
        assert told or _all_kept(folder) == expected, at
        flip(folder / FILE_NAME, at)
    assert n_told > 10
    assert _all_kept(folder) == expected


def _all_kept(folder: Path) -> list[tuple[Issue, str]]:
    with Archive.open(folder) as archive:
        return [(archive.issue(row.id), row.added) for row in archive.issues()]


def test_an_archive_of_another_version_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / FILE_NAME) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(ArchiveError, match="has format 99"):
        Archive.open(folder)


def test_a_backup_restored_is_the_same_archive(folder: Path, tmp_path: Path) -> None:
    before = state(folder)
    with Archive.open(folder) as archive:
        back_up(archive, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", tmp_path / "new")
    assert state(tmp_path / "new") == before
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [FILE_NAME, "index"]


def test_neither_backup_nor_restore_replaces_what_is_there_unasked(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    with Archive.open(folder) as archive:
        back_up(archive, copy)
        before = state(folder)
        archive.add(issue("2020-03"))
        with pytest.raises(ArchiveError, match="is there already"):
            back_up(archive, copy)
        with pytest.raises(ArchiveError, match="is there already"):
            restore(copy, folder)
        assert len(archive.issues()) == 3
        restore(copy, folder, replace=True)
        assert len(archive.issues()) == 2  # who has it open sees it too
        back_up(archive, copy, replace=True)
    assert state(folder) == before


def test_who_reads_while_a_backup_is_restored_goes_on_in_the_old_state(
    folder: Path, tmp_path: Path
) -> None:
    with Archive.open(folder) as archive:
        back_up(archive, tmp_path / "copy.db")
        archive.add(issue("2020-03"))
        with archive.reading():
            assert len(archive.issues()) == 3
            restore(tmp_path / "copy.db", folder, replace=True)
            assert len(archive.issues()) == 3
        assert len(archive.issues()) == 2


def test_a_backup_replaces_an_archive_that_is_no_database_any_more(
    folder: Path, tmp_path: Path
) -> None:
    before = state(folder)
    with Archive.open(folder) as archive:
        back_up(archive, tmp_path / "copy.db")
    (folder / FILE_NAME).write_bytes(b"no database" * 1000)
    restore(tmp_path / "copy.db", folder, replace=True)
    assert state(folder) == before


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def alter_text(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace("公交".encode(), "公车".encode(), 1))


def empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("harm", [cut_off, alter_text, empty, Path.unlink])
def test_a_damaged_backup_is_refused_and_the_archive_kept(
    harm: Callable[[Path], None], folder: Path, tmp_path: Path
) -> None:
    before = state(folder)
    with Archive.open(folder) as archive:
        back_up(archive, tmp_path / "copy.db")
    harm(tmp_path / "copy.db")
    with pytest.raises(ArchiveError):
        restore(tmp_path / "copy.db", folder, replace=True)
    with pytest.raises(ArchiveError):
        restore(tmp_path / "copy.db", tmp_path / "new")
    assert state(folder) == before
    assert not (tmp_path / "new" / FILE_NAME).exists()


def test_a_backup_made_while_another_adds_is_of_one_moment(folder: Path, tmp_path: Path) -> None:
    def add() -> None:
        with Archive.open(folder) as archive:
            for n in range(30):
                archive.add(issue(f"2021-{n}"))

    thread = threading.Thread(target=add)
    thread.start()
    with Archive.open(folder) as archive:
        for n in range(10):
            back_up(archive, tmp_path / f"{n}.db")
    thread.join()
    sizes = []
    for n in range(10):
        with Archive.open_file(tmp_path / f"{n}.db") as copy:
            assert (damage(copy), copy.verify()) == ([], [])
            sizes.append(len(copy.issues()))
    assert sizes == sorted(sizes)


def test_many_open_a_new_archive_at_once(tmp_path: Path) -> None:
    problems: list[BaseException] = []

    def add(n: int) -> None:
        try:
            with Archive.open(tmp_path / "new", create=True) as archive:
                archive.add(issue(f"2021-{n}"))
                Finder.open(archive)
        except BaseException as exc:  # told below, in the test's own thread
            problems.append(exc)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(state(tmp_path / "new")[1]) == 5


def test_a_new_archive_waits_for_who_has_its_file(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    other = sqlite3.connect(tmp_path / "new" / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    opened: list[Archive | BaseException] = []

    def make() -> None:
        try:
            with Archive.open(tmp_path / "new", create=True) as archive:
                opened.append(archive)
        except BaseException as exc:  # told below, in the test's own thread
            opened.append(exc)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join(0.2)
    assert opened == []
    other.execute("ROLLBACK")
    thread.join()
    other.close()
    assert [type(one) for one in opened] == [Archive]


def test_a_copied_archive_works(folder: Path, tmp_path: Path) -> None:
    before = state(folder)
    shutil.copytree(folder, tmp_path / "moved")
    assert state(tmp_path / "moved") == before


def test_a_backup_with_any_damaged_byte_is_refused_in_one_sentence_or_harmless(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, where = tmp_path / "copy.db", ["--archive", str(tmp_path / "new"), "--replace"]
    with Archive.open(folder) as archive:
        for n in range(3, 9):
            archive.add(issue(f"2020-0{n}", n=20))
        back_up(archive, copy)
    whole, told = copy.read_bytes(), []
    for at in range(50, len(whole), 397):
        copy.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        exit_code = main(["restore", str(copy), *where])
        err = capsys.readouterr().err
        assert (exit_code, err.partition(": ")[0]) in ((0, ""), (3, "bulletin")), (at, err)
        if exit_code:
            first, *_ = err.splitlines()
            assert first.startswith(f"bulletin: archive {copy}: "), first
            told.append(first)
    assert len(told) > 40
