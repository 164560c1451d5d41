"""Passages of what is in zips: whatever the text, none of its words is lost where it is cut."""

import json
import zlib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.capture import passages
from archive.models import HoldEntry, HoldFile, HoldPassage
from archive.search import analysis, held_files, held_passages
from sandbox.planted import Trick
from tests.archive.holds.conftest import Hold

ALPHABET = [
    *'ab9 \n.@,;{"=',
    *"字合同東か\u3099ｶﾞ가각\u1100\u1161\u11a8",
    *"กำทีุ่้",
    *"éße\u0301\u200b\ufe0f👍ﬁ①Ω",
]
LONG_WORD = "".join(f"{n:x}" for n in range(3_000))


def packed(*entries: tuple[str, str]) -> bytes:
    return zlib.compress(json.dumps(entries).encode())


def kept(name: str, *entries: tuple[str, str]) -> set[str]:
    return {term for row in held_passages.of(1, name=name, packed=packed(*entries)) for term in row.terms}


def terms(*several: str) -> set[str]:
    return {term for text in several for term, _ in analysis.indexed(text)}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(st.lists(st.sampled_from(ALPHABET), max_size=120).map("".join), st.integers(10, 40))
@example("字" * 9 + "合同" + "字" * 50, 10)
@example("ท" * 9 + "ี่" * 9 + "ที่นี่", 10)
@example("a\u200b" * 60, 10)
@example("=" * 90 + "合同", 10)
def test_no_word_is_lost_where_a_text_is_cut(text: str, longest: int) -> None:
    """The words of all passages are those of the text, no fewer and no others; and every character is in one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held_passages, "LONGEST", longest)
        found = list(held_passages.cuts(text))
        assert kept("", ("", text)) == terms(text)
    assert [one.start for one in found[1:]] == [one.following for one in found[:-1]]
    assert found == [] or (found[0].start, found[-1].stop) == (0, len(text))
    assert all(one.start < one.following <= one.stop for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "字" * 1_999 + "合同" + "字" * 50,
        "ก" * 1_997 + "สัญญาที่" + "ก" * 3_000,
        json.dumps({f"key{n}": f"value.{n}@acme.com" for n in range(500)}, separators=(",", ":")),
        "https://acme.com/" + "a/b?c=" * 400 + "john.doe@acme.com/" + "x=y&" * 900,
        LONG_WORD,
        "word " * 390 + LONG_WORD + " word" * 900,
    ],
    ids=["chinese", "thai", "json", "addresses", "one word", "a word among words"],
)
def test_a_stretch_without_a_blank_keeps_its_words(text: str) -> None:
    """Two thousand characters and more, in which no line and no word ends."""
    assert kept("", ("", text)) == terms(text)
    assert max(one.stop - one.start for one in held_passages.cuts(text)) < 2 * held_passages.LONGEST


def found(hold: Hold, query: str) -> held_files.Answer:
    answer = held_files.find(query, [hold.matter.id], account_id=hold.town.account.pk, now=hold.town.now())
    assert answer is not None
    return answer


def unread(hold: Hold) -> int:
    return held_files.unsearched([(hold.town.account.pk, hold.matter.id)]).unread


@pytest.fixture
def entry(hold: Hold) -> HoldEntry:
    """A file in a zip of hers, which a test gives another text."""
    hold.capture()
    hold.open()
    return HoldEntry.objects.order_by("pk")[1]


def keep(entry: HoldEntry, *entries: tuple[str, str]) -> None:
    """Give a file in a zip this text, with no passages of today's form."""
    HoldEntry.objects.filter(pk=entry.pk).update(text=packed(*entries), words=0)
    HoldPassage.objects.filter(entry=entry).delete()


def test_words_across_a_cut_are_found_and_shown(hold: Hold, entry: HoldEntry) -> None:
    """Two characters of a long Chinese text without a sign, where a passage ends; and a word in pieces."""
    keep(entry, ("", "字" * 1_999 + "合同" + "字" * 50 + " " + LONG_WORD))
    hold.open()
    (one,) = found(hold, "合同").found
    assert [one.text[start:stop] for start, stop in one.spans] == ["合同"]
    assert found(hold, LONG_WORD[:100]).files == 1


def test_a_file_inside_is_found_by_its_name(hold: Hold, entry: HoldEntry) -> None:
    """With text or without, and shown by it."""
    keep(entry, ("merger.png", ""), ("plan.txt", "nothing of note"))
    hold.open()
    (one,) = found(hold, "merger").found
    assert (one.text, len(one.spans)) == ("merger.png", 1)
    (one,) = found(hold, "plan.txt").found
    assert (one.text, len(one.spans)) == ("plan.txt", 1)
    assert found(hold, "merger png note").files == 1


def test_what_may_not_be_opened_is_found_by_its_name(hold: Hold) -> None:
    """A file that is encrypted has no text, and a name."""
    zip_ = hold.bring(Trick.ENCRYPTED)
    (name,) = HoldEntry.objects.filter(hold_file=zip_).values_list("name", flat=True)
    assert zip_.pk in {one.hold_file_id for one in found(hold, f'"{name}"').found}


def test_passages_of_another_form_are_made_anew(hold: Hold, entry: HoldEntry) -> None:
    """From the text that is kept; until then the file is said not to be searched."""
    assert unread(hold) == 0
    HoldPassage.objects.update(terms=["nothing"])
    HoldEntry.objects.update(words=held_passages.VERSION - 1)
    assert (found(hold, "plan").files, unread(hold)) == (0, HoldEntry.objects.count())
    assert passages.renew(clock=hold.town.now, until=hold.town.now()) == 0
    assert passages.renew(clock=hold.town.now) == HoldEntry.objects.count()
    assert (found(hold, "plan").files, unread(hold)) == (2, 0)
    assert not HoldPassage.objects.filter(terms=["nothing"]).exists()


def test_nothing_comes_back_of_a_zip_that_goes(hold: Hold, entry: HoldEntry) -> None:
    """Whoever makes passages anew has looked again under the lock that a destruction takes."""
    HoldEntry.objects.update(words=0)
    place = (entry.pk, entry.hold_file_id)
    HoldEntry.objects.all().delete()
    assert not passages._renew(*place)
    assert not HoldPassage.objects.exists()
    assert HoldFile.objects.exists()
