"""Much talk in several sessions over some months: generated, or real; and what was said, to count independently."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from archive import ingest
from archive.models import Account, Person, Session, Window
from archive.reporting import following
from tests.archive import scenes
from tests.archive.search import corpus

BEGINNING = datetime(2026, 9, 12, 21, 50, tzinfo=UTC)
NAMES = ("plan.PDF", "photo.jpeg", "notes", "table.xlsx", "strange.q§x", "run.tar.gz", "a.b.unheardof")


def generated(*, messages: int, seed: int, sessions: int = 6, people: int = 7, days: int = 75) -> None:
    """Messages at any time of some months, with edits, deletions, files of all sizes, and senders nobody knows."""
    pick, account = random.Random(seed), scenes.account()
    windows = [scenes.conversation(f"g{number}", of=account) for number in range(sessions)]
    speakers = [_speaker(number) for number in range(people)]
    for number, window in enumerate(windows):
        told: dict[str, list[dict[str, Any]]] = {"sent": [], "edited": [], "deleted": []}
        for said in range(number, messages, sessions):
            at = BEGINNING + timedelta(seconds=pick.randrange(days * 86_400))
            record = _record(f"{number}-{said}", at, pick.choice(speakers))
            if pick.random() < 0.15:
                record["files"] = [_file(f"{said}.{n}", pick) for n in range(pick.choice((1, 1, 3)))]
            told["deleted" if pick.random() < 0.05 else "sent"].append(record)
            if pick.random() < 0.1:
                told["edited"].append(
                    {**record, "message": "better", "action_timestamp": record["timestamp"] + 9}
                )
        ingest.message_page(_page(told), window=window, pull=1, now=scenes.NOW)
    Person.objects.filter(member_id__in=("m0", "m1")).update(is_external=True)
    Person.objects.filter(member_id__in=("m2", "m3", "m4")).update(is_external=False)


def sample() -> None:
    """The whole public sample, in its own years; skips the test where there is none."""
    account, users = scenes.account(), {user["id"]: user for user in corpus.sample("users")}
    windows = {one["id"]: _window(account, one) for one in corpus.sample("sessions")}
    said: dict[str, list[dict[str, Any]]] = {}
    for one in corpus.sample("messages"):
        by = users[one["sender"]]
        speaker = {"sender": by["email"], "sender_member_id": by["member_id"]}
        at = datetime.fromtimestamp(one["timestamp"] / 1000, UTC)
        said.setdefault(one["session_id"], []).append(_record(one["id"], at, speaker, one["message"]))
    for session_id, records in said.items():
        ingest.message_page(scenes.page(records), window=windows[session_id], pull=1, now=scenes.NOW)


def count() -> None:
    """Follow the log to its end."""
    following.work(clock=lambda: scenes.NOW)


def say(window: Window, records: Iterable[dict[str, Any]], **lists: Any) -> None:
    """One more page of a session."""
    ingest.message_page(scenes.page(list(records), **lists), window=window, pull=1, now=scenes.NOW)


def _page(told: dict[str, list[dict[str, Any]]]) -> Any:
    return scenes.page(told["sent"], edited=told["edited"], deleted=told["deleted"])


def _record(id: str, at: datetime, by: dict[str, str], text: str = "words") -> dict[str, Any]:
    return {"id": id, "message": text, "timestamp": int(at.timestamp() * 1000), **by}


def _speaker(number: int) -> dict[str, str]:
    if number == 6:
        return {}
    return {"sender_member_id": f"m{number}", "sender_display_name": f"Speaker {number}"}


def _file(key: str, pick: random.Random) -> dict[str, Any]:
    file: dict[str, Any] = {"file_id": key, "file_name": pick.choice(NAMES)}
    if pick.random() < 0.9:
        file["file_size"] = 10 ** pick.randrange(9) * pick.randrange(1, 10)
    return file


def _window(account: Account, one: dict[str, Any]) -> Window:
    window = scenes.conversation(one["id"], of=account)
    Session.objects.filter(pk=window.session_id).update(
        name=one["name"], type=one["type"], has_external_member=one["has_external_member"]
    )
    return window
