"""The commands that copy an archive and put a copy back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import MISMATCH, ArchiveOption, app, ui_lang
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
    from api.words import counted, word
    from corpus.archive import Archive
    from corpus.safety import back_up

    with Archive.open(settings_from(archive=archive).archive) as kept:
        back_up(kept, file, replace=replace)
        size = counted(kept.n_passages(), "passage", ui_lang())
        print(word("held", ui_lang(), path=file, size=size))


@app.command()
def migrate(
    archive: ArchiveOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only tell; exit 8 if there is something to do.")
    ] = False,
    backup: Annotated[
        Path | None,
        typer.Option("--backup", metavar="FILE", help="Where the copy goes that is made first."),
    ] = None,
) -> None:
    """Bring an archive of an older format to this one, after a copy was made of it.

    Where anything goes wrong the archive is as it was. Opening an older archive does the same
    without a copy.
    """
    from api.words import word
    from corpus.connection import format_of
    from corpus.safety import migrate as bring_up
    from corpus.schema import VERSION

    folder = settings_from(archive=archive).archive
    found, lang = format_of(folder), ui_lang()
    if found == VERSION:
        print(word("format_now", lang, path=folder, found=found))
        return
    if check:
        print(word("format_old", lang, path=folder, found=found, wanted=VERSION))
        raise typer.Exit(MISMATCH)
    copy = backup or folder / f"bulletin-format-{found}.db"
    bring_up(folder, copy)
    print(word("format_done", lang, path=folder, found=found, wanted=VERSION, copy=copy))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    archive: ArchiveOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the archive that is there.")
    ] = False,
) -> None:
    """Make an archive of a backup, which is checked first."""
    from api.words import counted, word
    from corpus.archive import Archive
    from corpus.safety import restore as put_back

    folder = settings_from(archive=archive).archive
    put_back(file, folder, replace=replace)
    with Archive.open(folder) as kept:
        size = counted(kept.n_passages(), "passage", ui_lang())
        print(word("held", ui_lang(), path=folder, size=size))
