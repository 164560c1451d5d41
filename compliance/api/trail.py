"""The audit trail: who looked at, changed, took or tried what. Reading it is an event of it."""

from datetime import UTC
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import refusals, trail
from compliance.api import endpoints, paging
from compliance.api.paging import Asked, Moment
from compliance.api.proofs import Proof
from compliance.hindrances import Absent
from compliance.models import AuditEvent
from compliance.permissions import Action

Plain = serializers.Serializer[Any]


class Which(Asked):
    """Which events."""

    person = serializers.CharField(max_length=200, required=False, help_text="In the name, as it was then.")
    action = serializers.ChoiceField(choices=[*AuditEvent.Action.values], required=False)
    subject = serializers.CharField(
        max_length=200, required=False, help_text="How it begins, as in `matter/7`."
    )
    first_day = serializers.DateField(required=False, help_text="In UTC.")
    last_day = serializers.DateField(required=False, help_text="In UTC.")


class EventLine(Plain):
    """One event."""

    id = serializers.IntegerField(source="pk")
    at = Moment()
    actor_id = serializers.IntegerField(allow_null=True, help_text="null: the system, or nobody signed in.")
    actor_name = serializers.CharField(help_text="As it was then.")
    action = serializers.CharField()
    subject = serializers.CharField()
    details = serializers.JSONField()
    address = serializers.CharField(allow_null=True)


class Event(EventLine):
    """One event, with the leaf that commits to it."""

    proof = Proof(allow_null=True)


class Trail(endpoints.Endpoint):
    """The audit trail."""

    @endpoints.described(paging.page_of(EventLine), of="audit trail", named="list_events", asks=Which)
    def get(self, request: Request) -> Response:
        """The events that pass every filter, newest first. Recorded as a look."""
        asked = paging.asked(Which, request)
        refusals.check(Action.SEE_AUDIT, subject="audit", by=self.by, now=self.now)
        given = {
            name: asked[name]
            for name in ("person", "action", "subject", "first_day", "last_day")
            if name in asked
        }
        with timezone.override(UTC):
            found = trail.page(
                filters=trail.Filters(**given),
                before=paging.key(asked),
                limit=asked["limit"],
                by=self.by,
                now=self.now,
            )
        return paging.page(request, found.events, shape=EventLine, total=found.total, after=found.older)


class OneEvent(endpoints.Endpoint):
    """One event."""

    @endpoints.described(Event, of="audit trail", named="get_event")
    def get(self, request: Request, event_id: int) -> Response:
        """One event with its leaf and proof. Recorded as a look."""
        refusals.check(Action.SEE_AUDIT, subject="audit", by=self.by, now=self.now)
        try:
            event, proof = trail.event(event_id=event_id, by=self.by, now=self.now)
        except AuditEvent.DoesNotExist as error:
            raise Absent from error
        shown = None if proof is None else Proof(proof).data
        return Response({**EventLine(event).data, "proof": shown})
