"""What a request asks for, held against the shape of its operation.

A shape is a msgspec struct whose annotations are the service's own bounds. What breaks one is refused with 400
and code 300, and the fields at fault are named beside the sentence, as the service does.
"""

import re
from typing import TypeVar

import msgspec

from sandbox.gate import Call
from sandbox.wire import Refusal

T = TypeVar("T")
_WHERE = re.compile(r"`\$?\.?(?P<name>[^`]*)`$")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters of an operation; unknown ones are ignored, as the service ignores them."""


class Paged(Asked, frozen=True, kw_only=True):
    """A list that comes in pages; `page_size` is the operation's own."""

    next_page_token: str | None = None


def query(call: Call, kind: type[T]) -> T:
    """The query as the operation's shape; an empty parameter counts as absent."""
    given = {name: value for name, value in call.request.query_params.items() if value != ""}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise refused(str(error)) from error


async def body(call: Call, kind: type[T]) -> T:
    """The body, JSON, as the operation's shape."""
    try:
        return msgspec.json.decode(await call.request.body(), type=kind)
    except msgspec.ValidationError as error:
        raise refused(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, 300, "Request Body should be a valid JSON object.") from error


def names(text: str, *, parameter: str, most: int) -> list[str]:
    """A list parted by commas, of at most so many."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    if not 1 <= len(found) <= most:
        raise Refusal(400, 300, f"Invalid field: {parameter} must name 1 to {most}.")
    return found


def refused(sentence: str) -> Refusal:
    """The refusal of what breaks a bound, naming the field when the sentence does."""
    found = _WHERE.search(sentence)
    name = "" if found is None else found["name"]
    errors = [{"field": name, "message": sentence}] if name else []
    return Refusal(400, 300, "Validation Failed.", errors=errors)
