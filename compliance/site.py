"""The admin site: the console's own doors instead of the admin's.

Who may browse records is asked of `permissions`, never of Django's staff flag; signing in and
changing a password happen where they happen for everyone.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import urlencode

from compliance import permissions
from compliance.permissions import Action


class Site(AdminSite):
    """Records, in the console's shell."""

    site_title = site_header = "Holdfast"
    index_title = "Records"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def has_permission(self, request: HttpRequest) -> bool:
        return permissions.can(Action.SEE_RECORDS, by=request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Everyone signs in at the same door; who is signed in and not allowed here is told so."""
        if request.user.is_authenticated:
            permissions.check(Action.SEE_RECORDS, by=request.user)
        return HttpResponseRedirect(f"/accounts/login/?{urlencode({'next': request.get_full_path()})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
