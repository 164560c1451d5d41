"""The pages of saved searches, frozen lists, comparisons and tags: what they say, and what their forms do."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.test import Client

from archive.models import Window
from compliance.models import AuditEvent, MessageList, SavedSearch, Tag, TagMark
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_ines(ines: User, as_person: As) -> Client:
    world.fill(messages=6)
    world.index()
    return as_person(ines)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def post(client: Client, address: str, **fields: object) -> str:
    """Send a form and give the page one comes back to."""
    response = client.post(address, fields, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def test_before_anything_is_kept_each_page_says_what_will_be_there(client_of_ines: Client) -> None:
    """And what to do first."""
    assert "No saved search yet." in text(client_of_ines, "/searches/")
    assert "No frozen list yet." in text(client_of_ines, "/lists/")
    assert "There is nothing to compare yet." in text(client_of_ines, "/compare/")
    assert "No tag yet." in text(client_of_ines, "/tags/")


def test_a_search_is_saved_run_again_renamed_and_removed(client_of_ines: Client) -> None:
    """What is new is said on its page."""
    html = post(client_of_ines, "/searches/save/", name="Plain", q="plain", order="newest")
    assert "6 found" in html
    world.captured(_window(), [scenes.said("plain again", id="late", minute=999)])
    world.index()
    key = SavedSearch.objects.get().pk
    html = post(client_of_ines, f"/searches/{key}/run/")
    assert "1 new since" in html
    assert "0 changed, 0 no longer found" in html
    assert "<mark>plain</mark> again" in html
    html = post(client_of_ines, f"/searches/{key}/change/", name="Plainer", shared="on")
    assert "everybody who may search" in html
    assert "Plainer" in text(client_of_ines, "/searches/")
    assert "The saved search is removed." in post(client_of_ines, f"/searches/{key}/remove/")
    assert client_of_ines.get(f"/searches/{key}/").status_code == 404


def test_an_answer_is_frozen_looked_at_checked_and_taken(client_of_ines: Client) -> None:
    """The digest on the page is that of the file."""
    html = post(client_of_ines, "/lists/freeze/", name="Board", q="plain", order="oldest")
    frozen = MessageList.objects.get()
    taken = client_of_ines.get(f"/lists/{frozen.pk}/take/?as=ndjson")
    digest = hashlib.sha256(b"".join(taken.streaming_content)).hexdigest()  # type: ignore[attr-defined]
    assert digest in html
    assert taken["Content-Disposition"] == f'attachment; filename="list-{frozen.pk}.ndjson"'
    assert "Intact." in text(client_of_ines, f"/lists/{frozen.pk}/?check")
    assert "Board" in text(client_of_ines, "/lists/")
    assert client_of_ines.get(f"/lists/{frozen.pk}/take/?as=exe").status_code == 404


def test_chosen_messages_are_tagged_found_and_untagged(client_of_ines: Client) -> None:
    """By the form of the search page; then the whole answer."""
    post(client_of_ines, "/tags/make/", name="very hot", colour="destroyed")
    tag = Tag.objects.get()
    chosen = [world.message(f"p0-{n}").pk for n in range(3)]
    back = "/search/?q=plain"
    html = post(client_of_ines, "/tags/mark/", tag=tag.pk, do="put", message=chosen, next=back)
    assert "Tagged 3 messages." in html
    assert html.count('class="tag tag-destroyed"') == 3
    assert '<strong class="count">3</strong>' in text(client_of_ines, '/search/?q=tag:"very hot"')
    html = post(client_of_ines, "/tags/mark/", tag=tag.pk, do="off", message=chosen[:1], next=back)
    assert "Took the tag off 1 message." in html
    assert "Choose messages first" in post(client_of_ines, "/tags/mark/", tag=tag.pk, do="put", next=back)
    html = post(client_of_ines, "/tags/mark/", tag=tag.pk, do="all", q="plain", order="newest", next=back)
    assert "All 6 messages carry the tag." in html
    assert TagMark.objects.count() == 6


def test_a_note_is_written_on_the_page_of_its_message(client_of_ines: Client) -> None:
    """As text, whatever it contains; changed beside its earlier version."""
    message = world.message("p0-1").pk
    html = post(client_of_ines, f"/messages/{message}/note/", text="<b>look</b>")
    assert "&lt;b&gt;look&lt;/b&gt;" in html
    assert "1 note" in text(client_of_ines, "/search/?q=plain")


def test_what_stands_in_the_way_is_said(client_of_ines: Client) -> None:
    """A name that is taken, a query that is not understood, a tag that is not there."""
    post(client_of_ines, "/searches/save/", name="Plain", q="plain")
    again = post(client_of_ines, "/searches/save/", name="Plain", q="plain", next="/search/?q=plain")
    assert "You have a saved search called “Plain” already." in again
    assert "is never closed" in post(client_of_ines, "/lists/freeze/", name="x", q='"plain')
    assert "There is no tag “hott”." in text(client_of_ines, "/search/?q=tag:hott")
    assert client_of_ines.post("/tags/mark/", {"tag": 99, "do": "put", "message": [1]}).status_code == 404
    assert client_of_ines.post("/searches/save/", {"name": "y", "q": "plain", "next": "https://x.test/"})[
        "Location"
    ].startswith("/searches/")


def test_two_answers_are_compared(client_of_ines: Client) -> None:
    """Three numbers, each of which is a list."""
    post(client_of_ines, "/lists/freeze/", name="All plain", q="plain")
    post(client_of_ines, "/searches/save/", name="Some", q="3 OR ship")
    first, second = MessageList.objects.get(purpose="frozen").pk, SavedSearch.objects.get().pk
    html = text(client_of_ines, f"/compare/?a=list/{first}&b=search/{second}&part=both")
    assert "In both" in html
    assert html.count("data-hit") == 1
    assert client_of_ines.get("/compare/?a=list/1&b=list/99999").status_code == 404


def test_a_reviewer_gets_the_buttons_he_may_use(client_of_ines: Client, ravi: User, as_person: As) -> None:
    """Ravi saves and tags; he does not freeze, make tags or take lists."""
    post(client_of_ines, "/lists/freeze/", name="Board", q="plain")
    key = MessageList.objects.get().pk
    client = as_person(ravi)
    html = text(client, "/search/?q=plain")
    assert 'id="save"' in html
    assert 'id="tagging"' in html
    assert 'id="freeze"' not in html
    assert client.post("/lists/freeze/", {"name": "x", "q": "plain"}).status_code == 403
    assert client.post("/tags/make/", {"name": "x", "colour": "plain"}).status_code == 403
    assert "Take as" not in text(client, f"/lists/{key}/")
    assert client.get(f"/lists/{key}/take/").status_code == 403
    assert AuditEvent.objects.filter(action="refused", actor=ravi).count() == 3


def test_a_search_of_another_language_says_so_and_has_no_button(client_of_ines: Client) -> None:
    """What would mean something else is not run."""
    post(client_of_ines, "/searches/save/", name="Plain", q="plain")
    SavedSearch.objects.update(language=1, query="pla?n", parsed='Words(text="pla?n")')
    key = SavedSearch.objects.get().pk
    html = text(client_of_ines, f"/searches/{key}/")
    assert "typed in version 1 of the query language" in html
    assert "Run again" not in html
    assert "so it is not run" in post(client_of_ines, f"/searches/{key}/run/")


def _window() -> Window:
    return Window.objects.get(session=world.message("main").session)
