"""What the demo shows of matters."""

import pytest
from django.contrib.auth.models import User

from archive.models import Account, Person, Session
from compliance import demonstration
from compliance.models import Custodian, Hold, Matter
from compliance.models.matters import PLACES
from tests.compliance.matters.conftest import NOW


def talk(account: Account, name: str) -> None:
    Session.objects.create(account=account, zoom_id=name, name=name, first_seen_at=NOW, last_seen_at=NOW)


def test_the_demo_waits_for_people_and_a_conversation(
    account: Account, people: list[Person], ines: User
) -> None:
    """With either alone there is nothing to open a matter of yet."""
    assert not demonstration.open_matter(now=NOW)
    assert not Matter.objects.exists()


@pytest.mark.parametrize("held", ["oficina-iberia", "audit"])
def test_the_matter_of_the_demo_holds_people_and_a_conversation(
    held: str, account: Account, people: list[Person], ines: User
) -> None:
    """The one about the case where the company has it, otherwise its first; only once."""
    talk(account, "audit")
    if held != "audit":
        talk(account, held)
    assert demonstration.open_matter(now=NOW)
    assert demonstration.open_matter(now=NOW)
    assert Custodian.objects.count() == demonstration.CUSTODIANS
    assert Hold.objects.get(PLACES).session_name == held
