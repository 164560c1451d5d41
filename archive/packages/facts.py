"""What a package says of things that change, kept as they were when its export was first measured.

Names of people, titles of sessions, who was a member, how complete a day is, how far a file was fetched: the archive
keeps the newest of these, and a package made again next year is to say what it said. They are written down once, in one
transaction, and read from there ever after. What was said is not among them: revisions never change, and are bounded
by the size of the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, LiteralString

from django.db import transaction

from archive import bulk, directory
from archive.capture.spans import Span
from archive.completeness import by_day, proofs
from archive.models import ExportFact, Membership, Session, SessionMember
from archive.packages.content import Conversation, Person, Step

_SESSION, _PERSON, _PERIOD, _CUSTODIAN = "session", "person", "period", "custodian"
_AT_ONCE = 500

_SESSIONS: LiteralString = """
SELECT DISTINCT session_id FROM archive_exportitem WHERE export_id = %b::bigint
UNION SELECT id FROM archive_session WHERE id = ANY(%b::bigint[]) ORDER BY 1
"""
_BEGINS: LiteralString = """
SELECT min(item.sent_at) FROM archive_exportitem item
JOIN archive_message said ON (said.session_id, said.sent_at, said.id) = (item.session_id, item.sent_at, item.message_id)
WHERE item.export_id = %b::bigint AND NOT said.sent_at_is_doubtful
"""
_ASKED: LiteralString = """
SELECT min(first_day) FROM archive_window
WHERE session_id = ANY(%b::bigint[]) AND kind IN ('messages', 'modifications')
"""
_FILES: LiteralString = """
INSERT INTO archive_exportfile (export_id, attachment_id, blob_id, state)
SELECT item.export_id, attached.id, attached.blob_id, attached.state FROM archive_exportitem item
JOIN archive_message said ON (said.session_id, said.sent_at, said.id) = (item.session_id, item.sent_at, item.message_id)
JOIN archive_attachment attached ON attached.message_id = said.id WHERE item.export_id = %b::bigint
"""
_PEOPLE: LiteralString = """
INSERT INTO archive_exportfact (export_id, kind, key, value)
SELECT %b::bigint, 'person', person.id, jsonb_build_object(
    'display_name', person.display_name, 'email', person.email, 'member_id', coalesce(person.member_id, ''),
    'user_id', coalesce(person.user_id, ''), 'is_external', person.is_external, 'is_bot', person.is_bot)
FROM archive_person person WHERE person.id = ANY(%b::bigint[]) OR person.id IN (
    SELECT said.sender_id FROM archive_exportitem item JOIN archive_message said
        ON (said.session_id, said.sent_at, said.id) = (item.session_id, item.sent_at, item.message_id)
    WHERE item.export_id = %b::bigint)
