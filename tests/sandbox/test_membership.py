"""Who is in a channel changes through the API, and shows everywhere."""

from typing import Any

import httpx
import pytest

from sandbox import channel_rules, membership
from sandbox.channel_rules import Impossible
from tests.sandbox.conftest import NOON, Cast, Client, ms, person

TODAY = {"start_date": "2026-05-20", "end_date": "2026-05-20"}
Log = list[tuple[str, str, list[str]]]


@pytest.fixture
def path(cast: Cast) -> str:
    """The user-level path of the channel, which somebody not in it could be invited to."""
    cast.world.add_person(person("Nina"))
    return f"/chat/channels/{cast.channel.id}"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


def names(client: Client, path: str) -> dict[str, str]:
    """Who is in a channel, as what."""
    return {row["name"]: row["role"] for row in client.all_pages(f"{path}/members", "members")}


def log(client: Client, path: str) -> Log:
    """Today's comings and goings: who did it, what, to whom."""
    rows = client.all_pages(f"{path}/activities", "channel_activity_logs", **TODAY)
    return [
        (
            row["operator"]["display_name"],
            row["members"]["member_status"],
            [one["display_name"] for one in row["members"]["member_list"]],
        )
        for row in rows
    ]


def emails(*who: str) -> dict[str, Any]:
    """A body that names people by e-mail."""
    return {"members": [{"email": f"{one}@acme.example"} for one in who]}


def test_the_invited_are_members_at_once(client: Client, cast: Cast, path: str) -> None:
    """In the list, the log and the session; who was there already is not named as new."""
    answer = client.ask("POST", f"{path}/members", json=emails("nina", "ravi"))
    nina = cast.world.person("nina@acme.example")
    assert answer.status_code == 201
    assert answer.json() == {"added_at": "2026-05-20T12:00:00Z", "ids": nina.id, "member_ids": nina.member_id}
    assert names(client, path) == {"Ines": "owner", "Ravi": "member", "Olu": "member", "Nina": "member"}
    assert log(client, path) == [("Ines", "joined", ["Nina"])]
    assert nina.id in cast.general.member_ids


def test_an_outsider_is_told_by_member_id_only(client: Client, cast: Cast) -> None:
    """Where outsiders may come at all: an open channel, not one for the account."""
    channel = cast.world.open_channel("open", members=[cast.ines], type=5, at=ms("2026-04-01"))
    path = f"/chat/channels/{channel.id}"
    added = client.ask("POST", f"{path}/members", json=emails("olu", "ravi")).json()
    assert (added["ids"], added["member_ids"]) == (
        cast.ravi.id,
        f"{cast.olu.member_id},{cast.ravi.member_id}",
    )
    assert cast.world.is_external(cast.world.sessions[channel.session_id])
    inside = cast.world.open_channel("inside", members=[cast.ines], type=2)
    answer = client.ask("POST", f"/chat/channels/{inside.id}/members", json=emails("ravi", "olu"))
    assert refusal(answer) == (400, 5301)
    assert inside.member_ids == [cast.ines.id]


@pytest.mark.parametrize(
    ("users", "body", "code"),
    [
        ("", {"members": []}, 300),
        ("", {}, 300),
        ("", emails(*["nina"] * 6), 300),
        ("/users/me", emails(*["nina"] * 21), 300),
        ("", {"members": [{"name": "nina"}]}, 300),
        ("", {"members": [{"email": "me"}]}, 300),
        ("", emails("nina", "nobody"), 5301),
    ],
)
def test_whom_one_cannot_invite(
    client: Client, cast: Cast, path: str, users: str, body: dict[str, object], code: int
) -> None:
    """Nobody, more than five (twenty for a user), or someone no one knows; nobody comes then."""
    where = path.replace("/chat", f"/chat{users}")
    assert refusal(client.ask("POST", f"{where}/members", json=body)) == (400, code)
    assert len(cast.channel.member_ids) == 3


