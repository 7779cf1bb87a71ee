"""`bulletin index` and `bulletin engine`: large archives made ready before they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import (
    NO_INDEX,
    OK,
    ArchiveOption,
    EngineOption,
    EngineUriOption,
    JsonOption,
    ModelOption,
    app,
    bring_up_to_date,
    engine_app,
    is_watched,
    print_json,
    progress_bar,
    ui_lang,
    usage,
)
from api.settings import Settings, settings_from

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from qa.engine.remote import RemoteEngine

WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, max=256, help="Processes that encode.")
]
RayOption = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="ADDRESS",
        help="Encode on a Ray cluster: auto, or ray://host:10001 (extra `ray`).",
    ),
]


@app.command()
def index(
    archive: ArchiveOption = None,
    model: ModelOption = None,
    workers: WorkersOption = 1,
    ray: RayOption = None,
) -> None:
    """Bring the indexes beside the archive up to date now, not when next needed."""
    from api.words import counted
    from corpus.archive import Archive
    from embeddings.index import VectorIndex
    from qa.rank import Finder

    settings = settings_from(archive=archive, model=model)
    with Archive.open(settings.archive) as kept:
        if settings.engine is None and (workers > 1 or ray):
            n_batches = Finder.pending(kept, model=settings.model) if is_watched() else 0
            ticks = iter(progress_bar(range(n_batches), "encoding"))
            with encoding(settings, workers=workers, ray=ray) as encoder:
                VectorIndex.open(kept, encoder, progress=(None for _ in ticks))
        bring_up_to_date(kept, settings)
        n_passages = kept.n_passages()
    print(counted(n_passages, "passage", ui_lang()))


@contextmanager
def encoding(settings: Settings, *, workers: int, ray: str | None) -> Iterator[Encoder]:
    """Give the encoder that the settings name, spread over processes or machines."""
    from embeddings.bulk import in_processes, on_ray
    from embeddings.encoder import load_encoder

    if ray and workers > 1:
        usage("--workers and --ray are two ways; give one of them")
    if ray:
        with on_ray(settings.model, address=ray) as spread:
            yield spread
    elif workers > 1:
        with in_processes(settings.model, n_workers=workers) as spread:
            yield spread
    else:
        yield load_encoder(settings.model)


@engine_app.command(name="sync")
def sync_engine(
    archive: ArchiveOption = None,
    model: ModelOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    shards: Annotated[int, typer.Option("--shards", min=1, max=64, help="Of new collections.")] = 1,
    replicas: Annotated[
        int, typer.Option("--replicas", min=1, max=16, help="Of new collections.")
    ] = 1,
    workers: WorkersOption = 1,
    ray: RayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the engine to what the archive has; what is there already is left as it is."""
    from dataclasses import asdict

    from api.words import counted, word
    from corpus.archive import Archive
    from qa.engine.milvus import Layout
    from qa.engine.sync import filling

    settings = settings_from(archive=archive, model=model, engine=engine, engine_uri=engine_uri)
    remote = _engine(settings)
    with (
        Archive.open(settings.archive) as kept,
        encoding(settings, workers=workers, ray=ray) as encoder,
        filling(
            kept,
            encoder=encoder,
            milvus=remote.milvus(encoder, patient=True),
            layout=Layout(encoder.dim, shards=shards, replicas=replicas),
        ) as work,
    ):
        ticks = iter(progress_bar(range(work.n_batches if is_watched() else 0), "filling"))
        done = work.run(None for _ in ticks)
        for _ in ticks:
            pass
    if as_json:
        print_json(asdict(done))
        return
    lang = ui_lang()
    facts = {
        "written": counted(done.n_written, "issue", lang),
        "removed": counted(done.n_removed, "issue", lang),
        "size": counted(done.n_passages, "passage", lang),
    }
    print(word("synced", lang, **facts))


@engine_app.command(name="status")
def engine_status(
    archive: ArchiveOption = None,
    model: ModelOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what the engine has, and whether it is what the archive has; exit 3 if not."""
    from corpus.archive import Archive
    from embeddings.encoder import load_encoder
    from qa.engine.state import is_whole

    settings = settings_from(archive=archive, model=model, engine=engine, engine_uri=engine_uri)
    remote = _engine(settings)
    milvus = remote.milvus(load_encoder(settings.model))
    with Archive.open(settings.archive) as kept:
        is_filled = is_whole(milvus, kept)
        told = {
            "engine": remote.address.shown,
            "is_filled": is_filled,
            "n_passages": milvus.count("passages"),
            "n_sentences": milvus.count("sentences"),
            "n_passages_in_archive": kept.n_passages(),
        }
    if as_json:
        print_json(told)
    else:
        for name, value in told.items():
            print(f"{name} {value}")
    raise typer.Exit(OK if is_filled else NO_INDEX)


def _engine(settings: Settings) -> RemoteEngine:
    from qa.engine.remote import RemoteEngine

    if settings.engine is None:
        usage("name the engine: --engine-uri http://host:19530, or BULLETIN_ENGINE_URI")
    return RemoteEngine(settings.engine)
