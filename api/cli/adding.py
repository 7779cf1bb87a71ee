"""`bulletin read` and `bulletin add`: from files to what is kept."""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from api.cli.common import (
    BAD_INPUT,
    OK,
    ArchiveOption,
    ColorOption,
    JsonOption,
    ModelOption,
    app,
    bring_up_to_date,
    complain,
    out_to,
    print_json,
    problem_json,
    progress_bar,
    ui_lang,
    usage,
)
from api.settings import HTML_VARIABLE, Settings, settings_from

if TYPE_CHECKING:
    from corpus.archive import Archive
    from corpus.errors import BulletinError
    from corpus.intake import Item

_LOOK_S = 1.0  # between two looks at a folder that is watched
_HTML = {"own": "", "trafilatura": "trafilatura"}
HtmlOption = Annotated[
    str | None,
    typer.Option(
        "--html",
        metavar="NAME",
        help=f"What finds the text of web pages, own or trafilatura (else {HTML_VARIABLE}).",
        show_default=False,
    ),
]
Row = dict[str, Any]


@app.command()
def read(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            readable=False,
            help="Text, PDF, HTML, Markdown, DOCX, or a zip of them.",
        ),
    ],
    html: HtmlOption = None,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Show how a file is read, and why; nothing is kept."""
    from api.cli.keeping import issue_json
    from api.terminal import show_issue
    from corpus.intake import items_of, load
    from corpus.reader import read_bytes

    reader = _html_reader(settings_from(html=html))
    items, problems = items_of([file])
    for problem in problems:
        raise problem
    issues = [
        read_bytes(load(item), name=item.name, path=item.path, reader=reader) for item in items
    ]
    if as_json:
        told = [issue_json(issue, why=True) for issue in issues]
        print_json(told[0] if len(told) == 1 else {"issues": told})
        return
    for issue in issues:
        show_issue(issue, out_to(color), why=True)


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…", readable=False, help="Files, folders, zips, or patterns: 'news/*.txt'."
        ),
    ],
    archive: ArchiveOption = None,
    model: ModelOption = None,
    issue_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The issue's id (one file only).")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an issue even by a quite different text.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: add what comes or changes, until Ctrl-C.")
    ] = False,
    html: HtmlOption = None,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Read issues and keep them; the same file twice changes nothing."""
    from corpus.intake import items_of

    settings = settings_from(archive=archive, model=model, html=html)
    adder = _Adder(settings, issue_id=issue_id, replace=replace, reader=_html_reader(settings))
    if watch:
        if issue_id is not None:
            usage("--id names one issue, so it does not go with --watch")
        _watch(paths, adder, as_json=as_json, color=color)
    items, problems = items_of(paths, whole=issue_id is not None)
    _check_id(issue_id, items)
    adder.problems += problems
    adder.add_all(items)
    if adder.rows:
        adder.index()
    if as_json:
        errors = [problem_json(problem) for problem in adder.problems]
        print_json({"issues": adder.rows, "errors": errors})
    else:
        _show(adder.rows, color)
    for problem in adder.problems:
        complain(problem, as_json=as_json)
    raise typer.Exit(BAD_INPUT if adder.problems else OK)


