"""The transcript of a session and a period: what comes before it is made, a page to read and print, a file to take.

Everything goes through the audited door, a stretch at a time, so that each look names the messages it showed and memory
is bounded by a stretch. A file is written while it is sent and kept nowhere: words that are destroyed later must not
live on in a copy of ours. Its last line has the SHA-256 of all bytes before it; that, and how much it was, is recorded
when the last byte was given, so that one that broke off has a beginning in the trail and no end.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from archive import admitted, completeness, directory, transcript
from archive.completeness import Day, DayState
from archive.scope import EVERYTHING
from compliance import audit, inert, investigations, reading, refusals
from compliance.investigations import NotHere
from compliance.periods import Period
from compliance.permissions import Action
from compliance.sightings import Conversation

A_STRETCH = 500
_LEAST = timedelta(microseconds=1)


class Form(StrEnum):
    """How a transcript is taken."""

    HTML = "html"
    TEXT = "txt"


@dataclass(frozen=True)
class Coming:
    """What a transcript will have in it; `open_days` are UTC days that are not proven complete."""

    session: directory.SessionDetail
    period: Period
    extent: transcript.Extent
    days: int
    open_days: list[Day]
    is_whole: bool
    """False where only what the holds of the person's matters cover is counted and shown."""

    @property
    def is_complete(self) -> bool:
        return len(self.open_days) == 0


def coming(*, session_id: int, period: Period, by: User | None, now: datetime) -> Coming:
    """What there is of a session in a period. Raises NotHere."""
    refusals.check(Action.READ_MESSAGES, subject=f"session/{session_id}", by=by, now=now)
    scope = investigations.scope_of(by)
    detail = directory.session(session_id)
    if detail is None or (scope != EVERYTHING and not admitted.reaches(session_id, scope=scope)):
        raise NotHere
    days = completeness.days(
        session_id,
        first=period.begins_at.astimezone(UTC).date(),
        last=(period.ends_at - _LEAST).astimezone(UTC).date(),
        now=now,
    )
    return Coming(
        session=detail,
        period=period,
        extent=transcript.extent(session_id, since=period.begins_at, until=period.ends_at, scope=scope),
        days=len(days),
        open_days=[day for day in days if day.state is not DayState.COMPLETE],
        is_whole=scope == EVERYTHING,
    )


def page(
    *,
    session_id: int,
    period: Period,
    after: transcript.Position | None = None,
    limit: int = investigations.STRETCH,
    by: User | None,
    now: datetime,
) -> Conversation:
    """A stretch of it, beyond a position; recorded as a look. Raises NotHere."""
    return investigations.period(
        session_id=session_id,
        since=period.begins_at,
        until=period.ends_at,
        after=after,
        limit=limit,
        by=by,
        now=now,
    )


def take(*, session_id: int, period: Period, form: Form, by: User | None, now: datetime) -> Iterator[bytes]:
    """The whole transcript as a file that needs nothing else; recorded before the first byte. Raises NotHere."""
    subject = f"session/{session_id}"
    refusals.check(Action.DOWNLOAD, subject=subject, by=by, now=now)
    found = coming(session_id=session_id, period=period, by=by, now=now)
    details = {"transcript": form.value, "period": period.during, "zone": period.zone}
    with transaction.atomic():
        counted = {**details, "messages": found.extent.messages}
        audit.record(action=audit.Action.DOWNLOADED, subject=subject, details=counted, by=by, now=now)
    return _written(found, form, details, by=by, now=now)


def _written(
    found: Coming, form: Form, details: dict[str, str], *, by: User | None, now: datetime
) -> Iterator[bytes]:
    sha256, size, messages = hashlib.sha256(), 0, 0
    for piece, count in _pieces(found, form, by=by, now=now):
        sha256.update(piece)
        size += len(piece)
        messages += count
        yield piece
    digest = sha256.hexdigest()
    yield (
        f"<!-- SHA-256 of all before this: {digest} -->\n"
        if form is Form.HTML
        else f"SHA-256 of all before this: {digest}\n"
    ).encode()
    with transaction.atomic():
        ended = {**details, "messages": messages, "bytes": size, "sha256": digest}
        subject = f"session/{found.session.line.id}"
        audit.record(action=audit.Action.SENT, subject=subject, details=ended, by=by, now=now)


