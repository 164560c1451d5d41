"""Files and forwards hang on messages by working rows, which the application may change: each change is named."""

import re
from typing import Any

import pytest
from django.db import connection

from archive import blobs, ingest
from archive.models import Attachment, Forward, Observation
from tests.archive import scenes
from tests.archive.core.test_inspection import findings, tamper  # noqa: F401 -- a fixture

MINUTES, FORGED = b"the minutes", b"other minutes"
FILE = {"file_id": "F1", "file_name": "minutes.txt", "file_size": len(MINUTES)}


@pytest.fixture
def filed(transactional_db: None) -> None:
    """Ines sends the minutes and forwards a message; Ravi sends another file; all of it was fetched."""
    window = scenes.conversation()
    other = {"file_id": "F2", "file_name": "other.txt", "file_size": len(FORGED)}
    records = [
        scenes.said("see attached", id="1", files=[FILE], forward_id="W1"),
        scenes.said("mine", id="2", by=scenes.RAVI, files=[other]),
    ]
    ingest.message_page(scenes.page(records), window=window, pull=1, now=scenes.NOW)
    for file_id, content in (("F1", MINUTES), ("F2", FORGED)):
        blob = blobs.store(content, now=scenes.NOW)
        raw = b'{"file_id":"%b","digest":"%b"}' % (file_id.encode(), bytes(blob.sha256).hex().encode())
        info = observed(Observation.Kind.FILE, file_id, raw)
        rows = Attachment.objects.filter(zoom_file_id=file_id)
        rows.update(state="stored", blob=blob, info_id=info)
    Forward.objects.update(
        state="stored", original_id=observed(Observation.Kind.FORWARD, "W1", b'{"id":"0"}')
    )


def observed(kind: Observation.Kind, subject: str, raw: bytes) -> int:
    account = scenes.Account.objects.get()
    return ingest.observation(
        account=account, kind=kind, subject=subject, raw=raw, now=scenes.NOW
    ).observation_id


FIRST = "WHERE zoom_file_id = 'F1'"
OTHERS = "(SELECT {column} FROM archive_attachment WHERE zoom_file_id = 'F2')"
BY_THE_APPLICATION = {
    "bytes exchanged": (
        f"UPDATE archive_attachment SET blob_id = {OTHERS.format(column='blob_id')} {FIRST}",
        "Its bytes are not those whose SHA-256 Zoom named",
    ),
    "bytes and details exchanged": (
        f"UPDATE archive_attachment SET (blob_id, info_id) = {OTHERS.format(column='blob_id, info_id')} {FIRST}",
        "It leads to what Zoom said of something else",
    ),
    "details taken away": (
        f"UPDATE archive_attachment SET info_id = NULL {FIRST}",
        "nothing Zoom said of them",
    ),
    "renamed": (
        f"UPDATE archive_attachment SET name = 'holiday.jpg' {FIRST}",
        "Its name and size are not those",
    ),
    "resized": (
        f"UPDATE archive_attachment SET size_bytes_claimed = 1 {FIRST}",
        "Its name and size are not those",
    ),
    "given another id": (
        f"UPDATE archive_attachment SET zoom_file_id = 'F3' {FIRST}",
        "leaf .*file number 1 is gone",
    ),
    "said to differ": (f"UPDATE archive_attachment SET state = 'mismatch' {FIRST}", "are said to differ"),
    "put on another message": (
        "INSERT INTO archive_attachment (message_id, zoom_file_id, name, digest_claimed, state, attempts, not_before,"
        " last_error) SELECT message_id, 'F9', 'x', '', 'due', 0, now(), '' FROM archive_attachment LIMIT 1",
        "No revision of its message names such a file",
    ),
    "another original": (
        f"UPDATE archive_forward SET original_id = {OTHERS.format(column='info_id')}",
        r"forward \(archive_forward \d+\): It leads to what Zoom said of something else",
    ),
    "another forward": (
        "UPDATE archive_forward SET forward_id = 'W2'",
        "leaf .*the message it forwards is gone",
    ),
}


def test_files_and_forwards_that_were_fetched_pass(filed: None) -> None:
    """Everything leads to what is its own."""
    found = findings()
    assert found.problems == []
    assert (found.figures["attachments"], found.figures["forwards"]) == (2, 1)
    assert found.figures["files without a digest of Zoom's"] == 0


@pytest.mark.parametrize("name", BY_THE_APPLICATION)
def test_what_the_application_could_change_is_named(name: str, filed: None) -> None:
    """No password of the owner is needed for these rows, and none of it goes unnoticed."""
    statement, sentence = BY_THE_APPLICATION[name]
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert re.search(sentence, str(findings().problems[0]))


@pytest.mark.parametrize("table", ["attachment", "forward"])
def test_a_row_that_was_deleted_is_missed(table: str, filed: None, tamper: Any) -> None:  # noqa: F811
    """By the revision that names it, with its place in the log."""
    tamper(f"DELETE FROM archive_{table}")
    assert re.match(r"revision \(archive_revision \d+, leaf 1\): The row of", str(findings().problems[0]))


def test_a_file_without_a_digest_is_counted(filed: None) -> None:
    """What cannot be proven is told, not passed over."""
    raw = b'{"file_id":"F1"}'
    Attachment.objects.filter(zoom_file_id="F1").update(info_id=observed(Observation.Kind.FILE, "F1", raw))
    assert findings().figures["files without a digest of Zoom's"] == 1
