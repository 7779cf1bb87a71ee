"""`bulletin mcp`: the archive for programs that speak the Model Context Protocol."""

from __future__ import annotations

from api.cli.common import ArchiveOption, ModelOption, app, err_to, ui_lang
from api.cli.serving import service_settings


@app.command()
def mcp(archive: ArchiveOption = None, model: ModelOption = None) -> None:
    """Speak the Model Context Protocol over stdin and stdout (extra `mcp`)."""
    import asyncio

    from api.service import has_archive
    from corpus.errors import MissingExtraError
    from qa.texts import say

    try:
        from api.mcp import serve_stdio
    except ImportError as exc:
        raise MissingExtraError("mcp") from exc
    settings = service_settings(archive, model)
    if not has_archive(settings.base):
        err_to("auto").dim(f"{say('sample', ui_lang())} ({settings.archive})")
    asyncio.run(serve_stdio(settings))
