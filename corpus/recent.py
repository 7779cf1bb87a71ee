"""What was read of an archive lately, kept at hand: questions come back to the same passages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Generic, TypeVar

from corpus import reading
from corpus.errors import NotInArchiveError
from corpus.rows import Place
from corpus.types import Article

_MOST = 4_000_000  # characters of each kind that are kept, about
_EACH = 150  # what a text takes beside its own characters, as so many more
_N_ISSUES, _N_DAYS = 256, 4096

_Read = TypeVar("_Read")


class _Kept(Generic[_Read]):
    """What was read by its id; all is forgotten when it comes to too much."""

    def __init__(self, read: Callable[[str], _Read], size: Callable[[_Read], int]) -> None:
        """Keep what reads one, and what tells how many characters of memory it takes."""
        self._read, self._size = read, size
        self._found: dict[str, _Read] = {}
        self._left = _MOST

    def __call__(self, key: str) -> _Read:
        """Return what has an id."""
        found = self._found.get(key)
        if found is None:
            found = self._read(key)
            self._left -= self._size(found)
            if self._left < 0:
                self._found.clear()
                self._left = _MOST - self._size(found)
            if self._left >= 0:
                self._found[key] = found
        return found


class UntilChange(Generic[_Read]):
    """What is read of an archive as a whole, read anew only after a change by anybody."""

    def __init__(self, db: sqlite3.Connection, read: Callable[[], _Read]) -> None:
        """Keep the connection, and what reads it."""
        self._db, self._read = db, read
        self._found: tuple[object, _Read] | None = None

    def __call__(self) -> _Read:
        """Return what was read."""
        changes = self._db.execute("PRAGMA data_version").fetchone(), self._db.total_changes
        if self._found is None or self._found[0] != changes:
            self._found = changes, self._read()
        return self._found[1]

    def forget(self) -> None:
        """Read anew: what was read is to be undone."""
        self._found = None


class Recent:
    """Passages, articles and issues by their ids, good until a change.

    Each call raises `NotInArchiveError` where there is no such thing.

    Attributes:
        issued: Returns when the issue of a passage is of, as `Place.issued`.
        searched: Returns what a passage is searched by, folded.
        place: Returns a passage with what stands around it.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        """Keep nothing yet."""
        article = _Kept(partial(reading.article, db), _size_of)
        issue = lru_cache(_N_ISSUES)(partial(reading.issue_told, db))

        def place(passage_id: str) -> Place:
            searched, article_id, issue_id = reading.passage_row(db, passage_id)
            around = article(article_id)
            passage = next((one for one in around.passages if one.id == passage_id), None)
            if passage is None:  # replaced since its article was read
                raise NotInArchiveError(passage_id)
            return Place(passage, around, *issue(issue_id), searched)

        self.issued = lru_cache(_N_DAYS)(partial(reading.issued, db))
        self.searched = _Kept(partial(reading.searched, db), lambda text: _EACH + len(text))
        self.place = _Kept(place, lambda found: _size_of(found.article))  # which it keeps


def _size_of(article: Article) -> int:
    return sum(_EACH + len(passage.text) for passage in article.passages)
