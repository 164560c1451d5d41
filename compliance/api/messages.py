"""Messages: a stretch of a session, one message with every version, where it came from, and the proof of it.

Read through the audited door: what is outside of what the token reaches is not there.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive import directory, provenance, transcript
from compliance import investigations, refusals
from compliance.api import endpoints, paging
from compliance.api.paging import Moment
from compliance.api.proofs import Proof
from compliance.permissions import Action

Plain = serializers.Serializer[Any]
MOST_AT_ONCE = 100
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


class Which(Plain):
    """Which messages of a session."""

    since = Moment(required=False, help_text="Sent at this moment or later.")
    until = Moment(required=False, help_text="Sent before this moment.")
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_AT_ONCE, default=50, help_text="How many at most."
    )
    after = serializers.CharField(
        max_length=500, required=False, help_text="Where the page before this one ended; take it from `next`."
    )


class Wording(Plain):
    """One wording, and the revisions that carry it."""

    text = serializers.CharField()
    at = Moment(help_text="When it was written, as far as is known.")
    at_is_known = serializers.BooleanField()
    revision_ids = serializers.ListField(child=serializers.IntegerField())
    is_last_known = serializers.BooleanField(help_text="Only the record of the deletion gave it.")


class File(Plain):
    """A file on a message. Take its bytes at /api/v1/files/{attachment_id}/."""

    attachment_id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField(help_text="due, claimed, stored, gone, mismatch or failed.")
    claimed_bytes = serializers.IntegerField(allow_null=True)
    stored_bytes = serializers.IntegerField(allow_null=True)
    sha256 = serializers.SerializerMethodField(help_text="Of the bytes that are held; null while none are.")
    media_type = serializers.CharField(help_text="As sniffed from the bytes.")

    def get_sha256(self, one: transcript.File) -> str | None:
        """In hexadecimal."""
        return None if one.sha256 is None else one.sha256.hex()


class Reaction(Plain):
    """One emoji, and who reacted with it."""

    emoji = serializers.CharField()
    code = serializers.CharField()
    is_custom = serializers.BooleanField()
    count = serializers.IntegerField(allow_null=True)
    people = serializers.ListField(child=serializers.CharField())


class Forwarded(Plain):
    """A message that was forwarded."""

    state = serializers.CharField()
    text = serializers.CharField()
    sender_name = serializers.CharField()
    sent_at = Moment(allow_null=True)


class Destroyed(Plain):
    """When a message was destroyed, and under which disposition."""

    disposition = serializers.IntegerField()
    at = Moment()


class MessageLine(Plain):
    """One message as people saw it, with every wording."""

    id = serializers.IntegerField()
    zoom_id = serializers.CharField()
    sent_at = Moment()
    sent_at_is_doubtful = serializers.BooleanField()
    sender_id = serializers.IntegerField(allow_null=True)
    sender_name = serializers.CharField(help_text="As it was then.")
    sender_is_external = serializers.BooleanField(allow_null=True, help_text="null: unknown.")
    sender_is_bot = serializers.BooleanField()
    state = serializers.CharField(source="story.state", help_text="sent, edited, deleted or destroyed.")
    text = serializers.CharField(help_text="The last wording held.")
    wordings = Wording(source="story.wordings", many=True)
    edited_at = Moment(source="story.edited_at", allow_null=True)
    deleted_at = Moment(source="story.deleted_at", allow_null=True)
    original_is_held = serializers.BooleanField(source="story.original_is_held")
    oddities = serializers.ListField(child=serializers.CharField())
    reply_to = serializers.CharField(
        source="thread.main_zoom_id", help_text="Zoom's id of the message it answers; empty: it answers none."
    )
    replies = serializers.IntegerField(source="thread.replies")
    reactions = Reaction(many=True)
    files = File(many=True)
    forwarded = Forwarded(many=True)
    destroyed = Destroyed(allow_null=True)


class MessagePage(Plain):
    """A page of messages; how many there are in all is not counted."""

    next = serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last.")
    items = MessageLine(many=True)


class Source(Plain):
    """The reply of Zoom that a revision came in."""

    page_id = serializers.IntegerField()
    operation = serializers.CharField()
    received_at = Moment()
    body_sha256 = serializers.CharField()
    body_bytes = serializers.IntegerField()


class Revision(Plain):
    """One state of the message that was seen, its exact bytes and the leaf that commits to it."""

    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="sent, edited or deleted: the list of Zoom's that it was in.")
    text = serializers.CharField()
    sender_name = serializers.CharField()
    action_at = Moment(allow_null=True)
    stored_at = Moment()
    digest = serializers.CharField()
    raw = serializers.CharField(help_text="The exact bytes of the record, in base64.")
    source = Source()  # type: ignore[assignment]  # a serializer has an attribute of this name
    proof = Proof(allow_null=True)


class Message(MessageLine):
    """One message with its revisions, in the order in which they were stored."""

    session_id = serializers.IntegerField()
    session_zoom_id = serializers.CharField()
    revisions = Revision(many=True)


class OfSession(endpoints.Endpoint):
    """Messages of a session."""

    @endpoints.described(MessagePage, of="messages", named="list_messages", asks=Which)
    def get(self, request: Request, session_id: int) -> Response:
        """The messages of a session within what the token reaches, oldest first. Recorded as a look."""
        asked = paging.asked(Which, request)
        subject = f"session/{session_id}"
        refusals.check(Action.READ_MESSAGES, subject=subject, by=self.by, now=self.now)
        after = _position(asked)
        since, until = _since(session_id, asked, after), asked.get("until", _EVER)
        if until <= since and "until" in asked:
            raise serializers.ValidationError(
                {"until": "Nothing is sent at or after `since` and before this."}
            )
        found = investigations.period(
            session_id=session_id, since=since, until=max(since, until), after=after, limit=asked["limit"],
            by=self.by, now=self.now,
        ).transcript  # fmt: skip
        items = MessageLine(found.messages, many=True).data
        return Response({"next": paging.following(request, found.later), "items": items})


class OneMessage(endpoints.Endpoint):
    """One message."""

    @endpoints.described(Message, of="messages", named="get_message")
    def get(self, request: Request, message_id: int) -> Response:
        """One message with every version, its exact bytes, where they came from and their proof. Recorded as a look."""
        found = investigations.message(message_id=message_id, by=self.by, now=self.now)
        return Response(
            {
                **MessageLine(found.said).data,
                "session_id": found.provenance.session_id,
                "session_zoom_id": found.provenance.session_zoom_id,
                "revisions": [_revision(one) for one in found.provenance.origins],
            }
        )


def _revision(one: provenance.Origin) -> dict[str, Any]:
    said = {
        "id": one.revision_id,
        "kind": one.kind,
        "text": one.text,
        "sender_name": one.sender_name,
        "action_at": one.action_at,
        "stored_at": one.stored_at,
        "digest": one.digest.hex(),
        "raw": base64.b64encode(one.raw).decode(),
        "source": {
            "page_id": one.source.page_id,
            "operation": one.source.operation,
            "received_at": one.source.received_at,
            "body_sha256": one.source.body_sha256.hex(),
            "body_bytes": one.source.body_bytes,
        },
        "proof": one.proof,
    }
    return dict(Revision(said).data)


def _since(session_id: int, asked: Mapping[str, Any], after: transcript.Position | None) -> datetime:
    """Where to begin: as asked, or at the session's first message, because each day from there on is looked at."""
    if "since" in asked:
        since: datetime = asked["since"]
        return since
    if after is not None:
        return after.sent_at
    detail = directory.session(session_id)
    first = None if detail is None else detail.first_sent_at
    return datetime(1970, 1, 1, tzinfo=UTC) if first is None else first


def _position(asked: Mapping[str, Any]) -> transcript.Position | None:
    if "after" not in asked:
        return None
    found = transcript.position(asked["after"])
    if found is None:
        raise serializers.ValidationError({"after": paging.NOT_A_PLACE})
    return found
