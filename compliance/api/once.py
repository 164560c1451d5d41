"""Changing something once: the same request with the same Idempotency-Key is answered as it was, and nothing is done again.

What is changed and what was answered are one transaction, so that neither is there without the other; two requests at
once wait for each other. What was refused or went wrong leaves no answer behind: it can be asked again.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import refusals
from compliance.api.endpoints import KEY, Endpoint
from compliance.models import TokenAnswer

_FIT = re.compile(r"[!-~]{1,200}")


class UsedOtherwise(APIException):
    """The key belongs to another request."""

    status_code = 422
    default_detail = f"This {KEY} was used for another request. Make up another one for each change."


def once(
    endpoint: Endpoint, request: Request, do: Callable[[], Mapping[str, Any] | None], *, status: int = 201
) -> Response:
    """Do it, unless it is done, and answer what it gave; None: nothing is to be said. Raises ValidationError, UsedOtherwise."""
    key = request.headers.get(KEY, "")
    if _FIT.fullmatch(key) is None:
        raise ValidationError(
            {KEY: "Send one: 1 to 200 printable characters without spaces, another for each change."}
        )
    asked = _fingerprint(request)
    try:
        return _answer(endpoint, key, asked, do, status)
    except refusals.Refused as error:
        # What was written down of it was taken back together with everything else.
        raise PermissionDenied(*error.args) from error


def _answer(
    endpoint: Endpoint, key: str, asked: bytes, do: Callable[[], Mapping[str, Any] | None], status: int
) -> Response:
    with transaction.atomic():
        _alone(endpoint.token.pk, key)
        known = TokenAnswer.objects.filter(token=endpoint.token, key=key).first()
        if known is None:
            given = do()
            said = None if given is None else json.loads(json.dumps(given, default=str))
            TokenAnswer.objects.create(
                token=endpoint.token, key=key, asked=asked, status=status, said=said, at=endpoint.now
            )
            return Response(said, status=status)
    if bytes(known.asked) != asked:
        raise UsedOtherwise
    return Response(known.said, status=known.status, headers={"Idempotency-Replayed": "true"})


def _fingerprint(request: Request) -> bytes:
    """What tells one request from another: its method, its address and what it says."""
    said = json.dumps(request.data, sort_keys=True, default=str)
    return hashlib.sha256(
        f"{request.method} {request.get_full_path()}\n{said}".encode("utf-8", "surrogatepass")
    ).digest()


def _alone(token_id: int, key: str) -> None:
    """Let nobody else answer this key until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('holdfast answer ' || %s, 0))",
            [f"{token_id} {key}"],
        )
