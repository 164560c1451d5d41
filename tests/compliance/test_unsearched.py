"""What is inside files, on pages and at the command line: passages inert, and what was not read told with its reason."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from archive.models import Attachment
from compliance.models import AuditEvent
from tests.archive.extraction import samples
from tests.compliance import world
from tests.compliance.conftest import As

SCRIPT = "the heliotrope <script>window.hurt = 1</script> \u202egnp.exe budget"


@pytest.fixture
def files(db: None) -> None:
    """Minutes with a word of their own, a locked file, an archive of which one entry is broken; all read."""
    world.fill()
    world.attach("main", "minutes \u202efdp.exe", SCRIPT.encode())
    world.attach("main", "deal.pdf", samples.locked_pdf(password="x"))
    world.attach("reply", "all.zip", samples.zipped({"notes.md": "marigold", "plan.pdf": b"%PDF- broken"}))
    world.read_files()
    world.index()


@pytest.fixture
def page(ines: User, as_person: As) -> Callable[[str], str]:
    """A page as Ines sees it."""
    client = as_person(ines)
    return lambda address: client.get(address).content.decode()


def told(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_a_hit_says_which_file_and_shows_the_passage(files: None, page: Callable[[str], str]) -> None:
    """With the word marked, and nothing in it can act."""
    html = page("/search/?q=heliotrope")
    assert '<strong class="count">1</strong>' in html
    assert "the <mark>heliotrope</mark> &lt;script&gt;" in html
    assert "in the file <bdi>minutes <span" in html
    assert "\u202e" not in html
    assert "<script>window" not in html


def test_a_passage_names_the_entry_of_an_archive(files: None, page: Callable[[str], str]) -> None:
    """And `attached:` marks nothing in the message itself."""
    html = page("/search/?q=attached:marigold")
    assert "in the file <bdi>all.zip</bdi>, <bdi>notes.md</bdi>" in html
    assert "<mark>marigold</mark>" in html


def test_an_answer_counts_what_was_not_read(files: None, page: Callable[[str], str]) -> None:
    """With the way to the list; a file that Zoom still owes is not read yet."""
    html = page("/search/?q=plain")
    assert "2 files unreadable" in html
    assert "1 file not read yet" in html
    assert "Everything stored" not in html


def test_the_list_says_why(files: None, page: Callable[[str], str]) -> None:
    """Name, reason, session and message of each, and which entries of an archive."""
    html = page("/search/unsearched/")
    for words in (
        "deal.pdf",
        "It is encrypted.",
        "all.zip",
        "Read in part.",
        "plan.pdf",
        "It is damaged or incomplete.",
    ):
        assert words in html
    assert "minutes" not in html
    assert f'href="/messages/{world.message("main").pk}/"' in html
    assert "It has not been fetched from Zoom yet." in page("/search/unsearched/?show=waiting")


def test_looking_at_the_list_is_recorded(files: None, page: Callable[[str], str]) -> None:
    """File names are evidence: who saw them is too."""
    page("/search/unsearched/")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("looked", "unsearched files")
    assert event.details["unreadable"] == 2
    assert len(event.details["shown"]) == 2


def test_who_may_not_read_sees_no_name(files: None, ada: User, as_person: As) -> None:
    """Ada administers; her try is refused and recorded."""
    response = as_person(ada).get("/search/unsearched/")
    assert response.status_code == 403
    assert b"deal.pdf" not in response.content
    assert AuditEvent.objects.latest("pk").action == "refused"


def test_an_archive_where_all_was_read_says_so(page: Callable[[str], str], db: None) -> None:
    """An empty list is told in words."""
    world.fill()
    assert "Every file that was read could be read." in page("/search/unsearched/")


def test_the_command_lists_the_same(files: None) -> None:
    """In words and as JSON, safe for a terminal, and recorded as the system's look."""
    text = told("unreadable")
    assert "2 unreadable as a whole or in part, 1 not read yet." in text
    assert "deal.pdf: It is encrypted." in text
    assert "    plan.pdf: It is damaged or incomplete." in text
    listed: dict[str, Any] = json.loads(told("unreadable", "--json"))
    assert [file["reason"] for file in listed["files"]] == ["broken", "encrypted"]
    assert [file["reason"] for file in json.loads(told("unreadable", "--json", "--waiting"))["files"]] == [
        "not_fetched"
    ]
    assert AuditEvent.objects.latest("pk").actor_name == "the system"


def test_the_search_command_shows_the_passage_and_the_counts(files: None) -> None:
    """What a script reads is what the page shows."""
    text = told("search", "marigold")
    assert "in the file all.zip, notes.md: marigold" in text
    assert "Files not read yet: 1. Files unreadable: 2" in text
    answer = json.loads(told("search", "marigold", "--json"))
    assert (answer["files_unread"], answer["files_unreadable"]) == (1, 2)
    assert answer["hits"][0]["inside_files"] == [{"file": "all.zip", "entry": "notes.md", "text": "marigold"}]


def test_the_system_page_says_how_far_reading_is(files: None, page: Callable[[str], str]) -> None:
    """What waits, and then what never can be read; no name is shown."""
    assert "1 not read yet" in page("/system/")
    Attachment.objects.filter(blob__isnull=True).update(inside="empty")
    html = page("/system/")
    assert "all read, 2 unreadable" in html
    assert "deal.pdf" not in html


def test_reading_in_the_foreground(files: None) -> None:
    """What is due is read; what could not be read is tried again when asked."""
    assert told("extract") == "0 files read.\n"
    assert told("extract", "--unreadable") == "2 files read.\n"
    assert told("extract", "--again") == "3 files read.\n"
