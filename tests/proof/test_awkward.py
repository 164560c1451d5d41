"""Every value that breaks software: kept byte for byte, findable or plainly not, and harmless wherever it is shown.

Two worlds are captured, one of the sandbox's own values and one of the published ones beside the checkout. What is
right to show is worked out here, from the values themselves.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.proof.conftest import Install, Zoom
from tests.proof.installation import Installation, Said
from tests.proof.pretend_zoom import PretendZoom
from tests.proof.reader import DANGEROUS, Console

pytestmark = [
    pytest.mark.slow,
    pytest.mark.system,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("awkward"),  # one worker: its scenes share one archive
]

TORTURE = next(
    (found for up in Path(__file__).parents if (found := up / "shared/corpus/torture.json").is_file()), None
)
WORLDS = [
    pytest.param((), id="own"),
    pytest.param(
        ("--torture", str(TORTURE)),
        id="published",
        marks=pytest.mark.skipif(TORTURE is None, reason="no shared corpus beside the checkout"),
    ),
]
LINK = re.compile(rb'"download_url":"[^"]*"')
SAVED_AS = r"""attachment; filename(\*=utf-8''[^\s;/\\]+|="([^/\\"\x00-\x1f]|\\["\\])*")"""
LOUD = {"HOLDFAST_LOG": "json", "HOLDFAST_LOG_LEVEL": "DEBUG"}
SAYINGS = (
    "SELECT m.id, m.session_id, r.raw FROM archive_message m JOIN archive_revision r ON r.message_id = m.id"
)


@dataclass(frozen=True)
class Captured:
    """A captured world: what was said in it, what the commands printed, and the console over it."""

    zoom: PretendZoom
    holdfast: Installation
    console: Console
    capture: Said
    indexer: Said
    said: dict[int, str]
    sessions: tuple[int, ...]


@pytest.fixture(scope="module", params=WORLDS)
def captured(request: pytest.FixtureRequest, zoom: Zoom, install: Install) -> Iterator[Captured]:
    """Captured and indexed by the commands with the loudest log, and served."""
    pretend, holdfast = zoom("--scenario", "awkward", *request.param), install()
    holdfast.connect(pretend.url)
    capture = holdfast.run("capture", environment=LOUD)
    indexer = holdfast.run("indexer", "--once", environment=LOUD)
    rows = holdfast.rows(SAYINGS)
    said = {message: str(json.loads(bytes(raw)).get("message", "")) for message, _, raw in rows}
    sessions = tuple(sorted({session for _, session, _ in rows}))
    with Console(holdfast) as console:
        yield Captured(pretend, holdfast, console, capture, indexer, said, sessions)


def inert(text: str) -> str:
    """A text as it may be shown: controls as pictures or code points, lone surrogates replaced, spaces made one."""
    signs = {code: chr(0x2400 + code) for code in range(32) if code not in (9, 10)} | {0x7F: "\u2421"}
    signs |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    shown = DANGEROUS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text.translate(signs))
    return " ".join(shown.split())


def test_every_record_is_kept_byte_for_byte(captured: Captured) -> None:
    """What the report sends, read here without the product, is what is stored; only download links differ."""
    assert (captured.capture.code, captured.indexer.code) == (0, 0), captured
    kept = captured.holdfast.rows("SELECT raw FROM archive_revision")
    sent = {LINK.sub(b"", record) for record in captured.zoom.records()}
    assert {LINK.sub(b"", bytes(raw)) for (raw,) in kept} == sent
    assert len(kept) == len(sent) == sum(captured.zoom.truth()["offered"].values())


def test_the_archive_is_whole(captured: Captured) -> None:
    """Counts are exact, everything agrees, and every message is in the index."""
    told, truth = captured.holdfast.status(), captured.zoom.truth()
    assert (told["is_complete"], told["messages"]) == (True, truth["messages"])
    assert (told["sessions"], told["attachments"]) == (truth["sessions"], truth["attachments"])
    assert told["index"]["documents"] == told["messages"]
    assert captured.holdfast.verify()["problems"] == []


def test_every_message_is_shown_inert_and_whole(captured: Captured) -> None:
    """Its page holds all of its text, as text, and nothing that acts."""
    for message, text in captured.said.items():
        page = captured.console.read(f"/messages/{message}/")
        assert inert(text) in page.text, (message, text[:200])


def test_every_conversation_is_shown_inert(captured: Captured) -> None:
    """Each session, with and without its hidden characters, and its calendar."""
    for session in captured.sessions:
        for address in (f"/sessions/{session}/", f"/sessions/{session}/?hidden=show"):
            captured.console.read(address)
        captured.console.read(f"/sessions/{session}/completeness/")


@pytest.mark.parametrize("address", ["/", "/capture/", "/sessions/", "/audit/", "/system/"])
def test_the_other_pages_hold_nothing_that_acts(captured: Captured, address: str) -> None:
    """Names of sessions and people stand on them too."""
    captured.console.read(address)


def test_the_admin_shows_records_inert(captured: Captured) -> None:
    """Every list, and the first records that each leads to."""
    index = captured.console.read("/admin/")
    lists = {link for link in index.links if re.fullmatch(r"/admin/archive/\w+/", link)}
    assert len(lists) > 8
    for address in sorted(lists):
        links = captured.console.read(address).links
        for link in sorted({link for link in links if re.match(rf"{address}\d+/", link)})[:8]:
            captured.console.read(link)


def test_every_file_is_saved_under_a_harmless_name(captured: Captured) -> None:
    """A header that names one file, without folders or a way out of the header."""
    for (attachment,) in captured.holdfast.rows("SELECT id FROM archive_attachment WHERE state = 'stored'"):
        answer = captured.console.open(f"/files/{attachment}/")
        named = answer.headers["Content-Disposition"]
        assert answer.status_code == 200
        assert re.fullmatch(SAVED_AS, named), named


def test_texts_are_found_by_their_own_words(captured: Captured) -> None:
    """A text with a letter or digit in it is found by itself as a phrase; for the others the page says why not."""
    for message, text in captured.said.items():
        if len(text) > 300 or "\ud800" <= max(text, default="") <= "\udfff":
            continue
        phrase = quote('"' + re.sub('["“”„]', " ", text) + '"', safe="")
        page = captured.console.read(f"/search/?q={phrase}")
        found = any(link.endswith(f"#m{message}") for link in page.links)
        assert found or "Nothing was searched." in page.text, (message, text, page.text[-900:])


def test_commands_print_nothing_that_acts(captured: Captured) -> None:
    """Every message and every status on a terminal: no escape, no turned line, no line of its own."""
    searched = captured.holdfast.run("search", "after:2000", "--limit", "1000")
    assert searched.code == 0, searched.err
    assert f"{len(captured.said)} found" in searched.out
    for printed in (
        searched,
        captured.capture,
        captured.holdfast.run("status"),
        captured.holdfast.run("verify"),
    ):
        assert DANGEROUS.findall(printed.out + printed.err) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_terminal_is_too_old_for_a_command(captured: Captured, encoding: str) -> None:
    """What a terminal cannot show is spelled out; a command does not fail in the middle of its answer."""
    terminal = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for arguments in (("search", "after:2000", "--limit", "1000"), ("status",)):
        said = captured.holdfast.run(*arguments, environment=terminal)
        assert said.code == 0, said.err


@pytest.mark.parametrize("command", [("search", "after:2000", "--limit", "1000"), ("status",), ("verify",)])
def test_a_reader_may_leave_early(captured: Captured, command: tuple[str, ...]) -> None:
    """A pipe that closes is no fault to tell a story about."""
    said = captured.holdfast.run_unread(*command)
    assert (said.code, said.err) == (141, "")


def test_no_text_is_in_any_log(captured: Captured) -> None:
    """At the loudest level, of capture, indexer and web server: one JSON object a line, and no words of anyone."""
    logs = [captured.capture.err, captured.indexer.err, captured.console.logged]
    lines = [line for log in logs for line in log.splitlines()]
    for line in lines:
        assert isinstance(json.loads(line), dict), line
    joined = "\n".join(lines)
    words = [text for text in captured.said.values() if len(text) > 7]
    spellings = [spelled for text in words for spelled in spelled_out(text)]
    assert [spelled for spelled in spellings if spelled in joined] == []


def spelled_out(text: str) -> Iterator[str]:
    """How a text may stand in a log."""
    yield text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]
    yield quote(text, errors="replace")
