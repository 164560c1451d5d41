"""The checks: each a small pure function from the facts of one matter to what it finds there.

A check judges what was last read, however old that is, and never takes a failed read for good news: that something was
not read lately is a finding of its own.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.footing import Place, Seen
from archive.zip_trouble import Trouble, Troubled
from compliance.health.facts import AtZoom, Facts
from compliance.models import Confirmation, Custodian, Finding

Kind = Finding.Kind

PATIENCE = timedelta(hours=1)
"""How long a hold may take to reach Zoom."""
BEHIND = timedelta(hours=24)
SHORTEST_DAYS = 7
MOST_NAMED = 5
ACCOUNT_RULE = "the account’s own rule"
_ZIP_KINDS: Mapping[Trouble, Finding.Kind] = {
    Trouble.MISSING: Kind.ZIP_MISSING,
    Trouble.LATE: Kind.ZIP_LATE,
    Trouble.DIFFERS: Kind.ZIP_DIFFERS,
    Trouble.UNLISTED: Kind.ZIPS_UNLISTED,
}
_DAYS = {"d": 1, "m": 30, "y": 365}
_UNITS = {"d": "day", "m": "month", "y": "year"}
_PERIOD = re.compile(r"(\d{1,4})([dmy])")


@dataclass(frozen=True)
class Found:
    """Something found: `subject` tells it from others of its kind in the matter; `facts` fill its sentences."""

    kind: Finding.Kind
    subject: str
    facts: dict[str, Any]


Check = Callable[[Facts], Iterable[Found]]


def matters_missing(facts: Facts) -> Iterator[Found]:
    """Matters that were created at Zoom and that Zoom's list, read after that, does not name."""
    listed = facts.footing.matters
    for one in facts.at_zoom:
        if listed is None or not one.is_held or not one.kept:
            continue
        since = one.row.created_at or one.row.asked_at
        if since < listed.read_at and one.row.zoom_id not in listed.listed:
            yield Found(
                Kind.MATTER_MISSING,
                one.row.zoom_id,
                _zoom(one) | {"custodians": _names(one.kept), "row": one.row.pk, **_since(listed.newest)},
            )


def custodians_missing(facts: Facts) -> Iterator[Found]:
    """Custodians whom a matter at Zoom was created for, and that neither it nor another one of ours names."""
    named = frozenset(name for _, users in _listed(facts) for name in users)
    for one, _ in _listed(facts):
        for custodian in one.kept:
            if _identity(facts, custodian).isdisjoint(named):
                yield Found(
                    Kind.CUSTODIAN_MISSING,
                    f"{one.row.zoom_id}/{custodian.pk}",
                    _zoom(one)
                    | {"custodian": custodian.name, "custodian_id": custodian.pk, "row": one.row.pk}
                    | _since(_newest(facts)),
                )


def strangers(facts: Facts) -> Iterator[Found]:
    """People in a matter at Zoom who were never custodians of it here."""
    for one, users in _listed(facts):
        known = frozenset().union(*(_identity(facts, custodian) for custodian in one.custodians))
        listed = facts.footing.matters
        assert listed is not None
        for user_id, email in listed.listed[one.row.zoom_id]["users"]:
            if known.isdisjoint({user_id, email} - {""}) and users:
                name = email or user_id
                yield Found(
                    Kind.STRANGER,
                    f"{one.row.zoom_id}/{user_id or email}",
                    _zoom(one) | {"stranger": name} | _since(listed.newest),
                )


