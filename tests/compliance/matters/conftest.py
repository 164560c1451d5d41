"""The cast at work on matters, and a Zoom account with people to hold."""

import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from archive.models import Account, Person
from compliance import opening
from compliance.models import Matter
from compliance.permissions import Role
from tests.compliance import cast

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def ines(db: None) -> User:
    """Ines, a compliance officer."""
    return cast.person(Role.COMPLIANCE_OFFICER)


@pytest.fixture
def ravi(db: None) -> User:
    """Ravi, a reviewer."""
    return cast.person(Role.REVIEWER)


@pytest.fixture
def account(db: None) -> Account:
    """Acme's account, with nobody in it yet."""
    return Account.objects.create(
        zoom_account_id="acme", name="Acme", client_id="id", sealed_client_secret=b"", connected_at=NOW
    )


@pytest.fixture
def people(account: Account) -> list[Person]:
    """Mira and Tom of the account, Mira Two of the same name, and Olu, who is outside."""
    return [
        Person.objects.create(account=account, **columns)
        for columns in (
            {"user_id": "u-mira", "email": "mira@acme.example", "display_name": "Mira Lang"},
            {
                "user_id": "u-tom",
                "email": "tom@acme.example",
                "display_name": "Tom Berg",
                "department": "Desk",
            },
            {"user_id": "u-mira2", "email": "mira2@acme.example", "display_name": "Mira Lang"},
            {"member_id": "m-olu", "email": "olu@else.example", "display_name": "Olu", "is_external": True},
        )
    ]


def draft(account: Account, people: list[Person], **columns: object) -> opening.Draft:
    """A matter about these people, ready to be opened."""
    given: dict[str, object] = {
        "request_key": uuid.uuid4(),
        "account_id": account.pk,
        "name": "Inquiry 2026-114",
        "reason": "Letter of 1 March",
        "person_ids": [one.pk for one in people],
        **columns,
    }
    return opening.Draft(**given)  # type: ignore[arg-type]


@pytest.fixture
def matter(account: Account, people: list[Person], ines: User) -> Matter:
    """Ines' matter, in which Mira and Tom are held."""
    return opening.open_matter(draft(account, people[:2]), by=ines, now=NOW)
