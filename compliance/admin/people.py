"""Appointing people: who may sign in, and which roles they have.

Open to administrators, who cannot read messages. Nobody changes their own roles, so that nobody appoints themselves into
reading; every appointment is an event of the audit trail. People are switched off, never deleted: the trail names them.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from compliance import audit, permissions
from compliance.permissions import Action

if TYPE_CHECKING:
    _UserAdmin = UserAdmin[User]
else:
    _UserAdmin = UserAdmin  # generic for the type checker only

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class People(_UserAdmin):
    """The people of the console."""

    actions = None
    show_facets = admin.ShowFacets.NEVER
    list_display = ("username", "full_name", "email", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Roles", {"fields": ("is_active", "groups")}),
        ("Since", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "usable_password", "password1", "password2")}),)

    @admin.display(ordering="first_name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.label = "Roles"
            field.widget = forms.CheckboxSelectMultiple()
            field.help_text = "Whoever has several may do what any of them may."
        return field

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change and obj.pk == request.user.pk and {"groups", "is_active"} & set(form.changed_data):
            raise PermissionDenied("Another administrator must change your own roles.")
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person: User = form.instance
        roles = sorted(person.groups.values_list("name", flat=True))
        details = {"roles": roles, "active": person.is_active, "new": not change, "fields": form.changed_data}
        self._record(request, person, details)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Setting somebody's password lets one act as them: it is recorded, or it does not happen."""
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                self._record(request, User.objects.get(pk=id), {"fields": ["password"]})
        return response

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return permissions.can(Action.APPOINT, by=request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _record(self, request: HttpRequest, person: User, details: dict[str, Any]) -> None:
        audit.record(
            action=audit.Action.CHANGED,
            subject=f"person/{person.pk}",
            details=details,
            by=request.user,
            now=timezone.now(),
        )
