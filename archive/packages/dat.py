"""Concordance DAT: a load file with a row for each message and each file, as review platforms import.

Fields are parted by U+0014, quoted by U+00FE (þ) and broken by U+00AE (®), in UTF-8 with a byte order mark; the first row
names them. Readers do not agree about a quote inside a field, so there is none: where a text has one of the three
characters itself, it stands as its code point, [U+00FE], like whatever else acts in a text. The words as they were are in
the text file of the day (`TEXTPATH`) and, byte for byte, in the records.

A message and its files are a family: `BEGATTACH` to `ENDATTACH`. Control numbers are made of the archive's number of the
message and the place of the file on it, so that a message has the same one in every export.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

from archive import inert
from archive.packages import mail, names, plain, rsmf_manifest, stories, telling
from archive.packages.content import Day, File, Message, Person, Request, Sink
from archive.transcript import wordings

FIELD, QUOTE, BREAK = "\x14", "\u00fe", "\u00ae"
COLUMNS = (
    "DOCID",
    "BEGBATES",
    "ENDBATES",
    "BEGATTACH",
    "ENDATTACH",
    "PARENTID",
    "RECORDTYPE",
    "FROM",
    "TO",
    "PARTICIPANTCOUNT",
    "CONVERSATION",
    "CONVERSATIONTYPE",
    "CONVERSATIONID",
    "SUBJECT",
    "DATESENT",
    "TIMESENT",
    "DATETIMESENT",
    "DATEISDOUBTFUL",
    "STATE",
    "DATEEDITED",
    "DATEDELETED",
    "EARLIERWORDINGS",
    "REPLYTO",
    "REACTIONS",
    "ATTACHCOUNT",
    "FILENAME",
    "FILEEXT",
    "FILESIZE",
    "MEDIATYPE",
    "FILEMISSING",
    "SHA256",
    "LOGLEAF",
    "ACCOUNT",
    "SESSIONID",
    "CHANNELID",
    "MESSAGEID",
    "DAYISCOMPLETE",
    "NATIVEPATH",
    "TEXTPATH",
    "TEXT",
)
MOST_NAMED = 50
"""People named in TO; of more, their number and the conversation's name. All are in the text file."""
_OWN = re.compile(f"[{FIELD}{QUOTE}{BREAK}]")
Row = dict[str, str]


class Writer:
    """`data/dat/loadfile.dat`, begun with the first day and ended with the last, and a text file for each day."""

    def __init__(self, _request: Request) -> None:
        self._open = ExitStack()
        self._file: BinaryIO | None = None

    def day(self, day: Day, into: Sink) -> None:
        file = self._loadfile(into)
        text_path = f"data/dat/text/{names.folder(day.conversation)}/{names.of_day(day)}.txt"
        with into.file(text_path) as text:
            for piece in mail.in_pieces(plain.transcript(day)):
                text.write(piece)
        people = stories.people(day)
        shared = _of_day(day, text_path) | {"PARTICIPANTCOUNT": str(len(people))}
        by_id = {message.zoom_id: message for message in day.messages}
        for event in stories.events(day):
            if isinstance(event, Message):
                for row in _family(event, shared, by_id, people):
                    file.write(line([row.get(column, "") for column in COLUMNS]))

    def end(self, into: Sink) -> None:
        self._loadfile(into)
        self._open.close()

    def _loadfile(self, into: Sink) -> BinaryIO:
        if self._file is None:
            self._file = self._open.enter_context(into.file("data/dat/loadfile.dat"))
            self._file.write(b"\xef\xbb\xbf" + line(COLUMNS))
        return self._file


def line(values: tuple[str, ...] | list[str]) -> bytes:
    """One row: every field quoted, none with a delimiter inside."""
    return (FIELD.join(f"{QUOTE}{cell(value)}{QUOTE}" for value in values) + "\r\n").encode()


def cell(value: str) -> str:
    """A stranger's words in one field."""
    if value.isascii() and value.isprintable():
        return value
    shown = _OWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", inert.plain(value.replace("\r\n", "\n")))
    return shown.replace("\n", BREAK)


