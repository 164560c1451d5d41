"""Lists: so many at a time, read on by a key that nothing moves, with the exact total."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, TypeVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import pages

LARGEST_KEY = 2**63 - 1
MOST_AT_ONCE = 200
USUALLY = 50
NOT_A_PLACE = "Take it from `next` of the page before; it is not made up."


S = TypeVar("S", bound=serializers.Serializer[Any])


class Asked(serializers.Serializer[Any]):
    """What every list takes: `limit`, and `after`, which `next` of the page before it has."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_AT_ONCE, default=USUALLY, help_text="How many at most."
    )
    after = serializers.CharField(
        max_length=500, required=False, help_text="Where the page before this one ended; take it from `next`."
    )


class Key(serializers.IntegerField):
    """The key of a row, or another number of which there are as many."""

    def __init__(self, *, min_value: int = 1, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=LARGEST_KEY, **kwargs)


class Moment(serializers.DateTimeField):
    """A time in UTC, whatever the zone of whoever asks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class AskedOfTime(Asked):
    """The same, and of what time."""

    since = Moment(required=False, help_text="Made at this moment or later.")
    until = Moment(required=False, help_text="Made before this moment.")


class Page(serializers.Serializer[Any]):
    """A page of a list."""

    total = serializers.IntegerField(help_text="How many there are in all, exactly.")
    next = serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last.")


def page_of(line: type[serializers.Serializer[Any]]) -> Any:
    """The shape of a page of such lines."""
    parts = {"items": line(many=True), "__doc__": f"A page of a list: {line.__doc__}"}
    return type(f"{line.__name__}Page", (Page,), parts)


def given(form: type[S], request: Request) -> Mapping[str, Any]:
    """What the request says, checked. Raises ValidationError, which names what is wrong, an unknown field too."""
    said = request.data if isinstance(request.data, dict) else None
    if said is None:
        raise serializers.ValidationError({"body": "Send one JSON object."})
    return _checked(form(data=said), set(said), "field")


def asked(form: type[S], request: Request) -> Mapping[str, Any]:
    """The parameters of the address, checked. Raises ValidationError, which names what is wrong, an unknown one too."""
    # Of a QueryDict, a switch that is absent would read as false.
    return _checked(form(data=request.query_params.dict()), set(request.query_params), "parameter")


def among(asked: Mapping[str, Any], **columns: str) -> pages.Among:
    """What the parameters narrow a list to: each has the name of a column. Raises ValidationError."""
    since, until = asked.get("since"), asked.get("until")
    if since is not None and until is not None and until <= since:
        raise serializers.ValidationError({"until": "It must be after `since`."})
    exactly = {column: asked[name] for name, column in columns.items() if name in asked}
    return pages.Among(exactly, since, until)


def key(asked: Mapping[str, Any]) -> int | None:
    """The number that `after` stands for, None on the first page. Raises ValidationError."""
    text = asked.get("after")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise serializers.ValidationError({"after": NOT_A_PLACE})
    return int(text)


def place(asked: Mapping[str, Any]) -> tuple[str, int] | None:
    """What `after` stands for where a list is ordered by more than a number: value and number, joined by ~. As `key`."""
    text = asked.get("after")
    if text is None:
        return None
    value, mark, number = text.rpartition("~")
    if mark == "" or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise serializers.ValidationError({"after": NOT_A_PLACE})
    return value, int(number)


def page(
    request: Request,
    items: Iterable[object],
    *,
    shape: type[serializers.Serializer[Any]],
    total: int,
    after: object,
    context: Mapping[str, Any] | None = None,
) -> Response:
    """One page: `items`, `total`, and `next`, the whole address of the page after it, or null. `after` None: the last.

    `context` is what the shape needs besides, looked up for all items at once.
    """
    shown = shape(list(items), many=True, context=context or {}).data
    return Response({"total": total, "next": following(request, after), "items": shown})


def keyed(
    request: Request,
    found: Mapping[int, object],
    asked: Mapping[str, Any],
    *,
    shape: type[serializers.Serializer[Any]],
    newest_first: bool = False,
) -> Response:
    """One page of things that were all read, by their keys: for lists that are short by what they are lists of."""
    after, limit = key(asked), asked["limit"]
    keys = sorted(found, reverse=newest_first)
    rest = [one for one in keys if after is None or (one < after if newest_first else one > after)]
    items = [found[one] for one in rest[:limit]]
    last = rest[limit - 1] if len(rest) > limit else None
    return page(request, items, shape=shape, total=len(found), after=last)


def following(request: Request, after: object) -> str | None:
    """The whole address of the page after this one; None where there is none."""
    if after is None:
        return None
    query = request.query_params.copy()
    query["after"] = str(after)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _checked(form: serializers.Serializer[Any], names: set[str], what: str) -> Mapping[str, Any]:
    known = ", ".join(sorted(form.fields)) or "none"
    unknown = sorted(names - set(form.fields))
    if len(unknown) != 0:
        raise serializers.ValidationError(
            dict.fromkeys(unknown, f"There is no such {what}. Known are {known}.")
        )
    form.is_valid(raise_exception=True)
    found: Mapping[str, Any] = form.validated_data
    return found
