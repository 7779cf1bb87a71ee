"""`issue.toml`: what an editor tells of an issue, and how lines are to be read that are read wrong.

For FILE it is `FILE.toml` beside it, else `issue.toml` in its folder, which speaks of the file that
its key `file` names, else of the only other file there, or the only issue whose pages are there.
Nothing outside the folder is looked at.
What is wrong in it is refused with the key or the line; nothing in it is passed over.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast, get_args

from corpus.errors import SidecarError
from corpus.metadata import Metadata

FOLDER_NAME = "issue.toml"
MAX_BYTES = 256 * 1024
_MAX_CHARS = 200
_ISSUE_ID = re.compile(r"(?![._-]+$)[\w.-]{1,64}")
_METADATA = tuple(one.name for one in fields(Metadata))

Role = Literal["kicker", "headline", "subtitle", "text", "furniture"]
Starts = Literal["nothing", "paragraph", "article"]


@dataclass(frozen=True, slots=True)
class Correction:
    """How one line is to be read.

    Attributes:
        number: Of the line in the source's text, from 1.
        text: What it begins with; white space does not count.
        role: What it is, or None where only `starts` is told.
        starts: What begins with it, or None where only `role` is told.
    """

    number: int
    text: str
    role: Role | None
    starts: Starts | None


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a sidecar says.

    Attributes:
        metadata: Of the issue.
        corrections: In the order of their lines, each line once.
        file: The name of the file it speaks of, or None.
    """

    metadata: Metadata = field(default_factory=Metadata)
    corrections: tuple[Correction, ...] = ()
    file: str | None = None


def find_sidecar(path: Path, *, others: Sequence[Path] = ()) -> bytes | None:
    """Return the bytes of the sidecar of a file, or None where it has none.

    Args:
        path: The file.
        others: The other files in its folder that are pages of the same issue.

    Raises:
        SidecarError: If it cannot be read, is too large, lies outside the folder, does not say
            which of several files it speaks of, or speaks of one page of several.
    """
    files = (path, *others)
    beside = [one for file in files if _is_there(one := file.with_name(f"{file.name}.toml"))]
    if beside and others:
        problem = f"speaks of one page of an issue, expected {FOLDER_NAME}, which speaks of all"
        raise SidecarError(str(beside[0]), problem)
    if beside:
        return _bytes_of(beside[0])
    shared = path.with_name(FOLDER_NAME)
    if path.name == FOLDER_NAME or not _is_there(shared):
        return None
    data = _bytes_of(shared)
    meant = parsed(data, name=str(shared)).file
    if meant is None:
        found = [one.name for one in path.parent.iterdir() if _may_be_meant(one)]
        if len(found) > len(files):
            problem = f"there are {len(found)} files beside it, and no key 'file' says which"
            raise SidecarError(str(shared), problem)
    elif not (path.parent / meant).is_file():
        raise SidecarError(str(shared), f"file is {meant!r}, and there is no such file beside it")
    return data if meant in (None, *(file.name for file in files)) else None


def is_sidecar(path: Path) -> bool:
    """Tell whether a file is a sidecar by its name, not a file that is read."""
    return path.suffix == ".toml" and (path.name == FOLDER_NAME or path.with_suffix("").is_file())


