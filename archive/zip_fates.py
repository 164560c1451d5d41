"""Whether a zip of a released matter may go: what is in it, which holds cover something of that, and until when it is kept.

A zip goes whole or not at all, so it is held as long as a hold covers anything in it, and due when everything in it is.
Where its chat logs name every message and all of them are here, that is asked of each. Otherwise nobody can say what is in
it: then a hold that could be about its custodian and its days holds it, and it is due when every rule of its account has
ended for the last of its days, provided that one of them is about every session.

Errs on the side of keeping, always: a doubtful time keeps it, days that are not known keep it. Decides nothing alone:
`archive.purge` asks again under the locks of `archive.holding.may_go`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import LiteralString

from archive import bulk, fates, holding, keeping, kept_zips
from archive.keeping import Place, Rule

DAY = timedelta(days=1)
"""More on both sides: Zoom does not say in which zone the days of a zip are."""


class Verdict(StrEnum):
    """What follows for a zip; the first that applies."""

    GONE = "gone"
    """It is not here."""
    HELD = "held"
    """A hold in force covers something in it, or may."""
    DOUBTFUL = "doubtful"
    """When something in it was said is in doubt, so no period can be counted from it."""
    FOR_GOOD = "for_good"
    """A rule keeps something in it for good, or no rule is about it."""
    NOT_YET = "not_yet"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Said:
    """Where and when a message in a zip was said."""

    place: Place
    sent_at: datetime
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """A zip that is here: whose, of which days (None: unknown), and the messages in it that are known here.

    `is_whole` says that these are all there are in it: every message is named, and each of them is here once.
    """

    zip_id: int
    account_id: int
    zoom_matter_id: str
    person_id: int | None
    first_day: date | None
    last_day: date | None
    sha256: bytes
    size_bytes: int
    messages: int | None
    message_ids: tuple[int, ...]
    said: tuple[Said, ...]
    """Of those messages the ones that have words left."""
    is_whole: bool

    @property
    def since(self) -> datetime | None:
        """Nothing in it was said before this moment; None: unknown."""
        return None if self.first_day is None else datetime.combine(self.first_day, time(), UTC) - DAY

    @property
    def until(self) -> datetime | None:
        """Everything in it was said before this moment; None: unknown."""
        return None if self.last_day is None else end_of(self.last_day)


@dataclass(frozen=True, slots=True)
class Fate:
    """What follows for a zip: the holds that cover something in it, and when the last of it is due (None: never)."""

    verdict: Verdict
    holds: tuple[int, ...] = ()
    due_at: datetime | None = None


_HERE: LiteralString = """
SELECT zip.id, custodian.account_id, custodian.zoom_matter_id, custodian.person_id, zip.first_day, zip.last_day,
    blob.sha256, blob.size_bytes, zip.messages_found, zip.opening = 'opened' AND zip.messages_found IS NOT NULL,
    zip.opened_at