def not_placed(facts: Facts) -> Iterator[Found]:
    """Custodians whom Zoom refused, or does not hold after an hour, a finding a job; whoever is outside is held here."""
    if not facts.matter.at_zoom:
        return
    stuck: dict[str, list[Custodian]] = {}
    reasons: dict[str, tuple[str, datetime]] = {}
    for custodian in facts.held:
        rows = [one for one in facts.at_zoom if custodian in one.custodians]
        if any(one.is_held for one in rows):
            continue
        if not any(facts.footing.identities.get(custodian.person_id, ("", ""))):
            continue
        job = next((one for one in reversed(rows) if one.is_awaited), None)
        subject = "nobody asked" if job is None else f"job/{job.row.pk}"
        reason, since = _why_not(job, custodian)
        if since < facts.now - PATIENCE or (job is not None and job.is_refused):
            stuck.setdefault(subject, []).append(custodian)
            reasons[subject] = (reason, since)
    for subject, custodians in stuck.items():
        reason, since = reasons[subject]
        told = {"custodians": _names(custodians), "reason": reason, "seen_at": since.isoformat()}
        yield Found(Kind.NOT_PLACED, subject, told)


def users_gone(facts: Facts) -> Iterator[Found]:
    """Custodians whose user at Zoom is deactivated, or no longer in the company directory."""
    for custodian in facts.held:
        email = facts.footing.identities.get(custodian.person_id, ("", ""))[1]
        history = facts.footing.contacts.get(email, ())
        if not history:
            continue
        newest = history[-1]
        subject, told = f"custodian/{custodian.pk}", {"custodian": custodian.name} | _since(newest)
        if newest.said.get("status") == "inactive":
            yield Found(Kind.DEACTIVATED, subject, told)
        elif newest.said.get("gone") and len(history) > 1:
            yield Found(Kind.LEFT, subject, told)


def retention(facts: Facts) -> Iterator[Found]:
    """Channels whose messages Zoom deletes sooner than when the hold began, or that are gone."""
    for place, custodians, before, now in _places(facts, "retention"):
        told = _channel(place, custodians, now) | {"before": _kept_for(before), "now": _kept_for(now)}
        days, was = _days(now), _days(before)
        if now.said.get("gone"):
            if not before.said.get("gone"):
                yield Found(Kind.CHANNEL_GONE, place.channel_id, told)
        elif days is not None and days < SHORTEST_DAYS:
            yield Found(Kind.RETENTION_SHORT, place.channel_id, told)
        elif (days is None) != (was is None) or (days is not None and was is not None and days < was):
            yield Found(Kind.RETENTION_CHANGED, f"{place.channel_id}/{now.said.get('period', '')}", told)


def owners(facts: Facts) -> Iterator[Found]:
    """Channels that belong to somebody else than when the hold began."""
    for place, custodians, before, now in _places(facts, "owner", told="owner"):
        was, owner = before.said["owner"], now.said["owner"]
        if was != owner:
            told = {"before": before.said.get("name") or was, "now": now.said.get("name") or owner}
            yield Found(
                Kind.OWNER_CHANGED, f"{place.channel_id}/{owner}", _channel(place, custodians, now) | told
            )


def members(facts: Facts) -> Iterator[Found]:
    """Channels whose members Zoom tells nobody we may ask for; other channels are another finding."""
    unknown = facts.footing.closed
    if len(unknown) > 0 and facts.matter.covers_received:
        key = hashlib.sha256("\n".join(sorted(unknown)).encode()).hexdigest()[:16]
        yield Found(Kind.MEMBERS, f"channels/{key}", {"channels": channels(unknown.values())})


def zips(facts: Facts) -> Iterator[Found]:
    """Zips of the matters at Zoom that are not here as they should be: a finding a matter there and kind of trouble.

    Others than before are another finding, so that words about some of them say nothing about the rest.
    """
    for one in facts.at_zoom:
        for trouble, kind in _ZIP_KINDS.items():
            some = [
                zip for zip in facts.zips if zip.zoom_matter_id == one.row.zoom_id and zip.trouble is trouble
            ]
            if some:
                keys = hashlib.sha256("\n".join(str(zip.key) for zip in some).encode()).hexdigest()[:16]
                yield Found(kind, f"{one.row.zoom_id}/{keys}", _zoom(one) | _zips(some))


