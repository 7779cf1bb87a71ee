"""The commands that read issues, keep them and show what is kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import (
    BAD_INPUT,
    MISMATCH,
    OK,
    ArchiveOption,
    ColorOption,
    JsonOption,
    ModelOption,
    app,
    complain,
    is_watched,
    opened,
    out_to,
    print_json,
    problem_json,
    progress_bar,
    told_line,
    usage,
)
from api.settings import Settings, settings_from
from corpus.metadata import Metadata
from corpus.types import iso

if TYPE_CHECKING:
    from corpus.archive import Archive
    from corpus.errors import BulletinError
    from corpus.types import Article, Issue


_ENDINGS = (".txt", ".pdf")


@app.command()
def read(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", readable=False, help="A text file in UTF-8 or GB18030, or a PDF."
        ),
    ],
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Show how a file is read, and why; nothing is kept."""
    from api.terminal import show_issue
    from corpus.reader import read_issue

    issue = read_issue(file)
    if as_json:
        print_json(_issue_json(issue, why=True))
    else:
        show_issue(issue, out_to(color), why=True)


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", readable=False, help="Files, or folders of .txt and .pdf."),
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
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Read issues and keep them; the same file twice changes nothing.

    What FILE.toml beside a file, or issue.toml in a folder of one, tells is heeded; options go
    before it.
    """
    from corpus.archive import Archive
    from corpus.errors import IssueConflictError, SourceError

    settings = settings_from(archive=archive, model=model)
    rows: list[dict[str, Any]] = []
    problems: list[BulletinError] = []
    files = _all_text_files(paths, problems)
    options = _options(files, id=issue_id, date=date, title=title, publication=publication)
    for file in progress_bar(files, "reading"):
        try:
            rows.append(_add_one(file, settings, options=options, replace=replace))
        except (SourceError, IssueConflictError) as exc:
            problems.append(exc)
    if rows:
        with Archive.open(settings.archive) as kept:
            _index(kept, settings)
    if as_json:
        print_json({"issues": rows, "errors": [problem_json(problem) for problem in problems]})
    else:
        out = out_to(color)
        for row in rows:
            out.line(
                f"{row['outcome']} {row['id']}  {row['source']}  "
                f"{row['n_articles']} articles, {row['n_passages']} passages"
            )
            out.dim(told_line(row["told"]), indent="  ")
    for problem in problems:
        complain(problem, as_json=as_json)
    raise typer.Exit(BAD_INPUT if problems else OK)


def _index(kept: Archive, settings: Settings) -> None:
    """Bring the indexes up to date; what is done stays done where a person stops it."""
    from api.service import open_finder
    from qa.rank import Finder

    batches = range(Finder.pending(kept, model=settings.model)) if is_watched() else ()
    ticks = iter(progress_bar(batches, "indexing"))
    open_finder(kept, settings, progress=(None for _ in ticks))
    for _ in ticks:
        pass


def _add_one(file: Path, settings: Settings, *, options: Metadata, replace: bool) -> dict[str, Any]:
    """Keep the issue of one file; the archive is made with the first file that can be read."""
    from corpus.archive import Archive
    from corpus.reader import read_issue

    issue = read_issue(file, options=options)
    with Archive.open(settings.archive, create=True) as kept:
        outcome = kept.add(issue, replace=replace)
    return {
        "id": issue.id,
        "outcome": outcome,
        "source": file.name,
        "n_articles": len(issue.articles),
        "n_passages": len(issue.passages),
        "told": _told_json(issue),
    }


def _told_json(issue: Issue) -> dict[str, dict[str, str]]:
    """Return what is known of an issue as a whole, and where each part comes from."""
    known = {
        "id": issue.id,
        "date": iso(issue.date),
        "title": issue.title,
        "publication": issue.name,
    }
    return {
        name: {"value": value, "from": who}
        for name, who in issue.origins
        if (value := known[name]) is not None
    }


@app.command(name="list")
def list_issues(
    archive: ArchiveOption = None, as_json: JsonOption = False, color: ColorOption = "auto"
) -> None:
    """List the issues that are kept."""
    from dataclasses import asdict

    with opened(settings_from(archive=archive)) as kept:
        rows = kept.issues()
    if as_json:
        print_json({"issues": [{**asdict(row), "date": iso(row.date)} for row in rows]})
        return
    out = out_to(color)
    for row in rows:
        facts = [row.name, f"no. {row.number}" if row.number else None, row.date]
        facts.append(row.title)
        told = " ".join(str(fact) for fact in facts if fact)
        size = f"{row.n_articles} articles, {row.n_passages} passages"
        out.line(f"{row.id}  {size}  {row.source}  {told}".rstrip())


@app.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="An issue, article or passage.")],
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Show an issue's contents, an article or a passage."""
    from api.terminal import passage_json, show_article, show_issue

    with opened(settings_from(archive=archive)) as kept:
        depth = wanted.strip("/").count("/")
        if depth == 0:
            issue = kept.issue(wanted.strip("/"))
            print_json(_issue_json(issue)) if as_json else show_issue(issue, out_to(color))
        elif depth == 1:
            article = kept.article(wanted)
            print_json(_article_json(article)) if as_json else show_article(article, out_to(color))
        else:
            passage = kept.places([wanted])[0].passage
            if as_json:
                print_json(passage_json(passage))
            else:
                out_to(color).line(passage.text)


