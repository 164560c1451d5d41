"""Tags and notes: put on by who may, found by a query, versions kept, nothing outside a scope."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from archive import search
from archive.scope import Scope
from compliance import gathering, investigations, tagging
from compliance.investigations import NotHere
from compliance.models import AuditEvent, MessageList, Tag, TagMark
from compliance.saved import Unfit
from tests.archive.search.talk import NOON, Talk
from tests.compliance.work.conftest import Index, Narrow

pytestmark = pytest.mark.django_db


@pytest.fixture
def hot(ines: User) -> Tag:
    return tagging.make(name="hot", colour="destroyed", by=ines, now=NOON)


def found(query: str, by: User) -> set[int]:
    findings = investigations.messages(query=query, by=by, now=NOON)
    assert findings.answer.count == len(findings.found)
    return {one.hit.message_id for one in findings.found}


def test_tagged_messages_are_found_at_once(talk: Talk, index: Index, hot: Tag, ines: User) -> None:
    """Without a word to the index; and no longer once the tag is taken off."""
    one, two = talk.say("a"), talk.say("b")
    index()
    assert tagging.put(tag_id=hot.pk, message_ids=[one.pk, two.pk, one.pk], by=ines, now=NOON) == 2
    assert tagging.put(tag_id=hot.pk, message_ids=[one.pk], by=ines, now=NOON) == 0
    assert found("tag:hot", ines) == {one.pk, two.pk}
    assert tagging.take_off(tag_id=hot.pk, message_ids=[two.pk], by=ines, now=NOON) == 1
    assert found("tag:Hot", ines) == {one.pk}
    events = AuditEvent.objects.filter(subject=f"tag/{hot.pk}").order_by("pk")
    assert [event.action for event in events] == ["saved", "tagged", "tagged", "untagged"]
    assert events[1].details == {"tag": "hot", "tagged": sorted([one.pk, two.pk]), "newly": 2}


def test_a_whole_answer_is_tagged(talk: Talk, index: Index, hot: Tag, ines: User) -> None:
    """In one go when it is small; the trail has the query, the number and the digest of the ids."""
    said = [talk.say(f"budget {n}").pk for n in range(4)]
    talk.say("other")
    index()
    tagging.put(tag_id=hot.pk, message_ids=said[:1], by=ines, now=NOON)
    job = tagging.put_on_all(tag_id=hot.pk, query="budget", order=search.Order.NEWEST, by=ines, now=NOON)
    assert (job.state, job.count) == ("done", 4)
    assert found("tag:hot", ines) == set(said)
    details = AuditEvent.objects.latest("pk").details
    assert AuditEvent.objects.filter(action="tagged").latest("pk").details["newly"] == 3
    assert details["query"] == "tag:hot"


def test_a_long_answer_is_tagged_by_a_worker_all_or_nothing(
    talk: Talk, index: Index, hot: Tag, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is tagged until all of it is."""
    talk.say("budget")
    index()
    monkeypatch.setattr(gathering, "AT_ONCE", 0)
    job = tagging.put_on_all(tag_id=hot.pk, query="budget", order=search.Order.NEWEST, by=ines, now=NOON)
    assert (job.state, TagMark.objects.count()) == ("due", 0)
    gathering.carry_out_next(clock=lambda: NOON)
    assert (MessageList.objects.get().state, TagMark.objects.count()) == ("done", 1)