def test_members_invite_unless_it_is_left_to_administrators(client: Client, cast: Cast) -> None:
    """On behalf of a user: of a member, then of an administrator only, never of a stranger."""
    channel = cast.world.open_channel("team", members=[cast.ines, cast.ravi], type=1)
    cast.world.add_person(person("Nina"))
    path = f"/channels/{channel.id}/members"
    assert refusal(client.ask("POST", f"/chat/users/nina@acme.example{path}", json=emails("nina"))) == (
        400,
        200,
    )
    assert client.ask("POST", f"/chat/users/{cast.ravi.id}{path}", json=emails("nina")).status_code == 201
    assert log(client, f"/chat/channels/{channel.id}")[-1] == ("Ravi", "joined", ["Nina"])
    channel.settings.add_member_permissions = 2
    assert refusal(client.ask("POST", f"/chat/users/{cast.ravi.id}{path}", json=emails("olu"))) == (400, 200)
    channel.admin_ids.append(cast.ravi.id)
    assert client.ask("POST", f"/chat/users/{cast.ravi.id}{path}", json=emails("olu")).status_code == 201


def test_a_hundred_outsiders_are_invited_a_day(cast: Cast) -> None:
    """Each costs an e-mail; the next day there are new ones."""
    guests = [cast.world.add_person(person(f"Guest {number}", external=True)) for number in range(102)]
    channel = cast.world.open_channel("open", members=[cast.ines], type=5)
    now, by = round(NOON.timestamp() * 1000), cast.ines.id
    ids = [one.id for one in guests]
    membership.invite(cast.world, channel_id=channel.id, person_ids=ids[:99], by=by, at=now)
    with pytest.raises(Impossible, match="too many"):
        membership.invite(cast.world, channel_id=channel.id, person_ids=ids[99:101], by=by, at=now)
    membership.invite(cast.world, channel_id=channel.id, person_ids=ids[99:100], by=by, at=now)
    assert len(channel.member_ids) == 1 + channel_rules.MAILS_A_DAY
    day_after = now + 86_400_000
    membership.invite(cast.world, channel_id=channel.id, person_ids=ids[100:], by=by, at=day_after)
    assert len(channel.member_ids) == 103


@pytest.mark.parametrize("users", ["", "/users/me"])
@pytest.mark.parametrize("identifier", ["ravi@acme.example", "id", "member_id"])
def test_a_member_is_removed(client: Client, cast: Cast, path: str, users: str, identifier: str) -> None:
    """By any of their names; whatever only a member can be is gone with them."""
    cast.channel.admin_ids = [cast.ravi.id]
    cast.channel.settings.posting_member_ids = [cast.ravi.id]
    named = {"id": cast.ravi.id, "member_id": cast.ravi.member_id}.get(identifier, identifier)
    where = path.replace("/chat", f"/chat{users}")
    assert client.ask("DELETE", f"{where}/members/{named}").status_code == 204
    assert names(client, path) == {"Ines": "owner", "Olu": "member"}
    assert log(client, path) == [("Ines", "left", ["Ravi"])]
    assert cast.ravi.id not in cast.general.member_ids
    assert (cast.channel.admin_ids, cast.channel.settings.posting_member_ids) == ([], [])
    assert refusal(client.ask("DELETE", f"{where}/members/{named}")) == (400, 5301)


def many(path: str, *ids: str) -> tuple[str, dict[str, str]]:
    """The user-level removal of several: both lists are asked for."""
    return f"{path}/members", {"member_ids": ",".join(ids), "user_ids": ",".join(ids)}


def many_for(path: str, *ids: str) -> tuple[str, dict[str, str]]:
    """The same on behalf of a user."""
    return f"{path.replace('/chat', '/chat/users/me')}/members", {"identifiers": ",".join(ids)}


