"""Downloads that are gone on with by another process: only what is surely here, and only while it is the same file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import cast

import pytest

from tests.zoom.test_downloads import DATA, SHA256, FileHost, Handler, client, host, resumable, to
from zoom import partial
from zoom.client import ZoomClient
from zoom.downloads import Download
from zoom.errors import DownloadInterrupted

__all__ = ["client", "host", "to"]


def bring(client: ZoomClient, to: Path, told: list[int] | None = None) -> Download:
    """A zip of a hold, which is what may be gone on with."""
    progress = None if told is None else told.append
    return client.legal_hold.download(matter_id="m", file_key="k", to=to, progress=progress)


def leave_off(client: ZoomClient, host: FileHost, to: Path) -> int:
    """A first download that breaks for good; how many bytes it left."""
    host.says(lambda h: h.reply(200, DATA, cut=300_000, ETag='"v1"'), lambda h: h.reply(500, b"{}"))
    with pytest.raises(DownloadInterrupted):
        bring(client, to)
    return int(json.loads(note(to).read_bytes())["size"])


def note(to: Path) -> Path:
    return partial.note_of(to.with_name(to.name + ".part"))


def ranges(host: FileHost) -> list[str | None]:
    return [headers.get("Range") for _, path, headers in host.asked if "files/download" in path]


def test_the_next_download_goes_on(client: ZoomClient, host: FileHost, to: Path) -> None:
    """It asks for the rest only, says how far it is, and leaves nothing but the file."""
    left = leave_off(client, host, to)
    host.says(resumable)
    told: list[int] = []
    assert bring(client, to, told).sha256 == SHA256
    assert ranges(host)[0] == f"bytes={left}-"
    assert (told[0] > left, told[-1]) == (True, len(DATA))
    assert [path.name for path in to.parent.iterdir()] == ["evidence"]


def test_another_version_is_begun_anew(client: ZoomClient, host: FileHost, to: Path) -> None:
    """The server answers with the whole of it; nothing of the old one is left in it."""
    leave_off(client, host, to)
    other = DATA[::-1]
    host.says(lambda h: h.reply(200, other, ETag='"v2"'))
    assert bring(client, to).sha256 == hashlib.sha256(other).digest()


def test_only_what_is_noted_is_believed(client: ZoomClient, host: FileHost, to: Path) -> None:
    """A machine that lost its power may have kept a length without the bytes."""
    left = leave_off(client, host, to)
    with to.with_name(to.name + ".part").open("r+b") as part:
        part.truncate(left)
        part.seek(left)
        part.write(bytes(50_000))
    host.says(resumable)
    assert bring(client, to).sha256 == SHA256
    assert ranges(host)[0] == f"bytes={left}-"


@pytest.mark.parametrize("text", ["", "{}", "no", '{"size": "x", "validator": "v", "total": null}',
                                  '{"size": 99999999, "validator": "v", "total": null}'])  # fmt: skip
def test_a_note_that_makes_no_sense_is_begun_anew(
    client: ZoomClient, host: FileHost, to: Path, text: str
) -> None:
    """Whatever lies there."""
    leave_off(client, host, to)
    note(to).write_text(text)
    host.says(resumable)
    assert bring(client, to).sha256 == SHA256
    assert ranges(host)[0] is None


def test_a_whole_file_without_its_name_gets_it(client: ZoomClient, host: FileHost, to: Path) -> None:
    """A download that died between its last byte and its name asks for nothing more."""
    part = to.with_name(to.name + ".part")
    part.write_bytes(DATA)
    note(to).write_text(json.dumps({"size": len(DATA), "validator": '"v1"', "total": len(DATA)}))
    host.says(resumable)
    assert bring(client, to).sha256 == SHA256
    assert ranges(host) == []


def test_a_server_that_cannot_resume_is_asked_for_all(client: ZoomClient, host: FileHost, to: Path) -> None:
    """416 means to begin anew, not to ask for the same again."""
    leave_off(client, host, to)

    def refuses(h: Handler) -> None:
        cast("None", h.reply(416) if h.headers.get("Range") else h.reply(200, DATA, ETag='"v1"'))

    host.says(refuses)
    assert bring(client, to).sha256 == SHA256


def test_without_a_version_nothing_is_kept(client: ZoomClient, host: FileHost, to: Path) -> None:
    """What cannot be gone on with is not left lying there."""
    host.says(lambda h: h.reply(200, DATA, cut=300_000))
    with pytest.raises(DownloadInterrupted):
        bring(client, to)
    assert list(to.parent.iterdir()) == []


def test_whoever_watches_may_end_it(client: ZoomClient, host: FileHost, to: Path) -> None:
    """What came is kept for the next one."""

    class Enough(Exception):
        pass

    def enough(_: int) -> None:
        raise Enough

    host.says(lambda h: h.reply(200, DATA, ETag='"v1"'))
    with pytest.raises(Enough):
        client.legal_hold.download(matter_id="m", file_key="k", to=to, progress=enough)
    assert note(to).exists()
    partial.discard(to)
    assert list(to.parent.iterdir()) == []
