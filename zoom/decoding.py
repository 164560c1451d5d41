"""From the bytes of a reply to typed records that still carry their exact bytes.

The promise: whatever valid JSON Zoom puts into a list, each element becomes one record with `raw`, the slice
of the body as it was received, and typed fields as far as they have the documented types. A field of another
type is `None` and its name is in `oddities`; no oddity ever loses a record or its neighbours. Text may hold
lone surrogates (JSON can escape them): they stay in the `str` as surrogate code points, so encode it with
`errors="surrogatepass"` or sanitise it first.

The fast path is msgspec with `Raw`; the slow one, `spans` and the standard library's decoder, is taken only
for bodies and records that msgspec refuses.
"""

from __future__ import annotations

import functools
import json
import typing
from typing import Annotated, Any, TypeVar

import msgspec

from zoom import spans
from zoom.errors import RequestNote, UnexpectedReply, from_reply

Text = str | None
Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | None
Flag = bool | None


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A typed view of an object inside a record; its bytes are in the record's."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A typed view of one element of a reply, with the element's exact bytes."""

    raw: bytes = b""
    oddities: tuple[str, ...] = ()


R = TypeVar("R", bound=Record)
_OWN = frozenset(Record.__struct_fields__)
_seal = msgspec.structs.force_setattr


@functools.cache
def _decoder(kind: type[R]) -> msgspec.json.Decoder[R]:
    return msgspec.json.Decoder(kind)


def record(kind: type[R], raw: bytes) -> R:
    """One record of `kind` from its bytes; never fails for bytes that are JSON."""
    try:
        made: R = _decoder(kind).decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _tolerant(kind, raw)
    _seal(made, "raw", raw)
    _seal(made, "oddities", ())
    return made


def records(kind: type[R], slices: typing.Iterable[bytes]) -> tuple[R, ...]:
    """A record for each slice, in order."""
    return tuple([record(kind, raw) for raw in slices])


def listed(
    body: bytes, *, lists: tuple[str, ...], required: int = 1, status: int, request: RequestNote
) -> tuple[list[list[bytes]], str]:
    """The element slices of the named lists of a reply, and its `next_page_token` ("" at the end).

    The first `required` lists must be there; the others may be absent or null. Anything else raises
    `UnexpectedReply` with the body, or the error that the body itself reports in spite of its status.
    """
    try:
        found, token = _envelope(body, lists)
    except spans.Broken as broken:
        raise UnexpectedReply(
            f"{request.operation}: the reply is no whole JSON object ({broken})",
            body=body,
            damaged=True,
            status=status,
            request=request,
        ) from None
    except _Unlike as unlike:
        raise _misshapen(body, str(unlike), status=status, request=request) from None
    for name, elements in zip(lists[:required], found, strict=False):
        if elements is None:
            raise _misshapen(body, f"it has no list named {name}", status=status, request=request)
    return [elements if elements is not None else [] for elements in found], token


def whole(kind: type[R], body: bytes, *, status: int, request: RequestNote) -> R:
    """A reply that is itself one record, such as a file's or a channel's details."""
    try:
        members = spans.members(body)
        _loads(body)
    except (spans.Broken, ValueError) as broken:
        raise UnexpectedReply(
            f"{request.operation}: the reply is no whole JSON object ({broken})",
            body=body,
            damaged=True,
            status=status,
            request=request,
        ) from None
    except RecursionError:
        pass
    made = record(kind, body)
    keys = {key for key, _ in members}
    known = {json.dumps(field.encode_name).encode() for field in msgspec.structs.fields(kind)}
    if keys.isdisjoint(known) or b'"code"' in keys - known:
        raise _misshapen(body, "it has none of the documented fields", status=status, request=request)
    return made


class _Unlike(Exception):
    """The JSON is whole but shaped otherwise than documented."""


def _misshapen(body: bytes, why: str, *, status: int, request: RequestNote) -> Exception:
    reported = from_reply(status=status, body=body, request=request)
    if not isinstance(reported, UnexpectedReply):
        return reported
    return UnexpectedReply(
        f"{request.operation}: the reply is not shaped as documented: {why}",
        body=body,
        status=status,
        request=request,
    )


@functools.cache
def _envelope_decoder(lists: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    raws = list[msgspec.Raw] | None
    fields: list[tuple[str, Any, Any]] = [(f"f{n}", raws, None) for n in range(len(lists))]
    rename = {f"f{n}": name for n, name in enumerate(lists)} | {"token": "next_page_token"}
    fields.append(("token", str | None, None))
    return msgspec.json.Decoder(msgspec.defstruct("Envelope", fields, rename=rename))


def _envelope(body: bytes, lists: tuple[str, ...]) -> tuple[list[list[bytes] | None], str]:
    # msgspec keeps the last of two equal keys: a list sent in two pieces must go the slow way.
    if all(body.count(f'"{name}"'.encode()) <= 1 for name in lists):
        try:
            made = _envelope_decoder(lists).decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return _scanned(body, lists)
        values = [getattr(made, f"f{n}") for n in range(len(lists))]
        return [None if value is None else list(map(bytes, value)) for value in values], made.token or ""
    return _scanned(body, lists)


def _scanned(body: bytes, lists: tuple[str, ...]) -> tuple[list[list[bytes] | None], str]:
    """The same without msgspec: pieces of a list sent under one key twice are joined, so none is lost."""
    found: dict[str, list[bytes] | None] = dict.fromkeys(lists)
    token = ""
    for key, value in spans.members(body):
        name = _checked(key)
        if name in found and value != b"null":
            if value[:1] != b"[":
                raise _Unlike(f"{name} is no list")
            found[name] = (found[name] or []) + spans.elements(value)
        elif name == "next_page_token" and value != b"null":
            read = _checked(value)
            if not isinstance(read, str):
                raise _Unlike("next_page_token is no text")
            token = read
    for elements in found.values():
        for element in elements or ():
            _checked(element)
    return list(found.values()), token


def _checked(raw: bytes) -> Any:
    """The value of a slice; None when it is nested too deeply to be built, which is no fault of the reply."""
    try:
        return _loads(raw)
    except RecursionError:
        return None
    except ValueError:
        raise spans.Broken("a part of it is no JSON") from None


def _loads(raw: bytes) -> Any:
    # surrogateescape keeps bytes that are not UTF-8 as surrogates; strict=False allows control characters.
    # int() refuses more than 4300 digits with a ValueError; such a number is JSON all the same.
    return json.loads(raw.decode("utf-8", "surrogateescape"), strict=False, parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= 400 else float(digits)


def _tolerant(kind: type[R], raw: bytes) -> R:
    """Field by field: what has the documented type is kept, what has not is named in `oddities`."""
    try:
        value = _loads(raw)
    except (ValueError, RecursionError):
        return kind(raw=raw, oddities=("record",))
    if not isinstance(value, dict):
        return kind(raw=raw, oddities=("record",))
    oddities: list[str] = []
    made: R = _fill(kind, value, "", oddities)
    _seal(made, "raw", raw)
    _seal(made, "oddities", tuple(oddities))
    return made


def _fill(kind: Any, value: dict[str, Any], prefix: str, oddities: list[str]) -> Any:
    arguments: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.encode_name not in value or (field.name in _OWN and issubclass(kind, Record)):
            continue
        given = value[field.encode_name]
        if given is None:
            continue
        name = prefix + field.encode_name
        try:
            arguments[field.name] = msgspec.convert(given, field.type)
        except (msgspec.ValidationError, RecursionError):
            arguments[field.name] = _salvaged(field.type, given, name, oddities)
            if arguments[field.name] is None:
                del arguments[field.name]
    return kind(**arguments)


def _salvaged(wanted: Any, given: Any, name: str, oddities: list[str]) -> Any:
    """What can be kept of a value of the wrong type: the good parts of a list or object, a whole float."""
    inner = [kind for kind in typing.get_args(wanted) or (wanted,) if kind not in (type(None), Ellipsis)]
    origin = typing.get_origin(wanted)
    if origin is tuple and isinstance(given, list):
        kept = [_element(inner[0], item, f"{name}[{n}]", oddities) for n, item in enumerate(given)]
        return tuple(item for item in kept if item is not None)
    if isinstance(given, dict) and isinstance(inner[0], type) and issubclass(inner[0], Part):
        return _fill(inner[0], given, name + ".", oddities)
    oddities.append(name)
    if isinstance(given, float) and given.is_integer() and wanted == Number and abs(given) < 2**53:
        return int(given)
    return None


def _element(kind: Any, given: Any, name: str, oddities: list[str]) -> Any:
    try:
        return msgspec.convert(given, kind)
    except (msgspec.ValidationError, RecursionError):
        return _salvaged(kind, given, name, oddities)
