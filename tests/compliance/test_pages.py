"""What the pages say, what they cost, and that nothing strangers wrote can act on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive.models import Account, DayIndexed, Window
from compliance import saved
from compliance.models import AuditEvent
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db

BUDGETS = {
    "/": 37,
    "/overview/facts/": 22,
    "/overview/activity/": 33,
    "/capture/": 26,
    "/sessions/": 23,
    "/sessions/{session}/": 45,
    "/sessions/{session}/completeness/": 62,
    "/messages/{message}/": 52,
    "/search/?q=plain": 42,
    "/sessions/{session}/?q=plain&hit=0.0": 54,
    "/searches/": 22,
    "/searches/{search}/?part=all": 42,
    "/lists/": 20,
    "/lists/{list}/": 34,
    "/compare/?a=list/{list}&b=list/{list}&part=both": 39,
    "/tags/": 21,
    "/search/?q=heliotrope": 42,
    "/search/unsearched/": 29,
    "/audit/": 25,
    "/system/": 35,
    "/admin/archive/session/": 22,
    "/admin/archive/message/": 22,
}


def cost(client: Client, address: str) -> int:
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


@pytest.fixture
def page(ines: User, as_person: As) -> Callable[[str], str]:
    """A page as Ines gets it."""
    client = as_person(ines)
    return lambda address: client.get(address).content.decode()


def test_no_page_costs_more_for_a_larger_archive(ines: User, as_person: As) -> None:
    """The same number of queries for a few rows and for many, within each page's budget."""
    client = as_person(ines)
    session = world.fill(sessions=2, messages=4)[0]
    world.attach("main", "a.txt", b"heliotrope")
    world.attach("main", "broken.pdf", b"%PDF- broken")
    world.read_files()
    world.index()
    named = {"session": session.pk, "message": world.message("edited").pk, **world.keep()}
    saved.run(search_id=named["search"], by=ines, now=scenes.NOW)
    saved.run(search_id=named["search"], by=ines, now=scenes.NOW)
    few = {address: cost(client, address.format(**named)) for address in BUDGETS}
    account = Account.objects.get()
    for number in range(20):
        window = scenes.conversation(f"more{number}", of=account)
        records = [scenes.said(f"plain {n}", id=f"{number}-{n}", minute=n) for n in range(10)]
        world.captured(window, records)
    world.captured(
        session.windows.get(), [scenes.said(f"plain {n}", id=f"x{n}", minute=n) for n in range(80)]
    )
    for number in range(20):
        world.attach(f"{number}-1", "a.txt", b"heliotrope and more, %d" % number)
        world.attach(f"{number}-1", "broken.pdf", b"%%PDF- broken, %d" % number)
    world.read_files()
    world.index()
    saved.run(search_id=named["search"], by=ines, now=scenes.NOW)
    many = {address: cost(client, address.format(**named)) for address in BUDGETS}
    assert many == few
    assert {address: n for address, n in few.items() if n > BUDGETS[address]} == {}


def test_nothing_strangers_wrote_can_act(page: Callable[[str], str]) -> None:
    """Markup is text, and characters that turn the writing are drawn as marks."""
    session = world.fill()[0]
    world.index()
    for address in (
        f"/sessions/{session.pk}/",
        "/search/?q=onerror+OR+invoice",
        f"/messages/{world.message('torture0').pk}/",
    ):
        html = page(address)
        assert "<script>window" not in html
        assert "<img src=x" not in html
        assert "\u202e" not in html
        assert "[U+202E]" in html or "torture" in address or "onerror" in html


def test_a_file_name_that_turns_is_shown_for_what_it_is(page: Callable[[str], str]) -> None:
    """`plan ‮fdp.exe` is a program, and looks like one."""
    session = world.fill()[0]
    assert "plan <span" in page(f"/sessions/{session.pk}/")


def test_characters_without_width_are_shown_on_demand(page: Callable[[str], str]) -> None:
    """They are legitimate in many scripts, so they are marked only when the reader asks."""
    session = world.fill()[0]
    assert "[U+200B]" not in page(f"/sessions/{session.pk}/")
    assert "[U+200B]" in page(f"/sessions/{session.pk}/?hidden=show")


def test_a_conversation_shows_threads_edits_and_deletions(page: Callable[[str], str]) -> None:
    """What was said, what it became, and what was taken back."""
    html = page(f"/sessions/{world.fill()[0].pk}/")
    assert html.index('aria-label="Replies"') < html.index("why not monday")
    assert "<del>" in html
    assert "<ins>" in html
    assert "delete this please" in html
    assert "deleted" in html


