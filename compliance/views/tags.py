"""Tags and notes: the tags there are, putting them on, and writing notes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from archive import search
from compliance import permissions, sightings, tagging, tags, visitors
from compliance.forms.work import Mark, NewNote, NewTag
from compliance.models import MessageList
from compliance.permissions import Action
from compliance.views import telling


def beside(request: HttpRequest, findings: sightings.Findings) -> dict[str, Any]:
    """What the search page needs for work on an answer: `templates/search/actions.html` and `hit.html`."""
    return {
        "marks": tagging.beside([found.hit.message_id for found in findings.found]),
        "all_tags": tags.every(),
        "may_save": permissions.can(Action.SAVE_SEARCH, by=request.user),
        "may_hand": {Action.SAVE_SEARCH, Action.SEE_MATTER} <= permissions.allowed(request.user),
        "may_freeze": permissions.can(Action.FREEZE, by=request.user),
        "may_tag": permissions.can(Action.TAG, by=request.user),
        "may_make_tag": permissions.can(Action.MAKE_TAG, by=request.user),
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The tags, how many messages carry each, and a form for a new one."""
    context = {
        "title": "Tags",
        "lines": tagging.lines(by=visitors.person(request), now=timezone.now()),
        "form": NewTag(),
        "may_make": permissions.can(Action.MAKE_TAG, by=request.user),
    }
    return render(request, "tags/index.html", context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A new tag."""
    form = NewTag(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            tagging.make(**form.cleaned_data, by=visitors.person(request), now=timezone.now())
    return redirect(visitors.back(request, otherwise="/tags/"))


@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Put a tag on the chosen messages, take it off them, or put it on all that a search finds."""
    form = Mark(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            job = _mark(request, form)
            if job is not None:
                return redirect("list_progress", job.pk)
    return redirect(visitors.back(request, otherwise="/search/"))


@require_POST
def note(request: HttpRequest, message_id: int) -> HttpResponse:
    """Write a note on a message, or the next version of one."""
    form = NewNote(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            tagging.note(
                message_id=message_id,
                text=form.cleaned_data["text"],
                replaces=form.cleaned_data["replaces"],
                by=visitors.person(request),
                now=timezone.now(),
            )
    return redirect("message", message_id)


def _mark(request: HttpRequest, form: Mark) -> MessageList | None:
    """Do what the form asks; the job, when it is one that goes on."""
    asked, by, now = form.cleaned_data, visitors.person(request), timezone.now()
    chosen = visitors.numbers(request, "message")
    if asked["do"] == "all":
        order = search.Order(asked["order"] or search.Order.NEWEST)
        job = tagging.put_on_all(tag_id=asked["tag"], query=asked["q"], order=order, by=by, now=now)
        if job.state != MessageList.State.DONE:
            return job
        messages.info(request, f"All {job.count or 0:,} messages carry the tag.")
    elif len(chosen) == 0:
        messages.info(request, "Choose messages first, by the boxes before them.")
    elif asked["do"] == "put":
        newly = tagging.put(tag_id=asked["tag"], message_ids=chosen, by=by, now=now)
        messages.info(request, f"Tagged {_counted(newly)}." if newly else "They carry the tag already.")
    else:
        removed = tagging.take_off(tag_id=asked["tag"], message_ids=chosen, by=by, now=now)
        messages.info(request, f"Took the tag off {_counted(removed)}.")
    return None


def _counted(number: int) -> str:
    return "1 message" if number == 1 else f"{number:,} messages"