def _zips(some: Sequence[Troubled]) -> dict[str, Any]:
    """What the sentences about some zips are made of."""
    named = [f"{zip.whose}{_days_of(zip)}" for zip in some[:MOST_NAMED]]
    more = [f"{len(some) - len(named):,} more"] if len(some) > len(named) else []
    return {
        "zips": "1 hold zip" if len(some) == 1 else f"{len(some):,} hold zips",
        "are": "is" if len(some) == 1 else "are",
        "them": "it" if len(some) == 1 else "them",
        "which": "; ".join([*named, *more]),
        "reason": some[0].why,
        "unreported": f"{sum(zip.unreported for zip in some):,}",
        "not_in_zip": f"{sum(zip.not_in_zip for zip in some):,}",
        "seen_at": min(zip.since for zip in some).isoformat(),
    }


def _days_of(zip: Troubled) -> str:
    if zip.first_day is None or zip.last_day is None:
        return ""
    return f", {zip.first_day.isoformat()} to {zip.last_day.isoformat()}"


def behind(facts: Facts) -> Iterator[Found]:
    """The account's capture ends more than a day ago, and the hold goes on."""
    to, until = facts.footing.complete_to, facts.matter.until
    if until is not None and to is not None and to.astimezone(UTC).date() > until:
        return
    if to is None or to < facts.now - BEHIND:
        words = "no day yet" if to is None else _moment(to)
        yield Found(
            Kind.BEHIND,
            "capture",
            {"account": facts.footing.name, "to": words, "seen_at": None if to is None else to.isoformat()},
        )


def broken(facts: Facts) -> Iterator[Found]:
    """Days with custodians that Zoom does not give in spite of several tries."""
    for custodian in facts.held:
        found = facts.footing.broken.get(custodian.person_id)
        if found is not None:
            yield Found(
                Kind.BROKEN,
                f"custodian/{custodian.pk}",
                {
                    "custodian": custodian.name,
                    "windows": found.windows,
                    "first_day": f"{found.first_day.day} {found.first_day:%b %Y}",
                    "lost": f" Zoom can no longer give {found.lost} of them." if found.lost else "",
                    "reason": found.reason,
                },
            )


def access(facts: Facts) -> Iterator[Found]:
    """What the app may not do, or not do at all."""
    account = facts.footing
    if not account.is_active:
        yield Found(Kind.ACCOUNT_OFF, "account", {"account": account.name})
    if account.token_error:
        yield Found(Kind.NO_TOKEN, "token", {"account": account.name, "reason": account.token_error})
    for lack in account.lacks:
        if facts.matter.at_zoom or not lack.at_zoom_only:
            told = {"feature": lack.name, "without": lack.without, "advice": lack.advice}
            yield Found(Kind.SCOPES, lack.name, told | {"account": account.name})


def not_read(facts: Facts) -> Iterator[Found]:
    """What was last read so long ago that it is not known any more."""
    for one in facts.footing.unread:
        if one.kind != "matters" or facts.matter.at_zoom:
            last = "never" if one.last_read_at is None else _moment(one.last_read_at)
            told = {
                "label": one.label,
                "rows": one.rows,
                "of": one.of,
                "last_read": last,
                "reason": one.error,
            }
            since = None if one.last_read_at is None else one.last_read_at.isoformat()
            yield Found(Kind.NOT_READ, one.kind, told | {"seen_at": since})


def settings(facts: Facts) -> Iterator[Found]:
    """Settings that no API tells and somebody saw to be otherwise than they should."""
    for setting, row in sorted(facts.settings.items()):
        if not row.is_so:
            told = {"setting": Confirmation.Setting(setting).label, "by": row.by_name, "at": _moment(row.at)}
            yield Found(Kind.SETTING, setting, told | {"seen_at": row.at.isoformat()})


CHECKS: tuple[Check, ...] = (
    matters_missing,
    custodians_missing,
    strangers,
    not_placed,
    users_gone,
    retention,
    owners,
    members,
    zips,
    behind,
    broken,
    access,
    not_read,
    settings,
)


