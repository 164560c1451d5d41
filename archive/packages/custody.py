"""What is only known when a package is made: who asked, approved and made it, and the newest checkpoint.

The events of the trail that tell of it lie in the log behind the checkpoint that the package stands on; each comes with
its proof under the newest one, and that with the proof that it goes on from the first. `settle` is called once, when a
package is made for the first time; what it gives is kept and used again, so that the same bytes come of it.
"""

from __future__ import annotations

import platform
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import metadata
from typing import Any

from django.conf import settings
from django.db import connection

from archive import hashing, log, timestamps
from archive.models import Checkpoint, Leaf
from archive.packages import about, bag
from archive.packages.content import Request

TOOLS = ("django", "psycopg", "tantivy", "cryptography", "typst", "msgspec")
Settled = Mapping[str, str]
"""The files of a package that are only known when it is made, by path; their bytes as base64."""

Columns = dict[str, Any]
_READERS: list[Callable[[Sequence[int]], Mapping[int, Columns]]] = []


def register(read: Callable[[Sequence[int]], Mapping[int, Columns]]) -> None:
    """Say how events of the trail are read: for each key, what `commitments.audit` takes.

    The trail's table is its owner's, who may change it; see `archive.inspection.subjects.register`.
    """
    _READERS[:] = [read]


def settle(request: Request, *, custody: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """The files that are only known now. Outside of any transaction: it makes a checkpoint.

    `custody` is JSON of whoever asked, with `event_ids` of the trail. Raises KeyError for an event that is not there. With
    a time-stamping authority the stamp of the checkpoint is among the files; where it gave none, custody says why.
    """
    newest = log.checkpoint(now=now) or log.head()
    if newest is None:
        raise Checkpoint.DoesNotExist("The log has no checkpoint yet.")
    told = {key: value for key, value in custody.items() if key != "event_ids"}
    events = [_event(key, columns, newest.size) for key, columns in _read(custody.get("event_ids", ()))]
    stamped, why_not = _stamp(request.size)
    document = {**told, "events": events, "versions": versions(), "time_stamp": why_not}
    proof = [] if newest.size == request.size else log.consistency(old=request.size, new=newest.size)
    consistency = {"old": request.size, "new": newest.size, "proof": [one.hex() for one in proof]}
    files = {
        bag.CUSTODY: about.document(document),
        "data/log/newest.note": newest.note.encode(),
        "data/log/consistency.json": about.document(consistency),
    }
    if stamped is not None:
        files[bag.STAMP] = stamped
    return {path: b64encode(content).decode() for path, content in files.items()}


def files(settled: Settled) -> dict[str, bytes]:
    """The files again."""
    return {path: b64decode(content) for path, content in settled.items()}


def versions() -> dict[str, str]:
    """Of everything that had a hand in making a package."""
    found = {"python": platform.python_version(), "package": "1"}
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        found["postgres"] = str(cursor.fetchone()[0]).split(" ")[0]
    for tool in ("holdfast", *TOOLS):
        try:
            found[tool] = metadata.version(tool)
        except metadata.PackageNotFoundError:
            found[tool] = "not installed as a package"
    return found


def _stamp(size: int) -> tuple[bytes | None, str]:
    """The time stamp of the checkpoint that a package stands on, and words on it."""
    if not settings.HOLDFAST_TIMESTAMP_URL:
        return None, "No time-stamping authority is set up."
    try:
        made = timestamps.stamp(Checkpoint.objects.get(size=size))
    except timestamps.NotStamped as error:
        return None, str(error)
    return bytes(made.reply), f"By the authority, {hashing.moment(made.stamped_at)}."


def _read(ids: Sequence[int]) -> list[tuple[int, Columns]]:
    found: dict[int, Columns] = {}
    for read in _READERS:
        found.update(read(list(ids)))
    return [(key, found[key]) for key in ids]


def _event(key: int, columns: Columns, size: int) -> dict[str, Any]:
    """A record line of an event, as `lines` writes those of other kinds, and its proof."""
    leaf = Leaf.objects.get(kind=Leaf.Kind.AUDIT, subject_id=key)
    values = {name: value for name, value in columns.items() if name not in ("salt", "at")}
    record = {
        **values,
        "type": "audit",
        "leaf": leaf.index,
        "subject_id": key,
        "at": hashing.moment(leaf.at),
        "salt": bytes(columns["salt"]).hex(),
        "commitment": bytes(leaf.commitment).hex(),
    }
    return {
        "record": record,
        "proof": [one.hex() for one in log.prove(index=leaf.index, size=size)],
    }
