"""What an inspection looks at of frozen lists and notes: that each is what the audit trail, and so the log, says it was.

The trail has the digest of each frozen list and of each version of a note; the events are checked against their leaves
with the rest of the log. Here the rows are hashed again and compared with their events, and rows and events are counted
against each other, so that neither can be taken away by somebody who puts the triggers aside.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from archive.inspection import further
from archive.inspection.problems import Findings
from compliance import parts
from compliance.models import AuditEvent, MessageList, Note

CHUNK = 500
T = TypeVar("T")


def lists(findings: Findings) -> None:
    """Every frozen list that is done, hashed again, and every event that froze one."""
    findings.count("frozen lists", 0)
    frozen = MessageList.objects.filter(purpose=MessageList.Purpose.FROZEN, state=MessageList.State.DONE)
    events = AuditEvent.objects.filter(action=AuditEvent.Action.FROZE)
    for event in events.order_by("pk").iterator(CHUNK):
        findings.count("frozen lists")
        row = frozen.filter(pk=event.subject.removeprefix("list/")).first()
        place = f"compliance_messagelist {event.subject.removeprefix('list/')}"
        if row is None:
            findings.add("frozen list", place, f"It was frozen by event {event.pk}, and is gone.")
        elif bytes(row.sha256 or b"").hex() != event.details["sha256"]:
            findings.add(
                "frozen list", place, "Its digest is not the one that was recorded when it was frozen."
            )
        elif parts.digest(row.pk).hex() != event.details["sha256"]:
            findings.add("frozen list", place, "Its messages are not those that were frozen.")
        elif (row.query, row.count) != (event.details["query"], event.details["messages"]):
            findings.add(
                "frozen list", place, "What was asked for, or how many were found, is not what was recorded."
            )
    without = frozen.count() - events.count()
    if without > 0:
        findings.add("frozen list", "compliance_messagelist", f"{without} of them were frozen by no event.")


def notes(findings: Findings) -> None:
    """Every version of every note, and every event that wrote one."""
    findings.count("notes", 0)
    events = AuditEvent.objects.filter(action=AuditEvent.Action.NOTED)
    for chunk in _chunks(events.order_by("pk").iterator(CHUNK)):
        rows = Note.objects.in_bulk([event.details["note"] for event in chunk])
        for event in chunk:
            findings.count("notes")
            key = event.details["note"]
            row, place = rows.get(key), f"compliance_note {key}"
            if row is None:
                findings.add("note", place, f"It was written by event {event.pk}, and is gone.")
            elif hashlib.sha256(row.text.encode()).hexdigest() != event.details["sha256"]:
                findings.add("note", place, "Its text is not the one that was written.")
            elif event.subject != f"message/{row.message_id}":
                findings.add("note", place, "It stands on another message than it was written on.")
    without = Note.objects.count() - events.count()
    if without > 0:
        findings.add("note", "compliance_note", f"{without} of them were written by no event.")


def _chunks(several: Iterable[T]) -> Iterator[list[T]]:
    left = iter(several)
    while len(chunk := list(islice(left, CHUNK))) > 0:
        yield chunk


further.register(lists)
further.register(notes)
