"""What was captured comes out of a package in the forms that reviewers import, whole and the same every time."""

from pathlib import Path

import pytest

from archive.packages.content import Format, Request
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk, file
from tests.archive.packages import rsmf_check, test_making
from tests.archive.packages.conftest import everything
from tests.archive.packages.test_eml import parsed

FORMS = frozenset({Format.RSMF, Format.EML, Format.DAT})


@pytest.fixture
def request_of_all(talk: Talk) -> Request:
    """Ines and Ravi over two days: edited, deleted, with a file that is there and one that is not."""
    talk.say("friday", id="1", files=[file("f1"), file("f2", name="x.txt")])
    talk.edit("monday", id="1")
    talk.attach(b"plan", file_id="f1")
    talk.say("never mind", id="2", minute=2)
    talk.offer(deleted=[scenes.said("never mind", id="2", minute=2)])
    talk.say("the day after", id="3", minute=24 * 60)
    return everything(talk, formats=FORMS)


def files_of(request: Request, folder: Path) -> dict[str, bytes]:
    test_making.made(request, folder)
    bag = test_making.unpacked(folder)
    return {str(path.relative_to(bag)): path.read_bytes() for path in bag.rglob("*") if path.is_file()}


def test_every_message_is_there_in_each_form(request_of_all: Request, tmp_path: Path) -> None:
    """As many events, rows and mails' messages as were chosen; with the file and the reason for the other."""
    files = files_of(request_of_all, tmp_path / "made")
    events = []
    for path, raw in files.items():
        if path.endswith(".rsmf"):
            assert rsmf_check.troubles(raw) == []
            events += rsmf_check.opened(raw)[1]["events"]
    said = {event["body"]: event for event in events if event["type"] == "message"}
    assert sorted(said) == ["monday", "never mind", "the day after"]
    assert said["monday"]["edits"][0]["previous"] == "friday"
    assert said["never mind"]["deleted"] is True
    mails = [parsed(raw) for path, raw in files.items() if path.endswith(".eml")]
    assert sum(int(mail["X-Holdfast-Messages"]) for mail in mails) == 3
    attached = [part.get_payload(decode=True) for mail in mails for part in mail.iter_attachments()]
    assert attached[0] == b"plan"
    assert b"It had not been fetched from Zoom yet." in attached[1]
    rows = files["data/dat/loadfile.dat"].decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 3 + 2
    natives = [path for path in files if path.startswith("data/files/")]
    assert sum(native in row for row in rows for native in natives) == 1


def test_the_same_request_twice_gives_the_same_bytes(request_of_all: Request, tmp_path: Path) -> None:
    """In every form."""
    once, twice = (files_of(request_of_all, tmp_path / name) for name in ("once", "twice"))
    assert {path for path in once if once[path] != twice.get(path)} == set()
