"""The page of a matter's zips at Zoom: how each stands, what is inside, and finding words there."""

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive import blobs, holdings
from archive.capture import openings
from archive.models import Account, HoldCustodian, HoldFile, Person
from archive.search import indexer
from compliance import opening, permissions, tokens
from compliance.models import AuditEvent, Custodian, Matter, MatterMember, ZoomMatter
from compliance.permissions import Action, Role
from tests.compliance import cast
from tests.compliance.matters.conftest import NOW, draft

TABLE = "session_id,message_id,message\r\ns1,m1,the side letter for Brightwater\r\ns1,m2,lunch\r\n"
Page = Callable[..., str]


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield


@pytest.fixture
def matter(account: Account, people: list[Person], ines: User) -> Matter:
    """Mira and Tom are held, and Zoom has given the matter its id."""
    made = opening.open_matter(draft(account, people[:2]), by=ines, now=NOW)
    ZoomMatter.objects.filter(matter=made).update(zoom_id="zm-1", state="held")
    holdings.expect(
        account_id=account.pk, zoom_matter_id="zm-1", people=[("u-mira", "mira@acme.example")], now=NOW
    )
    return made


@pytest.fixture
def page(client: Client, ines: User, matter: Matter) -> Page:
    """The page in words, as Ines gets it."""
    client.force_login(ines)

    def words(at: str = "") -> str:
        answer = client.get(f"/matters/{matter.pk}/files/{at}")
        assert answer.status_code == 200, at
        main = answer.content.decode().split("<main")[1].split("</main>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())

    return words


def zip_of(names: dict[str, str]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return whole.getvalue()


def add(names: dict[str, str] | None = None, **columns: object) -> HoldFile:
    """A zip of Mira's; with `names` its bytes are here, and it is opened."""
    given: dict[str, object] = {
        "custodian": HoldCustodian.objects.get(), "file_key": f"key-{HoldFile.objects.count()}",
        "first_day": date(2026, 2, 1), "last_day": date(2026, 2, 28), "files_claimed": 2, "size_bytes_claimed": 5000,
        "ready": True, "first_seen_at": NOW, "seen_at": NOW, "not_before": NOW, "state": "due",
    }  # fmt: skip
    if names is not None:
        blob = blobs.store(zip_of(names), now=NOW)
        given |= {
            "blob": blob,
            "state": "stored",
            "stored_at": NOW,
            "opening": "due",
            "opening_not_before": NOW,
        }
        given |= {"size_bytes_claimed": blob.size_bytes, "files_claimed": len(names)}
    made = HoldFile.objects.create(**given | columns)
    openings.work(clock=lambda: NOW)
    return made


def test_a_matter_that_is_not_at_zoom_says_so(page: Page, matter: Matter) -> None:
    """And where to look instead."""
    ZoomMatter.objects.update(zoom_id="", state="due")
    assert "Zoom makes no zips for this matter. None of its custodians is held at Zoom yet" in page()
    Matter.objects.update(at_zoom=False)
    assert "It was opened without a hold at Zoom." in page()


def test_before_the_first_listing_nothing_is_claimed(page: Page) -> None:
    """Nothing is listed, and nobody was asked about."""
    words = page()
    assert "Zoom has not been asked for all of them yet." in words
    assert "Zoom has listed no zips yet." in words
    assert "Mira Lang ◷ to be listed 0 never" in words
    assert "Not in reports unknown no zip could be compared yet" in words


def test_a_zip_that_is_here_shows_what_is_known(page: Page) -> None:
    """Sizes, counts; what is not known is said to be unknown."""
    add({"chat_messages.csv": TABLE, "files/plan.txt": "the plan"})
    HoldFile.objects.update(messages_unreported=1, messages_reported=4)
    words = page()
    assert "Mira Lang 1 Feb 2026 to 28 Feb 2026 ● here and opened" in words
    assert "bytes 2 2 1 3" in words, words
    assert "Not in reports 1 message in 1 compared zip that no report gave" in words


def test_what_is_wrong_is_said_in_a_sentence(page: Page) -> None:
    """Each state has its mark, its words, and when it is tried again."""
    add(state="mismatch", last_error="Zoom's list says 9 bytes, and 4 came; they are kept.")
    add(state="failed", last_error="There is no room for this zip.", not_before=NOW + timedelta(hours=1))
    add(
        {"a.txt": "x"},
        opening="refused",
        opening_error="Opening it would be dangerous. Files lie over each other.",
    )
    add(state="waiting")
    words = page()
    assert "Something is wrong 3 each says what, below" in words
    assert "▲ differs from what Zoom said Zoom&#x27;s list says 9 bytes" in words
    assert "▲ failed There is no room for this zip. Asked for again" in words
    assert "▲ not opened: dangerous Opening it would be dangerous." in words
    assert "◷ not ready at Zoom" in words


def test_a_download_shows_how_far_it_is(page: Page, client: Client, matter: Matter) -> None:
    """Done, total, rate and time left; when nothing moves any more the page is fetched anew."""
    add(
        state="claimed", size_bytes_claimed=4_000_000_000, bytes_done=1_000_000_000, begun_at=NOW,
        claimed_at=NOW + timedelta(seconds=100),
    )  # fmt: skip
    assert "1.0 GB of 4.0 GB 10.0 MB a second 5 minutes left" in page()
    assert "HX-Refresh" not in client.get(f"/matters/{matter.pk}/files/progress/")
    HoldFile.objects.update(state="failed")
    assert client.get(f"/matters/{matter.pk}/files/progress/")["HX-Refresh"] == "true"


def test_a_custodian_who_is_gone_is_said(page: Page) -> None:
    """With Zoom's own sentence."""
    HoldCustodian.objects.update(state="gone", last_error="Zoom no longer knows this matter (404).")
    assert "▲ unknown at Zoom Zoom no longer knows this matter (404)." in page()


def test_inside_a_zip_names_are_inert(page: Page) -> None:
    """A name that leads out of the zip is text; each file says how it was read."""
    made = add({"chat_messages.csv": TABLE, "../../<b>evil</b>.txt": "slipped"})
    words = page(f"{made.pk}/")
    assert (
        "../../&lt;b&gt;evil&lt;/b&gt;.txt text ◷ read in part The name of a file inside points out" in words
    )
    assert "chat_messages.csv chat log ● read" in words


def test_words_are_found_in_the_files_of_zips(page: Page) -> None:
    """Every word must be in the file; the passage shows where, and the search is in the audit trail."""
    add({"chat_messages.csv": TABLE, "files/plan.txt": "the plan for Brightwater"})
    words = page("?q=side+letter+BRIGHTWATER")
    assert "1 file in 1 zip matches." in words
    assert "the side letter for Brightwater" in words
    assert "2 files in 1 zip match." in page("?q=brightwater")
    assert "No file in these zips matches." in page("?q=heliotrope")
    assert "This cannot be looked for in zips." in page("?q=from:mira")
    event = AuditEvent.objects.filter(action="searched").earliest("id")
    assert (event.details["query"], event.details["found"]) == ("side letter BRIGHTWATER", 1)


@pytest.fixture
def search(client: Client, ines: User, matter: Matter) -> Page:
    """The search page in words, as Ines gets it, over an index of nothing."""
    indexer.follow(stop=threading.Event(), clock=lambda: NOW, once=True)
    client.force_login(ines)

    def words(query: str, at: str = "/search/") -> str:
        answer = client.get(at, {"q": query})
        assert answer.status_code == 200, query
        main = answer.content.decode().split("<main")[1].split("</main>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())

    return words


def test_a_search_of_messages_finds_files_in_zips_beside_them(search: Page, matter: Matter) -> None:
    """Each with the zip and the matter it is from, apart from the number of messages; and it is in the trail."""
    add({"chat_messages.csv": TABLE, "files/plan.txt": "the plan for Brightwater"})
    words = search('"side letter" OR heliotrope')
    assert "0 messages" in words
    assert "1 file in zips of legal holds matches too." in words
    assert f"in a zip of Mira Lang , 1 Feb 2026 to 28 Feb 2026, of the matter {matter.name}" in words
    assert "the side letter for Brightwater" in words
    event = AuditEvent.objects.filter(action="searched", details__at="zips").latest("id")
    assert (event.subject, event.details["found"]) == ("archive", 1)
    assert "1 file in zips of legal holds matches too." in search("side", f"/matters/{matter.pk}/search/")
    assert "Zips were not searched." in search("brightwater from:mira")
    assert "No file in a zip matches." in search("heliotrope")


def test_the_command_and_the_api_search_zips_too(
    search: Page, ines: User, ravi: User, matter: Matter
) -> None:
    """And say so of a query that cannot be asked there; whoever is a member of no matter is not told that there are any."""
    assert told("heliotrope", "--json")["in_zips"] is None
    made = add({"chat_messages.csv": TABLE, "files/plan.txt": "the plan for Brightwater"})
    assert "In zips of legal holds: 1 files in 1 zips match." in told("plan")
    assert "files/plan.txt, in a zip of Mira" in told("plan")
    assert "Not searched: 2 files in zips of legal holds." in told("is:edited")
    assert told("is:edited", "--json")["in_zips"]["is_searched"] is False
    found = asked(ines, "plan")["in_zips"]
    assert [found[name] for name in ("is_searched", "files", "zips", "files_in_all")] == [True, 1, 1, 2]
    assert [(one["matter_id"], one["zip_id"], one["name"]) for one in found["items"]] == [
        (matter.pk, made.pk, "files/plan.txt")
    ]
    assert asked(ines, "is:edited")["in_zips"]["files"] is None
    assert asked(ravi, "plan")["in_zips"] is None
    assert AuditEvent.objects.filter(details__at="zips", details__query="plan").count() == 3


def told(*words: str) -> Any:
    """What `manage.py search` says."""
    out = io.StringIO()
    call_command("search", *words, stdout=out)
    return json.loads(out.getvalue()) if "--json" in words else out.getvalue()


def asked(by: User, query: str) -> Any:
    """What the API answers."""
    now = timezone.now()
    actions = {Action.SEARCH, Action.READ_MESSAGES, Action.SEE_MATTER} & permissions.allowed(by)
    key = tokens.make(name="x", actions=actions, matter_ids=None, days=1, by=by, now=now).key
    answer = Client().get("/api/v1/search/", {"q": query}, headers={"authorization": f"Bearer {key}"})
    return answer.json()


def test_what_cannot_be_searched_of_zips_is_said(search: Page) -> None:
    """Zips that are not here, and files that could not be read."""
    add({"../../evil.txt": "slipped", "a.txt": "words"})
    add()
    words = search("words")
    assert "Not searched: 1 zip not opened, 1 file in zips unreadable" in words


def test_zips_of_matters_of_others_are_neither_found_nor_counted(
    search: Page, client: Client, ravi: User
) -> None:
    """Ravi is a member of none: nothing says that there are any. Nor is a matter's zip found in another's."""
    add({"a.txt": "words"})
    assert "1 file in zips of legal holds" in search("words")
    client.force_login(ravi)
    assert "zips" not in search("words").casefold()


def test_a_query_that_makes_no_sense_is_refused(page: Page) -> None:
    """In words, and the page is there all the same."""
    add({"a.txt": "words"})
    assert "Zips" in page("?q=(")


def test_another_matters_zip_is_none_of_this_one(page: Page, client: Client, matter: Matter) -> None:
    """Whoever knows its number does not get it here."""
    made = add({"a.txt": "words"})
    HoldCustodian.objects.update(zoom_matter_id="zm-of-another")
    assert client.get(f"/matters/{matter.pk}/files/{made.pk}/").status_code == 404
    assert "Find words" not in page()


def test_who_may_not_read_messages_sees_no_names(client: Client, matter: Matter) -> None:
    """A member who may see the matter sees figures; the names in a zip and its words are refused."""
    made = add({"secret-plan.txt": "words"})
    person = cast.person(Role.AUDITOR)
    MatterMember.objects.create(matter=matter, user=person, added_at=NOW, added_by_name="Ines")
    client.force_login(person)
    answer = client.get(f"/matters/{matter.pk}/files/?q=words")
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "secret-plan" not in said
    assert "Find words" not in said
    assert client.get(f"/matters/{matter.pk}/files/{made.pk}/").status_code == 403


def test_olu_who_is_no_member_finds_nothing(client: Client, matter: Matter, ravi: User) -> None:
    """The matter is not there for anybody else."""
    made = add({"a.txt": "words"})
    client.force_login(ravi)
    for at in ("", "progress/", f"{made.pk}/"):
        assert client.get(f"/matters/{matter.pk}/files/{at}").status_code == 404


def test_the_page_costs_no_more_for_many_zips(page: Page, matter: Matter) -> None:
    """A page of zips has a constant number of queries, and there is a next one."""
    add({"chat_messages.csv": TABLE})
    page()  # what a process keeps is kept from here on
    with CaptureQueriesContext(connection) as few:
        page()
    for _ in range(60):
        add()
    with CaptureQueriesContext(connection) as many:
        words = page()
    assert len(many) == len(few) <= 40
    assert "Next zips" in words


def test_a_matter_placed_at_zoom_is_asked_for_at_once(matter: Matter, account: Account) -> None:
    """Its custodians are due to be listed, by what Zoom knows them by."""
    rows = HoldCustodian.objects.filter(zoom_matter_id="zm-1")
    assert list(rows.values_list("identifier", "email", "state")) == [("u-mira", "mira@acme.example", "due")]
    assert rows.get().person_id == Custodian.objects.get(matter=matter, email="mira@acme.example").person_id
