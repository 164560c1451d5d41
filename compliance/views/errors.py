"""Pages that say no: what happened, what it means, what to do. In the same shell as everything else."""

from dataclasses import dataclass

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Problem:
    """The words of an error page."""

    status: int
    title: str
    meaning: str
    advice: str


BAD_REQUEST = Problem(
    400,
    "This request could not be read",
    "Nothing was changed and nothing was shown.",
    "Go back and try again; if you followed a link, it may have been cut short.",
)
TOO_MANY = Problem(
    400,
    "This form has more ticks than can be taken at once",
    "Nothing was changed. A matter takes at most 5,000 people at once.",
    "Go back, tick fewer, and do the rest in a second step.",
)
FORBIDDEN = Problem(
    403,
    "You may not do this",
    "Nothing was shown and nothing was changed. Attempts to read, search or take messages are in the audit trail.",
    "Ask your administrator.",
)
NOT_FOUND = Problem(
    404,
    "There is nothing at this address",
    "This says nothing about the evidence: no record of the archive can be removed by a missing page.",
    "Check the address, or start from the overview.",
)
BROKEN = Problem(
    500,
    "The console failed to make this page",
    "The evidence is not affected: pages only read it. What went wrong is in the log.",
    "Try again in a moment; if it stays, tell whoever runs the system the time shown here.",
)
EXPIRED = Problem(
    403,
    "This form has expired",
    "Nothing was changed. You may have signed in or out in another window since the form was opened.",
    "Go back, reload the page and send the form again.",
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    is_full = isinstance(exception, TooManyFieldsSent | RequestDataTooBig)
    return _page(request, TOO_MANY if is_full else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, FORBIDDEN, sentence=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, NOT_FOUND)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, EXPIRED)


def broken(request: HttpRequest) -> HttpResponse:
    """The last resort: a page that asks nothing of the database, which may be what failed."""
    return render(request, "errors/broken.html", {"problem": BROKEN}, status=500, using=None)


def _page(request: HttpRequest, problem: Problem, *, sentence: str = "") -> HttpResponse:
    context = {"problem": problem, "sentence": sentence, "title": problem.title}
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    template = "errors/problem.html" if signed_in else "errors/outside.html"
    return render(request, template, context, status=problem.status)
