"""Opening a matter, and holding more people in one. Releasing takes two people and is not done by a program."""

import uuid
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import matters, opening, places, refusals
from compliance.api import endpoints, paging
from compliance.api.matters import Matter, Matters, whole
from compliance.api.once import once
from compliance.api.paging import Key
from compliance.permissions import Action
from compliance.places import Days

Plain = serializers.Serializer[Any]


def _people(help_text: str, **given: Any) -> serializers.ListField:
    key = Key()
    return serializers.ListField(child=key, max_length=opening.MOST_CUSTODIANS, help_text=help_text, **given)


def _conversations(help_text: str, **given: Any) -> serializers.ListField:
    return serializers.ListField(child=Key(), max_length=places.MOST, help_text=help_text, **given)


class HeldDays(Plain):
    """For which days conversations are held themselves; null: without a limit."""

    since = serializers.DateField(default=None, allow_null=True, help_text="The first day held, in UTC.")
    until = serializers.DateField(default=None, allow_null=True, help_text="The last day held, in UTC.")


def _days(given: Mapping[str, Any]) -> Days | None:
    days = given.get("days")
    return None if days is None else Days(days["since"], days["until"])


class NewMatter(Plain):
    """A matter to be opened."""

    account_id = Key()
    name = serializers.CharField(max_length=opening.LONGEST_NAME)
    reason = serializers.CharField(max_length=10_000, help_text="The case, the order or the request.")
    since = serializers.DateField(required=False, allow_null=True, help_text="The first day held, in UTC.")
    until = serializers.DateField(required=False, allow_null=True, help_text="The last day held, in UTC.")
    covers_received = serializers.BooleanField(default=True)
    at_zoom = serializers.BooleanField(default=True, help_text="Hold them at Zoom, too.")
    person_ids = _people("Whom it holds.", required=False, default=list)
    session_ids = _conversations(
        "Conversations held themselves, whoever speaks there; here only.", required=False, default=list
    )
    days = HeldDays(required=False, allow_null=True, help_text="Of the conversations; null: the matter's.")


class More(Plain):
    """People to be held."""

    person_ids = _people("Whom it is to hold as well.", min_length=1)


class MorePlaces(Plain):
    """Conversations to be held themselves."""

    session_ids = _conversations("Which it is to hold as well.", min_length=1)
    days = HeldDays(required=False, allow_null=True, help_text="For which days; null: the matter's.")


class Opened(Matters):
    """Matters: reading them, and opening one."""

    @endpoints.described_change(NewMatter, Matter, of="matters", named="open_matter")
    def post(self, request: Request) -> Response:
        """Open a matter and hold people in it, here at once and at Zoom by jobs. The person becomes its member."""
        refusals.check(Action.OPEN_MATTER, subject="matters", by=self.by, now=self.now)

        def open_it() -> Mapping[str, Any]:
            given = paging.given(NewMatter, request)
            draft = opening.Draft(
                request_key=uuid.uuid4(),
                account_id=given["account_id"],
                name=given["name"],
                reason=given["reason"],
                since=given.get("since"),
                until=given.get("until"),
                covers_received=given["covers_received"],
                at_zoom=given["at_zoom"],
                person_ids=given["person_ids"],
                session_ids=given["session_ids"],
                session_days=_days(given),
            )
            return whole(opening.open_matter(draft, by=self.by, now=self.now))

        return once(self, request, open_it)


class Custodians(endpoints.Endpoint):
    """Custodians of a matter."""

    @endpoints.described_change(More, Matter, of="matters", named="add_custodians")
    def post(self, request: Request, matter_id: int) -> Response:
        """Hold more people in a matter, here at once and at Zoom by jobs."""
        refusals.check(Action.CHANGE_MATTER, subject=f"matter/{matter_id}", by=self.by, now=self.now)

        def add() -> Mapping[str, Any]:
            given = paging.given(More, request)
            opening.add(matter_id=matter_id, person_ids=given["person_ids"], by=self.by, now=self.now)
            return whole(matters.get(matter_id=matter_id, by=self.by))

        return once(self, request, add)


class Conversations(endpoints.Endpoint):
    """Conversations that a matter holds themselves."""

    @endpoints.described_change(MorePlaces, Matter, of="matters", named="hold_conversations")
    def post(self, request: Request, matter_id: int) -> Response:
        """Hold conversations themselves, whoever speaks there. Here only: Zoom's legal hold knows people."""
        refusals.check(Action.CHANGE_MATTER, subject=f"matter/{matter_id}", by=self.by, now=self.now)

        def add() -> Mapping[str, Any]:
            given = paging.given(MorePlaces, request)
            places.hold(
                matter_id=matter_id,
                session_ids=given["session_ids"],
                days=_days(given),
                by=self.by,
                now=self.now,
            )
            return whole(matters.get(matter_id=matter_id, by=self.by))

        return once(self, request, add)
