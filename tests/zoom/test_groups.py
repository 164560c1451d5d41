"""Each group of operations: the question it puts and the records it makes of the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx
import pytest

from tests.zoom.conftest import Wire
from zoom.client import ZoomClient
from zoom.errors import InvalidParameter, UnexpectedReply


def reply(**body: object) -> httpx.Response:
    return httpx.Response(200, json=body)


def asked(wire: Wire) -> tuple[str, str, dict[str, str]]:
    request = wire.asked[-1]
    return request.method, request.url.path.removeprefix("/v2"), dict(request.url.params)


def test_matters_and_their_people(client: ZoomClient, wire: Wire) -> None:
    """A hundred a page, custodians as parts."""
    wire.answer(reply(legal_hold_matters=[{"matter_id": "m", "matter_users": [{"email": "olu@x.test"}]}]))
    (page,) = client.legal_hold.matters()
    assert page.records[0].matter_users[0].email == "olu@x.test"
    assert asked(wire) == ("GET", "/chat/legalhold/matters", {"page_size": "100"})


def test_a_matter_is_renamed_and_deleted(client: ZoomClient, wire: Wire) -> None:
    """Success has no body."""
    wire.answer(httpx.Response(204))
    client.legal_hold.rename(matter_id="m", name="Case 8")
    assert asked(wire)[:2] == ("PATCH", "/chat/legalhold/matters/m")
    assert wire.asked[-1].read() == b'{"matter_name":"Case 8"}'
    client.legal_hold.delete(matter_id="m")
    assert asked(wire)[:2] == ("DELETE", "/chat/legalhold/matters/m")


@pytest.mark.parametrize(
    ("name", "people", "refused"),
    [
        ("", 1, "matter_name: at least 1 characters"),
        ("x" * 129, 1, "matter_name: at most 128 characters"),
        ("x", 0, "identifiers: at least 1 entries"),
        ("x", 21, "identifiers: at most 20 entries"),
    ],
)
def test_a_matter_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, name: str, people: int, refused: str
) -> None:
    """Name 1 to 128 characters, 1 to 20 people."""
    with pytest.raises(InvalidParameter, match=refused):
        client.legal_hold.create(name=name, identifiers=[f"p{n}" for n in range(people)])
    assert wire.asked == []


def test_a_new_matter_must_have_an_id(client: ZoomClient, wire: Wire) -> None:
    """Without it the hold could not be found again."""
    wire.answer(httpx.Response(201, json={"matter_id": 7}))
    with pytest.raises(UnexpectedReply, match="no id"):
        client.legal_hold.create(name="n", identifiers=["i"])


def test_hold_files_by_custodian(client: ZoomClient, wire: Wire) -> None:
    """Ready or not, twenty a page."""
    wire.answer(
        reply(data=[{"file_key": "k", "ready_for_download": False, "total_file_size": 5_000_000_000}])
    )
    (page,) = client.legal_hold.files(matter_id="m", identifier="olu@x.test")
    assert (page.records[0].ready_for_download, page.records[0].total_file_size) == (False, 5_000_000_000)
    assert asked(wire)[2] == {"identifier": "olu@x.test", "page_size": "20"}


def test_the_inventory_of_channels(client: ZoomClient, wire: Wire) -> None:
    """Channels with their settings."""
    wire.answer(reply(channels=[{"id": "c", "type": 2, "channel_settings": {"posting_permissions": 3}}]))
    (page,) = client.account_channels.list()
    settings = page.records[0].channel_settings
    assert settings is not None
    assert settings.posting_permissions == 3


def test_one_channel_and_its_retention(client: ZoomClient, wire: Wire) -> None:
    """Replies that are one record keep their bytes too."""
    wire.answer(
        reply(id="c", name="general"), reply(channel_id="c", cloud_retention={"retention_period": "7y"})
    )
    channel = client.account_channels.get(user_id="u", channel_id="c")
    assert (channel.name, channel.raw) == ("general", b'{"id":"c","name":"general"}')
    retention = client.account_channels.retention(channel_id="c").cloud_retention
    assert retention is not None
    assert retention.retention_period == "7y"


def test_members_and_administrators(client: ZoomClient, wire: Wire) -> None:
    """Two lists of the same kind of record."""
    wire.answer(reply(members=[{"member_id": "a"}]), reply(admins=[{"member_id": "b", "role": "owner"}]))
    (members,) = client.account_channels.members(user_id="u", channel_id="c")
    assert asked(wire)[1:] == ("/chat/users/u/channels/c/members", {"page_size": "100"})
    (admins,) = client.account_channels.administrators(user_id="u", channel_id="c")
    assert (members.records[0].member_id, admins.records[0].role) == ("a", "owner")


def test_who_came_and_went(client: ZoomClient, wire: Wire) -> None:
    """Of one channel and of all, three days at most."""
    log = {"activity_timestamp": 5, "members": {"member_status": "left", "member_list": [{"member_id": "x"}]}}
    wire.answer(reply(channel_activity_logs=[log]))
    days = {"start": date(2026, 3, 1), "end": date(2026, 3, 3)}
    (one,) = client.account_channels.activities(channel_id="c", **days)
    (all_,) = client.channels.activities(**days)
    assert asked(wire)[2] == {"start_date": "2026-03-01", "end_date": "2026-03-03", "page_size": "15"}
    assert one.records[0].members is not None
    assert one.records[0].members.member_list[0].member_id == "x"
    assert all_.records == one.records
    with pytest.raises(ValueError, match="one to three days"):
        client.channels.activities(start=date(2026, 3, 1), end=date(2026, 3, 4))


def test_a_forwarded_message(client: ZoomClient, wire: Wire) -> None:
    """Zoom's odd spelling of the sender's member id is ours no more."""
    wire.answer(reply(id="f", message="look", send_member_id="m1", files=[{"file_id": "x"}]))
    forwarded = client.messages.forwarded("fw/1")
    assert (forwarded.sender_member_id, forwarded.files[0].file_id) == ("m1", "x")
    assert wire.asked[0].url.raw_path == b"/v2/chat/forwarded_message/fw%2F1"


def test_a_thread(client: ZoomClient, wire: Wire) -> None:
    """The main message and its replies, all parts asked for."""
    wire.answer(reply(total=7, messages=[{"msg_id": "a", "is_reply": False, "reactions": [{"count": 2}]}]))
    thread = client.messages.thread(
        user_id="u", message_id="a", to_channel="c", start=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert (thread.total, thread.messages[0].id, thread.messages[0].reactions[0].count) == (7, "a", 2)
    assert asked(wire)[2]["from"] == "2026-03-01T00:00:00Z"
    with pytest.raises(ValueError, match="exactly one"):
        client.messages.thread(user_id="u", message_id="a", start=datetime(2026, 3, 1, tzinfo=UTC))


def test_emoji_and_contacts(client: ZoomClient, wire: Wire) -> None:
    """The directory behind names and pictures."""
    wire.answer(reply(emojis=[{"file_id": "e", "name": "parrot"}]), reply(contacts=[{"email": "olu@x.test"}]))
    assert next(client.emoji.custom()).records[0].name == "parrot"
    assert next(client.contacts.search("olu", active=True)).records[0].email == "olu@x.test"
    assert asked(wire)[2] == {"search_key": "olu", "user_status": "active", "page_size": "25"}


def test_a_files_details(client: ZoomClient, wire: Wire) -> None:
    """Digest, size and a fresh address."""
    wire.answer(reply(file_id="f", length=36.0, digest="ab", download_url="https://x.test/f?jwt=1"))
    info = client.files.info("f")
    assert (info.size, info.digest, info.oddities) == (36, "ab", ("length",))
