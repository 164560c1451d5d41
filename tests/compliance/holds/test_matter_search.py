"""The search page of a matter: nothing outside it is shown or counted, and what is made there belongs to it."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive import search
from archive.models import Attachment, Message
from compliance import gathering, lists, saved
from compliance.investigations import NotHere
from compliance.models import AuditEvent, Matter, MessageList, SavedSearch
from compliance.permissions import Role
from tests.archive import scenes
from tests.archive.scenes import NOON
from tests.compliance import cast, world
from tests.compliance.conftest import As
from tests.compliance.holds.conftest import Office

HOUR = timedelta(hours=1)


@pytest.fixture
def matter(office: Office, ines: User) -> Matter:
    """What Olu said is held, of all that was said; Ines is a member."""
    matter = office.open_matter()
    office.hold(matter, covers_received=False)
    office.let_in(matter, ines)
    office.say(NOON, by=scenes.OLU)
    office.say(NOON + HOUR)
    office.say(NOON + 2 * HOUR)
    world.index()
    return matter


@pytest.fixture
def page(ines: User, as_person: As) -> Client:
    return as_person(ines)


def address(matter: Matter, query: str = "") -> str:
    return f"/matters/{matter.pk}/search/" + (f"?q={query}" if query else "")


def test_nothing_outside_a_matter_is_shown_or_counted(matter: Matter, page: Client) -> None:
    """However it is asked: the whole archive has three messages, the matter one."""
    everywhere = page.get("/search/?q=words").content.decode()
    assert everywhere.count("data-hit") == 3
    for query in ("words", "words OR NOT words", "NOT absent", f"NOT matter:{matter.pk}"):
        said = page.get(address(matter, query)).content.decode()
        assert said.count("data-hit") <= 1, query
    said = page.get(address(matter, "words")).content.decode()
    assert '<strong class="count">1</strong> message' in said
    assert "in what this matter holds" in said
    event = AuditEvent.objects.filter(action="searched").latest("pk")
    assert (event.subject, event.details["found"]) == (f"matter/{matter.pk}", 1)


def test_hits_are_opened_within_the_matter(matter: Matter, page: Client) -> None:
    """The conversation counts the hits of the matter: one of one."""
    said = page.get(address(matter, "words+OR+NOT+words")).content.decode()
    opened = re.search(r'data-open href="([^"#]+)', said)
    assert opened is not None
    assert "Hit 1 of 1" in page.get(opened[1].replace("&amp;", "&")).content.decode()


def test_the_conversation_around_a_hit_is_the_matter_s_too(matter: Matter, page: Client) -> None:
    """In the preview and opened, with its counts, from hit to hit and back; outside the matter it is whole."""
    said = page.get(address(matter, "words")).content.decode()
    for attribute in ("data-preview", "data-open href"):
        found = re.search(attribute + r'="([^"#]+)', said)
        assert found is not None
        opened = page.get(html.unescape(found[1])).content.decode()
        assert opened.count('id="m') == 1, attribute
        assert re.search("Only what (the|this) matter", opened) is not None
    assert "3 messages" not in opened
    assert f'href="/matters/{matter.pk}/search/?q=words' in opened
    every = re.search(r'href="(\?[^"#]+)[^"]*">Show all', opened)
    assert every is not None
    path = html.unescape(found[1]).partition("?")[0]
    whole = page.get(path + html.unescape(every[1])).content.decode()
    assert whole.count('id="m') == 3
    event = AuditEvent.objects.filter(action="looked", subject__startswith="session/").order_by("-pk")[1]
    assert (event.details["matter"], event.details["messages"]) == (matter.pk, 1)


def test_the_files_not_searched_are_the_matter_s(office: Office, matter: Matter, page: Client) -> None:
    """In number, and in the list that the number leads to; whoever is no member finds no such list."""
    mine, other = (Message.objects.get(zoom_id=zoom_id) for zoom_id in ("m1", "m2"))
    for message, name in ((mine, "held.pdf"), (other, "free.pdf")):
        Attachment.objects.create(
            message=message, zoom_file_id=name, name=name, state="gone", not_before=NOON
        )
    said = page.get(address(matter, "words")).content.decode()
    found = re.search(r'href="([^"]+)">1 file unreadable', said)
    assert found is not None
    listed = page.get(html.unescape(found[1])).content.decode()
    assert "held.pdf" in listed
    assert "free.pdf" not in listed
    assert '<strong class="count">1</strong> file unreadable' in listed
    assert page.get("/search/unsearched/?matter=987654").status_code == 404


def test_how_much_waits_elsewhere_is_not_counted(office: Office, matter: Matter, page: Client) -> None:
    """What is stored and not indexed yet may be of anybody: that some waits is said, and since when."""
    office.say(NOON + 3 * HOUR)
    said = page.get(address(matter, "words")).content.decode()
    assert "what was stored since is not searched yet" in said
    assert "stored record" not in said
    assert "1 stored record not searched yet" in page.get("/search/?q=words").content.decode()


def test_what_is_not_understood_is_said_on_the_page(matter: Matter, page: Client) -> None:
    """A query that would close the condition of the matter is no query."""
    assert b"closes nothing" in page.get(address(matter, "words)+OR+(words")).content
    assert b"There is no matter" in page.get(address(matter, "matter:99999")).content


def test_without_a_query_it_says_what_is_kept(matter: Matter, page: Client) -> None:
    """Nothing at first, with what to do; then what was saved and frozen in the matter."""
    said = page.get(address(matter)).content.decode()
    assert "No search is saved in this matter." in said
    assert "No list is frozen in this matter." in said
    for path, name in (("/searches/save/", "Olu's words"), ("/lists/freeze/", "Olu's board")):
        sent = {"name": name, "q": "words", "matter": matter.pk, "order": "newest"}
        assert page.post(path, sent).status_code == 302
    said = page.get(address(matter)).content.decode()
    assert "Olu&#x27;s words" in said
    assert "Olu&#x27;s board" in said
    frozen = MessageList.objects.get(purpose="frozen")
    assert (frozen.matter, frozen.count, SavedSearch.objects.get().matter) == (matter, 1, matter)
    assert frozen.query == f"words matter:{matter.pk}"


def test_what_is_made_in_a_matter_is_for_its_members(matter: Matter, ines: User, ravi: User) -> None:
    """A reviewer of nothing finds neither list nor shared search of it, and can make neither."""
    newest = search.Order.NEWEST
    frozen = lists.freeze(name="Board", query="words", order=newest, matter_id=matter.pk, by=ines, now=NOON)
    kept = saved.save(
        name="W", query="words", order=newest, shared=True, matter_id=matter.pk, by=ines, now=NOON
    )
    assert lists.lines(by=ravi, now=NOON)[0] == []
    assert saved.lines(by=ravi, now=NOON) == []
    for look in (
        lambda: lists.seen(list_id=frozen.pk, by=ravi, now=NOON),
        lambda: lists.progress(list_id=frozen.pk, by=ravi, now=NOON),
        lambda: saved.seen(search_id=kept.pk, by=ravi, now=NOON),
        lambda: saved.save(name="x", query="words", order=newest, matter_id=matter.pk, by=ravi, now=NOON),
    ):
        with pytest.raises(NotHere):
            look()


def test_a_query_is_put_into_its_matter_whatever_it_says(matter: Matter) -> None:
    """Alternatives are put into parentheses, a time zone stays, a condition that is there is not said twice."""
    term = f"matter:{matter.pk}"
    for query, whole in (
        ("a", f"a {term}"),
        ("a OR b", f"(a OR b) {term}"),
        ("zone:Asia/Tokyo on:2026-05-04 OR a", f"zone:Asia/Tokyo (on:2026-05-04 OR a) {term}"),
        (f"a {term}", f"a {term}"),
        (f"a OR {term}", f"(a OR {term}) {term}"),
    ):
        assert gathering.in_matter(query, matter, now=NOON) == whole


def test_the_page_is_for_members_who_may_search(
    office: Office, matter: Matter, ravi: User, as_person: As
) -> None:
    """A matter of others is not found; an auditor who is a member may not search in it."""
    assert as_person(ravi).get(address(matter)).status_code == 404
    tomas = cast.person(Role.AUDITOR)
    office.let_in(matter, tomas)
    assert as_person(tomas).get(address(matter)).status_code == 403


def test_the_page_has_its_budget(
    matter: Matter, page: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However long the answer is."""
    page.get(address(matter, "words"))
    with django_assert_max_num_queries(34):
        page.get(address(matter, "words"))
