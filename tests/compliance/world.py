"""A small archive to look at: a few sessions, everything a message can be, and as many rows as a test wants."""

import threading
import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from archive import blobs, ingest, log, search
from archive.capture import reading
from archive.models import Account, Attachment, HoldCustodian, HoldFile, Message, Person, Run, Session, Window
from archive.packages.contents import Contents
from archive.packages.contents import Part as PlannedPart
from archive.search import indexer
from compliance import lists, opening, saved, tagging
from compliance.exports import folders
from compliance.models import Disposition, Erasure, Export, KeepingRule, Matter, MatterMember, ZoomMatter
from tests.archive import scenes

TORTURE = (
    "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>",
    "invoice \u202egnp.exe\u202c attached",
    "zero\u200bwidth and \u2066isolates\u2069",
    "{{ 7|add:7 }} {% now 'Y' %} javascript:alert(1)",
)


def fill(*, sessions: int = 1, messages: int = 10) -> list[Session]:
    """Sessions with plain messages, all pulled and closed; the first has one of everything."""
    account = scenes.account()
    listing = scenes.month_of(account)
    _close(listing)
    run = Run.objects.create(
        account=account, kind=Run.Kind.BACKFILL, first_day=date(2026, 11, 1), last_day=date(2026, 11, 20),
        started_at=scenes.NOW, finished_at=scenes.NOW,
    )  # fmt: skip
    made = []
    for number in range(sessions):
        window = scenes.conversation(f"s{number}", of=account)
        window.run = run
        extra = one_of_everything() if number == 0 else {}
        plain = [
            scenes.said(
                f"plain words {n}",
                id=f"p{number}-{n}",
                minute=60 + 7 * n,
                by=(scenes.INES, scenes.RAVI)[n % 2],
            )
            for n in range(messages)
        ]
        page = scenes.page(
            [*extra.get("sent", []), *plain], edited=extra.get("edited", ()), deleted=extra.get("deleted", ())
        )
        ingest.message_page(page, window=window, pull=1, now=scenes.NOW)
        _close(window)
        assert window.session is not None
        made.append(window.session)
    return made


def one_of_everything() -> dict[str, list[dict[str, Any]]]:
    """Records of a thread, an edit, a deletion, reactions, a file, a forward and dangerous texts."""
    said = scenes.said
    file = {
        "file_id": "F1",
        "file_name": "plan \u202efdp.exe",
        "file_size": 12,
        "download_url": "https://x.test/1",
    }
    reaction = {"emoji": "U+1F44D", "total_count": 1, "users": [{"member_id": "m-ravi"}]}
    sent = [
        said("ship it friday", id="main"),
        said("why not monday", id="reply", by=scenes.RAVI, minute=1, reply_main_message_id="main"),
        said("ship it monday", id="edited", minute=2),
        said("the invoice is attached", id="file", minute=4, files=[file], reactions=[reaction]),
        said("from outside", id="olu", by=scenes.OLU, minute=5),
        *(said(text, id=f"torture{n}", minute=10 + n) for n, text in enumerate(TORTURE)),
    ]
    edited = [said("ship it someday", id="edited", minute=2, action_timestamp=1793628300000)]
    deleted = [said("delete this please", id="gone", minute=3, action_timestamp=1793628400000)]
    return {"sent": sent, "edited": edited, "deleted": deleted}


def captured(window: Window, records: list[dict[str, Any]]) -> None:
    """One more page of a window, and its end."""
    ingest.message_page(scenes.page(records), window=window, pull=1, now=scenes.NOW)
    _close(window)


def store_files() -> Attachment:
    """Give the first attachment its bytes."""
    attachment = Attachment.objects.order_by("pk")[0]
    blob = blobs.store(b"the plan\n\x00\xff\xfe", now=scenes.NOW)
    Attachment.objects.filter(pk=attachment.pk).update(state=Attachment.State.STORED, blob=blob)
    attachment.refresh_from_db()
    return attachment


def attach(zoom_id: str, name: str, data: bytes) -> Attachment:
    """A file on a message, fetched."""
    return Attachment.objects.create(
        message=message(zoom_id), zoom_file_id=f"attached-{name}", name=name, not_before=scenes.NOW,
        state=Attachment.State.STORED, blob=blobs.store(data, now=scenes.NOW),
    )  # fmt: skip


def read_files() -> None:
    """Read what is inside the files that are here."""
    reading.work(clock=lambda: scenes.NOW)


