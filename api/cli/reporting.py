"""The command that tells how well an issue was read."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.adding import path_from, read_path
from api.cli.common import (
    MISMATCH,
    OK,
    ArchiveOption,
    ColorOption,
    JsonOption,
    app,
    opened,
    out_to,
    print_json,
    ui_lang,
    usage,
)
from api.settings import settings_from

if TYPE_CHECKING:
    from api.terminal import Terminal
    from corpus.report import Finding, Report
    from corpus.types import Issue
    from qa.query import Lang


@app.command()
def report(
    target: Annotated[
        str, typer.Argument(metavar="ISSUE|FILE", help="An issue that is kept, or a file.")
    ],
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
    lang: Annotated[
        str | None, typer.Option("--lang", help="zh or en; else the terminal's language.")
    ] = None,
    color: ColorOption = "auto",
) -> None:
    """Tell what of an issue is in no article, doubtful or odd, and what would correct it.

    Exit code 8 if a correction of the sidecar does not fit its lines, else 0.
    """
    from corpus.report import report_on

    if lang not in (None, "zh", "en"):
        usage(f"--lang is {lang!r}, expected zh or en")
    told = report_on(_read(target, archive))
    if as_json:
        print_json(_json(told))
    else:
        _show(told, out_to(color), "zh" if (lang or ui_lang()) == "zh" else "en")
    raise typer.Exit(MISMATCH if told.ignored else OK)


def _read(target: str, archive: Path | None) -> Issue:
    """Return the issue of a file, or one that is kept, read from its kept file."""
    from corpus.errors import NotInArchiveError
    from corpus.reader import read_again

    path, settings = path_from(target), settings_from(archive=archive)
    if path.exists() or path.is_symlink() or "/" in target:
        read = read_path(path, settings)
        if len(read) != 1:
            usage(f"{target!r} holds {len(read)} issues, expected one; add it and name one of them")
        return read[0][1]
    with opened(settings) as kept:
        try:
            return read_again(kept.source(target), issue_id=target)
        except NotInArchiveError as exc:
            exc.hint = f"Nor is {target!r} a file here. {exc.hint}"
            raise


def _json(told: Report) -> dict[str, Any]:
    return {
        "issue": told.issue_id,
        "n_chars": told.n_chars,
        "n_in_articles": told.n_in_articles,
        "coverage": round(told.coverage, 4),
        "pages_without_text": told.pages_without_text,
        "findings": [asdict(one) for one in told.findings],
        "ignored": told.ignored,
        "skipped": told.skipped,
        "kept": None if told.kept is None else round(told.kept, 4),
    }


def _show(told: Report, out: Terminal, lang: Lang) -> None:
    from corpus.report import LITTLE_KEPT
    from qa.texts import say

    out.bold(
        say(
            "report_coverage",
            lang,
            issue=told.issue_id,
            share=f"{100 * told.coverage:.1f}",
            n=str(told.n_chars),
        )
    )
    if told.kept is not None:
        share = f"{100 * told.kept:.0f}"
        little = told.kept < LITTLE_KEPT
        out.line(say("report_little_kept" if little else "report_kept", lang, share=share))
    for page in told.skipped:
        out.line(say("page_skipped", lang, page=page))
    if told.pages_without_text:
        out.line(say("report_bare", lang, pages=", ".join(map(str, told.pages_without_text))))
    for problem in told.ignored:
        out.line(say("report_ignored", lang, problem=problem))
    for one in told.findings:
        out.line()
        out.line(_sentence(one, lang))
        out.line(one.quote, indent="    ")
        if one.toml:
            out.dim(one.toml, indent="    ") if sys.stdout.isatty() else print(one.toml)
    if not told.findings:
        out.line(say("report_nothing", lang))


def _sentence(one: Finding, lang: Lang) -> str:
    from qa.texts import say

    place = say("report_line", lang, number=str(one.number))
    if one.page:
        place = say("report_page", lang, place=place, page=str(one.page))
    detail = say(f"outside_{one.detail}", lang) if one.kind == "outside" else one.detail
    told = say(f"report_{one.kind}", lang, where=one.where, detail=detail)
    return say("report_at", lang, place=place, told=told)
