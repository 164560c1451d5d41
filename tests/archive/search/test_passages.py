"""The passage that shows why a file matched: of the right file, at the right place, and only of what was asked there."""

from collections.abc import Callable

import pytest

from archive import search
from archive.models import Message
from archive.search import passages
from tests.archive.extraction import samples
from tests.archive.search.talk import Talk

Show = Callable[[str], list[tuple[str, str, list[str]]]]


@pytest.fixture
def said(talk: Talk) -> Message:
    """A message with two files, one of them an archive; whoever reads it adds more."""
    said = talk.say("see the attached ledger")
    talk.attach(said, "plain.txt", b"The wire transfer goes out at dawn.")
    talk.attach(
        said, "all.zip", samples.zipped({"one.txt": "Nothing here", "two.txt": "a wire, then a transfer"})
    )
    return said


@pytest.fixture
def show(said: Message, read: Callable[[], int]) -> Show:
    """The passages of the message for a query: file, entry, and the words marked."""

    def shown(query: str) -> list[tuple[str, str, list[str]]]:
        read()
        found = search.inside_files([said.pk], search.parse(query)).get(said.pk, ())
        return [(one.file, one.entry, [one.text[a:b] for a, b in one.spans]) for one in found]

    return shown


def test_the_file_that_holds_the_words_is_named(show: Show) -> None:
    """A phrase stands in one of two files that have its words."""
    assert show('"wire transfer"') == [("plain.txt", "", ["wire transfer"])]
    assert show("transfer") == [("plain.txt", "", ["transfer"]), ("all.zip", "two.txt", ["transfer"])]
    assert show("wire w/3 transfer")[1] == ("all.zip", "two.txt", ["wire", "transfer"])
    assert show("trans*") == show("transfer") == show("trans?er")
    assert show("trunsfer~1") == show("transfer")


def test_only_what_was_asked_of_files_is_marked(show: Show) -> None:
    """Not what was excluded, asked of names, or of people."""
    assert show("attached:dawn") == [("plain.txt", "", ["dawn"])]
    assert show("NOT dawn") == []
    assert show("file:dawn") == []
    assert show("from:dawn") == []
    assert show("ledger") == []
    assert show("two") == [("all.zip", "two.txt", ["two"])]


def test_a_word_far_into_a_file_is_found_whole(talk: Talk, said: Message, show: Show) -> None:
    """At the edge of a window too, and a phrase across it."""
    for number, offset in enumerate((passages.WINDOW - 5, passages.WINDOW, 50_000)):
        filler = ("lorem " * 20_000)[:offset]
        talk.attach(said, f"{number}.txt", f"{filler} silver heliotrope {'lorem ' * 500}".encode())
    assert show('"silver heliotrope"') == [(f"{n}.txt", "", ["silver heliotrope"]) for n in range(3)]
    assert show("helio") == []


def test_beyond_what_is_looked_at_is_said(talk: Talk, said: Message, show: Show) -> None:
    """Never a passage that is not one: the file may hold the words, further on."""
    talk.attach(said, "huge.txt", b"lorem " * (passages.LOOKED_AT // 6 + 1_000) + b"heliotrope")
    assert show("heliotrope") == [("huge.txt", "", [])]


def test_text_without_spaces_is_cut_between_characters(talk: Talk, said: Message, show: Show) -> None:
    """A long Chinese text has no white space to cut at."""
    talk.attach(said, "zh.txt", ("東京都の会議" * 1_000 + "秘密資料" + "東京都" * 10).encode())
    assert show("秘密資料") == [("zh.txt", "", ["秘密資料"])]
