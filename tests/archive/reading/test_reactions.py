"""Reactions are read from bytes that anyone may have sent."""

import pytest

from archive.transcript import reactions


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("U+1F44D", "👍"),
        ("U+1F468 U+200D U+1F469", "\U0001f468\u200d\U0001f469"),
        ("u+1f44d", "👍"),
        ("👍", "👍"),
        (":party:", ":party:"),
        ("U+D83D", "U+D83D"),
        ("U+110000", "U+110000"),
        ("U+0007", "U+0007"),
        ("1F44D", "1F44D"),
        ("", ""),
        ("\x1b[31m", "␛[31m"),
    ],
)
def test_a_code_that_names_an_emoji_becomes_it(code: str, shown: str) -> None:
    """Anything else is shown as it was given, unable to act."""
    assert reactions.character(code) == shown


@pytest.mark.parametrize(
    "raw",
    [
        b'{"reactions":5}',
        b'{"reactions":[5,null,{"emoji":7}]}',
        b'[{"reactions":[]}]',
        b"reactions",
        b'{"reactions":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_what_is_no_reaction_is_left_out(raw: bytes) -> None:
    """The bytes stay evidence; the page shows what it understands."""
    assert reactions.of(raw) == ()


def test_custom_emoji_are_named() -> None:
    """With the ids of who chose them, as far as they are ids."""
    raw = b'{"custom_emoji_reactions":[{"custom_emoji_name":"ship","total_count":"2","member_ids":["m",5]}]}'
    (found,) = reactions.of(raw)
    assert (found.emoji, found.is_custom, found.count, found.member_ids) == (":ship:", True, None, ("m",))
