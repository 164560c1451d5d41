"""The events of the trail that tell of an export come with their proof, made from the trail itself."""

import ipaddress
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from archive import commitments, hashing, keys, log, verify
from archive.packages import custody
from archive.packages.content import Request
from compliance import audit

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.django_db
def test_an_event_is_proven_under_the_newest_checkpoint(tmp_path: Path) -> None:
    """Its line has all that its leaf commits to, and the proof leads to the newest note's root."""
    with override_settings(HOLDFAST_DATA=tmp_path):
        audit.record(action=audit.Action.STARTED, subject="export/1", by=None, now=NOW)
        first = log.checkpoint(now=NOW)
        assert first is not None
        event = audit.record(
            action=audit.Action.ASKED, subject="export/1", details={"sha256": "ab"}, by=None, now=NOW
        )
        request = Request(export_id=1, title="", formats=frozenset(), size=first.size, made_at=first.made_at)
        told = {"asked_by": "Ines", "event_ids": [event.pk]}
        files = custody.files(custody.settle(request, custody=told, now=NOW))
        key = str(keys.load(may_create=False).verifier)
    head = verify.checkpoint(files["data/log/newest.note"].decode(), key=key)
    document = json.loads(files["data/about/custody.json"])
    (one,) = document["events"]
    record = one["record"]
    assert record["details"] == {"sha256": "ab"}
    assert document["asked_by"] == "Ines"
    commitment = commitments.audit(
        salt=bytes.fromhex(record["salt"]),
        at=datetime.fromisoformat(record["at"]),
        **{name: record[name] for name in ("actor_id", "actor_name", "action", "subject", "details")},
        address=record["address"] and str(ipaddress.ip_address(record["address"])),
    )
    assert commitment.hex() == record["commitment"]
    entry = hashing.entry(
        kind=7, subject_id=event.pk, at=datetime.fromisoformat(record["at"]), commitment=commitment
    )
    proof = [bytes.fromhex(each) for each in one["proof"]]
    verify.included(entry=entry, index=record["leaf"], proof=proof, head=head)
    old = verify.checkpoint(first.note, key=key)
    consistency = json.loads(files["data/log/consistency.json"])
    proof = [bytes.fromhex(each) for each in consistency["proof"]]
    verify.extends(old=old, new=head, proof=proof)
