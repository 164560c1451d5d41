"""Storing the passages of files in zips of legal holds, and making them anew when they are of an older form.

An entry's row says of which version its passages are, so the row is the job: whoever has its zip's row locked makes them,
from the text that is kept, and reads no zip again. Files that must not be opened come here too: they have a name.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from archive.models import HoldEntry, HoldFile, HoldPassage
from archive.search import held_passages

AT_ONCE = 100

Clock = Callable[[], datetime]


def store(entry_id: int, *, name: str, packed: bytes) -> None:
    """The passages of an entry in the place of those it had, in the caller's transaction."""
    HoldPassage.objects.filter(entry=entry_id).delete()
    HoldPassage.objects.bulk_create(held_passages.of(entry_id, name=name, packed=packed), batch_size=AT_ONCE)
    HoldEntry.objects.filter(pk=entry_id).update(words=held_passages.VERSION)


def renew(*, clock: Clock, until: datetime | None = None) -> int:
    """Make passages anew where they are of another version, until none is or the time is up; of how many files."""
    done = 0
    while until is None or clock() < until:
        one = _outdated().order_by("words", "pk").values_list("pk", "hold_file").first()
        if one is None or not _renew(*one):
            break
        done += 1
    return done


def _renew(entry_id: int, hold_file_id: int) -> bool:
    """False when somebody else has the zip, or had it just now. Its destruction takes the same lock first, so nothing comes back."""
    with transaction.atomic():
        if not HoldFile.objects.select_for_update(skip_locked=True).filter(pk=hold_file_id).exists():
            return False
        one = _outdated().filter(pk=entry_id).first()
        if one is None:
            return False
        store(one.pk, name=one.name, packed=bytes(one.text or b""))
    return True


def _outdated() -> QuerySet[HoldEntry]:
    return HoldEntry.objects.exclude(state=HoldEntry.State.DUE).filter(words__lt=held_passages.VERSION)
