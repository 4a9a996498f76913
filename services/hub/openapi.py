"""The HTTP API as an OpenAPI 3.1 document, made from the same types that decode and answer. Pure.

Every route of the hub has a ``Doc``; a test holds the two tables against each other, so that no
endpoint is unknown to the document that is fuzzed and published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

VERSION = "1"
REF = "#/components/schemas/{name}"
ERRORS = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)
In = Literal["path", "query"]


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the path or the query. ``schema``: a JSON Schema."""

    name: str
    schema: Mapping[str, Any]
    text: str
    where: In = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Doc:
    """What is said of one endpoint. ``body`` and ``answer`` are types, None for none; an answer
    of ``str`` is text of the type ``media``. ``refused``: what status 422 answers, where that is
    no Refusal. ``open_``: needs no token. ``ndjson``: takes lines of JSON as well."""

    text: str
    params: tuple[Param, ...] = ()
    body: Any = None
    answer: Any = None
    refused: Any = None
    open_: bool = False
    ndjson: bool = False
    media: str = "text/plain"
    statuses: tuple[int, ...] = ()


class Refusal(msgspec.Struct, frozen=True):
    """The body of every answer that refuses."""

    error: RefusedWhy


class RefusedWhy(msgspec.Struct, frozen=True):
    """``code`` is stable, ``text`` is for a person, ``field`` names the place."""

    code: str
    text: str
    field: str | None = None
    params: dict[str, str | int | float] = {}


def openapi(docs: Mapping[tuple[str, str], Doc]) -> dict[str, Any]:
    """The document for a table of (method, path) → Doc."""
    types = [
        t
        for doc in docs.values()
        for t in (doc.body, doc.answer, doc.refused)
        if t not in (None, str)
    ]
    schemas, components = msgspec.json.schema_components(
        [*types, Refusal], ref_template=REF, schema_hook=any_value
    )
    by_type = dict(zip(map(id, [*types, Refusal]), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), doc in docs.items():
        paths.setdefault(path, {})[method.lower()] = _operation(method, path, doc, by_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OneMap hub",
            "version": VERSION,
            "description": "Ingest, commands, questions and administration of a OneMap hub.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def fields_of(type_: type[msgspec.Struct]) -> tuple[Param, ...]:
    """A query's parameters from the record that it is read into."""
    schema = msgspec.json.schema(type_)
    properties: dict[str, Any] = schema["$defs"][type_.__name__]["properties"]
    needed = schema["$defs"][type_.__name__].get("required", ())
    return tuple(
        Param(name, _without_null(field), name.replace("_", " "), required=name in needed)
        for name, field in properties.items()
    )


def _without_null(field: Mapping[str, Any]) -> dict[str, Any]:
    """In a query nothing is said by leaving it out."""
    kinds = [k for k in field.get("anyOf", ()) if k != {"type": "null"}]
    plain = dict(kinds[0]) if len(kinds) == 1 else dict(field)
    plain.pop("default", None)
    return plain


def any_value(type_: type) -> dict[str, Any]:
    """The schema of a type that JSON Schema has no word for: ``object`` is any value. TypeError
    for any other: such a type cannot be published."""
    if type_ is not object:
        raise TypeError(f"{type_} has no JSON schema")
    return {"description": "any value"}


def _operation(method: str, path: str, doc: Doc, schemas: Mapping[int, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(method, path),
        "summary": doc.text,
        "parameters": [_parameter(p) for p in doc.params],
        "responses": {"200": _answer(doc, schemas), **_refusals(doc, schemas)},
        "security": [] if doc.open_ else [{"token": []}],
    }
    if doc.body is not None:
        schema = {"schema": schemas[id(doc.body)]}
        content = {"application/json": schema}
        if doc.ndjson:
            content["application/x-ndjson"] = {"schema": {"type": "string"}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _operation_id(method: str, path: str) -> str:
    words = path.replace("{", "").replace("}", "").replace("-", "/").split("/")
    return "_".join([method.lower(), *(w for w in words if w)])


def _parameter(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": param.where,
        "required": param.required or param.where == "path",
        "description": param.text,
        "schema": dict(param.schema),
    }


def _answer(doc: Doc, schemas: Mapping[int, Any]) -> dict[str, Any]:
    if doc.answer is None:
        return {"description": "Done."}
    if doc.answer is str:
        return {"description": "Text.", "content": {doc.media: {"schema": {"type": "string"}}}}
    content = {"application/json": {"schema": schemas[id(doc.answer)]}}
    return {"description": "The answer.", "content": content}


def _refusals(doc: Doc, schemas: Mapping[int, Any]) -> dict[str, Any]:
    return {
        str(status): {
            "description": _MEANING[status],
            "content": {"application/json": {"schema": _refused(doc, status, schemas)}},
        }
        for status in _statuses(doc)
    }


def _refused(doc: Doc, status: int, schemas: Mapping[int, Any]) -> dict[str, Any]:
    refusal: dict[str, Any] = schemas[id(Refusal)]
    if doc.refused is None or status not in (422, 503):
        return refusal
    return {"anyOf": [schemas[id(doc.refused)], refusal]}


def _statuses(doc: Doc) -> Iterable[int]:
    if doc.open_ and not doc.params and doc.body is None:
        return doc.statuses
    return sorted({*doc.statuses, *(s for s in ERRORS if s != 401 or not doc.open_)})


_MEANING = {
    400: "The request is wrong; the text says what and where.",
    401: "The token is missing, wrong or no longer valid.",
    403: "This account may not do that.",
    404: "There is no such thing.",
    409: "It is not possible as things stand now.",
    413: "The body is too large.",
    415: "The body is packed; send it as it is.",
    422: "Nothing of it could be accepted; the answer says why, item by item.",
    429: "Too many requests; wait a moment.",
    500: "The hub failed on this; its log says why.",
    503: "The hub takes nothing at the moment.",
}
