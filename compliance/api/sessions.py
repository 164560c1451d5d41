"""Sessions: which there are, and one with its members."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive import directory
from compliance import refusals
from compliance.api import endpoints, paging
from compliance.api.paging import Asked, Moment
from compliance.hindrances import Absent
from compliance.permissions import Action

Plain = serializers.Serializer[Any]


class Which(Asked):
    """Which sessions."""

    named = serializers.CharField(
        max_length=200, required=False, help_text="In its name, or a member's name or address."
    )
    type = serializers.ChoiceField(choices=["Group", "1:1"], required=False)
    external = serializers.BooleanField(required=False, help_text="With somebody from outside, or without.")
    gap = serializers.BooleanField(required=False, help_text="With a gap, or without.")


class SessionLine(Plain):
    """One session of a list."""

    id = serializers.IntegerField()
    title = serializers.CharField(help_text="Its name or, where it has none, its members' names.")
    zoom_id = serializers.CharField()
    type = serializers.CharField(help_text="Group or 1:1.")
    status = serializers.CharField()
    channel_id = serializers.CharField(help_text="Empty where it is no channel.")
    has_external_member = serializers.BooleanField(allow_null=True, help_text="null: unknown.")
    last_message_at = Moment(allow_null=True)
    messages = serializers.IntegerField(help_text="Captured so far.")
    gaps = serializers.IntegerField(help_text="Windows that are not proven complete.")


class Member(Plain):
    """Somebody named as a member of a session."""

    person_id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    is_external = serializers.BooleanField(allow_null=True, help_text="null: unknown.")


class Session(SessionLine):
    """One session."""

    account_id = serializers.IntegerField()
    account = serializers.CharField()
    members = Member(many=True)
    speakers = serializers.IntegerField(help_text="How many people spoke there.")
    first_sent_at = Moment(allow_null=True)
    last_sent_at = Moment(allow_null=True)
    first_seen_at = Moment()
    last_seen_at = Moment()

    def to_representation(self, instance: directory.SessionDetail) -> dict[str, Any]:
        """The line's fields stand beside the others."""
        line = SessionLine(instance.line).data
        own = {name: field for name, field in self.fields.items() if name not in line}
        return dict(line) | {
            name: None if (value := field.get_attribute(instance)) is None else field.to_representation(value)
            for name, field in own.items()
        }


class Sessions(endpoints.Endpoint):
    """The sessions that are known."""

    @endpoints.described(paging.page_of(SessionLine), of="sessions", named="list_sessions", asks=Which)
    def get(self, request: Request) -> Response:
        """The sessions that pass every filter, the one with the newest message first."""
        asked = paging.asked(Which, request)
        refusals.check(Action.SEE_COMPLETENESS, subject="sessions", by=self.by, now=self.now)
        filters = directory.Filters(
            named=asked.get("named"),
            type=asked.get("type"),
            has_external=asked.get("external"),
            has_gap=asked.get("gap"),
        )
        place = paging.place(asked)
        after = None if place is None else directory.After(*place)
        try:
            found = directory.sessions(filters=filters, after=after, limit=asked["limit"])
        except ValueError as error:
            raise serializers.ValidationError({"after": paging.NOT_A_PLACE}) from error
        following = None if found.next is None else f"{found.next.value}~{found.next.id}"
        return paging.page(request, found.lines, shape=SessionLine, total=found.count, after=following)


class OneSession(endpoints.Endpoint):
    """One session."""

    @endpoints.described(Session, of="sessions", named="get_session")
    def get(self, request: Request, session_id: int) -> Response:
        """One session with its members and when they spoke."""
        subject = f"session/{session_id}"
        refusals.check(Action.SEE_COMPLETENESS, subject=subject, by=self.by, now=self.now)
        found = directory.session(session_id)
        if found is None:
            raise Absent
        return Response(Session(found).data)
