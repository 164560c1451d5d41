"""The pages of exports: what they say, what their forms do, what they cost, and that nothing typed acts on them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive import search
from archive.models import Session
from compliance import lists, saved
from compliance.exports import keeping
from compliance.models import Export, Matter
from compliance.templatetags import export_words
from tests.compliance.conftest import As
from tests.compliance.exports.conftest import NOW, State, Worker, measured, of_matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    """One whose clock is that of the pages."""
    worker = Worker()
    worker.at = timezone.now() + timedelta(minutes=1)
    return worker


@pytest.fixture
def client(matter: Matter, ines: User, as_person: As) -> Client:
    return as_person(ines)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return " ".join(response.content.decode().split())


def send(client: Client, address: str, **fields: object) -> str:
    response = client.post(address, fields, follow=True)
    assert response.status_code == 200, (address, response.status_code)
    return " ".join(response.content.decode().split())


def form(**fields: object) -> dict[str, object]:
    return {
        "title": "For the authority", "reason": "Letter of 2 November", "part_bytes": "2000000000", "zone": "UTC",
        "request_key": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def test_before_anything_is_exported_the_pages_say_how(client: Client, matter: Matter) -> None:
    """And lead to where it begins."""
    assert "No export stands here for you yet." in text(client, "/exports/")
    page = text(client, f"/matters/{matter.pk}/exports/")
    assert "Nothing of this matter was exported yet." in page
    assert f'href="/exports/ask/matter/{matter.pk}/"' in page


def test_an_export_from_asking_to_taking(client: Client, matter: Matter, worker: Worker) -> None:
    """Ask, look at exactly what will come, have it made, take it."""
    ask = f"/exports/ask/matter/{matter.pk}/"
    assert "Everything that the matter “Everything” holds" in text(client, ask)
    page = send(client, ask, **form(formats=["csv"]))
    row = Export.objects.get()
    assert row.formats == ["ndjson", "csv"]
    assert "Waiting to be measured" in page
    worker.work()
    row.refresh_from_db()
    page = text(client, f"/exports/{row.pk}/")
    assert row.digest in page
    assert "Make this export" in page
    assert f"{row.contents['messages']}</dd>" in page
    assert "Waiting to be made" in send(client, f"/exports/{row.pk}/make/", digest=row.digest)
    worker.work()
    page = text(client, f"/exports/{row.pk}/")
    assert "Ines Moreau (ines) asked for it</p>" in page
    assert "Ines Moreau (ines) had it made</p>" in page
    assert f'href="/exports/{row.pk}/parts/1/"' in page
    row.refresh_from_db()
    assert row.parts[0]["sha256"] in page
    keeping.sweep(now=row.expires_at)
    assert "Make it again" in text(client, f"/exports/{row.pk}/")


def test_the_bar_moves_and_then_the_page_is_read_again(
    client: Client, matter: Matter, worker: Worker
) -> None:
    """The part htmx asks for says when what stands around it is old."""
    send(client, f"/exports/ask/matter/{matter.pk}/", **form())
    row = Export.objects.get()
    moving = client.get(f"/exports/{row.pk}/progress/", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in moving
    worker.work()
    assert client.get(f"/exports/{row.pk}/progress/")["HX-Refresh"] == "true"


def test_it_is_asked_for_from_where_it_stands(client: Client, session: Session) -> None:
    """From a list, a saved search and a transcript, each with a link."""
    kept = lists.freeze(name="Board", query="plain", order=search.Order.NEWEST, by=None, now=NOW)
    found = saved.save(name="Plain", query="plain", order=search.Order.NEWEST, shared=True, by=None, now=NOW)
    assert f'href="/exports/ask/list/{kept.pk}/"' in text(client, f"/lists/{kept.pk}/")
    assert f'href="/exports/ask/search/{found.pk}/"' in text(client, f"/searches/{found.pk}/")
    transcript = text(client, f"/sessions/{session.pk}/transcript/?during=2026-11")
    address = f"/exports/ask/session/{session.pk}/?during=2026-11&amp;zone=UTC"
    assert f'href="{address}"' in transcript
    assert 'value="2026-11-01"' in text(client, address.replace("&amp;", "&"))
    assert client.get("/exports/ask/nothing/1/").status_code == 404
    assert client.get("/exports/ask/list/999999/").status_code == 404


def test_what_is_wrong_is_said_beside_the_field(client: Client, matter: Matter, session: Session) -> None:
    """And what was typed stays."""
    page = send(client, f"/exports/ask/matter/{matter.pk}/", **form(zone="Mars/Base", title="Kept <b>"))
    assert "There is no time zone of that name." in page
    assert "Kept &lt;b&gt;" in page
    page = send(client, f"/exports/ask/session/{session.pk}/", **form(first="2026-11-05", last="2026-11-01"))
    assert "wrong order" in page
    assert not Export.objects.exists()


def test_a_form_sent_twice_asks_once(client: Client, matter: Matter) -> None:
    """By its own key."""
    sent = form()
    send(client, f"/exports/ask/matter/{matter.pk}/", **sent)
    send(client, f"/exports/ask/matter/{matter.pk}/", **sent)
    assert Export.objects.count() == 1


def test_what_failed_is_measured_anew_by_one_click(
    client: Client, matter: Matter, ines: User, worker: Worker
) -> None:
    """Its page says why, and leads to the one that follows."""
    row = measured(of_matter(matter), worker, ines)
    Export.objects.filter(pk=row.pk).update(
        state=State.FAILED, ending="Two messages were destroyed.", ended_at=NOW
    )
    page = text(client, f"/exports/{row.pk}/")
    assert "Two messages were destroyed." in page
    key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert key is not None
    send(client, f"/exports/{row.pk}/anew/", request_key=key[1])
    assert Export.objects.latest("pk").follows == row
    assert "It was measured anew" in text(client, f"/exports/{row.pk}/")


def test_the_timeline_of_the_matter_tells_of_it(client: Client, ready: Export) -> None:
    """Asked, measured, made, taken."""
    b"".join(client.get(f"/exports/{ready.pk}/parts/1/").streaming_content)  # type: ignore[attr-defined]
    page = text(client, f"/matters/{ready.matter_id}/timeline/")
    for words in (
        "asked for the export",
        "measured the export",
        "had the export",
        "made the export",
        "to its end",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/exports/", 22),
        ("/exports/{}/", 30),
        ("/matters/{matter}/exports/", 26),
        ("/exports/ask/matter/{matter}/", 26),
    ],
)
def test_a_page_costs_a_bounded_number_of_queries(
    address: str, most: int, client: Client, ready: Export
) -> None:
    """However many exports there are."""
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        text(client, address.format(ready.pk, matter=ready.matter_id))
    assert len(queries) <= most


def test_a_page_says_what_all_of_it_comes_to(client: Client, matter: Matter, worker: Worker) -> None:
    """Beside the parts; and why a file does not come, as the package says it, not by a program's word."""
    send(client, f"/exports/ask/matter/{matter.pk}/", **form())
    worker.work()
    row = Export.objects.get()
    assert f"{row.contents['package_files']} files; as they will be" in text(client, f"/exports/{row.pk}/")
    assert export_words.missingwords("waiting") == "It had not been fetched from Zoom yet."
