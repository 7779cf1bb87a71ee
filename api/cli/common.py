"""What the commands share: the application, options, exit codes, streams and errors."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from api.settings import (
    ARCHIVE_VARIABLE,
    ENGINE_URI_VARIABLE,
    ENGINE_VARIABLE,
    MODEL_VARIABLE,
    Settings,
)

if TYPE_CHECKING:
    from api.terminal import Terminal
    from corpus.archive import Archive
    from corpus.errors import BulletinError
    from qa.query import Lang

OK, NOTHING_FOUND, USAGE, NO_INDEX, BAD_INPUT, MISMATCH, BUG = 0, 1, 2, 3, 6, 8, 70
IO_ERROR, INTERRUPTED, TERMINATED = 74, 130, 143

app = typer.Typer(
    name="bulletin",
    help=(
        'Ask a printed bulletin. `bulletin "QUESTION"` is short for `bulletin ask "QUESTION"`, '
        "where QUESTION is no command and no single word that is nearly one."
    ),
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
model_app = typer.Typer(help="The embedding model.", rich_markup_mode=None)
app.add_typer(model_app, name="model")
key_app = typer.Typer(help="The keys of the service.", rich_markup_mode=None)
app.add_typer(key_app, name="key")
config_app = typer.Typer(help="The settings of the service.", rich_markup_mode=None)
app.add_typer(config_app, name="config")
engine_app = typer.Typer(help="The engine that finds candidates.", rich_markup_mode=None)
app.add_typer(engine_app, name="engine")
widget_app = typer.Typer(help="The widget for pages of other sites.", rich_markup_mode=None)
app.add_typer(widget_app, name="widget")

ArchiveOption = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        metavar="DIR",
        readable=False,
        help=f"The archive's folder (else {ARCHIVE_VARIABLE}, else the XDG data directory).",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help=f"A sentence-transformers model or folder (else {MODEL_VARIABLE}, else ours).",
        show_default=False,
    ),
]
EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help=f"embedded, or milvus (else {ENGINE_VARIABLE}, else embedded).",
        show_default=False,
    ),
]
EngineUriOption = Annotated[
    str | None,
    typer.Option(
        "--engine-uri",
        metavar="URI",
        help=f"Where the Milvus is: http://host:19530 (else {ENGINE_URI_VARIABLE}).",
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


@contextmanager
def opened(settings: Settings) -> Iterator[Archive]:
    """Open the archive; say so where the shipped issue stands in for one.

    Raises:
        ArchiveError: If an archive was named and is not there.
    """
    from api.service import open_archive

    note_sample(settings)
    with open_archive(settings) as kept, kept.reading():
        yield kept


def note_sample(settings: Settings) -> None:
    """Say so where the shipped issue stands in for an archive.

    Raises:
        ArchiveError: If an archive was named and is not there.
    """
    from api.service import is_sample

    if is_sample(settings):
        from qa.texts import say

        err_to("auto").dim(f"{say('sample', ui_lang())} ({settings.archive})")


def is_watched() -> bool:
    """Tell whether a person watches stderr."""
    return sys.stderr.isatty()


def progress_bar(items: Sequence[Any], what: str) -> Iterable[Any]:
    """Return the items; where a person watches and there is much, stderr tells how far it is.

    It tells how many are done, how many a second, and the time that is left; `what` is a key of
    `api.words`.
    """
    if not is_watched() or len(items) < 2:
        return items
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate())
    progress = Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    )

    from api.words import word

    def shown() -> Iterator[Any]:
        with progress:
            yield from progress.track(items, description=word(what, ui_lang()))

    return shown()


def bring_up_to_date(kept: Archive, settings: Settings) -> None:
    """Bring the indexes and the engine up to date; what is done stays done where this is stopped.

    Raises:
        EngineError: If there is an engine and it cannot be reached.
    """
    from api.service import fill_engine, open_finder
    from qa.rank import Finder

    elsewhere = settings.engine is not None
    pending = Finder.pending(kept, model=settings.model, elsewhere=elsewhere)
    ticks = iter(progress_bar(range(pending if is_watched() else 0), "indexing"))
    if elsewhere:
        fill_engine(kept, settings)
    open_finder(kept, settings, progress=(None for _ in ticks))
    for _ in ticks:
        pass


def question_from(given: str | None) -> str:
    """Return the question from the argument, or from stdin for - or a pipe."""
    from qa.query import MAX_CHARS

    text = _piped(given) if given is None or given == "-" else given
    if not text.strip():
        usage("the question is empty")
    if not text.isprintable() and any("\ud800" <= char <= "\udfff" for char in text):
        usage("the question is not UTF-8 text")
    if len(text) > MAX_CHARS:
        usage(f"the question has {len(text)} characters, expected at most {MAX_CHARS}")
    return text


def _piped(given: str | None) -> str:
    if sys.stdin is None or (given is None and sys.stdin.isatty()):
        usage('ask something: bulletin ask "谁主持了会议？"')
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        usage("stdin is not UTF-8 text")


def ui_lang() -> Lang:
    """Return the language of the terminal's locale, for words that answer no question."""
    told = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "zh" if told.lower().startswith("zh") else "en"


def lang_from(told: str | None) -> Lang | None:
    """Return the language that --lang names."""
    if told not in (None, "zh", "en"):
        usage(f"--lang is {told!r}, expected zh or en")
    return None if told is None else "zh" if told == "zh" else "en"


def shared_lang(question: str) -> Lang | None:
    """Return the terminal's language for a question that has no letters to tell one, as 4321."""
    return None if any(char.isalpha() for char in question) else ui_lang()


def usage(problem: str) -> NoReturn:
    """Stop with exit code 2 and say what is wrong with the call."""
    raise typer.BadParameter(problem)


def out_to(color: str) -> Terminal:
    """Return stdout; `color` is auto, always or never."""
    from api.terminal import Terminal

    if color not in ("auto", "always", "never"):
        usage(f"--color is {color!r}, expected auto, always or never")
    return Terminal(sys.stdout, color=color)


def err_to(color: str) -> Terminal:
    """Return stderr, for everything that is not the result."""
    from api.terminal import Terminal

    return Terminal(sys.stderr, color=color)


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object: indented for a person, on one line for a program."""
    indent = 2 if sys.stdout.isatty() else None
    print(json.dumps(value, ensure_ascii=False, indent=indent, default=str))


def told_line(told: Mapping[str, Mapping[str, str]]) -> str:
    """Return in one line what is known of an issue and where each part comes from."""
    from qa.texts import say

    lang = ui_lang()
    parts = [
        say(
            "told_by",
            lang,
            what=say(f"told_{name}", lang),
            value=one["value"],
            who=say(f"from_{one['from'].replace(' ', '_')}", lang),
        )
        for name, one in told.items()
    ]
    return ("；" if lang == "zh" else "; ").join(parts)


def problem_json(error: BulletinError) -> dict[str, Any]:
    """Return an error as the problem object that the service documents."""
    code = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(error).__name__).strip("_")
    return {
        "title": str(error),
        "detail": error.hint,
        "status": None,
        "error": {"message": str(error), "type": "cli_error", "param": None, "code": code},
    }


def complain(error: BulletinError, *, as_json: bool, hinted: Collection[str] = ()) -> None:
    """Write an error to stderr: what happened, and what to do if that was not said before."""
    if as_json:
        print(json.dumps(problem_json(error), ensure_ascii=False), file=sys.stderr)
        return
    print(f"bulletin: {error}", file=sys.stderr)
    if error.hint and error.hint not in hinted:
        print(f"  {error.hint}", file=sys.stderr)
