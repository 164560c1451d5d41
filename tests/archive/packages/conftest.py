"""A conversation to export, and the request of an export of all of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from archive import log
from archive.packages import choosing, custody, making
from archive.packages.content import Format, Request
from archive.packages.contents import Contents
from compliance import audit
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk

EXPORT = 41


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of this test."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield tmp_path / "data"


@pytest.fixture
def talk(db: None) -> Talk:
    return Talk(scenes.conversation())


def everything(*talks: Talk, export_id: int = EXPORT, **fields: Any) -> Request:
    """A request of all that was said in these conversations, as far as the log goes now, at a checkpoint."""
    log.checkpoint(now=scenes.NOW)
    size = log.size()
    for talk in talks:
        choosing.put_session(export_id=export_id, session_id=talk.session_id, size=size)
    asked = {"title": "All of it", "formats": frozenset({Format.NDJSON}), "made_at": scenes.NOW, **fields}
    return Request(export_id=export_id, size=size, **asked)


def make(request: Request, folder: Path) -> Contents:
    """Measured, recorded in the log, settled and made, as an export is."""
    folder.mkdir(exist_ok=True)
    contents = making.measure(request)
    details = {"sha256": contents.sha256, "contents": contents.as_data()}
    with transaction.atomic():
        event = audit.record(
            action=audit.Action.MEASURED, subject=f"export/{EXPORT}", details=details, by=None, now=scenes.NOW
        )
    later = scenes.NOW + timedelta(hours=1)
    settled = custody.settle(request, custody={"asked_by": "Ines", "event_ids": [event.pk]}, now=later)
    making.make(request, folder=folder, expected=contents, settled=settled)
    return contents
