"""The chat logs of legal-hold zips: tables of messages, read row by row.

Zoom documents no more than that they are CSV, so neither names nor columns are believed beforehand: a table whose first
row names a column of message ids is a chat log, and a session is taken from its row where a column names it. What is
no such table is read like any other file, and its messages stay uncounted.
"""

import codecs
import csv
import io
from typing import BinaryIO

from archive.extraction.gathered import Exhausted, Gathered, Unreadable
from archive.extraction.outcomes import Reason

MOST_IDS = 250_000
"""More ids are counted, but not kept to be compared."""
_FIELD_CHARACTERS = 1 << 20
_MESSAGE = frozenset({"message_id", "messageid", "msg_id", "message id"})
_SESSION = frozenset({"session_id", "sessionid", "session id", "channel_id", "chat_id"})


def is_one(name: str, head: bytes) -> bool:
    """Whether an entry of this name that begins like this is a chat log."""
    if not name.lower().endswith((".csv", ".tsv", ".txt")):
        return False
    first = head.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0].decode("utf-8", "replace")
    try:
        return _columns(next(iter(csv.reader([first])), []))[0] is not None
    except csv.Error:
        return False


def read(stream: BinaryIO, into: Gathered) -> tuple[int, list[list[str]]]:
    """How many messages a chat log has, and the session and id of each; none when there are too many to keep.

    The text of every row is gathered, as far as the limit of one file goes; the rows are counted to the end.
    """
    csv.field_size_limit(_FIELD_CHARACTERS)
    count, ids, has_room = 0, list[list[str]](), True
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    rows = csv.reader(text)
    try:
        message, session = _columns(next(rows, []))
        for row in rows:
            if len(row) == 0 or message is None or message >= len(row):
                continue
            count += 1
            if count <= MOST_IDS:
                where = row[session] if session is not None and session < len(row) else ""
                ids.append([where[:255], row[message][:255]])
            has_room = has_room and _write(into, row)
    except csv.Error as error:
        raise Unreadable(Reason.BROKEN) from error
    if not has_room:
        into.note(Reason.TOO_LARGE)
    return count, ids if count <= MOST_IDS else []


def _write(into: Gathered, row: list[str]) -> bool:
    """Gather the words of a row; False once there is no room for more."""
    try:
        into.write(" \t".join(row) + "\n")
    except Exhausted:
        return False
    return True


def _columns(first: list[str]) -> tuple[int | None, int | None]:
    """Which columns hold the message's id and the session's; None for what no column is named."""
    names = [name.strip().lower() for name in first]
    found = [
        next((number for number, name in enumerate(names) if name in of), None) for of in (_MESSAGE, _SESSION)
    ]
    return found[0], found[1]
