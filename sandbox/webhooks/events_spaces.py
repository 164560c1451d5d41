"""Events about shared spaces: their settings and their members.

Each function makes the `object` of a payload. What a space is is told by the deed or the order: id, name and
settings come as plain values.
"""

from sandbox.webhooks import parts
from sandbox.webhooks.occasion import Fields, Occasion

_USUAL: dict[str, object] = {
    "is_public": False,
    "add_new_members": "by_owner_and_admins",
    "add_new_channels": "by_owner_and_admins",
    "add_external_users": "disabled",
}


def left(occasion: Occasion) -> Fields:
    """Somebody left a space."""
    return {**_space(occasion), "timestamp": occasion.at}


def invited(occasion: Occasion) -> Fields:
    """People were brought into a space, in a role."""
    role = occasion.text("role") if occasion.has("role") else "member"
    given = occasion.fields.get("roles")
    roles = given if isinstance(given, dict) else {}
    return {
        **_space(occasion),
        "members": [{**parts.user(one), "role": roles.get(one.id, role)} for one in occasion.people],
        "timestamp": occasion.at,
    }


def removed(occasion: Occasion) -> Fields:
    """People were put out of a space."""
    return {
        **_space(occasion),
        "members": [parts.user(one) for one in occasion.people],
        "timestamp": occasion.at,
    }


def edited(occasion: Occasion) -> Fields:
    """The settings of a space, as they are and as they were."""
    return {
        "space_id": occasion.text("space_id"),
        "new_settings": _settings(occasion, "new_settings"),
        "old_settings": _settings(occasion, "old_settings"),
        "timestamp": occasion.at,
    }


def _space(occasion: Occasion) -> Fields:
    return {"space_id": occasion.text("space_id"), "space_name": occasion.text("space_name")}


def _settings(occasion: Occasion, name: str) -> Fields:
    """Settings with nothing missing: what is not said has its usual value."""
    given = occasion.fields.get(name)
    said = given if isinstance(given, dict) else {}
    option = said.get("option")
    return {
        "name": said.get("name", occasion.fields.get("space_name") or ""),
        "desc": said.get("desc", ""),
        "option": {**_USUAL, **(option if isinstance(option, dict) else {})},
    }
