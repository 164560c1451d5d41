"""What the report offers: the three lists, the windows, the pages."""

import pytest

from tests.sandbox.conftest import Cast, Client, ms


def test_a_window_offers_what_was_said_in_it(client: Client, cast: Cast) -> None:
    """Only messages sent between the two days, both included."""
    for day in ("2026-05-09T23:59:59", "2026-05-10T00:00:00", "2026-05-11T23:59:59", "2026-05-12"):
        cast.world.say(cast.general, cast.ines, day, at=ms(day))
    found = client.messages(cast.general.id, "2026-05-10", "2026-05-11")
    assert [m["message"] for m in found["messages"]] == ["2026-05-10T00:00:00", "2026-05-11T23:59:59"]


def test_an_edited_message_shows_every_wording(client: Client, cast: Cast) -> None:
    """The present wording is a message; all wordings are in the list of edits."""
    said = cast.world.say(cast.general, cast.ines, "ship friday", at=ms("2026-05-10T10:00"))
    cast.world.edit(said, "ship monday", at=ms("2026-05-10T10:05"))
    found = client.messages(cast.general.id)
    assert [m["message"] for m in found["messages"]] == ["ship monday"]
    assert [(m["message"], m["action_timestamp"]) for m in found["edited_messages"]] == [
        ("ship friday", ms("2026-05-10T10:00")),
        ("ship monday", ms("2026-05-10T10:05")),
    ]


def test_a_deleted_message_is_only_among_the_deleted(client: Client, cast: Cast) -> None:
    """Its last wording stays readable, with the moment it was taken back."""
    said = cast.world.say(cast.general, cast.ines, "oops", at=ms("2026-05-10T10:00"))
    cast.world.delete(said, at=ms("2026-05-10T10:01"))
    found = client.messages(cast.general.id)
    assert found["messages"] == []
    assert found["deleted_messages"][0]["action_timestamp"] == ms("2026-05-10T10:01")


def test_late_changes_are_found_by_when_they_happened(client: Client, cast: Cast) -> None:
    """`query_all_modifications` selects by the moment of the edit, not of the message."""
    said = cast.world.say(cast.general, cast.ines, "as agreed", at=ms("2026-03-02T10:00"))
    cast.world.edit(said, "as discussed", at=ms("2026-05-10T10:00"))
    assert client.messages(cast.general.id)["edited_messages"] == []
    late = client.messages(cast.general.id, query_all_modifications="true")
    assert [m["message"] for m in late["edited_messages"]] == ["as discussed"]


def test_a_quiet_session_is_not_listed_for_a_late_edit(client: Client, cast: Cast) -> None:
    """The list of sessions knows only when something was said."""
    said = cast.world.say(cast.general, cast.ines, "as agreed", at=ms("2026-03-02T10:00"))
    cast.world.edit(said, "as discussed", at=ms("2026-05-10T10:00"))
    assert client.sessions() == []


def test_paging_sends_every_record_once(client: Client, cast: Cast) -> None:
    """Equal times, edits and deletions on every page: nothing twice, nothing missing."""
    for number in range(23):
        said = cast.world.say(cast.general, cast.ines, str(number), at=ms("2026-05-10T10:00"))
        if number % 3 == 0:
            cast.world.edit(said, f"{number}!", at=ms("2026-05-10T10:01") + number)
        if number % 5 == 0:
            cast.world.delete(said, at=ms("2026-05-10T10:02") + number)
    for modifications in ("false", "true"):
        whole = client.messages(cast.general.id, page_size=100, query_all_modifications=modifications)
        paged = client.messages(cast.general.id, page_size=4, query_all_modifications=modifications)
        assert {k: [str(m) for m in v] for k, v in paged.items()} == {
            k: [str(m) for m in v] for k, v in whole.items()
        }


def test_a_deletion_while_paging_skips_nobody(client: Client, cast: Cast) -> None:
    """A token names a place, not a count."""
    said = [cast.world.say(cast.general, cast.ines, str(n), at=ms("2026-05-10") + n) for n in range(4)]
    query = {"from_": "2026-05-01", "to": "2026-05-20", "page_size": 2}
    page = client.get(f"/report/chat/sessions/{cast.general.id}", **query).json()
    cast.world.delete(said[0])
    rest = client.get(
        f"/report/chat/sessions/{cast.general.id}", **query, next_page_token=page["next_page_token"]
    ).json()
    assert [m["message"] for m in rest["messages"]] == ["2", "3"]


def test_an_outsider_has_no_address(client: Client, cast: Cast) -> None:
    """The sender is empty outside the account, the member id is not."""
    cast.world.say(cast.talk, cast.olu, "hello", at=ms("2026-05-10"))
    record = client.messages(cast.talk.id)["messages"][0]
    assert (record["sender"], record["sender_member_id"]) == ("", cast.olu.member_id)
    assert (record["receiver"], record["is_sender_external"]) == ("ines@acme.example", True)


def test_sessions_say_what_they_are(client: Client, cast: Cast) -> None:
    """A channel has a name and a status, a talk has two addresses."""
    cast.world.say(cast.general, cast.ines, "hi", at=ms("2026-05-10"))
    cast.world.say(cast.talk, cast.ines, "hi", at=ms("2026-05-10"))
    cast.world.close_channel(cast.channel)
    rows = {row["type"]: row for row in client.sessions()}
    assert rows["Group"]["status"] == "deleted"
    assert rows["1:1"]["member_emails"].count("") == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-05-01", "2026-06-02"),
        ("2026-05-10", "2026-05-09"),
        ("2025-11-19", "2025-12-01"),
        ("soon", "2026-05-01"),
        ("20260501", "2026-05-02"),
    ],
)
def test_days_out_of_reach_are_refused(client: Client, first: str, last: str) -> None:
    """Longer than a month, backwards, older than six months, not a date: code 300."""
    answer = client.get("/report/chat/sessions", from_=first, to=last)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_the_first_reachable_day_is_accepted(client: Client) -> None:
    """Six months back to the day, a month at a time."""
    assert client.sessions("2025-11-20", "2025-12-20") == []


@pytest.mark.parametrize("size", ["0", "101", "many"])
def test_page_sizes_beyond_the_maximum_are_refused(client: Client, cast: Cast, size: str) -> None:
    """A report page has at most a hundred messages."""
    answer = client.get(
        f"/report/chat/sessions/{cast.general.id}", from_="2026-05-01", to="2026-05-02", page_size=size
    )
    assert answer.json()["code"] == 300


@pytest.mark.parametrize("flag", ["include_reactions", "include_bot_message", "query_all_modifications"])
def test_a_flag_is_true_or_false(client: Client, cast: Cast, flag: str) -> None:
    """Anything else is a bad parameter, not a no."""
    path = f"/report/chat/sessions/{cast.general.id}"
    answer = client.get(path, from_="2026-05-01", to="2026-05-20", **{flag: "null"})
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert client.get(path, from_="2026-05-01", to="2026-05-20", **{flag: "FALSE"}).status_code == 200


def test_an_unknown_session_is_not_found(client: Client) -> None:
    """404, not an empty page."""
    assert client.get("/report/chat/sessions/nobody", from_="2026-05-01", to="2026-05-02").status_code == 404
