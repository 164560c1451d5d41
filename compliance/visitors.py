"""Who is asking, and what they asked in the address: small questions every page has."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from archive import search
from compliance import inert


def person(request: HttpRequest) -> User:
    """The signed-in person. The middleware lets nobody else in; this says so to the type checker and to fate."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


def query(request: HttpRequest, *, drop: Iterable[str] = ()) -> str:
    """The query string without some of its parameters, to be continued: `a=1&b=2&`, or nothing."""
    kept = request.GET.copy()
    for name in drop:
        kept.pop(name, None)
    encoded = kept.urlencode()
    return f"{encoded}&" if encoded else ""


def number(request: HttpRequest, name: str) -> int | None:
    """A number in the address, or None when there is none or it is none; never larger than a row's key."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def sought(request: HttpRequest) -> str:
    """The search in the address, as it is asked; "" when there is none."""
    return inert.without_turning(request.GET.get("q", "")).strip()


def order(request: HttpRequest) -> search.Order:
    """The order in the address; newest first when it names none."""
    asked = request.GET.get("order", "")
    return search.Order(asked) if asked in list(search.Order) else search.Order.NEWEST


def understood(request: HttpRequest, *, now: datetime) -> search.Ast | None:
    """What the search in the address looks for, to mark it in a text; None when there is none to understand."""
    try:
        return search.parse(sought(request), now=now) if sought(request) else None
    except search.QueryError:
        return None


def numbers(request: HttpRequest, name: str, *, most: int = 5_000) -> list[int]:
    """The numbers that a form, or the address, has under one name, such as ticked boxes; anything else is left out."""
    given = request.POST if request.method == "POST" else request.GET
    return [
        int(one) for one in given.getlist(name)[:most] if one.isascii() and one.isdigit() and len(one) < 19
    ]


def back(request: HttpRequest, *, otherwise: str) -> str:
    """Where a form says to go afterwards, if that is here."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else otherwise
