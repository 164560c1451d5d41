"""What one look at Zoom says of a thing that holds depend on, as far as they do. The bytes are kept as observed.

A list is read to its end or not at all. A channel that Zoom does not know is an answer (`gone`), and so is one of whose
retention, owner or members it tells nothing (`refused`): group chats have no retention of their own, and whoever left a channel may
not see who owns it. A retention that was told once and is not told any more is an error: that may be a right withdrawn.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from archive import ingest, readable
from archive.models import Account, Lookout, Observation
from zoom.client import ZoomClient
from zoom.decoding import Record
from zoom.errors import NotAuthorized, NotFound
from zoom.records.channels import MemberRecord
from zoom.replies import ListPage

Said = dict[str, Any]
Clock = Callable[[], datetime]
Kind = Lookout.Kind

GONE: Said = {"gone": True}
REFUSED: Said = {"refused": True}
_OWN_USER = "me"
_OWNER = "owner"
_NO_SUCH_USER = 1001


class _Ask(Protocol):
    """Lists people of a channel, in the place of a user."""

    def __call__(self, *, user_id: str, channel_id: str) -> Iterator[ListPage[MemberRecord]]: ...


def look(lookout: Lookout, *, client: ZoomClient, clock: Clock) -> Said:
    """Read it once. Raises ZoomError."""
    return _LOOKS[Kind(lookout.kind)](lookout, client, clock)


def _matters(lookout: Lookout, client: ZoomClient, clock: Clock) -> Said:
    found: dict[str, Said] = {}
    for page in client.legal_hold.matters():
        _keep(lookout.account, Observation.Kind.MATTER, ((one.matter_id, one) for one in page.records), clock)
        for one in page.records:
            if one.matter_id is not None:
                users = [_user(user.user_id, user.email) for user in one.matter_users]
                found[one.matter_id] = {
                    "name": readable.line(one.matter_name, limit=200),
                    "users": sorted(users),
                }
    return {"matters": dict(sorted(found.items()))}


def _retention(lookout: Lookout, client: ZoomClient, clock: Clock) -> Said:
    try:
        record = client.account_channels.retention(channel_id=lookout.subject)
    except NotFound:
        return GONE
    except NotAuthorized as error:
        if len(error.missing_scopes) > 0 or lookout.sightings.exists():
            raise
        return REFUSED
    _keep(lookout.account, Observation.Kind.RETENTION, [(lookout.subject, record)], clock)
    cloud = record.cloud_retention
    enabled = None if cloud is None else cloud.enable_custom_retention
    period = readable.line(cloud.retention_period, limit=20) if cloud is not None and enabled else ""
    return {"custom": enabled, "period": period}


def _owner(lookout: Lookout, client: ZoomClient, clock: Clock) -> Said:
    """Asked in the place of somebody who is in the channel; once nobody of ours is, perhaps as the app's own user."""
    try:
        everyone = _as_somebody(client.account_channels.administrators, lookout)
    except NotFound:
        return GONE
    if everyone is None:
        return REFUSED
    items = ((lookout.subject, one) for one in everyone)
    _keep(lookout.account, Observation.Kind.ADMINISTRATOR, items, clock)
    owner = _owner_among(everyone)
    if owner is None:
        return REFUSED
    key = readable.identifier(owner.id or owner.member_id, limit=255) or ""
    return {"owner": key, "name": readable.line(owner.name or owner.email, limit=200)}


def _members(lookout: Lookout, client: ZoomClient, clock: Clock) -> Said:
    """Everybody in a channel. Zoom tells it the owner for certain, so whoever that is is asked for where others may not."""
    began = clock()
    try:
        everyone = _as_somebody(client.account_channels.members, lookout)
        if everyone is None:
            owner = _owner_among(_as_somebody(client.account_channels.administrators, lookout) or [])
            if owner is not None and owner.id:
                everyone = _as_somebody(client.account_channels.members, lookout, owner.id)
    except NotFound:
        return GONE
    if everyone is None:
        return REFUSED
    items = [one.raw for one in everyone]
    ingest.channel_members(
        account=lookout.account, channel_id=lookout.subject, items=items, began=began, now=clock()
    )
    return {"members": sorted({_key(one) for one in everyone} - {""})}


def _as_somebody(ask: _Ask, lookout: Lookout, *others: str) -> list[MemberRecord] | None:
    """A whole list of a channel's people; None when nobody we may ask for may see it. Raises ZoomError."""
    for user_id in dict.fromkeys([*others, lookout.through or _OWN_USER, _OWN_USER]):
        try:
            return [one for page in ask(user_id=user_id, channel_id=lookout.subject) for one in page.records]
        except NotAuthorized as error:
            if len(error.missing_scopes) > 0:
                raise
        except NotFound as error:
            if error.code != _NO_SUCH_USER:
                raise
    return None


def _owner_among(everyone: Iterable[MemberRecord]) -> MemberRecord | None:
    return next((one for one in everyone if one.role == _OWNER), None)


def _key(one: MemberRecord) -> str:
    """What tells members apart: an outsider has a member id only."""
    return readable.identifier(one.member_id or one.id, limit=255) or ""


def _contact(lookout: Lookout, client: ZoomClient, clock: Clock) -> Said:
    for page in client.contacts.search(lookout.subject):
        items = ((one.id or one.email, one) for one in page.records)
        _keep(lookout.account, Observation.Kind.CONTACT, items, clock)
        for one in page.records:
            if (one.email or "").lower() == lookout.subject.lower():
                return {"status": readable.line(one.user_status, limit=20)}
    return GONE


def _spaces(lookout: Lookout, client: ZoomClient, clock: Clock) -> Said:  # noqa: ARG001
    """Every shared space with the channels it keeps; read to its end or not at all."""
    found: dict[str, Said] = {}
    for page in client.spaces.list():
        for one in page.records:
            key = readable.identifier(one.space_id, limit=255)
            if key is not None:
                pages = client.spaces.channels(space_id=key)
                held = [
                    readable.identifier(record.channel_id) for listed in pages for record in listed.records
                ]
                name = readable.line(one.space_name, limit=200)
                found[key] = {"name": name, "channels": sorted(one for one in held if one is not None)}
    return {"spaces": dict(sorted(found.items()))}


_LOOKS: dict[Kind, Callable[[Lookout, ZoomClient, Clock], Said]] = {
    Kind.MATTERS: _matters,
    Kind.RETENTION: _retention,
    Kind.OWNER: _owner,
    Kind.MEMBERS: _members,
    Kind.CONTACT: _contact,
    Kind.SPACES: _spaces,
}


def _keep(
    account: Account, kind: Observation.Kind, records: Iterable[tuple[str | None, Record]], clock: Clock
) -> None:
    items = [(subject or "", record.raw) for subject, record in records]
    if len(items) > 0:
        ingest.observations(account=account, kind=kind, items=items, now=clock())


def _user(user_id: str | None, email: str | None) -> list[str]:
    return [readable.identifier(user_id, limit=255) or "", readable.line(email, limit=320).lower()]