@dataclass(slots=True)
class _Adder:
    """Keeps issues, and what became of each file."""

    settings: Settings
    issue_id: str | None
    replace: bool
    reader: str
    rows: list[Row] = field(default_factory=list)
    problems: list[BulletinError] = field(default_factory=list)
    _kept: dict[tuple[str, str], str] | None = None

    def add_all(self, items: Sequence[Item]) -> None:
        """Keep issues; where a person stops it, say how many are kept."""
        from corpus.errors import IssueConflictError, SourceError
        from qa.texts import say

        try:
            for item in progress_bar(items, "reading"):
                try:
                    self.rows.append(self._add(item))
                except (SourceError, IssueConflictError) as exc:
                    self.problems.append(exc)
        except KeyboardInterrupt:
            told = say("add_stopped", ui_lang(), n=str(len(self.rows)), total=str(len(items)))
            print(f"bulletin: {told}", file=sys.stderr)
            raise

    def _add(self, item: Item) -> Row:
        """Keep one issue, unless the same file is kept; the first one makes the archive."""
        from corpus.archive import Archive
        from corpus.intake import load
        from corpus.reader import read_bytes

        data = load(item)
        key = item.name, hashlib.sha256(data).hexdigest()
        kept_as = self._files().get(key)
        if kept_as and self.issue_id in (None, kept_as):
            with Archive.open(self.settings.archive) as kept:
                return _row(kept, kept_as, item, "unchanged")
        issue = read_bytes(
            data, name=item.name, path=item.path, issue_id=self.issue_id, reader=self.reader
        )
        with Archive.open(self.settings.archive, create=True) as kept:
            outcome = kept.add(issue, replace=self.replace)
            self._files()[key] = issue.id
            return _row(kept, issue.id, item, outcome)

    def _files(self) -> dict[tuple[str, str], str]:
        """Return which files are kept, read from the archive once."""
        from api.service import has_archive
        from corpus.archive import Archive

        if self._kept is None:
            self._kept = {}
            if has_archive(self.settings):
                with Archive.open(self.settings.archive) as kept:
                    self._kept = kept.files()
        return self._kept

    def index(self) -> None:
        """Bring the indexes up to date."""
        from corpus.archive import Archive

        with Archive.open(self.settings.archive) as kept:
            bring_up_to_date(kept, self.settings)


def _watch(paths: Sequence[Path], adder: _Adder, *, as_json: bool, color: str) -> NoReturn:
    """Add what is there and what comes, and say what was done, until a person stops it."""
    from corpus.errors import SourceError
    from corpus.watching import Watch
    from qa.texts import say

    for path in paths:
        if not path.exists() and not any(char in str(path) for char in "*?["):
            raise SourceError(str(path), "is not there, so it cannot be watched")
    watch = Watch(paths)
    print(f"bulletin: {say('watching', ui_lang())}", file=sys.stderr, flush=True)
    try:
        while True:
            items, problems = watch.due()
            adder.problems += problems
            adder.add_all(items)
            if any(row["outcome"] != "unchanged" for row in adder.rows):
                adder.index()
            _show(adder.rows, color, as_json=as_json)
            for problem in adder.problems:
                complain(problem, as_json=as_json)
            adder.rows.clear()
            adder.problems.clear()
            sys.stdout.flush()
            time.sleep(_LOOK_S)
    except KeyboardInterrupt:
        print(f"bulletin: {say('watch_ended', ui_lang())}", file=sys.stderr)
        raise typer.Exit(OK) from None


def _show(rows: Iterable[Row], color: str, *, as_json: bool = False) -> None:
    """Print what became of files, a line each."""
    out = out_to(color)
    for row in rows:
        if as_json:
            print_json(row)
        else:
            out.line(
                f"{row['outcome']} {row['id']}  {row['source']}  "
                f"{row['n_articles']} articles, {row['n_passages']} passages"
            )


def _row(kept: Archive, issue_id: str, item: Item, outcome: str) -> Row:
    n_articles, n_passages = kept.size_of(issue_id)
    return {
        "id": issue_id,
        "outcome": outcome,
        "source": item.name,
        "n_articles": n_articles,
        "n_passages": n_passages,
    }


def _check_id(issue_id: str | None, items: Sequence[Item]) -> None:
    if issue_id is not None and len(items) != 1:
        usage("--id names one issue, so give one file with it")
    if issue_id is not None and not re.fullmatch(r"[\w.-]{1,64}", issue_id):
        usage(f"--id is {issue_id!r}, expected up to 64 letters, digits, dots and dashes")


def _html_reader(settings: Settings) -> str:
    """Return what reads web pages, as `corpus.sources.source_of` names it."""
    if settings.html not in _HTML:
        usage(f"--html or {HTML_VARIABLE} is {settings.html!r}, expected own or trafilatura")
    return _HTML[settings.html]
