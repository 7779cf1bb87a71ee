"""Generations of derived folders: built once, grown from one another, checked, dropped."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import derived, generation
from corpus.derived import Change, Recipe, open_or_build
from corpus.errors import IndexFormatError
from corpus.generation import (
    MANIFEST,
    Generation,
    check,
    issues_in,
    read_manifest,
    verify,
    write_manifest,
)

MADE_FROM = {"model": "m1"}
LARGE = generation._SMALL + 1


class Builder:
    """Keeps a file an issue, and one large file; remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[str], list[str]]] = []

    def __call__(self, change: Change) -> dict[str, Any]:
        self.asked.append((sorted(change.drop), list(change.add)))
        for issue_id in change.drop:
            (change.folder / issue_id / "text").unlink()
        for issue_id in change.add:
            (change.folder / issue_id).mkdir(exist_ok=True)
            (change.folder / issue_id / "text").write_text("词" * LARGE, encoding="utf-8")
        (change.folder / ".writer.lock").touch()
        return {"n": change.told.get("n", 0) + 1}


@pytest.fixture
def build() -> Builder:
    return Builder()


def contents(generation: Generation) -> tuple[object, ...]:
    return generation.folder, generation.issues, generation.told, generation.files


def opened(
    parent: Path,
    build: Callable[[Change], dict[str, Any]],
    issues: str = "a1",
    *,
    made_from: dict[str, str] | None = None,
    n_passages: int = 1,
) -> Generation:
    """Open issues given as `a1 b2`: a in version 1, b in version 2."""
    return open_or_build(
        parent,
        Recipe(
            kind="index",
            made_from=made_from or MADE_FROM,
            issues={one[0]: one[1:] for one in issues.split()},
            stamp=issues,
            n_passages=lambda issue_id: n_passages,
            build=build,
        ),
    )


def first(n: int) -> str:
    return " ".join(f"{one}1" for one in "abcdef"[:n])


def names(parent: Path) -> list[str]:
    """Return what is in a folder once all that is being deleted is gone."""
    derived.wait_for_deletions()
    return sorted(path.name for path in parent.iterdir() if path.name != ".index.lock")


def test_a_folder_is_built_once_and_used_again(tmp_path: Path, build: Builder) -> None:
    first = opened(tmp_path / "made", build)
    assert contents(opened(tmp_path / "made", build)) == contents(first)
    assert (build.asked, names(tmp_path / "made")) == ([([], ["a"])], [first.folder.name])
    assert names(first.folder) == [".writer.lock", "a", MANIFEST]


def test_the_manifest_lists_what_was_built_and_from_what(tmp_path: Path, build: Builder) -> None:
    folder = opened(tmp_path, build).folder
    manifest = read_manifest(folder)
    assert (manifest["made_from"], issues_in(manifest)) == (MADE_FROM, {"a": "1"})
    name = os.path.join("a", "text")  # noqa: PTH118  # a relative name, as it is listed
    assert {name: facts["size"] for name, facts in manifest["files"].items()} == {name: 3 * LARGE}


def test_only_what_differs_is_built(tmp_path: Path, build: Builder) -> None:
    first = opened(tmp_path, build, "a1 b1 c1 d1 e1")
    inode = (first.folder / "a" / "text").stat().st_ino
    second = opened(tmp_path, build, "a1 b2 c1 d1 f1")
    assert build.asked[-1] == (["b", "e"], ["b", "f"])
    assert second.issues == {"a": "1", "b": "2", "c": "1", "d": "1", "f": "1"}
    # linked, neither copied nor written anew
    assert (second.folder / "a" / "text").stat().st_ino == inode


def test_readers_of_the_generation_before_keep_it(tmp_path: Path, build: Builder) -> None:
    first = opened(tmp_path, build, "a1 b1")
    opened(tmp_path, build, "a1 b2")
    assert contents(check(first.folder, made_from=MADE_FROM, whole=True)) == contents(first)


def test_no_generation_is_left_that_has_an_issue_which_is_no_more(
    tmp_path: Path, build: Builder
) -> None:
    opened(tmp_path, build, "a1 b1 c1")
    opened(tmp_path, build, "a1 b1 c2")
    last = opened(tmp_path, build, "a1 b1")
    assert names(tmp_path) == [last.folder.name]


