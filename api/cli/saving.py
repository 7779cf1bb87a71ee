"""The commands that copy an archive and put a copy back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import ArchiveOption, app
from api.settings import settings_from


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    archive: ArchiveOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a file that is there.")
    ] = False,
) -> None:
    """Copy all that is kept into one file, while others go on reading and adding."""
    from corpus.archive import Archive
    from corpus.safety import back_up

    with Archive.open(settings_from(archive=archive).archive) as kept:
        back_up(kept, file, replace=replace)
        print(f"{file}: {kept.n_passages()} passages")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    archive: ArchiveOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the archive that is there.")
    ] = False,
) -> None:
    """Make an archive of a backup, which is checked first."""
    from corpus.archive import Archive
    from corpus.safety import restore as put_back

    folder = settings_from(archive=archive).archive
    put_back(file, folder, replace=replace)
    with Archive.open(folder) as kept:
        print(f"{folder}: {kept.n_passages()} passages")
