"""Folders derived from the archive: each holds one generation of an index, and none is changed.

A generation is named after all it was made from and the issues that are in it. The next one is
begun with the files of the one that is nearest to it, linked and not copied, and only what its
issues differ in is made anew: adding an issue costs what the issue costs. A long build is done in
steps, each a generation of its own, so that one that is stopped goes on where it was.

A folder is filled beside its place and renamed into it. One process builds a kind at a time, by
a lock that ends with the process. The manifest lists each file's size, time and SHA-256; opening
looks at size and time, and reads the file only where the time differs or it is small. A bit that
flips in a large file without a write is found by `verify`, not by opening.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import compress
from operator import eq, ne
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from typing import Any

from corpus.errors import IndexFormatError

MANIFEST = "manifest"
FORMAT = 4
_READABLE = ("2", "3", "4")
STEP = 65_536
"""Passages that are added in one step of a build."""

BATCH = 512
"""Passages after which a builder tells that it goes on."""
_MARK = "bulletin-index"
_BEGINNING = re.compile(rb'[^\n]*\n\{"made_from": (\{[^{}]*\}), "number": (\d+), ')
_HEAD = 4096  # bytes of a manifest that its beginning is in
_CHUNK = 1 << 20
_SMALL = 1 << 16  # bytes of a file that is read whole whenever it is opened
_NEAR = 2  # issues that one that is replaced makes differ
_DELETING = "delete "  # begins the names of the threads that do so
_OTHERS = 2  # origins of generations that are kept: two models in turn, or one before the last


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
        return _issues_in(self.manifest)

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
class _Origin:
    """What the beginning of a manifest tells: enough to choose among generations.

    Attributes:
        made_from: As of `Recipe`; nothing for a folder without a manifest.
        number: Higher than that of each generation that was there before.
    """

    made_from: dict[str, str]
    number: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a builder is to do.

    Attributes:
        folder: Holds the files of the generation before, which may be deleted or replaced but
            never written to, or nothing.
        told: What the builder told of the generation before, or nothing.
        drop: The issues that are in the files and are to be no longer.
        add: The issues that are to be added, in the order of their passages' ids; one that is
            dropped too is replaced.
    """

    folder: Path
    told: dict[str, Any]
    drop: frozenset[str]
    add: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an index is made.

    Attributes:
        kind: The first part of the folder's name.
        made_from: Everything else that the contents depend on, each with its version or digest.
        issues: Issue id to version, all that is to be in it.
        stamp: A digest of these.
        n_passages: Tells how many passages an issue has.
        build: Changes a folder, and returns what it wants to be told the next time.
    """

    kind: str
    made_from: dict[str, str]
    issues: Mapping[str, str]
    stamp: str
    n_passages: Callable[[str], int]
    build: Callable[[Change], dict[str, Any]]

    def name(self, issues: Mapping[str, str]) -> str:
        """Return the name of the folder that holds these issues."""
        whole = issues is self.issues or issues == self.issues
        stamp = self.stamp if whole else repr(sorted(issues.items()))
        stamp += repr(sorted(self.made_from.items()))
        return f"{self.kind}-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}"


def open_or_build(parent: Path, recipe: Recipe) -> Generation:
    """Return the generation that holds just the issues of the recipe, built where needed.

    Raises:
        IndexFormatError: If a folder just built does not check out.
        OSError: If the folder cannot be written.
    """
    try:
        return check(parent / recipe.name(recipe.issues), made_from=recipe.made_from)
    except IndexFormatError:
        pass
    parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(parent, recipe.kind):
        for abandoned in parent.glob(f".{recipe.kind}-*"):
            _delete(abandoned)
        there = _origins(parent, recipe.kind)
        base, passing = _nearest(there, recipe), None
        forgets = base is None or not base.issues.keys() <= recipe.issues.keys()
        while base is None or base.issues != recipe.issues:
            base = _step(parent, recipe, base, there)
            if passing is not None:
                _remove(passing)
                del there[passing]
            passing = base.folder
        if forgets:  # what is taken out of the archive is not to lie about
            for folder in [one for one in there if _holds_others(one, recipe.issues)]:
                _remove(folder)
                del there[folder]
        _drop_stale(there, base.folder)
    return base


def _origins(parent: Path, kind: str) -> dict[Path, _Origin]:
    """Return the generations of a kind."""
    return {folder: _origin(folder) for folder in parent.glob(f"{kind}-*")}


def _origin(folder: Path) -> _Origin:
    """Return where a generation is from; only the beginning of its manifest is read, unchecked."""
    try:
        with (folder / MANIFEST).open("rb") as handle:
            found = _BEGINNING.match(handle.read(_HEAD))
        if found:
            return _Origin(json.loads(found[1]), int(found[2]))
        manifest = _manifest(folder)
    except (OSError, ValueError, IndexFormatError):
        return _Origin({}, 0)
    return _Origin(manifest["made_from"], manifest.get("number", 0))


def _nearest(there: Mapping[Path, _Origin], recipe: Recipe) -> Generation | None:
    """Return the generation of the recipe's that differs in the fewest issues from what it wants.

    One that is damaged is passed over.
    """
    near = _by_nearness(there, recipe)
    for folder, manifest in near.items():
        with suppress(IndexFormatError):
            return _checked(folder, manifest, recipe.made_from)
    others = {folder: origin for folder, origin in there.items() if folder not in near}
    return _nearest(others, recipe) if near else None


def _by_nearness(there: Mapping[Path, _Origin], recipe: Recipe) -> dict[Path, dict[str, Any]]:
    """Return generations of the recipe's with their manifests, the nearest to it first.

    One that has less in common with it than not is of no use.
    """
    found: dict[Path, tuple[int, dict[str, Any]]] = {}
    for folder, origin in sorted(there.items(), key=lambda one: -one[1].number):
        if origin.made_from != recipe.made_from:
            continue
        try:
            manifest = _manifest(folder)
        except IndexFormatError:
            continue
        n = _n_differing(_issues_in(manifest), recipe.issues)
        if not n or n < len(recipe.issues):
            found[folder] = n, manifest
            if n <= _NEAR:
                break  # the newest mostly is the nearest, and no other need be looked into
    nearest = sorted(found, key=lambda one: found[one][0])
    return {folder: found[folder][1] for folder in nearest}


def is_there(parent: Path, recipe: Recipe) -> bool:
    """Tell whether there is a generation that holds just the issues of the recipe, unchecked."""
    return (parent / recipe.name(recipe.issues)).is_dir()


def n_missing(parent: Path, recipe: Recipe) -> int:
    """Return how many passages are to be added to what there is of a recipe's, unchecked."""
    near = _by_nearness(_origins(parent, recipe.kind), recipe)
    kept = next((_issues_in(manifest) for manifest in near.values()), {})
    return sum(map(recipe.n_passages, _not_in(kept, recipe.issues)))


