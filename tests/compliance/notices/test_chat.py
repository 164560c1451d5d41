"""Notices in Zoom chat, against a pretend Zoom over HTTP: said once, whatever becomes of the replies."""

import uuid

import pytest
from django.contrib.auth.models import User

from compliance.models import Matter, MatterMember
from compliance.notices import acknowledging, deciding, rendering
from compliance.permissions import Role
from tests.archive.capture.conftest import Town, data, hurry, town
from tests.compliance import cast
from tests.compliance.notices.conftest import Case, token_in

__all__ = ["data", "hurry", "town"]
WRITE, READ = "sendaChatMessage", "getChatMessages"


@pytest.fixture
def chat(town: Town) -> Case:
    """A matter of the town's account whose custodians are told in Zoom chat."""
    ines: User = cast.person(Role.COMPLIANCE_OFFICER)
    matter = Matter.objects.create(
        account_id=town.account.pk, name="Inquiry 2026-114", reason="Letter of 1 March", request_key=uuid.uuid4(),
        opened_by=ines, opened_by_name="Ines Moreau", opened_at=town.now(),
    )  # fmt: skip
    MatterMember.objects.create(matter=matter, user=ines, added_at=town.now(), added_by_name="Ines")
    made = Case(matter, ines, now=town.now())
    made.plan(at_once=True, way="chat")
    made.add("Ravi")
    return made


def said(town: Town) -> list[str]:
    """What stands in Ravi's chats with the app's user."""
    return [
        one.text for talk in town.world.sessions.values() for one in talk.messages if "Reference" in one.text
    ]


def test_the_chat_holds_the_link_and_it_opens(town: Town, chat: Case) -> None:
    """A long notice is named there with its link, whose page shows the whole; acknowledging works the same."""
    chat.work()
    row = chat.notice(chat.matter.custodians.get(), channel="chat")
    assert (row.state, len(said(town))) == ("sent", 1)
    assert row.zoom_message_id != ""
    assert said(town)[0] == row.chat_text
    assert len(row.chat_text) <= 1024
    shown = acknowledging.shown(token=token_in(said(town)[0]))
    assert "Letter of 1 March" in shown.body
    assert acknowledging.acknowledge(
        token=token_in(said(town)[0]), comment="", browser="", now=chat.now
    ).acknowledged_at


def test_a_lost_reply_is_looked_up_and_nothing_said_twice(town: Town, chat: Case) -> None:
    """Zoom did it, and the answer was cut: found by its reference."""
    town.misbehave(f"cut_body@{WRITE}:nth=1")
    chat.work()
    row = chat.notice(chat.matter.custodians.get(), channel="chat")
    assert (row.state, len(said(town))) == ("due", 1)
    chat.later(minutes=2)
    row.refresh_from_db()
    assert (row.state, len(said(town)), town.asked(WRITE)) == ("sent", 1, 1)
    assert row.zoom_message_id != ""


def test_what_surely_did_not_arrive_is_said_after_all(town: Town, chat: Case) -> None:
    """A 500, and nothing in the chat: said once."""
    town.misbehave(f"error_500@{WRITE}:nth=1")
    chat.work()
    assert said(town) == []
    chat.later(minutes=2)
    row = chat.notice(chat.matter.custodians.get(), channel="chat")
    assert (row.state, len(said(town))) == ("sent", 1)


def test_a_lost_reply_that_cannot_be_looked_up_waits(town: Town, chat: Case) -> None:
    """Looking fails for a while; it is looked for until it can be, and said once."""
    town.misbehave(f"cut_body@{WRITE}:nth=1;error_500@{READ}:every=1")
    chat.work()
    for _ in range(3):
        chat.later(hours=1)
    row = chat.notice(chat.matter.custodians.get(), channel="chat")
    assert (row.state, len(said(town))) == ("due", 1)
    town.behave()
    chat.later(hours=5)
    row.refresh_from_db()
    assert (row.state, len(said(town))) == ("sent", 1)


def test_a_limit_is_waited_for(town: Town, chat: Case) -> None:
    """Until the very moment that Zoom named."""
    town.misbehave(f"rate_day@{WRITE}:every=1")
    chat.work()
    row = chat.notice(chat.matter.custodians.get(), channel="chat")
    assert (row.state, row.handed_over_at) == ("due", None)
    assert row.not_before > chat.now
    town.behave()
    chat.now = row.not_before
    chat.work()
    assert len(said(town)) == 1


def test_nobody_of_that_name_is_said(town: Town, chat: Case) -> None:
    """Zoom refuses it, the row says so, and pressing again asks again."""
    olu = chat.add("Nobody")
    chat.work()
    row = chat.notice(olu, channel="chat")
    assert row.state == "failed"
    assert "nobody@acme.example" in row.last_error
    deciding.again(matter_id=chat.matter.pk, notice_id=row.pk, by=chat.ines, now=chat.now)
    chat.work()
    assert chat.notice(olu, channel="chat").state == "failed"


def test_both_ways_are_one_notice_to_acknowledge(town: Town, chat: Case) -> None:
    """The mail and the chat hold the same link; one answer counts for both, and reminders stop."""
    chat.plan(way="both")
    ines = chat.add("Ines")
    chat.work()
    mail = chat.mails(ines.email)[0]
    first, also = chat.notice(ines), chat.notice(ines, channel="chat")
    assert also.first == first
    assert token_in(str(mail.body)) == token_in(also.chat_text)
    assert rendering.reference(also.key) in also.chat_text
    acknowledging.acknowledge(token=token_in(also.chat_text), comment="", browser="", now=chat.now)
    chat.later(days=5)
    assert chat.notice(ines).state == "acknowledged"
    assert len(chat.mails(ines.email)) == 1
