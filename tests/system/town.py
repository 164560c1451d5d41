"""An account as a corpus folder: conversations over five months, one of them busy, with files and changes."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

DAY_MS = 24 * 3600 * 1000
BEGAN_MS = 1_700_000_000_000
PEOPLE = 8
BUSY = 420  # messages of the first session on its busy day: several pages


def write(folder: Path, *, sessions: int, messages: int) -> Path:
    """Write the three files, with so many messages in each quiet session; the folder."""
    folder.mkdir()
    people = [{"id": f"u{n}", "email": f"u{n}@town.example", "display_name": f"Person {n}", "member_id": f"m{n}"}
              for n in range(PEOPLE)]  # fmt: skip
    rooms = [
        {
            "id": f"s{n}",
            "type": "Group",
            "name": f"room {n}",
            "channel_id": f"c{n}",
            "member_ids": [one["id"] for one in people],
        }
        for n in range(sessions)
    ]
    _lines(folder / "users.ndjson.gz", people)
    _lines(folder / "sessions.ndjson.gz", rooms)
    _lines(folder / "messages.ndjson.gz", [*_quiet(sessions, messages), *_busy()])
    return folder


def _quiet(sessions: int, messages: int) -> Iterable[dict[str, object]]:
    for session in range(sessions):
        for number in range(messages):
            at = BEGAN_MS + number * 150 * DAY_MS // messages + session * 60_000
            yield _message(session, number, at=at)


def _busy() -> Iterable[dict[str, object]]:
    for number in range(BUSY):
        yield _message(0, 1000 + number, at=BEGAN_MS + 70 * DAY_MS + number * 1000)


def _message(session: int, number: int, *, at: int) -> dict[str, object]:
    said: dict[str, object] = {
        "session_id": f"s{session}",
        "id": f"s{session}-{number}",
        "sender": f"u{number % PEOPLE}",
        "timestamp": at,
        "message": f"words number {number} in room {session}",
    }
    if number % 10 == 3:
        said["edited_timestamp"] = at + 60_000
        said["edited_versions"] = [{"message": f"first words {number}", "timestamp": at}]
    if number % 15 == 7:
        said |= {"deleted": True, "deleted_timestamp": at + 120_000}
    if number % 15 == 5:
        name = f"f{session}-{number}"
        said["files"] = [{"file_id": name, "file_name": f"{name}.bin", "file_size": 3000 + number}]
    return said


def _lines(path: Path, rows: Iterable[dict[str, object]]) -> None:
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
