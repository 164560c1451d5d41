"""A custodian's page: the notice they were sent, and the button with which they acknowledge it. No account is needed."""

import ipaddress
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from compliance import middleware
from compliance.forms.notices import Acknowledgement
from compliance.notices import acknowledging

MOST_A_MINUTE = 120
"""From one address. A whole office may sit behind one address; a guesser needs more tries than there are minutes."""


@login_not_required
@csrf_exempt  # no cookie decides anything here, only the link does; and browsers told to send no referrer send no origin
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, token: str) -> HttpResponse:
    """The notice; a POST acknowledges it, nothing else does."""
    if _asks_too_often(request, now=timezone.now()):
        return _alone(render(request, "acknowledge/too_many.html", status=429))
    try:
        if request.method != "POST":
            shown = acknowledging.shown(token=token)
            return _alone(render(request, "acknowledge/notice.html", {"shown": shown, "token": token}))
        form = Acknowledgement(request.POST)
        comment = form.cleaned_data["comment"] if form.is_valid() else request.POST.get("comment", "")
        browser = request.headers.get("User-Agent", "")
        acknowledging.acknowledge(token=token, comment=comment, browser=browser, now=timezone.now())
    except acknowledging.NoSuchLink:
        return _alone(render(request, "acknowledge/no_link.html", status=404))
    return _alone(redirect("acknowledge", token))


def _asks_too_often(request: HttpRequest, *, now: datetime) -> bool:
    """Count a look from this address, or from its network where addresses are plenty (IPv6)."""
    address = middleware.address_of(request) or "unknown"
    if ":" in address:
        address = str(ipaddress.ip_network(f"{address}/64", strict=False))
    key = f"acknowledge:{address}:{now:%Y%m%d%H%M}"
    try:
        cache.add(key, 0, timeout=120)
        return bool(cache.incr(key) > MOST_A_MINUTE)
    except (
        RedisError
    ):  # without a count a custodian is still heard: no link can be guessed in any number of tries
        return False


def _alone(response: HttpResponse) -> HttpResponse:
    """Found by no search engine, told to no other site, kept by no cache."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