def _pieces(found: Coming, form: Form, *, by: User | None, now: datetime) -> Iterator[tuple[bytes, int]]:
    """The file from its head to its end, each piece with how many messages are in it."""
    zone = ZoneInfo(found.period.zone)
    context = {"coming": found, "by": audit.name_of(by), "now": now}
    yield _rendered("head", form, context, zone), 0
    after: transcript.Position | None = None
    while True:
        seen = page(
            session_id=found.session.line.id,
            period=found.period,
            after=after,
            limit=A_STRETCH,
            by=by,
            now=now,
        )
        items = reading.page(seen.transcript, at=None, zone=zone)
        with timezone.override(zone):
            piece = _as_text(items) if form is Form.TEXT else _as_html(items)
        yield piece, len(seen.transcript.messages)
        after = seen.transcript.later
        if after is None:
            break
    yield _rendered("foot", form, context, zone), 0


def _rendered(part: str, form: Form, context: dict[str, object], zone: ZoneInfo) -> bytes:
    with timezone.override(zone):
        return render_to_string(f"transcripts/{part}.{form.value}", context).encode()


def _as_html(items: Sequence[reading.Item]) -> bytes:
    return render_to_string("transcripts/items.html", {"items": items}).encode()


def _as_text(items: Sequence[reading.Item]) -> bytes:
    return "".join(_lines(items)).encode()


def _lines(items: Sequence[reading.Item], indent: str = "") -> Iterator[str]:
    for item in items:
        if isinstance(item, reading.DayRule):
            yield f"\n=== {item.day:%A}, {item.day.day} {item.day:%B %Y} ===\n\n"
        elif isinstance(item, reading.Came):
            at = timezone.localtime(item.step.at)
            yield f"{at:%H:%M:%S}  -- {_on_a_line(item.step.person)} {item.step.action}\n"
        elif isinstance(item, reading.Tear):
            yield f"\n~~~~~ {item.state.upper()} {item.first} to {item.last} (UTC): {_on_a_line(item.reason)}"
            yield " Messages may be missing here. ~~~~~\n"
        else:
            yield from _of_entry(item, indent)


def _of_entry(entry: reading.Entry, indent: str) -> Iterator[str]:
    said = entry.said
    at = timezone.localtime(said.sent_at)
    name = _on_a_line(said.sender_name or "unknown sender")
    yield f"{indent}{at:%Y-%m-%d %H:%M:%S %Z}  {name}{' (outside)' if said.sender_is_external else ''}\n"
    for number, version in enumerate(entry.versions):
        mark = (
            ""
            if len(entry.versions) == 1
            else f"[wording {number + 1} of {len(entry.versions)}, {version.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}] "
        )
        for line in f"{mark}{inert.plain(version.text)}".split("\n"):
            yield f"{indent}    {line}\n"
    if said.destroyed is not None:
        yield f"{indent}    [destroyed under disposition {said.destroyed.disposition}: what it said is gone]\n"
    if entry.is_deleted:
        moment = said.story.deleted_at
        yield f"{indent}    [deleted {'' if moment is None else f'{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'}]\n"
    for file in said.files:
        digest = file.sha256.hex() if file.sha256 is not None else "not here"
        yield f"{indent}    [file {_on_a_line(file.name)}, SHA-256 {digest}]\n"
    for one in said.forwarded:
        yield f"{indent}    [forwarded] {inert.plain(one.text)}\n"
    for line in said.card:
        yield f"{indent}    [card] {inert.plain(line)}\n"
    for reaction in said.reactions:
        yield f"{indent}    [{inert.plain(reaction.emoji)} {_on_a_line(', '.join(reaction.people))}]\n"
    yield from _lines(entry.replies, indent + "        ")


def _on_a_line(text: str) -> str:
    """A name as it stands on a line of ours: one that could begin another does not."""
    return " ".join(inert.plain(text).split())
