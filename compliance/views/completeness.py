"""The calendar of completeness: an account's year, one session's, and what is missing of a day."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive import candidates, completeness, directory
from archive.completeness import Place
from compliance import calendars, permissions, visitors
from compliance.permissions import Action
from compliance.views import report_tabs

YEAR_ONE = 1971


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """An account's twelve months, day by day."""
    permissions.check(Action.SEE_COMPLETENESS, by=request.user)
    now = timezone.now()
    accounts = candidates.accounts()
    account_id = _account(request, [key for key, _ in accounts])
    context: dict[str, Any] = {
        "title": "Completeness",
        "accounts": accounts,
        "account_id": account_id,
        "tabs": report_tabs.of(visitors.person(request), current="completeness"),
    }
    if account_id is not None:
        first, last = calendars.months_to(_until(request, now))
        days = completeness.of_account(account_id, first=first, last=last, now=now)
        gone = completeness.destroyed(first=first, last=last, account_id=account_id)
        marks = calendars.of_account(days, destroyed=gone)
        more = {"account": account_id} if len(accounts) > 1 else {}
        context |= _year(marks, first, last, now=now, more=more, of="windows") | {
            "name": dict(accounts)[account_id]
        }
    return render(request, "reports/completeness.html", context)


@require_safe
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """One session's twelve months, day by day."""
    permissions.check(Action.SEE_COMPLETENESS, by=request.user)
    now = timezone.now()
    detail = directory.session(session_id)
    if detail is None:
        raise Http404
    first, last = calendars.months_to(_until(request, now))
    days = completeness.days(session_id, first=first, last=last, now=now)
    gone = completeness.destroyed(first=first, last=last, session_id=session_id)
    marks = calendars.of_session(days, destroyed=gone)
    context = {"title": "Completeness", "session": detail, "name": detail.line.title}
    context |= _year(marks, first, last, now=now, more={"session": session_id}, of="records")
    return render(request, "reports/completeness.html", context)


@require_safe
def day(request: HttpRequest, day: str) -> HttpResponse:
    """What is missing of one day: of an account, or of the session that is named."""
    permissions.check(Action.SEE_COMPLETENESS, by=request.user)
    now = timezone.now()
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    session_id = visitors.number(request, "session")
    detail = None if session_id is None else directory.session(session_id)
    if session_id is not None and detail is None:
        raise Http404
    account_id = (
        detail.account_id if detail is not None else _account(request, [k for k, _ in candidates.accounts()])
    )
    if account_id is None:
        raise Http404
    found = completeness.open_on(account_id, asked, session_id=session_id, after=_place(request))
    context = {
        "title": "What is missing",
        "day": asked,
        "session": detail,
        "of": _of_day(account_id, session_id, asked, now=now),
        "found": found,
        "titles": directory.titles({one.session_id for one in found.lines if one.session_id is not None}),
        "following": None if found.next is None else f"{int(found.next.broke)}-{found.next.id}",
        "query": visitors.query(request, drop=["after"]),
        "back": _back(account_id, session_id, asked),
    }
    return render(request, "reports/completeness_day.html", context)


def _year(
    marks: list[calendars.Mark], first: date, last: date, *, now: datetime, more: dict[str, int], of: str
) -> dict[str, Any]:
    """The picture, and the twelve months before and after it."""
    ending = f"?{urlencode(more)}" if more else ""
    year = calendars.year(
        marks, address=lambda day: reverse("completeness_day", args=[day.isoformat()]) + ending
    )
    query = {} if "session" in more else more
    earlier = date(last.year - 1, last.month, 1)
    later = date(last.year + 1, last.month, 1)
    this_month = timezone.localdate(now).replace(day=1)
    return {
        "year": year,
        "first": first,
        "last": marks[-1].day if marks else last,
        "earlier": urlencode({**query, "until": f"{earlier:%Y-%m}"}) if earlier.year >= YEAR_ONE else None,
        "later": urlencode({**query, "until": f"{min(later, this_month):%Y-%m}"})
        if last < this_month
        else None,
        "unit": of,
    }


def _of_day(account_id: int, session_id: int | None, day: date, *, now: datetime) -> calendars.Mark | None:
    """What the calendar says of the day; None where it says nothing, because it is still to come."""
    if session_id is None:
        gone = completeness.destroyed(first=day, last=day, account_id=account_id)
        days = completeness.of_account(account_id, first=day, last=day, now=now)
        marks = calendars.of_account(days, destroyed=gone)
    else:
        gone = completeness.destroyed(first=day, last=day, session_id=session_id)
        of_session = completeness.days(session_id, first=day, last=day, now=now)
        marks = calendars.of_session(of_session, destroyed=gone)
    return marks[0] if marks else None


def _back(account_id: int, session_id: int | None, day: date) -> str:
    """The calendar that the day is in."""
    until = {"until": f"{day:%Y-%m}"}
    if session_id is not None:
        return reverse("completeness_session", args=[session_id]) + "?" + urlencode(until)
    return reverse("completeness") + "?" + urlencode({"account": account_id, **until})


def _account(request: HttpRequest, accounts: list[int]) -> int | None:
    """The account in the address, else the first; None when none is connected."""
    asked = visitors.number(request, "account")
    if asked is not None and asked not in accounts:
        raise Http404
    return asked if asked is not None else next(iter(accounts), None)


def _until(request: HttpRequest, now: datetime) -> date:
    """A day of the last month to show: that in the address, else this month."""
    try:
        asked = date.fromisoformat(request.GET.get("until", "") + "-01")
    except ValueError:
        return timezone.localdate(now)
    return max(date(YEAR_ONE, 12, 1), min(asked, timezone.localdate(now)))


def _place(request: HttpRequest) -> Place | None:
    broke, _, key = request.GET.get("after", "").partition("-")
    is_place = broke in ("0", "1") and key.isascii() and key.isdigit() and len(key) < 19
    return Place(broke == "1", int(key)) if is_place else None