@app.command()
def remove(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="The issue's id.")],
    archive: ArchiveOption = None,
) -> None:
    """Forget an issue and all that was read from it."""
    from corpus.archive import Archive

    settings = settings_from(archive=archive)
    with Archive.open(settings.archive) as kept:
        kept.remove(issue)
        _index(kept, settings)
    print(f"removed {issue}")


@app.command()
def export(
    archive: ArchiveOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, the only form there is.")
    ] = True,
) -> None:
    """Print all that is kept as one JSON object."""
    with opened(settings_from(archive=archive)) as kept:
        print_json({"issues": [_issue_json(kept.issue(row.id)) for row in kept.issues()]})


@app.command()
def verify(archive: ArchiveOption = None, as_json: JsonOption = False) -> None:
    """Check all that is kept, to the last byte; exit 8 if anything is wrong.

    Every kept text is held against its place in the kept source; the database and the indexes
    are read through.
    """
    from dataclasses import asdict

    from corpus.derived import verify as verify_indexes
    from corpus.safety import damage

    with opened(settings_from(archive=archive)) as kept:
        damaged = damage(kept)
        wrong = kept.verify()
        total = kept.n_passages()
        if kept.path:
            damaged += [f"{one}; {one.hint}" for one in verify_indexes(kept.path / "index")]
    if as_json:
        mismatches = [asdict(one) for one in wrong]
        print_json({"n_passages": total, "mismatches": mismatches, "damaged": damaged})
    else:
        for line in damaged:
            print(line)
        for one in wrong:
            print(f"{one.id}: kept {one.kept!r}, the source has {one.found!r}")
        print(f"{total} passages, {len(wrong)} mismatches, {len(damaged)} damaged")
    raise typer.Exit(MISMATCH if wrong or damaged else OK)


def _options(files: Sequence[Path], **told: str | None) -> Metadata:
    """Return what the options tell of one file's issue."""
    from corpus.sidecar import checked

    known: dict[str, str] = {}
    for name, value in told.items():
        if value is None:
            continue
        if name != "publication" and len(files) != 1:
            usage(f"--{name} tells of one issue, so give one file with it")
        try:
            known[name] = checked(name, value)
        except ValueError as exc:
            usage(f"--{exc}")
    return Metadata(**known)


def _all_text_files(paths: Iterable[Path], problems: list[BulletinError]) -> list[Path]:
    """Return all files to read; what cannot be looked into is added to the problems."""
    from corpus.errors import SourceError

    files: list[Path] = []
    for path in paths:
        try:
            files += _text_files(path)
        except SourceError as exc:
            problems.append(exc)
    return files


def _text_files(path: Path) -> list[Path]:
    """Return a file, or the text files below a folder, sorted.

    Raises:
        SourceError: If a folder holds none, or one of its folders cannot be listed.
    """
    from corpus.errors import SourceError

    if not path.is_dir():
        return [path]

    def fail(problem: OSError) -> None:
        raise SourceError(str(problem.filename), (problem.strerror or str(problem)).lower())

    found = [
        Path(folder) / name
        for folder, _, names in os.walk(path, onerror=fail)
        for name in names
        if name.lower().endswith(_ENDINGS)
    ]
    if not found:
        raise SourceError(str(path), "holds no .txt or .pdf file")
    return sorted(found)


def _issue_json(issue: Issue, *, why: bool = False) -> dict[str, Any]:
    from api.terminal import piece_json

    told: dict[str, Any] = {
        "id": issue.id,
        "name": issue.name,
        "date": iso(issue.date),
        "number": issue.number,
        "title": issue.title,
        "source": issue.source.name,
        "encoding": issue.source.encoding,
        "articles": [_article_json(article, why=why) for article in issue.articles],
    }
    if why:
        told["told"] = _told_json(issue)
        told["furniture"] = [piece_json(piece) for piece in issue.furniture]
    return told


def _article_json(article: Article, *, why: bool = False) -> dict[str, Any]:
    from api.terminal import passage_json

    told: dict[str, Any] = {
        "id": article.id,
        "headline": article.headline.text if article.headline else None,
        "subtitle": article.subtitle.text if article.subtitle else None,
        "kicker": article.kicker.text if article.kicker else None,
        "bylines": [{"role": byline.role, "name": byline.name} for byline in article.bylines],
        "date": iso(article.date),
        "kind": article.kind,
        "section": article.section,
        "passages": [passage_json(passage) for passage in article.passages],
    }
    if why:
        told |= {"confidence": article.confidence, "why": article.why}
        told["headline_ranges"] = article.headline.ranges if article.headline else []
    return told
