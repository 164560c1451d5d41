"""Which sessions a query's `in:` and `type:` mean: by the words of their newest name, by Zoom's ids, by their kind."""

from functools import lru_cache

from django.db.models import Q

from archive.models import Session
from archive.search import matching
from archive.search.query import In, Kind, Type, Words

_TYPES = {Type.GROUP: Session.Type.GROUP, Type.DIRECT: Session.Type.DIRECT}


def named(node: In) -> frozenset[int]:
    """The ids of the sessions meant; none when no session is called so."""
    if node.session_id is not None:
        return frozenset((node.session_id,))
    words = Words(node.name, node.match, node.edits)
    by_id = Session.objects.filter(Q(zoom_id=node.name) | Q(channel_id=node.name)).values_list(
        "id", flat=True
    )
    by_name = (
        session_id
        for session_id, name in Session.objects.exclude(name="").values_list("id", "name").iterator()
        if _is_called(name, words)
    )
    return frozenset(by_id) | frozenset(by_name)


def of_kind(node: Kind) -> frozenset[int]:
    """The ids of the sessions of a kind; one whose kind is not known is of none."""
    return frozenset(Session.objects.filter(type=_TYPES[node.type]).values_list("id", flat=True))


@lru_cache(maxsize=200_000)
def _is_called(name: str, words: Words) -> bool:
    return len(matching.where(name, words)) > 0
