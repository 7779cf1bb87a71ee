"""Zip files: their members, within limits, and several pages packed as one source.

Nothing is ever unpacked to disk: members are read into memory, and their names are only names.
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import SEEK_END, BytesIO
from itertools import accumulate
from pathlib import Path, PurePosixPath

from corpus.errors import SourceError
from corpus.formats import ENDINGS, ZIP
from corpus.metadata import Metadata
from corpus.sources import MAX_BYTES, source_of
from corpus.types import SetLine, Source

ENCODING = "zip"
DOCUMENT = "word/document.xml"
"""The member that makes a zip a Word document."""

_MOST_MEMBERS = 5000
_MOST_NAMED = 10  # members in a message
_RATIO = 200  # times its packed size that a member, or a whole zip, may have, from _FREE on
_FREE = 2**20  # bytes
_MOST_LISTED = _MOST_MEMBERS * 2**10  # bytes that the list of the members may have
_LISTED, _END, _END_64, _TO_END_64 = b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
_END_BYTES, _TO_END_64_BYTES = 22, 20
_TAIL = 2**17  # bytes in which the end is, a comment of up to 2**16 behind it
_EPOCH = (1980, 1, 1, 0, 0, 0)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,  # NotImplementedError among them
    ValueError,
    OverflowError,
)
"""What zipfile raises where a zip is damaged."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip.

    Attributes:
        name: Its path there, decoded, without what would lead out of a folder.
        info: What the zip tells of it.
    """

    name: str
    info: zipfile.ZipInfo


def is_docx(data: bytes) -> bool:
    """Tell whether a zip is a Word document."""
    try:
        if lists_too_many(data):
            return False
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return DOCUMENT in archive.namelist()
    except BROKEN:
        return False


def lists_too_many(file: Path | bytes) -> bool:
    """Tell whether a zip lists more members than are read, before zipfile makes objects of them.

    What it lists is counted, for the number at its end may be another.

    Raises:
        OSError: If it cannot be read; `struct.error` if its end is cut off.
    """
    with file.open("rb") if isinstance(file, Path) else BytesIO(file) as handle:
        start = max(handle.seek(0, SEEK_END) - _TAIL, 0)
        handle.seek(start)
        tail = handle.read()
        plain = len(tail) - _END_BYTES
        end = plain if tail.startswith(_END, max(plain, 0)) else tail.rfind(_END)
        if end < 0:
            return False
        (n_bytes,) = struct.unpack_from("<L", tail, end + 12)
        end_64 = tail.rfind(_END_64, 0, end)
        if end_64 >= 0 and tail.startswith(_TO_END_64, end - _TO_END_64_BYTES):
            (n_bytes,) = struct.unpack_from("<Q", tail, end_64 + 40)
            end = end_64
        if n_bytes > _MOST_LISTED:
            return True
        handle.seek(max(start + end - n_bytes, 0))
        return handle.read(n_bytes).count(_LISTED) > _MOST_MEMBERS


def opened(file: Path | bytes, *, path: str) -> zipfile.ZipFile:
    """Return a zip to be read.

    Raises:
        SourceError: If it is damaged, has too many members, or unpacks to too much.
    """
    size = file.stat().st_size if isinstance(file, Path) else len(file)
    try:
        if lists_too_many(file):
            raise SourceError(path, f"holds more than {_MOST_MEMBERS} files")
        archive = zipfile.ZipFile(file if isinstance(file, Path) else BytesIO(file))
    except BROKEN as exc:
        raise SourceError(path, "is a damaged zip") from exc
    if sum(info.file_size for info in archive.infolist()) > max(_FREE, _RATIO * size):
        archive.close()
        raise SourceError(path, f"unpacks to more than {_RATIO} times its size")
    return archive


def members(archive: zipfile.ZipFile, *, path: str) -> list[Member]:
    """Return the files in a zip that are read as bulletins, in the natural order of names.

    Raises:
        SourceError: If two of them have the same name.
    """
    found = [
        Member(name, info)
        for info in archive.infolist()
        if (name := _name(info)).lower().endswith(ENDINGS)
        and not info.is_dir()
        and not stat.S_ISLNK(info.external_attr >> 16)
        and not any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
    ]
    repeated = next((name for name, n in Counter(one.name for one in found).items() if n > 1), "")
    if repeated:
        raise SourceError(path, f"holds more than one file named {repeated}")
    return sorted(found, key=lambda member: natural(member.name))


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts names as people do: by their figures' values.

    >>> sorted(["p10.txt", "p9.txt"], key=natural)
    ['p9.txt', 'p10.txt']
    """
    parts = re.split(r"(\d{1,18})", name)
    return tuple((int(part), "") if n % 2 else (-1, part) for n, part in enumerate(parts))


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's path; names without the mark of UTF-8 are what Windows wrote, often GBK."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("ascii", "utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("/", "..", "."))


