"""Searching the archive: the query, its meaning in words, the exact count, hits with highlights, a preview."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from archive import search
from compliance import inert, investigations, permissions, reading, visitors
from compliance.investigations import Findings, FoundMessage
from compliance.permissions import Action

PREVIEW_MESSAGES = 15


@dataclass(frozen=True)
class HitLine:
    """One hit as it is shown; `in_version` is empty when the newest wording matched."""

    found: FoundMessage
    excerpt: SafeString
    in_version: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page, with or without an answer."""
    if not request.GET.get("q"):
        permissions.check(
            Action.SEARCH, by=request.user
        )  # a query is refused, and its refusal recorded, by the door
    text = inert.without_turning(request.GET.get("q", "")).strip()
    context: dict[str, Any] = {
        "title": "Search",
        "query_text": text,
        "order": _order(request).value,
        "own_search": True,
    }
    if text:
        try:
            findings = investigations.messages(
                query=text,
                after=search.Place.from_text(request.GET.get("after", "")),
                order=_order(request),
                by=visitors.person(request),
                now=timezone.now(),
            )
        except search.QueryError as error:
            context |= {"misunderstood": error, "query_parts": _parts(text, error)}
        except search.IndexUnavailable as error:
            context |= {"unavailable": error}
        else:
            context |= {
                "findings": findings,
                "lines": lines(findings),
                "is_first": not request.GET.get("after"),
                "query": visitors.query(request, drop=["after"]),
                "order_query": visitors.query(request, drop=["after", "order"]),
            }
    return render(request, "search/index.html", context)


@require_safe
def preview(request: HttpRequest, message_id: int) -> HttpResponse:
    """The conversation around a hit, to stand beside the hits."""
    session_id = visitors.number(request, "session")
    if session_id is None:
        raise Http404
    try:
        seen = investigations.conversation(
            session_id=session_id,
            at=message_id,
            limit=PREVIEW_MESSAGES,
            by=visitors.person(request),
            now=timezone.now(),
        )
    except investigations.NotHere as error:
        raise Http404 from error
    items = reading.page(seen.transcript, at=message_id, zone=timezone.get_current_timezone())
    context = {"session": seen.session, "stretch": seen.transcript, "items": items, "at": message_id}
    return render(request, "search/preview.html", context)


def lines(findings: Findings) -> list[HitLine]:
    """The hits with the wording that matched, newest wording first, cut around the first match."""
    return [_line(found, findings.answer.ast) for found in findings.found]


def _line(found: FoundMessage, ast: search.Ast) -> HitLine:
    newest = found.wordings[-1]
    for wording in reversed(found.wordings):
        spans = search.highlight(wording.text, ast)
        if spans:
            cut, inside = inert.excerpt(wording.text, spans)
            version = "" if wording is newest else "in an earlier version"
            return HitLine(found, inert.highlighted(cut, inside), version)
    cut, _ = inert.excerpt(newest.text, [])
    return HitLine(found, inert.text(cut), "")


def _order(request: HttpRequest) -> search.Order:
    return search.Order.OLDEST if request.GET.get("order") == "oldest" else search.Order.NEWEST


def _parts(text: str, error: search.QueryError) -> tuple[str, str, str]:
    """The query before, at and after what was not understood."""
    return text[: error.start], text[error.start : error.end], text[error.end :]
