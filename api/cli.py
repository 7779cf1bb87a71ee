"""The command `bulletin`: results on stdout, everything else on stderr, exit codes as documented.

Heavy modules are imported by the command that needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from api.settings import ARCHIVE_VARIABLE, MODEL_VARIABLE, Settings, settings_from

if TYPE_CHECKING:
    from api.terminal import Terminal
    from corpus.archive import Archive
    from corpus.errors import BulletinError
    from corpus.types import Article, Issue

OK, NOTHING_FOUND, USAGE, NO_INDEX, BAD_INPUT, MISMATCH, BUG = 0, 1, 2, 3, 6, 8, 70
INTERRUPTED, TERMINATED = 130, 143

app = typer.Typer(
    name="bulletin",
    help='Ask a printed bulletin. `bulletin "QUESTION"` is short for `bulletin ask "QUESTION"`.',
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
model_app = typer.Typer(help="The embedding model.", rich_markup_mode=None)
app.add_typer(model_app, name="model")

ArchiveOption = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        metavar="DIR",
        help=f"The archive's folder (else {ARCHIVE_VARIABLE}, else the XDG data directory).",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help=f"A sentence-transformers model or folder (else {MODEL_VARIABLE}, else the shipped one).",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
LimitOption = Annotated[
    int, typer.Option("-n", "--limit", min=1, max=100, help="How many at most.")
]
ColorOption = Annotated[str, typer.Option("--color", help="auto, always or never.")]
LangOption = Annotated[
    str | None,
    typer.Option("--lang", help="Our own words in zh or en; else the question's language."),
]
QuestionArgument = Annotated[
    str | None, typer.Argument(metavar="QUESTION", help="The question; - reads it from stdin.")
]


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("-V", "--version", help="Print the version and stop.")
    ] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        print(version_of("bulletin-qa"))
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit


@app.command()
def ask(
    question: QuestionArgument = None,
    archive: ArchiveOption = None,
    model: ModelOption = None,
    limit: LimitOption = 5,
    lang: LangOption = None,
    quotes: Annotated[bool, typer.Option("--quotes", help="Repeat each quote below it.")] = False,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Answer a question with citations; exit 1 when the bulletin does not say."""
    from api.service import open_answerer
    from api.terminal import show_answer
    from qa.native import to_json

    text = _question(question)
    if lang not in (None, "zh", "en"):
        _usage(f"--lang is {lang!r}, expected zh or en")
    settings = settings_from(archive=archive, model=model)
    with _opened(settings) as kept:
        answer = open_answerer(kept, settings).answer(
            text, limit=limit, lang="zh" if lang == "zh" else "en" if lang == "en" else None
        )
    if as_json:
        _print_json(to_json(answer))
    else:
        show_answer(answer, _out(color), _err(color), quotes=quotes)
    raise typer.Exit(NOTHING_FOUND if answer.status == "no_answer" else OK)


