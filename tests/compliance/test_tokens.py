"""Tokens of the REST API: shown once, limited, good for a while, revoked and never removed."""

import hashlib
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import Account
from archive.scope import EVERYTHING
from compliance import audit, matters, permissions, reach, tokens
from compliance.models import AuditEvent, MatterMember, Token
from compliance.permissions import Action, Role
from tests.archive import scenes
from tests.archive.scenes import NOW
from tests.compliance import cast
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
READING = {Action.READ_MESSAGES, Action.SEARCH, Action.SEE_MATTER}


def make(by: User, **changed: Any) -> tokens.Made:
    given = {"name": "Nightly export", "actions": READING, "matter_ids": None, "days": 30} | changed
    return tokens.make(**given, by=by, now=NOW)


def speaking(made: tokens.Made, *, after: timedelta = DAY) -> User:
    return tokens.speaking(key=made.key, now=NOW + after)[0]


@pytest.fixture
def account(db: None) -> Account:
    return scenes.account()


@pytest.fixture
def tomas(db: None) -> User:
    return cast.person(Role.AUDITOR)


def test_a_key_is_shown_once_and_kept_as_a_hash(ines: User) -> None:
    """No column has it; the trail says what it allows."""
    made = make(ines)
    assert made.key.startswith("hf_")
    assert len(made.key) >= 46
    row = Token.objects.get()
    assert bytes(row.sha256) == hashlib.sha256(made.key.encode()).digest()
    assert made.key not in str(Token.objects.values().get())
    event = AuditEvent.objects.latest("pk")
    assert (event.subject, event.details["actions"]) == (
        f"token/{row.pk}",
        ["READ_MESSAGES", "SEARCH", "SEE_MATTER"],
    )
    assert made.key not in str(event.details)
    assert make(ines).key != made.key


def test_a_token_speaks_for_its_person_and_may_less(ines: User) -> None:
    """Ines may everything an officer may; her token reads and searches, and only what her matters hold."""
    them = speaking(make(ines))
    assert them == ines
    assert permissions.allowed(them) == READING
    assert reach.of(ines) == EVERYTHING
    assert reach.of(them) != EVERYTHING
    with pytest.raises(PermissionDenied, match="This token may not open matters"):
        permissions.check(Action.OPEN_MATTER, by=them)
    everything = speaking(make(ines, actions=READING | {Action.READ_EVERYTHING}))
    assert reach.of(everything) == EVERYTHING


def test_a_token_gives_no_right_its_person_lacks(tomas: User) -> None:
    """Neither when it is made nor later, when a right was taken away."""
    with pytest.raises(PermissionDenied):
        make(tomas, actions={Action.READ_MESSAGES})
    assert AuditEvent.objects.latest("pk").action == "refused"
    made = make(tomas, actions={Action.SEE_AUDIT})
    assert permissions.can(Action.SEE_AUDIT, by=speaking(made))
    tomas.groups.clear()
    with pytest.raises(tokens.Refused, match="may no longer use the REST API"):
        speaking(made)


def test_a_token_of_one_matter_sees_no_other(ines: User, account: Account) -> None:
    """Not its name, not its number, nothing it holds; the person goes on seeing both."""
    one = cast.let_into_everything(ines, name="One")
    other = cast.let_into_everything(ines)
    them = speaking(make(ines, matter_ids=[one.pk]))
    assert [found.pk for found in matters.of(them)] == [one.pk]
    assert {found.pk for found in matters.of(ines)} == {one.pk, other.pk}
    with pytest.raises(matters.NoSuchMatter):
        matters.get(matter_id=other.pk, by=them)
    MatterMember.objects.filter(matter=one).update(removed_at=NOW)
    assert list(matters.of(speaking(make(ines, matter_ids=[other.pk])))) == [other]
    with pytest.raises(tokens.Unfit, match="no member of one of these matters"):
        make(ines, matter_ids=[one.pk, other.pk])
    assert list(matters.of(them)) == []


