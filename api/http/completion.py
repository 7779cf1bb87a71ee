"""A native answer as a completion that OpenAI's clients understand, whole or in chunks.

A citation travels three ways, for clients drop what they do not know: in the text itself, as an
annotation over its marker, and as fields beside the choices. All offsets count code points.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil
from time import time
from typing import Any, Literal
from uuid import uuid4

from api.http.events import pieces
from corpus.text import HAN, split_sentences
from qa.query import Lang
from qa.texts import own_day, say

Style = Literal["bulletin", "bulletin-inline", "bulletin-plain"]
STYLES: tuple[Style, ...] = ("bulletin", "bulletin-inline", "bulletin-plain")
"""The models: markers and a list of sources, markers only, neither."""

DONE = b"data: [DONE]\n\n"
_OTHERS_A_TOKEN = 4
_MARKDOWN = re.compile(r"[\\`*_\[\]<>]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of content that is given whole or not at all.

    Attributes:
        text: With its marker, where the model shows markers.
        citation: Of the native answer, where the stretch is a claim.
        mark: Where in the text the annotation lies: over the marker, or over the claim.
    """

    text: str
    citation: Mapping[str, Any] | None = None
    mark: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Content:
    """What a completion says.

    Attributes:
        units: Joined, they are the content up to the footer.
        footer: The list of sources, or nothing.
        is_cut: Whether a cap left something out.
        told: The native answer, or None where there is none.
    """

    units: tuple[Unit, ...]
    footer: str = ""
    is_cut: bool = False
    told: Mapping[str, Any] | None = None

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(unit.text for unit in self.units) + self.footer

    @property
    def annotations(self) -> list[dict[str, Any] | None]:
        """The annotation of each unit, None where nothing is cited."""
        starts = accumulate((len(unit.text) for unit in self.units), initial=0)
        sources = _sources(self.told) if self.told else {}
        return [
            _annotation(unit, start, sources)
            for unit, start in zip(self.units, starts, strict=False)
        ]


def tokens(text: str) -> int:
    """Return about how many tokens a text is: Chinese characters, and a quarter of the others.

    >>> tokens("重点项目"), tokens("projects")
    (4, 2)
    """
    n_others = len(HAN.sub("", text))
    return len(text) - n_others + ceil(n_others / _OTHERS_A_TOKEN)


def plain_content(text: str) -> Content:
    """Return words of our own as content."""
    return Content((Unit(text),))


def content_of(told: Mapping[str, Any], *, style: Style, cap: int | None = None) -> Content:
    """Return a native answer as the content of a completion.

    Args:
        told: The answer as the native API gives it.
        style: Which model was asked.
        cap: The most tokens, or None. Only whole sentences and whole claims are given, with their
            sources as long as there is room for one claim and its source.
    """
    units = tuple(_units(told, is_plain=style == "bulletin-plain"))
    lists = style == "bulletin"
    footer = _footer(told, units) if lists else ""
    if cap is None or tokens("".join(unit.text for unit in units) + footer) <= cap:
        return Content(units, footer, told=told)
    for n in range(len(units), 0, -1):
        kept = units[:n]
        footer = _footer(told, kept) if lists else ""
        if tokens("".join(unit.text for unit in kept) + footer) <= cap:
            return Content(kept, footer, is_cut=True, told=told)
    only = units[:1] if units and tokens(units[0].text) <= cap else ()
    return Content(only, is_cut=True, told=told)


def _units(told: Mapping[str, Any], *, is_plain: bool) -> Iterator[Unit]:
    text, done = told["text"], 0
    for citation in told["citations"]:
        claim, marker = citation["claim"], citation["marker"]
        if is_plain:
            stretch, mark = text[done : marker["start"]], (claim["start"], claim["end"])
        else:
            stretch, mark = text[done : marker["end"]], (marker["start"], marker["end"])
        yield Unit(stretch, citation, (mark[0] - done, mark[1] - done))
        done = marker["end"]
    for sentence in split_sentences(text[done:]):
        yield Unit(sentence.text)