def content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, path: str) -> bytes:
    """Return the bytes of a member.

    Raises:
        SourceError: If it is locked, damaged, too large, a zip itself, or packed more densely
            than text is.
    """
    if info.flag_bits & 0x1:
        raise SourceError(path, "is locked by a password")
    if info.file_size > max(_FREE, _RATIO * info.compress_size):
        raise SourceError(path, f"unpacks to more than {_RATIO} times its size")
    if info.file_size > MAX_BYTES:
        raise SourceError(path, f"is larger than {MAX_BYTES // 2**20} MiB")
    try:
        with archive.open(info) as stream:
            data = stream.read(MAX_BYTES + 1)
    except BROKEN as exc:
        raise SourceError(path, "is damaged") from exc
    if is_zip(data) and not is_docx(data):
        raise SourceError(path, "is a zip in a zip")
    return data


def pack(pages: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as one zip; the same files give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in pages:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return out.getvalue()


def source_of_zip(data: bytes, *, name: str, path: str, reader: str = "") -> Source:
    """Return the files in a zip as the pages of one issue, in the order of their names.

    A page that holds no text is skipped, and told, where others do.

    Raises:
        SourceError: If it is damaged, too large, holds nothing that is read, or a page cannot be.
    """
    skipped: list[str] = []
    parts: list[Source] = []
    with opened(data, path=path) as archive:
        found = members(archive, path=path)
        if not found:
            raise SourceError(path, "holds no file that is read")
        if sum(member.info.file_size for member in found) > MAX_BYTES:
            raise SourceError(path, f"unpacks to more than {MAX_BYTES // 2**20} MiB")
        inner = reader.removeprefix(f"{ENCODING}+")
        for member in found:
            try:
                parts.append(_part(archive, member, path=path, reader=inner))
            except SourceError as exc:
                if not exc.is_textless or len(found) == 1:
                    raise
                skipped.append(member.name)
    if not parts:
        raise SourceError(path, f"holds no text in any of {', '.join(skipped[:_MOST_NAMED])}")
    return Source(
        name=name,
        data=data,
        encoding=f"{ENCODING}+{inner}" if inner and inner != ENCODING else ENCODING,
        extracted="\f".join(part.text for part in parts),
        lines=_lines(parts),
        told=_common([part.told for part in parts]),
        parts=tuple(parts),
        n_running=sum(part.n_running for part in parts),
        n_kept=sum(part.n_kept for part in parts),
        skipped=tuple(skipped),
        faults=tuple(f"{part.name}: {fault}" for part in parts for fault in part.faults),
        bare=_bare(parts),
    )


def _part(archive: zipfile.ZipFile, member: Member, *, path: str, reader: str) -> Source:
    """Return one page of a zip."""
    shown = f"{path}/{member.name}"
    data = content(archive, member.info, path=shown)
    return source_of(data, name=PurePosixPath(member.name).name, path=shown, reader=reader)


def is_zip(data: bytes) -> bool:
    """Tell whether bytes are a zip, a Word document among them."""
    return data.startswith(ZIP)


def _common(told: Sequence[Metadata]) -> Metadata:
    """Return what pages tell of their issue; each has a title and an id of its own."""
    common = Metadata()
    for one in told:
        common = common.or_else(Metadata(date=one.date, publication=one.publication))
    return common


def _lines(parts: Sequence[Source]) -> tuple[SetLine, ...]:
    """Return what pages tell of their lines, places and page numbers counted through all."""
    lines: list[SetLine] = []
    start = 0
    for part, pages in zip(parts, _pages_before(parts), strict=True):
        for line in part.lines:
            box = replace(line.box, page=line.box.page + pages)
            lines.append(replace(line, start=line.start + start, end=line.end + start, box=box))
        start += len(part.text) + 1
    return tuple(lines)


def _bare(parts: Sequence[Source]) -> tuple[int, ...]:
    """Return the pages that hold no text, counted through all."""
    before = _pages_before(parts)
    return tuple(
        page + pages for part, pages in zip(parts, before, strict=True) for page in part.bare
    )


def _pages_before(parts: Sequence[Source]) -> list[int]:
    """Return for each file how many pages those before it have."""
    counts = [max([*(line.box.page for line in part.lines), *part.bare, 1]) for part in parts]
    return list(accumulate(counts, initial=0))[:-1]
