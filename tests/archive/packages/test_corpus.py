"""Real conversations in every format that reviewers import: as many messages as the corpus has, by a count of its own."""

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.packages import dat, eml, rsmf
from archive.packages.content import Conversation, Day, Message, Person
from tests.archive.packages import days, rsmf_check
from tests.archive.packages.days import REQUEST, Memory
from tests.archive.packages.test_eml import parsed


@pytest.fixture(scope="module")
def corpus() -> Path:
    found = days.beside("corpus/public-sample")
    if found is None:
        pytest.skip("no public-sample beside this checkout")
    return found


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def conversations(corpus: Path) -> Iterator[Day]:
    """The corpus as days; every third conversation, which is enough to see every language."""
    people = {
        user["id"]: Person(n, user["display_name"], user["email"], user["member_id"], user["id"])
        for n, user in enumerate(lines(corpus / "users.ndjson.gz"), start=1)
    }
    said: dict[tuple[str, date], list[Message]] = defaultdict(list)
    for n, line in enumerate(lines(corpus / "messages.ndjson.gz"), start=1):
        at = datetime.fromtimestamp(line["timestamp"] / 1000, UTC)
        reply = line.get("reply_main_message_id", "")
        message = days.said(
            line["message"], id=n, at=at, by=people[line["sender"]], zoom_id=line["id"], reply_to=reply
        )
        said[line["session_id"], at.date()].append(message)
    for n, session in enumerate(lines(corpus / "sessions.ndjson.gz"), start=1):
        known = Conversation(
            n, session["id"], session["type"], session["name"], session["channel_id"], "acme"
        )
        for (session_id, on), messages in sorted(said.items(), key=lambda item: item[0]):
            if session_id == session["id"] and n % 3 == 0:
                present = tuple(people[key] for key in session["member_ids"][:50])
                messages.sort(key=lambda one: (one.sent_at, one.id))
                yield days.day(*messages, of=known, on=on, participants=present)


def test_every_message_is_in_every_format_once(corpus: Path) -> None:
    """RSMF by its events, mail by its headers and sections, the load file by its rows."""
    sessions = [session["id"] for session in lines(corpus / "sessions.ndjson.gz")]
    chosen = {key for n, key in enumerate(sessions, start=1) if n % 3 == 0}
    oracle = Counter(
        (line["session_id"], line["id"])
        for line in lines(corpus / "messages.ndjson.gz")
        if line["session_id"] in chosen
    )
    sink = Memory()
    for writer in (rsmf.Writer(REQUEST), eml.Writer(REQUEST), dat.Writer(REQUEST)):
        for day in conversations(corpus):
            writer.day(day, sink)
        writer.end(sink)
    by_events: Counter[tuple[str, str]] = Counter()
    in_mails = 0
    for path, raw in sink.files.items():
        if path.endswith(".rsmf"):
            mail, manifest, members = rsmf_check.opened(raw)
            assert rsmf_check.of_manifest(mail, manifest, members) == []
            by_events.update((mail["X-RSMF-SessionID"], named(event)) for event in manifest["events"])
        elif path.endswith(".eml"):
            in_mails += int(parsed(raw)["X-Holdfast-Messages"])
    text = sink.files["data/dat/loadfile.dat"].decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\x14", quotechar="þ", strict=True)
    by_rows = Counter((row["SESSIONID"], row["MESSAGEID"]) for row in rows)
    assert by_events == by_rows == oracle
    assert in_mails == oracle.total()


def named(event: dict[str, Any]) -> str:
    return next(str(each["value"]) for each in event["custom"] if each["name"] == "zoom.message_id")