def test_a_long_build_goes_in_steps_and_on_where_it_was_stopped(
    tmp_path: Path, build: Builder
) -> None:
    def stops(change: Change) -> dict[str, Any]:
        if len(build.asked) == 2:
            raise KeyboardInterrupt
        return build(change)

    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path, stops, first(4), n_passages=1 + derived.STEP // 2)
    assert len(names(tmp_path)) == 1
    assert opened(tmp_path, build, first(4), n_passages=1 + derived.STEP // 2).issues.keys() == set(
        "abcd"
    )
    assert [add for _, add in build.asked] == [["a"], ["b"], ["c"], ["d"]]
    assert len(names(tmp_path)) == 2  # the last, and the one that was there before


def test_issues_are_added_in_the_order_of_their_passages(tmp_path: Path, build: Builder) -> None:
    recipe = Recipe("index", MADE_FROM, {"a": "1", "a-b": "1"}, "1", lambda _: 1, build)
    open_or_build(tmp_path, recipe)
    assert build.asked == [([], ["a-b", "a"])]  # a-b/01 comes before a/01


def test_another_model_gets_a_folder_of_its_own(tmp_path: Path, build: Builder) -> None:
    first = opened(tmp_path, build)
    second = opened(tmp_path, build, made_from={"model": "m2"})
    assert names(tmp_path) == sorted([first.folder.name, second.folder.name])
    assert contents(opened(tmp_path, build)) == contents(first)
    assert len(build.asked) == 2


def test_two_models_in_turn_need_no_rebuilding_as_issues_come(
    tmp_path: Path, build: Builder
) -> None:
    for n in range(4):
        for model in ("m1", "m2"):
            opened(tmp_path, build, made_from={"model": model}, issues=first(n + 1))
    assert [add for _, add in build.asked] == [
        ["a"],
        ["a"],
        ["b"],
        ["b"],
        ["c"],
        ["c"],
        ["d"],
        ["d"],
    ]


def test_one_generation_before_and_two_of_other_origins_are_kept(
    tmp_path: Path, build: Builder
) -> None:
    others = [opened(tmp_path, build, made_from={"model": str(n)}).folder for n in range(3)]
    grown = [opened(tmp_path, build, first(n)).folder for n in (2, 3, 4)]
    assert names(tmp_path) == sorted(path.name for path in (others[2], *grown[1:]))


def test_a_clock_that_goes_backwards_keeps_the_newest(tmp_path: Path, build: Builder) -> None:
    for n in range(1, 5):
        last = opened(tmp_path, build, first(n)).folder
        os.utime(last, (1_000_000 - n, 1_000_000 - n))
    assert last.name in names(tmp_path)
    assert opened(tmp_path, build, "a1 b1 c1 d1 e1").issues.keys() == set("abcde")
    assert [add for _, add in build.asked] == [["a"], ["b"], ["c"], ["d"], ["e"]]


def alter(folder: Path) -> None:
    (folder / "a" / "text").write_bytes(bytes(3 * LARGE))


def cut_short(folder: Path) -> None:
    (folder / "a" / "text").write_bytes(bytes(999))


def take_away(folder: Path) -> None:
    (folder / "a" / "text").unlink()


def break_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("{", encoding="utf-8")


def change_manifest(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace("m1", "m2"), encoding="utf-8")


def come_from_another_version(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"bulletin-index 4", b"bulletin-index 99"))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (alter, "a/text was altered"),
        (cut_short, "a/text is missing or cut short"),
        (take_away, "a/text is missing or cut short"),
        (break_manifest, "has no readable manifest"),
        (change_manifest, "has a manifest that was altered"),
        (come_from_another_version, "has format 99, expected 4"),
    ],
)
def test_a_damaged_folder_is_noticed_and_built_again(
    damage: Callable[[Path], None], problem: str, tmp_path: Path, build: Builder
) -> None:
    folder = opened(tmp_path, build).folder
    damage(folder)
    with pytest.raises(IndexFormatError) as caught:
        check(folder, made_from=MADE_FROM)
    assert str(caught.value) == f"index {folder}: {problem}"
    is_damage = damage is not come_from_another_version
    assert [str(one) for one in verify(tmp_path)] == [str(caught.value)] * is_damage
    assert opened(tmp_path, build).folder == folder
    assert len(build.asked) == 2
    assert (folder / "a" / "text").read_text(encoding="utf-8") == "词" * LARGE
    assert verify(tmp_path) == []


