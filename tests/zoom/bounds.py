"""Values that keep to the bounds of an operation's facts, and values that break one, drawn from the facts.

A broken value stands first in its object, because msgspec names the first thing it stumbles over.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from zoom.facts.rows import Given

MARK = "Not-for-any-log"
WORDED = {"email": "ravi@acme.example", "retention_period": "6m", "name": "ship.png"}
Broken = tuple[str, Any, Any]  # where, the broken value, the field's value with the broken one in it


def names(kind: type[Given]) -> list[str]:
    """The fields of a struct, as they are sent."""
    return [field.encode_name for field in msgspec.structs.fields(kind)]


def required(kind: type[Given]) -> list[str]:
    """Those that must be given."""
    return [field.encode_name for field in msgspec.structs.fields(kind) if field.required]


def texts(kind: type[Given]) -> list[str]:
    """Those that are text of any wording."""
    return [
        one.encode_name for one in _info(kind).fields if any(_is_free(inner) for inner in _inner(one.type))
    ]


def with_text(kind: type[Given], name: str, text: str) -> dict[str, Any]:
    """Few parameters, one of them this text."""
    wanted = smallest(kind)
    if {"to_contact", "to_channel"} <= {name, *wanted}:
        wanted = {one: value for one, value in wanted.items() if not one.startswith("to_c")}
    return {**wanted, name: text}


def _is_free(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.StrType) and kind.pattern is None


def _inner(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    return kind.types if isinstance(kind, inspect.UnionType) else (kind,)


def smallest(kind: type[Given]) -> dict[str, Any]:
    """The fewest parameters that a call may have: the required ones, and what must go along with them."""
    told = _info(kind)
    required = {one.encode_name: good(one.type, one.encode_name) for one in told.fields if one.required}
    if told.tag_field is not None:
        required[told.tag_field] = told.tag
    others = [one for one in told.fields if not one.required]
    for count in range(4):
        for chosen in itertools.combinations(others, count):
            found = {**required, **{one.encode_name: good(one.type, one.encode_name) for one in chosen}}
            if accepts(kind, found):
                return found
    raise AssertionError(f"no small set of parameters suits {kind.__qualname__}")


def accepts(kind: type[Given], given: dict[str, Any]) -> bool:
    """Whether the facts allow these parameters."""
    try:
        msgspec.convert(given, kind)
    except msgspec.ValidationError:
        return False
    return True


def good(kind: inspect.Type, name: str = "") -> Any:
    """A value that keeps to its bounds, and to what its name says of a text."""
    match kind:
        case inspect.UnionType():
            return good(kind.types[0], name)
        case inspect.StrType():
            found = WORDED.get(name, "abcdefgh")
            return found if kind.pattern is None or re.search(kind.pattern, found) else "ship_it"
        case inspect.IntType():
            return kind.ge or 1
        case inspect.BoolType():
            return True
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.DateType():
            return date(2026, 3, 1)
        case inspect.DateTimeType():
            return datetime(2026, 3, 1, tzinfo=UTC)
        case inspect.ListType():
            return [good(kind.item_type, name)] * (kind.min_length or 1)
        case inspect.StructType():
            return smallest(kind.cls)
    raise AssertionError(f"no value of {kind} is known here")


def broken(kind: type[Given]) -> st.SearchStrategy[Broken]:
    """A parameter of the struct and a value that it must not have."""
    return st.one_of([_named(one.encode_name, _breaking(one.type)) for one in _info(kind).fields])


def _named(name: str, values: st.SearchStrategy[Broken]) -> st.SearchStrategy[Broken]:
    return values.map(lambda one: (name + one[0], one[1], one[2]))


def _breaking(kind: inspect.Type) -> st.SearchStrategy[Broken]:
    return st.one_of([*_here(kind), *_deeper(kind)])


def _here(kind: inspect.Type) -> Iterator[st.SearchStrategy[Broken]]:
    """Values that are wrong themselves."""
    inner = _inner(kind)
    yield from (_plain(values) for one in inner for values in _beyond(one))
    if not any(isinstance(one, inspect.StrType) for one in inner):
        yield _plain(st.text(max_size=20).map(MARK.__add__))
    if not any(isinstance(one, inspect.IntType | inspect.LiteralType) for one in inner):
        yield _plain(st.integers())
    if not any(isinstance(one, inspect.StructType) for one in inner):
        yield _plain(st.just({MARK: MARK}))
    yield _plain(st.binary(max_size=5) | st.floats(allow_nan=False))


def _plain(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Broken]:
    return values.map(lambda value: ("", value, value))


def _beyond(kind: inspect.Type) -> Iterator[st.SearchStrategy[Any]]:
    """Values of the right kind, on the wrong side of a bound."""
    if isinstance(kind, inspect.StrType):
        if kind.min_length:
            yield st.text(max_size=kind.min_length - 1)
        if kind.max_length is not None:
            filler = kind.max_length + 1
            yield st.text(min_size=0, max_size=20).map(lambda text: (MARK + text).ljust(filler, "x"))
    if isinstance(kind, inspect.IntType):
        if kind.ge is not None:
            yield st.integers(max_value=kind.ge - 1)
        if kind.le is not None:
            yield st.integers(min_value=kind.le + 1)
        yield st.booleans()
    if isinstance(kind, inspect.LiteralType):
        known = kind.values
        yield st.text(max_size=20).map(MARK.__add__)
        yield st.integers().filter(lambda value: value not in known)
    if isinstance(kind, inspect.ListType):
        item = good(kind.item_type)
        if kind.min_length:
            yield st.integers(0, kind.min_length - 1).map(lambda count: [item] * count)
        if kind.max_length is not None:
            most = kind.max_length
            yield st.integers(most + 1, most + 5).map(lambda count: [item] * count)


def _deeper(kind: inspect.Type) -> Iterator[st.SearchStrategy[Broken]]:
    """Values that hold a wrong one."""
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _deeper(one)
    if isinstance(kind, inspect.ListType):
        yield _breaking(kind.item_type).map(lambda one: (f"[0]{one[0]}", one[1], [one[2]]))
    if isinstance(kind, inspect.StructType):
        tag = {} if kind.tag_field is None else {kind.tag_field: kind.tag}
        for field in kind.fields:
            yield _within(_breaking(field.type), field.encode_name, tag)
        yield st.just((f".{MARK}", None, {**tag, MARK: 1}))


def _within(broken: st.SearchStrategy[Broken], name: str, tag: dict[str, Any]) -> st.SearchStrategy[Broken]:
    return broken.map(lambda one: (f".{name}{one[0]}", one[1], {**tag, name: one[2]}))


def _info(kind: type[Given]) -> inspect.StructType:
    told = inspect.type_info(kind)
    assert isinstance(told, inspect.StructType)
    return told
