"""The report of sessions: what its page and its file say, to whom, and what is written of it."""

import csv
import hashlib
import io

import pytest
from django.contrib.auth.models import User

from archive.models import Account, Session, Window
from compliance.models import AuditEvent
from tests.archive import scenes
from tests.archive.reporting import chatter
from tests.compliance import world
from tests.compliance.conftest import As
from tests.compliance.reports.conftest import Page, body, cost

NOVEMBER = "during=2026-11&zone=UTC"


def taken(response: object) -> list[dict[str, str]]:
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def rows_of(html: str) -> str:
    """The lines of the table of sessions."""
    return html.partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_month_is_in_a_table_with_its_totals(november: list[Session], page: Page) -> None:
    """Everything said is counted once, edits and deletions are said, and how far it is counted."""
    html = page(f"/reports/sessions/?{NOVEMBER}")
    assert "Sessions in November 2026" in html
    assert (
        "<strong>3 sessions</strong> with 40 messages, 1 edited, 1 deleted at Zoom, 1 file of 12 bytes"
        in html
    )
    assert "Counted to" in html


def test_the_first_report_is_where_the_rail_leads(
    november: list[Session], page: Page, ines: User, as_person: As
) -> None:
    """The entry of the rail opens the first report with the period that was asked for."""
    answer = as_person(ines).get(f"/reports/?{NOVEMBER}")
    assert answer["Location"] == "/reports/sessions/?during=2026-11&zone=UTC"


def test_quiet_sessions_are_there_when_asked_for(november: list[Session], page: Page) -> None:
    """In October nothing was said; the page says what to do next, and the quiet ones can be listed."""
    html = page("/reports/sessions/?during=2026-10&zone=UTC")
    assert "No session matches." in html
    assert "active=all" in html
    assert "<strong>3 sessions</strong> with 0 messages" in page(
        "/reports/sessions/?during=2026-10&zone=UTC&active=all"
    )


def test_days_are_those_of_the_zone(db: None, page: Page) -> None:
    """A message at 23:30 UTC of the last day of October was said in November in Berlin."""
    window = scenes.conversation()
    chatter.say(window, [scenes.said("late", id="a", minute=-(12 * 60 + 30) - 24 * 60)])
    chatter.count()
    assert "with 1 message," in page("/reports/sessions/?during=2026-11&zone=Europe/Berlin")
    assert "with 1 message," in page("/reports/sessions/?during=2026-10&zone=UTC")
    assert "with 0 messages," in page("/reports/sessions/?during=2026-11&zone=UTC")


def test_an_address_that_cannot_be_read_is_answered_with_this_month_and_a_sentence(
    november: list[Session], page: Page
) -> None:
    """Nothing is guessed, and nothing breaks."""
    assert "These days could not be read" in page("/reports/sessions/?during=soon")
    assert "These days could not be read" in page("/reports/sessions/?from=2026-11-20&to=2026-11-01")
    assert "There is no time zone “Mars”" in page("/reports/sessions/?during=2026-11&zone=Mars")


def test_an_open_day_is_never_shown_as_complete(november: list[Session], page: Page) -> None:
    """The session whose window broke off says so in its row and in the file."""
    Window.objects.filter(session=november[1]).update(complete_through=None, state="gap")
    html = page(f"/reports/sessions/?{NOVEMBER}&gap=yes")
    assert "<strong>1 session</strong>" in html
    assert 'state-gap"' in html.partition("<tbody>")[2]
    assert 'state-complete"' not in html.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.parametrize("kind", [Window.Kind.MESSAGES, Window.Kind.MODIFICATIONS])
def test_a_day_whose_newest_pull_broke_off_is_open_in_every_report(
    november: list[Session], page: Page, ines: User, as_person: As, kind: Window.Kind
) -> None:
    """October was read whole; the next pull of its last day, or the sweep of it, broke off: no report calls it complete."""
    account, first = november[0].account, {"first_day": "2026-10-01", "last_day": "2026-10-31"}
    whole = {"state": "complete", "complete_through": "2026-11-01T06:00Z", "not_before": scenes.NOW} | first
    Window.objects.create(account=account, kind="sessions", **whole)
    for session in november:
        Window.objects.create(account=account, session=session, kind="messages", **whole)
        Window.objects.create(account=account, session=session, kind="modifications", **whole)
    october = "during=2026-10&zone=UTC"
    address = f"/reports/sessions/?{october}&active=all"
    assert "gap" not in rows_of(page(address))
    whole_months = body(page(f"/reports/months/?{october}&with=2026-10"))
    assert whole_months.count("● complete") == 2
    assert "● final" in whole_months
    broken = Window.objects.filter(session=november[1], kind=kind, first_day="2026-10-01")
    broken.update(state="gap", last_error_code="unavailable", last_error="Zoom answered 503.")
    assert body(page(address)).count("▲ gap 1 day") == 1
    assert f"/sessions/{november[1].pk}/" in rows_of(page(f"{address}&gap=yes"))
    assert f"/sessions/{november[1].pk}/" not in rows_of(page(f"{address}&gap=no"))
    lines = taken(as_person(ines).get(f"/reports/sessions/take/?{october}&active=all"))
    assert sorted(line["days_not_proven_complete"] for line in lines) == ["0", "0", "1"]
    assert "1 day not proven complete, hatched" in page(f"/reports/activity/?{october}")
    months = body(page(f"/reports/months/?{NOVEMBER}&with=2026-10"))
    assert "▲ open: 1 day" in months
    assert "not final" in months


