"""The filters of a request, held against what the archive has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from api.http.problems import ProblemError
from api.http.requests import engine_of, reader_lang
from corpus.errors import UnknownFilterError, listed
from corpus.filters import Filters
from qa.texts import say

if TYPE_CHECKING:
    from fastapi import Request

    from api.http.schemas import FiltersIn
    from qa.query import Lang


def filters_of(taken: FiltersIn) -> Filters:
    """Return the filters of a request as the finder takes them."""
    return Filters(
        issues=tuple(taken.issue),
        sections=tuple(taken.section),
        first=taken.from_,
        last=taken.to,
    )


async def check_there(
    request: Request,
    filters: Filters,
    *,
    at: str = "/filters",
    code: Literal["validation_failed", "invalid_request"] = "validation_failed",
) -> None:
    """Check that the archive has what filters name, before a stream begins.

    Args:
        request: The request.
        filters: What it is narrowed to.
        at: Where they stand in it, as a JSON Pointer.
        code: Of the problem.

    Raises:
        ProblemError: If it has not, or is not ready, or it takes too long.
    """
    if not (filters.issues or filters.sections):
        return
    try:
        await engine_of(request).run(lambda parts: parts.archive.check(filters))
    except UnknownFilterError as exc:
        pointer = f"{at}/{exc.field}/{exc.at}"
        row = {"pointer": pointer, "detail": told_of(exc, reader_lang(request))}
        param = pointer.strip("/").replace("/", ".")
        raise ProblemError(code, param=param, errors=[row]) from exc


def told_of(error: UnknownFilterError, lang: Lang) -> str:
    """Return what is wrong with a filter, and what there is; never what was sent."""
    there = listed(error.there, between="、" if lang == "zh" else ", ") or say("none", lang)
    return say(f"field_no_{error.field}", lang, there=there)
