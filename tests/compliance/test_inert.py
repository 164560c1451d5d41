"""Strangers' text: nothing acts, nothing is lost."""

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import differences
from compliance import inert

TEXT = st.text(st.characters(codec=None), max_size=200)


def back(shown: str) -> str:
    """The text that was shown, marks turned back into what they stand for."""
    unmarked = re.sub(
        r'<span class="control" title="[^"]*">\[U\+([0-9A-F]+)\]</span>', lambda m: f"&#x{m[1]};", shown
    )
    unmarked = unmarked.replace("<mark>", "").replace("</mark>", "")
    return re.sub(r"&#x([0-9A-F]+);", lambda m: chr(int(m[1], 16)), html_unescaped(unmarked))


def html_unescaped(value: str) -> str:
    """Undo the five escapes and leave the numbered ones of `back` alone."""
    return re.sub(r"&(?:amp|lt|gt|quot|#x27);", lambda m: html.unescape(m[0]), value)


@given(st.text(st.characters(exclude_characters="&"), max_size=200), st.booleans())
def test_nothing_is_lost(value: str, show_hidden: bool) -> None:
    """Every character is there, as itself or as its mark."""
    assert back(inert.text(value, show_hidden=show_hidden)) == value


@given(TEXT)
def test_nothing_acts(value: str) -> None:
    """No markup but our own, no character that turns the writing."""
    shown = inert.text(value)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", shown)
    assert "<" not in re.sub(r"</?span[^<>]*>", "", shown)


@given(TEXT, st.lists(st.tuples(st.integers(-5, 250), st.integers(-5, 250)), max_size=6))
def test_highlighting_changes_nothing_but_marks(value: str, spans: list[tuple[int, int]]) -> None:
    """Spans may overlap, stick out and stand on their heads."""
    shown = inert.highlighted(value, spans)
    assert shown.replace("<mark>", "").replace("</mark>", "") == inert.text(value)


def test_overlapping_spans_are_one() -> None:
    """A reader sees one mark."""
    assert inert.highlighted("wire transfer", [(0, 6), (4, 13)]) == "<mark>wire transfer</mark>"


@given(st.text(max_size=900), st.integers(0, 900), st.integers(1, 20))
def test_an_excerpt_keeps_its_first_match(value: str, start: int, length: int) -> None:
    """What matched is in the excerpt, under the shifted span."""
    start, end = min(start, len(value)), min(start + length, len(value))
    cut, spans = inert.excerpt(value, [(start, end)])
    if start < end:
        assert cut[spans[0][0] : spans[0][1]] == value[start:end]
    assert len(cut) <= 290


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b.txt", "a_b.txt"),
        ("plan\u202efdp.exe", "plan[U+202E]fdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("line\r\nX-Evil: 1", "line[U+000D] X-Evil: 1"),
    ],
)
def test_a_file_name_names_a_file(name: str, safe: str) -> None:
    """No folder, no header, no turning."""
    assert inert.file_name(name) == safe


@given(st.text(max_size=120), st.text(max_size=120))
def test_a_difference_gives_both_texts_back(before: str, after: str) -> None:
    """What stayed and went is the old text, what stayed and came the new one."""
    changes = differences.between(before, after)
    assert "".join(c.text for c in changes if c.kind != differences.Kind.ADDED) == before
    assert "".join(c.text for c in changes if c.kind != differences.Kind.REMOVED) == after


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("be\x00fore", "be fore"), ("approved\rDENIED", "approved DENIED"), ("pro\u202eject\u202c", "project")],
)
def test_a_query_keeps_its_words_without_what_turns_them(typed: str, asked: str) -> None:
    """A control character parts words, as in the index; one that turns does not."""
    assert inert.without_turning(typed) == asked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  One line.\r\nAnother.\r\n", "One line.\nAnother."),
        ("approved by \u202eenon\u202c", "approved by enon"),
        ("\u200e \r\n", ""),
    ],
)
def test_what_a_person_writes_is_kept_without_what_turns_it(typed: str, kept: str) -> None:
    """Its lines end alike, nothing surrounds it, and what could deceive is gone."""
    assert inert.typed(typed) == kept


def test_books_are_compared_as_wholes() -> None:
    """No reader waits for the least difference of two books."""
    before, after = "old word " * 5000, "new word " * 5000
    assert [c.kind for c in differences.between(before, after)] == ["removed", "added"]


def test_the_shared_torture_survives() -> None:
    """Every nasty value that is kept beside the checkout."""
    found = next(
        (p / "shared/corpus/torture.json" for p in Path(__file__).parents if (p / "shared").is_dir()), None
    )
    if found is None or not found.exists():
        pytest.skip("no torture.json beside this checkout")
    for item in json.loads(found.read_text()):
        if isinstance(item.get("value"), str):
            shown = inert.text(item["value"])
            assert "<" not in re.sub(r"</?span[^<>]*>", "", shown), item["name"]
