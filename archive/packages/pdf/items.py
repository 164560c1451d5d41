"""The entries of a stretch of a conversation as the values that `transcript.typ` prints, in order."""

from collections.abc import Sequence
from datetime import date, tzinfo

from archive.packages import entries, telling
from archive.packages.content import Day, Message, Step
from archive.packages.entries import TEARS, Entry, NewDay, Wording
from archive.packages.html import words
from archive.packages.pdf import values
from archive.packages.pdf.values import Value


def of(
    messages: Sequence[Message], steps: Sequence[Step], *, zone: tzinfo, today: date | None
) -> tuple[list[Value], date | None]:
    """What is printed, and the day the last of it is of; `today` has its heading already."""
    found: list[Value] = []
    for item in entries.items(messages, steps, zone=zone):
        if isinstance(item, NewDay):
            if item.day != today:
                found.append({"kind": "day", "text": words.long_day(item.day)})
            today = item.day
        elif isinstance(item, Step):
            found.append({"kind": "step", "said": values.line(_step(item, zone))})
        else:
            found.append(_message(item, zone, 0))
            found += [_message(reply, zone, 1) for reply in item.replies]
    return found, today


def tear(day: Day) -> Value:
    """A day that is not proven complete."""
    named = TEARS.get(day.state, "Gap")
    said = f"{named}: {words.day(day.day)} (UTC). {day.reason} Messages may be missing here."
    return {"kind": "tear", "said": values.line(said)}


def _step(step: Step, zone: tzinfo) -> str:
    did = "joined" if step.has_joined else "left"
    by = ""
    if step.operator is not None and step.operator.id != step.person.id:
        by = f", {'added' if step.has_joined else 'removed'} by {telling.named(step.operator)}"
    return f"{entries.here(step.at, zone):%H:%M} {telling.named(step.person)} {did}{by}"


def _message(entry: Entry, zone: tzinfo, depth: int) -> Value:
    said = entry.message
    about = [f"{entries.here(said.sent_at, zone):%H:%M:%S}"]
    if said.sender is not None and said.sender.is_external:
        about.append("from outside")
    if said.sender is not None and said.sender.is_bot:
        about.append("bot")
    if said.sent_at_is_doubtful:
        about.append("time doubtful")
    leaves = ", ".join(str(version.leaf) for version in said.versions)
    before = []
    if said.reply_to_zoom_id != "" and not entry.has_main:
        before.append(values.line(f"reply to message {said.reply_to_zoom_id}"))
    return {
        "kind": "message",
        "depth": depth,
        "gone": said.is_deleted,
        "who": values.line(said.sender_name.strip() or "unknown sender"),
        "about": " · ".join(about),
        "leaf": f"leaf {leaves}" if leaves != "" else "",
        "before": before,
        "said": [_runs(wording) for wording in _printed(entry)],
        "after": [values.line(one) for one in _after(entry, zone)],
    }


def _printed(entry: Entry) -> Sequence[Wording]:
    """Every wording when there are more than two, else the last with what it changed."""
    if entry.is_destroyed or (len(entry.wordings) == 1 and entry.wordings[0].text == ""):
        return ()
    return entry.wordings if len(entry.wordings) > 2 else entry.wordings[-1:]


def _runs(wording: Wording) -> list[Value]:
    if len(wording.changes) == 0:
        return [{"kind": "same", **values.line(wording.text)}]
    return [{"kind": change.kind.value, **values.line(change.text)} for change in wording.changes]


def _after(entry: Entry, zone: tzinfo) -> list[str]:
    said, story = entry.message, entry.story
    lines: list[str] = []
    if entry.is_destroyed:
        lines.append("✕ destroyed under a disposition: nothing it said is left")
    if entry.is_edited:
        how = f"{len(entry.wordings)} wordings, the last written" if len(entry.wordings) > 2 else "edited"
        at = (
            "at a time Zoom did not give"
            if story.edited_at is None
            else telling.clock(story.edited_at, zone=zone)
        )
        lost = "" if story.original_is_held else "; the first wording was gone before capture"
        lines.append(f"{how} {at}{lost}")
    if said.is_deleted:
        at = (
            "at a time Zoom did not give"
            if story.deleted_at is None
            else telling.clock(story.deleted_at, zone=zone)
        )
        lines.append(f"✕ deleted {at}; Zoom does not say by whom")
    lines += [f"forwards: {forward}" for forward in said.forwards]
    lines += [f"file {telling.filed(file)}" for file in said.files]
    lines += [f"reaction {telling.reacted(reaction)}" for reaction in said.reactions]
    return lines
