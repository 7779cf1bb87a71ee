"""The OpenAPI document against the service itself: schemathesis makes up requests by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.http.app import create_app
from api.http.settings import ServiceSettings

_REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429"]
schema = schemathesis.openapi.from_dict(
    create_app(ServiceSettings()).openapi(),
    config=schemathesis.Config.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": _REFUSED}}}
    ),
)


@schema.parametrize()
@settings(
    max_examples=210,  # of ten routes that take something: more than 2,000 in all
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_made_up_by_the_document_breaks_it(
    case: schemathesis.Case[Any], sample_service: str
) -> None:
    if ends_before_it_begins(case):  # what a schema cannot say
        assert case.call(base_url=sample_service).status_code in (400, 422)
    elif case.path == "/v1/chat/completions" or names_what_is_not_there(case):
        # no schema says that the user has asked something, or which issues there are
        case.call_and_validate(base_url=sample_service, excluded_checks=[positive_data_acceptance])
    else:
        case.call_and_validate(base_url=sample_service)


def test_requests_are_made_up_for_every_door() -> None:
    doors = {"/api/v1/chat", "/api/v1/search", "/api/v1/feedback", "/v1/chat/completions"}
    assert doors <= set(schema.raw_schema["paths"])


def ends_before_it_begins(case: schemathesis.Case[Any]) -> bool:
    for days in narrowings(case):
        first, last = days.get("from"), days.get("to")
        if isinstance(first, str) and isinstance(last, str) and first > last:
            return True
    return False


def names_what_is_not_there(case: schemathesis.Case[Any]) -> bool:
    """Tell whether it is narrowed to any issue or section: no made-up name is one."""
    return any(narrowed.get("issue") or narrowed.get("section") for narrowed in narrowings(case))


def narrowings(case: schemathesis.Case[Any]) -> list[dict[str, Any]]:
    body = case.body if isinstance(case.body, dict) else {}
    more = body.get("bulletin")
    filters = more.get("filters") if isinstance(more, dict) else body.get("filters")
    return [one for one in (dict(case.query or {}), filters) if isinstance(one, dict)]


def test_the_document_tells_the_media_type_that_errors_have(sample_service: str) -> None:
    replies = {
        path: told
        for path, methods in schema.raw_schema["paths"].items()
        for route in methods.values()
        for status, reply in route["responses"].items()
        if status == "404"
        for told in [list(reply["content"])]
    }
    assert replies["/api/v1/articles/{article_id}"] == ["application/problem+json"]
    assert replies["/v1/models/{model_id}"] == ["application/json"]
    for path in ("/api/v1/articles/none", "/v1/models/none"):
        reply = httpx2.get(f"{sample_service}{path}")
        (told,) = (
            one for name, one in replies.items() if name.startswith(path.removesuffix("none"))
        )
        assert [reply.headers["content-type"]] == told
    assert "HTTPValidationError" not in schema.raw_schema["components"]["schemas"]


def test_the_document_bounds_numbers_by_words_of_json_schema() -> None:
    asked = schema.raw_schema["components"]["schemas"]["CompletionIn"]["properties"]
    assert asked["max_tokens"]["anyOf"][0] == {"type": "integer", "minimum": 1}
    bounds = schema.raw_schema["components"]["schemas"]["ExtensionIn"]["properties"]["limit"]
    assert (bounds["minimum"], bounds["maximum"]) == (1, 20)


def test_the_document_names_the_address_and_the_key_where_there_are_any(tmp_path: Path) -> None:
    plain = create_app(ServiceSettings()).openapi()
    assert "servers" not in plain
    assert "securitySchemes" not in plain["components"]
    told = ServiceSettings(public_url="https://paper.example/ask", keys_file=tmp_path / "keys")
    document = create_app(told).openapi()
    assert document["servers"] == [{"url": "https://paper.example/ask"}]
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert document["paths"]["/v1/chat/completions"]["post"]["security"] == [{"key": []}]