@contextmanager
def _alone_in(parent: Path, kind: str) -> Iterator[None]:
    """Wait until no other process builds the kind; the lock ends with the process that has it."""
    with (parent / f".{kind}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _step(
    parent: Path, recipe: Recipe, base: Generation | None, there: dict[Path, _Origin]
) -> Generation:
    """Return the next generation on the way to what the recipe wants, and put it with the rest."""
    before = base.issues if base else {}
    missing = sorted(_not_in(before, recipe.issues), key=lambda one: f"{one}/")
    drop, kept = set[str](), before
    if len(before) + len(missing) > len(recipe.issues):  # not only new ones
        drop = {one for one, version in before.items() if recipe.issues.get(one) != version}
        kept = {one: version for one, version in before.items() if one not in drop}
    add = _first_of(missing, recipe)
    issues = kept | {one: recipe.issues[one] for one in add}
    fresh = Path(tempfile.mkdtemp(prefix=f".{recipe.kind}-", dir=parent))
    try:
        known = _link(base, fresh) if base else {}
        told = recipe.build(Change(fresh, base.told if base else {}, frozenset(drop), tuple(add)))
        number = 1 + max((one.number for one in there.values()), default=0)
        manifest = {  # as _BEGINNING begins
            "made_from": recipe.made_from,
            "number": number,
            "issues": issues,
            "told": told,
            "files": _files(fresh, known),
        }
        _write_manifest(fresh, manifest)
        folder = parent / recipe.name(issues)
        _remove(folder)  # a damaged one
        fresh.chmod(parent.stat().st_mode & 0o777)  # who may read the archive may read its indexes
        fresh.rename(folder)
        _sync(parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    there[folder] = _Origin(recipe.made_from, number)
    return Generation(folder, manifest)


def _first_of(missing: list[str], recipe: Recipe) -> list[str]:
    """Return the issues of one step: no more passages than STEP, but at least one issue."""
    n = 0
    for at, issue_id in enumerate(missing):
        n += recipe.n_passages(issue_id)
        if n > STEP and at:
            return missing[:at]
    return missing


def _link(base: Generation, fresh: Path) -> dict[str, Linked]:
    """Put the files of a generation into a folder; return what is known of each, by name.

    They are copied where the file system has no links.
    """
    states = dict(_listing(base.folder))
    for below in {name.rpartition("/")[0] for name in base.files}:
        (fresh / below).mkdir(parents=True, exist_ok=True)
    known = {}
    for name, facts in base.files.items():
        source, target = f"{base.folder}/{name}", f"{fresh}/{name}"
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
        known[name] = states[name].st_ino, facts
    return known


def _listing(folder: Path | str, below: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Yield the names of all files in a folder and in those in it, and the state of each."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _listing(entry.path, f"{below}{entry.name}/")
            else:
                yield below + entry.name, entry.stat()


def check(folder: Path, *, made_from: dict[str, str], whole: bool = False) -> Generation:
    """Check a derived folder against its manifest.

    Args:
        folder: The folder.
        made_from: What it is to be made from.
        whole: Whether to read every file, however large and old.

    Raises:
        IndexFormatError: If it is missing, altered, or made from something else.
    """
    return _checked(folder, _manifest(folder), made_from, whole=whole)


def _checked(
    folder: Path, manifest: dict[str, Any], made_from: dict[str, str], *, whole: bool = False
) -> Generation:
    if manifest["made_from"] != made_from:
        raise IndexFormatError(str(folder), "was made from something else")
    try:
        touched = _compared(folder, manifest, whole=whole)
    except FileNotFoundError as exc:  # another process removed it meanwhile
        raise IndexFormatError(str(folder), "is gone") from exc
    if touched:  # a copied archive is read whole once, not whenever it is opened
        with suppress(OSError):
            _write_manifest(folder, manifest)
    return Generation(folder, manifest)


def _compared(folder: Path, manifest: dict[str, Any], *, whole: bool) -> bool:
    """Tell whether files have other times than the manifest tells, which is mended in it.

    Raises:
        IndexFormatError: If one is missing or altered.
    """
    touched = False
    states = dict(_listing(folder))
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
            check(folder, made_from=_manifest(folder)["made_from"], whole=True)
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


def _manifest(folder: Path) -> dict[str, Any]:
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


def _issues_in(manifest: dict[str, Any]) -> dict[str, str]:
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


# Adding an issue goes through all that there are some ten times: these are loops of C, not ours.


def _n_differing(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Return how many issues are in one only, or in another version in each, as two of them."""
    n_same = sum(map(eq, one.values(), map(other.get, one)))
    return len(one) + len(other) - 2 * int(n_same)


def _not_in(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Return the issues of the other that are not in one, in their version there."""
    return list(compress(other, map(ne, other.values(), map(one.get, other))))


def _files(folder: Path, known: Mapping[str, Linked]) -> dict[str, dict[str, Any]]:
    """Return what the manifest tells of each file; linked ones were hashed before."""
    files = {}
    for name, state in sorted(_listing(folder)):
        if name.endswith(".lock"):
            continue
        inode, facts = known.get(name, (None, {}))
        if inode != state.st_ino:
            _sync(folder / name)
            facts = {
                "size": state.st_size,
                "mtime_ns": state.st_mtime_ns,
                "sha256": _digest(f"{folder}/{name}"),
            }
        files[name] = facts
    return files


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    packed = manifest | {"issues": _packed(_issues_in(manifest))}
    body = json.dumps(packed, ensure_ascii=False).encode()
    head = f"{_MARK} {FORMAT} {hashlib.sha256(body).hexdigest()}\n".encode()
    fresh = folder / f".{MANIFEST}.{os.getpid()}"
    try:
        fresh.write_bytes(head + body)
        _sync(fresh)
        fresh.replace(folder / MANIFEST)
    finally:
        fresh.unlink(missing_ok=True)
    _sync(folder)


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


def _sync(path: Path) -> None:
    """Have the disk write down a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(folder: Path) -> None:
    """Remove a folder; where that is cut short, what is left is seen to be no generation."""
    gone = folder.with_name(f".{folder.name}-{os.urandom(4).hex()}")
    try:
        folder.rename(gone)
    except OSError:
        return
    _delete(gone)


def _delete(folder: Path) -> None:
    """Delete the files of a folder while all else goes on, as it can take as long as that.

    What is left of it where the process ends first is deleted when one builds here again.
    """
    told = {"ignore_errors": True}
    name = f"{_DELETING}{folder}"
    Thread(target=shutil.rmtree, name=name, args=(folder,), kwargs=told).start()


def wait_for_deletions() -> None:
    """Wait until the folders that are deleted while all else goes on are gone."""
    for thread in enumerate_threads():
        if thread.name.startswith(_DELETING):
            thread.join()


def _holds_others(folder: Path, wanted: Mapping[str, str]) -> bool:
    """Tell whether a generation has an issue that is not wanted in any version."""
    try:
        return not _issues_in(_manifest(folder)).keys() <= wanted.keys()
    except IndexFormatError:
        return True


def _drop_stale(there: Mapping[Path, _Origin], current: Path) -> None:
    """Keep, beside the current one, the newest of two origins, of which its own may be one.

    Readers with one open keep their files. No clock tells which is newer.
    """
    others = [(origin, folder) for folder, origin in there.items() if folder != current]
    kept: list[dict[str, str]] = []
    for origin, folder in sorted(others, key=lambda one: -one[0].number):
        if origin.made_from and origin.made_from not in kept and len(kept) < _OTHERS:
            kept.append(origin.made_from)
        else:
            _remove(folder)
