"""What the database itself refuses, whatever the code above it does."""

from itertools import product
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from compliance import approvals
from compliance.approvals import kinds
from compliance.models import Approval, Request
from compliance.models.approvals import TRANSITIONS
from tests.archive.scenes import NOW
from tests.compliance.approvals.shelf import DAY, Shelf

S = Request.State
OPEN = {S.ASKED, S.APPROVED}


def change(asked: Request, **columns: Any) -> None:
    """Change the row; whoever is to have approved it has given their word."""
    with transaction.atomic():
        if "approved_by" in columns:
            give_word(asked, columns["approved_by"])
        Request.objects.filter(pk=asked.pk).update(**columns)


def give_word(asked: Request, person: User, **changed: Any) -> None:
    columns = {"person_name": "x", "at": NOW, "digest": asked.digest} | changed
    with transaction.atomic():
        if not Approval.objects.filter(request=asked, person=person).exists():
            Approval.objects.create(request=asked, person=person, **columns)


def brought_to(state: Request.State, asked: Request, samir: User) -> None:
    """By ways that are allowed."""
    if state not in TRANSITIONS[S.ASKED]:
        change(asked, **columns_of(S.APPROVED, samir))
    if state is not S.ASKED:
        change(asked, **columns_of(state, samir))


def columns_of(state: Request.State, samir: User) -> dict[str, Any]:
    """What a row in that state must have."""
    decided = {"approved_by": samir, "approved_by_name": "Samir", "approved_at": NOW, "runs_at": NOW}
    ended = {"ended_at": NOW, "ended_by": samir, "ending": "so"} if state not in OPEN else {}
    return {"state": state} | (decided if state is S.APPROVED else {}) | ended


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_states_follow_only_where_the_rules_say(
    before: Request.State, after: Request.State, shelf: Shelf, ines: User, samir: User
) -> None:
    """Every pair of states, against the table that the code and the docs use."""
    asked = shelf.ask(ines)
    if before is not S.ASKED:
        brought_to(before, asked, samir)
    is_allowed = after in TRANSITIONS.get(before, ()) or (before == after and before in OPEN)
    if is_allowed:
        change(asked, **columns_of(after, samir))
        return
    with pytest.raises(DatabaseError):
        change(asked, **columns_of(after, samir))


@pytest.mark.parametrize(
    "columns",
    [
        {"items": []},
        {"counts": {}},
        {"figures": {"x": 1}},
        {"digest": "0" * 64},
        {"title": "Something else"},
        {"reason": "another"},
        {"subject": "shelf/2"},
        {"parameters": {"x": 1}},
        {"kind": "other"},
        {"asked_by_name": "Olu"},
        {"expires_at": NOW + 70 * DAY},
    ],
)
def test_what_was_asked_for_never_changes(columns: dict[str, Any], shelf: Shelf, ines: User) -> None:
    """Not a word of it."""
    asked = shelf.ask(ines)
    with pytest.raises(DatabaseError, match="What was asked for is never changed"):
        change(asked, **columns)


def test_nobody_approves_their_own_in_the_database_either(shelf: Shelf, ines: User) -> None:
    """Around every service."""
    asked = shelf.ask(ines)
    with pytest.raises(DatabaseError, match="Nobody approves their own request"):
        change(asked, **columns_of(S.APPROVED, ines))
    with pytest.raises(DatabaseError, match="needs the word of 1 people"), transaction.atomic():
        Request.objects.filter(pk=asked.pk).update(**columns_of(S.APPROVED, ines))
    with pytest.raises(DatabaseError, match="request_not_refused_by_its_asker"):
        change(asked, **columns_of(S.REFUSED, ines))


def test_an_approval_has_an_approver(shelf: Shelf, ines: User) -> None:
    """A state alone is none."""
    asked = shelf.ask(ines)
    with pytest.raises(DatabaseError, match="needs the word of 1 people"):
        change(asked, state=S.APPROVED)


def test_who_approved_stays_who_approved(shelf: Shelf, ines: User, samir: User, ravi: User) -> None:
    """And when it runs stays when it runs: nobody shortens the cooling off."""
    asked = shelf.ask(ines)
    brought_to(S.APPROVED, asked, samir)
    for columns in ({"approved_by": ravi}, {"runs_at": NOW - DAY}):
        with (
            pytest.raises(DatabaseError, match="Who approved a request, and when, is never changed"),
            transaction.atomic(),
        ):
            Request.objects.filter(pk=asked.pk).update(**columns)
    with pytest.raises(DatabaseError, match="Only a request that waits is approved"):
        give_word(asked, ravi)


