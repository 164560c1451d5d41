"""What an auditor sees of the audit trail: of the matters granted everything, of others not even that there are any."""

import json
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from archive import search
from archive.models import Session
from compliance import audit, lists, trail
from compliance.models import AuditEvent, Matter, MatterMember
from compliance.permissions import Action, Role
from tests.compliance import cast, world
from tests.compliance.conftest import As
from tests.compliance.test_api_resources import Program
from tests.compliance.test_every_address import TRIES, World, everybody, here, needs, takes
from tests.compliance.test_every_url import made

__all__ = ["everybody", "here", "made"]
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=timezone.get_default_timezone())
OTHER = "Project Kestrel"


def event(subject: str, by: User | None, **details: object) -> AuditEvent:
    with transaction.atomic():
        return audit.record(action=audit.Action.CHANGED, subject=subject, details=details, by=by, now=NOW)


@pytest.fixture
def session(db: None) -> Session:
    return world.fill(messages=1)[0]


@pytest.fixture
def tomas(session: Session) -> User:
    """An auditor, to whom one matter is granted."""
    return cast.person(Role.AUDITOR)


@pytest.fixture
def granted(tomas: User) -> Matter:
    return world.matter(tomas)


@pytest.fixture
def other(ines: User, granted: Matter) -> Matter:
    """A matter that is not."""
    return world.matter(ines, name=OTHER)


def test_what_is_of_the_matter_granted_is_seen(
    granted: Matter, other: Matter, tomas: User, ines: User
) -> None:
    """The matter, its parts and its exports, whoever did it; and of the other nothing of the kind."""
    exports = [world.export(one) for one in (granted, other)]
    seen, unseen = (
        {
            event(subject, ines).pk
            for subject in (f"matter/{one.pk}", f"matter/{one.pk}/health", f"export/{export.pk}")
        }
        for one, export in zip((granted, other), exports, strict=True)
    )
    found = set(trail.visible(tomas).values_list("pk", flat=True))
    assert seen <= found
    assert found.isdisjoint(unseen)


@pytest.mark.parametrize(
    ("subject", "details"),
    [
        ("archive", {"query": f"matter:{OTHER}"}),
        ("message/7", {}),
        ("session/7", {"matter": 9}),
        ("search/7", {}),
        ("list/7", {}),
        ("compare/list/7+search/7", {}),
        ("audit", {"filters": {"subject": "matter/9"}}),
        ("retention/plan/3", {"matters": [9]}),
        ("disposition/3", {"holds": [9]}),
        ("token/3", {"wanted": "GET /api/v1/matters/9/"}),
        ("matters", {}),
        ("consoles/3", {}),
    ],
)
def test_what_may_be_of_another_is_not(
    subject: str, details: dict[str, object], granted: Matter, tomas: User, ines: User
) -> None:
    """By the thing it is about, or by what it says beside; the same deed of their own is seen."""
    theirs, own = event(subject, ines, **details), event(subject, tomas, **details)
    found = set(trail.visible(tomas).values_list("pk", flat=True))
    assert theirs.pk not in found
    assert own.pk in found


@pytest.mark.parametrize(
    "subject", ["console", "person/7", "capture", "retention/plan/3", "disposition/4", "rule/1"]
)
def test_what_concerns_no_matter_is_seen(subject: str, tomas: User, ines: User) -> None:
    """Who signed in, who was appointed, how long what is kept, what was destroyed."""
    assert trail.visible(tomas).filter(pk=event(subject, ines).pk).exists()


def test_a_chief_auditor_sees_the_whole_trail(other: Matter, ines: User) -> None:
    """Without being a member of anything."""
    clara = cast.person(Role.CHIEF_AUDITOR)
    assert trail.visible(clara).filter(pk=event(f"matter/{other.pk}", ines).pk).exists()
    assert not other.members.filter(user=clara).exists()


def test_pages_and_rest_give_the_same_trail(
    granted: Matter, other: Matter, tomas: User, ines: User, as_person: As
) -> None:
    """Neither in the list, nor by a filter, nor at its address; and the total counts no event that is not seen."""
    hidden, client = event(f"matter/{other.pk}", ines, name=OTHER), as_person(tomas)
    program = Program(tomas, frozenset({Action.SEE_AUDIT}))
    seen = event(f"matter/{granted.pk}", ines)
    for query in ({}, {"subject": f"matter/{other.pk}"}, {"person": "Ines"}):
        page = client.get("/audit/", query).content.decode()
        items = program.every("audit/", **query)
        assert OTHER not in page
        assert OTHER not in json.dumps(items)
        assert hidden.pk not in {one["id"] for one in items}
    assert program.get("audit/", subject=f"matter/{other.pk}/")["total"] == 0
    assert client.get(f"/audit/{hidden.pk}/").status_code == 404
    assert program.ask(f"audit/{hidden.pk}/").status_code == 404
    assert client.get(f"/audit/{seen.pk}/").status_code == 200
    assert "in matters of yours, in what concerns none, and by you" in client.get("/audit/").content.decode()


def test_a_matter_that_was_taken_away_is_seen_no_more(granted: Matter, tomas: User, ines: User) -> None:
    """From the next page on."""
    about = event(f"matter/{granted.pk}", ines)
    MatterMember.objects.filter(user=tomas).update(removed_at=NOW)
    assert not trail.visible(tomas).filter(pk=about.pk).exists()


@pytest.mark.slow
def test_nothing_that_is_done_to_a_matter_shows_to_who_is_no_member(
    here: World, everybody: dict[Role | None, User], as_person: As
) -> None:
    """Every address of the console × reading and writing, by Ines in the other matter; Tomás looks before it is undone."""
    ines, tomas = everybody[Role.COMPLIANCE_OFFICER], everybody[Role.AUDITOR]
    name_of_other = here.other.name
    assert name_of_other != here.own.name
    MatterMember.objects.create(matter=here.other, user=ines, added_at=NOW, added_by_name="Ines")
    lists.freeze(
        name=OTHER, query="plain", order=search.Order.NEWEST, matter_id=here.other.pk, by=ines, now=NOW
    )
    client, found, written = as_person(ines), [], 0
    for name, method in TRIES:
        if len(takes(needs(name, method))) == 0:
            continue  # it answers nothing there, or everybody, and is about no matter
        before = AuditEvent.objects.latest("pk").pk

        def look(name: str = name, method: str = method, before: int = before) -> None:
            nonlocal written
            written += AuditEvent.objects.filter(pk__gt=before).count()
            for seen in trail.visible(tomas).filter(pk__gt=before):
                said = f"{seen.subject} {json.dumps(seen.details)}"
                if (
                    name_of_other in said
                    or f"matter/{here.other.pk}" in said
                    or seen.subject.startswith("matter")
                ):
                    found.append((name, method, said))

        here.asks(client, name, method, here.other, then=look)
    assert found == []
    assert written > 50
