"""Which issues below a path have come or changed, once their files have stopped growing.

A file has changed where its sidecar has.

Folders are looked through again and again: that works on every file system, network drives too,
where the notices of the operating system do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from corpus.encodings import as_text
from corpus.errors import SourceError
from corpus.intake import Item, files_of, items_of
from corpus.sidecar import is_sidecar, sidecars_of

Stamp = tuple[tuple[int, int] | None, ...]
"""Size and time of the last change, nanoseconds, of a file and of what may be its sidecar."""


class Watch:
    """What of some paths was seen, and what of it was given out to be read."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Watch files, folders and patterns."""
        self._paths = paths
        self._seen: dict[Path, Stamp] = {}
        self._given: dict[Path, Stamp] = {}

    def due(self) -> tuple[list[Item], list[SourceError]]:
        """Look, and return the issues with a new file, all of whose files are as at the last look.

        Also returns what is wrong with such files that is seen without reading them. What was
        returned is not returned again until it changes; a file that went is forgotten.
        """
        now = dict(self._stamps())
        steady = {file for file, stamp in now.items() if self._seen.get(file) == stamp}
        fresh = {file for file in steady if self._given.get(file) != now[file]}
        self._seen = now
        self._given = {file: stamp for file, stamp in self._given.items() if file in now}
        if not fresh:
            return [], []
        items, problems = items_of([file for file in now if file in steady], named=self._paths)
        waiting = {file.parent for file in now if file not in steady}
        due = [
            item
            for item in items
            if fresh.intersection(item.files)
            and not (item.packed and waiting.intersection(file.parent for file in item.files))
        ]
        shown = {as_text(str(file)) for file in fresh}
        wrong = [problem for problem in problems if as_text(problem.path) in shown]
        later = {file for item in items if item not in due for file in item.files}
        given = fresh.difference(later).union(file for item in due for file in item.files)
        self._given |= {file: now[file] for file in given}
        return due, wrong

    def _stamps(self) -> Iterator[tuple[Path, Stamp]]:
        for path in self._paths:
            with suppress(SourceError):  # an empty folder is one that something may come to
                for file in files_of(path):
                    if (stamp := _stamp(file)) and not is_sidecar(file):
                        yield file, (stamp, *map(_stamp, sidecars_of(file)))


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
