"""Searching the archive: the query, its meaning in words, the exact count, hits with highlights, a preview."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive import completeness, search
from archive.search import refining
from compliance import (
    charts,
    facets,
    gathering,
    hits,
    hold_files,
    investigations,
    lists,
    matters,
    permissions,
    reading,
    saved,
    visitors,
)
from compliance.facets import Narrowing
from compliance.models import Matter
from compliance.permissions import Action
from compliance.sightings import Findings
from compliance.views import matters as matter_pages
from compliance.views import tags, telling

PREVIEW_MESSAGES = 15


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page, with or without an answer."""
    if not request.GET.get("q"):
        permissions.check(
            Action.SEARCH, by=request.user
        )  # a query is refused, and its refusal recorded, by the door
    return render(request, "search/index.html", {"title": "Search", **_page(request)})


@require_safe
def of_matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The same within a matter, with the searches and frozen lists that were made in it."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        matter = matters.get(matter_id=matter_id, action=Action.SEARCH, by=by)
    context = matter_pages.context(matter, current="matter_search", by=by) | _page(request, matter)
    if not context["query_text"]:
        context |= {
            "searches": saved.lines(matter=matter, by=by, now=now),
            "lists": lists.lines(matter=matter, by=by, now=now)[0],
        }
    return render(request, "matters/search.html", context)


@require_safe
def preview(request: HttpRequest, message_id: int) -> HttpResponse:
    """The conversation around a hit, to stand beside the hits."""
    session_id = visitors.number(request, "session")
    if session_id is None:
        raise Http404
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        matter = saved.matter_of(visitors.number(request, "matter"), by)
        seen = investigations.conversation(
            session_id=session_id,
            at=message_id,
            limit=PREVIEW_MESSAGES,
            matter=matter,
            by=by,
            now=now,
        )
    context = {
        "session": seen.session,
        "within": matter,
        "stretch": seen.transcript,
        "items": reading.page(seen.transcript, at=message_id, zone=timezone.get_current_timezone()),
        "at": message_id,
        "sought": visitors.understood(request, now=now),
        "query": visitors.query(request, drop=["session"]),
    }
    return render(request, "search/preview.html", context)


def _page(request: HttpRequest, matter: Matter | None = None) -> dict[str, Any]:
    """The query and its answer, if it has one; `whole_query` says all of it outside of the matter's page too."""
    text, order = visitors.sought(request), visitors.order(request)
    context: dict[str, Any] = {
        "query_text": text,
        "whole_query": text,
        "order": order.value,
        "longest_query": search.LONGEST_QUERY,
        "own_search": True,
    }
    if text:
        try:
            context |= _answered(request, text, order, matter)
            context |= tags.beside(request, context["findings"])
            context["held"] = hold_files.beside(
                query=text, matter=matter, by=visitors.person(request), now=timezone.now()
            )
            context |= _counted(context["findings"], text, order)
        except search.QueryError as error:
            context |= _misunderstood(text, error, order)
        except search.IndexUnavailable as error:
            context |= {"unavailable": error}
    return context


def _answered(request: HttpRequest, text: str, order: search.Order, matter: Matter | None) -> dict[str, Any]:
    now = timezone.now()
    findings = investigations.messages(
        query=text,
        after=search.Place.from_text(request.GET.get("after", "")),
        order=order,
        with_facets=True,
        matter=matter,
        by=visitors.person(request),
        now=now,
    )
    answer = findings.answer
    whole = text if matter is None else gathering.in_matter(text, matter, now=now)
    within = {} if matter is None else {"matter": str(matter.pk)}
    return {
        "whole_query": whole,
        "findings": findings,
        "lines": hits.lines(findings),
        "orders": [(one, facets.address(text, order=one)) for one in search.Order],
        "page_number": answer.before // investigations.PAGE_SIZE + 1,
        "first_hit": answer.before + 1,
        "last_hit": answer.before + len(answer.hits),
        "most_relevant": min(answer.count, search.MOST_RELEVANT),
        "first_page": facets.address(text, order=order),
        "next_page": facets.address(text, order=order, after=str(answer.next))
        if answer.next is not None
        else "",
        "query": f"{facets.address(whole, order=order, **within)[1:]}&",
    }


def _counted(findings: Findings, text: str, order: search.Order) -> dict[str, Any]:
    """The answer counted by everything: last, since the engine counts while the rest of the page is made."""
    names = investigations.names(findings)
    narrow = facets.narrowing(text, order=order, now=findings.asked_at)
    return {
        "facets": facets.of(findings, names, narrow),
        "chips": facets.chips(names, narrow),
        "chart": _timeline(findings, narrow),
    }


def _timeline(findings: Findings, narrow: Narrowing) -> charts.BarChart | None:
    """The hits over time, with the days of which the archive is not proven complete."""
    counted, now = findings.answer.facets, timezone.now()
    span = None if counted is None else facets.span(counted, narrow, today=now.date())
    if counted is None or span is None:
        return None
    first, last = span
    return charts.over_time(
        facets.days(counted),
        first=first,
        last=last,
        open_days=_open_days(first, last, now=now),
        address=lambda begin, end: narrow.to(refining.of_days(begin, end)),
    )


def _open_days(first: date, last: date, *, now: datetime) -> dict[date, int]:
    """Days not proven complete, with those about which nobody ever asked."""
    open_days, asked = completeness.open_days(first, last, now=now), completeness.first_asked()
    unasked = last if asked is None else min(last, asked - timedelta(days=1))
    never = (date.fromordinal(day) for day in range(first.toordinal(), unasked.toordinal() + 1))
    return {**dict.fromkeys(never, 1), **open_days}


def _misunderstood(text: str, error: search.QueryError, order: search.Order) -> dict[str, Any]:
    """The query before, at and after what was not understood, and what was probably meant instead."""
    corrected = error.corrected(text)
    return {
        "misunderstood": error,
        "has_place": error.end > 0,
        "query_parts": (text[: error.start], text[error.start : error.end], text[error.end :]),
        "corrected": corrected,
        "corrected_address": facets.address(corrected, order=order) if corrected is not None else "",
    }
