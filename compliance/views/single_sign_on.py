"""To the organisation's provider and back: the two ends of signing in with OpenID Connect."""

from typing import Any

import requests
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect import views
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from compliance import oidc


@login_not_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider, by a link: the policy lets no form of ours lead elsewhere."""
    if not oidc.is_set_up():
        raise Http404
    provider: Any = get_adapter().get_provider(request, oidc.PROVIDER)
    try:
        response: HttpResponse = provider.redirect(
            request, process="login", next_url=get_next_redirect_url(request)
        )
    except requests.RequestException:
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response


@login_not_required
@require_safe
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the provider sends the browser back with: a person, an event, a session, or a refusal, in one transaction."""
    with transaction.atomic():
        response: HttpResponse = views.callback(request, provider_id)
    return response
