"""`bulletin read` and `bulletin add`: from files to what is kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
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
    told_line,
    ui_lang,
    usage,
)
from api.cli.keeping import issue_json, told_json
from api.settings import HTML_VARIABLE, Settings, settings_from
from corpus.metadata import Metadata

if TYPE_CHECKING:
    from corpus.archive import Archive
    from corpus.errors import BulletinError
    from corpus.intake import Item, Loader
    from corpus.kept_out import KeptOut
    from corpus.types import Issue
    from qa.query import Lang

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


def path_from(text: str) -> Path:
    """Return a path that is given; an empty one is none, not the current folder."""
    if not text:
        usage("a path is empty, expected a file, folder, zip or pattern")
    return Path(text)


@app.command()
def read(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            parser=path_from,
            help="Text, PDF, HTML, Markdown, DOCX, or a zip of them.",
        ),
    ],
    html: HtmlOption = None,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Show how a file is read, and why; nothing is kept."""
    from api.terminal import show_issue
    from corpus.reader import followed

    read = read_path(file, settings_from(html=html))
    issues = [followed(issue, path=path) for path, issue in read]
    if as_json:
        told = [issue_json(issue, why=True) for issue in issues]
        print_json(told[0] if len(told) == 1 else {"issues": told})
        return
    for issue in issues:
        show_issue(issue, out_to(color), ui_lang(), why=True)


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…",
            parser=path_from,
            help="Files, folders, zips, or patterns: 'news/*.txt'.",
        ),
    ],
    archive: ArchiveOption = None,
    model: ModelOption = None,
    issue_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The issue's id (one file only).")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DAY", help="The day of publication.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What the issue is called.")
    ] = None,
    publication: Annotated[
        str | None, typer.Option("--publication", metavar="NAME", help="The bulletin's name.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an issue even by a quite different text.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also what remove --keep-out took out.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: add what comes or changes, until Ctrl-C.")
    ] = False,
    html: HtmlOption = None,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Read issues and keep them; the same file twice changes nothing.

    What FILE.toml beside a file, or issue.toml in a folder of one, tells is heeded; options go
    before it.
    """
    from corpus.intake import items_of

    settings = settings_from(archive=archive, model=model, html=html)
    options = _options(id=issue_id, date=date, title=title, publication=publication)
    adder = _Adder(
        settings,
        options=options,
        replace=replace,
        reader=_html_reader(settings),
        anyway=anyway,
    )
    if watch:
        _check_one(options, "so it does not go with --watch")
        _watch(paths, adder, as_json=as_json, color=color)
    items, problems = items_of(paths, whole=issue_id is not None)
    if len(items) != 1:
        _check_one(options, "so give one file with it")
    adder.problems += problems
    adder.add_all(items)
    if adder.rows:
        adder.index()
    if as_json:
        errors = [problem_json(problem) for problem in adder.problems]
        print_json({"issues": adder.rows, "errors": errors})
    else:
        _show(adder.rows, color)
    adder.complain(as_json=as_json)
    raise typer.Exit(BAD_INPUT if adder.problems else OK)


@dataclass(slots=True)
class _Adder:
    """Keeps issues, and what became of each file."""

    settings: Settings
    options: Metadata
    replace: bool
    reader: str
    anyway: bool = False
    rows: list[Row] = field(default_factory=list)
    problems: list[BulletinError] = field(default_factory=list)
    _kept: dict[tuple[str, str], str] | None = None
    _kept_out: list[KeptOut] = field(default_factory=list)
    _added: dict[str, str] = field(default_factory=dict)  # issue to the path that it was read from
    _hinted: set[str] = field(default_factory=set)
    _has_replaced: bool = False

    def add_all(self, items: Sequence[Item]) -> None:
        """Keep issues; where a person stops it, say how many are kept."""
        from corpus.errors import IssueConflictError, SourceError
        from corpus.intake import Loader
        from qa.texts import say

        try:
            with Loader() as loader:
                for item in progress_bar(items, "reading"):
                    try:
                        self.rows.append(self._add(item, loader))
                    except (SourceError, IssueConflictError) as exc:
                        self.problems.append(exc)
        except KeyboardInterrupt:
            told = say("add_stopped", ui_lang(), n=str(len(self.rows)), total=str(len(items)))
            print(f"bulletin: {told}", file=sys.stderr)
            raise

    def _add(self, item: Item, loader: Loader) -> Row:
        """Keep one issue, unless the same file with the same sidecar and options is kept.

        The first one makes the archive.
        """
        from corpus.apart import set_apart
        from corpus.archive import Archive
        from corpus.errors import IssueConflictError
        from corpus.intake import sidecar_of
        from corpus.kept_out import bytes_digest, matching
        from corpus.reader import followed, read_bytes
        from corpus.rows import digest_of

        data, sidecar = loader.load(item), sidecar_of(item)
        key = item.name, digest_of(data, sidecar=sidecar, options=self.options)
        if kept_as := self._files().get(key):
            with Archive.open(self.settings.archive) as kept:
                return _row(kept, kept_as, item, "unchanged")
        if out := matching(self._kept_out, digest=bytes_digest(data)):
            return _row(None, out.id, item, "kept_out")
        issue = read_bytes(
            data,
            name=item.name,
            path=item.path,
            reader=self.reader,
            sidecar=sidecar,
            options=self.options,
        )
        followed(issue, path=item.path)
        if self._files() and not self.replace:
            with Archive.open(self.settings.archive) as kept:
                issue = set_apart(issue, kept=kept)
        if matching(self._kept_out, issue_id=issue.id):
            return _row(None, issue.id, item, "kept_out")
        other = self._added.setdefault(issue.id, item.path)
        if other != item.path and not self.replace:
            raise IssueConflictError(item.path, issue.id, other=other)
        with Archive.open(self.settings.archive, create=True) as kept:
            before = kept.told_otherwise(issue)
            replaced = _replaced(kept, issue, item)
            outcome = kept.add(issue, replace=self.replace)
            files = self._files()
            if outcome == "replaced":  # what it replaced is kept no more
                self._has_replaced = True
                ids = {issue.id, *before}
                for gone in [one for one, issue_id in files.items() if issue_id in ids]:
                    del files[gone]
            files[key] = issue.id
            row = _row(kept, issue.id, item, outcome)
            return row | {
                "told": told_json(issue),
                "in_place_of": before,
                "replaced": replaced,
                "named": issue.named,
                "skipped": issue.source.skipped,
                "kept": issue.source.share_kept,
                "same_bytes": kept.same_bytes(issue),
            }

    def _files(self) -> dict[tuple[str, str], str]:
        """Return which files are kept, read from the archive once, with what is kept out of it."""
        from api.service import has_archive
        from corpus.archive import Archive

        if self._kept is None:
            self._kept = {}
            if has_archive(self.settings):
                with Archive.open(self.settings.archive) as kept:
                    self._kept = kept.files()
                    self._kept_out = [] if self.anyway else kept.kept_out()
        return self._kept

    def complain(self, *, as_json: bool) -> None:
        """Say what could not be kept, and once what to do about it."""
        for problem in self.problems:
            complain(problem, as_json=as_json, hinted=self._hinted)
            self._hinted.add(problem.hint)

    def index(self) -> None:
        """Bring the indexes up to date, and take what was replaced from the file itself."""
        from corpus.archive import Archive

        with Archive.open(self.settings.archive) as kept:
            if self._has_replaced:
                kept.scrub()
                self._has_replaced = False
            bring_up_to_date(kept, self.settings)


def _watch(
    paths: Sequence[Path], adder: _Adder, *, as_json: bool, color: str, look_s: float = _LOOK_S
) -> NoReturn:
    """Add what is there and what comes, and say what was done, until a person stops it.

    Args:
        paths: Files, folders and patterns.
        adder: Keeps what comes.
        as_json: Whether what was done is said as JSON.
        color: `auto`, `always` or `never`.
        look_s: Seconds between two looks.

    Raises:
        SourceError: If a path is not there.
        typer.Exit: Once it is stopped.
    """
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
            adder.complain(as_json=as_json)
            adder.rows.clear()
            adder.problems.clear()
            sys.stdout.flush()
            time.sleep(look_s)
    except KeyboardInterrupt:
        print(f"bulletin: {say('watch_ended', ui_lang())}", file=sys.stderr)
        raise typer.Exit(OK) from None


def _show(rows: Iterable[Row], color: str, *, as_json: bool = False) -> None:
    """Print what became of files, a line each."""
    from api.words import size_of, word

    out, lang = out_to(color), ui_lang()
    for row in rows:
        if as_json:
            print_json(row)
        else:
            if row["outcome"] == "kept_out":
                out.line(word("kept_out", lang, source=row["source"], id=row["id"]))
                continue
            size = size_of(row["n_articles"], row["n_passages"], lang)
            out.line(f"{word(row['outcome'], lang)} {row['id']}  {row['source']}  {size}")
            if row["in_place_of"]:
                before = ("、" if lang == "zh" else ", ").join(row["in_place_of"])
                out.dim(word("in_place_of", lang, issues=before), indent="  ")
            if row["replaced"]:
                out.line(f"  {word('another_text', lang, **_before(row))}")
            if row["told"]:
                out.dim(told_line(row["told"]), indent="  ")
            _warn(row, lang)


def _warn(row: Row, lang: Lang) -> None:
    """Say what is to be settled about a file that was kept."""
    from api.words import word
    from corpus.errors import listed
    from corpus.report import LITTLE_KEPT
    from qa.texts import say

    if row["named"]:
        printed = row["told"]["date"]["value"]
        said = word("named", lang, source=row["source"], named=row["named"], day=printed)
        print(f"bulletin: {said}", file=sys.stderr)
    for page in row["skipped"]:
        said = say("page_skipped", lang, page=page)
        print(f"bulletin: {row['source']}: {said}", file=sys.stderr)
    if row["kept"] is not None and row["kept"] < LITTLE_KEPT:
        said = say("report_little_kept", lang, share=f"{100 * row['kept']:.0f}")
        print(f"bulletin: {row['source']}: {said}", file=sys.stderr)
    for key in ("older", "without_sidecar"):
        if row["replaced"] and row["replaced"][key]:
            said = word(key, lang, source=row["source"], id=row["id"], **_before(row))
            print(f"bulletin: {said}", file=sys.stderr)
    if row["same_bytes"]:
        names = [f"{name} ({issue_id})" for issue_id, name in row["same_bytes"].items()]
        others = listed(names, between="、" if lang == "zh" else ", ")
        said = word("same_bytes", lang, source=row["source"], id=row["id"], others=others)
        print(f"bulletin: {said}", file=sys.stderr)


def _replaced(kept: Archive, issue: Issue, item: Item) -> Row | None:
    """Return what is to be replaced by another text, or by the same without its sidecar.

    None where nothing is, or where the sidecar alone is another.
    """
    added = kept.added(issue.id)
    if added is None:
        return None
    before = kept.source(issue.id)
    without_sidecar = bool(before.sidecar) and issue.source.sidecar is None
    if before.data == issue.source.data and not without_sidecar:
        return None
    changed_s = max(file.stat().st_mtime for file in item.files)
    return {
        "source": before.name,
        "added": added,
        "older": changed_s < datetime.fromisoformat(added).timestamp(),
        "without_sidecar": without_sidecar,
    }


def _before(row: Row) -> dict[str, str]:
    """Return what is said of an issue that was replaced: its file, and the day it was added."""
    from corpus.reader import DAY_CHARS

    replaced = row["replaced"]
    return {"before": replaced["source"], "day": replaced["added"][:DAY_CHARS]}


def _row(kept: Archive | None, issue_id: str, item: Item, outcome: str) -> Row:
    """Return what became of a file; nothing is told anew of one that was not read, or kept."""
    n_articles, n_passages = kept.size_of(issue_id) if kept else (0, 0)
    return {
        "id": issue_id,
        "outcome": outcome,
        "source": item.name,
        "n_articles": n_articles,
        "n_passages": n_passages,
        "told": {},
        "in_place_of": [],
        "replaced": None,
        "named": None,
        "skipped": [],
        "kept": None,
        "same_bytes": {},
    }


def _options(**told: str | None) -> Metadata:
    """Return what the options tell of an issue."""
    from corpus.sidecar import checked

    try:
        given = {name: value for name, value in told.items() if value is not None}
        return Metadata(**{name: checked(name, value) for name, value in given.items()})
    except ValueError as exc:
        usage(f"--{exc}")


def _check_one(options: Metadata, problem: str) -> None:
    """Refuse options that tell of one issue where there are several."""
    for name, value in asdict(options).items():
        if value and name != "publication":
            usage(f"--{name} tells of one issue, {problem}")


def read_path(path: Path, settings: Settings) -> list[tuple[str, Issue]]:
    """Return the issues that a path leads to, with what messages call each; nothing is kept.

    Raises:
        SourceError: If one of them cannot be read.
    """
    from corpus.intake import Loader, items_of, read_item

    reader = _html_reader(settings)
    items, problems = items_of([path])
    for problem in problems:
        raise problem
    with Loader() as loader:
        return [
            (item.path, read_item(item, loader=loader, reader=reader, options=Metadata()))
            for item in items
        ]


def _html_reader(settings: Settings) -> str:
    """Return what reads web pages, as `corpus.sources.source_of` names it."""
    if settings.html not in _HTML:
        usage(f"--html or {HTML_VARIABLE} is {settings.html!r}, expected own or trafilatura")
    return _HTML[settings.html]
