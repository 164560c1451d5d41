"""The archive's records, to be looked at: nothing here changes evidence, and nothing here shows what people said.

A message opens in the console, where looking is recorded; a search of the messages goes through the same engine and the
same audited door as the search page. Columns that hold words (raw bytes, texts) are never displayed by the admin.
The only part of `compliance` that may name the archive's models.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import CharField, Field, JSONField, Model, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from archive import models as archive
from archive import search
from compliance import inert, investigations, permissions, visitors
from compliance.models import AuditEvent
from compliance.permissions import Action

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin  # generic for the type checker only


@functools.cache
def _inert(field: str, label: str) -> Callable[[Any], str]:
    """A column whose text comes from strangers, shown so that it cannot deceive."""

    @admin.display(description=label, ordering=field)
    def column(row: Any) -> str:
        value = row
        for name in field.split("__"):
            value = getattr(value, name) if value is not None else ""
        return inert.text(str(value or "—"))

    return column


FOUND_AT_MOST = 200


def _shown(field: "Field[Any, Any]") -> Any:
    """A field of a record's page: text of strangers through `_inert`, the rest as the admin shows it."""
    if isinstance(field, CharField | TextField | JSONField) and not field.choices:
        return _inert(field.name, str(field.verbose_name))
    return field.name


WORDS = frozenset({"raw", "text", "salt", "sealed_client_secret", "hashes"})


class Readable(_Admin):
    """Rows to read: never added, changed or deleted here, and without the columns that hold words or secrets."""

    action_needed = Action.SEE_RECORDS
    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return permissions.can(self.action_needed, by=request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [_shown(field) for field in self.model._meta.fields if field.name not in WORDS]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.get_fields(request, obj)


@admin.register(archive.Account)
class Accounts(Readable):
    list_display = ("name", "zoom_account_id", "plan", "budget_share", "connected_at", "is_active")


@admin.register(archive.Person)
class People(Readable):
    list_display = (
        _inert("display_name", "name"),
        "email",
        "is_external",
        "is_bot",
        "department",
        "user_status",
    )
    list_filter = ("is_external", "is_bot", "user_status")
    search_fields = ("display_name", "email", "member_id", "user_id")


@admin.register(archive.Session)
class Sessions(Readable):
    list_display = (
        "id",
        _inert("name", "name"),
        "type",
        "status",
        "has_external_member",
        "last_message_at",
        "last_seen_at",
    )
    list_filter = ("type", "status", "has_external_member")
    search_fields = ("name", "zoom_id", "channel_id")


@admin.register(archive.Channel)
class Channels(Readable):
    list_display = (_inert("name", "name"), "zoom_id", "type", "retention", "last_seen_at")
    search_fields = ("name", "zoom_id")


@admin.register(archive.Message)
class Messages(Readable):
    """Messages by when and by whom; what was said is read, and recorded, in the console."""

    ordering = ("-sent_at", "-id")
    list_display = (
        "id",
        "sent_at",
        _inert("session__name", "session"),
        _inert("sender__display_name", "sender"),
        "zoom_id",
    )
    list_select_related = ("session", "sender")

    search_fields = ("zoom_id",)  # shows the box; what it finds is decided below
    search_help_text = (
        f"The language of the search page, over what was said; the newest {FOUND_AT_MOST} are listed. "
        "The search is recorded."
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Words are found by the archive's engine through the audited door, never by the database."""
        if not search_term.strip():
            return queryset, False
        try:
            findings = investigations.messages(
                query=search_term, limit=FOUND_AT_MOST, by=visitors.person(request), now=timezone.now()
            )
        except search.SearchError as error:
            messages.error(request, str(error))
            return queryset.none(), False
        return queryset.filter(pk__in=[hit.message_id for hit in findings.answer.hits]), False

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        return redirect("message", message_id=int(object_id))


@admin.register(archive.Attachment)
class Attachments(Readable):
    list_display = ("id", "zoom_file_id", "size_bytes_claimed", "state", "attempts", "not_before")
    list_filter = ("state",)
    raw_id_fields = ("message", "blob", "info")


@admin.register(archive.Blob)
class Blobs(Readable):
    list_display = ("id", "digest", "size_bytes", "media_type", "stored_at")

    def digest(self, blob: archive.Blob) -> str:
        return bytes(blob.sha256).hex()


@admin.register(archive.Window)
class Windows(Readable):
    list_display = (
        "id",
        "kind",
        _inert("session__name", "session"),
        "first_day",
        "last_day",
        "state",
        "offered",
        "archived",
        "attempts",
    )
    list_filter = ("state", "kind")
    list_select_related = ("session",)


@admin.register(archive.WindowClosure)
class Closures(Readable):
    list_display = ("id", "window_id", "pull", "state", "reason", "closed_at")
    list_filter = ("state",)


@admin.register(archive.Run)
class Runs(Readable):
    list_display = ("id", "account", "kind", "first_day", "last_day", "started_at", "finished_at")
    list_filter = ("kind",)


@admin.register(archive.Page)
class Pages(Readable):
    list_display = ("id", "operation", "window_id", "pull", "number", "status", "body_bytes", "received_at")
    list_filter = ("operation", "status")


@admin.register(archive.Unreadable)
class Unreadables(Readable):
    list_display = ("id", "reason", "window_id", "page_id", "stored_at")


@admin.register(archive.Observation)
class Observations(Readable):
    list_display = ("id", "kind", "subject", "observed_at")
    list_filter = ("kind",)


@admin.register(archive.Leaf)
class Leaves(Readable):
    list_display = ("index", "kind", "subject_id", "at", "committed")
    list_filter = ("kind",)

    def committed(self, leaf: archive.Leaf) -> str:
        return bytes(leaf.commitment).hex()


@admin.register(archive.Checkpoint)
class Checkpoints(Readable):
    list_display = ("size", "hash", "made_at")

    def hash(self, checkpoint: archive.Checkpoint) -> str:
        return bytes(checkpoint.root).hex()


@admin.register(AuditEvent)
class Trail(Readable):
    """The trail is read where reading it is recorded."""

    action_needed = Action.SEE_AUDIT

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("audit")

    def change_view(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return redirect("audit")
