"""Choosing conversations in a form: by what they are called or who is in them.

Like people (compliance.views.choosing), whoever was chosen is remembered by the form itself, as ticked boxes.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from archive import candidates, conversations
from archive.conversations import Conversation
from compliance import places, visitors
from compliance.views.choosing import boxes


@dataclass(frozen=True)
class ChosenPlaces:
    """Which conversations are chosen, and which were found besides; None: nothing was looked for.

    `kept` are those that were ticked among the found, now or under other words; the form chooses them once it is sent.
    """

    ticked: list[Conversation]
    found: list[Conversation] | None = None
    looked_for: str = ""
    kept: tuple[Conversation, ...] = ()

    @property
    def offered(self) -> list[tuple[Conversation, bool]]:
        """What the boxes below the search are of, and whether each is ticked: no tick is lost to other words."""
        return boxes(self.kept, self.found or [])


NOTHING = ChosenPlaces([])


def chosen(request: HttpRequest, *, account_id: int | None) -> ChosenPlaces:
    """What a form's boxes say, or the address that led to it, and what its button `find-places` found."""
    if account_id is None:
        return NOTHING
    ticked = _ticked(request, account_id)
    if request.method != "POST" or request.POST.get("do") != "find-places":
        return ChosenPlaces(ticked)
    words = request.POST.get("place_named", "")[:200]
    return ChosenPlaces(ticked, conversations.named(words, account_id=account_id), words)


def found(request: HttpRequest) -> ChosenPlaces:
    """Conversations that are called as the address says, and those that are ticked in it."""
    words, asked = request.GET.get("place_named", "")[:200], request.GET.get("account", "")
    account_id = next((pk for pk, _ in candidates.accounts() if str(pk) == asked), None)
    if account_id is None:
        return NOTHING
    named = conversations.named(words, account_id=account_id) if words.strip() else None
    return ChosenPlaces([], named, words, tuple(_ticked(request, account_id)))


def _ticked(request: HttpRequest, account_id: int) -> list[Conversation]:
    keys = visitors.numbers(request, "session", most=places.MOST + 1)
    return conversations.of(keys, account_id=account_id)
