"""Where one is signed in: seen, and ended."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from compliance import signed_in
from compliance.models import AuditEvent
from tests.compliance.entrance import codes

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed(person: User, agent: str = "") -> Client:
    client = Client(headers={"User-Agent": agent})
    codes.sign_in(client, person)
    return client


def ends(client: Client) -> list[str]:
    """The addresses of the page's buttons that end one session."""
    page = client.get("/account/").content.decode()
    return [
        part.partition('"')[0] for part in page.split('action="') if part.startswith("/account/sessions/")
    ]


def test_a_session_left_open_elsewhere_is_seen_and_ended(ines: User) -> None:
    """The page says in which browser; one press and it is signed out; the trail has it."""
    here, there = signed(ines), signed(ines, FIREFOX)
    assert b"Firefox on Windows" in here.get("/account/").content
    assert here.post(ends(here)[0]).status_code == 302
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    event = AuditEvent.objects.get(action="ended")
    assert (event.subject, event.details["from"]) == (f"person/{ines.pk}", "127.0.0.1")


def test_all_others_are_ended_at_once(ines: User) -> None:
    """Three browsers, then one."""
    here, *others = (signed(ines) for _ in range(3))
    here.post("/account/sessions/end/")
    assert [client.get("/").status_code for client in (here, *others)] == [200, 302, 302]
    assert AuditEvent.objects.filter(action="ended").count() == 2


def test_nobody_ends_anothers_session(ines: User, ravi: User) -> None:
    """Its number is not found, whoever knows it."""
    hers, another, his = signed(ines), signed(ines), signed(ravi)
    assert his.post(ends(hers)[0]).status_code == 404
    assert [client.get("/").status_code for client in (hers, another)] == [200, 200]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0",
            "Edge on Linux",
        ),
        ("<script>alert(1)</script>", "another program"),
        ("", "another program"),
    ],
)
def test_a_browser_is_named_in_a_few_words(agent: str, words: str) -> None:
    """What a visitor writes there is never shown."""
    assert signed_in.browser(agent) == words


def test_the_page_of_ones_account_keeps_to_its_budget(
    ines: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However many sessions there are."""
    here = signed(ines)
    for _ in range(3):
        signed(ines)
    here.get("/account/")
    with django_assert_max_num_queries(12):
        assert here.get("/account/").status_code == 200
