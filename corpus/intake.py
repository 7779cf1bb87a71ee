"""Files, folders, patterns and zips to what is read as one issue each.

A file is an issue. Files are the pages of one issue where their names, or the folder or zip they
are in, say so: `2021-10-07/01.txt` and `02.txt`, or `2021-10-07_A1.pdf` and `2021-10-07_A2.pdf`.
Alone, a file whose own name has the day is an issue of that name.
"""

from __future__ import annotations

import glob
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from corpus.encodings import as_text
from corpus.errors import FORMATS, SidecarError, SourceError
from corpus.formats import ENDINGS, START_BYTES, is_read
from corpus.metadata import Metadata
from corpus.reader import DAY_CHARS, date_in, read_bytes, split_date
from corpus.sidecar import find_sidecar, is_sidecar
from corpus.sources import MAX_BYTES, read_file
from corpus.types import Issue
from corpus.zips import (
    BROKEN,
    DOCUMENT,
    content,
    is_zip,
    lists_too_many,
    members,
    natural,
    opened,
    pack,
)

_PAGE = re.compile(
    r"[\W_]*(?:第?[a-z]?\d{1,3}[版页面]?|p(?:age)?[\W_]*\d+|(?:node|content)[\W_]*\d*)[\W_]*(?:[\d_]*|[\u4e00-\u9fff]{2,8})",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[^\W\d_]{2,20}[_\-. ]+(?=[\W\d_])")
"""What names the paper before the day or the page, in 清河_2021-10-07_A1."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is read as one issue.

    Attributes:
        path: What messages call it.
        name: The name of its source; the issue's id may come from it.
        files: The file, or the files that are its pages, or the zip that has it.
        members: Its members of that zip, by their names; none if it is in no zip.
        packed: Whether its pages are put together as one source.
    """

    path: str
    name: str
    files: tuple[Path, ...]
    members: tuple[str, ...] = ()
    packed: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """Files by their names; `day` is that of the issue whose pages they are, if they are pages."""

    day: str | None
    names: tuple[str, ...]


def items_of(
    paths: Sequence[Path], *, whole: bool = False, named: Sequence[Path] | None = None
) -> tuple[list[Item], list[SourceError]]:
    """Return the issues that paths lead to, and what could not be looked into.

    Sidecars are no issues; only where nothing else is given is it said that they are none. Nor is
    a file whose ending is that of something else, which is said.

    Args:
        paths: Files, folders, zips, or patterns such as `news/**/*.txt` where no such file is.
        whole: Whether all that is in a zip is one issue, whatever the names say.
        named: The paths that a person named, None for `paths`: others may be no links that lead
            out of their folders.
    """
    named = paths if named is None else named
    files: list[Path] = []
    problems: list[SourceError] = []
    for path in paths:
        try:
            files += files_of(path)
        except SourceError as exc:
            problems.append(exc)
    problems += [_link_out(file) for file in files if _leads_out(file, named)]
    files = [file for file in files if not _leads_out(file, named)]
    given = dict.fromkeys(files)
    unique = [file for file in given if not is_sidecar(file)]
    if not unique:
        problem = "is a sidecar, expected the file that it speaks of"
        problems += [SourceError(str(file), problem) for file in given]
    issues = [file for file in unique if not _is_other(file)]
    problems += [_other(file) for file in unique if _is_other(file)]
    items = _of_files([file for file in issues if not _is_zip(file)], whole=whole)
    for file in filter(_is_zip, issues):
        try:
            items += _of_zip(file, whole=whole)
        except SourceError as exc:
            problems.append(exc)
    return items, problems


def read_item(item: Item, *, loader: Loader, reader: str, options: Metadata) -> Issue:
    """Return the issue that an item is, with its sidecar; see `corpus.reader.read_bytes`.

    Raises:
        SourceError: If it cannot be read.
        SidecarError: If its sidecar cannot be understood.
    """
    return read_bytes(
        loader.load(item),
        name=item.name,
        path=item.path,
        reader=reader,
        sidecar=sidecar_of(item),
        options=options,
    )


def sidecar_of(item: Item) -> bytes | None:
    """Return the bytes of the sidecar of an item: of its file, its pages, or the zip that has it.

    Raises:
        SidecarError: If there is one that cannot be used.
    """
    return find_sidecar(item.files[0], others=item.files[1:])


class Loader:
    """Reads the bytes of items, one after another.

    The zip that the last one is in stays open, as zips are read member by member; closing it is
    due before the zip can be replaced, and its room be free once it is deleted.
    """

    def __init__(self) -> None:
        """Hold nothing open yet."""
        self._state: tuple[Path, int, int, int] | None = None
        self._archive: zipfile.ZipFile | None = None
        self._infos: dict[str, zipfile.ZipInfo] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open."""
        self.close()

    def close(self) -> None:
        """Close the zip that is open, if one is."""
        if self._archive is not None:
            self._archive.close()
        self._state = self._archive = None

    def load(self, item: Item) -> bytes:
        """Return the bytes of an item.

        Raises:
            SourceError: If they cannot be read.
        """
        if item.members:
            archive = self._opened(item.files[0])
            found = [(name, self._infos[name]) for name in item.members if name in self._infos]
            _check_size(item, [info.file_size for _, info in found])
            pages = [
                (name, content(archive, info, path=as_text(f"{item.files[0]}/{name}")))
                for name, info in found
            ]
        else:
            _check_size(item, [file.stat().st_size for file in item.files if file.exists()])
            pages = [(as_text(file.name), read_file(file)) for file in item.files]
        if not item.packed:
            return pages[0][1] if pages else b""
        return pack(pages)

    def _opened(self, file: Path) -> zipfile.ZipFile:
        """Return a zip that is open, as the file is now.

        Raises:
            SourceError: If it cannot be read.
        """
        state = (file, *_state_of(file))
        if self._archive is None or self._state != state:
            self.close()
            shown = as_text(str(file))
            self._archive = opened(file, path=shown)
            self._infos = {one.name: one.info for one in members(self._archive, path=shown)}
            self._state = state
        return self._archive


def _state_of(file: Path) -> tuple[int, int, int]:
    """Return what changes whenever a file does.

    Raises:
        SourceError: If it is not there.
    """
    try:
        state = file.stat()
    except OSError as exc:
        raise SourceError(as_text(str(file)), (exc.strerror or str(exc)).lower()) from exc
    return state.st_ino, state.st_mtime_ns, state.st_size


def _check_size(item: Item, sizes: Sequence[int]) -> None:
    """Raise SourceError, before they are read, where files are together more than is read."""
    if sum(sizes) > MAX_BYTES:
        raise SourceError(item.path, f"is larger than {MAX_BYTES // 2**20} MiB")


def files_of(path: Path) -> list[Path]:
    """Return a file, or the files below a folder or of a pattern, in the natural order of names.

    Raises:
        SourceError: If there is nothing that is read, or it cannot be looked into.
    """
    if not os.path.lexists(path) and glob.has_magic(str(path)):
        matched = glob.glob(str(path), recursive=True)  # noqa: PTH207  # Path's takes no absolute one
        found = [file for one in matched for file in _below(Path(one))]
        problem = "matches no file that is read"
    elif path.is_dir():
        found = _below(path)
        problem = f"holds no file that is read ({' '.join(ENDINGS)})"
    else:
        return [path]
    if not found:
        raise SourceError(str(path), problem)
    return sorted(found, key=lambda file: natural(str(file)))


def _below(path: Path) -> list[Path]:
    """Return a file, or the files that are read below a folder."""
    if not path.is_dir():
        return [path]

    def fail(problem: OSError) -> None:
        raise SourceError(str(problem.filename), (problem.strerror or str(problem)).lower())

    return [
        Path(folder) / name
        for folder, _, names in os.walk(path, onerror=fail)
        for name in names
        if name.lower().endswith(ENDINGS) and not name.startswith((".", "~$"))
    ]


def _of_files(files: Sequence[Path], *, whole: bool) -> list[Item]:
    """Return the issues of files, those that are pages of one put together."""
    by_name = {file.absolute().as_posix(): file for file in files}
    groups = _grouped(list(by_name), container="") if not whole else []
    items = [_item(file) for file in files if whole]
    for group in groups:
        pages = tuple(by_name[name] for name in group.names)
        if group.day:
            shown = str(pages[0]) if len(pages) == 1 else f"{pages[0].parent} ({len(pages)} pages)"
            items.append(Item(as_text(shown), f"{group.day}.zip", pages, packed=True))
        else:
            items.append(_item(pages[0]))
    return items


def _item(file: Path) -> Item:
    return Item(as_text(str(file)), as_text(file.name), (file,))


def _leads_out(file: Path, named: Sequence[Path]) -> bool:
    """Tell whether a file is a link to somewhere outside of its folder, and not itself named."""
    if not file.is_symlink() or file in named:
        return False
    return not file.resolve().is_relative_to(file.parent.resolve())


def _link_out(file: Path) -> SourceError:
    return SourceError(as_text(str(file)), "is a link out of its folder; give the file itself")


def _is_other(file: Path) -> bool:
    """Tell whether a file is none that is read; False where that cannot be found out."""
    if is_read(b"", name=file.name):
        return False
    try:
        return file.is_file() and not is_read(_start(file, START_BYTES), name=file.name)
    except OSError:
        return False  # whoever reads it says what is wrong


def _other(file: Path) -> SourceError:
    expected = f"expected one of {' '.join(ENDINGS)}, or no ending"
    return SourceError(as_text(str(file)), f"ends in {file.suffix!r}, {expected}", FORMATS)


def _is_zip(file: Path) -> bool:
    """Tell whether a file is a zip of files; False where that cannot be found out."""
    try:
        if file.is_dir() or not is_zip(_start(file, 4)):
            return False
        if lists_too_many(file):
            return True  # whoever opens it says so
        with zipfile.ZipFile(file) as archive:
            return DOCUMENT not in archive.namelist()
    except BROKEN:
        return False  # whoever reads it says what is wrong


def _start(file: Path, n_bytes: int) -> bytes:
    """Return the first bytes of a file, none of what is no regular one: a pipe has none to give."""
    if not file.is_file():
        return b""
    with file.open("rb") as handle:
        return handle.read(n_bytes)


def _of_zip(file: Path, *, whole: bool) -> list[Item]:
    """Return the issues of a zip.

    Raises:
        SourceError: If it is hostile, or holds nothing that is read.
        SidecarError: If it has a sidecar and holds several issues.
    """
    shown = as_text(str(file))
    with opened(file, path=shown) as archive:
        names = [member.name for member in members(archive, path=shown)]
    if not names:
        raise SourceError(shown, f"holds no file that is read ({' '.join(ENDINGS)})")
    if whole:
        return [Item(shown, as_text(file.name), (file,), tuple(names), packed=True)]
    groups = _grouped(names, container=file.stem)
    if len(groups) > 1 and find_sidecar(file) is not None:
        problem = f"holds {len(groups)} issues, and its sidecar speaks of one"
        raise SidecarError(shown, problem)
    return [_of_members(group, file) for group in groups]


def _of_members(group: _Group, file: Path) -> Item:
    if group.day:
        return Item(as_text(str(file)), f"{group.day}.zip", (file,), group.names, packed=True)
    name = group.names[0]
    return Item(as_text(f"{file}/{name}"), PurePosixPath(name).name, (file,), group.names)


def _grouped(names: Sequence[str], *, container: str) -> list[_Group]:
    """Return names grouped to issues, in the order in which each is first met.

    >>> [group.names for group in _grouped(["7/1.txt", "7/2.txt", "a.txt"], container="")]
    [('7/1.txt',), ('7/2.txt',), ('a.txt',)]
    >>> [group.day for group in _grouped(["2021-10-07_A1.pdf", "2021-10-07_A2.pdf"], container="")]
    ['2021-10-07']
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        day = _day_of_pages(path, container)
        named = _NAMED.match(path.stem)
        of = f"{path.parent}/{named.group() if named else ''}"
        groups.setdefault((of, day) if day else (name, ""), []).append(name)
    return [
        _Group(None if len(held) == 1 and _tells_day(held[0]) else day or None, tuple(held))
        for (_, day), held in groups.items()
    ]


def _tells_day(name: str) -> bool:
    """Tell whether a file's own name has a day; alone, it is then an issue and no page of one."""
    return date_in(PurePosixPath(name).stem) is not None


def _day_of_pages(name: PurePosixPath, container: str) -> str | None:
    """Return the day or month of the issue that a file is a page of, None if it is an issue."""
    stem = name.stem
    own, rest = split_date(stem)
    if own:
        return own if len(own) == DAY_CHARS and _PAGE.fullmatch(_NAMED.sub("", rest)) else None
    dated = date_in(name.parent.name) or date_in(container)
    if dated and (len(dated) == DAY_CHARS or _PAGE.fullmatch(stem)):
        return dated
    return None