def control_number(message: Message, place: int = 0) -> str:
    """Of the message, or of the file at that place on it, counted from one."""
    return f"HF{message.id:012d}" + (f".{place:04d}" if place > 0 else "")


def _of_day(day: Day, text_path: str) -> Row:
    known = day.conversation
    return {
        "CONVERSATION": telling.title(day),
        "CONVERSATIONTYPE": stories.kind(day),
        "CONVERSATIONID": stories.collection(day),
        "SUBJECT": f"{telling.title(day)}, {day.day.isoformat()}",
        "ACCOUNT": known.account,
        "SESSIONID": known.zoom_id,
        "CHANNELID": known.channel_id,
        "DAYISCOMPLETE": telling.completeness(day),
        "TEXTPATH": text_path,
    }


def _family(message: Message, shared: Row, by_id: dict[str, Message], people: list[Person]) -> Iterator[Row]:
    story = stories.of(message)
    sender = stories.speaker(message)
    first, last = control_number(message), control_number(message, len(message.files))
    at = rsmf_manifest.moment(message.sent_at)
    family = shared | {
        "BEGATTACH": first,
        "ENDATTACH": last,
        "FROM": _person(sender),
        "TO": _others(people, sender, shared["CONVERSATION"]),
        "DATESENT": at[:10],
        "TIMESENT": at[11:19],
        "DATETIMESENT": at,
        "DATEISDOUBTFUL": "Y" if message.sent_at_is_doubtful else "N",
        "MESSAGEID": message.zoom_id,
    }
    yield family | _numbered(first) | _of_message(message, story, by_id)
    for place, file in enumerate(message.files, start=1):
        yield family | _numbered(control_number(message, place)) | {"PARENTID": first} | _of_file(file)


def _numbered(number: str) -> Row:
    return {"DOCID": number, "BEGBATES": number, "ENDBATES": number}


def _of_message(message: Message, story: wordings.Story, by_id: dict[str, Message]) -> Row:
    parent = by_id.get(message.reply_to_zoom_id)
    reply = message.reply_to_zoom_id if parent is None else control_number(parent)
    earlier = (f"{telling.clock(w.at)} {w.text}" for w in story.wordings[:-1])
    newest = message.versions[-1] if len(message.versions) > 0 else None
    return {
        "RECORDTYPE": "Message",
        "STATE": str(story.state),
        "DATEEDITED": "" if story.edited_at is None else rsmf_manifest.moment(story.edited_at),
        "DATEDELETED": "" if story.deleted_at is None else rsmf_manifest.moment(story.deleted_at),
        "EARLIERWORDINGS": "\n".join(earlier),
        "REPLYTO": reply,
        "REACTIONS": "; ".join(telling.reacted(reaction) for reaction in message.reactions),
        "ATTACHCOUNT": str(len(message.files)),
        "SHA256": "" if newest is None else newest.raw_sha256.hex(),
        "LOGLEAF": "; ".join(str(version.leaf) for version in message.versions),
        "TEXT": "\n".join([stories.words(story), *(f"Forwards: {each}" for each in message.forwards)]),
    }


def _of_file(file: File) -> Row:
    missing = file.reason or "the reason is not known"
    return {
        "RECORDTYPE": "File",
        "FILENAME": mail.on_one_line(file.name),
        "FILEEXT": names.ending(file.name).removeprefix("."),
        "FILESIZE": "" if file.size_bytes is None else str(file.size_bytes),
        "MEDIATYPE": file.media_type,
        "FILEMISSING": missing if file.sha256 is None else "",
        "SHA256": "" if file.sha256 is None else file.sha256.hex(),
        "NATIVEPATH": file.path or "",
        "TEXTPATH": "",
    }


def _others(people: list[Person], sender: Person, title: str) -> str:
    count = sum(person.id != sender.id for person in people)
    if count > MOST_NAMED:
        return f"{title} ({count} others)"
    return "; ".join(_person(person) for person in people if person.id != sender.id)


def _person(person: Person) -> str:
    email = mail.on_one_line(person.email)
    return telling.named(person) + (f" <{email}>" if email != "" else "")