@pytest.mark.parametrize("action", sorted(tokens.FOR_PROGRAMS - permissions.OF_A_MATTER))
def test_what_tells_of_more_is_not_for_a_token_of_some_matters(
    action: Action, ines: User, account: Account
) -> None:
    """Refused when it is made, and out of its limits even if a row said so."""
    matter = cast.let_into_everything(ines)
    with pytest.raises(tokens.Unfit, match="tells of things outside of them"):
        make(ines, matter_ids=[matter.pk], actions={action})
    assert not permissions.Limits(frozenset({action}), frozenset({matter.pk})).allow(action)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " \u202e "}, "Say what it is for"),
        ({"name": "x" * 81}, "Say what it is for"),
        ({"actions": set()}, "Tick at least one"),
        ({"actions": {Action.APPROVE_RELEASE}}, "No token can approve the release"),
        ({"days": 0}, "good for 1 to 365 days"),
        ({"days": 366}, "good for 1 to 365 days"),
        ({"matter_ids": []}, "Choose at least one matter"),
        ({"matter_ids": [77]}, "no member of one"),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any], said: str, ines: User) -> None:
    """In words, and nothing is made."""
    with pytest.raises(tokens.Unfit, match=said):
        make(ines, **given)
    assert not Token.objects.exists()


def test_a_token_makes_and_revokes_none(ines: User) -> None:
    """A program that was given little cannot give itself more, nor lock its person out."""
    made = make(ines)
    them = speaking(made)
    with pytest.raises(tokens.Unfit, match="does not make tokens"):
        make(them)
    with pytest.raises(tokens.Unfit, match="does not revoke tokens"):
        tokens.revoke(token_id=made.token.pk, by=them, now=NOW)


def test_an_expired_revoked_or_unknown_key_lets_nobody_in(ines: User) -> None:
    """A key that was good leaves an event each time it is tried."""
    made = make(ines)
    with pytest.raises(tokens.Refused, match="has expired"):
        speaking(made, after=30 * DAY)
    tokens.revoke(token_id=made.token.pk, why="Its laptop is lost.", by=ines, now=NOW)
    with pytest.raises(tokens.Refused, match="was revoked"):
        speaking(made)
    assert AuditEvent.objects.latest("pk").details == {
        "why": "This token was revoked.",
        "name": "Nightly export",
    }
    with pytest.raises(tokens.Refused, match="No token has this key"):
        tokens.speaking(key=made.key + "x", now=NOW)
    with pytest.raises(tokens.Unfit, match="revoked already"):
        tokens.revoke(token_id=made.token.pk, by=ines, now=NOW)


def test_tokens_of_somebody_switched_off_die(ines: User) -> None:
    """With the account, at once."""
    made = make(ines)
    User.objects.filter(pk=ines.pk).update(is_active=False)
    with pytest.raises(tokens.Refused, match="switched off"):
        speaking(made)


def test_only_ones_own_tokens_are_there_but_for_whoever_appoints(ines: User, ravi: User, ada: User) -> None:
    """Ravi is not told that hers exists; Ada, who runs the system, revokes it."""
    token = make(ines).token
    assert tokens.lines(person_id=ines.pk, by=ravi) == []
    with pytest.raises(tokens.NoSuchToken):
        tokens.revoke(token_id=token.pk, by=ravi, now=NOW)
    assert tokens.lines(person_id=ines.pk, by=ada) == [token]
    tokens.revoke(token_id=token.pk, by=ada, now=NOW)
    assert Token.objects.get().revoked_by_name == "Ada Osei (ada)"


def test_what_is_done_with_a_token_names_it_in_the_trail(ines: User) -> None:
    """Beside the person it speaks for."""
    made = make(ines)
    spoken = audit.TOKEN.set(tokens.subject(made.token))
    try:
        with transaction.atomic():
            event = audit.record(
                action=audit.Action.LOOKED, subject="x", details={"a": 1}, by=speaking(made), now=NOW
            )
    finally:
        audit.TOKEN.reset(spoken)
    assert event.details == {"a": 1, "token": f"token/{made.token.pk}"}
    assert event.actor == ines


