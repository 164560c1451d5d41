"""Holds: what must not be destroyed, for whom, where and from when to when, in the matters that the token may see."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import holds
from compliance.api import endpoints, paging
from compliance.api.paging import Asked, Key, Moment


class Which(Asked):
    """Which holds."""

    matter = Key(required=False)
    released = serializers.BooleanField(
        required=False, help_text="Only those that have ended, or only those in force."
    )


class HoldLine(serializers.Serializer[Any]):
    """One hold: a scope that must not be destroyed."""

    id = serializers.IntegerField(source="pk")
    matter_id = serializers.IntegerField()
    custodian_id = serializers.IntegerField(allow_null=True, help_text="null: it is for no one person.")
    account_id = serializers.IntegerField()
    person_id = serializers.IntegerField(allow_null=True, help_text="null: whoever speaks.")
    session_id = serializers.IntegerField(allow_null=True, help_text="null: wherever it is said.")
    covers_received = serializers.BooleanField(help_text="Also what others said where the person took part.")
    since = Moment(allow_null=True, help_text="Sent at this moment or later; null: ever.")
    until = Moment(allow_null=True, help_text="Sent before this moment; null: without an end.")
    placed_at = Moment()
    placed_by_name = serializers.CharField()
    released_at = Moment(allow_null=True)


class Holds(endpoints.Endpoint):
    """The holds of the matters that the token may see."""

    @endpoints.described(paging.page_of(HoldLine), of="matters", named="list_holds", asks=Which)
    def get(self, request: Request) -> Response:
        """The holds that pass every filter, newest first; of one matter, where one is named."""
        asked = paging.asked(Which, request)
        found = holds.listed(
            matter_id=asked.get("matter"), is_released=asked.get("released"), before=paging.key(asked),
            limit=asked["limit"], by=self.by, now=self.now,
        )  # fmt: skip
        return paging.page(request, found.rows, shape=HoldLine, total=found.total, after=found.older)
