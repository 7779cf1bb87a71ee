"""A generation of a derived index: a folder that is never changed, and its manifest.

The manifest lists each file's size, time and SHA-256; opening looks at size and time, and reads the
file only where the time differs or it is small. A bit that flips in a large file without a write is
found by `verify`, not by opening.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import IndexFormatError

MANIFEST = "manifest"
FORMAT = 4
_READABLE = ("2", "3", "4")
_MARK = "bulletin-index"
_BEGINNING = re.compile(rb'[^\n]*\n\{"made_from": (\{[^{}]*\}), "number": (\d+), ')
_HEAD = 4096  # bytes of a manifest that its beginning is in
_CHUNK = 1 << 20
_SMALL = 1 << 16  # bytes of a file that is read whole whenever it is opened

Linked = tuple[int, dict[str, Any]]
"""The inode of a file that two generations share, and what the manifest tells of it."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A derived folder that was checked.

    Attributes:
        folder: Where it lies.
        manifest: What lies beside its files.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def issues(self) -> dict[str, str]:
        """Issue id to the version of the issue that is in it; unpacked when first asked for."""
        return issues_in(self.manifest)

    @property
    def told(self) -> dict[str, Any]:
        """What the builder wants to know of it."""
        found: dict[str, Any] = self.manifest["told"]
        return found

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """What the manifest tells of each file."""
        found: dict[str, dict[str, Any]] = self.manifest["files"]
        return found


@dataclass(frozen=True, slots=True)
class Origin:
    """What the beginning of a manifest tells: enough to choose among generations.

    Attributes:
        made_from: As of `Recipe`; nothing for a folder without a manifest.
        number: Higher than that of each generation that was there before.
    """

    made_from: dict[str, str]
    number: int


def origin_of(folder: Path) -> Origin:
    """Return where a generation is from; only the beginning of its manifest is read, unchecked."""
    try:
        with (folder / MANIFEST).open("rb") as handle:
            found = _BEGINNING.match(handle.read(_HEAD))
        if found:
            return Origin(json.loads(found[1]), int(found[2]))
        manifest = read_manifest(folder)
    except (OSError, ValueError, IndexFormatError):
        return Origin({}, 0)
    return Origin(manifest["made_from"], manifest.get("number", 0))


def check(folder: Path, *, made_from: dict[str, str], whole: bool = False) -> Generation:
    """Check a derived folder against its manifest.

    Args:
        folder: The folder.
        made_from: What it is to be made from.
        whole: Whether to read every file, however large and old.

    Raises:
        IndexFormatError: If it is missing, altered, or made from something else.
    """
    return checked(folder, read_manifest(folder), made_from, whole=whole)


def checked(
    folder: Path, manifest: dict[str, Any], made_from: dict[str, str], *, whole: bool = False
) -> Generation:
    """Return a generation whose manifest was read; raises as `check`."""
    if manifest["made_from"] != made_from:
        raise IndexFormatError(str(folder), "was made from something else")
    try:
        touched = _compared(folder, manifest, whole=whole)
    except FileNotFoundError as exc:  # another process removed it meanwhile
        raise IndexFormatError(str(folder), "is gone") from exc
    if touched:  # a copied archive is read whole once, not whenever it is opened
        with suppress(OSError):
            write_manifest(folder, manifest)
    return Generation(folder, manifest)


def _compared(folder: Path, manifest: dict[str, Any], *, whole: bool) -> bool:
    """Tell whether files have other times than the manifest tells, which is mended in it.

    Raises:
        IndexFormatError: If one is missing or altered.
    """
    touched = False
    states = dict(listing(folder))
    for name, facts in manifest["files"].items():
        state = states.get(name)
        if state is None or state.st_size != facts["size"]:
            raise IndexFormatError(str(folder), f"{name} is missing or cut short")
        moved = state.st_mtime_ns != facts["mtime_ns"]
        if (whole or moved or state.st_size <= _SMALL) and _digest(f"{folder}/{name}") != facts[
            "sha256"
        ]:
            raise IndexFormatError(str(folder), f"{name} was altered")
        if moved:
            facts["mtime_ns"], touched = state.st_mtime_ns, True
    return touched