def test_where_the_newest_is_damaged_the_one_before_is_grown_from(
    tmp_path: Path, build: Builder
) -> None:
    for n in (3, 4):
        newest = opened(tmp_path, build, first(n)).folder
    take_away(newest)  # not altered: the one before has the same file
    assert opened(tmp_path, build, first(5)).issues.keys() == set("abcde")
    assert [add for _, add in build.asked] == [["a", "b", "c"], ["d"], ["d", "e"]]


def test_a_generation_whose_manifest_begins_otherwise_is_grown_from(
    tmp_path: Path, build: Builder
) -> None:
    folder = opened(tmp_path, build, first(3)).folder
    manifest = read_manifest(folder)
    turned = dict(reversed(manifest.items()))  # as another version may have written it
    write_manifest(folder, turned)
    assert not generation._BEGINNING.match((folder / MANIFEST).read_bytes())
    opened(tmp_path, build, first(4))
    assert build.asked[-1] == ([], ["d"])


def test_a_change_that_keeps_size_and_time_is_found_by_verify(
    tmp_path: Path, build: Builder
) -> None:
    file = opened(tmp_path, build).folder / "a" / "text"
    state = file.stat()
    alter(file.parents[1])
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert opened(tmp_path, build).folder == file.parents[1]
    assert [str(one) for one in verify(tmp_path)] == [
        f"index {file.parents[1]}: a/text was altered"
    ]


def test_a_copy_is_read_whole_once(tmp_path: Path, build: Builder) -> None:
    folder = opened(tmp_path, build).folder
    file = folder / "a" / "text"
    os.utime(file, (1, 1))
    check(folder, made_from=MADE_FROM)
    manifest = read_manifest(folder)
    assert manifest["files"]["a/text"]["mtime_ns"] == file.stat().st_mtime_ns
    assert opened(tmp_path, build).folder == folder
    assert len(build.asked) == 1


def test_a_file_system_without_links_gets_copies(
    tmp_path: Path, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    first = opened(tmp_path, build, "a1")
    assert opened(tmp_path, build, "a1 b1").issues == {"a": "1", "b": "1"}
    assert verify(tmp_path) == []
    assert first.folder.is_dir()


def test_a_manifest_of_another_shape_is_noticed(tmp_path: Path, build: Builder) -> None:
    folder = opened(tmp_path, build).folder
    for shape in ("[]", "null", '{"made_from": {"model": "m1"}}'):
        (folder / MANIFEST).write_text(shape, encoding="utf-8")
        with pytest.raises(IndexFormatError):
            check(folder, made_from=MADE_FROM)


def test_a_missing_folder_has_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(IndexFormatError) as caught:
        check(tmp_path / "none", made_from=MADE_FROM)
    assert str(caught.value) == f"index {tmp_path / 'none'}: has no readable manifest"


def test_a_failing_build_keeps_the_folders_that_are_there(tmp_path: Path, build: Builder) -> None:
    def fails(change: Change) -> dict[str, Any]:
        build(change)
        raise RuntimeError("no space")

    first = opened(tmp_path, build)
    with pytest.raises(RuntimeError, match="no space"):
        opened(tmp_path, fails, "a1 b1")
    assert names(tmp_path) == [first.folder.name]
    assert contents(check(first.folder, made_from=MADE_FROM, whole=True)) == contents(first)


def test_what_a_killed_build_left_is_swept(tmp_path: Path, build: Builder) -> None:
    (tmp_path / ".index-killed").mkdir()
    opened(tmp_path, build)
    assert len(names(tmp_path)) == 1


def test_only_one_process_builds_at_a_time_and_the_lock_ends_with_it(
    tmp_path: Path, build: Builder
) -> None:
    code = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / ".index.lock")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        with (tmp_path / ".index.lock").open("w") as mine, pytest.raises(BlockingIOError):
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        other.kill()
    assert opened(tmp_path, build).folder.is_dir()


def test_a_generation_that_another_process_removes_is_built_again(
    tmp_path: Path, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = opened(tmp_path, build).folder

    def removed(of: Path) -> dict[str, Any]:
        manifest = read_manifest(of)
        monkeypatch.undo()
        shutil.rmtree(folder)
        return manifest

    monkeypatch.setattr(generation, "read_manifest", removed)
    assert opened(tmp_path, build).folder == folder
    assert len(build.asked) == 2