"""


@dataclass(frozen=True, slots=True)
class State:
    """How complete the archive was from one day to another, both included."""

    first: date
    last: date
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """A session as it was known: who belonged to it, who joined and left when, and how complete its days were."""

    conversation: Conversation
    members: tuple[int, ...]
    steps: tuple[tuple[datetime, int, bool, int | None], ...]
    """Moment, person, whether they joined, and who did it."""
    days: tuple[State, ...]

    def on(self, day: date) -> tuple[str, str]:
        """State and reason of a day."""
        for one in self.days:
            if one.first <= day <= one.last:
                return one.state, one.reason
        return proofs.DayState.UNKNOWN.value, proofs.UNASKED


@transaction.atomic
def keep(
    *,
    export_id: int,
    sessions: Collection[int] = (),
    custodians: Collection[int] = (),
    first: date | None = None,
    last: date | None = None,
    moment: datetime,
) -> None:
    """Write down what there is to say, unless that was done before.

    `sessions` and `custodians` (people) are accounted for even where nothing of theirs was chosen; `first` and `last` are
    the days the export is about. None: from the first day that was asked of Zoom or on which something chosen was said,
    and until `moment`, which is when the days are judged.
    """
    alone(export_id)
    if ExportFact.objects.filter(export_id=export_id).exists():
        return
    sessions_of = [key for (key,) in bulk.run(_SESSIONS, (export_id, list(sessions)))]
    days = _period(export_id, sessions_of, first, moment.astimezone(UTC).date() if last is None else last)
    kept = None if days is None else [days.first.isoformat(), days.last.isoformat()]
    ExportFact.objects.create(export_id=export_id, kind=_PERIOD, key=0, value={"days": kept})
    ExportFact.objects.bulk_create(
        ExportFact(export_id=export_id, kind=_CUSTODIAN, key=key, value={}) for key in sorted(set(custodians))
    )
    people: set[int | None] = set(custodians)
    for at in range(0, len(sessions_of), _AT_ONCE):
        found = dict(_places(sessions_of[at : at + _AT_ONCE], days, moment))
        for value in found.values():
            people.update(value["members"], *((step[1], step[3]) for step in value["steps"]))
        ExportFact.objects.bulk_create(
            ExportFact(export_id=export_id, kind=_SESSION, key=key, value=value)
            for key, value in found.items()
        )
    bulk.run(_PEOPLE, (export_id, sorted(one for one in people if one is not None), export_id))
    bulk.run(_FILES, (export_id,))


def alone(export_id: int) -> None:
    """Nobody else writes anything down for this export until the transaction ends."""
    bulk.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('holdfast export ' || %b::bigint, 0))", (export_id,)
    )


def period(*, export_id: int) -> Span | None:
    """The days an export is about; None when nothing was chosen and no period asked for."""
    value = ExportFact.objects.values_list("value", flat=True).get(export_id=export_id, kind=_PERIOD, key=0)
    first_and_last = value["days"]
    return None if first_and_last is None else Span(*map(date.fromisoformat, first_and_last))


def places(*, export_id: int) -> Iterator[Place]:
    """The sessions of an export, in order of their ids."""
    rows = ExportFact.objects.filter(export_id=export_id, kind=_SESSION).order_by("key")
    for key, value in rows.values_list("key", "value").iterator(100):
        yield _place(key, value)


def place(session_id: int, *, export_id: int) -> Place:
    """One session. Raises ExportFact.DoesNotExist."""
    row = ExportFact.objects.get(export_id=export_id, kind=_SESSION, key=session_id)
    return _place(row.key, row.value)


def custodians(*, export_id: int) -> list[int]:
    """The people to be counted whether they said something or not, by their ids."""
    rows = ExportFact.objects.filter(export_id=export_id, kind=_CUSTODIAN)
    return list(rows.order_by("key").values_list("key", flat=True))


def people(*, export_id: int) -> dict[int, Person]:
    """Everybody whom a package names."""
    rows = ExportFact.objects.filter(export_id=export_id, kind=_PERSON).order_by("key")
    return {key: Person(id=key, **value) for key, value in rows.values_list("key", "value").iterator(2_000)}


def steps(of: Place, on: date, people: Mapping[int, Person]) -> tuple[Step, ...]:
    """Who joined and left on a day, oldest first."""
    return tuple(
        Step(at, people[who], has_joined, None if by is None else people[by])
        for at, who, has_joined, by in of.steps
        if at.date() == on and who in people
    )


def there(of: Place, at: datetime) -> set[int]:
    """Who was known to be a member at a moment: by their joins and leaves, else because they are named as members."""
    found: set[int] = set()
    stepped: set[int] = set()
    for moment, who, has_joined, _ in of.steps:
        if moment < at:
            (found.add if has_joined else found.discard)(who)
        elif who not in stepped and not has_joined:
            found.add(who)  # left later without having joined before: there since before the records begin
        stepped.add(who)
    return found | (set(of.members) - stepped)


def _period(export_id: int, sessions: Sequence[int], first: date | None, last: date) -> Span | None:
    """The days asked for; without a first one, from where anything is known. None when there is nothing to account for."""
    if first is None:
        ((said,),), ((asked,),) = bulk.run(_BEGINS, (export_id,)), bulk.run(_ASKED, (list(sessions),))
        known = [asked, None if said is None else said.astimezone(UTC).date()]
        first = min((day for day in known if day is not None), default=None)
    return None if first is None or last < first else Span(first, last)


def _places(keys: Sequence[int], days: Span | None, moment: datetime) -> Iterator[tuple[int, dict[str, Any]]]:
    titles, states = directory.titles(keys), _days(keys, days, moment)
    members: dict[int, list[int]] = {}
    named = SessionMember.objects.filter(session_id__in=keys).order_by("session_id", "person_id")
    for session_id, person_id in named.values_list("session_id", "person_id"):
        members.setdefault(session_id, []).append(person_id)
    for row in Session.objects.filter(pk__in=keys).select_related("account").order_by("pk"):
        yield (
            row.pk,
            {
                "zoom_id": row.zoom_id,
                "type": row.type,
                "title": titles[row.pk],
                "channel_id": row.channel_id,
                "account": row.account.name,
                "has_external_member": row.has_external_member,
                "members": members.get(row.pk, []),
                "steps": _steps(row),
                "days": states.get(row.pk, []),
            },
        )


def _steps(session: Session) -> list[tuple[str, int, bool, int | None]]:
    if session.channel_id == "":
        return []
    found = Membership.objects.filter(
        channel__account_id=session.account_id, channel__zoom_id=session.channel_id
    )
    columns = found.order_by("at", "pk").values_list("at", "person_id", "action", "operator_id")
    return [(at.isoformat(), who, action == Membership.Action.JOINED, by) for at, who, action, by in columns]


def _days(keys: Sequence[int], span: Span | None, moment: datetime) -> dict[int, list[tuple[str, ...]]]:
    """Stretches of days that are alike, for each session."""
    today = moment.astimezone(UTC).date()
    if span is None or span.first > today:
        return {}
    span = Span(span.first, min(span.last, today))
    accounts = dict(Session.objects.filter(pk__in=keys).values_list("pk", "account_id"))
    lists = {account: by_day.lists_of(account, span) for account in sorted(set(accounts.values()))}
    return {
        key: [
            (days.first.isoformat(), days.last.isoformat(), state.value, reason)
            for days, state, reason in proofs.stretches_of_session(span, own, lists[accounts[key]])
        ]
        for key, own in by_day.of_sessions(keys, span).items()
    }


def _place(key: int, read: dict[str, Any]) -> Place:
    return Place(
        conversation=Conversation(
            session_id=key,
            zoom_id=read["zoom_id"],
            type=read["type"],
            title=read["title"],
            channel_id=read["channel_id"],
            account=read["account"],
            has_external_member=read["has_external_member"],
        ),
        members=tuple(read["members"]),
        steps=tuple(
            (datetime.fromisoformat(at).astimezone(UTC), who, joined, by)
            for at, who, joined, by in read["steps"]
        ),
        days=tuple(
            State(date.fromisoformat(first), date.fromisoformat(last), state, reason)
            for first, last, state, reason in read["days"]
        ),
    )
