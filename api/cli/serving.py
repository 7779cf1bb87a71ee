"""`bulletin serve`: the HTTP service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import (
    ArchiveOption,
    EngineOption,
    EngineUriOption,
    ModelOption,
    app,
    note_sample,
    ui_lang,
    usage,
)
from api.settings import model_from

if TYPE_CHECKING:
    from api.http.settings import ServiceSettings


@app.command()
def serve(
    archive: ArchiveOption = None,
    model: ModelOption = None,
    host: Annotated[
        str | None,
        typer.Option("--host", help="The address to listen on, 127.0.0.1 by default."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="8750 by default; 0 takes a free one."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=64, help="Processes, 1 by default.")
    ] = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
) -> None:
    """Serve the archive over HTTP until interrupted.

    One that --archive or BULLETIN_ARCHIVE names has to be there; where none is named, the shipped
    issue is served until the first is added.
    """
    from api.http.server import run

    settings = service_settings(
        archive,
        model,
        host=host,
        port=port,
        workers=workers,
        engine=engine,
        engine_uri=engine_uri,
    )
    _check_doors(settings)
    note_sample(settings.base)
    for warning in warnings_of(settings):
        print(f"bulletin: {warning}", file=sys.stderr)
    run(settings)


def service_settings(
    archive: Path | None = None,
    model: str | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    engine: str | None = None,
    engine_uri: str | None = None,
) -> ServiceSettings:
    """Return the service's settings: what the command line says, else the environment.

    Raises:
        typer.BadParameter: If a variable has a value that it cannot have.
    """
    from pydantic import ValidationError

    from api.http.settings import ServiceSettings, variable

    if engine_uri and not engine:
        engine = "milvus"
    given: dict[str, Any] = {"archive": archive, "host": host, "port": port, "workers": workers}
    given |= {"engine": engine, "engine_uri": engine_uri}
    told = {name: value for name, value in given.items() if value is not None}
    try:
        return ServiceSettings(model=model_from(model), **told)
    except ValidationError as exc:
        first = exc.errors()[0]
        problem = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            usage(problem)
        usage(f"{variable(str(first['loc'][0]))} is {first['input']!r}: {problem}")


def _check_doors(settings: ServiceSettings) -> None:
    """Stop before a process starts that nobody could reach, or that could let nobody in.

    Raises:
        KeyFileError: If the file of keys cannot be used.
        PortError: If it cannot listen where the settings say.
        typer.BadParameter: If requests cannot be counted where the settings say.
    """
    from api.keys import read_keys
    from api.port import check_port

    if settings.keys_file:
        read_keys(settings.keys_file)
    if not settings.rate_storage.startswith("memory:"):
        from limits.errors import ConfigurationError

        from api.http.callers import reaches

        try:
            reaches(settings.rate_storage)
        except ConfigurationError as exc:
            usage(f"BULLETIN_RATE_STORAGE: {exc}")
    check_port(settings.host, settings.port)


def warnings_of(settings: ServiceSettings) -> list[str]:
    """Return what whoever starts the service should know, in their language."""
    from api.http.settings import is_loopback, unknown_variables
    from qa.texts import say

    lang = ui_lang()
    found = [say("warn_variable", lang, name=name) for name in unknown_variables()]
    if not is_loopback(settings.host) and not (settings.keys_file or settings.allowed_origins):
        found.append(say("warn_open", lang, host=settings.host))
    if settings.keys_file and settings.is_exposed:
        found.append(say("warn_pages", lang))
    if settings.public_url and not settings.trusted_proxies:
        found.append(say("warn_proxy", lang))
    is_limited = settings.limit_for(keyed=False) or settings.limit_for(keyed=True)
    if settings.workers > 1 and is_limited and settings.rate_storage.startswith("memory:"):
        found.append(say("warn_workers", lang))
    return found
