"""Nobody is led from the page of an export to a page that refuses them, whatever their role and whoever decides."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from archive import search
from compliance import lists
from compliance.exports import deciding
from compliance.exports.choosing import Source
from compliance.models import Export, Matter, MatterMember, Request
from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.conftest import As
from tests.compliance.exports.conftest import NOW, Kind, Worker, measured, of_matter

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Role.REVIEWER, Role.AUDITOR])
def member(request: pytest.FixtureRequest, matter: Matter) -> User:
    """Ravi, who may not see what a second person decides, or Tomás, who may not read: a member of the matter."""
    person = cast.person(request.param)
    MatterMember.objects.create(matter=matter, user=person, added_at=NOW, added_by_name="Ines")
    return person


@pytest.fixture
def approval(settings: object) -> None:
    settings.HOLDFAST_EXPORT_APPROVAL = "on"  # type: ignore[attr-defined]


def followed(client: Client, row: Export) -> str:
    """The page of an export, from which every link opens."""
    answer = client.get(f"/exports/{row.pk}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    addresses = set(re.findall(r'href="(/[^"]*)"', page)) - set(re.findall(r'href="(/static/[^"]*)"', page))
    assert {address: client.get(address, follow=True).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
    return " ".join(page.split())


@pytest.mark.usefixtures("approval")
def test_who_asks_for_approval_is_told_and_led_nowhere_they_may_not_go(
    member: User, matter: Matter, worker: Worker, as_person: As
) -> None:
    """They ask, see that it waits, and can cancel it."""
    worker.at, client = timezone.now(), as_person(member)
    row = measured(of_matter(matter), worker, member)
    assert "Ask a second person to approve it" in followed(client, row)
    client.post(f"/exports/{row.pk}/make/", {"digest": row.digest})
    request = Request.objects.get()
    page = followed(client, row)
    assert "A second person decides:" in page
    assert (f'href="/approvals/{request.pk}/"' in page) == (cast.CAST[Role.AUDITOR][0] == member.username)
    assert client.post(f"/exports/{row.pk}/cancel/").status_code == 302
    request.refresh_from_db()
    assert request.state == Request.State.WITHDRAWN
    assert "Nothing of it lies here." in followed(client, row)


@pytest.mark.usefixtures("approval")
def test_what_another_asked_for_is_not_offered_to_be_cancelled(
    member: User, matter: Matter, ines: User, worker: Worker, as_person: As
) -> None:
    """Withdrawing the request is for Ines and who approves; before there was one, every member could cancel."""
    worker.at, client = timezone.now(), as_person(member)
    row = measured(of_matter(matter), worker, ines)
    assert "Cancel this export" in followed(client, row)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())
    assert "Cancel this export" not in followed(client, row)
    assert client.post(f"/exports/{row.pk}/cancel/").status_code in (403, 404)
    assert Request.objects.get().state == Request.State.ASKED
    assert "Cancel this export" in followed(as_person(ines), row)


def test_the_list_it_is_of_is_a_link_for_who_may_read_it(
    member: User, matter: Matter, ines: User, worker: Worker, as_person: As
) -> None:
    """An auditor reads its name and its query, and is not sent where messages are read."""
    kept = lists.freeze(
        name="Board", query="plain", order=search.Order.NEWEST, matter_id=matter.pk, by=ines, now=NOW
    )
    row = measured(Source(Kind.LIST, kept.pk), worker, ines)
    page = followed(as_person(member), row)
    assert f"list {kept.pk}" in page
    assert (f'href="/lists/{kept.pk}/"' in page) == (cast.CAST[Role.REVIEWER][0] == member.username)
