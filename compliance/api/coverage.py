"""Coverage: what is proven of each UTC day of a session, or of an account, and how much of it was offered and archived."""

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive import completeness, directory, persons
from compliance import refusals
from compliance.api import endpoints, paging
from compliance.hindrances import Absent
from compliance.permissions import Action

Plain = serializers.Serializer[Any]
MOST_DAYS = 366
USUALLY = timedelta(days=30)
_STATES = "complete, partial, gap, waiting, lost or unknown."


class Which(Plain):
    """Which days, in UTC; the 31 days to today where nothing is said. None after today is there."""

    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False, help_text=f"At most {MOST_DAYS} days are asked for at once.")


class SessionDay(Plain):
    """One UTC day of a session; counts are those of its last complete pull, null where there was none."""

    day = serializers.DateField()
    state = serializers.CharField(help_text=_STATES)
    reason = serializers.CharField(help_text="Why it is not complete; empty where it is.")
    offered = serializers.IntegerField(allow_null=True)
    archived = serializers.IntegerField(allow_null=True)
    duplicate = serializers.IntegerField(allow_null=True)
    excluded = serializers.IntegerField(allow_null=True)
    failed = serializers.IntegerField(allow_null=True)
    destroyed = serializers.IntegerField(allow_null=True)


class AccountDay(Plain):
    """One UTC day of an account."""

    day = serializers.DateField()
    state = serializers.CharField(help_text=_STATES)
    list_state = serializers.CharField(
        help_text="What is known of the list of the day's sessions: " + _STATES
    )
    windows = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Windows of sessions, counted by what they say of the day.",
    )
    offered = serializers.IntegerField(allow_null=True, help_text="null: unknown.")


class OfSession(endpoints.Endpoint):
    """The days of a session."""

    @endpoints.described(paging.page_of(SessionDay), of="coverage", named="session_coverage", asks=Which)
    def get(self, request: Request, session_id: int) -> Response:
        """What is proven of each day of a session, and its account."""
        first, last = _span(self, paging.asked(Which, request))
        subject = f"session/{session_id}"
        refusals.check(Action.SEE_COMPLETENESS, subject=subject, by=self.by, now=self.now)
        if directory.session(session_id) is None:
            raise Absent
        days = completeness.days(session_id, first=first, last=last, now=self.now)
        return paging.page(request, days, shape=SessionDay, total=len(days), after=None)


class OfAccount(endpoints.Endpoint):
    """The days of an account."""

    @endpoints.described(paging.page_of(AccountDay), of="coverage", named="account_coverage", asks=Which)
    def get(self, request: Request, account_id: int) -> Response:
        """What is proven of each day for all sessions of an account together."""
        first, last = _span(self, paging.asked(Which, request))
        subject = f"account/{account_id}"
        refusals.check(Action.SEE_COMPLETENESS, subject=subject, by=self.by, now=self.now)
        if account_id not in {one.id for one in persons.accounts()}:
            raise Absent
        days = completeness.of_account(account_id, first=first, last=last, now=self.now)
        return paging.page(request, days, shape=AccountDay, total=len(days), after=None)


def _span(endpoint: endpoints.Endpoint, asked: Mapping[str, Any]) -> tuple[date, date]:
    last: date = asked.get("last", endpoint.now.astimezone(UTC).date())
    first: date = asked.get("first", last - USUALLY if last > date.min + USUALLY else date.min)
    if last < first:
        raise serializers.ValidationError({"last": "It is before the first day."})
    if (last - first).days >= MOST_DAYS:
        raise serializers.ValidationError({"last": f"At most {MOST_DAYS} days are asked for at once."})
    return first, last
