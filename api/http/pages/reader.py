"""Who reads a page: the language, and links that keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from api.http.links import article_url, issue_url
from api.http.pages.words import word
from api.http.requests import base_of, reader_lang

if TYPE_CHECKING:
    from fastapi import Request

    from qa.query import Lang

_NOTHING: Mapping[str, str] = {}
_TAGS: dict[Lang, str] = {"zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of one page.

    Attributes:
        lang: The language of our words.
        chosen: Whether the address names the language; links then do so too.
        root: What stands before every path: the path of the public address, or nothing.
    """

    lang: Lang
    chosen: bool
    root: str

    @property
    def tag(self) -> str:
        """The language as a tag of BCP 47."""
        return _TAGS[self.lang]

    @property
    def other(self) -> Reader:
        """The reader of the same page in the other language."""
        return Reader("en" if self.lang == "zh" else "zh", chosen=True, root=self.root)

    def say(self, key: str, **facts: object) -> str:
        """Return a word or sentence of the page."""
        return word(key, self.lang, **facts)

    def to(
        self, path: str, *, query: Mapping[str, str | Sequence[str]] = _NOTHING, fragment: str = ""
    ) -> str:
        """Return the address of a page, its parts escaped, that keeps the language.

        >>> Reader("en", chosen=True, root="").to("/issues", query={"year": "2021"})
        '/issues?year=2021&lang=en'
        """
        parts = dict(query)
        if self.chosen:
            parts["lang"] = self.lang
        tail = f"?{urlencode(parts, doseq=True, safe=',')}" if parts else ""
        return f"{self.root}{path}{tail}{'#' + quote(fragment) if fragment else ''}"

    def to_issue(self, issue_id: str) -> str:
        """Return the address of an issue's contents."""
        return self.to(issue_url(issue_id))

    def to_article(self, article_id: str, *, passage: str = "", mark: str = "") -> str:
        """Return the address of an article, at a passage, some of its words marked.

        Args:
            article_id: Its id.
            passage: Id of one of its passages, or empty.
            mark: As `api.http.links.quote_url` writes it, or empty.
        """
        return self.to(
            article_url(article_id),
            fragment=passage.rpartition("/")[2],
            query={"mark": mark} if mark else _NOTHING,
        )


def reader_of(request: Request) -> Reader:
    """Return who reads: `?lang=` decides, else what the browser asks for."""
    told = request.query_params.get("lang", "").lower()
    named: Lang | None = "zh" if told.startswith("zh") else "en" if told[:2] == "en" else None
    root = urlsplit(base_of(request)).path
    return Reader(named or reader_lang(request), chosen=named is not None, root=root)
