"""What every endpoint is: only with a token, answered as JSON that has an ETag, and described with every way it can end.

Whatever is refused or not found is an event of the trail, under the person and the token. An answer is recorded as a look
also where the program has it already and is told so (304): it asked, and could have read.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from compliance import audit, refusals, tokens
from compliance.api import examples, paging, problems
from compliance.hindrances import Absent
from compliance.models import Token

F = TypeVar("F", bound=Callable[..., Any])
KEY = "Idempotency-Key"
BYTES = "application/octet-stream"
_HAD = "The program has this answer already."
_REFUSED = (400, 401, 403, 404, 405, 406, 429)
_REFUSED_CHANGES = (*_REFUSED, 409, 413, 415, 422)
_IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of an answer the program has already.",
)
_IDEMPOTENCY_KEY = OpenApiParameter(
    KEY, str, OpenApiParameter.HEADER, required=True, pattern="^[!-~]{1,200}$",
    description="Made up by the program, another one for each change. The same request with the same key is done once.",
)  # fmt: skip


@dataclass(frozen=True)
class Going:
    """From when on an endpoint is deprecated, and when it is gone: at least a year later."""

    deprecated_at: datetime
    gone_at: datetime


def described(
    shape: Any, *, of: str, named: str, asks: Any = None, also: tuple[int, ...] = ()
) -> Callable[[F], F]:
    """How the description says an endpoint that reads: its parameters, its answer with an example, its problems."""
    answers: dict[Any, Any] = {200: shape, 304: OpenApiResponse(description=_HAD)}
    found: Callable[[F], F] = extend_schema(
        operation_id=named,
        summary=_summary(named),
        parameters=[*([] if asks is None else [asks]), _IF_NONE_MATCH],
        responses=answers | _problems((*_REFUSED, *also)),
        examples=[_example(shape, 200)],
        tags=[of],
    )
    return found


def described_bytes(
    *, of: str, named: str, asks: Sequence[Any] = (_IF_NONE_MATCH,), also: tuple[int, ...] = ()
) -> Callable[[F], F]:
    """The same of an endpoint that gives bytes; with 206 in `also`, parts of them."""
    in_full = dict.fromkeys((200, *([206] if 206 in also else [])), OpenApiTypes.BINARY)
    answers: dict[Any, Any] = {(code, BYTES): shape for code, shape in in_full.items()}
    answers[304] = OpenApiResponse(description=_HAD)
    codes = (*_REFUSED, *(code for code in also if code != 206))
    found: Callable[[F], F] = extend_schema(
        operation_id=named,
        summary=_summary(named),
        parameters=list(asks),
        responses=answers | _problems(codes),
        tags=[of],
    )
    return found


def described_change(
    takes: Any, shape: Any, *, of: str, named: str, status: int = 201, also: tuple[int, ...] = ()
) -> Callable[[F], F]:
    """How the description says an endpoint that changes something, once for each Idempotency-Key."""
    shown = [] if shape is None else [_example(shape, status)]
    if takes is not None:
        shown.append(OpenApiExample("A request", value=examples.of(takes), request_only=True))
    found: Callable[[F], F] = extend_schema(
        operation_id=named,
        summary=_summary(named),
        parameters=[_IDEMPOTENCY_KEY],
        request=takes,
        responses={status: OpenApiResponse(description="Done.") if shape is None else shape}
        | _problems((*_REFUSED_CHANGES, *also)),
        examples=shown,
        tags=[of],
    )
    return found


class Endpoint(APIView):
    """Every endpoint. `by` is whom the token speaks for, kept within its limits; `now` when it was asked."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = ()  # compliance.api.rates counts before the token is let in
    going: Going | None = None
    now: datetime

    @property
    def by(self) -> User:
        """Whom the token speaks for, kept within its limits."""
        person: User = self.request.user  # type: ignore[assignment]
        return person

    @property
    def token(self) -> Token:
        """The token that is shown."""
        shown: Any = self.request.auth
        token: Token = shown
        return token

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """What comes before every answer: the token, its rate, and whether the address can name anything."""
        self.now = timezone.now()
        super().initial(request, *args, **kwargs)
        if any(isinstance(value, int) and value > paging.LARGEST_KEY for value in kwargs.values()):
            raise NotFound(problems.ABSENT)

    def handle_exception(self, exc: Exception) -> Response:
        """Write down what was refused or not found, unless the door has, and answer with a problem."""
        token: Any = self.request.auth
        is_written = isinstance(exc, refusals.Refused)
        if isinstance(token, Token) and isinstance(exc, Absent | PermissionDenied) and not is_written:
            details = {"wanted": f"{self.request.method} {self.request.path}"}
            subject = tokens.subject(token)
            with transaction.atomic():
                audit.record(
                    action=audit.Action.REFUSED, subject=subject, details=details, by=self.by, now=self.now
                )
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Give the answer its ETag, and say when the endpoint is going."""
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        if request.method in SAFE_METHODS and isinstance(answer, Response) and answer.status_code == 200:
            answer.add_post_render_callback(lambda rendered: tagged(request, rendered))
        if self.going is not None:
            # RFC 9745 and RFC 8594
            answer.headers["Deprecation"] = f"@{int(self.going.deprecated_at.timestamp())}"
            answer.headers["Sunset"] = http_date(self.going.gone_at.timestamp())
        return answer


@extend_schema(exclude=True)
class Nothing(Endpoint):
    """Whatever other address under /api/: a problem as everywhere else, and no page."""

    def get(self, request: Request, rest: str) -> Response:
        """There is nothing."""
        raise NotFound(problems.ABSENT)

    post = put = patch = delete = get


def tagged(request: Request, answer: Any) -> Any:
    """The answer with its ETag, or that the program has it already."""
    answer.headers["ETag"] = quote_etag(hashlib.sha256(answer.content).hexdigest())
    return get_conditional_response(request._request, etag=answer.headers["ETag"], response=answer)


def _summary(named: str) -> str:
    return named.replace("_", " ").capitalize()


def _problems(codes: tuple[int, ...]) -> dict[Any, Any]:
    return {(code, problems.MEDIA_TYPE): problems.Problem for code in codes}


def _example(shape: Any, status: int) -> OpenApiExample:
    return OpenApiExample(
        "An answer", value=examples.of(shape), response_only=True, status_codes=[str(status)]
    )
