"""The templates of notices: their versions, what differs between them, a preview, and asking for approval."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import inert, matters, permissions, visitors
from compliance.forms.notices import AskApproval, NewWording
from compliance.models import NoticeKind
from compliance.notices import placeholders, reading, wordings
from compliance.permissions import Action
from compliance.views import telling

ABOUT = {
    NoticeKind.HOLD: "What a custodian is told first, with the link to acknowledge it.",
    NoticeKind.REMINDER: "Who has not acknowledged is reminded with this.",
    NoticeKind.ESCALATION: "What the person above a custodian who does not answer is told. It holds no link.",
    NoticeKind.RELEASE: "What a custodian is told when they are dropped, or the matter is released.",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Each template with its versions, newest first."""
    found = wordings.every(by=visitors.person(request), now=timezone.now())
    context = {
        "title": "Notice templates",
        "kinds": [(kind, ABOUT[kind], versions) for kind, versions in found.items()],
        "may_write": permissions.can(Action.WRITE_WORDINGS, by=request.user),
    }
    return render(request, "wordings/index.html", context)


@require_safe
def one(request: HttpRequest, wording_id: int) -> HttpResponse:
    """A version: what differs from another, what it would say, and where it stands."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        against = visitors.number(request, "against")
        seen = wordings.seen(wording_id=wording_id, against=against, by=by, now=now)
        example = reading.example(wording_id=wording_id, matter_id=visitors.number(request, "matter"), by=by)
    row = seen.version.wording
    context = {
        "title": f"{NoticeKind(row.kind).label.capitalize()}, version {row.number}",
        "seen": seen,
        "wording": row,
        "example": example,
        "matters": matters.of(by).order_by("-pk")[:50],
        "numbers": [number for number in range(1, row.number + 1) if number != row.number],
        "form": AskApproval(),
        "may_write": permissions.can(Action.WRITE_WORDINGS, by=request.user),
    }
    return render(request, "wordings/one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, kind: str) -> HttpResponse:
    """Write the next version of a template, beginning with the newest."""
    if kind not in NoticeKind.values:
        raise Http404
    by, now, wanted = visitors.person(request), timezone.now(), NoticeKind(kind)
    versions = wordings.every(by=by, now=now)[wanted]
    permissions.check(Action.WRITE_WORDINGS, by=by)
    problem = ""
    if request.method == "POST":
        form = NewWording(request.POST)
        if form.is_valid():
            try:
                subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
                made = wordings.write(kind=wanted, subject=subject, body=body, by=by, now=now)
            except placeholders.UnfitWording as error:
                problem = inert.plain(str(error))
            else:
                messages.info(
                    request, "Kept as a draft. Ask for its approval, and it comes into force with it."
                )
                return redirect("wording", made.pk)
        else:
            problem = "Give a subject and a text."
    else:
        newest = versions[0].wording if versions else None
        given = {} if newest is None else {"subject": newest.subject, "body": newest.body}
        form = NewWording(initial={"kind": kind, **given})
    allowed = [(f"{{{name}}}", placeholders.MEANINGS[name]) for name in placeholders.MEANINGS
               if name in placeholders.ALLOWED[wanted]]  # fmt: skip
    context = {
        "title": f"Next version of the {wanted.label}",
        "kind": wanted,
        "form": form,
        "problem": problem,
        "places": allowed,
    }
    return render(request, "wordings/write.html", context, status=422 if problem else 200)


@require_POST
def ask(request: HttpRequest, wording_id: int) -> HttpResponse:
    """Ask a second person to approve one's draft."""
    with telling.obstacles(request):
        asked = wordings.ask(
            wording_id=wording_id,
            reason=request.POST.get("reason", ""),
            by=visitors.person(request),
            now=timezone.now(),
        )
        messages.info(request, f"Asked for. It waits for a second person as request {asked.pk}.")
    return redirect("wording", wording_id)
