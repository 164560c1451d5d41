"""The search that a conversation was opened from: where the hit stands in it, and the hits before and after."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.urls import reverse

from archive import search
from compliance import facets, investigations


@dataclass(frozen=True)
class Steps:
    """The way through the hits; `position` and `count` are None when the search cannot be answered now."""

    query: str
    back: str
    position: int | None = None
    count: int | None = None
    previous: str = ""
    next: str = ""


def through(*, query: str, place: search.Place, order: search.Order, by: User, now: datetime) -> Steps:
    """The steps from the hit at a place; without them, when there is no answer, only the way back."""
    try:
        seen = investigations.around_hit(query=query, place=place, order=order, by=by, now=now)
    except search.SearchError:
        return Steps(query, reverse("search") + facets.address(query, order=order))
    before = {} if seen.previous is None else {"after": str(seen.previous.place)}
    return Steps(
        query=query,
        back=reverse("search") + facets.address(query, order=order, **before),
        position=seen.position,
        count=seen.count,
        previous=_opened(seen.previous, query, order),
        next=_opened(seen.next, query, order),
    )


def _opened(hit: search.Hit | None, query: str, order: search.Order) -> str:
    """The conversation around a hit, still within its search."""
    if hit is None:
        return ""
    asked = facets.address(query, order=order, at=str(hit.message_id), hit=str(hit.place))
    return f"{reverse('session', args=[hit.session_id])}{asked}#m{hit.message_id}"
