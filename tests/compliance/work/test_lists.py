"""Frozen lists: whole, in order, provable, unchangeable, and never more than one may see."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from archive import log, provenance, search
from archive.scope import Scope
from compliance import audit, celery, gathering, lists, parts, saved
from compliance.exports import choosing
from compliance.investigations import NotHere
from compliance.lists import Form
from compliance.models import AuditEvent, ListPart, MessageList
from tests.archive.search.talk import NOON, Talk
from tests.compliance.conftest import As
from tests.compliance.work.conftest import Index, Narrow

pytestmark = pytest.mark.django_db

NEWEST, OLDEST = search.Order.NEWEST, search.Order.OLDEST


def freeze(by: User | None, query: str = "budget", *, order: search.Order = NEWEST) -> MessageList:
    return lists.freeze(name="Board", query=query, order=order, by=by, now=NOON)


def ids(frozen: MessageList) -> list[int]:
    return [key for part in ListPart.objects.filter(list=frozen) for key in part.ids]


def test_a_frozen_list_is_the_whole_answer_in_order(talk: Talk, index: Index, ines: User) -> None:
    """With the query as typed, as read and in words, its scope, its coverage, and who asked."""
    said = [talk.say(f"budget {n}").pk for n in range(5)]
    talk.say("other")
    index()
    frozen = freeze(ines, order=OLDEST)
    assert (frozen.state, frozen.count, ids(frozen)) == ("done", 5, said)
    assert (frozen.query, frozen.parsed) == ("budget", 'Words(text="budget")')
    assert frozen.explanation == "Messages containing “budget”"
    assert frozen.made_by_name == "Ines Moreau (ines)"
    assert (frozen.complete_to, frozen.pending) == (6, 0)
    assert frozen.scope == {"people": None, "sessions": None, "since": None, "until": None}
    assert ids(freeze(ines)) == said[::-1]


def test_its_digest_is_that_of_the_file_one_takes(talk: Talk, index: Index, ines: User) -> None:
    """`sha256sum` of the NDJSON is what the page shows and what the log proves."""
    for n in range(3):
        talk.say(f"budget {n}")
    index()
    frozen = freeze(ines)
    taken = b"".join(lists.take(list_id=frozen.pk, form=Form.NDJSON, by=ines, now=NOON))
    assert taken == b"".join(b"%d\n" % key for key in ids(frozen))
    assert frozen.sha256 is not None
    assert hashlib.sha256(taken).digest() == bytes(frozen.sha256)
    event = AuditEvent.objects.get(action="froze")
    assert (event.subject, event.details["sha256"]) == (f"list/{frozen.pk}", bytes(frozen.sha256).hex())
    assert (event.details["messages"], event.details["query"]) == (3, "budget")
    log.checkpoint(now=NOON)
    assert provenance.of_leaf(audit.AUDIT_LEAF, event.pk) is not None
    assert lists.is_intact(list_id=frozen.pk, by=ines, now=NOON)
    csv = b"".join(lists.take(list_id=frozen.pk, form=Form.CSV, by=ines, now=NOON)).decode()
    assert csv.splitlines() == ["place,message", *(f"{n},{key}" for n, key in enumerate(ids(frozen), 1))]
    assert AuditEvent.objects.latest("pk").action == "downloaded"


def test_what_is_said_later_is_not_in_it(talk: Talk, index: Index, ines: User) -> None:
    """A list is of its day."""
    first = talk.say("budget")
    index()
    frozen = freeze(ines)
    talk.say("budget again")
    index()
    seen = lists.seen(list_id=frozen.pk, by=ines, now=NOON)
    assert [one.hit.message_id for one in seen.found] == [first.pk]
    assert (seen.line.count, seen.is_whole, seen.next) == (1, True, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_messagelist SET count = 0",
        "UPDATE compliance_messagelist SET state = 'due'",
        "UPDATE compliance_listpart SET ids = '{1}'",
        "DELETE FROM compliance_listpart",
        "INSERT INTO compliance_listpart (list_id, number, ids) SELECT id, 7, '{1}' FROM compliance_messagelist",
    ],
)
def test_nothing_of_a_frozen_list_can_be_changed(
    statement: str, talk: Talk, index: Index, ines: User
) -> None:
    """The database itself refuses."""
    talk.say("budget")
    index()
    freeze(ines)
    with (
        pytest.raises(DatabaseError, match=r"evidence is never changed or removed|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["compliance_messagelist", "compliance_listpart", "compliance_note"])
def test_the_owner_cannot_empty_the_tables_by_a_slip(
    table: str, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """TRUNCATE is refused too."""
    with pytest.raises(psycopg.errors.RestrictViolation, match="evidence is never changed or removed"):
        owner.execute(f"TRUNCATE {table} CASCADE".encode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "frozen", "name": ""},
        {"purpose": "run"},
        {"purpose": "tagging"},
        {"state": "done"},
        {"order": "relevant"},
    ],
)
def test_a_list_that_makes_no_sense_is_refused(wrong: dict[str, str]) -> None:
    """A frozen list has a name, a run its search, a result all its columns."""
    row = {
        "purpose": "frozen", "name": "x", "query": "a", "language": 2, "parsed": "a", "analysis": 2, "explanation": "a",
        "order": "newest", "made_by_name": "x", "asked_at": NOON, "not_before": NOON, "total": 1,
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="list_"), transaction.atomic():
        MessageList.objects.create(**{**row, **wrong})


def test_a_reviewer_looks_and_does_not_freeze_or_take(
    talk: Talk, index: Index, ines: User, ravi: User
) -> None:
    """And the attempts are in the trail."""
    talk.say("budget")
    index()
    frozen = freeze(ines)
    assert len(lists.seen(list_id=frozen.pk, by=ravi, now=NOON).found) == 1
    with pytest.raises(PermissionDenied, match="freeze lists of messages"):
        freeze(ravi)
    with pytest.raises(PermissionDenied, match="take lists of messages"):
        lists.take(list_id=frozen.pk, form=Form.CSV, by=ravi, now=NOON)
    assert AuditEvent.objects.filter(action="refused", actor=ravi).count() == 2


def test_who_cannot_read_sees_no_list(talk: Talk, index: Index, ines: User, ada: User, tomas: User) -> None:
    """Ada administers and Tomás audits: neither gets names, numbers or messages."""
    talk.say("budget")
    index()
    frozen = freeze(ines)
    for person in (ada, tomas):
        with pytest.raises(PermissionDenied):
            lists.lines(by=person, now=NOON)
        with pytest.raises(PermissionDenied):
            lists.seen(list_id=frozen.pk, by=person, now=NOON)
        with pytest.raises(PermissionDenied):
            lists.progress(list_id=frozen.pk, by=person, now=NOON)


def test_somebody_elses_list_shows_and_counts_only_what_one_may_see(
    talk: Talk, index: Index, ines: User, ravi: User, narrow: Narrow
) -> None:
    """Ravi sees one room: of what Ines froze he sees that room, and its number."""
    inside = talk.say("budget here")
    talk.say("budget there", where="deal room")
    index()
    frozen = freeze(ines)
    narrow(ravi, Scope(sessions=frozenset({inside.session_id})))
    seen = lists.seen(list_id=frozen.pk, by=ravi, now=NOON)
    assert ([one.hit.message_id for one in seen.found], seen.line.count, seen.is_whole) == (
        [inside.pk],
        1,
        False,
    )
    assert [line.count for line in lists.lines(by=ravi, now=NOON)[0]] == [1]
    assert lists.progress(list_id=frozen.pk, by=ravi, now=NOON)[1] is False
    assert AuditEvent.objects.latest("pk").details["shown"] == [inside.pk]


def test_a_list_is_read_on_by_place(talk: Talk, index: Index, ines: User) -> None:
    """Pages join without a hole."""
    talk.say_all([])
    said = [talk.say(f"budget {n}").pk for n in range(120)]
    index()
    frozen, after, shown = freeze(ines, order=OLDEST), 0, []
    for _ in range(3):
        seen = lists.seen(list_id=frozen.pk, after=after, by=ines, now=NOON)
        shown += [one.hit.message_id for one in seen.found]
        after = seen.next or 0
    assert (shown, after) == (said, 0)


def test_a_misunderstood_query_freezes_nothing(talk: Talk, index: Index, ines: User) -> None:
    """The error is the search's own."""
    talk.say("budget")
    index()
    with pytest.raises(search.QueryError):
        freeze(ines, '"budget')
    assert MessageList.objects.count() == 0
    with pytest.raises(NotHere):
        lists.seen(list_id=1, by=ines, now=NOON)


