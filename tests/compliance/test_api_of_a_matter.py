"""A token of one matter cannot learn that another exists: the same status, the same bytes, the same counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive import search
from archive.models import Account, Person, Session
from compliance import lists, saved, tokens
from compliance.models import AuditEvent, Custodian, Hold, Matter, MatterMember
from compliance.permissions import OF_A_MATTER
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.every_endpoint import ASKED, READS, WRITES
from tests.compliance.test_api_matrix import ROUTES

pytestmark = pytest.mark.django_db
NEWEST = search.Order.NEWEST


def matter_of(session: Session, member: User, name: str) -> Matter:
    """A matter that holds one session, with a custodian, a search and a list of its own."""
    made = Matter.objects.create(
        account_id=session.account_id, name=name, reason="x", opened_by_name="Ines", opened_at=NOW,
        request_key=f"00000000-0000-4000-8000-{session.pk:012}",
    )  # fmt: skip
    MatterMember.objects.create(matter=made, user=member, added_at=NOW, added_by_name="Ines")
    person = Person.objects.order_by("pk")[0]
    Custodian.objects.create(
        matter=made, person_id=person.pk, name="Ines", added_at=NOW, added_by_name="Ines"
    )
    Hold.objects.create(
        matter=made, account_id=session.account_id, session_id=session.pk, covers_received=True,
        placed_at=NOW, placed_by_name="Ines",
    )  # fmt: skip
    saved.save(
        name=f"{name} search", query="plain", order=NEWEST, shared=True, matter_id=made.pk, by=member, now=NOW
    )
    lists.freeze(name=f"{name} list", query="plain", order=NEWEST, matter_id=made.pk, by=member, now=NOW)
    return made


@pytest.fixture
def sessions(db: None) -> list[Session]:
    found = world.fill(sessions=2, messages=4)
    world.store_files()
    world.index()
    world.keep()  # a shared search, a list and a tag of no matter
    return found


def ask(address: str, key: str, method: str = "GET", **query: str) -> tuple[int, bytes]:
    cache.clear()
    headers = {"authorization": f"Bearer {key}", "idempotency-key": address + method}
    if method == "GET":
        answer = Client().get(address, query, headers=headers)
    else:
        answer = Client().generic(method, address, "{}", content_type="application/json", headers=headers)
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content


def of_kind(name: str, **found: int) -> str:
    return reverse(name, kwargs={one: found[one] for one in ROUTES[name].pattern.converters})


def test_no_answer_changes_when_another_matter_comes(sessions: list[Session], ines: User) -> None:
    """Everything that can be read without a key is asked before and after, and what this matter holds, too."""
    own = matter_of(sessions[0], ines, "Own")
    key = tokens.make(
        name="Counsel", actions=OF_A_MATTER & tokens.FOR_PROGRAMS, matter_ids=[own.pk], days=9, by=ines,
        now=timezone.now() - timedelta(minutes=1),
    ).key  # fmt: skip
    known = {
        "session_id": sessions[0].pk, "message_id": world.message("p0-1").pk, "attachment_id": 1, "list_id": 1,
        "search_id": 1, "matter_id": own.pk, "account_id": Account.objects.get().pk, "person_id": 1, "setting_id": 1,
        "rule_id": 1, "disposition_id": 1, "event_id": 1, "size": 1, "level": 0, "number": 1, "index": 0,
        "export_id": world.export(own).pk,
    }  # fmt: skip

    def everything() -> dict[str, Any]:
        return {name: ask(of_kind(name, **known), key, **ASKED.get(name, {})) for name in READS}

    before = everything()
    other = matter_of(sessions[1], ines, "Falcon")
    world.index()
    assert everything() == before
    assert {name for name, (status, _) in before.items() if status == 200} >= {
        "api_me", "api_messages", "api_message", "api_search", "api_searches", "api_lists", "api_matters", "api_matter",
        "api_holds", "api_exports", "api_export", "api_part",
    }  # fmt: skip
    assert b"Falcon" not in b"".join(body for _, body in everything().values())
    for query in ("matter:Falcon", f"matter:{other.pk}"):
        nothing = ask(
            of_kind("api_search"), key, q=query.replace("Falcon", "Ghost").replace(str(other.pk), "987654")
        )
        found = ask(of_kind("api_search"), key, q=query)
        assert found[0] == nothing[0]
        assert b"p1-" not in found[1]


def test_what_is_of_another_matter_is_as_what_is_not_there(sessions: list[Session], ines: User) -> None:
    """Every endpoint with a key in its address, reading and changing: byte for byte what a key that is none is answered."""
    own, other = (matter_of(one, ines, name) for one, name in zip(sessions, ("Own", "Falcon"), strict=True))
    key = tokens.make(
        name="Counsel", actions=OF_A_MATTER & tokens.FOR_PROGRAMS, matter_ids=[own.pk], days=9, by=ines, now=timezone.now(),
    ).key  # fmt: skip
    foreign = {
        "session_id": sessions[1].pk, "message_id": world.message("p1-1").pk,
        "attachment_id": world.attach("p1-1", "a.txt", b"x").pk, "matter_id": other.pk,
        "search_id": saved.lines(matter=other, by=ines, now=NOW)[0].search.pk,
        "list_id": lists.lines(matter=other, by=ines, now=NOW)[0][0].list.pk,
        "account_id": Account.objects.get().pk, "person_id": Person.objects.order_by("pk")[0].pk, "setting_id": 1,
        "rule_id": 1, "disposition_id": 1, "event_id": AuditEvent.objects.latest("pk").pk, "size": 1, "level": 0,
        "number": 1, "index": 1, "export_id": world.export(other).pk,
    }  # fmt: skip
    nothing = dict.fromkeys(foreign, 987_654_321)
    seen = 0
    for name, method in [*((name, "GET") for name in READS), *WRITES]:
        if len(ROUTES[name].pattern.converters) == 0:
            continue
        there, not_there = (
            ask(of_kind(name, **one), key, method, **ASKED.get(name, {})) for one in (foreign, nothing)
        )
        assert there == not_there, name
        assert there[0] in (400, 403, 404), name
        seen += 1
    assert seen > 20


def test_a_hold_of_another_matter_is_asked_for_in_vain(sessions: list[Session], ines: User) -> None:
    """By the filter, too; and the look at it is in the trail, refused."""
    own, other = (matter_of(one, ines, name) for one, name in zip(sessions, ("Own", "Falcon"), strict=True))
    key = tokens.make(
        name="Counsel", actions=OF_A_MATTER & tokens.FOR_PROGRAMS, matter_ids=[own.pk], days=9, by=ines, now=timezone.now(),
    ).key  # fmt: skip
    address = of_kind("api_holds")
    assert ask(address, key, matter=str(other.pk)) == ask(address, key, matter="987654")
    assert ask(of_kind("api_search"), key, q="plain", matter=str(other.pk)) == ask(
        of_kind("api_search"), key, q="plain", matter="987654"
    )
    refused = AuditEvent.objects.filter(action="refused", subject__startswith="token/").order_by("pk")
    assert [event.details["wanted"] for event in refused] == [f"GET {address}"] * 2 + [
        "GET /api/v1/search/"
    ] * 2
