"""There is one way in which a message, a version, a file or a blob can go: shown on the code, and as the application's role."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from archive import grants, purge
from archive.models import Attachment, Blob, HoldFile, Message, Revision
from compliance import holds
from compliance.models import Hold, Matter
from tests.archive.disposition import zips
from tests.archive.disposition.conftest import Talk, destroy, file, lock_holds
from tests.archive.disposition.test_hold_against_purge import matter_of
from tests.archive.scenes import NOON, NOW

ROOT = Path(__file__).resolve().parents[3]
PRODUCT = ("archive", "compliance", "standalone", "zoom")
DELETES = frozenset({"delete", "_raw_delete", "unlink", "rmtree", "remove", "rmdir"})
KNOWN = {
    "archive/blobs.py": "incoming files, and `remove`, called by archive/removal.py alone",
    "archive/capture/files.py": "a download that became a blob",
    "archive/capture/openings.py": "what was read inside a zip of a hold, to be read again",
    "archive/capture/passages.py": "words of a file in a zip of a hold, which are made anew from its text",
    "archive/capture/zips.py": "a download that became a blob; what was read inside the version before",
    "archive/keys.py": "the draft of a key",
    "archive/publication.py": "the draft of a checkpoint",
    "archive/reporting/following.py": "figures of reports that are counted again",
    "compliance/disposition/gathering.py": "parts of a set that is put together again",
    "compliance/disposition/zips.py": "the zips of a set that is put together again",
    "archive/packages/choosing.py": "what an export that was given up had chosen",
    "archive/packages/parts.py": "the files of a package, as they are zipped",
    "archive/packages/sinks.py": "a file of a package that is given up",
    "archive/removal.py": "the bytes of destroyed blobs",
    "archive/search/files.py": "files of the index",
    "archive/search/folder.py": "files of the index",
    "archive/search/indexer.py": "what is known of an index that is gone",
    "archive/search/upkeep.py": "what is known of an index that is gone",
    "compliance/at_zoom.py": "a matter at Zoom",
    "compliance/api/searches.py": "a saved search taken off the lists",
    "compliance/exports/folders.py": "the files of an export that is given up, has expired or was withdrawn",
    "compliance/factors.py": "a second factor",
    "compliance/marks.py": "a tag taken off",
    "compliance/parts.py": "parts of a list that is read again",
    "compliance/views/matter_endings.py": "a matter at Zoom, by `at_zoom`",
    "compliance/views/searches.py": "a saved search taken off the lists",
    "compliance/reconciling.py": "a line of figures that is made again",
    "compliance/signed_in.py": "sessions of people signed in",
    "compliance/tallying.py": "figures that are counted again",
    "standalone/folder.py": "drafts of the servers' own files",
    "standalone/keeper.py": "drafts of the servers' own files",
    "standalone/postgres.py": "a socket left behind",
    "standalone/processes.py": "a process taken off a list",
    "standalone/redis.py": "a socket left behind",
}
RECORDS = (
    "message|revision|attachment|forward|blob|observation|reading|extraction|page|unreadable|tombstone|leaf|"
    "ziptombstone|holdfile|holdreceipt|holdentry|holdpassage"
)
DELETING_SQL = re.compile(
    rf"(DELETE\s+FROM|TRUNCATE(\s+TABLE)?|UPDATE)\s+\S*archive_({RECORDS})\b", re.IGNORECASE
)
ANY_SQL = re.compile(r"DELETE\s+FROM\s+(?!archive_report|archive_exportitem\b)|TRUNCATE", re.IGNORECASE)
"""What reports add up may be dropped and counted again; what an export chose, cut down to what its asker may see."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[str]:
    """The names of what is called as a method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def texts(tree: ast.Module) -> Iterator[str]:
    """Every string, joined pieces of f-strings too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_whoever_deletes_anything_is_known() -> None:
    """A new call that deletes rows or files, anywhere in the product, has to be thought about here."""
    found = {name for name, tree in sources() if not DELETES.isdisjoint(calls(tree))}
    zoom = {name for name in found if name.startswith("zoom/")}
    assert found - zoom <= KNOWN.keys()
    assert KNOWN.keys() <= found


def test_no_statement_deletes_or_changes_a_record() -> None:
    """No SQL outside of migrations removes or changes what was captured; none deletes from any table but
    those of figures for reports and of what exports chose."""
    for name, tree in sources():
        for text in texts(tree):
            assert DELETING_SQL.search(text) is None, name
            assert ANY_SQL.search(text) is None, name


