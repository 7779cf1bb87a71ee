"""Folders derived from the archive: each holds one generation of an index, and none is changed.

A generation is named after all it was made from and the issues that are in it. The next one is
begun with the files of the one that is nearest to it, linked and not copied, and only what its
issues differ in is made anew: adding an issue costs what the issue costs. A long build is done in
steps, each a generation of its own, so that one that is stopped goes on where it was.

A folder is filled beside its place and renamed into it. One process builds a kind at a time, by
a lock that ends with the process.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
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
from corpus.generation import (
    Generation,
    Linked,
    Origin,
    check,
    checked,
    files_of,
    issues_in,
    listing,
    origin_of,
    read_manifest,
    sync,
    write_manifest,
)

STEP = 65_536
"""Passages that are added in one step of a build."""

BATCH = 512
"""Passages after which a builder tells that it goes on."""
_NEAR = 2  # issues that one that is replaced makes differ
_DELETING = "delete "  # begins the names of the threads that do so
_OTHERS = 2  # origins of generations that are kept: two models in turn, or one before the last


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


def _origins(parent: Path, kind: str) -> dict[Path, Origin]:
    """Return the generations of a kind."""
    return {folder: origin_of(folder) for folder in parent.glob(f"{kind}-*")}


def _nearest(there: Mapping[Path, Origin], recipe: Recipe) -> Generation | None:
    """Return the generation of the recipe's that differs in the fewest issues from what it wants.

    One that is damaged is passed over.
    """
    near = _by_nearness(there, recipe)
    for folder, manifest in near.items():
        with suppress(IndexFormatError):
            return checked(folder, manifest, recipe.made_from)
    others = {folder: origin for folder, origin in there.items() if folder not in near}
    return _nearest(others, recipe) if near else None


def _by_nearness(there: Mapping[Path, Origin], recipe: Recipe) -> dict[Path, dict[str, Any]]:
    """Return generations of the recipe's with their manifests, the nearest to it first.

    One that has less in common with it than not is of no use.
    """
    found: dict[Path, tuple[int, dict[str, Any]]] = {}
    for folder, origin in sorted(there.items(), key=lambda one: -one[1].number):
        if origin.made_from != recipe.made_from:
            continue
        try:
            manifest = read_manifest(folder)
        except IndexFormatError:
            continue
        n = _n_differing(issues_in(manifest), recipe.issues)
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
    kept = next((issues_in(manifest) for manifest in near.values()), {})
    return sum(map(recipe.n_passages, _not_in(kept, recipe.issues)))


@contextmanager
def _alone_in(parent: Path, kind: str) -> Iterator[None]:
    """Wait until no other process builds the kind; the lock ends with the process that has it."""
    with (parent / f".{kind}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _step(
    parent: Path, recipe: Recipe, base: Generation | None, there: dict[Path, Origin]
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
        manifest = {  # in the order in which `origin_of` looks for them
            "made_from": recipe.made_from,
            "number": number,
            "issues": issues,
            "told": told,
            "files": files_of(fresh, known),
        }
        write_manifest(fresh, manifest)
        folder = parent / recipe.name(issues)
        _remove(folder)  # a damaged one
        fresh.chmod(parent.stat().st_mode & 0o777)  # who may read the archive may read its indexes
        fresh.rename(folder)
        sync(parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    there[folder] = Origin(recipe.made_from, number)
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
    states = dict(listing(base.folder))
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


# Adding an issue goes through all that there are some ten times: these are loops of C, not ours.


def _n_differing(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Return how many issues are in one only, or in another version in each, as two of them."""
    n_same = sum(map(eq, one.values(), map(other.get, one)))
    return len(one) + len(other) - 2 * int(n_same)


def _not_in(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Return the issues of the other that are not in one, in their version there."""
    return list(compress(other, map(ne, other.values(), map(one.get, other))))


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
        return not issues_in(read_manifest(folder)).keys() <= wanted.keys()
    except IndexFormatError:
        return True


def _drop_stale(there: Mapping[Path, Origin], current: Path) -> None:
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
