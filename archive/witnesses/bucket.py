"""Checkpoints in a bucket with Object Lock: what is there nobody can change or remove before its time, its owner neither.

One object a checkpoint, `<log's name>/<size>.note`, kept in COMPLIANCE mode for HOLDFAST_WITNESS_BUCKET_DAYS, and
`log.vkey` beside them. Nothing is written over: an object that is there is compared, and another content is an error. A
bucket that keeps no versions, or does not say that it holds an object as it was asked to, is refused, since what could be
replaced witnesses nothing.

Credentials come from where boto3 looks for them (AWS_ACCESS_KEY_ID and the like); HOLDFAST_WITNESS_BUCKET_URL names
another service than Amazon's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db.models import QuerySet

from archive import notes, publication
from archive.models import Checkpoint
from archive.witnesses.errors import NotSent

AT_ONCE = 200
LARGEST = 1 << 16
_THERE = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class Kept(NamedTuple):
    """One version of an object: `is_first` says whether it is what was written first under its key."""

    key: str
    version: str
    is_first: bool
    content: bytes | None
    """None for a mark that the object was deleted."""


def put(newer: QuerySet[Checkpoint], *, key: notes.VerifierKey, now: datetime) -> int:
    """Write checkpoints, smallest first; the size of the last one that is there now. Raises NotSent."""
    until = now + timedelta(days=settings.HOLDFAST_WITNESS_BUCKET_DAYS)
    with _client() as s3:
        _put(s3, f"{_folder(key)}log.vkey", f"{key}\n".encode(), until=until)
        size = -1
        for size, note in newer.values_list("size", "note")[:AT_ONCE]:
            _put(s3, f"{_folder(key)}{publication.place(size).name}", note.encode(), until=until)
    return size


def kept(*, key: notes.VerifierKey) -> Iterator[Kept]:
    """Every version of every checkpoint in the bucket, by name. Raises NotSent when it cannot be read."""
    with _client() as s3:
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=_name(), Prefix=_folder(key))
        versions: list[dict[str, Any]] = []
        for page in pages:
            versions += [one | {"is_mark": False} for one in page.get("Versions", [])]
            versions += [one | {"is_mark": True} for one in page.get("DeleteMarkers", [])]
        versions.sort(key=lambda one: (one["Key"], one["LastModified"]))
        seen: set[str] = set()
        for one in versions:
            name, version = one["Key"], one["VersionId"]
            content = None if one["is_mark"] else _get(s3, name, version)
            yield Kept(name, version, name not in seen, content)
            seen.add(name)


def _put(s3: Any, name: str, content: bytes, *, until: datetime) -> None:
    """Write an object that is not there yet, to be kept until a moment; else compare it."""
    held = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    try:
        written = s3.put_object(
            Bucket=_name(), Key=name, Body=content, IfNoneMatch="*", ChecksumAlgorithm="SHA256", **held
        )
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in _THERE:
            raise
        if _get(s3, name, None) != content:
            raise NotSent(f"The bucket has something else under {name}.") from None
        return
    version = written.get("VersionId", "null")
    if version == "null":
        raise NotSent("The bucket keeps no versions: it has to be made with Object Lock.")
    found = s3.head_object(Bucket=_name(), Key=name, VersionId=version)
    if found.get("ObjectLockMode") != "COMPLIANCE":
        raise NotSent(f"The bucket does not hold {name} in COMPLIANCE mode.")


def _get(s3: Any, name: str, version: str | None) -> bytes:
    which = {} if version is None else {"VersionId": version}
    content: bytes = s3.get_object(Bucket=_name(), Key=name, **which)["Body"].read(LARGEST)
    return content


def _name() -> str:
    return str(settings.HOLDFAST_WITNESS_BUCKET)


def _folder(key: notes.VerifierKey) -> str:
    return f"{key.name}/"


@contextmanager
def _client() -> Iterator[Any]:
    """A client of the bucket's service; what it raises becomes NotSent, without what was asked."""
    import boto3  # here: every process would start a tenth of a second later, and few have a bucket
    from botocore.config import Config

    patience = Config(connect_timeout=10, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})
    try:
        yield boto3.client("s3", endpoint_url=settings.HOLDFAST_WITNESS_BUCKET_URL or None, config=patience)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise NotSent(f"The bucket refused ({error.operation_name}: {code}).") from error
    except BotoCoreError as error:
        raise NotSent(f"The bucket cannot be reached ({type(error).__name__}).") from error