def test_no_query_of_the_product_deletes_a_record() -> None:
    """`Model.objects…delete()` on a record is written nowhere."""
    models = {
        "Message",
        "Revision",
        "Attachment",
        "Forward",
        "Blob",
        "Observation",
        "Reading",
        "Extraction",
        "Tombstone",
    }
    for name, tree in sources():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in DELETES
            ):
                continue
            named = {inner.id for inner in ast.walk(node.func.value) if isinstance(inner, ast.Name)}
            assert named.isdisjoint(models), f"{name}:{node.lineno}"


def test_one_module_calls_the_functions_that_destroy() -> None:
    """Their names are in purge.py alone, and `blobs.remove` is called by removal.py alone."""
    for function in ("archive_destroy(", "archive_destroy_zip("):
        naming = {name for name, tree in sources() if any(function in text for text in texts(tree))}
        assert naming == {"archive/purge.py"}
    removing = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "remove" and isinstance(node.value, ast.Name)
        and node.value.id == "blobs"
    }  # fmt: skip
    assert removing == {"archive/removal.py"}


def refused(statement: str, *given: object) -> str:
    """The sentence with which the database refuses a statement of the application."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given or None)
    return str(caught.value)


def call(message: Message) -> None:
    """The function itself, as somebody would who has the application's password."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT archive_destroy(%s, %s::bytea[], 1, now())", [[message.pk], [b"s" * 16]])


@pytest.fixture
def said(talk: Talk) -> Message:
    message = talk.say("see attached", id="a", files=[file("F1")])
    talk.attach(b"plan", file_id="F1")
    return message


def lock_session(message: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('holdfast session ' || %s, 0))",
            [message.session_id],
        )


def lock_members() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE archive_sessionmember, archive_membership IN SHARE MODE")


def stand_still() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def call_with(locks: Sequence[Callable[[Message], None]], message: Message) -> None:
    """In one transaction."""
    with transaction.atomic():
        for lock in locks:
            lock(message)
        call(message)