@pytest.mark.parametrize("form", [many, many_for])
def test_several_are_removed_together(client: Client, cast: Cast, path: str, form: Any) -> None:
    """In one line of the log; all of them or none."""
    where, query = form(path, cast.ravi.id, "nina@acme.example")
    assert refusal(client.ask("DELETE", where, params=query)) == (400, 5301)
    assert len(names(client, path)) == 3
    where, query = form(path, cast.ravi.id, cast.olu.member_id)
    assert client.ask("DELETE", where, params=query).status_code == 204
    assert log(client, path) == [("Ines", "left", ["Ravi", "Olu"])]


@pytest.mark.parametrize("form", [many, many_for])
def test_nobody_removes_themselves_or_too_many(client: Client, cast: Cast, path: str, form: Any) -> None:
    """400 with code 300, as when nobody is named."""
    for ids in ([cast.ines.id], [cast.ravi.id] * 21, [""]):
        where, query = form(path, *ids)
        assert refusal(client.ask("DELETE", where, params=query)) == (400, 300)
    assert len(cast.channel.member_ids) == 3


def test_both_lists_of_members_to_remove_are_asked_for(client: Client, cast: Cast, path: str) -> None:
    """One without the other is refused; one of them may be empty."""
    for name in ("member_ids", "user_ids"):
        answer = client.ask("DELETE", f"{path}/members", params={name: cast.ravi.id})
        assert refusal(answer) == (400, 300)
    query = {"member_ids": "", "user_ids": cast.ravi.id}
    assert client.ask("DELETE", f"{path}/members", params=query).status_code == 204
    assert "Ravi" not in names(client, path)


def test_the_owner_stays(client: Client, cast: Cast, path: str) -> None:
    """Nobody removes them, and they do not walk away."""
    cast.channel.admin_ids = [cast.ravi.id]
    by_ravi = path.replace("/chat", f"/chat/users/{cast.ravi.id}")
    assert refusal(client.ask("DELETE", f"{by_ravi}/members/{cast.ines.id}")) == (400, 5301)
    assert refusal(client.ask("DELETE", f"{path}/members/me")) == (400, 5301)
    assert "Ines" in names(client, path)


def test_members_do_not_remove_each_other(client: Client, cast: Cast, path: str) -> None:
    """400 with code 200, one by one and together."""
    where = f"{path.replace('/chat', f'/chat/users/{cast.ravi.id}')}/members"
    assert refusal(client.ask("DELETE", f"{where}/{cast.olu.member_id}")) == (400, 200)
    assert refusal(client.ask("DELETE", where, params={"identifiers": cast.olu.member_id})) == (400, 200)


@pytest.mark.parametrize("type", [3, 5])
def test_one_joins_and_leaves_a_public_channel(client: Client, cast: Cast, type: int) -> None:
    """Of one's own accord, as the log says; joining twice fails, and so does leaving."""
    channel = cast.world.open_channel("public", members=[cast.ravi], type=type, at=ms("2026-04-01"))
    path = f"/chat/channels/{channel.id}"
    joined = client.ask("POST", f"{path}/members/me")
    assert joined.status_code == 201
    assert joined.json() == {
        "added_at": "2026-05-20T12:00:00Z",
        "id": cast.ines.id,
        "member_id": cast.ines.member_id,
    }
    assert refusal(client.ask("POST", f"{path}/members/me")) == (400, 5301)
    assert client.ask("DELETE", f"{path}/members/me").status_code == 204
    assert refusal(client.ask("DELETE", f"{path}/members/me")) == (400, 5301)
    assert log(client, path) == [("Ines", "joined", ["Ines"]), ("Ines", "left", ["Ines"])]
    assert names(client, path) == {"Ravi": "owner"}


@pytest.mark.parametrize("type", [1, 2, 4])
def test_one_is_invited_to_a_private_channel(client: Client, cast: Cast, type: int) -> None:
    """Joining it fails, as joining what is not there."""
    channel = cast.world.open_channel("private", members=[cast.ravi], type=type)
    assert refusal(client.ask("POST", f"/chat/channels/{channel.id}/members/me")) == (400, 5301)
    assert refusal(client.ask("POST", "/chat/channels/none/members/me")) == (400, 5301)
    assert channel.member_ids == [cast.ravi.id]


