"""What happened, in words a person reads, made inert: the one account that plain text and HTML are both drawn from.

Every text here is marked already: it holds nothing that turns the writing or acts on a terminal. It is not escaped for
HTML. Moments are in the zone asked for, with their distance from UTC, so that the hour that comes twice is told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from archive import inert
from archive.packages import mail, stories
from archive.packages.content import Day, File, Message, Person, Reaction, Step
from archive.transcript import wordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A wording that was replaced, and when it was written."""

    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event. A join or leave has no `text`, only what happened in `state`."""

    at: str
    who: str
    text: str
    state: str
    earlier: tuple[Earlier, ...]
    notes: tuple[str, ...]


def clock(at: datetime, *, zone: tzinfo = UTC) -> str:
    """A moment to the millisecond; at the end of the calendar, where a zone would leave it, in UTC."""
    try:
        local = at.astimezone(zone)
    except OverflowError:
        local = at.astimezone(UTC)
    shown = local.isoformat(sep=" ", timespec="milliseconds")
    return shown.removesuffix("+00:00") + "Z" if local.tzinfo is UTC else shown


def head(day: Day, *, zone: tzinfo = UTC) -> list[tuple[str, str]]:
    """What stands above a day: names and values."""
    conversation = day.conversation
    lines = [
        ("Conversation", title(day)),
        ("Kind", stories.kind(day)),
        ("Account", mail.on_one_line(conversation.account)),
        ("Session", mail.on_one_line(conversation.zoom_id)),
        ("Channel", mail.on_one_line(conversation.channel_id)),
        (
            "Day",
            f"{day.day.isoformat()} in UTC" + (f", part {day.part} of {day.parts}" if day.parts > 1 else ""),
        ),
        ("Times", "UTC" if zone is UTC else f"{zone}, with their distance from UTC"),
        ("Complete", completeness(day)),
        ("Messages", str(len(day.messages))),
    ]
    return [line for line in lines if line[1] != ""]


def title(day: Day) -> str:
    """What the conversation is called, on one line."""
    return mail.on_one_line(day.conversation.title) or f"Session {day.conversation.session_id}"


def is_whole(day: Day) -> bool:
    """Whether the archive is known to have everything that was said that day."""
    return day.state == "complete"


def completeness(day: Day) -> str:
    """Whether the archive has the day whole, and why not."""
    if is_whole(day):
        return "yes"
    why = mail.on_one_line(day.reason)
    return f"not proven ({mail.on_one_line(day.state) or 'unknown'})" + (f": {why}" if why != "" else "")


def named(person: Person) -> str:
    """Somebody's newest name, on one line."""
    return mail.on_one_line(person.display_name) or mail.on_one_line(person.email) or f"person {person.id}"


def about(person: Person) -> str:
    """What is known of somebody, besides the name: the address Zoom gave, and whether they are outside."""
    known = [mail.on_one_line(person.email)]
    known.append(
        {True: "outside the account", False: "", None: "not known whether outside"}[person.is_external]
    )
    known.append("bot" if person.is_bot else "")
    return ", ".join(each for each in known if each != "")


def events(day: Day, *, zone: tzinfo = UTC) -> Iterator[Told]:
    """The day's events in order."""
    by_id = {message.zoom_id: message for message in day.messages}
    for event in stories.events(day):
        yield _step(event, zone) if isinstance(event, Step) else _message(event, by_id, zone)


def _step(step: Step, zone: tzinfo) -> Told:
    did = "joined" if step.has_joined else "left"
    by = (
        "" if step.operator is None or step.operator.id == step.person.id else f" (by {named(step.operator)})"
    )
    return Told(
        at=clock(step.at, zone=zone), who=named(step.person), text="", state=did + by, earlier=(), notes=()
    )


def _message(message: Message, by_id: dict[str, Message], zone: tzinfo) -> Told:
    story = stories.of(message)
    *replaced, _ = story.wordings
    return Told(
        at=clock(message.sent_at, zone=zone),
        who=_speaker(message),
        text=inert.plain(stories.words(story)),
        state=_state(story, zone),
        earlier=tuple(Earlier(at=_written(w, zone), text=inert.plain(w.text)) for w in replaced),
        notes=tuple(_notes(message, story, by_id, zone)),
    )


def _speaker(message: Message) -> str:
    person = stories.speaker(message)
    then = mail.on_one_line(message.sender_name)
    known = named(person)
    return known if then in ("", known) else f"{then} (now {known})"


def _state(story: wordings.Story, zone: tzinfo) -> str:
    if story.state == wordings.State.DELETED:
        return "deleted" + ("" if story.deleted_at is None else f" {clock(story.deleted_at, zone=zone)}")
    if story.state == wordings.State.EDITED:
        return "edited" + ("" if story.edited_at is None else f" {clock(story.edited_at, zone=zone)}")
    return "destroyed" if story.state == wordings.State.DESTROYED else ""


def _written(wording: wordings.Wording, zone: tzinfo) -> str:
    return clock(wording.at, zone=zone) if wording.at_is_known else f"by {clock(wording.at, zone=zone)}"


def _notes(message: Message, story: wordings.Story, by_id: dict[str, Message], zone: tzinfo) -> Iterator[str]:
    if message.sent_at_is_doubtful:
        yield "Zoom's time of this message was unusable: the one shown is that of the period it was listed in."
    if not story.original_is_held:
        yield "It was edited before it was captured, and Zoom did not give its first wording."
    if message.reply_to_zoom_id != "":
        yield f"Reply to {_replied(message.reply_to_zoom_id, by_id, zone)}"
    for forward in message.forwards:
        yield f"Forwards: {mail.on_one_line(forward)}"
    for reaction in message.reactions:
        yield f"Reaction: {reacted(reaction)}"
    for file in message.files:
        yield f"File: {filed(file)}"
    leaves = ", ".join(str(version.leaf) for version in message.versions)
    yield f"Message {mail.on_one_line(message.zoom_id)}" + (f", log leaf {leaves}" if leaves != "" else "")


def _replied(zoom_id: str, by_id: dict[str, Message], zone: tzinfo) -> str:
    parent = by_id.get(zoom_id)
    if parent is None:
        return f"message {mail.on_one_line(zoom_id)}"
    return f"{_speaker(parent)}, {clock(parent.sent_at, zone=zone)}"


def reacted(reaction: Reaction) -> str:
    """A reaction with how many chose it, where Zoom said so, and of whom that is known."""
    people = ", ".join(mail.on_one_line(person) for person in reaction.people)
    shown = mail.on_one_line(reaction.emoji) or "unknown"
    if reaction.count is not None:
        shown += f" × {reaction.count}"
    return shown + (f" ({people})" if people != "" else "")


def filed(file: File) -> str:
    """A file's name, size, digest and place, or why it is not there."""
    name = mail.on_one_line(file.name) or "(without a name)"
    size = "size unknown" if file.size_bytes is None else f"{file.size_bytes} bytes"
    if file.sha256 is None:
        return f"{name} ({size}), not in the archive: {mail.on_one_line(file.reason) or 'the reason is not known'}"
    return f"{name} ({size}), SHA-256 {file.sha256.hex()}, {file.path or 'not in this package'}"
