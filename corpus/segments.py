"""An index in parts: which issue is in which part, and which parts are joined when.

Parts are folders in a generation of `corpus.derived`, each with the passages of some issues in the
order of their ids. A new issue makes a part of its own; an issue that goes is only marked. Parts
of like size are joined when there are many, so that a passage is copied a few times at most, and
large ones are left alone, so that no single step is long.
"""

from __future__ import annotations

import mmap
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from corpus.derived import BATCH, Change

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Row = TypeVar("_Row")
_MANY = 4  # parts of one level that are joined
_LEVELS = (512, 4096, 32_768)  # passages; parts with as many as the last are never joined
IDS = "ids.npy"
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<|\w]+)', 'fortran_order': False, 'shape': \((\d+),\), \}",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an index.

    Attributes:
        name: Of its folder.
        issues: The issues in it that are searched.
        dead: The issues whose passages are still in it and are not searched.
        n_passages: How many passages it holds, those of dead issues too.
        n_dead: How many of them are of dead issues.
        facts: What was measured when it was written.
    """

    name: str
    issues: tuple[str, ...]
    dead: tuple[str, ...]
    n_passages: int
    n_dead: int
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written to the folder of a part.

    Attributes:
        n_passages: How many passages.
        facts: What was measured of it.
    """

    n_passages: int
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Writers:
    """What fills the folder of a part.

    Attributes:
        add: From the archive, for these issues.
        join: From other parts, without what is dead in them.
    """

    add: Callable[[Path, Sequence[str]], Filled]
    join: Callable[[Path, Sequence[tuple[Path, Part]]], Filled]


def parts_of(told: dict[str, Any]) -> list[Part]:
    """Return the parts that `change_parts` told of."""
    return [
        Part(
            p["name"],
            _unpacked(p["issues"]),
            _unpacked(p["dead"]),
            p["n_passages"],
            p["n_dead"],
            p.get("facts", {}),
        )
        for p in told.get("parts", [])
    ]


def change_parts(change: Change, writers: Writers) -> dict[str, Any]:
    """Bring the parts in a folder to what is wanted; return what is to be told of them."""
    parts = [_without(part, change) for part in parts_of(change.told)]
    newest = max((int(part.name) for part in parts), default=0)
    for part in (part for part in parts if not part.issues):
        shutil.rmtree(change.folder / part.name)
    parts = [part for part in parts if part.issues]
    if change.add:
        newest += 1
        folder = _made(change.folder, newest)
        made = writers.add(folder, change.add)
        parts.append(Part(folder.name, change.add, (), made.n_passages, 0, made.facts))
    while group := _to_join(parts):
        newest += 1
        folder = _made(change.folder, newest)
        made = writers.join(folder, [(change.folder / part.name, part) for part in group])
        issues = tuple(sorted(one for part in group for one in part.issues))
        for part in group:
            shutil.rmtree(change.folder / part.name)
        parts = [part for part in parts if part not in group]
        parts.append(Part(folder.name, issues, (), made.n_passages, 0, made.facts))
    return {
        "parts": [
            {
                "name": p.name,
                "issues": _packed(p.issues),
                "dead": _packed(p.dead),
                "n_passages": p.n_passages,
                "n_dead": p.n_dead,
                "facts": p.facts,
            }
            for p in parts
        ]
    }


def _packed(issues: tuple[str, ...]) -> str | tuple[str, ...]:
    """Return ids as one text, which JSON reads far faster; as they are where one has two lines."""
    told = "\n".join(issues)
    return told if issues and told.count("\n") == len(issues) - 1 else issues


def _unpacked(told: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(told.split("\n") if isinstance(told, str) else told)


def _made(folder: Path, number: int) -> Path:
    made = folder / str(number)
    made.mkdir()
    return made


def _without(part: Part, change: Change) -> Part:
    gone = [one for one in part.issues if one in change.drop]
    if not gone:
        return part
    ids = mapped(change.folder / part.name / IDS)
    return replace(
        part,
        issues=tuple(one for one in part.issues if one not in change.drop),
        dead=(*part.dead, *gone),
        n_dead=part.n_dead + sum(len(rows_of(ids, f"{one}/")) for one in gone),
    )


def _to_join(parts: Sequence[Part]) -> list[Part]:
    """Return parts to be made into one: many of a like size, or one that is mostly dead."""
    for at, most in enumerate(_LEVELS):
        least = _LEVELS[at - 1] if at else 0
        group = [part for part in parts if least <= part.n_passages < most]
        if len(group) >= _MANY:
            return group
    return next(([part] for part in parts if 2 * part.n_dead > part.n_passages), [])


def batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """Yield rows, BATCH at a time."""
    going = iter(rows)
    while batch := list(islice(going, BATCH)):
        yield batch


def encoded(ids: Sequence[str]) -> NDArray[np.bytes_]:
    """Return ids as an array that is looked up without being read: their UTF-8, in one order."""
    return np.array([one.encode() for one in ids] or [b""], dtype=np.bytes_)[: len(ids)]


def mapped(file: Path) -> NDArray[Any]:
    """Return the array of one dimension that `np.save` wrote, read as it is used.

    As np.load does, but ten times as fast, which counts where there are many parts.

    Raises:
        ValueError: If the file is nothing like that.
    """
    with file.open("rb") as handle:
        data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    start = 10 + int.from_bytes(data[8:10], "little")
    told = _HEADER.match(data[:start])
    if told is None:
        raise ValueError(f"{file.name} is no array of one dimension")
    return np.frombuffer(data, np.dtype(told[1].decode()), count=int(told[2]), offset=start)


def rows_of(ids: NDArray[np.bytes_], prefix: str) -> range:
    """Return the rows whose ids begin so.

    >>> rows_of(encoded(["a/1", "b/1", "b/2"]), "b/")
    range(1, 3)
    """
    start = prefix.encode()
    if len(start) > ids.dtype.itemsize:
        return range(0)
    past = start[:-1] + bytes([start[-1] + 1])
    # of the same type as the ids, which would else all be converted to the other one
    first, last = np.searchsorted(ids, np.array([start, past], dtype=ids.dtype))
    return range(int(first), int(last))


def find_rows(ids: NDArray[np.bytes_], wanted: Sequence[str]) -> NDArray[np.int64]:
    """Return the row of each wanted id, or -1, shape (wanted,).

    >>> find_rows(encoded(["a/1", "b/1"]), ["b/1", "a/1234"]).tolist()
    [1, -1]
    """
    if not len(ids):
        return np.full(len(wanted), -1)
    exact = encoded(wanted)
    cut = exact.astype(ids.dtype)
    rows = np.minimum(np.searchsorted(ids, cut), len(ids) - 1)
    return np.where(ids[rows] == exact, rows, -1)


def living(ids: NDArray[np.bytes_], dead: Sequence[str]) -> NDArray[np.bool_]:
    """Return which rows are of no dead issue."""
    lives = np.ones(len(ids), dtype=np.bool_)
    for issue_id in dead:
        rows = rows_of(ids, f"{issue_id}/")
        lives[rows.start : rows.stop] = False
    return lives