def verify(parent: Path) -> list[IndexFormatError]:
    """Return what is wrong with the derived folders; every byte of each file is read.

    Nothing is wrong with one of another format: it is made anew when it is next needed.
    """
    wrong = []
    for folder in sorted(parent.glob("*-*")):
        if folder.name.startswith(".") or not folder.is_dir() or _is_of_another_format(folder):
            continue
        try:
            check(folder, made_from=read_manifest(folder)["made_from"], whole=True)
        except IndexFormatError as exc:
            if folder.exists():  # another process may have removed it meanwhile
                wrong.append(exc)
    return wrong


def _is_of_another_format(folder: Path) -> bool:
    """Tell whether another version of bulletin made a folder; the first ones had other manifests.

    Only what the manifest says of itself is looked at.
    """
    try:
        with (folder / MANIFEST).open("rb") as handle:
            told = handle.readline(_HEAD).split()
    except FileNotFoundError:
        return (folder / f"{MANIFEST}.json").is_file()
    except OSError:
        return False
    if len(told) != 3 or told[0] != _MARK.encode():
        return False
    return told[1].isdigit() and told[1].decode() not in _READABLE


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a manifest that is whole.

    Raises:
        IndexFormatError: If there is none, it was altered, or it is of another format.
    """
    try:
        head, _, body = (folder / MANIFEST).read_bytes().partition(b"\n")
        name, version, sha256 = head.decode().split()
    except (OSError, ValueError) as exc:
        raise IndexFormatError(str(folder), "has no readable manifest") from exc
    if name != _MARK or version not in _READABLE:
        raise IndexFormatError(str(folder), f"has format {version}, expected {FORMAT}")
    if sha256 != hashlib.sha256(body).hexdigest():
        raise IndexFormatError(str(folder), "has a manifest that was altered")
    manifest: dict[str, Any] = json.loads(body)
    return manifest


def issues_in(manifest: dict[str, Any]) -> dict[str, str]:
    """Return the issues that a manifest tells, unpacked when they are first asked for."""
    told = manifest["issues"]
    if not isinstance(told, dict):
        ids, versions = told
        manifest["issues"] = dict(zip(ids.split("\n"), versions.split("\n"), strict=True))
    issues: dict[str, str] = manifest["issues"]
    return issues


def _packed(issues: Mapping[str, str]) -> list[str] | Mapping[str, str]:
    """Return issues with their versions as two texts, which are read far faster than so many.

    They stay as they are where an id is more than one line, and in format 2.
    """
    told = ["\n".join(issues), "\n".join(issues.values())]
    sound = issues and all(text.count("\n") == len(issues) - 1 for text in told)
    return told if sound else issues


def listing(folder: Path | str, below: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Yield the names of all files in a folder and in those in it, and the state of each."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from listing(entry.path, f"{below}{entry.name}/")
            else:
                yield below + entry.name, entry.stat()


def files_of(folder: Path, known: Mapping[str, Linked]) -> dict[str, dict[str, Any]]:
    """Return what the manifest tells of each file; linked ones were hashed before."""
    files = {}
    for name, state in sorted(listing(folder)):
        if name.endswith(".lock"):
            continue
        inode, facts = known.get(name, (None, {}))
        if inode != state.st_ino:
            sync(folder / name)
            facts = {
                "size": state.st_size,
                "mtime_ns": state.st_mtime_ns,
                "sha256": _digest(f"{folder}/{name}"),
            }
        files[name] = facts
    return files


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest, or another in its place, so that there is always one that is whole."""
    packed = manifest | {"issues": _packed(issues_in(manifest))}
    body = json.dumps(packed, ensure_ascii=False).encode()
    head = f"{_MARK} {FORMAT} {hashlib.sha256(body).hexdigest()}\n".encode()
    fresh = folder / f".{MANIFEST}.{os.getpid()}"
    try:
        fresh.write_bytes(head + body)
        sync(fresh)
        fresh.replace(folder / MANIFEST)
    finally:
        fresh.unlink(missing_ok=True)
    sync(folder)


def _digest(file: str) -> str:
    """Return the SHA-256 of a file, by the system's own calls: there are many small ones."""
    digest = hashlib.sha256()
    handle = os.open(file, os.O_RDONLY)
    try:
        while chunk := os.read(handle, _CHUNK):
            digest.update(chunk)
    finally:
        os.close(handle)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Have the disk write down a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
