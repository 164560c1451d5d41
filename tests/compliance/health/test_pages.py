"""The page of hold health, and how it shows elsewhere: what it says, what it costs, who may do what."""

import json
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import Account, Person
from compliance import health, opening
from compliance.models import AuditEvent, Finding, HoldHealth, Matter, MatterMember
from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db
Kind = Finding.Kind


@pytest.fixture
def matter(ines: User) -> Matter:
    """Ines’ matter on Mira, looked at a minute ago, with nothing found."""
    now = timezone.now()
    account = Account.objects.create(
        zoom_account_id="acme", name="Acme", client_id="id", sealed_client_secret=b"", connected_at=now
    )
    mira = Person.objects.create(account=account, user_id="u-mira", email="mira@acme.example")
    draft = opening.Draft(
        request_key=uuid.uuid4(), account_id=account.pk, name="Inquiry", reason="Letter", person_ids=[mira.pk]
    )
    made = opening.open_matter(draft, by=ines, now=now)
    HoldHealth.objects.create(matter=made, looked_at=now, well_since=now)
    for setting in ("encryption", "retention", "revisions"):
        health.confirm(matter_id=made.pk, setting=setting, is_so=True, words="", by=ines, now=now)
    return made


def found(
    matter: Matter, *, number: int = 1, kind: Finding.Kind = Kind.MATTER_MISSING, **more: object
) -> Finding:
    """Something red, found an hour ago."""
    at = timezone.now() - timedelta(hours=1)
    facts = {
        "zoom_id": f"z{number}",
        "zoom_name": "Inquiry <b>",
        "custodians": "Mira",
        "row": 1,
        "seen_at": at.isoformat(),
        "before_at": (at - timedelta(minutes=15)).isoformat(),
    }
    given = {"subject": f"z{number}", "facts": facts, "words_suffice": False, **more}
    return Finding.objects.create(matter=matter, kind=kind, first_seen_at=at, last_seen_at=at, **given)


@pytest.fixture
def page(ines: User, as_person: As) -> Client:
    return as_person(ines)


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_all_is_well(page: Client, matter: Matter) -> None:
    """The empty state says since when, and when it was last looked at; the head of every page of the matter too."""
    said = html(page, f"/matters/{matter.pk}/health/")
    assert "All has been well since" in said
    assert "Last looked at" in said
    assert "hold healthy" in html(page, f"/matters/{matter.pk}/")
    assert "hold healthy" in html(page, "/matters/")


def test_red_is_red_everywhere(page: Client, matter: Matter) -> None:
    """On its page, in the head of the matter, in the list, on the overview, in the figures and on the terminal."""
    found(matter)
    said = html(page, f"/matters/{matter.pk}/health/")
    assert "Zoom no longer lists the matter z1 (“Inquiry &lt;b&gt;”), which held Mira." in said
    assert "Place it at Zoom again" in said
    assert "between <time" in said
    for address in (f"/matters/{matter.pk}/custodians/", "/matters/"):
        assert "state-alarm" in html(page, address)
        assert "1 finding" in html(page, address)
    assert "matter with 1 finding that nobody has dealt with" in html(page, "/")
    assert "holdfast_hold_findings 1.0" in html(page, "/metrics")
    out = StringIO()
    call_command("status", json=True, stdout=out)
    assert json.loads(out.getvalue())["holds"]["unhealthy"] == 1
    out = StringIO()
    call_command("status", stdout=out)
    assert "1 not healthy (1 finding)" in out.getvalue()


def test_dealing_in_writing(page: Client, matter: Matter, ines: User) -> None:
    """Words of one sort only, about what was ticked; a word is sent back with a reason."""
    row = found(matter, kind=Kind.OWNER_CHANGED, words_suffice=True)
    address = f"/matters/{matter.pk}/health/"
    answer = page.post(f"{address}deal/", {"finding": row.pk, "words": "done"}, follow=True)
    assert "at least a sentence" in answer.content.decode()
    answer = page.post(
        f"{address}deal/", {"finding": row.pk, "words": "The new owner knows of the hold."}, follow=True
    )
    said = answer.content.decode()
    assert "Written about 1 finding." in said
    assert "So for good, and accepted in writing" in said
    row.refresh_from_db()
    assert row.dealt_with_by == ines
    assert AuditEvent.objects.filter(action="dealt_with", subject=f"matter/{matter.pk}").exists()


