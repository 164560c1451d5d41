"""Which sessions a query's `in:` means: by the words of their newest name, or exactly by one of Zoom's ids."""

from functools import lru_cache

from django.db.models import Q

from archive.models import Session
from archive.search import matching
from archive.search.query import In, Match


def named(node: In) -> frozenset[int]:
    """The ids of the sessions meant; none when no session is called so."""
    by_id = Session.objects.filter(Q(zoom_id=node.name) | Q(channel_id=node.name)).values_list(
        "id", flat=True
    )
    by_name = (
        session_id
        for session_id, name in Session.objects.exclude(name="").values_list("id", "name").iterator()
        if _is_called(name, node.name, node.match)
    )
    return frozenset(by_id) | frozenset(by_name)


@lru_cache(maxsize=200_000)
def _is_called(name: str, words: str, match: Match) -> bool:
    return len(matching.where(name, words, match)) > 0