def everything(facts: Facts) -> list[Found]:
    """Whatever any check finds in a matter; nothing where nobody is held."""
    return [found for check in CHECKS for found in check(facts)] if facts.held else []


def _listed(facts: Facts) -> Iterator[tuple[AtZoom, frozenset[str]]]:
    """Matters that are there, with every id and address that Zoom names in them."""
    listed = facts.footing.matters
    if listed is None:
        return
    for one in facts.at_zoom:
        there = listed.listed.get(one.row.zoom_id)
        since = one.row.created_at or one.row.asked_at
        if one.is_held and there is not None and since < listed.read_at:
            yield one, frozenset(name for user in there["users"] for name in user) - {""}


def _why_not(job: AtZoom | None, custodian: Custodian) -> tuple[str, datetime]:
    """Why a custodian is not held at Zoom, and since when they should be."""
    if job is None:
        return "No matter at Zoom was made for them.", custodian.added_at
    waiting = "Zoom has not been asked yet; check that a worker runs."
    return job.row.last_error or waiting, job.row.asked_at


def _identity(facts: Facts, custodian: Custodian) -> frozenset[str]:
    known = facts.footing.identities.get(custodian.person_id, ("", ""))
    return frozenset({*known, custodian.email.lower()}) - {""}


def _places(
    facts: Facts, kind: str, *, told: str = ""
) -> Iterator[tuple[Place, tuple[Custodian, ...], Seen, Seen]]:
    """Channels of the custodians, with what they were when the first of those was held, and what they are.

    With `told` only those sightings count that say so much.
    """
    for place in facts.footing.places:
        custodians = facts.where(place.people)
        history = [seen for seen in place.history if told == "" or seen.said.get(told)]
        if place.kind == kind and custodians and history:
            began = min(custodian.added_at for custodian in custodians)
            earlier = [seen for seen in history if seen.seen_at <= began]
            yield place, custodians, earlier[-1] if earlier else history[0], history[-1]


def _days(seen: Seen) -> int | None:
    """How many days a channel's own rule keeps messages; None when it has none, or Zoom does not say."""
    match = _PERIOD.fullmatch(str(seen.said.get("period", "")))
    return None if match is None else int(match[1]) * _DAYS[match[2]]


def _kept_for(seen: Seen) -> str:
    match = _PERIOD.fullmatch(str(seen.said.get("period", "")))
    if match is not None:
        number = int(match[1])
        return f"{number} {_UNITS[match[2]]}{'' if number == 1 else 's'}"
    return "deleted" if seen.said.get("gone") else ACCOUNT_RULE


def _channel(place: Place, custodians: tuple[Custodian, ...], seen: Seen) -> dict[str, Any]:
    return {
        "channel": place.title,
        "channel_id": place.channel_id,
        "session_id": place.session_id,
        "custodians": _names(custodians),
        **_since(seen),
    }


def _zoom(one: AtZoom) -> dict[str, Any]:
    return {"zoom_id": one.row.zoom_id, "zoom_name": one.row.name}


def _newest(facts: Facts) -> Seen:
    assert facts.footing.matters is not None
    return facts.footing.matters.newest


def _since(seen: Seen) -> dict[str, Any]:
    """Between which two reads it came to be so."""
    before = None if seen.before_at is None else seen.before_at.isoformat()
    return {"seen_at": seen.seen_at.isoformat(), "before_at": before}


def channels(titles: Collection[str]) -> str:
    """How many there are, and what the first are called."""
    named = sorted(title for title in titles if title != "")[:MOST_NAMED]
    more = len(titles) - len(named)
    listed = ", ".join([*(f"“{name}”" for name in named), *([f"{more:,} more"] if named and more else [])])
    return f"{len(titles):,} channel{'' if len(titles) == 1 else 's'}{': ' if named else ''}{listed}"


def _names(custodians: Iterable[Custodian]) -> str:
    names = sorted(custodian.name for custodian in custodians)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
