"""Putting an answer into a matter: its query, or its messages as they are found, with what the matter does not hold counted."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from archive import search
from compliance import handing, lists, parts, saved, timeline
from compliance.investigations import NotHere
from compliance.models import AuditEvent, Matter, MatterMember, MessageList, SavedSearch
from compliance.saved import Unfit
from tests.archive import scenes
from tests.archive.scenes import NOON
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import second_officer
from tests.compliance.conftest import As
from tests.compliance.holds.conftest import Office

HOUR = timedelta(hours=1)
NEWEST = search.Order.NEWEST


@pytest.fixture
def matter(office: Office, ines: User) -> Matter:
    """What Olu said is held: one message of the three with "words". Ines is a member."""
    matter = office.open_matter()
    office.hold(matter, covers_received=False)
    office.let_in(matter, ines)
    for hour, who in enumerate((scenes.OLU, scenes.RAVI, scenes.RAVI)):
        office.say(NOON + hour * HOUR, by=who)
    world.index()
    return matter


def told(matter: Matter, by: User) -> str:
    """The newest line of the matter's timeline."""
    return timeline.page(matter_id=matter.pk, by=by, now=NOON).lines[0].words.line


def test_a_query_becomes_a_saved_search_of_the_matter(matter: Matter, ines: User) -> None:
    """Its members run it within the matter; what it finds beyond is counted, and told in the timeline."""
    handed = handing.as_search(
        query="words", order=NEWEST, name="Words", matter_id=matter.pk, by=ines, now=NOON
    )
    kept = SavedSearch.objects.get(matter=matter)
    assert (kept.query, kept.is_shared, handed.messages, handed.beyond) == (
        f"words matter:{matter.pk}",
        True,
        3,
        2,
    )
    assert handed.sentence.endswith("3 messages, and it does not hold 2 of them.")
    assert told(matter, ines) == (
        "put the saved search “Words” into the matter: 3 messages, 2 of them not held by it"
    )


def test_a_saved_search_is_put_there_and_stays_where_it_was(matter: Matter, ines: User) -> None:
    """Both trails tell of it."""
    own = saved.save(name="Own", query="words", order=NEWEST, by=ines, now=NOON)
    handing.as_search(
        query=own.query, order=NEWEST, name="Theirs", matter_id=matter.pk, of=own.pk, by=ines, now=NOON
    )
    events = AuditEvent.objects.filter(action="handed").values_list("subject", "details__of")
    assert set(events) == {
        (f"matter/{matter.pk}", f"search/{own.pk}"),
        (f"search/{own.pk}", f"search/{own.pk}"),
    }
    assert SavedSearch.objects.filter(removed_at=None).count() == 2


def test_an_answer_is_frozen_into_the_matter_whole(matter: Matter, ines: User, ravi: User) -> None:
    """Also what the matter does not hold: whoever reads only what it holds sees the rest counted, and not shown."""
    handed = handing.as_list(query="words", order=NEWEST, name="All", matter_id=matter.pk, by=ines, now=NOON)
    made = MessageList.objects.get(matter=matter)
    assert (made.count, made.query, handed.beyond) == (3, "words", 2)
    MatterMember.objects.create(matter=matter, user=ravi, added_at=NOON, added_by_name="Ines")
    seen = lists.seen(list_id=made.pk, by=ravi, now=NOON)
    assert (seen.line.count, len(seen.found), seen.held) == (1, 1, 1)
    assert lists.seen(list_id=made.pk, by=ines, now=NOON).line.count == 3


def test_a_frozen_list_keeps_its_ids_and_its_digest(matter: Matter, ines: User) -> None:
    """And says which list it was; it can be checked like any, and neither changes."""
    frozen = lists.freeze(name="Board", query="words", order=search.Order.OLDEST, by=ines, now=NOON)
    handed = handing.frozen(list_id=frozen.pk, name="Board", matter_id=matter.pk, by=ines, now=NOON)
    made = MessageList.objects.get(matter=matter)
    assert (made.copy_of, made.count, made.order, handed.beyond) == (frozen, 3, "oldest", 2)
    assert bytes(made.sha256) == bytes(frozen.sha256) == parts.digest(made.pk)
    assert lists.is_intact(list_id=made.pk, by=ines, now=NOON)
    assert f"“Board”, which was list {frozen.pk}, into the matter: 3 messages" in told(matter, ines)
    assert AuditEvent.objects.filter(action="handed", subject=f"list/{frozen.pk}").count() == 1
    page = lists.seen(list_id=made.pk, by=ines, now=NOON)
    assert (page.held, page.line.count) == (1, 3)


def test_nothing_is_put_where_one_does_not_work(
    matter: Matter, office: Office, ines: User, ravi: User
) -> None:
    """Another's matter is not there, a released one takes nothing, and who may not freeze does not."""
    frozen = lists.freeze(name="Board", query="words", order=NEWEST, by=ines, now=NOON)
    foreign = office.open_matter("Foreign")
    asked = {"query": "words", "order": NEWEST, "name": "x", "now": NOON}
    with pytest.raises(NotHere):
        handing.as_search(**asked, matter_id=foreign.pk, by=ines)
    with pytest.raises(NotHere):
        handing.frozen(list_id=frozen.pk, name="x", matter_id=foreign.pk, by=ines, now=NOON)
    office.let_in(matter, ravi)
    with pytest.raises(PermissionDenied):
        handing.as_list(**asked, matter_id=matter.pk, by=ravi)
    Matter.objects.filter(pk=matter.pk).update(state="released", released_at=NOON)
    with pytest.raises(Unfit, match="released"):
        handing.as_search(**asked, matter_id=matter.pk, by=ines)
    assert handing.choices(ines) == []


def test_the_page_puts_each_of_them_there(
    matter: Matter, ines: User, as_person: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """From the search page, a saved search and a frozen list, each of which leads to it."""
    page = as_person(ines)
    own = saved.save(name="Own", query="words", order=NEWEST, by=ines, now=NOON)
    frozen = lists.freeze(name="Board", query="words", order=NEWEST, by=ines, now=NOON)
    for number, (at, how) in enumerate(
        (
            ("/search/?q=words", "list"),
            (f"/searches/{own.pk}/", "search"),
            (f"/lists/{frozen.pk}/", ""),
        )
    ):
        link = re.search(r'href="(/search/hand-over/[^"]+)"', page.get(at).content.decode())
        assert link is not None, at
        address = link[1].replace("&amp;", "&")
        with django_assert_max_num_queries(22):
            assert f'<option value="{matter.pk}">' in page.get(address).content.decode()
        sent = page.post(address, {"matter": matter.pk, "name": f"No. {number}", "how": how}, follow=True)
        assert "and it does not hold 2 of them." in sent.content.decode(), at
    assert "which holds 1 of its 3 messages now" in sent.content.decode()
    assert "There is nothing to put" in page.get("/search/hand-over/").content.decode()
    assert page.get("/search/hand-over/?list=987654").status_code == 404
    assert page.post(address, {"matter": 987654, "name": "x"}).status_code == 404


def test_who_works_in_no_matter_is_told_so(matter: Matter, as_person: As) -> None:
    """Samir is an officer and a member of none; who may not save searches at all is refused."""
    said = as_person(second_officer()).get("/search/hand-over/?q=words").content.decode()
    assert "You work in no matter." in said
    other = cast.person(None)
    assert as_person(other).get("/search/hand-over/?q=words").status_code == 403
    assert AuditEvent.objects.filter(action="handed").count() == 0
