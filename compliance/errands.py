"""Who asked for work that is done for everybody at once, and telling them when it is over.

Such work has no row of its own that could say who waits: it makes other rows due. Whoever does it asks here whom to tell.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from compliance import told
from compliance.models import Errand, Matter

Kind = Errand.Kind


def begin(
    *,
    kind: Errand.Kind,
    accounts: Collection[int],
    matter: Matter | None = None,
    total: int = 0,
    by: User | None,
    now: datetime,
) -> None:
    """Remember who asked, in the transaction that asks; asked again before it is over, it is the newer wish."""
    if by is None:
        return
    Errand.objects.update_or_create(
        kind=kind, asked_by=by, matter=matter, over_at=None,
        defaults={"accounts": sorted(accounts), "total": total, "asked_at": now},
    )  # fmt: skip


def under_way(kind: Errand.Kind, *, matter: Matter | None = None) -> list[Errand]:
    """Those that are not over, of a matter where one is given."""
    found = Errand.objects.filter(kind=kind, over_at=None).select_related("asked_by", "matter")
    return list(found if matter is None else found.filter(matter=matter))


def end(errand: Errand, *, text: str, link: str, now: datetime) -> None:
    """It is over: tell whoever asked, once, unless they asked anew meanwhile."""
    with transaction.atomic():
        mine = Errand.objects.filter(pk=errand.pk, asked_at=errand.asked_at, over_at=None)
        if mine.update(over_at=now) == 1 and errand.asked_by.is_active:
            told.tell(person=errand.asked_by, text=text, link=link, now=now)
