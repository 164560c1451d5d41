"""A small record written by hand: one session of Ines and Ravi, with every kind of evidence in it."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from archive import blobs, canonical, certificates, commitments, hashing, log, purge
from archive.models import (
    Account,
    Attachment,
    Blob,
    DayCount,
    HoldCustodian,
    HoldFile,
    HoldReceipt,
    Leaf,
    Message,
    Observation,
    Page,
    Person,
    Reading,
    Revision,
    Session,
    Unreadable,
    Window,
    WindowClosure,
)
from tests.archive.disposition import zips

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = date(2026, 5, 4)


class Record:
    """Writes evidence as ingest, capture and the console do: the row and its leaf in one transaction."""

    def __init__(self, *, now: datetime = NOON) -> None:
        self.now = now
        self.account = Account.objects.create(
            zoom_account_id="acme", name="Acme", client_id="c", sealed_client_secret=b"", connected_at=now
        )
        self.ines = Person.objects.create(account=self.account, member_id="m-ines", email="ines@acme.example")
        self.session = Session.objects.create(
            account=self.account, zoom_id="s-1", type="Group", first_seen_at=now, last_seen_at=now
        )
        self.window = Window.objects.create(
            account=self.account,
            session=self.session,
            kind=Window.Kind.MESSAGES,
            first_day=DAY,
            last_day=DAY,
            not_before=now,
        )
        self.page = self.receive_page()
        self.said = 0

    def append(self, kind: Leaf.Kind, row: Any, commitment: bytes) -> None:
        log.append([log.Entry(kind, row.pk, commitment)], now=self.now)

    @transaction.atomic
    def receive_page(self, **changed: Any) -> Page:
        columns = {
            "salt": hashing.new_salt(),
            "window_id": self.window.pk,
            "pull": 1,
            "number": 1,
            "operation": "reportChatMessages",
            "request": "GET /report/chat/sessions/s-1?from=2026-05-04",
            "status": 200,
            "body_sha256": bytes(32),
            "body_bytes": 2,
            "received_at": self.now,
        } | changed
        page = Page.objects.create(**columns)
        self.append(Leaf.Kind.PAGE, page, commitments.page(**columns))
        return page

    @transaction.atomic
    def grow_to(self, size: int) -> None:
        """Receive pages until the log has `size` leaves."""
        columns = {
            "window_id": self.window.pk,
            "pull": 1,
            "number": 2,
            "operation": "reportChatMessages",
            "request": "GET /report/chat/sessions/s-1?from=2026-05-04",
            "status": 200,
            "body_sha256": bytes(32),
            "body_bytes": 2,
            "received_at": self.now,
        }
        rows = [Page(**columns, salt=hashing.new_salt()) for _ in range(size - log.size())]
        entries = [
            log.Entry(Leaf.Kind.PAGE, row.pk, commitments.page(**columns, salt=row.salt))
            for row in Page.objects.bulk_create(rows)
        ]
        log.append(entries, now=self.now)

    def say(self, text: str = "ship it friday", **changed: Any) -> Revision:
        """A message of Ines, a minute after the one before, as the report lists it."""
        self.said += 1
        at = self.now + timedelta(minutes=self.said)
        record = {
            "id": f"msg-{self.said}",
            "message": text,
            "sender": self.ines.email,
            "sender_member_id": self.ines.member_id,
            "sender_display_name": "Ines",
            "timestamp": int(at.timestamp() * 1000),
            "date_time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        } | changed
        message = Message.objects.create(
            session=self.session, zoom_id=record["id"], sent_at=at, sender=self.ines
        )
        return self.keep(message, record, kind=Revision.Kind.SENT)

    def edit(self, message: Message, text: str) -> Revision:
        first = json.loads(bytes(Revision.objects.filter(message=message).earliest("id").raw))
        return self.keep(message, first | {"message": text}, kind=Revision.Kind.EDITED)

    @transaction.atomic
    def keep(self, message: Message, record: dict[str, Any], *, kind: str) -> Revision:
        raw, salt = json.dumps(record).encode(), hashing.new_salt()
        revision = Revision.objects.create(
            message=message,
            kind=kind,
            digest=canonical.content_digest(raw, kind=kind),
            raw=raw,
            salt=salt,
            text=record["message"],
            sender_name=record["sender_display_name"],
            page=self.page,
            stored_at=self.now,
        )
        commitment = commitments.revision(
            salt=salt,
            session=message.session.zoom_id,
            message=message.zoom_id,
            kind=kind,
            raw=raw,
            page_id=self.page.pk,
            stored_at=self.now,
        )
        self.append(Leaf.Kind.REVISION, revision, commitment)
        return revision

    def destroy(self, message: Message) -> None:
        """As a disposition does, with nothing on hold."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE compliance_hold IN SHARE MODE")
            purge.destroy([message.pk], holds=[], disposition=1, now=self.now)

    def destroy_zip(self, content: bytes) -> None:
        """A zip of a legal hold that arrived, whose matter was released, and that went as a disposition does it."""
        matter = zips.matter_at_zoom(self.account, zoom_id="zm-gone")
        zip_ = zips.bring(self.account, content, zoom_id="zm-gone")
        zips.release(matter)
        assert zips.destroy_zip(zip_, matter, disposition=1).why is None

    @transaction.atomic
    def certify(self) -> None:
        """What `destroy` did, as its disposition ends."""
        certificates.issue(disposition=1, statement={"reason": "expired"}, now=self.now)

    def store(self, content: bytes) -> Blob:
        return blobs.store(content, now=self.now)

    @transaction.atomic
    def read(self, content: bytes) -> Reading:
        """A file on a new message, and what was read of it."""
        listed = {"file_id": "F1", "file_name": "minutes.txt", "file_size": len(content)}
        said = self.say("see attached", files=[listed])
        file = Attachment.objects.create(
            message=said.message, zoom_file_id="F1", name="minutes.txt", size_bytes_claimed=len(content),
            not_before=self.now,
        )  # fmt: skip
        columns = {
            "salt": hashing.new_salt(),
            "attachment_id": file.pk,
            "sha256": hashing.leaf(content),
            "version": 1,
            "outcome": "read",
            "reason": "",
            "characters": len(content),
            "text_sha256": hashing.leaf(b"text"),
            "read_at": self.now,
        }
        row = Reading.objects.create(**columns)
        self.append(Leaf.Kind.READING, row, commitments.reading(**columns))
        return row

    @transaction.atomic
    def receive(self, content: bytes) -> HoldReceipt:
        """A zip of a legal hold that arrived."""
        at = {"not_before": self.now, "first_seen_at": self.now, "seen_at": self.now}
        asked = {"zoom_matter_id": "m-1", "identifier": "u-1"}
        custodian = HoldCustodian.objects.create(account=self.account, **asked, **at)
        zip_ = HoldFile.objects.create(custodian=custodian, file_key="key", state="due", **at)
        columns = {
            "salt": hashing.new_salt(),
            "hold_file_id": zip_.pk,
            **asked,
            "file_key": zip_.file_key,
            "sha256": hashing.leaf(content),
            "size_bytes": len(content),
            "size_bytes_claimed": len(content) + 1,
            "files_claimed": 1,
            "first_day": self.now.date(),
            "last_day": self.now.date(),
            "received_at": self.now,
        }
        row = HoldReceipt.objects.create(**columns)
        self.append(Leaf.Kind.HOLD_RECEIPT, row, commitments.hold_receipt(**columns))
        return row

    @transaction.atomic
    def observe(self, subject: str = "s-1", raw: bytes = b'{"id": "s-1"}') -> Observation:
        columns = {
            "salt": hashing.new_salt(),
            "account_id": self.account.pk,
            "kind": Observation.Kind.SESSION,
            "subject": subject,
            "raw": raw,
            "observed_at": self.now,
        }
        digest = canonical.content_digest(raw, kind=Observation.Kind.SESSION)
        row = Observation.objects.create(**columns, digest=digest)
        self.append(Leaf.Kind.OBSERVATION, row, commitments.observation(**columns))
        return row

    @transaction.atomic
    def give_up_on(self, raw: bytes = b"[1,") -> Unreadable:
        columns = {
            "salt": hashing.new_salt(),
            "window_id": self.window.pk,
            "page_id": self.page.pk,
            "reason": "not an object",
            "raw": raw,
            "stored_at": self.now,
        }
        row = Unreadable.objects.create(**columns)
        self.append(Leaf.Kind.UNREADABLE, row, commitments.unreadable(**columns))
        return row

    @transaction.atomic
    def close_window(self, *, offered: int) -> WindowClosure:
        counts = {"offered": offered, "archived": offered, "duplicate": 0, "excluded": 0, "failed": 0}
        columns = {
            "salt": hashing.new_salt(),
            "window_id": self.window.pk,
            "pull": 1,
            "state": Window.State.COMPLETE,
            "reason": "",
            "account": {"total": counts, "days": {DAY.isoformat(): counts}},
            "closed_at": self.now,
        }
        row = WindowClosure.objects.create(**columns)
        Window.objects.filter(pk=self.window.pk).update(
            state=Window.State.COMPLETE, closed_at=self.now, pulls=1, **counts
        )
        DayCount.objects.create(
            session=self.session, day=DAY, window=self.window, counted_at=self.now, **counts
        )
        self.append(Leaf.Kind.WINDOW, row, commitments.window_closure(**columns))
        return row
