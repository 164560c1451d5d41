"""Calls of the tag Chat Channel Mention Group."""

from __future__ import annotations

from tests.conformance.scene import Scene


def _group(scene: Scene) -> dict[str, str]:
    made = scene.client.mention_groups.create(
        channel_id=scene.general.id,
        name="counsel",
        description="who signs",
        identifiers=[scene.ravi.id, scene.olu.member_id],
    )
    return {"channel_id": scene.general.id, "group_id": made.id or ""}


def listed(scene: Scene) -> None:
    """The one there is."""
    _group(scene)
    (page,) = scene.client.mention_groups.list(channel_id=scene.general.id)
    assert [one.name for one in page.records] == ["counsel"]


CALLS = {
    "getChannelMentionGroup": listed,
    "createChannelMentionGroup": _group,
    "updateChannelMentionGroup": lambda scene: scene.client.mention_groups.update(
        **_group(scene), name="signers", description="who signs now"
    ),
    "deleteAChannelMentionGroup": lambda scene: scene.client.mention_groups.delete(**_group(scene)),
    "listTheMembersOfMentionGroup": lambda scene: scene.client.mention_groups.members(**_group(scene)),
    "addAChannelMembersToMentionGroup": lambda scene: scene.client.mention_groups.add_members(
        **_group(scene), identifiers=[scene.ada.id]
    ),
    "removeChannelMentionGroupMembers": lambda scene: scene.client.mention_groups.remove_members(
        **_group(scene), identifiers=[scene.ravi.id, scene.olu.member_id]
    ),
}
