"""A world of any size that is computed as it is read, for benchmarks.

Every message is a function of the seed, its session and its number; nothing but names and word fragments is
held, so five million messages cost no more memory than a thousand. Arithmetic, not chance, says what is
special (see `_EVERY`), so that the truth is known without counting. Pages are spliced from encoded pieces.
"""

from bisect import bisect_left
from dataclasses import dataclass

from sandbox import identity
from sandbox.clock import MS_PER_DAY, Clock, iso
from sandbox.conversations import GROUP, ONE_TO_ONE, Channel, Session
from sandbox.files import Patterned, StoredFile
from sandbox.pages import Place
from sandbox.people import Person
from sandbox.reports import Page, Window, file_row
from sandbox.vocabulary import fragments
from sandbox.wire import encode
from sandbox.world import World

PEOPLE = 1000
PER_SESSION = 10_000
SPAN_MS = 175 * MS_PER_DAY
SETTLED_MS = 3_600_000
EDITED_AFTER_MS = 600_000
DELETED_AFTER_MS = 300_000
_MASK = (1 << 64) - 1
# what is special: number % modulus == remainder
_EVERY = {
    "edited": (250, 249),
    "deleted": (500, 488),
    "reply": (10, 3),
    "reacted": (15, 1),
    "file": (2000, 777),
}


