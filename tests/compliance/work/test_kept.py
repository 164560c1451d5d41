"""`manage.py verify` looks at frozen lists and notes: whoever puts the triggers aside is found out."""

from collections.abc import Callable

import pytest

from archive import search
from compliance import lists, tagging
from compliance.permissions import Role
from tests.archive.core.test_inspection import findings, tamper  # noqa: F401 -- a fixture
from tests.archive.search.talk import NOON, Talk
from tests.compliance import cast
from tests.compliance.work.conftest import Index

KINDS = ("frozen list", "note")
CHANGES = {
    "its ids": "UPDATE compliance_listpart SET ids = array_append(ids, 1)",
    "its digest": "UPDATE compliance_messagelist SET sha256 = decode(repeat('00', 32), 'hex')",
    "its query": "UPDATE compliance_messagelist SET query = 'nothing'",
    "a list": "DELETE FROM compliance_listpart; DELETE FROM compliance_messagelist",
    "the event of a list": "UPDATE compliance_auditevent SET action = 'looked' WHERE action = 'froze'",
    "a text": "UPDATE compliance_note SET text = 'I never said so' WHERE replaces_id IS NULL",
    "the message of a note": "UPDATE compliance_note SET message_id = message_id + 1 WHERE replaces_id IS NULL",
    "the newest version": "DELETE FROM compliance_note WHERE replaces_id IS NOT NULL",
    "the event of a note": "UPDATE compliance_auditevent SET action = 'looked' WHERE action = 'noted'",
}


@pytest.fixture
def kept(transactional_db: None, index: Index) -> None:
    """A list of one message is frozen; a note is written on it, and written anew."""
    talk = Talk()
    message = talk.say("budget")
    index()
    ines = cast.person(Role.COMPLIANCE_OFFICER)
    lists.freeze(name="Board", query="budget", order=search.Order.NEWEST, by=ines, now=NOON)
    first = tagging.note(message_id=message.pk, text="Ask legal", by=ines, now=NOON)
    tagging.note(message_id=message.pk, text="Legal says yes", replaces=first.pk, by=ines, now=NOON)


def wrong() -> list[str]:
    """What is wrong with lists and notes; the made-up revisions of a talk have no bytes to be derived from."""
    return [str(one) for one in findings().problems if one.kind in KINDS]


def test_honest_lists_and_notes_pass(kept: None) -> None:
    """And the figures say how many were looked at."""
    assert wrong() == []
    assert (findings().figures["frozen lists"], findings().figures["notes"]) == (1, 2)


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_behind_the_triggers_is_named(
    kept: None,
    change: str,
    tamper: Callable[[str], None],  # noqa: F811
) -> None:
    """Changed, taken away, or left without the event that says how it came about."""
    tamper(CHANGES[change])
    assert len(wrong()) >= 1
