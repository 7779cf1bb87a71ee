"""The command `bulletin`: results on stdout, everything else on stderr, exit codes as documented.

Heavy modules are imported by the command that needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TextIO

import typer

from api.cli import (
    adding,
    asking,
    chatting,
    filling,
    keeping,
    measuring,
    model,
    operating,
    reporting,
    saving,
    serving,
    speaking,
    widget,
)
from api.cli.common import (
    BAD_INPUT,
    BUG,
    INTERRUPTED,
    IO_ERROR,
    NO_INDEX,
    NOTHING_FOUND,
    OK,
    TERMINATED,
    USAGE,
    app,
    complain,
)
from corpus.errors import BulletinError

__all__ = [
    "adding",
    "asking",
    "chatting",
    "filling",
    "keeping",
    "main",
    "measuring",
    "model",
    "operating",
    "reporting",
    "run",
    "saving",
    "serving",
    "speaking",
    "widget",
]


_NEAR = 0.75
"""How alike, by `difflib`, a word and the command are that may be meant, as hcat and chat are."""


def _exit_code(error: BulletinError) -> int:
    """Return the exit code of an error; one table for all of them."""
    from api.keys import KeyFileError
    from api.port import PortError
    from api.store import StoreError
    from corpus import errors

    table = {
        KeyFileError: USAGE,
        PortError: IO_ERROR,
        StoreError: IO_ERROR,
        errors.SourceError: BAD_INPUT,
        errors.IssueConflictError: BAD_INPUT,
        errors.NotInArchiveError: NOTHING_FOUND,
        errors.ArchiveError: NO_INDEX,
        errors.IndexFormatError: NO_INDEX,
        errors.EngineError: NO_INDEX,
        errors.EvaluationDataError: BAD_INPUT,
        errors.ModelError: NO_INDEX,
        errors.MissingExtraError: USAGE,
    }
    return next((code for kind, code in table.items() if isinstance(error, kind)), BUG)


class UsageProblemError(BulletinError):
    """The command was called in a way it does not know."""

    hint = "See: bulletin --help"


def _with_default(arguments: list[str]) -> list[str]:
    """Return the arguments with `ask` put before a question: what is no command, nor near one."""
    first = arguments[0] if arguments else ""
    if not first.strip() or first.startswith("-") or first in _commands():
        return arguments
    reads_as_one = not first.isascii() or not first.isalpha()
    return ["ask", *arguments] if reads_as_one or not _is_near_a_command(first) else arguments


def _is_near_a_command(word: str) -> bool:
    """Tell whether a word may be a command that was mistyped."""
    from difflib import get_close_matches

    return bool(get_close_matches(word.casefold(), _commands(), n=1, cutoff=_NEAR))


def _commands() -> set[str]:
    infos = app.registered_commands
    return {
        "config",
        "engine",
        "key",
        "model",
        "widget",
        *(info.name or getattr(info.callback, "__name__", "") for info in infos),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = app(_with_default(arguments), prog_name="bulletin", standalone_mode=False)
        sys.stdout.flush()
        return int(code or OK)
    except typer.Exit as exc:
        return exc.exit_code
    except typer.TyperException as exc:
        problem = UsageProblemError(exc.format_message())
        if arguments and arguments[0].startswith("--archive"):
            problem.hint = "--archive stands behind the command: bulletin list --archive FOLDER"
        complain(problem, as_json="--json" in arguments)
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BulletinError as exc:
        complain(exc, as_json="--json" in arguments)
        return _exit_code(exc)
    except UnicodeEncodeError:
        if all(map(str.isprintable, arguments)):
            raise
        problem = UsageProblemError("what was typed is no UTF-8")
        complain(problem, as_json="--json" in arguments)
        return USAGE
    except (BrokenPipeError, SystemExit) as exc:
        if not isinstance(exc.__context__ or exc, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK  # who read us has had enough


def _nowhere() -> TextIO:
    """Return a stream in place of one that the caller closed."""
    return Path(os.devnull).open("w", encoding="utf-8")


def run() -> NoReturn:
    """Run as the installed command: a bug becomes one line, not a traceback."""
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = main()
    except OSError as exc:
        print(f"bulletin: {exc.strerror or exc}", file=sys.stderr)
        code = IO_ERROR
    except Exception as exc:
        if os.environ.get("BULLETIN_DEBUG"):
            raise
        print(f"bulletin: a bug: {type(exc).__name__}: {exc}", file=sys.stderr)
        print("  Please report it; BULLETIN_DEBUG=1 shows the traceback.", file=sys.stderr)
        code = BUG
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)  # nothing is left to do, and freeing the model word by word takes long
