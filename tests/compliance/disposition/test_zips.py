"""Zips of released matters in a disposition: put together beside the messages, destroyed before them, refused like them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import Error, connection, transaction
from django.test import Client

from archive import certificates, log
from archive.models import (
    Account,
    Blob,
    HoldEntry,
    HoldFile,
    Message,
    Person,
    Revision,
    Session,
    ZipTombstone,
)
from compliance import timeline
from compliance.disposition import asking, erasures, reviewing
from compliance.models import (
    AuditEvent,
    Disposition,
    DispositionZip,
    Hold,
    KeepingRule,
    Matter,
    MatterMember,
)
from tests.archive.disposition import zips
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.conftest import As
from tests.compliance.disposition import test_erasures
from tests.compliance.disposition.test_disposing import LATER, WHY, approved, gather, hold_session, run


@pytest.fixture
def rule(account: Account) -> KeepingRule:
    return world.keeping_rule(amount=1, name="A month")


@pytest.fixture
def released(account: Account) -> Matter:
    matter = zips.matter_at_zoom(account)
    zips.release(matter)
    return matter


@pytest.fixture
def zip_(account: Account, released: Matter) -> HoldFile:
    """Two of the messages lie in it."""
    return zips.zipped(account, world.message("main"), world.message("edited"))


def keep_longer(account: Account, **about: Any) -> KeepingRule:
    return world.keeping_rule(name="Ten years", amount=120, **about)


def hold_late(session: Session, message: Message) -> Hold:
    """Another matter holds one message of a session, after the disposition was approved."""
    matter = Matter.objects.create(
        account_id=session.account_id, name="Late", reason="r", request_key=uuid.uuid4(), opened_by_name="Ines",
        opened_at=LATER,
    )  # fmt: skip
    return Hold.objects.create(
        matter=matter, account_id=session.account_id, session_id=session.pk, since=message.sent_at,
        until=message.sent_at + timedelta(seconds=1), covers_received=True, placed_at=LATER, placed_by_name="Ines",
    )  # fmt: skip


def test_it_goes_first_and_its_messages_with_it(
    rule: KeepingRule, zip_: HoldFile, released: Matter, mei: User, ines: User
) -> None:
    """Nothing is refused any more for lying in it; what it was is in its tombstone and the certificate."""
    size = Blob.objects.get(pk=zip_.blob_id).size_bytes
    row = gather(rule.account_id, by=mei)
    assert (row.zips, row.zip_bytes, row.zips_kept) == (1, size, 0)
    asked = approved(row, by=mei, second=ines)
    assert asked.counts["zips of legal holds are destroyed"] == 1
    assert asked.title == f"Destroy {row.messages} messages and 1 zip of legal holds for good"
    run()
    row.refresh_from_db()
    assert (row.state, row.refused, row.zips_destroyed, row.zips_refused) == ("done", 0, 1, 0)
    assert (Revision.objects.count(), HoldEntry.objects.count(), Blob.objects.count()) == (0, 0, 0)
    left = ZipTombstone.objects.get()
    assert left.statement["rules"][0]["name"] == "A month"
    assert left.statement["approved"][0]["by"] == "Ines Moreau (ines)"
    log.checkpoint(now=LATER + timedelta(days=5))
    document = b"".join(certificates.lines(disposition=row.pk))
    assert bytes(left.sha256).hex().encode() in document
    events = AuditEvent.objects.filter(action="destroyed", details__zip=zip_.pk)
    assert events.get().details["matter"] == released.pk


def test_the_zip_of_an_active_matter_is_not_in_it(
    rule: KeepingRule, account: Account, mei: User, ines: User
) -> None:
    """It is not even counted; the message in it is, and is refused, as the request says beforehand."""
    zips.matter_at_zoom(account)
    zips.zipped(account, world.message("main"))
    row = gather(rule.account_id, by=mei)
    assert (row.zips, row.zips_kept) == (0, 0)
    counted = asking.KIND.count
    assert counted is not None
    found = counted(f"disposition/{row.pk}", {}, LATER, lambda *_: None)
    assert found["of them lie in a zip that is kept, and would stay"] == 1
    approved(row, by=mei, second=ines)
    run()
    row.refresh_from_db()
    assert (row.refused, Revision.objects.values("message").distinct().count()) == (1, 1)


def test_what_is_kept_or_held_keeps_the_whole_zip(
    rule: KeepingRule, zip_: HoldFile, account: Account, session: Session, mei: User
) -> None:
    """Counted as staying: by a rule about the session of its messages, or by a hold on it."""
    keep_longer(account, session_id=session.pk)
    row = gather(account.pk, by=mei)
    assert (row.zips, row.zips_kept) == (0, 1)
    Disposition.objects.filter(pk=row.pk).update(state="discarded")
    KeepingRule.objects.filter(name="Ten years").update(ended_at=LATER, ended_by_name="Mei", ending="x")
    hold_session(session)
    row = gather(account.pk, by=mei)
    assert (row.zips, row.zips_kept) == (0, 1)


def test_a_hold_placed_after_the_approval_keeps_the_zip(
    rule: KeepingRule, zip_: HoldFile, session: Session, mei: User, ines: User
) -> None:
    """On one message in it: the zip is refused with the hold, and the other message because it lies in the zip."""
    row = gather(rule.account_id, by=mei)
    approved(row, by=mei, second=ines)
    hold = hold_late(session, world.message("main"))
    run()
    row.refresh_from_db()
    assert (row.zips_destroyed, row.zips_refused, row.refused) == (0, 1, 2)
    said = AuditEvent.objects.get(action="refused", subject=f"zip/{zip_.pk}").details
    assert (said["why"], said["holds"]) == ("a hold covers something in it", [hold.pk])
    of_other = AuditEvent.objects.get(action="refused", subject=f"message/{world.message('edited').pk}")
    assert (of_other.details["why"], of_other.details["zips"]) == (
        "it lies in a zip of a legal hold",
        [zip_.pk],
    )
    assert DispositionZip.objects.get().why == "a hold covers something in it"


def test_a_rule_made_after_the_approval_keeps_the_zip(
    rule: KeepingRule, zip_: HoldFile, account: Account, mei: User, ines: User
) -> None:
    """Nothing of it is due any more."""
    row = gather(rule.account_id, by=mei)
    approved(row, by=mei, second=ines)
    keep_longer(account)
    run()
    row.refresh_from_db()
    assert (row.destroyed, row.zips_destroyed, row.zips_refused) == (0, 0, 1)
    assert DispositionZip.objects.get().why == "a rule keeps something in it longer now"


def test_a_zip_that_is_being_opened_is_waited_for(
    rule: KeepingRule, zip_: HoldFile, mei: User, ines: User
) -> None:
    """No message goes before it, since those in it would be refused; it goes on when the zip is free."""
    row = gather(rule.account_id, by=mei)
    approved(row, by=mei, second=ines)
    HoldFile.objects.update(opening="claimed")
    run()
    row.refresh_from_db()
    assert (row.state, row.destroyed, row.last_error[:8]) == ("running", 0, "A zip is")
    HoldFile.objects.update(opening="opened")
    Disposition.objects.update(not_before=LATER)
    run()
    row.refresh_from_db()
    assert (row.state, row.refused, row.zips_destroyed) == ("done", 0, 1)


def test_for_an_erasure_only_duties_keep_it(zip_: HoldFile, account: Account, mei: User, ines: User) -> None:
    """What the person said lies in a zip of theirs: rules that are no duty do not keep it; a duty does."""
    keep_longer(account)
    world.keeping_rule(name="Other", amount=1)
    asked = erasures.take(
        wanted=erasures.Wanted(
            account_id=account.pk, person_id=Person.objects.order_by("pk").first().pk,  # type: ignore[union-attr]
            asked_by="By letter", reason="Article 17", asked_on=NOW.date(),
        ),
        by=mei, now=NOW,
    )  # fmt: skip
    row = test_erasures.gather(asked, by=mei)
    assert row.zips == 1
    approved(row, by=mei, second=ines)
    world.keeping_rule(name="Duty over all", amount=120, is_duty=True)
    run()
    row.refresh_from_db()
    assert (row.zips_destroyed, row.zips_refused) == (0, 1)


def test_what_was_approved_of_zips_cannot_be_changed(rule: KeepingRule, zip_: HoldFile, mei: User) -> None:
    """Not while it is looked at either: not another zip, not one less, not other figures."""
    row = gather(rule.account_id, by=mei)
    for statement in (
        "UPDATE compliance_dispositionzip SET size_bytes = 1",
        "UPDATE compliance_dispositionzip SET done_at = now()",
        "DELETE FROM compliance_dispositionzip",
    ):
        with pytest.raises(Error, match="its disposition is review"), transaction.atomic():
            _run(statement)
    assert DispositionZip.objects.filter(disposition=row).count() == 1


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_page_names_the_matter_to_its_members_only(
    rule: KeepingRule, zip_: HoldFile, released: Matter, mei: User, ines: User, as_person: As
) -> None:
    """How many zips, their bytes, which matter: by name for Ines, by number for Mei, who is no member of it."""
    MatterMember.objects.create(matter=released, user=ines, added_at=NOW, added_by_name="Ines")
    row = gather(rule.account_id, by=mei)
    address = f"/disposition/{row.pk}/"
    of_mei, of_ines = (as_person(one).get(address).content.decode() for one in (mei, ines))
    assert f"matter {released.pk}" in of_mei
    assert released.name not in of_mei
    assert released.name in of_ines
    assert "Ask to destroy" in of_mei
    assert "1 zip…" in of_mei
    asking.ask(disposition_id=row.pk, typed="destroy", reason=WHY, by=mei, now=LATER)


def test_a_disposition_of_zips_alone_can_be_asked_for(
    rule: KeepingRule, zip_: HoldFile, mei: User, ines: User
) -> None:
    """When the messages are gone, what is left of them in a zip can still go."""
    row = gather(rule.account_id, by=mei)
    for session_id in Session.objects.values_list("pk", flat=True):
        reviewing.take_out(
            disposition_id=row.pk, session_id=session_id, message_id=None, reason="Stays.", by=mei, now=LATER
        )
    row.refresh_from_db()
    assert (row.messages, row.zips) == (0, 1)
    approved(row, by=mei, second=ines)
    run()
    row.refresh_from_db()
    assert (row.state, row.zips_destroyed) == ("done", 1)


def kept(client: Client, message: Message) -> str:
    """What the page of a message says of its keeping."""
    html = client.get(f"/messages/{message.pk}/").content.decode()
    return " ".join(html.partition('id="kept">')[2].partition("</section>")[0].split())


def test_the_page_of_a_message_says_that_a_zip_keeps_it(account: Account, ines: User, as_person: As) -> None:
    """While its matter is active, while a rule keeps something else in it, and when both can go together."""
    world.keeping_rule(name="Day", amount=1, unit="days")
    matter = zips.matter_at_zoom(account)
    zip_ = zips.zipped(account, world.message("main"))
    client = as_person(ines)
    said = kept(client, world.message("main"))
    assert "Due and in a zip:" in said
    assert (
        f"Zip {zip_.pk} of a matter you are no member of: kept as long as that is not released here." in said
    )
    MatterMember.objects.create(matter=matter, user=ines, added_at=NOW, added_by_name="Ines")
    zips.release(matter)
    said = kept(client, world.message("main"))
    assert "Due</span></span> since" in said
    assert (
        f"{matter.name}</a>: released and due: it goes with the same disposition, before the message." in said
    )
    hold_session(world.message("main").session)
    assert "Due and held:" in kept(client, world.message("main"))


def test_the_pages_of_a_released_matter_say_what_became_of_its_zips(
    rule: KeepingRule, zip_: HoldFile, released: Matter, mei: User, ines: User, as_person: As
) -> None:
    """Kept and due by when; then destroyed, when, under which disposition, with its certificate."""
    MatterMember.objects.create(matter=released, user=ines, added_at=NOW, added_by_name="Ines")
    client, address = as_person(ines), f"/matters/{released.pk}/"
    before = client.get(address).content.decode()
    assert "Still kept here" in before
    assert "everything in it is due by 4 Dec 2026" in before
    one = client.get(f"{address}files/{zip_.pk}/").content.decode()
    assert "How long it is kept" in one
    row = gather(rule.account_id, by=mei)
    approved(row, by=mei, second=ines)
    run()
    after = client.get(address).content.decode()
    assert "Still kept here" not in after
    assert f'under <a href="/disposition/{row.pk}/">' in after
    assert f"/disposition/{row.pk}/certificate/" in after
    of_files = client.get(f"{address}files/").content.decode()
    assert "destroyed here" in of_files
    assert f"/files/{zip_.pk}/" not in of_files
    client.get(f"{address}files/{zip_.pk}/")


def test_an_active_matter_has_no_such_end(account: Account, ines: User, as_person: As) -> None:
    """Its zips are kept, and nothing is said of their going."""
    matter = zips.matter_at_zoom(account)
    zips.zipped(account, world.message("main"))
    MatterMember.objects.create(matter=matter, user=ines, added_at=NOW, added_by_name="Ines")
    assert "Zips of this matter" not in as_person(ines).get(f"/matters/{matter.pk}/").content.decode()


def test_an_erasure_waits_for_a_zip_that_is_kept(account: Account, mei: User) -> None:
    """What lies in it is counted apart; when its matter is released, all of it can go."""
    matter = zips.matter_at_zoom(account)
    main = world.message("main")
    zips.zipped(account, main)
    assert main.sender_id is not None
    asked = erasures.take(
        wanted=erasures.Wanted(
            account_id=account.pk, person_id=main.sender_id, asked_by="By letter", reason="Article 17",
            asked_on=NOW.date(),
        ),
        by=mei, now=NOW,
    )  # fmt: skip
    total = Message.objects.filter(sender_id=main.sender_id).count()
    assert (asked.free, asked.zipped, asked.held) == (total - 1, 1, 0)
    zips.release(matter)
    asked = erasures.look_now(erasure_id=asked.pk, by=mei, now=NOW)
    assert (asked.free, asked.zipped) == (total, 0)


def test_the_matters_timeline_tells_what_became_of_its_zips(
    rule: KeepingRule,
    released: Matter,
    account: Account,
    session: Session,
    mei: User,
    ines: User,
    tomas: User,
) -> None:
    """Two came, one was destroyed and one refused; who may not see the whole trail is not led into it."""
    went = zips.zipped(account, world.message("edited"), file_key="went")
    stays = zips.zipped(account, world.message("main"), file_key="stays")
    row = gather(rule.account_id, by=mei)
    approved(row, by=mei, second=ines)
    hold_late(session, world.message("main"))
    run()
    for one in (ines, tomas):
        MatterMember.objects.create(matter=released, user=one, added_at=NOW, added_by_name="Ada")
    page = timeline.page(matter_id=released.pk, by=tomas, now=LATER)
    told = {line.words.line.partition(" of u-1")[0]: (line.words.why, line.event) for line in page.lines}
    assert told == {
        f"was refused to destroy zip {stays.pk} under disposition {row.pk}": ("a hold covers something in it", None),
        f"destroyed zip {went.pk} from Zoom under disposition {row.pk}": ("", None),
        f"brought zip {stays.pk}": ("", None),
        f"brought zip {went.pk}": ("", None),
    }  # fmt: skip
    linked = [line.event for line in timeline.page(matter_id=released.pk, by=ines, now=LATER).lines]
    assert len([event for event in linked if event is not None]) == 2
    other = zips.matter_at_zoom(account, name="Another", zoom_id="zm-2")
    zips.release(other)
    assert timeline.page(matter_id=other.pk, by=None, now=LATER).total == 0
