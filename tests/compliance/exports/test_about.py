"""What a package says of itself, read from packages as they are really made."""

from pathlib import Path

from django.contrib.auth.models import User

from archive.models import Message, Person, Session, SessionMember
from compliance.exports.choosing import Source
from compliance.models import Export, Hold
from tests.archive import scenes
from tests.compliance import cast
from tests.compliance.exports.conftest import NOW, State, Worker, made, of_matter
from tests.compliance.exports.test_accounted import table
from tests.compliance.exports.test_verifying import unpacked


def taken(source: Source, worker: Worker, by: User | None, to: Path) -> tuple[Export, Path]:
    """An export that was made, and its package."""
    row = made(source, worker, by)
    assert row.state == State.READY, row.ending or row.last_error
    return row, unpacked(row, to)


def test_a_custodian_is_counted_also_who_said_nothing(
    session: Session, ines: User, worker: Worker, tmp_path: Path
) -> None:
    """What each said, and all that was said in the sessions they were in; nothing is a printed zero."""
    account = session.account
    olu, ravi = Person.objects.get(member_id="m-olu"), Person.objects.get(member_id="m-ravi")
    silent = Person.objects.create(account=account, member_id="m-mei", display_name="Mei")
    absent = Person.objects.create(account=account, member_id="m-tom", display_name="Tom")
    SessionMember.objects.create(
        session=session, person=silent, first_seen_at=scenes.NOW, last_seen_at=scenes.NOW
    )
    theirs = cast.let_into(ines, session)
    for person in (ravi, silent, absent):
        Hold.objects.create(
            matter=theirs, account_id=account.pk, person_id=person.pk, covers_received=True, placed_at=NOW,
            placed_by_name="Ines",
        )  # fmt: skip
    _, bag = taken(of_matter(theirs), worker, ines, tmp_path)
    rows = table(bag, "counts.csv")
    found = {(row["by"], row["id"]): (row["name"], row["messages"]) for row in rows}
    said = str(Message.objects.filter(sender=ravi).count())
    everything = str(Message.objects.count())
    assert found["custodian", str(ravi.pk)] == ("Ravi", said)
    assert found["sessions of custodian", str(ravi.pk)] == ("Ravi", everything)
    assert found["custodian", str(silent.pk)] == ("Mei", "0")
    assert found["sessions of custodian", str(silent.pk)] == ("Mei", everything)
    assert (
        found["custodian", str(absent.pk)] == found["sessions of custodian", str(absent.pk)] == ("Tom", "0")
    )
    assert ("person", str(olu.pk)) in found
    assert ("custodian", str(olu.pk)) not in found
