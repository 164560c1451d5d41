"""People, for administrators: who can sign in, their roles, invitations, switching off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import inert, people, permissions, roster, told, visitors
from compliance.forms.people import Described, Invitation, Roles, Switch
from compliance.permissions import Action
from compliance.views import telling

F = TypeVar("F", bound=forms.Form)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everybody who can sign in, or could."""
    lines = roster.lines(by=visitors.person(request))
    context = {"title": "People", "lines": lines, "lacking": sum(_lacks(line) for line in lines)}
    return render(request, "people/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make a person and mail them a link."""
    by = visitors.person(request)
    permissions.check(Action.APPOINT, by=by)
    form = Invitation(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("email", "full_name", "username")}
        try:
            person = people.invite(**given, roles=form.chosen(), by=by, now=timezone.now())
        except people.Obstacle as obstacle:
            form.add_error(None, str(obstacle))
        else:
            messages.info(
                request, f"{inert.plain(person.email)} is invited. The link is good for three days."
            )
            return redirect("person", person.pk)
    context = {"title": "Invite somebody", "form": form, "is_mail_set_up": told.is_mail_set_up()}
    return render(request, "people/invite.html", context)


@require_safe
def one(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person, and what can be done about them."""
    by = visitors.person(request)
    with _said(request):
        line = roster.one(person_id=person_id, by=by)
    form = Roles(initial={"roles": [role.value for role in line.roles]})
    context = {"title": line.name, "line": line, "form": form, "is_self": person_id == by.pk}
    context["described"] = Described(
        initial={"full_name": line.person.get_full_name(), "email": line.person.email}
    )
    return render(request, "people/one.html", context | {"is_mail_set_up": told.is_mail_set_up()})


@require_POST
def roles(request: HttpRequest, person_id: int) -> HttpResponse:
    """Appoint and dismiss."""
    form = _valid(Roles(request.POST))
    with _said(request, "The roles are set."):
        people.set_roles(person_id=person_id, roles=form.chosen(), **_by(request))
    return redirect("person", person_id)


@require_POST
def describe(request: HttpRequest, person_id: int) -> HttpResponse:
    """Correct a name or an e-mail."""
    form = Described(request.POST)
    if telling.fits(request, form):
        with _said(request, "The name and e-mail are set."):
            people.describe(person_id=person_id, **form.cleaned_data, **_by(request))
    return redirect("person", person_id)


@require_POST
def switch(request: HttpRequest, person_id: int) -> HttpResponse:
    """Switch somebody off, or on again."""
    is_active = _valid(Switch(request.POST)).cleaned_data["active"] == "yes"
    words = "The account is on again." if is_active else "The account is off; every session of it is ended."
    with _said(request, words):
        people.switch(person_id=person_id, is_active=is_active, **_by(request))
    return redirect("person", person_id)


@require_POST
def link(request: HttpRequest, person_id: int) -> HttpResponse:
    """Mail somebody a link to set a password."""
    with _said(request, "The link is on its way. It is good once, for three days."):
        people.send_link(person_id=person_id, **_by(request))
    return redirect("person", person_id)


@require_POST
def take_factors(request: HttpRequest, person_id: int) -> HttpResponse:
    """Remove the second factors of somebody who lost them."""
    with _said(request, "The second factors are removed; every session is ended."):
        people.take_factors(person_id=person_id, **_by(request))
    return redirect("person", person_id)


class SetPassword(PasswordResetConfirmView):
    """Where the link of an invitation leads: choose a password, then sign in with it."""

    template_name = "account/set_password.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> User | None:
        """Nobody, where the account is switched off."""
        found = super().get_user(uidb64)
        return found if isinstance(found, User) and found.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, end other sessions and record it, or do nothing."""
        with transaction.atomic():
            response = super().form_valid(form)
            people.password_was_set(person=form.user, now=timezone.now())
        messages.info(self.request, "Your password is set. Sign in with it.")
        return response


@contextmanager
def _said(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Say what was done or what stands in the way; whoever is not there is not found."""
    with telling.obstacles(request):
        yield
        if done:
            messages.info(request, done)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": visitors.person(request), "now": timezone.now()}


def _valid(form: F) -> F:
    """A form that only our own page sends; anything else is not found."""
    if not form.is_valid():
        raise Http404
    return form


def _lacks(line: roster.Line) -> bool:
    return line.person.is_active and line.must_have_factor and not line.factors
