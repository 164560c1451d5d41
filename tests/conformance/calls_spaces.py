"""Calls of the tag Shared Spaces."""

from __future__ import annotations

from tests.conformance.scene import Scene


def _space(scene: Scene) -> str:
    made = scene.client.spaces.create(
        name="Harbour",
        description="Where ships land",
        owner=scene.ines.id,
        administrators=[scene.ravi.id],
        members=[scene.ada.email or ""],
        external_users=1,
        adding_members=1,
        creating_channels=2,
    )
    return made.space_id or ""


def _with_channel(scene: Scene) -> str:
    space_id = _space(scene)
    scene.client.spaces.move_channels(
        space_id=space_id, channel_ids=[scene.project.id], direction="move_into"
    )
    return space_id


def members(scene: Scene) -> None:
    """All of them, and the administrators who are active."""
    space_id = _space(scene)
    (page,) = scene.client.spaces.members(space_id=space_id)
    assert len(page.records) == 3
    (page,) = scene.client.spaces.members(space_id=space_id, role="admin", status="active")


def move_channels(scene: Scene) -> None:
    """In and out again."""
    scene.client.spaces.move_channels(
        space_id=_with_channel(scene), channel_ids=[scene.project.id], direction="move_out"
    )


def listed(scene: Scene) -> None:
    """Of a user of the account."""
    _space(scene)
    (page,) = scene.client.spaces.list(user_id=scene.ines.id)
    assert len(page.records) == 1


CALLS = {
    "listSharedSpaces": listed,
    "createSpace": _space,
    "getASharedSpace": lambda scene: scene.client.spaces.get(space_id=_with_channel(scene)),
    "deleteSpace": lambda scene: scene.client.spaces.delete(space_id=_space(scene)),
    "updateSharedSpaceSettings": lambda scene: scene.client.spaces.update(
        space_id=_space(scene),
        name="Quay",
        description="Where they are unloaded",
        external_users=0,
        adding_members=2,
        creating_channels=1,
    ),
    "promoteSpaceMembers": lambda scene: scene.client.spaces.promote(
        space_id=_space(scene), identifiers=[scene.ada.id]
    ),
    "demoteSpaceAdmins": lambda scene: scene.client.spaces.demote(
        space_id=_space(scene), identifiers=[scene.ravi.id]
    ),
    "listSharedSpaceChannels": lambda scene: scene.client.spaces.channels(space_id=_with_channel(scene)),
    "updateSharedSpaceChannels": move_channels,
    "listSharedSpaceMembers": members,
    "addSpaceMembers": lambda scene: scene.client.spaces.add_members(
        space_id=_space(scene), identifiers=[scene.olu.member_id]
    ),
    "deleteSpaceMembers": lambda scene: scene.client.spaces.remove_members(
        space_id=_space(scene), identifiers=[scene.ada.id]
    ),
    "transferSpaceOwner": lambda scene: scene.client.spaces.hand_over(
        space_id=_space(scene), identifier=scene.ravi.id
    ),
}
