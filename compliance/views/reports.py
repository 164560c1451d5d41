"""Reports: the way to the first that the reader may open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from compliance import permissions, visitors
from compliance.permissions import Action
from compliance.views import report_tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The first report the reader may open; a page that says who may, where there is none."""
    permissions.check(Action.SEE_COMPLETENESS, by=request.user)
    tabs = report_tabs.of(visitors.person(request), query=request.GET.urlencode())
    if len(tabs) > 0:
        return redirect(tabs[0].url)
    return render(request, "reports/none.html", {"title": "Reports"})
