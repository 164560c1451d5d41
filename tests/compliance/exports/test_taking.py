"""Taking the files: whole, in two halves, by whoever may, each with its beginning and its end in the trail."""

import hashlib
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from compliance.exports import keeping, taking
from compliance.models import AuditEvent, Export, Matter, MatterMember
from tests.archive.packages.test_pdf import words
from tests.compliance.conftest import As
from tests.compliance.exports.conftest import NOW, State, Worker, measured, of_matter

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def address(row: Export) -> str:
    return f"/exports/{row.pk}/parts/1/"


@pytest.fixture
def client_of_ines(ready: Export, ines: User, as_person: As) -> Client:
    return as_person(ines)


def test_a_part_is_taken_whole(ready: Export, client_of_ines: Client) -> None:
    """Its bytes have the digest on the page, which is its tag as well."""
    response = client_of_ines.get(address(ready))
    part = ready.parts[0]
    assert response.status_code == 200
    assert hashlib.sha256(body(response)).hexdigest() == part["sha256"]
    assert response["ETag"] == f'"{part["sha256"]}"'
    assert response["Content-Length"] == str(part["size_bytes"])
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Disposition"] == f'attachment; filename="{part["name"]}"'


def test_two_halves_are_the_whole(ready: Export, client_of_ines: Client) -> None:
    """A download that broke off is gone on with."""
    part = ready.parts[0]
    half = part["size_bytes"] // 2
    first = client_of_ines.get(address(ready), headers={"Range": f"bytes=0-{half - 1}"})
    rest = client_of_ines.get(address(ready), headers={"Range": f"bytes={half}-", "If-Range": first["ETag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert rest["Content-Range"] == f"bytes {half}-{part['size_bytes'] - 1}/{part['size_bytes']}"
    assert hashlib.sha256(body(first) + body(rest)).hexdigest() == part["sha256"]


def test_its_certificate_names_the_digests_and_outlives_the_files(
    ready: Export, client_of_ines: Client, ravi: User, as_person: As
) -> None:
    """For whoever may see the export, each time the same bytes, each time in the trail."""
    certificate = f"/exports/{ready.pk}/certificate/"
    assert f'href="{certificate}"' in client_of_ines.get(f"/exports/{ready.pk}/").content.decode()
    answer = client_of_ines.get(certificate)
    text = words(answer.content)
    for part in (
        ready.digest,
        ready.parts[0]["name"],
        ready.parts[0]["sha256"],
        "Asked by Ines",
        "Letter of 2 November",
    ):
        assert "".join(part.split()) in "".join(text.split()), part  # a long digest may take two lines
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="export-{ready.pk}-certificate.pdf"'
    event = AuditEvent.objects.filter(subject=f"export/{ready.pk}").latest("pk")
    assert (event.action, event.details["form"]) == ("downloaded", "pdf")
    assert event.details["sha256"] == hashlib.sha256(answer.content).hexdigest()
    keeping.sweep(now=ready.expires_at)
    assert client_of_ines.get(certificate).content == answer.content
    page = client_of_ines.get(f"/exports/{ready.pk}/").content.decode()
    assert "downloaded it: its certificate" in page
    timeline = client_of_ines.get(f"/matters/{ready.matter_id}/timeline/").content.decode()
    assert "took the certificate of an export" in timeline
    assert as_person(ravi).get(certificate).status_code == 404


def test_there_is_no_certificate_of_what_was_not_made(
    matter: Matter, ines: User, worker: Worker, as_person: As
) -> None:
    """It would name digests that nothing has."""
    row = measured(of_matter(matter), worker, ines)
    client = as_person(ines)
    assert "Certificate as PDF" not in client.get(f"/exports/{row.pk}/").content.decode()
    answer = client.get(f"/exports/{row.pk}/certificate/", follow=True)
    assert "It was not made yet" in answer.content.decode()


def test_another_file_is_given_whole_and_a_range_beyond_is_refused(
    ready: Export, client_of_ines: Client
) -> None:
    """Nobody joins halves of two files."""
    other = client_of_ines.get(address(ready), headers={"Range": "bytes=5-", "If-Range": '"other"'})
    assert (other.status_code, len(body(other))) == (200, ready.parts[0]["size_bytes"])
    beyond = client_of_ines.get(address(ready), headers={"Range": f"bytes={10**12}-"})
    assert beyond.status_code == 416
    assert beyond["Content-Range"] == f"bytes */{ready.parts[0]['size_bytes']}"
    known = client_of_ines.get(address(ready), headers={"If-None-Match": other["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    head = client_of_ines.head(address(ready))
    assert head["Content-Length"] == str(ready.parts[0]["size_bytes"])


def test_each_download_begins_and_ends_in_the_trail(ready: Export, client_of_ines: Client) -> None:
    """With how many bytes were given; one that broke off says so."""
    body(client_of_ines.get(address(ready), headers={"Range": "bytes=10-19"}))
    begun, ended = AuditEvent.objects.filter(subject=f"export/{ready.pk}").order_by("-pk")[:2][::-1]
    assert (begun.action, begun.details["from"], begun.details["to"]) == ("downloaded", 10, 20)
    assert (ended.action, ended.details["bytes"], ended.details["is_whole"]) == ("sent", 10, True)


def test_one_that_broke_off_says_how_much_was_given(ready: Export, ines: User, worker: Worker) -> None:
    """Whoever took it hung up after the first piece."""
    taken = taking.part(export_id=ready.pk, number=1, by=ines, now=worker.clock())
    pieces = taking.take(taken, None, by=ines, clock=worker.clock)
    first = next(pieces)
    pieces.close()
    ended = AuditEvent.objects.latest("pk")
    assert (ended.action, ended.details["bytes"]) == ("sent", 0)
    assert ended.details["is_whole"] is False
    assert len(first) > 0


def test_members_of_the_matter_take_it_and_others_learn_nothing(
    ready: Export, tomas: User, ravi: User, as_person: As
) -> None:
    """Tomás was let into the matter, Ravi was not; he cannot tell it from one that there never was."""
    MatterMember.objects.create(matter=ready.matter, user=tomas, added_at=NOW, added_by_name="Ines")
    assert as_person(tomas).get(address(ready)).status_code == 200
    client = as_person(ravi)
    assert client.get(address(ready)).status_code == 404
    assert client.get(f"/exports/{ready.pk}/").status_code == 404
    assert client.get("/exports/999999/").status_code == 404
    assert client.post(f"/exports/{ready.pk}/cancel/").status_code == 404
    assert ready.title not in client.get("/exports/").content.decode()


def test_whoever_left_the_matter_takes_nothing(ready: Export, client_of_ines: Client) -> None:
    """Also who asked for it."""
    MatterMember.objects.update(removed_at=NOW)
    assert client_of_ines.get(address(ready)).status_code == 404


def test_expired_files_are_given_to_nobody(ready: Export, client_of_ines: Client) -> None:
    """Even before anything swept them away; a part that there never was is not there either."""
    assert client_of_ines.get(f"/exports/{ready.pk}/parts/9/").status_code == 404
    Export.objects.filter(pk=ready.pk).update(expires_at=ready.made_at)
    assert client_of_ines.get(address(ready)).status_code == 404
    keeping.sweep(now=ready.made_at)
    ready.refresh_from_db()
    assert ready.state == State.EXPIRED
