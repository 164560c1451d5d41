"""Everything awkward arrives exactly as it was meant."""

import json
from pathlib import Path

import pytest

from sandbox import awkward, awkward_values, server
from sandbox.clock import Clock
from sandbox.instance import Account
from tests.sandbox.conftest import NOON, Client

WINDOW = ("2026-04-01", "2026-04-30")


def offered(torture: Path | None, account: Account) -> dict[str, list[object]]:
    """Texts, file names, ids, times and sizes of the whole awkward world."""
    world = awkward.build(clock=Clock(start=NOON, speed=0), seed="1", torture=torture)
    found: dict[str, list[object]] = {name: [] for name in ("text", "file", "id", "time", "size", "room")}
    with server.running(world, account=account) as sandbox:
        client = Client(sandbox)
        for row in client.sessions(*WINDOW):
            found["room"].append(row["name"])
            for message in client.messages(row["id"], *WINDOW)["messages"]:
                found["text"].append(message["message"])
                found["id"].append(message["id"])
                found["time"].append(message["timestamp"])
                for file in message.get("files", []):
                    found["file"].append(file["file_name"])
                    found["size"].append(file["file_size"])
    return found


def test_our_own_values_are_sent_as_they_are(account: Account) -> None:
    """Texts, names, ids, times and sizes, lone surrogates and numbers beyond 64 bits among them."""
    found = offered(None, account)
    pairs = [("text", "message"), ("file", "file_name"), ("time", "timestamp"), ("size", "file_size")]
    for name, kind in [*pairs, ("room", "channel_name")]:
        for value in awkward_values.VALUES[kind]:
            assert value in found[name], (kind, value)
    assert {None, "", 12345} <= set(found["id"])


def test_a_file_of_values_is_used_instead(account: Account, tmp_path: Path) -> None:
    """`--torture` brings values of its own; kinds nobody knows are said as JSON."""
    rows = [{"kind": "message", "value": "\ud83d"}, {"kind": "colour", "value": [1]}]
    (tmp_path / "t.json").write_text(json.dumps(rows))
    assert sorted(map(str, offered(tmp_path / "t.json", account)["text"])) == ["[1]", "\ud83d"]


@pytest.mark.parametrize("kind", sorted(awkward_values.VALUES))
def test_every_kind_has_values(kind: str) -> None:
    """No kind is empty."""
    assert awkward_values.VALUES[kind]
