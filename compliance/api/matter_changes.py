"""Opening a matter, and holding more people in one. Releasing takes two people and is not done by a program."""

import uuid
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import matters, opening, refusals
from compliance.api import endpoints, paging
from compliance.api.matters import Matter, Matters
from compliance.api.once import once
from compliance.api.paging import Key
from compliance.permissions import Action

Plain = serializers.Serializer[Any]


def _people(help_text: str) -> serializers.ListField:
    key = Key()
    return serializers.ListField(
        child=key, min_length=1, max_length=opening.MOST_CUSTODIANS, help_text=help_text
    )


class NewMatter(Plain):
    """A matter to be opened."""

    account_id = Key()
    name = serializers.CharField(max_length=opening.LONGEST_NAME)
    reason = serializers.CharField(max_length=10_000, help_text="The case, the order or the request.")
    since = serializers.DateField(required=False, allow_null=True, help_text="The first day held, in UTC.")
    until = serializers.DateField(required=False, allow_null=True, help_text="The last day held, in UTC.")
    covers_received = serializers.BooleanField(default=True)
    at_zoom = serializers.BooleanField(default=True, help_text="Hold them at Zoom, too.")
    person_ids = _people("Whom it holds.")


class More(Plain):
    """People to be held."""

    person_ids = _people("Whom it is to hold as well.")


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
            )
            matter = opening.open_matter(draft, by=self.by, now=self.now)
            return Matter({"matter": matter, "custodians": matters.held(matter)}).data

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
            matter = matters.get(matter_id=matter_id, by=self.by)
            return Matter({"matter": matter, "custodians": matters.held(matter)}).data

        return once(self, request, add)
