"""The client against the sandbox, over real sockets: what it reads is what is truly there, faults or not."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sandbox import faults, server
from sandbox.clock import Clock as WorldClock
from sandbox.conversations import Session
from sandbox.files import Held
from sandbox.instance import Account
from sandbox.people import Person
from sandbox.world import World
from zoom.auth import Credentials
from zoom.client import ZoomClient
from zoom.errors import (
    DigestMismatch,
    NotAuthorized,
    NotFound,
    PageTokenExpired,
    RateLimited,
    UnexpectedReply,
)
from zoom.records.reports import MessagePage

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
MORNING_MS = round(datetime(2026, 5, 20, 6, tzinfo=UTC).timestamp() * 1000)
pytestmark = pytest.mark.usefixtures("loopback")
MONTH = {"start": date(2026, 4, 20), "end": date(2026, 5, 20)}
BYTES = bytes(range(256)) * 1000


@dataclass
class Meeting:
    """Ines and Olu talk, a client reads. Sleeping moves the world's clock, so nobody waits."""

    world: World
    ines: Person = field(init=False)
    olu: Person = field(init=False)
    general: Session = field(init=False)
    client: ZoomClient = field(init=False)
    sandbox: server.Running = field(init=False)

    def __post_init__(self) -> None:
        self.ines = self.world.add_person(Person("ines", "ines@acme.example", "Ines", "m-ines"))
        self.olu = self.world.add_person(Person("olu", "olu@other.example", "Olu", "m-olu", True))
        self.world.own_user_id = self.ines.id
        channel = self.world.open_channel("general", members=[self.ines, self.olu], type=3, at=MORNING_MS)
        self.general = self.world.sessions[channel.session_id]

    def say(self, count: int) -> None:
        """So many messages in general, a second apart."""
        for n in range(count):
            self.world.say(self.general, self.ines, f"message {n}", at=MORNING_MS + n * 1000)

    def share(self, name: str) -> str:
        """A file on a message; its id."""
        stored = self.world.upload(name, Held(BYTES), at=MORNING_MS)
        said = self.world.say(self.general, self.ines, "look", at=MORNING_MS)
        said.file_ids = [stored.id]
        return stored.id

    def misbehave(self, spec: str) -> None:
        rules, seed = faults.read(spec)
        self.sandbox.instance.faults.add(rules, seed=seed)

    def pages(self) -> Iterator[MessagePage]:
        return self.client.reports.messages(session_id=self.general.id, **MONTH)

    def texts(self) -> list[str | None]:
        """What the last, complete attempt read, each message once."""
        pages = list(self.pages())
        last = [record for p in pages if p.attempt == pages[-1].attempt for record in p.sent]
        return list({record.id: record.message for record in last}.values())


@contextmanager
def meet(account: Account) -> Iterator[Meeting]:
    clock = WorldClock(start=NOON, speed=0)
    meeting = Meeting(World(clock))
    with (
        server.running(meeting.world, account=account) as meeting.sandbox,
        ZoomClient(
            credentials=Credentials(account_id="sandbox", client_id="sandbox", client_secret="sandbox"),
            api_url=meeting.sandbox.api_url,
            oauth_url=meeting.sandbox.oauth_url,
            budget_share=1.0,
            clock=clock.now,
            sleep=lambda seconds: clock.advance(seconds=seconds),
        ) as meeting.client,
    ):
        yield meeting


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    with meet(Account(rate_limit=False)) as meeting:
        yield meeting


def test_every_message_is_read(meeting: Meeting) -> None:
    """Three pages, in order, each message once."""
    meeting.say(250)
    assert meeting.texts() == [f"message {n}" for n in range(250)]


@pytest.mark.parametrize(
    "fault",
    [
        "rate_second:nth=2+3", "error_500:nth=1+3", "bad_gateway:nth=2", "cut_body:nth=1+2+4",
        "slow_body:nth=2,seconds=0.1", "revoked_token:nth=2+3", "dead_page_token:nth=2", "repeated_page:nth=2",
        "unknown_fields:every=1,where=record", "unknown_fields:every=1",
        "seed=3;cut_body:p=0.3;error_500:p=0.2;revoked_token:p=0.1;rate_second:p=0.1;dead_page_token:p=0.1",
    ],
)  # fmt: skip
def test_no_passing_fault_loses_a_message(meeting: Meeting, fault: str) -> None:
    """The count at the end is the count that was said."""
    meeting.say(350)
    meeting.misbehave(fault)
    assert meeting.texts() == [f"message {n}" for n in range(350)]
    assert sum(meeting.sandbox.instance.faults.fired.values()) > 0


def test_wrong_types_in_records_lose_none(meeting: Meeting) -> None:
    """The records are all there, their odd fields named."""
    meeting.say(10)
    meeting.misbehave("wrong_types:every=1,where=record")
    (page,) = meeting.pages()
    assert [r.message for r in page.sent] == [f"message {n}" for n in range(10)]
    assert {r.oddities for r in page.sent} == {("sender", "timestamp", "files")}


def test_lasting_faults_are_named(meeting: Meeting) -> None:
    """A list of another type, a token that is always dead, a day without budget."""
    meeting.say(150)
    meeting.misbehave("wrong_types:nth=1")
    with pytest.raises(UnexpectedReply, match="messages is no list") as caught:
        meeting.texts()
    assert b"an object where a list was" in caught.value.body
    meeting.misbehave("dead_page_token:every=1")
    with pytest.raises(PageTokenExpired):
        meeting.texts()


