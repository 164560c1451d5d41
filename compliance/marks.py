"""The rows that say which message carries which tag. Whoever calls has checked permission and scope, and records it."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection

from archive import admitted
from archive.scope import Scope
from compliance.models import Tag, TagMark


def put(tag: Tag, message_ids: Sequence[int], *, by: User | None, now: datetime) -> int:
    """Put a tag on messages; how many did not carry it yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO compliance_tagmark (tag_id, message_id, made_by_id, made_at) "
            "SELECT %s, id, %s, %s FROM unnest(%s::bigint[]) AS u (id) ON CONFLICT DO NOTHING",
            [tag.pk, None if by is None else by.pk, now, list(message_ids)],
        )
        return int(cursor.rowcount)


def take_off(tag: Tag, message_ids: Sequence[int]) -> int:
    """Take a tag off messages; how many carried it."""
    removed, _ = TagMark.objects.filter(tag=tag, message_id__in=list(message_ids)).delete()
    return removed


def counts(*, scope: Scope) -> dict[int, int]:
    """How many messages within the scope carry each tag, by the tag's key; none is left out."""
    condition, values = admitted.condition(scope, of="t.message_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.tag_id, count(*) FROM compliance_tagmark t WHERE {condition} GROUP BY 1", values
        )
        return dict(cursor.fetchall())