def test_a_reviewer_tags_and_makes_no_tags(talk: Talk, index: Index, hot: Tag, ravi: User, ada: User) -> None:
    """Ravi uses the names there are; Ada neither."""
    message = talk.say("a")
    index()
    assert tagging.put(tag_id=hot.pk, message_ids=[message.pk], by=ravi, now=NOON) == 1
    with pytest.raises(PermissionDenied, match="make tags"):
        tagging.make(name="cold", colour="plain", by=ravi, now=NOON)
    for attempt in (
        lambda: tagging.put(tag_id=hot.pk, message_ids=[message.pk], by=ada, now=NOON),
        lambda: tagging.take_off(tag_id=hot.pk, message_ids=[message.pk], by=ada, now=NOON),
        lambda: tagging.put_on_all(tag_id=hot.pk, query="a", order=search.Order.NEWEST, by=ada, now=NOON),
        lambda: tagging.note(message_id=message.pk, text="x", by=ada, now=NOON),
        lambda: tagging.lines(by=ada, now=NOON),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert AuditEvent.objects.filter(action="refused").count() == 6


@pytest.mark.parametrize("name", ["", "   ", "a:b", '"hot"', "(hot)", "x" * 41, "hot*", "HOT", "ｈｏｔ"])
def test_a_name_can_be_typed_in_a_query_and_is_there_once(name: str, hot: Tag, ines: User) -> None:
    """In any case and width."""
    with pytest.raises(Unfit):
        tagging.make(name=name, colour="plain", by=ines, now=NOON)


def test_a_colour_is_one_of_the_palette(ines: User) -> None:
    """No page carries a colour that somebody typed."""
    with pytest.raises(Unfit):
        tagging.make(name="cold", colour="#ff0000", by=ines, now=NOON)


def test_nobody_tags_or_notes_what_they_may_not_see(
    talk: Talk, index: Index, hot: Tag, ravi: User, narrow: Narrow
) -> None:
    """Not even one of several; and what does not exist looks the same."""
    inside, outside = talk.say("a"), talk.say("b", where="deal room")
    index()
    narrow(ravi, Scope(sessions=frozenset({inside.session_id})))
    for ids in ([inside.pk, outside.pk], [outside.pk + 1000]):
        with pytest.raises(NotHere):
            tagging.put(tag_id=hot.pk, message_ids=ids, by=ravi, now=NOON)
        with pytest.raises(NotHere):
            tagging.take_off(tag_id=hot.pk, message_ids=ids, by=ravi, now=NOON)
    with pytest.raises(NotHere):
        tagging.note(message_id=outside.pk, text="x", by=ravi, now=NOON)
    tagging.put_on_all(tag_id=hot.pk, query="a OR b", order=search.Order.NEWEST, by=ravi, now=NOON)
    assert list(TagMark.objects.values_list("message_id", flat=True)) == [inside.pk]


def test_tags_count_what_one_may_see(
    talk: Talk, index: Index, hot: Tag, ines: User, ravi: User, narrow: Narrow
) -> None:
    """Also when somebody else put them on."""
    inside, outside = talk.say("a"), talk.say("b", where="deal room")
    index()
    tagging.put(tag_id=hot.pk, message_ids=[inside.pk, outside.pk], by=ines, now=NOON)
    narrow(ravi, Scope(sessions=frozenset({inside.session_id})))
    assert [(line.tag.name, line.count) for line in tagging.lines(by=ravi, now=NOON)] == [("hot", 1)]
    assert found("tag:hot", ravi) == {inside.pk}
    assert [line.count for line in tagging.lines(by=ines, now=NOON)] == [2]


def test_a_note_keeps_its_versions(talk: Talk, ines: User, ravi: User) -> None:
    """Changed by its writer only; withdrawn by an empty version; the trail has digests, not words."""
    message = talk.say("a")
    first = tagging.note(message_id=message.pk, text="look here", by=ines, now=NOON)
    second = tagging.note(message_id=message.pk, text="look there", replaces=first.pk, by=ines, now=NOON)
    other = tagging.note(message_id=message.pk, text="I did", by=ravi, now=NOON)
    stories = tagging.notes_on(message.pk)
    assert [[v.text for v in story.versions] for story in stories] == [["look here", "look there"], ["I did"]]
    assert tagging.beside([message.pk])[message.pk].notes == 2
    tagging.note(message_id=message.pk, text="", replaces=second.pk, by=ines, now=NOON)
    assert tagging.beside([message.pk])[message.pk].notes == 1
    with pytest.raises(NotHere):
        tagging.note(message_id=message.pk, text="no", replaces=other.pk, by=ines, now=NOON)
    with pytest.raises(Unfit, match="in the meantime"):
        tagging.note(message_id=message.pk, text="fork", replaces=first.pk, by=ines, now=NOON)
    with pytest.raises(Unfit):
        tagging.note(message_id=message.pk, text="  ", by=ines, now=NOON)
    details = AuditEvent.objects.filter(action="noted").earliest("pk").details
    assert details["sha256"] == hashlib.sha256(b"look here").hexdigest()
    assert "look here" not in str(details)


@pytest.mark.parametrize("table", ["compliance_tagmark", "compliance_note"])
def test_what_hangs_on_a_message_needs_the_message(table: str) -> None:
    """The database itself asks for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f' "
            "AND conkey = ARRAY[(SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'message_id')]",
            [table],
        )
        assert cursor.fetchall() == [("archive_message",)]


def test_a_tag_on_nothing_is_refused(hot: Tag) -> None:
    """At once, not at the end of the transaction."""
    with pytest.raises(IntegrityError, match="tagmark_has_its_message"), transaction.atomic():
        TagMark.objects.create(tag=hot, message_id=12345, made_at=NOON)


def test_a_note_stays_as_it_was_written(talk: Talk, ines: User) -> None:
    """Neither changed nor removed."""
    note = tagging.note(message_id=talk.say("a").pk, text="x", by=ines, now=NOON)
    for attempt in (note.delete, note.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