LOCKS: list[Callable[[Message], None]] = [lambda _: lock_holds(), lock_session, lambda _: lock_members()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("without", range(len(LOCKS)))
def test_the_function_refuses_without_the_locks_of_the_hold_check(said: Message, without: int) -> None:
    """Each of them is needed; what was asked for stays."""
    some = [lock for number, lock in enumerate(LOCKS) if number != without]
    with pytest.raises(DatabaseError, match="the locks under which holds are looked at are not held"):
        call_with(some, said)
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_with_all_of_them_it_destroys(said: Message) -> None:
    """So that the refusals above are for what they say."""
    call_with(LOCKS, said)
    assert Revision.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_function_refuses_a_transaction_that_sees_only_the_past(said: Message) -> None:
    """A hold placed after it began would be invisible to it."""
    with pytest.raises(DatabaseError, match="READ COMMITTED"):
        call_with([lambda _: stand_still(), *LOCKS], said)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("names", ["person", "session", "nothing", "both"])
def test_the_function_refuses_what_is_plainly_held_whatever_it_is_told(said: Message, names: str) -> None:
    """The caller says that there are no holds; the database knows better."""
    Hold.objects.create(
        matter=matter_of(said.session.account), account_id=said.session.account_id, covers_received=False,
        person_id=said.sender_id if names in ("person", "both") else None,
        session_id=said.session_id if names in ("session", "both") else None,
        placed_at=NOW, placed_by_name="Ines", since=NOON,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="a hold in force covers one of these messages"):
        destroy(said)
    assert Revision.objects.count() == 1
    Hold.objects.update(released_at=NOW)
    assert destroy(said).destroyed == (said.pk,)


def call_for_a_zip(zip_: HoldFile, matter: Matter, messages: Sequence[Message]) -> None:
    """The function itself, told that nothing holds anything."""
    given = [zip_.pk, [one.pk for one in messages], matter.pk, b"s" * 16]
    with connection.cursor() as cursor:
        cursor.execute("SELECT archive_destroy_zip(%s, %s::bigint[], %s, '{}', %s, 1, now())", given)


def call_under_locks(
    zip_: HoldFile, matter: Matter, said: Message, messages: Sequence[Message], but: int | None = None
) -> None:
    """In one transaction, without one of the locks where one is named."""
    with transaction.atomic():
        for number, lock in enumerate(LOCKS):
            if number != but:
                lock(said)
        call_for_a_zip(zip_, matter, messages)


@pytest.fixture
def zip_and_matter(talk: Talk, said: Message) -> tuple[HoldFile, Matter]:
    matter = zips.matter_at_zoom(talk.account)
    zips.release(matter)
    return zips.zipped(talk.account, said), matter


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("without", [*range(len(LOCKS)), None])
def test_the_function_for_zips_wants_the_same_locks(
    said: Message, zip_and_matter: tuple[HoldFile, Matter], without: int | None
) -> None:
    """The table of holds, the members, and each session something in it was said in; with all of them it goes."""
    zip_, matter = zip_and_matter

    if without is None:
        call_under_locks(zip_, matter, said, [said])
    else:
        with pytest.raises(DatabaseError, match="the locks under which holds are looked at are not held"):
            call_under_locks(zip_, matter, said, [said], but=without)
    zip_.refresh_from_db()
    assert (zip_.blob is None) == (without is None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("names", ["person", "session", "nothing"])
@pytest.mark.parametrize("told", ["all of it", "nothing of it"])
def test_the_function_for_zips_refuses_what_a_hold_may_cover(
    said: Message, zip_and_matter: tuple[HoldFile, Matter], names: str, told: str
) -> None:
    """Told what is in it, or told nothing, in which case whatever could be about its custodian and days counts."""
    zip_, matter = zip_and_matter
    Hold.objects.create(
        matter=matter_of(said.session.account), account_id=said.session.account_id, covers_received=False,
        person_id=said.sender_id if names == "person" else None,
        session_id=said.session_id if names == "session" else None, placed_at=NOW, placed_by_name="Ines", since=NOON,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="covers something in this zip, or may"):
        call_under_locks(zip_, matter, said, [said] if told == "all of it" else [])
    zip_.refresh_from_db()
    assert zip_.blob is not None


@pytest.mark.django_db
def test_the_application_cannot_open_the_door_itself(said: Message) -> None:
    """Neither mark its transaction as destroying, nor write a tombstone, nor delete what the mark would allow."""
    assert "permission denied" in refused("INSERT INTO archive_destroying VALUES (pg_current_xact_id())")
    assert "permission denied" in refused("INSERT INTO archive_tombstone (message_id) VALUES (1)")
    assert "permission denied" in refused("INSERT INTO archive_ziptombstone (hold_file_id) VALUES (1)")
    for table in (
        "revision",
        "blob",
        "observation",
        "reading",
        "attachment",
        "forward",
        "message",
        "tombstone",
        "ziptombstone",
        "holdfile",
        "holdreceipt",
    ):
        assert "permission denied" in refused(f"DELETE FROM archive_{table}")
    assert (Attachment.objects.count(), Blob.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_three_functions_run_with_the_owners_rights(db: None) -> None:
    """The way into the log, and the ways out of the record: nothing else may do what the application may not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig::text, has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
            " WHERE prosecdef AND pronamespace = current_schema()::regnamespace ORDER BY 1"
        )
        found = cursor.fetchall()
    assert [name for name, _, _ in found] == ["archive_append", "archive_destroy", "archive_destroy_zip"]
    assert all(
        "search_path=pg_catalog, pg_temp" in settings and not is_public for _, settings, is_public in found
    )


@pytest.mark.django_db
def test_what_the_application_may_delete_is_no_record() -> None:
    """The tables it may delete from are working tables, derived or its own."""
    deletable = {
        table for table, allowed in {**grants.EVIDENCE, **grants.WORKING}.items() if "DELETE" in allowed
    }
    records = {table for table in deletable if table.startswith("archive_")}
    assert {table for table in records if not table.startswith("archive_report")} == {
        "archive_dayindexed",
        "archive_exportfact",
        "archive_exportfile",
        "archive_exportitem",
        "archive_exportrecord",
        "archive_extraction",
        "archive_holdentry",
        "archive_holdpassage",
        "archive_indexstate",
    }


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_refused_too_outside_of_the_function(
    said: Message, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """While no transaction of the owner's is marked, its own DELETE is refused as ever."""
    for table in ("revision", "blob", "observation", "tombstone", "ziptombstone", "holdreceipt"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(f"DELETE FROM archive_{table}".encode())


@pytest.mark.django_db(transaction=True)
def test_the_rules_in_force_are_those_of_the_moment(said: Message) -> None:
    """A disposition reads them under the lock the function asks for."""
    with transaction.atomic():
        outcome = purge.destroy([said.pk], holds=holds.rules(lock=True), disposition=1, now=NOW)
    assert outcome.destroyed == (said.pk,)
