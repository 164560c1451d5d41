"""Where a hit shows why it is one."""

import pytest

from archive.search import highlight, parse


def marked(text: str, query: str) -> str:
    """The text with its highlights in brackets."""
    for start, end in reversed(highlight(text, parse(query))):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("wire", "the [wire] and the [wire] transfer"),
        ('"the wire transfer"', "the wire and [the wire transfer]"),
        ("trans*", "the wire and the wire [transfer]"),
        ("wire OR transfer", "the [wire] and the [wire] [transfer]"),
        ('"wire transfer" wire', "the [wire] and the [wire transfer]"),
        ("NOT wire", "the wire and the wire transfer"),
        ("wire NOT transfer", "the [wire] and the [wire] transfer"),
        ("from:wire is:edited", "the wire and the wire transfer"),
    ],
)
def test_what_matched_is_marked_and_nothing_else(query: str, shown: str) -> None:
    """A phrase is marked only where the whole phrase stands."""
    assert marked("the wire and the wire transfer", query) == shown


def test_marks_cover_what_was_written() -> None:
    """Accents, invisible characters and joined emoji are inside the mark of their word."""
    assert (
        marked("Un cafe\u0301 con\u200bfidential", "café confidential")
        == "Un [cafe\u0301] [con\u200bfidential]"
    )
    assert marked("新しい東京都庁です", "東京都") == "新しい[東京都]庁です"
    assert marked("to john.doe@acme.example.", "doe@acme") == "to john.[doe@acme].example."
    assert marked("Σίσυφος ﬁnance", "σισυφοσ finance") == "[Σίσυφος] [ﬁnance]"


def test_what_is_asked_of_file_names_is_marked_there_only() -> None:
    """The same word in a text is not why the message was found."""
    ast = parse("file:plan OR wire")
    assert highlight("plan to wire", ast) == [(8, 12)]
    assert highlight("plan wire.pdf", ast, is_file_name=True) == [(0, 4), (5, 9)]
