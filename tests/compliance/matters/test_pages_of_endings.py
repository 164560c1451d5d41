"""What the pages of a matter say of holds that end or were refused, and what they ask of the database."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Account, Person
from compliance import membership, opening
from compliance.models import AuditEvent, Custodian, Matter, ZoomMatter
from tests.compliance.matters.conftest import NOW, draft

State = ZoomMatter.State


@pytest.fixture
def page(client: Client, ines: User) -> Client:
    """Ines' browser."""
    client.force_login(ines)
    return client


def test_a_refusal_is_said_with_what_to_do(page: Client, matter: Matter) -> None:
    """Nobody is said to be held at Zoom who is not; one button asks again, and Zoom is asked anew."""
    ZoomMatter.objects.update(state=State.FAILED, last_error="Zoom refused it: a scope is missing")
    said = page.get(f"/matters/{matter.pk}/").content.decode()
    assert "all of them" not in said
    assert "a scope is missing" in said
    assert "Ask Zoom again for 2 people" in said
    page.post(f"/matters/{matter.pk}/custodians/again/")
    assert ZoomMatter.objects.get(state=State.DUE).custodians.count() == 2
    assert AuditEvent.objects.get(action="started").details["custodians"] == ["Mira Lang", "Tom Berg"]
    assert "being placed" in page.get(f"/matters/{matter.pk}/").content.decode()
    page.post(f"/matters/{matter.pk}/custodians/again/")
    assert ZoomMatter.objects.count() == 2


def test_nobody_else_asks_zoom_again(client: Client, matter: Matter, ines: User, ravi: User) -> None:
    """To Ravi the matter does not exist, and once he reviews it he still may not."""
    ZoomMatter.objects.update(state=State.FAILED)
    client.force_login(ravi)
    assert client.post(f"/matters/{matter.pk}/custodians/again/").status_code == 404
    membership.add(matter_id=matter.pk, user_id=ravi.pk, by=ines, now=NOW)
    assert client.post(f"/matters/{matter.pk}/custodians/again/").status_code == 403
    assert not ZoomMatter.objects.filter(state=State.DUE).exists()


def test_the_held_come_before_the_dropped(page: Client, matter: Matter) -> None:
    """Mira was dropped and is still held at Zoom, which her line says; Tom stands first."""
    Custodian.objects.filter(name="Mira Lang").update(dropped_at=NOW)
    ZoomMatter.objects.update(state=State.ENDING, zoom_id="z1")
    said = page.get(f"/matters/{matter.pk}/custodians/").content.decode()
    assert said.index("Tom Berg") < said.index("Mira Lang")
    assert "still held, ending" in said


def test_a_released_matter_says_what_zoom_still_holds(page: Client, matter: Matter) -> None:
    """Until the last job there is done; from then on that it ended there too."""
    Custodian.objects.update(dropped_at=NOW)
    Matter.objects.update(state="released", released_at=NOW)
    ZoomMatter.objects.update(state=State.ENDING, zoom_id="z1")
    assert "ending there:" in page.get(f"/matters/{matter.pk}/").content.decode()
    ZoomMatter.objects.update(state=State.DELETED, deleted_at=NOW)
    assert "ended there too" in page.get(f"/matters/{matter.pk}/").content.decode()


def test_the_pages_ask_little(
    page: Client,
    account: Account,
    ines: User,
    ravi: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """However many custodians, members and events there are."""
    people = [
        Person.objects.create(account=account, user_id=f"u{n}", email=f"p{n}@acme.example") for n in range(60)
    ]
    matter = opening.open_matter(draft(account, people[:30]), by=ines, now=NOW)
    for one in people[30:]:
        opening.add(matter_id=matter.pk, person_ids=[one.pk], by=ines, now=NOW)
    membership.add(matter_id=matter.pk, user_id=ravi.pk, by=ines, now=NOW)
    page.get("/matters/")
    for address, most in (("release/", 17), ("members/", 19), ("timeline/", 21), ("custodians/", 17)):
        with django_assert_max_num_queries(most):
            assert page.get(f"/matters/{matter.pk}/{address}").status_code == 200
