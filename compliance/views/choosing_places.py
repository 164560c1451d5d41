"""Choosing conversations in a form: by what they are called or who is in them.

Like people (compliance.views.choosing), whoever was chosen is remembered by the form itself, as ticked boxes.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from archive import candidates, conversations
from archive.conversations import Conversation
from compliance import places, visitors


@dataclass(frozen=True)
class ChosenPlaces:
    """Which conversations are chosen, and which were found besides; None: nothing was looked for."""

    ticked: list[Conversation]
    found: list[Conversation] | None = None
    looked_for: str = ""


NOTHING = ChosenPlaces([])


def chosen(request: HttpRequest, *, account_id: int | None) -> ChosenPlaces:
    """What a form's boxes say, or the address that led to it, and what its button `find-places` found."""
    if account_id is None:
        return NOTHING
    named = visitors.number(request, "session")
    keys = visitors.numbers(request, "session", most=places.MOST + 1)
    keys += [] if named is None else [named]
    ticked = conversations.of(keys, account_id=account_id)
    if request.method != "POST" or request.POST.get("do") != "find-places":
        return ChosenPlaces(ticked)
    words = request.POST.get("place_named", "")[:200]
    return ChosenPlaces(ticked, conversations.named(words, account_id=account_id), words)


def found(request: HttpRequest) -> ChosenPlaces:
    """Conversations that are called as the address says."""
    words, asked = request.GET.get("place_named", "")[:200], request.GET.get("account", "")
    account_id = next((pk for pk, _ in candidates.accounts() if str(pk) == asked), None)
    if account_id is None or words.strip() == "":
        return NOTHING
    return ChosenPlaces([], conversations.named(words, account_id=account_id), words)
