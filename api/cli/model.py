"""`bulletin model`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import model_app, ui_lang, usage


@model_app.command("export")
def model_export(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", readable=False, help="A folder that is not there yet.")
    ],
) -> None:
    """Write the shipped model as a sentence-transformers folder."""
    from api.words import word
    from embeddings.export import export_model

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        usage(f"{folder} is there already, give a new or empty folder")
    export_model(folder)
    print(word("wrote", ui_lang(), path=folder))
