"""Activity, files and languages, external contacts, one period against another: what the pages and files say."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from archive.models import Account, Person, Session, Window
from compliance.models import AuditEvent
from compliance.permissions import Role
from tests.archive import scenes
from tests.archive.reporting import chatter
from tests.compliance import cast, world
from tests.compliance.conftest import As
from tests.compliance.reports.conftest import Page, body, cost

NOVEMBER = "during=2026-11&zone=UTC"
ADDRESSES = [f"/reports/{name}/?{NOVEMBER}" for name in ("activity", "content", "outside", "months")]
Take = Callable[[str], list[dict[str, str]]]


@pytest.fixture
def take(ines: User, as_person: As) -> Take:
    """A file of a report as Ines takes it, line by line."""
    client = as_person(ines)

    def lines(address: str) -> list[dict[str, str]]:
        data = b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    return lines


def outside(*members: str) -> None:
    """These are outside the account; the others are of it."""
    Person.objects.update(is_external=False)
    Person.objects.filter(member_id__in=members).update(is_external=True)


def test_activity_says_its_numbers_and_draws_them(november: list[Session], page: Page) -> None:
    """Every bar has its number in the table beneath, and each leads to the search that shows its messages."""
    html = page(f"/reports/activity/?{NOVEMBER}")
    assert "<strong>40 messages</strong> by 3 people" in html
    assert html.count("<svg") >= 4
    rows = re.findall(r"<tr><td>2 Nov 2026</td>(.*?)</tr>", html, re.DOTALL)
    numbers = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r'<td class="num">(.*?)</td>', rows[0])]
    assert numbers == ["40", "1", "1", "1"]
    assert "q=is%3Aedited+during%3A2026-11-02..2026-11-02+zone%3AUTC" in html


def test_the_search_behind_a_bar_finds_as_many(november: list[Session], page: Page) -> None:
    """The number of a chart and that of the search it leads to are the same."""
    world.index()
    for term, count in (("", 40), ("is:edited ", 1), ("is:deleted ", 1), ("has:file ", 1)):
        html = page(f"/search/?q={term}during:2026-11-01..2026-11-30 zone:UTC")
        assert f'<strong class="count">{count}</strong>' in html


def test_an_hour_is_an_hour_of_the_zone(november: list[Session], take: Take) -> None:
    """What was said at noon in London was said at a quarter to six in Kathmandu."""
    rows = take("/reports/take/activity/?part=hours&during=2026-11&zone=Asia/Kathmandu")
    assert next(row["hour"] for row in rows if row["messages"] != "0") == "17:00"
    assert sum(int(row["messages"]) for row in rows) == 40


def test_an_open_day_is_a_hatched_hole_and_never_a_plain_zero(november: list[Session], page: Page) -> None:
    """The chart says how many days are not proven, and the table marks each of them."""
    Window.objects.update(complete_through=None)
    html = page(f"/reports/activity/?{NOVEMBER}")
    assert "not proven complete, hatched" in html
    assert 'fill="url(#messages)"' in html
    assert 'state-complete"' not in html.partition("By day, as a table")[2].partition("</table>")[0]


def test_everybody_is_in_the_file_of_people(november: list[Session], take: Take) -> None:
    """Also those who said least."""
    rows = take(f"/reports/take/activity/?part=people&{NOVEMBER}")
    assert sum(int(row["messages"]) for row in rows) == 40
    assert rows[0]["person"] == "Ines"
    assert int(rows[0]["sessions"]) == 3


def test_files_are_told_by_kind_and_size_and_languages_by_the_index(
    november: list[Session], page: Page
) -> None:
    """Without an index the languages are unknown, and everything else is there."""
    html = body(page(f"/reports/content/?{NOVEMBER}"))
    assert "programs 1" in html
    assert "under 10 KB 1" in html
    assert "Unknown." in html
    world.index()
    assert "English" in page(f"/reports/content/?{NOVEMBER}")


def test_outsiders_are_named_with_whom_they_spoke(november: list[Session], page: Page, take: Take) -> None:
    """Olu said one thing in a session where Ines and Ravi speak; who is outside is as Zoom's records say."""
    outside("m-olu")
    html = page(f"/reports/outside/?{NOVEMBER}")
    assert "<strong>1 person outside the account</strong>" in html
    olu = Person.objects.get(member_id="m-olu")
    one = body(page(f"/reports/outside/{olu.pk}/?{NOVEMBER}"))
    assert "Ines" in one
    assert "Ravi" in one
    rows = take(f"/reports/take/outside/?part=contacts&{NOVEMBER}")
    assert [(row["outsider"], row["messages_of_outsider"]) for row in rows] == [("Olu (guest)", "1")] * 2
    assert {row["colleague"] for row in rows} == {"Ines", "Ravi"}
    assert sum(int(row["messages_of_colleague"]) for row in rows) == 19


