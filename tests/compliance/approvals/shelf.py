"""A kind of request for the scenes: retiring saved searches from a shelf, which takes two people here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from archive import search
from compliance import approvals
from compliance.approvals import kinds
from compliance.models import MessageList, Request, SavedSearch
from compliance.permissions import Action, Role
from tests.archive.scenes import NOW
from tests.compliance import cast

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SUBJECT = "shelf/1"


def second_officer() -> User:
    """Samir, a compliance officer beside Ines."""
    user = User.objects.create_user(
        "samir", "samir@example.test", cast.PASSWORD, first_name="Samir", last_name="Haddad"
    )
    user.groups.add(Group.objects.get(name=Role.COMPLIANCE_OFFICER.value))
    return user


def third_officer() -> User:
    """Olga, an officer beside Ines and Samir."""
    user, _ = User.objects.get_or_create(username="olga", first_name="Olga", last_name="Reyes")
    user.groups.add(Group.objects.get(name=Role.COMPLIANCE_OFFICER.value))
    return user


@dataclass
class Shelf:
    """What stands on it, who may see it, and what stands in the way."""

    only: dict[int, frozenset[str]] = field(default_factory=dict)
    """The subjects that a person may see, by their key; who is not named sees all."""
    trouble: list[Exception] = field(default_factory=list)
    """Raised one after the other, each when a request has just been carried out."""

    @classmethod
    def stocked(cls, patch: pytest.MonkeyPatch) -> "Shelf":
        """With two searches on it, and its kind of request known until the patch is undone."""
        shelf = cls()
        patch.setattr(kinds, "_KINDS", {"retire": shelf.kind()})
        shelf.put("old")
        shelf.put("older")
        return shelf

    def put(self, name: str) -> SavedSearch:
        return SavedSearch.objects.create(
            name=name, query="x", language=search.LANGUAGE_VERSION, analysis=search.ANALYSIS_VERSION, parsed="x", order="newest",
            made_by_name="x", made_at=NOW,
        )  # fmt: skip

    def names(self) -> list[str]:
        return list(SavedSearch.objects.filter(removed_at=None).values_list("name", flat=True))

    def kind(self, **changed: Any) -> approvals.Kind:
        return approvals.Kind(
            **{
                "key": "retire",
                "name": "Retire saved searches",
                "means": "They are gone from everybody's list. Their runs and their trail stay.",
                "ask": Action.SAVE_SEARCH,
                "approve": Action.MAKE_TAG,
                "find": self._find,
                "lock": self._lock,
                "carry_out": self._carry_out,
                "subjects": lambda person: self.only.get(person.pk),
                "link": lambda _: "/searches/",
                "typed": "retire",
                "expires_after": 7 * DAY,
                "cools_off": 24 * HOUR,
            }
            | changed
        )

    def ask(self, by: User, *, now: datetime = NOW, **parameters: Any) -> Request:
        return approvals.ask(
            kind="retire", subject=SUBJECT, parameters=parameters, reason="Nobody runs them.", by=by, now=now
        )

    def _find(self, subject: str, parameters: Mapping[str, Any], now: datetime) -> approvals.ItemSet:
        standing = SavedSearch.objects.filter(removed_at=None, name__startswith=parameters.get("begins", ""))
        if not standing:
            raise approvals.Obstacle("The shelf is empty.")
        return approvals.ItemSet(
            title="Retire what stands on the shelf",
            items=[
                approvals.Item(f"search/{s.pk}", s.name, {"query": s.query}) for s in standing.order_by("pk")
            ],
            counts={"saved searches go": len(standing)},
            figures=lambda: {"lists stand beside them": MessageList.objects.count()},
        )

    def _lock(self, subject: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE compliance_savedsearch IN SHARE ROW EXCLUSIVE MODE")

    def _carry_out(self, request: Request, now: datetime) -> dict[str, Any]:
        keys = [int(item["ref"].removeprefix("search/")) for item in request.items]
        gone = SavedSearch.objects.filter(pk__in=keys, removed_at=None).update(removed_at=now)
        if self.trouble:
            raise self.trouble.pop(0)
        return {"gone": gone}
