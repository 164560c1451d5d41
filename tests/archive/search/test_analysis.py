"""What a word is, and where it stands."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import analysis, folding, matching
from archive.search.query import Match, Words

TEXT = st.text(
    st.one_of(
        st.characters(), st.sampled_from("aAßéÅ ._@:'-東京あがｶﾞ한글สวัสดีلَ\u200b\u202e👨\u200d👩❤️🇯🇵ñ́\u0301")
    )
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Ship it, Friday!", ["ship", "it", "friday"]),
        ("john.doe@acme.com", ["john", "doe", "acme", "com", "john.doe", "doe@acme", "acme.com"]),
        ("foo_bar.baz()", ["foo", "bar", "baz", "foo_bar", "bar.baz"]),
        ("don’t", ["don", "t", "don't"]),
        ("3.14 1,000", ["3", "14", "1", "000", "3.14"]),
        ("東京都", ["東", "京", "都", "東京", "京都"]),
        ("ｶﾞ が", ["ガ", "が"]),
        ("straße STRASSE", ["strasse", "strasse"]),
        ("con\u200bfi\u200cden\u200dtial\u2060 pro\xadject", ["confidential", "project"]),
        ("الْعَرَبِيَّةُ", ["العربية"]),
        ("שָׁלוֹם", ["שלום"]),
        ("१२३ ١٢٣", ["123", "123"]),
        ("ﬁnance ＦＩＮＡＮＣＥ", ["finance", "finance"]),
        ("İstanbul ıstanbul Søren Łódź", ["istanbul", "istanbul", "soren", "lodz"]),
        ("👨\u200d👩 ❤️", ["👨", "👩", "❤"]),
        ("क्षत्रिय", ["क्षत्रिय"]),
        ("… !? \u2400", []),
    ],
)
def test_a_text_becomes_these_terms(text: str, terms: list[str]) -> None:
    """One analysis for the scripts people write."""
    assert [term.removeprefix(analysis.PAIR) for term, _ in analysis.indexed(text)] == terms


def test_a_pair_is_marked() -> None:
    """A pattern or a misspelling of a word must not find two words for one."""
    assert analysis.indexed("jo.hn") == [("jo", 0), ("hn", 1), (f"{analysis.PAIR}jo.hn", 0)]


def test_composed_and_decomposed_are_the_same() -> None:
    """However an accent or a syllable is encoded, it is found."""
    for composed, decomposed in (
        ("café", "cafe\u0301"),
        ("가", "가"),
        ("が", "か\u3099"),
        ("ấ", "a\u0302\u0301"),
    ):
        assert analysis.indexed(composed) == analysis.indexed(decomposed)


def test_nothing_of_a_long_word_is_lost() -> None:
    """A word of fifty thousand letters is indexed in pieces, and found by all of it."""
    word = "ab" * 25_000
    assert "".join(atom.text for atom in analysis.atoms(word)) == word
    assert matching.where(f"x {word} y", Words(word)) == [(2, 50_002)]


@given(TEXT)
def test_the_index_stores_the_atoms_and_their_pairs(text: str) -> None:
    """The quick ways through plain text give what the long way gives."""
    for written in (text, text.encode("ascii", "ignore").decode()):
        atoms = analysis.atoms(written)
        expected = [(atom.text, n) for n, atom in enumerate(atoms)]
        expected += [
            (analysis.PAIR + a.text + a.glue + atoms[n + 1].text, n)
            for n, a in enumerate(atoms)
            if a.glue is not None
        ]
        assert analysis.indexed(written) == expected


@given(TEXT)
def test_spans_point_at_the_original(text: str) -> None:
    """Spans are in order and fold to the atom they belong to; only the parts of one character (¼) share one."""
    start = end = 0
    for atom in analysis.atoms(text):
        assert start <= atom.start < atom.end <= len(text)
        assert end - 1 <= atom.start
        start = atom.start
        assert atom.text in folding.fold(text[atom.start : atom.end]).text
        end = atom.end


@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is folded stays as it is."""
    once = folding.fold(text).text
    assert folding.fold(once).text == once


@given(TEXT, TEXT)
def test_a_text_is_found_inside_another(before: str, text: str) -> None:
    """Index, query and highlight agree: what stands in a text between spaces is found there, marked there."""
    spans = matching.where(f"{before} {text} x", Words(text, Match.PHRASE))
    assert (len(spans) > 0) == (len(analysis.atoms(text)) > 0)
    terms = {term for term, _ in analysis.indexed(f"{before} {text} x")}
    assert {term.text for term in analysis.sought(text)} <= terms


@pytest.mark.parametrize(
    ("alphabet", "longest"),
    [
        (
            "ab1Z ._@':,\u00e9\u0301\u0308\u00b4\u00a0\u3000\u2028\ufdfa\u4e00\u3042\u1100\u1161\u0903\u200d\U0001f600",
            24,
        ),
        ("ab1Z ._@':,-\t\x1c\x7f", 24),
        ("abZ", 350),
        ("aZ.", 350),
    ],
    ids=["everything", "ASCII", "long words", "long addresses"],
)
def test_the_index_holds_the_atoms_and_pairs_of_the_whole_text(alphabet: str, longest: int) -> None:
    """What is worked out run by run, and in ASCII without folding, is what the text says as a whole."""
    chance = random.Random(5)
    for _ in range(5_000 if longest < 100 else 200):
        text = "".join(chance.choices(alphabet, k=chance.randrange(longest)))
        found = analysis.atoms(text)
        words = [(atom.text, place) for place, atom in enumerate(found)]
        pairs = [
            (analysis.PAIR + atom.text + atom.glue + found[place + 1].text, place)
            for place, atom in enumerate(found)
            if atom.glue is not None
        ]
        assert analysis.indexed(text) == words + pairs, ascii(text)
        spaced = analysis.spaced(text)
        if spaced is not None:
            assert pairs == []
            assert spaced.split() == [word for word, _ in words], ascii(text)


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("The plan, of MAY - 2026!", "the plan  of may   2026 "),
        ("it ends here. it goes on: so", "it ends here  it goes on  so"),
        ("mail john.doe", None),
        ("it's", None),
        ("caf\u00e9", None),
        ("x" * 101, None),
        ("x" * 100 + "\t" + "y" * 100, "x" * 100 + " " + "y" * 100),
    ],
)
def test_what_spaces_keep_apart_is_known_at_once(text: str, spaced: str | None) -> None:
    assert analysis.spaced(text) == spaced