FROM archive_holdfile zip JOIN archive_holdcustodian custodian ON custodian.id = zip.custodian_id
JOIN archive_blob blob ON blob.id = zip.blob_id WHERE zip.id = ANY(%b::bigint[]) ORDER BY zip.id
"""
_KNOWN: LiteralString = """
SELECT said.id FROM unnest(%b::text[], %b::text[]) AS named (session, message)
JOIN archive_session place ON place.account_id = %b AND place.zoom_id = named.session
JOIN archive_message said ON said.session_id = place.id AND said.zoom_id = named.message ORDER BY said.id
"""
_SAID: LiteralString = """
SELECT said.session_id, said.sent_at, said.sent_at_is_doubtful FROM archive_message said
WHERE said.id = ANY(%b::bigint[]) AND EXISTS (SELECT FROM archive_revision version WHERE version.message_id = said.id)
"""


def of_matters(zoom_matter_ids: Collection[str], *, account_id: int) -> list[int]:
    """The zips of these matters at Zoom that are here, in every version."""
    rows = bulk.run(
        "SELECT zip.id FROM archive_holdfile zip JOIN archive_holdcustodian custodian ON custodian.id = zip.custodian_id"
        " WHERE zip.blob_id IS NOT NULL AND custodian.account_id = %b AND custodian.zoom_matter_id = ANY(%b::text[])"
        " ORDER BY zip.id",
        (account_id, list(zoom_matter_ids)),
    )
    return [zip_id for (zip_id,) in rows]


def contents(zip_id: int) -> Contents | None:
    """What is known of what is in a zip; None when it is not here."""
    rows = bulk.run(_HERE, ([zip_id],))
    if len(rows) == 0:
        return None
    _, account_id, matter, person, first, last, sha256, size, count, is_opened, opened_at = rows[0]
    named = kept_zips.named(zip_id, opened_at, count) if is_opened else None
    pairs = [] if named is None else [(place, one) for place, ids in named.items() for one in sorted(ids)]
    known = bulk.run(_KNOWN, ([place for place, _ in pairs], [one for _, one in pairs], account_id))
    ids = tuple(message_id for (message_id,) in known)
    # A chat log without a message says nothing of the files beside it.
    is_whole = named is not None and len(ids) == count > 0
    return Contents(
        zip_id, account_id, matter, person, first, last, bytes(sha256), size, count, ids, _said(account_id, ids), is_whole
    )  # fmt: skip


def _said(account_id: int, message_ids: Sequence[int]) -> tuple[Said, ...]:
    sessions = keeping.sessions_of(message_ids)
    there = {place.session_id: place for place in keeping.places(accounts=[account_id], sessions=sessions)}
    rows = bulk.run(_SAID, (list(message_ids),))
    return tuple(Said(there[session_id], sent_at, doubtful) for session_id, sent_at, doubtful in rows)


def look(
    one: Contents,
    *,
    holds: Sequence[holding.Rule],
    rules: Sequence[Rule],
    duties: Sequence[Rule] | None = None,
    now: datetime,
) -> Fate:
    """What follows from the holds and the rules of keeping in force.

    With `duties`, those of the rules that bind what somebody asked to have erased, they alone keep what is known to be in
    it; what nobody can tell is kept as ever.
    """
    held = covering(one, holds=holds)
    asked = rules if duties is None or not one.is_whole else duties
    verdict, due_at = kept(one, rules=asked, is_asked_for=asked is duties, now=now)
    return Fate(Verdict.HELD if len(held) > 0 else verdict, held, due_at)


def covering(one: Contents, *, holds: Sequence[holding.Rule]) -> tuple[int, ...]:
    """The holds that cover something in it, or may."""
    found = {key for ways in holding.covering(one.message_ids, rules=holds).values() for key in ways}
    if not one.is_whole:
        found |= {hold.id for hold in holds if _may_cover(hold, one)}
    return tuple(sorted(found))


def kept(
    one: Contents, *, rules: Sequence[Rule], is_asked_for: bool = False, now: datetime
) -> tuple[Verdict, datetime | None]:
    """What the rules say of everything in it, and when the last of it is due (None: never, or nothing keeps it).

    `is_asked_for`: they are duties, and what none of them is about may go.
    """
    found = list(_known(one, rules, is_asked_for=is_asked_for))
    if not one.is_whole:
        found.append(at_the_latest(one.until, account_id=one.account_id, rules=rules))
    for verdict in (Verdict.DOUBTFUL, Verdict.FOR_GOOD):
        if any(said is verdict for said, _ in found):
            return verdict, None
    due_at = max((end for _, end in found if end is not None), default=None)
    return (Verdict.DUE if due_at is None or due_at <= now else Verdict.NOT_YET), due_at


def at_the_latest(
    end: datetime | None, *, account_id: int, rules: Sequence[Rule]
) -> tuple[Verdict, datetime | None]:
    """What the rules say of whatever was said in an account before `end`, and by when it is due (None: never)."""
    about = [rule for rule in rules if rule.account == account_id]
    is_any = any(rule.kinds is None and rule.session is None and rule.named in ("", "*") for rule in about)
    periods = [rule.period for rule in about if rule.period is not None]
    if not is_any or len(periods) < len(about):
        return Verdict.FOR_GOOD, None
    if end is None:
        return Verdict.DOUBTFUL, None
    return Verdict.DUE, max(fates.after(end, period) for period in periods)


def end_of(last_day: date) -> datetime:
    """Before this moment everything in a zip up to that day was said."""
    return datetime.combine(last_day, time(), UTC) + 2 * DAY


def _may_cover(hold: holding.Rule, one: Contents) -> bool:
    """Whether a hold could be about something its custodian said in its days."""
    return (
        hold.account == one.account_id
        and (
            hold.covers_received
            or hold.person is None
            or one.person_id is None
            or hold.person == one.person_id
        )
        and (hold.since is None or one.until is None or hold.since < one.until)
        and (hold.until is None or one.since is None or hold.until > one.since)
    )


def _known(
    one: Contents, rules: Sequence[Rule], *, is_asked_for: bool
) -> Iterator[tuple[Verdict, datetime | None]]:
    """What the rules say of each message in it that is here and has words left."""
    matched = {place: keeping.matched(place, rules=rules) for place in {said.place for said in one.said}}
    for said in one.said:
        there = matched[said.place]
        about = (*there.surely, *there.perhaps)
        periods = [rule.period for rule in about if rule.period is not None]
        if is_asked_for and len(about) == 0:
            yield Verdict.DUE, None
        elif len(periods) < len(about) or (len(there.surely) == 0 and not is_asked_for):
            yield Verdict.FOR_GOOD, None
        elif said.is_doubtful:
            yield Verdict.DOUBTFUL, None
        else:
            yield Verdict.DUE, max(fates.after(said.sent_at, period) for period in periods)
