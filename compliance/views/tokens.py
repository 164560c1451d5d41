"""Your tokens of the REST API: which there are, a new one, revoking one."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import permissions, tokens, visitors
from compliance.forms.tokens import Make, Revoke
from compliance.models import Token
from compliance.permissions import Action
from compliance.views import telling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A person's own tokens, those that are good and those that were."""
    by, now = visitors.person(request), timezone.now()
    found = tokens.lines(person_id=by.pk, by=by)
    context = {
        "title": "Your tokens",
        "good": [(token, _words(token)) for token in found if tokens.is_good(token, now=now)],
        "over": [token for token in found if not tokens.is_good(token, now=now)],
        "may_make": permissions.can(Action.USE_API, by=by),
    }
    return render(request, "tokens/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Make a token; its key is on the page that answers, and nowhere else ever."""
    permissions.check(Action.USE_API, by=visitors.person(request))
    answer: HttpResponse = _make(request)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def _make(request: HttpRequest) -> HttpResponse:
    by, now = visitors.person(request), timezone.now()
    form = Make(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            made = tokens.make(**form.chosen(), by=by, now=now)
        except tokens.Unfit as unfit:
            form.add_error(None, str(unfit))
        else:
            return render(request, "tokens/made.html", {"title": "Your new token", "made": made})
    status = 422 if request.method == "POST" else 200
    return render(request, "tokens/make.html", {"title": "Make a token", "form": form}, status=status)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke a token; whatever shows its key from now on is refused."""
    form, by = Revoke(request.POST), visitors.person(request)
    if telling.fits(request, form):
        with telling.obstacles(request):
            token = tokens.revoke(token_id=token_id, why=form.cleaned_data["why"], by=by, now=timezone.now())
            messages.info(request, "The token is revoked. Whatever shows its key is refused from now on.")
            if token.person_id != by.pk:
                return redirect("person", token.person_id)
    return redirect("tokens")


def _words(token: Token) -> list[str]:
    """What a token allows, in the words of the matrix and in its order."""
    allowed = tokens.limits_of(token).actions
    return [action.value for action in Action if action in allowed]
