"""Every operation, called by the client and answered by the sandbox, as the vendor describes both.

One good call of each operation (`calls_*.py`) goes over a real socket, and what was on the wire is held against
the description: method, path, parameters and body one way, status and reply the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from sandbox.operations.table import OPERATIONS as ANSWERED
from tests.conformance import calls, description
from tests.conformance.description import Described, Schema
from tests.conformance.differences import NOT_SENT, REPLIES
from tests.conformance.scene import Exchange, opened
from zoom.operations.table import OPERATIONS as CALLED


@pytest.fixture
def exchanges(id: str, tmp_path: Path, loopback: None) -> list[Exchange]:
    """What went over the wire in a call of the operation."""
    assert id in CALLED, f"the client does not call {id}"
    assert id in ANSWERED, f"the sandbox does not answer {id}"
    assert id in calls.CALLS, f"no module calls_*.py calls {id}"
    with opened(tmp_path) as scene:
        calls.make(calls.CALLS[id], scene)
        return scene.recording.exchanges


@description.each()
def test_client_and_sandbox_speak_as_described(id: str, exchanges: list[Exchange]) -> None:
    """Every exchange of the call, those that prepare it too."""
    found = [one for one in exchanges if one.operation == id]
    assert found, f"the call of {id} asked for {[(one.method, one.path) for one in exchanges]}"
    wrong = [complaint for one in exchanges for complaint in [*_request(one), *_reply(one)]]
    assert [complaint for complaint in wrong if not _excepted(complaint)] == []
    for operation, part in REPLIES:
        assert operation != id or any(part in complaint for complaint in wrong), f"not needed: {part}"
    missing = _declared(description.operations()[id]) - {name for one in found for name in _given(one)}
    assert missing == {name for operation, name in NOT_SENT if operation == id}, "not given by any call"


def _excepted(complaint: str) -> bool:
    return any(complaint.startswith(f"{id}, reply: ") and part in complaint for id, part in REPLIES)


def _request(exchange: Exchange) -> Iterator[str]:
    """What the description has against a request."""
    if exchange.operation is None:
        yield f"no operation is {exchange.method} {exchange.path}"
        return
    described = description.operations()[exchange.operation]
    where = f"{described.id}, request"
    names = [name for name, _ in exchange.query]
    if len(set(names)) < len(names):
        yield f"{where}: a parameter is given twice"
    for name in described.required - set(names):
        yield f"{where}: {name} is required"
    for name, text in exchange.query:
        if name not in described.query:
            yield f"{where}: there is no parameter {name}"
            continue
        for complaint in description.complaints(described.query[name], _typed(described.query[name], text)):
            yield f"{where}: {name}: {complaint}"
    if exchange.sent_type.partition(";")[0] != (described.content_type or ""):
        yield f"{where}: the body is {exchange.sent_type!r}"
    elif described.body is None:
        if exchange.sent:
            yield f"{where}: there is a body"
    else:
        for complaint in description.complaints(described.body, _body(exchange)):
            yield f"{where}: {complaint}"


def _reply(exchange: Exchange) -> Iterator[str]:
    """What the description has against a reply."""
    if exchange.operation is None:
        return
    described = description.operations()[exchange.operation]
    where = f"{described.id}, reply"
    if exchange.status != described.status:
        yield f"{where}: status {exchange.status}, described is {described.status}: {exchange.received[:300]!r}"
    elif described.reply is not None:
        if exchange.received_type.partition(";")[0] != "application/json":
            yield f"{where}: it is {exchange.received_type!r}"
            return
        for complaint in description.complaints(described.reply, json.loads(exchange.received)):
            yield f"{where}: {complaint}"
    elif exchange.received and not described.is_binary:
        yield f"{where}: there should be no body"


def _typed(schema: Schema, text: str) -> Any:
    """A value of a query as the JSON value that it stands for; itself when it stands for none."""
    if schema.get("type") == "integer" and text.lstrip("-").isdigit():
        return int(text)
    return {"true": True, "false": False}.get(text, text) if schema.get("type") == "boolean" else text


def _body(exchange: Exchange) -> Any:
    """A body as one JSON value; files of a form stand as text."""
    if exchange.sent_type == "application/json":
        return json.loads(exchange.sent)
    head = f"Content-Type: {exchange.sent_type}\r\n\r\n".encode()
    form = BytesParser(policy=policy.HTTP).parsebytes(head + exchange.sent)
    schema = description.operations()[exchange.operation or ""].body or {}
    fields: dict[str, Any] = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True).decode("latin-1")
        if schema["properties"].get(name, {}).get("type") == "array":
            fields.setdefault(name, []).append(value)
        else:
            assert name not in fields, f"{name} is there twice"
            fields[name] = value
    return fields


def _given(exchange: Exchange) -> set[str]:
    """The names of everything that a request gave."""
    body = _body(exchange) if exchange.sent else {}
    return {name for name, _ in exchange.query} | set(_names(body))


def _names(value: Any, above: str = "") -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield above + name
        yield from _names(inner, f"{above}{name}.")
    for inner in value if isinstance(value, list) else ():
        yield from _names(inner, above)


def _declared(described: Described) -> set[str]:
    """The names of everything that may be given; a token is given by whoever reads a second page."""
    return {*described.query, *_properties(described.body or {})} - {"next_page_token"}


def _properties(schema: Schema, above: str = "") -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        yield above + name
        yield from _properties(inner, f"{above}{name}.")
    for inner in schema.get("anyOf", []):
        yield from _properties(inner, above)
    if "items" in schema:
        yield from _properties(schema["items"], above)


def test_no_exception_is_made_for_nothing() -> None:
    """Each names an operation of the description and something that is there."""
    if not description.operations():
        pytest.skip(description.ABSENT)
    for id, name in NOT_SENT:
        assert name in _declared(description.operations()[id]), (id, name)
    for id, _ in REPLIES:
        assert description.operations()[id].reply is not None, id
