"""Sessions: the list, one as people saw it, and its calendar of completeness."""

from datetime import date, datetime
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive import completeness, directory, search, transcript
from compliance import balance, holds, investigations, permissions, reading, saved, stepping, visitors
from compliance.forms.sessions import SessionFilters
from compliance.models import Matter
from compliance.permissions import Action
from compliance.views import telling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sessions that pass the filters, a page at a time, with the exact total."""
    permissions.check(Action.SEE_COMPLETENESS, by=request.user)
    form = SessionFilters(request.GET)
    form.is_valid()
    try:
        found = directory.sessions(filters=form.filters(), sort=form.order(), after=form.place())
    except ValueError as error:  # a place of another order: somebody edited the address
        raise Http404 from error
    following = None if found.next is None else quote(f"{found.next.value}~{found.next.id}")
    context = {
        "title": "Sessions",
        "form": form,
        "found": found,
        "sort": form.order().value,
        "following": following,
        "query": visitors.query(request, drop=["after"]),
        "filter_query": visitors.query(request, drop=["after", "sort"]),
    }
    return render(request, "sessions/index.html", context)


@require_safe
def conversation(request: HttpRequest, session_id: int) -> HttpResponse:
    """A stretch of a session, as people saw it; `?at=` a message, `?before=` and `?after=` a position."""
    at, now = visitors.number(request, "at"), timezone.now()
    by = visitors.person(request)
    with telling.absence():
        matter = saved.matter_of(visitors.number(request, "matter"), by)
        seen = investigations.conversation(
            session_id=session_id,
            at=at,
            before=transcript.position(request.GET.get("before", "")),
            after=transcript.position(request.GET.get("after", "")),
            matter=matter,
            by=by,
            now=now,
        )
    items = reading.page(seen.transcript, since=seen.since, at=at, zone=timezone.get_current_timezone())
    context = {
        "title": seen.session.line.title,
        "session": seen.session,
        "stretch": seen.transcript,
        "items": items,
        "is_whole": seen.is_whole,
        "within": matter,
        "whole_query": visitors.query(request, drop=["matter", "before", "after"]),
        "held": holds.held([said.id for said in seen.transcript.messages]),
        "at": at,
        "show_hidden": request.GET.get("hidden") == "show",
        "query": visitors.query(request, drop=["before", "after", "at"]),
        "hidden_query": visitors.query(request, drop=["hidden"]),
        "sought": visitors.understood(request, now=now),
        "steps": _steps(request, matter, now=now),
        "may_hold": permissions.can(Action.OPEN_MATTER, by=request.user),
    }
    return render(request, "sessions/conversation.html", context)


@require_safe
def calendar(request: HttpRequest, session_id: int) -> HttpResponse:
    """Which days of a session are proven complete, month by month, with the account of each."""
    permissions.check(Action.SEE_COMPLETENESS, by=request.user)
    now = timezone.now()
    detail = directory.session(session_id)
    if detail is None:
        raise Http404
    months = [
        (month, completeness.calendar(session_id, month, now=now))
        for month in _months(detail.first_sent_at or detail.first_seen_at, now)
    ]
    context = {
        "title": detail.line.title,
        "session": detail,
        "months": [(month, month.weekday(), days) for month, days in months],
        "accounts": [balance.month(month, days) for month, days in reversed(months)],
    }
    return render(request, "sessions/calendar.html", context)


def _steps(request: HttpRequest, matter: Matter | None, *, now: datetime) -> stepping.Steps | None:
    """The way through the hits of the search that the conversation was opened from."""
    place, text, by = (
        search.Place.from_text(request.GET.get("hit", "")),
        visitors.sought(request),
        visitors.person(request),
    )
    if place is None or not text or not permissions.can(Action.SEARCH, by=by):
        return None
    return stepping.through(
        query=text, place=place, order=visitors.order(request), matter=matter, by=by, now=now
    )


def _months(first: date, last: date, *, at_most: int = 12) -> list[date]:
    """The first days of the months from `first` to `last`, the newest `at_most` of them."""
    months = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return months[-at_most:]
