"""Rules of retention: the list, one with what it covers, writing a new one, ending and replacing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import permissions, visitors
from compliance.forms import retention as forms
from compliance.models import RetentionRule
from compliance.permissions import Action
from compliance.retention import conditions, periods, rules
from compliance.views import retention_tabs, telling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The rules in force, and those that have ended."""
    by = visitors.person(request)
    standing, ended = rules.listed(by=by, now=timezone.now())
    context = {
        "title": "Retention",
        "tabs": retention_tabs.of("retention_rules", by=by),
        "rules": standing,
        "ended": ended,
        "conflict": conditions.CONFLICT,
        "may_set": permissions.can(Action.SET_RETENTION, by=by),
    }
    return render(request, "retention/rules.html", context)


@require_safe
def one(request: HttpRequest, zoom_rule_id: int) -> HttpResponse:
    """One rule with the channels that it covers."""
    by = visitors.person(request)
    with telling.absence():
        rule = rules.get(rule_id=zoom_rule_id, by=by, now=timezone.now())
    context = {
        "title": rule.name,
        "rule": rule,
        "period": periods.in_words(rule.period),
        "preview": rules.covered_by(rule),
        "successor": RetentionRule.objects.filter(replaces=rule).first(),
        "form": forms.Reason(auto_id="end_%s"),
        "conflict": conditions.CONFLICT,
        "may_change": rule.ended_at is None and permissions.can(Action.SET_RETENTION, by=by),
    }
    return render(request, "retention/rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a rule, perhaps in the place of another (`?replaces=`), and see first which channels it covers."""
    by, now = visitors.person(request), timezone.now()
    permissions.check(Action.SET_RETENTION, by=by)
    before = None
    if (replaces := visitors.number(request, "replaces")) is not None:
        with telling.absence():
            before = rules.get(rule_id=replaces, by=by, now=now)
    preview = None
    if request.method == "POST":
        form = forms.RuleForm(request.POST)
        if form.is_valid():
            draft = form.draft()
            try:
                if request.POST.get("do") == "write":
                    rule = rules.write(draft=draft, replaces=replaces, by=by, now=now)
                    return redirect("retention_rule", rule.pk)
                preview = rules.preview(draft, replaces=before)
            except rules.Unfit as error:
                telling.hindered(request, error)
    else:
        form = forms.RuleForm(initial={"unit": "y"} if before is None else forms.of_rule(before))
    context = {
        "title": "Write a rule" if before is None else f"Replace “{before.name}”",
        "form": form,
        "before": before,
        "preview": preview,
        "conflict": conditions.CONFLICT,
    }
    return render(request, "retention/write.html", context)


@require_POST
def end(request: HttpRequest, zoom_rule_id: int) -> HttpResponse:
    """End a rule, for a reason."""
    form = forms.Reason(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            rules.end(
                rule_id=zoom_rule_id,
                why=form.cleaned_data["reason"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            messages.info(request, "The rule has ended. Nothing changes at Zoom by that.")
    return redirect("retention_rule", zoom_rule_id)
