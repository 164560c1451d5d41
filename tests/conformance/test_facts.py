"""What the client holds calls against is what the vendor documents: the structs of `zoom.facts`, keyword by keyword.

Both sides are brought to one form: a flat table from place and keyword (`body.members.each.email`, `maxLength`)
to value. What differs on purpose is named in `differences.FACTS`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import msgspec
import pytest

from tests.conformance import description
from tests.conformance.description import Schema
from tests.conformance.differences import FACTS
from tests.zoom import bounds
from zoom import checks
from zoom.errors import InvalidParameter
from zoom.facts.rows import Operation
from zoom.operations.table import OPERATIONS

KEYWORDS = (
    "type", "enum", "format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
)  # fmt: skip
Facts = dict[tuple[str, str], Any]


@description.each()
def test_the_bounds_are_the_described_ones(id: str) -> None:
    """Every parameter and field, whether it must be given, and all that its value must keep to."""
    assert id in OPERATIONS, f"the client does not call {id}"
    wrong = [
        f"{place}: {keyword} is {ours!r} here, {theirs!r} in the description"
        for place, keyword, ours, theirs in differences(id)
        if not any(_fits(one, id, place, keyword) for one in FACTS)
    ]
    assert wrong == []


UNIQUE = [
    (id, name)
    for id, one in description.operations().items()
    for name, schema in (one.body or {}).get("properties", {}).items()
    if schema.get("uniqueItems")
]


@pytest.mark.parametrize(("id", "name"), UNIQUE)
def test_what_must_be_named_once_is(id: str, name: str) -> None:
    """No schema of a struct can say so: twice the same is refused by the struct itself."""
    kind = OPERATIONS[id].body
    assert kind is not None
    given = bounds.smallest(kind)
    once = given.get(name) or [{"identifier": "ravi@acme.example"}]
    checks.body(OPERATIONS[id], {**given, name: once})
    with pytest.raises(InvalidParameter, match=rf"({name}|message_timestamp): "):
        checks.body(OPERATIONS[id], {**given, name: [*once, *once]})


def test_every_difference_is_needed() -> None:
    """An exception that nothing asks for is one that somebody forgot."""
    if not description.operations():
        pytest.skip(description.ABSENT)
    found = [(id, place, keyword) for id in OPERATIONS for place, keyword, _, _ in differences(id)]
    assert [one for one in FACTS if not any(_fits(one, *key) for key in found)] == []


def differences(id: str) -> list[tuple[str, str, Any, Any]]:
    """Place, keyword, our value and theirs, wherever the two differ."""
    ours, theirs = _ours(OPERATIONS[id]), _theirs(id)
    return [
        (*key, ours.get(key), theirs.get(key))
        for key in sorted({*ours, *theirs})
        if ours.get(key) != theirs.get(key)
    ]


def _fits(exception: tuple[str, str, str], *found: str) -> bool:
    return all(fnmatchcase(name, pattern) for name, pattern in zip(found, exception, strict=True))


def _ours(operation: Operation) -> Facts:
    facts = dict(_facts(_schema(operation.query), "query"))
    if operation.body is not None:
        facts |= _facts(_schema(operation.body), "body")
    return facts


def _theirs(id: str) -> Facts:
    described = description.operations()[id]
    query = {"type": "object", "properties": described.query, "required": list(described.required)}
    facts = dict(_facts(query, "query"))
    if described.body is not None:
        facts |= _facts(described.body, "body")
    return facts


def _schema(kind: type[msgspec.Struct]) -> Schema:
    """A struct's schema, with what it refers to in place."""
    (schema,), parts = msgspec.json.schema_components([kind], ref_template="{name}")
    return dict(_filled(schema, parts))


def _filled(schema: Any, parts: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_filled(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _filled(parts[schema["$ref"]], parts)
    return {name: _filled(one, parts) for name, one in schema.items()}


def _facts(schema: Schema, place: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """All that a schema says, a line each.

    A length of at least 0 says nothing. Of alternatives the fields are joined, and a bound counts when every
    alternative has it: an e-mail or an id is a string.
    """
    alternatives = _alternatives(schema)
    for keyword in KEYWORDS:
        said = [_said(one, keyword) for one in alternatives]
        if said[0] not in (None, 0) and all(one == said[0] for one in said):
            yield (place, keyword), said[0]
    for one in alternatives:
        for name, inner in one.get("properties", {}).items():
            yield (f"{place}.{name}", "required"), name in one.get("required", [])
            yield from _facts(inner, f"{place}.{name}")
        if "items" in one:
            yield from _facts(one["items"], f"{place}.each")


def _said(schema: Schema, keyword: str) -> Any:
    if keyword == "enum" and "enum" in schema:
        return sorted(schema["enum"], key=str)
    if keyword == "type" and "type" not in schema and "enum" in schema:
        return "string" if isinstance(schema["enum"][0], str) else "integer"
    return schema.get(keyword)


def _alternatives(schema: Schema) -> list[Schema]:
    """What a value may be, `null` left out: not given is not sent."""
    if "anyOf" not in schema:
        return [] if schema.get("type") == "null" else [schema]
    return [one for part in schema["anyOf"] for one in _alternatives(part)]