@app.command()
def search(
    query: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="- reads it from stdin.")
    ] = None,
    archive: ArchiveOption = None,
    model: ModelOption = None,
    limit: LimitOption = 10,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """List the passages that fit best, best first; exit 1 when there are none."""
    from api.service import open_finder
    from qa.query import parse

    text = _question(query)
    settings = settings_from(archive=archive, model=model)
    with _opened(settings) as kept:
        finder = open_finder(kept, settings)
        hits = finder.search(parse(text), k=limit)
        places = finder.places([hit.passage_id for hit in hits])
    rows = [
        {
            "passage_id": hit.passage_id,
            "score": hit.score,
            "issue": place.issue_id,
            "date": _iso(place.article.date or place.issue_date),
            "headline": place.article.headline.text if place.article.headline else None,
            "text": place.passage.text,
            "ranges": place.passage.ranges,
            "features": hit.features,
        }
        for hit, place in zip(hits, places, strict=True)
    ]
    if as_json:
        _print_json({"hits": rows})
    else:
        out = _out(color)
        for n, row in enumerate(rows, start=1):
            out.bold(f"{n}. {row['passage_id']}  {row['headline'] or ''}".rstrip())
            out.line(str(row["text"]), indent="   ")
    raise typer.Exit(OK if rows else NOTHING_FOUND)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text file in UTF-8 or GB18030.")],
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Show how a file is read, and why; nothing is kept."""
    from api.terminal import show_issue
    from corpus.reader import read_issue

    issue = read_issue(file)
    if as_json:
        _print_json(_issue_json(issue, why=True))
    else:
        show_issue(issue, _out(color), why=True)


@app.command()
def add(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files, or folders of .txt.")
    ],
    archive: ArchiveOption = None,
    model: ModelOption = None,
    issue_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The issue's id (one file only).")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an issue even by a quite different text.")
    ] = False,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Read issues and keep them; the same file twice changes nothing."""
    from api.service import open_finder
    from corpus.archive import Archive

    settings = settings_from(archive=archive, model=model)
    files = list(_text_files(paths))
    if issue_id is not None and len(files) != 1:
        _usage("--id names one issue, so give one file with it")
    rows: list[dict[str, Any]] = []
    problems: list[BulletinError] = []
    with Archive.open(settings.archive, create=True) as kept:
        for file in _progress(files, "reading"):
            _add_one(kept, file, rows, problems, issue_id=issue_id, replace=replace)
        if kept.n_passages():
            batches = range(kept.n_passages() // 512 + 1)
            open_finder(kept, settings, progress=(None for _ in _progress(batches, "indexing")))
    if as_json:
        _print_json({"issues": rows, "errors": [_problem(problem) for problem in problems]})
    else:
        out = _out(color)
        for row in rows:
            out.line(
                f"{row['outcome']} {row['id']}  {row['source']}  "
                f"{row['n_articles']} articles, {row['n_passages']} passages"
            )
    for problem in problems:
        _complain(problem, as_json=as_json)
    raise typer.Exit(BAD_INPUT if problems else OK)


def _add_one(
    kept: Archive,
    file: Path,
    rows: list[dict[str, Any]],
    problems: list[BulletinError],
    *,
    issue_id: str | None,
    replace: bool,
) -> None:
    from corpus.errors import IssueConflict, SourceError
    from corpus.reader import read_issue

    try:
        issue = read_issue(file, issue_id=issue_id)
        outcome = kept.add(issue, replace=replace)
    except (SourceError, IssueConflict) as exc:
        problems.append(exc)
        return
    rows.append(
        {
            "id": issue.id,
            "outcome": outcome,
            "source": file.name,
            "n_articles": len(issue.articles),
            "n_passages": len(issue.passages),
        }
    )


@app.command(name="list")
def list_issues(
    archive: ArchiveOption = None, as_json: JsonOption = False, color: ColorOption = "auto"
) -> None:
    """List the issues that are kept."""
    from dataclasses import asdict

    with _opened(settings_from(archive=archive)) as kept:
        rows = kept.issues()
    if as_json:
        _print_json({"issues": [{**asdict(row), "date": _iso(row.date)} for row in rows]})
        return
    out = _out(color)
    for row in rows:
        facts = [row.name, f"no. {row.number}" if row.number else None, row.date]
        told = " ".join(str(fact) for fact in facts if fact)
        out.line(
            f"{row.id}  {row.n_articles} articles, {row.n_passages} passages  {row.source}  {told}".rstrip()
        )


@app.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="An issue, article or passage.")],
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Show an issue's contents, an article or a passage."""
    from api.terminal import show_article, show_issue

    with _opened(settings_from(archive=archive)) as kept:
        depth = wanted.strip("/").count("/")
        if depth == 0:
            issue = kept.issue(wanted.strip("/"))
            _print_json(_issue_json(issue)) if as_json else show_issue(issue, _out(color))
        elif depth == 1:
            article = kept.article(wanted)
            _print_json(_article_json(article)) if as_json else show_article(article, _out(color))
        else:
            passage = kept.places([wanted])[0].passage
            found = {"id": passage.id, "text": passage.text, "ranges": passage.ranges}
            _print_json(found) if as_json else _out(color).line(passage.text)


@app.command()
def remove(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="The issue's id.")],
    archive: ArchiveOption = None,
) -> None:
    """Forget an issue and all that was read from it."""
    from corpus.archive import Archive

    with Archive.open(settings_from(archive=archive).archive) as kept:
        kept.remove(issue)
    print(f"removed {issue}")


@app.command()
def export(
    archive: ArchiveOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, the only form there is.")
    ] = True,
) -> None:
    """Print all that is kept as one JSON object."""
    with _opened(settings_from(archive=archive)) as kept:
        _print_json({"issues": [_issue_json(kept.issue(row.id)) for row in kept.issues()]})


@app.command()
def verify(archive: ArchiveOption = None, as_json: JsonOption = False) -> None:
    """Check every kept text against its place in the kept source; exit 8 if one differs."""
    from dataclasses import asdict

    with _opened(settings_from(archive=archive)) as kept:
        wrong = kept.verify()
        total = kept.n_passages()
    if as_json:
        _print_json({"n_passages": total, "mismatches": [asdict(one) for one in wrong]})
    else:
        for one in wrong:
            print(f"{one.id}: kept {one.kept!r}, the source has {one.found!r}")
        print(f"{total} passages, {len(wrong)} mismatches")
    raise typer.Exit(MISMATCH if wrong else OK)


@model_app.command("export")
def model_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
) -> None:
    """Write the shipped model as a sentence-transformers folder."""
    from embeddings.encoder import export_model

    export_model(folder)
    print(f"wrote {folder}")


def _issue_json(issue: Issue, *, why: bool = False) -> dict[str, Any]:
    from api.terminal import piece_json

    told: dict[str, Any] = {
        "id": issue.id,
        "name": issue.name,
        "date": _iso(issue.date),
        "number": issue.number,
        "source": issue.source.name,
        "encoding": issue.source.encoding,
        "articles": [_article_json(article, why=why) for article in issue.articles],
    }
    if why:
        told["furniture"] = [piece_json(piece) for piece in issue.furniture]
    return told


