"""Why a message is still here, or may go: what each rule of keeping said of it, and what else decides.

The same rules as archive.keeping, written a second time as plain conditions over one message, so that each can be shown
step by step; a test asks that the two always agree. Never decides anything: what is due is keeping's to say, and what
may be destroyed is holding's.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from archive import bulk, explaining, holding, keeping
from archive.explaining import Decision
from archive.keeping import Kind, Period, Rule

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


class Apart(StrEnum):
    """Why a rule is not about a message; the first that applies."""

    ACCOUNT = "account"
    SESSION = "session"
    NAME = "name"
    KIND = "kind"


class Verdict(StrEnum):
    """What follows; the first that applies."""

    GONE = "gone"
    """Nothing of it is here any more."""
    FOR_GOOD = "for_good"
    """No rule is about it, or one that is keeps for good."""
    DOUBTFUL = "doubtful"
    """When it was sent is in doubt, so no period can be counted from it."""
    NOT_YET = "not_yet"
    HELD = "held"
    """It is due, and a hold keeps it."""
    IN_A_ZIP = "in_a_zip"
    """It is due, no hold keeps it, and it lies in a zip of a legal hold that is kept."""
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one rule said: apart from the message, or about it until a date (None: for good).

    `is_unsure` is a rule that is about it only if the session is of a kind that it may be; it can keep, and not let go.
    """

    rule: Rule
    apart: Apart | None
    is_unsure: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fate:
    """The path of decisions over one message. `governing` is the rule that decides, None where none does."""

    message_id: int
    session_id: int
    account_id: int
    session_name: str
    kinds: frozenset[Kind]
    sent_at: datetime
    is_doubtful: bool
    looked: tuple[Looked, ...]
    governing: Looked | None
    holds: tuple[Decision, ...]
    """The holds that keep it, and how."""
    zips: tuple[int, ...]
    """The zips that have it, or may, and are kept."""
    verdict: Verdict

    @property
    def due_at(self) -> datetime | None:
        """When it may go under the rules; None: never."""
        return None if self.governing is None or self.is_doubtful else self.governing.due_at


def explain(
    message_id: int,
    *,
    rules: Sequence[Rule],
    holds: Sequence[holding.Rule],
    zips: Sequence[int] = (),
    now: datetime,
) -> Fate | None:
    """What every rule says of a message, in the order given, and what follows; None when there is no such message.

    `zips` are those that have it, or may (`archive.kept_zips`), and may not go themselves now (`archive.zip_fates`).
    """
    rows = bulk.run(
        "SELECT message.session_id, place.account_id, place.name, place.type, message.sent_at,"
        " message.sent_at_is_doubtful, channel.type,"
        " EXISTS (SELECT FROM archive_revision version WHERE version.message_id = message.id)"
        " FROM archive_message message JOIN archive_session place ON place.id = message.session_id"
        " LEFT JOIN archive_channel channel ON channel.account_id = place.account_id"
        "  AND channel.zoom_id = place.channel_id AND place.channel_id <> '' WHERE message.id = %b",
        (message_id,),
    )
    if len(rows) == 0:
        return None
    session_id, account_id, name, session_type, sent_at, is_doubtful, channel_type, is_here = rows[0]
    kinds = keeping.kinds_of(session_type, channel_type)
    place = keeping.Place(session_id, account_id, name, kinds)
    looked = tuple(_look(rule, place, sent_at) for rule in rules)
    governing = _governing(looked)
    decisions = explaining.explain(message_id, rules=holds) if len(holds) > 0 else []
    held = tuple(one for one in decisions if one.way is not None)
    return Fate(
        message_id, session_id, account_id, name, kinds, sent_at, is_doubtful, looked, governing, held, tuple(zips),
        _verdict(
            governing, is_here=is_here, is_doubtful=is_doubtful, is_held=len(held) > 0, is_zipped=len(zips) > 0, now=now
        ),
    )  # fmt: skip


def after(moment: datetime, period: Period) -> datetime:
    """The end of a period in UTC: the same day so many months on, or the month's last where it has no such day."""
    start = moment.astimezone(UTC)
    months = start.year * 12 + start.month - 1 + period.months
    year, month = divmod(months, 12)
    if year > END_OF_TIME.year:
        return END_OF_TIME
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    try:
        ends = start.replace(year=year, month=month + 1, day=day) + timedelta(days=period.days)
    except OverflowError:
        return END_OF_TIME
    return min(ends, END_OF_TIME)


def _look(rule: Rule, place: keeping.Place, sent_at: datetime) -> Looked:
    apart = None
    if rule.account != place.account_id:
        apart = Apart.ACCOUNT
    elif rule.session is not None and rule.session != place.session_id:
        apart = Apart.SESSION
    elif not keeping.is_named(place.name, rule.named):
        apart = Apart.NAME
    elif rule.kinds is not None and place.kinds.isdisjoint(rule.kinds):
        apart = Apart.KIND
    if apart is not None:
        return Looked(rule, apart, is_unsure=False, due_at=None)
    is_unsure = rule.kinds is not None and not place.kinds <= rule.kinds
    return Looked(rule, None, is_unsure, None if rule.period is None else after(sent_at, rule.period))


def _governing(looked: Sequence[Looked]) -> Looked | None:
    """The rule that decides: one that keeps for good, or the one that ends last; the first of several alike."""
    about = [one for one in looked if one.apart is None]
    if all(one.is_unsure for one in about):
        return None
    for_good = [one for one in about if one.due_at is None]
    if len(for_good) > 0:
        return min(for_good, key=lambda one: one.rule.id)
    return min(about, key=lambda one: (END_OF_TIME - (one.due_at or END_OF_TIME), one.rule.id))


def _verdict(
    governing: Looked | None,
    *,
    is_here: bool,
    is_doubtful: bool,
    is_held: bool,
    is_zipped: bool,
    now: datetime,
) -> Verdict:
    if not is_here:
        return Verdict.GONE
    if governing is None or governing.due_at is None:
        return Verdict.FOR_GOOD
    if is_doubtful:
        return Verdict.DOUBTFUL
    if governing.due_at > now:
        return Verdict.NOT_YET
    if is_held:
        return Verdict.HELD
    return Verdict.IN_A_ZIP if is_zipped else Verdict.DUE
