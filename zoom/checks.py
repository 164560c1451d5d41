"""Whether a call is one that Zoom would take, before a request is spent on it.

The bounds are the annotations of the structs in `zoom.facts`; msgspec holds the given values against them. What is
refused raises `InvalidParameter`, which names the operation, the parameter and the bound, never the value: a value
can be the text of a message.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from zoom.errors import InvalidParameter
from zoom.facts.rows import Given, Operation

_PLACE = re.compile(r"^(?P<bound>.*?)(?: - at `\$\.?(?P<where>[^`]*)`)?$", re.DOTALL)
_SIZED = re.compile(r"^Expected `(?P<kind>str|array|int)` (?:of length )?(?P<sign><=|>=) (?P<count>\d+)$")
_COUNTED = {"str": " characters", "array": " entries", "int": ""}
_STEP = re.compile(r"\[[^\]]*\]|[^.\[\]]+")
_SAID = re.compile(r"^(?P<names>[a-z][\w.]*(?:, [a-z][\w.]*)*): (?P<bound>.*)$", re.DOTALL)
_NAMED = re.compile(r"^Object (?:missing required|contains unknown) field `(?P<name>[^`]*)`$")


def query(operation: Operation, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The query of a call as it is sent, in the order given; what is None is left out."""
    given = {name: value for name, value in values.items() if value is not None}
    _check(operation, operation.query, given)
    return tuple((name, _written(operation, name, value)) for name, value in given.items())


def body(operation: Operation, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The fields of a call's body, moments as Zoom writes them; what is None is left out at any depth.

    None when the operation has no body.
    """
    if operation.body is None:
        if values is not None:
            raise InvalidParameter(operation=operation.id, parameter="body", bound="the operation takes none")
        return None
    given: dict[str, Any] = _without_none(values or {})
    _check(operation, operation.body, given)
    return {name: _in_json(operation, name, value) for name, value in given.items()}


def moment(
    operation: Operation,
    name: str,
    value: datetime | None,
    *,
    now: datetime,
    over: timedelta,
    within: timedelta,
    bound: str,
) -> None:
    """Refuse a moment that is not more than `over` and at most `within` from now; None is not given."""
    if value is None:
        return
    _written_moment(operation, name, value)
    if not now + over < value.replace(microsecond=0) <= now + within:
        raise InvalidParameter(operation=operation.id, parameter=name, bound=bound)


def _without_none(value: Any) -> Any:
    """A value without those fields of its objects that are None."""
    if isinstance(value, Mapping):
        return {name: _without_none(inner) for name, inner in value.items() if inner is not None}
    return [_without_none(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def encoded(operation: Operation, given: Mapping[str, Any]) -> bytes:
    """A body as JSON. Raises InvalidParameter for text that UTF-8 cannot carry (a lone surrogate)."""
    for name, value in given.items():
        try:
            msgspec.json.encode(value)
        except UnicodeEncodeError:
            raise InvalidParameter(
                operation=operation.id, parameter=name, bound="text with half a surrogate pair cannot be sent"
            ) from None
    return msgspec.json.encode(given)


def _check(operation: Operation, kind: type[Given], given: Mapping[str, Any]) -> None:
    try:
        msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        parameter, bound = _read(str(error))
        if bound.startswith("Invalid enum value"):
            bound = f"one of {', '.join(map(repr, _choices(kind, parameter)))}"
        raise InvalidParameter(operation=operation.id, parameter=parameter, bound=bound) from None


def _read(sentence: str) -> tuple[str, str]:
    """Parameter and bound from msgspec's sentence, or from that of a `__post_init__` (`name: bound`)."""
    found = _PLACE.match(sentence)
    bound, where = (sentence, "") if found is None else (found["bound"], found["where"] or "")
    named = _NAMED.match(bound)
    if named is not None:
        where = f"{where}.{named['name']}" if where else named["name"]
        return where, "it is required" if "missing" in bound else "there is no such parameter"
    said = _SAID.match(bound)
    if said is not None:
        where, bound = f"{where}.{said['names']}" if where else said["names"], said["bound"]
    sized = _SIZED.match(bound)
    if sized is not None:
        least = "at least" if sized["sign"] == ">=" else "at most"
        bound = f"{least} {sized['count']}{_COUNTED[sized['kind']]}"
    return where or "parameters", bound


def _choices(kind: Any, where: str) -> tuple[Any, ...]:
    """What may be chosen at a place such as `members[0].role`."""
    for step in _STEP.findall(where):
        inner = _inside(kind)
        if step.startswith("["):
            kind = next(one for one in inner if typing.get_origin(one) in (list, tuple))
            kind = typing.get_args(kind)[0]
        else:
            struct = next(one for one in inner if isinstance(one, type) and issubclass(one, msgspec.Struct))
            kind = next(one.type for one in msgspec.structs.fields(struct) if one.encode_name == step)
    found = (one for one in _inside(kind) if typing.get_origin(one) is typing.Literal)
    return tuple(choice for one in found for choice in typing.get_args(one))


def _inside(kind: Any) -> list[Any]:
    """The kinds of a union, without their annotations."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _inside(typing.get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        return [one for part in typing.get_args(kind) for one in _inside(part)]
    return [kind]


def _written(operation: Operation, name: str, value: Any) -> str:
    """A value as a query carries it: moments in UTC to the second, lists joined by commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _written_moment(operation, name, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        if any("," in str(one) for one in value):
            raise InvalidParameter(operation=operation.id, parameter=name, bound="no comma within a name")
        return ",".join(map(str, value))
    return str(value)


def _written_moment(operation: Operation, name: str, value: datetime) -> str:
    if value.tzinfo is None:
        raise InvalidParameter(operation=operation.id, parameter=name, bound="a moment needs a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _in_json(operation: Operation, name: str, value: Any) -> Any:
    """A value as a body carries it: moments written as in a query, at any depth."""
    if isinstance(value, datetime):
        return _written_moment(operation, name, value)
    if isinstance(value, Mapping):
        return {key: _in_json(operation, name, inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_json(operation, name, inner) for inner in value]
    return value
