"""Errors as readers of the API get them: one body everywhere.

It is a problem of RFC 9457 with the `error` object that OpenAI's clients look for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import Field

from api.http.schemas import Given
from corpus.errors import ArchiveError, BulletinError, EngineError, NotInArchiveError
from qa.texts import say

if TYPE_CHECKING:
    from qa.query import Lang


class Kind(NamedTuple):
    """One row of the table of errors: HTTP status, and OpenAI's name of the kind."""

    status: int
    openai_type: str


_REQUEST, _SERVER = "invalid_request_error", "server_error"
KINDS: Mapping[str, Kind] = {
    "invalid_json": Kind(400, _REQUEST),
    "invalid_request": Kind(400, _REQUEST),
    "unsupported_parameter": Kind(400, _REQUEST),
    "unsupported_content": Kind(400, _REQUEST),
    "missing_api_key": Kind(401, "authentication_error"),
    "invalid_api_key": Kind(401, "authentication_error"),
    "origin_not_allowed": Kind(403, "permission_error"),
    "forbidden": Kind(403, "permission_error"),
    "not_found": Kind(404, _REQUEST),
    "model_not_found": Kind(404, _REQUEST),
    "method_not_allowed": Kind(405, _REQUEST),
    "request_timeout": Kind(408, _REQUEST),
    "idempotency_conflict": Kind(409, _REQUEST),
    "body_too_large": Kind(413, _REQUEST),
    "unsupported_media_type": Kind(415, _REQUEST),
    "validation_failed": Kind(422, _REQUEST),
    "headers_too_large": Kind(431, _REQUEST),
    "rate_limited": Kind(429, "rate_limit_error"),
    "internal": Kind(500, _SERVER),
    "index_not_ready": Kind(503, _SERVER),
    "engine_unavailable": Kind(503, _SERVER),
    "overloaded": Kind(503, _SERVER),
    "not_stored": Kind(503, _SERVER),
    "timeout": Kind(504, _SERVER),
}
"""Every code that the API may answer with; codes are never translated."""

_MOST_ERRORS = 20
_ID_CHARS = 64  # of an id that names nothing: it can be anything that was sent
_NO_RETRY = ("idempotency_conflict", "internal", "not_stored")


class ProblemError(BulletinError):
    """A request cannot be answered; says which of KINDS it is, and what to do."""

    def __init__(
        self,
        code: str,
        *,
        detail: str | None = None,
        param: str | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        missing: str = "",
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the facts.

        Args:
            code: One of KINDS.
            detail: What happened, in words; None is what the first errors or `missing` tell, else
                the sentence for the code.
            param: The field that is at fault, as OpenAI names it.
            errors: Fields at fault, each a `pointer` (RFC 6901) and a `detail`.
            missing: The id that names nothing.
            retry_after: Seconds after which to try again.
            headers: More headers of the answer.
        """
        told = (f"{row['pointer']}: {row['detail']}".removeprefix(": ") for row in errors[:3])
        detail = detail or "; ".join(told)  # what is wrong with the whole has no pointer
        super().__init__(detail or code)
        self.code = code
        self.status = KINDS[code].status
        self.detail = detail
        self.param = param
        self.errors = errors[:_MOST_ERRORS]
        self.missing = missing[:_ID_CHARS].encode(errors="replace").decode()
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        if code in _NO_RETRY:
            self.headers["x-should-retry"] = "false"

    def told(self, lang: Lang) -> str:
        """Return what happened, in a sentence."""
        if self.detail:
            return self.detail
        if self.missing:
            return say("problem_missing", lang, id=self.missing)
        return say(f"problem_{self.code}", lang, seconds=str(self.retry_after))

    def body(self, *, instance: str, request_id: str, lang: Lang) -> dict[str, Any]:
        """Return the body of the answer.

        Args:
            instance: The path that was asked for.
            request_id: Of this request.
            lang: The reader's language.
        """
        detail = self.told(lang)
        told: dict[str, Any] = {
            "type": f"/problems/{self.code.replace('_', '-')}",
            "title": say(f"problem_title_{self.code}", lang),
            "status": self.status,
            "detail": detail,
            "instance": instance,
            "request_id": request_id,
        }
        if self.retry_after is not None:
            told["retry_after"] = self.retry_after
        if self.errors:
            told["errors"] = list(self.errors)
        told["error"] = {
            "message": detail,
            "type": KINDS[self.code].openai_type,
            "param": self.param,
            "code": self.code,
        }
        return told


class FieldErrorOut(Given):
    """A field at fault."""

    pointer: str
    detail: str


class OpenAIErrorOut(Given):
    """The part of a problem that OpenAI's clients read."""

    message: str
    type: str
    param: str | None
    code: str


class ProblemOut(Given):
    """Any error."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    retry_after: int | None = None
    errors: list[FieldErrorOut] = Field(default_factory=list)
    error: OpenAIErrorOut


def problem_of(error: BulletinError) -> ProblemError:
    """Return an error of the layers below as a problem; one table for all of them."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, NotInArchiveError):
        return ProblemError("not_found", missing=error.wanted)
    if isinstance(error, ArchiveError):
        return ProblemError("index_not_ready", retry_after=2)
    if isinstance(error, EngineError):
        return ProblemError("engine_unavailable", retry_after=5)
    return ProblemError("internal")
