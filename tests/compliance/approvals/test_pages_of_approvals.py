"""The pages: what waits for whom, one request in full, what its forms do, and what they refuse."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from compliance import approvals
from compliance.approvals import kinds
from compliance.models import AuditEvent, Request, Told
from tests.compliance.approvals.shelf import DAY, Shelf
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(shelf: Shelf, ines: User, samir: User) -> Request:
    """Asked for now: pages read the clock."""
    return shelf.ask(ines, now=timezone.now())


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def post(client: Client, asked: Request, deed: str, **fields: object) -> str:
    """Send a form and give the page one comes back to."""
    response = client.post(f"/approvals/{asked.pk}/{deed}/", fields, follow=True)
    assert response.status_code == 200, deed
    return response.content.decode()


def cost(client: Client, address: str) -> int:
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def test_the_page_says_how_many_have_approved_and_asks_nobody_twice(
    shelf: Shelf, ines: User, samir: User, olga: User, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs two stays in the list of whom it still waits for, and leaves that of who has approved it."""
    monkeypatch.setitem(kinds._KINDS, "retire", shelf.kind(approvers=2))
    asked, client = shelf.ask(ines, now=timezone.now()), as_person(samir)
    assert "It needs 2 people; yours is approval 1." in text(client, f"/approvals/{asked.pk}/")
    said = post(client, asked, "approve", digest=asked.digest, typed="retire")
    assert "Your approval is noted. It needs 2 people; nothing is done before." in said
    assert "You have approved it. One more person has to." in said
    assert "Approve these" not in said
    assert "1 of 2 approvals" in text(client, "/approvals/?show=open")
    assert asked.title not in text(client, "/approvals/")
    other = as_person(olga)
    assert "It needs" not in text(other, f"/approvals/{asked.pk}/")
    assert "Approved. It runs after" in post(other, asked, "approve", digest=asked.digest, typed="retire")
    assert "Samir Haddad (samir)" in text(other, f"/approvals/{asked.pk}/")


def test_before_anything_is_asked_each_list_says_what_will_be_there(ines: User, as_person: As) -> None:
    """And what to do next."""
    client = as_person(ines)
    for show, said in (
        ("waiting", "Nothing waits for you."),
        ("mine", "You have asked for nothing."),
        ("open", "No request is open."),
        ("ended", "No request has ended yet."),
    ):
        assert said in text(client, f"/approvals/?show={show}")
    assert "Nothing yet." in text(client, "/told/")


def test_what_waits_is_counted_in_the_rail_of_whom_it_waits_for(
    asked: Request, ines: User, samir: User, tomas: User, as_person: As
) -> None:
    """Samir's, and nobody else's; his list begins with it."""
    waiting = '1<span class="vh"> waiting for you'
    client = as_person(samir)
    assert waiting in text(client, "/")
    assert asked.title in text(client, "/")
    assert asked.title in text(client, "/approvals/")
    for person in (ines, tomas):
        assert asked.title not in text(as_person(person), "/")
        html = text(as_person(person), "/approvals/")
        assert waiting not in html
        assert asked.title not in html
    assert asked.title in text(as_person(ines), "/approvals/?show=mine")
    assert asked.title in text(as_person(tomas), "/approvals/?show=open")
    assert asked.title not in text(as_person(tomas), "/approvals/?show=ended")


def test_one_request_says_everything_a_decision_needs(asked: Request, samir: User, as_person: As) -> None:
    """Each item, the numbers, who, why, the digest, what it means, and how long it cools off; the look is recorded."""
    html = text(as_person(samir), f"/approvals/{asked.pk}/")
    for said in (
        "older", "Saved searches go", "Lists stand beside them", "Ines Moreau (ines)", "Nobody runs them.",
        asked.digest, "gone from everybody&#x27;s list", "cools off for 24 hours", "Approve these 2 items",
        "Type <strong>retire</strong>",
    ):  # fmt: skip
        assert said in html, said
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("looked", f"request/{asked.pk}")


def test_whoever_asked_has_no_way_to_decide(asked: Request, ines: User, as_person: As) -> None:
    """No form, and a form made by hand is refused with the reason."""
    client = as_person(ines)
    html = text(client, f"/approvals/{asked.pk}/")
    assert "Approve these" not in html
    assert "somebody else has to decide it" in html
    response = client.post(f"/approvals/{asked.pk}/approve/", {"digest": asked.digest, "typed": "retire"})
    assert response.status_code == 403
    assert b"Somebody else has to decide it" in response.content


def test_approving_takes_the_word(asked: Request, samir: User, ines: User, as_person: As) -> None:
    """Without it nothing happens; with it, it cools off, and can still be stopped."""
    client = as_person(samir)
    assert "type “retire” to confirm" in post(client, asked, "approve", digest=asked.digest, typed="yes")
    assert "Approved. It runs after" in post(client, asked, "approve", digest=asked.digest, typed="Retire")
    assert "Withdraw the request" in text(client, f"/approvals/{asked.pk}/")
    assert "Withdrawn. Nothing was done." in post(as_person(ines), asked, "withdraw", reason="")
    assert "No longer wanted." in text(client, f"/approvals/{asked.pk}/")


def test_where_nothing_cools_off_the_page_says_so(
    shelf: Shelf, ines: User, samir: User, as_person: As, settings: Any
) -> None:
    """Before and after."""
    settings.HOLDFAST_APPROVAL_TERMS = {"retire": "7d/0h"}
    asked, client = shelf.ask(ines, now=timezone.now(), begins="older"), as_person(samir)
    html = text(client, f"/approvals/{asked.pk}/")
    assert "Once approved it is carried out within a minute." in html
    assert "Approve this item" in html
    html = post(client, asked, "approve", digest=asked.digest, typed="retire")
    assert "Approved. It is carried out within a minute." in html


