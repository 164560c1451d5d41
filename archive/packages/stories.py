"""A day as it happened: messages, joins and leaves in one order, what each message said over time, and who is who.

The formats that show a conversation tell it alike, and from the same account of a message as the console's pages do
(`archive.transcript.wordings`): its wordings once each, in the order they were written, and how it stands.
"""

import hashlib
import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, time

from archive.packages.content import Day, Message, Person, Step
from archive.transcript import wordings

NOBODY = Person(id=0, display_name="unknown")
DESTROYED = "Destroyed under a disposition: nothing it said is left."


def of(message: Message) -> wordings.Story:
    """What the message said over time; every revision counts, equal wordings are one."""
    seen = [
        wordings.Seen(
            revision_id=version.revision_id,
            kind=version.kind,
            text=version.text,
            sender_name=version.sender_name,
            action_at=version.at if version.at_is_known else None,
            stored_at=version.stored_at,
            oddities=(),
        )
        for version in message.versions
    ]
    return wordings.story(seen, sent_at=message.sent_at)


def words(story: wordings.Story) -> str:
    """What the message says now, or said last; of a destroyed one, that it is."""
    return DESTROYED if story.state == wordings.State.DESTROYED else story.wordings[-1].text


def events(day: Day) -> Iterator[Message | Step]:
    """What happened, in order of time; of one moment, the join or leave first."""
    messages = sorted(day.messages, key=lambda message: message.sent_at)
    steps = sorted(day.steps, key=lambda step: step.at)
    return heapq.merge(steps, messages, key=moment)


def steps_among(day: Day, start: int, some: tuple[Message, ...]) -> list[Step]:
    """The joins and leaves of a part of a day that begins at message `start`: up to its last, after the part before it."""
    begin = day.messages[start - 1].sent_at if start > 0 else None
    is_last = start + len(some) >= len(day.messages)
    until = None if is_last else some[-1].sent_at
    return [
        step
        for step in day.steps
        if (begin is None or step.at > begin) and (until is None or step.at <= until)
    ]


def moment(event: Message | Step) -> datetime:
    """When it was sent, or when somebody joined or left."""
    return event.at if isinstance(event, Step) else event.sent_at


def begins_at(day: Day) -> datetime:
    """The first moment of what happened, or of the day when nothing did."""
    return min(_moments(day), default=midnight(day))


def ends_at(day: Day) -> datetime:
    """The last moment of what happened, or the first of the day when nothing did."""
    return max(_moments(day), default=midnight(day))


def midnight(day: Day) -> datetime:
    """The first moment of the day, in UTC."""
    return datetime.combine(day.day, time(), tzinfo=UTC)


def speaker(message: Message) -> Person:
    """Who said it; of whom only a name is known, somebody with that name and a number below zero made from it."""
    if message.sender is not None:
        return message.sender
    if message.sender_name == "":
        return NOBODY
    digest = hashlib.sha256(message.sender_name.encode("utf-8", "surrogatepass")).digest()
    return Person(id=-int.from_bytes(digest[:6], "big") - 1, display_name=message.sender_name)


def people(day: Day) -> list[Person]:
    """Everybody the day names, once each: participants, speakers, who joined or left, and by whose hand."""
    found = {person.id: person for person in day.participants}
    for message in day.messages:
        person = speaker(message)
        found.setdefault(person.id, person)
    for step in day.steps:
        for other in (step.person, step.operator):
            if other is not None:
                found.setdefault(other.id, other)
    return [found[key] for key in sorted(found)]


def is_channel(day: Day) -> bool:
    """Whether its members can change; a group without a channel can only when somebody was seen to come or go."""
    return day.conversation.type != "1:1" and (day.conversation.channel_id != "" or len(day.steps) > 0)


def kind(day: Day) -> str:
    """What sort of conversation it is, in words."""
    if day.conversation.type == "1:1":
        return "1:1"
    return (
        "channel"
        if day.conversation.channel_id != ""
        else "group"
        if day.conversation.type != ""
        else "unknown"
    )


def first_speaker(day: Day) -> Person | None:
    """Whom the day counts as coming from: who spoke first, else the first participant."""
    first = min(day.messages, key=lambda message: message.sent_at, default=None)
    if first is not None:
        return speaker(first)
    return min(day.participants, key=lambda person: person.id, default=None)


def collection(day: Day) -> str:
    """An id that all days of one conversation share, the same in every export."""
    named = f"{day.conversation.account}\0{day.conversation.zoom_id}"
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _moments(day: Day) -> list[datetime]:
    return [*(message.sent_at for message in day.messages), *(step.at for step in day.steps)]
