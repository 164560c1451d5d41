"""An example of every shape, for the description: made from what its fields are called and are, so that it always fits."""

from typing import Any

from rest_framework import serializers

_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_BY_NAME: dict[str, Any] = {
    "account": "Acme",
    "action": "looked",
    "actor": "Ines Moreau (ines)",
    "address": "203.0.113.7",
    "channel_id": "a1b2c3@conference.xmpp.zoom.us",
    "details": {"at": "matter"},
    "email": "mira@acme.example",
    "explanation": "Messages that contain the word budget",
    "kind": "sent",
    "name": "SEC inquiry 2026-114",
    "next": None,
    "order": "newest",
    "person": "ines",
    "q": "budget from:mira",
    "query": "budget from:mira",
    "reason": "The order of 9 February",
    "session_title": "Project Falcon",
    "state": "active",
    "status": "active",
    "subject": "matter/7",
    "text": "Ship it on Monday",
    "member_id": "gn7kq2w0s4u1",
    "title": "Project Falcon",
    "total": 1,
    "type": "Group",
    "user_id": "KDcuGIm1QgePTO8WbOqwIQ",
    "zoom_account_id": "abJ2h0Q8S1uvq3",
    "zoom_id": "f6a1c0de@conference.xmpp.zoom.us",
    "session_zoom_id": "f6a1c0de@conference.xmpp.zoom.us",
}


def of(shape: Any) -> Any:
    """An example of a serializer: a class of one, or one that is made, of one thing or of many."""
    made = shape() if isinstance(shape, type) else shape
    if isinstance(made, serializers.ListSerializer):
        return [of(made.child)]
    return {name: _value(name, field) for name, field in made.fields.items()}


def _value(name: str, field: Any) -> Any:
    if isinstance(field, serializers.ListSerializer | serializers.Serializer):
        return of(field)
    if isinstance(field, serializers.ListField):
        return [_value(name.removesuffix("s"), field.child)]
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    if name in _BY_NAME:
        return _BY_NAME[name]
    return _by_type(name, field)


def _by_type(name: str, field: Any) -> Any:
    if isinstance(field, serializers.DateTimeField):
        return "2026-11-02T09:30:00Z"
    if isinstance(field, serializers.DateField):
        return "2026-11-02"
    if isinstance(field, serializers.BooleanField):
        return False
    if name == "id" or name.endswith("_id"):
        return 7
    if isinstance(field, serializers.IntegerField):
        return max(1, field.min_value or 1)
    if isinstance(field, serializers.JSONField | serializers.DictField):
        return {}
    if isinstance(field, serializers.UUIDField):
        return "0b5b0d4e-1f5a-4f6e-9c56-0d6d1f9f5a11"
    if name.endswith(("sha256", "hash", "root", "digest", "commitment", "hashes")):
        return _DIGEST
    return "Mira Lang" if name.endswith("name") else "x"
