"""How many chose a reaction is what Zoom said, and nothing where it said nothing."""

from archive.packages import csv, dat, html, rsmf
from archive.packages.content import Reaction
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk
from tests.archive.packages import days as made
from tests.archive.packages import rsmf_check, test_html
from tests.archive.packages.conftest import everything
from tests.archive.packages.test_reading import days

GIVEN = [
    {"emoji": "U+1F44D", "total_count": 3, "member_ids": ["m-ines"]},
    {"emoji": "U+1F389", "member_ids": ["m-ines", "m-nobody-knows"]},
    {"emoji": "U+1F440"},
]


def test_a_count_that_zoom_did_not_give_is_not_made_up(talk: Talk) -> None:
    """Not from the ids it named, of whom we may know only some, and never zero."""
    talk.say("ship it", id="1", by=scenes.INES, reactions=GIVEN)
    (day,) = days(everything(talk))
    assert day.messages[0].reactions == (
        Reaction("👍", 3, ("Ines",)),
        Reaction("🎉", None, ("Ines",)),
        Reaction("👀", None, ()),
    )


def test_no_format_counts_what_nobody_counted() -> None:
    """The reaction is shown, and who is known to have chosen it; where its number would be there is none."""
    said = made.said(reactions=(Reaction("🎉", None, ("Ines Roth",)), Reaction("👀", None)))
    day = made.day(said)
    (path, *_) = files = made.written(rsmf.Writer(made.REQUEST), day)
    manifest = rsmf_check.opened(files[path])[1]
    assert rsmf_check.troubles(files[path]) == []
    assert manifest["events"][0]["reactions"] == [{"value": "🎉", "participants": ["P1"]}, {"value": "👀"}]
    tables = made.written(csv.Writer(made.REQUEST), day)
    assert ',"🎉, 👀",' in tables["data/csv/messages.csv"].decode()
    load = made.written(dat.Writer(made.REQUEST), day)["data/dat/loadfile.dat"].decode()
    assert "þ🎉 (Ines Roth); 👀þ" in load
    pages = made.written(html.Writer(made.REQUEST), day)
    page = next(text.decode() for name, text in pages.items() if "/c/" in name and name.endswith(".html"))
    seen = test_html.Seen(page).text
    assert "🎉 Ines Roth, how many is not known" in seen
    assert "👀 how many is not known" in seen