def test_a_gap_of_the_day_after_is_none_of_the_period(november: list[Session], page: Page) -> None:
    """December broke off: November is complete and is filtered as that, December is filtered as a gap."""
    december = {"first_day": "2026-12-01", "last_day": "2026-12-31", "not_before": scenes.NOW}
    Window.objects.create(
        account=november[1].account, session=november[1], kind="messages", state="gap", **december
    )
    assert "<strong>0 sessions</strong>" in page(f"/reports/sessions/?{NOVEMBER}&gap=yes")
    assert "<strong>3 sessions</strong>" in page(f"/reports/sessions/?{NOVEMBER}&gap=no")
    assert "<strong>1 session</strong>" in page(
        "/reports/sessions/?during=2026-12&zone=UTC&active=all&gap=yes"
    )


def test_the_file_is_the_report_and_is_written_down_with_its_digest(
    november: list[Session], ines: User, as_person: As
) -> None:
    """Names that begin like formulas are text in it, and the trail has the digest of the bytes that were given."""
    Session.objects.filter(pk=november[0].pk).update(name="=HYPERLINK(1)")
    response = as_person(ines).get(f"/reports/sessions/take/?{NOVEMBER}")
    data = b"".join(response.streaming_content)
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("downloaded", "report/sessions")
    assert event.details["sha256"] == hashlib.sha256(data).hexdigest()
    assert (
        event.details | {"during": "2026-11", "zone": "UTC", "rows": 3, "sort": "messages"} == event.details
    )
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    first = rows[0]
    assert (first["session"], first["messages"], first["edited"]) == ("'=HYPERLINK(1)", "20", "1")
    assert (first["external"], first["type"], first["held"]) == ("unknown", "group", "no")
    assert response["Content-Disposition"] == 'attachment; filename="sessions-2026-11.csv"'


def test_the_file_has_what_the_filters_let_through(
    november: list[Session], ines: User, as_person: As
) -> None:
    """Not more, and all of it."""
    Session.objects.filter(pk=november[2].pk).update(type="1:1")
    rows = taken(as_person(ines).get(f"/reports/sessions/take/?{NOVEMBER}&type=1:1"))
    assert [row["session_id"] for row in rows] == [str(november[2].pk)]


def test_a_look_is_in_the_trail(november: list[Session], page: Page) -> None:
    """With the period, the zone, the filters and how far the figures went."""
    page("/reports/sessions/?during=2026-11&zone=Europe/Berlin&person=ravi")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("looked", "report/sessions")
    wanted = {"during": "2026-11", "zone": "Europe/Berlin", "person": "ravi", "found": 3}
    assert event.details | wanted == event.details
    assert event.details["counted_to"] > 0


def test_a_reviewer_sees_no_report_and_the_try_is_evidence(
    november: list[Session], ravi: User, as_person: As
) -> None:
    """A figure of what one may see would look like a figure of the whole."""
    assert as_person(ravi).get("/reports/sessions/").status_code == 403
    assert AuditEvent.objects.latest("pk").action == "refused"


def test_a_session_that_a_hold_can_cover_says_so(november: list[Session], page: Page) -> None:
    """Whatever the reader knows of matters: that, and no more."""
    assert 'state-held"' not in page(f"/reports/sessions/?{NOVEMBER}").partition("<tbody>")[2]
    world.matter()
    assert 'state-held"' in page(f"/reports/sessions/?{NOVEMBER}").partition("<tbody>")[2]


def test_what_is_not_counted_yet_is_said(db: None, page: Page) -> None:
    """Before the first count, and when something came since."""
    assert "Nothing counted yet" in page("/reports/sessions/")
    window = scenes.conversation()
    chatter.say(window, [scenes.said("hello", id="a")])
    assert "the figures are too low" in page("/reports/sessions/")
    chatter.count()
    chatter.say(window, [scenes.said("more", id="b")])
    assert "Something came since" in page("/reports/sessions/")


def test_a_larger_month_costs_no_more_queries(november: list[Session], ines: User, as_person: As) -> None:
    """However many sessions there are, and on one page to be printed, too."""
    client = as_person(ines)
    addresses = [f"/reports/sessions/?{NOVEMBER}", f"/reports/sessions/?{NOVEMBER}&page=print"]
    few = [cost(client, address) for address in addresses]
    account = Account.objects.get()
    for number in range(60):
        world.captured(scenes.conversation(f"more{number}", of=account), [scenes.said("x", id=f"{number}")])
    chatter.count()
    assert [cost(client, address) for address in addresses] == few
    assert max(few) <= 30
