"""Lists: so many at a time, read on by a key that nothing moves, with the exact total."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, TypeVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

MOST_AT_ONCE = 200
USUALLY = 50
NOT_A_PLACE = "Take it from `next` of the page before; it is not made up."

A = TypeVar("A", bound="Asked")


class Asked(serializers.Serializer[Any]):
    """What every list takes: `limit`, and `after`, which `next` of the page before it has."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_AT_ONCE, default=USUALLY, help_text="How many at most."
    )
    after = serializers.CharField(
        max_length=500, required=False, help_text="Where the page before this one ended; take it from `next`."
    )


class Moment(serializers.DateTimeField):
    """A time in UTC, whatever the zone of whoever asks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class Page(serializers.Serializer[Any]):
    """A page of a list."""

    total = serializers.IntegerField(help_text="How many there are in all, exactly.")
    next = serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last.")


def page_of(line: type[serializers.Serializer[Any]]) -> Any:
    """The shape of a page of such lines."""
    parts = {"items": line(many=True), "__doc__": f"A page of a list: {line.__doc__}"}
    return type(f"{line.__name__}Page", (Page,), parts)


def asked(form: type[A], request: Request) -> Mapping[str, Any]:
    """The parameters of the address, checked. Raises ValidationError, which names what is wrong, an unknown one too."""
    given = form(data=request.query_params.dict())  # of a QueryDict, a switch that is absent reads as false
    unknown = sorted(set(request.query_params) - set(given.fields))
    if len(unknown) != 0:
        raise serializers.ValidationError(
            {
                name: f"There is no such parameter. Known are {', '.join(sorted(given.fields))}."
                for name in unknown
            }
        )
    given.is_valid(raise_exception=True)
    found: Mapping[str, Any] = given.validated_data
    return found


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
) -> Response:
    """One page: `items`, `total`, and `next`, the whole address of the page after it, or null. `after` None: the last."""
    following = None
    if after is not None:
        query = request.query_params.copy()
        query["after"] = str(after)
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return Response({"total": total, "next": following, "items": shape(list(items), many=True).data})
