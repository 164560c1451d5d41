"""A part of a day cut once more where a file may not hold it: by events, by words, by files.

Members who came or went in an earlier slice are taken into account in the later ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.packages import stories
from archive.packages.content import MOST_EVENTS, Day, Message, Person, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """What one file may hold."""

    events: int = MOST_EVENTS
    characters: int = 8_000_000
    files: int = 50_000


def of(day: Day, *, most: Most) -> Iterator[Day]:
    """The day itself when it fits, else its slices in order; every event is in exactly one."""
    members = {person.id: person for person in day.participants}
    held: list[Message | Step] = []
    characters = files = 0
    for event in stories.events(day):
        longer, more = _weight(event)
        is_full = (
            len(held) == most.events or characters + longer > most.characters or files + more > most.files
        )
        if len(held) > 0 and is_full:
            yield _slice(day, held, members)
            members = _after(held, members)
            held, characters, files = [], 0, 0
        held.append(event)
        characters, files = characters + longer, files + more
    yield _slice(day, held, members)


def _weight(event: Message | Step) -> tuple[int, int]:
    if isinstance(event, Step):
        return 0, 0
    return sum(len(version.text) for version in event.versions), len(event.files)


def _slice(day: Day, events: list[Message | Step], members: dict[int, Person]) -> Day:
    return replace(
        day,
        participants=tuple(members.values()),
        messages=tuple(event for event in events if isinstance(event, Message)),
        steps=tuple(event for event in events if isinstance(event, Step)),
    )


def _after(events: list[Message | Step], members: dict[int, Person]) -> dict[int, Person]:
    after = dict(members)
    for event in events:
        if isinstance(event, Step) and event.has_joined:
            after.setdefault(event.person.id, event.person)
        elif isinstance(event, Step):
            after.pop(event.person.id, None)
    return after