def large(ines: User, monkeypatch: pytest.MonkeyPatch) -> MessageList:
    """A list that is left to a worker, because nothing is small enough to be read at once."""
    monkeypatch.setattr(gathering, "AT_ONCE", 0)
    return freeze(ines)


def test_a_large_list_is_a_job_with_progress(
    talk: Talk, index: Index, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for, left to a worker, done once."""
    talk.say("budget")
    index()
    asked = large(ines, monkeypatch)
    assert (asked.state, asked.total, asked.done) == ("due", 1, 0)
    assert lists.seen(list_id=asked.pk, by=ines, now=NOON).found == []
    with pytest.raises(NotHere):
        lists.take(list_id=asked.pk, form=Form.CSV, by=ines, now=NOON)
    assert gathering.carry_out_next(clock=lambda: NOON)
    assert not gathering.carry_out_next(clock=lambda: NOON)
    done, shows_numbers = lists.progress(list_id=asked.pk, by=ines, now=NOON)
    assert (done.state, done.done, done.count, shows_numbers) == ("done", 1, 1, True)


def test_what_is_nudged_is_there() -> None:
    """Beat and the pages name the worker's task as a text; a wrong one would be swallowed."""
    celery.app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "compliance.tasks.read_lists" in named
    assert named <= set(celery.app.tasks)


def test_a_worker_that_died_is_replaced_and_its_parts_forgotten(
    talk: Talk, index: Index, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is one answer, never two halves."""
    talk.say("budget")
    index()
    asked = large(ines, monkeypatch)
    MessageList.objects.filter(pk=asked.pk).update(state="claimed", claimed_at=NOON, attempts=1)
    parts.write(asked.pk, 0, [999])
    assert not gathering.carry_out_next(clock=lambda: NOON + timedelta(minutes=1))
    assert gathering.carry_out_next(clock=lambda: NOON + timedelta(minutes=6))
    asked.refresh_from_db()
    assert (asked.state, asked.attempts, 999 in ids(asked)) == ("done", 2, False)


def test_who_may_no_longer_freeze_gets_no_list(
    talk: Talk, index: Index, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights are asked when the list is read, not only when it was asked for."""
    talk.say("budget")
    index()
    asked = large(ines, monkeypatch)
    ines.groups.clear()
    assert gathering.carry_out_next(clock=lambda: NOON)
    asked.refresh_from_db()
    assert (asked.state, asked.last_error) == ("failed", "Whoever asked for it may no longer do so.")
    assert not ListPart.objects.exists()


def test_a_query_that_would_mean_something_else_is_not_read(
    talk: Talk, index: Index, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between asking and reading the product may have been upgraded."""
    talk.say("budget")
    index()
    asked = large(ines, monkeypatch)
    MessageList.objects.filter(pk=asked.pk).update(parsed='Words(text="budged")')
    gathering.carry_out_next(clock=lambda: NOON)
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert "would mean something else" in asked.last_error


def test_a_missing_index_is_waited_for(
    talk: Talk, index: Index, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job says why, and is tried again later."""
    talk.say("budget")
    index()
    asked = large(ines, monkeypatch)
    folder = Path(settings.HOLDFAST_DATA) / "index"
    folder.rename(folder.with_name("elsewhere"))
    gathering.carry_out_next(clock=lambda: NOON)
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("due", 1)
    assert "no search index" in asked.last_error
    folder.with_name("elsewhere").rename(folder)
    assert gathering.carry_out_next(clock=lambda: NOON + timedelta(hours=1))
    asked.refresh_from_db()
    assert (asked.state, asked.last_error) == ("done", "")


def test_a_list_is_stopped_and_nothing_of_it_stays(
    talk: Talk, index: Index, ines: User, ravi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever asked for it, also in the middle; it cannot be exported, and the trail says who stopped it."""
    talk.say("budget")
    index()
    asked = large(ines, monkeypatch)
    with pytest.raises(saved.Unfit, match="Only whoever asked"):
        lists.stop(list_id=asked.pk, by=ravi, now=NOON)
    moments = iter([NOON, NOON, NOON])

    def clock() -> datetime:
        """Ines stops it when the worker has read all and not written the result."""
        at = next(moments, None)
        if at is None:
            lists.stop(list_id=asked.pk, by=ines, now=NOON)
        return NOON

    assert gathering.carry_out_next(clock=clock)
    asked.refresh_from_db()
    assert (asked.state, asked.count, ListPart.objects.count()) == ("stopped", None, 0)
    assert AuditEvent.objects.get(action="stopped").subject == f"list/{asked.pk}"
    assert not AuditEvent.objects.filter(action="froze").exists()
    assert not gathering.carry_out_next(clock=lambda: NOON + timedelta(days=1))
    assert not lists.stop(list_id=asked.pk, by=ines, now=NOON)
    with pytest.raises(choosing.Unfit, match="never read"):
        choosing.find(choosing.Source(choosing.Kind.LIST, asked.pk), by=ines, now=NOON)


def test_what_is_stopped_says_so_on_its_page(
    talk: Talk, index: Index, ines: User, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button beside the bar; afterwards neither bar nor button."""
    talk.say("budget")
    index()
    asked, client = large(ines, monkeypatch), as_person(ines)
    assert f"/lists/{asked.pk}/stop/" in client.get(f"/lists/{asked.pk}/").content.decode()
    said = client.post(f"/lists/{asked.pk}/stop/", follow=True).content.decode()
    assert "It was stopped." in said
    assert "Nothing of it was kept." in said
    assert f"/lists/{asked.pk}/stop/" not in said
    assert "stopped" in client.get("/lists/").content.decode()
