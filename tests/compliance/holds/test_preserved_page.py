"""The page of what a matter preserves, and the sentence of it on the matter's first page."""

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Message, Person, Session, Window
from compliance import opening, preserved, tallying
from compliance.models import Custodian, Hold, Matter, PreservedCount
from compliance.permissions import Role
from tests.archive import scenes
from tests.archive.scenes import NOON, NOW
from tests.compliance import cast
from tests.compliance.conftest import As
from tests.compliance.holds.conftest import Office

pytestmark = pytest.mark.django_db
BUDGET = 34


def count() -> None:
    tallying.plan(now=NOW)
    while tallying.count_next(clock=lambda: NOW):
        pass


@pytest.fixture
def matter(office: Office, ines: User) -> Matter:
    """Olu is held and has said one message and received another; the session was read to its end."""
    Window.objects.filter(pk=office.window.pk).update(state="complete", complete_through=NOW)
    office.step("joined", NOON - timedelta(days=1))
    office.say(NOON, by=scenes.OLU)
    office.say(NOON + timedelta(hours=1))
    made = office.open_matter()
    office.hold(made)
    office.let_in(made, ines)
    return made


@pytest.fixture
def page(matter: Matter, ines: User, as_person: As) -> Callable[..., str]:
    """The page in words, as Ines gets it."""
    client = as_person(ines)

    def words(query: str = "", *, at: str = "preserved/") -> str:
        answer = client.get(f"/matters/{matter.pk}/{at}{query}")
        assert answer.status_code == 200
        main = answer.content.decode().split("<main")[1].split("</main>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())

    return words


def test_before_the_first_count_the_page_says_so(page: Callable[..., str]) -> None:
    """No figure is shown that is not known; no zero either."""
    assert "Not counted yet. Counting begins within a minute of the first hold." in page()
    assert "By custodian" not in page().split("Not counted yet")[1]
    assert "What is preserved has not been counted yet." in page(at="")


def test_the_page_tells_what_was_said_from_what_was_received(page: Callable[..., str]) -> None:
    """Once counted, each figure stands with the moment it is of."""
    count()
    words = page()
    assert "Counted 20 Nov 2026, 08:00" in words
    assert "Messages 2 1 said by custodians, 1 received; 2 versions" in words
    assert "Olu Ade 2 1 1 2 0 0 bytes 2 Nov 2026 2 Nov 2026" in words
    assert "general 2 1 1 2 0 0 bytes" in words
    assert "2 messages and 0 files of 0 bytes cannot be destroyed, said from 2 Nov 2026" in page(at="")


def test_while_it_is_counted_again_the_old_figures_stay(page: Callable[..., str]) -> None:
    """Half of a count is never shown."""
    count()
    PreservedCount.objects.update(state="claimed", done=3, total=7)
    words = page()
    assert "Counting again" in words
    assert "3 of 7 sessions" in words
    assert "figures are of 20 Nov 2026, 08:00" in words
    assert "Count again" not in words


def test_counting_again_is_asked_for_with_a_button(
    matter: Matter, ines: User, as_person: As, page: Callable[..., str]
) -> None:
    """It is done behind the page."""
    count()
    answer = as_person(ines).post(f"/matters/{matter.pk}/preserved/count/", follow=True)
    assert b"It is being counted again." in answer.content
    assert PreservedCount.objects.get().state == "due"


def test_a_count_is_stopped_with_a_button(
    matter: Matter, ines: User, as_person: As, page: Callable[..., str]
) -> None:
    """The page says that there are no figures, and offers to count again."""
    tallying.plan(now=NOW)
    assert "Stop counting" in page()
    client = as_person(ines)
    answer = client.post(f"/matters/{matter.pk}/preserved/stop/", follow=True)
    assert b"It was stopped." in answer.content
    assert "Stopped. There are no figures yet." in page()
    assert "Stop counting" not in page()
    assert "Count again" in page()
    assert client.get(f"/matters/{matter.pk}/preserved/progress/")["HX-Refresh"] == "true"


def listed(office: Office) -> None:
    """Zoom's list of the sessions of October and November was read, and never one before."""
    Window.objects.create(
        account=office.account, kind="sessions", first_day=date(2026, 10, 1), last_day=date(2026, 11, 30), state="complete",
        not_before=NOW, complete_through=NOW,
    )  # fmt: skip


def test_what_was_never_captured_is_said(office: Office, page: Callable[..., str]) -> None:
    """Before the first capture that nothing is here; then from which day on anything is."""
    assert "Nothing of this account was captured yet." in page(at="")
    listed(office)
    assert "Not here: what was said before 1 Oct 2026, though all days are held" in page(at="")


@pytest.mark.parametrize(
    ("held", "short", "before"),
    [
        ((None, None), True, False),
        ((date(2026, 9, 30), None), True, False),
        ((date(2026, 10, 1), None), False, False),
        ((None, date(2026, 9, 30)), True, True),
        ((None, date(2026, 10, 1)), True, False),
    ],
)
def test_the_first_day_captured_is_held_against_the_days_held(
    held: tuple[date | None, date | None], short: bool, before: bool
) -> None:
    """On the day itself nothing is missing."""
    missing = preserved.Missing(date(2026, 10, 1), None, None, *held)
    assert (missing.is_short, missing.is_before) == (short, before)


def test_sessions_with_gaps_are_counted_and_marked(
    office: Office, matter: Matter, page: Callable[..., str]
) -> None:
    """On the summary and beside the session, until the gap is closed and it is counted again."""
    listed(office)
    Window.objects.filter(pk=office.window.pk).update(
        state="gap", last_error_code="Unavailable", complete_through=None
    )
    count()
    row = PreservedCount.objects.get()
    assert (row.places, row.places_open) == (1, 1)
    assert "With gaps: 1 of 1 session in which custodians took part has days held" in page(at="")
    assert "general ▲ not whole: days held are missing" in page()
    Window.objects.filter(pk=office.window.pk).update(
        state="complete", last_error_code="", complete_through=NOW
    )
    tallying.ask(matter_id=matter.pk, by=None, now=NOW)
    count()
    assert "The one session in which custodians took part has no gap" in page(at="")
    assert "not whole" not in page()


def test_the_preview_of_a_matter_says_what_is_missing(office: Office) -> None:
    """Before it is opened, from the same proofs; a gap after the last day held is none of it."""
    listed(office)
    Window.objects.filter(pk=office.window.pk).update(
        state="gap", last_error_code="Unavailable", complete_through=None
    )
    draft = opening.Draft(
        request_key=uuid.uuid4(),
        account_id=office.account.pk,
        name="x",
        reason="x",
        person_ids=[office.olu.pk],
    )
    office.step("joined", NOON)
    found = preserved.would_be_missing(draft, draft.person_ids)
    assert (found.since, found.places, found.opened, found.is_short) == (date(2026, 10, 1), 1, 1, True)
    early = replace(draft, until=office.window.first_day - timedelta(days=1))
    assert preserved.would_be_missing(early, draft.person_ids).opened == 0


def test_an_auditor_sees_figures_and_no_way_to_the_words(
    office: Office, matter: Matter, as_person: As
) -> None:
    """Tomás is a member; he sees how much is held, and may not read it."""
    tomas = cast.person(Role.AUDITOR)
    office.let_in(matter, tomas)
    count()
    content = as_person(tomas).get(f"/matters/{matter.pk}/preserved/").content.decode()
    assert "general" in content
    assert f"/sessions/{office.session.pk}/" not in content


def test_many_custodians_and_sessions_are_shown_page_by_page(
    office: Office, matter: Matter, page: Callable[..., str]
) -> None:
    """No custodian and no session is left out or shown twice, and the totals are of all."""
    _many(office, matter, 120)
    count()
    seen: list[int] = []
    people: list[str] = []
    after, after_custodian, more = None, 0, True
    while more:
        found = preserved.seen(
            matter_id=matter.pk, after=after, after_custodian=after_custodian, by=None, now=NOW
        )
        seen += [part.id for part in found.sessions]
        people += [part.name for part in found.custodians]
        more = found.sessions_next is not None
        after, after_custodian = found.sessions_next, found.custodians_next or 10**9
    assert len(seen) == len(set(seen)) == found.sessions_total == 121
    assert len(people) == len(set(people)) == found.custodians_total == 121
    assert found.whole is not None
    assert found.whole.figures.messages == 2 + 120
    words = page()
    assert "Next sessions" in words
    assert "Next custodians" in words


def test_the_page_costs_the_same_for_few_and_for_many(
    office: Office, matter: Matter, ines: User, as_person: As
) -> None:
    """Within its budget."""
    client = as_person(ines)
    costs = []
    for number in (0, 60):
        _many(office, matter, number)
        count()
        client.get(f"/matters/{matter.pk}/preserved/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/matters/{matter.pk}/preserved/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= BUDGET


def _many(office: Office, matter: Matter, number: int) -> None:
    """More custodians, each of whom said something in a session of their own."""
    for n in range(number):
        person = Person.objects.create(account=office.account, member_id=f"m-{n}", display_name=f"Person {n}")
        session = Session.objects.create(
            account=office.account,
            zoom_id=f"more-{n}",
            name=f"more {n}",
            first_seen_at=NOON,
            last_seen_at=NOON,
        )
        Message.objects.create(session=session, zoom_id="m", sent_at=NOON, sender=person)
        custodian = Custodian.objects.create(
            matter=matter, person_id=person.pk, name=f"Person {n}", added_at=NOON, added_by_name="Ines"
        )
        Hold.objects.create(
            matter=matter, custodian=custodian, account_id=office.account.pk, person_id=person.pk,
            covers_received=True, placed_at=NOON, placed_by_name="Ines",
        )  # fmt: skip