def admins(*who: dict[str, str]) -> dict[str, Any]:
    """A body that names administrators to be."""
    return {"admins": list(who)}


def test_administrators_are_made_and_unmade(client: Client, cast: Cast, path: str) -> None:
    """By e-mail or member id; the list of administrators has the owner too, and no total."""
    where = f"{path.replace('/chat', '/chat/users/me')}/admins"
    both = admins({"email": "ravi@acme.example"}, {"member_id": cast.olu.member_id})
    made = client.ask("POST", where, json=both)
    assert made.status_code == 201
    assert made.json() == {
        "added_at": "2026-05-20T12:00:00Z",
        "ids": cast.ravi.id,
        "member_ids": f"{cast.ravi.member_id},{cast.olu.member_id}",
    }
    assert names(client, path) == {"Ines": "owner", "Ravi": "admin", "Olu": "admin"}
    assert set(client.get(where).json()) == {"admins", "next_page_token", "page_size"}
    ids = {"admin_ids": cast.olu.member_id, "user_ids": cast.ravi.id}
    assert client.ask("DELETE", where, params=ids).status_code == 204
    assert [row["name"] for row in client.all_pages(where, "admins", page_size=1)] == ["Ines"]
    assert refusal(client.ask("DELETE", where, params=ids)) == (400, 5301)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (admins(), 300),
        (admins(*[{"email": "ravi@acme.example"}] * 11), 300),
        (admins({"email": "ravi@acme.example", "member_id": "x"}), 300),
        (admins({}), 300),
        (admins({"email": "nina@acme.example"}), 5301),
        (admins({"email": "ravi@acme.example"}, {"email": "nobody@acme.example"}), 5301),
    ],
)
def test_who_cannot_be_promoted(
    client: Client, cast: Cast, path: str, body: dict[str, object], code: int
) -> None:
    """Nobody, eleven at once, someone named twice over, or someone who is no member."""
    where = f"{path.replace('/chat', '/chat/users/me')}/admins"
    assert refusal(client.ask("POST", where, json=body)) == (400, code)
    assert cast.channel.admin_ids == []


def test_who_cannot_be_demoted(client: Client, cast: Cast, path: str) -> None:
    """The owner, a member, more than ten, or one list without the other; and not by a member."""
    where = f"{path.replace('/chat', '/chat/users/me')}/admins"
    for ids, code in ((cast.ines.id, 5301), (cast.ravi.id, 5301), (",".join([cast.ravi.id] * 11), 300)):
        query = {"admin_ids": ids, "user_ids": ids}
        assert refusal(client.ask("DELETE", where, params=query)) == (400, code)
    assert refusal(client.ask("DELETE", where, params={"admin_ids": cast.ravi.id})) == (400, 300)
    by_ravi = where.replace("/me/", f"/{cast.ravi.id}/")
    assert refusal(client.ask("DELETE", by_ravi, params={"admin_ids": "x", "user_ids": "x"})) == (400, 200)
    body = admins({"email": "ravi@acme.example"})
    assert refusal(client.ask("POST", by_ravi, json=body)) == (400, 200)


def test_who_leaves_while_one_pages_makes_nobody_be_skipped(client: Client, cast: Cast, path: str) -> None:
    """The token names a position, not a count."""
    people = [cast.world.add_person(person(f"Member {number}")) for number in range(9)]
    for one in people:
        cast.world.join(cast.channel, one)
    stay = set(cast.channel.member_ids)
    page = client.get(f"{path}/members", page_size=4).json()
    seen = [row["member_id"] for row in page["members"]]
    gone = next(one for one in people if one.member_id in seen)
    client.ask("DELETE", f"{path}/members/{gone.id}")
    while page["next_page_token"]:
        page = client.get(f"{path}/members", page_size=4, next_page_token=page["next_page_token"]).json()
        seen += [row["member_id"] for row in page["members"]]
    assert sorted(seen) == sorted(cast.world.people[one].member_id for one in stay)
