"""The checks: each a small pure function from the facts of one matter to what it finds there.

A check judges what was last read, however old that is, and never takes a failed read for good news: that something was
not read lately is a finding of its own.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.footing import Broken, Seen
from archive.zip_trouble import Trouble, Troubled
from compliance.health import channels, findings
from compliance.health.facts import AtZoom, Facts
from compliance.health.findings import Found
from compliance.models import Confirmation, Custodian, Finding

Kind = Finding.Kind
Check = Callable[[Facts], Iterable[Found]]

PATIENCE = timedelta(hours=1)
"""How long a hold may take to reach Zoom."""
BEHIND = timedelta(hours=24)
MOST_NAMED = 5
_ZIP_KINDS: Mapping[Trouble, Finding.Kind] = {
    Trouble.MISSING: Kind.ZIP_MISSING,
    Trouble.LATE: Kind.ZIP_LATE,
    Trouble.DIFFERS: Kind.ZIP_DIFFERS,
    Trouble.UNLISTED: Kind.ZIPS_UNLISTED,
}


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
                _zoom(one)
                | {
                    "custodians": findings.names(one.kept),
                    "row": one.row.pk,
                    **findings.since(listed.newest),
                },
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
                    | findings.since(_newest(facts)),
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
                    _zoom(one) | {"stranger": name} | findings.since(listed.newest),
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
        told = {"custodians": findings.names(custodians), "reason": reason, "seen_at": since.isoformat()}
        yield Found(Kind.NOT_PLACED, subject, told)


def users_gone(facts: Facts) -> Iterator[Found]:
    """Custodians whose user at Zoom is deactivated, or no longer in the company directory."""
    for custodian in facts.held:
        email = facts.footing.identities.get(custodian.person_id, ("", ""))[1]
        history = facts.footing.contacts.get(email, ())
        if not history:
            continue
        newest = history[-1]
        subject, told = f"custodian/{custodian.pk}", {"custodian": custodian.name} | findings.since(newest)
        if newest.said.get("status") == "inactive":
            yield Found(Kind.DEACTIVATED, subject, told)
        elif newest.said.get("gone") and len(history) > 1:
            yield Found(Kind.LEFT, subject, told)


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
    to, until = facts.footing.complete_to, facts.until
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
    """Days with custodians, and of conversations held themselves, that Zoom does not give in spite of several tries."""
    for custodian in facts.held:
        theirs = [one for one in facts.footing.broken if custodian.person_id in one.people]
        if theirs:
            told = {"custodian": custodian.name} | _lost_days(theirs)
            yield Found(Kind.BROKEN, f"custodian/{custodian.pk}", told)
    itself = {hold.session_id for hold in facts.conversations}
    for one in facts.footing.broken:
        if one.session_id in itself:
            told = {"conversation": one.title, "session_id": one.session_id} | _lost_days([one])
            yield Found(Kind.BROKEN, f"conversation/{one.session_id}", told)


def _lost_days(some: Sequence[Broken]) -> dict[str, Any]:
    first, lost = min(one.first_day for one in some), sum(one.lost for one in some)
    return {
        "windows": sum(one.windows for one in some),
        "first_day": f"{first.day} {first:%b %Y}",
        "lost": f" Zoom can no longer give {lost} of them." if lost else "",
        "reason": some[0].reason,
    }


def access(facts: Facts) -> Iterator[Found]:
    """What the app may not do, or not do at all."""
    account = facts.footing
    if not account.is_active:
        yield Found(Kind.ACCOUNT_OFF, "account", {"account": account.name})
    if account.token_error:
        yield Found(Kind.NO_TOKEN, "token", {"account": account.name, "reason": account.token_error})
    for lack in account.lacks:
        if facts.asks_zoom or not lack.at_zoom_only:
            told = {"feature": lack.name, "without": lack.without, "advice": lack.advice}
            yield Found(Kind.SCOPES, lack.name, told | {"account": account.name})


def not_read(facts: Facts) -> Iterator[Found]:
    """What was last read so long ago that it is not known any more."""
    for one in facts.unread:
        last = "never" if one.last_read_at is None else _moment(one.last_read_at)
        told = {
            "label": one.label,
            "rows": one.rows,
            "of": one.of,
            "last_read": last,
            "reason": one.error,
            "seen_at": None if one.last_read_at is None else one.last_read_at.isoformat(),
        }
        yield Found(Kind.NOT_READ, one.kind, told)


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
    channels.retention,
    channels.owners,
    channels.members,
    zips,
    behind,
    broken,
    access,
    not_read,
    settings,
)


def everything(facts: Facts) -> list[Found]:
    """Whatever any check finds in a matter; nothing where nothing is held."""
    return [found for check in CHECKS for found in check(facts)] if facts.holds_anything else []


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


def _zoom(one: AtZoom) -> dict[str, Any]:
    return {"zoom_id": one.row.zoom_id, "zoom_name": one.row.name}


def _newest(facts: Facts) -> Seen:
    assert facts.footing.matters is not None
    return facts.footing.matters.newest


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