def test_a_day_that_is_not_proven_is_torn_paper(page: Callable[[str], str]) -> None:
    """A conversation never looks whole when it may not be."""
    session = world.fill()[0]
    Window.objects.filter(session=session).update(
        state=Window.State.GAP, complete_through=None, last_error="Zoom answered 500."
    )
    html = page(f"/sessions/{session.pk}/")
    assert 'class="tear"' in html
    assert "Zoom answered 500." in html


def test_a_link_to_a_message_opens_around_it(page: Callable[[str], str]) -> None:
    """The message asked for is marked among its neighbours."""
    session = world.fill(messages=300)[0]
    target = world.message("p0-150").pk
    html = page(f"/sessions/{session.pk}/?at={target}")
    assert f'id="m{target}" aria-current="true"' in html
    assert "plain words 149" in html
    assert "plain words 299" not in html


def test_a_message_shows_its_bytes_its_reply_and_its_proof(page: Callable[[str], str]) -> None:
    """Where it came from, and the way to the signed root."""
    world.fill()
    world.sign()
    html = page(f"/messages/{world.message('edited').pk}/")
    assert "GET /report/chat/sessions/s1" in html
    assert "in the signed checkpoint" in html
    assert "&quot;message&quot;: &quot;ship it someday&quot;" in html


def test_a_search_says_what_it_means_and_how_much_it_saw(page: Callable[[str], str]) -> None:
    """The meaning in words, the exact count, the completeness of the index."""
    world.fill()
    world.index()
    html = page("/search/?q=plain+words")
    assert "Messages containing" in html
    assert '<strong class="count">10</strong>' in html
    assert "Every stored message was searched" in html


def test_a_link_cannot_hide_what_it_searches_for(page: Callable[[str], str]) -> None:
    """Characters that turn the writing are left out of a query, on the page and in the trail."""
    world.fill()
    world.index()
    assert "\u202e" not in page("/search/?q=%E2%80%AEplain")
    assert AuditEvent.objects.latest("pk").details["query"] == "plain"


def test_a_search_that_is_behind_says_so(page: Callable[[str], str]) -> None:
    """What is stored and not yet findable is counted."""
    session = world.fill()[0]
    world.index()
    world.captured(session.windows.get(), [scenes.said("late words", id="late", minute=999)])
    assert "Index not complete:" in page("/search/?q=plain")


def test_no_index_is_a_sentence_and_not_an_error(page: Callable[[str], str]) -> None:
    """The evidence is not affected, and the page says so."""
    world.fill()
    assert "The search index cannot answer." in page("/search/?q=plain")


def test_unknown_is_never_zero(page: Callable[[str], str]) -> None:
    """Before anything was captured nothing is known, and the page says that."""
    html = page("/")
    assert "No Zoom account is connected" in html
    assert "unknown" in html


def test_gaps_are_told_with_their_reasons(page: Callable[[str], str]) -> None:
    """A window that broke off is on the first page, in words."""
    session = world.fill()[0]
    Window.objects.filter(session=session).update(
        state=Window.State.GAP,
        last_error="Zoom answered with HTML.",
        last_error_code="unexpected_reply",
        attempts=2,
    )
    for address in ("/", "/capture/"):
        html = page(address)
        assert "Zoom answered with HTML." in html
        assert "after 2 tries" in html


def test_sessions_are_read_on_by_key(page: Callable[[str], str]) -> None:
    """The next page begins where this one ended, and the total stays."""
    world.fill(sessions=60, messages=1)
    html = page("/sessions/?sort=name")
    assert "60 sessions" in html
    following = html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "60 sessions" in page(f"/sessions/{following}")


@pytest.mark.parametrize(
    "address", ["/sessions/999999/", "/messages/999999/", "/files/999999/", "/sessions/?after=x~1"]
)
def test_what_is_not_there_is_not_found(address: str, ines: User, as_person: As) -> None:
    """One page for what does not exist, whatever it would have been."""
    assert as_person(ines).get(address).status_code == 404


def test_a_session_from_another_address_is_not_opened(ines: User, as_person: As) -> None:
    """A message is shown in its own session only."""
    first, second = world.fill(sessions=2)
    message = world.message("main").pk
    assert as_person(ines).get(f"/sessions/{second.pk}/?at={message}").status_code == 404
    assert as_person(ines).get(f"/sessions/{first.pk}/?at={message}").status_code == 200


def test_silence_after_the_newest_message_is_torn_where_it_is_not_proven(page: Callable[[str], str]) -> None:
    """The end of what we have is not the end of what was said."""
    session = world.fill()[0]
    Window.objects.filter(session=session).update(complete_through=scenes.NOON + timedelta(days=1, hours=12))
    html = page(f"/sessions/{session.pk}/")
    assert html.rindex('class="tear"') > html.rindex("plain words 9")