def _sources(told: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the sources by id, each with a title, one in words where it bears none."""
    untitled = say("no_headline", _lang(told))
    return {row["id"]: {**row, "title": row["title"] or untitled} for row in told["sources"]}


def _lang(told: Mapping[str, Any]) -> Lang:
    return "en" if told["lang"] == "en" else "zh"


def _annotation(
    unit: Unit, start: int, sources: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any] | None:
    if unit.citation is None:
        return None
    source = sources[unit.citation["source"]]
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start + unit.mark[0],
            "end_index": start + unit.mark[1],
            "title": source["title"],
            "issue_date": source["issue_date"],
            "url": unit.citation["url"],
            "content": unit.citation["quote"],
        },
    }


def _footer(told: Mapping[str, Any], units: Sequence[Unit]) -> str:
    """Return the sources as Markdown, numbered as the markers are; nothing where none is cited."""
    cited = [unit.citation for unit in units if unit.citation]
    if not cited:
        return ""
    lang, sources = _lang(told), _sources(told)
    lines = [
        f"{row['n']}. [{_escaped(sources[row['source']]['title'])}]({row['url']}) — "
        + _printed_in(sources[row["source"]], lang)
        for row in cited
    ]
    return "\n".join([f"\n\n**{say('sources', lang)}**", *lines])


def _printed_in(source: Mapping[str, Any], lang: Lang) -> str:
    """Return publication, number, issue's day or id, page and own day, what is known of them."""
    number = say("issue_number", lang, number=source["number"]) if source["number"] else None
    issue_date = source["issue_date"]
    day = own_day(source["date"], lang, issue_date=issue_date)
    parts = [source["publication"], number, issue_date or source["issue"], source["page"], day]
    return (", " if lang == "en" else "，").join(part for part in parts if part)


def _escaped(title: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", title)


@dataclass(frozen=True, slots=True)
class Completion:
    """What every chunk of one completion has in common.

    Attributes:
        model: As it was asked for.
        fingerprint: The version of the archive, or None.
        prompt_tokens: About how many were sent.
        id: Of this completion.
        created: Seconds since 1970.
    """

    model: str
    fingerprint: str | None
    prompt_tokens: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time()))

    def whole(self, content: Content) -> dict[str, Any]:
        """Return the completion in one piece."""
        message = {
            "role": "assistant",
            "content": content.text,
            "refusal": None,
            "annotations": [row for row in content.annotations if row],
        }
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": _finish(content),
        }
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": self._usage(content),
            **_extensions(content),
        }

    def first(self, *, include_usage: bool) -> bytes:
        """Return the chunk that opens the stream."""
        delta = {"role": "assistant", "content": "", "refusal": None}
        return self._chunk(delta, include_usage=include_usage)

    def rest(self, content: Content, *, include_usage: bool) -> Iterator[bytes]:
        """Yield the chunks after the first, and the end of the stream."""
        for unit, annotation in zip(content.units, content.annotations, strict=True):
            for piece in pieces(unit.text):
                yield self._chunk({"content": piece}, include_usage=include_usage)
            if annotation:
                yield self._chunk({"annotations": [annotation]}, include_usage=include_usage)
        if content.footer:  # whole, for half a link is no link
            yield self._chunk({"content": content.footer}, include_usage=include_usage)
        yield self._chunk({}, include_usage=include_usage, ended=content)
        if include_usage:
            head = self._head("chat.completion.chunk")
            yield _event({**head, "choices": [], "usage": self._usage(content)})
        yield DONE

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": self.fingerprint,
        }

    def _chunk(
        self, delta: Mapping[str, Any], *, include_usage: bool, ended: Content | None = None
    ) -> bytes:
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": None,
            "finish_reason": _finish(ended) if ended else None,
        }
        chunk = {**self._head("chat.completion.chunk"), "choices": [choice]}
        if include_usage:
            chunk["usage"] = None
        return _event(chunk | (_extensions(ended) if ended else {}))

    def _usage(self, content: Content) -> dict[str, int]:
        given = tokens(content.text)
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": given,
            "total_tokens": self.prompt_tokens + given,
        }


def _finish(content: Content) -> str:
    return "length" if content.is_cut else "stop"


def _event(data: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def error_event(body: Mapping[str, Any]) -> bytes:
    """Return the end of a stream that went wrong, as the clients look for it."""
    return _event({"error": body["error"]})


def _extensions(content: Content) -> dict[str, Any]:
    """Return our fields beside the choices; number n of a list belongs to marker n."""
    told = content.told
    if told is None:
        return {"citations": [], "search_results": [], "bulletin": None}
    sources = _sources(told)
    cited = [unit.citation for unit in content.units if unit.citation]
    return {
        "citations": [row["url"] for row in cited],
        "search_results": [
            {
                "title": sources[row["source"]]["title"],
                "url": row["url"],
                "issue_date": sources[row["source"]]["issue_date"],
                "date": sources[row["source"]]["date"],
                "snippet": row["quote"],
            }
            for row in cited
        ],
        "bulletin": told,
    }
