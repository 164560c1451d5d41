"""What stands in the way of a deed, said on the page one comes back to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest

from archive import search
from compliance import approvals, inert
from compliance.investigations import NotHere
from compliance.saved import Unfit


@contextmanager
def obstacles(request: HttpRequest) -> Iterator[None]:
    """Say why something was not done, and go on; what is not there is not found."""
    try:
        yield
    except (NotHere, approvals.NotThere) as error:
        raise Http404 from error
    except (Unfit, search.SearchError, approvals.Obstacle) as error:
        messages.warning(request, inert.plain(str(error)))


@contextmanager
def absence() -> Iterator[None]:
    """What is not there, or not to be seen, is not found."""
    try:
        yield
    except (NotHere, approvals.NotThere) as error:
        raise Http404 from error


def fits(request: HttpRequest, form: forms.Form) -> bool:
    """Whether a form was filled in; says what is wrong with it."""
    if form.is_valid():
        return True
    for name, errors in form.errors.items():
        label = form.fields[name].label or name
        messages.warning(request, f"{label}: {' '.join(str(error) for error in errors)}")
    return False
