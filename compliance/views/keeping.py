"""Rules of how long the archive keeps what: all of them, one, and writing, replacing and ending them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive import candidates
from compliance import approvals, permissions, visitors
from compliance.disposition import rules
from compliance.forms.keeping import RuleForm, written
from compliance.models import KeepingRule, Request
from compliance.permissions import Action
from compliance.views import telling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The rules, and what waits for a second person."""
    with_ended = "ended" in request.GET
    lines = rules.every(with_ended=with_ended, by=visitors.person(request), now=timezone.now())
    context = {
        "title": "How long the archive keeps what",
        "lines": lines,
        "with_ended": with_ended,
        "requests": _waiting(),
        "may_set": permissions.can(Action.SET_KEEPING, by=request.user),
    }
    return render(request, "disposition/rules.html", context)


@require_safe
def one(request: HttpRequest, rule_id: int) -> HttpResponse:
    """A rule: what it says, why, by which law, and what became of it."""
    with telling.absence():
        line = rules.seen(rule_id=rule_id, by=visitors.person(request), now=timezone.now())
    context = {
        "title": line.rule.name,
        "line": line,
        "rule": line.rule,
        "replaces": KeepingRule.objects.filter(replaced_by=line.rule).first(),
        "requests": [one for one in _waiting() if one.parameters.get("ends") == rule_id],
        "may_set": permissions.can(Action.SET_KEEPING, by=request.user) and line.rule.ended_at is None,
    }
    return render(request, "disposition/rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, rule_id: int | None = None) -> HttpResponse:
    """Write a rule, or one to take another's place."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        old = None if rule_id is None else rules.seen(rule_id=rule_id, by=by, now=now).rule
    permissions.check(Action.SET_KEEPING, by=by)
    accounts = candidates.accounts()
    initial = {"unit": "years"} if old is None else written(old)
    given = request.POST if request.method == "POST" else None
    form = RuleForm(given, accounts=accounts, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = rules.change(
                    draft=form.draft(), ends=rule_id, reason=form.cleaned_data["why"], by=by, now=now
                )
                return _follow(request, done)
            except (rules.Unfit, approvals.Obstacle) as error:
                form.add_error(None, str(error))
    context = {
        "title": "Write a rule" if old is None else f"Replace “{old.name}”",
        "form": form,
        "old": old,
        "accounts": accounts,
    }
    return render(request, "disposition/write_rule.html", context, status=status)


def replace(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Write a rule that takes this one's place."""
    return write(request, rule_id)


@require_POST
def end(request: HttpRequest, rule_id: int) -> HttpResponse:
    """End a rule: at once where that only keeps longer, or ask for it."""
    by, now = visitors.person(request), timezone.now()
    try:
        with telling.absence():
            done = rules.change(
                draft=None, ends=rule_id, reason=request.POST.get("reason", ""), by=by, now=now
            )
    except (rules.Unfit, approvals.Obstacle) as error:
        telling.hindered(request, error)
        return redirect("keeping_rule", rule_id)
    return _follow(request, done)


def _follow(request: HttpRequest, done: rules.Changed) -> HttpResponse:
    if done.request is not None:
        messages.info(request, "Asked for: something could go sooner by it, so a second person decides.")
        return redirect("approval", done.request.pk)
    messages.info(request, "Done at once: nothing can go sooner by it.")
    return redirect("keeping_rules")


def _waiting() -> list[Request]:
    return list(approvals.of_kind(rules.REQUEST))
