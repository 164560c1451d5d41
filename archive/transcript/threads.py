"""Which message a reply answers, and how many replies a message has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count

from archive.models import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A message's place in its thread.

    `main_zoom_id` is "" for a message that is no reply; `main_id` is None as well when the message it answers is
    not in the archive. `replies` counts those held that answer this message.
    """

    main_zoom_id: str
    main_id: int | None
    replies: int


def of(session_id: int, messages: Sequence[Message]) -> dict[int, Thread]:
    """The thread of each message of one session; two queries."""
    answered = {m.reply_to_zoom_id for m in messages if m.reply_to_zoom_id != ""}
    mains = _keys(session_id, answered)
    replies = _replies(session_id, {m.zoom_id for m in messages})
    return {
        m.pk: Thread(
            main_zoom_id=m.reply_to_zoom_id,
            main_id=mains.get(m.reply_to_zoom_id),
            replies=replies.get(m.zoom_id, 0),
        )
        for m in messages
    }


def _keys(session_id: int, zoom_ids: Collection[str]) -> dict[str, int]:
    held = Message.objects.filter(session_id=session_id, zoom_id__in=zoom_ids)
    return dict(held.values_list("zoom_id", "pk"))


def _replies(session_id: int, zoom_ids: Collection[str]) -> dict[str, int]:
    held = Message.objects.filter(session_id=session_id, reply_to_zoom_id__in=zoom_ids)
    counted = held.exclude(reply_to_zoom_id="").order_by().values_list("reply_to_zoom_id")
    return dict(counted.annotate(count=Count("pk")))
