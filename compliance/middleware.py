"""What every request carries: the reader's time zone and address, and answers that no cache keeps.

The address is what the audit trail records. It is the connection's own unless HOLDFAST_TRUSTED_PROXIES says how many
proxies stand before the console; then it is the one the outermost of them saw. A visitor cannot choose it.
"""

import ipaddress
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from compliance import audit, factors

TIME_ZONE_COOKIE = "timezone"
WITHOUT_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_logout",
        "theme",
        "alive",
        "ready",
    }
)
"""What somebody reaches who must have a second factor and has none: setting one up, and leaving."""


def request_context(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give the audit trail the visitor's address, the page the reader's zone, and the answer `no-store`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = reader_zone(request.COOKIES.get(TIME_ZONE_COOKIE, ""))
        address, token = audit.ADDRESS.set(address_of(request)), audit.TOKEN.set(None)
        try:
            with timezone.override(zone):
                response = get_response(request)
        finally:
            audit.ADDRESS.reset(address)
            audit.TOKEN.reset(token)  # whatever the request has set it to: the thread answers others after it
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        )
        return response

    return middleware


def second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead whoever must have a second factor and has none to setting one up, whatever they asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *_: object) -> HttpResponse | None:
        person = request.user
        match = request.resolver_match
        if not isinstance(person, User) or match is None or match.view_name in WITHOUT_FACTOR:
            return None
        return redirect("mfa_index") if factors.lacks(request, person) else None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def reader_zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone the reader's browser named, or None (the console's own) when it is not one."""
    if not name or len(name) > 64:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address, or None when there is none worth recording (a Unix socket)."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    address = hops[-proxies] if 0 < proxies <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