def _article_json(article: Article, *, why: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": article.id,
        "headline": article.headline.text if article.headline else None,
        "subtitle": article.subtitle.text if article.subtitle else None,
        "kicker": article.kicker.text if article.kicker else None,
        "bylines": [{"role": byline.role, "name": byline.name} for byline in article.bylines],
        "date": _iso(article.date),
        "kind": article.kind,
        "section": article.section,
        "passages": [
            {"id": passage.id, "text": passage.text, "ranges": passage.ranges}
            for passage in article.passages
        ],
    }
    if why:
        told |= {"confidence": article.confidence, "why": article.why}
        told["headline_ranges"] = article.headline.ranges if article.headline else []
    return told


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


@contextmanager
def _opened(settings: Settings) -> Iterator[Archive]:
    """Open the archive; say so where the shipped issue stands in for one."""
    from api.service import has_archive, open_archive

    if not has_archive(settings):
        from qa.texts import say

        _err("auto").dim(f"{say('sample', 'en')} ({settings.archive})")
    with open_archive(settings) as kept:
        yield kept


def _text_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.txt")) if path.is_dir() else [path]


def _progress(items: Sequence[Any], what: str) -> Iterable[Any]:
    """Return the items, a progress bar on stderr where a person watches and there is much."""
    if not sys.stderr.isatty() or len(items) < 2:
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=what, console=Console(stderr=True), transient=True)


def _question(given: str | None) -> str:
    """Return the question from the argument, or from stdin for - or a pipe."""
    if given is not None and given != "-":
        return given
    if given is None and sys.stdin.isatty():
        _usage('ask something: bulletin ask "25311目标是什么？"')
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        _usage("stdin is not UTF-8 text")
    if not text:
        _usage("the question on stdin is empty")
    return text


def _usage(problem: str) -> NoReturn:
    raise typer.BadParameter(problem)


def _out(color: str) -> Terminal:
    from api.terminal import Terminal

    if color not in ("auto", "always", "never"):
        _usage(f"--color is {color!r}, expected auto, always or never")
    return Terminal(sys.stdout, color=color)


def _err(color: str) -> Terminal:
    from api.terminal import Terminal

    return Terminal(sys.stderr, color=color)


def _print_json(value: dict[str, Any]) -> None:
    indent = 2 if sys.stdout.isatty() else None
    print(json.dumps(value, ensure_ascii=False, indent=indent, default=str))


def _problem(error: BulletinError) -> dict[str, Any]:
    code = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(error).__name__).strip("_")
    return {
        "title": str(error),
        "detail": error.hint,
        "status": None,
        "error": {"message": str(error), "type": "cli_error", "param": None, "code": code},
    }


def _complain(error: BulletinError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_problem(error), ensure_ascii=False), file=sys.stderr)
        return
    print(f"bulletin: {error}", file=sys.stderr)
    if error.hint:
        print(f"  {error.hint}", file=sys.stderr)


def _exit_code(error: BulletinError) -> int:
    """Return the exit code of an error; one table for all of them."""
    from corpus import errors

    table = {
        errors.SourceError: BAD_INPUT,
        errors.IssueConflict: BAD_INPUT,
        errors.NotInArchive: NOTHING_FOUND,
        errors.ArchiveError: NO_INDEX,
        errors.IndexFormatError: NO_INDEX,
        errors.ModelError: NO_INDEX,
        errors.MissingExtraError: USAGE,
    }
    return next((code for kind, code in table.items() if isinstance(error, kind)), BUG)


def _with_default(arguments: list[str]) -> list[str]:
    """Return the arguments with `ask` put before what reads as a question."""
    from corpus.text import HAN

    if arguments and not arguments[0].startswith("-"):
        first = arguments[0]
        if first not in _commands() and (" " in first or "?" in first or HAN.search(first)):
            return ["ask", *arguments]
    return arguments


def _commands() -> set[str]:
    return {
        "list",
        "model",
        *(info.callback.__name__ for info in app.registered_commands if info.callback),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from corpus.errors import BulletinError

    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = app(_with_default(arguments), prog_name="bulletin", standalone_mode=False)
        sys.stdout.flush()
        return int(code or OK)
    except typer.Exit as exc:
        return exc.exit_code
    except typer.TyperException as exc:
        print(f"bulletin: {exc.format_message()}", file=sys.stderr)
        print("  See: bulletin --help", file=sys.stderr)
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BulletinError as exc:
        _complain(exc, as_json="--json" in arguments)
        return _exit_code(exc)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def run() -> NoReturn:
    """Run as the installed command: a bug becomes one line, not a traceback."""
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = main()
    except Exception as exc:
        if os.environ.get("BULLETIN_DEBUG"):
            raise
        print(f"bulletin: a bug: {type(exc).__name__}: {exc}", file=sys.stderr)
        print("  Please report it; BULLETIN_DEBUG=1 shows the traceback.", file=sys.stderr)
        code = BUG
    sys.exit(code)
