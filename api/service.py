"""Settings to ready parts: the one place where archive, indexes and answering meet."""

from __future__ import annotations

import os
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.archive import Archive
    from corpus.types import Issue
    from qa.answer import Answerer
    from qa.chat import Chat
    from qa.rank import Finder

SAMPLE = "issue_2021-10.txt"


def sample_issue() -> Issue:
    """Return the issue that is shipped with the package."""
    from corpus.reader import read_issue

    with as_file(files("corpus") / "data" / SAMPLE) as path:
        return read_issue(path)


def has_archive(settings: Settings) -> bool:
    """Tell whether an archive lies where the settings say.

    Raises:
        ArchiveError: If something else lies there, or it may not be looked at or read.
    """
    from corpus.errors import ArchiveError
    from corpus.schema import FILE_NAME

    try:
        if settings.archive.exists() and not settings.archive.is_dir():
            raise ArchiveError(str(settings.archive), "is no folder")
        file = settings.archive / FILE_NAME
        if file.exists() and not os.access(file, os.R_OK):
            hint = "Give its owner, group or mode so that this user may read it."
            raise ArchiveError(str(settings.archive), f"{FILE_NAME} may not be read", hint)
        return file.exists()
    except OSError as exc:
        raise ArchiveError(str(settings.archive), (exc.strerror or str(exc)).lower()) from exc


def is_sample(settings: Settings) -> bool:
    """Tell whether the shipped issue stands in for an archive.

    Raises:
        ArchiveError: If an archive was named and is not there.
    """
    from corpus.errors import ArchiveError

    if has_archive(settings):
        return False
    if settings.is_named:
        hint = f"Make it with: bulletin add FILE --archive {settings.archive}"
        raise ArchiveError(str(settings.archive), "is not there", hint)
    return True


def open_archive(settings: Settings) -> Archive:
    """Return the archive, or one in memory with the shipped issue where there is none yet.

    Nothing stands in for an archive that was named (`Settings.is_named`).

    An archive that an older version of the reader filled is read anew from its kept sources.

    Raises:
        ArchiveError: If there is one that cannot be used, or none where one was named.
    """
    from corpus.archive import Archive

    if is_sample(settings):
        return Archive.in_memory([sample_issue()])
    archive = Archive.open(settings.archive)
    if archive.needs_refresh:
        archive.refresh()
    return archive


def open_finder(
    archive: Archive, settings: Settings, *, progress: Iterable[None] | None = None
) -> Finder:
    """Return a finder over the archive; stale indexes are rebuilt first.

    Raises:
        EngineError: If there is an engine and it cannot be reached, or is not filled.
    """
    from qa.engine.remote import RemoteEngine
    from qa.rank import Finder

    engine = RemoteEngine(settings.engine) if settings.engine else None
    return Finder.open(archive, model=settings.model, engine=engine, progress=progress)


def fill_engine(archive: Archive, settings: Settings) -> None:
    """Bring the engine to what the archive has, as `bulletin engine sync` does.

    Raises:
        EngineError: If it cannot be reached.
    """
    from embeddings.encoder import load_encoder
    from qa.engine.milvus import Layout
    from qa.engine.remote import RemoteEngine
    from qa.engine.sync import filling

    if settings.engine is None:
        return
    encoder = load_encoder(settings.model)
    milvus = RemoteEngine(settings.engine).milvus(encoder, patient=True)
    with filling(archive, encoder=encoder, milvus=milvus, layout=Layout(encoder.dim)) as work:
        work.run()


def open_answerer(archive: Archive, settings: Settings) -> Answerer:
    """Return what answers questions from the archive."""
    from qa.answer import Answerer

    return Answerer(open_finder(archive, settings))


def open_chat(archive: Archive, settings: Settings) -> Chat:
    """Return what answers questions that may follow others."""
    from qa.chat import Chat

    return Chat(open_answerer(archive, settings))
