"""What stands in the way of a deed, said on the page one comes back to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest

from archive import search
from compliance import inert
from compliance.hindrances import Absent, Hindrance


@contextmanager
def obstacles(request: HttpRequest) -> Iterator[None]:
    """Say why something was not done, and go on; what is not there is not found."""
    try:
        with absence():
            yield
    except (Hindrance, search.SearchError) as error:
        hindered(request, error)


@contextmanager
def absence() -> Iterator[None]:
    """What is not there, or not to be seen, is not found."""
    try:
        yield
    except Absent as error:
        raise Http404 from error


def hindered(request: HttpRequest, error: Exception) -> None:
    """Say why something was not done."""
    messages.warning(request, inert.plain(str(error)))


def fits(request: HttpRequest, form: forms.Form) -> bool:
    """Whether a form was filled in; says what is wrong with it."""
    if form.is_valid():
        return True
    for name, errors in form.errors.items():
        label = form.fields[name].label or name
        messages.warning(request, f"{label}: {' '.join(str(error) for error in errors)}")
    return False
