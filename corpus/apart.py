"""Two papers of one day: the second is kept under an id with its paper's name behind the day."""

from __future__ import annotations

from dataclasses import replace

from corpus.archive import Archive
from corpus.errors import IssueConflictError
from corpus.keeping import check_alike
from corpus.reader import read_text, safe_id
from corpus.text import fold
from corpus.types import Issue


def set_apart(issue: Issue, *, kept: Archive) -> Issue:
    """Return an issue under an id of its own where one of another paper has its id.

    It stays as it is where its id was told, where either names no paper, and where the texts are
    alike, for then the paper's name may have been corrected; and its file is not given another id
    than one which it is kept under.
    """
    if not issue.name or dict(issue.origins).get("id") in ("option", "sidecar"):
        return issue
    own_id = safe_id(f"{issue.id}-{issue.name}")
    if kept.added(own_id) is None and not _is_taken(issue, kept):
        return issue
    own = read_text(issue.source, issue_id=own_id)
    if kept.told_otherwise(own):
        return issue
    origins = tuple((name, "paper" if name == "id" else who) for name, who in issue.origins)
    return replace(own, origins=origins)


def _is_taken(issue: Issue, kept: Archive) -> bool:
    """Tell whether the id of an issue is that of another paper's."""
    if kept.added(issue.id) is None:
        return False
    name = kept.issue_told(issue.id)[1]
    if not name or fold(name) == fold(issue.name or ""):
        return False
    try:
        check_alike(kept.connection, issue, kept_as=kept.source(issue.id).name)
    except IssueConflictError:
        return True
    return False
