"""Webhooks of shared spaces, from what is done through the API: settings before and after, who really came or went."""

import pytest

from sandbox import spaces
from sandbox.space import Space
from tests.sandbox.conftest import Cast, Client
from tests.sandbox.subscriber import Subscriber
from tests.sandbox.test_webhook_events import check
from tests.sandbox.test_webhooks import settled, subscribe

EVENT = "team_chat.shared_spaces_"


@pytest.fixture
def space(cast: Cast) -> Space:
    """Norvik, of Ines, with Ravi in it."""
    return spaces.create(
        cast.world,
        by=cast.ines.id,
        name="Norvik",
        description="castings",
        roles={cast.ravi.id: "admin"},
        settings={"allow_to_add_external_users": 2},
        at=cast.world.clock.now_ms(),
    )


def told(client: Client, subscriber: Subscriber) -> list[tuple[str, dict[str, object]]]:
    """What was told, each as published; name and object of each event."""
    assert settled(client).get("untold", 0) == 0
    for one in subscriber.deliveries:
        check(one.event)
    return [(one.name, one.event["payload"]["object"]) for one in subscriber.deliveries]


def names(found: list[tuple[str, dict[str, object]]]) -> list[str]:
    """The names alone."""
    return [name.removeprefix(EVENT) for name, _ in found]


def test_a_new_space_invites_its_people(client: Client, cast: Cast, subscriber: Subscriber) -> None:
    """Each in the role given; whoever makes it needs no invitation."""
    subscribe(client, subscriber)
    people = [{"identifier": cast.ravi.id, "role": "admin"}]
    answer = client.ask("POST", "/chat/spaces", json={"space_name": "Norvik", "space_members": people})
    assert answer.status_code == 201
    ((name, found),) = told(client, subscriber)
    assert name == f"{EVENT}member_invited"
    assert found["space_name"] == "Norvik"
    assert [(one["user_id"], one["role"]) for one in found["members"]] == [(cast.ravi.id, "admin")]  # type: ignore[attr-defined]


def test_edited_settings_are_told_as_they_were_and_are(
    client: Client, space: Space, subscriber: Subscriber
) -> None:
    """Also those that stayed; a change that changes nothing is not told."""
    subscribe(client, subscriber)
    path = f"/chat/spaces/{space.id}"
    for _ in range(2):
        answer = client.ask("PATCH", path, json={"space_settings": {"allow_to_add_external_users": 3}})
        assert answer.status_code == 204
    assert client.ask("PATCH", path, json={"space_name": "Norvik AS"}).status_code == 204
    (first, second) = told(client, subscriber)
    option = {"is_public": False, "add_new_members": "by_any_member", "add_new_channels": "by_any_member"}
    before = {"name": "Norvik", "desc": "castings", "option": {**option, "add_external_users": "by_same_org"}}
    after = {**before, "option": {**option, "add_external_users": "by_owner_and_admins"}}
    assert first[1]["old_settings"] == before
    assert first[1]["new_settings"] == second[1]["old_settings"] == after
    assert second[1]["new_settings"] == {**after, "name": "Norvik AS"}


def test_only_who_comes_or_goes_is_told_of(
    client: Client, cast: Cast, space: Space, subscriber: Subscriber
) -> None:
    """Who was in already is not invited again, nor is entering its general channel told."""
    subscribe(client, subscriber)
    moment = {"by": cast.ines.id, "at": cast.world.clock.now_ms(), "space_id": space.id}
    spaces.add(cast.world, person_ids=[cast.ravi.id, cast.olu.id], **moment)
    spaces.remove(cast.world, person_ids=[cast.ravi.id, cast.ines.id], **moment)
    spaces.remove(cast.world, person_ids=[cast.olu.id], **{**moment, "by": cast.olu.id})
    found = told(client, subscriber)
    assert names(found) == ["member_invited", "member_removed", "member_left"]
    assert [[one["member_id"] for one in event["members"]] for _, event in found[:2]] == [  # type: ignore[attr-defined]
        [cast.olu.member_id],
        [cast.ravi.member_id],
    ]


def test_an_ordered_event_tells_of_a_space_there_is(client: Client, space: Space) -> None:
    """The first of them, or the one that is named."""
    for order in ({}, {"space_id": space.id}):
        made = client.control("webhooks/emit", {"event": f"{EVENT}member_left", **order})["event"]
        found = made["payload"]["object"]
        assert (found["space_id"], found["space_name"]) == (space.id, "Norvik")