def test_approving_another_digest_is_refused(asked: Request, samir: User, as_person: As) -> None:
    """A page that lay open too long."""
    assert "Look at it again first." in post(
        as_person(samir), asked, "approve", digest="0" * 64, typed="retire"
    )
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_what_changed_since_is_said_before_anybody_decides(
    asked: Request, shelf: Shelf, samir: User, as_person: As
) -> None:
    """With no button that approves; deciding ends it as overtaken."""
    shelf.put("new")
    client = as_person(samir)
    html = text(client, f"/approvals/{asked.pk}/")
    assert "added: new" in html
    assert "saved searches go: 2 → 3" in html
    assert "Approve these" not in html
    html = post(client, asked, "approve", digest=asked.digest, typed="retire")
    assert "It was overtaken, so nothing is done." in html


def test_refusing_says_why(asked: Request, samir: User, ines: User, as_person: As) -> None:
    """To Ines, on the page and in her lines."""
    client = as_person(samir)
    assert "Reason: This field is required." in post(client, asked, "refuse", reason="")
    assert "Refused." in post(client, asked, "refuse", reason="They are needed until May.")
    html = text(as_person(ines), "/told/")
    assert "A request was refused by Samir Haddad (samir)" in html
    assert "They are needed until May." in text(as_person(ines), f"/approvals/{asked.pk}/")


def test_what_one_may_not_see_is_not_found(asked: Request, shelf: Shelf, samir: User, as_person: As) -> None:
    """Samir is no member there: no page, no deed, no number, no line in a list."""
    shelf.only[samir.pk] = frozenset()
    client = as_person(samir)
    assert client.get(f"/approvals/{asked.pk}/").status_code == 404
    for deed, fields in (
        ("approve", {"digest": asked.digest, "typed": "retire"}),
        ("refuse", {"reason": "x"}),
        ("withdraw", {}),
    ):
        assert client.post(f"/approvals/{asked.pk}/{deed}/", fields).status_code == 404, deed
    for show in ("waiting", "mine", "open", "ended"):
        assert asked.title not in text(client, f"/approvals/?show={show}")
    assert "waiting for you" not in text(client, "/")


def test_who_may_not_see_requests_is_refused(asked: Request, ravi: User, ada: User, as_person: As) -> None:
    """Ravi reviews, Ada administers; neither has the entry in the rail."""
    for person in (ravi, ada):
        client = as_person(person)
        assert client.get("/approvals/").status_code == 403
        assert client.get(f"/approvals/{asked.pk}/").status_code == 403
        assert 'href="/approvals/"' not in text(client, "/")
        assert client.get("/told/").status_code == 200


def test_a_request_that_was_tampered_with_cannot_be_approved(
    asked: Request, ines: User, samir: User, as_person: As
) -> None:
    """A row that was written around the services: its digest is not that of its items, or not in the trail."""
    asked.pk, asked.items = None, asked.items[:1]
    asked.counts, asked.digest = {"saved searches go": 1}, "0" * 64
    asked.save(force_insert=True)
    html = text(as_person(samir), f"/approvals/{asked.pk}/")
    assert "Not intact." in html
    assert "Approve these" not in html
    assert "End it as overtaken" not in html


def test_lines_are_new_until_they_were_looked_at(asked: Request, samir: User, as_person: As) -> None:
    """The bell counts them, on every page, until then."""
    client = as_person(samir)
    assert '1<span class="vh"> new' in text(client, "/")
    assert '<span class="tag tag-busy">new</span>' in text(client, "/told/")
    assert '<span class="vh"> new' not in text(client, "/")
    assert '<span class="tag tag-busy">new</span>' not in text(client, "/told/")


def test_strangers_words_are_inert(shelf: Shelf, ines: User, samir: User, as_person: As) -> None:
    """In items, reasons and lines."""
    shelf.put("<script>window.hurt = 1</script>\u202egnp")
    asked = approvals.ask(
        kind="retire",
        subject="shelf/1",
        parameters={},
        reason="<b>now</b>\nplease",
        by=ines,
        now=timezone.now(),
    )
    html = text(as_person(samir), f"/approvals/{asked.pk}/")
    assert "<script>window" not in html
    assert "\u202e" not in html
    assert "&lt;b&gt;now&lt;/b&gt;<br>please" in html


def test_no_page_costs_more_for_more_requests(shelf: Shelf, ines: User, samir: User, as_person: As) -> None:
    """Few and many, within the budget."""
    first = shelf.ask(ines, now=timezone.now())
    client = as_person(samir)
    budgets = {
        "/approvals/": 18,
        "/approvals/?show=open": 18,
        "/approvals/?show=ended": 18,
        f"/approvals/{first.pk}/": 26,
        "/told/": 18,
    }
    cost(client, "/told/")
    few = {address: cost(client, address) for address in budgets}
    for number in range(60):
        asked = shelf.ask(ines, now=timezone.now(), round=number)
        if number % 2:
            approvals.refuse(request_id=asked.pk, reason="no", by=samir, now=timezone.now())
    cost(client, "/told/")
    Told.objects.update(seen_at=timezone.now())
    many = {address: cost(client, address) for address in budgets}
    assert many == few
    assert {address: n for address, n in few.items() if n > budgets[address]} == {}


def test_the_list_is_read_on_by_key(shelf: Shelf, ines: User, samir: User, as_person: As) -> None:
    """With an exact total."""
    for number in range(60):
        shelf.ask(ines, now=timezone.now() - DAY, round=number)
    client = as_person(samir)
    html = text(client, "/approvals/?kind=retire")
    assert "60 requests" in html
    following = html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert text(client, f"/approvals/{following}").count('class="rowlink"') == 10
