"""The OpenAPI document as rows of a page: every route, what it takes, an example."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a request's body.

    Attributes:
        name: Its name.
        place: path, query or header; empty for a field of the body.
        type: What it may be.
        is_required: Whether it must be given.
        meaning: In words; may be empty.
    """

    name: str
    place: str
    type: str
    is_required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path.

    Attributes:
        id: Its operation id.
        method: In capitals.
        path: As a template.
        summary: One line; may be empty.
        description: What it does; may be empty.
        parameters: Of path, query and headers.
        fields: Of the body.
        replies: Status and what it means.
        example: A command that calls it.
    """

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    fields: tuple[Field, ...]
    replies: tuple[tuple[str, str], ...]
    example: str


def routes_of(document: Json, *, base: str) -> list[tuple[str, list[Route]]]:
    """Return the routes of an OpenAPI document by their first tag, in the document's order.

    Args:
        document: The document.
        base: The address that examples are called at, without a slash at its end.
    """
    groups: dict[str, list[Route]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            route = _route(document, method, path, told, base=base)
            groups.setdefault(told.get("tags", [""])[0], []).append(route)
    return list(groups.items())


def _route(document: Json, method: str, path: str, told: Json, *, base: str) -> Route:
    media = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = _resolved(document, media.get("schema", {}))
    return Route(
        id=told.get("operationId", f"{method}-{path}"),
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        parameters=tuple(
            Field(
                name=row["name"],
                place=row["in"],
                type=type_of(document, row["schema"]),
                is_required=row.get("required", False),
                meaning=row.get("description", ""),
            )
            for row in told.get("parameters", [])
        ),
        fields=tuple(_fields(document, body)),
        replies=tuple(
            (status, reply.get("description", "")) for status, reply in told["responses"].items()
        ),
        example=_example(method, path, told, body, base=base),
    )


def _resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        found: Any = document
        for key in schema["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        schema = found
    return schema


def _fields(document: Json, body: Json) -> Iterator[Field]:
    for name, schema in body.get("properties", {}).items():
        yield Field(
            name=name,
            place="",
            type=type_of(document, schema),
            is_required=name in body.get("required", ()),
            meaning=schema.get("description") or _resolved(document, schema).get("description", ""),
        )


def type_of(document: Json, schema: Json) -> str:
    """Return in a few words what a schema allows.

    >>> type_of({}, {"type": "integer", "minimum": 1, "maximum": 20})
    'integer 1…20'
    >>> type_of({}, {"anyOf": [{"type": "string", "maxLength": 8}, {"type": "null"}]})
    'string ≤ 8'
    """
    schema = _resolved(document, schema)
    if "anyOf" in schema or "oneOf" in schema:
        kinds = [kind for kind in schema.get("anyOf", schema.get("oneOf")) if kind != _NULL]
        return " | ".join(type_of(document, kind) for kind in kinds)
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(one) for one in schema.get("enum", [schema.get("const")]))
    kind = schema.get("format") or schema.get("type", "any")
    if kind == "array":
        return f"[{type_of(document, schema.get('items', {}))}]"
    if "minimum" in schema or "maximum" in schema:
        least, most = (schema.get(name) for name in ("minimum", "maximum"))
        return f"{kind} {_bound(least)}…{_bound(most)}"
    return f"{kind} ≤ {schema['maxLength']}" if "maxLength" in schema else str(kind)


_NULL = {"type": "null"}


def _bound(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _example(method: str, path: str, told: Json, body: Json, *, base: str) -> str:
    """Return a curl command, made of the document's own examples."""
    query = {}
    for row in told.get("parameters", []):
        examples = row["schema"].get("examples") or row.get("examples") or [row.get("example")]
        if not isinstance(examples, list) or examples[0] is None:
            continue
        if row["in"] == "path":
            path = re.sub(rf"\{{{row['name']}(?::path)?\}}", quote(str(examples[0])), path)
        elif row["in"] == "query":
            query[row["name"]] = examples[0]
    url = f"{base}{path}{'?' + urlencode(query) if query else ''}"
    parts = ["curl", *(["-X", method.upper()] if method not in ("get", "post") else []), url]
    sample = next(iter(body.get("examples", [])), None)
    if sample is not None:
        data = json.dumps(sample, ensure_ascii=False)
        parts += ["-H", "Content-Type: application/json", "-d", data]
    return " ".join(shlex.quote(part) for part in parts)
