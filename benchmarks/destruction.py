"""How many messages go a minute, beside a matter in force, and what follows: certificate, verification, forgetting.

The record of the benchmark `holds`: 500 people, 2,000 sessions, a year. Its 500 matters with what their custodians
received leave no session free, so all but one are released first; what that one holds is asked for too, and refused. In
batches as a disposition runs them, each a transaction with all locks, rules and leaves. In a database of its own; for the real thing:
`python -m benchmarks destruction --messages 5000000`.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from time import perf_counter

from django.db import connection, transaction

from archive import certificates, log, purge, verify
from archive.models import Message, Session
from archive.search import destroyed, upkeep
from benchmarks import _record, _texts
from benchmarks import holds as scene
from compliance import holds
from compliance.models import Hold

WANTED = 10_000
BATCH = 500
DISPOSITION = 1
Figures = dict[str, float]


def run(*, messages: int = 200_000) -> Figures:
    """Messages a minute and milliseconds a batch; needs an empty, migrated database."""
    _record.load(_texts.texts(messages), messages=messages, only_members_speak=True)
    scene._join_and_leave()
    matters = scene._open_matters()
    Hold.objects.filter(matter__in=matters[1:]).update(released_at=_record.START)
    upkeep.run(stop=threading.Event(), clock=lambda: _record.START, once=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"rules in force": len(holds.rules())} | _destroyed() | _afterwards()


def _destroyed() -> Figures:
    gone, refused, took, slowest = 0, 0, 0.0, 0.0
    for batch in _batches():
        began = perf_counter()
        with transaction.atomic():
            outcome = purge.destroy(
                batch, holds=holds.rules(lock=True), disposition=DISPOSITION, now=_record.START
            )
        lasted = perf_counter() - began
        took, slowest = took + lasted, max(slowest, lasted)
        gone, refused = gone + len(outcome.destroyed), refused + len(outcome.refused)
        if gone >= WANTED:
            break
    return {
        "messages destroyed": gone,
        "refused, held": refused,
        "destroyed a minute": gone / took * 60,
        "asked for a minute": (gone + refused) / took * 60,
        "slowest batch, ms": slowest * 1000,
    }


def _batches() -> Iterator[list[int]]:
    for session_id in Session.objects.order_by("pk").values_list("pk", flat=True):
        keys = list(Message.objects.filter(session_id=session_id).order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(keys), BATCH):
            yield keys[first : first + BATCH]


def _afterwards() -> Figures:
    began = perf_counter()
    with transaction.atomic():
        certificates.issue(disposition=DISPOSITION, statement={"reason": "a benchmark"}, now=_record.START)
    issued = perf_counter()
    log.checkpoint(now=_record.START)
    signed = perf_counter()
    document = b"".join(certificates.lines(disposition=DISPOSITION))
    written = perf_counter()
    verify.certificate(io.BytesIO(document))
    checked = perf_counter()
    upkeep.run(stop=threading.Event(), clock=lambda: _record.START, once=True)
    forgotten = perf_counter()
    assert all(one.messages == 0 for one in destroyed.waiting())
    return {
        "certificate issued, ms": (issued - began) * 1000,
        "certificate written, ms": (written - signed) * 1000,
        "certificate, bytes": len(document),
        "certificate checked, ms": (checked - written) * 1000,
        "index has forgotten, s": forgotten - checked,
    }
