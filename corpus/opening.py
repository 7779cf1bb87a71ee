"""How a derived index is opened: kept in the archive's folder, else made in memory."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from corpus.archive import Archive
from corpus.derived import Recipe, open_or_build
from corpus.generation import Generation

log = logging.getLogger(__name__)
_Index = TypeVar("_Index")


def opened(
    archive: Archive,
    *,
    recipe: Callable[[], Recipe],
    read: Callable[[Generation], _Index],
    make: Callable[[], _Index],
) -> _Index:
    """Return an index of an archive, read from its folder and brought up to date first.

    Args:
        archive: What is indexed. One in memory has no folder.
        recipe: Returns how the index is made.
        read: Reads a kept one.
        make: Makes one in memory, which is also done where none can be kept.
    """
    with archive.reading():  # the issues' versions and the passages must be of one state
        if archive.path is not None:
            kept = recipe()
            try:
                return read(open_or_build(archive.path / "index", kept))
            except OSError as exc:
                log.warning("cannot keep the index %r, making it in memory: %s", kept.kind, exc)
        return make()
