"""What every request carries: the reader's time zone and address, and answers that no cache keeps.

The address is what the audit trail records. It is the connection's own unless HOLDFAST_TRUSTED_PROXIES says how many
proxies stand before the console; then it is the one the outermost of them saw. A visitor cannot choose it.
"""

import ipaddress
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from compliance import audit

TIME_ZONE_COOKIE = "timezone"


def request_context(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give the audit trail the visitor's address, the page the reader's zone, and the answer `no-store`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = reader_zone(request.COOKIES.get(TIME_ZONE_COOKIE, ""))
        token = audit.ADDRESS.set(address_of(request))
        try:
            with timezone.override(zone):
                response = get_response(request)
        finally:
            audit.ADDRESS.reset(token)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        )
        return response

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