def _mix(value: int) -> int:
    """A 64-bit number scattered evenly (the finaliser of SplitMix64)."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def _is(what: str, number: int) -> bool:
    modulus, remainder = _EVERY[what]
    return number % modulus == remainder


def _count(what: str, total: int) -> int:
    """How many of the first `total` numbers are special."""
    modulus, remainder = _EVERY[what]
    return (total - remainder - 1) // modulus + 1 if total > remainder else 0


@dataclass(slots=True, frozen=True)
class Line:
    """One session of the computed world: who speaks, how much, and where its numbers start."""

    index: int
    session: Session
    seed: int
    total: int
    step_ms: int
    voices: tuple[bytes, ...]


class Busy:
    """The report over a computed world."""

    def __init__(self, world: World, *, messages: int) -> None:
        self._world = world
        now = world.clock.now_ms()
        self._start = now - now % 1000 - SETTLED_MS - SPAN_MS
        self._words = [one.encode() for one in fragments(world.seed)]
        self._days: dict[int, bytes] = {}
        self._lines: dict[str, Line] = {}
        people = _people(world)
        self._member_ids = [one.member_id for one in people]
        self._user_ids = [one.id for one in people]
        count = max(1, messages // PER_SESSION)
        for number in range(count):
            total = messages // count + (number < messages % count)
            self._open(number, total, people)

    def sessions(self, *, start_ms: int, end_ms: int) -> list[dict[str, object]]:
        """Sessions in which something was sent between two moments."""
        rows = []
        for line in self._lines.values():
            low, high = self._range(line, start_ms, end_ms)
            if low == high:
                continue
            row: dict[str, object] = {
                "id": line.session.id,
                "name": line.session.name,
                "type": line.session.type,
                "last_message_sent_time": iso(self._moment(line, line.total - 1)),
                "has_external_member": False,
            }
            if line.session.channel_id is None:
                row["member_emails"] = [self._world.people[one].email for one in line.session.member_ids]
            else:
                row.update({"channel_id": line.session.channel_id, "status": "active"})
            rows.append(row)
        return rows

    def page(self, session_id: str, *, window: Window, place: Place, count: int) -> Page:
        """One page of a session's window; KeyError when there is no such session."""
        line = self._lines[session_id]
        low, high = self._range(line, window.start_ms, window.end_ms)
        first = low if place.is_first else max(low, place.after[1] + 1)
        messages: list[bytes] = []
        number = first
        while number < high and len(messages) < count:
            if number % 500 != 488:
                messages.append(self._record(line, number, window))
            number += 1
        while number < high and _is("deleted", number):
            number += 1
        after = None if number >= high else (self._moment(line, number - 1), number - 1)
        if window.by_modification:
            edited, deleted = self._modified(line, window) if place.is_first else ([], [])
        else:
            edited, deleted = self._changed(line, first, number, window)
        return Page(messages, edited, deleted, after)

    def file(self, file_id: str) -> StoredFile | None:
        """The file of an id; computed like everything here."""
        index, _, number = file_id.removeprefix("busy-").partition("-")
        if not (file_id.startswith("busy-") and index.isdigit() and number.isdigit()):
            return None
        lines = list(self._lines.values())
        if int(index) >= len(lines) or int(number) >= lines[int(index)].total or not _is("file", int(number)):
            return None
        line = lines[int(index)]
        return self._stored(int(index), int(number), self._moment(line, int(number)))

    def truth(self, *, start_ms: int, end_ms: int) -> dict[str, object]:
        """What a complete archive of everything sent between two moments must count."""
        found = dict.fromkeys(("sessions", "messages", "edited", "deleted", "file"), 0)
        for line in self._lines.values():
            low, high = self._range(line, start_ms, end_ms)
            found["sessions"] += low < high
            found["messages"] += high - low
            for what in ("edited", "deleted", "file"):
                found[what] += _count(what, high) - _count(what, low)
        live = found["messages"] - found["deleted"]
        revisions = {"sent": live, "edited": found["edited"], "deleted": found["deleted"]}
        return {
            "sessions": found["sessions"],
            "messages": found["messages"],
            "attachments": found["file"],
            "revisions": {**revisions, "total": sum(revisions.values())},
            "offered": {
                "messages": live,
                "edited_messages": 2 * found["edited"],
                "deleted_messages": found["deleted"],
            },
        }

    # -- how it is made ----------------------------------------------------------------------------

    def _open(self, number: int, total: int, people: list[Person]) -> None:
        seed = identity.number(self._world.seed, "busy", number)
        session_id = identity.hexadecimal(32, self._world.seed, "busy", number)
        talk = number % 3 == 2
        size = 2 if talk else 5 + seed % 20
        members = [people[(seed // 7 + one * 37) % PEOPLE] for one in range(size)]
        ids = list(dict.fromkeys(one.id for one in members))
        channel_id = None if talk else identity.hexadecimal(16, session_id)
        name = "" if talk else f"busy {number:04d}"
        session = Session(session_id, ONE_TO_ONE if talk else GROUP, name, ids, channel_id)
        self._world.sessions[session_id] = session
        if channel_id is not None:
            self._world.channels[channel_id] = Channel(
                channel_id, name, 3, ids[0], session_id, ids, created_at=self._start
            )
        self._lines[session_id] = Line(
            number, session, seed, total, max(1, SPAN_MS // max(1, total)), tuple(self._voices(session))
        )

    def _voices(self, session: Session) -> list[bytes]:
        """What every record of a speaker has in common, encoded."""
        people = [self._world.people[one] for one in session.member_ids]
        voices = []
        for person in people:
            fields: dict[str, object] = {
                "sender": person.email,
                "sender_member_id": person.member_id,
                "sender_display_name": person.display_name,
            }
            if session.channel_id is None:
                other = next((one for one in people if one is not person), person)
                fields |= {"receiver": other.email, "is_sender_external": False}
            voices.append(encode(fields)[1:-1])
        return voices

    def _moment(self, line: Line, number: int) -> int:
        jitter = _mix(line.seed + number * 0x9E3779B97F4A7C15 & _MASK) % line.step_ms
        return self._start + number * line.step_ms + jitter

    def _range(self, line: Line, start_ms: int, end_ms: int) -> tuple[int, int]:
        end_ms = min(end_ms, self._world.clock.now_ms() + 1)

        def key(number: int) -> int:
            return self._moment(line, number)

        numbers = range(line.total)
        return bisect_left(numbers, start_ms, key=key), bisect_left(numbers, end_ms, key=key)

    def _id(self, line: Line, number: int) -> bytes:
        one = _mix(line.seed ^ (number + 1) * 0xD1342543DE82EF95 & _MASK)
        return b"%08X-%04X-4%03X-8%03X-%012X" % (
            one >> 32,
            one >> 16 & 0xFFFF,
            one >> 4 & 0xFFF,
            one & 0xFFF,
            number * 0x10001 + (line.seed & 0xFFFF),
        )

    def _text(self, scattered: int, *, edited: bool = False) -> bytes:
        words = self._words
        count = len(words)
        rare = (scattered & 0xFFFF) * (scattered >> 16 & 0xFFFF) * count >> 32  # common fragments come often
        return b"%s %s %s%s case %d" % (
            words[rare],
            words[scattered >> 32 & 0xFFFF & (count - 1)],
            words[scattered >> 48 & (count - 1)],
            b" (corrected)" if edited else b"",
            scattered % 9_999_991,
        )

    def _date_time(self, moment: int) -> bytes:
        day, rest = divmod(moment, MS_PER_DAY)
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = iso(day * MS_PER_DAY)[:11].encode()
        seconds = rest // 1000
        return b"%s%02d:%02d:%02dZ" % (known, seconds // 3600, seconds // 60 % 60, seconds % 60)

    def _record(
        self, line: Line, number: int, window: Window, *, first: bool = False, at: int | None = None
    ) -> bytes:
        """A message as JSON; `first` gives an edited one's first wording, `at` the moment of a change."""
        scattered = _mix(line.seed + number * 0x9E3779B97F4A7C15 & _MASK)
        moment = self._start + number * line.step_ms + scattered % line.step_ms
        edited = not first and number % 250 == 249
        parts = [
            b'{"id":"%s","message":"%s",%s,"date_time":"%s","timestamp":%d'
            % (
                self._id(line, number),
                self._text(scattered, edited=edited),
                line.voices[scattered % len(line.voices)],
                self._date_time(moment),
                moment,
            )
        ]
        if at is not None or edited:
            parts.append(b',"action_timestamp":%d' % (moment + EDITED_AFTER_MS if at is None else at))
        if number % 10 == 3:
            main = number - 3
            parts.append(
                b',"reply_main_message_id":"%s","reply_main_message_timestamp":%d'
                % (self._id(line, main), self._moment(line, main))
            )
        if number % 15 == 1 and window.reactions and at is None:
            parts.append(self._reactions(scattered))
        if number % 2000 == 777:
            stored = self._stored(line.index, number, moment)
            parts.append(b',"files":' + encode([file_row(stored, window.link)]))
        parts.append(b"}")
        return b"".join(parts)

    def _reactions(self, scattered: int) -> bytes:
        who = (scattered % PEOPLE, scattered // 1000 % PEOPLE)
        row = {
            "emoji": "U+1F44D",
            "total_count": 2,
            "user_ids": [self._user_ids[one] for one in who],
            "member_ids": [self._member_ids[one] for one in who],
        }
        return b',"reactions":[' + encode(row) + b"]"

    def _stored(self, index: int, number: int, moment: int) -> StoredFile:
        name = f"report {number // 2000:04d}.txt"
        size = 2048 + _mix(index << 32 | number) % 30_000
        return StoredFile(f"busy-{index}-{number}", name, moment, Patterned(size, f"{index}-{number}"))

    def _changed(self, line: Line, low: int, high: int, window: Window) -> tuple[list[bytes], list[bytes]]:
        """The edits and deletions of the messages of one page."""
        edited = []
        if window.edited:
            for number in _special("edited", low, high):
                moment = self._moment(line, number)
                edited.append(self._record(line, number, window, first=True, at=moment))
                edited.append(self._record(line, number, window, at=moment + EDITED_AFTER_MS))
        deleted = []
        if window.deleted:
            for number in _special("deleted", low, high):
                at = self._moment(line, number) + DELETED_AFTER_MS
                deleted.append(self._record(line, number, window, at=at))
        return edited, deleted

    def _modified(self, line: Line, window: Window) -> tuple[list[bytes], list[bytes]]:
        """The edits and deletions that happened in the window."""
        edited = []
        low, high = self._range(line, window.start_ms - EDITED_AFTER_MS, window.end_ms - EDITED_AFTER_MS)
        for number in _special("edited", low, high) if window.edited else ():
            at = self._moment(line, number) + EDITED_AFTER_MS
            edited.append(self._record(line, number, window, at=at))
        deleted = []
        low, high = self._range(line, window.start_ms - DELETED_AFTER_MS, window.end_ms - DELETED_AFTER_MS)
        for number in _special("deleted", low, high) if window.deleted else ():
            at = self._moment(line, number) + DELETED_AFTER_MS
            deleted.append(self._record(line, number, window, at=at))
        return edited, deleted


def build(*, clock: Clock, seed: str, messages: int) -> tuple[World, Busy]:
    """A computed world of so many messages."""
    world = World(clock, seed)
    return world, Busy(world, messages=messages)


def _special(what: str, low: int, high: int) -> range:
    modulus, remainder = _EVERY[what]
    return range(low + (remainder - low) % modulus, high, modulus)


def _people(world: World) -> list[Person]:
    people = [
        world.add_person(
            Person(
                id=identity.short(world.seed, "person", number),
                email=f"person{number:04d}@busy.example",
                display_name=f"Person {number:04d}",
                member_id=identity.short(world.seed, "member", number),
            )
        )
        for number in range(PEOPLE)
    ]
    world.own_user_id = people[0].id
    return people
