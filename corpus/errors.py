"""The tree of all errors that a person can act on; those of the packages below `api` lie here.

BulletinError
├── SourceError            a source file cannot be read as a bulletin
│   └── SidecarError       what an editor tells of a file (issue.toml) cannot be followed
├── ArchiveError           the archive cannot be opened, or is of another version
│   └── NotInArchiveError  an id names nothing that is kept
├── UnknownFilterError     a filter names an issue or a section that is not there
├── IssueConflictError  a file would replace an issue that it does not resemble
├── IndexFormatError       a derived index does not match its manifest
├── EngineError            the engine that finds candidates cannot do so
├── EvaluationDataError    a question set or run file cannot be read
├── ModelError             an embedding model cannot be loaded
├── MissingExtraError      a feature needs an optional dependency that is not installed
├── KeyFileError           the file of keys cannot be used (`api.keys`)
├── StoreError             the service's own file cannot be used (`api.store`)
├── PortError              the service cannot listen where it was told to (`api.port`)
├── ProblemError           a request cannot be answered (`api.http.problems`)
└── UsageProblemError      a command was called in a way that it does not know (`api.cli`)

Callers catch BulletinError; `api` turns each leaf into an exit code or a status by one table. What
a package catches itself, such as PdfError, is none of them.
"""

from __future__ import annotations

from collections.abc import Sequence

FORMATS = (
    "Give text in UTF-8, UTF-16 with its mark, GB18030 or Big5, a PDF with a text layer, HTML,"
    " Markdown, DOCX, or a zip of these."
)
"""The hint where a file is of a format that is not read."""


_MOST_LISTED = 10
_TEXTLESS = ("holds no text", "is a scan without a text layer")


def listed(names: Sequence[str], *, between: str = ", ") -> str:
    """Return the first names of a list, with … behind them where there are more.

    >>> listed(["A01", "A02"])
    'A01, A02'
    """
    more = ("…",) if len(names) > _MOST_LISTED else ()
    return between.join((*names[:_MOST_LISTED], *more))


class BulletinError(Exception):
    """Something a person can act on went wrong; the message says what and the hint what to do."""

    hint: str = ""


class SourceError(BulletinError):
    """A source file cannot be read as a bulletin."""

    def __init__(self, path: str, problem: str, hint: str = "") -> None:
        """Name the file, what is wrong with it and, where its format is, `FORMATS`."""
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem
        self.hint = hint or self.hint

    @property
    def is_textless(self) -> bool:
        """Whether nothing is wrong with the file but that it holds no text: a picture, a scan."""
        return self.problem in _TEXTLESS


class SidecarError(SourceError):
    """What an editor tells of a file, in `issue.toml`, cannot be followed."""

    hint = "See “Corrections” in docs/reading.md; `bulletin report FILE` prints what can be pasted."


class ArchiveError(BulletinError):
    """The archive cannot be opened, or is of another version."""

    def __init__(self, path: str, problem: str, hint: str = "") -> None:
        """Name the archive and what is wrong with it."""
        super().__init__(f"archive {path}: {problem}")
        self.path = path
        self.hint = hint


class NotInArchiveError(BulletinError):
    """An id names nothing that is kept."""

    hint = "See `bulletin list` for the issues and `bulletin show ISSUE` for their articles."

    def __init__(self, wanted: str) -> None:
        """Name the id that was asked for."""
        super().__init__(f"nothing in the archive has the id {wanted!r}")
        self.wanted = wanted


class UnknownFilterError(BulletinError):
    """A filter names an issue that is not kept, or a section that no issue has."""

    def __init__(self, field: str, at: int, wanted: str, there: Sequence[str]) -> None:
        """Name the filter, `issue` or `section`, and what it names.

        Args:
            field: Which filter.
            at: The place of what it names among all that it names, from 0.
            wanted: What it names.
            there: What it could name, best first.
        """
        super().__init__(f"no {field} is {wanted!r}; there are: {listed(there) or 'none'}")
        self.field = field
        self.at = at
        self.wanted = wanted
        self.there = there


class IssueConflictError(BulletinError):
    """A file would replace an issue that it does not resemble."""

    hint = "Use --replace if it is the same issue, or --id ID to keep both."

    def __init__(
        self, path: str, issue_id: str, *, shared: int = 0, kept: int = 0, other: str = ""
    ) -> None:
        """Say how many of the kept passages the new file shares, or as which other it was kept."""
        why = f"was read from {other} just now" if other else "is kept already with another text"
        told = "" if other else f" ({shared} of its {kept} passages are in this file)"
        super().__init__(f"{path}: issue {issue_id!r} {why}{told}")
        self.path = path
        self.issue_id = issue_id


class IndexFormatError(BulletinError):
    """A derived index does not match its manifest."""

    hint = "It is rebuilt when next needed; delete the folder to force that."

    def __init__(self, path: str, problem: str) -> None:
        """Name the index folder and what does not match."""
        super().__init__(f"index {path}: {problem}")
        self.path = path


class EngineError(BulletinError):
    """The engine that finds candidates is away, refuses, or has not what the archive has."""

    def __init__(self, uri: str, problem: str, hint: str = "") -> None:
        """Name the engine's address, what is wrong, and what to do."""
        super().__init__(f"engine {uri}: {problem}")
        self.uri = uri
        self.hint = hint or "Look whether it runs, and whether its address and token are right."


class EvaluationDataError(BulletinError):
    """A question set or run file cannot be read."""

    hint = (
        "A BEIR folder holds corpus.jsonl, queries.jsonl and qrels.tsv or qrels/test.tsv; "
        "each line of a question file has id, lang, kind, question, evidence and answer."
    )

    def __init__(self, path: str, line: int, problem: str) -> None:
        """Name the file, the line from 1 (0 for the file as a whole) and what is wrong."""
        super().__init__(f"{path}{f' line {line}' if line else ''}: {problem}")
        self.path = path
        self.line = line


class ModelError(BulletinError):
    """An embedding model cannot be loaded."""

    hint = "Name a sentence-transformers model or folder, or leave --model out for the shipped one."

    def __init__(self, name: str, problem: str) -> None:
        """Name the model and what is wrong with it."""
        super().__init__(f"model {name}: {problem}")
        self.name = name


class MissingExtraError(BulletinError):
    """A feature needs an optional dependency that is not installed."""

    def __init__(self, extra: str) -> None:
        """Name the extra to install."""
        super().__init__(f"this needs the extra {extra!r}, which is not installed")
        self.extra = extra
        self.hint = f'Install it in a clone of the project with: pip install ".[{extra}]"'
