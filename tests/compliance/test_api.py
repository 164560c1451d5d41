"""The REST API: with a token and no other way, narrowed as its person and its limits say, refused in problems."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from archive.models import Account, Leaf, Session
from compliance import audit, tokens
from compliance.api import endpoints
from compliance.models import AuditEvent, Matter, MatterMember, Token
from compliance.permissions import Action
from tests.archive import scenes
from tests.archive.scenes import NOW
from tests.compliance import cast
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/api/v1/me/",
    "/api/v1/sessions/",
    "/api/v1/sessions/1/",
    "/api/v1/matters/",
    "/api/v1/matters/1/",
)
ALL = {Action.SEE_COMPLETENESS, Action.SEE_MATTER}


@pytest.fixture
def account(db: None) -> Account:
    return scenes.account()


def key_of(by: User, **changed: Any) -> str:
    given = {"name": "Test", "actions": ALL, "matter_ids": None, "days": 1} | changed
    return tokens.make(**given, by=by, now=timezone.now()).key


def ask(address: str, key: str = "", **headers: str) -> Any:
    shown = {"authorization": f"Bearer {key}"} if key else {}
    return Client().get(address, headers={**shown, **headers})


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_gets_in_without_a_token(address: str, ines: User, as_person: As, account: Account) -> None:
    """A browser in which Ines has signed in is none; what a key must look like is said."""
    for answer in (ask(address), as_person(ines).get(address)):
        assert problem(answer, 401)["title"] == "Show a token"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Holdfast"'
    assert "No token has this key" in problem(ask(address, "hf_wrong"), 401)["detail"]
    assert "not the key" in problem(ask(address, "hf_" + "x" * 300), 401)["detail"]


def test_whom_it_speaks_for_and_each_use_is_in_the_trail(ines: User) -> None:
    """With the address that was asked, under her name and the token's."""
    found = ask("/api/v1/me/", key_of(ines)).json()
    assert (found["person"], found["actions"], found["matters"]) == (
        "ines",
        ["SEE_COMPLETENESS", "SEE_MATTER"],
        None,
    )
    assert found["expires_at"].endswith("Z")
    event = AuditEvent.objects.get(action="used")
    assert (event.actor, event.subject) == (ines, f"token/{found['token']}")
    assert event.details == {"method": "GET", "address": "/api/v1/me/", "token": f"token/{found['token']}"}


def test_the_thread_forgets_the_token_after_the_request(ines: User, as_person: As) -> None:
    """What Ines does in her browser next is not said to be the token's doing."""
    ask("/api/v1/me/", key_of(ines))
    as_person(ines).get("/audit/")
    assert "token" not in AuditEvent.objects.latest("pk").details


def test_a_revoked_token_is_refused_from_then_on(ines: User) -> None:
    """In the words that its owner needs."""
    key = key_of(ines)
    assert ask("/api/v1/me/", key).status_code == 200
    tokens.revoke(token_id=ask("/api/v1/me/", key).json()["token"], by=ines, now=timezone.now())
    assert problem(ask("/api/v1/me/", key), 401)["detail"] == "This token was revoked."