def test_an_event_opens_its_leaf_and_proof(page: Callable[[str], str]) -> None:
    """Every row of the trail can be checked."""
    world.fill()
    page("/capture/")
    world.sign()
    event = AuditEvent.objects.earliest("pk")
    html = page(f"/audit/{event.pk}/")
    assert "in the signed checkpoint" in html
    assert "signed in" in html


def test_asking_for_a_capture_makes_days_due_and_is_recorded(ines: User, as_person: As) -> None:
    """What has not settled, and every gap, is read again; the trail says who asked."""
    session = world.fill()[0]
    Window.objects.filter(session=session).update(
        state=Window.State.GAP, not_before=scenes.NOW + timedelta(days=3650)
    )
    client = as_person(ines)
    assert client.post("/capture/start/").status_code == 302
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("started", "capture")
    assert Window.objects.filter(state=Window.State.DUE).exists()


def test_a_reviewer_cannot_start_a_capture(ravi: User, as_person: As) -> None:
    """And has no button for it."""
    world.fill()
    client = as_person(ravi)
    assert client.post("/capture/start/").status_code == 403
    assert b"Capture now" not in client.get("/capture/").content


def test_a_form_from_elsewhere_is_refused(ines: User, as_person: As) -> None:
    """Without this console's token nothing changes."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/capture/start/")
    assert response.status_code == 403
    assert b"This form has expired" in response.content


def test_the_figures_for_machines_leave_out_what_is_unknown(
    page: Callable[[str], str], client: Client, settings: Any
) -> None:
    """A zero would be a claim; the token opens the figures to a machine."""
    figures = page("/metrics")
    assert "holdfast_gaps 0.0" in figures
    assert "holdfast_complete_to_seconds" not in figures
    settings.HOLDFAST_METRICS_TOKEN = "a long token"
    assert client.get("/metrics", headers={"Authorization": "Bearer a long token"}).status_code == 200
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403


def test_health_is_told_to_anyone_and_says_little(client: Client) -> None:
    """Alive needs nothing; ready names the parts and no more."""
    assert client.get("/healthz").content == b"alive\n"
    assert client.get("/readyz").json() == {"database": True, "redis": True}


def test_a_page_that_watched_a_run_is_fetched_again_when_it_ends(ines: User, as_person: As) -> None:
    """The bar is not all that is old by then; a page that watched nothing is left alone."""
    world.fill()
    client = as_person(ines)
    for address in ("/overview/facts/", "/capture/progress/"):
        assert client.get(address + "?run=1")["HX-Refresh"] == "true"
        assert "HX-Refresh" not in client.get(address)


def test_the_badge_moves_with_the_facts(page: Callable[[str], str]) -> None:
    """A fragment brings the badge of its own moment along; a whole page has one badge."""
    world.fill()
    assert 'hx-swap-oob="true"' in page("/overview/facts/")
    assert "hx-swap-oob" not in page("/")


def test_the_system_page_says_what_the_app_may_not_do(page: Callable[[str], str]) -> None:
    """Feature by feature, with the scope to add, and on the overview in one line."""
    world.fill()
    Account.objects.update(granted_scopes=["report_chat:read:admin", "meeting:read:admin"])
    shown = page("/system/")
    assert "read the chat reports (sessions and messages)" in shown
    assert "Files are named in the record, but their bytes are not kept." in shown
    assert "Add the scope chat:read to the app at Zoom." in shown
    assert "2 scopes granted, 1 of no use here" in shown
    assert "6 of 7 parts of capture not allowed" in page("/")


def test_the_system_page_says_why_zoom_gave_no_token(page: Callable[[str], str]) -> None:
    """With what to do."""
    world.fill()
    Account.objects.update(token_error="Zoom gives no token: invalid_client")
    shown = page("/system/")
    assert "Zoom gives no token: invalid_client" in shown
    assert "Connect it again with the right credentials" in shown


def test_an_index_that_differs_is_told_wherever_anybody_looks(page: Callable[[str], str]) -> None:
    """With every answer, on the overview, on the system page with what is done about it, and in the figures."""
    world.fill()
    world.index()
    DayIndexed.objects.filter(pk=DayIndexed.objects.latest("pk").pk).update(finding="differs")
    assert "Index not right:" in page("/search/?q=plain")
    assert "1 day differs from the record" in page("/")
    assert "the indexer indexes what differs anew" in page("/system/")
    figures = page("/metrics")
    assert "holdfast_index_days_at_fault 1.0" in figures
    assert "holdfast_index_usable 1.0" in figures
