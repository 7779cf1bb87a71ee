"""Folders derived from the archive: built beside, renamed into place, checked when opened.

A derived folder is named after the stamp of all it was built from, so that another model, another
reader or another passage leads to another name and a stale one is never used. Its manifest lists
each file's size and SHA-256: a truncated or altered file is noticed before a library reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corpus.errors import IndexFormatError

MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_ABANDONED_S = 24 * 3600.0  # a build that was killed leaves its folder; none takes a day
_KEPT = 3  # so that two models in turn, or an index just replaced, need no rebuilding


def open_or_build(
    parent: Path, *, kind: str, made_from: dict[str, str], build: Callable[[Path], None]
) -> Path:
    """Return the folder of this kind that was made from just this, building it where needed.

    Args:
        parent: Where derived folders lie.
        kind: The first part of the folder's name.
        made_from: Everything the contents depend on, each with its version or digest.
        build: Fills an empty folder with files.

    Raises:
        IndexFormatError: If a folder just built does not check out.
        OSError: If the folder cannot be written.
    """
    stamp = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]
    folder = parent / f"{kind}-{stamp}"
    try:
        check(folder, made_from=made_from)
        return folder
    except IndexFormatError:
        pass
    parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{kind}-", dir=parent))
    try:
        build(fresh)
        _write_manifest(fresh, made_from)
        _move_in(fresh, folder, made_from)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    check(folder, made_from=made_from)
    _drop_stale(parent, kind=kind)
    return folder


def _move_in(fresh: Path, folder: Path, made_from: dict[str, str]) -> None:
    """Rename a finished folder into place, unless another process was quicker."""
    try:
        check(folder, made_from=made_from)
    except IndexFormatError:
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def check(folder: Path, *, made_from: dict[str, str]) -> None:
    """Check a derived folder against its manifest.

    Raises:
        IndexFormatError: If it is missing, altered, or made from something else.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        told = manifest["made_from"]
        files = [
            (name, facts["size"], facts["sha256"]) for name, facts in manifest["files"].items()
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise IndexFormatError(str(folder), "has no readable manifest") from exc
    if told != made_from:
        raise IndexFormatError(str(folder), "was made from something else")
    for name, size, sha256 in files:
        file = folder / name
        if not file.is_file() or file.stat().st_size != size:
            raise IndexFormatError(str(folder), f"{name} is missing or cut short")
        if _digest(file) != sha256:
            raise IndexFormatError(str(folder), f"{name} was altered")


def _write_manifest(folder: Path, made_from: dict[str, str]) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for file in files:
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    manifest = {
        "made_from": made_from,
        "files": {
            str(file.relative_to(folder)): {"size": file.stat().st_size, "sha256": _digest(file)}
            for file in files
            if not file.name.endswith(".lock")
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _drop_stale(parent: Path, *, kind: str) -> None:
    """Remove all but the newest folders of the kind; readers with one open keep their files."""
    folders = sorted(parent.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    abandoned = [path for path in parent.glob(f".{kind}-*") if _age_s(path) > _ABANDONED_S]
    for folder in [*folders[_KEPT:], *abandoned]:
        shutil.rmtree(folder, ignore_errors=True)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
