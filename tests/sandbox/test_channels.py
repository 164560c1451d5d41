"""The channels of the account: inventory, people, comings and goings, retention."""

from typing import Any

import pytest

from tests.sandbox.conftest import Cast, Client, ms


def test_only_public_channels_are_listed(client: Client, cast: Cast) -> None:
    """Private and deleted ones are not; the count is of all pages."""
    names = [f"public {number}" for number in range(12)]
    for name in names:
        cast.world.open_channel(name, members=[cast.ines], type=5)
    cast.world.open_channel("secret", members=[cast.ines], type=1)
    cast.world.close_channel(cast.channel)
    rows = client.all_pages("/chat/channels", "channels", page_size=5)
    assert sorted(row["name"] for row in rows) == sorted(names)
    assert client.get("/chat/channels").json()["total_records"] == 12


def test_a_member_can_look_at_a_channel(client: Client, cast: Cast) -> None:
    """By user id or e-mail; somebody else may not, and there must be such a channel."""
    path = f"channels/{cast.channel.id}"
    assert client.get(f"/chat/users/{cast.ravi.id}/{path}").json()["name"] == "general"
    assert client.get(f"/chat/users/ravi@acme.example/{path}").status_code == 200
    assert client.get("/chat/users/me/channels/none").json()["code"] == 4130
    cast.world.leave(cast.channel, cast.ravi)
    assert client.get(f"/chat/users/{cast.ravi.id}/{path}").json()["code"] == 200
    assert client.get(f"/chat/users/nobody/{path}").json()["code"] == 1001


def test_members_have_roles_and_guests_no_address(client: Client, cast: Cast) -> None:
    """Owner, administrator, member; an outsider shows only the member id and the name."""
    cast.channel.admin_ids = [cast.ravi.id]
    path = f"/chat/users/me/channels/{cast.channel.id}"
    rows = {row["name"]: row for row in client.all_pages(f"{path}/members", "members", page_size=2)}
    assert [rows[name]["role"] for name in ("Ines", "Ravi", "Olu")] == ["owner", "admin", "member"]
    assert (rows["Olu"]["email"], rows["Olu"]["id"], rows["Olu"]["is_external"]) == ("", "", True)
    assert [row["name"] for row in client.get(f"{path}/admins").json()["admins"]] == ["Ines", "Ravi"]


def activities(client: Client, path: str, **query: object) -> list[dict[str, Any]]:
    """The log of three days in May."""
    days = {"start_date": "2026-05-10", "end_date": "2026-05-12"}
    return client.all_pages(path, "channel_activity_logs", **{**days, **query})


def test_comings_and_goings_are_logged(client: Client, cast: Cast) -> None:
    """Of one channel, or of all with the channel's id."""
    for hour in range(20):
        cast.world.leave(cast.channel, cast.ravi, at=ms(f"2026-05-11T{hour:02d}:00"))
    cast.world.join(cast.channel, cast.ravi, at=ms("2026-05-12T10:00"))
    rows = activities(client, f"/chat/channels/{cast.channel.id}/activities")
    assert len(rows) == 21
    assert rows[-1]["members"]["member_status"] == "joined"
    assert rows[-1]["members"]["member_list"][0]["user_id"] == cast.ravi.id
    assert {row["channel_id"] for row in activities(client, "/chat/activities/channels")} == {cast.channel.id}


@pytest.mark.parametrize(
    "query",
    [
        {"end_date": "2026-05-14"},
        {"end_date": "2026-05-09"},
        {"start_date": ""},
        {"page_size": 30},
        {"activity_type": "calls"},
    ],
)
def test_the_log_is_read_three_days_at_a_time(client: Client, query: dict[str, object]) -> None:
    """And fifteen rows a page, memberships only."""
    given = {"start_date": "2026-05-10", "end_date": "2026-05-12", **query}
    assert client.get("/chat/activities/channels", **given).json()["code"] == 300


def test_an_unknown_channel_has_no_log(client: Client) -> None:
    """404 with code 5306."""
    days = {"start_date": "2026-05-10", "end_date": "2026-05-12"}
    assert client.get("/chat/channels/none/activities", **days).json()["code"] == 5306


def test_retention_can_be_read_and_set(client: Client, cast: Cast) -> None:
    """What was set is what is read; switching off keeps the period."""
    path = f"/chat/channels/{cast.channel.id}/retention"
    on = {"cloud_retention": {"enable_custom_retention": True, "retention_period": "90d"}}
    assert client.ask("PATCH", path, json=on).status_code == 204
    assert client.get(path).json()["cloud_retention"] == on["cloud_retention"]
    assert (
        client.ask("PATCH", path, json={"cloud_retention": {"enable_custom_retention": False}}).status_code
        == 204
    )
    assert client.get(path).json()["cloud_retention"]["enable_custom_retention"] is False


def test_neither_archived_channels_nor_group_chats_have_a_policy(client: Client, cast: Cast) -> None:
    """403 with code 200 to read it, 400 with code 5301 to change it."""
    chat = cast.world.open_channel("chat", members=[cast.ines, cast.ravi], type=4)
    cast.channel.archived_at = 1
    on = {"cloud_retention": {"enable_custom_retention": True, "retention_period": "90d"}}
    for channel in (chat, cast.channel):
        path = f"/chat/channels/{channel.id}/retention"
        read, written = client.get(path), client.ask("PATCH", path, json=on)
        assert (read.status_code, read.json()["code"]) == (403, 200)
        assert (written.status_code, written.json()["code"]) == (400, 5301)
        assert channel.custom_retention is False


@pytest.mark.parametrize("period", ["91d", "0d", "121m", "11y", "5w", "", None, 7])
def test_impossible_periods_are_refused(client: Client, cast: Cast, period: object) -> None:
    """Days to 90, months to 120, years to 10; and one is required."""
    body = {"cloud_retention": {"enable_custom_retention": True, "retention_period": period}}
    answer = client.ask("PATCH", f"/chat/channels/{cast.channel.id}/retention", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 5301)
    assert client.ask("PATCH", f"/chat/channels/{cast.channel.id}/retention", json={}).json()["code"] == 300
    assert client.get("/chat/channels/none/retention").json()["code"] == 4130
