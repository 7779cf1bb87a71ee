"""`bulletin mcp`: the archive for programs that speak the Model Context Protocol."""

from __future__ import annotations

from api.cli.common import ArchiveOption, ModelOption, app, note_sample
from api.cli.serving import service_settings


@app.command()
def mcp(archive: ArchiveOption = None, model: ModelOption = None) -> None:
    """Speak the Model Context Protocol over stdin and stdout (extra `mcp`)."""
    import asyncio

    from corpus.errors import MissingExtraError

    try:
        from api.mcp import serve_stdio
    except ImportError as exc:
        raise MissingExtraError("mcp") from exc
    settings = service_settings(archive, model)
    note_sample(settings.base)
    asyncio.run(serve_stdio(settings))
