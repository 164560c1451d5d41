"""The messages that messages forward, as far as they could be fetched."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from archive import readable
from archive.models import Forward

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What a message forwards. `state` is the fetching's; text, name and time are "" and None until it is stored."""

    forward_id: str
    state: str
    text: str
    sender_name: str
    sent_at: datetime | None
    last_error: str


def on(message_ids: Collection[int]) -> dict[int, tuple[Forwarded, ...]]:
    """What each message forwards; one query."""
    found: dict[int, list[Forwarded]] = {}
    rows = Forward.objects.filter(message_id__in=message_ids).select_related("original").order_by("pk")
    for row in rows:
        record = _record(bytes(row.original.raw)) if row.original is not None else {}
        forwarded = Forwarded(
            forward_id=row.forward_id,
            state=row.state,
            text=readable.text(_text(record, "message")),
            sender_name=readable.line(
                _text(record, "sender_display_name") or _text(record, "sender"), limit=_NAME_LIMIT
            ),
            sent_at=_moment(record.get("timestamp")),
            last_error=row.last_error,
        )
        found.setdefault(row.message_id, []).append(forwarded)
    return {message_id: tuple(each) for message_id, each in found.items()}


def _record(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(record: dict[str, Any], field: str) -> str:
    value = record.get(field)
    return value if isinstance(value, str) else ""


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        return None
