"""Which sessions a query's `in:` and `type:` mean: by the words of their newest name, by Zoom's ids, by their kind."""

from collections.abc import Collection
from typing import LiteralString

from django.db import connection

from archive import bulk
from archive.models import Session
from archive.search import called
from archive.search.query import In, Kind, Type, Words

_TYPES = {Type.GROUP: Session.Type.GROUP, Type.DIRECT: Session.Type.DIRECT}
_NAMED: LiteralString = (
    "SELECT id, name, zoom_id, channel_id FROM archive_session"
    " WHERE zoom_id = %b::text OR channel_id = %b::text OR "
)
_KINDS = "SELECT id, type FROM archive_session WHERE id = ANY(%s) AND type = ANY(%s)"


def named(node: In) -> frozenset[int]:
    """The ids of the sessions meant; none when no session is called so."""
    if node.session_id is not None:
        return frozenset((node.session_id,))
    words = Words(node.name, node.match, node.edits)
    may_be, values = called.likely("name", words)
    sessions = bulk.run(_NAMED + may_be, [node.name, node.name, *values])
    return frozenset(
        session_id for session_id, name, *ids in sessions if node.name in ids or called.is_called(name, words)
    )


def of_kind(node: Kind) -> frozenset[int]:
    """The ids of the sessions of a kind; one whose kind is not known is of none."""
    return frozenset(Session.objects.filter(type=_TYPES[node.type]).values_list("id", flat=True))


def kinds(session_ids: Collection[int]) -> dict[int, Type]:
    """What kind each session is; one whose kind is not known is left out."""
    types = {value.value: kind for kind, value in _TYPES.items()}
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [list(session_ids), list(types)])
        return {session_id: types[value] for session_id, value in cursor.fetchall()}
