"""The directory: channels and their retention, joins and leaves, people of the company, custom emoji, matters.

Everything is kept as observed; the zips of matters are listed by jobs of their own (`holds`). A list that may not be
read (a scope is missing) does not keep the others from being read, but the window stays a gap that names it. People are
looked up by e-mail once they have been met, and again once a week. Groups that people are picked by come last, and their
refusal is no gap: they help to find people and are no part of what was said.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.db.models import Q

from archive import ingest
from archive.capture import groups, holds
from archive.capture.tally import Counts
from archive.models import Channel, Observation, Person
from zoom.errors import BadRequest, NotAuthorized, ZoomError

if TYPE_CHECKING:
    from archive.capture.pulling import Pull

DAYS_BETWEEN_LOOKUPS = 7
_logger = structlog.get_logger(__name__)

Item = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one kind, each with Zoom's id of it."""

    kind: Observation.Kind
    items: Sequence[Item]


def activities(state: "Pull") -> None:
    """Joins and leaves of all channels over the window's days."""
    span = state.claim.span
    for page in state.client.channels.activities(start=span.first, end=span.last):
        state.begin_page(page)
        items = [(record.channel_id or "", record.raw) for record in page.records]
        _keep(state, Batch(Observation.Kind.ACTIVITY, items))


def everything(state: "Pull") -> None:
    """The whole directory; raises the first refusal once everything else was read."""
    refused: ZoomError | None = None
    for part in _PARTS:
        try:
            for batch in part(state):
                state.check_stop()
                _keep(state, batch)
        except (NotAuthorized, BadRequest) as error:
            refused = error if refused is None else refused
    for groups_of in groups.PARTS:
        try:
            for kind, items in groups_of(state):
                state.check_stop()
                _keep(state, Batch(kind, items))
        except (NotAuthorized, BadRequest) as error:
            _logger.info("groups_not_read", part=groups_of.__name__, error=type(error).__name__)
    if refused is not None:
        raise refused
    state.ended = True


def _keep(state: "Pull", batch: Batch) -> None:
    """Store a batch and count it on the window's last day."""
    seen = []
    if len(batch.items) > 0:
        account = state.claim.window.account
        seen = ingest.observations(account=account, kind=batch.kind, items=batch.items, now=state.clock())
    new = sum(one.is_new for one in seen)
    state.count({state.claim.span.last: Counts(len(seen), archived=new, duplicate=len(seen) - new)})


def _channels(state: "Pull") -> Iterator[Batch]:
    for page in state.client.account_channels.list():
        yield Batch(Observation.Kind.CHANNEL, [(one.id or "", one.raw) for one in page.records])


def _retention(state: "Pull") -> Iterator[Batch]:
    known = Channel.objects.filter(account=state.claim.window.account).order_by("pk")
    for channel_id in list(known.values_list("zoom_id", flat=True)):
        try:
            record = state.client.account_channels.retention(channel_id=channel_id)
        except BadRequest:
            continue  # the channel is gone at Zoom; what was read of it before stays as it was
        yield Batch(Observation.Kind.RETENTION, [(channel_id, record.raw)])


def _contacts(state: "Pull") -> Iterator[Batch]:
    people = Person.objects.filter(account=state.claim.window.account).exclude(email="")
    weekday = state.claim.span.last.toordinal() % DAYS_BETWEEN_LOOKUPS
    todays = Q(
        pk__in=[pk for pk in people.values_list("pk", flat=True) if pk % DAYS_BETWEEN_LOOKUPS == weekday]
    )
    for email in list(
        people.filter(todays | Q(user_status="")).order_by("pk").values_list("email", flat=True)
    ):
        for page in state.client.contacts.search(email):
            items = [(one.id or one.email or "", one.raw) for one in page.records]
            yield Batch(Observation.Kind.CONTACT, items)


def _emoji(state: "Pull") -> Iterator[Batch]:
    for page in state.client.emoji.custom():
        yield Batch(
            Observation.Kind.EMOJI, [(one.file_id or one.name or "", one.raw) for one in page.records]
        )


def _matters(state: "Pull") -> Iterator[Batch]:
    account, since = state.claim.window.account, state.clock()
    for matters in state.client.legal_hold.matters():
        yield Batch(Observation.Kind.MATTER, [(one.matter_id or "", one.raw) for one in matters.records])
        holds.seen(account=account, custodians=holds.custodians(matters.records), now=state.clock())
    holds.ended(account=account, since=since, now=state.clock())


_PARTS: tuple[Callable[["Pull"], Iterator[Batch]], ...] = (_channels, _retention, _contacts, _emoji, _matters)
