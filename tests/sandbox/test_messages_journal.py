"""A restart remembers what was done through the chat operations."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox import server
from sandbox.clock import Clock
from sandbox.instance import Account
from sandbox.journal import Journal
from sandbox.pages import Place
from sandbox.reports import Report, Window
from sandbox.world import World
from tests.sandbox.conftest import NOON, Client, ms, person


def remembered(path: Path) -> World:
    """Ines, Ravi and Olu in their channel, and what the journal has."""
    journal = Journal(path, title="town 1", now_ms=0)
    world = World(Clock(start=NOON, speed=0))
    people = [world.add_person(person(name, external=name == "Olu")) for name in ("Ines", "Ravi", "Olu")]
    world.own_user_id = people[0].id
    world.open_channel("general", members=people, type=3, at=ms("2026-04-01"))
    journal.replay(world)
    return world


def everything(world: World) -> list[Any]:
    """All that reports and lists are made of."""
    window = Window(0, 1 << 60, lambda stored: stored.content.digest(), True, True, True, True, True)
    pages = [Report(world).page(one, window=window, place=Place(), count=10**6) for one in world.sessions]
    messages = [(one.at_items, one.cards) for session in world.sessions.values() for one in session.messages]
    files = [(one.id, one.name, one.content.digest(), one.deleted_at) for one in world.files.values()]
    return [
        list(world.sessions),
        pages,
        messages,
        files,
        world.emoji,
        world.deleted_emoji,
        asdict(world.desk),
    ]


def live(client: Client, channel_id: str, turn: int) -> None:
    """Each operation at least once, all of them well answered."""
    place = {"to_channel": channel_id}

    def do(method: str, path: str, **options: Any) -> Any:
        answer = client.ask(method, path, **options)
        assert answer.status_code in (201, 204), answer.text
        return answer.json() if answer.content else {}

    mine = "/chat/users/me/messages"
    picture = {"file": ("cat.png", b"cat")}
    emoji = [
        do("POST", "/chat/emoji/files", data={"name": n}, files=picture)
        for n in (f"one_{turn}", f"two_{turn}")
    ]
    files = [do("POST", "/chat/users/me/files", files=picture)["id"] for _ in range(2)]
    said = do(
        "POST",
        mine,
        json={
            **place,
            "message": "@all look",
            "file_ids": files,
            "at_items": [{"at_type": 2, "start_position": 0, "end_position": 4}],
            "rich_text": [{"format_type": "Bold", "start_position": 0, "end_position": 4}],
            "interactive_cards": [{"card_json": "{}"}],
        },
    )["id"]
    do("PUT", f"{mine}/{said}", json={**place, "message": "look", "file_ids": files[:1]})
    do("POST", f"{mine}/files", data={**place, "reply_main_message_id": said}, files={"files": ("a", b"a")})
    talked = do("POST", mine, json={"to_contact": "ravi@acme.example", "message": "psst"})["id"]
    gone = do("POST", mine, json={"to_contact": "olu@acme.example", "message": "oops"})["id"]
    do("DELETE", f"{mine}/{gone}", params={"to_contact": "olu@acme.example"})
    for one in emoji:
        own = {**place, "custom_emoji": True, "custom_emoji_id": one["file_id"]}
        do("PATCH", f"{mine}/{said}/emoji_reactions", json={**own, "action": "add"})
    do("PATCH", f"{mine}/{said}/emoji_reactions", json={**own, "action": "remove"})
    do("PATCH", f"{mine}/{said}/emoji_reactions", json={**place, "action": "add", "emoji": "U+1F44D"})
    do("PATCH", f"{mine}/{said}/emoji_reactions", json={**place, "action": "remove", "emoji": "U+1F44D"})
    do("DELETE", f"/chat/emoji/{emoji[0]['file_id']}")
    do("DELETE", f"/chat/files/{files[1]}")
    do("PATCH", f"{mine}/{said}/status", json={**place, "action": "unread"})
    for method in ("pin", "unpin", "pin"):
        body = {"method": method, "message_id": said, "channel_id": channel_id}
        do("PATCH", "/chat/channel/message/events", json=body)
    talk = {"to_contact": "ravi@acme.example"}
    for message, where in ((said, place), (talked, talk)):
        do(
            "PATCH",
            "/chat/messages/bookmarks",
            params={"message_id": message},
            json={**where, "action": "add_bookmark"},
        )
        do("POST", f"/chat/messages/{message}/reminder", json={**where, "delay_seconds": 300})
    do(
        "PATCH",
        "/chat/messages/bookmarks",
        params={"message_id": said},
        json={**place, "action": "remove_bookmark"},
    )
    do("DELETE", f"/chat/messages/{said}/reminder", params=place)
    for method, target in (("star", channel_id), ("star", "ravi@acme.example"), ("unstar", channel_id)):
        kind = "channel" if target == channel_id else "contact"
        do(
            "PATCH",
            "/chat/users/me/events",
            json={"method": method, "params": {"target_id": target, "target_type": kind}},
        )
    dues = ("2026-05-20T13:00:00Z", "2026-05-20T13:00:00Z", "2026-05-20T14:00:00Z", "2026-05-20T15:00:00Z")
    drafts = [do("POST", mine, json={**talk, "message": due, "scheduled_time": due})["id"] for due in dues]
    do("DELETE", f"/chat/messages/schedule/{drafts[2]}", params=talk)
    client.sandbox.world.clock.advance(seconds=3600)
    client.token = client.fetch_token()


def test_a_restart_continues_the_same_world(tmp_path: Path, loopback: None) -> None:
    """Twice over, with the same ids, sent drafts among it, and none given twice."""
    path = tmp_path / "state"
    for turn in range(2):
        world = remembered(path)
        (channel_id,) = world.channels
        with server.running(world, account=Account(rate_limit=False)) as sandbox:
            client = Client(sandbox)
            live(client, channel_id, turn)
            client.http.close()
        after = remembered(path)
        after.clock.advance(seconds=3600)
        assert everything(after) == everything(world)
    ids = [one.id for session in after.sessions.values() for one in session.messages]
    assert len(set(ids)) == len(ids) > 12