@pytest.mark.parametrize(
    "columns",
    [
        {"actions": ["OPEN_MATTER"]},
        {"matters": None, "name": "y"},
        {"expires_at": NOW + 900 * DAY},
        {"sha256": b"x" * 32},
    ],
)
def test_what_a_token_allows_never_changes(columns: dict[str, Any], ines: User) -> None:
    """In the database itself."""
    token = make(ines).token
    with pytest.raises(DatabaseError, match="What a token allows is never changed"), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(**columns)


def test_a_revoked_token_stays_revoked_and_none_is_removed(ines: User) -> None:
    """Whatever the code above does."""
    token = make(ines).token
    tokens.revoke(token_id=token.pk, by=ines, now=NOW)
    for columns in ({"revoked_at": None, "revoked_by_name": ""}, {"last_used_at": NOW}):
        with pytest.raises(DatabaseError, match="stays revoked"), transaction.atomic():
            Token.objects.filter(pk=token.pk).update(**columns)
    with pytest.raises(DatabaseError), transaction.atomic():
        Token.objects.all().delete()


def test_the_owner_cannot_empty_the_table_by_a_slip(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """TRUNCATE is refused too."""
    with pytest.raises(psycopg.errors.RestrictViolation, match="evidence is never changed or removed"):
        owner.execute("TRUNCATE compliance_token CASCADE")


@pytest.fixture
def hers(ines: User, as_person: As) -> Client:
    """Ines' browser, in which she has just confirmed who she is."""
    client = as_person(ines)
    client.post("/accounts/confirm/", {"password": cast.PASSWORD, "next": "/account/"})
    return client


def test_the_pages_make_show_and_revoke(hers: Client, ines: User, account: Account) -> None:
    """The key is on one answer and on no other page."""
    matter = cast.let_into_everything(ines)
    assert "No token is in use." in hers.get("/account/tokens/").content.decode()
    page = hers.get("/account/tokens/make/").content.decode()
    assert "read messages" in page
    assert matter.name in page
    assert "appoint people" not in page
    fields = {
        "name": "Counsel",
        "actions": ["READ_MESSAGES", "SEE_MATTER"],
        "matters": [matter.pk],
        "days": 10,
    }
    made = hers.post("/account/tokens/make/", fields)
    token = Token.objects.get()
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "private, no-store"
    key = made.content.decode().split("hf_")[1].split("<")[0].split('"')[0]
    assert tokens.speaking(key=f"hf_{key}", now=timezone.now())[1] == token
    listed = hers.get("/account/tokens/").content.decode()
    assert key not in listed
    assert "read messages, be a member of matters, and see them" in listed
    assert "only in 1 matter" in listed
    hers.post(f"/account/tokens/{token.pk}/revoke/")
    assert "No longer good" in hers.get("/account/tokens/").content.decode()


def test_a_form_that_makes_no_sense_says_so(hers: Client) -> None:
    """And keeps what was written."""
    answer = hers.post("/account/tokens/make/", {"name": "Mine", "actions": ["APPOINT"], "days": 900})
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()
    answer = hers.post("/account/tokens/make/", {"name": "Mine", "actions": ["SEARCH"], "days": 900})
    assert "good for 1 to 365 days" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    assert not Token.objects.exists()


def test_whoever_has_not_confirmed_who_they_are_confirms_first(ines: User, as_person: As) -> None:
    """A browser left open makes no key."""
    answer = as_person(ines).post("/account/tokens/make/", {"name": "x", "actions": ["SEARCH"], "days": 1})
    assert answer.headers["Location"].startswith("/accounts/confirm/")
    assert not Token.objects.exists()


def test_the_pages_cost_no_more_for_many_tokens(hers: Client, ines: User, account: Account) -> None:
    """Within a budget each, and the same for one token as for many."""
    cast.let_into_everything(ines)
    make(ines)

    def costs() -> dict[str, int]:
        found = {}
        for address in ("/account/tokens/", "/account/tokens/make/"):
            with CaptureQueriesContext(connection) as queries:
                assert hers.get(address).status_code == 200
            found[address] = len(queries)
        return found

    costs()
    few = costs()
    for number in range(20):
        make(ines, name=f"Token {number}")
    assert costs() == few
    assert few["/account/tokens/"] <= 16
    assert few["/account/tokens/make/"] <= 16