def test_the_timeline_tells_it(page: Client, matter: Matter, ines: User) -> None:
    """What was found and what was written of it stand among everything else that happened to the matter."""
    row = found(matter)
    words = "Zoom’s administrators placed it again."
    health.deal(matter_id=matter.pk, finding_ids=[row.pk], words=words, by=ines, now=timezone.now())
    health.judge(now=timezone.now())
    said = html(page, f"/matters/{matter.pk}/timeline/")
    assert "wrote what was done about: " in said
    assert words in said
    assert "found no more: " in said


def test_nothing_ticked_is_nothing_written(page: Client, matter: Matter) -> None:
    """And says so."""
    found(matter)
    answer = page.post(f"/matters/{matter.pk}/health/deal/", {"words": "It is well again now."}, follow=True)
    said = answer.content.decode()
    assert "Choose at least one finding" in said.split('class="alert"')[1].split("</p>")[0]
    assert "It is well again now.</textarea>" in said, "what somebody wrote is not lost"


def test_settings_are_confirmed_by_a_person(page: Client, matter: Matter) -> None:
    """Who and when stands there; that it is not so needs a sentence."""
    address = f"/matters/{matter.pk}/health/"
    answer = page.post(
        f"{address}confirm/", {"setting": "encryption", "is_so": "no", "words": ""}, follow=True
    )
    assert "at least a sentence" in answer.content.decode()
    words = "IT switched it on for one group."
    answer = page.post(
        f"{address}confirm/", {"setting": "encryption", "is_so": "no", "words": words}, follow=True
    )
    assert words in answer.content.decode()
    assert "Ines Moreau (ines) on" in answer.content.decode()


def test_looking_now_is_recorded(page: Client, matter: Matter) -> None:
    """Anybody who sees the matter may ask for a look."""
    answer = page.post(f"/matters/{matter.pk}/health/look/", follow=True)
    assert "Zoom is being asked." in answer.content.decode()
    assert AuditEvent.objects.filter(subject=f"matter/{matter.pk}/health", details__at="Zoom").count() == 1


def test_unknown_says_why(page: Client, matter: Matter) -> None:
    """Never looked at, not everything read, looked at long ago: three sentences."""
    address = f"/matters/{matter.pk}/health/"
    HoldHealth.objects.update(unknown="Zoom’s list of matters has not been read yet.")
    assert "has not been read yet" in html(page, address)
    HoldHealth.objects.update(unknown="", looked_at=timezone.now() - timedelta(hours=1))
    assert "beat and a worker run" in html(page, address)
    assert "hold health unknown" in html(page, "/matters/")
    assert "1 of 1 active matter not known now" in html(page, "/")


@pytest.mark.parametrize("role", list(Role))
def test_who_may_do_what(role: Role, matter: Matter, ines: User, as_person: As) -> None:
    """Members look as their role allows; only officers write; nobody else knows that there is such a matter."""
    person = ines if role is Role.COMPLIANCE_OFFICER else cast.person(role)
    row, client = found(matter), as_person(person)
    address = f"/matters/{matter.pk}/health/"
    sees = role in (Role.COMPLIANCE_OFFICER, Role.REVIEWER, Role.AUDITOR, Role.CHIEF_AUDITOR)
    deeds = [
        (f"{address}deal/", {"finding": row.pk, "words": "I asked the owner about it."}),
        (f"{address}place/{row.pk}/", {}),
        (f"{address}confirm/", {"setting": "encryption", "is_so": "yes"}),
    ]
    if role is not Role.COMPLIANCE_OFFICER:
        assert client.get(address).status_code == (404 if sees else 403)
        MatterMember.objects.create(
            matter=matter, user=person, added_at=row.first_seen_at, added_by_name="Ines"
        )
        for where, fields in deeds:
            assert client.post(where, fields).status_code == 403, where
    assert client.get(address).status_code == (200 if sees else 403)
    row.refresh_from_db()
    assert row.dealt_with_at is None


def test_queries_do_not_grow_with_findings_or_matters(page: Client, matter: Matter, ines: User) -> None:
    """Within each page's budget, for a few rows and for many."""
    budgets = {f"/matters/{matter.pk}/health/": 35, "/matters/": 29, "/": 35}
    counts = []
    for number in range(2):
        found(matter, number=number, kind=Kind.MATTER_MISSING)
        row = found(matter, number=number, kind=Kind.OWNER_CHANGED, words_suffice=True)
        health.deal(
            matter_id=matter.pk,
            finding_ids=[row.pk],
            words="The owner knows of it.",
            by=ines,
            now=timezone.now(),
        )
        counts.append({address: _cost(page, address) for address in budgets})
        for extra in range(10):
            found(matter, number=100 * number + 10 + extra)
    assert counts[0] == counts[1]
    assert {address: n for address, n in counts[0].items() if n > budgets[address]} == {}


def _cost(client: Client, address: str) -> int:
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)
