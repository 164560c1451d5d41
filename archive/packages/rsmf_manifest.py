"""The manifest of an RSMF file: `rsmf_manifest.json` after version 2.0.0 of Relativity's schema, as values for JSON.

Beyond the schema it keeps what readers stumble over: every id that is named is there, event ids are unique, a reply names
only an event before it in the same file, no custom value is empty, every moment ends in Z, events are in order. Ids are the
archive's numbers, so that no id of Zoom's, however it looks, can break a reference; Zoom's own are custom values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive import inert
from archive.packages import mail, stories, telling
from archive.packages.content import Day, Message, Person, Reaction, Step
from archive.packages.enclosures import Enclosure
from archive.transcript import wordings

VERSION = "2.0.0"
PLATFORM = "zoom"
_LONGEST_REACTION = 30
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The manifest's values, and what the mail around it says of them."""

    body: Json
    people: tuple[Person, ...]
    begins_at: str
    ends_at: str

    @property
    def events(self) -> list[Json]:
        found: list[Json] = self.body["events"]
        return found

    @property
    def attachments(self) -> int:
        return sum(len(event.get("attachments", ())) for event in self.events)


def of(day: Day, *, enclosed: Mapping[int, Enclosure]) -> Manifest:
    """The manifest of a day or of a slice of one; `enclosed` are its files by number."""
    people = tuple(stories.people(day))
    conversation = f"C{day.conversation.session_id}"
    events = [*_disclaimers(day), *_events(day, people, enclosed)]
    for event in events:
        event["conversation"] = conversation
    body = {
        "version": VERSION,
        "eventcollectionid": stories.collection(day),
        "participants": [_participant(person) for person in people],
        "conversations": [_conversation(day, conversation)],
        "events": events,
    }
    return Manifest(
        body=body,
        people=people,
        begins_at=moment(stories.begins_at(day)),
        ends_at=moment(stories.ends_at(day)),
    )


def room(day: Day, most_events: int) -> int:
    """How many messages, joins and leaves of this day one file may have beside its disclaimer."""
    return most_events - len(_disclaimers(day))