def test_a_word_is_given_once_in_time_to_what_was_asked_for_and_stays(
    shelf: Shelf, ines: User, samir: User
) -> None:
    """Around every service."""
    asked = shelf.ask(ines)
    for columns, said in (
        ({"digest": "0" * 64}, "not what was asked for"),
        ({"at": NOW + 7 * DAY}, "Only a request that waits"),
    ):
        with pytest.raises(DatabaseError, match=said):
            give_word(asked, samir, **columns)
    give_word(asked, samir)
    for deed in (lambda: Approval.objects.update(person_name="y"), lambda: Approval.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_as_many_must_approve_as_were_said(
    shelf: Shelf, ines: User, samir: User, ravi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two is not enough, somebody who said nothing is not the last, and two never become one."""
    monkeypatch.setitem(kinds._KINDS, "retire", shelf.kind(approvers=2))
    asked = shelf.ask(ines)
    with pytest.raises(DatabaseError, match="needs the word of 2 people"):
        change(asked, **columns_of(S.APPROVED, samir))
    with pytest.raises(DatabaseError, match="How many must approve"), transaction.atomic():
        Request.objects.filter(pk=asked.pk).update(approvers=1)
    give_word(asked, samir)
    give_word(asked, ravi)
    other = User.objects.create_user("olga")
    with pytest.raises(DatabaseError, match="needs the word of 2 people"), transaction.atomic():
        Request.objects.filter(pk=asked.pk).update(**columns_of(S.APPROVED, other))
    change(asked, **columns_of(S.APPROVED, ravi))


def test_what_ended_stays_as_it_ended(shelf: Shelf, ines: User, samir: User) -> None:
    """Its reason too."""
    asked = shelf.ask(ines)
    brought_to(S.REFUSED, asked, samir)
    with pytest.raises(DatabaseError, match="ended is never changed"):
        change(asked, ending="a better reason")


def test_a_request_begins_undecided_and_is_never_removed(shelf: Shelf, ines: User, samir: User) -> None:
    """Whoever writes the row."""
    asked = shelf.ask(ines)
    asked.pk, asked.digest = None, "0" * 64
    for name, value in columns_of(S.APPROVED, samir).items():
        setattr(asked, name, value)
    with pytest.raises(DatabaseError, match="begins undecided"), transaction.atomic():
        asked.save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Request.objects.all().delete()


@pytest.mark.parametrize("table", ["compliance_request", "compliance_approval"])
def test_the_owner_cannot_empty_the_table_by_a_slip(
    table: str, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """TRUNCATE is refused too."""
    with pytest.raises(psycopg.errors.RestrictViolation, match="evidence is never changed or removed"):
        owner.execute(f"TRUNCATE {table} CASCADE".encode())


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"approved_at": NOW + 7 * DAY, "runs_at": NOW + 8 * DAY}, "request_approved_in_time"),
        ({"approved_at": NOW + DAY, "runs_at": NOW}, "request_approved_in_time"),
    ],
)
def test_nobody_approves_what_has_expired(
    when: dict[str, Any], said: str, shelf: Shelf, ines: User, samir: User
) -> None:
    """Nor so that it ran before it was approved."""
    asked = shelf.ask(ines)
    with pytest.raises(DatabaseError, match=said):
        change(asked, **(columns_of(S.APPROVED, samir) | when))


def test_nothing_runs_before_it_has_cooled_off(shelf: Shelf, ines: User, samir: User) -> None:
    """A worker told to hurry does not, and a row that says it did is refused."""
    asked = shelf.ask(ines)
    change(asked, **(columns_of(S.APPROVED, samir) | {"runs_at": NOW + DAY, "not_before": NOW}))
    assert approvals.carry_out_due(clock=lambda: NOW + DAY / 2) == 0
    with pytest.raises(DatabaseError, match="request_carried_out_when_cool"):
        change(asked, state=S.CARRIED_OUT, ended_at=NOW + DAY / 2)
