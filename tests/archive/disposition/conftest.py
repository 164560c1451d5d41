"""A conversation whose messages are due: said, edited, with files, forwarded, as ingest and capture leave them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from archive import blobs, holding, ingest, purge
from archive.models import Account, Attachment, Forward, Message, Observation, Window
from archive.purge import Outcome
from tests.archive import scenes
from tests.archive.scenes import NOW

DISPOSITION = 7


@dataclass
class Talk:
    """One session of Ines and Ravi; every call is a page of its own, as captures bring them."""

    window: Window

    @property
    def account(self) -> Account:
        return self.window.account

    @property
    def session_id(self) -> int:
        assert self.window.session_id is not None
        return self.window.session_id

    def say(self, text: str, *, id: str, minute: int = 0, **fields: Any) -> Message:
        self.offer(sent=[scenes.said(text, id=id, minute=minute, **fields)])
        return self.message(id)

    def edit(self, text: str, *, id: str, minute: int = 0, **fields: Any) -> ingest.PageCounts:
        """The same message as its list of edited ones gives it later."""
        action = {"action_timestamp": int(NOW.timestamp() * 1000)}
        return self.offer(edited=[scenes.said(text, id=id, minute=minute, **action, **fields)])

    def offer(self, **lists: Sequence[Any]) -> ingest.PageCounts:
        return ingest.message_page(scenes.page(**lists), window=self.window, pull=1, now=NOW)

    def message(self, id: str) -> Message:
        return Message.objects.get(session_id=self.session_id, zoom_id=id)

    def attach(self, content: bytes, *, file_id: str) -> None:
        """Fetch a file for every message that has it: what Zoom says of it, and its bytes."""
        details = {
            "id": file_id,
            "file_name": "name of " + file_id,
            "digest": hashlib.sha256(content).hexdigest(),
        }
        seen = ingest.observation(
            account=self.account,
            kind=Observation.Kind.FILE,
            subject=file_id,
            raw=json.dumps(details).encode(),
            now=NOW,
        )
        blob = blobs.store(content, now=NOW)
        Attachment.objects.filter(zoom_file_id=file_id).update(
            state=Attachment.State.STORED, blob=blob, info_id=seen.observation_id
        )

    def forward(self, text: str, *, forward_id: str) -> None:
        """Fetch the original of every message that forwards it."""
        seen = ingest.observation(
            account=self.account,
            kind=Observation.Kind.FORWARD,
            subject=forward_id,
            raw=json.dumps({"id": "original", "message": text}).encode(),
            now=NOW,
        )
        Forward.objects.filter(forward_id=forward_id).update(
            state=Forward.State.STORED, original_id=seen.observation_id
        )


def lock_holds() -> None:
    """What compliance does before it reads the rules in force."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE compliance_hold IN SHARE MODE")


def destroy(
    *messages: Message, holds: Sequence[holding.Rule] = (), disposition: int = DISPOSITION
) -> Outcome:
    """One batch, as a disposition runs it."""
    with transaction.atomic():
        lock_holds()
        keys = [message.pk for message in messages]
        return purge.destroy(keys, holds=holds, disposition=disposition, now=NOW)


def file(file_id: str, *, name: str = "plan.txt", size: int = 4) -> dict[str, Any]:
    return {"file_id": file_id, "file_name": name, "file_size": size}


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of this test."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield tmp_path / "data"


@pytest.fixture
def talk(db: None) -> Talk:
    return Talk(scenes.conversation())
