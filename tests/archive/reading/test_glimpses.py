"""A message in a line says what its conversation says of it, in three queries however many there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import glimpses, ingest, transcript
from archive.models import Message, Person
from tests.archive.scenes import INES, NOON, NOW, OLU, conversation, page, said

pytestmark = pytest.mark.django_db


def test_a_line_says_what_the_conversation_says() -> None:
    """Names of then, every wording, how it stands, its files; and no more queries for more messages."""
    window = conversation()
    sent = [said(str(n), id=str(n), by=(INES, OLU)[n % 2], minute=n) for n in range(6)]
    sent[2] = said("2", id="2", by=INES, minute=2, files=[{"file_id": "f", "file_name": "plan.pdf"}])
    edited = [said(text, id="3", by=OLU, minute=3, action_timestamp=0) for text in ("3 at first",)]
    deleted = [said("4", id="4", by=INES, minute=4)]
    offered = page(sent, edited=edited, deleted=deleted)
    ingest.message_page(offered, window=window, pull=1, now=NOW)
    Person.objects.filter(display_name="Ines").update(display_name="Ines B.")
    whole = transcript.between(window.session_id or 0, now=NOW)
    assert whole is not None
    counts = []
    for some in (whole.messages[:1], whole.messages):
        with CaptureQueriesContext(connection) as queries:
            seen = glimpses.of([one.id for one in some])
        counts.append(len(queries))
        assert [
            (
                g.message_id, g.sent_at, g.sender_name, g.sender_is_external, g.wordings, g.is_destroyed,
                g.files, g.is_edited, g.is_deleted,
            )
            for g in (seen[one.id] for one in some)
        ] == [
            (
                one.id, one.sent_at, one.sender_name, one.sender_is_external, one.story.wordings, False,
                tuple(file.name for file in one.files), one.zoom_id == "3", one.zoom_id == "4",
            )
            for one in some
        ]  # fmt: skip
    assert counts == [3, 3]


def test_a_line_has_every_wording_for_highlights() -> None:
    """In the order they were written, for as many messages as asked."""
    window = conversation()
    edits = [
        said(text, id="a", action_timestamp=int((NOON + timedelta(minutes=minute)).timestamp() * 1000))
        for text, minute in (("old", 0), ("new", 1))
    ]
    offered = page([said("new", id="a"), said("other", id="b")], edited=edits)
    ingest.message_page(offered, window=window, pull=1, now=NOW)
    keys = list(Message.objects.order_by("zoom_id").values_list("pk", flat=True))
    found = glimpses.of(keys)
    assert [[w.text for w in found[key].wordings] for key in keys] == [["old", "new"], ["other"]]


def test_whoever_is_not_named_by_the_record_is_called_what_is_known_now() -> None:
    """The newest name, else the address, else a number; and nobody is an unknown sender."""
    window = conversation()
    nameless = {**INES, "sender_display_name": ""}
    offered = page([said("a", id="a", by=nameless), said("b", id="b", by={})])
    ingest.message_page(offered, window=window, pull=1, now=NOW)
    message, senderless = Message.objects.select_related("sender").order_by("zoom_id")
    person = message.sender
    assert person is not None
    called = []
    for name, email in (("Ines B.", "ines@example.com"), ("", "ines@example.com"), ("", "")):
        Person.objects.filter(pk=person.pk).update(display_name=name, email=email)
        called.append(glimpses.of([message.pk])[message.pk].sender_name)
    assert called == ["Ines B.", "ines@example.com", f"person {person.pk}"]
    seen = glimpses.of([senderless.pk, senderless.pk + 1])
    assert [(one.sender_name, one.sender_is_external) for one in seen.values()] == [("unknown sender", None)]
