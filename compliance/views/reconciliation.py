"""Reconciliation: ask for one, plan those by the calendar, read what each says, take it as CSV."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from archive import candidates
from compliance import permissions, reconciled, reconciliations, reconciling, visitors
from compliance.forms.reconciliation import Days, Plan
from compliance.models import Reconciliation, ReconciliationRun
from compliance.permissions import Action
from compliance.views import report_tabs, telling

OVER = (ReconciliationRun.State.DONE, ReconciliationRun.State.FAILED, ReconciliationRun.State.CANCELLED)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is planned, what was made, and a form to ask for another."""
    by, now = visitors.person(request), timezone.now()
    runs, following = reconciled.runs(before=visitors.number(request, "before"), by=by, now=now)
    accounts = candidates.accounts()
    context = {
        "title": "Reconciliation",
        "tabs": report_tabs.of(by, current="reconciliation"),
        "form": Days(accounts=accounts, initial=_last_month(timezone.localdate(now))),
        "planned": reconciliations.planned(by=by, now=now),
        "runs": runs,
        "following": following,
        "has_accounts": len(accounts) > 0,
        "may_plan": permissions.can(Action.PLAN_RECONCILIATION, by=by),
        "undelivered": reconciled.undelivered(),
    }
    return render(request, "reports/reconciliation.html", context)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Reconcile some days, once."""
    permissions.check(Action.SEE_COMPLETENESS, by=request.user)
    form = Days(request.POST, accounts=candidates.accounts())
    if telling.fits(request, form):
        with telling.obstacles(request):
            run = reconciling.ask(
                account_ids=form.account_ids(),
                first=form.cleaned_data["first"],
                last=form.cleaned_data["last"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            return redirect("reconciliation_run", run.pk)
    return redirect("reconciliation")


@require_safe
def one(request: HttpRequest, run_id: int) -> HttpResponse:
    """A reconciliation: the account in total, what changed, and its sessions, those that do not balance first."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        seen = reconciled.seen(run_id=run_id, after=_place(request), by=by, now=now)
    checked = "check" in request.GET and seen.run.state == ReconciliationRun.State.DONE
    context: dict[str, Any] = {
        "title": "Reconciliation",
        "seen": seen,
        "run": seen.run,
        "figures": seen.run.figures,
        "intact": reconciled.is_intact(seen.run) if checked else None,
        "is_over": seen.run.state in OVER,
        "following": None if seen.next is None else f"{seen.next[0]}-{seen.next[1]}",
        "query": visitors.query(request, drop=["after"]),
        "may_take": permissions.can(Action.TAKE_REPORT, by=by),
        "may_cancel": seen.run.asked_by_id == by.pk or permissions.can(Action.PLAN_RECONCILIATION, by=by),
        "accounts": _named(seen.run.account_ids),
    }
    return render(request, "reports/reconciliation_run.html", context)


@require_safe
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a run is: the part of its page that moves."""
    with telling.absence():
        run = reconciled.find(run_id=run_id, by=visitors.person(request), now=timezone.now())
    response = render(request, "reports/reconciling.html", {"run": run})
    if run.state in OVER:
        response["HX-Refresh"] = "true"  # what stands around the bar is old as well
    return response


@require_safe
def session(request: HttpRequest, run_id: int, session_id: int) -> HttpResponse:
    """One session's account in a run, day by day."""
    with telling.absence():
        row = reconciled.session(
            run_id=run_id, session_id=session_id, by=visitors.person(request), now=timezone.now()
        )
    context = {"title": "Reconciliation of a session", "row": row, "run": row.run}
    return render(request, "reports/reconciled_session.html", context)


@require_safe
def take(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """The account as CSV."""
    with telling.absence():
        run, lines = reconciled.take(run_id=run_id, by=visitors.person(request), now=timezone.now())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"reconciliation-{run.pk}-{run.first_day}-{run.last_day}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """End a run that is not done."""
    with telling.obstacles(request):
        reconciling.cancel(run_id=run_id, by=visitors.person(request), now=timezone.now())
        messages.success(request, "Cancelled: nothing of it is kept.")
    return redirect("reconciliation_run", run_id)


def plan(request: HttpRequest) -> HttpResponse:
    """Plan a reconciliation by the calendar."""
    permissions.check(Action.PLAN_RECONCILIATION, by=request.user)
    form = Plan(request.POST or None, accounts=candidates.accounts(), people=reconciliations.able())
    if request.method == "POST" and form.is_valid():
        with telling.obstacles(request):
            made = reconciliations.plan(
                name=form.cleaned_data["name"],
                period=Reconciliation.Period(form.cleaned_data["period"]),
                account_ids=form.account_ids(),
                recipient_ids=form.recipient_ids(),
                by=visitors.person(request),
                now=timezone.now(),
            )
            messages.success(request, f"“{made.name}” is planned; its first account is being made.")
            return redirect("reconciliation")
    context = {"title": "Plan a reconciliation", "form": form, "is_mailed": reconciliations.is_mailed()}
    return render(request, "reports/plan_reconciliation.html", context)


@require_POST
def change(request: HttpRequest, reconciliation_id: int) -> HttpResponse:
    """Pause, resume or end one."""
    permissions.check(Action.PLAN_RECONCILIATION, by=request.user)
    wanted = request.POST.get("to", "")
    if wanted not in Reconciliation.State.values:
        raise Http404
    with telling.obstacles(request):
        reconciliations.change(
            reconciliation_id=reconciliation_id,
            to=Reconciliation.State(wanted),
            by=visitors.person(request),
            now=timezone.now(),
        )
    return redirect("reconciliation")


def _last_month(today: date) -> dict[str, date]:
    last = date.fromordinal(today.replace(day=1).toordinal() - 1)
    return {"first": last.replace(day=1), "last": last}


def _place(request: HttpRequest) -> tuple[int, int] | None:
    rank, _, key = request.GET.get("after", "").partition("-")
    is_place = rank in ("0", "1", "2", "3") and key.isascii() and key.isdigit() and len(key) < 19
    return (int(rank), int(key)) if is_place else None


def _named(account_ids: list[int] | None) -> str:
    """The accounts of a run, in words."""
    if account_ids is None:
        return "every account"
    names = dict(candidates.accounts())
    return ", ".join(names.get(key, f"account {key}") for key in account_ids)
