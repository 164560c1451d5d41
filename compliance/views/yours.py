"""Your account: password, second factors, passkeys, recovery codes, where you are signed in, how the console looks."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import factors, signed_in, visitors


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    person = visitors.person(request)
    context = {
        "title": "Your account",
        "person": person,
        "has_password": person.has_usable_password(),
        "must_have_factor": factors.must_have(person),
        "lines": signed_in.lines(person=person, this=request.session.session_key, now=timezone.now()),
        **_factors_of(request),
    }
    return render(request, "account/yours.html", context)


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where somebody who must have a second factor chooses one; everybody else has their account for that."""
    if not factors.lacks(request, visitors.person(request)):
        return redirect("account")
    return render(request, "mfa/index.html", {"title": "Set up a second factor"})


@require_POST
def end(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's sessions."""
    if not signed_in.end(session_id=session_id, by=visitors.person(request), now=timezone.now()):
        raise Http404
    messages.info(request, "The session is ended. Whoever used it has to sign in again.")
    return redirect("account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    this = request.session.session_key
    count = signed_in.end_others(by=visitors.person(request), this=this, now=timezone.now())
    words = {0: "There was no other session.", 1: "1 other session is ended."}
    messages.info(request, words.get(count, f"{count} other sessions are ended."))
    return redirect("account")


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one's passkeys, unless it is the last factor of somebody who must have one."""
    found = Authenticator.objects.filter(pk=pk, user=visitors.person(request)).first()
    if found is not None and not factors.Adapter().can_delete_authenticator(found):
        messages.warning(request, factors.Adapter.error_messages["cannot_delete_authenticator"])
        return redirect("account")
    response: HttpResponse = webauthn.remove_webauthn(request, pk=pk)
    return response


def _factors_of(request: HttpRequest) -> dict[str, Any]:
    found = list(Authenticator.objects.filter(user=visitors.person(request)).order_by("pk"))
    codes = next((one for one in found if one.type == factors.Kind.RECOVERY_CODES), None)
    return {
        "app": next((one for one in found if one.type == factors.Kind.TOTP), None),
        "passkeys": [one.wrap() for one in found if one.type == factors.Kind.WEBAUTHN],
        "codes_left": None if codes is None else len(codes.wrap().get_unused_codes()),
    }
