"""What was read of an archive lately, kept at hand: questions come back to the same passages."""

from __future__ import annotations

import sqlite3
from functools import lru_cache, partial

from corpus import reading
from corpus.rows import Place
from corpus.types import Article

_N_TEXTS, _N_PLACES, _N_ARTICLES, _N_ISSUES = 4096, 1024, 512, 256


class Recent:
    """Passages, articles and issues by their ids; whoever has it forgets all after a change.

    Each call raises `NotInArchiveError` where there is no such thing.

    Attributes:
        issued: Returns when the issue of a passage is of, as `Place.issued`.
        searched: Returns what a passage is searched by, folded.
        place: Returns a passage with what stands around it.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        """Keep nothing yet."""
        article = lru_cache(_N_ARTICLES)(partial(reading.article, db))
        issue = lru_cache(_N_ISSUES)(partial(reading.issue_told, db))

        def place(passage_id: str) -> Place:
            searched, article_id, issue_id = reading.passage_row(db, passage_id)
            around: Article = article(article_id)
            passage = next(one for one in around.passages if one.id == passage_id)
            return Place(passage, around, *issue(issue_id), searched)

        self.issued = lru_cache(_N_TEXTS)(partial(reading.issued, db))
        self.searched = lru_cache(_N_TEXTS)(partial(reading.searched, db))
        self.place = lru_cache(_N_PLACES)(place)
        self._kept = (article, issue, self.issued, self.searched, self.place)

    def forget(self) -> None:
        """Read everything anew."""
        for one in self._kept:
            one.cache_clear()
