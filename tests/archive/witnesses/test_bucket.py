"""Checkpoints in a bucket with Object Lock, and what `verify` finds there against a log that was written anew."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from django.test import override_settings

from archive import canonical, commitments, inspection, keys, log, witnesses
from archive.inspection import elsewhere
from archive.models import Checkpoint, Leaf
from archive.witnesses import bucket as buckets
from tests.archive.core.record import Record
from tests.archive.witnesses.conftest import Authority, Bucket

NOW = datetime.now(UTC)


def checkpoint(record: Record) -> Checkpoint:
    record.say()
    made = log.checkpoint(now=record.now)
    assert made is not None
    return made


def send() -> str:
    """Beat nudges; the error that the bucket gave."""
    witnesses.work(clock=lambda: NOW)
    (standing,) = [one for one in witnesses.standings(now=NOW) if one.place == "bucket"]
    return standing.last_error


def findings() -> inspection.Findings:
    return inspection.inspect(progress=lambda *_: None)


def test_a_checkpoint_is_held_in_compliance_mode(record: Record, bucket: Bucket) -> None:
    """For as long as was set; not even the bucket's owner can remove that version before."""
    made = checkpoint(record)
    with override_settings(HOLDFAST_WITNESS_BUCKET_DAYS=30):
        assert send() == ""
    (key,) = [one for one in bucket.names() if one.endswith(".note")]
    assert bucket.content(key) == made.note.encode()
    held = bucket.s3.head_object(Bucket=bucket.name, Key=key)
    assert held["ObjectLockMode"] == "COMPLIANCE"
    assert abs(held["ObjectLockRetainUntilDate"] - NOW - timedelta(days=30)) < timedelta(minutes=5)
    with pytest.raises(ClientError, match="AccessDenied"):
        bucket.s3.delete_object(Bucket=bucket.name, Key=key, VersionId=held["VersionId"])


def test_a_bucket_without_object_lock_is_refused(
    record: Record, make_bucket: Callable[..., Bucket], service: str
) -> None:
    """What could be replaced witnesses nothing."""
    checkpoint(record)
    plain = make_bucket(locked=False)
    with override_settings(HOLDFAST_WITNESS_BUCKET=plain.name, HOLDFAST_WITNESS_BUCKET_URL=service):
        assert "bucket" in send()
        assert next(iter(witnesses.standings(now=NOW))).is_behind


def test_a_bucket_that_is_not_there_or_out_of_reach_is_said(record: Record, bucket: Bucket) -> None:
    """With the service's word for it, and without credentials."""
    checkpoint(record)
    with override_settings(HOLDFAST_WITNESS_BUCKET="acme-none"):
        assert "NoSuchBucket" in send()
    with override_settings(
        HOLDFAST_WITNESS_BUCKET_URL="http://127.0.0.1:9", HOLDFAST_WITNESS_BUCKET="acme-other"
    ):
        assert send() == "The bucket cannot be reached (EndpointConnectionError)."
        assert findings().figures[elsewhere.NOT_READ] == 1


def test_an_object_that_is_there_is_never_written_over(record: Record, bucket: Bucket) -> None:
    """Sent again it is left alone; other content under its name is an error, and stays."""
    first = checkpoint(record)
    assert send() == ""
    (key,) = [one for one in bucket.names() if one.endswith(".note")]
    assert (
        buckets.put(Checkpoint.objects.order_by("size"), key=keys.load(may_create=False).verifier, now=NOW)
        == first.size
    )
    versions = bucket.s3.list_object_versions(Bucket=bucket.name, Prefix=key)["Versions"]
    assert len(versions) == 1
    second = checkpoint(record)
    taken = key.replace(f"{first.size:020}", f"{second.size:020}")
    bucket.s3.put_object(Bucket=bucket.name, Key=taken, Body=b"something else")
    witnesses.work(clock=lambda: NOW)
    (standing,) = witnesses.standings(now=NOW)
    assert "something else" in standing.last_error
    assert bucket.content(taken) == b"something else"


def test_verify_compares_what_is_in_the_bucket(record: Record, bucket: Bucket) -> None:
    """An honest log agrees; a version put over one, or a mark that it was deleted, is named."""
    checkpoint(record)
    send()
    found = findings()
    assert found.problems == []
    assert found.figures["checkpoints outside"] == 1
    (key,) = [one for one in bucket.names() if one.endswith(".note")]
    bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=b"nothing was ever here")
    bucket.s3.delete_object(Bucket=bucket.name, Key=key)
    told = [str(problem) for problem in findings().problems]
    assert any(key in one and "written over" in one for one in told)
    assert any(key in one and "deleted" in one for one in told)


@pytest.mark.django_db(transaction=True)
def test_a_log_that_its_owner_wrote_anew_is_found_by_what_is_in_the_bucket(
    record: Record, owner, data: Path, bucket: Bucket, authority: Authority
) -> None:  # type: ignore[no-untyped-def]
    """Record, leaf, tiles, checkpoints and published files, signed again by the log's own key: all agree with each
    other, and `verify` names the place outside and the checkpoint that contradict them."""
    revision = record.say("ship it friday")
    made = log.checkpoint(now=record.now)
    assert made is not None
    send()
    assert findings().problems == []
    raw = bytes(revision.raw).replace(b"friday", b"monday")
    commitment = commitments.revision(
        salt=bytes(revision.salt), session=record.session.zoom_id, message=revision.message.zoom_id,
        kind=revision.kind, raw=raw, page_id=record.page.pk, stored_at=record.now,
    )  # fmt: skip
    digest = canonical.content_digest(raw, kind=revision.kind)
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        owner.execute(
            "UPDATE archive_revision SET raw = %s, digest = %s, text = 'ship it monday' WHERE id = %s",
            [raw, digest, revision.pk],
        )
        owner.execute(
            "UPDATE archive_leaf SET commitment = %s WHERE kind = %s AND subject_id = %s",
            [commitment, int(Leaf.Kind.REVISION), revision.pk],
        )
        for table in ("timestamp", "checkpoint", "tile"):
            owner.execute(f"DELETE FROM archive_{table}".encode())
    shutil.rmtree(data / "checkpoints")
    forged = log.checkpoint(now=record.now)
    assert forged is not None
    assert (forged.size, forged.note != made.note) == (made.size, True)
    (problem,) = findings().problems
    assert f"bucket {bucket.name}" in str(problem)
    assert f"{made.size:020}.note" in str(problem)
    assert "the database has another checkpoint of this size" in str(problem)


@pytest.mark.django_db(transaction=True)
def test_a_time_stamp_that_went_out_contradicts_a_log_that_was_written_anew(
    record: Record, owner, data: Path, authority: Authority, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    """It lies in a folder outside, and is of another note than the one that is there now."""
    with override_settings(HOLDFAST_CHECKPOINT_DIR=str(tmp_path / "outside")):
        record.say()
        made = log.checkpoint(now=record.now)
        assert made is not None
        witnesses.work(clock=lambda: NOW)
        assert findings().problems == []
        (tmp_path / "outside" / f"{made.size:020}.note").unlink()
        with owner.transaction():
            owner.execute("SET LOCAL session_replication_role = replica")
            owner.execute("UPDATE archive_leaf SET at = at + interval '1 second'")
            for table in ("timestamp", "checkpoint", "tile"):
                owner.execute(f"DELETE FROM archive_{table}".encode())
        shutil.rmtree(data / "checkpoints")
        log.checkpoint(now=record.now)
        told = [str(problem) for problem in findings().problems]
    assert any("outside" in one and ".tsr" in one and "something else" in one for one in told)
