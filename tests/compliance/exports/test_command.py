"""`manage.py export`: the same services at a terminal."""

import json
import threading
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from archive import search
from archive.models import Attachment
from archive.packages import gone
from archive.search import indexer
from compliance import demonstration, gathering, lists, system, tallying
from compliance.models import Export, Matter, MessageList
from tests.compliance.exports.conftest import NOW, State, Worker

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> list[dict[str, object]]:
    said = StringIO()
    call_command("export", *arguments, "--json", stdout=said)
    found: list[dict[str, object]] = json.loads(said.getvalue())
    return found


def test_work_reads_the_list_that_an_export_waits_for(
    matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal alone nobody else would: the export would be measured for ever."""
    indexer.follow(stop=threading.Event(), clock=lambda: NOW, once=True)
    monkeypatch.setattr(gathering, "AT_ONCE", 0)
    kept = lists.freeze(name="All", query="before:2100-01-01", order=search.Order.NEWEST, by=None, now=NOW)
    assert kept.state == MessageList.State.DUE
    (asked,) = run("ask", "list", str(kept.pk), "--title", "All", "--reason", "Letter")
    run("work")
    assert run("show", str(asked["export"]))[0]["state"] == "measured"


def test_an_export_from_asking_to_its_digests(matter: Matter, ines: User) -> None:
    """Asked for twice in the same words, it is one."""
    words = ("ask", "matter", str(matter.pk), "--by", "ines", "--title", "All", "--reason", "Letter")
    (asked,) = run(*words)
    assert run(*words)[0]["export"] == asked["export"]
    key = str(asked["export"])
    run("work")
    assert run("show", key)[0]["state"] == "measured"
    run("make", key, "--by", "ines")
    run("work")
    whole, *parts = run("show", key)
    assert whole["state"] == "ready"
    assert [part["sha256"] for part in parts] == [part["sha256"] for part in Export.objects.get().parts]
    assert system.page(by=ines, now=NOW).export_bytes == sum(int(str(part["size_bytes"])) for part in parts)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "no such thing"),
        (("show", "x"), "by its number"),
        (("ask", "moon", "1"), "Ask for a matter"),
        (("list", "--by", "nobody"), "nobody called"),
        (("ask", "matter", "1", "--during", "x"), "--during takes"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: tuple[str, ...], said: str, db: None) -> None:
    """And nothing was written."""
    with pytest.raises(CommandError, match=said):
        run(*words)
    assert gone.newest() == 0


def test_the_demo_waits_for_its_matter(db: None) -> None:
    """Then it asks for an export, and has it made once it is measured."""
    assert demonstration.export_matter(now=NOW) is False
    assert not Export.objects.exists()


def test_the_demo_has_what_was_measured_made(
    matter: Matter, ines: User, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The matter of the demo, which holds everything here."""
    monkeypatch.setattr(demonstration, "MATTER", matter.name)
    assert demonstration.export_matter(now=NOW) is False  # nothing is counted yet
    assert not Export.objects.exists()
    tallying.ask(matter_id=matter.pk, by=ines, now=NOW)
    while tallying.count_next(clock=worker.clock):
        pass
    assert demonstration.export_matter(now=worker.clock()) is False  # its files are not here yet
    assert not Export.objects.exists()
    Attachment.objects.update(state=Attachment.State.GONE)
    for _ in range(3):
        demonstration.export_matter(now=worker.clock())
        worker.work()
    assert Export.objects.get().state == State.READY
    assert demonstration.export_matter(now=worker.clock()) is True