def test_a_day_without_budget_names_its_moment(meeting: Meeting) -> None:
    """Not waited for: it is more than patience away by the world's clock."""
    meeting.misbehave("rate_day:nth=1,seconds=100000000")
    with pytest.raises(RateLimited) as caught:
        meeting.texts()
    assert caught.value.retry_at > NOON + timedelta(days=1)
    assert caught.value.retry_at.tzinfo is not None


def test_a_missing_scope_is_named() -> None:
    """The sentence says what to add to the app."""
    with meet(Account(scopes=frozenset({"chat:read"}), rate_limit=False)) as meeting:
        assert meeting.client.granted_scopes() == {"chat:read"}
        with pytest.raises(NotAuthorized) as caught:
            meeting.texts()
    assert "report:read:chat_session:admin" in caught.value.missing_scopes


def test_a_late_edit_and_deletion_come_as_modifications(meeting: Meeting) -> None:
    """The sweep finds them by when they happened."""
    meeting.say(2)
    first, second = meeting.general.messages
    meeting.world.edit(first, "message zero")
    meeting.world.delete(second)
    today = {"start": date(2026, 5, 20), "end": date(2026, 5, 20)}
    (page,) = meeting.client.reports.messages(session_id=meeting.general.id, modifications=True, **today)
    assert [r.message for r in page.edited] == ["message zero"]
    assert [r.message for r in page.deleted] == ["message 1"]
    assert page.edited[0].action_timestamp_ms == round(NOON.timestamp() * 1000)


def test_a_file_is_fetched_and_checked(meeting: Meeting, tmp_path: Path) -> None:
    """By the record's own address and by a fresh one; the file host refuses a bearer token, so none was sent."""
    file_id = meeting.share("plan.bin")
    (page,) = meeting.pages()
    (file,) = page.sent[0].files
    assert file.download_url is not None
    got = meeting.client.files.download(file.download_url, to=tmp_path / "a", expected_size=file.file_size)
    info = meeting.client.files.info(file_id)
    again = meeting.client.files.download(
        info.download_url or "", to=tmp_path / "b", expected_sha256=info.digest
    )
    assert got.sha256 == again.sha256 == hashlib.sha256(BYTES).digest()


def test_a_broken_download_is_mended(meeting: Meeting, tmp_path: Path) -> None:
    """Cut twice and slow once."""
    info = meeting.client.files.info(meeting.share("plan.bin"))
    meeting.misbehave("cut_body@downloadFile:nth=1+2;error_500@downloadFile:nth=4")
    got = meeting.client.files.download(
        info.download_url or "", to=tmp_path / "a", expected_sha256=info.digest
    )
    assert got.size == len(BYTES)


def test_a_corrupted_or_vanished_file_is_named(meeting: Meeting, tmp_path: Path) -> None:
    """Neither is taken for the file."""
    info = meeting.client.files.info(meeting.share("plan.bin"))
    meeting.misbehave("file_corrupted:nth=1")
    url = info.download_url or ""
    with pytest.raises(DigestMismatch):
        meeting.client.files.download(url, to=tmp_path / "a", expected_sha256=info.digest)
    meeting.misbehave("file_vanished:nth=1")
    with pytest.raises(NotFound):
        meeting.client.files.download(url, to=tmp_path / "a", expected_sha256=info.digest)
    assert list(tmp_path.iterdir()) == []


def test_a_hold_from_beginning_to_end(meeting: Meeting, tmp_path: Path) -> None:
    """Created, renamed, its zip waited for and fetched, ended."""
    meeting.say(3)
    holds = meeting.client.legal_hold
    span = {"start": date(2026, 5, 20), "end": date(2026, 5, 20)}
    matter = holds.create(name="Case 7", identifiers=["ines@acme.example"], **span)
    holds.rename(matter_id=matter, name="Case 8")
    assert [m.matter_name for p in holds.matters() for m in p.records] == ["Case 8"]
    meeting.world.clock.advance(seconds=3600)
    (page,) = holds.files(matter_id=matter, identifier="ines@acme.example")
    zipped = page.records[0]
    assert zipped.ready_for_download
    got = holds.download(matter_id=matter, file_key=zipped.file_key or "", to=tmp_path / "a")
    assert got.size == zipped.total_file_size
    assert b"message 2" in zipfile.ZipFile(io.BytesIO(got.path.read_bytes())).read("chat_messages.csv")
    holds.delete(matter_id=matter)
    assert [m for p in holds.matters() for m in p.records] == []


def test_the_directory_is_read(meeting: Meeting) -> None:
    """Channels, who is in them, who came, contacts."""
    (channels,) = meeting.client.account_channels.list()
    channel = channels.records[0]
    where = {"user_id": "ines", "channel_id": channel.id or ""}
    assert meeting.client.account_channels.get(**where).name == channel.name == "general"
    members = [m.name for p in meeting.client.account_channels.members(**where) for m in p.records]
    assert sorted(name or "" for name in members) == ["Ines", "Olu"]
    days = {"start": date(2026, 5, 18), "end": date(2026, 5, 20)}
    assert [r for p in meeting.client.channels.activities(**days) for r in p.records] != []
    assert meeting.client.account_channels.retention(channel_id=channel.id or "").channel_id == channel.id
    (found,) = meeting.client.contacts.search("ines")
    assert found.records[0].email == "ines@acme.example"


def test_a_forward_leads_to_its_message(meeting: Meeting) -> None:
    """By the forward id of the record."""
    meeting.say(1)
    meeting.world.forward(meeting.general.messages[0], meeting.general, meeting.ines, at=MORNING_MS + 9000)
    (page,) = meeting.pages()
    forwarded = meeting.client.messages.forwarded(page.sent[1].forward_id or "")
    assert (forwarded.message, forwarded.sender_member_id) == ("message 0", "m-ines")
