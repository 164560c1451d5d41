"""Channels and how long Zoom keeps them: the table, and one channel with its history."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import permissions, visitors
from compliance.forms.retention import ChannelFilters
from compliance.models import RetentionRule
from compliance.permissions import Action
from compliance.retention import conditions, periods, table
from compliance.views import retention_tabs, telling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The channels that pass the filters, a page at a time, with the exact total."""
    by = visitors.person(request)
    form = ChannelFilters(request.GET)
    form.is_valid()
    asked = form.asked()
    try:
        page = table.page(**asked, by=by, now=timezone.now())
    except ValueError as error:  # a place of another order: somebody edited the address
        raise Http404 from error
    context = {
        "title": "Retention",
        "tabs": retention_tabs.of("retention", by=by),
        "form": form,
        "page": page,
        "counts": table.counts(),
        "sort": asked["sort"].value,
        "is_filtered": any((asked["named"], asked["show"].value, asked["rule_id"])),
        "following": None if page.next is None else quote(page.next),
        "query": visitors.query(request, drop=["after"]),
        "sort_query": visitors.query(request, drop=["after", "sort"]),
        "has_rules": RetentionRule.objects.filter(ended_at=None).exists(),
        "may_set": permissions.can(Action.SET_RETENTION, by=by),
    }
    return render(request, "retention/index.html", context)


@require_safe
def channel(request: HttpRequest, setting_id: int) -> HttpResponse:
    """One channel: what it keeps and why, what it was, and the plans it was in."""
    by = visitors.person(request)
    with telling.absence():
        seen = table.one(setting_id=setting_id, by=by, now=timezone.now())
    row = seen.line.setting
    context = {
        "title": row.title,
        "seen": seen,
        "line": seen.line,
        "row": row,
        "history": [(one, _kept(one.reading, one.period)) for one in seen.history],
        "items": [(one, periods.in_words(one.before), periods.in_words(one.after)) for one in seen.items],
        "covers": "" if row.rule is None else conditions.in_words(conditions.of(row.rule.conditions)),
        "applied": periods.in_words(row.applied) if row.applied else "",
        "may_set": permissions.can(Action.SET_RETENTION, by=by),
        "may_plan": row.rule is not None and row.difference in ("shorter", "longer"),
    }
    return render(request, "retention/channel.html", context)


@require_POST
def read(request: HttpRequest, setting_id: int) -> HttpResponse:
    """Read a channel at Zoom at once."""
    with telling.obstacles(request):
        table.read_again(setting_id=setting_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, "It is read at Zoom within a few minutes; load this page again then.")
    return redirect("retention_channel", setting_id)


def _kept(reading: str, period: str) -> str:
    if reading == "period":
        return periods.in_words(period)
    words = {"account": periods.in_words(periods.ACCOUNT), "gone": "deleted at Zoom"}
    return words.get(reading, "not told by Zoom")
