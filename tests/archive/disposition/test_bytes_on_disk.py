"""After a disposition the words are in no table, no index file, no blob and no temporary file: in the bytes on the disk."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from archive import blobs, removal, wiping
from archive.capture import openings, reading
from archive.search import held_files, upkeep
from tests import servers
from tests.archive.disposition import zips
from tests.archive.disposition.conftest import Talk, destroy, file
from tests.archive.scenes import NOW
from tests.archive.search.test_forgetting import SECRET, holding

Server = psycopg.Connection[tuple[object, ...]]

# The other worker of the tests has long transactions on the same server, which are waited for.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]


@pytest.fixture
def server(db: None) -> Iterator[Server]:
    """The database's superuser, on servers of our own: it knows where the files lie, and can have them written."""
    url = servers.as_role(
        os.environ["DATABASE_OWNER_URL"], "postgres", database=str(connection.settings_dict["NAME"])
    )
    try:
        opened = psycopg.connect(url, autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("this run was given a database server that is not its own")
    with opened:
        yield opened


def in_database(server: Server) -> list[str]:
    """The files of this database, and of what it spills, that have the word in their bytes."""
    server.execute("CHECKPOINT")
    ((place,),) = server.execute("SELECT current_setting('data_directory')").fetchall()
    ((number,),) = server.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchall()
    folders = [Path(str(place)) / "base" / str(number), Path(str(place)) / "base" / "pgsql_tmp"]
    return with_secret(folders)


def wipe(
    owner: Server, *, patience_seconds: float = 1000, told: Callable[[str], object] = lambda _: None
) -> None:
    wiping.wipe(
        owner.cursor(),
        server_version=owner.info.server_version,
        told=told,
        patience_seconds=patience_seconds,
    )


def with_secret(folders: list[Path]) -> list[str]:
    forms = [SECRET.encode(), SECRET.encode("unicode_escape")]
    paths = (path for place in folders if place.exists() for path in place.rglob("*") if path.is_file())
    found: list[str] = []
    for path in paths:
        with suppress(FileNotFoundError):  # what the other worker of the tests spilled goes at any moment
            if any(form in path.read_bytes() for form in forms):
                found.append(path.name)
    return found


def everything(talk: Talk) -> None:
    """The word in a message, an edit of it, a file's name, its inside, what Zoom says of it, and in an original."""
    for number in range(300):
        talk.say(f"ordinary words {number} " + "x" * 200, id=f"c{number}", minute=number % 60)
        if number == 150:
            talk.say(f"the {SECRET} is out", id="a", files=[file("F1", name=f"{SECRET}.txt")], forward_id="W")
    talk.edit(f"no {SECRET} here", id="a", files=[file("F1", name=f"{SECRET}.txt")], forward_id="W")
    talk.attach(f"all of the {SECRET}".encode(), file_id="F1")
    talk.forward(f"the first {SECRET}", forward_id="W")
    reading.work(clock=lambda: NOW)
    upkeep.run(stop=threading.Event(), clock=lambda: NOW, once=True)


def test_no_byte_of_it_is_left(talk: Talk, server: Server, owner: Server) -> None:
    """Before, it is in all of these places, so that the search for it finds what it should; after, in none."""
    everything(talk)
    assert in_database(server) != []
    assert holding(SECRET) != []
    assert with_secret([blobs.folder()]) != []
    server.execute("ANALYZE")
    destroy(talk.message("a"))
    removal.work(clock=lambda: NOW)
    upkeep.run(stop=threading.Event(), clock=lambda: NOW, once=True)
    wipe(owner)
    assert in_database(server) == []
    assert holding(SECRET) == []
    assert with_secret([Path(settings.HOLDFAST_DATA)]) == []


def test_it_is_not_said_to_be_gone_while_somebody_could_see_it(
    talk: Talk, server: Server, owner: Server
) -> None:
    """A transaction that was begun before, and only reads: Postgres would keep every row for it."""
    everything(talk)
    url = servers.in_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    with psycopg.connect(url, application_name="a long report") as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute("SELECT count(*) FROM archive_revision")
        destroy(talk.message("a"))
        with pytest.raises(wiping.StillSeen, match=rf"process {other.info.backend_pid}, .*a long report"):
            wipe(owner, patience_seconds=0.5)
        assert in_database(server) != []
        waited_for: list[str] = []

        def end_it(told: str) -> None:
            if "a long report" in told:
                waited_for.append(told)
                other.rollback()

        wipe(owner, told=end_it)
    assert len(waited_for) == 1
    assert in_database(server) == []


def test_the_command_names_who_still_sees_it(talk: Talk, owner: Server) -> None:
    with psycopg.connect(owner.info.dsn, application_name="forgotten") as other:
        other.execute("SELECT pg_current_xact_id()")
        with pytest.raises(CommandError, match=r"Nothing was written anew: .*forgotten"):
            call_command("wipe", "--wait", "0")


def test_no_byte_of_a_zip_is_left(talk: Talk, server: Server, owner: Server) -> None:
    """The name of a file in it, what was read of it and found by, and its own bytes: there before, nowhere after."""
    talk.say("ordinary words", id="a")
    matter = zips.matter_at_zoom(talk.account)
    content = zips.packed([("s1", "a", f"the {SECRET} is out")], name=f"{SECRET} chat.csv")
    zip_ = zips.bring(talk.account, content)
    openings.work(clock=lambda: NOW)
    found = held_files.find(SECRET, ["zm-1"], account_id=talk.account.pk, now=NOW)
    assert found is not None
    assert found.files == 1
    server.execute("ANALYZE")
    assert len(in_database(server)) > 1
    assert with_secret([blobs.folder()]) != []
    zips.release(matter)
    assert zips.destroy_zip(zip_, matter).why is None
    removal.work(clock=lambda: NOW)
    wipe(owner)
    assert in_database(server) == []
    assert with_secret([Path(settings.HOLDFAST_DATA)]) == []
