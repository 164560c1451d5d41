"""Which tags there are and which messages carry them. Reading only; putting them on is in `tagging`.

A query's `tag:` is resolved here, at the moment it runs. What comes out are ids: the search narrows them to the scope
of whoever asks, and whoever shows or counts them otherwise narrows them itself.
"""

from collections.abc import Collection

from archive import search
from compliance.models import Tag, TagMark


def named() -> search.Tags:
    """The tags a query may name; nothing is read before it does."""
    return search.Tags(names=lambda: dict(Tag.objects.values_list("key", "name")), on=_on)


def every() -> list[Tag]:
    """All tags, by name."""
    return list(Tag.objects.order_by("key"))


def of(message_ids: Collection[int]) -> dict[int, list[Tag]]:
    """The tags of each of these messages that has any; the caller has made sure that they may be seen."""
    found: dict[int, list[Tag]] = {}
    marks = TagMark.objects.filter(message_id__in=message_ids).select_related("tag").order_by("tag__key")
    for mark in marks:
        found.setdefault(mark.message_id, []).append(mark.tag)
    return found


def _on(key: str | None) -> Collection[int]:
    marks = TagMark.objects.all() if key is None else TagMark.objects.filter(tag__key=key)
    ids = marks.order_by().values_list("message_id", flat=True)
    return list(ids.distinct() if key is None else ids)
