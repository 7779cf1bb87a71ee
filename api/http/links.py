"""Where readers find what is cited: addresses of articles, of passages and of quoted words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from api.http.settings import is_loopback
from corpus.plain_tables import CELLS_PART

if TYPE_CHECKING:
    from api.http.settings import ServiceSettings
    from corpus.types import Range
    from qa.native import Answer

_FRAGMENT_CHARS = 12  # at each end of a quote: enough to be found, short enough to read


def asked_base(settings: ServiceSettings, url: str) -> str:
    """Return what stands before the path of links for clients that show them elsewhere.

    It is the public address where one is set; else where the request was sent to, if that is this
    machine or the address that the service listens on; else nothing. Any other host is only what
    the caller says, and is never repeated.

    Args:
        settings: The service's.
        url: The address of the request, its host as the caller gave it.
    """
    if settings.public_url:
        return settings.base_url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if not (is_loopback(host) or host == settings.host.lower()):
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}:{port}" if port else f"{parts.scheme}://{name}"


def article_url(article_id: str, *, base: str = "") -> str:
    """Return the address of an article's page.

    >>> article_url("2021-10/a09", base="https://paper.example")
    'https://paper.example/articles/2021-10/a09'
    """
    return f"{base}/articles/{quote(article_id)}"


def issue_url(issue_id: str, *, base: str = "") -> str:
    """Return the address of an issue's page.

    >>> issue_url("2021-10")
    '/issues/2021-10'
    """
    return f"{base}/issues/{quote(issue_id)}"


def quote_url(passage_id: str, spans: Sequence[Range] = (), *, base: str = "") -> str:
    """Return the address of a passage on its article's page, stretches of the article marked.

    >>> quote_url("2021-10/a09/p03", [(120, 144)])
    '/articles/2021-10/a09?mark=120-144#p03'
    """
    article_id, _, passage = passage_id.rpartition("/")
    marks = ",".join(f"{start}-{end}" for start, end in spans)
    query = f"?mark={marks}" if marks else ""
    return f"{article_url(article_id, base=base)}{query}#{quote(passage)}"


def text_fragment(text: str) -> str:
    """Return the fragment by which a browser finds printed words on a page.

    >>> text_fragment("共有75名干部")
    ':~:text=%E5%85%B1%E6%9C%8975%E5%90%8D%E5%B9%B2%E9%83%A8'

    Of a row of a table it names a cell and the last, for no bar stands between cells there; not
    the first where that is but a number, which stands elsewhere too.

    >>> text_fragment("A1|3.8|B2"), text_fragment("2|A1|3.8|B2"), text_fragment("A1||")
    (':~:text=A1,B2', ':~:text=A1,B2', ':~:text=A1')
    """
    cells = [cell for part in text.split(CELLS_PART) if (cell := " ".join(part.split()))] or [""]
    first = next((cell for cell in cells[:-1] if not cell.isdigit()), cells[0])
    if len(cells) == 1 and len(first) <= 2 * _FRAGMENT_CHARS:
        return f":~:text={_escaped(first)}"
    return f":~:text={_escaped(_cut(first)[0])},{_escaped(_cut(cells[-1])[1])}"


def _cut(text: str) -> tuple[str, str]:
    """Return the beginning and the end of a text; all of it, twice, where it is short."""
    if len(text) <= 2 * _FRAGMENT_CHARS:
        return text, text
    return text[:_FRAGMENT_CHARS], text[-_FRAGMENT_CHARS:]


def _escaped(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")


def with_links(told: dict[str, Any], answer: Answer, *, base: str) -> dict[str, Any]:
    """Return an answer's JSON with the addresses of what it cites filled in.

    Args:
        told: What `qa.native.to_json` returns; it is changed.
        answer: The answer.
        base: Put before each path; may be empty.
    """
    for source in told["sources"]:
        source["url"] = article_url(source["article_id"], base=base)
    for row, citation in zip(told["citations"], answer.citations, strict=True):
        where = citation.location
        row["url"] = quote_url(where.passage_id, [(where.start, where.end)], base=base)
        row["url_fragment"] = text_fragment(citation.quote)
    if told["no_answer"]:
        for near in told["no_answer"]["closest"]:
            near["url"] = quote_url(near["passage_id"], base=base)
    return told
