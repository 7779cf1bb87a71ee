"""`bulletin serve`: the HTTP service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import ArchiveOption, ModelOption, app, err_to, ui_lang, usage
from api.settings import settings_from

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
) -> None:
    """Serve the archive over HTTP until interrupted."""
    from api.http.server import run
    from api.service import has_archive
    from qa.texts import say

    settings = service_settings(archive, model, host=host, port=port, workers=workers)
    if not has_archive(settings.base):
        err_to("auto").dim(f"{say('sample', ui_lang())} ({settings.archive})")
    run(settings)


def service_settings(
    archive: Path | None = None,
    model: str | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
) -> ServiceSettings:
    """Return the service's settings: what the command line says, else the environment.

    Raises:
        typer.BadParameter: If a variable has a value that it cannot have.
    """
    from pydantic import ValidationError

    from api.http.settings import ServiceSettings

    base = settings_from(archive=archive, model=model)
    given: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    told = {name: value for name, value in given.items() if value is not None}
    try:
        return ServiceSettings(archive=base.archive, model=base.model, **told)
    except ValidationError as exc:
        first = exc.errors()[0]
        name = "BULLETIN_" + "__".join(str(part) for part in first["loc"]).upper()
        usage(f"{name} is {first['input']!r}: {first['msg']}")
