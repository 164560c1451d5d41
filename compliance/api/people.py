"""Accounts that are connected, and the people who speak there or are named there."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive import persons
from compliance import refusals
from compliance.api import endpoints, paging
from compliance.api.paging import Asked, Key, Moment
from compliance.hindrances import Absent
from compliance.permissions import Action

Plain = serializers.Serializer[Any]


class Account(Plain):
    """A connected Zoom account."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    zoom_account_id = serializers.CharField()
    plan = serializers.CharField(help_text="free, pro or business: how much of Zoom's API it may use.")
    connected_at = Moment()
    is_active = serializers.BooleanField(help_text="Whether it is still captured.")


class WhichAccounts(Asked):
    """Which accounts."""

    active = serializers.BooleanField(required=False, help_text="Those still captured, or those no longer.")


class Which(Asked):
    """Which people."""

    account = Key(required=False)
    named = serializers.CharField(
        max_length=200, required=False, help_text="In the newest name, an earlier one, or the address."
    )
    external = serializers.BooleanField(required=False, help_text="From outside of the account, or inside.")


class PersonLine(Plain):
    """One person of a list."""

    id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    name = serializers.CharField(help_text="The newest name known.")
    email = serializers.CharField(help_text="Empty: unknown.")
    member_id = serializers.CharField(help_text="Zoom's; empty: unknown.")
    user_id = serializers.CharField(help_text="Zoom's, of people inside the account; empty: unknown.")
    is_external = serializers.BooleanField(allow_null=True, help_text="null: unknown.")
    is_bot = serializers.BooleanField()
    department = serializers.CharField()
    job_title = serializers.CharField()
    status = serializers.CharField(help_text="As Zoom gave it; empty: unknown.")


class Name(Plain):
    """A name somebody had, from the first to the last message that carried it."""

    name = serializers.CharField()
    first_used_at = Moment()
    last_used_at = Moment()


class Person(PersonLine):
    """One person."""

    names = Name(many=True)


class Accounts(endpoints.Endpoint):
    """The accounts."""

    @endpoints.described(paging.page_of(Account), of="people", named="list_accounts", asks=WhichAccounts)
    def get(self, request: Request) -> Response:
        """The accounts that are or were connected, in the order in which they were."""
        asked = paging.asked(WhichAccounts, request)
        refusals.check(Action.SEE_COMPLETENESS, subject="accounts", by=self.by, now=self.now)
        after, limit = paging.key(asked), asked["limit"]
        every = [
            one for one in persons.accounts() if "active" not in asked or one.is_active == asked["active"]
        ]
        rest = [one for one in every if after is None or one.id > after]
        following = rest[limit - 1].id if len(rest) > limit else None
        return paging.page(request, rest[:limit], shape=Account, total=len(every), after=following)


class People(endpoints.Endpoint):
    """The people."""

    @endpoints.described(paging.page_of(PersonLine), of="people", named="list_people", asks=Which)
    def get(self, request: Request) -> Response:
        """The people who pass every filter, in the order in which they became known."""
        asked = paging.asked(Which, request)
        refusals.check(Action.SEE_COMPLETENESS, subject="people", by=self.by, now=self.now)
        filters = persons.Filters(
            account_id=asked.get("account"), named=asked.get("named"), is_external=asked.get("external")
        )
        found = persons.page(filters=filters, after=paging.key(asked), limit=asked["limit"])
        return paging.page(request, found.lines, shape=PersonLine, total=found.count, after=found.next)


class OnePerson(endpoints.Endpoint):
    """One person."""

    @endpoints.described(Person, of="people", named="get_person")
    def get(self, request: Request, person_id: int) -> Response:
        """One person, with the names they had."""
        refusals.check(Action.SEE_COMPLETENESS, subject=f"person/{person_id}", by=self.by, now=self.now)
        found = persons.one(person_id)
        if found is None:
            raise Absent
        return Response({**PersonLine(found.line).data, "names": Name(found.names, many=True).data})