def test_sessions_are_read_on_to_the_end(ines: User, account: Account) -> None:
    """Each once, with the exact total, whatever the size of the pages."""
    for number in range(5):
        Session.objects.create(
            account=account, zoom_id=f"s{number}", type="Group", first_seen_at=NOW, last_seen_at=NOW
        )
    key, address, seen = key_of(ines), "/api/v1/sessions/?limit=2", []
    while address is not None:
        page = ask(address, key).json()
        assert page["total"] == 5
        seen += [one["zoom_id"] for one in page["items"]]
        address = page["next"]
    assert sorted(seen) == [f"s{number}" for number in range(5)]
    found = ask(f"/api/v1/sessions/{page['items'][0]['id']}/", key).json()
    assert (found["account_id"], found["zoom_id"]) == (account.pk, page["items"][0]["zoom_id"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("after=x", "after"),
        ("after=nonsense~7", "after"),
        ("type=Both", "type"),
        ("sort=name", "sort"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, field: str, ines: User) -> None:
    """An unknown one too: it would otherwise be left out in silence."""
    found = problem(ask(f"/api/v1/sessions/?{query}", key_of(ines)), 400)
    assert [one["field"] for one in found["errors"]] == [field]


def test_a_token_without_the_action_is_refused(ines: User, account: Account) -> None:
    """And the refusal is in the trail."""
    key = key_of(ines, actions={Action.SEE_MATTER})
    assert problem(ask("/api/v1/sessions/", key), 403)["detail"] == (
        "This token may not see what is captured and what is missing."
    )
    assert AuditEvent.objects.filter(action="refused").count() == 1


def test_matters_are_those_of_the_person_and_of_the_token(ines: User, account: Account) -> None:
    """Another matter is not told from one that there is not, byte for byte."""
    one = cast.let_into_everything(ines, name="One")
    other = cast.let_into_everything(ines)
    foreign = Matter.objects.create(
        account_id=account.pk, name="Foreign", reason="x", request_key="00000000-0000-4000-8000-000000000001",
        opened_by_name="x", opened_at=timezone.now(),
    )  # fmt: skip
    key = key_of(ines, actions={Action.SEE_MATTER}, matter_ids=[one.pk])
    assert [item["name"] for item in ask("/api/v1/matters/", key).json()["items"]] == ["One"]
    assert ask("/api/v1/matters/", key).json()["total"] == 1
    assert ask(f"/api/v1/matters/{one.pk}/", key).json()["name"] == "One"
    refused = [ask(f"/api/v1/matters/{pk}/", key) for pk in (other.pk, foreign.pk, 999_999)]
    assert len({answer.content for answer in refused}) == 1
    problem(refused[0], 404)
    assert {item["name"] for item in ask("/api/v1/matters/", key_of(ines)).json()["items"]} == {
        "One",
        "Everything",
    }
    MatterMember.objects.all().update(removed_at=timezone.now())
    assert ask("/api/v1/matters/", key).json()["items"] == []


def test_too_many_requests_are_told_when_to_come_back(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a header that programs read."""
    monkeypatch.setattr(UserRateThrottle, "rate", "2/min", raising=False)
    cache.clear()
    key = key_of(ines)
    assert [ask("/api/v1/me/", key).status_code for _ in range(3)] == [200, 200, 429]
    answer = ask("/api/v1/me/", key)
    problem(answer, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_what_comes_too_often_is_not_written_down(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uses of a good key, refusals of an old one: a loop fills neither the trail nor the log. The old one takes nothing
    from its owner's good one, and a key that is none is told to wait as well."""
    monkeypatch.setattr(UserRateThrottle, "rate", "2/min", raising=False)
    good, old = key_of(ines), key_of(ines)
    tokens.revoke(token_id=Token.objects.latest("pk").pk, by=ines, now=timezone.now())
    cache.clear()
    for key, first, action in ((old, 401, "refused"), (good, 200, "used")):
        assert [ask("/api/v1/me/", key).status_code for _ in range(4)] == [first, first, 429, 429]
        assert AuditEvent.objects.filter(action=action).count() == 2
    assert Leaf.objects.count() == AuditEvent.objects.count()
    assert [ask("/api/v1/me/", "hf_wrong").status_code for _ in range(3)] == [401, 401, 429]
    assert int(ask("/api/v1/me/", "hf_wrong").headers["Retry-After"]) > 0


def test_nothing_is_changed_by_a_method_that_is_none(ines: User) -> None:
    """As a problem, too."""
    answer = Client().post("/api/v1/me/", headers={"authorization": f"Bearer {key_of(ines)}"})
    problem(answer, 405)


class OnItsWayOut(endpoints.Endpoint):
    """An endpoint that is to go."""

    going = endpoints.Going(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))

    def get(self, request: Any) -> Response:
        """Nothing in particular."""
        return Response({})


def test_an_endpoint_that_is_to_go_says_so_in_every_answer(ines: User) -> None:
    """When it was deprecated and when it will be gone, at least a year later."""
    asked = RequestFactory().get("/", headers={"authorization": f"Bearer {key_of(ines)}"})
    spoken = audit.TOKEN.set(None)  # without the middleware nobody takes back what the first of them sets
    for answer in (OnItsWayOut.as_view()(asked), OnItsWayOut.as_view()(RequestFactory().get("/"))):
        assert answer.headers["Deprecation"] == "@1767225600"
        assert answer.headers["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
    audit.TOKEN.reset(spoken)


def test_an_expired_token_says_so(ines: User, time_machine: Any) -> None:
    """After its last day."""
    key = key_of(ines)
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert problem(ask("/api/v1/me/", key), 401)["detail"] == "This token has expired."
