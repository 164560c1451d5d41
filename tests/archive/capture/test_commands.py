"""`connect`, `capture` and `status` as a person at a terminal meets them."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from archive import sealing
from archive.models import Account
from tests.archive.capture.conftest import Town

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run() -> Run:
    """Run a command: its exit code and what it said."""

    def command(*arguments: str, **options: Any) -> tuple[int, str]:
        out = StringIO()
        try:
            call_command(*arguments, stdout=out, stderr=out, **options)
        except SystemExit as ended:
            return int(ended.code or 0), out.getvalue()
        return 0, out.getvalue()

    return command


def credentials(town: Town, **changed: str) -> dict[str, str]:
    given = {"account_id": "sandbox", "client_id": "sandbox", "client_secret": "sandbox"}
    addresses = {"api_url": town.sandbox.api_url, "oauth_url": town.sandbox.oauth_url}
    return {**given, **addresses, **changed}


def test_connecting_again_updates_the_account(town: Town, run: Run) -> None:
    """One account, whatever its new name or share."""
    code, said = run("connect", **credentials(town), name="Acme Ltd", budget_share=0.25)
    assert (code, Account.objects.count()) == (0, 1)
    assert Account.objects.get().budget_share == 0.25
    assert "may read the chat reports" in said


def test_the_secret_is_sealed_in_the_database(town: Town) -> None:
    """A copy of the database does not give it away, another SECRET_KEY cannot open it."""
    sealed = bytes(Account.objects.get().sealed_client_secret)
    assert b"sandbox" not in sealed
    assert sealing.unseal(sealed) == "sandbox"


def test_another_secret_key_is_told_in_a_sentence(town: Town, settings: Any) -> None:
    """Rather than with a stack trace."""
    settings.SECRET_KEY = "another"
    with pytest.raises(CommandError, match="SECRET_KEY has changed"):
        call_command("capture", stdout=StringIO())


def test_missing_credentials_are_named(run: Run, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment variable, not the flag's default."""
    monkeypatch.delenv("ZOOM_CLIENT_SECRET", raising=False)
    with pytest.raises(CommandError, match="ZOOM_CLIENT_SECRET"):
        run("connect", account_id="a", client_id="b")


def test_nobody_connected_is_a_sentence(db: None) -> None:
    """Capture says what to do first."""
    with pytest.raises(CommandError, match="connect"):
        call_command("capture")


def test_a_complete_capture_exits_with_zero(town: Town, run: Run) -> None:
    """And says up to when."""
    town.say("hello", days_ago=3)
    code, said = run("capture", once=True)
    assert code == 0
    assert "Complete to" in said


def test_a_capture_ends_with_a_signature_over_all_it_brought(town: Town, run: Run) -> None:
    """Cutting off what was just captured would contradict a checkpoint, at once and not in an hour."""
    town.say("hello", days_ago=3)
    run("capture", once=True)
    told = json.loads(run("status", json=True)[1])
    assert told["log_size"] == told["checkpoint_size"] > 0


def test_a_log_that_cannot_be_signed_is_told(town: Town, run: Run, settings: Any) -> None:
    """What was captured stays, and the command fails with the reason."""
    run("capture", once=True)
    settings.HOLDFAST_LOG_KEY = "not a key"
    town.say("hello")
    with pytest.raises(CommandError, match="the log is not signed: HOLDFAST_LOG_KEY"):
        run("capture", once=True)
    assert json.loads(run("status", json=True)[1])["messages"] == 1


def test_states_that_zoom_tells_twice_count_once(town: Town, run: Run) -> None:
    """An edited message is two wordings, though the report has three records of it."""
    said = town.say("ship it friday", days_ago=3)
    town.world.edit(said, "ship it monday", at=town.ago(days=2))
    town.world.delete(town.say("delete me", days_ago=1))
    run("capture", once=True)
    told = json.loads(run("status", json=True)[1])
    assert told["revisions_by_kind"] == {"sent": 1, "edited": 1, "deleted": 1}
    assert told["records_by_list"] == {"sent": 1, "edited": 2, "deleted": 1}


def test_a_capture_with_gaps_exits_with_three_and_says_where(town: Town, run: Run) -> None:
    """The session, the days, the reason."""
    town.say("hello", days_ago=3)
    town.misbehave("error_500@reportChatMessages:p=1")
    code, said = run("capture", once=True)
    assert code == 3
    assert "general" in said
    assert "HTTP 500" in said


def test_a_gap_in_a_session_named_to_deceive_is_told_inert(town: Town, run: Run) -> None:
    """The name turns the line, ends it and moves the cursor; on a terminal it does none of it."""
    name = "plan \u202egpj.exe\nComplete to today.\x9b2J"
    channel = town.world.open_channel(name, members=[town.ines], type=3, at=town.ago(days=4))
    town.world.say(town.world.sessions[channel.session_id], town.ines, "hello", at=town.ago(days=3))
    town.misbehave("error_500@reportChatMessages:p=1")
    said = run("capture", once=True)[1] + run("status")[1]
    inert = "plan [U+202E]gpj.exe\u240aComplete to today.[U+009B]2J: reportChatMessages: HTTP 500"
    named = [line for line in said.splitlines() if "gpj.exe" in line]
    assert len(named) > 1
    assert [line for line in named if inert not in line] == []
    assert not {"\u202e", "\x9b"} & set(said)


def test_status_counts_exactly_and_knows_what_it_does_not_know(town: Town, run: Run) -> None:
    """Before a capture the moment is null; after it the counts are the world's."""
    assert json.loads(run("status", json=True)[1])["complete_to"] is None
    town.say("hello", days_ago=3, file=b"minutes")
    town.capture()
    told = json.loads(run("status", json=True)[1])
    wanted = {"sessions": 1, "messages": 1, "revisions": 1, "attachments": 1, "blobs": 1, "gap_count": 0}
    assert {name: told[name] for name in wanted} == wanted
    assert told["windows"]["gap"] == 0
    assert told["index"] is None
    assert told["is_complete"] is True


def test_status_in_words_has_no_number_for_the_unknown(town: Town, run: Run) -> None:
    """Unknown prints as unknown."""
    said = run("status")[1]
    assert "Complete to:         unknown" in said
    assert "Index:               unknown" in said


@pytest.mark.parametrize("given", [{"first": "2026-13-01"}, {"last": "yesterday"}])
def test_a_day_that_is_none_is_refused(town: Town, given: dict[str, str]) -> None:
    """With the way to write it."""
    flags = [f"--{'from' if name == 'first' else 'to'}={value}" for name, value in given.items()]
    with pytest.raises(CommandError, match="yyyy-mm-dd"):
        call_command("capture", *flags)
