"""People who talk, straight into the record: a message, its revision and its leaf in one transaction."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from archive import blobs, log
from archive.models import Account, Attachment, Leaf, Message, Page, Person, Revision, Session

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One thing to be said."""

    text: str
    by: str = "ines"
    where: str = "general"
    at: datetime | None = None
    files: tuple[str, ...] = ()
    reply_to: str = ""
    raw: bytes = b"{}"


class Talk:
    """Ines and Ravi work at Acme, Olu is outside; they talk in general and in a deal room."""

    def __init__(self) -> None:
        self.account = Account.objects.create(
            zoom_account_id="acme", name="Acme", client_id="c", sealed_client_secret=b"", connected_at=NOON
        )
        self.page = Page.objects.create(
            pull=1, number=1, operation="o", request="r", status=200, body_sha256=bytes(32), body_bytes=0,
            received_at=NOON, salt=bytes(16),
        )  # fmt: skip
        self.people: dict[str, Person] = {}
        self.sessions: dict[str, Session] = {}
        for name, full in (("ines", "Inês Olsson"), ("ravi", "Ravi Rao"), ("ada", "Ada Brandt")):
            self.meet(name, full, email=f"{name}@acme.example")
        self.meet("olu", "Olu Ade", email="", is_external=True)
        for name in ("general", "deal room"):
            self.open(name)
        self._said = 0

    def meet(self, key: str, name: str, *, email: str = "", is_external: bool = False) -> Person:
        person = Person.objects.create(
            account=self.account,
            member_id=f"m-{key}",
            email=email,
            display_name=name,
            is_external=is_external,
        )
        self.people[key] = person
        return person

    def open(self, name: str, *, zoom_id: str | None = None) -> Session:
        self.sessions[name] = Session.objects.create(
            account=self.account, zoom_id=zoom_id or f"s-{len(self.sessions)}", name=name, type="Group",
            channel_id=f"channel-{len(self.sessions)}", first_seen_at=NOON, last_seen_at=NOON,
        )  # fmt: skip
        return self.sessions[name]

    def say(
        self,
        text: str,
        *,
        by: str = "ines",
        where: str = "general",
        at: datetime | None = None,
        files: tuple[str, ...] = (),
        reply_to: str = "",
        raw: bytes = b"{}",
    ) -> Message:
        return self.say_all([Line(text, by, where, at, files, reply_to, raw)])[0]

    @transaction.atomic
    def say_all(self, lines: Iterable[Line]) -> list[Message]:
        """Many at once; a minute apart unless a line says when."""
        said = list(lines)
        messages = []
        for line in said:
            self._said += 1
            at = line.at or NOON + timedelta(minutes=self._said)
            messages.append(
                Message(session=self.sessions[line.where], zoom_id=f"msg-{self._said}", sent_at=at,
                        sender=self.people.get(line.by), reply_to_zoom_id=line.reply_to)
            )  # fmt: skip
        Message.objects.bulk_create(messages)
        Attachment.objects.bulk_create(
            Attachment(message=message, zoom_file_id=f"f-{n}", name=name, not_before=NOON)
            for message, line in zip(messages, said, strict=True)
            for n, name in enumerate(line.files)
        )
        self._keep(
            [self._revision(m, line.text, raw=line.raw) for m, line in zip(messages, said, strict=True)]
        )
        return messages

    def attach(self, message: Message, name: str, data: bytes) -> Attachment:
        """A file that was fetched."""
        return Attachment.objects.create(
            message=message, zoom_file_id=f"fetched-{name}", name=name, not_before=NOON,
            state=Attachment.State.STORED, blob=blobs.store(data, now=NOON),
        )  # fmt: skip

    @transaction.atomic
    def edit(self, message: Message, text: str) -> None:
        self._keep([self._revision(message, text, kind=Revision.Kind.EDITED)])

    @transaction.atomic
    def delete(self, message: Message) -> None:
        text = Revision.objects.filter(message=message).latest("id").text
        self._keep([self._revision(message, text, kind=Revision.Kind.DELETED)])

    @transaction.atomic
    def look(self) -> None:
        """Somebody looks at something: a leaf that is no message."""
        log.append([log.Entry(Leaf.Kind.AUDIT, 1, os.urandom(32))], now=NOON)

    def _revision(
        self, message: Message, text: str, *, kind: str = Revision.Kind.SENT, raw: bytes = b"{}"
    ) -> Revision:
        name = message.sender.display_name if message.sender is not None else ""
        return Revision(
            message=message, kind=kind, digest=os.urandom(32), raw=raw, salt=bytes(16), text=text,
            sender_name=name, page=self.page, stored_at=NOON,
        )  # fmt: skip

    def _keep(self, revisions: list[Revision]) -> None:
        Revision.objects.bulk_create(revisions)
        log.append([log.Entry(Leaf.Kind.REVISION, r.pk, os.urandom(32)) for r in revisions], now=NOON)
