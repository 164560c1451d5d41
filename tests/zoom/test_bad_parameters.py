"""What breaks a documented bound never leaves this machine: not as a request, not even as one for a token.

Every operation is called with wrong values drawn from its own facts. The refusal names the operation and the
parameter; the value itself, which can be the text of a message, is not repeated.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

from tests.zoom import bounds
from tests.zoom.conftest import API, CREDENTIALS, OAUTH, Clock
from tests.zoom.test_docstrings import methods, said
from zoom.client import ZoomClient
from zoom.errors import InvalidParameter
from zoom.facts.rows import Operation
from zoom.operations.table import OPERATIONS

IN_BRACES = re.compile(r"\{([^}]*)\}")
thorough = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class Silence:
    """A wire that nothing may go over."""

    def __init__(self) -> None:
        self.heard: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return httpx.Response(500)


class Refusing:
    """A client whose every call must be refused here."""

    def __init__(self, client: ZoomClient, wire: Silence) -> None:
        self.client, self._wire = client, wire

    def refuses(self, call: Callable[[], object]) -> InvalidParameter:
        """The refusal of a call that no request was spent on."""
        self._wire.heard.clear()
        with pytest.raises(InvalidParameter) as caught:
            call()
        assert self._wire.heard == []
        return caught.value

    def refuses_call(self, operation: Operation, **given: Any) -> InvalidParameter:
        """The same of a call by its operation."""
        caller = self.client._caller
        refused = self.refuses(lambda: caller.call(operation.id, read=lambda reply: reply, **given))
        assert refused.operation == operation.id
        assert str(refused) == f"{operation.id}: {refused.parameter}: {refused.bound}"
        return refused


@pytest.fixture(scope="module")
def refusing() -> Iterator[Refusing]:
    """A client on a silent wire."""
    wire, clock = Silence(), Clock()
    with ZoomClient(
        credentials=CREDENTIALS,
        api_url=API,
        oauth_url=OAUTH,
        transport=httpx.MockTransport(wire),
        clock=clock,
        sleep=clock.sleep,
    ) as client:
        yield Refusing(client, wire)


def ids_of(operation: Operation) -> dict[str, str]:
    return dict.fromkeys(IN_BRACES.findall(operation.path), "x")


def content_of(operation: Operation) -> dict[str, Any] | None:
    return None if operation.body is None else bounds.smallest(operation.body)


@pytest.mark.parametrize("id", [id for id, one in OPERATIONS.items() if one.parameters])
def test_a_broken_bound_of_a_query_is_named(id: str, refusing: Refusing) -> None:
    """Too long, too short, out of range, no choice, another type."""
    operation = OPERATIONS[id]

    @thorough
    @given(bounds.broken(operation.query))
    def refused(broken: bounds.Broken) -> None:
        where, value, field = broken
        rest = {**bounds.smallest(operation.query)}
        name = re.split(r"[.\[]", where)[0]
        rest.pop(name, None)
        caught = refusing.refuses_call(
            operation, query={name: field, **rest}, ids=ids_of(operation), content=content_of(operation)
        )
        assert_named(caught, where, value)

    refused()


@pytest.mark.parametrize("id", [id for id, one in OPERATIONS.items() if one.body is not None])
def test_a_broken_bound_of_a_body_is_named(id: str, refusing: Refusing) -> None:
    """The same at any depth, and too many entries of a list."""
    operation = OPERATIONS[id]
    assert operation.body is not None
    kind = operation.body

    @thorough
    @given(bounds.broken(kind))
    def refused(broken: bounds.Broken) -> None:
        where, value, field = broken
        rest = {**bounds.smallest(kind)}
        name = re.split(r"[.\[]", where)[0]
        rest.pop(name, None)
        caught = refusing.refuses_call(
            operation,
            query=bounds.smallest(operation.query),
            ids=ids_of(operation),
            content={name: field, **rest},
        )
        assert_named(caught, where, value)

    refused()


def assert_named(caught: InvalidParameter, where: str, value: Any) -> None:
    """The refusal says where, and does not say what."""
    assert caught.parameter == where
    assert not isinstance(value, str | dict) or bounds.MARK not in caught.bound


@pytest.mark.parametrize("id", OPERATIONS)
def test_an_unknown_or_missing_parameter_is_named(id: str, refusing: Refusing) -> None:
    """A slip of the pen in a name is not sent to be ignored."""
    operation = OPERATIONS[id]
    query, content, ids = bounds.smallest(operation.query), content_of(operation), ids_of(operation)
    caught = refusing.refuses_call(operation, query={**query, "colour": "red"}, content=content, ids=ids)
    assert caught.parameter == "colour"
    caught = refusing.refuses_call(operation, query=query, content={**(content or {}), "hue": 1}, ids=ids)
    assert caught.parameter == ("body" if content is None else "hue")
    for name in operation.required:
        rest = {key: value for key, value in query.items() if key != name}
        assert name in refusing.refuses_call(operation, query=rest, content=content, ids=ids).parameter
    for field in () if operation.body is None else bounds.required(operation.body):
        rest = {key: value for key, value in (content or {}).items() if key != field}
        assert field in refusing.refuses_call(operation, query=query, content=rest, ids=ids).parameter


LISTS_OF_EVERYTHING = {"fetchBookmarks", "listReminders"}
PLACES = [
    (id, part)
    for id, one in OPERATIONS.items()
    for part in ("query", "content")
    if (kind := one.query if part == "query" else one.body) is not None
    and {"to_contact", "to_channel"} <= set(bounds.names(kind))
]


@pytest.mark.parametrize(("id", "part"), PLACES, ids=lambda value: value)
def test_a_message_is_in_one_place(id: str, part: str, refusing: Refusing) -> None:
    """With a contact and in a channel is nowhere; in neither too, but where a list is of everything then."""
    operation = OPERATIONS[id]
    good = {"query": bounds.smallest(operation.query), "content": content_of(operation)}
    rest = {name: value for name, value in (good[part] or {}).items() if not name.startswith("to_c")}
    both = {"to_contact": "ravi@acme.example", "to_channel": "abc"}
    for place in [both] if id in LISTS_OF_EVERYTHING else [both, {}]:
        given = {**good, part: {**rest, **place}}
        caught = refusing.refuses_call(operation, ids=ids_of(operation), **given)
        assert {"to_contact", "to_channel"} <= set(caught.parameter.split(", "))


@pytest.mark.parametrize("id", [id for id, one in OPERATIONS.items() if "{" in one.path])
@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_would_change_the_path_is_refused(id: str, value: str, refusing: Refusing) -> None:
    """An empty id would ask for the whole list, dots for what lies above."""
    operation = OPERATIONS[id]
    for name in ids_of(operation):
        caught = refusing.refuses_call(
            operation,
            query=bounds.smallest(operation.query),
            content=content_of(operation),
            ids={**ids_of(operation), name: value},
        )
        assert caught.parameter == name


TEXTS = [
    (id, name) for id, one in OPERATIONS.items() if one.body is not None for name in bounds.texts(one.body)
]


@pytest.mark.parametrize(("id", "name"), TEXTS)
def test_half_a_character_is_refused(id: str, name: str, refusing: Refusing) -> None:
    """UTF-8 cannot carry a lone surrogate."""
    operation = OPERATIONS[id]
    kind = operation.body
    assert kind is not None
    text = bounds.MARK + "\ud83d"
    content = bounds.with_text(kind, name, text)
    caught = refusing.refuses_call(
        operation, query=bounds.smallest(operation.query), content=content, ids=ids_of(operation)
    )
    assert caught.parameter.startswith(name)
    assert bounds.MARK not in str(caught)


METHODS = {
    told[0]: name
    for name, method in methods(ZoomClient(credentials=CREDENTIALS))
    if (told := said(method)) is not None and "{" in OPERATIONS[told[0]].path
}


@pytest.mark.parametrize("id", METHODS)
def test_no_method_sends_an_empty_name(id: str, refusing: Refusing, tmp_path: Path) -> None:
    """Called with nothing but empty names, each method refuses at once, also those that give pages."""
    group, name = METHODS[id].split(".")
    method = getattr(getattr(refusing.client, group), name)
    given = {
        parameter.name: empty(typing.get_type_hints(method)[parameter.name], tmp_path)
        for parameter in inspect.signature(method).parameters.values()
        if parameter.default is inspect.Parameter.empty
    }
    by_place = [
        given.pop(one.name)
        for one in inspect.signature(method).parameters.values()
        if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and one.name in given
    ]
    refusing.refuses(lambda: method(*by_place, **given))


def empty(kind: Any, folder: Path) -> Any:
    """The emptiest value that an annotation allows."""
    origin = typing.get_origin(kind)
    plain = {str: "", date: date(2026, 3, 1), datetime: datetime(2026, 3, 1).astimezone(), bool: True, int: 1}
    if origin is typing.Literal:
        return typing.get_args(kind)[0]
    if origin in (typing.Union, types.UnionType):
        return empty(typing.get_args(kind)[0], folder)
    if kind is Path:
        path = folder / "file.bin"
        path.write_bytes(b"bytes")
        return path
    if origin is not None and isinstance(origin, type) and issubclass(origin, Sequence):
        return [empty(typing.get_args(kind)[0], folder)]
    if kind in plain:
        return plain[kind]
    pytest.skip(f"no empty {kind} is known here")
