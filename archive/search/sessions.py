"""Which sessions a query's `in:` and `type:` mean: by the words of a name they have or had, by Zoom's ids, by their kind.

A channel's own name counts as its session's: the two lists that name it are read at different times.
"""

from collections.abc import Collection
from typing import LiteralString

from django.db import connection

from archive import bulk
from archive.models import Session
from archive.search import called
from archive.search.query import In, Kind, Type, Words

_TYPES = {Type.GROUP: Session.Type.GROUP, Type.DIRECT: Session.Type.DIRECT}
_ALL: LiteralString = " UNION ALL "
_BY_ID: LiteralString = (
    "SELECT id, NULL FROM archive_session WHERE zoom_id = %b::text OR channel_id = %b::text"
)
_BY_NAME: tuple[LiteralString, ...] = (
    "SELECT n.id, n.name FROM archive_session n WHERE ",
    "SELECT s.id, n.name FROM archive_sessionname n"
    " JOIN archive_session s ON s.account_id = n.account_id AND s.zoom_id = n.zoom_id WHERE ",
    "SELECT s.id, n.name FROM archive_sessionname n"
    " JOIN archive_session s ON s.account_id = n.account_id AND s.channel_id = n.zoom_id WHERE ",
    "SELECT s.id, n.name FROM archive_channel n"
    " JOIN archive_session s ON s.account_id = n.account_id AND s.channel_id = n.zoom_id WHERE ",
)
_KINDS = "SELECT id, type FROM archive_session WHERE id = ANY(%s) AND type = ANY(%s)"


def named(node: In) -> frozenset[int]:
    """The ids of the sessions meant; none when no session is called so."""
    if node.session_id is not None:
        return frozenset((node.session_id,))
    words = Words(node.name, node.match, node.edits)
    may_be, values = called.likely("n.name", words)
    statement = _ALL.join((_BY_ID, *(names + may_be for names in _BY_NAME)))
    found = bulk.run(statement, [node.name, node.name, *(values * len(_BY_NAME))])
    return frozenset(
        session_id for session_id, name in found if name is None or called.is_called(name, words)
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