def test_of_whom_nobody_knows_nothing_is_claimed(november: list[Session], page: Page) -> None:
    """Whoever may be outside is counted apart and not among the outsiders."""
    Person.objects.update(is_external=None)
    html = body(page(f"/reports/outside/?{NOVEMBER}"))
    assert "0 people outside the account" in html
    assert "Of 3 more people with 40 messages nobody knows" in html


def test_somebody_inside_has_no_page_of_an_outsider(
    november: list[Session], ines: User, as_person: As
) -> None:
    """And neither has nobody."""
    outside("m-olu")
    client = as_person(ines)
    inside = Person.objects.get(member_id="m-ines").pk
    assert client.get(f"/reports/outside/{inside}/").status_code == 404
    assert client.get("/reports/outside/987654/").status_code == 404


def test_a_month_nobody_asked_about_is_unknown_and_no_difference_is_made_of_it(
    november: list[Session], page: Page, take: Take
) -> None:
    """October has no windows: its figures are unknown, not zero."""
    html = body(page(f"/reports/months/?{NOVEMBER}"))
    assert "Messages 40 unknown unknown" in html
    assert "October 2026: unknown." in html
    first = take(f"/reports/take/months/?{NOVEMBER}")[0]
    assert (first["2026-11"], first["2026-10"], first["difference"]) == ("40", "unknown", "unknown")
    assert first["state_of_the_other"] == "unknown"


def test_two_known_months_differ_by_a_number(november: list[Session], page: Page) -> None:
    """A month that was read and in which nothing was said is a zero, and the difference is a number."""
    account = Account.objects.get()
    Window.objects.create(
        account=account, kind="sessions", first_day="2026-10-01", last_day="2026-10-31", not_before=scenes.NOW,
        state="complete", complete_through="2026-11-01T00:00Z",
    )  # fmt: skip
    html = body(page(f"/reports/months/?{NOVEMBER}&with=2026-10"))
    assert "Messages 40 0 +40" in html
    assert "not final" in html


def test_what_stands_in_an_address_is_checked(november: list[Session], ines: User, as_person: As) -> None:
    """No report or part of another name is given away."""
    client = as_person(ines)
    assert client.get("/reports/take/nothing/").status_code == 404
    assert client.get("/reports/take/activity/?part=nothing").status_code == 404


def test_every_report_and_file_is_in_the_trail(november: list[Session], ines: User, as_person: As) -> None:
    """Each look and each file with its digest, and nothing is given to who may only look."""
    client = as_person(ines)
    for address in ADDRESSES:
        client.get(address)
    events = AuditEvent.objects.filter(action="looked", subject__startswith="report/")
    assert {event.subject for event in events} == {
        f"report/{name}" for name in ("activity", "content", "outside", "months")
    }
    b"".join(client.get(f"/reports/take/content/?part=files&{NOVEMBER}").streaming_content)  # type: ignore[attr-defined]
    assert len(AuditEvent.objects.latest("pk").details["sha256"]) == 64


def test_whoever_may_look_and_not_take_is_offered_no_file(november: list[Session], as_person: As) -> None:
    """Mei manages records: she sees reports, and takes none away."""
    client = as_person(cast.person(Role.RECORDS_MANAGER))
    for address in ADDRESSES:
        response = client.get(address)
        assert response.status_code == 200
        assert b"as CSV" not in response.content
        assert b"/search/?q=" not in response.content
    assert client.get("/reports/take/activity/").status_code == 403


def test_no_report_costs_more_for_a_larger_archive(
    november: list[Session], ines: User, as_person: As
) -> None:
    """The same queries for a few rows and for many."""
    world.index()
    outside("m-olu")
    client = as_person(ines)
    few = [cost(client, address) for address in ADDRESSES]
    account = Account.objects.get()
    for number in range(30):
        window = scenes.conversation(f"more{number}", of=account)
        said = [
            scenes.said("x", id=f"{number}-{n}", minute=n, by={"sender_member_id": f"n{n}{number}"})
            for n in range(3)
        ]
        world.captured(window, said)
    chatter.count()
    world.index()
    assert [cost(client, address) for address in ADDRESSES] == few
    assert max(few) <= 40