def fill_up_the_trail() -> None:
    """From here on, and in this test only, the table of the trail refuses new rows, as on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE compliance_auditevent (LIKE public.compliance_auditevent INCLUDING ALL)"
        )
        cursor.execute(
            "CREATE TRIGGER full_up BEFORE INSERT ON pg_temp.compliance_auditevent "
            "FOR EACH ROW EXECUTE FUNCTION pg_temp.full()"
        )


def keep() -> dict[str, int]:
    """A shared search, a frozen list and a tag, made by the operator; their keys."""
    newest = search.Order.NEWEST
    kept = saved.save(name="Plain", query="plain", order=newest, shared=True, by=None, now=scenes.NOW)
    frozen = lists.freeze(name="Board", query="plain", order=newest, by=None, now=scenes.NOW)
    tag = tagging.make(name="hot", colour="destroyed", by=None, now=scenes.NOW)
    tagging.put_on_all(tag_id=tag.pk, query="plain", order=newest, by=None, now=scenes.NOW)
    return {"search": kept.pk, "list": frozen.pk, "tag": tag.pk}


def matter(*members: User, name: str = "Inquiry 2026-114") -> Matter:
    """A matter in which somebody is held, opened by the operator; these people are its members."""
    held = Person.objects.order_by("pk")[0]
    draft = opening.Draft(
        request_key=uuid.uuid4(),
        account_id=held.account_id,
        name=name,
        reason="Letter of 1 March",
        person_ids=[held.pk],
    )
    made = opening.open_matter(draft, by=None, now=scenes.NOW)
    for member in members:
        MatterMember.objects.create(matter=made, user=member, added_at=scenes.NOW, added_by_name="Ines")
    return made


def keeping_rule(**changed: Any) -> KeepingRule:
    """A rule in force: everything of the one account is kept for seven years, unless it is said otherwise."""
    values = {
        "account_id": Account.objects.get().pk,
        "name": "Everything",
        "reason": "What is not needed any more goes.",
        "law": "Policy 7 of 2026",
        "amount": 84,
        "made_by_name": "Mei",
        "made_at": scenes.NOW,
    }
    return KeepingRule.objects.create(**values | changed)


def disposition() -> Disposition:
    """One that is put together and waits to be looked at, with nothing in it."""
    return Disposition.objects.create(
        account_id=Account.objects.get().pk, state="review", as_of=scenes.NOW, rules=[], made_by_name="Mei",
        made_at=scenes.NOW, not_before=scenes.NOW, gathered_at=scenes.NOW, sha256=b"0" * 32,
    )  # fmt: skip


def erasure() -> Erasure:
    """A request that what somebody said is erased, not looked at yet."""
    person = Person.objects.order_by("pk")[0]
    return Erasure.objects.create(
        account_id=person.account_id, person_id=person.pk, person_name="Ines", asked_by="Ines, by letter",
        reason="Article 17", asked_on=scenes.NOW.date(), taken_by_name="Mei", taken_at=scenes.NOW,
        not_before=scenes.NOW,
    )  # fmt: skip


def export(matter: Matter) -> Export:
    """One of a matter's exports, ready, with a file to take."""
    head = log.head() or log.checkpoint(now=scenes.NOW + timedelta(hours=1))
    assert head is not None
    figures = Contents(
        messages=1, revisions=1, destroyed=0, conversations=1, days=1, open_days={}, files=0, file_bytes=0, missing={},
        documents={}, package_files=1, package_bytes=4, parts=(PlannedPart("part-001.zip", 4),), sha256="0" * 64,
    ).as_data()  # fmt: skip
    parts = [{"name": "part-001.zip", "size_bytes": 4, "sha256": "0" * 64}]
    made = Export.objects.create(
        kind="matter", matter=matter, chosen={"words": "All", "holds": []}, title="For the authority", reason="Letter",
        formats=["ndjson"], part_bytes=2_000_000_000, zone="UTC", request_key=uuid.uuid4(), asked_by_name="Ines",
        asked_at=scenes.NOW, not_before=scenes.NOW, state="ready", size=head.size, stands_at=scenes.NOW, contents=figures,
        digest="0" * 64, measured_at=scenes.NOW, settled={}, parts=parts, made_at=scenes.NOW, folder="made",
        bytes_here=4, expires_at=timezone.now() + timedelta(days=14),
    )  # fmt: skip
    (folders.begin(made.pk, "made") / "part-001.zip").write_bytes(b"zip!")
    return made


def zip_of(matter: Matter) -> HoldFile:
    """A zip that Zoom lists for a custodian of a matter, not here yet."""
    at = {"not_before": scenes.NOW}
    ZoomMatter.objects.create(matter=matter, name=f"At Zoom {matter.pk}", zoom_id=f"zm-{matter.pk}",
                              state="held", created_at=scenes.NOW, asked_at=scenes.NOW, **at)  # fmt: skip
    at |= {"first_seen_at": scenes.NOW, "seen_at": scenes.NOW}
    asked = HoldCustodian.objects.create(
        account_id=matter.account_id, zoom_matter_id=f"zm-{matter.pk}", identifier="u-1", **at
    )
    return HoldFile.objects.create(custodian=asked, file_key="key", state="due", **at)


def message(zoom_id: str) -> Message:
    return Message.objects.get(zoom_id=zoom_id)


def index() -> None:
    """Bring the search index up to the log."""
    indexer.follow(stop=threading.Event(), clock=lambda: scenes.NOW, once=True)


def sign() -> None:
    log.checkpoint(now=scenes.NOW + timedelta(hours=1))


def _close(window: Window) -> None:
    window.state = Window.State.COMPLETE
    window.pulls = 1
    window.complete_through = scenes.NOW
    window.closed_at = scenes.NOW
    with transaction.atomic():
        window.save()
