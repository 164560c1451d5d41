"""Groups of people and who is in them: whole lists become rows that custodians are picked by.

A list is read to its end before it comes here. Whoever is named is a member as of the moment reading began; whoever is
named no more keeps the row that says until when they were. The records themselves are kept as observations.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from django.db import transaction

from archive import bulk, log, names, people, readable
from archive.ingest import observed
from archive.models import Account, Observation, PeopleGroup

_NAMED: LiteralString = """
INSERT INTO archive_groupmember AS m (group_id, person_id, first_seen_at, last_seen_at)
SELECT %b::bigint, p, %b::timestamptz, %b::timestamptz FROM unnest(%b::bigint[]) AS persons (p) ORDER BY p
ON CONFLICT (group_id, person_id) DO UPDATE SET last_seen_at = greatest(m.last_seen_at, excluded.last_seen_at)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A group as a list names it; `channel_id` is a mention group's channel."""

    zoom_id: str
    name: str
    channel_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody whom a list of members names, with the exact bytes of the record."""

    raw: bytes
    member_id: str | None
    user_id: str | None
    email: str | None
    name: str | None
    is_external: bool | None = None


def listed(
    *,
    account: Account,
    kind: PeopleGroup.Kind,
    found: Sequence[Listed],
    channel_id: str = "",
    began: datetime,
) -> None:
    """Keep what a whole list of groups names, of one channel or of the account; what it names no more is gone."""
    there = {_key(one.zoom_id): one for one in found if _key(one.zoom_id) != ""}
    with transaction.atomic():
        for zoom_id, one in sorted(there.items()):
            PeopleGroup.objects.update_or_create(
                account=account, kind=kind, zoom_id=zoom_id,
                defaults={
                    "name": readable.line(one.name, limit=500),
                    "channel_id": _key(one.channel_id),
                    "listed_at": began,
                    "gone_at": None,
                },
            )  # fmt: skip
        known = PeopleGroup.objects.filter(account=account, kind=kind, gone_at=None, listed_at__lt=began)
        if channel_id != "":
            known = known.filter(channel_id=channel_id)
        known.exclude(zoom_id__in=there).update(gone_at=began)


def group_members(
    *, account: Account, kind: PeopleGroup.Kind, zoom_id: str, found: Sequence[Named], began: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a whole list of members of a group that was listed, whose reading began at `began` and is over."""
    group = PeopleGroup.objects.filter(account=account, kind=kind, zoom_id=_key(zoom_id)).first()
    if group is None:
        return
    by_identity = _identities(found)
    with transaction.atomic():
        ids = people.identify(account_id=account.pk, identities=by_identity.keys())
        bulk.run(_NAMED, (group.pk, began, began, sorted(set(ids.values()))))
        PeopleGroup.objects.filter(pk=group.pk).update(read_at=began)
        sightings = [
            names.Sighting(
                person_id=ids[identity],
                at=now,
                name=readable.line(one.name, limit=500),
                email=identity.email,
                is_external=one.is_external,
            )
            for identity, one in by_identity.items()
        ]
        names.learn(sightings)
        items = [(zoom_id, one.raw) for one in found]
        _, leaves = observed.store(
            account_id=account.pk, kind=Observation.Kind.GROUP_MEMBER, items=items, now=now
        )
        log.append(leaves, now=now)


def _key(zoom_id: str) -> str:
    return readable.identifier(zoom_id, limit=255) or ""


def _identities(found: Collection[Named]) -> dict[people.Identity, Named]:
    by_identity = {
        people.Identity(
            readable.identifier(one.member_id),
            readable.identifier(one.user_id),
            people.address(one.email),
        ): one
        for one in found
    }
    by_identity.pop(people.Identity(None, None, ""), None)
    return by_identity
