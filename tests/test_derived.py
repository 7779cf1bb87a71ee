"""Folders derived from the archive: built once, checked, rebuilt, dropped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.derived import MANIFEST, check, open_or_build
from corpus.errors import IndexFormatError

MADE_FROM = {"archive": "a1", "model": "m1"}


class Builder:
    """Fills a folder and counts how often."""

    def __init__(self) -> None:
        self.n_built = 0

    def __call__(self, folder: Path) -> None:
        self.n_built += 1
        (folder / "rows.bin").write_bytes(bytes(1000))
        (folder / "words").mkdir()
        (folder / "words" / "segment").write_text("词", encoding="utf-8")
        (folder / "words" / ".writer.lock").touch()


@pytest.fixture
def build() -> Builder:
    return Builder()


def opened(
    parent: Path, build: Callable[[Path], None], made_from: dict[str, str] | None = None
) -> Path:
    return open_or_build(parent, kind="index", made_from=made_from or MADE_FROM, build=build)


def names(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir())


def test_a_folder_is_built_once_and_used_again(tmp_path: Path, build: Builder) -> None:
    first = opened(tmp_path / "made", build)
    assert opened(tmp_path / "made", build) == first
    assert (build.n_built, names(tmp_path / "made")) == (1, [first.name])
    assert names(first) == [MANIFEST, "rows.bin", "words"]


def test_the_manifest_lists_what_was_built_and_from_what(tmp_path: Path, build: Builder) -> None:
    manifest = json.loads((opened(tmp_path, build) / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["made_from"] == MADE_FROM
    assert {name: facts["size"] for name, facts in manifest["files"].items()} == {
        "rows.bin": 1000,
        os.path.join("words", "segment"): 3,  # noqa: PTH118  # a relative name, as it is listed
    }


def test_another_model_gets_a_folder_of_its_own(tmp_path: Path, build: Builder) -> None:
    first = opened(tmp_path, build)
    second = opened(tmp_path, build, MADE_FROM | {"model": "m2"})
    assert (build.n_built, names(tmp_path)) == (2, sorted([first.name, second.name]))
    assert opened(tmp_path, build) == first
    assert build.n_built == 2


def test_the_order_of_what_it_was_made_from_does_not_matter(tmp_path: Path, build: Builder) -> None:
    turned = dict(reversed(list(MADE_FROM.items())))
    assert opened(tmp_path, build) == opened(tmp_path, build, turned)
    assert build.n_built == 1


def alter(folder: Path) -> None:
    (folder / "rows.bin").write_bytes(bytes(999) + b"\x01")


def cut_short(folder: Path) -> None:
    (folder / "rows.bin").write_bytes(bytes(999))


def take_away(folder: Path) -> None:
    (folder / "words" / "segment").unlink()


def break_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("{", encoding="utf-8")


def claim_another_origin(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace("m1", "m2"), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (alter, "rows.bin was altered"),
        (cut_short, "rows.bin is missing or cut short"),
        (take_away, "words/segment is missing or cut short"),
        (break_manifest, "has no readable manifest"),
        (claim_another_origin, "was made from something else"),
    ],
)
def test_a_damaged_folder_is_noticed_and_built_again(
    damage: Callable[[Path], None], problem: str, tmp_path: Path, build: Builder
) -> None:
    folder = opened(tmp_path, build)
    damage(folder)
    with pytest.raises(IndexFormatError) as caught:
        check(folder, made_from=MADE_FROM)
    assert str(caught.value) == f"index {folder}: {problem}"
    assert opened(tmp_path, build) == folder
    assert (build.n_built, (folder / "rows.bin").read_bytes()) == (2, bytes(1000))
    check(folder, made_from=MADE_FROM)


def test_a_manifest_of_another_shape_is_noticed(tmp_path: Path, build: Builder) -> None:
    folder = opened(tmp_path, build)
    for shape in ("[]", "null", '{"made_from": {"archive": "a1", "model": "m1"}}'):
        (folder / MANIFEST).write_text(shape, encoding="utf-8")
        with pytest.raises(IndexFormatError):
            check(folder, made_from=MADE_FROM)


def test_a_missing_folder_has_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(IndexFormatError) as caught:
        check(tmp_path / "none", made_from=MADE_FROM)
    assert str(caught.value) == f"index {tmp_path / 'none'}: has no readable manifest"


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path, build: Builder) -> None:
    def fails(folder: Path) -> None:
        build(folder)
        raise RuntimeError("no space")

    with pytest.raises(RuntimeError, match="no space"):
        opened(tmp_path, fails)
    assert names(tmp_path) == []
    assert opened(tmp_path, build).is_dir()


def test_a_failing_build_keeps_the_folders_that_are_there(tmp_path: Path, build: Builder) -> None:
    def fails(folder: Path) -> None:
        raise RuntimeError("no space")

    first = opened(tmp_path, build)
    with pytest.raises(RuntimeError, match="no space"):
        opened(tmp_path, fails, MADE_FROM | {"model": "m2"})
    assert names(tmp_path) == [first.name]


def test_the_newest_three_folders_of_a_kind_are_kept(tmp_path: Path, build: Builder) -> None:
    made = []
    for number in range(5):
        made.append(opened(tmp_path, build, {"model": str(number)}))
        os.utime(made[-1], (number, number))
    newest = opened(tmp_path, build, {"model": "last"})
    other = open_or_build(tmp_path, kind="words", made_from=MADE_FROM, build=build)
    assert names(tmp_path) == sorted(path.name for path in (*made[3:], newest, other))


def test_a_folder_that_another_process_finished_first_is_used(
    tmp_path: Path, build: Builder
) -> None:
    def is_late(folder: Path) -> None:
        opened(tmp_path, build)
        (folder / "rows.bin").write_bytes(b"late")

    folder = opened(tmp_path, is_late)
    assert (folder / "rows.bin").read_bytes() == bytes(1000)
    assert names(tmp_path) == [folder.name]
