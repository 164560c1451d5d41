"""What an answer that is none looks like: application/problem+json (RFC 9457), naming the field where one is wrong."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from archive import search
from compliance.hindrances import Absent, Hindrance

MEDIA_TYPE = "application/problem+json"
ABSENT = "There is no such thing, or you may not see it."


class WrongField(serializers.Serializer[Any]):
    """One field that is wrong, and why."""

    field = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Why a request was not answered. `errors` names the fields, where fields are wrong."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = WrongField(many=True, required=False)  # type: ignore[assignment]  # a serializer has an attribute of this name


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception of a view; None, and so a 500, for one that nobody foresaw."""
    if isinstance(error, Absent | Http404):
        error = exceptions.NotFound(ABSENT)
    elif isinstance(error, Hindrance):
        error = _Conflict(str(error))
    elif isinstance(error, search.IndexUnavailable):
        error = _NotNow(str(error))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error))
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    response.data = _problem(error)
    response.content_type = MEDIA_TYPE
    return response


class _Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "It cannot be done as things stand."


class _NotNow(exceptions.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE


_TITLES = {
    400: "Something in the request is wrong",
    401: "Show a token",
    403: "Not allowed",
    404: "Not found",
    405: "Not a method of this address",
    406: "Not in this form",
    409: "It cannot be done as things stand",
    413: "Too large",
    416: "Not a part of it",
    415: "Not a form this address takes",
    422: "This key was used for something else",
    429: "Too many requests",
    503: "Not now",
}


def _problem(error: exceptions.APIException) -> dict[str, Any]:
    code = error.status_code
    said = {"type": "about:blank", "title": _TITLES.get(code, "Not answered"), "status": code}
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        wrong = [{"field": name, "detail": detail} for name, detail in _wrong(error.detail)]
        return said | {"detail": f"{wrong[0]['field']}: {wrong[0]['detail']}", "errors": wrong}
    return said | {"detail": " ".join(str(one) for one in _each(error.detail))}


def _wrong(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each field and what is wrong with it; a field within another is named after it, as in `person_ids.3`."""
    if isinstance(found, dict):
        for key, inner in found.items():
            yield from _wrong(inner, f"{name}.{key}" if name else str(key))
    else:
        yield from ((name, str(detail)) for detail in _each(found))


def _each(found: Any) -> list[Any]:
    return list(found) if isinstance(found, list | tuple) else [found]
