"""Words inside zips: a file is found as a message is, as a whole."""

from itertools import pairwise

import pytest

from archive.models import HoldEntry, HoldFile, HoldPassage
from archive.search import analysis, held_files, matching
from archive.search.query import Words
from sandbox.planted import Trick
from tests.archive.holds.conftest import Hold


def found(hold: Hold, query: str, **narrowed: object) -> held_files.Answer:
    where: dict[str, object] = {"account_id": hold.town.account.pk, "now": hold.town.now(), **narrowed}
    answer = held_files.find(query, [hold.matter.id], **where)  # type: ignore[arg-type]
    assert answer is not None
    return answer


@pytest.fixture
def opened(hold: Hold) -> Hold:
    """What Ines wrote, and her file, came in one zip."""
    hold.capture()
    hold.open()
    return hold


def test_words_are_found_where_they_stand(opened: Hold) -> None:
    """In the chat log and in the file, in any case, and each with its passage."""
    answer = found(opened, "COURT kept")
    assert (answer.files, answer.zips) == (1, 1)
    (one,) = answer.found
    assert [one.text[start:stop] for start, stop in one.spans] == ["kept", "court"]
    assert found(opened, "plan").files == 2
    assert found(opened, "plan court").files == 1
    assert found(opened, "notes").files == 2  # the name of the file, in the log too


def test_a_word_more_never_finds_more(opened: Hold) -> None:
    """Every word narrows."""
    for query in ("plan", "plan the", "plan the court", "plan the court heliotrope"):
        more = found(opened, f"{query} kept").files
        assert more <= found(opened, query).files


def test_other_matters_and_accounts_find_nothing(opened: Hold) -> None:
    """What is looked through is named, and nothing else is."""
    assert held_files.find("kept", ["other"], account_id=opened.town.account.pk, now=opened.town.now()) == (
        held_files.Answer(0, 0, [], None)
    )
    assert found(opened, "kept", account_id=opened.town.account.pk + 1).files == 0


def test_words_can_be_combined(opened: Hold) -> None:
    """As in a search of messages: what a file has as a whole."""
    assert found(opened, "plan OR court").files == 2
    assert found(opened, "plan NOT court").files == 1
    assert found(opened, "plan NOT (court OR heliotrope)").files == 1
    assert found(opened, "heliotrope OR nothing").files == 0


def test_a_phrase_stands_in_one_text(opened: Hold) -> None:
    """Not only its words, in whatever order; and words near each other are near."""
    text = held_files.find(
        "kept", [opened.matter.id], account_id=opened.town.account.pk, now=opened.town.now()
    )
    assert text is not None
    (one,) = text.found
    words = [one.text[start:stop] for start, stop in matching.highlight(one.text, Words("kept"))]
    first, second = next(
        (a.text, b.text)
        for a, b in pairwise(analysis.atoms(one.text))
        if a.text != b.text and b.text == words[0]
    )
    assert found(opened, f'"{first} {second}"').files == 1
    assert found(opened, f'"{second} {first}"').files == 0
    assert found(opened, f"{first} w/3 {second}").files == 1
    assert found(opened, f'kept NOT "{second} {first}"').files == 1
    assert found(opened, f'kept NOT "{first} {second}"').files == 0


def test_too_many_files_to_look_through_are_not_looked_through(
    opened: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A phrase whose words many files have is not answered; the words are."""
    monkeypatch.setattr(held_files, "MOST_LOOKED_AT", 1)
    now = opened.town.now()
    assert (
        held_files.find('"plan notes"', [opened.matter.id], account_id=opened.town.account.pk, now=now)
        is None
    )
    assert found(opened, "plan notes").files > 1


@pytest.mark.parametrize(
    "query", ["from:ines", "plan OR from:ines", "pla*", "NOT plan", "has:file", "file:plan"]
)
def test_a_query_that_asks_for_more_than_words_is_not_answered(opened: Hold, query: str) -> None:
    """Rather than wrongly."""
    now = opened.town.now()
    assert held_files.find(query, [opened.matter.id], account_id=opened.town.account.pk, now=now) is None


def test_pages_do_not_lose_a_file(opened: Hold) -> None:
    """Each once, in order."""
    seen, after = [], 0
    while True:
        answer = found(opened, "plan", after=after, limit=1)
        seen += [one.number for one in answer.found]
        if answer.following is None:
            break
        after = answer.following
    assert seen == [0, 1]


def test_an_older_version_is_not_found(opened: Hold) -> None:
    """What replaced it is."""
    HoldFile.objects.update(is_newest=False)
    assert found(opened, "plan").files == 0


def test_nothing_of_a_refused_zip_is_found(hold: Hold) -> None:
    """It was not opened."""
    hold.bring(Trick.BOMB, size=30_000_000)
    assert found(hold, "planted").files == 0


def test_words_go_with_their_file(opened: Hold) -> None:
    """No passage is left behind."""
    HoldEntry.objects.all().delete()
    assert not HoldPassage.objects.exists()
