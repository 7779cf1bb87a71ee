"""What can keep the service from working, looked at before it does."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from corpus.errors import BulletinError

if TYPE_CHECKING:
    from api.http.settings import ServiceSettings

_LIBRARIES = {
    "faiss": "faiss-cpu",
    "numpy": "numpy",
    "tantivy": "tantivy",
    "tokenizers": "tokenizers",
    "uvicorn": "uvicorn",
}
_LITTLE_MB = 200


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        status: ok; warn, if it works but not as well as it could; fail, if it does not.
        detail: What was seen.
    """

    name: str
    status: Literal["ok", "warn", "fail"]
    detail: str


def examine(settings: ServiceSettings, *, is_named: bool = False) -> Iterator[Check]:
    """Yield one check after the other; stale indexes are built, as at the first question.

    Args:
        settings: The service's.
        is_named: Whether the command line names the archive, so that it has to be there.
    """
    looks: list[tuple[str, Callable[[ServiceSettings], Check]]] = [
        ("environment", _environment),
        ("archive", partial(_archive, is_named=is_named)),
        ("engine", _engine),
        ("indexes", _indexes),
        ("service file", _service_file),
        ("disk", _disk),
        ("keys", _keys),
        ("rate storage", _rate_storage),
        ("port", _port),
        ("workers", _workers),
    ]
    for name, look in looks:
        try:
            yield look(settings)
        except BulletinError as exc:
            yield Check(name, "fail", " ".join(filter(None, (str(exc), exc.hint))))
        except Exception as exc:
            yield Check(name, "fail", f"{type(exc).__name__}: {exc}")


def _environment(_: ServiceSettings) -> Check:
    for module in _LIBRARIES:
        import_module(module)
    told = [f"{name} {version(name)}" for name in ("bulletin-qa", *_LIBRARIES.values())]
    return Check("environment", "ok", f"Python {sys.version.split()[0]}, {', '.join(told)}")


def _archive(settings: ServiceSettings, *, is_named: bool) -> Check:
    from api.service import is_sample, open_archive

    if is_sample(replace(settings.base, is_named=is_named)):
        return Check("archive", "warn", f"none at {settings.archive}; the shipped issue is served")
    with open_archive(settings.base) as kept:
        told = kept.told()
    detail = f"{told['issues']} issues, {told['passages']} passages at {settings.archive}"
    if not os.access(settings.archive, os.W_OK):
        return Check("archive", "warn", f"{detail}; may only be read, so indexes are not kept")
    return Check("archive", "ok", detail)


def _engine(settings: ServiceSettings) -> Check:
    from api.service import open_archive
    from embeddings.encoder import load_encoder
    from qa.remote import RemoteEngine, is_whole

    address = settings.base.engine
    if address is None:
        return Check("engine", "ok", "built in")
    milvus = RemoteEngine(address).milvus(load_encoder(settings.model))
    with open_archive(settings.base) as kept:
        if not is_whole(milvus, kept):
            detail = "has not what the archive has; fill it with `bulletin engine sync`"
            return Check("engine", "fail", f"{address.shown} {detail}")
    return Check("engine", "ok", f"{address.shown} has what the archive has")


def _indexes(settings: ServiceSettings) -> Check:
    from api.service import open_archive, open_finder

    with open_archive(settings.base) as kept:
        finder = open_finder(kept, settings.base)
        finder.search(finder.read("北京"), k=1)
    return Check("indexes", "ok", "open and searched")


def _service_file(settings: ServiceSettings) -> Check:
    from api.store import Store

    file = settings.store_file
    kept = len(Store(file).feedback())
    folder = next(folder for folder in file.parents if folder.exists())
    if not os.access(file if file.exists() else folder, os.W_OK):
        return Check("service file", "warn", f"{file} cannot be written; no feedback is kept")
    return Check("service file", "ok", f"{file}, {kept} votes")


def _disk(settings: ServiceSettings) -> Check:
    folder = next(f for f in (settings.archive, *settings.archive.parents) if f.exists())
    free_mb = shutil.disk_usage(folder).free >> 20
    return Check("disk", "ok" if free_mb >= _LITTLE_MB else "warn", f"{free_mb} MB free")


def _keys(settings: ServiceSettings) -> Check:
    from api.keys import read_keys

    if settings.keys_file is None:
        return Check("keys", "ok", "none are asked for")
    detail = f"{len(read_keys(settings.keys_file))} keys in {settings.keys_file}"
    if settings.keys_file.stat().st_mode & 0o077:
        return Check("keys", "warn", f"{detail}; others than its owner may read it")
    return Check("keys", "ok", detail)


def _rate_storage(settings: ServiceSettings) -> Check:
    from api.http.callers import reaches
    from api.http.settings import redacted

    where = redacted(settings.rate_storage)
    if not reaches(settings.rate_storage):
        return Check("rate storage", "fail", f"{where} does not answer")
    return Check("rate storage", "ok", where)


def _port(settings: ServiceSettings) -> Check:
    from api.port import check_port

    return Check("port", "ok", f"{check_port(settings.host, settings.port)} is free")


def _workers(settings: ServiceSettings) -> Check:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    detail = f"{settings.workers} on {cores or 1} cores"
    few = settings.workers > (cores or 1)
    return Check("workers", "warn" if few else "ok", detail)
