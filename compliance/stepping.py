"""The search that a conversation was opened from: where the hit stands in it, and the hits before and after."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.urls import reverse

from archive import search
from compliance import facets, investigations
from compliance.models import Matter


@dataclass(frozen=True)
class Steps:
    """The way through the hits; `position` and `count` are None when the search cannot be answered now."""

    query: str
    back: str
    position: int | None = None
    count: int | None = None
    previous: str = ""
    next: str = ""


def through(
    *, query: str, place: search.Place, order: search.Order, matter: Matter | None, by: User, now: datetime
) -> Steps:
    """The steps from the hit at a place; without them, when there is no answer, only the way back."""
    page = reverse("search") if matter is None else reverse("matter_search", args=[matter.pk])
    try:
        seen = investigations.around_hit(query=query, place=place, order=order, matter=matter, by=by, now=now)
    except search.SearchError:
        return Steps(query, page + facets.address(query, order=order))
    before = {} if seen.previous is None else {"after": str(seen.previous.place)}
    return Steps(
        query=query,
        back=page + facets.address(query, order=order, **before),
        position=seen.position,
        count=seen.count,
        previous=_opened(seen.previous, query, order, matter),
        next=_opened(seen.next, query, order, matter),
    )


def _opened(hit: search.Hit | None, query: str, order: search.Order, matter: Matter | None) -> str:
    """The conversation around a hit, still within its search and its matter."""
    if hit is None:
        return ""
    within = {} if matter is None else {"matter": str(matter.pk)}
    asked = facets.address(query, order=order, **within, at=str(hit.message_id), hit=str(hit.place))
    return f"{reverse('session', args=[hit.session_id])}{asked}#m{hit.message_id}"
