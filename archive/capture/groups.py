"""Groups that custodians can be picked by: of the directory, mention groups of channels, shared spaces.

They help to pick people and are no part of what was said: an app that may not read them captures everything all the same,
and whoever picks custodians is told which groups are not known.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from archive import ingest
from archive.ingest.groups import Listed, Named
from archive.models import Channel, Observation, PeopleGroup
from zoom.errors import BadRequest, NotAuthorized

if TYPE_CHECKING:
    from archive.capture.pulling import Pull

Kind = PeopleGroup.Kind
Raws = tuple[Observation.Kind, list[tuple[str, bytes]]]
GIVE_UP_AFTER = 3
"""So many channels in a row whose mention groups may not be read mean that none may."""


def of_directory(state: "Pull") -> Iterator[Raws]:
    """Groups of the company directory and their members."""
    began, found = state.clock(), []
    for page in state.client.im_groups.list():
        found += [Listed(zoom_id=one.id or "", name=one.name or "") for one in page.records]
        yield Observation.Kind.GROUP, [(one.id or "", one.raw) for one in page.records]
    account = state.claim.window.account
    ingest.groups.listed(account=account, kind=Kind.DIRECTORY, found=found, began=began)
    for group in found:
        _members(state, Kind.DIRECTORY, group, partial(_of_directory, state, group.zoom_id))


def of_spaces(state: "Pull") -> Iterator[Raws]:
    """Shared spaces and their members."""
    began, found = state.clock(), []
    for page in state.client.spaces.list():
        found += [Listed(zoom_id=one.space_id or "", name=one.space_name or "") for one in page.records]
        yield Observation.Kind.GROUP, [(one.space_id or "", one.raw) for one in page.records]
    account = state.claim.window.account
    ingest.groups.listed(account=account, kind=Kind.SPACE, found=found, began=began)
    for group in found:
        _members(state, Kind.SPACE, group, partial(_of_space, state, group.zoom_id))


def of_channels(state: "Pull") -> Iterator[Raws]:
    """Mention groups of every channel and their members; channels that have none, or are gone, are passed over."""
    account, refused = state.claim.window.account, 0
    channels = Channel.objects.filter(account=account).order_by("pk").values_list("zoom_id", flat=True)
    for channel_id in list(channels):
        state.check_stop()
        began, found = state.clock(), []
        try:
            for page in state.client.mention_groups.list(channel_id=channel_id):
                found += [
                    Listed(zoom_id=one.id or "", name=one.name or "", channel_id=channel_id)
                    for one in page.records
                ]
                yield Observation.Kind.GROUP, [(one.id or "", one.raw) for one in page.records]
        except NotAuthorized:
            refused += 1
            if refused == GIVE_UP_AFTER:
                raise
            continue
        except BadRequest:
            continue
        refused = 0
        ingest.groups.listed(
            account=account, kind=Kind.MENTION, found=found, channel_id=channel_id, began=began
        )
        for group in found:
            _members(state, Kind.MENTION, group, partial(_of_mention, state, group))


def _members(
    state: "Pull", kind: PeopleGroup.Kind, group: Listed, read: Callable[[], Iterable[Named]]
) -> None:
    """Read the members of one group to the end; one that is gone meanwhile, or may not be read, keeps what it had."""
    state.check_stop()
    began: datetime = state.clock()
    try:
        found = list(read())
    except (BadRequest, NotAuthorized):
        return
    ingest.groups.group_members(
        account=state.claim.window.account, kind=kind, zoom_id=group.zoom_id, found=found, began=began,
        now=state.clock(),
    )  # fmt: skip


def _of_directory(state: "Pull", group_id: str) -> Iterator[Named]:
    for page in state.client.im_groups.members(group_id=group_id):
        for one in page.records:
            name = _full_name(one.first_name, one.last_name)
            yield Named(raw=one.raw, member_id=None, user_id=one.id, email=one.email, name=name)


def _of_space(state: "Pull", space_id: str) -> Iterator[Named]:
    for page in state.client.spaces.members(space_id=space_id):
        for one in page.records:
            name = _full_name(one.first_name, one.last_name)
            yield Named(raw=one.raw, member_id=one.member_id, user_id=one.user_id, email=one.email, name=name)


def _of_mention(state: "Pull", group: Listed) -> Iterator[Named]:
    pages = state.client.mention_groups.members(channel_id=group.channel_id, group_id=group.zoom_id)
    for page in pages:
        for one in page.records:
            name = one.display_name or _full_name(one.first_name, one.last_name)
            yield Named(
                raw=one.raw, member_id=one.member_id, user_id=one.user_id, email=one.email, name=name,
                is_external=one.is_external,
            )  # fmt: skip


def _full_name(first: str | None, last: str | None) -> str:
    return " ".join(part for part in (first, last) if part)


PARTS: tuple[Callable[["Pull"], Iterator[Raws]], ...] = (of_directory, of_spaces, of_channels)
