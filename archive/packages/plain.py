"""A day as plain text, for the bodies of mails and the text files of load files.

Whatever people wrote is indented, so that no message can look like the head of another, like the end of the day, or like
the first line of a mail.
"""

from collections.abc import Iterator
from datetime import UTC, tzinfo

from archive.packages import stories, telling
from archive.packages.content import Day


def transcript(day: Day, *, zone: tzinfo = UTC) -> Iterator[str]:
    """The day, in pieces that end with a line feed."""
    for name, value in telling.head(day, zone=zone):
        yield f"{name}: {value}\n"
    people = stories.people(day)
    yield f"Participants ({len(people)}):\n"
    for person in people:
        about = telling.about(person)
        yield f"    {telling.named(person)}" + (f" ({about})\n" if about != "" else "\n")
    for told in telling.events(day, zone=zone):
        yield from _event(told)
    yield "\nEnd of the day.\n" if day.part == day.parts else f"\nEnd of part {day.part} of {day.parts}.\n"


def _event(told: telling.Told) -> Iterator[str]:
    state = f" [{told.state}]" if told.state != "" else ""
    yield f"\n{told.at}  {told.who}{state}\n"
    yield from _indented(told.text)
    for earlier in told.earlier:
        yield f"  Earlier wording, {earlier.at}:\n"
        yield from _indented(earlier.text)
    for note in told.notes:
        yield f"  {note}\n"


def _indented(text: str) -> Iterator[str]:
    for line in text.split("\n") if text != "" else ():
        yield f"    {line}\n"
