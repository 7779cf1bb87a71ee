"""What can keep the service from working, looked at before it does."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from api.words import counted, word
from corpus.errors import BulletinError

if TYPE_CHECKING:
    from pathlib import Path

    from api.http.settings import ServiceSettings
    from qa.query import Lang

_LIBRARIES = {
    "faiss": "faiss-cpu",
    "numpy": "numpy",
    "tantivy": "tantivy",
    "tokenizers": "tokenizers",
    "uvicorn": "uvicorn",
}
_LITTLE_MB = 200
_LEAST_MB = 20  # an issue, what the indexes' next generation adds for it, and the service file
_NEED_ARCHIVE = ("engine", "indexes", "service file")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        status: ok; warn, if it works but not as well as it could; fail, if it does not; skip, if it
            was not looked at, as it needs what failed.
        detail: What was seen.
    """

    name: str
    status: Literal["ok", "warn", "fail", "skip"]
    detail: str


def examine(settings: ServiceSettings, lang: Lang = "en") -> Iterator[Check]:
    """Yield one check after the other; stale indexes are built, as at the first question.

    Args:
        settings: The service's.
        lang: The language of the details; errors are in English.
    """
    looks: list[tuple[str, Callable[[ServiceSettings, Lang], Check]]] = [
        ("environment", _environment),
        ("archive", _archive),
        ("engine", _engine),
        ("indexes", _indexes),
        ("service file", _service_file),
        ("disk", _disk),
        ("keys", _keys),
        ("rate storage", _rate_storage),
        ("port", _port),
        ("workers", _workers),
    ]
    has_archive = True
    for name, look in looks:
        if name in _NEED_ARCHIVE and not has_archive:
            yield Check(name, "skip", word("needs_archive", lang))
            continue
        check = _looked(name, partial(look, settings, lang))
        has_archive &= (check.name, check.status) != ("archive", "fail")
        yield check


def _looked(name: str, look: Callable[[], Check]) -> Check:
    """Return what a look gives, or that it failed."""
    try:
        return look()
    except BulletinError as exc:
        return Check(name, "fail", f"{str(exc).rstrip('.')}. {exc.hint}" if exc.hint else str(exc))
    except Exception as exc:
        return Check(name, "fail", f"{type(exc).__name__}: {exc}")


def _environment(_: ServiceSettings, __: Lang) -> Check:
    for module in _LIBRARIES:
        import_module(module)
    told = [f"{name} {version(name)}" for name in ("bulletin-qa", *_LIBRARIES.values())]
    return Check("environment", "ok", f"Python {sys.version.split()[0]}, {', '.join(told)}")


def _archive(settings: ServiceSettings, lang: Lang) -> Check:
    from api.service import is_sample, open_archive

    if is_sample(settings.base):
        return Check("archive", "warn", word("no_archive", lang, path=settings.archive))
    with open_archive(settings.base) as kept:
        issues = counted(len(kept.versions()), "issue", lang)
        passages = counted(kept.n_passages(), "passage", lang)
    detail = word("archive_at", lang, issues=issues, passages=passages, path=settings.archive)
    if not os.access(settings.archive, os.W_OK):
        return Check("archive", "warn", word("archive_read_only", lang, archive=detail))
    return Check("archive", "ok", detail)


def _engine(settings: ServiceSettings, lang: Lang) -> Check:
    from api.service import open_archive
    from embeddings.encoder import load_encoder
    from qa.engine.remote import RemoteEngine
    from qa.engine.state import is_whole

    address = settings.base.engine
    if address is None:
        return Check("engine", "ok", word("engine_own", lang))
    milvus = RemoteEngine(address).milvus(load_encoder(settings.model))
    with open_archive(settings.base) as kept:
        if not is_whole(milvus, kept):
            return Check("engine", "fail", word("engine_lacks", lang, where=address.shown))
    return Check("engine", "ok", word("engine_full", lang, where=address.shown))


def _indexes(settings: ServiceSettings, lang: Lang) -> Check:
    from api.service import open_archive, open_finder

    with open_archive(settings.base) as kept:
        finder = open_finder(kept, settings.base)
        finder.search(finder.read("北京"), k=1)
    return Check("indexes", "ok", word("indexes_open", lang))


def _service_file(settings: ServiceSettings, lang: Lang) -> Check:
    from api.store import Store

    file = settings.store_file
    kept = len(Store(file).feedback())
    if not os.access(_nearest(file), os.W_OK):
        return Check("service file", "warn", word("votes_lost", lang, path=file))
    votes = counted(kept, "vote", lang)
    return Check("service file", "ok", word("size", lang, first=file, second=votes))


def _nearest(path: Path) -> Path:
    """Return a path, or the first folder above it that is there."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


def _disk(settings: ServiceSettings, lang: Lang) -> Check:
    places = {_nearest(settings.archive), _nearest(settings.store_file.parent)}
    free = {place: shutil.disk_usage(place).free >> 20 for place in sorted(places)}
    place = min(free, key=lambda one: free[one])
    told = {"mb": free[place], "path": place, "least": _LEAST_MB}
    if free[place] < _LEAST_MB:
        return Check("disk", "fail", word("disk_full", lang, **told))
    is_little = free[place] < _LITTLE_MB
    return Check("disk", "warn" if is_little else "ok", word("disk_free", lang, **told))


def _keys(settings: ServiceSettings, lang: Lang) -> Check:
    from api.keys import read_keys

    if settings.keys_file is None:
        return Check("keys", "ok", word("keys_none", lang))
    keys = counted(len(read_keys(settings.keys_file)), "key", lang)
    detail = word("keys_in", lang, keys=keys, path=settings.keys_file)
    if settings.keys_file.stat().st_mode & 0o077:
        return Check("keys", "warn", word("keys_open", lang, keys=detail))
    return Check("keys", "ok", detail)


def _rate_storage(settings: ServiceSettings, lang: Lang) -> Check:
    from api.http.callers import reaches
    from api.http.settings import redacted

    where = redacted(settings.rate_storage)
    if not reaches(settings.rate_storage):
        return Check("rate storage", "fail", word("storage_away", lang, where=where))
    return Check("rate storage", "ok", where)


def _port(settings: ServiceSettings, lang: Lang) -> Check:
    from api.port import check_port

    where = check_port(settings.host, settings.port)
    return Check("port", "ok", word("port_free", lang, where=where))


def _workers(settings: ServiceSettings, lang: Lang) -> Check:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    detail = word(
        "workers_on",
        lang,
        workers=counted(settings.workers, "process", lang),
        cores=counted(cores or 1, "core", lang),
    )
    few = settings.workers > (cores or 1)
    return Check("workers", "warn" if few else "ok", detail)