def sidecars_of(path: Path) -> tuple[Path, Path]:
    """Return where a file's sidecar may lie."""
    return path.with_name(f"{path.name}.toml"), path.with_name(FOLDER_NAME)


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _may_be_meant(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix != ".toml"


def _bytes_of(path: Path) -> bytes:
    """Return what a sidecar holds.

    Raises:
        SidecarError: If it cannot be read, is too large, or lies outside its folder.
    """
    try:
        if path.resolve().parent != path.parent.resolve():
            raise SidecarError(str(path), "leads out of its folder")
        if not path.is_file():
            raise SidecarError(str(path), "is no regular file")
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as exc:  # a link that leads to itself
        told = exc.strerror if isinstance(exc, OSError) else None
        raise SidecarError(str(path), (told or str(exc)).lower()) from exc
    if len(data) > MAX_BYTES:
        raise SidecarError(str(path), f"is larger than {MAX_BYTES // 1024} KiB")
    return data


def parsed(data: bytes, *, name: str) -> Sidecar:
    """Return what the bytes of a sidecar say.

    Args:
        data: The bytes.
        name: What the file is called in errors.

    Raises:
        SidecarError: If they are no TOML, or hold a key, type or value that is not known.
    """
    try:
        told = tomllib.loads(
            data.decode("utf-8-sig") + "\n"
        )  # which a fault at the end has a line by
    except UnicodeDecodeError as exc:
        raise SidecarError(name, f"is not UTF-8 at byte {exc.start}") from exc
    except RecursionError as exc:
        raise SidecarError(name, "is nested too deeply") from exc
    except ValueError as exc:  # TOMLDecodeError, and figures of too many digits
        raise SidecarError(name, f"is no TOML: {exc}") from exc
    try:
        _check_keys("", told, (*_METADATA, "file", "line"))
        return Sidecar(
            metadata=Metadata(**{key: checked(key, told[key]) for key in _METADATA if key in told}),
            corrections=_corrections(told.get("line", [])),
            file=_plain_name(told["file"]) if "file" in told else None,
        )
    except ValueError as exc:
        raise SidecarError(name, str(exc)) from exc


def checked(key: str, value: object) -> str:
    """Return the value of a key of `Metadata` as text.

    Raises:
        ValueError: If it is none that the key may have; the message names the key.
    """
    if key == "date":
        return _day(value)
    text = _line(value, key)
    if key == "id" and not _ISSUE_ID.fullmatch(text):
        raise ValueError(f"id is {text!r}, expected up to 64 letters, digits, dots and dashes")
    return text


def _day(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        if not isinstance(value, str) or len(value) != len("2021-10-07"):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"date is {_shown(value)}, expected a day such as 2021-10-07") from None


def _line(value: object, key: str) -> str:
    """Return a value that is one line of text."""
    if not isinstance(value, str):
        raise ValueError(f"{key} is {_shown(value)}, expected text")
    if (
        not value.strip()
        or len(value) > _MAX_CHARS
        or not value.replace("\u3000", " ").isprintable()
    ):
        raise ValueError(
            f"{key} is {_shown(value)}, expected one line of 1 to {_MAX_CHARS} characters"
        )
    return value.strip()


def _plain_name(value: object) -> str:
    name = _line(value, "file")
    if name in (".", "..") or re.search(r"[/\\:]", name):
        raise ValueError(f"file is {name!r}, expected the name of a file in the same folder")
    return name


def _check_keys(where: str, told: Mapping[str, object], keys: tuple[str, ...]) -> None:
    """Raise ValueError if a key is none of those that are known."""
    for key in told:
        if key not in keys:
            raise ValueError(f"{where}{key[:40]} is no key, expected one of {', '.join(keys)}")


def _corrections(told: object) -> tuple[Correction, ...]:
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise ValueError("line is not a list of tables, expected [[line]]")
    found = [_correction(f"line[{n}].", one) for n, one in enumerate(told, start=1)]
    found.sort(key=lambda one: one.number)
    for one, other in pairwise(found):
        if one.number == other.number:
            raise ValueError(f"line {one.number} is corrected twice")
    return tuple(found)


def _correction(where: str, told: Mapping[str, Any]) -> Correction:
    _check_keys(where, told, ("number", "text", "is", "starts"))
    number = told.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"{where}number is {_shown(number)}, expected the number of a line")
    if not {"is", "starts"} & told.keys():
        raise ValueError(f"{where}is and {where}starts are both missing, expected one of them")
    return Correction(
        number=number,
        text=_line(told.get("text"), f"{where}text"),
        role=cast(Role | None, _one_of(f"{where}is", told.get("is"), get_args(Role))),
        starts=cast(Starts | None, _one_of(f"{where}starts", told.get("starts"), get_args(Starts))),
    )


def _one_of(key: str, value: object, choices: tuple[str, ...]) -> str | None:
    if value is None:
        return None
    if value not in choices:
        raise ValueError(f"{key} is {_shown(value)}, expected one of {', '.join(choices)}")
    return str(value)


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    text = str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
