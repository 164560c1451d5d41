"""The vendor's description of the API, where a copy of it lies in a `shared` folder beside the checkout or above.

It is read as it stands, with four readings of our own. `oneOf` is read as `anyOf`: a person is described there
as an e-mail or a string, and every e-mail is a string. `allOf` is read as one object, so that a closed schema can
be made of it: one that knows no field besides the described ones. `int64` says nothing of a
string. What is required but nowhere described cannot be given.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

Schema = dict[str, Any]
NAME = Path("shared", "zoom", "team-chat.openapi.json")
ABSENT = "the vendor's description is not beside this checkout"
COUNT = 107


@dataclass(frozen=True, kw_only=True)
class Described:
    """One operation as the vendor describes it; `body` and `reply` are closed schemas, None where there is none."""

    id: str
    method: str
    path: str
    query: dict[str, Schema]
    required: frozenset[str]
    content_type: str | None
    body: Schema | None
    status: int
    reply: Schema | None
    is_binary: bool


def file() -> Path | None:
    """Where the description is, None when it is nowhere."""
    folders = Path(__file__).resolve().parents
    return next((folder / NAME for folder in folders if (folder / NAME).is_file()), None)


@cache
def operations() -> dict[str, Described]:
    """Every operation by its id; none when there is no description."""
    found = file()
    if found is None:
        return {}
    paths = json.loads(found.read_text())["paths"]
    return {
        one["operationId"]: _described(method.upper(), path, one)
        for path, methods in paths.items()
        for method, one in methods.items()
    }


def each() -> pytest.MarkDecorator:
    """A test for each operation, by its id; one skipped test when there is no description."""
    ids: list[Any] = list(operations())
    return pytest.mark.parametrize("id", ids or [pytest.param("none", marks=pytest.mark.skip(reason=ABSENT))])


def complaints(schema: Schema, value: Any) -> list[str]:
    """What is wrong with a value, formats included; each begins with the place."""
    validator = jsonschema_rs.Draft7Validator(schema, validate_formats=True)
    return [f"{_place(error.instance_path)}: {error.message}" for error in validator.iter_errors(value)]


def _place(path: list[str | int]) -> str:
    return ".".join("each" if isinstance(step, int) else step for step in path) or "the whole"


def closed(schema: Schema) -> Schema:
    """The schema as read here, refusing fields that it does not name."""
    schema = _merged(schema)
    read = {
        name: value for name, value in schema.items() if name not in ("example", "default", "description")
    }
    if "oneOf" in read:
        read["anyOf"] = [closed(one) for one in read.pop("oneOf")]
    if "required" in read:
        # some name a field twice, or one that is not described at all
        read["required"] = sorted({*read["required"]} & {*read.get("properties", {})})
    if "properties" in read:
        read["properties"] = {name: closed(one) for name, one in read["properties"].items()}
        read["additionalProperties"] = False
    if "items" in read:
        read["items"] = closed(read["items"])
    if read.get("format") == "int64":
        del read["format"]
    return read


def _merged(schema: Schema) -> Schema:
    """`allOf` taken together into one object."""
    parts = [_merged(one) for one in schema.get("allOf", [])]
    if not parts:
        return schema
    whole: Schema = {name: value for name, value in schema.items() if name != "allOf"}
    whole.setdefault("type", "object")
    for part in parts:
        whole["properties"] = {**whole.get("properties", {}), **part.get("properties", {})}
        whole["required"] = [*whole.get("required", []), *part.get("required", [])]
    return whole


def _described(method: str, path: str, one: dict[str, Any]) -> Described:
    query = {it["name"]: it for it in one.get("parameters", []) if it["in"] == "query"}
    content = one.get("requestBody", {}).get("content", {})
    (kind,) = content or (None,)
    # imGroupCreate has an error among its successes: a 200 that stands for Zoom's own error code 200
    status = max(status for status in one["responses"] if status.startswith("2"))
    reply = one["responses"][status].get("content", {}).get("application/json", {}).get("schema")
    return Described(
        id=one["operationId"],
        method=method,
        path=path,
        query={name: closed(it["schema"]) for name, it in query.items()},
        required=frozenset(name for name, it in query.items() if it["required"]),
        content_type=kind,
        body=None if kind is None else closed(content[kind]["schema"]),
        status=int(status),
        reply=None if reply is None else closed(reply),
        is_binary="Content-Disposition" in one["responses"][status].get("headers", {}),
    )
