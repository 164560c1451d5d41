"""A month of talk that is counted, and what a page costs."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive.models import Session
from tests.archive.reporting import chatter
from tests.compliance import world
from tests.compliance.conftest import As

Page = Callable[[str], str]


@pytest.fixture
def page(ines: User, as_person: As) -> Page:
    """A page as Ines gets it."""
    client = as_person(ines)

    def get(address: str) -> str:
        response = client.get(address)
        assert response.status_code == 200, address
        return str(response.content.decode())

    return get


@pytest.fixture
def november(db: None) -> list[Session]:
    """Three sessions in November 2026, the first with one of everything, counted."""
    made = world.fill(sessions=3)
    chatter.count()
    return made


def body(html: str) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.partition("<main")[2]))


def cost(client: Client, address: str) -> int:
    """How many queries a page takes."""
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)
