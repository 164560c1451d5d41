"""Matters that the token may see, whom they hold, and since when."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import matters, models, places, refusals
from compliance.api import endpoints, paging
from compliance.api.paging import AskedOfTime, Moment
from compliance.permissions import Action

Plain = serializers.Serializer[Any]


class Which(AskedOfTime):
    """Which matters; made is when they were opened."""

    state = serializers.ChoiceField(choices=["active", "released"], required=False)
    named = serializers.CharField(
        max_length=200, required=False, help_text="In its name, or in one it had before."
    )


class MatterLine(Plain):
    """One matter of a list."""

    id = serializers.IntegerField(source="matter.pk")
    name = serializers.CharField(source="matter.name")
    state = serializers.CharField(source="matter.state")
    opened_at = Moment(source="matter.opened_at")
    released_at = Moment(source="matter.released_at", allow_null=True)
    custodians = serializers.IntegerField(help_text="Held now.")
    waiting = serializers.IntegerField(help_text="Matters at Zoom that are not placed yet.")
    refused = serializers.IntegerField(help_text="Custodians whom Zoom refused.")
    conversations = serializers.IntegerField(source="places", help_text="Held themselves, here only.")


class Custodian(Plain):
    """Somebody held, or once held, in a matter."""

    id = serializers.IntegerField(source="custodian.pk")
    person_id = serializers.IntegerField(source="custodian.person_id")
    name = serializers.CharField(
        source="custodian.name", help_text="As they were called when they were added."
    )
    email = serializers.CharField(source="custodian.email")
    added_at = Moment(source="custodian.added_at")
    dropped_at = Moment(source="custodian.dropped_at", allow_null=True)
    at_zoom = serializers.CharField(
        help_text="held, missing (held there once), waiting, refused, alone (held here only), ending, ended."
    )


class HeldConversation(Plain):
    """A conversation that is, or was, held itself, whoever speaks there. Held here only; days are null without a limit."""

    hold_id = serializers.IntegerField(source="hold.pk")
    session_id = serializers.IntegerField(source="hold.session_id")
    name = serializers.CharField(source="hold.session_name", help_text="As it was called when it was held.")
    since = serializers.DateField(source="days.since", allow_null=True, help_text="First day held, UTC.")
    until = serializers.DateField(source="days.until", allow_null=True, help_text="Last day held, UTC.")
    placed_at = Moment(source="hold.placed_at")
    placed_by_name = serializers.CharField(source="hold.placed_by_name")
    released_at = Moment(source="hold.released_at", allow_null=True)


class Matter(Plain):
    """One matter."""

    id = serializers.IntegerField(source="matter.pk")
    account_id = serializers.IntegerField(source="matter.account_id")
    name = serializers.CharField(source="matter.name")
    reason = serializers.CharField(source="matter.reason")
    state = serializers.CharField(source="matter.state")
    since = serializers.DateField(source="matter.since", allow_null=True, help_text="First day held, UTC.")
    until = serializers.DateField(source="matter.until", allow_null=True, help_text="Last day held, UTC.")
    covers_received = serializers.BooleanField(source="matter.covers_received")
    at_zoom = serializers.BooleanField(source="matter.at_zoom")
    opened_at = Moment(source="matter.opened_at")
    opened_by_name = serializers.CharField(source="matter.opened_by_name")
    released_at = Moment(source="matter.released_at", allow_null=True)
    custodians = Custodian(many=True)
    conversations = HeldConversation(many=True)


def whole(matter: models.Matter) -> Mapping[str, Any]:
    """A matter with whom and what it holds, as it is answered."""
    found = {
        "matter": matter,
        "custodians": matters.held(matter),
        "conversations": places.every(matter),
    }
    return Matter(found).data


class Matters(endpoints.Endpoint):
    """The matters that the token may see."""

    @endpoints.described(paging.page_of(MatterLine), of="matters", named="list_matters", asks=Which)
    def get(self, request: Request) -> Response:
        """The matters whose member the person is, within the token's limits, newest first."""
        asked = paging.asked(Which, request)
        found = matters.page(
            state=asked.get("state", ""),
            named=asked.get("named", ""),
            among=paging.among(asked),
            before=paging.key(asked),
            limit=asked["limit"],
            by=self.by,
            now=self.now,
        )
        return paging.page(request, found.lines, shape=MatterLine, total=found.total, after=found.older)


class OneMatter(endpoints.Endpoint):
    """One matter."""

    @endpoints.described(Matter, of="matters", named="get_matter")
    def get(self, request: Request, matter_id: int) -> Response:
        """One matter with its custodians and the conversations it holds. Recorded as a look."""
        by, now = self.by, self.now
        refusals.check(Action.SEE_MATTER, subject=f"matter/{matter_id}", by=by, now=now)
        seen = matters.seen(matter_id=matter_id, by=by, now=now)
        return Response(whole(seen.matter))