def moment(at: datetime) -> str:
    """ISO 8601 to the millisecond, in UTC and with its Z: readers refuse or move a time without a zone."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _disclaimers(day: Day) -> list[Json]:
    if telling.is_whole(day):
        return []
    body = f"That the archive has everything said on this day is {telling.completeness(day)}."
    return [{"id": "D1", "type": "disclaimer", "timestamp": moment(stories.begins_at(day)), "body": body}]


def _participant(person: Person) -> Json:
    found: Json = {"id": _id(person), "display": telling.named(person)}
    if mail.has_address(person):
        found["email"] = person.email
    if person.member_id != "" or person.user_id != "":
        found["account_id"] = mail.on_one_line(person.member_id or person.user_id)
    outside = {True: "yes", False: "no", None: "unknown"}[person.is_external]
    address = "" if mail.has_address(person) else person.email
    custom = _custom(
        ("zoom.user_id", person.user_id),
        ("zoom.email", address),
        ("zoom.is_external", outside),
        ("zoom.is_bot", "yes" if person.is_bot else ""),
    )
    return found | {"custom": custom}


def _conversation(day: Day, conversation_id: str) -> Json:
    """With the participants at the earliest event, as the schema asks: not those who join later."""
    first_steps: dict[int, Step] = {}
    for step in sorted(day.steps, key=lambda one: one.at):
        first_steps.setdefault(step.person.id, step)
    coming = {key for key, step in first_steps.items() if step.has_joined}
    is_channel = stories.is_channel(day)
    present = [p for p in day.participants if p.id not in coming] if is_channel else stories.people(day)
    known = day.conversation
    outside = {True: "yes", False: "no", None: "unknown"}[known.has_external_member]
    custom = _custom(
        ("zoom.session_id", known.zoom_id),
        ("zoom.session_type", known.type),
        ("zoom.channel_id", known.channel_id),
        ("zoom.account", known.account),
        ("zoom.has_external_member", outside),
        ("holdfast.day", f"{day.day.isoformat()} UTC"),
        ("holdfast.part", f"{day.part} of {day.parts}"),
        ("holdfast.day_is_complete", telling.completeness(day)),
    )
    return {
        "id": conversation_id,
        "display": telling.title(day),
        "platform": PLATFORM,
        "type": "channel" if is_channel else "direct",
        "participants": [_id(person) for person in present],
        "custom": custom,
    }


def _events(day: Day, people: tuple[Person, ...], enclosed: Mapping[int, Enclosure]) -> Iterator[Json]:
    before: dict[str, str] = {}
    by_name = _by_name(people)
    steps = 0
    for event in stories.events(day):
        if isinstance(event, Step):
            steps += 1
            yield _step(event, f"S{steps}")
            continue
        found = _message(event, by_name, enclosed)
        parent = before.get(event.reply_to_zoom_id)
        if event.reply_to_zoom_id != "" and parent is not None:
            found["parent"] = parent
        before.setdefault(event.zoom_id, found["id"])
        yield found


def _step(step: Step, event_id: str) -> Json:
    operator = "" if step.operator is None else telling.named(step.operator)
    return {
        "id": event_id,
        "type": "join" if step.has_joined else "leave",
        "timestamp": moment(step.at),
        "participant": _id(step.person),
        "custom": _custom(("zoom.operator", operator)),
    }


def _message(message: Message, by_name: Mapping[str, str], enclosed: Mapping[int, Enclosure]) -> Json:
    story = stories.of(message)
    speaker = stories.speaker(message)
    found: Json = {
        "id": f"M{message.id}",
        "type": "message",
        "timestamp": moment(message.sent_at),
        "participant": _id(speaker),
        "body": inert.plain(stories.words(story)),
        "custom": _of_message(message, story, speaker),
    }
    if story.state in (wordings.State.DELETED, wordings.State.DESTROYED):
        found["deleted"] = True
    if len(story.wordings) > 1:
        found["edits"] = _edits(story, _id(speaker))
    if len(message.reactions) > 0:
        found["reactions"] = [_reaction(reaction, by_name) for reaction in message.reactions]
    if len(message.files) > 0:
        found["attachments"] = [_attachment(enclosed[file.attachment_id]) for file in message.files]
    return found


def _edits(story: wordings.Story, participant: str) -> list[Json]:
    """Each change of words; without a moment where Zoom gave none, never with a guessed one."""
    edits = []
    for before, after in zip(story.wordings, story.wordings[1:], strict=False):
        edit = {
            "participant": participant,
            "previous": inert.plain(before.text),
            "new": inert.plain(after.text),
        }
        if after.at_is_known:
            edit["timestamp"] = moment(after.at)
        edits.append(edit)
    return edits


def _reaction(reaction: Reaction, by_name: Mapping[str, str]) -> Json:
    """Of the people, those whose name is one participant's alone; all names are among the custom values."""
    value = mail.on_one_line(reaction.emoji) or "unknown"
    cut = value if len(value) <= _LONGEST_REACTION else value[: _LONGEST_REACTION - 1] + "…"
    people = [by_name[name] for name in reaction.people if name in by_name]
    found: Json = {"value": cut}
    if reaction.count is not None:  # the schema asks for none, and an invented one would be taken for Zoom's
        found["count"] = reaction.count
    return found | ({"participants": people} if len(people) > 0 else {})


def _attachment(enclosure: Enclosure) -> Json:
    return {"id": enclosure.stored_as, "display": enclosure.shown, "size": enclosure.size}


def _of_message(message: Message, story: wordings.Story, speaker: Person) -> list[Json]:
    files = ", ".join(file.sha256.hex() for file in message.files if file.sha256 is not None)
    then = mail.on_one_line(message.sender_name)
    return _custom(
        ("zoom.message_id", message.zoom_id),
        ("holdfast.leaf", ", ".join(str(version.leaf) for version in message.versions)),
        (
            "holdfast.sha256",
            ", ".join(version.raw_sha256.hex() for version in message.versions),
        ),
        ("holdfast.files_sha256", files),
        ("zoom.sender_name", "" if then == telling.named(speaker) else then),
        ("zoom.reply_to_message_id", message.reply_to_zoom_id),
        ("zoom.deleted_at", "" if story.deleted_at is None else moment(story.deleted_at)),
        ("zoom.forwards", " | ".join(message.forwards)),
        ("zoom.reactions", " | ".join(telling.reacted(reaction) for reaction in message.reactions)),
        ("holdfast.sent_at_is_doubtful", "yes" if message.sent_at_is_doubtful else ""),
        ("holdfast.first_wording_is_missing", "" if story.original_is_held else "yes"),
    )


def _custom(*pairs: tuple[str, str]) -> list[Json]:
    """Names with values, those without left out: the schema refuses an empty value."""
    shown = [(name, mail.on_one_line(value)) for name, value in pairs]
    return [{"name": name, "value": value} for name, value in shown if value != ""]


def _by_name(people: tuple[Person, ...]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for person in people:
        found.setdefault(person.display_name, []).append(_id(person))
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1 and name != ""}


def _id(person: Person) -> str:
    return f"P{person.id}" if person.id >= 0 else f"N{-person.id}"
