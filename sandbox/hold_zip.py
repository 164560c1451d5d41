"""The zips of a legal hold: one for each custodian and month, a CSV of what they wrote and their files.

The service documents no more than that, so neither names nor columns here are anyone's promise. A zip is
built once, when it is first listed after its month is over or its matter's last day has passed, and its
bytes stay the same afterwards. The current month's is listed as not ready, and so is every zip for the first
`READY_AFTER_MS` of its matter's life. A hold placed on its own last day waits for nothing more.
"""

import base64
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date

from sandbox.clock import day_end_ms, day_start_ms, iso, moment, months_after
from sandbox.conversations import Message
from sandbox.files import Held
from sandbox.matters import Matter, Part
from sandbox.people import Person
from sandbox.world import World

READY_AFTER_MS = 20_000
_EPOCH = (2024, 1, 1, 0, 0, 0)
_COLUMNS = ("date_time", "session_id", "message_id", "sender", "message", "edited", "deleted", "files")


def parts(world: World, *, matter: Matter, person: Person) -> list[Part]:
    """The zips of a custodian up to the present, oldest first."""
    made = [_part(world, matter, person, first, last) for first, last in _spans(world, matter)]
    return made + matter.planted.get(person.id, [])


def part(world: World, *, matter: Matter, file_key: str) -> Part | None:
    """The zip of a key; None when this matter has none such."""
    planted = (one for parts in matter.planted.values() for one in parts if one.file_key == file_key)
    if (found := next(planted, None)) is not None:
        return found
    for person in (world.people[one] for one in matter.person_ids):
        for first, last in _spans(world, matter):
            if _key(matter, person, first) == file_key:
                return _part(world, matter, person, first, last)
    return None


def day_of(ms: int) -> date:
    """The UTC day of a moment."""
    return moment(ms).date()


def _spans(world: World, matter: Matter) -> Iterator[tuple[date, date]]:
    """The months of a matter up to the present."""
    today = world.clock.today()
    return _months(matter.start, today if matter.end is None else min(matter.end, today))


def _key(matter: Matter, person: Person, first: date) -> str:
    text = f"{matter.id}|{person.email}|{first.isoformat()}"
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        following = months_after(first.replace(day=1), months=1)
        yield first, min(last, date.fromordinal(following.toordinal() - 1))
        first = following


def _part(world: World, matter: Matter, person: Person, first: date, last: date) -> Part:
    key = _key(matter, person, first)
    now = world.clock.now_ms()
    known = matter.parts.get(key)
    if known is None or not known.ready:
        over = now >= day_end_ms(last) or (last == matter.end and day_of(matter.created_at) >= last)
        ready = over and now >= matter.created_at + READY_AFTER_MS
        data, count = _zip(world, person, day_start_ms(first), day_end_ms(last))
        name = f"{first.isoformat()}_{last.isoformat()}.zip"
        known = matter.parts[key] = Part(key, name, first, last, ready, count, Held(data))
    return known


def _zip(world: World, person: Person, start_ms: int, end_ms: int) -> tuple[bytes, int]:
    messages = [
        message
        for session in world.sessions.values()
        for message in session.sent(after=(start_ms, -1), before_ms=end_ms)
        if message.sender_id == person.id
    ]
    messages.sort(key=lambda one: one.position)
    stored = {one: world.files[one] for message in messages for one in message.file_ids if one in world.files}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("chat_messages.csv"), _csv(world, messages, end_ms))
        for file_id, one in stored.items():
            name = one.name.encode("utf-8", "replace").decode().replace("/", "_").replace("\x00", "_")
            content = b"".join(one.content.chunks(0, one.content.size))
            archive.writestr(_entry(f"files/{file_id}_{name}"), content)
    return whole.getvalue(), len(stored) + 1


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, date_time=_EPOCH)


def _csv(world: World, messages: list[Message], end_ms: int) -> bytes:
    """The messages as they stood when their month was over, whenever the zip is made."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_COLUMNS)
    for message in messages:
        wordings = [one for one in message.versions if one.at_ms < end_ms]
        names = [world.files[one].name for one in message.file_ids if one in world.files]
        rows.writerow(
            (
                iso(message.timestamp),
                message.session_id,
                message.id,
                world.people[message.sender_id].email,
                wordings[-1].text,
                len(wordings) > 1,
                message.deleted_at is not None and message.deleted_at < end_ms,
                "; ".join(names),
            )
        )
    return text.getvalue().encode("utf-8", "replace")
