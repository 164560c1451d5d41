"""A zip of a legal hold on Ines that is here and opened, of a matter that is active until `release`."""

import io
import json
import uuid
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from archive import blobs, commitments, hashing, holding, log, purge
from archive.capture import passages
from archive.models import (
    Account,
    HoldCustodian,
    HoldEntry,
    HoldFile,
    HoldReceipt,
    Leaf,
    Message,
    Person,
)
from archive.purge import ZipOutcome
from compliance.models import Matter, ZoomMatter
from tests.archive.disposition.conftest import DISPOSITION, lock_holds
from tests.archive.scenes import NOON, NOW

STATED = {"rules": [{"id": 1, "law": "Policy 7"}], "approved": [{"by": "Ravi"}, {"by": "Ada"}]}
DAY = NOON.date()
AT = {"not_before": NOW, "first_seen_at": NOW, "seen_at": NOW}


def matter_at_zoom(account: Account, *, name: str = "Zipped inquiry", zoom_id: str = "zm-1") -> Matter:
    """An active matter that Zoom makes zips for."""
    matter = Matter.objects.create(
        account_id=account.pk, name=name, reason="Letter of 1 November", request_key=uuid.uuid4(),
        opened_by_name="Ines", opened_at=NOON,
    )  # fmt: skip
    ZoomMatter.objects.create(
        matter=matter, name=f"At Zoom: {name}", zoom_id=zoom_id, state="held", not_before=NOW, asked_at=NOW,
        created_at=NOW,
    )  # fmt: skip
    return matter


def release(matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(state="released", released_at=NOW)


def packed(messages: Sequence[tuple[str, str, str]], *, name: str = "chat.csv") -> bytes:
    """A zip as Zoom makes them, not compressed: session, id and words of each message."""
    log_of = "session_id,message_id,message\n" + "".join(
        f"{one},{two},{said}\n" for one, two, said in messages
    )
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as into:
        into.writestr(name, log_of)
    return whole.getvalue()


def bring(
    account: Account,
    content: bytes,
    *,
    zoom_id: str = "zm-1",
    file_key: str = "key",
    days: tuple[date | None, date | None] = (DAY, DAY),
) -> HoldFile:
    """A zip of these bytes arrives for Ines, and waits to be opened."""
    asked = {"zoom_matter_id": zoom_id, "identifier": "u-1"}
    person = Person.objects.filter(account=account).order_by("pk").first()
    custodian, _ = HoldCustodian.objects.get_or_create(
        account=account, **asked, defaults={"person": person, **AT}
    )
    blob = blobs.store(content, now=NOW)
    zip_ = HoldFile.objects.create(
        custodian=custodian, file_key=file_key, state="stored", blob=blob, stored_at=NOW, opening="due",
        opening_not_before=NOW, first_day=days[0], last_day=days[1], **AT,
    )  # fmt: skip
    columns: dict[str, Any] = {
        "salt": hashing.new_salt(), "hold_file_id": zip_.pk, **asked, "file_key": file_key, "sha256": bytes(blob.sha256),
        "size_bytes": len(content), "size_bytes_claimed": None, "files_claimed": None, "first_day": days[0],
        "last_day": days[1], "received_at": NOW,
    }  # fmt: skip
    with transaction.atomic():
        receipt = HoldReceipt.objects.create(**columns)
        log.append(
            [log.Entry(Leaf.Kind.HOLD_RECEIPT, receipt.pk, commitments.hold_receipt(**columns))], now=NOW
        )
    return zip_


def opened(zip_: HoldFile, *said: Message, text: str = "what they said", unreported: int = 0) -> HoldFile:
    """As opening it leaves it: its chat log names these messages, and some that no report gave."""
    ids = [[one.session.zoom_id, one.zoom_id] for one in said]
    ids += [[said[0].session.zoom_id if said else "s1", f"only-there-{n}"] for n in range(unreported)]
    entry = HoldEntry.objects.create(
        hold_file=zip_, number=0, name="chat.csv", place=[], state="read", messages=len(ids), characters=len(text),
        said=zlib.compress(json.dumps(ids).encode()), text=zlib.compress(json.dumps([["", text]]).encode()),
    )  # fmt: skip
    passages.store(entry.pk, name=entry.name, packed=bytes(entry.text or b""))
    HoldFile.objects.filter(pk=zip_.pk).update(
        opening="opened", opened_at=NOW, files_found=1, messages_found=len(ids)
    )
    zip_.refresh_from_db()
    return zip_


def zipped(account: Account, *said: Message, unreported: int = 0, **where: Any) -> HoldFile:
    """A zip with these messages, here and opened."""
    content = packed([(one.session.zoom_id, one.zoom_id, f"words of {one.zoom_id}") for one in said])
    return opened(bring(account, content, **where), *said, unreported=unreported)


def destroy_zip(
    zip_: HoldFile, matter: Matter, *, holds: Sequence[holding.Rule] = (), disposition: int = DISPOSITION
) -> ZipOutcome:
    """One zip, as a disposition destroys it."""
    with transaction.atomic():
        lock_holds()
        return purge.destroy_zip(
            zip_.pk, holds=holds, matter=matter.pk, statement=STATED, disposition=disposition, now=NOW
        )
