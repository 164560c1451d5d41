"""For every revision: where it came from, and the proof that it is in the signed log."""

from typing import Any

import pytest

from archive import blobs, ingest, log, merkle, provenance
from archive.models import Attachment, Message
from tests.archive.scenes import NOW, conversation, page, said


@pytest.mark.django_db(transaction=True)
def test_every_revision_has_its_source_and_its_proof(settings: Any, tmp_path: Any) -> None:
    """The proof leads from the leaf to the root that was signed; the blob has one too."""
    settings.HOLDFAST_DATA = tmp_path
    window = conversation("s1")
    files = [{"file_id": "f"}]
    ingest.message_page(
        page([said(str(n), id=str(n), files=files) for n in range(9)]), window=window, pull=1, now=NOW
    )
    Attachment.objects.update(blob=blobs.store(b"bytes", now=NOW), state="stored")
    signed = log.checkpoint(now=NOW)
    assert signed is not None
    found = provenance.of(Message.objects.get(zoom_id="4").pk)
    assert found is not None
    for proof in (found.origins[0].proof, found.blobs[0].proof):
        assert proof is not None
        merkle.check_inclusion(
            leaf_hash=proof.leaf_hash,
            index=proof.index,
            size=proof.checkpoint_size or 0,
            proof=proof.path,
            root=bytes(signed.root),
        )
    assert found.origins[0].source.request == "GET /report/chat/sessions/s1?from=2026-11-01&to=2026-11-30"


@pytest.mark.django_db
def test_a_leaf_that_no_checkpoint_covers_yet_says_so() -> None:
    """It is in the log, but nobody has signed for it."""
    ingest.message_page(page([said("hi", id="a")]), window=conversation(), pull=1, now=NOW)
    found = provenance.of(Message.objects.get().pk)
    assert found is not None
    proof = found.origins[0].proof
    assert proof is not None
    assert (proof.checkpoint_size, proof.path) == (None, ())


@pytest.mark.django_db
def test_there_is_no_provenance_of_nothing() -> None:
    """A key nobody has."""
    assert provenance.of(5) is None


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b'{"a":1.10,"a":2,"b":[]}', '{\n  "a": 1.10,\n  "a": 2,\n  "b": []\n}'),
        (b'{"x":12345678901234567890123}', '{\n  "x": 12345678901234567890123\n}'),
        ('{"m":"Ж\u202eb\\n\u200b"}'.encode(), '{\n  "m": "Ж\\u202eb\\n\\u200b"\n}'),
        (b'{"m":"\\ud83d\\u0000"}', '{\n  "m": "\\ud83d\\u0000"\n}'),
        (b"<html>\x00\xff", "<html>␀�"),
        (b"[" * 9000, "[" * 9000),
    ],
)
def test_a_raw_record_is_shown_inert_and_unchanged(raw: bytes, shown: str) -> None:
    """Keys, their order, doubled ones and numbers as they came; nothing that turns text around or hides."""
    assert provenance.shown(raw) == shown
