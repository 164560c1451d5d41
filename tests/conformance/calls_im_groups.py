"""Calls of the tag IM Groups."""

from __future__ import annotations

from tests.conformance.scene import Scene

_SEARCHED = {"search_by_account": True, "search_by_domain": False, "search_by_ma_account": True}


def _group(scene: Scene) -> str:
    made = scene.client.im_groups.create(name="Counsel", type="shared", **_SEARCHED)
    return made.id or ""


def _peopled(scene: Scene) -> str:
    group_id = _group(scene)
    scene.client.im_groups.add_members(
        group_id=group_id, user_ids=[scene.ravi.id], emails=[scene.ada.email or ""]
    )
    return group_id


def listed(scene: Scene) -> None:
    """The one there is."""
    _group(scene)
    (page,) = scene.client.im_groups.list()
    assert [one.name for one in page.records] == ["Counsel"]


def members(scene: Scene) -> None:
    """By page tokens, and by the number of a page."""
    group_id = _peopled(scene)
    (page,) = scene.client.im_groups.members(group_id=group_id)
    assert len(page.records) == 2
    list(scene.client.im_groups.members(group_id=group_id, page_number=1))


CALLS = {
    "imGroups": listed,
    "imGroupCreate": _group,
    "imGroup": lambda scene: scene.client.im_groups.get(group_id=_group(scene)),
    "imGroupDelete": lambda scene: scene.client.im_groups.delete(group_id=_group(scene)),
    "imGroupUpdate": lambda scene: scene.client.im_groups.update(
        group_id=_group(scene), name="Advice", type="restricted", **_SEARCHED
    ),
    "imGroupMembers": members,
    "imGroupMembersCreate": _peopled,
    "imGroupMembersDelete": lambda scene: scene.client.im_groups.remove_member(
        group_id=_peopled(scene), member_id=scene.ravi.id
    ),
}
